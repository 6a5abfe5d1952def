//! The checks: one file each, one line each in `CHECKS`.
//!
//! A check sees one bundle and says pass, fail, not applicable, or not evaluated: the last when there was nothing to look
//! at, or when what it would look at is not to be believed because an earlier check failed. Checks are independent
//! otherwise: what one compares no other compares, so that a reason names what is wrong.

pub(super) mod artifacts;
pub(super) mod bundle_form;
mod checkpoint_form;
mod checkpoint_origin;
mod checkpoint_signature;
mod entry_body;
mod entry_kind;
mod entry_present;
mod entry_time;
mod envelope_keyid;
mod inclusion_proof;
mod key_hint;
mod log_key_window;
mod log_known;
mod payload_type;
mod predicate_type;
mod proof_index;
mod proof_root;
mod proof_size;
mod sbom_file;
mod sbom_form;
mod signature;
mod statement_form;

use super::case::Case;
use crate::finding::{Finding, Rule};

/// One thing to look at in a bundle.
pub(crate) trait Check: Sync {
    /// The rules it can report; the first is the one it passes.
    fn rules(&self) -> Vec<&'static Rule>;

    /// The part of a bundle it looks at, as an RFC 6901 pointer.
    fn pointer(&self) -> &'static str;

    /// Looks at it.
    fn run(&self, case: &Case<'_>) -> Finding;
}

/// All checks of a bundle that is well-formed, in the order of their reports.
pub(crate) const CHECKS: &[&dyn Check] = &[
    &key_hint::KeyHint,
    &envelope_keyid::EnvelopeKeyid,
    &payload_type::PayloadType,
    &signature::Signature,
    &statement_form::StatementForm,
    &predicate_type::PredicateTypeMatches,
    &sbom_form::SbomForm,
    &sbom_file::SbomFileMatches,
    &entry_present::EntryPresent,
    &entry_kind::EntryKind,
    &entry_time::EntryTime,
    &entry_body::EntryBody,
    &log_known::LogKnown,
    &log_key_window::LogKeyWindow,
    &checkpoint_form::CheckpointForm,
    &checkpoint_origin::CheckpointOrigin,
    &checkpoint_signature::CheckpointSignature,
    &proof_size::ProofSize,
    &proof_root::ProofRoot,
    &proof_index::ProofIndex,
    &inclusion_proof::InclusionProof,
];

/// Every rule that a verdict can name.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let gate = bundle_form::RULES.iter().copied();
    gate.chain(CHECKS.iter().flat_map(|check| check.rules())).chain([&artifacts::RULE])
}

const UNSIGNED: &str = "the signature does not hold, so nothing in the payload is to be believed";
/// Why there is no log to ask.
fn without_log(case: &Case<'_>) -> &'static str {
    if case.entry().is_none() { UNLOGGED } else { UNKNOWN_LOG }
}

const UNLOGGED: &str = "there is no log entry";
const UNKNOWN_LOG: &str = "the log is not known";
const UNBELIEVED: &str = "the checkpoint is not to be believed";

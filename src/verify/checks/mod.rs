//! The checks: one file each, one line each in `CHECKS`.
//!
//! A check sees one bundle and says pass, fail, not applicable, or not evaluated: the last when there was nothing to look
//! at, or when what it would look at is not to be believed because an earlier check failed. Checks are independent
//! otherwise: what one compares no other compares, so that a reason names what is wrong.

pub(super) mod artifacts;
pub(super) mod bundle_form;
mod certificate_chain;
mod certificate_form;
mod certificate_identity;
mod certificate_published;
mod certificate_window;
mod checkpoint_form;
mod checkpoint_origin;
mod checkpoint_signature;
mod content;
mod entry_body;
mod entry_kind;
mod entry_present;
mod entry_promise;
mod entry_time;
mod envelope_keyid;
mod inclusion_proof;
mod key_hint;
mod log_key_window;
mod log_known;
mod payload_type;
mod predicate_type;
mod proof_index;
mod proof_present;
mod proof_root;
mod proof_size;
mod sbom_file;
mod sbom_form;
mod signature;
mod signer_kind;
mod statement_form;
mod timestamps;
mod trusted_time;

use super::case::Case;
use crate::finding::{Finding, Rule};

/// One thing to look at in a bundle.
pub(crate) trait Check: Sync {
    /// The rules it can report; the first is the one it passes.
    fn rules(&self) -> Vec<&'static Rule>;

    /// The part of a bundle it looks at, as an RFC 6901 pointer.
    fn pointer(&self) -> &'static str;

    /// Whether such a bundle has anything for it to look at; otherwise the report does not speak of it.
    fn applies(&self, _case: &Case<'_>) -> bool {
        true
    }

    /// Looks at it.
    fn run(&self, case: &Case<'_>) -> Finding;
}

/// All checks of a bundle that is well-formed, in the order of their reports.
pub(crate) const CHECKS: &[&dyn Check] = &[
    &signer_kind::SignerKind,
    &key_hint::KeyHint,
    &envelope_keyid::EnvelopeKeyid,
    &payload_type::PayloadType,
    &content::Content,
    &signature::Signature,
    &certificate_form::CertificateForm,
    &certificate_chain::CertificateChain,
    &certificate_window::CertificateWindow,
    &certificate_published::CertificatePublished,
    &certificate_identity::CertificateIdentity,
    &certificate_identity::CertificateIssuer,
    &certificate_identity::CertificateClaims,
    &timestamps::Timestamps,
    &trusted_time::TimestampPresent,
    &trusted_time::TrustedTime,
    &trusted_time::TimeFuture,
    &statement_form::StatementForm,
    &predicate_type::PredicateTypeMatches,
    &sbom_form::SbomForm,
    &sbom_file::SbomFileMatches,
    &entry_present::EntryPresent,
    &entry_kind::EntryKind,
    &entry_time::EntryTime,
    &entry_promise::EntryPromise,
    &entry_body::EntryBody,
    &log_known::LogKnown,
    &log_key_window::LogKeyWindow,
    &proof_present::ProofPresent,
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

/// Why there is no checkpoint to look at.
fn without_log(case: &Case<'_>) -> &'static str {
    match (case.entry(), case.log) {
        (None, _) => UNLOGGED,
        (Some(_), None) => UNKNOWN_LOG,
        (Some(_), Some(_)) => UNPROVED,
    }
}

const UNSIGNED: &str =
    "nobody who was asked for is known to have signed, so nothing in the payload is to be believed";
const NO_SIGNATURE: &str = "the signature does not hold, so no entry can be expected";

const UNLOGGED: &str = "there is no log entry";
const UNKNOWN_LOG: &str = "the log is not known";
const UNPROVED: &str = "there is no proof of inclusion";
const UNBELIEVED: &str = "the checkpoint is not to be believed";

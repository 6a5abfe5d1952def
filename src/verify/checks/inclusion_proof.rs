//! The tree that the log signed holds the entry: the root is recomputed from the leaf.

use super::{Check, UNBELIEVED, UNLOGGED};
use crate::finding::{Finding, Rule, Severity};
use crate::tlog::Hash;
use crate::tlog::merkle::verify_inclusion;
use crate::verify::case::Case;

pub(super) struct InclusionProof;

impl Check for InclusionProof {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/inclusionProof/hashes"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(entry) = case.entry() else {
            return RULE.not_evaluated(case.name, UNLOGGED);
        };
        let Some(checkpoint) = case.checkpoint() else {
            return RULE.not_evaluated(case.name, UNBELIEVED);
        };
        let Some(expected) = case.expected_entry() else {
            return RULE.not_evaluated(case.name, "the signature does not hold, so no entry can be expected");
        };
        if entry.canonicalized_body != expected.to_bytes() {
            return RULE.not_evaluated(case.name, "the entry is not the one for this signature");
        }
        if entry.log_index != entry.proof.log_index {
            return RULE.not_evaluated(case.name, "it is not clear where the entry stands");
        }
        let hashes: Vec<_> = entry.proof.hashes.iter().copied().map(Hash::new).collect();
        let leaf = expected.leaf_hash();
        match verify_inclusion(&leaf, entry.log_index, checkpoint.size, &hashes, &checkpoint.root) {
            Ok(()) => RULE.pass(case.name).because("leaf", leaf.hex()).because("root", checkpoint.root.hex()),
            Err(error) => RULE.fail(case.name, error.to_string()).because("leaf", leaf.hex()),
        }
    }
}

static RULE: Rule = Rule {
    id: "inclusion-proof",
    title: "the log's tree holds the entry",
    severity: Severity::Critical,
    remedy: "do not use the bundle: the log does not hold this entry",
};

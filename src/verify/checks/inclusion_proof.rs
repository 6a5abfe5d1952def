//! The tree that the log signed holds the entry: the root is recomputed from the leaf.

use super::{Check, NO_SIGNATURE, UNBELIEVED, UNLOGGED, UNPROVED};
use crate::finding::{Finding, Rule, Severity};
use crate::tlog::Hash;
use crate::tlog::merkle::{leaf_hash, verify_inclusion};
use crate::tlog::rekor::Generation;
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
        match case.entry_fits {
            None => return RULE.not_evaluated(case.name, NO_SIGNATURE),
            Some(Err(_)) => {
                return RULE.not_evaluated(case.name, "the entry is not the one for this signature");
            }
            Some(Ok(())) => {}
        }
        let Some(proof) = case.proof() else {
            return RULE.not_evaluated(case.name, UNPROVED);
        };
        if case.generation() == Generation::V2 && entry.log_index != proof.log_index {
            return RULE.not_evaluated(case.name, "it is not clear where the entry stands");
        }
        let hashes: Vec<_> = proof.hashes.iter().copied().map(Hash::new).collect();
        let leaf = leaf_hash(&entry.canonicalized_body);
        match verify_inclusion(&leaf, proof.log_index, checkpoint.size, &hashes, &checkpoint.root) {
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

//! The proof is for the tree of the checkpoint: the size is the same.

use super::{Check, UNBELIEVED, UNLOGGED, UNPROVED};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct ProofSize;

impl Check for ProofSize {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/inclusionProof/treeSize"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(entry) = case.entry() else {
            return RULE.not_evaluated(case.name, UNLOGGED);
        };
        let Some(proof) = entry.proof.as_ref() else {
            return RULE.not_evaluated(case.name, UNPROVED);
        };
        let Some(checkpoint) = case.checkpoint() else {
            return RULE.not_evaluated(case.name, UNBELIEVED);
        };
        let (expected, found) = (checkpoint.size, proof.tree_size);
        if found == expected {
            return RULE.pass(case.name);
        }
        RULE.fail(case.name, "the proof is for a tree of another size")
            .because("expected", expected)
            .because("found", found)
    }
}

static RULE: Rule = Rule {
    id: "proof-size",
    title: "the proof is for a tree of the checkpoint's size",
    severity: Severity::High,
    remedy: "ask its author for the bundle as the log made it",
};

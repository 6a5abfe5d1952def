//! The entry and its proof speak of the same place.
//!
//! Logs of version 1 have shards, so that the two differ there; logs of version 2 do not.

use super::{Check, UNLOGGED};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct ProofIndex;

impl Check for ProofIndex {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/inclusionProof/logIndex"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(entry) = case.entry() else {
            return RULE.not_evaluated(case.name, UNLOGGED);
        };
        let (expected, found) = (entry.log_index, entry.proof.log_index);
        if found == expected {
            return RULE.pass(case.name).because("index", found);
        }
        RULE.fail(case.name, "the entry and its proof have different indexes")
            .because("expected", expected)
            .because("found", found)
    }
}

static RULE: Rule = Rule {
    id: "proof-index",
    title: "the entry and its proof have the same index",
    severity: Severity::High,
    remedy: "ask its author for the bundle as the log made it",
};

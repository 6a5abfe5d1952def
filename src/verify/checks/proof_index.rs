//! The entry and its proof speak of the same place.
//!
//! Logs of version 1 have shards, so that the two differ there; logs of version 2 do not.

use super::{Check, UNLOGGED, UNPROVED};
use crate::finding::{Finding, Rule, Severity};
use crate::tlog::rekor::Generation;
use crate::verify::case::Case;

pub(super) struct ProofIndex;

impl Check for ProofIndex {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/inclusionProof/logIndex"
    }

    /// The index of a log of version 1 goes on over several trees, that of a proof begins with each.
    fn applies(&self, case: &Case<'_>) -> bool {
        case.entry().is_none() || case.generation() == Generation::V2
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(entry) = case.entry() else {
            return RULE.not_evaluated(case.name, UNLOGGED);
        };
        let Some(proof) = entry.proof.as_ref() else {
            return RULE.not_evaluated(case.name, UNPROVED);
        };
        let (expected, found) = (entry.log_index, proof.log_index);
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

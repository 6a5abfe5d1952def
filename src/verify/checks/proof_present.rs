//! There is a proof that the log holds the entry. The oldest bundles have a promise in its place.

use super::{Check, UNLOGGED};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;
use crate::verify::logged::Promise;

pub(super) struct ProofPresent;

impl Check for ProofPresent {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/inclusionProof"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.entry().is_some_and(|entry| entry.proof.is_none())
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(entry) = case.entry() else {
            return RULE.not_evaluated(case.name, UNLOGGED);
        };
        if entry.proof.is_some() {
            return RULE.pass(case.name);
        }
        if case.request.options.accept_promise && matches!(case.promise, Some(Promise::Kept(_))) {
            return RULE.not_evaluated(case.name, "the log's promise is accepted in its place, as asked");
        }
        RULE.fail(case.name, "the log promised to hold the entry, and nothing shows that it does")
    }
}

static RULE: Rule = Rule {
    id: "proof-present",
    title: "there is a proof that the log holds the entry",
    severity: Severity::High,
    remedy: "ask its author for the bundle with the proof, or accept the log's promise with --accept-promise",
};

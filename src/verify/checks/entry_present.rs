//! There is a log entry, unless the verifier does without one.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct EntryPresent;

impl Check for EntryPresent {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match case.entry() {
            Some(entry) => RULE.pass(case.name).because("index", entry.log_index),
            None if case.request.options.accept_unlogged => {
                RULE.not_evaluated(case.name, "a bundle without a log entry is accepted as asked")
            }
            None => RULE.fail(case.name, "no log holds this signature, as far as the bundle shows"),
        }
    }
}

static RULE: Rule = Rule {
    id: "entry-present",
    title: "the bundle has the entry of a log",
    severity: Severity::High,
    remedy: "ask its author to log it (`sbom-attest log add`), or accept it without with --accept-unlogged",
};

//! The log signed its promise to take the entry up, and the time in it.

use super::{Check, without_log};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;
use crate::verify::logged::Promise;

pub(super) struct EntryPromise;

impl Check for EntryPromise {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/inclusionPromise"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.entry().is_some_and(|entry| entry.promise.is_some())
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match case.promise {
            Some(Promise::Kept(time)) => RULE.pass(case.name).because("time", time),
            Some(Promise::Broken) => {
                RULE.fail(case.name, "the log did not sign this promise for this entry, index and time")
            }
            Some(Promise::Unknown) => RULE.fail(case.name, "logs of version 2 promise nothing"),
            None => RULE.not_evaluated(case.name, without_log(case)),
        }
    }
}

static RULE: Rule = Rule {
    id: "entry-promise",
    title: "the log signed its promise and the time in it",
    severity: Severity::Critical,
    remedy: "do not use the bundle: the log never said this",
};

//! The entry of a log of version 2 claims no time: such a log signs none, so that one in the bundle is anybody's. What a log
//! of version 1 says is signed with its promise, and counts only there.

use super::{Check, UNLOGGED};
use crate::finding::{Finding, Rule, Severity};
use crate::tlog::rekor::Generation;
use crate::verify::case::Case;

pub(super) struct EntryTime;

impl Check for EntryTime {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/integratedTime"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.entry().is_none() || case.generation() == Generation::V2
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match case.entry() {
            None => RULE.not_evaluated(case.name, UNLOGGED),
            Some(entry) if entry.integrated_time == 0 => RULE.pass(case.name),
            Some(entry) => RULE
                .fail(case.name, "the entry claims a time, which logs of version 2 never sign")
                .because("found", entry.integrated_time),
        }
    }
}

static RULE: Rule = Rule {
    id: "entry-time",
    title: "the entry claims no time that nobody signed",
    severity: Severity::High,
    remedy: "ask its author for the bundle as the log made it",
};

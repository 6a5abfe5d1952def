//! The trust root lets the log's key count at the time of the verification.
//!
//! No time of signing is trusted yet, so the present is judged: a key that has expired could have signed anything since.

use super::{Check, without_log};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct LogKeyWindow;

impl Check for LogKeyWindow {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/logId/keyId"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(log) = case.log else {
            return RULE.not_evaluated(case.name, without_log(case));
        };
        let now = case.request.options.now;
        if log.valid.contains(now) {
            return RULE.pass(case.name).because("at", now);
        }
        let end = log.valid.end.map_or("no end".to_owned(), |end| end.to_string());
        let why = if now < log.valid.start {
            "the log's key does not count yet at this time: is the clock right, or set by --at or SOURCE_DATE_EPOCH?"
        } else {
            "the log's key does not count any more at this time"
        };
        RULE.fail(case.name, why)
            .because("expected", format!("{} to {end}", log.valid.start))
            .because("found", now)
    }
}

static RULE: Rule = Rule {
    id: "log-key-window",
    title: "the log's key counts at this time",
    severity: Severity::High,
    remedy: "pass a newer trusted root, or judge at a time within its window with --at",
};

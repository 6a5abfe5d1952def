//! The trust root lets the log's key count when the signature was logged.
//!
//! That is at every time that is trusted. Where none is, the present is judged: a key that has expired could have signed
//! anything since.

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
        let trusted: Vec<_> = case.times.iter().map(|time| time.at).collect();
        let times = if trusted.is_empty() { vec![now] } else { trusted };
        let Some(found) = times.iter().find(|time| !log.valid.contains(**time)) else {
            return RULE.pass(case.name).because("at", times[0]);
        };
        let end = log.valid.end.map_or("no end".to_owned(), |end| end.to_string());
        let why = match (case.times.is_empty(), *found < log.valid.start) {
            (true, true) => {
                "the log's key does not count yet at this time: is the clock right, or set by --at or SOURCE_DATE_EPOCH?"
            }
            (true, false) => "the log's key does not count any more at this time",
            (false, true) => "the log's key did not count yet when the signature was there",
            (false, false) => "the log's key did not count any more when the signature was there",
        };
        RULE.fail(case.name, why)
            .because("expected", format!("{} to {end}", log.valid.start))
            .because("found", found)
    }
}

static RULE: Rule = Rule {
    id: "log-key-window",
    title: "the log's key counts at this time",
    severity: Severity::High,
    remedy: "pass a newer trusted root, or judge at a time within its window with --at",
};

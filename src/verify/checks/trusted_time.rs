//! Somebody who is trusted says when the signature was there, where that matters, and it was not in the future.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;
use crate::verify::time::{self, Source};

pub(super) struct TrustedTime;
pub(super) struct TimestampPresent;
pub(super) struct TimeFuture;

const POINTER: &str = "/verificationMaterial";

impl Check for TrustedTime {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        POINTER
    }

    /// A certificate is one for ten minutes: without a time it proves nothing.
    fn applies(&self, case: &Case<'_>) -> bool {
        case.has_certificate()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        if case.signature.is_none() {
            return RULE.not_evaluated(case.name, "the signature does not hold, so its time does not matter");
        }
        match case.time() {
            Some(time) => RULE.pass(case.name).because("time", time.at).because("by", &time.by),
            // What was there and is not believed is refused by the check that says why.
            None if case.stamps.iter().any(Result::is_err) => {
                RULE.not_evaluated(case.name, "no timestamp is to be believed")
            }
            None if case.entry().is_some_and(|entry| entry.promise.is_some()) => {
                RULE.not_evaluated(case.name, "the log's promise is not to be believed")
            }
            None => RULE.fail(case.name, "nobody who is trusted says when the signature was there"),
        }
    }
}

impl Check for TimestampPresent {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&PRESENT]
    }

    fn pointer(&self) -> &'static str {
        POINTER
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.request.options.require_timestamp
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        if case.times.iter().any(|time| time.source == Source::TimestampAuthority) {
            return PRESENT.pass(case.name);
        }
        if case.bundle.timestamps.is_empty() {
            return PRESENT.fail(case.name, "the bundle has no timestamp of an authority");
        }
        PRESENT.not_evaluated(case.name, "no timestamp is to be believed")
    }
}

impl Check for TimeFuture {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&FUTURE]
    }

    fn pointer(&self) -> &'static str {
        POINTER
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        !case.times.is_empty()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let now = case.request.options.now;
        match case.times.iter().find(|one| time::is_future(one.at, now)) {
            None => FUTURE.pass(case.name).because("now", now),
            Some(ahead) => FUTURE
                .fail(case.name, "the signature was made after the time at which it is judged")
                .because("now", now)
                .because("found", ahead.at),
        }
    }
}

static RULE: Rule = Rule {
    id: "trusted-time",
    title: "somebody who is trusted says when the signature was there",
    severity: Severity::Critical,
    remedy: "ask its author for a bundle with a timestamp, or with the promise of a log of version 1",
};
static PRESENT: Rule = Rule {
    id: "timestamp-present",
    title: "the bundle has a timestamp of an authority",
    severity: Severity::High,
    remedy: "ask its author for a bundle with a timestamp, or leave out --require-timestamp",
};
static FUTURE: Rule = Rule {
    id: "time-future",
    title: "the signature was there before the time at which it is judged",
    severity: Severity::High,
    remedy: "see whether the clock is right, or --at and SOURCE_DATE_EPOCH",
};

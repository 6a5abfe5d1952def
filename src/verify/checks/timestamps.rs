//! Every timestamp in the bundle is one of this signature, by an authority of the trusted root, made while it counted.
//!
//! All of them must hold: a bundle with one good and one forged timestamp was not made by its signer.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;
use crate::verify::time::{Source, StampError};

pub(super) struct Timestamps;

impl Check for Timestamps {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE, &FORM, &IMPRINT, &AUTHORITY, &WINDOW]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/timestampVerificationData/rfc3161Timestamps"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        !case.bundle.timestamps.is_empty()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        if case.stamps.is_empty() {
            return RULE.not_evaluated(case.name, "the signature does not hold, so its time does not matter");
        }
        match case.stamps.iter().find_map(|stamp| stamp.as_ref().err()) {
            None => {
                let times = case.times.iter().filter(|time| time.source == Source::TimestampAuthority);
                times.fold(RULE.pass(case.name), |finding, time| {
                    finding.because("time", time.at).because("authority", &time.by)
                })
            }
            Some(StampError::Form(error)) => FORM.fail(case.name, error.to_string()),
            Some(StampError::Imprint) => IMPRINT.fail(case.name, "a timestamp is one of something else"),
            Some(StampError::Authority(error)) => AUTHORITY.fail(case.name, error.to_string()),
            Some(StampError::Signature(error)) => RULE.fail(case.name, error.to_string()),
            Some(StampError::Window(why)) => WINDOW.fail(case.name, why.clone()),
        }
    }
}

static RULE: Rule = Rule {
    id: "timestamp-signature",
    title: "the timestamp authority signed the timestamp",
    severity: Severity::Critical,
    remedy: "do not use the bundle: the authority never said this",
};
static FORM: Rule = Rule {
    id: "timestamp-form",
    title: "the timestamp is one of RFC 3161, with SHA-256 or better",
    severity: Severity::High,
    remedy: "ask its author for the bundle as the signer made it",
};
static IMPRINT: Rule = Rule {
    id: "timestamp-imprint",
    title: "the timestamp is one of this signature",
    severity: Severity::Critical,
    remedy: "do not use the bundle: its timestamp belongs to something else",
};
static AUTHORITY: Rule = Rule {
    id: "timestamp-authority",
    title: "an authority of the trusted root made the timestamp",
    severity: Severity::High,
    remedy: "pass the trusted root that names this timestamp authority with --trusted-root",
};
static WINDOW: Rule = Rule {
    id: "timestamp-window",
    title: "the timestamp authority and its certificates were valid when it made the timestamp",
    severity: Severity::Critical,
    remedy: "do not use the bundle: whoever has the authority's key now may have made the timestamp",
};

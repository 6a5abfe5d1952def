//! Times: what began before it ended, and what has expired.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Mark, Scene};
use crate::document::Value;
use crate::finding::{Rule, Severity};

pub(super) static ORDER: Rule = Rule {
    id: "time-order",
    title: "nothing ends before it begins",
    severity: Severity::Medium,
    remedy: "correct one of the two times",
};
pub(super) static EXPIRED: Rule = Rule {
    id: "evidence-expired",
    title: "no claim rests on evidence that has expired",
    severity: Severity::Medium,
    remedy: "renew the evidence, or withdraw the claims that rest on it",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    for (mark, earlier, later) in PAIRS {
        for value in scene.marked(mark) {
            let (Some(first), Some(second)) = (value.get(earlier), value.get(later)) else { continue };
            if let (Some(begin), Some(end)) = (instant(first), instant(second))
                && end < begin
            {
                scene.fail(&ORDER, second, || format!("`{later}` is before `{earlier}`"));
            }
        }
    }
    let now = scene.now;
    for value in scene.marked(Mark::Evidence) {
        let Some(expires) = value.get("expires") else { continue };
        if instant(expires).is_some_and(|expires| expires < now) {
            scene.fail(&EXPIRED, expires, || {
                format!("the evidence expired on {}", expires.as_str().unwrap_or_default())
            });
        }
    }
}

/// The time or day that a text names; nothing where the grammar has refused it already.
pub(super) fn instant(value: Value<'_>) -> Option<Timestamp> {
    let text = value.as_str()?;
    text.parse().ok().or_else(|| Some(text.parse::<Date>().ok()?.in_tz("UTC").ok()?.timestamp()))
}

/// Which time of which thing comes before which.
const PAIRS: [(Mark, &str, &str); 15] = [
    (Mark::Vulnerability, "created", "updated"),
    (Mark::Vulnerability, "published", "updated"),
    (Mark::Vulnerability, "created", "rejected"),
    (Mark::Analysis, "firstIssued", "lastUpdated"),
    (Mark::Work, "timeStart", "timeEnd"),
    (Mark::Evidence, "created", "expires"),
    (Mark::Certificate, "notValidBefore", "notValidAfter"),
    (Mark::Certificate, "creationDate", "destructionDate"),
    (Mark::Material, "creationDate", "expirationDate"),
    (Mark::Material, "activationDate", "expirationDate"),
    (Mark::Licensing, "lastRenewal", "expiration"),
    (Mark::Patent, "filingDate", "grantDate"),
    (Mark::Patent, "grantDate", "patentExpirationDate"),
    (Mark::SpdxPackage, "builtDate", "validUntilDate"),
    (Mark::SpdxPackage, "releaseDate", "validUntilDate"),
];

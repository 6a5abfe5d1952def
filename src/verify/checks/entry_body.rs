//! The entry is the one for this bundle, byte for byte: rebuilt from its key, its signature and the digest of what it signs.

use super::{Check, UNLOGGED};
use crate::finding::{Finding, Rule, Severity};
use crate::tlog::entry::HashedRekord;
use crate::tlog::merkle::leaf_hash;
use crate::verify::case::Case;

pub(super) struct EntryBody;

impl Check for EntryBody {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/canonicalizedBody"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(entry) = case.entry() else {
            return RULE.not_evaluated(case.name, UNLOGGED);
        };
        let Some(expected) = case.expected_entry() else {
            return RULE.not_evaluated(case.name, "the signature does not hold, so no entry can be expected");
        };
        if entry.canonicalized_body == expected.to_bytes() {
            return RULE.pass(case.name).because("leaf", expected.leaf_hash().hex());
        }
        let message = match HashedRekord::parse(&entry.canonicalized_body) {
            Err(error) => format!("the entry is none that this signature has: {error}"),
            Ok(found) if found.digest() != expected.digest() => "the entry is of something else".to_owned(),
            Ok(found) if found.public_key() != expected.public_key() => {
                "the entry is of another key".to_owned()
            }
            Ok(_) => "the entry is of another signature".to_owned(),
        };
        RULE.fail(case.name, message)
            .because("expected", expected.leaf_hash().hex())
            .because("found", leaf_hash(&entry.canonicalized_body).hex())
    }
}

static RULE: Rule = Rule {
    id: "entry-body",
    title: "the entry is the one for this signature",
    severity: Severity::Critical,
    remedy: "do not use the bundle: its log entry belongs to something else",
};

//! The entry is the one for this bundle: of its key or certificate, its signature and the digest of what it signs.

use super::{Check, NO_SIGNATURE, UNLOGGED};
use crate::finding::{Finding, Rule, Severity};
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
        let leaf = || leaf_hash(&entry.canonicalized_body).hex();
        match (&case.entry_fits, &case.signature) {
            (Some(Ok(())), _) => RULE.pass(case.name).because("leaf", leaf()),
            (Some(Err(mismatch)), _) => RULE.fail(case.name, mismatch.to_string()).because("found", leaf()),
            (None, None) => RULE.not_evaluated(case.name, NO_SIGNATURE),
            (None, Some(_)) => RULE.not_evaluated(case.name, "entries of this kind are not known"),
        }
    }
}

static RULE: Rule = Rule {
    id: "entry-body",
    title: "the entry is the one for this signature",
    severity: Severity::Critical,
    remedy: "do not use the bundle: its log entry belongs to something else",
};

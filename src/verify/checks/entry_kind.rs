//! The entry is of the kind that can be rebuilt from the bundle.

use super::{Check, UNLOGGED};
use crate::finding::{Finding, Rule, Severity};
use crate::tlog::entry::HashedRekord;
use crate::verify::case::Case;

pub(super) struct EntryKind;

impl Check for EntryKind {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/kindVersion"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(entry) = case.entry() else {
            return RULE.not_evaluated(case.name, UNLOGGED);
        };
        let found = format!("{} {}", entry.kind, entry.version);
        let expected = format!("{} {}", HashedRekord::KIND, HashedRekord::VERSION);
        if found == expected {
            return RULE.pass(case.name).because("kind", found);
        }
        RULE.fail(case.name, "entries of this kind cannot be checked")
            .because("expected", expected)
            .because("found", found)
    }
}

static RULE: Rule = Rule {
    id: "entry-kind",
    title: "the entry is a hashedrekord of version 0.0.2",
    severity: Severity::High,
    remedy: "ask its author for an entry of a Rekor v2 log or of `sbom-attest log`",
};

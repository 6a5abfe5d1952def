//! The entry is of a kind that is known, and one for what is signed: an envelope, or an artifact.

use super::{Check, UNLOGGED};
use crate::finding::{Finding, Rule, Severity};
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
        if case.kind.is_some_and(|kind| kind.is_for(case.envelope().is_some())) {
            return RULE.pass(case.name).because("kind", found);
        }
        let expected = if case.envelope().is_some() {
            "hashedrekord 0.0.2, dsse 0.0.2, dsse 0.0.1 or intoto 0.0.2"
        } else {
            "hashedrekord 0.0.2 or 0.0.1"
        };
        RULE.fail(case.name, "entries of this kind cannot be checked")
            .because("expected", expected)
            .because("found", found)
    }
}

static RULE: Rule = Rule {
    id: "entry-kind",
    title: "the entry is of a known kind for what is signed",
    severity: Severity::High,
    remedy: "ask its author for an entry of Rekor or of `sbom-attest log`",
};

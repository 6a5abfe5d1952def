//! The hint names the key that signed, or is empty.
//!
//! The hint is not authenticated and proves nothing; but one that names another key means that the bundle is not the one
//! that its signer made.

use super::Check;
use crate::attest::bundle::key_hint;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct KeyHint;

impl Check for KeyHint {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/publicKey/hint"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        !case.has_certificate() && !case.is_of_another_kind()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let hint = case.bundle.key_hint();
        if hint.is_empty() {
            return RULE.not_evaluated(case.name, "the bundle has no hint at its key");
        }
        match case.candidates().find(|key| key.answers_to(hint)) {
            Some(key) => RULE.pass(case.name).because("key", key.digest()),
            None => RULE
                .fail(case.name, "the bundle names another key than the one that signed or was given")
                .because("expected", case.candidates().map(key_hint).collect::<Vec<_>>().join(" or "))
                .because("found", hint),
        }
    }
}

static RULE: Rule = Rule {
    id: "key-hint",
    title: "the hint names the key that signed",
    severity: Severity::High,
    remedy: "give the public key of this bundle's signer with --key",
};

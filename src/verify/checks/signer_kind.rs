//! The bundle is signed in the way that was asked for: with a key, or by somebody whom a certificate names.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct SignerKind;

impl Check for SignerKind {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.has_certificate() || case.is_of_another_kind()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match (case.is_of_another_kind(), case.has_certificate()) {
            (false, _) => RULE.pass(case.name),
            (true, true) => {
                RULE.fail(case.name, "a certificate names its signer, and no identity was asked for")
            }
            (true, false) => RULE.fail(case.name, "it is signed with a key, and an identity was asked for"),
        }
    }
}

static RULE: Rule = Rule {
    id: "signer-kind",
    title: "the bundle is signed as was asked for: with a key, or by an identity",
    severity: Severity::Critical,
    remedy: "give --key for a key, --certificate-identity and --certificate-oidc-issuer for a certificate",
};

//! The certificate is one that lets its holder sign what is shipped.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct CertificateForm;

impl Check for CertificateForm {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/certificate"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.has_certificate()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match case.certificate.as_ref().map(|certified| &certified.leaf) {
            Some(Ok(leaf)) => {
                let (from, to) = leaf.validity();
                RULE.pass(case.name).because("valid", format!("{from} to {to}"))
            }
            Some(Err(error)) => RULE.fail(case.name, error.to_string()),
            None => RULE.not_applicable(case.name, "there is no certificate"),
        }
    }
}

static RULE: Rule = Rule {
    id: "certificate-form",
    title: "the certificate is well-formed and lets its holder sign what is shipped",
    severity: Severity::Critical,
    remedy: "do not use the bundle: no authority gives its signers such a certificate",
};

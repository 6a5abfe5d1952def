//! A certificate transparency log saw the certificate, so that the one it names can see it too.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct CertificatePublished;

impl Check for CertificatePublished {
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
        let seen = case.certificate.as_ref().and_then(|certified| certified.seen.as_ref());
        match seen {
            Some(Ok(log)) => RULE.pass(case.name).because("log", log),
            Some(Err(error)) => RULE.fail(case.name, error.to_string()),
            None if case.request.trust.ct_logs().is_empty() => {
                RULE.not_evaluated(case.name, "the trusted root names no certificate transparency log")
            }
            None => RULE.not_evaluated(case.name, "there is no certificate to be believed"),
        }
    }
}

static RULE: Rule = Rule {
    id: "certificate-published",
    title: "a certificate transparency log of the trusted root saw the certificate",
    severity: Severity::Critical,
    remedy: "do not use the bundle: the certificate may have been issued in secret",
};

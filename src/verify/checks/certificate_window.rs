//! The certificate and everybody above it counted at every time at which the signature is known to have been there.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct CertificateWindow;

impl Check for CertificateWindow {
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
        let Some(certified) = &case.certificate else {
            return RULE.not_applicable(case.name, "there is no certificate");
        };
        let (Ok(leaf), Some(Ok(issued))) = (&certified.leaf, &certified.issued) else {
            return RULE.not_evaluated(case.name, "there is no certificate to be believed");
        };
        let Some(first) = case.times.first() else {
            return RULE.not_evaluated(case.name, "no trusted time says when");
        };
        if let Some(outside) = case.times.iter().find(|time| !leaf.is_valid_at(time.at)) {
            let (from, to) = leaf.validity();
            return RULE
                .fail(case.name, "the certificate was not valid when the signature was there")
                .because("expected", format!("{from} to {to}"))
                .because("found", outside.at);
        }
        match issued.counted(&case.times) {
            Ok(()) => RULE.pass(case.name).because("at", first.at),
            Err(why) => RULE.fail(case.name, why),
        }
    }
}

static RULE: Rule = Rule {
    id: "certificate-window",
    title: "the certificate and its authorities were valid when the signature was there",
    severity: Severity::Critical,
    remedy: "do not use the bundle: whoever has the key now may have signed",
};

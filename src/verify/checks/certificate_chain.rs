//! An authority of the trusted root issued the certificate, and what an older bundle carries beside it is that authority's.

use super::Check;
use crate::attest::bundle::Material;
use crate::finding::{Finding, Rule, Severity};
use crate::pki::Certificate;
use crate::verify::case::Case;
use crate::verify::certified::Issued;

pub(super) struct CertificateChain;

impl Check for CertificateChain {
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
        let Some(issued) = case.certificate.as_ref().and_then(|certified| certified.issued.as_ref()) else {
            return RULE.not_evaluated(case.name, "there is no certificate to be used");
        };
        match issued {
            Err(error) => RULE.fail(case.name, error.to_string()),
            Ok(issued) if !are_its_own(case, issued) => RULE.fail(
                case.name,
                "the bundle carries certificates that are none of its authority's intermediate ones",
            ),
            Ok(issued) => {
                let name = issued.path.issuer().map_or("", Certificate::name);
                RULE.pass(case.name).because("issuer", name).because("authority", &issued.authority.uri)
            }
        }
    }
}

/// The trusted root gives the chain. What a bundle adds is superfluous, and a root in it is forbidden.
fn are_its_own(case: &Case<'_>, issued: &Issued<'_>) -> bool {
    let Material::Certificate { others, .. } = &case.bundle.material else { return true };
    let intermediate = issued.authority.certificates.split_last().map_or(&[][..], |(_, rest)| rest);
    others.iter().all(|other| intermediate.contains(other))
}

static RULE: Rule = Rule {
    id: "certificate-chain",
    title: "an authority of the trusted root issued the certificate",
    severity: Severity::Critical,
    remedy: "pass the trusted root of this bundle's Sigstore instance with --trusted-root, or do not use the bundle",
};

//! The certificate names who was asked for, by the identity provider that was asked for, in the workflow that was asked for.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::pki::{Certificate, Claim};
use crate::verify::case::Case;
use crate::verify::certified::Fit;
use crate::verify::identity::Signatory;

pub(super) struct CertificateIdentity;
pub(super) struct CertificateIssuer;
pub(super) struct CertificateClaims;

const POINTER: &str = "/verificationMaterial/certificate";

impl Check for CertificateIdentity {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&IDENTITY]
    }

    fn pointer(&self) -> &'static str {
        POINTER
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        named(case).is_some()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some((leaf, signatory, fit)) = named(case) else {
            return IDENTITY.not_evaluated(case.name, UNNAMED);
        };
        let names: Vec<_> = leaf.identities().iter().map(|identity| identity.value.as_str()).collect();
        if fit.identity {
            return IDENTITY.pass(case.name).because("identity", names.join(" "));
        }
        let why = match names.len() {
            0 => "the certificate names nobody",
            1 => "the certificate names somebody else",
            _ => "the certificate names several, and nobody knows which is meant",
        };
        IDENTITY
            .fail(case.name, why)
            .because("expected", &signatory.identity)
            .because("found", names.join(" "))
    }
}

impl Check for CertificateIssuer {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&ISSUER]
    }

    fn pointer(&self) -> &'static str {
        POINTER
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        named(case).is_some()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some((leaf, signatory, fit)) = named(case) else {
            return ISSUER.not_evaluated(case.name, UNNAMED);
        };
        let found = leaf.claim(Claim::Issuer).unwrap_or("none");
        if fit.issuer {
            return ISSUER.pass(case.name).because("issuer", found);
        }
        ISSUER
            .fail(case.name, "another identity provider vouched for the signer")
            .because("expected", &signatory.issuer)
            .because("found", found)
    }
}

impl Check for CertificateClaims {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&CLAIMS]
    }

    fn pointer(&self) -> &'static str {
        POINTER
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        named(case).is_some_and(|(_, signatory, _)| !signatory.claims.is_empty())
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some((leaf, signatory, _)) = named(case) else {
            return CLAIMS.not_evaluated(case.name, UNNAMED);
        };
        let others = signatory.claims.iter().filter(|(claim, value)| leaf.claim(*claim) != Some(value));
        let other: Vec<_> = others.collect();
        if other.is_empty() {
            return signatory.claims.iter().fold(CLAIMS.pass(case.name), |finding, (claim, value)| {
                finding.because(claim.name(), value)
            });
        }
        other.iter().fold(
            CLAIMS.fail(case.name, "the certificate is that of another workflow, or of another run of it"),
            |finding, (claim, value)| {
                let found = leaf.claim(*claim).unwrap_or("none");
                finding
                    .because(format!("expected {}", claim.name()), value)
                    .because(format!("found {}", claim.name()), found)
            },
        )
    }
}

fn named<'c>(case: &'c Case<'_>) -> Option<(&'c Certificate, &'c Signatory, Fit)> {
    let certified = case.certificate.as_ref()?;
    let (signatory, fit) = certified.fit?;
    Some((certified.leaf.as_ref().ok()?, signatory, fit))
}

const UNNAMED: &str = "there is no certificate to be used";

static IDENTITY: Rule = Rule {
    id: "certificate-identity",
    title: "the certificate names who was asked for",
    severity: Severity::Critical,
    remedy: "do not use the artifact: somebody else signed it (or ask for the one that was found)",
};
static ISSUER: Rule = Rule {
    id: "certificate-issuer",
    title: "the identity provider that was asked for vouched for the signer",
    severity: Severity::Critical,
    remedy: "do not use the artifact: anybody can have this name at another provider",
};
static CLAIMS: Rule = Rule {
    id: "certificate-claims",
    title: "the certificate is that of the workflow that was asked for",
    severity: Severity::Critical,
    remedy: "do not use the artifact: another workflow, commit or ref made it",
};

//! The key that was given, or the one in the certificate, made the signature: of type and payload, as the DSSE protocol
//! encodes them, or of the artifact's digest.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::keys::PublicKey;
use crate::verify::case::Case;

pub(super) struct Signature;

impl Check for Signature {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/dsseEnvelope/signatures/0/sig"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        if let Some(signature) = &case.signature {
            return RULE
                .pass(case.name)
                .because("key", signature.key.digest())
                .because("algorithm", signature.algorithm())
                .because("signed", &signature.digest);
        }
        if case.is_of_another_kind() && !case.has_certificate() {
            return RULE.not_evaluated(case.name, "it is signed with a key, and none was given");
        }
        if let Some(certified) = &case.certificate {
            return match &certified.leaf {
                Ok(_) => RULE.fail(case.name, "the key in the certificate did not make the signature"),
                Err(_) => RULE.not_evaluated(case.name, "there is no certificate to be used"),
            };
        }
        let what = if case.envelope().is_some() { "the envelope" } else { "the artifact's digest" };
        case.request
            .signers
            .iter()
            .map(PublicKey::digest)
            .fold(RULE.fail(case.name, format!("no key that was given signed {what}")), |finding, key| {
                finding.because("tried", key)
            })
    }
}

static RULE: Rule = Rule {
    id: "signature",
    title: "the key that was given or certified made the signature",
    severity: Severity::Critical,
    remedy: "do not use the artifact: it was not signed by this key, or the bundle was changed",
};

//! A key that was given signed the envelope: type and payload, as the DSSE protocol encodes them.

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
        match case.signer {
            Some(key) => RULE.pass(case.name).because("key", key.digest()).because("signed", &case.digest),
            None => {
                case.request.signers.iter().map(PublicKey::digest).fold(
                    RULE.fail(case.name, "no key that was given signed the envelope"),
                    |finding, key| finding.because("tried", key),
                )
            }
        }
    }
}

static RULE: Rule = Rule {
    id: "signature",
    title: "a key that was given signed the envelope",
    severity: Severity::Critical,
    remedy: "do not use the artifact: it was not signed by this key, or the bundle was changed",
};

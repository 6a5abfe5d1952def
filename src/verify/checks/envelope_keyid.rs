//! The envelope's `keyid` names the key that signed, or is empty.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct EnvelopeKeyid;

impl Check for EnvelopeKeyid {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/dsseEnvelope/signatures/0/keyid"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.envelope().is_some()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let keyid = case
            .envelope()
            .and_then(|envelope| envelope.signatures.first())
            .map_or("", |one| one.keyid.as_str());
        if keyid.is_empty() || case.candidates().any(|key| key.answers_to(keyid)) {
            return RULE.pass(case.name);
        }
        RULE.fail(case.name, "the envelope names another key than the one that signed or was given")
            .because("found", keyid)
    }
}

static RULE: Rule = Rule {
    id: "envelope-keyid",
    title: "the envelope names no other key than the one that signed",
    severity: Severity::High,
    remedy: "give the public key of this bundle's signer with --key",
};

//! The envelope's `keyid` is empty or names a key that was given.

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

    fn run(&self, case: &Case<'_>) -> Finding {
        let keyid = case.envelope().signatures.first().map_or("", |one| one.keyid.as_str());
        if keyid.is_empty() || case.request.signers.iter().any(|key| key.answers_to(keyid)) {
            return RULE.pass(case.name);
        }
        RULE.fail(case.name, "the envelope names a key that was not given").because("found", keyid)
    }
}

static RULE: Rule = Rule {
    id: "envelope-keyid",
    title: "the envelope names no other key than one that was given",
    severity: Severity::High,
    remedy: "give the public key of this bundle's signer with --key",
};

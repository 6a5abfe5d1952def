//! The envelope says that it holds an in-toto statement.

use super::Check;
use crate::attest::dsse::IN_TOTO;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct PayloadType;

impl Check for PayloadType {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/dsseEnvelope/payloadType"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.envelope().is_some()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(envelope) = case.envelope() else {
            return RULE.not_applicable(case.name, "there is no envelope");
        };
        let found = &envelope.payload_type;
        if found == IN_TOTO {
            return RULE.pass(case.name).because("payload type", found);
        }
        RULE.fail(case.name, "the envelope holds something else")
            .because("expected", IN_TOTO)
            .because("found", found)
    }
}

static RULE: Rule = Rule {
    id: "payload-type",
    title: "the envelope holds an in-toto statement",
    severity: Severity::Critical,
    remedy: "ask its author for an attestation: this signs something else",
};

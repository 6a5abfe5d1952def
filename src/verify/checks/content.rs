//! A bundle that signs the artifact itself says nothing about it. That is enough only where nothing was asked.

use super::Check;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::Expected;
use crate::verify::case::Case;

pub(super) struct Content;

impl Check for Content {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/messageSignature"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.envelope().is_none()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let options = &case.request.options;
        if options.expected == Expected::Anything && options.sbom.is_none() {
            return RULE.pass(case.name);
        }
        RULE.fail(case.name, "the bundle signs the artifact itself, and says nothing about it")
    }
}

static RULE: Rule = Rule {
    id: "content",
    title: "the bundle says what was asked for",
    severity: Severity::High,
    remedy: "ask its author for an attestation, or accept a bare signature with --type any",
};

//! The statement says something of the expected type: the one asked for, or else an SBOM.

use super::Check;
use crate::attest::predicate::{CYCLONEDX, PredicateType, REFERENCE, SPDX};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::Expected;
use crate::verify::case::Case;

pub(super) struct PredicateTypeMatches;

impl Check for PredicateTypeMatches {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/dsseEnvelope/payload"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.envelope().is_some()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let Some(statement) = case.statement() else {
            return RULE.not_evaluated(case.name, "there is no statement to be believed");
        };
        let found = &statement.predicate_type;
        let by_reference = found == REFERENCE;
        let sboms = [PredicateType::cyclonedx(), PredicateType::spdx()];
        let (fits, expected) = match &case.request.options.expected {
            Expected::Anything => (true, "anything".to_owned()),
            Expected::Type(expected) => {
                (expected.covers(found) || expected.is_sbom() && by_reference, expected.to_string())
            }
            Expected::Sbom => {
                let fits = sboms.iter().any(|sbom| sbom.covers(found)) || by_reference;
                (fits, format!("an SBOM: {CYCLONEDX} or {SPDX}"))
            }
        };
        if fits {
            return RULE.pass(case.name).because("expected", expected).because("found", found);
        }
        let message = format!("expected {expected}, found {found}");
        RULE.fail(case.name, message).because("expected", expected).because("found", found)
    }
}

static RULE: Rule = Rule {
    id: "predicate-type",
    title: "the predicate is of the expected type",
    severity: Severity::High,
    remedy: "pass the type that was found with --type if that is what you want",
};

//! The predicate is an SBOM of the type that the statement says, or names one by its digest.

use super::Check;
use crate::attest::predicate::{PredicateType, REFERENCE, Reference, is_empty};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::{Case, Predicate};

pub(super) struct SbomForm;

impl Check for SbomForm {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE, &EMPTY, &REFERENCE_FORM]
    }

    fn pointer(&self) -> &'static str {
        "/dsseEnvelope/payload"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.envelope().is_some()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        let (Some(statement), Some(predicate)) = (case.statement(), case.predicate()) else {
            return RULE.not_evaluated(case.name, "there is no statement to be believed");
        };
        let document = predicate.document();
        if is_empty(document.root()) {
            return EMPTY.fail(case.name, "the predicate says nothing");
        }
        if statement.predicate_type == REFERENCE {
            return match Reference::parse(document) {
                Ok(reference) => {
                    REFERENCE_FORM.pass(case.name).because("references", reference.references.len())
                }
                Err(malformed) => REFERENCE_FORM.fail(case.name, malformed.to_string()),
            };
        }
        let sboms = [PredicateType::cyclonedx(), PredicateType::spdx()];
        let Some(claimed) = sboms.into_iter().find(|sbom| sbom.covers(&statement.predicate_type)) else {
            return RULE.not_applicable(case.name, "the predicate is no SBOM");
        };
        if PredicateType::infer(document.root()).as_ref() != Some(&claimed) {
            return RULE.fail(case.name, format!("the predicate is called {claimed} and is none"));
        }
        match predicate {
            Predicate::Misshapen(_, error) => RULE.fail(case.name, error.to_string()),
            Predicate::Sbom(sbom) => RULE.pass(case.name).because("components", sbom.components().len()),
            Predicate::Other(_) => RULE.pass(case.name).because("type", claimed),
        }
    }
}

static RULE: Rule = Rule {
    id: "sbom-form",
    title: "the predicate is an SBOM of the type the statement says",
    severity: Severity::High,
    remedy: "ask the signer to attest a real SBOM",
};
static EMPTY: Rule = Rule {
    id: "sbom-empty",
    title: "the predicate says something",
    severity: Severity::High,
    remedy: "ask the signer to attest a real SBOM",
};
static REFERENCE_FORM: Rule = Rule {
    id: "sbom-reference",
    title: "the predicate names documents by their digests",
    severity: Severity::High,
    remedy: "ask the signer to attest again: it signed something malformed",
};

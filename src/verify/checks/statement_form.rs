//! The signed payload is an in-toto statement.

use super::{Check, UNSIGNED};
use crate::attest::Flaw;
use crate::attest::dsse::IN_TOTO;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct StatementForm;

impl Check for StatementForm {
    fn rules(&self) -> Vec<&'static Rule> {
        RULES.to_vec()
    }

    fn pointer(&self) -> &'static str {
        "/dsseEnvelope/payload"
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        case.envelope().is_some()
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match &case.statement {
            Some(Ok(statement)) => RULE.pass(case.name).because("subjects", statement.subjects.len()),
            Some(Err(malformed)) => rule(malformed.flaw)
                .fail(case.name, malformed.detail.clone())
                .because("at", format!("{} of the statement", malformed.pointer)),
            None if !case.is_by_a_signatory() => RULE.not_evaluated(case.name, UNSIGNED),
            None => RULE.not_evaluated(case.name, format!("the payload is not {IN_TOTO}")),
        }
    }
}

fn rule(flaw: Flaw) -> &'static Rule {
    match flaw {
        Flaw::Json => &JSON,
        Flaw::Encoding => &ENCODING,
        Flaw::DuplicateKey => &DUPLICATE_KEY,
        Flaw::Size => &SIZE,
        Flaw::Type => &TYPE,
        Flaw::MissingField => &MISSING_FIELD,
        Flaw::FieldType => &FIELD_TYPE,
        Flaw::SubjectCount => &SUBJECT_COUNT,
        Flaw::DuplicateSubject => &DUPLICATE_SUBJECT,
        Flaw::Digest => &DIGEST,
        _ => &RULE,
    }
}

static RULES: &[&Rule] = &[
    &RULE,
    &JSON,
    &ENCODING,
    &DUPLICATE_KEY,
    &SIZE,
    &TYPE,
    &MISSING_FIELD,
    &FIELD_TYPE,
    &SUBJECT_COUNT,
    &DUPLICATE_SUBJECT,
    &DIGEST,
];

const fn of(id: &'static str, title: &'static str) -> Rule {
    Rule {
        id,
        title,
        severity: Severity::High,
        remedy: "ask the signer to attest again: it signed something malformed",
    }
}

static RULE: Rule = of("statement-form", "the payload is a well-formed statement");
static JSON: Rule = of("statement-json", "the payload is one JSON object");
static ENCODING: Rule = of("statement-encoding", "the payload is UTF-8");
static DUPLICATE_KEY: Rule = of("statement-duplicate-key", "no object of the statement has a name twice");
static SIZE: Rule = of("statement-size", "the statement keeps to the limits of size, depth and counts");
static TYPE: Rule = of("statement-type", "the payload is an in-toto statement of version 0.1 or 1");
static MISSING_FIELD: Rule = of("statement-missing-field", "every field of the statement is there");
static FIELD_TYPE: Rule = of("statement-field-type", "every field of the statement has a value of its type");
static SUBJECT_COUNT: Rule =
    of("statement-subject-count", "the statement has 1 to 1024 subjects of at most 32 digests");
static DUPLICATE_SUBJECT: Rule =
    of("statement-duplicate-subject", "no subject stands in the statement twice");
static DIGEST: Rule =
    of("statement-digest", "every subject has a digest that can be compared, in lower-case hexadecimal");

//! The SBOM that was shipped beside the artifact is the attested one: equal after RFC 8785, or of a digest referred to.

use super::Check;
use crate::attest::predicate::{PredicateType, REFERENCE, Reference};
use crate::attest::statement::LIMITS;
use crate::digest::Digest;
use crate::document::Document;
use crate::finding::{Finding, Location, Rule, Severity};
use crate::verify::case::Case;
use crate::verify::{Expected, SbomFile};

pub(super) struct SbomFileMatches;

impl Check for SbomFileMatches {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE, &MISSING, &FORM]
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
        let by_reference = statement.predicate_type == REFERENCE;
        match (&case.request.options.sbom, by_reference) {
            (None, false) => RULE.not_evaluated(case.name, "no SBOM was given to compare"),
            (None, true) => MISSING.fail(case.name, "the SBOM is named by its digest, and none was given"),
            (Some(file), true) => compare_reference(case, predicate.document(), file),
            (Some(file), false) => compare(case, predicate.document(), file),
        }
    }
}

fn compare(case: &Case<'_>, predicate: &Document, file: &SbomFile) -> Finding {
    if file.bytes.trim_ascii() == predicate.root().raw() {
        return RULE.pass(case.name).because("file", &file.name);
    }
    let document = match Document::parse(file.bytes.clone(), &LIMITS) {
        Ok(document) => document,
        Err(error) => {
            let at = error.position();
            return FORM.fail(case.name, error.to_string()).at(Location {
                file: file.name.clone(),
                pointer: None,
                line: at.map(|at| at.line),
                column: at.map(|at| at.column),
            });
        }
    };
    let [expected, found] = [predicate, &document].map(|one| one.root().canonical());
    if expected == found {
        return RULE.pass(case.name).because("file", &file.name);
    }
    RULE.fail(case.name, "the SBOM that was given is not the attested one")
        .because("expected", Digest::sha256(expected))
        .because("found", Digest::sha256(found))
}

fn compare_reference(case: &Case<'_>, predicate: &Document, file: &SbomFile) -> Finding {
    let Ok(reference) = Reference::parse(predicate) else {
        return RULE.not_evaluated(case.name, "the reference is malformed");
    };
    let expected_type = match &case.request.options.expected {
        Expected::Type(expected) => Some(expected),
        Expected::Sbom | Expected::Anything => None,
    };
    let named = |digests: &[Digest]| {
        digests.iter().all(|digest| Digest::of(digest.algorithm(), &file.bytes) == *digest)
    };
    if !reference.references.iter().any(|one| named(&one.digests)) {
        return RULE
            .fail(case.name, "the SBOM that was given has none of the digests that are referred to")
            .because("found", Digest::sha256(&file.bytes));
    }
    let document = match Document::parse(file.bytes.clone(), &LIMITS) {
        Ok(document) => document,
        Err(error) => return FORM.fail(case.name, error.to_string()),
    };
    let Some(found) = PredicateType::infer(document.root()) else {
        return FORM.fail(case.name, "the file that was given is no SBOM");
    };
    if expected_type.is_some_and(|expected| !expected.covers(found.uri()) && expected.is_sbom()) {
        return FORM.fail(case.name, format!("the SBOM that was given is {found}"));
    }
    RULE.pass(case.name).because("file", &file.name)
}

static RULE: Rule = Rule {
    id: "sbom-file",
    title: "the SBOM that was given is the attested one",
    severity: Severity::Critical,
    remedy: "do not use that SBOM: its author attested another one (`sbom-attest inspect --extract sbom` shows it)",
};
static MISSING: Rule = Rule {
    id: "sbom-missing",
    title: "the SBOM that the statement names was given",
    severity: Severity::High,
    remedy: "pass the SBOM with --sbom FILE",
};
static FORM: Rule = Rule {
    id: "sbom-file-form",
    title: "the SBOM that was given can be read",
    severity: Severity::High,
    remedy: "pass the SBOM that was shipped, unchanged",
};

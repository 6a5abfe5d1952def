//! Rules beyond the grammar: what no schema can state, each with a code of its own.
//!
//! They look at what the [grammar] has marked on its walk, wherever in the document it stands. None of
//! them makes a document invalid: its form is right, and what it says is not. Each takes time linear in the marks.

mod cycles;
mod identifiers;
pub(in crate::sbom) use identifiers::{is_cpe, is_swhid};
mod references;
mod scores;
mod spdx2;
mod spdx3;
mod times;

use std::collections::HashMap;

use jiff::Timestamp;

use super::Neighbours;
use super::grammar::{self, Dialect, Language, Mark};
use crate::document::{Document, Value};
use crate::finding::{Finding, Rule};

/// Every rule.
pub static RULES: [&Rule; 18] = [
    &references::DANGLING,
    &references::DUPLICATE,
    &references::AMBIGUOUS,
    &references::SELF,
    &references::TWICE,
    &references::LINK_DANGLING,
    &references::LINK_VERSION,
    &cycles::REQUIREMENT,
    &cycles::TASK,
    &identifiers::PURL,
    &identifiers::CPE,
    &identifiers::SWHID,
    &identifiers::SWID,
    &identifiers::EXPRESSION,
    &identifiers::DIGEST,
    &times::ORDER,
    &times::EXPIRED,
    &scores::RATIONALE,
];

/// Every rule that is of SPDX 2 alone.
pub static SPDX2_RULES: [&Rule; 16] = [
    &spdx2::elements::DUPLICATE,
    &spdx2::elements::DANGLING,
    &spdx2::elements::KIND,
    &spdx2::elements::DESCRIBES,
    &spdx2::elements::RANGE,
    &spdx2::elements::NAMESPACE,
    &spdx2::packages::FILES_ANALYZED,
    &spdx2::packages::VERIFICATION_CODE,
    &spdx2::packages::FILE_NAME,
    &spdx2::packages::FILE_SHA1,
    &spdx2::licenses::LICENSE_REF,
    &spdx2::locators::REF_TYPE,
    &spdx2::locators::LOCATION,
    &spdx2::digests::ZERO,
    &spdx2::digests::TWICE,
    &spdx2::digests::WEAK,
];

/// Every rule that is of SPDX 3 alone.
pub static SPDX3_RULES: &[&Rule] = &spdx3::RULES;

/// Applies the rules of a dialect to what its grammar has marked. Gives the findings, and how many there are besides.
pub(super) fn check(
    document: &Document,
    dialect: Dialect,
    marks: &[(Mark, u32)],
    file: &str,
    now: Timestamp,
    neighbours: &Neighbours,
) -> (Vec<Finding>, usize) {
    let mut scene =
        Scene { document, marks, file, now, neighbours, findings: Vec::new(), counts: HashMap::new() };
    match dialect.language() {
        Language::CycloneDx => {
            references::check(&mut scene);
            cycles::check(&mut scene);
            identifiers::check(&mut scene);
            times::check(&mut scene);
            scores::check(&mut scene);
        }
        Language::Spdx2 => {
            spdx2::check(&mut scene);
            times::check(&mut scene);
        }
        Language::Spdx3 => spdx3::check(&mut scene, dialect),
    }
    scene.finish()
}

/// A document, what is marked in it, and what was found.
struct Scene<'a> {
    document: &'a Document,
    marks: &'a [(Mark, u32)],
    file: &'a str,
    now: Timestamp,
    neighbours: &'a Neighbours,
    findings: Vec<Finding>,
    counts: HashMap<&'static str, usize>,
}

impl<'a> Scene<'a> {
    /// What is marked so, in the order of the document.
    fn marked(&self, mark: Mark) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let document = self.document;
        self.marks.iter().filter(move |(own, _)| *own == mark).map(move |(_, node)| document.value(*node))
    }

    fn fail(&mut self, rule: &'static Rule, value: Value<'_>, message: impl FnOnce() -> String) {
        self.report(rule, value, || (message(), None));
    }

    /// Counts a finding, and says whether it will be listed.
    fn count(&mut self, rule: &'static Rule) -> bool {
        let count = self.counts.entry(rule.id).or_default();
        *count += 1;
        *count <= MOST
    }

    fn finish(self) -> (Vec<Finding>, usize) {
        let omitted = self.counts.values().map(|count| count.saturating_sub(MOST)).sum();
        (self.findings, omitted)
    }

    /// Adds a finding with a remedy of its own. Its words are only made where it will be listed.
    fn report(
        &mut self,
        rule: &'static Rule,
        value: Value<'_>,
        make: impl FnOnce() -> (String, Option<String>),
    ) {
        if !self.count(rule) {
            return;
        }
        let place = grammar::locate(value, self.file);
        let (message, remedy) = make();
        let mut finding = rule.fail(grammar::subject(&place), message);
        if let Some(remedy) = remedy {
            finding = finding.remedied_by(remedy);
        }
        self.findings.push(finding.at(place));
    }
}

/// Findings of one rule that are listed; the others are counted.
const MOST: usize = 200;

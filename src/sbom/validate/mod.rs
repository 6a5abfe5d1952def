//! Whether a document is what it says it is: the text, the format, the grammar of its version, the rules beyond.

mod json;
mod tag_value;
mod xml;

use jiff::Timestamp;

use super::grammar::{self, Checked, Dialect};
use super::{Content, Format, Neighbours, Spdx2Version, rules};
use crate::document::{Document, Limits, Position};
use crate::finding::{Finding, Location, Rule, Severity};

/// What was found out about one document.
#[derive(Debug)]
pub struct Validation {
    /// The format that it is in, such as `cyclonedx-1.6-json`; nothing where that cannot be told.
    pub format: Option<String>,
    /// Whether the form is that of the format. What was not looked at is not valid.
    pub valid: bool,
    /// What was found, the form first.
    pub findings: Vec<Finding>,
    /// Findings that are counted and not listed.
    pub omitted: usize,
}

impl Validation {
    /// The format was recognised and this version does not look into it: there is no telling.
    pub fn is_undecided(&self) -> bool {
        self.findings.iter().any(|finding| finding.rule == NOT_VALIDATED.id)
    }
}

/// Judges the bytes of a document at a time. `file` is how findings name it.
///
/// ```
/// use sbom_attest::document::Limits;
/// use sbom_attest::sbom::validate;
///
/// let text = br#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "declarations": {}}"#;
/// let judged = validate(text.to_vec(), &Limits::default(), "bom.json", jiff::Timestamp::UNIX_EPOCH);
/// assert_eq!((judged.format.as_deref(), judged.valid), (Some("cyclonedx-1.5-json"), false));
/// assert_eq!(judged.findings[0].message, "`declarations` came in 1.6; this document says 1.5");
/// ```
pub fn validate(bytes: Vec<u8>, limits: &Limits, file: &str, now: Timestamp) -> Validation {
    validate_among(bytes, limits, file, now, &Neighbours::default())
}

/// The same, where BOM-Links may lead into other documents that are at hand.
pub fn validate_among(
    bytes: Vec<u8>,
    limits: &Limits,
    file: &str,
    now: Timestamp,
    neighbours: &Neighbours,
) -> Validation {
    let request = Request { limits, file, now, neighbours };
    match Content::of_text(&bytes) {
        Some(content) if content.is_xml() => request.xml(bytes),
        Some(Content::Sbom(Format::Spdx2TagValue(version))) => request.tag_value(bytes, version),
        // What names no version is judged as the newest: the version is then what is missing.
        Some(Content::Foreign { version, encoding: "tag-value", .. }) if version.is_empty() => {
            request.tag_value(bytes, Spdx2Version::V2_3)
        }
        Some(content) => request.undecided(content.to_string()),
        None => request.json(bytes),
    }
}

/// What a document is judged with.
struct Request<'a> {
    limits: &'a Limits,
    file: &'a str,
    now: Timestamp,
    neighbours: &'a Neighbours,
}

impl Request<'_> {
    /// What the grammar and the rules beyond it say.
    fn judge(&self, format: Format, document: &Document, dialect: Dialect) -> Validation {
        self.beyond(format, document, dialect, grammar::check(document, dialect, self.file))
    }

    /// What the rules say beyond the grammar, which has spoken.
    fn beyond(&self, format: Format, document: &Document, dialect: Dialect, checked: Checked) -> Validation {
        let Checked { mut findings, omitted, valid, marks } = checked;
        let (beyond, more) = rules::check(document, dialect, &marks, self.file, self.now, self.neighbours);
        findings.extend(beyond);
        Validation { format: Some(format.to_string()), valid, findings, omitted: omitted + more }
    }

    /// A document in a format that is known and has another reader, or none yet.
    fn undecided(&self, format: String) -> Validation {
        let message = format!("{format} is recognised and not validated by this version");
        let location = Location { file: self.file.to_owned(), ..Location::default() };
        let mut finding = NOT_VALIDATED.not_evaluated("the document", message).at(location);
        finding.remedy = Some(NOT_VALIDATED.remedy.to_owned());
        refused(Some(format), finding)
    }

    /// A text that its reader refuses.
    fn malformed(
        &self,
        error: &dyn std::error::Error,
        code: &'static str,
        help: Option<&'static str>,
        at: Option<Position>,
    ) -> Finding {
        let mut finding = MALFORMED.fail("the document", error.to_string());
        finding.rule = code;
        if let Some(help) = help {
            finding = finding.remedied_by(help);
        }
        finding.at(Location {
            file: self.file.to_owned(),
            pointer: None,
            line: at.map(|at| at.line),
            column: at.map(|at| at.column),
        })
    }
}

fn refused(format: Option<String>, finding: Finding) -> Validation {
    Validation { format, valid: false, findings: vec![finding], omitted: 0 }
}

/// Whether a version of CycloneDX is one that may have come after this program.
fn is_newer(name: &str) -> bool {
    let Some((major, minor)) = name.split_once('.') else { return false };
    let number = |text: &str| text.parse::<u32>().ok();
    number(major).zip(number(minor)).is_some_and(|version| version > (1, 7))
}

static SPEC_VERSION: Rule = Rule {
    id: "grammar-spec-version",
    title: "the document names a version of CycloneDX that is read",
    severity: Severity::High,
    remedy: "name one of 1.2 to 1.7 in `specVersion`, or in the namespace of XML",
};
static UNRECOGNISED: Rule = Rule {
    id: "document-unrecognised",
    title: "the document is an SBOM",
    severity: Severity::High,
    remedy: "see whether it is the right file",
};
static NOT_VALIDATED: Rule = Rule {
    id: "document-not-validated",
    title: "the document is in a format that this version validates",
    severity: Severity::Info,
    remedy: "validate it with a tool for that format, or validate its CycloneDX JSON form",
};
static MALFORMED: Rule = Rule {
    // Each refusal of the parser has a code of its own, which takes the place of this one.
    id: "json-unexpected",
    title: "the text is a JSON or XML document",
    severity: Severity::High,
    remedy: "correct it at the place given",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Status;

    fn judge(text: &str) -> Validation {
        validate(text.as_bytes().to_vec(), &Limits::default(), "x", Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_is_not_looked_at_is_not_valid() {
        let cases = [
            (r#"{"spdxVersion":"SPDX-2.1"}"#, "spdx-2.1-json"),
            (r#"{"@context":"https://spdx.org/rdf/3.1/spdx-context.jsonld"}"#, "spdx-3.1-json"),
            ("SPDXVersion: SPDX-2.1\n", "spdx-2.1-tag-value"),
            (
                "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.8\"/>",
                "cyclonedx-1.8-xml",
            ),
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.8"}"#, "cyclonedx-1.8-json"),
            (r#"{"_type":"https://in-toto.io/Statement/v1"}"#, "an in-toto statement"),
        ];
        for (text, format) in cases {
            let judged = judge(text);
            assert_eq!(judged.format.as_deref(), Some(format), "{text}");
            assert!(!judged.valid && judged.is_undecided(), "{text}");
            assert_eq!(judged.findings[0].status, Status::NotEvaluated);
        }
    }

    #[test]
    fn what_is_malformed_or_unknown_is_refused() {
        let cases = [
            ("", "json-empty"),
            ("{", "json-unexpected-end"),
            ("<html>", "json-other-format"),
            ("<x/>", "json-other-format"),
            ("<bom xmlns='http://cyclonedx.org/schema/bom/1.6'>", "xml-unexpected-end"),
            ("<bom xmlns='http://cyclonedx.org/schema/bom/1.1'/>", "grammar-spec-version"),
            ("<bom xmlns='http://cyclonedx.org/schema/bom/x'/>", "grammar-spec-version"),
            ("<b xmlns='http://cyclonedx.org/schema/bom/1.6'/>", "document-unrecognised"),
            ("{}", "document-unrecognised"),
            (r#"{"bomFormat":"CycloneDX"}"#, "grammar-spec-version"),
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.1"}"#, "grammar-spec-version"),
            (r#"{"bomFormat":"Other","specVersion":"1.6"}"#, "grammar-value"),
            (r#"{"spdxVersion":"SPDX-2.3"}"#, "grammar-missing-field"),
            ("SPDXVersion: SPDX-2.2\nPackageComment: <text>", "tag-value-unclosed-text"),
            ("SPDXVersion: SPDX-2.2\nPackageNaem: x", "tag-value-unknown-tag"),
            ("DataLicense: CC0-1.0", "grammar-missing-field"),
        ];
        for (text, code) in cases {
            let judged = judge(text);
            assert_eq!(judged.findings[0].rule, code, "{text}");
            assert!(!judged.valid && !judged.is_undecided(), "{text}");
        }
    }
}

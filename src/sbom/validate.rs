//! Whether a document is what it says it is: the text, the format, the grammar of its version, the rules beyond.

use jiff::Timestamp;

use super::grammar::{self, Checked, Language};
use super::{Content, Format, SpecVersion, rules};
use crate::document::{self, Document, Limits, Value};
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
    if let Some(content) = Content::of_text(&bytes) {
        return undecided(content.to_string(), file);
    }
    let document = match Document::parse(bytes, limits) {
        Ok(document) => document,
        Err(error) => return Validation::refused(None, malformed(&error, file)),
    };
    let root = document.root();
    let version = match Content::of_json(root) {
        Some(Content::Sbom(Format::CycloneDxJson(version))) => version,
        Some(Content::Sbom(Format::Spdx3Json)) => return spdx3(&document, file, now),
        Some(Content::Foreign { family: "cyclonedx", version: name, .. }) if !is_newer(&name) => {
            let message = if name.is_empty() {
                "`specVersion` is missing".to_owned()
            } else {
                format!("{name:?} is no version of CycloneDX with a JSON form")
            };
            let place = root.get("specVersion").unwrap_or(root);
            let finding = SPEC_VERSION.fail("/specVersion", message).at(grammar::locate(place, file));
            return Validation::refused(None, finding);
        }
        Some(other) => return undecided(other.to_string(), file),
        // What says which version it is meant to be is judged as such: `bomFormat` is then what is wrong.
        None => {
            let named = root.get("specVersion").and_then(|name| SpecVersion::from_name(&name.as_str()?));
            let Some(version) = named else {
                let message = "neither `bomFormat` nor `spdxVersion` is there";
                let finding = UNRECOGNISED.fail("the document", message).at(grammar::locate(root, file));
                return Validation::refused(None, finding);
            };
            version
        }
    };
    let Checked { mut findings, omitted, valid, marks } = grammar::check(&document, version.into(), file);
    let (beyond, more) = rules::check(&document, &marks, file, now);
    findings.extend(beyond);
    let omitted = omitted + more;
    Validation { format: Some(format!("cyclonedx-{version}-json")), valid, findings, omitted }
}

/// SPDX 3 names its version in the context.
fn spdx3(document: &Document, file: &str, now: Timestamp) -> Validation {
    let version = context_version(document.root()).unwrap_or_default();
    let known = Language::Spdx3.dialect(&version);
    if known.is_none() && is_later(&version, &[3, 0, 1]) {
        return undecided(format!("spdx-{}-json", grammar::cut(&version)), file);
    }
    // A version that never was is judged as the current one: the context is then what is wrong.
    let Some(dialect) = known.or_else(|| Language::Spdx3.dialect("3.0.1")) else {
        return undecided(Format::Spdx3Json.to_string(), file);
    };
    let Checked { mut findings, omitted, valid, marks } = grammar::check(document, dialect, file);
    let (beyond, more) = rules::check_spdx3(document, dialect, &marks, file, now);
    findings.extend(beyond);
    Validation { format: Some(Format::Spdx3Json.to_string()), valid, findings, omitted: omitted + more }
}

/// The version in the first context that is one of SPDX 3.
fn context_version(root: Value<'_>) -> Option<String> {
    let context = root.get("@context")?;
    let mut texts = context.as_str().into_iter().chain(context.elements().filter_map(|entry| entry.as_str()));
    texts.find_map(|text| Some(text.split_once("spdx.org/rdf/")?.1.split('/').next()?.to_owned()))
}

/// Whether a version is of numbers that come after these.
fn is_later(version: &str, than: &[u32]) -> bool {
    let numbers: Option<Vec<u32>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.as_slice() > than)
}

impl Validation {
    fn refused(format: Option<String>, finding: Finding) -> Self {
        Self { format, valid: false, findings: vec![finding], omitted: 0 }
    }
}

/// A document in a format that is known and has another reader, or none yet.
fn undecided(format: String, file: &str) -> Validation {
    let message = format!("{format} is recognised and not validated by this version");
    let location = Location { file: file.to_owned(), ..Location::default() };
    let mut finding = NOT_VALIDATED.not_evaluated("the document", message).at(location);
    finding.remedy = Some(NOT_VALIDATED.remedy.to_owned());
    Validation::refused(Some(format), finding)
}

fn malformed(error: &document::Error, file: &str) -> Finding {
    let mut finding = MALFORMED.fail("the document", error.to_string());
    finding.rule = error.code();
    if let Some(help) = error.help() {
        finding = finding.remedied_by(help);
    }
    let at = error.position();
    finding.at(Location {
        file: file.to_owned(),
        pointer: None,
        line: at.map(|at| at.line),
        column: at.map(|at| at.column),
    })
}

/// Whether a version is one that may have come after this program.
fn is_newer(name: &str) -> bool {
    let Some((major, minor)) = name.split_once('.') else { return false };
    let number = |text: &str| text.parse::<u32>().ok();
    number(major).zip(number(minor)).is_some_and(|version| version > (1, 7))
}

static SPEC_VERSION: Rule = Rule {
    id: "grammar-spec-version",
    title: "the document names a version of CycloneDX that has a JSON form",
    severity: Severity::High,
    remedy: "name one of 1.2 to 1.7 in `specVersion`",
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
    title: "the text is a JSON document",
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
            (r#"{"spdxVersion":"SPDX-2.3"}"#, "spdx-2.3-json"),
            (r#"{"@context":"https://spdx.org/rdf/3.1/spdx-context.jsonld"}"#, "spdx-3.1-json"),
            ("SPDXVersion: SPDX-2.2\n", "spdx-2.2-tag-value"),
            (
                "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"/>",
                "cyclonedx-1.5-xml",
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
            ("{}", "document-unrecognised"),
            (r#"{"bomFormat":"CycloneDX"}"#, "grammar-spec-version"),
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.1"}"#, "grammar-spec-version"),
            (r#"{"bomFormat":"Other","specVersion":"1.6"}"#, "grammar-value"),
        ];
        for (text, code) in cases {
            let judged = judge(text);
            assert_eq!(judged.findings[0].rule, code, "{text}");
            assert!(!judged.valid && !judged.is_undecided(), "{text}");
        }
    }
}

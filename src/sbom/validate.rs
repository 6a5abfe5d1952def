//! Whether a document is what it says it is: the text, the format, the grammar of its version, the rules beyond.

use jiff::Timestamp;

use super::grammar::xml::Root;
use super::grammar::{self, Checked, Language};
use super::{Content, Format, Spdx2Version, SpecVersion, rules, spdx2};
use crate::document::{Document, Limits, Position, Value};
use crate::finding::{Finding, Location, Rule, Severity};
use crate::xml;

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
    match Content::of_text(&bytes) {
        Some(content) if content.is_xml() => return validate_xml(bytes, limits, file, now),
        Some(Content::Sbom(Format::Spdx2TagValue(version))) => {
            return tag_value(bytes, version, limits, file, now);
        }
        // What names no version is judged as the newest: the version is then what is missing.
        Some(Content::Foreign { version, encoding: "tag-value", .. }) if version.is_empty() => {
            return tag_value(bytes, Spdx2Version::V2_3, limits, file, now);
        }
        Some(content) => return undecided(content.to_string(), file),
        None => {}
    }
    let document = match Document::parse(bytes, limits) {
        Ok(document) => document,
        Err(error) => {
            let (code, help) = (error.code(), error.help());
            return Validation::refused(None, malformed(&error, code, help, error.position(), file));
        }
    };
    let root = document.root();
    let version = match Content::of_json(root) {
        Some(Content::Sbom(Format::CycloneDxJson(version))) => version,
        Some(Content::Sbom(format @ Format::Spdx2Json(version))) => {
            let checked = grammar::check(&document, version.into(), file);
            return Validation::of(format, &document, checked, file, now);
        }
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
    let checked = grammar::check(&document, version.into(), file);
    Validation::of(Format::CycloneDxJson(version), &document, checked, file, now)
}

/// The same for XML.
fn validate_xml(bytes: Vec<u8>, limits: &Limits, file: &str, now: Timestamp) -> Validation {
    let source = match xml::Document::parse(bytes, limits) {
        Ok(source) => source,
        Err(error) => {
            let (code, help) = (error.code(), error.help());
            return Validation::refused(None, malformed(&error, code, help, error.position(), file));
        }
    };
    let version = match Root::of(&source) {
        Root::Version(version) => version,
        Root::Other(name) if is_newer(&name) => return undecided(format!("cyclonedx-{name}-xml"), file),
        root => {
            let path = source.root().path();
            let finding = match root {
                Root::Other(name) if matches!(name.as_str(), "1.0" | "1.1") => {
                    SPEC_VERSION.fail(&path, format!("CycloneDX XML {name} is not read; 1.2 to 1.7 are"))
                }
                Root::Other(name) => {
                    SPEC_VERSION.fail(&path, format!("{:?} is no version of CycloneDX", grammar::cut(&name)))
                }
                _ => UNRECOGNISED.fail(&path, "the root element is no <bom> of CycloneDX"),
            };
            let at = source.root().position();
            let (line, column) = (Some(at.line), Some(at.column));
            let place = Location { file: file.to_owned(), pointer: Some(path), line, column };
            let finding = finding.remedied_by("give the root the namespace of one of 1.2 to 1.7");
            return Validation::refused(None, finding.at(place));
        }
    };
    match grammar::xml::read(source, version, limits, file) {
        Ok(read) => Validation::of(Format::CycloneDxXml(version), &read.document, read.checked, file, now),
        Err(error) => {
            let (code, help) = (error.code(), error.help());
            Validation::refused(None, malformed(&error, code, help, None, file))
        }
    }
}

impl Validation {
    /// What the grammar and the rules beyond it say.
    fn of(format: Format, document: &Document, checked: Checked, file: &str, now: Timestamp) -> Self {
        let Checked { mut findings, omitted, valid, marks } = checked;
        let (beyond, more) = match format {
            Format::Spdx2Json(_) | Format::Spdx2TagValue(_) => {
                rules::check_spdx2(document, &marks, file, now)
            }
            _ => rules::check(document, &marks, file, now),
        };
        findings.extend(beyond);
        Self { format: Some(format.to_string()), valid, findings, omitted: omitted + more }
    }
}

/// Judges tag-value text: its lines, then what they say.
fn tag_value(
    bytes: Vec<u8>,
    version: Spdx2Version,
    limits: &Limits,
    file: &str,
    now: Timestamp,
) -> Validation {
    let format = Format::Spdx2TagValue(version);
    let read = match spdx2::read(bytes, limits) {
        Ok(read) => read,
        Err(error) => {
            let finding = malformed(&error, error.code(), error.help(), error.position(), file);
            return Validation::refused(Some(format.to_string()), finding);
        }
    };
    let checked = grammar::check(&read.document, version.into(), file);
    let mut judged = Validation::of(format, &read.document, checked, file, now);
    let lines = read.oddities.iter().map(|oddity| {
        let at = read.position(oddity);
        let place =
            Location { file: file.to_owned(), pointer: None, line: Some(at.line), column: Some(at.column) };
        let finding = oddity.rule().fail(format!("line {}", at.line), oddity.to_string()).at(place);
        match oddity.remedy() {
            Some(remedy) => finding.remedied_by(remedy),
            None => finding,
        }
    });
    judged.findings.splice(0..0, lines);
    judged.valid &= read.omitted == 0 && read.oddities.iter().all(|oddity| !oddity.is_loss());
    judged.omitted += read.omitted;
    judged
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

fn malformed(
    error: &dyn std::error::Error,
    code: &'static str,
    help: Option<&'static str>,
    at: Option<Position>,
    file: &str,
) -> Finding {
    let mut finding = MALFORMED.fail("the document", error.to_string());
    finding.rule = code;
    if let Some(help) = help {
        finding = finding.remedied_by(help);
    }
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

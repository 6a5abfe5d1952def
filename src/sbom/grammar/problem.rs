//! What is wrong with a document, in words that say what to do.

use super::form;
use super::nearest::nearest;
use super::notation::{Range, Test};
use super::table::{Case, Check, Enum, TypeId};
use super::{Checked, Dialect, Language, MOST_FINDINGS, Mark};
use crate::document::Value;
use crate::finding::{Finding, Location, Rule, Severity, Status};
use crate::xml;

/// The rules of form, one for each way to break the grammar.
pub static RULES: [&Rule; 19] = [
    &FIELD, &MISSING, &VERSION, &TYPE, &VALUE, &PATTERN, &FORMAT, &LENGTH, &NUMBER, &COUNT, &DUPLICATE,
    &CHOICE, &TOGETHER, &LICENSE, &ORDER, &TWICE, &NAMESPACE, &CONTENT, &BOM_REF,
];

pub(super) static FIELD: Rule = Rule {
    id: "grammar-field",
    title: "every field is one of its object's",
    severity: Severity::High,
    remedy: "remove the field, or put what it says into `properties`",
};
static MISSING: Rule = Rule {
    id: "grammar-missing-field",
    title: "every required field is there",
    severity: Severity::High,
    remedy: "add the field",
};
pub(super) static VERSION: Rule = Rule {
    id: "grammar-version",
    title: "everything belongs to the version that the document names",
    severity: Severity::High,
    remedy: "name the version that has it, or leave it out",
};
static TYPE: Rule = Rule {
    id: "grammar-type",
    title: "every value has the type of its field",
    severity: Severity::High,
    remedy: "correct the value; what is unknown is left out, not null",
};
static VALUE: Rule = Rule {
    id: "grammar-value",
    title: "every value is one of those that its field has",
    severity: Severity::High,
    remedy: "take one of the values of the specification",
};
static PATTERN: Rule = Rule {
    id: "grammar-pattern",
    title: "every text has the pattern of its field",
    severity: Severity::High,
    remedy: "write the text in the form that the specification gives",
};
static FORMAT: Rule = Rule {
    id: "grammar-format",
    title: "references, times and mail addresses are well-formed",
    severity: Severity::High,
    remedy: "write the text in the form that the specification gives",
};
static LENGTH: Rule = Rule {
    id: "grammar-length",
    title: "no text is shorter or longer than its field allows",
    severity: Severity::High,
    remedy: "leave the field out where there is nothing to say; shorten what is too long",
};
static NUMBER: Rule = Rule {
    id: "grammar-number",
    title: "every number is within the bounds of its field",
    severity: Severity::High,
    remedy: "correct the number",
};
static COUNT: Rule = Rule {
    id: "grammar-count",
    title: "every list has as many elements as it must",
    severity: Severity::High,
    remedy: "add an element, or leave the list out",
};
static DUPLICATE: Rule = Rule {
    id: "grammar-duplicate",
    title: "no list that is a set has an element twice",
    severity: Severity::High,
    remedy: "remove one of the two",
};
static CHOICE: Rule = Rule {
    id: "grammar-choice",
    title: "of fields that exclude each other there is one",
    severity: Severity::High,
    remedy: "keep one of them",
};
static TOGETHER: Rule = Rule {
    id: "grammar-together",
    title: "fields that depend on each other agree",
    severity: Severity::High,
    remedy: "remove one of them, or correct the other",
};
static LICENSE: Rule = Rule {
    id: "grammar-license-id",
    title: "every licence id is on the SPDX licence list",
    severity: Severity::High,
    remedy: "put the text into `name` instead of `id`, or an expression into `expression`",
};

pub(super) static ORDER: Rule = Rule {
    id: "grammar-order",
    title: "elements stand in the order of the specification",
    severity: Severity::High,
    remedy: "move the element to its place",
};
pub(super) static TWICE: Rule = Rule {
    id: "grammar-repeated-element",
    title: "an element that can be there once is there once",
    severity: Severity::High,
    remedy: "keep one of the two",
};
pub(super) static NAMESPACE: Rule = Rule {
    id: "grammar-namespace",
    title: "elements are of the namespace of the document, and others stand where they are welcome",
    severity: Severity::High,
    remedy: "give the element the namespace of the document, or leave it out",
};
pub(super) static CONTENT: Rule = Rule {
    id: "grammar-content",
    title: "elements hold text or elements, whichever is theirs",
    severity: Severity::High,
    remedy: "leave out what does not belong there",
};
pub(super) static BOM_REF: Rule = Rule {
    id: "grammar-unique-bom-ref",
    title: "in XML every bom-ref is there once",
    severity: Severity::High,
    remedy: "give each its own `bom-ref`",
};

/// What a finding speaks of: a place in a document.
pub(super) trait Place: Copy {
    fn location(&self, file: &str) -> Location;
}

impl Place for Value<'_> {
    fn location(&self, file: &str) -> Location {
        locate(*self, file)
    }
}

impl Place for xml::Node<'_> {
    fn location(&self, file: &str) -> Location {
        let at = self.position();
        Location {
            file: file.to_owned(),
            pointer: Some(self.path()),
            line: Some(at.line),
            column: Some(at.column),
        }
    }
}

/// Findings as they are made.
pub(super) struct Problems<'a> {
    file: &'a str,
    /// Every value of XML is text.
    in_xml: bool,
    dialect: Dialect,
    findings: Vec<Finding>,
    omitted: usize,
    valid: bool,
}

impl<'a> Problems<'a> {
    pub(super) fn new(file: &'a str, dialect: Dialect) -> Self {
        Self { file, in_xml: false, dialect, findings: Vec::new(), omitted: 0, valid: true }
    }

    /// The same for a document in XML.
    pub(super) fn in_xml(file: &'a str, dialect: Dialect) -> Self {
        Self { in_xml: true, ..Self::new(file, dialect) }
    }

    pub(super) fn finish(mut self, marks: Vec<(Mark, u32)>) -> Checked {
        self.findings.sort_by_key(|finding| {
            finding.location.as_ref().and_then(|location| Some((location.line?, location.column?)))
        });
        Checked { findings: self.findings, omitted: self.omitted, valid: self.valid, marks }
    }

    /// Adds a finding; its words are only made where it will be listed.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        value: impl Place,
        make: impl FnOnce() -> (String, Option<String>),
    ) {
        self.valid = false;
        if let Some(place) = self.room(&value) {
            let (message, remedy) = make();
            self.push(rule.fail(subject(&place), message), remedy, place);
        }
    }

    /// A remark that leaves the document valid.
    pub(super) fn remark(
        &mut self,
        rule: &'static Rule,
        value: impl Place,
        make: impl FnOnce() -> (String, Option<String>),
    ) {
        if let Some(place) = self.room(&value) {
            let (message, remedy) = make();
            self.push(rule.open(subject(&place), message).rated(Severity::Low), remedy, place);
        }
    }

    fn room(&mut self, value: &impl Place) -> Option<Location> {
        if self.findings.len() == MOST_FINDINGS {
            self.omitted += 1;
            return None;
        }
        Some(value.location(self.file))
    }

    fn push(&mut self, mut finding: Finding, remedy: Option<String>, place: Location) {
        debug_assert!(matches!(finding.status, Status::Fail | Status::Open));
        if let Some(remedy) = remedy {
            finding = finding.remedied_by(remedy);
        }
        self.findings.push(finding.at(place));
    }

    pub(super) fn unknown<'m>(
        &mut self,
        value: Value<'_>,
        name: &str,
        tolerated: bool,
        meant: impl FnOnce() -> Option<&'m str>,
    ) {
        let make = || match meant() {
            Some(meant) => (
                format!("`{}` is no field here; `{meant}` is", cut(name)),
                Some(format!("rename it to `{meant}`")),
            ),
            None => (format!("`{}` is no field here", cut(name)), None),
        };
        if tolerated { self.remark(&FIELD, value, make) } else { self.add(&FIELD, value, make) }
    }

    pub(super) fn other_version(&mut self, value: impl Place, name: &str, range: Range, tolerated: bool) {
        let (message, remedy) = self.belongs(name, range);
        let make = || (message, Some(remedy));
        if tolerated { self.remark(&VERSION, value, make) } else { self.add(&VERSION, value, make) }
    }

    fn belongs(&self, name: &str, range: Range) -> (String, String) {
        let Dialect { language, version } = self.dialect;
        let (versions, own) = (language.versions(), self.dialect.version());
        let name = cut(name);
        let is_early = version < range.first;
        let (first, last) = (&versions[range.first], &versions[range.last.min(versions.len() - 1)]);
        let message = if is_early {
            format!("`{name}` came in {first}; this document says {own}")
        } else {
            format!("`{name}` went after {last}; this document says {own}")
        };
        let to = if is_early { first } else { last };
        let remedy = if language == Language::CycloneDx {
            let encoding = if self.in_xml { "xml" } else { "json" };
            let file = if is_plain(self.file) { self.file } else { "FILE" };
            format!("sbom-attest convert {file} --to cyclonedx-{to}-{encoding}, or leave it out")
        } else {
            let (language, field) = (language.name(), language.version_field());
            format!("make it a document of {language} {to} (`{field}`), or leave it out")
        };
        (message, remedy)
    }

    pub(super) fn missing(&mut self, value: impl Place, name: &str) {
        self.add(&MISSING, value, || (format!("`{name}` is missing"), Some(format!("add `{name}`"))));
    }

    pub(super) fn kind(&mut self, value: Value<'_>, expected: &str) {
        let (found, in_xml) = (value.kind().name(), self.in_xml);
        self.add(&TYPE, value, || {
            let found = if found == "a number" || in_xml && found == "a string" {
                cut(&String::from_utf8_lossy(value.raw()))
            } else {
                found.to_owned()
            };
            (format!("expected {expected}, found {found}"), None)
        });
    }

    pub(super) fn constant(&mut self, value: Value<'_>, expected: &str) {
        self.add(&VALUE, value, || {
            let found = shown(value);
            (format!("expected {expected:?}, found {found}"), Some(format!("write {expected:?}")))
        });
    }

    pub(super) fn value(&mut self, value: Value<'_>, content: &str, r#enum: &Enum) {
        if let Some((_, range)) = r#enum.others.iter().find(|(other, _)| other == content) {
            let (message, remedy) = self.belongs(content, *range);
            self.add(&VERSION, value, || (message, Some(remedy)));
            return;
        }
        self.add(&VALUE, value, || {
            let known = || r#enum.values.iter().map(String::as_str);
            let message = format!("{:?} is none of the values of this field", cut(content));
            match nearest(content, known()) {
                Some(meant) => (format!("{message}; {meant:?} is"), Some(format!("write {meant:?}"))),
                None if r#enum.values.len() <= LISTED => {
                    (message, Some(format!("take one of {}", known().collect::<Vec<_>>().join(", "))))
                }
                None => (message, None),
            }
        });
    }

    pub(super) fn text(&mut self, value: Value<'_>, content: &str, check: &Check) {
        let found = cut(content);
        let (rule, message, remedy) = match check {
            Check::OneLine => {
                let version = self.dialect.version();
                (&PATTERN, format!("the text has a line break, which {version} does not allow here"), None)
            }
            Check::Iri => {
                (&FORMAT, format!("{found:?} is no reference (RFC 3987)"), reference_remedy(content))
            }
            Check::Uri => (&FORMAT, format!("{found:?} is no absolute URI (RFC 3986)"), None),
            Check::Email => (&FORMAT, format!("{found:?} is no mail address"), None),
            Check::Time => (
                &FORMAT,
                format!("{found:?} is no time (RFC 3339)"),
                Some("write it as 2026-01-31T12:00:00Z, with an offset".to_owned()),
            ),
            Check::Date => {
                (&FORMAT, format!("{found:?} is no date"), Some("write it as 2026-01-31".to_owned()))
            }
            Check::SpdxId => {
                let remedy = match form::meant_spdx_id(content) {
                    Some(meant) => Some(format!("write {meant:?}")),
                    None if content.contains(" OR ") || content.contains(" AND ") => {
                        Some("put the expression into `expression`, beside `license`".to_owned())
                    }
                    None => None,
                };
                (&LICENSE, format!("{found:?} is not on the SPDX licence list"), remedy)
            }
            Check::AnyUri => {
                (&FORMAT, format!("{found:?} is no URI reference (RFC 3986)"), reference_remedy(content))
            }
            Check::XmlTime => (
                &FORMAT,
                format!("{found:?} is no time (XML Schema, dateTime)"),
                Some("write it as 2026-01-31T12:00:00Z".to_owned()),
            ),
            Check::XmlDate => {
                let remedy = Some("write it as 2026-01-31".to_owned());
                (&FORMAT, format!("{found:?} is no date (XML Schema, date)"), remedy)
            }
            Check::Min(_) => (&LENGTH, "the text is empty".to_owned(), None),
            Check::Max(most) => (&LENGTH, format!("the text has more than {most} characters"), None),
            Check::Like(pattern) => {
                (&PATTERN, format!("{found:?} does not follow {}", pattern.as_str()), None)
            }
        };
        self.add(rule, value, || (message, remedy));
    }

    pub(super) fn range(&mut self, value: Value<'_>, min: Option<f64>, max: Option<f64>) {
        self.add(&NUMBER, value, || {
            let message = match (min, max) {
                (Some(min), Some(max)) => format!("{} is not between {min} and {max}", shown(value)),
                (Some(min), None) => format!("{} is less than {min}", shown(value)),
                (_, max) => format!("{} is more than {}", shown(value), max.unwrap_or_default()),
            };
            (message, None)
        });
    }

    pub(super) fn count(&mut self, value: Value<'_>, least: usize) {
        self.add(&COUNT, value, || (format!("the list has fewer than {least} elements"), None));
    }

    pub(super) fn most(&mut self, value: Value<'_>, most: usize) {
        self.add(&COUNT, value, || (format!("there are more than {most} in this version"), None));
    }

    pub(super) fn duplicate(&mut self, value: Value<'_>) {
        self.add(&DUPLICATE, value, || ("an earlier element of the list is the same".to_owned(), None));
    }

    pub(super) fn not_alone(&mut self, value: Value<'_>, field: &str) {
        let version = self.dialect.version();
        self.add(&CHOICE, value, || {
            let message = format!("an element with `{field}` stands alone in its list until {version}");
            (message, Some("join the expressions with AND or OR, or convert to 1.7".to_owned()))
        });
    }

    pub(super) fn alternatives(&mut self, value: Value<'_>, groups: &[String], there: usize) {
        self.add(&CHOICE, value, || {
            let list = groups.join(", ");
            let (message, remedy) = if there == 0 {
                (format!("one of {list} is missing"), format!("add one of {list}"))
            } else {
                (
                    format!("{there} of {list} are there, and they exclude each other"),
                    "keep one of them".to_owned(),
                )
            };
            (message, Some(remedy))
        });
    }

    pub(super) fn none_of(&mut self, value: Value<'_>, names: &[String]) {
        self.add(&CHOICE, value, || {
            let list = names.join(" and ");
            (format!("none of {list} is there"), Some(format!("add at least one of {list}")))
        });
    }

    pub(super) fn no_case(&mut self, value: Value<'_>, cases: &[Case]) {
        self.add(&CHOICE, value, || {
            let kinds: Vec<String> = cases
                .iter()
                .filter_map(|case| match &case.test {
                    Test::Has(names) => Some(format!("`{}`", names.join("` or `"))),
                    _ => None,
                })
                .collect();
            let message = format!("nothing tells which of {} kinds this is", cases.len());
            (message, Some(format!("say more: {}", kinds.join(", or "))))
        });
    }

    pub(super) fn class(&mut self, value: Value<'_>, name: &str, kinds: &[(String, TypeId)]) {
        self.add(&VALUE, value, || {
            let message = format!("{:?} is no class that may stand here", cut(name));
            match nearest(name, kinds.iter().map(|(known, _)| known.as_str())) {
                Some(meant) => (format!("{message}; {meant:?} is"), Some(format!("write {meant:?}"))),
                None if kinds.len() <= LISTED => {
                    let known: Vec<&str> = kinds.iter().map(|(known, _)| known.as_str()).collect();
                    (message, Some(format!("take one of {}", known.join(", "))))
                }
                None => (message, None),
            }
        });
    }

    pub(super) fn together(&mut self, value: Value<'_>, names: &[String]) {
        self.add(&TOGETHER, value, || (format!("{} exclude each other", names.join(" and ")), None));
    }

    pub(super) fn needs_true(&mut self, value: Value<'_>, field: &str, other: &str) {
        self.add(&TOGETHER, value, || {
            (
                format!("{field} is only for what `{other}` says true of"),
                Some(format!("set `{other}` to true, or state a version")),
            )
        });
    }
}

/// Whether a file name stands in a command line as it is.
fn is_plain(file: &str) -> bool {
    let is_good = |c: char| c.is_ascii_alphanumeric() || "._-/+@".contains(c);
    !file.is_empty() && !file.starts_with('-') && file.chars().all(is_good)
}

/// What helps with references that are not.
fn reference_remedy(content: &str) -> Option<String> {
    if content.contains(' ') {
        return Some("write spaces as %20".to_owned());
    }
    let (host, path) =
        content.split_once(':').filter(|(host, _)| host.contains('@') && !host.contains('/'))?;
    Some(format!("write it as ssh://{}/{}", cut(host), cut(path)))
}

/// Where a value stands, in the words of the text that the document was read from.
pub(crate) fn locate(value: Value<'_>, file: &str) -> Location {
    let at = value.position();
    Location {
        file: file.to_owned(),
        pointer: Some(value.place()),
        line: Some(at.line),
        column: Some(at.column),
    }
}

/// The pointer, or words for the empty one.
pub(crate) fn subject(place: &Location) -> String {
    place.pointer.clone().filter(|pointer| !pointer.is_empty()).unwrap_or_else(|| "the document".to_owned())
}

/// A text of the document, of which a message shows so much.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn shown(value: Value<'_>) -> String {
    cut(&String::from_utf8_lossy(value.raw()))
}

/// Characters of a text that a message shows.
const SHOWN: usize = 80;
/// Values that a remedy lists.
const LISTED: usize = 16;

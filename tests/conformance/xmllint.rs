//! The official schemas of CycloneDX XML as xmllint applies them, beside our own judgement: on the documents of the suite, on
//! what we write, on mutants. Where xmllint is not installed this says so and looks at nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sbom_attest::document::Limits;
use sbom_attest::sbom::{Format, SpecVersion, open, validate, write};
use sbom_attest::xml::{Document, Element};

use super::grammar::Random;
use super::xml::{documents, json_documents};
use super::{read, vectors};

#[test]
fn xmllint_agrees_on_the_documents_of_the_suite() {
    let Some(oracle) = Oracle::new() else { return };
    for version in SpecVersion::ALL {
        let own = documents().into_iter().filter(|(_, own)| *own == version);
        oracle.hold(version, own.map(|(path, _)| (path.display().to_string(), read(&path))));
    }
    oracle.report("documents of the suite");
}

#[test]
fn xmllint_agrees_on_what_is_written() {
    let Some(oracle) = Oracle::new() else { return };
    for version in SpecVersion::ALL {
        let own = json_documents().into_iter().filter(|(_, own)| *own == version);
        oracle.hold(
            version,
            own.map(|(path, _)| {
                let document = open(read(&path), &Limits::default()).unwrap().document;
                let written = write(&document, Format::CycloneDxXml(version)).unwrap();
                (path.display().to_string(), written.bytes)
            }),
        );
    }
    oracle.report("documents that we write");
}

/// Each mutant differs from a document of the suite in one place. The same seeds give the same mutants.
#[test]
fn xmllint_agrees_on_mutants() {
    let Some(oracle) = Oracle::new() else { return };
    let rounds: u64 = std::env::var("SBOM_ATTEST_MUTANTS").map_or(60, |count| count.parse().unwrap());
    for version in SpecVersion::ALL {
        let own: Vec<PathBuf> =
            documents().into_iter().filter(|(_, own)| *own == version).map(|(path, _)| path).collect();
        let mutants = own.iter().enumerate().flat_map(|(number, path)| {
            let original = read(path);
            (0..rounds).map(move |round| {
                let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (number as u64) << 32 ^ round);
                let (done, mutant) = mutate(&original, &mut random);
                (format!("{} ({done})", path.file_name().unwrap().display()), mutant)
            })
        });
        oracle.hold(version, mutants);
    }
    oracle.report("mutants");
}

struct Oracle {
    folder: tempfile::TempDir,
    agreed: std::cell::Cell<usize>,
    refused: std::cell::Cell<usize>,
    known: std::cell::RefCell<BTreeMap<&'static str, usize>>,
    wrong: std::cell::RefCell<BTreeMap<String, String>>,
}

impl Oracle {
    fn new() -> Option<Self> {
        if Command::new("xmllint").arg("--version").output().is_err() {
            eprintln!("xmllint: skipped: it is not installed (Debian: libxml2-utils)");
            return None;
        }
        Some(Self {
            folder: tempfile::tempdir().unwrap(),
            agreed: std::cell::Cell::default(),
            refused: std::cell::Cell::default(),
            known: std::cell::RefCell::default(),
            wrong: std::cell::RefCell::default(),
        })
    }

    /// Judges documents of a version twice, and notes where the two differ.
    fn hold(&self, version: SpecVersion, documents: impl Iterator<Item = (String, Vec<u8>)>) {
        let documents: Vec<(String, Vec<u8>)> = documents.collect();
        for (batch, documents) in documents.chunks(BATCH).enumerate() {
            let folder = self.folder.path().join(format!("{version}-{batch}"));
            std::fs::create_dir(&folder).unwrap();
            for (number, (_, bytes)) in documents.iter().enumerate() {
                std::fs::write(folder.join(format!("{number:06}.xml")), bytes).unwrap();
            }
            let theirs = lint(version, &folder);
            for (number, (name, bytes)) in documents.iter().enumerate() {
                self.compare(name, bytes, version, theirs.get(&number).map(String::as_str));
            }
            std::fs::remove_dir_all(&folder).unwrap();
        }
    }

    fn compare(&self, name: &str, bytes: &[u8], version: SpecVersion, theirs: Option<&str>) {
        let judged = validate(bytes.to_vec(), &Limits::default(), name, jiff::Timestamp::UNIX_EPOCH);
        self.refused.set(self.refused.get() + usize::from(!judged.valid));
        if judged.valid == theirs.is_none() {
            self.agreed.set(self.agreed.get() + 1);
            return;
        }
        let broken = judged.findings.iter().filter(|finding| {
            finding.status == sbom_attest::finding::Status::Fail
                && (finding.rule.starts_with("grammar") || finding.rule.starts_with("xml"))
        });
        let ours: Vec<String> = broken
            .take(3)
            .map(|finding| format!("{} {} {}", finding.rule, finding.subject, finding.message))
            .collect();
        if let Some(reason) = known(version, &ours, theirs) {
            *self.known.borrow_mut().entry(reason).or_default() += 1;
            return;
        }
        let kind = match (ours.first(), theirs) {
            (Some(ours), _) => ours.split(' ').take(2).collect::<Vec<_>>().join(" "),
            (None, Some(theirs)) => theirs.chars().filter(|c| !c.is_ascii_digit()).take(120).collect(),
            (None, None) => String::new(),
        };
        let how = format!("{version} ours {ours:?}, theirs {theirs:?}");
        self.wrong.borrow_mut().entry(kind).or_insert_with(|| format!("{name}: {how}"));
    }

    fn report(self, what: &str) {
        let (agreed, refused, known) = (self.agreed.get(), self.refused.get(), self.known.into_inner());
        eprintln!("xmllint: agrees on {agreed} {what}, {refused} of them refused; known: {known:?}");
        let wrong = self.wrong.into_inner();
        let mut text = String::new();
        for first in wrong.values() {
            writeln!(text, "{first}").unwrap();
        }
        assert!(wrong.is_empty(), "{} kinds\n{text}", wrong.len());
        assert!(agreed > 0);
    }
}

/// The reason of a disagreement that is known.
fn known(version: SpecVersion, ours: &[String], theirs: Option<&str>) -> Option<&'static str> {
    if let Some(theirs) = theirs {
        let is_date =
            ours.is_empty() && theirs.contains(" ' is not a valid value of the atomic type 'xs:date'");
        return is_date.then_some("xmllint takes white space around a date for a part of it");
    }
    let all = |holds: &dyn Fn(&str, &str) -> bool| {
        ours.iter().all(|ours| {
            let (rule, rest) = ours.split_once(' ').unwrap();
            holds(rule, rest.split(' ').next().unwrap())
        })
    };
    let within = |path: &str, names: &[&str]| {
        let path: String =
            path.split('[').map(|step| step.split_once(']').map_or(step, |(_, rest)| rest)).collect();
        names.iter().any(|name| path.contains(&format!("/{name}")))
    };
    if all(&|rule, _| rule == "grammar-together") {
        return Some("the specification says it in prose: a range of versions is for external components");
    }
    if all(&|rule, path| {
        matches!(rule, "grammar-repeated-element" | "grammar-order")
            && within(path, &["composition", "releaseNotes", "note", "workspace", "source"])
    }) {
        return Some("the schema repeats the whole sequence, of which JSON has one");
    }
    if all(&|rule, path| rule == "grammar-choice" && within(path, &["patentAssignee"])) {
        return Some("the schema has an assignee who is nobody, and JSON has none");
    }
    if all(&|rule, path| {
        matches!(rule, "grammar-content" | "grammar-field")
            && within(path, &["sensitiveData", "occurrence/location", "graphics/description"])
    }) {
        return Some("the schema forgets the type of a text, so that anything is in it");
    }
    if version == SpecVersion::V1_2
        && all(&|rule, path| rule == "grammar-order" && within(path, &["metadata/"]))
    {
        return Some(
            "xmllint is wrong about elements of other namespaces in front of one that may be repeated",
        );
    }
    None
}

/// What xmllint says against the documents of a folder, by their numbers.
fn lint(version: SpecVersion, folder: &Path) -> BTreeMap<usize, String> {
    let schemas = vectors("cyclonedx").join("schema");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let run = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(schemas.join(format!("bom-{version}.xsd")))
        .args(&files)
        .env("XML_CATALOG_FILES", schemas.join("xmlcatalog.xml"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    let mut verdicts = 0;
    for line in said.lines() {
        let Some((_, rest)) = line.split_once(&format!("{}/", folder.display())) else { continue };
        let Some((number, rest)) = rest.split_once(".xml") else { continue };
        let number: usize = number.parse().unwrap();
        if rest.starts_with(" validates") {
            verdicts += 1;
        } else if rest.starts_with(" fails to validate") {
            verdicts += 1;
            found.entry(number).or_default();
        } else if rest.starts_with(':') {
            let entry = found.entry(number).or_default();
            if entry.is_empty() {
                entry.push_str(rest);
            }
        }
    }
    assert!(verdicts > 0, "xmllint says nothing: {said}");
    found
}

/// Changes one place of a document, and says how.
fn mutate(bytes: &[u8], random: &mut Random) -> (String, Vec<u8>) {
    let document = Document::parse(bytes.to_vec(), &Limits::default()).unwrap();
    let text = std::str::from_utf8(bytes).unwrap();
    let mut elements = vec![document.root()];
    let mut next = 0;
    while next < elements.len() {
        let children: Vec<Element<'_>> = elements[next].children().collect();
        elements.extend(children);
        next += 1;
    }
    let element = elements[random.below(elements.len())];
    let span = element.span();
    let raw = &text[span.clone()];
    let attributes: Vec<_> = element.attributes().collect();
    let is_leaf = element.children().next().is_none();
    let tag_end = span.start + raw.find('>').unwrap();
    let is_closed = text.as_bytes()[tag_end - 1] == b'/';
    let inner = (tag_end + 1)..(span.start + raw.rfind("</").unwrap_or(raw.len()));
    let replaced = |range: std::ops::Range<usize>, with: &str| {
        format!("{}{with}{}", &text[..range.start], &text[range.end..])
    };
    let named = |name: &str| {
        let old = element.qualified();
        let renamed = raw.replacen(&format!("<{old}"), &format!("<{name}"), 1);
        match renamed.strip_suffix(&format!("</{old}>")) {
            Some(start) => format!("{start}</{name}>"),
            None => renamed,
        }
    };
    let kind = random.below(18);
    let mutant = match kind {
        0 | 1 if element != document.root() => replaced(span, ""),
        2 if element != document.root() => replaced(span, &format!("{raw}{raw}")),
        3 if element != document.root() => {
            let siblings: Vec<_> = element.parent().unwrap().children().collect();
            let place = siblings.iter().position(|sibling| *sibling == element).unwrap();
            match siblings.get(place + 1) {
                Some(next) => {
                    let between = &text[span.end..next.span().start];
                    let other = &text[next.span()];
                    replaced(span.start..next.span().end, &format!("{other}{between}{raw}"))
                }
                None => replaced(span, ""),
            }
        }
        4 if element != document.root() => replaced(span, &named(&format!("{}s", element.qualified()))),
        5 if element != document.root() => {
            let names = [
                "name",
                "url",
                "version",
                "ref",
                "license",
                "expression",
                "component",
                "text",
                "type",
                "value",
            ];
            replaced(span, &named(names[random.below(names.len())]))
        }
        6..=8 if !is_closed => {
            let piece = [
                "<surplus/>",
                "<x:y xmlns:x=\"urn:x\"/>",
                "stray",
                "<!-- why -->",
                "<name>n</name>",
                "<z xmlns=\"\"/>",
            ][random.below(6)];
            let at = if random.below(2) == 0 { inner.start } else { inner.end };
            replaced(at..at, piece)
        }
        9 if !is_closed => replaced(inner, ""),
        10 | 11 if is_leaf && !is_closed => {
            let values = [
                "",
                " ",
                "x",
                "1",
                "0",
                "true",
                "-1",
                "1.5",
                "+07",
                "2026-02-30T00:00:00Z",
                "2026-01-31T12:00:00",
                "git@host:x",
                "a\nb",
                "  x  ",
                " 1 ",
                " true ",
                "MIT",
                "https://a.example/ b",
                "%",
                "urn:x",
                "other",
            ];
            replaced(inner, values[random.below(values.len())])
        }
        12 if is_leaf && !is_closed => {
            replaced(inner.end..inner.end, ["x", " ", "é", "%", "&amp;"][random.below(5)])
        }
        13 | 14 if !attributes.is_empty() => {
            let attribute = attributes[random.below(attributes.len())];
            match random.below(4) {
                0 => replaced(attribute.span(), ""),
                1 => replaced(attribute.span(), &attribute.node().raw().replacen('=', "s=", 1)),
                2 => replaced(
                    attribute.value_span(),
                    ["", " ", "x", "1", "true", "-1", "a b", "é"][random.below(8)],
                ),
                _ => replaced(
                    attribute.value_span(),
                    &format!("{}x", attribute.value().replace('&', "&amp;").replace('<', "&lt;")),
                ),
            }
        }
        15 => replaced(tag_end - usize::from(is_closed)..tag_end - usize::from(is_closed), " surplus=\"1\""),
        16 => replaced(
            tag_end - usize::from(is_closed)..tag_end - usize::from(is_closed),
            " xmlns:x=\"urn:x\" x:y=\"1\"",
        ),
        17 => {
            let refs: Vec<_> = elements.iter().filter_map(|element| element.attribute("bom-ref")).collect();
            match (refs.first(), refs.last()) {
                (Some(first), Some(last)) if first != last => {
                    let value = first.node().raw().to_owned();
                    replaced(last.span(), &value)
                }
                _ => text.to_owned(),
            }
        }
        _ => text.to_owned(),
    };
    (format!("{kind} at {}", element.path()), mutant.into_bytes())
}

/// Documents that one run of xmllint judges.
const BATCH: usize = 2000;

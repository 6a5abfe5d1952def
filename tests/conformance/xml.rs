//! CycloneDX XML beside the official schemas: on their own test documents, on the pairs of JSON and XML, on mutants.

use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::{Format, SpecVersion, open, validate, write};

use serde_json::Value;

use super::{read, vectors};

#[test]
fn valid_xml_is_accepted_and_invalid_xml_refused() {
    let (mut accepted, mut refused, mut wrong) = (0, 0, Vec::new());
    for (path, _) in documents() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let judged = validate(read(&path), &Limits::default(), &name, jiff::Timestamp::UNIX_EPOCH);
        match (name.starts_with("valid"), judged.valid) {
            (true, true) => accepted += 1,
            (false, false) => refused += 1,
            (true, false) => {
                let form = judged.findings.iter().filter(|finding| finding.rule.starts_with("grammar"));
                let form = form.map(|finding| format!("{} {}", finding.subject, finding.message));
                wrong.push(format!("{}: {:?}", path.display(), form.collect::<Vec<_>>()));
            }
            (false, true) => wrong.push(format!("{} was accepted", path.display())),
        }
    }
    eprintln!("xml: {accepted} valid documents accepted, {refused} invalid ones refused");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((accepted, refused), (232, 150 + INFORMAL));
}

/// Each XML document of the suite that has a JSON twin says the same.
#[test]
fn json_and_xml_of_a_pair_say_the_same() {
    let (mut same, mut differ) = (0, Vec::new());
    for (path, _) in documents() {
        let twin = path.with_extension("json");
        if !twin.exists() || !path.file_name().unwrap().to_string_lossy().starts_with("valid") {
            continue;
        }
        let json = open(read(&twin), &Limits::default()).unwrap().document;
        let xml = open(read(&path), &Limits::default()).unwrap().document;
        let (mut json, xml) = (value(&json), value(&xml));
        json.as_object_mut().unwrap().remove("$schema");
        let found = differences(&json, &xml);
        same += usize::from(found.is_empty());
        differ.extend(found.into_iter().map(|how| format!("{}: {how}", path.file_name().unwrap().display())));
    }
    eprintln!("xml: {same} pairs say the same, {} differ\n{}", differ.len(), differ.join("\n"));
}

fn value(document: &Document) -> Value {
    serde_json::from_slice(&document.root().canonical()).unwrap()
}

/// The places where two values differ.
fn differences(json: &Value, xml: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), json, xml)];
    while let Some((pointer, json, xml)) = open.pop() {
        match (json, xml) {
            (Value::Object(one), Value::Object(other)) => {
                for (name, value) in one {
                    let Some(twin) = other.get(name) else {
                        found.push(format!("{pointer}/{name} is in JSON alone: {}", short(value)));
                        continue;
                    };
                    open.push((format!("{pointer}/{name}"), value, twin));
                }
                for (name, value) in other.iter().filter(|(name, _)| !one.contains_key(*name)) {
                    found.push(format!("{pointer}/{name} is in XML alone: {}", short(value)));
                }
            }
            (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
                let pairs = one.iter().zip(other).enumerate();
                open.extend(pairs.map(|(index, (one, other))| (format!("{pointer}/{index}"), one, other)));
            }
            (one, other) if one == other => {}
            (one, other) => found.push(format!("{pointer} {} / {}", short(one), short(other))),
        }
    }
    found
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(120).collect()
}

/// What is written is valid by our own judgement, and reads back as it was.
#[test]
fn json_comes_back_from_xml() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (path, version) in json_documents() {
        let name = path.file_name().unwrap().display().to_string();
        let before = open(read(&path), &Limits::default()).unwrap().document;
        let written = write(&before, Format::CycloneDxXml(version)).unwrap();
        let judged = validate(written.bytes.clone(), &Limits::default(), &name, jiff::Timestamp::UNIX_EPOCH);
        if !judged.valid {
            let form = judged.findings.iter().filter(|finding| finding.rule.starts_with("grammar"));
            let form = form.map(|finding| format!("{} {}", finding.subject, finding.message));
            wrong.push(format!("{name}: {:?}", form.collect::<Vec<_>>()));
        }
        let after = open(written.bytes, &Limits::default()).unwrap();
        let (mut before, after) = (value(&before), value(&after.document));
        before.as_object_mut().unwrap().remove("$schema");
        wrong.extend(differences(&before, &after).into_iter().map(|how| format!("{name}: {how}")));
        count += 1;
    }
    eprintln!("xml: {count} JSON documents written as XML and read back");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// The valid JSON documents of the official suite, with the version of their folder.
pub(crate) fn json_documents() -> Vec<(PathBuf, SpecVersion)> {
    let folder = vectors("cyclonedx");
    let files = SpecVersion::ALL.into_iter().flat_map(|version| {
        files(&folder.join(version.name()), "json").into_iter().map(move |path| (path, version))
    });
    files.filter(|(path, _)| path.file_name().unwrap().to_string_lossy().starts_with("valid")).collect()
}

/// The XML documents of the official suite, with the version of their folder.
pub(crate) fn documents() -> Vec<(PathBuf, SpecVersion)> {
    let folder = vectors("cyclonedx");
    SpecVersion::ALL
        .into_iter()
        .flat_map(|version| {
            files(&folder.join(version.name()), "xml").into_iter().map(move |path| (path, version))
        })
        .collect()
}

/// Documents that break a rule of the specification which no schema of XML states.
const INFORMAL: usize = 2;

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|own| own == extension));
    found.sort();
    found
}

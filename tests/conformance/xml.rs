//! CycloneDX XML beside the official schemas: on their own test documents, on the pairs of JSON and XML, on mutants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::{Format, Sbom, SpecVersion, open, validate, write};

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

/// Each XML document of the suite says what its JSON twin says, but for what [`normal`] evens out and where the suite itself has
/// two different contents.
#[test]
fn json_and_xml_of_a_pair_say_the_same() {
    let (mut count, mut same, mut differ) = (0, 0, BTreeMap::new());
    for (path, version) in documents() {
        let twin = path.with_extension("json");
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !twin.exists() || !name.starts_with("valid") {
            continue;
        }
        count += 1;
        let json = value(&open(read(&twin), &Limits::default()).unwrap().document);
        let xml = value(&open(read(&path), &Limits::default()).unwrap().document);
        let found = differences(&normal(json), &normal(xml));
        if found.is_empty() {
            same += 1;
        } else {
            differ.insert(name.trim_end_matches(&format!("-{version}")).to_owned(), found);
        }
    }
    eprintln!(
        "xml: {same} of {count} pairs say the same; in the others the suite says two things: {:?}",
        differ.keys()
    );
    if std::env::var_os("SBOM_ATTEST_SHOW").is_some() {
        eprintln!("{differ:#?}");
    }
    assert_eq!((count, same), (214, 157));
    let others: Vec<&str> = differ.keys().map(String::as_str).collect();
    assert_eq!(others, TWO_CONTENTS);
}

/// What JSON and XML say in different ways, evened out.
fn normal(mut value: Value) -> Value {
    let root = value.as_object_mut().unwrap();
    root.remove("$schema");
    // What is so unless something else is said need not be said.
    root.retain(|name, member| name != "version" || *member != 1);
    let mut open = vec![&mut value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                // XML is signed in its own way.
                members.remove("signature");
                // Where a list has no element of its own in XML, an empty one is none.
                members.retain(|name, member| name != "contentType" || member != "text/plain");
                members.retain(|_, member| !matches!(member, Value::Array(list) if list.is_empty()));
                // The old form of JSON, which XML does not have.
                if let Some(identity) = members.get_mut("identity").filter(|identity| identity.is_object()) {
                    *identity = Value::Array(vec![identity.take()]);
                }
                open.extend(members.values_mut());
            }
            Value::Array(elements) => open.extend(elements),
            Value::String(text) => {
                // Files of XML are indented by hand, within texts too.
                *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                // One instant has several spellings.
                if let Ok(time) = text.parse::<jiff::Timestamp>() {
                    *text = time.to_string();
                }
            }
            _ => {}
        }
    }
    value
}

/// Documents of the suite that were written twice, with different contents.
const TWO_CONTENTS: &[&str] = &[
    "valid-annotation",
    "valid-bom",
    "valid-citations",
    "valid-component-external-with-version",
    "valid-component-ref",
    "valid-compositions",
    "valid-cryptography-full",
    "valid-cryptography-full-deprecated",
    "valid-cryptography-implementation",
    "valid-dependency",
    "valid-external-reference",
    "valid-formulation",
    "valid-license-choice",
    "valid-license-expression",
    "valid-license-expression-with-text",
    "valid-license-id",
    "valid-license-name",
    "valid-machine-learning",
    "valid-metadata-timestamp",
    "valid-properties",
    "valid-release-notes",
    "valid-saasbom",
    "valid-service",
    "valid-vulnerability",
];

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

/// What is written is valid by our own judgement, reads back as it was, and is written the same again. What does not come back
/// is in the account.
#[test]
fn json_comes_back_from_xml() {
    let (mut count, mut lost, mut wrong) = (0, 0, Vec::new());
    for (path, version) in json_documents() {
        let name = path.file_name().unwrap().display().to_string();
        let before = open(read(&path), &Limits::default()).unwrap().document;
        let written = write(&before, Format::CycloneDxXml(version)).unwrap();
        let judged = validate(written.bytes.clone(), &Limits::default(), &name, jiff::Timestamp::UNIX_EPOCH);
        let form: Vec<String> = judged
            .findings
            .iter()
            .filter(|finding| finding.rule.starts_with("grammar"))
            .map(|finding| format!("{} {} {}", finding.rule, finding.subject, finding.message))
            .collect();
        // Twice a JSON document has a bom-ref twice, which XML forbids.
        let is_known = ["valid-formulation-1.5.json", "valid-citations-1.7.json"].contains(&name.as_str())
            && form.len() == 1
            && form[0].starts_with("grammar-unique-bom-ref");
        if !judged.valid && !is_known {
            wrong.push(format!("{name}: {form:?}"));
        }
        let after = open(written.bytes.clone(), &Limits::default()).unwrap();
        assert!(after.losses.is_empty());
        assert_eq!(after.format, Format::CycloneDxXml(version));
        let again = write(&after.document, Format::CycloneDxXml(version)).unwrap();
        assert!(again.bytes == written.bytes, "{name} is written in another way");
        let told: Vec<&str> = written
            .losses
            .iter()
            .filter(|loss| !loss.reason.is_empty())
            .map(|loss| loss.pointer.as_str())
            .collect();
        for how in differences(&value(&before), &value(&after.document)) {
            let pointer = how.split(' ').next().unwrap();
            lost += 1;
            if !told.iter().any(|told| told.starts_with(pointer) || pointer.starts_with(told)) {
                wrong.push(format!("{name}: {how}"));
            }
        }
        count += 1;
    }
    eprintln!(
        "xml: {count} JSON documents written as XML and read back; {lost} places differ, all of them told"
    );
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(count, 218);
}

/// XML comes back through JSON: what is written as JSON and read again gives the same XML.
#[test]
fn xml_comes_back_from_json() {
    let mut count = 0;
    for (path, version) in documents() {
        if !path.file_name().unwrap().to_string_lossy().starts_with("valid") {
            continue;
        }
        let xml = open(read(&path), &Limits::default()).unwrap().document;
        let json = write(&xml, Format::CycloneDxJson(version)).unwrap();
        let back = open(json.bytes, &Limits::default()).unwrap().document;
        assert_eq!(value(&back), value(&xml));
        let one = write(&xml, Format::CycloneDxXml(version)).unwrap();
        let other = write(&back, Format::CycloneDxXml(version)).unwrap();
        assert!(one.bytes == other.bytes, "{}", path.display());
        let again = open(one.bytes, &Limits::default()).unwrap().document;
        assert_eq!(value(&again), value(&xml), "{}", path.display());
        count += 1;
    }
    eprintln!("xml: {count} XML documents come back through JSON");
    assert_eq!(count, 232);
}

/// `SBOM_ATTEST_CORPUS` names a folder of real documents in JSON; XML stands around it.
#[test]
fn real_xml_is_read() {
    let Some(corpus) = std::env::var_os("SBOM_ATTEST_CORPUS") else { return };
    let (mut read_back, mut open_folders) = (0, vec![Path::new(&corpus).parent().unwrap().to_owned()]);
    while let Some(folder) = open_folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open_folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                match open(read(&path), &Limits::default()) {
                    Ok(opened) => {
                        let sbom = Sbom::read(read(&path), &Limits::default()).unwrap();
                        let written = write(&opened.document, opened.format).unwrap();
                        let back = open(written.bytes, &Limits::default()).unwrap();
                        assert_eq!(value(&back.document), value(&opened.document), "{}", path.display());
                        eprintln!(
                            "xml: {}: {}, {} components, {} losses",
                            path.display(),
                            opened.format,
                            sbom.components().len(),
                            opened.losses.len()
                        );
                        read_back += 1;
                    }
                    Err(error) => eprintln!("xml: {}: {error}", path.display()),
                }
            }
        }
    }
    eprintln!("xml: {read_back} real XML documents read");
    assert!(read_back > 0);
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

//! SPDX 2 as others write it: the documents of spdx/spdx-examples, beside the folder that `SBOM_ATTEST_CORPUS` names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::convert::Fate;
use sbom_attest::sbom::{spdx2, validate};
use serde_json::Value;

use super::read;

/// What the rules find in documents that are valid, and why it is right. Nothing else may be found.
const FOUND: [(&str, &str, &str); 9] = [
    ("ACME-v2.3.spdx.json", "spdx-files-analyzed", "`filesAnalyzed` is false beside `licenseInfoFromFiles`"),
    ("ACME-v2.3.spdx.json", "spdx-digest-weak", "MD5 and SHA1 alone"),
    (
        "hello-source.spdx.json",
        "spdx-verification-code",
        "no order or spelling of the five digests gives the code",
    ),
    (
        "hello-dist.spdx.json",
        "spdx-verification-code",
        "Microsoft.SBOMTool 0.2.7 computes it over capital letters",
    ),
    (
        "hello-src.spdx.json",
        "spdx-verification-code",
        "Microsoft.SBOMTool 0.2.7 computes it over capital letters",
    ),
    ("examplemaven-0.0.1.spdx.json", "spdx-digest-weak", "SHA1 alone"),
    ("examplemaven-0.0.1-enriched.spdx.json", "spdx-digest-weak", "SHA1 alone"),
    ("appbomination.spdx.json", "spdx-digest-weak", "SHA1 alone"),
    (
        "appbomination.spdx.json",
        "spdx-files-analyzed",
        "`filesAnalyzed` is false, and files are CONTAINED_BY the package",
    ),
];

#[test]
fn every_document_is_valid_and_what_the_rules_find_is_known() {
    let mut found = BTreeSet::new();
    let documents = documents();
    for path in &documents {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let judged = validate(read(path), &Limits::default(), &name, jiff::Timestamp::UNIX_EPOCH);
        assert!(judged.valid, "{}: {:#?}", path.display(), judged.findings);
        let broken = judged.findings.iter().filter(|finding| finding.is_broken());
        found.extend(broken.map(|finding| (name.clone(), finding.rule)));
    }
    let known: BTreeSet<_> = FOUND.iter().map(|(name, rule, _)| ((*name).to_owned(), *rule)).collect();
    assert_eq!(found, known);
    eprintln!(
        "spdx 2: {} documents valid, {} rules broken in them as expected",
        documents.len(),
        known.len()
    );
    assert!(documents.len() >= 25);
}

/// Nothing is overlooked: the lines that begin something are as many as the things that are read.
#[test]
fn every_line_that_begins_something_is_read() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for path in documents().iter().filter(|path| is_tag_value(path)) {
        let text = String::from_utf8(read(path)).unwrap();
        let document = spdx2::read(text.clone().into_bytes(), &Limits::default()).unwrap().document;
        for (tag, list) in [
            ("PackageName:", "packages"),
            ("FileName:", "files"),
            ("SnippetSPDXID:", "snippets"),
            ("Relationship:", "relationships"),
            ("LicenseID:", "hasExtractedLicensingInfos"),
        ] {
            let lines = text.lines().filter(|line| line.starts_with(tag)).count();
            let read = document.root().get(list).map_or(0, |list| list.elements().count());
            assert_eq!(lines, read, "{tag} in {}", path.display());
            *counts.entry(list).or_default() += read;
        }
    }
    eprintln!("spdx 2: read from tag-value: {counts:?}");
    assert!(counts["packages"] > 10 && counts["files"] > 10 && counts["relationships"] > 20);
}

/// Text to document to text to document is the document; so is JSON to text to document, but for what the text spells
/// otherwise.
#[test]
fn every_document_comes_back_through_tag_value() {
    for path in documents() {
        let bytes = read(&path);
        let (document, is_text) = if is_tag_value(&path) {
            let read = spdx2::read(bytes, &Limits::default()).unwrap();
            assert!(
                read.oddities.is_empty() && read.losses.len() <= 1,
                "{}: {:?}",
                path.display(),
                read.losses
            );
            (read.document, true)
        } else {
            (Document::parse(bytes, &Limits::default()).unwrap(), false)
        };
        let written = spdx2::write(&document);
        let lost: Vec<_> = written.losses.iter().filter(|loss| loss.fate != Fate::Mapped).collect();
        assert!(lost.is_empty(), "{}: {lost:?}", path.display());
        let back = spdx2::read(written.bytes.clone(), &Limits::default()).unwrap();
        assert!(back.oddities.is_empty() && back.losses.is_empty(), "{}: {:?}", path.display(), back.losses);
        if is_text {
            assert_eq!(back.document.bytes(), document.bytes(), "{}", path.display());
        } else {
            assert_eq!(normal(back.document.bytes()), normal(document.bytes()), "{}", path.display());
        }
        assert_eq!(spdx2::write(&back.document).bytes, written.bytes, "{}", path.display());
    }
}

/// The document without what tag-value has no way to tell apart: the order of files, and lists that are relationships
/// there.
fn normal(json: &[u8]) -> Value {
    let mut root: Value = serde_json::from_slice(json).unwrap();
    let described: Vec<Value> = root
        .as_object_mut()
        .unwrap()
        .remove("documentDescribes")
        .and_then(|list| list.as_array().cloned())
        .unwrap_or_default();
    let mut relationships: BTreeSet<String> = described
        .iter()
        .map(|id| serde_json::json!({"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": id}).to_string())
        .collect();
    relationships.extend(root["relationships"].as_array().into_iter().flatten().map(ToString::to_string));
    root["relationships"] = relationships.into_iter().collect();
    if let Some(files) = root.get_mut("files").and_then(Value::as_array_mut) {
        files.sort_by_key(|file| file["SPDXID"].to_string());
    }
    for package in root.get_mut("packages").and_then(Value::as_array_mut).into_iter().flatten() {
        let is_older = package.to_string().contains("PACKAGE_MANAGER");
        for reference in package.get_mut("externalRefs").and_then(Value::as_array_mut).into_iter().flatten() {
            if is_older || reference["referenceCategory"] == "PACKAGE-MANAGER" {
                reference["referenceCategory"] = "PACKAGE_MANAGER".into();
            }
        }
    }
    without_empty_lists(&mut root);
    root
}

fn without_empty_lists(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| member.as_array().is_none_or(|list| !list.is_empty()));
            members.values_mut().for_each(without_empty_lists);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_empty_lists),
        _ => {}
    }
}

fn is_tag_value(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "spdx")
}

/// The files of the corpus that are SPDX 2.
fn documents() -> Vec<PathBuf> {
    let folder = std::env::var_os("SBOM_ATTEST_CORPUS").expect("scripts/conformance sets SBOM_ATTEST_CORPUS");
    let folder = Path::new(&folder).with_file_name("spdx");
    let mut open = vec![folder];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if is_tag_value(&path) || String::from_utf8_lossy(&read(&path)).contains("\"spdxVersion\"")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

//! Conversion to SPDX 2 and back, on real documents: what comes back is what was there, value for value, except for what
//! the account says is dropped.

use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Kind, Limits, Value};
use sbom_attest::sbom::convert::{Fate, Loss, spdx2};
use sbom_attest::sbom::grammar::{self, Dialect};
use sbom_attest::sbom::{Spdx2Version, SpecVersion, open};

use crate::{json_files, read, vectors};

/// When the tests run.
fn now() -> jiff::Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// The folder of real SBOMs.
fn corpus() -> PathBuf {
    let folder = std::env::var_os("SBOM_ATTEST_CORPUS").expect("scripts/conformance sets SBOM_ATTEST_CORPUS");
    Path::new(&folder).parent().unwrap().to_owned()
}

fn parse(bytes: Vec<u8>) -> Document {
    Document::parse(bytes, &Limits::default()).unwrap()
}

fn cyclonedx_files() -> Vec<PathBuf> {
    let mut files = json_files(&corpus().join("cyclonedx"));
    let is_valid = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("valid");
    files.extend(json_files(&vectors("cyclonedx")).into_iter().filter(is_valid));
    files
}

/// Pointers at which two values differ.
fn differences(one: Value<'_>, other: Value<'_>, is_set: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(one, other)];
    while let Some((one, other)) = open.pop() {
        if one.canonical() == other.canonical() {
            continue;
        }
        match (one.kind(), other.kind()) {
            (Kind::Object, Kind::Object) => {
                for (name, member) in one.members() {
                    match other.get(&name) {
                        Some(there) => open.push((member, there)),
                        None => found.push(member.pointer()),
                    }
                }
                found.extend(
                    other
                        .members()
                        .filter(|(name, _)| one.get(name).is_none())
                        .map(|(_, member)| format!("{} (new)", member.pointer())),
                );
            }
            (Kind::Array, Kind::Array) if is_set(&one.pointer()) => {
                let sorted = |list: Value<'_>| {
                    let mut all: Vec<_> =
                        list.elements().map(|e| String::from_utf8(e.canonical()).unwrap()).collect();
                    all.sort_unstable();
                    all.dedup();
                    all
                };
                let (left, right) = (sorted(one), sorted(other));
                found.extend(
                    left.iter().filter(|e| !right.contains(e)).map(|e| format!("{}: {e}", one.pointer())),
                );
                found.extend(
                    right
                        .iter()
                        .filter(|e| !left.contains(e))
                        .map(|e| format!("{} (new): {e}", one.pointer())),
                );
            }
            (Kind::Array, Kind::Array) if one.elements().count() == other.elements().count() => {
                open.extend(one.elements().zip(other.elements()));
            }
            _ => found.push(one.pointer()),
        }
    }
    found
}

/// Every difference is something that the account calls dropped.
fn accounted(differences: Vec<String>, losses: &[Loss]) -> Vec<String> {
    let dropped: Vec<&str> =
        losses.iter().filter(|loss| loss.fate == Fate::Dropped).map(|loss| loss.pointer.as_str()).collect();
    differences
        .into_iter()
        .filter(|pointer| {
            !dropped.iter().any(|own| pointer == own || pointer.starts_with(&format!("{own}/")))
        })
        .collect()
}

/// What the grammar has against a document.
fn problems(document: &Document, dialect: Dialect) -> Vec<String> {
    let checked = grammar::check(document, dialect, "");
    let line = |finding: &sbom_attest::finding::Finding| {
        let place =
            finding.location.as_ref().and_then(|location| location.pointer.clone()).unwrap_or_default();
        format!("{place} {}", finding.message)
    };
    if checked.valid { Vec::new() } else { checked.findings.iter().take(3).map(line).collect() }
}

#[test]
fn what_is_made_of_cyclonedx_is_valid_spdx_2() {
    let mut bad = Vec::new();
    let mut count = 0;
    let mut files = cyclonedx_files();
    files.extend(xml_files(&corpus().join("cyclonedx")));
    for path in files {
        // XML of 1.1 is not read.
        let Ok(source) = open(read(&path), &Limits::default()) else { continue };
        for version in Spdx2Version::ALL {
            let (made, _) =
                spdx2::from_cyclonedx(&source.document, version, now(), &Limits::default()).unwrap();
            let found = problems(&made, version.into());
            if !found.is_empty() {
                bad.push(format!("{} {version}: {}", path.display(), found.join("; ")));
            }
            let written = sbom_attest::sbom::spdx2::write(&made);
            let again = sbom_attest::sbom::spdx2::read(written.bytes, &Limits::default()).unwrap();
            let (back, _) = spdx2::to_cyclonedx(again.document, &Limits::default()).unwrap();
            let found = differences(source.document.root(), back.root(), &|_| false);
            if !found.is_empty() {
                bad.push(format!(
                    "{} {version} tag-value: {}",
                    path.display(),
                    found[..found.len().min(3)].join(", ")
                ));
            }
            count += 1;
        }
    }
    eprintln!("spdx2: {count} made documents are valid, and the same by way of tag-value");
    assert!(bad.is_empty(), "{} of {count}\n{}", bad.len(), bad.join("\n"));
    assert!(count > 0);
}

#[test]
fn what_is_made_of_spdx_2_is_valid_cyclonedx() {
    let (mut bad, mut count) = (Vec::new(), 0);
    let mut files = json_files(&corpus().join("spdx"));
    files.extend(tag_value_files(&corpus().join("spdx")));
    for path in files {
        let Ok(source) = open(read(&path), &Limits::default()) else { continue };
        if !source.format.to_string().starts_with("spdx-2") {
            continue;
        }
        let (made, losses) = spdx2::to_cyclonedx(source.document, &Limits::default()).unwrap();
        let mut found = problems(&made, SpecVersion::V1_6.into());
        found.extend(losses.iter().filter(|loss| loss.fate == Fate::Dropped).map(|loss| format!("{loss:?}")));
        if !found.is_empty() {
            bad.push(format!("{}: {}", path.display(), found.join("; ")));
        }
        count += 1;
    }
    eprintln!("spdx2: {count} documents made of SPDX are valid CycloneDX 1.6, and nothing was dropped");
    assert!(bad.is_empty(), "{} of {count}\n{}", bad.len(), bad.join("\n"));
    assert!(count > 0);
}

fn with_extension(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|own| own == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn xml_files(folder: &Path) -> Vec<PathBuf> {
    with_extension(folder, "xml")
}

fn tag_value_files(folder: &Path) -> Vec<PathBuf> {
    with_extension(folder, "spdx")
}

#[test]
fn cyclonedx_to_spdx_2_and_back_is_the_same() {
    let mut bad = Vec::new();
    let (mut count, mut dropped, mut carried, mut mapped) = (0, 0, 0, 0);
    for path in cyclonedx_files() {
        for version in Spdx2Version::ALL {
            let source = parse(read(&path));
            let (made, losses) = spdx2::from_cyclonedx(&source, version, now(), &Limits::default()).unwrap();
            let (back, _) = spdx2::to_cyclonedx(made, &Limits::default()).unwrap();
            let found = accounted(differences(source.root(), back.root(), &|_| false), &losses);
            if !found.is_empty() {
                bad.push(format!("{} {version}: {}", path.display(), found[..found.len().min(5)].join(", ")));
            }
            let count_of = |fate| losses.iter().filter(|loss| loss.fate == fate).count();
            (dropped, carried, mapped) = (
                dropped + count_of(Fate::Dropped),
                carried + count_of(Fate::Carried),
                mapped + count_of(Fate::Mapped),
            );
            count += 1;
        }
    }
    eprintln!(
        "spdx2: {count} conversions and back; entries: {mapped} mapped, {carried} carried, {dropped} dropped"
    );
    assert!(bad.is_empty(), "{} of {count}\n{}", bad.len(), bad.join("\n"));
    assert!(count > 0);
}

#[test]
fn spdx_2_to_cyclonedx_and_back_is_the_same() {
    let mut bad = Vec::new();
    let mut count = 0;
    for path in json_files(&corpus().join("spdx")) {
        let source = parse(read(&path));
        let Some(version) = source.root().get("spdxVersion").and_then(|version| version.as_str()) else {
            continue;
        };
        let version = Spdx2Version::from_name(version.trim_start_matches("SPDX-")).unwrap();
        let (made, losses) = spdx2::to_cyclonedx(source.clone(), &Limits::default()).unwrap();
        let (back, _) = spdx2::from_cyclonedx(&made, version, now(), &Limits::default()).unwrap();
        let is_set = |pointer: &str| {
            matches!(pointer, "/packages" | "/files" | "/relationships" | "/hasExtractedLicensingInfos")
        };
        let found = accounted(differences(source.root(), back.root(), &is_set), &losses);
        if !found.is_empty() {
            bad.push(format!("{}: {}", path.display(), found[..found.len().min(5)].join(", ")));
        }
        count += 1;
    }
    eprintln!("spdx2: {count} documents to CycloneDX and back");
    assert!(bad.is_empty(), "{} of {count}\n{}", bad.len(), bad.join("\n"));
    assert!(count > 0);
}

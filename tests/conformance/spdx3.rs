//! SPDX 3: real documents are read, and CycloneDX documents of every version go there and come back.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::convert::{Fate, Loss, spdx3};
use sbom_attest::sbom::validate;
use serde_json::Value;

use super::{json_files, read, vectors};

/// The official examples: all are valid, become CycloneDX that our grammar accepts, and nothing of them is dropped.
#[test]
fn spdx_3_documents_are_valid_and_become_cyclonedx() {
    let Some(corpus) = std::env::var_os("SBOM_ATTEST_CORPUS") else { return };
    let folder = Path::new(&corpus).parent().unwrap().join("spdx");
    let (mut count, mut wrong) = (0, Vec::new());
    for path in json_files(&folder) {
        let Ok(document) = Document::parse(read(&path), &Limits::default()) else { continue };
        if document.root().get("@context").is_none() {
            continue;
        }
        count += 1;
        let judged = judge(document.bytes(), &path);
        let (made, version, losses) = spdx3::to_cyclonedx(document, &Limits::default()).unwrap();
        let made = judge(made.bytes(), &path);
        let dropped: Vec<&str> = dropped(&losses).collect();
        if !judged.is_empty() || !made.is_empty() || !dropped.is_empty() || version.name() != "1.6" {
            wrong.push(format!("{}: {judged:?} {made:?} {dropped:?}", path.display()));
        }
    }
    eprintln!("spdx 3: {count} documents valid, and valid as CycloneDX");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 0);
}

/// RFC 8785 equal, but for signatures, which are of the text that they stand in.
#[test]
fn cyclonedx_comes_back_from_spdx_3() {
    let mut files: Vec<PathBuf> = json_files(&vectors("cyclonedx"));
    if let Some(corpus) = std::env::var_os("SBOM_ATTEST_CORPUS") {
        files.extend(json_files(Path::new(&corpus)));
    }
    let now: Timestamp = "2026-01-31T12:00:00Z".parse().unwrap();
    let (mut same, mut wrong) = (0, Vec::new());
    for path in files {
        let Ok(source) = Document::parse(read(&path), &Limits::default()) else { continue };
        let is_sbom =
            source.root().get("bomFormat").is_some_and(|name| name.as_str().as_deref() == Some("CycloneDX"));
        let name = path.file_name().unwrap().to_string_lossy();
        if !is_sbom || name.starts_with("invalid") {
            continue;
        }
        let (made, losses) = spdx3::from_cyclonedx(&source, now, &Limits::default()).unwrap();
        let problems = judge(made.bytes(), &path);
        let mut expected: Value = serde_json::from_slice(source.bytes()).unwrap();
        for pointer in dropped(&losses) {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            if name == "signature" {
                expected.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
            }
        }
        if let Some(folder) = std::env::var_os("SBOM_ATTEST_SPDX3_OUT") {
            let flat: String = path.to_string_lossy().replace('/', "_");
            write(&Path::new(&folder).join(flat), made.bytes());
        }
        let made = Document::parse(made.into_bytes(), &Limits::default()).unwrap();
        let (returned, _, back) = spdx3::to_cyclonedx(made, &Limits::default()).unwrap();
        let returned: Value = serde_json::from_slice(returned.bytes()).unwrap();
        let lost: Vec<&str> = dropped(&back).collect();
        if problems.is_empty() && returned == expected && lost.is_empty() {
            same += 1;
        } else {
            let mut differences = Vec::new();
            compare(&expected, &returned, String::new(), &mut differences);
            differences.truncate(3);
            wrong.push(format!("{}: {problems:?} {differences:?} {lost:?}", path.display()));
        }
    }
    eprintln!("spdx 3: {same} CycloneDX documents go there and come back");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(same > 200);
}

fn dropped(losses: &[Loss]) -> impl Iterator<Item = &str> {
    losses.iter().filter(|loss| loss.fate == Fate::Dropped).map(|loss| loss.pointer.as_str())
}

/// What speaks against the form of a document.
fn judge(bytes: &[u8], path: &Path) -> Vec<String> {
    let judged = validate(bytes.to_vec(), &Limits::default(), &path.to_string_lossy(), Timestamp::UNIX_EPOCH);
    if judged.valid {
        return Vec::new();
    }
    judged
        .findings
        .iter()
        .take(3)
        .map(|finding| format!("{} {}: {}", finding.rule, finding.subject, finding.message))
        .collect()
}

fn compare(one: &Value, other: &Value, path: String, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for (name, value) in one {
                match other.get(name) {
                    Some(same) => compare(value, same, format!("{path}/{name}"), found),
                    None => found.push(format!("{path}/{name} is gone")),
                }
            }
            found.extend(
                other
                    .keys()
                    .filter(|name| !one.contains_key(*name))
                    .map(|name| format!("{path}/{name} is new")),
            );
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (value, same)) in one.iter().zip(other).enumerate() {
                compare(value, same, format!("{path}/{index}"), found);
            }
        }
        _ if one == other => {}
        _ => found.push(format!("{path} differs")),
    }
}

#[expect(clippy::disallowed_methods, reason = "the files are for another program to look at")]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

//! CycloneDX XML beside the official schemas: on their own test documents, on the pairs of JSON and XML, on mutants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sbom_attest::document::Limits;
use sbom_attest::sbom::{SpecVersion, open, validate};

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
                wrong.push(format!("{}: {:#?}", path.display(), form.collect::<Vec<_>>()));
            }
            (false, true) => wrong.push(format!("{} was accepted", path.display())),
        }
    }
    eprintln!("xml: {accepted} valid documents accepted, {refused} invalid ones refused");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((accepted, refused), (232, 150));
}

/// The XML documents of the official suite, with the version of their folder.
fn documents() -> Vec<(PathBuf, SpecVersion)> {
    let folder = vectors("cyclonedx");
    SpecVersion::ALL
        .into_iter()
        .flat_map(|version| {
            files(&folder.join(version.name()), "xml").into_iter().map(move |path| (path, version))
        })
        .collect()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|own| own == extension));
    found.sort();
    found
}

//! Vectors that live outside the project: `scripts/conformance` names their folder in `SBOM_ATTEST_VECTORS`.

use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Limits, canonicalize};
use sbom_attest::graph::Graph;
use sbom_attest::sbom::Sbom;

/// The folder of a set of vectors, or nothing, which is said.
fn vectors(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("SBOM_ATTEST_VECTORS") else {
        eprintln!("skipped {name}: SBOM_ATTEST_VECTORS is not set");
        return None;
    };
    let folder = Path::new(&folder).join(name);
    assert!(folder.is_dir(), "SBOM_ATTEST_VECTORS is set, and {} is not there", folder.display());
    Some(folder)
}

#[test]
fn rfc_8785() {
    let Some(folder) = vectors("jcs") else { return };
    let mut count = 0;
    for path in json_files(&folder.join("input")) {
        let expected = read(&folder.join("output").join(path.file_name().unwrap()));
        let found = canonicalize(read(&path), &Limits::default()).unwrap();
        assert_eq!(String::from_utf8(found), String::from_utf8(expected), "{}", path.display());
        count += 1;
    }
    eprintln!("jcs: {count} of {count} vectors");
    assert!(count > 0);
}

#[test]
fn valid_cyclonedx_json_is_read_and_comes_back_byte_for_byte() {
    let Some(folder) = vectors("cyclonedx") else { return };
    let is_valid = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("valid");
    let (mut read_back, mut refused) = (0, Vec::new());
    for path in json_files(&folder).iter().filter(is_valid) {
        let bytes = read(path);
        let document = Document::parse(bytes.clone(), &Limits::default()).unwrap();
        assert_eq!(document.bytes(), bytes);
        match Sbom::parse(document) {
            Ok(sbom) => {
                let graph = Graph::of(&sbom);
                assert_eq!(graph.components().len(), sbom.components().len());
                read_back += 1;
            }
            Err(error) => refused.push(format!("{}: {error}", path.display())),
        }
    }
    eprintln!("cyclonedx: {read_back} valid JSON documents read");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(read_back > 0);
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> Vec<u8> {
    sbom_attest::files::read(path, 1 << 30).unwrap()
}

//! Whatever stands under `testdata/`, whole, cut and bent, is read without a panic; what is malformed is refused by name.

use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Limits};
use sbom_attest::graph::Graph;
use sbom_attest::sbom::Sbom;

/// With which code each file of `testdata/sbom/malformed` is refused.
const MALFORMED: &[(&str, &str)] = &[
    ("array.json", "sbom-unrecognised"),
    ("bad-escape.json", "json-bad-escape"),
    ("blank.json", "json-empty"),
    ("bom.json.gz", "json-other-format"),
    ("bom.xml", "xml-unexpected-end"),
    ("bom.yaml", "json-other-format"),
    ("byte-order-mark.json", "json-byte-order-mark"),
    ("comment.json", "json-unexpected"),
    ("component-string.json", "sbom-shape"),
    ("components-object.json", "sbom-shape"),
    ("control-character.json", "json-control-character"),
    ("deep-arrays.json", "json-too-deep"),
    ("deep-components.json", "json-too-deep"),
    ("dependency-without-ref.json", "sbom-missing-field"),
    ("depends-on-number.json", "sbom-shape"),
    ("duplicate-components.json", "json-duplicate-key"),
    ("duplicate-key.json", "json-duplicate-key"),
    ("empty.json", "json-empty"),
    ("hash-without-alg.json", "sbom-missing-field"),
    ("huge-number.json", "json-number-range"),
    ("key.pem", "json-other-format"),
    ("latin1.json", "json-utf8"),
    ("leading-zero.json", "json-bad-number"),
    ("lone-surrogate.json", "json-lone-surrogate"),
    ("name-number.json", "sbom-shape"),
    ("not-a-number.json", "json-unexpected"),
    ("nul.json", "json-control-character"),
    ("overlong.json", "json-utf8"),
    ("package.json", "sbom-unrecognised"),
    ("page.json", "json-other-format"),
    ("sbom.spdx", "sbom-other-format"),
    ("single-quotes.json", "json-unexpected"),
    ("spdx.json", "sbom-other-format"),
    ("spdx3.json", "sbom-other-format"),
    ("surrogate-in-utf8.json", "json-utf8"),
    ("trailing-bytes.json", "json-trailing-bytes"),
    ("trailing-comma.json", "json-unexpected"),
    ("truncated-in-escape.json", "json-unexpected-end"),
    ("truncated.json", "json-unexpected-end"),
    ("utf16-be.json", "json-other-format"),
    ("utf16-le.json", "json-other-format"),
    ("version-2.0.json", "sbom-other-format"),
    ("version-number.json", "sbom-other-format"),
];

#[test]
fn every_malformed_sbom_is_refused_with_its_code_and_place() {
    let folder = testdata().join("sbom/malformed");
    let mut found: Vec<String> =
        files(&folder).iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    found.sort();
    assert_eq!(found, MALFORMED.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for (name, code) in MALFORMED {
        let error = Sbom::read(read(&folder.join(name)), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), *code, "{name}: {error}");
        assert!(error.to_string().len() < 300, "{name}: {error}");
        let about_the_whole = ["json-empty", "sbom-other-format", "sbom-unrecognised"].contains(code);
        assert_eq!(error.position().is_none(), about_the_whole, "{name}: {error}");
    }
}

#[test]
fn what_one_format_holds_in_another_is_named() {
    for (name, named) in [
        ("bom.yaml", "YAML"),
        ("sbom.spdx", "spdx-2.1-tag-value"),
        ("page.json", "HTML"),
        ("utf16-le.json", "UTF-16"),
        ("bom.json.gz", "gzip"),
        ("key.pem", "PEM"),
        ("spdx.json", "spdx-2.1-json"),
        ("spdx3.json", "spdx-3.1-json"),
        ("version-2.0.json", "cyclonedx-2.0-json"),
    ] {
        let error =
            Sbom::read(read(&testdata().join("sbom/malformed").join(name)), &Limits::default()).unwrap_err();
        assert!(error.to_string().contains(named), "{name}: {error}");
        assert!(error.help().is_some(), "{name}");
    }
}

#[test]
fn nothing_under_testdata_panics_whole_cut_or_bent() {
    let all = files(&testdata());
    assert!(all.len() > MALFORMED.len());
    for path in all {
        let bytes = read(&path);
        attempt(&bytes);
        let step = (bytes.len() / CUTS).max(1);
        for at in (0..bytes.len()).step_by(step) {
            attempt(&bytes[..at]);
            let mut bent = bytes.clone();
            for byte in [0, b'"', b'\\', b'{', 0xFF] {
                bent[at] = byte;
                attempt(&bent);
            }
        }
    }
}

#[test]
fn a_sound_sbom_comes_back_byte_for_byte() {
    for path in
        files(&testdata().join("sbom")).iter().filter(|path| path.to_string_lossy().ends_with(".cdx.json"))
    {
        let bytes = read(path);
        let sbom = Sbom::read(bytes.clone(), &Limits::default()).unwrap();
        assert_eq!(sbom.into_document().into_bytes(), bytes, "{}", path.display());
    }
}

#[test]
fn every_truncation_of_a_sound_sbom_is_refused() {
    let bytes = read(&testdata().join("sbom/shop.cdx.json"));
    let end = bytes.trim_ascii_end().len();
    for cut in 0..end {
        let error = Sbom::read(bytes[..cut].to_vec(), &Limits::default()).unwrap_err();
        assert!(matches!(error.code(), "json-unexpected-end" | "json-empty"), "cut at {cut}: {error}");
    }
}

#[test]
fn an_oversized_sbom_is_refused_before_it_is_read() {
    let bytes = read(&testdata().join("sbom/shop.cdx.json"));
    let limits = Limits { bytes: bytes.len() as u64 - 1, ..Limits::default() };
    assert_eq!(Sbom::read(bytes, &limits).unwrap_err().code(), "json-too-large");
}

fn attempt(bytes: &[u8]) {
    let limits = Limits { depth: 64, nodes: 100_000, bytes: 1 << 20 };
    if let Ok(document) = Document::parse(bytes.to_vec(), &limits) {
        let canonical = document.root().canonical();
        assert_eq!(
            Document::parse(canonical.clone(), &Limits::default()).unwrap().root().canonical(),
            canonical
        );
        if let Ok(sbom) = Sbom::parse(document) {
            let graph = Graph::of(&sbom);
            for (node, component) in graph.components() {
                let _ = (
                    component.label(),
                    component.purl(),
                    graph.path_to(node),
                    graph.dominators().weight(node),
                );
            }
        }
    }
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

fn read(path: &Path) -> Vec<u8> {
    sbom_attest::files::read(path, 1 << 30).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Places at which each file is cut and bent.
const CUTS: usize = 60;

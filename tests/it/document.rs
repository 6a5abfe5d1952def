//! Documents: hostile sizes and depths in bounded time, and the canonical form of RFC 8785.

use std::path::Path;
use std::time::{Duration, Instant};

use sbom_attest::document::{Document, Limits, canonicalize};
use sbom_attest::files;

#[test]
fn the_vectors_of_rfc_8785_are_met_byte_for_byte() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/jcs");
    for name in ["rfc", "names", "numbers", "nesting"] {
        let read = |end: &str| files::read(folder.join(format!("{name}.{end}.json")), 1 << 20).unwrap();
        let found = canonicalize(read("in"), &Limits::default()).unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), String::from_utf8(read("out")).unwrap(), "{name}");
    }
}

/// Each in less than a second where it is built without optimisation, so that nothing quadratic can hide.
#[test]
fn hostile_texts_are_answered_at_once() {
    let million = 1_000_000;
    let members: Vec<String> = (0..200_000).map(|n| format!("\"k{n}\":0")).collect();
    let twice = format!("{{{},\"k0\":1}}", members.join(","));
    let cases: [(&str, String, &str); 8] = [
        ("open arrays", "[".repeat(million), "json-too-deep"),
        ("open objects", "{\"a\":".repeat(million), "json-too-deep"),
        ("one long string", format!("[\"{}", "a".repeat(4 * million)), "json-unexpected-end"),
        ("one long number", "9".repeat(4 * million), "json-number-range"),
        ("many names, one twice", twice, "json-duplicate-key"),
        ("backslashes", format!("[\"{}", "\\".repeat(million)), "json-unexpected-end"),
        ("commas", format!("[{}", ",".repeat(million)), "json-unexpected"),
        ("white space", " ".repeat(4 * million), "json-empty"),
    ];
    for (what, text, code) in cases {
        let start = Instant::now();
        let error = Document::parse(text.into_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), code, "{what}: {error}");
        assert!(start.elapsed() < Duration::from_secs(10), "{what} took {:?}", start.elapsed());
    }
}

#[test]
fn the_limit_on_values_bounds_memory() {
    let limits = Limits { nodes: 1000, ..Limits::default() };
    let text = format!("[{}0]", "0,".repeat(100_000));
    let error = Document::parse(text.into_bytes(), &limits).unwrap_err();
    assert_eq!((error.code(), error.position().unwrap().column), ("json-too-many-nodes", 2000));
}

#[test]
fn positions_and_pointers_of_many_values_take_no_quadratic_time() {
    let once = |count: usize| {
        let text = format!("{{\"list\":[{}]}}", vec!["{\"a\":[0]}"; count].join(","));
        let document = Document::parse(text.into_bytes(), &Limits::default()).unwrap();
        let start = Instant::now();
        for (index, value) in document.at("/list").unwrap().elements().enumerate() {
            let inner = value.at("/a/0").unwrap();
            assert_eq!(inner.pointer(), format!("/list/{index}/a/0"));
            assert_eq!(inner.position().column, 16 + index as u64 * 10);
        }
        start.elapsed()
    };
    // Eight times as many would take 64 times as long. The machine may be busy: one quiet moment in five is enough.
    assert!((0..5).any(|_| once(80_000) < 32 * once(10_000)));
}

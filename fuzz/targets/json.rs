//! Any bytes as JSON: what is accepted is what `serde_json` reads, comes back as it was, and has one canonical form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    // Whatever it is: an answer, and no panic.
    let _ = sbom::validate(bytes.to_vec(), &limits, "fuzz.json", jiff::Timestamp::UNIX_EPOCH);
    let Ok(document) = Document::parse(bytes.to_vec(), &limits) else { return };
    assert_eq!(document.bytes(), bytes);
    // serde_json stops one level earlier.
    let other = serde_json::from_slice::<serde_json::Value>(bytes);
    assert!(other.is_ok() || nesting(bytes) >= Limits::DEPTH, "only we accept it");
    let canonical = document.root().canonical();
    let again = Document::parse(canonical.clone(), &limits).expect("a canonical form is JSON");
    assert_eq!(again.root().canonical(), canonical, "the canonical form is a fixed point");
    if let Ok(other) = other {
        assert!(
            same(&other, &serde_json::from_slice(&canonical).expect("it is JSON")),
            "the canonical form says the same"
        );
    }
    let mut open = vec![document.root()];
    for _ in 0..LOOKED_AT {
        let Some(value) = open.pop() else { break };
        assert_eq!(document.at(&value.pointer()), Some(value), "a pointer leads back");
        assert!(value.position().offset as usize == value.span().start);
        open.extend(value.elements());
        open.extend(value.members().map(|(_, member)| member));
    }
});

/// An upper bound on how deep a text is nested.
fn nesting(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| matches!(byte, b'[' | b'{')).count()
}

/// Equal, numbers as the doubles that RFC 8785 takes them for.
fn same(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (one, other) {
        (Number(one), Number(other)) => one.as_f64() == other.as_f64(),
        (Array(one), Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Object(one), Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        _ => one == other,
    }
}

/// How many values of a document are looked at one by one.
const LOOKED_AT: usize = 200;

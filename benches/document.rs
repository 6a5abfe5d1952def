//! Reading, printing and hashing the same SBOM-like text: ours beside `serde_json::Value`, SHA-256 as the yardstick.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sbom_attest::digest::Digest;
use sbom_attest::document::{Document, Limits};

fn main() {
    divan::main();
}

/// A CycloneDX document as generators write it: two hashes, a licence, a purl, references and a property each.
fn sbom(components: usize) -> Vec<u8> {
    let components: Vec<String> = (0..components)
        .map(|n| {
            format!(
                r#"{{"type":"library","bom-ref":"pkg:cargo/crate-{n}@1.{n}.0","author":"Jane Doe <jane@example.org>","name":"crate-{n}","version":"1.{n}.0","description":"A crate that does the thing number {n} and does it well","scope":"required","hashes":[{{"alg":"SHA-256","content":"{n:064x}"}},{{"alg":"SHA-512","content":"{n:0128x}"}}],"licenses":[{{"expression":"MIT OR Apache-2.0"}}],"purl":"pkg:cargo/crate-{n}@1.{n}.0","externalReferences":[{{"type":"vcs","url":"https://example.org/crate-{n}.git"}},{{"type":"website","url":"https://example.org/crate-{n}"}}],"properties":[{{"name":"example:kind","value":"runtime"}}]}}"#
            )
        })
        .collect();
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[{}]}}"#,
        components.join(",")
    )
    .into_bytes()
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let text = sbom(COMPONENTS);
    let limits = Limits::default();
    bencher
        .counter(BytesCount::of_slice(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| Document::parse(text, &limits));
}

#[divan::bench]
fn parse_pretty(bencher: Bencher) {
    let value: serde_json::Value = serde_json::from_slice(&sbom(COMPONENTS)).expect("it is JSON");
    let text = serde_json::to_vec_pretty(&value).expect("it prints");
    let limits = Limits::default();
    bencher
        .counter(BytesCount::of_slice(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| Document::parse(text, &limits));
}

#[divan::bench]
fn parse_with_serde_json_value(bencher: Bencher) {
    let text = sbom(COMPONENTS);
    bencher
        .counter(BytesCount::of_slice(&text))
        .bench(|| serde_json::from_slice::<serde_json::Value>(black_box(&text)));
}

#[divan::bench]
fn canonicalize_from_the_tape(bencher: Bencher) {
    let text = sbom(COMPONENTS);
    let length = BytesCount::of_slice(&text);
    let document = Document::parse(text, &Limits::default()).expect("it is JSON");
    bencher.counter(length).bench(|| black_box(&document).root().canonical());
}

#[divan::bench]
fn print_serde_json_value(bencher: Bencher) {
    let text = sbom(COMPONENTS);
    let value: serde_json::Value = serde_json::from_slice(&text).expect("it is JSON");
    bencher.counter(BytesCount::of_slice(&text)).bench(|| serde_json::to_vec(black_box(&value)));
}

#[divan::bench]
fn sha256(bencher: Bencher) {
    let text = sbom(COMPONENTS);
    bencher.counter(BytesCount::of_slice(&text)).bench(|| Digest::sha256(black_box(&text)));
}

const COMPONENTS: usize = 20_000;

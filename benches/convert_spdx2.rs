//! CycloneDX to SPDX 2.3 and back, beside the least that any converter does that goes by way of `serde_json::Value`: read
//! the text and write it again.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::Spdx2Version;
use sbom_attest::sbom::convert::spdx2;

fn main() {
    divan::main();
}

/// A CycloneDX document as generators write it, with a dependency graph.
fn sbom(components: usize) -> Vec<u8> {
    let list: Vec<String> = (0..components)
        .map(|n| {
            format!(
                r#"{{"type":"library","bom-ref":"pkg:cargo/crate-{n}@1.{n}.0","author":"Jane Doe <jane@example.org>","name":"crate-{n}","version":"1.{n}.0","description":"A crate that does the thing number {n} and does it well","scope":"required","hashes":[{{"alg":"SHA-256","content":"{n:064x}"}},{{"alg":"SHA-512","content":"{n:0128x}"}}],"licenses":[{{"expression":"MIT OR Apache-2.0"}}],"purl":"pkg:cargo/crate-{n}@1.{n}.0","externalReferences":[{{"type":"vcs","url":"https://example.org/crate-{n}.git"}},{{"type":"website","url":"https://example.org/crate-{n}"}}],"properties":[{{"name":"example:kind","value":"runtime"}}]}}"#
            )
        })
        .collect();
    let graph: Vec<String> = (0..components)
        .map(|n| {
            let on: Vec<String> = (1..=n % 5)
                .map(|step| n + step * 7)
                .filter(|&on| on < components)
                .map(|on| format!("\"pkg:cargo/crate-{on}@1.{on}.0\""))
                .collect();
            format!(r#"{{"ref":"pkg:cargo/crate-{n}@1.{n}.0","dependsOn":[{}]}}"#, on.join(","))
        })
        .collect();
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{}],"dependencies":[{}]}}"#,
        list.join(","),
        graph.join(",")
    )
    .into_bytes()
}

fn forward(text: Vec<u8>) -> Document {
    let document = Document::parse(text, &Limits::default()).expect("it is JSON");
    let now = jiff::Timestamp::UNIX_EPOCH;
    spdx2::from_cyclonedx(&document, Spdx2Version::V2_3, now, &Limits::default()).expect("it is an SBOM").0
}

/// Bytes in, SPDX bytes out, with the account of every field.
#[divan::bench(args = [10_000, 100_000])]
fn cyclonedx_to_spdx(bencher: Bencher, components: usize) {
    let text = sbom(components);
    bencher
        .counter(BytesCount::of_slice(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| forward(text).into_bytes());
}

#[divan::bench(args = [10_000, 100_000])]
fn spdx_to_cyclonedx(bencher: Bencher, components: usize) {
    let text = forward(sbom(components)).into_bytes();
    bencher.counter(BytesCount::of_slice(&text)).with_inputs(|| text.clone()).bench_values(|text| {
        let document = Document::parse(text, &Limits::default()).expect("it is JSON");
        spdx2::to_cyclonedx(document, &Limits::default()).expect("it is an SBOM").0.into_bytes()
    });
}

#[divan::bench(args = [10_000, 100_000])]
fn serde_json_read_and_write(bencher: Bencher, components: usize) {
    let text = sbom(components);
    bencher.counter(BytesCount::of_slice(&text)).bench(|| {
        let value: serde_json::Value = serde_json::from_slice(black_box(&text)).expect("it is JSON");
        serde_json::to_vec(&value).expect("it is JSON")
    });
}

//! From one version of CycloneDX to an older one, with the account of every field, beside reading the same bytes into a
//! `serde_json::Value` and printing it.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sbom_attest::document::Limits;
use sbom_attest::sbom::convert::convert;

fn main() {
    divan::main();
}

/// A CycloneDX 1.6 document as generators write it. Every component has something that 1.4 does not have when `newer`.
fn sbom(components: usize, newer: bool) -> Vec<u8> {
    let tags = if newer { r#""tags":["web","http"],"# } else { "" };
    let list: Vec<String> = (0..components)
        .map(|n| {
            format!(
                r#"{{"type":"library","bom-ref":"pkg:cargo/crate-{n}@1.{n}.0","name":"crate-{n}","version":"1.{n}.0",{tags}"description":"A crate that does the thing number {n} and does it well","scope":"required","hashes":[{{"alg":"SHA-256","content":"{n:064x}"}},{{"alg":"SHA-512","content":"{n:0128x}"}}],"licenses":[{{"expression":"MIT OR Apache-2.0"}}],"purl":"pkg:cargo/crate-{n}@1.{n}.0","externalReferences":[{{"type":"vcs","url":"https://example.org/crate-{n}.git"}},{{"type":"website","url":"https://example.org/crate-{n}"}}],"properties":[{{"name":"example:kind","value":"runtime"}}]}}"#
            )
        })
        .collect();
    let graph: Vec<String> = (0..components)
        .map(|n| format!(r#"{{"ref":"pkg:cargo/crate-{n}@1.{n}.0","dependsOn":[]}}"#))
        .collect();
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{}],"dependencies":[{}]}}"#,
        list.join(","),
        graph.join(",")
    )
    .into_bytes()
}

/// Bytes in, bytes and the account out: what `convert` does. Something of each component goes.
#[divan::bench(args = [false, true])]
fn lower_to_1_4(bencher: Bencher, newer: bool) {
    let text = sbom(COMPONENTS, newer);
    let to = "cyclonedx-1.4-json".parse().expect("it is a format");
    bencher.counter(BytesCount::of_slice(&text)).with_inputs(|| text.clone()).bench_values(|text| {
        convert(text, to, jiff::Timestamp::UNIX_EPOCH, &Limits::default()).expect("it is converted")
    });
}

/// The least that a program does which has a value for each field: nothing is changed, and nothing is told.
#[divan::bench]
fn serde_json_there_and_back(bencher: Bencher) {
    let text = sbom(COMPONENTS, true);
    bencher.counter(BytesCount::of_slice(&text)).bench(|| {
        let value: serde_json::Value = serde_json::from_slice(black_box(&text)).expect("it is JSON");
        serde_json::to_vec(&value).expect("it can be printed")
    });
}

const COMPONENTS: usize = 100_000;

//! CycloneDX to SPDX 2.3 and back, beside the least that any converter does that goes by way of `serde_json::Value`: read
//! the text and write it again.

mod made;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::Spdx2Version;
use sbom_attest::sbom::convert::spdx2;

use self::made::sbom;

fn main() {
    divan::main();
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

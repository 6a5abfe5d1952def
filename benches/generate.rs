//! From the text of `cargo metadata` to the SBOM, beside reading that text as JSON: the ratio is what counts.
//!
//! The input is this project's own metadata, or the file that `METADATA` names.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop here")]

use std::process::Command;
use std::sync::LazyLock;

use divan::Bencher;
use sbom_attest::files;
use sbom_attest::generate::Features;
use sbom_attest::generate::cargo::{Inputs, Metadata, Platforms, Resolver, assemble};

fn main() {
    divan::main();
}

static TEXT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    if let Some(file) = std::env::var_os("METADATA") {
        return files::read(file, 1 << 30).unwrap();
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--all-features", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
});

#[divan::bench]
fn json_alone(bencher: Bencher<'_, '_>) {
    let text = &*TEXT;
    bencher.bench(|| serde_json::from_slice::<serde_json::Value>(text).unwrap());
}

#[divan::bench]
fn metadata_to_sbom(bencher: Bencher<'_, '_>) {
    let platforms = Platforms::native("x86_64-unknown-linux-gnu");
    let features = Features::default();
    bencher.with_inputs(|| TEXT.clone()).bench_values(|text| {
        let metadata = Metadata::parse(text, "metadata").unwrap();
        assemble(&Inputs {
            metadata: &metadata,
            lock: None,
            resolver: Resolver::V2,
            platforms: &platforms,
            packages: &[],
            features: &features,
            timestamp: None,
        })
        .unwrap()
        .sbom
    });
}

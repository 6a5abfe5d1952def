//! A whole SBOM checked: our grammar and rules beside the official kind of schema in the `jsonschema` crate, which needs a
//! `serde_json::Value` first. `SBOM_ATTEST_SCHEMA` names the folder of the schemas.

mod made;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::{Format, SpecVersion, grammar, open, validate, write};

use self::made::sbom;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match &arguments[..] {
        [_, mode, name, file] if mode == "peer" => peer(name, file),
        _ => divan::main(),
    }
}

/// Reads a file once, as another program would: `scripts/bench sizes` looks at what it costs.
fn peer(name: &str, file: &str) {
    let text = sbom_attest::files::read(file, 1 << 32).expect("the file is there");
    let valid = match name {
        "serde_json" => serde_json::from_slice::<serde_json::Value>(&text).is_ok(),
        "cyclonedx-bom" => {
            use cyclonedx_bom::prelude::{Bom, Validate as _};
            Bom::parse_from_json_v1_5(&text[..]).is_ok_and(|bom| bom.validate().passed())
        }
        "jsonschema" => {
            let registry = schemas().expect("SBOM_ATTEST_SCHEMA is the folder of the schemas");
            let value = serde_json::from_slice(&text).expect("it is JSON");
            validator(&registry, "bom-1.5.schema.json").is_valid(&value)
        }
        other => panic!("there is no peer {other}"),
    };
    assert!(valid, "{name} does not accept {file}");
}

/// Bytes in, findings out: what `validate` does.
#[divan::bench]
fn validate_everything(bencher: Bencher) {
    let text = sbom(COMPONENTS);
    bencher
        .counter(BytesCount::of_slice(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| validate(text, &Limits::default(), "bom.json", jiff::Timestamp::UNIX_EPOCH));
}

/// The same SBOM as XML.
fn xml(components: usize) -> Vec<u8> {
    let document = Document::parse(sbom(components), &Limits::default()).expect("it is JSON");
    write(&document, Format::CycloneDxXml(SpecVersion::V1_6)).expect("it is an SBOM").bytes
}

/// The same of XML.
#[divan::bench]
fn validate_everything_in_xml(bencher: Bencher) {
    let text = xml(COMPONENTS);
    bencher
        .counter(BytesCount::of_slice(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| validate(text, &Limits::default(), "bom.xml", jiff::Timestamp::UNIX_EPOCH));
}

/// XML in, a document in memory out.
#[divan::bench]
fn open_xml(bencher: Bencher) {
    let text = xml(COMPONENTS);
    bencher
        .counter(BytesCount::of_slice(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| open(text, &Limits::default()));
}

/// A document in memory as XML; the bytes are those that are written.
#[divan::bench]
fn write_xml(bencher: Bencher) {
    let length = BytesCount::of_slice(&xml(COMPONENTS));
    let document = Document::parse(sbom(COMPONENTS), &Limits::default()).expect("it is JSON");
    bencher.counter(length).bench(|| write(black_box(&document), Format::CycloneDxXml(SpecVersion::V1_6)));
}

#[divan::bench]
fn grammar_alone(bencher: Bencher) {
    let text = sbom(COMPONENTS);
    let length = BytesCount::of_slice(&text);
    let document = Document::parse(text, &Limits::default()).expect("it is JSON");
    bencher
        .counter(length)
        .bench(|| grammar::check(black_box(&document), SpecVersion::V1_6.into(), "bom.json"));
}

/// Bytes in, a yes or no out, with the official schema.
#[divan::bench]
fn jsonschema_everything(bencher: Bencher) {
    let Some(registry) = schemas() else { return };
    let validator = validator(&registry, "bom-1.6.schema.json");
    let text = sbom(COMPONENTS);
    bencher.counter(BytesCount::of_slice(&text)).bench(|| {
        let value: serde_json::Value = serde_json::from_slice(black_box(&text)).expect("it is JSON");
        validator.is_valid(&value)
    });
}

fn schema(name: &str) -> Option<serde_json::Value> {
    let folder = std::path::PathBuf::from(std::env::var_os("SBOM_ATTEST_SCHEMA")?);
    let bytes = sbom_attest::files::read(folder.join(name), 1 << 24).expect("the schema is there");
    Some(serde_json::from_slice(&bytes).expect("a schema is JSON"))
}

/// What the schemas of CycloneDX refer to; nothing where no folder of them is named.
fn schemas() -> Option<jsonschema::Registry<'static>> {
    let mut registry = jsonschema::Registry::new();
    for name in ["spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"] {
        registry = registry
            .add(format!("http://cyclonedx.org/schema/{name}"), schema(name)?)
            .expect("it is a schema");
    }
    Some(registry.prepare().expect("the schemas fit together"))
}

fn validator(registry: &jsonschema::Registry<'static>, name: &str) -> jsonschema::Validator {
    jsonschema::options()
        .with_registry(registry)
        .should_validate_formats(true)
        .build(&schema(name).expect("the folder was there"))
        .expect("it is a schema")
}

const COMPONENTS: usize = 20_000;

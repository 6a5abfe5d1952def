//! Every report that `--format json` prints is what its schema in `schemas/` says, and every schema is of a report that is printed.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use crate::sandbox::Sandbox;

#[test]
fn every_report_is_what_its_schema_says() {
    let sandbox = Sandbox::project();
    sandbox.write("app", "an artifact");
    sandbox.write("other", "another");
    sandbox.write("renamed.json", RENAMED);
    sandbox.write("contrary.json", CONTRARY);
    let mut seen = BTreeSet::new();
    for (status, arguments) in RUNS {
        seen.insert(check(&sandbox.expect(status, arguments).stdout, arguments));
    }
    let wal = std::fs::read_dir(sandbox.path("log/wal")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = sandbox.read(&format!("log/wal/{}", wal.file_name().unwrap().to_str().unwrap()));
    bytes[200] ^= 1;
    sandbox.write(&format!("log/wal/{}", wal.file_name().unwrap().to_str().unwrap()), bytes);
    let arguments = ["log", "verify", "log", "--format", "json"];
    seen.insert(check(&sandbox.expect(1, &arguments).stdout, &arguments));
    let schemas: BTreeSet<String> =
        schemas().into_iter().map(|(name, _)| name).filter(|name| name != "finding-v1").collect();
    assert_eq!(seen, schemas, "a schema that no report was checked against");
}

#[test]
fn a_report_goes_where_it_is_told_and_is_whole_there() {
    let sandbox = Sandbox::project();
    let answer = sandbox.expect(0, &["generate", "--report", "report.json", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&answer.stdout).unwrap()["bomFormat"], "CycloneDX");
    assert_eq!(sandbox.json("report.json")["report"], "generate/v1");
}

/// An SBOM that differs from the one of the project in all ways.
const RENAMED: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"name": "hello", "version": "2"}},
    "components": [{"name": "other"}], "properties": [{"name": "a", "value": "b"}]}"#;

/// An SBOM that contradicts the one of the project, with a bom-ref of it for something else and a signature.
const CONTRARY: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "signature": {"algorithm": "ES256", "value": "AA"},
    "metadata": {"component": {"type": "application", "name": "hello", "version": "1.0.0", "licenses": [{"license": {"id": "ISC"}}]}},
    "components": [{"type": "library", "name": "other", "bom-ref": "path+.#hello@1.0.0"}]}"#;

/// Validates one report, and gives the name of its schema.
pub(crate) fn check(text: &str, arguments: &[&str]) -> String {
    assert!(text.trim_start_matches(['{', ' ', '\n']).starts_with("\"report\": \""), "{arguments:?}: {text}");
    let report: Value = serde_json::from_str(text).unwrap();
    let name = report["report"].as_str().unwrap().replace('/', "-");
    let all = schemas();
    let finding = all.iter().find(|(name, _)| name == "finding-v1").unwrap().1.clone();
    let (_, mut schema) =
        all.into_iter().find(|(found, _)| *found == name).unwrap_or_else(|| panic!("{name} has no schema"));
    // The one reference between schemas is resolved here, so that nothing has to be fetched.
    inline(&mut schema, &finding);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{arguments:?}:\n{}\n{text}", errors.join("\n"));
    name
}

fn inline(schema: &mut Value, finding: &Value) {
    match schema {
        Value::Object(fields)
            if fields.get("$ref").is_some_and(|target| target == "finding-v1.schema.json") =>
        {
            *schema = finding.clone();
            schema.as_object_mut().unwrap().remove("$id");
        }
        Value::Object(fields) => fields.values_mut().for_each(|value| inline(value, finding)),
        Value::Array(items) => items.iter_mut().for_each(|value| inline(value, finding)),
        _ => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "the test reads the project's own files")]
fn schemas() -> Vec<(String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.strip_suffix(".schema.json")?.to_owned();
            Some((name, serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()))
        })
        .collect()
}

const BUNDLE: &str = "out/hello-1.0.0.sigstore.json";
const KEY: &str = "out/hello-1.0.0.pub";
const ROOT: &str = "out/trusted_root.json";
const PROGRAM: &str = "target/release/hello";

/// Exit status and arguments, one run after the other in one folder.
const RUNS: [(i32, &[&str]); 26] = [
    (0, &["attest", "--out", "out", "--format", "json"]),
    (0, &["generate", "-o", "sbom.json", "--format", "json"]),
    (0, &["audit", "sbom.json", "--format", "json"]),
    (0, &["graph", "sbom.json", "--format", "json"]),
    (1, &["validate", "sbom.json", "app", "--format", "json"]),
    (0, &["convert", "sbom.json", "--to", "cyclonedx-1.4-json", "-o", "older.json", "--report", "-"]),
    (1, &["diff", "sbom.json", "renamed.json", "--format", "json"]),
    (1, &["merge", "sbom.json", "contrary.json", "--fail-on-conflict", "--format", "json"]),
    (0, &["key", "generate", "-o", "key.pem", "--format", "json"]),
    (0, &["log", "init", "log", "--format", "json"]),
    (
        0,
        &[
            "sign",
            "app",
            "--predicate",
            "sbom.json",
            "--key",
            "key.pem",
            "-o",
            "bare.json",
            "--format",
            "json",
        ],
    ),
    (
        0,
        &[
            "sign",
            "app",
            "--predicate",
            "sbom.json",
            "--key",
            "key.pem",
            "--log",
            "dir:log",
            "-o",
            "app.json",
            "--format",
            "json",
        ],
    ),
    (0, &["log", "add", "log", "bare.json", "--out-dir", "logged", "--format", "json"]),
    (0, &["log", "prove", "log", "1", "--format", "json"]),
    (0, &["log", "verify", "log", "--format", "json"]),
    (0, &["log", "export", "log", "-o", "tiles", "--format", "json"]),
    (0, &["enveloped", "sign", "sbom.json", "--key", "key.pem", "-o", "signed.json", "--format", "json"]),
    (0, &["enveloped", "verify", "signed.json", "--key", "key.pem.pub", "--format", "json"]),
    (1, &["enveloped", "verify", "signed.json", "--key", KEY, "--format", "json"]),
    (0, &["inspect", BUNDLE, "--format", "json"]),
    (0, &["inspect", "bare.json", "--format", "json"]),
    (0, &["trust", "show", "--format", "json"]),
    (0, &["trust", "show", ROOT, "--format", "json"]),
    (0, &["verify", PROGRAM, "--bundle", BUNDLE, "--key", KEY, "--trusted-root", ROOT, "--format", "json"]),
    (1, &["verify", "other", "--bundle", BUNDLE, "--key", KEY, "--trusted-root", ROOT, "--format", "json"]),
    (1, &["verify", "app", "--bundle", "bare.json", "--key", "key.pem.pub", "--format", "json"]),
];

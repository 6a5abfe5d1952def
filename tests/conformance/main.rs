//! Other people's test suites, which live outside the project: `scripts/conformance` names their folder in
//! `SBOM_ATTEST_VECTORS`. `cargo test` alone does not run this.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop here")]

mod convert;
mod documents;
mod grammar;
mod merge;
mod spdx2;
mod spdx3;
mod tag_value;
mod views;
mod xml;
mod xml_reader;
mod xmllint;

use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Kind, Limits, canonicalize, edit};
use sbom_attest::graph::Graph;
use sbom_attest::keys::{KeyType, PrivateKey, PublicKey};
use sbom_attest::sbom::jsf::{self, Credential, Dialect, Form, Scope, State};
use sbom_attest::sbom::{Sbom, diff};

/// The folder of a set of vectors.
fn vectors(name: &str) -> PathBuf {
    let folder =
        std::env::var_os("SBOM_ATTEST_VECTORS").expect("scripts/conformance sets SBOM_ATTEST_VECTORS");
    let folder = Path::new(&folder).join(name);
    assert!(folder.is_dir(), "{} is not there", folder.display());
    folder
}

#[test]
fn rfc_8785() {
    let folder = vectors("jcs");
    let mut count = 0;
    for path in json_files(&folder.join("input")) {
        let expected = read(&folder.join("output").join(path.file_name().unwrap()));
        let found = canonicalize(read(&path), &Limits::default()).unwrap();
        assert_eq!(String::from_utf8(found), String::from_utf8(expected), "{}", path.display());
        count += 1;
    }
    eprintln!("jcs: {count} of {count} vectors");
    assert!(count > 0);
}

#[test]
fn valid_cyclonedx_json_is_read_and_comes_back_byte_for_byte() {
    let folder = vectors("cyclonedx");
    let is_valid = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("valid");
    let (mut read_back, mut refused) = (0, Vec::new());
    for path in json_files(&folder).iter().filter(is_valid) {
        let bytes = read(path);
        let document = Document::parse(bytes.clone(), &Limits::default()).unwrap();
        assert_eq!(document.bytes(), bytes);
        match Sbom::parse(document) {
            Ok(sbom) => {
                let graph = Graph::of(&sbom);
                assert_eq!(graph.components().len(), sbom.components().len());
                read_back += 1;
            }
            Err(error) => refused.push(format!("{}: {error}", path.display())),
        }
    }
    eprintln!("cyclonedx: {read_back} valid JSON documents read");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(read_back > 0);
}

/// The canonical form of a document says the same as the document, and an edit of nothing is the document.
#[test]
fn valid_cyclonedx_json_differs_in_nothing_from_its_canonical_form() {
    let folder = vectors("cyclonedx");
    let is_valid = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("valid");
    let mut count = 0;
    for path in json_files(&folder).iter().filter(is_valid) {
        let limits = Limits::default();
        let before = Sbom::read(read(path), &limits).unwrap();
        if before.document().root().inexact_number().is_none() {
            let after = Sbom::read(before.document().root().canonical(), &limits).unwrap();
            let found = diff::diff(&before, &after);
            assert!(found.is_empty(), "{}: {found:?}", path.display());
            count += 1;
        }
        let edited = edit::apply(before.document(), Vec::new(), edit::Signatures::Keep, &limits).unwrap();
        assert_eq!(edited.document.bytes(), before.document().bytes());
    }
    eprintln!("cyclonedx: {count} documents say the same as their canonical form");
    assert!(count > 0);
}

/// Each scalar of each document, set to another and back: the bytes are those of the start.
#[test]
fn an_edit_that_is_taken_back_leaves_every_byte_as_it_was() {
    let folder = vectors("cyclonedx");
    let is_valid = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("valid");
    let limits = Limits::default();
    let (mut count, mut breaking) = (0, 0);
    for path in json_files(&folder).iter().filter(is_valid) {
        let document = Document::parse(read(path), &limits).unwrap();
        let mut open = vec![document.root()];
        while let Some(value) = open.pop() {
            open.extend(value.elements().chain(value.members().map(|(_, member)| member)));
            if matches!(value.kind(), Kind::Array | Kind::Object) {
                continue;
            }
            let set = |document: &Document, text: &[u8]| {
                let other = Document::parse(text.to_vec(), &limits).unwrap();
                let operation =
                    edit::Operation::Replace { path: value.pointer().parse().unwrap(), value: other };
                edit::apply(document, vec![operation], edit::Signatures::Keep, &limits)
            };
            match set(&document, b"\"another value\"") {
                Ok(changed) => {
                    assert_eq!(changed.document.at(&value.pointer()).unwrap().raw(), b"\"another value\"");
                    let back = set(&changed.document, value.raw()).unwrap();
                    assert_eq!(back.document.bytes(), document.bytes(), "{}", value.pointer());
                    count += 1;
                }
                Err(edit::Error::Signed(_)) => breaking += 1,
                Err(error) => panic!("{}: {error}", path.display()),
            }
        }
    }
    eprintln!("cyclonedx: {count} edits taken back, {breaking} refused for a signature");
    assert!(count > 0 && breaking > 0);
}

/// The official schema of a version.
fn cyclonedx_schema(version: &str) -> jsonschema::Validator {
    let schemas = vectors("cyclonedx").join("schema");
    let load =
        |name: &str| -> serde_json::Value { serde_json::from_slice(&read(&schemas.join(name))).unwrap() };
    let mut registry = jsonschema::Registry::new();
    for name in ["spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"] {
        if schemas.join(name).exists() {
            registry = registry.add(format!("http://cyclonedx.org/schema/{name}"), load(name)).unwrap();
        }
    }
    let registry = registry.prepare().unwrap();
    let schema = load(&format!("bom-{version}.schema.json"));
    jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&schema).unwrap()
}

/// The SBOMs that we make are valid under the official schema of their version.
#[test]
fn what_is_generated_is_valid_cyclonedx() {
    let validator = cyclonedx_schema("1.6");
    let projects = [
        PathBuf::from(env!("CARGO_MANIFEST_DIR")),
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/generate/hard"),
    ];
    for project in projects {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_sbom-attest"))
            .arg("generate")
            .arg(&project)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let sbom: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&sbom).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {}", project.display(), errors.join("\n"));
        let components = sbom["components"].as_array().unwrap().len();
        eprintln!("cyclonedx: the SBOM of {} ({components} components) is valid", project.display());
    }
}

/// The cases of the Sigstore suite, each with the artifact by path and by digest: what must be refused is refused, what must be
/// accepted is. The program is called as the suite calls it, by `scripts/sigstore-client`.
#[test]
fn every_sigstore_case_is_told_right() {
    let folder = vectors("sigstore-conformance");
    let client = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scripts/sigstore-client");
    let isolated = std::process::Command::new("unshare")
        .args(["--net", "--map-root-user", "true"])
        .output()
        .is_ok_and(|output| output.status.success());
    let (mut refused, mut accepted, mut wrong) = (0, 0, Vec::new());
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    for case in cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let own = |file: &str| Some(case.join(file)).filter(|path| path.exists());
        let text = |file: &str, default: &str| {
            own(file)
                .map_or(default.to_owned(), |path| String::from_utf8(read(&path)).unwrap().trim().to_owned())
        };
        let artifact = own("artifact").unwrap_or(folder.join("a.txt"));
        let digest = sbom_attest::digest::Digest::sha256(read(&artifact)).to_string();
        for artifact in [artifact.display().to_string(), digest] {
            // Where the machine allows it, without any network interface.
            let mut command = match isolated {
                true => std::process::Command::new("unshare"),
                false => std::process::Command::new(&client),
            };
            if isolated {
                command.args(["--net", "--map-root-user"]).arg(&client);
            }
            command.env("SBOM_ATTEST", env!("CARGO_BIN_EXE_sbom-attest"));
            command.arg("verify-bundle").arg("--bundle").arg(case.join("bundle.sigstore.json"));
            // The suite gives a key where a case has one, and asks for its usual identity otherwise.
            match own("key.pub") {
                Some(key) => command.arg("--key").arg(key),
                None => command
                    .arg("--certificate-identity")
                    .arg(text("identity", SUITE_IDENTITY))
                    .arg("--certificate-oidc-issuer")
                    .arg(text("issuer", SUITE_ISSUER)),
            };
            if let Some(root) = own("trusted_root.json") {
                command.arg("--trusted-root").arg(root);
            }
            let output = command.arg(&artifact).output().unwrap();
            match (output.status.code(), name.ends_with("_fail")) {
                (Some(0), false) => accepted += 1,
                // Every bundle and trusted root is answered; only a key file that holds no key cannot be.
                (Some(1), true) => refused += 1,
                (Some(2), true) if String::from_utf8_lossy(&output.stderr).contains("no usable key") => {
                    refused += 1
                }
                (status, _) => wrong.push(format!(
                    "{name} {artifact}: {status:?}\n{}{}",
                    String::from_utf8_lossy(&output.stdout),
                    String::from_utf8_lossy(&output.stderr)
                )),
            }
            if std::env::var_os("SHOW").is_some() {
                let said = String::from_utf8_lossy(&output.stdout);
                eprintln!("{name}: {}", said.lines().next().unwrap_or_default());
            }
        }
    }
    let all = accepted + refused + wrong.len();
    let network = if isolated { "no network" } else { "the network in reach" };
    eprintln!(
        "sigstore: {} of {all} told right: {accepted} accepted, {refused} refused, with {network}",
        accepted + refused
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted > 40 && refused > 90, "{accepted} {refused}");
}

const SUITE_IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const SUITE_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// The vectors of JSF's reference implementation and of `@cyclonedx/sign`: each verifies under the keys that come with
/// them, and no longer when a value in it is changed. HMAC and Ed448 are refused by name.
#[test]
fn json_signature_format() {
    let folder = vectors("jsf");
    let sets = [
        ("json-signatures", "keys"),
        ("cyclonedx-sign/jsf/envelopes", "cyclonedx-sign/keys"),
        ("cyclonedx-sign/jsf/interop/jsf-spec", "keys"),
        ("cyclonedx-sign/jsf/interop/webpki", "keys"),
    ];
    let (mut valid, mut refused, mut wrong) = (0, 0, Vec::new());
    for (set, keys) in sets {
        let mut keys = public_keys(&folder.join(keys));
        keys.extend(public_keys(&folder.join("cyclonedx-sign/jsf/interop/webpki")));
        for path in json_files(&folder.join(set)) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let bytes = read(&path);
            let states = jsf_states(&bytes, &keys);
            let hopeless = ["hs", "HS", "ed448", "Ed448"].iter().any(|other| name.contains(other));
            let expected = if hopeless { State::Invalid } else { State::Valid };
            if states.is_empty() || states.iter().any(|(state, _)| *state != expected) {
                wrong.push(format!("{}: {states:?}", path.display()));
                continue;
            }
            if hopeless {
                assert!(states.iter().all(|(_, rule)| *rule == "jsf-algorithm"), "{name}: {states:?}");
                refused += 1;
                continue;
            }
            valid += 1;
            let changed = String::from_utf8(bytes).unwrap().replacen("\"Joe\"", "\"Jim\"", 1);
            let changed = changed.replacen("something\"", "anything\"", 1).replacen(
                "assessment-42",
                "assessment-43",
                1,
            );
            let changed = changed.replacen("90000", "90001", 1);
            let states = jsf_states(changed.as_bytes(), &keys);
            if states.iter().any(|(state, _)| *state == State::Valid) {
                wrong.push(format!("{} holds after a change: {states:?}", path.display()));
            }
        }
    }
    eprintln!(
        "jsf: {valid} asymmetric vectors verify and break when changed, {refused} of HMAC and Ed448 are refused"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(valid > 70);
}

/// The signed documents of the CycloneDX project, by the keys in their certificates: all signatures hold in 1.4; the files of
/// later versions have other content around the same outermost signature, which holds no longer.
#[test]
fn cyclonedx_signatures() {
    let folder = tempfile::tempdir().unwrap();
    for (version, stale) in [("1.4", 0), ("1.5", 1), ("1.6", 1), ("1.7", 1)] {
        let path = vectors("cyclonedx").join(version).join(format!("valid-signatures-{version}.json"));
        let document = Document::parse(read(&path), &Limits::default()).unwrap();
        let mut keys = Vec::new();
        for scope in jsf::scopes(&document, "signature") {
            let leaf = scope.signature.at("/certificatePath/0").unwrap().as_str().unwrap().into_owned();
            let body = leaf.replace('-', "+").replace('_', "/");
            let padding = "=".repeat((4 - body.len() % 4) % 4);
            let pem = format!("-----BEGIN CERTIFICATE-----\n{body}{padding}\n-----END CERTIFICATE-----\n");
            let file = folder.path().join("leaf.pem");
            let lines = pem.replace(
                &body,
                &body
                    .as_bytes()
                    .chunks(64)
                    .map(|line| str::from_utf8(line).unwrap())
                    .collect::<Vec<_>>()
                    .join("\n"),
            );
            sbom_attest::files::write(&file, lines.as_bytes(), sbom_attest::files::Access::Shared).unwrap();
            keys.push(key_of_certificate(&file).unwrap());
        }
        let checked = jsf::verify(&document, "bom", &keys, &jsf::Options::default());
        let invalid: Vec<_> =
            checked.iter().filter(|one| one.state != State::Valid).map(|one| &*one.pointer).collect();
        assert_eq!(invalid, vec![""; stale], "{version}");
        eprintln!("jsf: valid-signatures-{version}: {} of {} hold", checked.len() - stale, checked.len());
    }
}

/// What we sign is valid under the official schema.
#[test]
fn what_is_signed_is_valid_cyclonedx() {
    let bytes = read(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/enveloped/seven-scopes.json"));
    let key = PrivateKey::generate(KeyType::P256).unwrap();
    let credential = Credential { key_id: Some("k".to_owned()), embed: true, ..Credential::new(&key) };
    let scopes = [
        "",
        "/components/0",
        "/services/0",
        "/declarations",
        "/declarations/attestations/0",
        "/declarations/claims/0",
        "/definitions/standards/0",
    ];
    let scopes: Vec<String> = scopes.map(str::to_owned).to_vec();
    let validator = cyclonedx_schema("1.6");
    for form in [Form::Single, Form::Signers, Form::Chain] {
        let document = Document::parse(bytes.clone(), &Limits::default()).unwrap();
        let signed = jsf::sign(document, &scopes, std::slice::from_ref(&credential), form).unwrap();
        let signed: serde_json::Value = serde_json::from_slice(&signed).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&signed)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{form:?}: {}", errors.join("\n"));
    }
    eprintln!("jsf: seven signed scopes are valid CycloneDX 1.6 in all three forms");
}

fn jsf_states(bytes: &[u8], keys: &[PublicKey]) -> Vec<(State, &'static str)> {
    let document = Document::parse(bytes.to_vec(), &Limits::default()).unwrap();
    let root = document.root();
    let property =
        if root.get("authorizationSignature").is_some() { "authorizationSignature" } else { "signature" };
    let options = jsf::Options {
        dialect: Dialect::Jsf,
        property: property.to_owned(),
        accept_excluded: vec!["myUnsignedData".to_owned()],
        accept_extensions: vec!["otherExt".to_owned(), "https://example.com/extension".to_owned()],
    };
    let checked = if root.kind() == Kind::Array {
        let scope = Scope { object: root, signature: root.elements().last().unwrap() };
        jsf::verify_scope(scope, "vector", keys, &options)
    } else {
        jsf::verify(&document, "vector", keys, &options)
    };
    checked.iter().map(|one| (one.state, one.finding.rule)).collect()
}

fn public_keys(folder: &Path) -> Vec<PublicKey> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "pem"));
    files
        .filter_map(|path| PublicKey::from_pem(read(&path)).or_else(|_| key_of_certificate(&path)).ok())
        .collect()
}

/// Some keys come in the certificate they are used with.
fn key_of_certificate(path: &Path) -> Result<PublicKey, sbom_attest::keys::Error> {
    let openssl =
        std::process::Command::new("openssl").args(["x509", "-pubkey", "-noout", "-in"]).arg(path).output();
    PublicKey::from_pem(openssl.expect("openssl is needed to read certificates").stdout)
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    files(folder, "json")
}

/// The files below a folder whose names end so.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == end) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> Vec<u8> {
    sbom_attest::files::read(path, 1 << 30).unwrap()
}

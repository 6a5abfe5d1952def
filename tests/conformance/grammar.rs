//! Our grammar beside the official schemas of CycloneDX: on their own test documents, on real SBOMs, on mutants of both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::{SpecVersion, grammar, validate};
use serde_json::Value;

use super::{json_files, read, vectors};

#[test]
fn valid_documents_are_accepted_and_invalid_ones_refused() {
    let (mut accepted, mut refused, mut wrong) = (0, 0, Vec::new());
    for (path, version) in documents() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let document = Document::parse(read(&path), &Limits::default()).unwrap();
        let checked = grammar::check(&document, version.into(), &name);
        match (name.starts_with("valid"), checked.valid) {
            (true, true) => accepted += 1,
            (false, false) => refused += 1,
            (true, false) => wrong.push(format!("{}: {:#?}", path.display(), checked.findings)),
            (false, true) => wrong.push(format!("{} was accepted", path.display())),
        }
    }
    eprintln!("grammar: {accepted} valid documents accepted, {refused} invalid ones refused");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted > 200 && refused > 100);
}

/// The rules beyond the grammar find little in the official test documents; what they find is counted here.
#[test]
fn what_the_rules_find_in_valid_documents_is_known() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (path, _) in documents() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("valid") {
            let judged = validate(read(&path), &Limits::default(), &name, jiff::Timestamp::UNIX_EPOCH);
            assert!(judged.valid);
            for finding in judged.findings {
                if std::env::var_os("SBOM_ATTEST_SHOW").is_some() {
                    eprintln!("{name}: {} {} {}", finding.rule, finding.subject, finding.message);
                }
                *counts.entry(format!("{} {:?}", finding.rule, finding.status)).or_default() += 1;
            }
        }
    }
    eprintln!("grammar: in valid documents: {counts:?}");
}

/// `SBOM_ATTEST_CORPUS` names a folder of real documents; without it this looks at the vectors alone.
#[test]
fn the_official_schema_agrees_on_real_documents() {
    let oracle = Oracle::new();
    let mut files: Vec<PathBuf> = documents().into_iter().map(|(path, _)| path).collect();
    if let Some(folder) = std::env::var_os("SBOM_ATTEST_CORPUS") {
        files.extend(json_files(Path::new(&folder)));
    }
    let (mut agreed, mut wrong) = (0, Vec::new());
    for path in files {
        let Ok(document) = Document::parse(read(&path), &Limits::default()) else { continue };
        let version = document.root().get("specVersion").and_then(|version| version.as_str());
        let Some(version) = version.and_then(|name| SpecVersion::from_name(&name)) else { continue };
        match oracle.disagreement(&document, version) {
            None => agreed += 1,
            Some(how) => wrong.push(format!("{}: {how}", path.display())),
        }
    }
    eprintln!("grammar: agrees with the official schema on {agreed} documents");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each mutant differs from a valid document in one place. The same seeds give the same mutants.
#[test]
fn the_official_schema_agrees_on_mutants() {
    let oracle = Oracle::new();
    let rounds: u64 = std::env::var("SBOM_ATTEST_MUTANTS").map_or(60, |count| count.parse().unwrap());
    let (mut agreed, mut refused, mut wrong) = (0, 0, BTreeMap::new());
    for (number, (path, version)) in documents().into_iter().enumerate() {
        let original: Value = serde_json::from_slice(&read(&path)).unwrap();
        for round in 0..rounds {
            let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (number as u64) << 32 ^ round);
            let mut mutant = original.clone();
            let done = mutate(&mut mutant, &mut random);
            let text = serde_json::to_vec(&mutant).unwrap();
            let document = Document::parse(text, &Limits::default()).unwrap();
            match oracle.disagreement(&document, version) {
                None => agreed += 1,
                Some(how) => {
                    wrong.entry(how).or_insert_with(|| format!("{} ({done})", path.display()));
                }
            }
            refused += usize::from(!grammar::check(&document, version.into(), "").valid);
        }
    }
    eprintln!("grammar: agrees with the official schema on {agreed} mutants, {refused} of them refused");
    let wrong: Vec<String> = wrong.into_iter().map(|(how, first)| format!("{first}: {how}")).collect();
    assert!(wrong.is_empty(), "{} kinds\n{}", wrong.len(), wrong.join("\n"));
}

/// Every id of the official licence list is one of ours.
#[test]
fn every_licence_id_of_the_official_list_is_known() {
    let list: Value =
        serde_json::from_slice(&read(&vectors("cyclonedx").join("schema/spdx.schema.json"))).unwrap();
    let mut unknown = Vec::new();
    for id in list["enum"].as_array().unwrap() {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library","name":"a","licenses":[{{"license":{{"id":{id}}}}}]}}]}}"#
        );
        let document = Document::parse(text.into_bytes(), &Limits::default()).unwrap();
        if !grammar::check(&document, SpecVersion::V1_6.into(), "").valid {
            unknown.push(id.to_string());
        }
    }
    assert!(unknown.is_empty(), "{unknown:?}");
}

struct Oracle(BTreeMap<&'static str, jsonschema::Validator>);

impl Oracle {
    fn new() -> Self {
        let schemas = vectors("cyclonedx").join("schema");
        let load = |name: &str| -> Value { serde_json::from_slice(&read(&schemas.join(name))).unwrap() };
        let mut registry = jsonschema::Registry::new();
        for name in ["spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"] {
            registry = registry.add(format!("http://cyclonedx.org/schema/{name}"), load(name)).unwrap();
        }
        let registry = registry.prepare().unwrap();
        let validator = |version: SpecVersion| {
            let schema = load(&format!("bom-{version}.schema.json"));
            // Without its feature `idna` the crate does not look at `idn-email`: its `email` stands in, for letters alike.
            let email = jsonschema::options()
                .should_validate_formats(true)
                .build(&serde_json::json!({"format": "email"}))
                .unwrap();
            let options = jsonschema::options()
                .with_registry(&registry)
                .with_format("idn-email", move |text: &str| {
                    let masked: String = text
                        .chars()
                        .map(|c| if c.is_alphanumeric() && !c.is_ascii() { 'a' } else { c })
                        .collect();
                    email.is_valid(&Value::from(masked))
                })
                .should_validate_formats(true);
            (version.name(), options.build(&schema).unwrap())
        };
        Self(SpecVersion::ALL.into_iter().map(validator).collect())
    }

    /// How the two judge differently, if they do.
    fn disagreement(&self, document: &Document, version: SpecVersion) -> Option<String> {
        let value: Value = serde_json::from_slice(document.bytes()).unwrap();
        let checked = grammar::check(document, version.into(), "");
        let theirs: Vec<String> = self.0[version.name()]
            .iter_errors(&value)
            .take(3)
            .map(|error| {
                let error_text: String = error.to_string().chars().take(160).collect();
                format!("{} {error_text}", error.instance_path())
            })
            .collect();
        if checked.valid == theirs.is_empty() || forgotten_type(&checked, version) {
            return None;
        }
        let ours: Vec<String> = checked
            .findings
            .iter()
            .take(3)
            .map(|finding| format!("{} {}", finding.subject, finding.message))
            .collect();
        Some(format!("{version} ours {ours:?}, theirs {theirs:?}"))
    }
}

/// The one known disagreement: the schema of 1.4 forgets to say that elements of `references` and `affects` of a vulnerability are
/// objects, so anything else stands there too. Its prose, its XML form and all later versions want objects, and so do we.
fn forgotten_type(checked: &grammar::Checked, version: SpecVersion) -> bool {
    version == SpecVersion::V1_4
        && checked.findings.iter().all(|finding| {
            let in_list = finding.subject.contains("/references/") || finding.subject.contains("/affects/");
            finding.rule == "grammar-type"
                && finding.subject.starts_with("/vulnerabilities/")
                && in_list
                && finding.message.starts_with("expected an object")
        })
}

/// The JSON documents of the official suite, with the version of their folder.
pub(super) fn documents() -> Vec<(PathBuf, SpecVersion)> {
    let folder = vectors("cyclonedx");
    SpecVersion::ALL
        .into_iter()
        .flat_map(|version| {
            json_files(&folder.join(version.name())).into_iter().map(move |path| (path, version))
        })
        .collect()
}

/// Changes one place, and says how.
pub(super) fn mutate(document: &mut Value, random: &mut Random) -> String {
    let mut pointers = Vec::new();
    let mut open = vec![(String::new(), &*document)];
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    open.push((format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), member));
                }
            }
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    open.push((format!("{pointer}/{index}"), element));
                }
            }
            _ => {}
        }
        pointers.push(pointer);
    }
    pointers.sort();
    let pointer = pointers[random.below(pointers.len())].clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", ""));
    let name = name.replace("~1", "/").replace("~0", "~");
    let kind = random.below(10);
    if let (0..=2, Some(Value::Object(members))) = (kind, document.pointer_mut(parent)) {
        let value = members.remove(&name).unwrap_or_default();
        if kind == 1 {
            members.insert(format!("{name}s"), value);
        } else if kind == 2 {
            let names = [
                "name",
                "type",
                "expression",
                "ref",
                "bom-ref",
                "version",
                "kty",
                "signers",
                "license",
                "url",
            ];
            members.insert(names[random.below(names.len())].to_owned(), value);
        }
        return format!("{kind} at {pointer}");
    }
    let others = [
        Value::Null,
        Value::Bool(true),
        Value::from(7),
        Value::from(-1),
        Value::from(1.5),
        Value::from(3.0),
        Value::from(""),
        Value::from("a b"),
        Value::from("x"),
        Value::from("a\nb"),
        Value::Array(vec![]),
        Value::Object(serde_json::Map::new()),
        Value::from("2026-02-30T00:00:00Z"),
        Value::from("git@host:x"),
        Value::from("EC"),
        Value::from("urn:x"),
        Value::from(vec![Value::from("a"), Value::from("a")]),
    ];
    if let Some(value) = document.pointer_mut(&pointer) {
        match (kind, &mut *value) {
            (3, Value::Array(elements)) if !elements.is_empty() => {
                let copy = elements[random.below(elements.len())].clone();
                elements.push(copy);
            }
            (3 | 4, Value::Object(members)) => {
                members.insert("surplus".to_owned(), Value::from(1));
            }
            (3..=5, Value::String(text)) => text.push_str(["x", " ", "é", "%"][random.below(4)]),
            (5, Value::Array(elements)) => elements.clear(),
            _ => *value = others[random.below(others.len())].clone(),
        }
    }
    format!("{kind} at {pointer}")
}

/// xorshift64*: no secret, the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap() % limit
    }
}

/// `validate --schema` says what the schemas say: no word against the valid documents, one at least against each invalid one.
#[test]
fn the_folder_of_official_schemas_is_applied_as_it_is() {
    let schemas = sbom_attest::schema::Schemas::open(&vectors("cyclonedx").join("schema")).unwrap();
    let (mut good, mut bad, mut wrong) = (0, 0, Vec::new());
    for path in json_files(&vectors("cyclonedx")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let valid = name.starts_with("valid");
        // A document that does not say what it is has no schema; our own grammar refuses it.
        if !valid && !name.starts_with("invalid") || name.contains("bomformat") {
            continue;
        }
        let judged = schemas.check(read(&path), &Limits::default(), &name).unwrap();
        if judged.undecided.is_some() || judged.findings.is_empty() != valid {
            wrong.push(format!("{}: {:?}", path.display(), judged.findings));
        }
        *(if valid { &mut good } else { &mut bad }) += 1;
    }
    eprintln!("schemas: {good} valid and {bad} invalid documents");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(good > 0 && bad > 0);
}

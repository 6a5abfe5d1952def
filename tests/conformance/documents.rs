//! Every JSON file of other people's suites and of the corpus: what nobody edits comes back, what somebody edits is all
//! that changes.

use std::path::{Path, PathBuf};

use sbom_attest::document::edit::{self, Operation, Signatures};
use sbom_attest::document::{Document, Kind, Limits, Value};
use serde_json::Value as Json;

use crate::grammar::Random;
use crate::{json_files, read, vectors};

/// The JSON files of the vectors and of the corpus that are documents here. What is refused is listed.
fn documents() -> Vec<(PathBuf, Document)> {
    let mut files = json_files(&vectors(""));
    if let Some(corpus) = std::env::var_os("SBOM_ATTEST_CORPUS") {
        // The folder of all SBOMs is around that of CycloneDX.
        files.extend(json_files(Path::new(&corpus).parent().unwrap()));
    }
    let mut refused = Vec::new();
    let mut documents = Vec::new();
    for path in files {
        match Document::parse(read(&path), &Limits::default()) {
            Ok(document) => documents.push((path, document)),
            Err(error) => refused.push(format!("{}: {error}", path.display())),
        }
    }
    eprintln!("documents: {} JSON files read, {} refused:", documents.len(), refused.len());
    refused.iter().for_each(|line| eprintln!("  {line}"));
    assert!(documents.len() > 500, "the suites are not whole");
    documents
}

#[test]
fn what_nobody_edits_comes_back_and_has_one_canonical_form() {
    let (mut same, mut inexact) = (0, 0);
    for (path, document) in documents() {
        let bytes = read(&path);
        let edited = edit::apply(&document, Vec::new(), Signatures::Keep, &Limits::default()).unwrap();
        assert_eq!(
            (document.bytes(), edited.document.bytes()),
            (&bytes[..], &bytes[..]),
            "{}",
            path.display()
        );
        if document.root().inexact_number().is_some() {
            inexact += 1;
            continue;
        }
        let json: Json = serde_json::from_slice(&bytes).unwrap();
        let peer = serde_json_canonicalizer::to_vec(&json).unwrap();
        assert_eq!(
            String::from_utf8(document.root().canonical()),
            String::from_utf8(peer),
            "{}",
            path.display()
        );
        same += 1;
    }
    eprintln!(
        "documents: {same} canonical forms are those of serde_json_canonicalizer, {inexact} have integers that no double holds"
    );
}

#[test]
fn ten_thousand_edits_of_the_corpus_change_what_they_say_and_nothing_else() {
    let documents: Vec<_> =
        documents().into_iter().filter(|(_, document)| document.bytes().len() <= LARGEST).collect();
    let limits = Limits::default();
    let mut random = Random(7);
    let (mut edits, mut breaking) = (0, 0);
    while edits < EDITS {
        let (path, document) = &documents[random.below(documents.len())];
        let nodes = places(document.root());
        let (pointer, target) = &nodes[random.below(nodes.len())];
        let Some(operation) = act(&mut random, pointer, *target) else { continue };
        let say = || format!("{operation:?} in {}", path.display());
        let before: Json = serde_json::from_slice(document.bytes()).unwrap();

        let edited = edit::apply(document, vec![operation.clone()], Signatures::Drop, &limits).unwrap();
        let after = apply(&before, &operation);
        let must = broken(&nodes, &before, &after);
        assert_eq!(edited.broken, must, "{}", say());
        let kept = edit::apply(document, vec![operation.clone()], Signatures::Keep, &limits);
        if must.is_empty() {
            let read_back: Json = serde_json::from_slice(edited.document.bytes()).unwrap();
            assert_eq!(read_back, after, "{}", say());
            assert_eq!(kept.unwrap().document.bytes(), edited.document.bytes());
            let (start, end) = around(document, pointer, &operation);
            let (old, new) = (document.bytes(), edited.document.bytes());
            assert!(new.starts_with(&old[..start]) && new.ends_with(&old[end..]), "{}", say());
        } else {
            assert_eq!(kept.unwrap_err(), edit::Error::Signed(must), "{}", say());
            breaking += 1;
        }
        edits += 1;
    }
    eprintln!(
        "documents: {edits} edits on {} documents, of which {breaking} break signatures",
        documents.len()
    );
    assert!(breaking > EDITS / 100);
}

/// Every value with its pointer.
fn places(root: Value<'_>) -> Vec<(String, Value<'_>)> {
    let mut open = vec![(String::new(), root)];
    let mut found = Vec::new();
    while let Some((pointer, value)) = open.pop() {
        open.extend(value.elements().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), item)));
        open.extend(value.members().map(|(name, item)| (format!("{pointer}/{}", token(&name)), item)));
        found.push((pointer, value));
    }
    found
}

fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// An edit there which moves no other place: a replacement, a new member or last element, the removal of a member or
/// of the last element.
fn act(random: &mut Random, pointer: &str, target: Value<'_>) -> Option<Operation> {
    const VALUES: [&str; 4] = ["17", "\"t\\u00e9xt\"", "[1, {\"k\": []}]", "null"];
    let value = Document::parse(VALUES[random.below(VALUES.len())].into(), &Limits::default()).unwrap();
    match (random.below(3), target.kind()) {
        (0, Kind::Object) => Some(Operation::Add {
            path: format!("{pointer}/new~1{}", random.below(9)).parse().unwrap(),
            value,
        }),
        (0, Kind::Array) => Some(Operation::Add { path: format!("{pointer}/-").parse().unwrap(), value }),
        (1, Kind::Object) => {
            let names: Vec<_> = target.members().map(|(name, _)| name).collect();
            let name = token(names.get(random.below(names.len().max(1)))?);
            Some(Operation::Remove { path: format!("{pointer}/{name}").parse().unwrap() })
        }
        (1, Kind::Array) => {
            let last = target.elements().count().checked_sub(1)?;
            Some(Operation::Remove { path: format!("{pointer}/{last}").parse().unwrap() })
        }
        _ => Some(Operation::Replace { path: pointer.parse().unwrap(), value }),
    }
}

/// What the document says after an edit, by serde_json.
fn apply(before: &Json, operation: &Operation) -> Json {
    let mut json = before.clone();
    let (path, value) = match operation {
        Operation::Add { path, value } | Operation::Replace { path, value } => (path, Some(value)),
        Operation::Remove { path } => (path, None),
        other => panic!("{other:?}"),
    };
    let value = value.map(|value| serde_json::from_slice::<Json>(value.bytes()).unwrap());
    let path = path.to_string();
    let Some((parent, name)) = path.rsplit_once('/') else { return value.unwrap() };
    let name = name.replace("~1", "/").replace("~0", "~");
    match (json.pointer_mut(parent).unwrap(), value) {
        (Json::Object(members), Some(value)) => drop(members.insert(name, value)),
        (Json::Object(members), None) => drop(members.remove(&name)),
        (Json::Array(items), Some(value)) if name == "-" => items.push(value),
        (Json::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value,
        (Json::Array(items), None) => drop(items.pop()),
        (other, _) => panic!("{other:?}"),
    }
    json
}

/// The signatures whose scope is not what it was: what each signer covers, and who signs (JSF 0.82, section 5).
fn broken(nodes: &[(String, Value<'_>)], before: &Json, after: &Json) -> Vec<String> {
    let is_signed =
        |value: &Value<'_>| value.get("signature").is_some_and(|found| found.kind() == Kind::Object);
    let mut broken: Vec<String> = nodes
        .iter()
        .filter(|(_, value)| is_signed(value))
        .filter(|(place, _)| {
            let then = before.pointer(place).unwrap();
            after
                .pointer(place)
                .is_none_or(|now| now["signature"] != then["signature"] || covered(now) != covered(then))
        })
        .map(|(place, _)| format!("{place}/signature"))
        .collect();
    broken.sort_unstable();
    broken
}

fn covered(object: &Json) -> Vec<Json> {
    let signature = &object["signature"];
    let signers = ["signers", "chain"].iter().find_map(|name| signature.get(name)?.as_array().cloned());
    let one = |signer: &Json| {
        let mut object = object.as_object().unwrap().clone();
        // What all signers leave out may be said once, beside their list.
        for excluded in [signer, signature].into_iter().filter_map(|all| all["excludes"].as_array()).flatten()
        {
            object.remove(excluded.as_str().unwrap_or_default());
        }
        Json::Object(object)
    };
    signers.unwrap_or_else(|| vec![signature.clone()]).iter().map(one).collect()
}

/// The bytes that an edit may touch: the value that is replaced, else the container around it.
fn around(document: &Document, pointer: &str, operation: &Operation) -> (usize, usize) {
    let target = document.at(pointer).unwrap();
    let span = target.span();
    match operation {
        Operation::Replace { .. } => (span.start, span.end),
        // From after the item before it to the item after it; a removed member is looked for by its name.
        Operation::Remove { path } if target.kind() == Kind::Object => {
            let gone = document.at(&path.to_string()).unwrap().span();
            let items: Vec<_> = target.members().map(|(_, item)| item.span()).collect();
            let at = items.iter().position(|item| *item == gone).unwrap();
            let start = at.checked_sub(1).map_or(span.start + 1, |before| items[before].end);
            let between = |byte: &&u8| matches!(byte, b',' | b' ' | b'\n' | b'\r' | b'\t');
            let after = &document.bytes()[gone.end..span.end - 1];
            (start, gone.end + after.iter().take_while(between).count())
        }
        _ => {
            let items: Vec<_> = target
                .elements()
                .map(|item| item.span())
                .chain(target.members().map(|(_, item)| item.span()))
                .collect();
            let kept = items.len() - usize::from(matches!(operation, Operation::Remove { .. }));
            (kept.checked_sub(1).map_or(span.start + 1, |last| items[last].end), span.end - 1)
        }
    }
}

/// Edits that are tried.
const EDITS: usize = 10_000;
/// Bytes of the largest document that is edited; the model takes time with every one.
const LARGEST: usize = 60_000;

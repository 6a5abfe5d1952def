//! Bytes as a sequence of edits on a small document, beside a naive model: RFC 6902 on `serde_json::Value`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sbom_attest::document::edit::{self, Operation, Pointer, Signatures};
use sbom_attest::document::{Document, Limits};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes);
    let text = DOCUMENTS[bytes.below(DOCUMENTS.len())];
    let limits = Limits::default();
    let document = Document::parse(text.into(), &limits).expect("it is JSON");
    let mut model: Option<Value> = Some(serde_json::from_str(text).expect("it is JSON"));
    let mut operations = Vec::new();
    while let (Some(act), true) = (bytes.next(), operations.len() < OPERATIONS) {
        // What an edit that fails would have been edited does not matter: the whole patch fails.
        let now = model.clone().unwrap_or(Value::Null);
        let path = path(&now, &mut bytes);
        let from = path_to_something(&now, &mut bytes);
        let value = VALUES[bytes.below(VALUES.len())];
        let parsed: Pointer = path.parse().expect("it is a pointer");
        let json = || serde_json::from_str::<Value>(value).expect("it is JSON");
        let new = || Document::parse(value.into(), &limits).expect("it is JSON");
        let (operation, done) = match act % 6 {
            0 => (Operation::Add { path: parsed, value: new() }, add(now, &path, json())),
            1 => (Operation::Remove { path: parsed }, remove(now, &path).map(|(rest, _)| rest)),
            2 => {
                let done = if path.is_empty() { Some(json()) } else { replace(now, &path, json()) };
                (Operation::Replace { path: parsed, value: new() }, done)
            }
            3 => {
                let holds = now.pointer(&path) == Some(&json());
                (Operation::Test { path: parsed, value: new() }, holds.then_some(now))
            }
            4 => {
                let done = if path.starts_with(&format!("{from}/")) {
                    None
                } else if path == from {
                    now.pointer(&from).is_some().then_some(now)
                } else {
                    remove(now, &from).and_then(|(rest, value)| add(rest, &path, value))
                };
                (Operation::Move { from: from.parse().expect("it is a pointer"), path: parsed }, done)
            }
            _ => {
                let value = now.pointer(&from).cloned();
                let done = value.and_then(|value| add(now, &path, value));
                (Operation::Copy { from: from.parse().expect("it is a pointer"), path: parsed }, done)
            }
        };
        operations.push(operation);
        // The first edit that fails ends the patch.
        match done {
            Some(done) if model.is_some() => model = Some(done),
            _ => model = None,
        }
    }
    let said = format!("{operations:?}");
    match (edit::apply(&document, operations.clone(), Signatures::Keep, &limits), model) {
        (Ok(edited), Some(model)) => {
            // serde_json nests less deep than a document may.
            let Ok(found) = serde_json::from_slice::<Value>(edited.document.bytes()) else { return };
            assert_eq!(found, model, "{said} on {text}");
            if operations.is_empty() {
                assert_eq!(edited.document.bytes(), text.as_bytes());
            }
        }
        (Err(edit::Error::Signed(_)), Some(_)) => {
            match edit::apply(&document, operations, Signatures::Drop, &limits) {
                Ok(_) => {}
                Err(error) if error.code().contains("-too-") => {}
                Err(error) => panic!("{said} on {text}: {error}"),
            }
        }
        (Err(_), None) => {}
        (Ok(_), None) => panic!("{said} on {text} must fail"),
        // Copies of copies are deeper, and larger, than a document may be.
        (Err(error), Some(_)) if error.code().contains("-too-") => {}
        // A copy leaves behind a signature that an edit has broken, and so there may be none where the model has one.
        (Err(error), Some(_)) if error.to_string().contains("/signature") => {}
        (Err(error), Some(_)) => panic!("{said} on {text}: {error}"),
    }
});

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.next().unwrap_or(0)) % bound
    }
}

/// A pointer to something that is there.
fn path_to_something(value: &Value, bytes: &mut Bytes<'_>) -> String {
    let mut pointer = String::new();
    let mut at = value;
    while let Some(step) = bytes.next().filter(|step| *step != 0) {
        match at {
            Value::Array(items) if !items.is_empty() => {
                let index = usize::from(step) % items.len();
                pointer.push_str(&format!("/{index}"));
                at = &items[index];
            }
            Value::Object(members) if !members.is_empty() => {
                let (name, member) =
                    members.iter().nth(usize::from(step) % members.len()).expect("it has so many");
                pointer.push_str(&format!("/{}", name.replace('~', "~0").replace('/', "~1")));
                at = member;
            }
            _ => break,
        }
    }
    pointer
}

/// A pointer to something that is there, or may come there, or is nowhere.
fn path(value: &Value, bytes: &mut Bytes<'_>) -> String {
    const ENDS: [&str; 12] = ["", "", "", "/-", "/0", "/1", "/01", "/new", "/a~1b", "/", "/m~0n", "/99"];
    path_to_something(value, bytes) + ENDS[bytes.below(ENDS.len())]
}

fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, token) = pointer.rsplit_once('/')?;
    Some((parent, token.replace("~1", "/").replace("~0", "~")))
}

/// An index as RFC 6901 writes it.
fn index(token: &str) -> Option<usize> {
    (token == "0" || !token.starts_with(['0', '+'])).then(|| token.parse().ok())?
}

fn add(mut value: Value, pointer: &str, new: Value) -> Option<Value> {
    let Some((parent, token)) = split(pointer) else { return Some(new) };
    match value.pointer_mut(parent)? {
        Value::Object(members) => drop(members.insert(token, new)),
        Value::Array(items) => {
            let at = if token == "-" { items.len() } else { index(&token)? };
            if at > items.len() {
                return None;
            }
            items.insert(at, new);
        }
        _ => return None,
    }
    Some(value)
}

fn remove(mut value: Value, pointer: &str) -> Option<(Value, Value)> {
    let (parent, token) = split(pointer)?;
    let taken = match value.pointer_mut(parent)? {
        Value::Object(members) => members.remove(&token)?,
        Value::Array(items) => {
            let at = index(&token).filter(|at| *at < items.len())?;
            items.remove(at)
        }
        _ => return None,
    };
    Some((value, taken))
}

fn replace(mut value: Value, pointer: &str, new: Value) -> Option<Value> {
    let (parent, token) = split(pointer)?;
    let place = match value.pointer_mut(parent)? {
        Value::Object(members) => members.get_mut(&token)?,
        Value::Array(items) => items.get_mut(index(&token)?)?,
        _ => return None,
    };
    *place = new;
    Some(value)
}

const DOCUMENTS: [&str; 5] = [
    "{\"a\": [1, {\"b\": null}, []], \"c\": {\"d\": \"e\"}}",
    "{\r\n\t\"one\" : 1 ,\r\n\t\"l\" : [ 1 , 2 ,3 ],\r\n\t\"o\\u0062\" : {\r\n\t\t\"x~/y\" : [ ]\r\n\t}\r\n}\r\n",
    " [[],{},[ [1],2 , {\"a\":{\"b\":[{\"c\":[]}]}}],\n true, 1.50e3] \n",
    "{\n  \"components\": [\n    {\n      \"name\": \"a\",\n      \"signature\": {\"value\": \"x\"}\n    }\n  ],\n  \"m~n\": 0, \"\": {\"\": []}\n}\n",
    "{}",
];
const VALUES: [&str; 8] = [
    "null",
    "17",
    "\"t\\u00e9xt\"",
    "[]",
    "{\"name\":\"new\", \"list\":[1,{\"k\":true}]}",
    "[[\"x\"], {}]",
    "{}",
    "1",
];
const OPERATIONS: usize = 12;

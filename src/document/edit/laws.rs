//! Laws of edits, on random ones: the edit reads back, all else is byte-identical, broken signatures are named.

use serde_json::Value as Json;

use super::{Edited, Error, Operation, Pointer, Signatures, apply, batch, patch};
use crate::document::{Document, Kind, Limits, Value};

const SIGNED: &str = r#"{"bomFormat": "CycloneDX", "components": [
    {"name": "a", "hashes": [], "signature": {"algorithm": "ES256", "value": "x"}},
    {"name": "b", "components": [{"name": "c", "tags": [1, 2], "signature": {"signers": [{"value": "1"}, {"excludes": ["tags"], "value": "2"}]}}],
     "signature": {"excludes": ["components", "extra"], "value": "y"}},
    {"signature": "a text", "name": "d", "list": [{"signature": {"chain": [{"excludes": ["e"], "value": "z"}]}, "e": {}, "f": 1}]}
  ],
  "signature": {"value": "root", "excludes": ["bomFormat"]}}"#;

fn documents() -> Vec<String> {
    let shop = include_str!("../../../testdata/sbom/shop.cdx.json");
    let tabs = "{\r\n\t\"one\" : 1 ,\r\n\t\"l\" : [ 1 , 2 ,3 ],\r\n\t\"o\\u0062\" : {\r\n\t\t\"x~/y\" : [ ]\r\n\t}\r\n}\r\n";
    let odd = " [[],{},[ [1],2 , {\"a\":{\"b\":[{\"c\":[]}]}}],\n9007199254740993, 1.50e3] \n";
    [shop, include_str!("../../../testdata/sbom/shop-min.cdx.json"), SIGNED, tabs, odd, "{}"]
        .map(str::to_owned)
        .into()
}

/// A counter, well mixed (`SplitMix64`): the same edits in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((word ^ word >> 31) % bound as u64).unwrap()
    }

    fn value(&mut self) -> &'static str {
        const VALUES: [&str; 7] = [
            "null",
            "17",
            "\"t\\u00e9xt\"",
            "[]",
            "{\"name\":\"new\", \"list\":[1,{\"k\":true}]}",
            "[[\"x\"], {}]",
            "{\"signature\":{\"value\":\"n\"},\"m\":0}",
        ];
        VALUES[self.below(VALUES.len())]
    }
}

fn parse(text: &str) -> Document {
    Document::parse(text.into(), &Limits::default()).unwrap()
}

fn model(document: &Document) -> Json {
    serde_json::from_slice(document.bytes()).unwrap()
}

/// Every place of a document.
fn places(root: Value<'_>) -> Vec<(String, Value<'_>)> {
    let mut open = vec![(String::new(), root)];
    let mut found = Vec::new();
    while let Some((pointer, value)) = open.pop() {
        open.extend(value.elements().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), item)));
        open.extend(
            value.members().map(|(name, item)| {
                (format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), item)
            }),
        );
        found.push((pointer, value));
    }
    found
}

/// An edit as the model knows it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    Insert,
    Remove,
    Replace,
}

fn act_on(json: &mut Json, act: Act, pointer: &str, value: &Json) {
    let Some((parent, token)) = pointer.rsplit_once('/') else {
        *json = value.clone();
        return;
    };
    let token = token.replace("~1", "/").replace("~0", "~");
    match (json.pointer_mut(parent).unwrap(), act) {
        (Json::Object(members), Act::Remove) => drop(members.remove(&token)),
        (Json::Object(members), _) => drop(members.insert(token, value.clone())),
        (Json::Array(items), Act::Remove) => drop(items.remove(token.parse().unwrap())),
        (Json::Array(items), Act::Replace) => items[token.parse::<usize>().unwrap()] = value.clone(),
        (Json::Array(items), Act::Insert) => items.insert(token.parse().unwrap(), value.clone()),
        other => panic!("{other:?}"),
    }
}

/// Where a place is after an edit, if it is still there.
fn moved(place: &str, act: Act, pointer: &str, in_array: bool) -> Option<String> {
    let is_inside = place == pointer || place.starts_with(&format!("{pointer}/"));
    if act != Act::Insert && is_inside {
        return None;
    }
    let (parent, token) = pointer.rsplit_once('/')?;
    let Some(rest) = place.strip_prefix(&format!("{parent}/")).filter(|_| in_array && act != Act::Replace)
    else {
        return Some(place.to_owned());
    };
    let (own, below) = rest.split_once('/').map_or((rest, ""), |(own, _)| (own, &rest[own.len()..]));
    let (own, edited): (usize, usize) = (own.parse().unwrap(), token.parse().unwrap());
    let own = match act {
        Act::Insert if own >= edited => own + 1,
        Act::Remove if own > edited => own - 1,
        _ => own,
    };
    Some(format!("{parent}/{own}{below}"))
}

/// What each signer of an object covers.
fn covered(object: &Json) -> Vec<Json> {
    let signature = &object["signature"];
    let signers = ["signers", "chain"].iter().find_map(|name| signature.get(name)?.as_array().cloned());
    let covered = |signer: &Json| {
        let mut object = object.as_object().unwrap().clone();
        for excluded in signer["excludes"].as_array().into_iter().flatten() {
            object.remove(excluded.as_str().unwrap());
        }
        Json::Object(object)
    };
    signers.unwrap_or_else(|| vec![signature.clone()]).iter().map(covered).collect()
}

/// The signatures that an edit must break, by brute force.
fn must_break(before: &Document, after: &Json, act: Act, pointer: &str, in_array: bool) -> Vec<String> {
    let json = model(before);
    let mut broken: Vec<String> = places(before.root())
        .into_iter()
        .filter(|(_, value)| value.get("signature").is_some_and(|found| found.kind() == Kind::Object))
        .filter(|(place, _)| {
            let now = moved(place, act, pointer, in_array).and_then(|place| after.pointer(&place));
            let then = json.pointer(place).unwrap();
            let replaced_by_itself = now.is_none() && act == Act::Replace && after == &json;
            // Who is signed and what is covered must both be as they were.
            !replaced_by_itself
                && now.is_none_or(|now| {
                    now.get("signature") != then.get("signature") || covered(now) != covered(then)
                })
        })
        .map(|(place, _)| format!("{place}/signature"))
        .collect();
    broken.sort_unstable();
    broken
}

/// The bytes of the document that an edit may touch: the value, or what stands between its neighbours.
fn neighbourhood(document: &Document, act: Act, pointer: &str) -> (usize, usize) {
    if act == Act::Replace {
        let span = document.at(pointer).unwrap().span();
        return (span.start, span.end);
    }
    let (parent, token) = pointer.rsplit_once('/').unwrap();
    let container = document.at(parent).unwrap();
    let children: Vec<_> = document.walk(container.id()).map(|node| document.value(node).span()).collect();
    let step = if container.kind() == Kind::Object { 2 } else { 1 };
    let count = children.len() / step;
    let index = match (container.kind(), act) {
        (Kind::Object, Act::Insert) => count,
        (Kind::Object, _) => {
            let node = document.at(pointer).unwrap().id();
            document.walk(container.id()).position(|child| child == node).unwrap() / 2
        }
        _ => token.parse().unwrap(),
    };
    let next = if act == Act::Insert { index } else { index + 1 };
    let start = if index == 0 { container.span().start + 1 } else { children[index * step - 1].end };
    let end = if next < count { children[next * step].start } else { container.span().end - 1 };
    (start, end)
}

#[test]
fn ten_thousand_edits_change_what_they_say_and_nothing_else() {
    let mut random = Random(1);
    let limits = Limits::default();
    let documents: Vec<Document> = documents().iter().map(|text| parse(text)).collect();
    let (mut edits, mut breaking) = (0, 0);
    while edits < 10_000 {
        let document = &documents[random.below(documents.len())];
        let all = places(document.root());
        let (pointer, target) = &all[random.below(all.len())];
        let text = random.value();
        let (act, pointer) = match (random.below(3), target.kind()) {
            (0, Kind::Object) => (Act::Insert, format!("{pointer}/new~1{}", random.below(9))),
            (0, Kind::Array) => {
                (Act::Insert, format!("{pointer}/{}", random.below(target.elements().count() + 1)))
            }
            (1, _) if !pointer.is_empty() => (Act::Remove, pointer.clone()),
            _ => (Act::Replace, pointer.clone()),
        };
        let in_array = pointer
            .rsplit_once('/')
            .is_some_and(|(parent, _)| document.at(parent).unwrap().kind() == Kind::Array);
        let (path, value): (Pointer, Document) = (pointer.parse().unwrap(), parse(text));
        let operation = match act {
            Act::Insert => Operation::Add { path, value },
            Act::Remove => Operation::Remove { path },
            Act::Replace => Operation::Replace { path, value },
        };
        let mut expected = model(document);
        act_on(&mut expected, act, &pointer, &serde_json::from_str(text).unwrap());
        let must = must_break(document, &expected, act, &pointer, in_array);
        let say = format!("{act:?} {pointer} {text} in {:?}", document.root());

        let kept = apply(document, vec![operation.clone()], Signatures::Keep, &limits);
        let Edited { document: edited, broken, .. } =
            apply(document, vec![operation], Signatures::Drop, &limits).unwrap();
        assert_eq!(broken, must, "{say}");
        if broken.is_empty() {
            assert_eq!(kept.unwrap().document.bytes(), edited.bytes());
            assert_eq!(model(&edited), expected, "{say}");
            let (start, end) = neighbourhood(document, act, &pointer);
            let (old, new) = (document.bytes(), edited.bytes());
            assert_eq!(&new[..start], &old[..start], "{say}");
            assert!(new.ends_with(&old[end..]) && new.len() >= start + old.len() - end, "{say}");
        } else {
            assert_eq!(kept.unwrap_err(), Error::Signed(broken.clone()), "{say}");
            for signature in &broken {
                let scope = signature.strip_suffix("/signature").unwrap();
                if let Some(place) = moved(scope, act, &pointer, in_array)
                    && let Some(Json::Object(object)) = expected.pointer_mut(&place)
                {
                    object.remove("signature");
                }
            }
            assert_eq!(model(&edited), expected, "{say}");
            breaking += 1;
        }
        edits += 1;
    }
    assert!(breaking > 1000, "only {breaking} edits broke a signature");
}

#[test]
fn sequences_of_edits_agree_with_one_by_one() {
    let mut random = Random(2);
    let limits = Limits::default();
    for round in 0..500 {
        // Nothing is signed here: one by one, a signature that is dropped is not there for the next edit.
        let texts = documents();
        let start = parse(&texts[round % texts.len()].replace("\"signature\"", "\"other\""));
        let mut now = start.clone();
        let mut all = Vec::new();
        for _ in 0..8 {
            let operation = {
                let found = places(now.root());
                let mut some = |value: bool| -> Pointer {
                    let (pointer, target) = &found[random.below(found.len())];
                    match target.kind() {
                        Kind::Array if value => format!("{pointer}/-"),
                        _ => pointer.clone(),
                    }
                    .parse()
                    .unwrap()
                };
                let (from, path) = (some(false), some(true));
                match random.below(4) {
                    0 => Operation::Move { from, path },
                    1 => Operation::Copy { from, path },
                    2 => Operation::Remove { path: from },
                    _ => Operation::Add { path, value: parse(&random.value().replace("signature", "other")) },
                }
            };
            if let Ok(next) = apply(&now, vec![operation.clone()], Signatures::Drop, &limits) {
                now = next.document;
                all.push(operation);
            }
        }
        let at_once = apply(&start, all, Signatures::Drop, &limits).unwrap().document;
        assert_eq!(model(&at_once), model(&now));
    }
}

#[test]
fn no_edits_are_the_same_bytes() {
    for text in documents() {
        let edited = apply(&parse(&text), Vec::new(), Signatures::Keep, &Limits::default()).unwrap();
        assert_eq!((edited.document.bytes(), edited.broken.len()), (text.as_bytes(), 0));
    }
}

#[track_caller]
fn check(before: &str, operations: &str, after: &str) {
    let operations = patch(&parse(operations)).unwrap();
    let edited = apply(&parse(before), operations, Signatures::Keep, &Limits::default()).unwrap();
    assert_eq!(String::from_utf8(edited.document.into_bytes()).unwrap(), after);
}

#[test]
fn what_is_added_looks_like_what_is_there() {
    let add = r#"[{"op":"add","path":"/l/-","value":{"x":[1]}}]"#;
    check("{\"l\":[1,2]}", add, "{\"l\":[1,2,{\"x\":[1]}]}");
    check("{\"l\": [1, 2]}", add, "{\"l\": [1, 2, {\"x\": [1]}]}");
    check(
        "{\n    \"l\": []\n}\n",
        add,
        "{\n    \"l\": [\n        {\n            \"x\": [\n                1\n            ]\n        }\n    ]\n}\n",
    );
    check(
        "{\r\n\t\"l\" : [\r\n\t\t1\r\n\t]\r\n}",
        r#"[{"op":"add","path":"/l/0","value":0}]"#,
        "{\r\n\t\"l\" : [\r\n\t\t0,\r\n\t\t1\r\n\t]\r\n}",
    );
    check("{\"a\": 1, \"b\": 2}", r#"[{"op":"remove","path":"/a"}]"#, "{\"b\": 2}");
    check("{\n  \"a\": 1,\n  \"b\": 2\n}", r#"[{"op":"remove","path":"/b"}]"#, "{\n  \"a\": 1\n}");
    check("[1]", r#"[{"op":"remove","path":"/0"},{"op":"add","path":"/-","value":1.0}]"#, "[1.0]");
}

#[test]
fn what_cannot_be_done_is_refused_by_name() {
    let refused = |operations: &str| {
        let operations = patch(&parse(operations))?;
        apply(&parse(r#"{"a": {"b": [1]}, "n": 1}"#), operations, Signatures::Keep, &Limits::default())
    };
    let cases = [
        (r#"[{"op":"remove","path":"/x"}]"#, "edit-missing"),
        (r#"[{"op":"add","path":"/x/y","value":1}]"#, "edit-missing"),
        (r#"[{"op":"add","path":"/n/y","value":1}]"#, "edit-scalar"),
        (r#"[{"op":"add","path":"/a/b/2","value":1}]"#, "edit-index"),
        (r#"[{"op":"add","path":"/a/b/01","value":1}]"#, "edit-index"),
        (r#"[{"op":"replace","path":"/a/b/-","value":1}]"#, "edit-missing"),
        (r#"[{"op":"remove","path":""}]"#, "edit-root"),
        (r#"[{"op":"test","path":"/n","value":"1"}]"#, "edit-test"),
        (r#"[{"op":"move","from":"/a","path":"/a/b/-"}]"#, "edit-into-itself"),
        (r#"[{"op":"add","path":"a","value":1}]"#, "edit-pointer"),
        (r#"[{"op":"add","path":"/a"}]"#, "edit-patch"),
        (r#"[{"op":"merge","path":"/a"}]"#, "edit-patch"),
        (r"{}", "edit-patch"),
    ];
    for (operations, code) in cases {
        assert_eq!(refused(operations).unwrap_err().code(), code, "{operations}");
    }
    assert!(
        refused(r#"[{"op":"test","path":"/n","value":1.0},{"op":"test","path":"/a/b","value":[1]}]"#).is_ok()
    );
    let many = vec![r#"{"op":"remove","path":"/n"}"#; super::OPERATIONS + 1].join(",");
    assert_eq!(refused(&format!("[{many}]")).unwrap_err().code(), "edit-too-many");
    let deep = format!(r#"[{{"op":"remove","path":"{}"}}]"#, "/a".repeat(Limits::DEPTH + 1));
    assert_eq!(refused(&deep).unwrap_err().code(), "edit-too-deep");
}

#[test]
fn edits_of_one_place_are_refused_and_indices_are_those_of_the_document() {
    let document = parse("[0, 1, 2, {\"a\": 3}]");
    let pointer = |text: &str| text.parse::<Pointer>().unwrap();
    let set = |text: &str| (pointer(text), parse("9"));
    let operations =
        batch(&document, vec![set("/3/b"), set("/-"), set("/-")], vec![pointer("/0"), pointer("/2")])
            .unwrap();
    let edited = apply(&document, operations, Signatures::Keep, &Limits::default()).unwrap();
    assert_eq!(edited.document.bytes(), b"[1, {\"a\": 3, \"b\": 9}, 9, 9]");
    for (one, other) in [("/3", "/3/a"), ("/0", "/0"), ("", "/1")] {
        let refused = batch(&document, vec![set(other)], vec![pointer(one)]);
        assert_eq!(refused.unwrap_err().code(), "edit-conflict");
    }
}

#[test]
fn a_copy_or_a_test_takes_no_broken_signature_from_where_it_stands() {
    let operations = r#"[{"op":"replace","path":"/components/0/name","value":"z"},
        {"op":"copy","from":"/components/0","path":"/components/-"},
        {"op":"test","path":"/components/0","value":{"name":"z","hashes":[],"signature":{"algorithm":"ES256","value":"x"}}}]"#;
    let operations = patch(&parse(operations)).unwrap();
    let edited = apply(&parse(SIGNED), operations, Signatures::Stale, &Limits::default()).unwrap();
    let stale: Vec<_> = edited.stale.iter().map(|stale| stale.after.as_str()).collect();
    assert_eq!(stale, ["/signature", "/components/0/signature"]);
    assert!(edited.document.at("/components/0/signature").is_some());
    assert!(edited.document.at("/components/3/name").is_some_and(|name| name.is("z")));
    assert!(edited.document.at("/components/3/signature").is_none());
}

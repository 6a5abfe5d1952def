//! What must hold of every document, on documents that are made up: sound ones, odd ones and wrong ones.

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::{from_cyclonedx, to_cyclonedx};
use crate::document::{Document, Limits};
use crate::sbom::Spdx2Version;
use crate::sbom::convert::{Fate, Loss};

/// A document that shows itself in one line.
#[derive(Clone, PartialEq)]
struct Line(Value);

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_string())
    }
}

fn parse(value: &Value) -> Document {
    Document::parse(value.to_string().into_bytes(), &Limits::default()).unwrap()
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn forward(document: &Document, version: Spdx2Version) -> (Document, Vec<Loss>) {
    from_cyclonedx(document, version, now(), &Limits::default()).unwrap()
}

fn back(document: Document) -> (Document, Vec<Loss>) {
    to_cyclonedx(document, &Limits::default()).unwrap()
}

fn printed(document: &Document) -> Value {
    serde_json::from_slice(document.bytes()).unwrap()
}

/// An object with some of these members.
fn object(members: Vec<(&'static str, BoxedStrategy<Value>)>, most: usize) -> BoxedStrategy<Value> {
    let count = members.len();
    subsequence(members, 0..=most.min(count))
        .prop_flat_map(|chosen| {
            let (names, values): (Vec<_>, Vec<_>) = chosen.into_iter().unzip();
            values.prop_map(move |values| {
                Value::Object(names.iter().map(|name| (*name).to_owned()).zip(values).collect())
            })
        })
        .boxed()
}

fn any_of(values: Vec<Value>) -> BoxedStrategy<Value> {
    select(values).boxed()
}

fn list_of(values: Vec<Value>) -> BoxedStrategy<Value> {
    proptest::collection::vec(select(values), 0..4).prop_map(Value::from).boxed()
}

fn with(value: Value, name: &str, member: Value) -> Value {
    let Value::Object(mut members) = value else { return value };
    members.insert(name.to_owned(), member);
    Value::Object(members)
}

fn links() -> BoxedStrategy<Value> {
    list_of(vec![
        json!({"type": "website", "url": "https://a.example"}),
        json!({"type": "website", "url": "https://a.example", "comment": "c"}),
        json!({"type": "distribution", "url": "https://a.example/x.tgz"}),
        json!({"type": "vcs", "url": "git+https://a.example/x.git"}),
        json!({"type": "vcs", "url": "https://a.example/x.git", "hashes": []}),
        json!({"type": "advisories", "url": "https://a.example/advice", "comment": 5}),
        json!({"type": "odd", "url": "two words"}),
        json!("nothing"),
    ])
}

fn licenses() -> BoxedStrategy<Value> {
    list_of(vec![
        json!({"license": {"id": "MIT"}}),
        json!({"license": {"id": "GPL-2.0-with-classpath-exception"}}),
        json!({"license": {"id": "MIT", "acknowledgement": "declared"}}),
        json!({"license": {"id": "ISC", "acknowledgement": "concluded"}}),
        json!({"license": {"name": "Own", "text": {"content": "All of it"}, "url": "https://a.example"}}),
        json!({"license": {"name": "Own", "text": {"content": "QQ==", "encoding": "base64"}}}),
        json!({"expression": "MIT OR ISC"}),
        json!({"expression": "MIT OR LicenseRef-x", "acknowledgement": "concluded"}),
        json!({"expression": "(("}),
        json!({"license": {"name": "NOASSERTION"}}),
        json!(3),
    ])
}

fn component(depth: u32) -> BoxedStrategy<Value> {
    let sha1 = json!({"alg": "SHA-1", "content": "a".repeat(40)});
    let mut members = vec![
        ("type", any_of(vec![json!("library"), json!("file"), json!("platform"), json!("odd"), json!(5)])),
        (
            "bom-ref",
            any_of(vec![json!("a"), json!("b"), json!("pkg:npm/%40x/c@1"), json!("SPDXRef-a"), json!(7)]),
        ),
        ("version", any_of(vec![json!("1.0"), json!(""), json!("two\nlines"), json!(1)])),
        (
            "hashes",
            list_of(vec![
                sha1.clone(),
                json!({"alg": "SHA-256", "content": "B".repeat(64)}),
                json!({"alg": "BLAKE3", "content": "c".repeat(64)}),
                json!({"alg": "SHA-1", "content": "short"}),
                json!({"alg": "Streebog-256", "content": "d".repeat(64)}),
                with(sha1, "more", json!(true)),
            ]),
        ),
        ("licenses", licenses()),
        (
            "supplier",
            any_of(vec![
                json!({"name": "S"}),
                json!({"name": "S (x)", "contact": [{"email": "a@b.example"}]}),
                json!({"contact": [{"name": "P"}]}),
                json!({}),
            ]),
        ),
        ("manufacturer", any_of(vec![json!({"name": "M", "url": ["https://m.example"]}), json!("M")])),
        ("publisher", any_of(vec![json!("Pub"), json!(" ")])),
        ("author", any_of(vec![json!("Someone"), json!("A\u{1}")])),
        (
            "authors",
            list_of(vec![json!({"name": "N", "email": "n@a.example"}), json!({"name": "N", "phone": "1"})]),
        ),
        ("externalReferences", links()),
        ("purl", any_of(vec![json!("pkg:npm/a@1"), json!("pkg: none")])),
        ("cpe", any_of(vec![json!("cpe:2.3:a:b:c:1:*:*:*:*:*:*:*"), json!("cpe:/a:b:c"), json!("cpe?")])),
        ("swid", any_of(vec![json!({"tagId": "t", "name": "n"}), json!({"tagId": "t t", "name": "n"})])),
        ("swhid", list_of(vec![json!(format!("swh:1:cnt:{}", "0".repeat(40))), json!("swh")])),
        ("omniborId", list_of(vec![json!(format!("gitoid:blob:sha1:{}", "0".repeat(40))), json!("x")])),
        ("copyright", any_of(vec![json!("(c) A"), json!("NOASSERTION"), json!("NONE"), json!("")])),
        ("description", any_of(vec![json!("D\n</text>"), json!(false)])),
        ("scope", any_of(vec![json!("optional"), json!("excluded")])),
        ("group", any_of(vec![json!("g")])),
        ("a~/=%\n", any_of(vec![json!([1, {"x": []}]), json!({}), json!(1.50)])),
        ("signature", any_of(vec![json!({"algorithm": "ES256", "value": "x"})])),
        (
            "properties",
            list_of(vec![
                json!({"name": "k", "value": "v"}),
                json!({"name": "k"}),
                json!({"name": "spdx:comment", "value": "c"}),
                json!({"name": "spdx:/filesAnalyzed", "value": "true"}),
                json!({"name": "spdx:/filesAnalyzed", "value": " true"}),
                json!({"name": "spdx:/externalRefs/7", "value": "{}"}),
                json!({"name": "spdx:spdxid", "value": "SPDXRef-z"}),
                json!({"name": "spdx:package:release-date", "value": "2026-01-01T00:00:00Z"}),
                json!({"name": "spdx:relationship", "value": "{\"relationshipType\":\"GENERATES\",\"relatedSpdxElement\":\"SPDXRef-q\"}"}),
                json!({"name": "spdx:relationship", "value": "{"}),
            ]),
        ),
    ];
    if depth > 0 {
        members.push((
            "components",
            prop_oneof![
                8 => proptest::collection::vec(component(depth - 1), 0..3).prop_map(Value::from),
                1 => Just(json!([5])),
            ]
            .boxed(),
        ));
    }
    let name = select(vec![json!("n"), json!("m"), json!("/abs"), json!("two\nlines"), json!("")]);
    (object(members, 12), name).prop_map(|(value, name)| with(value, "name", name)).boxed()
}

fn cyclonedx() -> BoxedStrategy<Value> {
    let members = vec![
        (
            "serialNumber",
            any_of(vec![json!("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"), json!("other"), json!(1)]),
        ),
        ("version", any_of(vec![json!(1), json!(3), json!(0), json!("1")])),
        ("$schema", any_of(vec![json!("http://cyclonedx.org/schema/bom-1.5.schema.json")])),
        (
            "metadata",
            object(
                vec![
                    (
                        "timestamp",
                        any_of(vec![
                            json!("2026-01-01T00:00:00Z"),
                            json!("2026-01-01T00:00:00.5+01:00"),
                            json!("x"),
                        ]),
                    ),
                    ("component", component(1)),
                    (
                        "tools",
                        any_of(vec![
                            json!([{"vendor": "v", "name": "t", "version": "1"}]),
                            json!({"components": [{"type": "application", "name": "t"}]}),
                            json!([]),
                        ]),
                    ),
                    ("authors", list_of(vec![json!({"name": "A"}), json!({"email": "a@b.example"})])),
                    ("manufacturer", any_of(vec![json!({"name": "M"})])),
                    ("manufacture", any_of(vec![json!({"name": "M"}), json!({})])),
                    ("supplier", any_of(vec![json!({"name": "S", "bom-ref": "s"})])),
                    (
                        "properties",
                        list_of(vec![
                            json!({"name": "k", "value": "v"}),
                            json!({"name": "spdx:document:name", "value": "x"}),
                            json!({"name": "spdx:creation-info:comment", "value": "x"}),
                            json!({"name": "spdx:/packages", "value": "[]"}),
                            json!({"name": "spdx:/hasExtractedLicensingInfos", "value": "[{\"licenseId\":\"LicenseRef-x\",\"extractedText\":\"t\"}]"}),
                        ]),
                    ),
                    ("lifecycles", any_of(vec![json!([{"phase": "build"}])])),
                ],
                9,
            ),
        ),
        ("components", proptest::collection::vec(component(2), 0..5).prop_map(Value::from).boxed()),
        (
            "dependencies",
            list_of(vec![
                json!({"ref": "a", "dependsOn": ["b", "pkg:npm/%40x/c@1"]}),
                json!({"ref": "a"}),
                json!({"ref": "b", "dependsOn": []}),
                json!({"ref": "b", "dependsOn": ["nowhere", "a", "a"], "provides": ["b"]}),
                json!({"ref": "pkg:npm/%40x/c@1", "dependsOn": ["nowhere"]}),
                json!({"ref": "nowhere", "dependsOn": ["a"]}),
                json!({"dependsOn": 5}),
                json!([]),
            ]),
        ),
        ("services", any_of(vec![json!([{"bom-ref": "s", "name": "s"}, 5]), json!([]), json!({})])),
        ("vulnerabilities", list_of(vec![json!({"id": "CVE-2026-1"}), json!(null), json!({})])),
        ("x", any_of(vec![json!("y")])),
    ];
    let version = select(vec!["1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "9"]);
    (object(members, 9), version)
        .prop_map(|(value, version)| {
            with(with(value, "bomFormat", json!("CycloneDX")), "specVersion", json!(version))
        })
        .boxed()
}

const IDS: [&str; 6] = ["SPDXRef-p0", "SPDXRef-p1", "SPDXRef-p2", "SPDXRef-f0", "SPDXRef-f1", "SPDXRef-s"];

fn annotation() -> Value {
    json!({"annotationDate": "2026-01-01T00:00:00Z", "annotationType": "REVIEW", "annotator": "Person: R", "comment": "cyclonedx:/scope=1"})
}

fn element(is_file: bool) -> BoxedStrategy<Value> {
    let license = || {
        any_of(
            [
                "MIT",
                "NONE",
                "NOASSERTION",
                "MIT OR ISC",
                "LicenseRef-1",
                "LicenseRef-2 AND MIT",
                "DocumentRef-d:LicenseRef-1",
                "what",
                "",
            ]
            .map(Value::from)
            .to_vec(),
        )
    };
    let mut members = vec![
        ("licenseConcluded", license()),
        ("copyrightText", any_of(["(c)", "NONE", "NOASSERTION", ""].map(Value::from).to_vec())),
        (
            "checksums",
            list_of(vec![
                json!({"algorithm": "SHA1", "checksumValue": "a".repeat(40)}),
                json!({"algorithm": "SHA256", "checksumValue": "b".repeat(64)}),
                json!({"algorithm": "SHA3-256", "checksumValue": "b".repeat(64)}),
                json!({"algorithm": "ADLER32", "checksumValue": "00000000"}),
                json!({"algorithm": "MD5", "checksumValue": "A".repeat(32)}),
            ]),
        ),
        ("comment", any_of(vec![json!("c\nd")])),
        ("licenseComments", any_of(vec![json!("c")])),
        ("attributionTexts", list_of(vec![json!("a"), json!("b")])),
        (
            "annotations",
            list_of(vec![
                annotation(),
                with(annotation(), "annotationType", json!("OTHER")),
                with(annotation(), "comment", json!("cyclonedx:x")),
            ]),
        ),
        ("unknown", any_of(vec![json!({"deep": [1, 2]}), json!(1e3)])),
    ];
    if is_file {
        members.extend([
            ("fileTypes", list_of(vec![json!("SOURCE"), json!("TEXT")])),
            ("licenseInfoInFiles", proptest::collection::vec(license(), 0..3).prop_map(Value::from).boxed()),
            ("noticeText", any_of(vec![json!("n")])),
            ("fileContributors", list_of(vec![json!("x")])),
        ]);
    } else {
        members.extend([
            ("versionInfo", any_of(vec![json!("1.0"), json!("")])),
            ("supplier", any_of(["Organization: S", "Organization: S (s@a.example)", "Person: P (p@a.example)", "NOASSERTION", "Who"].map(Value::from).to_vec())),
            ("originator", any_of(["Organization: O ()", "Person: P", "NOASSERTION"].map(Value::from).to_vec())),
            ("filesAnalyzed", any_of(vec![json!(true), json!(false)])),
            ("homepage", any_of(["https://a.example", "NOASSERTION", "NONE"].map(Value::from).to_vec())),
            ("licenseDeclared", license()),
            ("licenseInfoFromFiles", proptest::collection::vec(license(), 0..3).prop_map(Value::from).boxed()),
            (
                "externalRefs",
                list_of(vec![
                    json!({"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/a@1"}),
                    json!({"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/b@1"}),
                    json!({"referenceCategory": "PACKAGE-MANAGER", "referenceType": "npm", "referenceLocator": "a@1"}),
                    json!({"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:b:c:1:*:*:*:*:*:*:*"}),
                    json!({"referenceCategory": "SECURITY", "referenceType": "advisory", "referenceLocator": "https://a.example/x", "comment": "c"}),
                    json!({"referenceCategory": "OTHER", "referenceType": "website", "referenceLocator": "https://a.example"}),
                    json!({"referenceCategory": "OTHER", "referenceType": "mine", "referenceLocator": "x"}),
                ]),
            ),
            ("primaryPackagePurpose", any_of(["LIBRARY", "FILE", "SOURCE", "OPERATING-SYSTEM", "OTHER"].map(Value::from).to_vec())),
            ("description", any_of(vec![json!("d")])),
            ("summary", any_of(vec![json!("s")])),
            ("releaseDate", any_of(vec![json!("2026-01-01T00:00:00Z")])),
            ("packageVerificationCode", any_of(vec![json!({"packageVerificationCodeValue": "a".repeat(40)})])),
            ("hasFiles", list_of(vec![json!("SPDXRef-f0"), json!("SPDXRef-none")])),
        ]);
    }
    let location = select(
        ["NOASSERTION", "NONE", "https://a.example/x.tgz", "git+https://a.example/x.git@1", "odd"].to_vec(),
    );
    (object(members, 12), location)
        .prop_map(move |(value, location)| {
            if is_file {
                with(value, "fileName", json!("./f"))
            } else {
                with(with(value, "name", json!("p")), "downloadLocation", json!(location))
            }
        })
        .boxed()
}

fn relationships() -> BoxedStrategy<Value> {
    let kinds = [
        "DESCRIBES",
        "CONTAINS",
        "CONTAINED_BY",
        "DEPENDS_ON",
        "DEPENDENCY_OF",
        "DEV_DEPENDENCY_OF",
        "OPTIONAL_DEPENDENCY_OF",
        "DYNAMIC_LINK",
        "GENERATED_FROM",
        "OTHER",
    ];
    let ends: Vec<&str> = IDS
        .into_iter()
        .chain(["SPDXRef-DOCUMENT", "DocumentRef-d:SPDXRef-x", "NONE", "NOASSERTION"])
        .collect();
    let relationship = (
        select(ends.clone()),
        select(kinds.to_vec()),
        select(ends),
        proptest::option::weighted(0.2, Just("why")),
    )
        .prop_map(|(from, kind, to, comment)| {
            let value = json!({"spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to});
            match comment {
                Some(comment) => with(value, "comment", json!(comment)),
                None => value,
            }
        });
    let root = (Just("SPDXRef-DOCUMENT"), select(IDS.to_vec())).prop_map(|(from, to)| json!({"spdxElementId": from, "relationshipType": "DESCRIBES", "relatedSpdxElement": to}));
    proptest::collection::vec(prop_oneof![6 => relationship, 1 => root], 0..12).prop_map(Value::from).boxed()
}

fn spdx() -> BoxedStrategy<Value> {
    let numbered = |prefix: &'static str, list: Vec<Value>| -> Vec<Value> {
        list.into_iter()
            .enumerate()
            .map(|(n, value)| with(value, "SPDXID", json!(format!("{prefix}{n}"))))
            .collect()
    };
    let members = vec![
        (
            "packages",
            proptest::collection::vec(element(false), 0..4)
                .prop_map(move |list| Value::from(numbered("SPDXRef-p", list)))
                .boxed(),
        ),
        (
            "files",
            proptest::collection::vec(element(true), 0..3)
                .prop_map(move |list| Value::from(numbered("SPDXRef-f", list)))
                .boxed(),
        ),
        ("relationships", relationships()),
        (
            "hasExtractedLicensingInfos",
            list_of(vec![
                json!({"licenseId": "LicenseRef-1", "extractedText": "T", "name": "One", "seeAlsos": ["https://a.example"]}),
                json!({"licenseId": "LicenseRef-2", "extractedText": "U", "comment": "c"}),
            ]),
        ),
        (
            "externalDocumentRefs",
            any_of(vec![
                json!([{"externalDocumentId": "DocumentRef-d", "spdxDocument": "https://a.example/d", "checksum": {"algorithm": "SHA1", "checksumValue": "a".repeat(40)}}]),
            ]),
        ),
        ("snippets", any_of(vec![json!([{"SPDXID": "SPDXRef-s", "snippetFromFile": "SPDXRef-f0"}])])),
        ("documentDescribes", list_of(vec![json!("SPDXRef-p0"), json!("SPDXRef-f0")])),
        ("annotations", list_of(vec![annotation()])),
        ("comment", any_of(vec![json!("c")])),
    ];
    let creation = object(
        vec![
            ("created", any_of(vec![json!("2026-01-01T00:00:00Z"), json!("2026-01-01T00:00:00.1Z")])),
            (
                "creators",
                list_of(
                    [
                        "Person: P (p@a.example)",
                        "Organization: O",
                        "Organization: P",
                        "Tool: t-1",
                        "Tool: sbom-attest",
                        "odd",
                    ]
                    .map(Value::from)
                    .to_vec(),
                ),
            ),
            ("comment", any_of(vec![json!("c")])),
            ("licenseListVersion", any_of(vec![json!("3.20")])),
        ],
        4,
    );
    let namespace = select(vec![
        "https://a.example/d",
        "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2",
    ]);
    (object(members, 9), creation, namespace, select(vec!["SPDX-2.2", "SPDX-2.3"]))
        .prop_map(|(value, creation, namespace, version)| {
            let head = json!({"spdxVersion": version, "SPDXID": "SPDXRef-DOCUMENT", "dataLicense": "CC0-1.0", "name": "d", "documentNamespace": namespace, "creationInfo": creation});
            let (Value::Object(mut all), Value::Object(rest)) = (head, value) else { return json!({}) };
            all.extend(rest);
            if version == "SPDX-2.2" {
                for package in all.get_mut("packages").and_then(Value::as_array_mut).into_iter().flatten() {
                    let package = package.as_object_mut().unwrap();
                    package.remove("primaryPackagePurpose");
                    package.remove("releaseDate");
                }
            }
            Value::Object(all)
        })
        .boxed()
}

/// A document of SPDX as the graph that it is: lists of elements and relationships are sets, and empty ones are nothing.
fn graph(document: &Document) -> Value {
    let Value::Object(members) = printed(document) else { return Value::Null };
    let mut graph = Map::new();
    for (name, member) in members {
        let is_set =
            ["packages", "files", "relationships", "hasExtractedLicensingInfos"].contains(&name.as_str());
        match member {
            Value::Array(mut list) if is_set => {
                for element in &mut list {
                    if element.get("annotations").is_some_and(|list| list == &json!([])) {
                        element.as_object_mut().unwrap().remove("annotations");
                    }
                }
                list.sort_by_key(ToString::to_string);
                list.dedup();
                if !list.is_empty() {
                    graph.insert(name, list.into());
                }
            }
            Value::Array(list) if name == "annotations" && list.is_empty() => {}
            other => drop(graph.insert(name, other)),
        }
    }
    Value::Object(graph)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn cyclonedx_comes_back_as_it_was(Line(value) in cyclonedx().prop_map(Line), version in select(Spdx2Version::ALL.to_vec())) {
        let source = parse(&value);
        let (made, losses) = forward(&source, version);
        prop_assert!(losses.iter().all(|loss| loss.fate != Fate::Dropped), "{losses:?}");
        let (again, _) = back(made.clone());
        prop_assert_eq!(Line(printed(&again)), Line(value), "by way of {:?}", Line(printed(&made)));
    }

    #[test]
    fn spdx_comes_back_as_it_was(Line(value) in spdx().prop_map(Line)) {
        let source = parse(&value);
        let version = if value["spdxVersion"] == "SPDX-2.2" { Spdx2Version::V2_2 } else { Spdx2Version::V2_3 };
        let (made, losses) = back(source.clone());
        let lost: Vec<_> = losses.iter().filter(|loss| loss.fate == Fate::Dropped && loss.reason != "an empty list says nothing").collect();
        prop_assert!(lost.is_empty(), "{lost:?}");
        let (again, _) = forward(&made, version);
        prop_assert_eq!(Line(graph(&again)), Line(graph(&source)), "by way of {:?}", Line(printed(&made)));
    }

    /// What was made of an SPDX document bears its places.
    #[test]
    fn every_value_has_a_place_in_the_source(Line(value) in spdx().prop_map(Line)) {
        let source = parse(&value);
        let (made, _) = back(source.clone());
        let mut open = vec![made.root()];
        while let Some(value) = open.pop() {
            prop_assert!(source.at(&value.place()).is_some(), "{}", value.place());
            open.extend(value.elements().chain(value.members().map(|(_, member)| member)));
        }
    }
}

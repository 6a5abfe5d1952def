//! `validate`: every document gets an answer, and the answer has the contract's exit status.

use std::io::Write as _;
use std::process::Stdio;

use crate::sandbox::{Answer, Sandbox};

const GOOD: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{"type":"library","name":"a"}]}"#;

#[test]
fn the_exit_status_is_the_answer() {
    let sandbox = Sandbox::empty();
    sandbox.write("good.json", GOOD);
    sandbox.write("bad.json", GOOD.replace("library", "libary"));
    sandbox.write("cut.json", &GOOD[..30]);
    sandbox.write("spdx.json", r#"{"spdxVersion":"SPDX-2.1"}"#);
    sandbox.write("bom.xml", "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.8\"/>");
    assert!(
        sandbox
            .expect(0, &["validate", "good.json"])
            .stdout
            .starts_with("valid: good.json (cyclonedx-1.6-json)")
    );
    let answer = sandbox.expect(1, &["validate", "good.json", "bad.json"]);
    assert!(answer.stdout.contains("INVALID: bad.json"), "{}", answer.stdout);
    assert!(answer.stdout.contains("\"library\" is"), "{}", answer.stdout);
    let answer = sandbox.expect(1, &["validate", "cut.json"]);
    assert!(answer.stdout.contains("json-unexpected-end"), "{}", answer.stdout);
    for (name, format) in [("spdx.json", "spdx-2.1-json"), ("bom.xml", "cyclonedx-1.8-xml")] {
        let answer = sandbox.expect(2, &["validate", "good.json", name, "--format", "json"]);
        let files = answer.json()["files"].clone();
        assert_eq!((files[0]["valid"].as_bool(), files[1]["valid"].as_bool()), (Some(true), Some(false)));
        assert_eq!(files[1]["format"], format);
        assert_eq!(files[1]["findings"][0]["status"], "not-evaluated");
        assert!(answer.stderr.contains("not validated by this version"), "{}", answer.stderr);
    }
}

#[test]
fn a_file_that_cannot_be_read_takes_nothing_from_the_others() {
    let sandbox = Sandbox::empty();
    sandbox.write("good.json", GOOD);
    sandbox.write("folder/x", "");
    for missing in ["nothing.json", "folder"] {
        let answer = sandbox.expect(2, &["validate", missing, "good.json"]);
        assert!(answer.stdout.starts_with("valid: good.json"), "{}", answer.stdout);
        assert!(answer.stderr.contains(missing), "{}", answer.stderr);
    }
    sandbox.expect(2, &["validate"]);
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let sandbox = Sandbox::empty();
    let mut child = sandbox
        .command(&["validate", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(GOOD.as_bytes()).unwrap();
    let answer = Answer::from(child.wait_with_output().unwrap());
    assert_eq!((answer.status, answer.json()["files"][0]["path"].as_str()), (0, Some("-")));
}

#[test]
fn a_finding_has_its_place_and_a_remedy() {
    let sandbox = Sandbox::empty();
    let text = "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.5\",\n  \"declarations\": {},\n  \"component\": []\n}";
    sandbox.write("bom.json", text);
    let files = sandbox.expect(1, &["validate", "bom.json", "--format", "json"]).json()["files"].clone();
    let findings = files[0]["findings"].as_array().unwrap();
    assert_eq!(findings[0]["rule"], "grammar-version");
    assert_eq!(findings[0]["message"], "`declarations` came in 1.6; this document says 1.5");
    assert_eq!(findings[0]["location"]["pointer"], "/declarations");
    assert_eq!(
        (findings[0]["location"]["line"].as_u64(), findings[0]["location"]["column"].as_u64()),
        (Some(4), Some(19))
    );
    assert_eq!(
        findings[0]["remedy"],
        "sbom-attest convert bom.json --to cyclonedx-1.6-json, or leave it out"
    );
    assert_eq!(findings[1]["message"], "`component` is no field here; `components` is");
}

/// A million surplus fields are refused fast, and the list of findings stays short.
#[test]
fn a_flood_of_findings_is_counted() {
    let sandbox = Sandbox::empty();
    let fields: Vec<String> = (0..100_000).map(|number| format!("\"x{number}\":[]")).collect();
    sandbox.write(
        "bom.json",
        format!("{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",{}}}", fields.join(",")),
    );
    let file = sandbox.expect(1, &["validate", "bom.json", "--format", "json"]).json()["files"][0].clone();
    assert_eq!(file["findings"].as_array().unwrap().len(), sbom_attest::sbom::grammar::MOST_FINDINGS);
    assert_eq!(file["omitted"], 99_000);
}

/// Whatever is malformed is not valid, whole or cut anywhere, and nothing panics.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads the project's own files")]
fn nothing_malformed_is_valid() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sbom/malformed");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let step = 1 + bytes.len() / 200;
        for end in (0..bytes.len()).step_by(step).chain([bytes.len()]) {
            let limits = sbom_attest::document::Limits::default();
            let judged =
                sbom_attest::sbom::validate(bytes[..end].to_vec(), &limits, "x", jiff::Timestamp::UNIX_EPOCH);
            assert!(!judged.valid && !judged.findings.is_empty());
            count += 1;
        }
    }
    assert!(count > 1000);
}

/// Each rule beyond the grammar: a document that breaks it, and the same one repaired.
#[test]
fn each_rule_sees_what_breaks_it_and_nothing_else() {
    let sandbox = Sandbox::empty();
    let bom = |rest: &str| {
        format!(
            "{{'bomFormat':'CycloneDX','specVersion':'1.7','serialNumber':'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79','version':1,{rest}}}"
        )
    };
    let component =
        |rest: &str| bom(&format!("'components':[{{'type':'library','name':'a','bom-ref':'a'{rest}}}]"));
    let graph = |rest: &str| {
        format!("{},'dependencies':{rest}}}", component("").trim_end_matches('}').to_owned() + "}]")
    };
    let graph = |rest: &str| graph(rest).replace("'a'}]}]", "'a'}]");
    let cases = [
        ("ref-dangling", graph("[{'ref':'b'}]"), graph("[{'ref':'a'}]")),
        (
            "ref-dangling",
            bom("'compositions':[{'aggregate':'complete','assemblies':['b']}]"),
            component("").replace("}]}", "}],'compositions':[{'aggregate':'complete','assemblies':['urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#a']}]}"),
        ),
        (
            "ref-dangling",
            bom("'vulnerabilities':[{'affects':[{'ref':'b'}]}]"),
            bom("'vulnerabilities':[{'bom-ref':'b','affects':[{'ref':'b'}]}]"),
        ),
        (
            "ref-dangling",
            bom("'declarations':{'claims':[{'bom-ref':'c','evidence':['e']}]}"),
            bom("'declarations':{'claims':[{'bom-ref':'c','evidence':['e']}],'evidence':[{'bom-ref':'e'}]}"),
        ),
        (
            "ref-dangling",
            bom("'annotations':[{'subjects':['s'],'annotator':{'individual':{'name':'J'}},'timestamp':'2026-01-01T00:00:00Z','text':'t'}]"),
            bom("'annotations':[{'subjects':['s'],'annotator':{'individual':{'name':'J','bom-ref':'s'}},'timestamp':'2026-01-01T00:00:00Z','text':'t'}]"),
        ),
        (
            "ref-duplicate",
            bom("'services':[{'name':'x','bom-ref':'s'},{'name':'y','bom-ref':'s'}]"),
            bom("'services':[{'name':'x','bom-ref':'s'},{'name':'y','bom-ref':'t'}]"),
        ),
        (
            "ref-ambiguous",
            bom("'services':[{'name':'x','bom-ref':'s'},{'name':'y','bom-ref':'s'}],'dependencies':[{'ref':'s'}]"),
            bom("'services':[{'name':'x','bom-ref':'s'},{'name':'y','bom-ref':'t'}],'dependencies':[{'ref':'s'}]"),
        ),
        ("ref-self", graph("[{'ref':'a','dependsOn':['a']}]"), graph("[{'ref':'a','dependsOn':[]}]")),
        ("ref-twice", graph("[{'ref':'a'},{'ref':'a','dependsOn':[]}]"), graph("[{'ref':'a'}]")),
        (
            "cycle-requirement",
            bom("'definitions':{'standards':[{'requirements':[{'bom-ref':'1','parent':'2'},{'bom-ref':'2','parent':'1'}]}]}"),
            bom("'definitions':{'standards':[{'requirements':[{'bom-ref':'1','parent':'2'},{'bom-ref':'2'}]}]}"),
        ),
        (
            "cycle-task",
            bom("'formulation':[{'workflows':[{'bom-ref':'w','uid':'w','taskTypes':['build'],'tasks':[{'bom-ref':'1','uid':'1','taskTypes':[]}],'taskDependencies':[{'ref':'1','dependsOn':['w']},{'ref':'w','dependsOn':['1']}]}]}]"),
            bom("'formulation':[{'workflows':[{'bom-ref':'w','uid':'w','taskTypes':['build'],'tasks':[{'bom-ref':'1','uid':'1','taskTypes':[]}],'taskDependencies':[{'ref':'1','dependsOn':['w']}]}]}]"),
        ),
        ("purl-form", component(",'purl':'cargo/a'"), component(",'purl':'pkg:cargo/a@1'")),
        ("cpe-form", component(",'cpe':'cpe:2.3:a:b'"), component(",'cpe':'cpe:/a:b:c'")),
        ("swhid-form", component(",'swhid':['swh:1']"), component(",'swhid':['swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2']")),
        ("swid-form", component(",'swid':{'tagId':'','name':'a'}"), component(",'swid':{'tagId':'x','name':'a'}")),
        ("license-expression", component(",'licenses':[{'expression':'MIT OR'}]"), component(",'licenses':[{'expression':'MIT OR ISC'}]")),
        (
            "digest-length",
            component(",'hashes':[{'alg':'SHA-256','content':'d41d8cd98f00b204e9800998ecf8427e'}]"),
            component(",'hashes':[{'alg':'MD5','content':'d41d8cd98f00b204e9800998ecf8427e'}]"),
        ),
        (
            "time-order",
            bom("'vulnerabilities':[{'created':'2026-01-02T00:00:00Z','updated':'2026-01-01T00:00:00Z'}]"),
            bom("'vulnerabilities':[{'created':'2026-01-02T00:00:00+02:00','updated':'2026-01-01T23:00:00Z'}]"),
        ),
        (
            "evidence-expired",
            bom("'declarations':{'evidence':[{'expires':'2026-01-01T00:00:00Z'}]}"),
            bom("'declarations':{'evidence':[{'expires':'2026-12-01T00:00:00Z'}]}"),
        ),
        (
            "score-rationale",
            bom("'declarations':{'attestations':[{'map':[{'conformance':{'score':1}}]}]}"),
            bom("'declarations':{'attestations':[{'map':[{'conformance':{'score':1,'rationale':'all of 7'}}]}]}"),
        ),
    ];
    let codes = |text: &str| {
        sandbox.write("bom.json", text.replace('\'', "\""));
        let answer =
            sandbox.expect(0, &["validate", "bom.json", "--format", "json", "--at", "2026-11-24T00:00:00Z"]);
        let findings = answer.json()["files"][0]["findings"].as_array().unwrap().clone();
        findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (rule, broken, repaired) in &cases {
        assert!(codes(broken).contains(&(*rule).to_owned()), "{rule}: {broken}");
        assert!(!codes(repaired).contains(&(*rule).to_owned()), "{rule}: {repaired}");
    }
    // These two speak of other documents and have a test of their own.
    let others = ["link-dangling", "link-version"];
    let covered: std::collections::BTreeSet<&str> =
        cases.iter().map(|(rule, ..)| *rule).chain(others).collect();
    assert_eq!(covered.len(), sbom_attest::sbom::rules::RULES.len(), "a rule without a case");
    sandbox.write("bom.json", cases[0].1.replace('\'', "\""));
    sandbox.expect(1, &["validate", "bom.json", "--fail-on", "high"]);
    sandbox.expect(0, &["validate", "bom.json", "--fail-on", "critical"]);
}

/// A standard, its attestation and what is attested may be three documents.
#[test]
fn references_are_followed_into_the_other_documents() {
    let sandbox = Sandbox::empty();
    let (standard, shop) = ("3e671687-395b-41f5-a30f-a58921a69b79", "11111111-1111-4111-8111-111111111111");
    let bom = |serial: &str, rest: &str| {
        format!("{{'bomFormat':'CycloneDX','specVersion':'1.6','serialNumber':'urn:uuid:{serial}','version':1,{rest}}}")
            .replace('\'', "\"")
    };
    sandbox.write(
        "in/standard.json",
        bom(standard, "'definitions':{'standards':[{'bom-ref':'s','requirements':[{'bom-ref':'coc/1'},{'bom-ref':'coc/2'}]}]}"),
    );
    sandbox.write("in/notes.txt", "no SBOM");
    sandbox.write("shop.json", bom(shop, "'components':[{'type':'library','name':'a','bom-ref':'a'}]"));
    let attestation = |requirement: &str, target: &str| {
        let rest = format!(
            "'declarations':{{'attestations':[{{'map':[{{'requirement':'{requirement}','claims':['c']}}]}}],'claims':[{{'bom-ref':'c','target':'{target}'}}]}}"
        );
        sandbox.write("attestation.json", bom("22222222-2222-4222-8222-222222222222", &rest));
    };
    let findings = |arguments: &[&str]| -> Vec<(String, String, String)> {
        let all = [&["validate", "attestation.json"], arguments, &["--format", "json"]].concat();
        let report = sandbox.run(&all).json();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let findings = report["files"][0]["findings"].as_array().unwrap().clone();
        findings.iter().map(|one| (text(&one["rule"]), text(&one["status"]), text(&one["message"]))).collect()
    };
    let one = |rule: &str, status: &str, message: &str| {
        vec![(rule.to_owned(), status.to_owned(), message.to_owned())]
    };

    attestation(&format!("urn:cdx:{standard}/1#coc/1"), &format!("urn:cdx:{shop}/1#a"));
    assert_eq!(findings(&["shop.json", "--with", "in"]), []);
    assert_eq!(findings(&["shop.json", "in/standard.json"]), []);
    let two = "2 references into other documents (BOM-Link), which are not here";
    assert_eq!(findings(&[]), one("ref-dangling", "not-evaluated", two));
    let single = "1 reference into another document (BOM-Link), which is not here";
    assert_eq!(findings(&["--with", "in/standard.json"]), one("ref-dangling", "not-evaluated", single));

    attestation(&format!("urn:cdx:{standard}/1#coc/3"), &format!("urn:cdx:{shop}/1#a"));
    let missing = format!("the document {standard} has no bom-ref \"coc/3\"");
    assert_eq!(findings(&["shop.json", "--with", "in"]), one("link-dangling", "fail", &missing));
    sandbox.expect(1, &["validate", "attestation.json", "shop.json", "--with", "in", "--fail-on", "high"]);

    attestation(&format!("urn:cdx:{standard}/1#coc/2"), &format!("urn:cdx:{shop}/2#a"));
    let version = format!("the document {shop} is here in version 1, not 2");
    assert_eq!(findings(&["shop.json", "--with", "in"]), one("link-version", "fail", &version));

    let answer = sandbox.expect(0, &["validate", "attestation.json", "--with", "in"]);
    assert_eq!(answer.stderr, "in/notes.txt is no SBOM: left aside\n");
    sandbox.expect(2, &["validate", "attestation.json", "--with", "in/notes.txt"]);
    sandbox.expect(2, &["validate", "attestation.json", "--with", "nowhere"]);
    // A document is among its own neighbours, and its links to itself are references.
    attestation("urn:cdx:22222222-2222-4222-8222-222222222222/1#nothing", &format!("urn:cdx:{shop}/1#a"));
    assert_eq!(findings(&["shop.json"])[0].0, "ref-dangling");
}

/// The user's schemas count beside our grammar. These are made up, and stricter than it.
#[test]
fn schemas_of_the_user_are_applied_and_nothing_is_fetched() {
    let sandbox = Sandbox::empty();
    sandbox.write("good.json", GOOD.replace("\"a\"", "\"allowed\""));
    sandbox.write("bad.json", GOOD.replace(",\"components\"", ",\n \"components\""));
    sandbox.write("old.json", GOOD.replace("1.6", "1.4"));
    let schema = r#"{"$schema":"http://json-schema.org/draft-07/schema#","$id":"http://cyclonedx.org/schema/bom-1.6.schema.json",
        "properties":{"components":{"items":{"properties":{"name":{"$ref":"spdx.schema.json"}}}}}}"#;
    sandbox.write("schemas/bom-1.6.schema.json", schema);
    sandbox.write(
        "schemas/spdx.schema.json",
        r#"{"$id":"http://cyclonedx.org/schema/spdx.schema.json","enum":["allowed"]}"#,
    );
    sandbox.write("schemas/README.md", "not a schema");
    let validate = |name: &'static str| ["validate", name, "--schema", "schemas", "--format", "json"];
    assert_eq!(
        sandbox.expect(0, &validate("good.json")).json()["files"][0]["findings"],
        serde_json::json!([])
    );
    let file = sandbox.expect(1, &validate("bad.json")).json()["files"][0].clone();
    assert_eq!(file["valid"], false);
    let finding = &file["findings"][0];
    assert_eq!((finding["rule"].as_str(), finding["status"].as_str()), (Some("schema"), Some("fail")));
    assert_eq!(finding["location"]["pointer"], "/components/0/name");
    assert_eq!(
        (finding["location"]["line"].as_u64(), finding["location"]["column"].as_u64()),
        (Some(2), Some(41))
    );
    sandbox.expect(0, &["validate", "bad.json"]);
    // No schema of that version: there is no telling, and the rest is still said.
    let answer = sandbox.expect(2, &validate("old.json"));
    assert_eq!(answer.json()["files"][0]["findings"][0]["status"], "not-evaluated");
    assert!(answer.stderr.contains("schemas has no bom-1.4.schema.json"), "{}", answer.stderr);
    // What a schema refers to is not fetched.
    let elsewhere = schema.replace("spdx.schema.json", "http://127.0.0.1:9/other.schema.json");
    sandbox.write("schemas/bom-1.6.schema.json", elsewhere);
    let answer = sandbox.expect(2, &validate("good.json"));
    assert!(
        answer.stderr.contains("cannot be applied") && answer.stderr.contains("127.0.0.1"),
        "{}",
        answer.stderr
    );
    for (name, text) in [("none/x.json", "{}"), ("broken/bom-1.6.schema.json", "{")] {
        sandbox.write(name, text);
        let folder = name.split('/').next().unwrap();
        sandbox.expect(2, &["validate", "good.json", "--schema", folder]);
    }
    sandbox.expect(2, &["validate", "good.json", "--schema", "good.json"]);
    sandbox.expect(2, &["validate", "good.json", "--schema", "nowhere"]);
}

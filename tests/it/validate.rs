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
    let covered: std::collections::BTreeSet<&str> = cases.iter().map(|(rule, ..)| *rule).collect();
    assert_eq!(covered.len(), sbom_attest::sbom::rules::RULES.len(), "a rule without a case");
    sandbox.write("bom.json", cases[0].1.replace('\'', "\""));
    sandbox.expect(1, &["validate", "bom.json", "--fail-on", "high"]);
    sandbox.expect(0, &["validate", "bom.json", "--fail-on", "critical"]);
}

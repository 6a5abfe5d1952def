//! `merge`: the document, the report, and the exit statuses.

use std::io::Write as _;
use std::process::Stdio;

use crate::sandbox::{Answer, Sandbox};

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    let sbom = |scope: &str, spec: &str| {
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"{spec}","version":1,"components":[{{"type":"library","name":"bell\u001b","version":"1","scope":"{scope}"}}]}}"#
        )
    };
    sandbox.write("a.json", sbom("required", "1.6"));
    sandbox.write("b.json", sbom("optional", "1.6"));
    sandbox.write("old.json", sbom("required", "1.4"));
    sandbox
}

#[test]
fn a_conflict_keeps_the_first_and_is_listed() {
    let sandbox = sandbox();
    let answer = sandbox.expect(0, &["merge", "a.json", "b.json", "--report", "r.json", "--format", "json"]);
    let document = answer.json();
    assert_eq!(document["components"][0]["scope"], "required");
    assert_eq!(document["components"].as_array().unwrap().len(), 1);
    let report = sandbox.json("r.json");
    assert_eq!(
        report["conflicts"][0],
        serde_json::json!({"component": "bell\u{1b}@1", "pointer": "/scope", "kept": "required", "dropped": "optional", "file": "b.json"})
    );
    let answer = sandbox.expect(0, &["merge", "a.json", "b.json"]);
    assert_eq!(answer.stderr, "1 conflict, 0 dropped signatures: --report FILE lists them\n");
    let answer = sandbox.expect(0, &["merge", "a.json", "b.json", "-o", "out.json"]);
    assert!(answer.stdout.contains("bell\\u{1b}@1 /scope\n    kept     \"required\"\n"), "{}", answer.stdout);
    sandbox.expect(0, &["validate", "out.json", "--fail-on", "low"]);
    let again = sandbox.expect(0, &["merge", "a.json", "b.json"]);
    assert_eq!(sandbox.read("out.json"), again.stdout.as_bytes(), "the same documents give the same bytes");
    assert!(!again.stdout.contains("timestamp"));
    let at = sandbox.expect(0, &["merge", "a.json", "--at", "2026-11-24T12:00:00.5Z"]).json();
    assert_eq!(at["metadata"]["timestamp"], "2026-11-24T12:00:00Z");
}

#[test]
fn a_conflict_can_be_an_answer_and_then_nothing_is_written() {
    let sandbox = sandbox();
    let answer = sandbox.expect(1, &["merge", "a.json", "b.json", "--fail-on-conflict", "-o", "out.json"]);
    assert!(answer.stdout.contains("not merged"), "{}", answer.stdout);
    assert!(!sandbox.path("out.json").exists());
    sandbox.expect(0, &["merge", "a.json", "a.json", "--fail-on-conflict", "-o", "out.json"]);
}

#[test]
fn what_cannot_be_merged_is_said() {
    let sandbox = sandbox();
    sandbox.write("no.json", "{");
    for (arguments, because) in [
        (&["merge", "a.json", "none.json"][..], "none.json"),
        (&["merge", "a.json", "no.json"], "no.json"),
        (&["merge", "-", "-"], "it can be read once"),
        (&["merge", "a.json", "--nested"], "names no product"),
        (&["merge", "a.json", "--version", "1"], "--name"),
        (&["merge"], "<FILE>"),
    ] {
        let answer = sandbox.expect(2, arguments);
        assert!(answer.stderr.contains(because) && answer.stdout.is_empty(), "{}", answer.stderr);
    }
}

#[test]
fn documents_of_several_versions_become_ones_of_the_newest() {
    let sandbox = sandbox();
    sandbox.write(
        "signed.json",
        r#"{"bomFormat":"CycloneDX","specVersion":"1.4","version":1,"components":[{"type":"library","name":"gong","version":"1"}],"signature":{"algorithm":"ES256","value":"eA"}}"#,
    );
    let answer = sandbox.expect(
        0,
        &["merge", "signed.json", "b.json", "-o", "out.json", "--report", "r.json", "--format", "json"],
    );
    assert_eq!(answer.stdout, "");
    let document = sandbox.json("out.json");
    assert_eq!(document["specVersion"], "1.6");
    assert_eq!(document["components"].as_array().unwrap().len(), 2);
    let lifted = &sandbox.json("r.json")["lifted"];
    assert_eq!(lifted.as_array().unwrap().len(), 1);
    assert_eq!((&lifted[0]["from"], &lifted[0]["to"]), (&"1.4".into(), &"1.6".into()));
    assert_eq!(lifted[0]["dropped"][0]["pointer"], "/signature");
    sandbox.expect(0, &["validate", "out.json", "--fail-on", "low"]);
    let answer = sandbox.expect(0, &["merge", "old.json", "b.json"]);
    assert!(
        answer.stderr.contains("old.json: lifted from 1.4 to 1.6, 0 values dropped"),
        "{}",
        answer.stderr
    );
}

#[test]
fn standard_input_and_a_new_product() {
    let sandbox = sandbox();
    let mut child = sandbox
        .command(&["merge", "-", "b.json", "--name", "suite", "--version", "2", "--no-provenance"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&sandbox.read("a.json")).unwrap();
    let document = Answer::from(child.wait_with_output().unwrap()).json();
    assert_eq!(document["metadata"]["component"]["name"], "suite");
    assert_eq!(document["components"][0]["properties"], serde_json::Value::Null);
}

/// What is no CycloneDX JSON is merged as what it says, under the digest of the file that it was.
#[test]
fn another_encoding_is_merged_under_the_digest_of_its_file() {
    let sandbox = sandbox();
    let xml = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components><component type="library"><name>clapper</name></component></components></bom>"#;
    sandbox.write("b.xml", xml);
    let document = sandbox.expect(0, &["merge", "a.json", "b.xml"]).json();
    let digest = sbom_attest::digest::Digest::sha256(xml);
    assert_eq!(document["components"][1]["name"], "clapper");
    assert_eq!(document["components"][1]["properties"][0]["value"], digest.to_string());
    assert_eq!(document["externalReferences"][1]["hashes"][0]["content"], digest.hex());
}

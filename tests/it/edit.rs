//! `edit`: the flags, the exit statuses, and a file that is never half-written.

use crate::sandbox::Sandbox;

const SBOM: &str = "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"components\": [\n    {\"name\": \"a\", \"signature\": {\"value\": \"x\"}},\n    {\"name\": \"b\"}\n  ],\n  \"from the future\": 1.0e0\n}\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("sbom.json", SBOM);
    sandbox
}

#[test]
fn a_file_is_edited_in_place_and_the_rest_stays() {
    let sandbox = sandbox();
    let flags = [
        "edit",
        "sbom.json",
        "--set",
        "/version=2",
        "--set-string",
        "/components/1/version=1=2",
        "--remove",
        "/specVersion",
        "-o",
        "sbom.json",
    ];
    sandbox.expect(0, &flags);
    let expected = SBOM
        .replace("  \"specVersion\": \"1.6\",\n", "")
        .replace("{\"name\": \"b\"}", "{\"name\": \"b\", \"version\": \"1=2\"}")
        .replace("1.0e0", "1.0e0,\n  \"version\": 2");
    assert_eq!(String::from_utf8(sandbox.read("sbom.json")).unwrap(), expected);
    assert_eq!(sandbox.expect(0, &["edit", "sbom.json"]).stdout, expected, "no edit changes nothing");
}

#[test]
fn a_signed_scope_is_left_alone_unless_its_signature_may_go() {
    let sandbox = sandbox();
    let answer =
        sandbox.expect(1, &["edit", "sbom.json", "--remove", "/components/0/name", "-o", "sbom.json"]);
    assert!(answer.stderr.contains("`/components/0/signature`"), "{}", answer.stderr);
    assert!(answer.stderr.contains("--drop-signatures"), "{}", answer.stderr);
    assert_eq!(sandbox.read("sbom.json"), SBOM.as_bytes());
    let answer =
        sandbox.expect(0, &["edit", "sbom.json", "--set", "/components/0/name=\"z\"", "--drop-signatures"]);
    assert_eq!(answer.stderr, "dropped the signature /components/0/signature\n");
    assert_eq!(answer.stdout, SBOM.replace("\"a\", \"signature\": {\"value\": \"x\"}", "\"z\""));
}

#[test]
fn a_patch_is_followed_or_nothing_is_done() {
    let sandbox = sandbox();
    sandbox.write("good.json", r#"[{"op":"test","path":"/components/1/name","value":"b"},{"op":"move","from":"/components/1","path":"/components/0"}]"#);
    let answer = sandbox.expect(0, &["edit", "sbom.json", "--patch", "good.json"]);
    assert!(answer.stdout.contains("\"components\": [\n    {"), "{}", answer.stdout);
    sandbox.write(
        "no.json",
        r#"[{"op":"remove","path":"/specVersion"},{"op":"test","path":"/version","value":1}]"#,
    );
    sandbox.expect(2, &["edit", "sbom.json", "--patch", "no.json", "-o", "out"]);
    sandbox.write("no.json", r#"[{"op":"test","path":"/specVersion","value":"1.7"}]"#);
    sandbox.expect(1, &["edit", "sbom.json", "--patch", "no.json", "-o", "out"]);
    for flags in [
        ["--set", "/a"],
        ["--set", "/a=b"],
        ["--set", "a=1"],
        ["--remove", "/none"],
        ["--patch", "sbom.json"],
    ] {
        let answer = sandbox.expect(2, &["edit", "sbom.json", flags[0], flags[1], "-o", "out"]);
        assert!(answer.stderr.contains("\nbecause: "), "{}", answer.stderr);
    }
    assert!(!sandbox.path("out").exists());
}

/// Signs scopes of a document with a key, in the sandbox.
fn signed(sandbox: &Sandbox, key: &str, scopes: &[&str], form: &str) {
    let mut arguments = vec!["enveloped", "sign", "doc.json", "--key", key, "-o", "doc.json", "--form", form];
    arguments.extend(scopes.iter().flat_map(|scope| ["--scope", *scope]));
    sandbox.expect(0, &arguments);
}

#[test]
fn what_an_edit_breaks_is_signed_again_by_the_key_that_made_it() {
    let sandbox = Sandbox::empty();
    sandbox.write("doc.json", include_str!("../../testdata/enveloped/seven-scopes.json"));
    for key in ["key.pem", "other.pem"] {
        sandbox.expect(0, &["key", "generate", "-o", key]);
    }
    let scopes = ["", "/components/0", "/declarations", "/declarations/attestations/0", "/services/0"];
    signed(&sandbox, "key.pem", &scopes, "single");
    let before = String::from_utf8(sandbox.read("doc.json")).unwrap();
    let edit = [
        "edit",
        "doc.json",
        "--set",
        "/declarations/attestations/0/map/0/conformance/score=0.5",
        "-o",
        "new.json",
    ];
    let resign = [&edit[..], &["--resign", "--key", "key.pem"]].concat();
    let answer = sandbox.expect(0, &resign);
    let said: Vec<&str> = answer.stderr.lines().collect();
    assert_eq!(
        said,
        [
            "signed again: /signature",
            "signed again: /declarations/signature",
            "signed again: /declarations/attestations/0/signature"
        ]
    );
    sandbox.expect(0, &["enveloped", "verify", "new.json", "--key", "key.pem.pub"]);
    // The other two signatures, and every other byte, are as they were.
    let after = String::from_utf8(sandbox.read("new.json")).unwrap();
    let value = |text: &str, pointer: &str| {
        let document: serde_json::Value = serde_json::from_str(text).unwrap();
        document.pointer(pointer).unwrap().clone()
    };
    for scope in scopes {
        let pointer = format!("{scope}/signature/value");
        let kept = scope.starts_with("/components") || scope.starts_with("/services");
        assert_eq!(value(&before, &pointer) == value(&after, &pointer), kept, "{scope}");
    }
    let blank = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.contains("\"value\"") && !line.contains("\"score\""))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(blank(&before), blank(&after));
    // With another key, and without one.
    let answer = sandbox.expect(1, &[&edit[..], &["--resign", "--key", "other.pem"]].concat());
    assert!(answer.stderr.contains("was not made by a key that was given"), "{}", answer.stderr);
    sandbox.expect(2, &[&edit[..], &["--resign"]].concat());
    sandbox.expect(2, &[&edit[..], &["--key", "key.pem"]].concat());
    sandbox.expect(2, &[&resign[..], &["--drop-signatures"]].concat());
    // A signature that did not hold is not made to hold.
    sandbox.write("doc.json", before.replacen("\"score\": 1", "\"score\": 0.25", 1));
    sandbox.expect(
        1,
        &[
            "edit",
            "doc.json",
            "--set",
            "/declarations/attestations/0/summary=\"x\"",
            "--resign",
            "--key",
            "key.pem",
        ],
    );
}

#[test]
fn places_move_and_forms_stay_when_signatures_are_renewed() {
    let sandbox = Sandbox::empty();
    for (index, key) in ["a.pem", "b.pem"].into_iter().enumerate() {
        let r#type = ["p256", "ed25519"][index];
        sandbox.expect(0, &["key", "generate", "--type", r#type, "-o", key]);
    }
    for form in ["chain", "signers"] {
        sandbox.write("doc.json", r#"{"l": [{"gone": {"x": 1}}, {"a/b": {"n": 1}}]}"#);
        for key in ["a.pem", "b.pem"] {
            signed(&sandbox, key, &["/l/1/a~1b"], form);
        }
        signed(&sandbox, "a.pem", &["/l/0/gone"], "single");
        signed(&sandbox, "a.pem", &[""], "single");
        let edit =
            ["edit", "doc.json", "--set", "/l/1/a~1b/n=2", "--remove", "/l/0", "-o", "new.json", "--resign"];
        let answer = sandbox.expect(0, &[&edit[..], &["--key", "a.pem", "--key", "b.pem"]].concat());
        assert_eq!(
            answer.stderr,
            "signed again: /signature\nsigned again: /l/0/a~1b/signature\ndropped the signature /l/0/gone/signature\n"
        );
        let verify = ["enveloped", "verify", "new.json", "--key", "a.pem.pub", "--key", "b.pem.pub"];
        let answer = sandbox.expect(0, &verify);
        assert!(answer.stdout.contains("3 of 3"), "{}", answer.stdout);
        let answer = sandbox.expect(1, &[&edit[..], &["--key", "a.pem"]].concat());
        assert!(answer.stderr.contains("--drop-signatures"), "{}", answer.stderr);
    }
    // A signature that the edit brings is nobody's.
    let answer = sandbox.expect(
        1,
        &[
            "edit",
            "doc.json",
            "--set",
            "/signature={\"algorithm\":\"ES256\",\"value\":\"AA\"}",
            "--resign",
            "--key",
            "a.pem",
        ],
    );
    assert!(answer.stderr.contains("the edit itself brings it"), "{}", answer.stderr);
}

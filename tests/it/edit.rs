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

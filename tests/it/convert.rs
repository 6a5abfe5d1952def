//! `convert`: where document and account go, what they say, and the exit statuses.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::sandbox::{Answer, Sandbox};

const NEW: &str = r#"{
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "version": 1,
  "components": [
    {"type": "library", "bom-ref": "a", "name": "a", "version": "1.0", "tags": ["x"], "x": 1.50}
  ],
  "declarations": {}
}
"#;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("new.json", NEW);
    sandbox
}

#[test]
fn the_document_goes_out_and_what_is_gone_is_told() {
    let answer = sandbox().expect(0, &["convert", "new.json", "--to", "cyclonedx-1.5-json"]);
    let expected =
        NEW.replace("1.6", "1.5").replace(", \"tags\": [\"x\"]", "").replace(",\n  \"declarations\": {}", "");
    assert_eq!(answer.stdout, expected);
    assert_eq!(
        answer.stderr,
        "2 places of new.json not in cyclonedx-1.5-json:\n  `tags` came in 1.6: /components/0/tags\n  \
         `declarations` came in 1.6: /declarations\n"
    );
}

#[test]
fn the_account_speaks_of_every_field() {
    let sandbox = sandbox();
    let arguments = ["convert", "new.json", "--to", "cyclonedx-1.5-json", "-o", "old.json", "--report", "-"];
    let report = sandbox.expect(0, &arguments).json();
    let entry = |pointer: &str, status: &str, reason: &str| json!({"pointer": pointer, "status": status, "reason": reason});
    let same = ["type", "bom-ref", "name", "version"]
        .map(|name| entry(&format!("/components/0/{name}"), "mapped", ""));
    let mut expected = vec![
        entry("/bomFormat", "mapped", ""),
        entry("/specVersion", "mapped", "the document follows 1.5"),
        entry("/version", "mapped", ""),
    ];
    expected.extend(same);
    expected.extend([
        entry("/components/0/tags", "dropped", "`tags` came in 1.6"),
        entry("/components/0/x", "mapped", ""),
        entry("/declarations", "dropped", "`declarations` came in 1.6"),
    ]);
    assert_eq!(report["entries"], Value::from(expected));
    assert_eq!(report["summary"], json!({"mapped": 8, "carried": 0, "dropped": 2}));
    assert_eq!(sandbox.json("old.json")["specVersion"], "1.5");
    let text = [&arguments[..6], &["--report", "losses.txt", "--format", "text"]].concat();
    sandbox.expect(0, &text);
    let page = String::from_utf8(sandbox.read("losses.txt")).unwrap();
    assert!(page.contains("\nDropped\n  /components/0/tags  `tags` came in 1.6\n"), "{page}");
}

#[test]
fn a_loss_that_is_not_wanted_leaves_no_document() {
    let sandbox = sandbox();
    let to = ["convert", "new.json", "--to", "cyclonedx-1.5-json", "--fail-on-loss"];
    let answer = sandbox.expect(1, &[&to[..], &["-o", "old.json", "--report", "losses.json"]].concat());
    assert_eq!((answer.stdout.as_str(), sandbox.path("old.json").exists()), ("", false));
    assert!(answer.stderr.contains("because: 2 places of new.json would be lost: "), "{}", answer.stderr);
    assert_eq!(sandbox.json("losses.json")["summary"]["dropped"], 2);
    assert_eq!(sandbox.expect(1, &to).stdout, "");
    let lossless = ["convert", "new.json", "--to", "cyclonedx-1.7-json", "--fail-on-loss"];
    let answer = sandbox.expect(0, &lossless);
    assert_eq!((answer.stdout, answer.stderr), (NEW.replace("1.6", "1.7"), String::new()));
}

#[test]
fn to_its_own_format_the_bytes_stay() {
    let sandbox = Sandbox::empty();
    let text = " { \"bomFormat\":\t\"CycloneDX\",\r\n \"specVersion\":\"1.6\", \"\\u0061\": 1e1, \"tags\": null }\n\n";
    sandbox.write("own.json", text);
    let answer = sandbox.expect(0, &["convert", "own.json"]);
    assert_eq!((answer.stdout.as_str(), answer.stderr.as_str()), (text, ""));
}

/// What `validate` recommends for something that came later helps.
#[test]
fn the_remedy_of_validate_works() {
    let sandbox = Sandbox::empty();
    sandbox.write("bom.json", NEW.replace(", \"x\": 1.50", "").replace("1.6", "1.3"));
    let findings = sandbox.expect(0, &["validate", "bom.json", "--format", "json"]).json();
    let remedy = findings["files"][0]["findings"][1]["remedy"].as_str().unwrap().to_owned();
    let command: Vec<&str> = remedy.split(',').next().unwrap().split(' ').collect();
    assert_eq!(command, ["sbom-attest", "convert", "bom.json", "--to", "cyclonedx-1.6-json"]);
    let made = sandbox.expect(0, &command[1..]).stdout;
    assert!(made.contains("declarations") && made.contains("tags"), "{made}");
    sandbox.write("made.json", made);
    sandbox.expect(0, &["validate", "made.json"]);
}

#[test]
fn standard_input_is_read_and_unpacked() {
    let sandbox = Sandbox::empty();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(NEW.as_bytes()).unwrap();
    let mut program = sandbox
        .command(&["convert", "-", "--to", "cyclonedx-1.7-json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(&packed.finish().unwrap()).unwrap();
    let answer = Answer::from(program.wait_with_output().unwrap());
    assert_eq!((answer.status, answer.stdout), (0, NEW.replace("1.6", "1.7")));
}

#[test]
fn what_cannot_be_told_is_said() {
    let sandbox = sandbox();
    sandbox.write("none.json", "{}");
    sandbox.write("cut.json", &NEW[..50]);
    for (arguments, says) in [
        (&["convert", "new.json", "--to", "cyclonedx-1.8-json"][..], "is no format"),
        (&["convert", "none.json"], "bomFormat"),
        (&["convert", "cut.json"], "line 3"),
        (&["convert", "missing.json"], "missing.json"),
        (&["convert", "new.json", "--report", "-"], "the document goes to standard output already"),
    ] {
        let answer = sandbox.expect(2, arguments);
        assert!(answer.stdout.is_empty() && answer.stderr.contains(says), "{arguments:?}\n{}", answer.stderr);
    }
}

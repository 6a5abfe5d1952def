//! Bad input gets a clear answer: what, where, what to do; the contract's exit status; and everything on disk as it was.

use std::io::Read as _;
use std::process::{Command, Stdio};

use sbom_attest::attest::bundle::Bundle;
use sbom_attest::digest::{Algorithm, Digest};
use sbom_attest::keys::{KeyType, Signer as _};

use crate::attested::{ARTIFACT, envelope, signer, statement};
use crate::sandbox::{Answer, Sandbox};

/// A failure names its subject, says why, and never panics.
#[track_caller]
fn check_failure(answer: &Answer, says: &str) {
    assert_eq!(answer.status, 2, "{}\n{}", answer.stdout, answer.stderr);
    assert!(answer.stderr.starts_with("error: cannot "), "{}", answer.stderr);
    assert!(answer.stderr.contains("\nbecause: "), "{}", answer.stderr);
    assert!(answer.stderr.contains(says), "{says:?} is not said:\n{}", answer.stderr);
    assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
}

#[test]
fn a_document_that_is_no_document_is_refused_with_its_place() {
    let sandbox = Sandbox::empty();
    let good = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[]}"#;
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("truncated", good.as_bytes()[..40].to_vec(), "line 1"),
        ("twice", good.replace("\"version\":1", "\"version\":1,\"version\":2").into_bytes(), "line 1"),
        ("deep", deep.into_bytes(), "deep"),
        ("latin", b"{\"bomFormat\":\"CycloneDX\",\"x\":\"\xe9\"}".to_vec(), "UTF-8"),
        ("empty", Vec::new(), "empty"),
        ("html", b"<!DOCTYPE html><html></html>".to_vec(), "HTML"),
        ("yaml", b"bomFormat: CycloneDX\n".to_vec(), "YAML"),
        ("spdx", br#"{"spdxVersion":"SPDX-2.1","SPDXID":"SPDXRef-DOCUMENT"}"#.to_vec(), "spdx-2.1-json"),
        ("other", b"{}".to_vec(), "bomFormat"),
    ];
    for (name, bytes, says) in cases {
        sandbox.write(name, bytes);
        for command in ["audit", "graph"] {
            check_failure(&sandbox.run(&[command, name]), says);
        }
    }
}

#[test]
fn a_malformed_bundle_is_an_answer_and_the_answer_is_no() {
    let sandbox = Sandbox::empty();
    sandbox.write("app", "x");
    sandbox.expect(0, &["key", "generate", "-o", "key.pem"]);
    for (name, bytes) in
        [("cut", "{\"mediaType\""), ("twice", "{\"a\":1,\"a\":2}"), ("empty", ""), ("list", "[]")]
    {
        sandbox.write(name, bytes);
        let answer = sandbox.expect(1, &["verify", "app", "--bundle", name, "--key", "key.pem.pub"]);
        assert!(answer.stdout.starts_with("REFUSED: "), "{}", answer.stdout);
        check_failure(&sandbox.run(&["inspect", name]), name);
    }
}

#[test]
fn a_malformed_trusted_root_refuses_by_its_code() {
    let sandbox = logged();
    sandbox.expect(0, &["log", "add", "log", "bare.json", "--out-dir", "out"]);
    sandbox.expect(0, &["log", "trust", "log", "-o", "root.json"]);
    let verify =
        ["verify", "app", "--bundle", "out/bare.json", "--key", "key.pem.pub", "--trusted-root", "root.json"];
    sandbox.expect(0, &verify);
    let good = String::from_utf8(sandbox.read("root.json")).unwrap();
    for (bad, code) in [
        (good[..good.len() / 2].to_owned(), "trust-root-json"),
        (good.replacen("baseUrl", "baseURL", 1), "trust-root-unknown-field"),
        (good.replacen("trustedroot+json", "other+json", 1), "trust-root-media-type"),
    ] {
        sandbox.write("root.json", bad);
        let answer = sandbox.expect(1, &[&verify[..], &["--format", "json"]].concat());
        assert_eq!(answer.json()["reasons"][0], code, "{}", answer.stdout);
    }
}

#[test]
fn every_digest_by_which_a_subject_is_named_is_compared() {
    let sandbox = Sandbox::empty();
    sandbox.write("app", ARTIFACT);
    let key = signer(KeyType::P256);
    sandbox.write("key.pub", key.public_key().to_pem());
    let verify = ["verify", "app", "--bundle", "b.json", "--key", "key.pub", "--accept-unlogged"];
    let (right, wrong) = (Digest::of(Algorithm::Sha512, ARTIFACT), Digest::of(Algorithm::Sha512, "other"));
    for (digests, status) in [
        (vec![Digest::sha256(ARTIFACT), right.clone()], 0),
        (vec![right], 0),
        (vec![Digest::sha256(ARTIFACT), wrong.clone()], 1),
        (vec![wrong], 1),
    ] {
        let mut statement = statement();
        statement.subjects[0].digests = digests;
        let envelope = envelope(statement.to_bytes().unwrap(), &key);
        sandbox.write("b.json", Bundle::new(envelope, &key.public_key()).to_bytes());
        sandbox.expect(status, &verify);
    }
}

#[test]
fn an_artifact_can_come_through_a_pipe() {
    let sandbox = logged();
    let mut shell = Command::new("sh");
    sandbox.isolate(&mut shell);
    let script = format!(
        "'{}' verify - --bundle bare.json --key key.pem.pub --accept-unlogged < app",
        env!("CARGO_BIN_EXE_sbom-attest")
    );
    let answer = Answer::from(shell.args(["-c", &script]).output().unwrap());
    assert_eq!(answer.status, 0, "{}\n{}", answer.stdout, answer.stderr);
}

#[test]
fn a_missing_file_and_a_directory_are_named() {
    let sandbox = Sandbox::project();
    sandbox.expect(0, &["key", "generate", "-o", "key.pem"]);
    sandbox.write("b.json", "{}");
    check_failure(&sandbox.run(&["audit", "nothing.json"]), "`nothing.json`");
    check_failure(
        &sandbox.run(&["verify", "nothing", "--bundle", "b.json", "--key", "key.pem.pub"]),
        "`nothing`",
    );
    check_failure(
        &sandbox.run(&["verify", "src", "--bundle", "b.json", "--key", "key.pem.pub"]),
        "directory",
    );
    check_failure(
        &sandbox.run(&["verify", "Cargo.toml", "--bundle", "src", "--key", "key.pem.pub"]),
        "directory",
    );
    check_failure(&sandbox.run(&["verify", "Cargo.toml", "--bundle", "b.json", "--key", "src"]), "directory");
    check_failure(
        &sandbox.run(&[
            "sign",
            "src",
            "--predicate",
            "b.json",
            "--type",
            "custom",
            "--key",
            "key.pem",
            "-o",
            "x",
        ]),
        "directory",
    );
    check_failure(&sandbox.run(&["generate", "-o", "src"]), "directory");
    check_failure(&sandbox.run(&["log", "verify", "nothing"]), "`nothing`");
    check_failure(&sandbox.run(&["generate", "nothing"]), "nothing");
}

#[test]
fn a_digest_that_is_not_one_is_no_file_name() {
    let sandbox = Sandbox::empty();
    sandbox.expect(0, &["key", "generate", "-o", "key.pem"]);
    sandbox.write("b.json", "{}");
    check_failure(
        &sandbox.run(&["verify", "sha256:ABC", "--bundle", "b.json", "--key", "key.pem.pub"]),
        "64",
    );
}

#[test]
fn a_project_that_does_not_resolve_or_build_leaves_everything_as_it_was() {
    let sandbox = Sandbox::project();
    std::fs::remove_file(sandbox.path("Cargo.lock")).unwrap();
    check_failure(&sandbox.run(&["attest", "--out", "out"]), "Cargo.lock");
    let sandbox = Sandbox::project();
    sandbox.write("src/main.rs", "fn main() { this does not compile }");
    check_failure(&sandbox.run(&["attest", "--out", "out"]), "cargo build");
    assert!(!sandbox.path("out").exists() && !sandbox.path("data").exists());
    sandbox.write("Cargo.toml", "[package\n");
    check_failure(&sandbox.run(&["generate", "-o", "sbom.json"]), "Cargo.toml");
    assert!(!sandbox.path("sbom.json").exists());
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_and_a_key_of_the_wrong_kind_are_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::empty();
    sandbox.write("app", "x");
    sandbox.write("p.json", r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}"#);
    sandbox.expect(0, &["key", "generate", "-o", "key.pem"]);
    let sign =
        |key: &str| sandbox.run(&["sign", "app", "--predicate", "p.json", "--key", key, "-o", "b.json"]);
    let mode = |name: &str, mode| {
        std::fs::set_permissions(sandbox.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("key.pem", 0o644);
    check_failure(&sign("key.pem"), "chmod 600");
    for open in [0o600, 0o644] {
        mode("key.pem.pub", open);
        check_failure(&sign("key.pem.pub"), "this is a public key");
    }
    sandbox.write("rsa.pem", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    mode("rsa.pem", 0o600);
    check_failure(&sign("rsa.pem"), "RSA");
    assert!(!sandbox.path("b.json").exists());
    sandbox.expect(0, &["key", "generate", "--type", "ed25519", "-o", "ed.pem"]);
    mode("key.pem", 0o600);
    check_failure(&sandbox.run(&["log", "init", "log", "--key", "key.pem"]), "Ed25519");
    check_failure(&sandbox.run(&["key", "generate", "-o", "ed.pem"]), "never overwritten");
}

#[test]
fn a_second_writer_waits_its_turn_and_then_says_so() {
    let sandbox = logged();
    let lock = std::fs::OpenOptions::new().write(true).open(sandbox.path("log/lock")).unwrap();
    lock.lock().unwrap();
    let before = sandbox.expect(0, &["log", "checkpoint", "log"]).stdout;
    let add = ["log", "add", "log", "bare.json", "--out-dir", "out", "--wait", "1"];
    check_failure(&sandbox.run(&add), "another process");
    assert!(!sandbox.path("out").exists());
    assert_eq!(sandbox.expect(0, &["log", "checkpoint", "log"]).stdout, before);
    lock.unlock().unwrap();
    sandbox.expect(0, &add);
}

#[cfg(unix)]
#[test]
fn a_full_disk_while_the_log_writes_acknowledges_nothing_and_loses_nothing() {
    let sandbox = logged();
    let before = sandbox.expect(0, &["log", "checkpoint", "log"]).stdout;
    // A limit on the size of files is met like a full disk: part of a write succeeds, then the system refuses.
    let mut shell = Command::new("sh");
    sandbox.isolate(&mut shell);
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec '{}' log add log bare.json --out-dir out",
        env!("CARGO_BIN_EXE_sbom-attest")
    );
    let answer = Answer::from(shell.args(["-c", &script]).output().unwrap());
    check_failure(&answer, "cannot write");
    assert!(!sandbox.path("out/bare.json").exists());
    sandbox.expect(0, &["log", "verify", "log"]);
    assert_eq!(sandbox.expect(0, &["log", "checkpoint", "log"]).stdout, before);
    sandbox.expect(0, &["log", "add", "log", "bare.json", "--out-dir", "out"]);
    sandbox.expect(0, &["log", "verify", "log"]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_the_status_of_no_telling_and_leaves_nothing_half_done() {
    let sandbox = logged();
    let lock = std::fs::OpenOptions::new().write(true).open(sandbox.path("log/lock")).unwrap();
    lock.lock().unwrap();
    let mut child = sandbox
        .command(&["log", "add", "log", "bare.json", "--out-dir", "out", "--wait", "60"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // It waits for the log now, or is about to; an interrupt before the handler stands would end it by the signal.
    wait_until_ready(child.id());
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    drop(lock);
    assert!(!sandbox.path("out").exists());
    sandbox.expect(0, &["log", "verify", "log"]);
}

/// Waits until a process catches SIGINT, as the kernel tells.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "a file of the kernel's")]
fn wait_until_ready(process: u32) {
    for _ in 0..3000 {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).map(str::trim);
        if caught.and_then(|mask| u64::from_str_radix(mask, 16).ok()).is_some_and(|mask| mask & 2 != 0) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the program never caught SIGINT");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let sandbox = Sandbox::project();
    let mut child =
        sandbox.command(&["generate"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
}

#[test]
fn wrong_usage_is_no_telling_and_help_is_an_answer() {
    let sandbox = Sandbox::empty();
    for arguments in
        [&["nonsense"][..], &["verify"], &["audit", "x", "--fail-on", "bad"], &["--at", "yesterday", "man"]]
    {
        assert_eq!(sandbox.run(arguments).status, 2, "{arguments:?}");
    }
    for arguments in [&["--help"][..], &["--version"], &["help", "verify"], &["log", "--help"]] {
        assert_eq!(sandbox.run(arguments).status, 0, "{arguments:?}");
    }
    let mut command = sandbox.command(&["key", "generate", "-o", "k"]);
    let answer = Answer::from(command.env("SOURCE_DATE_EPOCH", "soon").output().unwrap());
    check_failure(&answer, "SOURCE_DATE_EPOCH");
}

#[test]
fn standard_input_is_read_and_steps_compose_through_pipes() {
    let sandbox = Sandbox::project();
    let mut shell = Command::new("sh");
    sandbox.isolate(&mut shell);
    let program = env!("CARGO_BIN_EXE_sbom-attest");
    let script = format!("'{program}' generate | '{program}' audit - --fail-on high --format json");
    let answer = Answer::from(shell.args(["-c", &script]).output().unwrap());
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert_eq!(answer.json()["report"], "audit/v1");
}

/// A folder with a log and a signed bundle that it does not hold yet.
fn logged() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("app", "x");
    sandbox.write("p.json", r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{"type":"library","name":"a","version":"1"}]}"#);
    sandbox.expect(0, &["key", "generate", "-o", "key.pem"]);
    sandbox.expect(0, &["log", "init", "log"]);
    sandbox.expect(0, &["sign", "app", "--predicate", "p.json", "--key", "key.pem", "-o", "bare.json"]);
    sandbox
}

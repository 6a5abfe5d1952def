//! `attest`, the whole job in one call, on the kinds of projects there are.

use crate::sandbox::{Answer, Sandbox};

/// The subjects of the bundle that was written, by name.
fn subjects(sandbox: &Sandbox, bundle: &str) -> Vec<String> {
    let said = sandbox.expect(0, &["inspect", bundle, "--format", "json"]).json();
    said["subjects"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

fn attest(sandbox: &Sandbox, arguments: &[&str]) -> Answer {
    sandbox.expect(0, &[&["attest", "--out", "out", "--format", "json"], arguments].concat())
}

fn package(sandbox: &Sandbox, folder: &str, name: &str, more: &str) {
    sandbox.write(
        &format!("{folder}/Cargo.toml"),
        format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n{more}"),
    );
}

#[test]
fn a_second_run_makes_the_same_sbom_and_says_that_the_log_had_the_entry() {
    let sandbox = Sandbox::project();
    let first = attest(&sandbox, &[]).json();
    let sbom = sandbox.read("out/hello-1.0.0.cdx.json");
    assert_eq!((&first["verdict"], &first["log"]["duplicate"]), (&"accepted".into(), &false.into()));
    assert_eq!(first["sbom"]["components"], 0, "the product itself is not counted, as by `generate`");
    let second = attest(&sandbox, &[]).json();
    assert_eq!(sandbox.read("out/hello-1.0.0.cdx.json"), sbom);
    assert_eq!(second["log"]["duplicate"], true);
    assert_eq!(second["log"]["index"], first["log"]["index"]);
    let screen = sandbox.expect(0, &["attest"]).stdout;
    assert!(screen.starts_with("ACCEPTED\n"), "{screen}");
    assert!(screen.contains("(it was there already)"), "{screen}");
    assert!(screen.lines().count() <= 45, "more than a screen:\n{screen}");
    let wide = screen.lines().filter(|line| line.len() > 120).collect::<Vec<_>>();
    assert!(wide.is_empty(), "{wide:?}");
    let (_, command) = screen.split_once("and see each check\n").unwrap();
    let program = env!("CARGO_BIN_EXE_sbom-attest");
    let mut shell = std::process::Command::new("sh");
    sandbox.isolate(&mut shell);
    let command = command.replacen("sbom-attest", program, 1);
    let buyer = Answer::from(shell.args(["-c", &command]).output().unwrap());
    assert_eq!(buyer.status, 0, "{command}\n{}", buyer.stderr);
}

#[test]
fn every_program_of_a_workspace_is_a_subject_and_one_package_is_its_own() {
    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n");
    let packages = ["a", "b"].map(|name| format!("\n[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n"));
    sandbox.write("Cargo.lock", format!("version = 4\n{}", packages.concat()));
    for name in ["a", "b"] {
        package(&sandbox, name, name, "[features]\nloud = []\n");
        sandbox.write(&format!("{name}/src/main.rs"), "fn main() {}");
    }
    let all = attest(&sandbox, &[]).json();
    let bundle = all["bundle"]["path"].as_str().unwrap().to_owned();
    assert_eq!(subjects(&sandbox, &bundle), ["a", "b"]);
    attest(&sandbox, &["-p", "b", "--features", "loud"]);
    assert_eq!(subjects(&sandbox, "out/b-1.0.0.sigstore.json"), ["b"]);
    let typo = sandbox.expect(2, &["attest", "-p", "bb"]).stderr;
    assert!(typo.contains("its packages are: a, b"), "{typo}");
    let feature = sandbox.expect(2, &["attest", "-p", "b", "--features", "lout"]).stderr;
    assert!(feature.contains("the features are: loud"), "{feature}");
}

#[test]
fn a_dynamic_library_is_shipped_and_a_library_of_rust_is_told_what_to_do() {
    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.lock", "version = 4\n\n[[package]]\nname = \"shelf\"\nversion = \"1.0.0\"\n");
    sandbox.write("src/lib.rs", "");
    package(&sandbox, ".", "shelf", "");
    let refused = sandbox.expect(2, &["attest"]);
    assert!(
        refused.stderr.contains("--artifact FILE") && refused.stderr.contains(".crate"),
        "{}",
        refused.stderr
    );
    assert!(!sandbox.path("data").exists(), "neither key nor log is made for nothing");
    package(&sandbox, ".", "shelf", "[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n");
    attest(&sandbox, &[]);
    let shipped = subjects(&sandbox, "out/shelf-1.0.0.sigstore.json");
    assert!(matches!(&shipped[..], [one] if one.contains("shelf") && !one.contains(".rlib")), "{shipped:?}");
}

#[test]
fn with_an_artifact_nothing_of_the_project_is_run() {
    let sandbox = Sandbox::project();
    sandbox.write("build.rs", "fn main() { std::fs::write(\"was-run\", \"\").unwrap(); }");
    sandbox.write("app", "what is shipped");
    let report = attest(&sandbox, &["--artifact", "app"]).json();
    assert!(!sandbox.path("was-run").exists() && !sandbox.path("target").exists());
    assert!(
        report["cargo"].as_array().unwrap().iter().all(|it| !it.as_str().unwrap().contains("cargo build"))
    );
    attest(&sandbox, &[]);
    assert!(sandbox.path("was-run").exists());
}

#[test]
fn a_project_elsewhere_gets_its_outputs_there() {
    let sandbox = Sandbox::empty();
    package(&sandbox, "deep/down", "hello", "");
    sandbox
        .write("deep/down/Cargo.lock", "version = 4\n\n[[package]]\nname = \"hello\"\nversion = \"1.0.0\"\n");
    sandbox.write("deep/down/src/main.rs", "fn main() {}");
    let report = sandbox.expect(0, &["attest", "deep/down", "--format", "json"]).json();
    assert_eq!(report["sbom"]["path"], "deep/down/target/sbom-attest/hello-1.0.0.cdx.json");
    assert_eq!(report["artifacts"][0]["path"], "target/release/hello", "CARGO_TARGET_DIR is obeyed");
    assert!(sandbox.path("deep/down/target/sbom-attest/hello-1.0.0.sigstore.json").exists());
}

#[test]
fn a_project_is_found_from_a_folder_inside_it_as_cargo_finds_it() {
    let sandbox = Sandbox::project();
    sandbox.write("src/deep/x.rs", "");
    let mut command = sandbox.command(&["generate"]);
    let answer = Answer::from(command.current_dir(sandbox.path("src/deep")).output().unwrap());
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
    assert_eq!(answer.stdout, sandbox.expect(0, &["generate"]).stdout);
}

#[test]
fn an_output_that_nothing_would_go_to_is_wrong_usage() {
    let sandbox = Sandbox::project();
    let answer = sandbox.expect(2, &["generate", "--to", "cyclonedx-1.6-json=a.json", "-o", "b.json"]);
    assert!(answer.stderr.contains("--output"), "{}", answer.stderr);
    assert!(!sandbox.path("a.json").exists() && !sandbox.path("b.json").exists());
}

//! Every `--help` teaches: it ends in an example, and the example works as it stands.

use std::process::Command;

use crate::sandbox::{Answer, Sandbox};

#[test]
fn each_help_ends_in_an_example_that_works() {
    let examples: Vec<(Vec<String>, String)> =
        commands().into_iter().map(|words| (words.clone(), example(&words))).collect();
    assert!(examples.len() > 15, "the commands were not found: {examples:?}");
    for (words, example) in examples {
        let sandbox = prepared(&example);
        let mut shell = Command::new("sh");
        sandbox.isolate(&mut shell);
        let programs = std::path::Path::new(env!("CARGO_BIN_EXE_sbom-attest")).parent().unwrap();
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        let answer = Answer::from(shell.env("PATH", path).args(["-c", &example]).output().unwrap());
        assert_eq!(answer.status, 0, "{words:?}: {example}\n{}\n{}", answer.stdout, answer.stderr);
    }
}

#[test]
fn the_cargo_subcommand_says_how_it_is_called() {
    let sandbox = Sandbox::empty();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-sbom-attest"));
    sandbox.isolate(&mut command);
    let answer = Answer::from(command.args(["sbom-attest", "verify", "--help"]).output().unwrap());
    assert_eq!(answer.status, 0);
    assert!(answer.stdout.contains("Usage: cargo sbom-attest verify"), "{}", answer.stdout);
}

/// All commands and subcommands, found by asking the help of each.
fn commands() -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(words) = open.pop() {
        let listed = help(&words)
            .lines()
            .skip_while(|line| *line != "Commands:")
            .skip(1)
            .take_while(|line| !line.is_empty())
            .filter_map(|line| {
                line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   "))
            })
            .filter(|name| *name != "help")
            .map(|name| words.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>())
            .collect::<Vec<_>>();
        open.extend(listed);
        found.push(words);
    }
    found
}

fn help(words: &[String]) -> String {
    let sandbox = Sandbox::empty();
    let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
    arguments.push("--help");
    sandbox.expect(0, &arguments).stdout
}

/// The command line below `Example:`, which is the last of the page.
fn example(words: &[String]) -> String {
    let page = help(words);
    let mut lines = page.trim_end().lines().rev();
    let command = lines.next().unwrap_or_default();
    assert!(command.starts_with("  sbom-attest"), "{words:?} ends in: {command}");
    assert!(lines.next().is_some_and(|line| line.starts_with("Example: ")), "{words:?}: {page}");
    command.trim().to_owned()
}

/// A folder where what an example names is there, and what it makes is not.
fn prepared(example: &str) -> Sandbox {
    let sandbox = Sandbox::project();
    sandbox.write("app.tar.gz", "the artifact of the examples");
    sandbox.expect(0, &["generate", "-o", "sbom.json"]);
    sandbox.expect(0, &["generate", "-o", "other.json"]);
    if !example.contains("key generate") {
        sandbox.expect(0, &["key", "generate", "-o", "key.pem"]);
        let signed = ["enveloped", "sign", "sbom.json", "--key", "key.pem", "-o", "signed.json"];
        sandbox.expect(0, &signed);
        if !example.contains("log init") {
            sandbox.expect(0, &["log", "init", "log"]);
            let sign = |output: &str, log: &str, artifact: &str| {
                let arguments = [
                    "sign",
                    artifact,
                    "--predicate",
                    "sbom.json",
                    "--key",
                    "key.pem",
                    "--log",
                    log,
                    "-o",
                    output,
                ];
                sandbox.expect(0, &arguments);
            };
            sign("app.json", "dir:log", "app.tar.gz");
            sign("unlogged.json", "none", "Cargo.lock");
            sandbox.expect(0, &["log", "trust", "log", "-o", "root.json"]);
        }
    }
    sandbox
}

//! Every code that the program can give stands in `docs/codes.md`, and every code there can be given.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[test]
fn the_list_of_codes_is_complete_and_has_nothing_else() {
    let listed = listed();
    let rules = sbom_attest::audit::RULES.iter().map(|audit| audit.rule().id.to_owned());
    let checks = sbom_attest::verify::checks::rules().into_iter().map(|rule| rule.id.to_owned());
    let given: BTreeSet<String> = rules.chain(checks).chain(in_sources()).collect();
    let unlisted: Vec<_> = given.difference(&listed).collect();
    assert!(unlisted.is_empty(), "codes that docs/codes.md lacks: {unlisted:?}");
    let unknown: Vec<_> = listed.difference(&given).collect();
    assert!(unknown.is_empty(), "codes that nothing gives: {unknown:?}");
}

/// Codes in the first column of the tables.
fn listed() -> BTreeSet<String> {
    let text = read(&root().join("docs/codes.md"));
    text.lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .flat_map(|row| row.split(" | ").next().unwrap_or_default().split(['`', ',']))
        .map(|code| code.trim().to_owned())
        .filter(|code| !code.is_empty())
        .collect()
}

/// Codes that the sources spell out: the ids of rules, and what `fn code` gives.
fn in_sources() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let mut open = vec![root().join("src")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = read(&path);
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let quoted = |line: &str| line.split('"').nth(1).map(str::to_owned);
            codes.extend(text.lines().filter(|line| line.trim().starts_with("id: \"")).filter_map(quoted));
            if let Some(body) = text.split("pub fn code(&self) -> &'static str {").nth(1) {
                let body = body.split("\n    }\n").next().unwrap_or_default();
                codes.extend(body.lines().filter(|line| line.contains("=> \"")).filter_map(quoted));
            }
        }
    }
    codes
}

#[expect(clippy::disallowed_methods, reason = "the test reads the project's own files")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

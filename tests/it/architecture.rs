//! The table in `ARCHITECTURE.md` is true: no module uses another that it may not, and none touches the world where it must not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

struct Row {
    may_use: BTreeSet<String>,
    touches: Vec<String>,
}

#[test]
fn every_module_keeps_to_its_row_of_the_table() {
    let table = table();
    let mut broken = Vec::new();
    for (module, file, text) in sources() {
        let row = table.get(&module).unwrap_or_else(|| panic!("`{module}` has no row in ARCHITECTURE.md"));
        for used in modules_used(&text) {
            if used != module && table.contains_key(&used) && !row.may_use.contains(&used) {
                broken.push(format!("{file}: `{module}` may not use `{used}`"));
            }
        }
        let may_touch = row.touches.iter().any(|touch| {
            touch == "itself"
                || file.ends_with(&format!("/{touch}"))
                || (touch.ends_with('/') && file.contains(&format!("/{touch}")))
        });
        for word in WORLD.iter().filter(|word| !may_touch && text.contains(**word)) {
            broken.push(format!("{file}: `{word}` touches the world"));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_row_names_a_module_and_every_file_of_the_last_column_exists() {
    let found: BTreeSet<String> = sources().into_iter().map(|(module, ..)| module).collect();
    for (module, row) in table() {
        assert!(found.contains(&module), "`{module}` stands in the table and not in src/");
        for touch in row.touches.iter().filter(|touch| *touch != "itself") {
            assert!(
                root().join("src").join(&module).join(touch).exists(),
                "src/{module}/{touch} is not there"
            );
        }
    }
}

#[test]
fn the_page_is_one_page() {
    let text = read(&root().join("ARCHITECTURE.md"));
    assert!(text.lines().count() <= 75, "ARCHITECTURE.md has grown past a page");
}

fn table() -> BTreeMap<String, Row> {
    let text = read(&root().join("ARCHITECTURE.md"));
    let mut above = BTreeSet::new();
    let mut table = BTreeMap::new();
    let rows = text
        .lines()
        .skip_while(|line| !line.starts_with("| module |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        let module = quoted(cells[1]).remove(0);
        let may_use = if cells[2].contains("all above") {
            above.clone()
        } else {
            quoted(cells[2]).into_iter().collect()
        };
        let touches = if cells[3].trim() == "itself" { vec!["itself".to_owned()] } else { quoted(cells[3]) };
        above.insert(module.clone());
        table.insert(module, Row { may_use, touches });
    }
    assert!(table.len() > 10, "the table was not found");
    table
}

/// Each source file below a module: module, path from the root, text without its tests and comments.
fn sources() -> Vec<(String, String, String)> {
    let source = root().join("src");
    let mut files = Vec::new();
    let mut folders = vec![source.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
        .into_iter()
        .filter_map(|path| {
            let below = path.strip_prefix(&source).unwrap();
            let module = below
                .components()
                .next()
                .unwrap()
                .as_os_str()
                .to_str()
                .unwrap()
                .trim_end_matches(".rs")
                .to_owned();
            (module != "lib" && module != "bin").then(|| {
                let text = read(&path);
                let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
                let code: String = code
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .collect::<Vec<_>>()
                    .join("\n");
                (module, format!("src/{}", below.display()), code)
            })
        })
        .collect()
}

/// The first segments of all `crate::…` paths, lists in braces included.
fn modules_used(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 1;
                let mut names = vec![word(list.trim_start())];
                for (at, character) in list.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 1 => names.push(word(list[at + 1..].trim_start())),
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
                names
            }
            None => vec![word(rest)],
        })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "the test reads the project's own files")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What code says when it reaches for files, processes, the network, the environment or the clock.
const WORLD: [&str; 9] = [
    "std::fs",
    "fs::",
    "std::net",
    "std::process::Command",
    "Command::new(",
    "std::env::var",
    "reqwest::",
    "Timestamp::now",
    "SystemTime::now",
];

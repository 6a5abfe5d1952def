//! A project's own `.cargo/config.toml`: what is taken from it, what is passed on to cargo, and what is withheld.
//!
//! Cargo obeys the configuration it finds in the folder it runs in and above
//! (<https://doc.rust-lang.org/cargo/reference/config.html>), and much of it names programs: `build.rustc-wrapper`,
//! `registries.*.credential-provider`, `net.git-fetch-with-cli`. A tree that is looked at must not choose what is run, so
//! cargo runs elsewhere and gets only what says *where packages are*: sources, registries, patches. Targets and the
//! `--cfg` flags among `rustflags` are read here. [`ALLOWED`] is the whole list.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use target_spec::{Platform, TargetFeatures, TargetSpec};
use toml::{Table, Value};

use super::platforms::Cfg;
use crate::generate::Error;

/// One configuration file.
#[derive(Debug, Clone)]
pub struct File {
    /// What messages call it.
    pub name: String,
    /// What relative paths in it are relative to: the folder that holds `.cargo`.
    pub base: PathBuf,
    /// Its text.
    pub text: String,
}

/// A file that another one includes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// Its path, relative to the folder of the including file.
    pub path: String,
    /// Whether it may be missing.
    pub optional: bool,
}

/// The configuration of a project, merged as cargo does it.
#[derive(Debug, Clone, Default)]
pub struct Config {
    merged: Table,
}

impl Config {
    /// Merges files, those of the highest precedence first.
    pub fn merge(files: &[File]) -> Result<Self, Error> {
        let mut merged = Table::new();
        for file in files {
            let mut table = parse(file)?;
            table.remove("include");
            anchor(&mut table, &file.base);
            merge(&mut merged, table);
        }
        Ok(Self { merged })
    }

    /// The files that a file includes, in the order that cargo reads them: the last takes precedence.
    pub fn includes(file: &File) -> Result<Vec<Include>, Error> {
        let table = parse(file)?;
        let Some(includes) = table.get("include") else {
            return Ok(Vec::new());
        };
        let refused = || Error::Toml {
            file: file.name.clone(),
            message: "`include` is a list of paths, or of tables with `path` and `optional`".to_owned(),
        };
        let one = |value: &Value| match value {
            Value::String(path) => Some(Include { path: path.clone(), optional: false }),
            Value::Table(table) => Some(Include {
                path: table.get("path")?.as_str()?.to_owned(),
                optional: table.get("optional").and_then(Value::as_bool).unwrap_or(false),
            }),
            _ => None,
        };
        let list = includes.as_array().ok_or_else(refused)?;
        list.iter().map(|value| one(value).ok_or_else(refused)).collect()
    }

    /// What is passed on to cargo, and what is not.
    pub fn share(&self) -> Share {
        let mut passed = Table::new();
        let mut share = Share::default();
        split(&self.merged, &mut Vec::new(), &mut passed, &mut share);
        share.text = passed.to_string();
        share
    }

    /// What `build.target` says.
    pub fn targets(&self) -> Vec<String> {
        match self.merged.get("build").and_then(|build| build.get("target")) {
            Some(Value::String(target)) => vec![target.clone()],
            Some(Value::Array(targets)) => {
                targets.iter().filter_map(|target| target.as_str().map(str::to_owned)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The flags that rustc gets when it builds for a target: those of the environment, else those of the target's own
    /// triple and of each `cfg(…)` that it fulfils, else those of `build`
    /// (<https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags>).
    pub fn rustflags(&self, triple: &str, variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
        if let Some(flags) = rustflags_of_environment(&variable) {
            return flags;
        }
        let more = |name: &str| variable(name).unwrap_or_default();
        let mut flags = self.target_rustflags(triple);
        let screamed = triple.to_ascii_uppercase().replace(['-', '.'], "_");
        flags.extend(words(&more(&format!("CARGO_TARGET_{screamed}_RUSTFLAGS"))));
        if flags.is_empty() {
            flags = self.merged.get("build").map(flags_of).unwrap_or_default();
            flags.extend(words(&more("CARGO_BUILD_RUSTFLAGS")));
        }
        flags
    }

    fn target_rustflags(&self, triple: &str) -> Vec<String> {
        let Some(Value::Table(targets)) = self.merged.get("target") else {
            return Vec::new();
        };
        let mut flags = targets.get(triple).map(flags_of).unwrap_or_default();
        let platform = Platform::new_strict(triple.to_owned(), TargetFeatures::Unknown).ok();
        for (name, table) in targets.iter().filter(|(name, _)| TargetSpec::looks_like_expression(name)) {
            let holds = TargetSpec::new(name.clone()).ok().zip(platform.as_ref());
            if holds.is_some_and(|(spec, platform)| spec.eval(platform) == Some(true)) {
                flags.extend(flags_of(table));
            }
        }
        flags
    }
}

/// A project's configuration, parted by what cargo is told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Share {
    /// What is passed on, as TOML.
    pub text: String,
    /// The keys that are passed on.
    pub passed_on: BTreeSet<String>,
    /// The keys that are not.
    pub withheld: BTreeSet<String>,
}

/// The flags in the environment, which stand for all that the configuration says; none when there are none.
fn rustflags_of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    if let Some(encoded) = variable("CARGO_ENCODED_RUSTFLAGS") {
        return Some(encoded.split('\u{1f}').filter(|flag| !flag.is_empty()).map(str::to_owned).collect());
    }
    let flags = words(&variable("RUSTFLAGS")?);
    (!flags.is_empty()).then_some(flags)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The `--cfg` flags among rustc's flags.
pub fn cfgs(flags: &[String]) -> Result<BTreeSet<Cfg>, Error> {
    values_of(flags, "--cfg").into_iter().map(str::parse).collect()
}

/// The flags that change what rustc prints as `target_feature`, and nothing else: they are safe to hand to it.
pub fn target_feature_flags(flags: &[String]) -> Vec<String> {
    let mut codegen = values_of(flags, "-C");
    codegen.extend(values_of(flags, "--codegen"));
    codegen
        .into_iter()
        .filter(|flag| flag.starts_with("target-feature=") || flag.starts_with("target-cpu="))
        .map(|flag| format!("-C{flag}"))
        .collect()
}

/// The values of `--name VALUE`, `--name=VALUE`, and of `-nVALUE` for a short name.
fn values_of<'f>(flags: &'f [String], name: &str) -> Vec<&'f str> {
    let mut values = Vec::new();
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        if flag == name {
            values.extend(flags.next().map(String::as_str));
        } else if let Some(rest) = flag.strip_prefix(name) {
            match rest.strip_prefix('=') {
                Some(value) => values.push(value),
                None if !name.starts_with("--") => values.push(rest),
                None => {}
            }
        }
    }
    values
}

fn flags_of(table: &Value) -> Vec<String> {
    match table.get("rustflags") {
        Some(Value::String(flags)) => words(flags),
        Some(Value::Array(flags)) => flags.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn parse(file: &File) -> Result<Table, Error> {
    file.text.parse::<Table>().map_err(|error| Error::Toml {
        file: file.name.clone(),
        message: error.to_string().trim().to_owned(),
    })
}

/// Adds what is not there yet; lists are joined, those of higher precedence behind.
fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(into)), Value::Table(from)) => merge(into, from),
            (Some(Value::Array(into)), Value::Array(mut from)) => {
                from.append(into);
                *into = from;
            }
            (Some(_), _) => {}
            (None, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Makes the paths absolute that cargo takes relative to the file: it will read them from elsewhere.
fn anchor(table: &mut Table, base: &Path) {
    let absolute = |value: &mut Value| {
        if let Value::String(path) = value {
            *path = base.join(&*path).to_string_lossy().into_owned();
        }
    };
    if let Some(Value::Table(sources)) = table.get_mut("source") {
        for (_, source) in sources.iter_mut() {
            for key in ["directory", "local-registry"] {
                if let Some(value) = source.get_mut(key) {
                    absolute(value);
                }
            }
        }
    }
    if let Some(Value::Table(patches)) = table.get_mut("patch") {
        for (_, patched) in patches.iter_mut() {
            let Value::Table(patched) = patched else { continue };
            for (_, dependency) in patched.iter_mut() {
                if let Some(value) = dependency.get_mut("path") {
                    absolute(value);
                }
            }
        }
    }
    if let Some(Value::Array(paths)) = table.get_mut("paths") {
        paths.iter_mut().for_each(absolute);
    }
}

fn split(table: &Table, path: &mut Vec<String>, passed: &mut Table, share: &mut Share) {
    for (key, value) in table {
        path.push(key.clone());
        if allowed(path) {
            insert(passed, path, value.clone());
            share.passed_on.insert(path.join("."));
        } else if let (Value::Table(inner), true) = (value, leads_on(path)) {
            split(inner, path, passed, share);
        } else if !read_here(path) {
            share.withheld.insert(path.join("."));
        }
        path.pop();
    }
}

fn insert(table: &mut Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [last] => {
            table.insert(last.clone(), value);
        }
        [first, rest @ ..] => {
            let inner = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

fn allowed(path: &[String]) -> bool {
    ALLOWED.iter().any(|pattern| fits(pattern, path))
}

fn read_here(path: &[String]) -> bool {
    READ_HERE.iter().any(|pattern| fits(pattern, path))
}

/// Whether an allowed or known key could stand below this one.
fn leads_on(path: &[String]) -> bool {
    ALLOWED
        .iter()
        .chain(READ_HERE)
        .any(|pattern| pattern.len() > path.len() && fits(&pattern[..path.len()], path))
}

fn fits(pattern: &[&str], path: &[String]) -> bool {
    pattern.len() == path.len()
        && pattern.iter().zip(path).all(|(pattern, key)| *pattern == "*" || *pattern == key)
}

/// What is passed on to cargo. Each key says where packages are, and none of them what is run.
pub const ALLOWED: &[&[&str]] = &[
    &["paths"],
    &["net", "offline"],
    &["registries", "*", "index"],
    &["registries", "*", "protocol"],
    &["source", "*", "replace-with"],
    &["source", "*", "registry"],
    &["source", "*", "directory"],
    &["source", "*", "local-registry"],
    &["source", "*", "git"],
    &["source", "*", "branch"],
    &["source", "*", "tag"],
    &["source", "*", "rev"],
    &["patch", "*", "*", "path"],
    &["patch", "*", "*", "git"],
    &["patch", "*", "*", "branch"],
    &["patch", "*", "*", "tag"],
    &["patch", "*", "*", "rev"],
    &["patch", "*", "*", "version"],
    &["patch", "*", "*", "package"],
    &["patch", "*", "*", "registry"],
];

/// What is read by this program, and so is neither passed on nor withheld.
const READ_HERE: &[&[&str]] = &[&["build", "target"], &["build", "rustflags"], &["target", "*", "rustflags"]];

#[cfg(test)]
mod tests {
    use super::*;

    fn file(base: &str, text: &str) -> File {
        File { name: format!("{base}/.cargo/config.toml"), base: base.into(), text: text.to_owned() }
    }

    fn config(text: &str) -> Config {
        Config::merge(&[file("/src", text)]).unwrap()
    }

    fn owned(flags: &[&str]) -> Vec<String> {
        flags.iter().map(|&flag| flag.to_owned()).collect()
    }

    #[test]
    fn nothing_that_names_a_program_is_passed_on() {
        let config = config(
            r#"
            [build]
            rustc = "evil"
            rustc-wrapper = "evil"
            rustc-workspace-wrapper = "evil"
            rustdoc = "evil"
            [target.x86_64-unknown-linux-gnu]
            linker = "evil"
            runner = "evil"
            [target.'cfg(all())']
            runner = "evil"
            [registry]
            global-credential-providers = ["evil"]
            credential-provider = "evil"
            [registries.mine]
            index = "sparse+https://crates.example/"
            credential-provider = "evil"
            token = "secret"
            [credential-alias]
            x = "evil"
            [net]
            git-fetch-with-cli = true
            ssh = { known-hosts = ["evil"] }
            [http]
            proxy = "evil"
            cainfo = "evil"
            [alias]
            metadata = "evil"
            [env]
            RUSTC_WRAPPER = "evil"
            [doc]
            browser = "evil"
            [patch.crates-io.bell]
            git = "https://example.org/bell"
            "#,
        );
        let Share { text: passed, withheld, .. } = config.share();
        assert!(!passed.contains("evil") && !passed.contains("secret"), "{passed}");
        assert!(passed.contains("sparse+https://crates.example/"), "{passed}");
        assert!(passed.contains("https://example.org/bell"), "{passed}");
        for key in ["build.rustc-wrapper", "alias", "env", "registries.mine.credential-provider", "http"] {
            assert!(withheld.contains(key), "{key} in {withheld:?}");
        }
    }

    #[test]
    fn sources_are_passed_on_with_absolute_paths() {
        let Share { text: passed, passed_on, withheld } = config(
            "paths = ['bell']\n[source.crates-io]\nreplace-with = 'v'\n[source.v]\ndirectory = 'vendor'\n\
             [patch.crates-io]\nbell = { path = '../bell' }\n",
        )
        .share();
        assert!(passed.contains(r#"directory = "/src/vendor""#), "{passed}");
        assert!(passed.contains(r#"path = "/src/../bell""#), "{passed}");
        assert!(passed.contains(r#"paths = ["/src/bell"]"#), "{passed}");
        assert!(passed.parse::<Table>().is_ok(), "{passed}");
        assert_eq!(withheld, BTreeSet::new());
        assert_eq!(passed_on.len(), 4, "{passed_on:?}");
    }

    #[test]
    fn the_nearer_file_wins_and_lists_are_joined() {
        let near = file("/src/a", "[build]\ntarget = 'near'\nrustflags = ['--cfg', 'near']\n");
        let far = file("/src", "[build]\ntarget = 'far'\nrustflags = ['--cfg', 'far']\n");
        let config = Config::merge(&[near, far]).unwrap();
        assert_eq!(config.targets(), ["near"]);
        assert_eq!(
            config.rustflags("x86_64-unknown-linux-gnu", |_| None),
            owned(&["--cfg", "far", "--cfg", "near"])
        );
    }

    #[test]
    fn a_targets_flags_stand_for_those_of_build() {
        let config = config(
            "[build]\nrustflags = '--cfg build'\n[target.x86_64-unknown-linux-gnu]\nrustflags = ['--cfg=triple']\n\
             [target.'cfg(unix)']\nrustflags = ['--cfg', 'unixen']\n[target.'cfg(windows)']\nrustflags = ['--cfg', 'no']\n",
        );
        assert_eq!(
            config.rustflags("x86_64-unknown-linux-gnu", |_| None),
            owned(&["--cfg=triple", "--cfg", "unixen"])
        );
        assert_eq!(config.rustflags("wasm32-unknown-unknown", |_| None), owned(&["--cfg", "build"]));
    }

    #[test]
    fn cfgs_are_found_among_other_flags() {
        let flags = owned(&["-Clto", "--cfg", "a", "--cfg=b=\"c\"", "--cfgx", "-C", "target-cpu=native"]);
        let found: Vec<_> = cfgs(&flags).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(found, ["a", "b=\"c\""]);
        assert!(cfgs(&owned(&["--cfg", "a b"])).is_err());
        assert_eq!(target_feature_flags(&flags), ["-Ctarget-cpu=native"]);
        assert_eq!(
            target_feature_flags(&owned(&["-Clinker=evil", "-Ctarget-feature=+sse4.2"])),
            ["-Ctarget-feature=+sse4.2"]
        );
    }

    #[test]
    fn the_environment_stands_for_the_configuration() {
        let from = |name: &'static str, value: &'static str| {
            rustflags_of_environment(|asked| (asked == name).then(|| value.to_owned()))
        };
        assert_eq!(from("RUSTFLAGS", " --cfg a "), Some(owned(&["--cfg", "a"])));
        assert_eq!(from("CARGO_ENCODED_RUSTFLAGS", "--cfg\u{1f}a b"), Some(owned(&["--cfg", "a b"])));
        assert_eq!(from("RUSTFLAGS", " "), None);
        assert_eq!(from("OTHER", "x"), None);
        let config = config("[build]\nrustflags = '--cfg build'\n");
        let with = |name: &'static str| {
            config.rustflags("x86_64-unknown-linux-gnu", |asked| {
                (asked == name).then(|| "--cfg env".to_owned())
            })
        };
        assert_eq!(with("RUSTFLAGS"), owned(&["--cfg", "env"]));
        assert_eq!(with("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS"), owned(&["--cfg", "env"]));
        assert_eq!(with("CARGO_BUILD_RUSTFLAGS"), owned(&["--cfg", "build", "--cfg", "env"]));
    }

    #[test]
    fn includes_are_listed_and_malformed_ones_refused() {
        let includes =
            Config::includes(&file("/s", "include = ['a.toml', { path = 'b.toml', optional = true }]"));
        assert_eq!(
            includes.unwrap(),
            [
                Include { path: "a.toml".to_owned(), optional: false },
                Include { path: "b.toml".to_owned(), optional: true },
            ]
        );
        for text in ["include = 'a.toml'", "include = [1]", "include = [{}]", "include = "] {
            assert!(matches!(Config::includes(&file("/s", text)), Err(Error::Toml { .. })), "{text}");
        }
    }
}

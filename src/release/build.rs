//! The release build: `cargo build --release --locked` of what the SBOM describes, and the files it made.
//!
//! This is the only part of the program that runs code of the project, its build scripts and procedural macros.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::generate::Root;

/// What to build: exactly the selection that was resolved for the SBOM.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// The project: its folder or its manifest.
    pub project: PathBuf,
    /// The arguments that select what is built.
    pub arguments: Vec<String>,
    /// Whether cargo may not go online.
    pub offline: bool,
    /// Whether cargo's own progress goes to the terminal.
    pub talkative: bool,
}

impl Build {
    /// Cargo's arguments, as they are run and as the report shows them.
    pub fn command_line(&self) -> Vec<String> {
        let mut arguments =
            ["cargo", "build", "--release", "--locked", "--message-format=json-render-diagnostics"]
                .map(str::to_owned)
                .to_vec();
        arguments.extend(self.offline.then(|| "--offline".to_owned()));
        arguments.extend(self.arguments.iter().cloned());
        arguments
    }

    /// Builds, and names the programs and libraries of these packages that came out, in a stable order.
    pub fn run(&self, roots: &[Root]) -> Result<Vec<PathBuf>, Error> {
        let folder = folder(&self.project);
        let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(&self.command_line()[1..])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(if self.talkative { Stdio::inherit() } else { Stdio::piped() })
            .spawn()
            .map_err(Error::Start)?;
        // The two streams are read side by side, so that neither can fill up and stop cargo.
        let complaints = child.stderr.take().map(|stderr| std::thread::spawn(move || last_lines(stderr)));
        let messages = child.stdout.take().map_or_else(|| Ok(Vec::new()), messages);
        let status = child.wait().map_err(Error::Start)?;
        let complaints = complaints.and_then(|reader| reader.join().ok()).unwrap_or_default();
        if !status.success() {
            return Err(Error::Failed { status: status.to_string(), complaints });
        }
        let artifacts = shipped(messages?, roots);
        if artifacts.is_empty() {
            return Err(Error::Nothing);
        }
        Ok(artifacts.into_iter().map(relative).collect())
    }
}

/// The folder of a project that is named by its folder or its manifest.
pub fn folder(project: &Path) -> &Path {
    if project.file_name().is_none_or(|name| name != "Cargo.toml") {
        return project;
    }
    match project.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// One line of cargo's JSON messages (`cargo build --message-format=json`), as far as it matters here.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    package_id: String,
    #[serde(default)]
    target: Target,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
struct Target {
    #[serde(default)]
    kind: Vec<String>,
}

fn messages(stdout: impl Read) -> Result<Vec<Message>, Error> {
    let mut found = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.map_err(Error::Messages)?;
        // Anything that is no message of cargo's was printed by a child of the build, and is passed over.
        found.extend(
            serde_json::from_str::<Message>(&line)
                .ok()
                .filter(|message| message.reason == "compiler-artifact"),
        );
    }
    Ok(found)
}

fn shipped(messages: Vec<Message>, roots: &[Root]) -> BTreeSet<PathBuf> {
    let is_shipped = |message: &Message| {
        roots.iter().any(|root| {
            let Root { name, version, .. } = root;
            let is_of_package = message.package_id.ends_with(&format!("#{name}@{version}"))
                || message.package_id.ends_with(&format!("/{name}#{version}"));
            is_of_package && message.target.kind.iter().any(|kind| SHIPPED_KINDS.contains(&kind.as_str()))
        })
    };
    let messages = messages.into_iter().filter(is_shipped);
    messages.flat_map(|message| message.filenames).filter(|path| !is_by_product(path)).collect()
}

/// A path below the folder we run in, said as such; cargo tells absolute paths.
fn relative(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned)).unwrap_or(path)
}

/// Debug symbols, import libraries and metadata lie beside the artifact and are not shipped for running.
fn is_by_product(path: &Path) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|extension| {
        ["rlib", "rmeta", "d", "pdb", "dwp", "dSYM", "lib", "exp"].contains(&extension)
    })
}

fn last_lines(stderr: impl Read) -> String {
    let mut kept = std::collections::VecDeque::new();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        if kept.len() == COMPLAINT_LINES {
            kept.pop_front();
        }
        kept.push_back(line);
    }
    Vec::from(kept).join("\n")
}

/// Why there are no artifacts.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Cargo is not there or does not start.
    #[error("cargo does not start")]
    Start(#[source] std::io::Error),
    /// Cargo's messages broke off.
    #[error("cargo's messages broke off")]
    Messages(#[source] std::io::Error),
    /// The build failed.
    #[error("the build failed ({status})\n{complaints}")]
    Failed {
        /// How cargo ended.
        status: String,
        /// The last lines it printed, where they were not shown already.
        complaints: String,
    },
    /// Nothing that is shipped came out.
    #[error("the build made no program, dynamic library or static library")]
    Nothing,
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Start(_) => Some("install Rust, or name what you ship with --artifact FILE"),
            Self::Messages(_) => None,
            Self::Failed { .. } => Some("make `cargo build --release --locked` pass first"),
            Self::Nothing => Some(
                "name what you ship with --artifact FILE, for a library its `.crate` from `cargo package`",
            ),
        }
    }
}

/// What is said to be done while cargo builds, and may talk itself.
pub const STEP: &str = "building the release";

/// Kinds of cargo targets that leave the house.
const SHIPPED_KINDS: [&str; 3] = ["bin", "cdylib", "staticlib"];

/// How many of cargo's last lines an error repeats.
pub const COMPLAINT_LINES: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_shipped_files_of_the_chosen_packages_count() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","package_id":"path+file:///p/a#1.0.0","target":{"kind":["bin"]},"filenames":["/t/a"]}"#,
            "\n",
            r#"{"reason":"compiler-artifact","package_id":"path+file:///p/a#1.0.0","target":{"kind":["lib","cdylib"]},"filenames":["/t/liba.rlib","/t/liba.so"]}"#,
            "\n",
            r#"{"reason":"compiler-artifact","package_id":"path+file:///p/b#1.0.0","target":{"kind":["bin"]},"filenames":["/t/b"]}"#,
            "\n",
            r#"{"reason":"compiler-artifact","package_id":"path+file:///p/a#1.0.0","target":{"kind":["custom-build"]},"filenames":["/t/build"]}"#,
            "\n",
            "warning: a child of a build script speaks\n",
            r#"{"reason":"build-finished","success":true}"#,
            "\n",
        );
        let root = Root {
            name: "a".into(),
            version: "1.0.0".into(),
            bom_ref: String::new(),
            folder: String::new(),
            targets: Vec::new(),
        };
        let found = shipped(super::messages(messages.as_bytes()).unwrap(), &[root]);
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [PathBuf::from("/t/a"), PathBuf::from("/t/liba.so")]
        );
    }

    #[test]
    fn an_error_repeats_the_last_lines_alone() {
        let many = (0..100).fold(String::new(), |text, number| text + &format!("line {number}\n"));
        let kept = last_lines(many.as_bytes());
        assert_eq!(kept.lines().count(), COMPLAINT_LINES);
        assert!(kept.ends_with("line 99"));
    }
}

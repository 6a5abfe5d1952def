//! The release build: `cargo build --release --locked` of what the SBOM describes, and the files it made.
//!
//! This is the only part of the program that runs code of the project, its build scripts and procedural macros.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

/// What to build: exactly the selection that was resolved for the SBOM.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// The project's manifest.
    pub manifest: PathBuf,
    /// Cargo's ids of the packages that are shipped.
    pub packages: Vec<String>,
    /// The target triples, empty for the host.
    pub targets: Vec<String>,
    /// Cargo's own feature flags, as they were given.
    pub features: Vec<String>,
    /// Whether cargo may not go online.
    pub offline: bool,
    /// Whether cargo's own progress goes to the terminal.
    pub talkative: bool,
}

impl Build {
    /// Cargo's arguments, as they are run and as the report shows them.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> =
            ["build", "--release", "--locked", "--message-format=json-render-diagnostics"].map(str::to_owned).into();
        for package in &self.packages {
            arguments.extend(["--package".to_owned(), package.clone()]);
        }
        for target in &self.targets {
            arguments.extend(["--target".to_owned(), target.clone()]);
        }
        arguments.extend(self.features.iter().cloned());
        arguments.extend(self.offline.then(|| "--offline".to_owned()));
        arguments
    }

    /// Builds, and names the programs and libraries that came out, in a stable order.
    pub fn run(&self) -> Result<Vec<PathBuf>, Error> {
        let folder = match self.manifest.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(self.arguments())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(if self.talkative { Stdio::inherit() } else { Stdio::piped() })
            .spawn()
            .map_err(Error::Start)?;
        // The two streams are read side by side, so that neither can fill up and stop cargo.
        let complaints = child.stderr.take().map(|stderr| std::thread::spawn(move || last_lines(stderr)));
        let messages = child.stdout.take().map_or_else(|| Ok(BTreeSet::new()), |stdout| artifacts(stdout, &self.packages));
        let status = child.wait().map_err(Error::Start)?;
        let complaints = complaints.and_then(|reader| reader.join().ok()).unwrap_or_default();
        if !status.success() {
            return Err(Error::Failed { status: status.to_string(), complaints });
        }
        let artifacts = messages?;
        if artifacts.is_empty() {
            return Err(Error::Nothing);
        }
        Ok(artifacts.into_iter().collect())
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

fn artifacts(stdout: impl Read, packages: &[String]) -> Result<BTreeSet<PathBuf>, Error> {
    let mut found = BTreeSet::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.map_err(Error::Messages)?;
        // Anything that is no message of cargo's was printed by a build script's child, and is passed over.
        let Ok(message) = serde_json::from_str::<Message>(&line) else { continue };
        let ships = message.target.kind.iter().any(|kind| SHIPPED_KINDS.contains(&kind.as_str()));
        if message.reason == "compiler-artifact" && ships && packages.contains(&message.package_id) {
            found.extend(message.filenames.into_iter().filter(|path| !is_by_product(path)));
        }
    }
    Ok(found)
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
            Self::Nothing => Some("name what you ship with --artifact FILE, for a library its `.crate` from `cargo package`"),
        }
    }
}

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
            r#"{"reason":"compiler-artifact","package_id":"a","target":{"kind":["bin"]},"filenames":["/t/a"]}"#, "\n",
            r#"{"reason":"compiler-artifact","package_id":"a","target":{"kind":["lib","cdylib"]},"filenames":["/t/liba.rlib","/t/liba.so"]}"#, "\n",
            r#"{"reason":"compiler-artifact","package_id":"b","target":{"kind":["bin"]},"filenames":["/t/b"]}"#, "\n",
            r#"{"reason":"compiler-artifact","package_id":"a","target":{"kind":["custom-build"]},"filenames":["/t/build"]}"#, "\n",
            "warning: a child of a build script speaks\n",
            r#"{"reason":"build-finished","success":true}"#, "\n",
        );
        let found = artifacts(messages.as_bytes(), &["a".to_owned()]).unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [PathBuf::from("/t/a"), PathBuf::from("/t/liba.so")]);
    }

    #[test]
    fn an_error_repeats_the_last_lines_alone() {
        let many = (0..100).map(|number| format!("line {number}\n")).collect::<String>();
        let kept = last_lines(many.as_bytes());
        assert_eq!(kept.lines().count(), COMPLAINT_LINES);
        assert!(kept.ends_with("line 99"));
    }
}

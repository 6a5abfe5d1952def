//! The text of `cargo metadata`, and the few of its fields that guppy does not show.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::generate::Error;

/// What `cargo metadata --all-features --format-version 1` printed.
#[derive(Debug, Clone)]
pub struct Metadata {
    text: String,
    file: String,
    raw: Raw,
}

#[derive(Debug, Clone, Deserialize)]
struct Raw {
    resolve: Option<Resolve>,
    workspace_root: String,
    workspace_default_members: Option<Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Resolve {
    root: Option<String>,
}

impl Metadata {
    /// Reads it; `file` is its name in errors.
    pub fn parse(bytes: Vec<u8>, file: &str) -> Result<Self, Error> {
        let text = String::from_utf8(bytes).map_err(|_| Error::NotText(file.to_owned()))?;
        let invalid = |message: String| Error::Metadata { file: file.to_owned(), message };
        let raw: Raw = serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        if raw.resolve.is_none() {
            return Err(invalid("it has no `resolve`, as with --no-deps".to_owned()));
        }
        if text.contains(ARTIFACT) {
            refuse_artifacts(&text, file)?;
        }
        Ok(Self { text, file: file.to_owned(), raw })
    }

    /// Where the workspace's root manifest stands: an absolute path of the machine that printed the metadata.
    pub fn workspace_root(&self) -> &str {
        &self.raw.workspace_root
    }

    /// Whether a dependency may hang on `cfg(target_feature = …)`.
    pub fn asks_for_target_features(&self) -> bool {
        self.text.contains("target_feature")
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The package whose manifest cargo was called with; none for a virtual one.
    pub(super) fn current(&self) -> Option<&str> {
        self.raw.resolve.as_ref()?.root.as_deref()
    }

    /// The members that cargo builds when none is named; absent before Rust 1.71.
    pub(super) fn default_members(&self) -> Option<&[String]> {
        self.raw.workspace_default_members.as_deref()
    }
}

/// Artifact dependencies leave no trace in guppy's graph: they are refused rather than lost.
fn refuse_artifacts(text: &str, file: &str) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Packages {
        packages: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        dependencies: Vec<Dependency>,
    }
    #[derive(Deserialize)]
    struct Dependency {
        artifact: Option<IgnoredAny>,
    }
    let metadata: Packages = serde_json::from_str(text)
        .map_err(|error| Error::Metadata { file: file.to_owned(), message: error.to_string() })?;
    match metadata
        .packages
        .into_iter()
        .find(|package| package.dependencies.iter().any(|dependency| dependency.artifact.is_some()))
    {
        Some(package) => Err(Error::ArtifactDependency(package.name)),
        None => Ok(()),
    }
}

const ARTIFACT: &str = "\"artifact\"";

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Metadata, Error> {
        Metadata::parse(text.as_bytes().to_vec(), "m.json")
    }

    #[test]
    fn metadata_without_a_resolution_is_refused() {
        let text = r#"{"packages":[],"resolve":null,"workspace_root":"/src"}"#;
        assert!(parse(text).unwrap_err().to_string().contains("--no-deps"));
        assert!(matches!(parse("[]"), Err(Error::Metadata { .. })));
        assert!(matches!(parse("{"), Err(Error::Metadata { .. })));
        assert!(matches!(Metadata::parse(b"\xff".to_vec(), "m.json"), Err(Error::NotText(_))));
    }

    #[test]
    fn artifact_dependencies_are_refused_and_not_lost() {
        let text = r#"{"packages":[{"name":"a","dependencies":[{"artifact":{"kinds":["bin"]}}]}],
            "resolve":{"root":null},"workspace_root":"/src"}"#;
        assert!(matches!(parse(text), Err(Error::ArtifactDependency(name)) if name == "a"));
        let plain = text.replace(r#"{"kinds":["bin"]}"#, "null");
        assert_eq!(parse(&plain).unwrap().current(), None);
    }
}

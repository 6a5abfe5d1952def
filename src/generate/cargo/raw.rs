//! The few fields of `cargo metadata` that guppy does not show.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::generate::Error;

/// What is read beside guppy.
#[derive(Debug, Deserialize)]
pub(super) struct Raw {
    resolve: Option<Resolve>,
    /// Where the workspace's root manifest stands, an absolute path of the machine that printed the metadata.
    pub(super) workspace_root: String,
    /// The members that cargo builds when none is named; absent before Rust 1.71.
    pub(super) workspace_default_members: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    root: Option<String>,
}

impl Raw {
    /// Reads the text; `file` is its name in errors.
    pub(super) fn parse(text: &str, file: &str) -> Result<Self, Error> {
        let invalid = |message: String| Error::Metadata { file: file.to_owned(), message };
        let raw: Self = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
        if raw.resolve.is_none() {
            return Err(invalid("it has no `resolve`, as with --no-deps".to_owned()));
        }
        if text.contains(ARTIFACT) {
            refuse_artifacts(text, file)?;
        }
        Ok(raw)
    }

    /// The package whose manifest cargo was called with; none for a virtual one.
    pub(super) fn current(&self) -> Option<&str> {
        self.resolve.as_ref()?.root.as_deref()
    }
}

/// Artifact dependencies leave no trace in guppy's graph: they are refused rather than lost.
fn refuse_artifacts(text: &str, file: &str) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Metadata {
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
    let metadata: Metadata = serde_json::from_str(text)
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

    #[test]
    fn metadata_without_a_resolution_is_refused() {
        let text = r#"{"packages":[],"resolve":null,"workspace_root":"/src"}"#;
        assert!(Raw::parse(text, "m.json").unwrap_err().to_string().contains("--no-deps"));
        assert!(matches!(Raw::parse("[]", "m.json"), Err(Error::Metadata { .. })));
        assert!(matches!(Raw::parse("{", "m.json"), Err(Error::Metadata { .. })));
    }

    #[test]
    fn artifact_dependencies_are_refused_and_not_lost() {
        let text = r#"{"packages":[{"name":"a","dependencies":[{"artifact":{"kinds":["bin"]}}]}],
            "resolve":{"root":null},"workspace_root":"/src"}"#;
        assert!(matches!(Raw::parse(text, "m.json"), Err(Error::ArtifactDependency(name)) if name == "a"));
        let plain = text.replace(r#"{"kinds":["bin"]}"#, "null");
        assert_eq!(Raw::parse(&plain, "m.json").unwrap().current(), None);
    }
}

//! What is shipped: files, hashed as they lie there, and the names they get as subjects of a statement.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::attest::statement::Subject;
use crate::digest::Digest;
use crate::files;

/// A file that is shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Where it lies.
    pub path: PathBuf,
    /// Its SHA-256.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
}

impl Artifact {
    /// Hashes a file as a stream, however large it is. It is one that this process never replaces ([`files::keep`]).
    pub fn hash(path: &Path) -> Result<Self, files::Error> {
        let file = files::stream(path)?;
        files::keep(path);
        let (digest, size) = Digest::sha256_of_reader(file)
            .map_err(|source| files::Error::Read { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), digest, size })
    }
}

/// The subjects of a statement about artifacts, each named as shortly as keeps the names apart: by its
/// file name, or with as many of its folders as it takes.
pub fn subjects(artifacts: &[Artifact]) -> Vec<Subject> {
    let parts: Vec<Vec<String>> = artifacts
        .iter()
        .map(|artifact| {
            let components =
                artifact.path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
            components.collect()
        })
        .collect();
    let longest = parts.iter().map(Vec::len).max().unwrap_or(0);
    let name = |parts: &[String], length: usize| parts[parts.len().saturating_sub(length)..].join("/");
    let length = (1..longest)
        .find(|length| {
            let mut seen = BTreeSet::new();
            parts.iter().all(|parts| seen.insert(name(parts, *length)))
        })
        .unwrap_or(longest);
    artifacts
        .iter()
        .zip(&parts)
        .map(|(artifact, parts)| Subject::new(name(parts, length), artifact.digest.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str]) -> Vec<String> {
        let artifacts: Vec<Artifact> = paths
            .iter()
            .map(|path| Artifact { path: PathBuf::from(path), digest: Digest::sha256(path), size: 0 })
            .collect();
        subjects(&artifacts).into_iter().map(|subject| subject.name).collect()
    }

    #[test]
    fn a_subject_has_its_file_name_where_that_is_enough() {
        assert_eq!(names(&["target/release/a", "target/release/b"]), ["a", "b"]);
        assert_eq!(names(&["a"]), ["a"]);
    }

    #[test]
    fn two_files_of_one_name_are_kept_apart_by_their_folders() {
        assert_eq!(names(&["t/arm/release/a", "t/x86/release/a"]), ["arm/release/a", "x86/release/a"]);
    }
}

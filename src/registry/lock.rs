//! `Cargo.lock`: which version of each package was chosen, and the SHA-256 of each `.crate`.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use cargo_lock::Lockfile;
use semver::Version;

use crate::digest::{Algorithm, Digest};

/// The registry packages of a lock file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    packages: BTreeMap<(String, Version, String), Option<Digest>>,
}

impl Lock {
    /// Reads any version of the format, 1 to 4.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes).map_err(|_| Error::NotText)?;
        let lock = Lockfile::from_str(text).map_err(|error| Error::Form(first_lines(&error.to_string())))?;
        let mut packages = BTreeMap::new();
        for package in &lock.packages {
            let Some(source) = package.source.as_ref().filter(|source| source.is_registry()) else {
                continue;
            };
            let source = source.to_string();
            // Version 1 keeps the checksums in a table of their own.
            let key = format!("checksum {} {} ({source})", package.name, package.version);
            let in_table = || lock.metadata.iter().find(|(name, _)| name.to_string() == key);
            let checksum = package
                .checksum
                .as_ref()
                .map(ToString::to_string)
                .or_else(|| in_table().map(|(_, value)| value.to_string()));
            let digest = checksum.and_then(|hex| Digest::from_hex(Algorithm::Sha256, &hex));
            packages.insert((package.name.to_string(), package.version.clone(), plain(&source)), digest);
        }
        Ok(Self { packages })
    }

    /// The digest of a package's `.crate`; the source as the lock or `cargo metadata` writes it.
    pub fn digest(&self, name: &str, version: &Version, source: &str) -> Option<Digest> {
        self.packages.get(&(name.to_owned(), version.clone(), plain(source)))?.clone()
    }

    /// Every registry package: name, version, source and digest, sorted.
    pub fn packages(&self) -> impl Iterator<Item = (&str, &Version, &str, Option<&Digest>)> {
        self.packages.iter().map(|((name, version, source), digest)| {
            (name.as_str(), version, source.as_str(), digest.as_ref())
        })
    }
}

/// One spelling for a source: crates.io has a git and a sparse index, and they hold the same.
fn plain(source: &str) -> String {
    match source.trim_end_matches('/') {
        "sparse+https://index.crates.io" | "registry+sparse+https://index.crates.io" => CRATES_IO.to_owned(),
        source => source.to_owned(),
    }
}

fn first_lines(text: &str) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).take(4).collect::<Vec<_>>().join(" ")
}

/// Why a text is not a lock file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It is not UTF-8.
    #[error("it is not UTF-8 text")]
    NotText,
    /// It is not TOML of the expected shape.
    #[error("{0}")]
    Form(String),
}

/// The source of crates.io packages in a lock file.
pub const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The largest lock file that is read, in bytes: some fifty times the largest known.
pub const LIMIT: u64 = 64 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const SUM: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn digest(text: &str) -> Option<Digest> {
        Lock::parse(text.as_bytes()).unwrap().digest("bell", &Version::new(0, 3, 0), CRATES_IO)
    }

    #[test]
    fn what_is_no_lock_file_is_refused() {
        assert_eq!(Lock::parse(b"\xff"), Err(Error::NotText));
        assert!(matches!(Lock::parse(b"version = "), Err(Error::Form(_))));
        assert!(matches!(Lock::parse(b"[[package]]\nname = \"bell\"\n"), Err(Error::Form(_))));
    }

    #[test]
    fn a_checksum_that_is_no_sha256_is_no_digest() {
        let text = "version = 4\n[[package]]\nname = \"bell\"\nversion = \"0.3.0\"\n\
             source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
        assert_eq!(digest(text), None);
        assert!(Lock::parse(format!("{text}checksum = \"e3b0\"\n").as_bytes()).is_err());
    }

    #[test]
    fn old_and_new_lock_files_name_the_same_digest() {
        let package =
            format!("[[package]]\nname = \"bell\"\nversion = \"0.3.0\"\nsource = \"{CRATES_IO}\"\n");
        let new = format!("version = 4\n{package}checksum = \"{SUM}\"\n");
        let old = format!("{package}\n[metadata]\n\"checksum bell 0.3.0 ({CRATES_IO})\" = \"{SUM}\"\n");
        assert_eq!(digest(&new), Some(Digest::sha256("")));
        assert_eq!(digest(&old), Some(Digest::sha256("")));
    }

    #[test]
    fn a_digest_belongs_to_one_registry() {
        let text = format!(
            "version = 4\n[[package]]\nname = \"bell\"\nversion = \"0.3.0\"\n\
             source = \"sparse+https://crates.example/index/\"\nchecksum = \"{SUM}\"\n"
        );
        let lock = Lock::parse(text.as_bytes()).unwrap();
        assert_eq!(lock.digest("bell", &Version::new(0, 3, 0), CRATES_IO), None);
        let source = "sparse+https://crates.example/index/";
        assert_eq!(lock.digest("bell", &Version::new(0, 3, 0), source), Some(Digest::sha256("")));
    }
}

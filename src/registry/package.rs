//! The `.crate` files in cargo's cache: are they what the lock file says?
//!
//! Cargo keeps what it downloaded under `$CARGO_HOME/registry/cache/HOST-HASH/NAME-VERSION.crate`
//! (<https://doc.rust-lang.org/cargo/guide/cargo-home.html>) and compares its digest only once, on download.

use std::path::{Path, PathBuf};

use crate::digest::Digest;
use crate::files;

/// Cargo's cache of downloaded packages.
#[derive(Debug, Clone)]
pub struct Cache {
    /// The folder of each registry, by its name, sorted.
    registries: Vec<(String, PathBuf)>,
}

/// What the cache holds under a package's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Bytes with the expected digest.
    Same,
    /// Nothing, or nothing that is certain to be from that registry.
    Nothing,
    /// Bytes with another digest.
    Other {
        /// The digest they have.
        found: Digest,
        /// The file, relative to cargo's home.
        file: String,
    },
    /// A file that cannot be read.
    Unreadable {
        /// The file, relative to cargo's home.
        file: String,
        /// Why.
        why: String,
    },
}

impl Cache {
    /// The cache under cargo's home; empty when there is none.
    pub fn open(cargo_home: &Path) -> Self {
        let folder = cargo_home.join("registry").join("cache");
        let mut registries: Vec<_> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.file_name().into_string().ok()?, entry.path()))
            })
            .collect();
        registries.sort();
        Self { registries }
    }

    /// Hashes what is held under this name. A registry is told by its host: one whose packages come through a
    /// mirror is found by the digest alone.
    pub fn look(&self, name: &str, version: &str, source: &str, expected: &Digest) -> Held {
        let hosts = hosts(source);
        let mut held = Held::Nothing;
        for (registry, folder) in &self.registries {
            let own = hosts.iter().any(|&host| registry.rsplit_once('-').is_some_and(|(it, _)| it == host));
            let path = folder.join(format!("{name}-{version}.crate"));
            let file = format!("registry/cache/{registry}/{name}-{version}.crate");
            let found = match hash(&path) {
                Ok(Some(found)) => found,
                Ok(None) => continue,
                Err(_) if !own => continue,
                Err(error) => {
                    held = Held::Unreadable { file, why: error };
                    continue;
                }
            };
            if own && found != *expected {
                return Held::Other { found, file };
            }
            if found == *expected {
                held = Held::Same;
            }
        }
        held
    }
}

fn hash(path: &Path) -> Result<Option<Digest>, String> {
    let file = match files::open(path) {
        Ok(file) => file,
        Err(files::Error::Missing(_)) => return Ok(None),
        Err(files::Error::Read { source, .. }) => return Err(source.to_string()),
        Err(error) => return Err(error.to_string()),
    };
    let (digest, _) = Digest::sha256_of_reader(file).map_err(|error| error.to_string())?;
    Ok(Some(digest))
}

/// The names that cargo gives the folders of a registry, before the dash and the hash.
fn hosts(source: &str) -> Vec<&str> {
    let url = source.trim_start_matches("registry+").trim_start_matches("sparse+");
    let host =
        url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', ':']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    match host {
        "github.com" if url.ends_with("rust-lang/crates.io-index") => vec!["index.crates.io", "github.com"],
        "index.crates.io" => vec!["index.crates.io", "github.com"],
        host => vec![host],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Access;
    use crate::registry::lock::CRATES_IO;

    fn check(folder: &str, content: &str, expected: &Held) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("registry/cache").join(folder).join("bell-0.3.0.crate");
        files::write(path, content.as_bytes(), Access::Shared).unwrap();
        let held = Cache::open(home.path()).look("bell", "0.3.0", CRATES_IO, &Digest::sha256("bell"));
        assert_eq!(held, *expected, "{folder}");
    }

    #[test]
    fn changed_bytes_are_told() {
        let file = "registry/cache/index.crates.io-1949cf8c6b5b557f/bell-0.3.0.crate".to_owned();
        let found = Digest::sha256("hell");
        check("index.crates.io-1949cf8c6b5b557f", "hell", &Held::Other { found, file });
    }

    #[test]
    fn another_registrys_crate_of_that_name_is_no_evidence() {
        check("crates.example-0123456789abcdef", "hell", &Held::Nothing);
    }

    #[test]
    fn the_expected_bytes_are_found_in_either_index_and_in_a_mirror() {
        for folder in ["index.crates.io-1949cf8c6b5b557f", "github.com-1ecc6299db9ec823", "mirror.example-00"]
        {
            check(folder, "bell", &Held::Same);
        }
    }

    #[test]
    fn without_a_cache_nothing_is_held() {
        let home = tempfile::tempdir().unwrap();
        let held = Cache::open(home.path()).look("bell", "0.3.0", CRATES_IO, &Digest::sha256("bell"));
        assert_eq!(held, Held::Nothing);
    }

    #[test]
    fn a_folder_in_the_place_of_a_crate_is_not_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("registry/cache/index.crates.io-00/bell-0.3.0.crate");
        std::fs::create_dir_all(path).unwrap();
        let held = Cache::open(home.path()).look("bell", "0.3.0", CRATES_IO, &Digest::sha256("bell"));
        assert!(matches!(held, Held::Unreadable { .. }), "{held:?}");
    }
}

//! What the registry said about versions when cargo last asked: the sparse index in cargo's own cache.
//!
//! Cargo keeps `$CARGO_HOME/registry/index/HOST-HASH/.cache/se/rd/serde` for each crate it looked at: the byte 3, the
//! index version 2 as four bytes, then texts that end in NUL: one of cargo's own, and then in turn a version and the
//! line of the index for it (<https://doc.rust-lang.org/cargo/reference/registry-index.html#json-schema>). The layout is
//! cargo's own and can change: what is not understood is said, never guessed. Nothing is ever fetched.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use semver::Version;
use serde::Deserialize;

use crate::digest::Digest;
use crate::files;

/// The cached index of one registry.
#[derive(Debug, Clone)]
pub struct Index {
    folder: PathBuf,
}

/// What the index says about a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    releases: Vec<Release>,
    /// Versions whose line is not understood, as cargo too leaves out lines that are newer than itself.
    unread: Vec<String>,
    /// When cargo last wrote the entry: what it says may be newer than that, never older.
    pub written: Option<SystemTime>,
    /// The digest of the cached file.
    pub digest: Digest,
}

/// A version of a crate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Release {
    /// The version.
    #[serde(rename = "vers")]
    pub version: Version,
    /// Whether its publisher withdrew it.
    pub yanked: bool,
    /// SHA-256 of the `.crate`, in hexadecimal.
    #[serde(rename = "cksum")]
    pub checksum: String,
    /// When it was published (RFC 3339), where the index says so.
    #[serde(rename = "pubtime", default)]
    pub published: Option<String>,
    /// The oldest Rust that it says it builds with.
    #[serde(default)]
    pub rust_version: Option<String>,
}

impl Index {
    /// Opens a cache: a folder of `registry/index` (the one of crates.io is taken if there are several), one of its
    /// folders, or the `.cache` inside.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let cache = |folder: &Path| Some(folder.join(CACHE)).filter(|cache| cache.is_dir());
        if folder.file_name().is_some_and(|name| name == CACHE) && folder.is_dir() {
            return Ok(Self { folder: folder.to_owned() });
        }
        if let Some(folder) = cache(folder) {
            return Ok(Self { folder });
        }
        let missing = || Error::NoCache(folder.to_owned());
        let mut registries: Vec<PathBuf> = std::fs::read_dir(folder)
            .map_err(|_| missing())?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(CRATES_IO)))
            .filter_map(|path| cache(&path))
            .collect();
        registries.sort();
        registries.pop().map(|folder| Self { folder }).ok_or_else(missing)
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads what is cached about one crate.
    pub fn entry(&self, name: &str) -> Result<Entry, Error> {
        let path =
            self.folder.join(relative(name).ok_or_else(|| Error::Name(name.chars().take(SHOWN).collect()))?);
        let bytes = files::read(&path, LIMIT).map_err(|error| match error {
            files::Error::Missing(_) => Error::NotCached(name.to_owned()),
            other => Error::File(other),
        })?;
        let (releases, unread) =
            parse(&bytes).map_err(|problem| Error::Format { name: name.to_owned(), problem })?;
        let written = std::fs::metadata(&path).and_then(|metadata| metadata.modified()).ok();
        Ok(Entry { releases, unread, written, digest: Digest::sha256(&bytes) })
    }
}

impl Entry {
    /// Every version, in the order of the index.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// A version, build metadata included.
    pub fn release(&self, version: &str) -> Option<&Release> {
        let version = version.parse::<Version>().ok()?;
        self.releases.iter().find(|release| release.version == version)
    }

    /// Whether a version is there in a form that is not understood.
    pub fn is_unread(&self, version: &str) -> bool {
        self.unread.iter().any(|unread| unread == version)
    }

    /// The lowest version above this one that a caret requirement on it allows and that is not withdrawn; else the
    /// highest one below it.
    pub fn replacement(&self, version: &Version) -> Option<&Release> {
        let allowed = |release: &&Release| {
            !release.yanked && release.version.pre.is_empty() && compatible(&release.version, version)
        };
        let above = self.releases.iter().filter(allowed).filter(|release| release.version > *version);
        let below = self.releases.iter().filter(allowed).filter(|release| release.version < *version);
        above.min_by_key(|release| &release.version).or_else(|| below.max_by_key(|release| &release.version))
    }
}

/// Whether cargo takes one version for the other: the same up to the leftmost part that is not zero.
fn compatible(one: &Version, other: &Version) -> bool {
    let line = |version: &Version| match (version.major, version.minor, version.patch) {
        (0, 0, patch) => (0, 0, patch),
        (0, minor, _) => (0, minor, 0),
        (major, ..) => (major, 0, 0),
    };
    line(one) == line(other)
}

/// Where an index keeps a crate (the same reference, "Index files"); nothing for what cannot be a crate's name.
fn relative(name: &str) -> Option<PathBuf> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if name.is_empty() || name.len() > NAME || !name.bytes().all(is_name) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    Some(match name.len() {
        1 => Path::new("1").join(&name),
        2 => Path::new("2").join(&name),
        3 => Path::new("3").join(&name[..1]).join(&name),
        _ => Path::new(&name[..2]).join(&name[2..4]).join(&name),
    })
}

fn parse(bytes: &[u8]) -> Result<(Vec<Release>, Vec<String>), FormatProblem> {
    let (&layout, rest) = bytes.split_first().ok_or(FormatProblem::Truncated)?;
    if layout != LAYOUT {
        return Err(FormatProblem::Layout(layout));
    }
    let (version, rest) = rest.split_first_chunk::<4>().ok_or(FormatProblem::Truncated)?;
    let version = u32::from_le_bytes(*version);
    if version > INDEX_VERSION {
        return Err(FormatProblem::IndexVersion(version));
    }
    // Every text ends in NUL, the last one too: what follows it is empty.
    let texts = rest.strip_suffix(b"\0").ok_or(FormatProblem::Truncated)?;
    let mut texts = texts.split(|&byte| byte == 0).skip(1);
    let mut releases = Vec::new();
    let mut unread = Vec::new();
    let mut problem = None;
    while let Some(named) = texts.next() {
        let line = texts.next().ok_or(FormatProblem::Truncated)?;
        match serde_json::from_slice(line) {
            Ok(release) => releases.push(release),
            Err(error) => {
                let named = String::from_utf8_lossy(named).into_owned();
                unread.push(named.clone());
                problem.get_or_insert_with(|| FormatProblem::Line(named, error.to_string()));
            }
        }
    }
    match problem {
        Some(problem) if releases.is_empty() => Err(problem),
        _ => Ok((releases, unread)),
    }
}

/// Why the index says nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No cached index of crates.io there.
    #[error("there is no cached index of crates.io in `{}`", .0.display())]
    NoCache(PathBuf),
    /// No crate can have that name.
    #[error("`{0}` cannot be the name of a crate")]
    Name(String),
    /// Cargo has not looked at this crate here.
    #[error("cargo's index cache does not hold `{0}`")]
    NotCached(String),
    /// The entry is there and cannot be read.
    #[error("cannot read cargo's index cache")]
    File(#[source] files::Error),
    /// The entry is there and is not understood.
    #[error("cargo's index cache holds `{name}` in a form that is not known here: {problem}")]
    Format {
        /// The crate.
        name: String,
        /// What is unknown about it.
        problem: FormatProblem,
    },
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoCache(_) | Self::NotCached(_) => {
                Some("`cargo fetch` in the project fills the cache; `--index DIR` names another one")
            }
            Self::Format { .. } => {
                Some("another version of cargo wrote it: `--index DIR` names another cache")
            }
            _ => None,
        }
    }
}

/// What is not understood about a cached entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatProblem {
    /// Another layout of the file.
    #[error("layout {0}, and {LAYOUT} is known")]
    Layout(u8),
    /// A later version of the index.
    #[error("index version {0}, and {INDEX_VERSION} is known")]
    IndexVersion(u32),
    /// It ends too early.
    #[error("it ends too early")]
    Truncated,
    /// A line that is not the JSON of the index.
    #[error("version {0}: {1}")]
    Line(String, String),
}

const CACHE: &str = ".cache";
/// How cargo calls the folder of crates.io; a hash follows.
const CRATES_IO: &str = "index.crates.io-";
const LAYOUT: u8 = 3;
const INDEX_VERSION: u32 = 2;
/// Bytes of the largest entry that is read; the largest known has three million.
const LIMIT: u64 = 64 << 20;
/// Bytes of the longest name that crates.io takes.
const NAME: usize = 64;
/// Characters of a name that cannot be one that a message shows.
const SHOWN: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Access;

    fn line(version: &str, yanked: bool) -> String {
        format!(
            r#"{{"name":"bell","vers":"{version}","deps":[],"cksum":"00","features":{{}},"yanked":{yanked}}}"#
        )
    }

    fn cached(releases: &[(&str, bool)]) -> Vec<u8> {
        let mut bytes = b"\x03\x02\0\0\0etag: \"x\"\0".to_vec();
        for (version, yanked) in releases {
            bytes.extend_from_slice(format!("{version}\0{}\0", line(version, *yanked)).as_bytes());
        }
        bytes
    }

    #[test]
    fn an_unknown_form_is_named_and_not_guessed() {
        assert_eq!(parse(b""), Err(FormatProblem::Truncated));
        assert_eq!(parse(b"\x04\x02\0\0\0e\0"), Err(FormatProblem::Layout(4)));
        assert_eq!(parse(b"\x03\x09\0\0\0e\0"), Err(FormatProblem::IndexVersion(9)));
        assert_eq!(parse(b"\x03\x02\0\0\0e\x001.0.0\0"), Err(FormatProblem::Truncated));
        assert!(matches!(parse(b"\x03\x02\0\0\0e\x001.0.0\0{}\0"), Err(FormatProblem::Line(..))));
        let mut mixed = cached(&[("1.0.0", false)]);
        mixed.extend_from_slice(b"1.0.1\0{\"v\":9}\0");
        assert_eq!(parse(&mixed).unwrap().1, ["1.0.1"]);
    }

    #[test]
    fn no_truncation_panics_or_passes_for_whole() {
        let whole = cached(&[("1.0.0", false), ("1.0.1", true)]);
        let releases = parse(&whole).unwrap().0;
        for cut in 0..whole.len() {
            assert!(parse(&whole[..cut]).map_or(true, |(found, _)| found.len() < releases.len()), "{cut}");
        }
    }

    #[test]
    fn a_crate_is_found_where_cargo_puts_it() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("index.crates.io-1949cf8c6b5b557f/.cache");
        files::write(cache.join("be/ll/bell"), &cached(&[("0.3.0", true), ("0.3.1", false)]), Access::Shared)
            .unwrap();
        files::write(cache.join("3/a/abc"), &cached(&[]), Access::Shared).unwrap();
        for root in [folder.path(), &folder.path().join("index.crates.io-1949cf8c6b5b557f"), &cache] {
            let index = Index::open(root).unwrap();
            let entry = index.entry("Bell").unwrap();
            assert!(entry.release("0.3.0").unwrap().yanked);
            assert_eq!(entry.release("0.3.2"), None);
            assert!(entry.written.is_some());
            assert!(index.entry("abc").unwrap().releases().is_empty());
            assert!(matches!(index.entry("cart"), Err(Error::NotCached(_))));
        }
    }

    #[test]
    fn a_name_never_leaves_the_cache() {
        for name in ["", "..", "../../etc/passwd", "a/b", "é", &"a".repeat(65)] {
            assert_eq!(relative(name), None, "{name}");
        }
        assert_eq!(relative("Ab").unwrap(), Path::new("2/ab"));
    }

    #[test]
    fn a_folder_without_a_cache_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Index::open(folder.path()), Err(Error::NoCache(_))));
        assert!(matches!(Index::open(&folder.path().join("no")), Err(Error::NoCache(_))));
    }

    #[test]
    fn a_withdrawn_version_is_replaced_in_its_line_and_forward_first() {
        let releases = [
            ("0.3.0", false),
            ("0.3.1", true),
            ("0.3.2", true),
            ("0.3.3", false),
            ("0.3.4", false),
            ("0.4.0", false),
        ];
        let entry = |releases: &[(&str, bool)]| Entry {
            releases: parse(&cached(releases)).unwrap().0,
            unread: Vec::new(),
            written: None,
            digest: Digest::sha256(""),
        };
        let found = |releases, version: &str| {
            entry(releases).replacement(&version.parse().unwrap()).map(|release| release.version.to_string())
        };
        assert_eq!(found(&releases, "0.3.1").as_deref(), Some("0.3.3"));
        assert_eq!(found(&releases[..3], "0.3.1").as_deref(), Some("0.3.0"));
        assert_eq!(found(&[("1.0.0", true), ("2.0.0", false)], "1.0.0"), None);
        assert_eq!(found(&[("0.0.1", true), ("0.0.2", false)], "0.0.1"), None);
    }
}

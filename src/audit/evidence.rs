//! What rules rest on besides the SBOM: gathered beforehand, and handed to them as values.

use std::collections::BTreeMap;
use std::time::SystemTime;

use jiff::Timestamp;
use semver::Version;

use crate::digest::Digest;
use crate::graph::Graph;
use crate::registry::index::{self, Index};
use crate::sbom::Purl;

/// Everything that was gathered for an audit.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    file: String,
    withdrawals: BTreeMap<(String, String), Withdrawal>,
    data: Vec<Data>,
    not_gathered: Vec<String>,
}

/// Whether a version was withdrawn from its registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withdrawal {
    /// It stands.
    Stands,
    /// Its publisher withdrew it: nobody new gets it.
    Withdrawn {
        /// When cargo last wrote what it knows of the crate.
        known_at: Option<Timestamp>,
        /// A version of the same line that stands.
        replacement: Option<String>,
    },
    /// Nothing is known, for the reason given.
    Unknown(String),
}

/// Data that an audit rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// What it is.
    pub name: String,
    /// SHA-256 of what was read of it.
    pub sha256: String,
    /// How old it is: the age of its oldest part.
    pub date: Option<Timestamp>,
}

impl Evidence {
    /// Evidence of nothing but the name of the file that the SBOM came from, which locations bear.
    pub fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), ..Self::default() }
    }

    /// Asks the cached index about every cargo package of crates.io in a graph, and reads only their entries.
    #[must_use]
    pub fn gather(mut self, graph: &Graph<'_>, index: Option<&Index>) -> Self {
        let wanted: std::collections::BTreeSet<(String, String)> =
            graph.parts().filter_map(|(_, component)| crates_io(&component.purl()?)).collect();
        let Some(index) = index else {
            if !wanted.is_empty() {
                self.not_gathered.push("withdrawn versions: there is no index cache of cargo".to_owned());
            }
            return self;
        };
        let mut read = Read::default();
        for (name, version) in wanted {
            let withdrawal = read
                .entry(index, &name)
                .map_or_else(Withdrawal::Unknown, |entry| Withdrawal::of(entry, &version));
            self.withdrawals.insert((name, version), withdrawal);
        }
        self.data.extend(read.into_data());
        self
    }

    /// States what an index would say, for a single version.
    #[must_use]
    pub fn with_withdrawal(mut self, name: &str, version: &str, withdrawal: Withdrawal) -> Self {
        self.withdrawals.insert((name.to_owned(), version.to_owned()), withdrawal);
        self
    }

    /// The name of the file that locations bear.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What is known of a package's standing in its registry; nothing when it is not a package of crates.io.
    pub fn withdrawal(&self, purl: &Purl) -> Option<&Withdrawal> {
        self.withdrawals.get(&crates_io(purl)?)
    }

    /// The data that was read.
    pub fn data(&self) -> &[Data] {
        &self.data
    }

    /// What could not be gathered.
    pub fn not_gathered(&self) -> Vec<String> {
        self.not_gathered.clone()
    }
}

impl Withdrawal {
    fn of(entry: &index::Entry, version: &str) -> Self {
        match entry.release(version) {
            Some(release) if release.yanked => Self::Withdrawn {
                known_at: entry.written.and_then(timestamp),
                replacement: entry.replacement(&release.version).map(|other| other.version.to_string()),
            },
            Some(_) => Self::Stands,
            None if entry.is_unread(version) => Self::Unknown(
                "cargo's index cache holds the version in a form that is not known here".to_owned(),
            ),
            None if version.parse::<Version>().is_err() => {
                Self::Unknown("its version is not one that cargo knows".to_owned())
            }
            None => Self::Unknown("cargo's index cache does not hold the version".to_owned()),
        }
    }
}

/// The name and version of a package, if its purl says that it comes from crates.io.
pub(super) fn crates_io(purl: &Purl) -> Option<(String, String)> {
    let elsewhere = ["repository_url", "vcs_url", "download_url"];
    (purl.kind() == "cargo" && elsewhere.iter().all(|name| purl.qualifier(name).is_none()))
        .then(|| Some((purl.name().to_owned(), purl.version()?.to_owned())))?
}

/// The entries that were read, each once.
#[derive(Default)]
struct Read {
    entries: BTreeMap<String, Result<index::Entry, String>>,
}

impl Read {
    fn entry(&mut self, index: &Index, name: &str) -> Result<&index::Entry, String> {
        let read = || index.entry(name).map_err(|error| error.to_string());
        self.entries.entry(name.to_owned()).or_insert_with(read).as_ref().map_err(Clone::clone)
    }

    /// One line for all of it: the digest of the list of names and digests.
    fn into_data(self) -> Option<Data> {
        let entries: Vec<_> =
            self.entries.into_iter().filter_map(|(name, entry)| Some((name, entry.ok()?))).collect();
        let list: String = entries
            .iter()
            .map(|(name, entry)| format!("{name} {}\n", entry.digest))
            .collect::<Vec<_>>()
            .concat();
        let oldest = entries.iter().filter_map(|(_, entry)| entry.written).min();
        (!entries.is_empty()).then(|| Data {
            name: format!("cargo's index cache, {} entries", entries.len()),
            sha256: Digest::sha256(list).hex(),
            date: oldest.and_then(timestamp),
        })
    }
}

/// Whole seconds of a file's time.
fn timestamp(time: SystemTime) -> Option<Timestamp> {
    let elapsed = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Timestamp::from_second(i64::try_from(elapsed.as_secs()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_purl_of_crates_io_is_looked_up_there() {
        let check = |text: &str| crates_io(&text.parse().unwrap());
        assert_eq!(check("pkg:cargo/bell@0.3.0"), Some(("bell".to_owned(), "0.3.0".to_owned())));
        assert_eq!(check("pkg:cargo/bell@0.3.0%2Bb").unwrap().1, "0.3.0+b");
        for elsewhere in [
            "pkg:npm/bell@0.3.0",
            "pkg:cargo/bell",
            "pkg:cargo/bell@0.3.0?repository_url=https:%2F%2Fcrates.example",
            "pkg:cargo/bell@0.3.0?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fbell%40abc",
            "pkg:cargo/bell@0.3.0?download_url=file:%2F%2F.",
        ] {
            assert_eq!(check(elsewhere), None, "{elsewhere}");
        }
    }
}

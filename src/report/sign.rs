//! `sign/v1`: what was signed, by whom, and where it is logged.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::findings::not_checked;
use super::json;
use super::terminal::{line, size};
use crate::attest::predicate::PredicateType;
use crate::attest::statement::Subject;
use crate::keys::PublicKey;

/// What `sign` did.
#[derive(Debug)]
pub struct Report<'a> {
    /// What the statement is about.
    pub subjects: &'a [Subject],
    /// The type of what is said.
    pub predicate_type: &'a PredicateType,
    /// Where the bundle is.
    pub bundle: &'a Path,
    /// Its size in bytes.
    pub size: usize,
    /// Who signed.
    pub key: &'a PublicKey,
    /// Where it is logged.
    pub log: Option<&'a Place>,
}

/// A place in a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The log's folder.
    pub path: PathBuf,
    /// The log's name.
    pub origin: String,
    /// The number of the entry.
    pub index: u64,
    /// The size of the log that the proof speaks of.
    pub size: u64,
    /// Whether the log had the entry before.
    pub duplicate: bool,
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            subjects: Vec<json::Subject<'a>>,
            predicate_type: &'a str,
            bundle: json::File<'a>,
            key: json::Key,
            log: Option<&'a Place>,
            not_checked: Vec<&'static str>,
        }
        Json {
            report: "sign/v1",
            subjects: self.subjects.iter().map(json::Subject::from).collect(),
            predicate_type: self.predicate_type.uri(),
            bundle: json::File { path: self.bundle, size: self.size as u64 },
            key: json::Key::from(self.key),
            log: self.log,
            not_checked: self.not_checked(),
        }
        .serialize(serializer)
    }
}

impl Report<'_> {
    fn not_checked(&self) -> Vec<&'static str> {
        let mut items = vec!["whether the predicate is true: a signature says who said it"];
        if self.log.is_none() {
            items.push("a log: the bundle has no entry, and `verify` refuses it without --accept-unlogged");
        }
        items
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        for subject in self.subjects {
            let digest = subject.digests.first().map(ToString::to_string).unwrap_or_default();
            line(out, "subject", &format!("{}  {digest}", subject.name))?;
        }
        line(out, "predicate", self.predicate_type.uri())?;
        line(out, "signed by", &format!("{} key {}", self.key.key_type().name(), self.key.digest()))?;
        match self.log {
            Some(place) => {
                let known = if place.duplicate { " (it was there already)" } else { "" };
                line(
                    out,
                    "logged",
                    &format!("{}, entry {} of {}{known}", place.origin, place.index, place.size),
                )?;
            }
            None => line(out, "logged", "no")?,
        }
        line(out, "bundle", &format!("{}  {}", self.bundle.display(), size(self.size as u64)))?;
        not_checked(out, &self.not_checked())
    }
}

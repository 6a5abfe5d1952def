//! `inspect/v1`: what a bundle says. Nothing in it is verified, and each form says so first.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Serialize, Serializer};

use super::terminal::{line, size};
use crate::attest::bundle::Bundle;
use crate::attest::statement::Statement;

/// A bundle to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// The bundle.
    pub bundle: &'a Bundle,
    /// The statement in it.
    pub statement: &'a Statement,
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Subject<'a> {
            name: &'a str,
            digests: Vec<String>,
        }
        #[derive(Serialize)]
        struct Log {
            id: String,
            index: u64,
            size: u64,
            kind: String,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            verified: bool,
            predicate_type: &'a str,
            predicate_size: usize,
            subjects: Vec<Subject<'a>>,
            key_hint: &'a str,
            log: Option<Log>,
        }
        let subjects = self.statement.subjects.iter().map(|subject| Subject {
            name: &subject.name,
            digests: subject.digests.iter().map(ToString::to_string).collect(),
        });
        let log = self.bundle.entry.as_ref().map(|entry| Log {
            id: BASE64.encode(&entry.log_id),
            index: entry.log_index,
            size: entry.proof.tree_size,
            kind: format!("{}/{}", entry.kind, entry.version),
        });
        Json {
            report: "inspect/v1",
            verified: false,
            predicate_type: &self.statement.predicate_type,
            predicate_size: self.statement.predicate.len(),
            subjects: subjects.collect(),
            key_hint: self.bundle.key_hint(),
            log,
        }
        .serialize(serializer)
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "NOT VERIFIED: this is what the bundle says")?;
        for subject in &self.statement.subjects {
            let digests: Vec<String> = subject.digests.iter().map(ToString::to_string).collect();
            line(out, "subject", &format!("{}  {}", subject.name, digests.join(" ")))?;
        }
        let predicate = &self.statement.predicate;
        line(
            out,
            "predicate",
            &format!("{}, {}", self.statement.predicate_type, size(predicate.len() as u64)),
        )?;
        line(out, "key hint", self.bundle.key_hint())?;
        match &self.bundle.entry {
            Some(entry) => line(
                out,
                "logged",
                &format!(
                    "entry {} of {} in the log {}",
                    entry.log_index,
                    entry.proof.tree_size,
                    BASE64.encode(&entry.log_id)
                ),
            ),
            None => line(out, "logged", "no"),
        }
    }
}

//! `inspect/v1`: what a bundle says. Nothing in it is verified, and each form says so first.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Serialize, Serializer};

use super::terminal::{line, size};
use crate::attest::bundle::{Bundle, Content, Material};
use crate::attest::statement::Statement;
use crate::digest::Digest;
use crate::pki::{Certificate, Claim, Token};

/// A bundle to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// The bundle.
    pub bundle: &'a Bundle,
    /// The statement in it; a bundle that signs an artifact itself has none.
    pub statement: Option<&'a Statement>,
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
            #[serde(skip_serializing_if = "Option::is_none")]
            size: Option<u64>,
            kind: String,
        }
        #[derive(Serialize)]
        struct Certified<'a> {
            identities: Vec<&'a str>,
            issuer: Option<&'a str>,
            not_before: String,
            not_after: String,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            verified: bool,
            predicate_type: Option<&'a str>,
            predicate_size: Option<usize>,
            subjects: Vec<Subject<'a>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            signed_digest: Option<String>,
            key_hint: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            certificate: Option<Certified<'a>>,
            timestamps: Vec<String>,
            log: Option<Log>,
        }
        let subjects =
            self.statement.into_iter().flat_map(|statement| &statement.subjects).map(|subject| Subject {
                name: &subject.name,
                digests: subject.digests.iter().map(ToString::to_string).collect(),
            });
        let log = self.bundle.entry.as_ref().map(|entry| Log {
            id: BASE64.encode(&entry.log_id),
            index: entry.log_index,
            size: entry.proof.as_ref().map(|proof| proof.tree_size),
            kind: format!("{}/{}", entry.kind, entry.version),
        });
        let certificate = certificate(self.bundle);
        Json {
            report: "inspect/v1",
            verified: false,
            predicate_type: self.statement.map(|statement| statement.predicate_type.as_str()),
            predicate_size: self.statement.map(|statement| statement.predicate.len()),
            subjects: subjects.collect(),
            signed_digest: signed_digest(self.bundle).map(ToString::to_string),
            key_hint: self.bundle.key_hint(),
            certificate: certificate.as_ref().map(|certificate| Certified {
                identities: certificate.identities().iter().map(|one| one.value.as_str()).collect(),
                issuer: certificate.claim(Claim::Issuer),
                not_before: certificate.validity().0.to_string(),
                not_after: certificate.validity().1.to_string(),
            }),
            timestamps: times(self.bundle),
            log,
        }
        .serialize(serializer)
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "NOT VERIFIED: this is what the bundle says")?;
        for subject in self.statement.into_iter().flat_map(|statement| &statement.subjects) {
            let digests: Vec<String> = subject.digests.iter().map(ToString::to_string).collect();
            line(out, "subject", &format!("{}  {}", subject.name, digests.join(" ")))?;
        }
        if let Some(statement) = self.statement {
            let predicate = size(statement.predicate.len() as u64);
            line(out, "predicate", &format!("{}, {predicate}", statement.predicate_type))?;
        }
        if let Content::Message(_) = &self.bundle.content {
            let digest =
                signed_digest(self.bundle).map_or("an artifact, unnamed".to_owned(), ToString::to_string);
            line(out, "signs", &digest)?;
        }
        match &self.bundle.material {
            Material::PublicKey { hint } => line(out, "key hint", hint)?,
            Material::Certificate { .. } => match certificate(self.bundle) {
                Some(certificate) => {
                    for identity in certificate.identities() {
                        line(out, "certificate", &identity.value)?;
                    }
                    line(out, "known to", certificate.claim(Claim::Issuer).unwrap_or("nobody"))?;
                    let (from, to) = certificate.validity();
                    line(out, "valid", &format!("{from} to {to}"))?;
                }
                None => line(out, "certificate", "malformed")?,
            },
        }
        for time in times(self.bundle) {
            line(out, "timestamp", &time)?;
        }
        match &self.bundle.entry {
            Some(entry) => line(
                out,
                "logged",
                &format!(
                    "entry {}{} in the log {}",
                    entry.log_index,
                    entry.proof.as_ref().map_or_else(String::new, |proof| format!(" of {}", proof.tree_size)),
                    BASE64.encode(&entry.log_id)
                ),
            ),
            None => line(out, "logged", "no"),
        }
    }
}

fn signed_digest(bundle: &Bundle) -> Option<&Digest> {
    match &bundle.content {
        Content::Message(message) => message.digest.as_ref(),
        Content::Dsse(_) => None,
    }
}

fn certificate(bundle: &Bundle) -> Option<Certificate> {
    match &bundle.material {
        Material::Certificate { leaf, .. } => Certificate::parse(leaf).ok(),
        Material::PublicKey { .. } => None,
    }
}

fn times(bundle: &Bundle) -> Vec<String> {
    let read = |timestamp: &Vec<u8>| match Token::parse(timestamp) {
        Ok(token) => token.time().to_string(),
        Err(_) => "malformed".to_owned(),
    };
    bundle.timestamps.iter().map(read).collect()
}

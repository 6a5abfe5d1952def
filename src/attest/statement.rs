//! Statements: which artifacts, named by digest, and what is said about them.
//!
//! Specification: <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>. Version 1 is written; 0.1,
//! which cosign writes, is read too. Fields beside the four known ones are ignored, as the specification asks: they
//! are signed, and nothing here acts on them.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use super::shape::{elements, missing, optional_text, text};
use super::{Flaw, Malformed};
use crate::digest::{Algorithm, Digest};
use crate::document::{self, Document, Kind, Limits, Value};

/// What is said, about which artifacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The artifacts; 1 to [`MAX_SUBJECTS`].
    pub subjects: Vec<Subject>,
    /// The URI of what is said.
    pub predicate_type: String,
    /// What is said: one JSON value, byte for byte as it stands in the statement.
    pub predicate: Vec<u8>,
}

/// One artifact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    /// A name for people; it decides nothing.
    pub name: String,
    /// Digests of the one artifact by known algorithms, each at most once.
    pub digests: Vec<Digest>,
    /// Digests by other algorithms, name and value: nothing here compares them.
    pub other_digests: Vec<(String, String)>,
}

impl Subject {
    /// An artifact by name and one digest.
    pub fn new(name: impl Into<String>, digest: Digest) -> Self {
        Self { name: name.into(), digests: vec![digest], other_digests: Vec::new() }
    }
}

impl Statement {
    /// A statement over a predicate that is known to be JSON.
    pub fn new(subjects: Vec<Subject>, predicate_type: impl Into<String>, predicate: &Document) -> Self {
        let predicate = predicate.root().raw().to_vec();
        Self { subjects, predicate_type: predicate_type.into(), predicate }
    }

    /// The statement's bytes, of version 1. The predicate stands in it byte for byte.
    ///
    /// Fails if the statement is one that [`Statement::parse`] would refuse.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Malformed> {
        let subjects: Vec<_> = self
            .subjects
            .iter()
            .map(|one| WireSubject { name: &one.name, digest: wire_digests(&one.digests) })
            .collect();
        let [kind, predicate_type, subjects] = [
            serde_json::to_string(STATEMENT_V1),
            serde_json::to_string(&self.predicate_type),
            serde_json::to_string(&subjects),
        ]
        .map(|json| json.expect("strings and maps of strings have a JSON form"));
        let mut bytes =
            format!(r#"{{"_type":{kind},"subject":{subjects},"predicateType":{predicate_type},"predicate":"#)
                .into_bytes();
        bytes.extend_from_slice(&self.predicate);
        bytes.push(b'}');
        // Bytes that are no JSON value could pass for more than a predicate: what reads back must be what was meant.
        if Self::parse(&bytes)?.predicate != self.predicate {
            return Err(Malformed {
                flaw: Flaw::Json,
                pointer: "/predicate".to_owned(),
                position: None,
                detail: "it is not one JSON value".to_owned(),
            });
        }
        Ok(bytes)
    }

    /// Reads a statement of version 0.1 or 1.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let document = Document::parse(bytes.to_vec(), &LIMITS)?;
        let root = document.root();
        if root.kind() != Kind::Object {
            return Err(Malformed::at(Flaw::FieldType, &root, "an object is expected"));
        }
        let member = |name| root.get(name).ok_or_else(|| missing(root, name));
        let kind = member("_type")?;
        if ![STATEMENT_V1, STATEMENT_V01].contains(&&*text(kind)?) {
            let detail = format!("expected {STATEMENT_V1} or {STATEMENT_V01}, found {}", text(kind)?);
            return Err(Malformed::at(Flaw::Type, &kind, detail));
        }
        let subjects = subjects(member("subject")?)?;
        let predicate_type = text(member("predicateType")?)?.into_owned();
        if predicate_type.is_empty() {
            return Err(missing(root, "predicateType"));
        }
        let predicate = member("predicate")?.raw().to_vec();
        Ok(Self { subjects, predicate_type, predicate })
    }

    /// The predicate as a document of its own.
    pub fn predicate_document(&self) -> Result<Document, document::Error> {
        Document::parse(self.predicate.clone(), &LIMITS)
    }
}

fn subjects(list: Value<'_>) -> Result<Vec<Subject>, Malformed> {
    let subjects = elements(Some(list))?;
    if subjects.is_empty() || subjects.len() > MAX_SUBJECTS {
        let detail = format!("1 to {MAX_SUBJECTS} subjects are expected, {} were found", subjects.len());
        return Err(Malformed::at(Flaw::SubjectCount, &list, detail));
    }
    let mut seen = HashSet::new();
    let mut read = Vec::with_capacity(subjects.len());
    for value in subjects {
        let (digests, other_digests) =
            digest_set(value.get("digest").ok_or_else(|| missing(value, "digest"))?)?;
        let subject = Subject { name: optional_text(value.get("name"))?, digests, other_digests };
        if !seen.insert(subject.clone()) {
            return Err(Malformed::at(Flaw::DuplicateSubject, &value, "the same subject stands here twice"));
        }
        read.push(subject);
    }
    Ok(read)
}

/// Digests of known algorithms, and name and value of the others.
type DigestSet = (Vec<Digest>, Vec<(String, String)>);

/// The digests of an in-toto `DigestSet`: those of known algorithms, and the others. At least one must be known, or
/// there would be nothing to compare.
pub(super) fn digest_set(set: Value<'_>) -> Result<DigestSet, Malformed> {
    if set.kind() != Kind::Object {
        return Err(Malformed::at(Flaw::FieldType, &set, "an object is expected"));
    }
    let mut known = Vec::new();
    let mut others = Vec::new();
    for (count, (name, value)) in set.members().enumerate() {
        if count == MAX_DIGESTS {
            let detail = format!("a subject has at most {MAX_DIGESTS} digests");
            return Err(Malformed::at(Flaw::SubjectCount, &set, detail));
        }
        let hex = text(value)?;
        match Algorithm::from_name(&name) {
            Some(algorithm) => known.push(Digest::from_hex(algorithm, &hex).ok_or_else(|| {
                let digits = algorithm.length() * 2;
                let detail = format!("{digits} lower-case hexadecimal digits are expected");
                Malformed::at(Flaw::Digest, &value, detail)
            })?),
            None => others.push((name.into_owned(), hex.into_owned())),
        }
    }
    if known.is_empty() {
        let detail = "there is no digest of a known algorithm (sha256, sha384, sha512)";
        return Err(Malformed::at(Flaw::Digest, &set, detail));
    }
    Ok((known, others))
}

pub(super) type WireDigests = BTreeMap<&'static str, String>;

pub(super) fn wire_digests(digests: &[Digest]) -> WireDigests {
    digests.iter().map(|digest| (digest.algorithm().name(), digest.hex())).collect()
}

#[derive(Serialize)]
struct WireSubject<'a> {
    name: &'a str,
    digest: WireDigests,
}

/// The `_type` of version 1, which is written.
pub const STATEMENT_V1: &str = "https://in-toto.io/Statement/v1";
/// The `_type` of version 0.1, which is read too.
pub const STATEMENT_V01: &str = "https://in-toto.io/Statement/v0.1";

/// The most subjects of one statement, as in sigstore-go.
pub const MAX_SUBJECTS: usize = 1024;
/// The most digests of one subject, as in sigstore-go.
pub const MAX_DIGESTS: usize = 32;
/// What a statement may cost: room for an SBOM of 48 MiB.
pub const LIMITS: Limits = Limits { bytes: 48 * 1024 * 1024, depth: 256, nodes: 8_000_000 };

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        let predicate = Document::parse(b" {\"bomFormat\": \"CycloneDX\"}\n".to_vec(), &LIMITS).unwrap();
        Statement::new(
            vec![Subject::new("shop", Digest::sha256("shop"))],
            "https://cyclonedx.org/bom",
            &predicate,
        )
    }

    #[track_caller]
    fn refused(from: &str, to: &str, flaw: Flaw, pointer: &str) {
        let text = String::from_utf8(statement().to_bytes().unwrap()).unwrap();
        assert!(text.contains(from), "{text}");
        let found = Statement::parse(text.replace(from, to).as_bytes()).unwrap_err();
        assert_eq!((found.flaw, found.pointer.as_str()), (flaw, pointer));
    }

    #[test]
    fn a_type_other_than_the_two_known_is_refused() {
        refused("Statement/v1", "Statement/v2", Flaw::Type, "/_type");
        refused("https://in-toto.io/Statement/v1", "https://evil.example/Statement/v1", Flaw::Type, "/_type");
        refused("\"_type\":", "\"type\":", Flaw::MissingField, "/_type");
        let text = String::from_utf8(statement().to_bytes().unwrap()).unwrap();
        assert_eq!(Statement::parse(text.replace("/v1", "/v0.1").as_bytes()), Ok(statement()));
    }

    #[test]
    fn a_digest_has_one_spelling_and_a_known_algorithm() {
        let hex = Digest::sha256("shop").hex();
        refused(&hex, &hex.to_uppercase(), Flaw::Digest, "/subject/0/digest/sha256");
        refused(&hex, &hex[2..], Flaw::Digest, "/subject/0/digest/sha256");
        refused("sha256", "sha1", Flaw::Digest, "/subject/0/digest");
        refused("sha256", "SHA256", Flaw::Digest, "/subject/0/digest");
        refused(&format!(r#"{{"sha256":"{hex}"}}"#), "{}", Flaw::Digest, "/subject/0/digest");
        refused(&format!(r#""{hex}""#), "7", Flaw::FieldType, "/subject/0/digest/sha256");
    }

    #[test]
    fn subjects_are_counted_and_never_repeated() {
        let subjects = |count: usize| {
            let mut statement = statement();
            statement.subjects =
                (0..count).map(|index| Subject::new(index.to_string(), Digest::sha256("x"))).collect();
            statement
        };
        assert!(subjects(MAX_SUBJECTS).to_bytes().is_ok());
        assert_eq!(subjects(MAX_SUBJECTS + 1).to_bytes().unwrap_err().flaw, Flaw::SubjectCount);
        assert_eq!(subjects(0).to_bytes().unwrap_err().flaw, Flaw::SubjectCount);
        let mut twice = statement();
        twice.subjects.push(twice.subjects[0].clone());
        assert_eq!(twice.to_bytes().unwrap_err().flaw, Flaw::DuplicateSubject);
    }

    #[test]
    fn digests_of_one_subject_are_counted() {
        let set = |count: usize| {
            let others: Vec<_> = (1..count).map(|index| format!(r#","x{index}":"00""#)).collect();
            let others = others.concat();
            let set = format!(r#"{{"sha256":"{}"{others}}}"#, Digest::sha256("x").hex());
            let document = Document::parse(set.into_bytes(), &LIMITS).unwrap();
            digest_set(document.root()).map(|(known, others)| known.len() + others.len())
        };
        assert_eq!(set(MAX_DIGESTS), Ok(MAX_DIGESTS));
        assert_eq!(set(MAX_DIGESTS + 1).unwrap_err().flaw, Flaw::SubjectCount);
    }

    #[test]
    fn the_predicate_stands_in_it_byte_for_byte() {
        assert_eq!(statement().predicate, br#"{"bomFormat": "CycloneDX"}"#);
        assert_eq!(Statement::parse(&statement().to_bytes().unwrap()), Ok(statement()));
    }

    #[test]
    fn a_predicate_cannot_smuggle_in_another_member() {
        let mut smuggler = statement();
        smuggler.predicate = br#"{},"_type":"x""#.to_vec();
        assert_eq!(smuggler.to_bytes().unwrap_err().flaw, Flaw::DuplicateKey);
        smuggler.predicate = br#"{},"more":"x""#.to_vec();
        assert_eq!(smuggler.to_bytes().unwrap_err().flaw, Flaw::Json);
        smuggler.predicate = b"{".to_vec();
        assert_eq!(smuggler.to_bytes().unwrap_err().flaw, Flaw::Json);
    }
}

//! What a statement says: predicate types, their short names, and how a document shows which one it is.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::shape::{elements, fields, optional_text, required, text};
use super::statement::{self, digest_set};
use super::{Flaw, Malformed};
use crate::digest::Digest;
use crate::document::{Document, Kind, Value};
use crate::sbom::Content;

/// The type of a predicate: a URI.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PredicateType(String);

impl PredicateType {
    /// CycloneDX, any version.
    pub fn cyclonedx() -> Self {
        Self(CYCLONEDX.to_owned())
    }

    /// SPDX, any version.
    pub fn spdx() -> Self {
        Self(SPDX.to_owned())
    }

    /// Documents named by their digests, which travel beside the bundle.
    pub fn reference() -> Self {
        Self(REFERENCE.to_owned())
    }

    /// What a document is, from its own words: CycloneDX and SPDX 2 and 3.
    pub fn infer(document: Value<'_>) -> Option<Self> {
        match Content::of_json(document)? {
            content if content.is_cyclonedx() => Some(Self::cyclonedx()),
            content if content.is_spdx() => Some(Self::spdx()),
            _ => None,
        }
    }

    /// The URI.
    pub fn uri(&self) -> &str {
        &self.0
    }

    /// Whether a statement's URI is of this type: the same URI, or a version below it
    /// (`https://spdx.dev/Document/v2.3` is an SPDX document).
    pub fn covers(&self, uri: &str) -> bool {
        uri.strip_prefix(&self.0).is_some_and(|rest| {
            rest.is_empty()
                || rest.strip_prefix("/v").is_some_and(|version| {
                    !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                })
        })
    }

    /// Whether it is a type of SBOM.
    pub fn is_sbom(&self) -> bool {
        Self::cyclonedx().covers(&self.0) || Self::spdx().covers(&self.0)
    }
}

impl FromStr for PredicateType {
    type Err = UnknownType;

    /// A URI, or a short name as cosign knows it.
    fn from_str(name: &str) -> Result<Self, UnknownType> {
        if let Some((_, uri)) = SHORT_NAMES.iter().find(|(short, _)| *short == name) {
            return Ok(Self((*uri).to_owned()));
        }
        let has_scheme = name.split_once(':').is_some_and(|(scheme, rest)| {
            scheme.len() > 1
                && !rest.is_empty()
                && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        });
        if has_scheme && !name.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Ok(Self(name.to_owned()));
        }
        Err(UnknownType(name.to_owned()))
    }
}

impl fmt::Display for PredicateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name that is neither a URI nor a short name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no predicate type: it is a URI or one of cyclonedx, spdx, spdxjson, slsaprovenance, slsaprovenance02, slsaprovenance1, link, vuln, openvex, custom"
)]
pub struct UnknownType(pub String);

/// The predicate `reference/v0.1`: documents that are not inside the statement.
///
/// Specification: <https://github.com/in-toto/attestation/blob/main/spec/predicates/reference.md>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Who refers: the URI of the program or service.
    pub attester: String,
    /// The documents, at most [`MAX_REFERENCES`].
    pub references: Vec<Referenced>,
}

/// One document that is referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referenced {
    /// Its file name, may be empty.
    pub name: String,
    /// Its digests; one of them at least can be compared.
    pub digests: Vec<Digest>,
    /// Its media type, such as `application/vnd.cyclonedx+json`; may be empty.
    pub media_type: String,
    /// Where it was at the time; may be empty.
    pub download_location: String,
}

impl Reference {
    /// The predicate's JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = WireReference {
            attester: WireAttester { id: &self.attester },
            references: self
                .references
                .iter()
                .map(|one| WireReferenced {
                    name: &one.name,
                    digest: statement::wire_digests(&one.digests),
                    media_type: &one.media_type,
                    download_location: &one.download_location,
                })
                .collect(),
        };
        serde_json::to_vec(&wire).expect("strings and maps of strings have a JSON form")
    }

    /// Reads the predicate. Unknown fields are refused: nothing that was signed goes unread here.
    pub fn parse(predicate: &Document) -> Result<Self, Malformed> {
        let root = predicate.root();
        let [attester, references] = fields(root, ["attester", "references"])?;
        let attester = required(root, "attester", attester)?;
        let [id] = fields(attester, ["id"])?;
        let id = text(required(attester, "id", id)?)?.into_owned();
        let list = elements(references)?;
        if list.is_empty() || list.len() > MAX_REFERENCES {
            let detail = format!("1 to {MAX_REFERENCES} references are expected, {} were found", list.len());
            return Err(Malformed::at(Flaw::SubjectCount, &root, detail));
        }
        let references = list.into_iter().map(referenced).collect::<Result<_, _>>()?;
        Ok(Self { attester: id, references })
    }
}

fn referenced(value: Value<'_>) -> Result<Referenced, Malformed> {
    let [name, digest, media_type, location, uri] =
        fields(value, ["name", "digest", "mediaType", "downloadLocation", "uri"])?;
    optional_text(uri)?;
    Ok(Referenced {
        name: optional_text(name)?,
        digests: digest_set(required(value, "digest", digest)?)?.0,
        media_type: optional_text(media_type)?,
        download_location: optional_text(location)?,
    })
}

/// Whether a predicate holds anything at all: an object with a member.
pub fn is_empty(predicate: Value<'_>) -> bool {
    predicate.kind() != Kind::Object || predicate.members().next().is_none()
}

#[derive(Serialize)]
struct WireReference<'a> {
    attester: WireAttester<'a>,
    references: Vec<WireReferenced<'a>>,
}

#[derive(Serialize)]
struct WireAttester<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireReferenced<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    digest: statement::WireDigests,
    #[serde(skip_serializing_if = "str::is_empty")]
    media_type: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    download_location: &'a str,
}

/// The most documents one predicate refers to.
pub const MAX_REFERENCES: usize = 1024;

/// Predicate type of CycloneDX documents.
pub const CYCLONEDX: &str = "https://cyclonedx.org/bom";
/// Predicate type of SPDX documents.
pub const SPDX: &str = "https://spdx.dev/Document";
/// Predicate type of [`Reference`].
pub const REFERENCE: &str = "https://in-toto.io/attestation/reference/v0.1";

/// cosign's names (`pkg/cosign/attestation`, `--type`).
const SHORT_NAMES: &[(&str, &str)] = &[
    ("cyclonedx", CYCLONEDX),
    ("spdx", SPDX),
    ("spdxjson", SPDX),
    ("slsaprovenance", "https://slsa.dev/provenance/v0.2"),
    ("slsaprovenance02", "https://slsa.dev/provenance/v0.2"),
    ("slsaprovenance1", "https://slsa.dev/provenance/v1"),
    ("link", "https://in-toto.io/Link/v1"),
    ("vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"),
    ("openvex", "https://openvex.dev/ns"),
    ("custom", "https://cosign.sigstore.dev/attestation/v1"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;

    #[test]
    fn a_type_is_a_uri_or_a_short_name() {
        assert_eq!("cyclonedx".parse(), Ok(PredicateType::cyclonedx()));
        assert_eq!("https://example.com/x".parse::<PredicateType>().unwrap().uri(), "https://example.com/x");
        assert_eq!("urn:x:y".parse::<PredicateType>().unwrap().uri(), "urn:x:y");
        for bad in ["", "cyclone", "CycloneDX", "https:", ":x", "c:\\x y", "https://a\n"] {
            assert_eq!(bad.parse::<PredicateType>(), Err(UnknownType(bad.to_owned())));
        }
    }

    #[test]
    fn a_type_covers_its_versions_and_nothing_that_merely_starts_alike() {
        let spdx = PredicateType::spdx();
        for good in [SPDX, "https://spdx.dev/Document/v2.3", "https://spdx.dev/Document/v3"] {
            assert!(spdx.covers(good), "{good}");
        }
        for bad in [
            "https://spdx.dev/Documents",
            "https://spdx.dev/Document/",
            "https://spdx.dev/Document/v",
            "https://spdx.dev/Document/v2/x",
            CYCLONEDX,
        ] {
            assert!(!spdx.covers(bad), "{bad}");
        }
    }

    #[test]
    fn a_document_shows_its_type() {
        let infer = |json: &str| {
            let document = Document::parse(json.as_bytes().to_vec(), &Limits::default()).unwrap();
            PredicateType::infer(document.root())
        };
        assert_eq!(infer(r#"{"bomFormat": "CycloneDX"}"#), Some(PredicateType::cyclonedx()));
        assert_eq!(infer(r#"{"spdxVersion": "SPDX-2.3"}"#), Some(PredicateType::spdx()));
        assert_eq!(
            infer(r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}"#),
            Some(PredicateType::spdx())
        );
        assert_eq!(infer(r#"{"bomFormat": "cyclonedx"}"#), None);
        assert_eq!(infer(r#"["CycloneDX"]"#), None);
    }

    #[test]
    fn a_reference_reads_back_and_an_unknown_field_is_refused() {
        let reference = Reference {
            attester: "https://example.com/tool".to_owned(),
            references: vec![Referenced {
                name: "bom.json".to_owned(),
                digests: vec![Digest::sha256("x")],
                media_type: String::new(),
                download_location: String::new(),
            }],
        };
        let parse = |bytes: Vec<u8>| Reference::parse(&Document::parse(bytes, &Limits::default()).unwrap());
        assert_eq!(parse(reference.to_bytes()), Ok(reference.clone()));
        let text = String::from_utf8(reference.to_bytes()).unwrap().replace("\"name\"", "\"nom\"");
        assert_eq!(parse(text.into_bytes()).unwrap_err().flaw, Flaw::UnknownField);
        let none = br#"{"attester":{"id":"x"},"references":[]}"#.to_vec();
        assert_eq!(parse(none).unwrap_err().flaw, Flaw::SubjectCount);
    }
}

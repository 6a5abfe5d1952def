//! From a document and artifacts to a signed bundle, and from a bundle to one that a log has.

use std::path::PathBuf;

use crate::attest::Malformed;
use crate::attest::bundle::{Bundle, Material};
use crate::attest::dsse::{self, IN_TOTO};
use crate::attest::predicate::{PredicateType, Reference, Referenced};
use crate::attest::statement::{LIMITS, Statement, Subject};
use crate::digest::Digest;
use crate::document::{self, Document};
use crate::keys::{self, PublicKey, Signer};
use crate::log::{self, Log};
use crate::tlog::entry::{EntryError, HashedRekord};

/// What is said about artifacts.
#[derive(Debug, Clone)]
pub struct Predicate {
    /// Its type.
    pub kind: PredicateType,
    /// Its bytes.
    pub document: Document,
}

impl Predicate {
    /// A document inline; its type is told from its content unless given.
    pub fn inline(bytes: Vec<u8>, kind: Option<&PredicateType>) -> Result<Self, Error> {
        let document = Document::parse(bytes, &LIMITS).map_err(Error::Predicate)?;
        let found = PredicateType::infer(document.root());
        match (kind, found) {
            (Some(given), Some(found))
                if given.is_sbom() && !given.covers(found.uri()) && !found.covers(given.uri()) =>
            {
                Err(Error::Type { given: given.clone(), found })
            }
            (Some(given), _) => Ok(Self { kind: given.clone(), document }),
            (None, Some(found)) => Ok(Self { kind: found, document }),
            (None, None) => Err(Error::UnknownType),
        }
    }

    /// An SBOM inline or, beyond [`INLINE_LIMIT`], by its digest.
    pub fn fitting(name: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.len() > INLINE_LIMIT { Self::reference(name, &bytes) } else { Self::inline(bytes, None) }
    }

    /// Whether the document travels beside the bundle.
    pub fn is_reference(&self) -> bool {
        self.kind == PredicateType::reference()
    }

    /// A document by its digest alone, which travels beside the bundle.
    pub fn reference(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let reference = Reference {
            attester: ATTESTER.to_owned(),
            references: vec![Referenced {
                name: name.to_owned(),
                digests: vec![Digest::sha256(bytes)],
                media_type: String::new(),
                download_location: String::new(),
            }],
        };
        let document = Document::parse(reference.to_bytes(), &LIMITS).map_err(Error::Predicate)?;
        Ok(Self { kind: PredicateType::reference(), document })
    }
}

/// Signs what a predicate says about subjects.
pub fn sign(subjects: Vec<Subject>, predicate: &Predicate, signer: &dyn Signer) -> Result<Bundle, Error> {
    let statement = Statement::new(subjects, predicate.kind.uri(), &predicate.document);
    let envelope =
        dsse::sign(IN_TOTO, statement.to_bytes().map_err(Error::Statement)?, signer).map_err(Error::Sign)?;
    Ok(Bundle::new(envelope, &signer.public_key()))
}

/// A bundle that a log has now.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The bundle with its entry and proof.
    pub bundle: Bundle,
    /// The number of the entry.
    pub index: u64,
    /// The size of the log that the proof speaks of.
    pub size: u64,
    /// Whether the log had it already.
    pub duplicate: bool,
}

/// Enters bundles into a log, all of them with one signed checkpoint. What is not signed by its key is not entered.
pub fn enter(bundles: Vec<(Bundle, PublicKey)>, log: &mut Log) -> Result<Vec<Entered>, Error> {
    let leaves = bundles.iter().map(|(bundle, key)| leaf(bundle, key)).collect::<Result<Vec<_>, _>>()?;
    let appended = log.append(&leaves).map_err(Error::Log)?;
    Ok(bundles
        .into_iter()
        .zip(appended)
        .map(|((bundle, _), appended)| {
            let (index, size, duplicate) =
                (appended.entry.index(), appended.entry.proof.size, appended.duplicate);
            Entered { bundle: bundle.logged(appended.entry.into_log_entry()), index, size, duplicate }
        })
        .collect())
}

fn leaf(bundle: &Bundle, key: &PublicKey) -> Result<HashedRekord, Error> {
    HashedRekord::of_envelope(bundle.envelope().ok_or(Error::NoEnvelope)?, key).map_err(Error::Entry)
}

/// The key that signed a bundle: one of those given or, for P-256, the one that the signature itself gives away,
/// if it is the one that the bundle's hint names.
pub fn signer_of(bundle: &Bundle, known: &[PublicKey]) -> Result<PublicKey, Error> {
    let envelope = bundle.envelope().ok_or(Error::NoEnvelope)?;
    // Its entry would have to hold the certificate, and ours hold keys.
    if matches!(bundle.material, Material::Certificate { .. }) {
        return Err(Error::Certified);
    }
    if let Some(key) = known.iter().find(|key| envelope.is_signed_by(key)) {
        return Ok(key.clone());
    }
    let signature = envelope.signatures.first().ok_or(Error::OtherKey)?;
    let hint = bundle.key_hint();
    PublicKey::recover(&envelope.pae_digest(), &signature.sig)
        .into_iter()
        .find(|key| crate::attest::bundle::key_hint(key) == hint && envelope.is_signed_by(key))
        .ok_or(Error::OtherKey)
}

/// Why nothing was signed or entered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The predicate is no strict JSON.
    #[error("the predicate is not JSON that can be signed")]
    Predicate(#[source] document::Error),
    /// The document is of another type than was said.
    #[error("the predicate is of type {found}, and {given} was asked for")]
    Type {
        /// What was said.
        given: PredicateType,
        /// What it is.
        found: PredicateType,
    },
    /// The document does not show what it is.
    #[error("the predicate is neither CycloneDX nor SPDX")]
    UnknownType,
    /// The statement would be refused by its reader.
    #[error("the statement cannot be written")]
    Statement(#[source] Malformed),
    /// The key did not sign.
    #[error("the key does not sign")]
    Sign(#[source] keys::Error),
    /// The bundle is not signed by the key.
    #[error("the bundle is not signed by a key that is known here")]
    OtherKey,
    /// A certificate names the signer.
    #[error(
        "the bundle is signed by somebody whom a certificate names, and this log holds signatures of keys"
    )]
    Certified,
    /// The bundle signs an artifact itself.
    #[error("the bundle signs an artifact and holds no statement")]
    NoEnvelope,
    /// The signature does not fit into an entry.
    #[error("the signature makes no log entry")]
    Entry(#[source] EntryError),
    /// The log did not take it.
    #[error(transparent)]
    Log(log::Error),
    /// The log that was asked for is not there.
    #[error("there is no log in `{}`", .0.display())]
    NoLog(PathBuf),
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Predicate(error) => Some(
                error
                    .help()
                    .unwrap_or("give a CycloneDX or SPDX document, or other JSON with --type")
                    .to_owned(),
            ),
            Self::Type { .. } => Some("leave out --type, or give the document it names".to_owned()),
            Self::UnknownType => Some("say what it is: --type URI".to_owned()),
            Self::Sign(error) => error.help().map(str::to_owned),
            Self::OtherKey => Some("give the public key of the signer: --key FILE".to_owned()),
            Self::Log(error) => error.help().map(str::to_owned),
            Self::NoLog(path) => Some(format!("`sbom-attest log init {}` makes one", path.display())),
            Self::Certified => {
                Some("`sbom-attest verify --certificate-identity` checks it as it is".to_owned())
            }
            Self::NoEnvelope => Some("`sbom-attest sign` makes a bundle with a statement".to_owned()),
            Self::Statement(_) | Self::Entry(_) => None,
        }
    }
}

/// The most bytes of an SBOM that stands in its statement; a larger one is signed by its digest. Other Sigstore clients
/// give up on bundles that are much larger, and every verifier holds a bundle in memory several times.
pub const INLINE_LIMIT: usize = 16 * 1024 * 1024;

/// Who refers, in a reference.
const ATTESTER: &str = "https://github.com/sbom-attest/sbom-attest";

#[cfg(test)]
mod tests {
    use super::*;

    fn of_size(bytes: usize) -> Predicate {
        let mut sbom = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6"}"#.to_vec();
        sbom.resize(bytes, b' ');
        Predicate::fitting("sbom.json", sbom).unwrap()
    }

    #[test]
    fn an_sbom_beyond_the_limit_is_signed_by_its_digest() {
        assert!(!of_size(INLINE_LIMIT).is_reference());
        assert!(of_size(INLINE_LIMIT + 1).is_reference());
    }
}

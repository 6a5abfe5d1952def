//! The genesis entry: what a log says about itself at index 0.
//!
//! It is an entry like any other, a `hashedrekord` over an in-toto statement, signed with the log's own key. The statement
//! itself is kept beside the log as a Sigstore bundle, since an entry holds only its digest. Whoever has both knows since
//! when the log exists, what it takes and that it removes nothing, and that all this was fixed before the first entry.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::origin::Origin;
use crate::attest::bundle::Bundle;
use crate::attest::dsse::{self, Envelope};
use crate::attest::statement::{Statement, Subject};
use crate::attest::{Malformed, bundle};
use crate::digest::Digest;
use crate::keys::{self, PublicKey, Signer};
use crate::tlog::entry::{EntryError, HashedRekord};
use crate::tlog::note::VerifierKey;

/// The predicate type of the genesis statement.
pub const PREDICATE_TYPE: &str = "https://github.com/sbom-attest/sbom-attest/log-genesis/v1";

/// The most bytes of `genesis.json`.
pub const MAX_GENESIS: u64 = 64 * 1024;

/// What a log says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Genesis {
    /// The log's name.
    pub origin: String,
    /// The key of its checkpoints, as a C2SP verifier key.
    pub verifier_key: String,
    /// The same key as base64 of its SPKI.
    pub public_key: String,
    /// When the log was made, to the second.
    #[serde(with = "rfc3339")]
    pub created: Timestamp,
    /// The kinds of entries it takes.
    pub entries: Vec<String>,
    /// What is checked before an entry is taken.
    pub policy: String,
    /// What is kept, and from which index on.
    pub retention: String,
}

impl Genesis {
    /// What a new log says.
    pub fn new(verifier: &VerifierKey, now: Timestamp) -> Self {
        Self {
            origin: verifier.name().to_string(),
            verifier_key: verifier.to_string(),
            public_key: STANDARD.encode(verifier.key().to_spki()),
            created: Timestamp::from_second(now.as_second()).unwrap_or(now),
            entries: vec![format!("{}/{}", HashedRekord::KIND, HashedRekord::VERSION)],
            policy: POLICY.to_owned(),
            retention: RETENTION.to_owned(),
        }
    }

    /// The statement about the log, signed with its key. The subject is the log's public key.
    pub fn sign(&self, signer: &dyn Signer) -> Result<Envelope, GenesisError> {
        let statement = Statement {
            subjects: vec![Subject::new(&self.origin, Digest::sha256(signer.public_key().to_spki()))],
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: serde_json::to_vec(self).map_err(GenesisError::Predicate)?,
        };
        let payload = statement.to_bytes().map_err(GenesisError::Bundle)?;
        dsse::sign(dsse::IN_TOTO, payload, signer).map_err(GenesisError::Key)
    }

    /// Reads `genesis.json`, which must be about the log with this key, and gives the entry that must be at index 0.
    pub fn open(bundle: &[u8], verifier: &VerifierKey) -> Result<(Self, HashedRekord), GenesisError> {
        let bundle = Bundle::parse(bundle).map_err(GenesisError::Bundle)?;
        let envelope = bundle.envelope().ok_or(GenesisError::Content)?;
        let entry = HashedRekord::of_envelope(envelope, verifier.key()).map_err(GenesisError::Entry)?;
        let statement = Statement::parse(&envelope.payload).map_err(GenesisError::Bundle)?;
        let genesis: Self = serde_json::from_slice(&statement.predicate).map_err(GenesisError::Predicate)?;
        let key = STANDARD.encode(verifier.key().to_spki());
        if statement.predicate_type != PREDICATE_TYPE
            || envelope.payload_type != dsse::IN_TOTO
            || genesis.origin != verifier.name().as_str()
            || genesis.verifier_key != verifier.to_string()
            || genesis.public_key != key
        {
            return Err(GenesisError::OtherLog);
        }
        Ok((genesis, entry))
    }
}

/// A time as RFC 3339 text.
mod rfc3339 {
    use jiff::Timestamp;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(time)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The bundle that is kept as `genesis.json`.
pub(super) fn to_bundle(envelope: Envelope, key: &PublicKey, entry: bundle::LogEntry) -> Vec<u8> {
    Bundle::new(envelope, key).logged(entry).to_bytes()
}

/// The key of a new log and its name.
pub(super) fn verifier(origin: &Origin, key: &PublicKey) -> Result<VerifierKey, super::Error> {
    let name = origin.key_name().map_err(super::Error::VerifierKey)?;
    VerifierKey::new(name, key.clone()).map_err(super::Error::VerifierKey)
}

/// Why `genesis.json` or the first entry is not that of the log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenesisError {
    /// Not a bundle with a statement.
    #[error("genesis.json is not a bundle with a statement")]
    Bundle(#[source] Malformed),
    /// The bundle signs something else than a statement.
    #[error("genesis.json holds no statement")]
    Content,
    /// The statement is not signed with the log's key.
    #[error("genesis.json is not signed with the log's key")]
    Entry(#[source] EntryError),
    /// The statement could not be signed.
    #[error("the genesis statement cannot be signed")]
    Key(#[source] keys::Error),
    /// The predicate has another shape.
    #[error("the predicate in genesis.json has another shape")]
    Predicate(#[source] serde_json::Error),
    /// The statement is about something else.
    #[error("genesis.json is about another log")]
    OtherLog,
    /// The entry at index 0 is another one.
    #[error("the entry at index 0 is not the one of genesis.json")]
    OtherEntry,
}

const POLICY: &str = "an entry is logged only after its signature was checked against the public key in it";
const RETENTION: &str = "every entry is kept; the minimum index is 0";

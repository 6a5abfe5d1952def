//! One bundle under examination: what several checks need, computed once and in a safe order.
//!
//! The payload is read only after its signature held, the checkpoint is believed only after its signature held.

use std::cell::OnceCell;

use super::trust_root::Log;
use super::{Attestation, LogPosition, Request, SignerReport};
use crate::attest::Malformed;
use crate::attest::bundle::{Bundle, LogEntry};
use crate::attest::dsse::{self, Envelope};
use crate::attest::predicate::PredicateType;
use crate::attest::statement::Statement;
use crate::digest::Digest;
use crate::document::Document;
use crate::keys::PublicKey;
use crate::sbom::{self, Sbom};
use crate::tlog::checkpoint::{Checkpoint, CheckpointError};
use crate::tlog::entry::HashedRekord;
use crate::tlog::note::{Note, NoteError, VerifierKey};

/// A bundle with the question it is asked.
pub(crate) struct Case<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) name: &'a str,
    pub(super) bundle: &'a Bundle,
    /// The key whose signature of the envelope holds.
    pub(super) signer: Option<&'a PublicKey>,
    /// SHA-256 of what was signed.
    pub(super) digest: Digest,
    /// The statement, if the envelope is signed and says that it holds one.
    pub(super) statement: Option<Result<Statement, Malformed>>,
    /// The log that the entry names, if it is believed.
    pub(super) log: Option<&'a Log>,
    /// The checkpoint under the entry, as far as it was followed.
    pub(super) checkpoint: Option<CheckpointState>,
    predicate: OnceCell<Option<Predicate>>,
}

/// What is said, as far as it can be read.
pub(super) enum Predicate {
    /// A CycloneDX document of the right shape.
    Sbom(Box<Sbom>),
    /// A CycloneDX document of another shape.
    Misshapen(Document, sbom::Error),
    /// Anything else.
    Other(Document),
}

impl Predicate {
    fn read(statement: &Statement) -> Option<Self> {
        // It was read once already, as a part of the statement.
        let document = statement.predicate_document().ok()?;
        if PredicateType::infer(document.root()) != Some(PredicateType::cyclonedx()) {
            return Some(Self::Other(document));
        }
        match Sbom::parse(document) {
            Ok(sbom) => Some(Self::Sbom(Box::new(sbom))),
            Err(error) => Some(Self::Misshapen(statement.predicate_document().ok()?, error)),
        }
    }

    pub(super) fn document(&self) -> &Document {
        match self {
            Self::Sbom(sbom) => sbom.document(),
            Self::Misshapen(document, _) | Self::Other(document) => document,
        }
    }
}

/// How far a checkpoint can be believed.
pub(super) enum CheckpointState {
    /// No note, or no checkpoint in it.
    Malformed(CheckpointError),
    /// The checkpoint of another log.
    Foreign(Checkpoint),
    /// The log did not sign it, or the log's key cannot sign checkpoints.
    Unsigned(NoteError),
    /// The log's own word.
    Signed {
        checkpoint: Checkpoint,
        /// How many signature lines are of keys that nobody here knows.
        others: usize,
    },
}

impl<'a> Case<'a> {
    pub(super) fn new(request: &'a Request<'a>, name: &'a str, bundle: &'a Bundle) -> Self {
        let envelope = bundle.envelope();
        let digest = envelope.pae_digest();
        let signer = signer(request.signers, envelope, &digest);
        let readable = signer.is_some() && envelope.payload_type == dsse::IN_TOTO;
        let statement = readable.then(|| Statement::parse(&envelope.payload));
        let log = bundle.entry.as_ref().and_then(|entry| request.trust.log(&entry.log_id));
        let checkpoint = bundle.entry.as_ref().zip(log).map(|(entry, log)| follow(entry, log));
        let predicate = OnceCell::new();
        Self { request, name, bundle, signer, digest, statement, log, checkpoint, predicate }
    }

    pub(super) fn envelope(&self) -> &'a Envelope {
        self.bundle.envelope()
    }

    pub(super) fn entry(&self) -> Option<&'a LogEntry> {
        self.bundle.entry.as_ref()
    }

    /// The key that signed, or while nobody is known to have signed all that were given.
    pub(super) fn candidates(&self) -> impl Iterator<Item = &'a PublicKey> {
        let keys = self.request.signers.iter();
        let signer = self.signer;
        keys.filter(move |key| signer.is_none_or(|signer| signer == *key))
    }

    /// The statement, if it is signed and well-formed.
    pub(super) fn statement(&self) -> Option<&Statement> {
        self.statement.as_ref()?.as_ref().ok()
    }

    /// What the statement says.
    pub(super) fn predicate(&self) -> Option<&Predicate> {
        let statement = self.statement()?;
        self.predicate.get_or_init(|| Predicate::read(statement)).as_ref()
    }

    /// The checkpoint, if its log signed it.
    pub(super) fn checkpoint(&self) -> Option<&Checkpoint> {
        match self.checkpoint.as_ref()? {
            CheckpointState::Signed { checkpoint, .. } => Some(checkpoint),
            _ => None,
        }
    }

    /// The entry that a log must hold for this bundle, if the bundle is signed.
    pub(super) fn expected_entry(&self) -> Option<HashedRekord> {
        let digest = crate::tlog::Hash::from_slice(self.digest.bytes())?;
        let signature = self.envelope().signatures.first()?.sig.clone();
        HashedRekord::new(digest, signature, self.signer?.clone()).ok()
    }

    pub(super) fn log_position(&self) -> Option<LogPosition> {
        let (entry, checkpoint) = (self.entry()?, self.checkpoint()?);
        let (origin, index) = (checkpoint.origin.clone(), entry.log_index);
        Some(LogPosition { origin, index, tree_size: checkpoint.size })
    }

    pub(super) fn signer_report(&self) -> Option<SignerReport> {
        let key = self.signer?;
        Some(SignerReport {
            bundle: self.name.to_owned(),
            kind: "key",
            key_type: key.key_type().name(),
            key: key.digest().hex(),
            log: self.log_position(),
        })
    }

    pub(super) fn attestation(&self) -> Option<Attestation> {
        Some(Attestation {
            bundle: self.name.to_owned(),
            statement: self.statement()?.clone(),
            signer: self.signer?.clone(),
            log: self.log_position(),
        })
    }

    /// What of this bundle no check looked at.
    pub(super) fn not_checked(&self) -> Vec<String> {
        let name = self.name;
        let mut list = Vec::new();
        if self.entry().is_none() && self.request.options.accept_unlogged {
            list.push(format!("{name}: whether a log holds the signature: no entry was asked for"));
        }
        if let Some(CheckpointState::Signed { others: 1.., .. }) = self.checkpoint {
            list.push(format!("{name}: signatures of others under the log's checkpoint"));
        }
        if let Some(Predicate::Other(document)) = self.predicate()
            && PredicateType::infer(document.root()).is_some()
        {
            list.push(format!("{name}: what the SPDX document holds: only that it is one"));
        }
        let subjects = self.statement().map_or(&[][..], |statement| &statement.subjects);
        let compared = |algorithm| {
            self.request.artifacts.iter().any(|one| one.digests.iter().any(|it| it.algorithm() == algorithm))
        };
        let uncompared = subjects.iter().any(|subject| {
            !subject.other_digests.is_empty()
                || subject.digests.iter().any(|digest| !compared(digest.algorithm()))
        });
        if uncompared {
            list.push(format!("{name}: digests of subjects by algorithms that were not computed"));
        }
        list
    }
}

/// The key whose signature holds; those that the hint names are tried first.
fn signer<'a>(keys: &'a [PublicKey], envelope: &Envelope, digest: &Digest) -> Option<&'a PublicKey> {
    let signature = envelope.signatures.first()?;
    let message = OnceCell::new();
    let message = || message.get_or_init(|| envelope.pae()).as_slice();
    keys.iter().find(|key| key.verify_hashed(digest, message, &signature.sig).is_ok())
}

fn follow(entry: &LogEntry, log: &Log) -> CheckpointState {
    let note = match Note::parse(entry.proof.checkpoint.as_bytes()) {
        Ok(note) => note,
        Err(error) => return CheckpointState::Malformed(error.into()),
    };
    let checkpoint: Checkpoint = match note.text().parse() {
        Ok(checkpoint) => checkpoint,
        Err(error) => return CheckpointState::Malformed(error),
    };
    if checkpoint.origin != log.origin {
        return CheckpointState::Foreign(checkpoint);
    }
    let signed = verifier(log).and_then(|key| note.verify(&[key]).map(|keys| keys.len()));
    match signed {
        Ok(keys) => CheckpointState::Signed { checkpoint, others: note.signatures().len() - keys },
        Err(error) => CheckpointState::Unsigned(error),
    }
}

fn verifier(log: &Log) -> Result<VerifierKey, NoteError> {
    VerifierKey::new(log.origin.parse()?, log.key.clone().ok_or(NoteError::KeyType)?)
}

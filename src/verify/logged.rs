//! The log's side of a bundle: how far its entry, promise and checkpoint can be believed.

use jiff::Timestamp;

use super::trust_root::Log;
use crate::attest::bundle::{InclusionProof, LogEntry};
use crate::tlog::checkpoint::{Checkpoint, CheckpointError};
use crate::tlog::note::{KeyName, Note, NoteError, VerifierKey};
use crate::tlog::rekor::{self, Generation};

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

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    /// The log signed it, and with it this time.
    Kept(Timestamp),
    /// The log did not sign it.
    Broken,
    /// A log of version 2, which promises nothing.
    Unknown,
}

/// Reads and checks the checkpoint under a proof.
pub(super) fn follow(proof: &InclusionProof, log: &Log, generation: Generation) -> CheckpointState {
    let note = match Note::parse(proof.checkpoint.as_bytes()) {
        Ok(note) => note,
        Err(error) => return CheckpointState::Malformed(error.into()),
    };
    let checkpoint = match generation {
        Generation::V1 => Checkpoint::with_extensions(note.text()).map(|(checkpoint, _)| checkpoint),
        Generation::V2 => note.text().parse(),
    };
    let checkpoint = match checkpoint {
        Ok(checkpoint) => checkpoint,
        Err(error) => return CheckpointState::Malformed(error),
    };
    let Some(name) = signing_name(&checkpoint.origin, log, generation) else {
        return CheckpointState::Foreign(checkpoint);
    };
    match verify(&note, name, log) {
        Ok(lines) => CheckpointState::Signed { checkpoint, others: note.signatures().len() - lines },
        Err(error) => CheckpointState::Unsigned(error),
    }
}

/// The name under which a log signs checkpoints of this origin, if it is the log's. Rekor v1 writes the number of the tree
/// behind its name, and the port if it has one.
fn signing_name<'o>(origin: &'o str, log: &Log, generation: Generation) -> Option<&'o str> {
    if generation == Generation::V2 {
        return (origin == log.origin).then_some(origin);
    }
    let name = match origin.split_once(" - ") {
        Some((name, tree)) if !tree.is_empty() && tree.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) => return None,
        None => origin,
    };
    (name == log.origin || name == log.authority()).then_some(name)
}

fn verify(note: &Note, name: &str, log: &Log) -> Result<usize, NoteError> {
    let key = log.key.as_ref().ok_or(NoteError::KeyType)?;
    let name: KeyName = name.parse()?;
    // The id before a signature is a hint: its own specification's for Ed25519, or what the trusted root says.
    let mut ids: Vec<[u8; 4]> =
        VerifierKey::new(name.clone(), key.clone()).iter().map(VerifierKey::id).collect();
    for id in [Some(&log.id), log.checkpoint_id.as_ref()].into_iter().flatten() {
        ids.extend(id.first_chunk().filter(|id| !ids.contains(id)).copied());
    }
    note.verify_lines(&name, &ids, key)
}

/// Checks the promise of an entry.
pub(super) fn promise(entry: &LogEntry, log: &Log, generation: Generation) -> Option<Promise> {
    let signature = entry.promise.as_ref()?;
    if generation == Generation::V2 {
        return Some(Promise::Unknown);
    }
    let signed =
        rekor::promised(&entry.canonicalized_body, entry.integrated_time, &entry.log_id, entry.log_index);
    let time = i64::try_from(entry.integrated_time).ok().and_then(|time| Timestamp::from_second(time).ok());
    let holds = log.key.as_ref().is_some_and(|key| key.verify(&signed, signature).is_ok());
    Some(time.filter(|_| holds && entry.integrated_time > 0).map_or(Promise::Broken, Promise::Kept))
}

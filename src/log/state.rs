//! What a log knows in memory: made from its frames, and checked on the way.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Error;
use super::frame::Frame;
use super::genesis::{Genesis, GenesisError};
use super::store::{Part, Place, Store, StoreKind};
use crate::tlog::checkpoint::{Checkpoint, CheckpointError};
use crate::tlog::entry::HashedRekord;
use crate::tlog::merkle::leaf_hash;
use crate::tlog::note::{Note, NoteError, VerifierKey};
use crate::tlog::{Hash, Tree};

/// The tree, where each entry stands, and the newest checkpoint.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) tree: Tree,
    index: HashMap<Hash, u64>,
    /// First index and place of every frame.
    frames: Vec<(u64, Place)>,
    /// The newest checkpoint as it is signed, and what it says.
    pub(super) note: String,
    pub(super) checkpoint: Option<Checkpoint>,
}

/// How much of a log is checked when it is read. Checksums, hashes, sizes and roots always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The signature of the newest checkpoint.
    Newest,
    /// Every signature and the form of every entry.
    Everything,
}

impl State {
    /// Reads a store's frames, up to the size given or all.
    pub(super) fn read(
        store: &mut StoreKind,
        verifier: &VerifierKey,
        until: Option<u64>,
        depth: Depth,
    ) -> Result<Self, Error> {
        let mut state = Self::default();
        store.as_dyn_mut().scan(until, &mut |frame, place| state.apply(frame, place, verifier, depth))?;
        if depth == Depth::Newest && state.checkpoint.is_some() {
            let size = state.tree.size();
            let foreign = |source| Error::Foreign { size, source };
            Checkpoint::open(state.note.as_bytes(), verifier).map_err(foreign)?;
        }
        Ok(state)
    }

    fn apply(
        &mut self,
        frame: &Frame<'_>,
        place: Place,
        verifier: &VerifierKey,
        depth: Depth,
    ) -> Result<(), Error> {
        for (index, entry) in (frame.first..).zip(frame.entries()) {
            if depth == Depth::Everything {
                HashedRekord::parse(entry).map_err(|source| Error::EntryForm { index, source })?;
            }
            self.push(leaf_hash(entry));
        }
        let size = self.tree.size();
        let foreign = |source| Error::Foreign { size, source };
        let checkpoint = match depth {
            Depth::Everything => Checkpoint::open(frame.note, verifier).map_err(foreign)?,
            Depth::Newest => unsigned(frame.note, verifier).map_err(foreign)?,
        };
        if checkpoint.size != size || checkpoint.root != self.tree.root() {
            return Err(Error::Root { stated: checkpoint.size, size });
        }
        self.commit(frame.first, place, checkpoint, String::from_utf8_lossy(frame.note).into_owned());
        Ok(())
    }

    /// Adds an entry. Until [`State::commit`] it can be taken back with [`State::rollback`].
    pub(super) fn push(&mut self, leaf: Hash) {
        let index = self.tree.size();
        self.tree.push(leaf);
        // Should an entry ever stand twice, its first place is the one that is told.
        if let Entry::Vacant(vacant) = self.index.entry(leaf) {
            vacant.insert(index);
        }
    }

    /// Takes the entries that were pushed from `size` on back.
    pub(super) fn rollback(&mut self, size: u64) {
        self.tree.truncate(size);
        self.index.retain(|_, index| *index < size);
    }

    /// Remembers a frame whose entries were pushed.
    pub(super) fn commit(&mut self, first: u64, place: Place, checkpoint: Checkpoint, note: String) {
        self.frames.push((first, place));
        self.checkpoint = Some(checkpoint);
        self.note = note;
    }

    /// The index of the entry with this leaf hash.
    pub(super) fn find(&self, leaf: &Hash) -> Option<u64> {
        self.index.get(leaf).copied()
    }

    /// How many frames there are.
    pub(super) fn frames(&self) -> u64 {
        self.frames.len() as u64
    }

    /// The frame that holds an entry: its first index and its place.
    pub(super) fn frame_of(&self, index: u64) -> Option<(u64, Place)> {
        let after = self.frames.partition_point(|(first, _)| *first <= index);
        self.frames.get(after.checked_sub(1)?).copied()
    }

    /// Checks the published checkpoint against the entries that are there.
    pub(super) fn supports(&self, published: &Checkpoint) -> Result<(), Error> {
        let size = self.tree.size();
        match self.tree.root_at(published.size) {
            None => Err(Error::Ahead { published: published.size, size }),
            Some(root) if root != published.root => Err(Error::Fork { size: published.size }),
            Some(_) => Ok(()),
        }
    }
}

/// A checkpoint of this log whose signature is left for later.
fn unsigned(note: &[u8], verifier: &VerifierKey) -> Result<Checkpoint, CheckpointError> {
    let checkpoint: Checkpoint = Note::parse(note)?.text().parse()?;
    if checkpoint.origin == verifier.name().as_str() {
        Ok(checkpoint)
    } else {
        Err(CheckpointError::Origin(checkpoint.origin))
    }
}

/// The public key under the log's name.
pub(super) fn verifier(store: &dyn Store) -> Result<VerifierKey, Error> {
    let bytes = part(store, Part::VerifierKey)?;
    let text = String::from_utf8_lossy(&bytes);
    text.strip_suffix('\n').unwrap_or(&text).parse().map_err(Error::VerifierKey)
}

/// A file that must be there.
pub(super) fn part(store: &dyn Store, part: Part) -> Result<Vec<u8>, Error> {
    store.part(part)?.ok_or_else(|| Error::MissingFile(part.file_name().into()))
}

/// The checkpoint that was published last.
///
/// Losing power can leave a file that is empty, or not the whole of what replaced it: no signed note at all. It says
/// nothing, and nothing is lost with it, since it is derived. A note that is signed by somebody else, or that speaks of
/// another log, is refused.
pub(super) fn published(store: &dyn Store, verifier: &VerifierKey) -> Result<Published, Error> {
    let Some(note) = store.part(Part::Checkpoint)? else { return Ok(Published::Nothing) };
    if let Err(unreadable) = Note::parse(&note) {
        return Ok(Published::Unreadable(unreadable));
    }
    Checkpoint::open(&note, verifier).map(Published::Checkpoint).map_err(Error::Published)
}

/// What stands in the published file.
#[derive(Debug)]
pub(super) enum Published {
    /// There is no file.
    Nothing,
    /// It is no note.
    Unreadable(NoteError),
    /// A checkpoint of this log, signed.
    Checkpoint(Checkpoint),
}

impl Published {
    pub(super) fn into_checkpoint(self) -> Option<Checkpoint> {
        match self {
            Self::Checkpoint(checkpoint) => Some(checkpoint),
            Self::Nothing | Self::Unreadable(_) => None,
        }
    }
}

/// Checks that the entry at index 0 is the one behind `genesis.json`, and that this is about the log.
pub(super) fn genesis(store: &dyn Store, verifier: &VerifierKey, state: &State) -> Result<Genesis, Error> {
    let (genesis, entry) = Genesis::open(&part(store, Part::Genesis)?, verifier).map_err(Error::Genesis)?;
    if state.tree.leaf(0) == Some(&entry.leaf_hash()) {
        Ok(genesis)
    } else {
        Err(Error::Genesis(GenesisError::OtherEntry))
    }
}

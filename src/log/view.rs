//! A log as its readers see it: what was published, and proofs of it.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use super::export;
use super::frame::Frame;
use super::genesis::Genesis;
use super::sequencer::Log;
use super::state::{self, Depth, Published, State};
use super::store::{self, DirectoryStore, StoreKind};
use super::{Error, trust};
use crate::attest::bundle::{self, LogEntry};
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::entry::HashedRekord;
use crate::tlog::merkle::{self, ProveError};
use crate::tlog::note::VerifierKey;
use crate::tlog::proof::{ConsistencyProof, InclusionProof};
use crate::tlog::{Hash, Tree};

/// The published part of a log, unchanging while it is looked at. Readers take no lock: a writer may go on.
pub struct View {
    pub(super) store: StoreKind,
    pub(super) verifier: VerifierKey,
    pub(super) genesis: Genesis,
    pub(super) state: State,
    /// The frame that was read last: its first index and its bytes.
    pub(super) recent: RefCell<Option<(u64, Vec<u8>)>>,
}

impl View {
    /// Opens the log in a folder. Nothing is written, unless the published checkpoint was lost: then the log is opened
    /// as a writer does, to publish what it holds.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        match Self::over(StoreKind::Directory(DirectoryStore::open(folder)?)) {
            Err(Error::Unpublished) => {
                // Whoever else is at work publishes too, so only the second look counts.
                let _ = Log::open(folder, REPAIR_WAIT);
                Self::over(StoreKind::Directory(DirectoryStore::open(folder)?))
            }
            opened => opened,
        }
    }

    /// Opens the log in a store.
    pub fn over(mut store: StoreKind) -> Result<Self, Error> {
        let verifier = state::verifier(store.as_dyn())?;
        // The checkpoint first: what it covers is in the frames already, whatever a writer adds meanwhile.
        let published = state::published(store.as_dyn(), &verifier)?.into_checkpoint();
        let published = published.ok_or(Error::Unpublished)?;
        let state = State::read(&mut store, &verifier, Some(published.size), Depth::Newest)?;
        state.supports(&published)?;
        if state.tree.size() != published.size {
            return Err(Error::Root { stated: published.size, size: state.tree.size() });
        }
        let genesis = state::genesis(store.as_dyn(), &verifier, &state)?;
        Ok(Self { store, verifier, genesis, state, recent: RefCell::default() })
    }

    /// The log's name.
    pub fn origin(&self) -> &str {
        self.verifier.name().as_str()
    }

    /// The key of its checkpoints. As text it is what `log.vkey` holds.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// What the log says about itself.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// How many entries it has, the genesis entry counted.
    pub fn size(&self) -> u64 {
        self.state.tree.size()
    }

    /// The root of its tree.
    pub fn root(&self) -> Hash {
        self.state.checkpoint.as_ref().map_or_else(|| self.state.tree.root(), |checkpoint| checkpoint.root)
    }

    /// The tree itself.
    pub fn tree(&self) -> &Tree {
        &self.state.tree
    }

    /// Its signed checkpoint, a note.
    pub fn checkpoint(&self) -> &str {
        &self.state.note
    }

    /// The index of the entry with this leaf hash.
    pub fn find(&self, leaf: &Hash) -> Result<u64, Error> {
        self.state.find(leaf).filter(|index| *index < self.size()).ok_or(Error::Leaf(*leaf))
    }

    /// The bytes of an entry.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, Error> {
        self.entries(index..index.saturating_add(1)).next().unwrap_or(Err(self.no_entry(index)))
    }

    /// The bytes of entries one after the other; an error where there is none.
    pub fn entries(&self, range: Range<u64>) -> impl Iterator<Item = Result<Vec<u8>, Error>> + '_ {
        let mut next = range.start;
        let mut loaded: std::vec::IntoIter<Vec<u8>> = Vec::new().into_iter();
        std::iter::from_fn(move || {
            if next >= range.end {
                return None;
            }
            if loaded.as_slice().is_empty() {
                match self.frame_from(next, range.end) {
                    Ok(entries) => loaded = entries.into_iter(),
                    Err(error) => {
                        next = range.end;
                        return Some(Err(error));
                    }
                }
            }
            next += 1;
            loaded.next().map(Ok)
        })
    }

    /// The entries from one index on, up to the end of its frame or another index.
    fn frame_from(&self, index: u64, end: u64) -> Result<Vec<Vec<u8>>, Error> {
        let frame = (index < self.size()).then(|| self.state.frame_of(index)).flatten();
        let (first, place) = frame.ok_or_else(|| self.no_entry(index))?;
        let mut recent = self.recent.borrow_mut();
        if recent.as_ref().is_none_or(|(kept, _)| *kept != first) {
            *recent = Some((first, self.store.as_dyn().read(place)?));
        }
        let bytes = recent.as_ref().map_or(&[][..], |(_, bytes)| bytes);
        let file = || format!("frame of entry {first}");
        let damaged = |source| Error::Damaged { file: file(), offset: place.offset, source };
        let (frame, _) = Frame::decode(bytes).map_err(damaged)?;
        let wanted = (first..end.min(frame.end())).zip(frame.entries()).filter(|(at, _)| *at >= index);
        let entries: Vec<_> = wanted.map(|(_, entry)| entry.to_vec()).collect();
        if entries.is_empty() { Err(self.no_entry(index)) } else { Ok(entries) }
    }

    fn no_entry(&self, index: u64) -> Error {
        Error::Index { index, size: self.size() }
    }

    /// An entry with the proof that the published tree holds it.
    pub fn prove(&self, index: u64) -> Result<Logged, Error> {
        let leaf = self.entry(index)?;
        self.prove_leaf(index, leaf)
    }

    pub(super) fn prove_leaf(&self, index: u64, leaf: Vec<u8>) -> Result<Logged, Error> {
        let size = self.size();
        let hashes = merkle::inclusion_proof(&self.state.tree, index, size).map_err(|error| match error {
            ProveError::Range(_) => Error::Index { index, size },
            ProveError::Tree(never) => match never {},
        })?;
        Ok(Logged {
            leaf,
            proof: InclusionProof { index, size, hashes },
            root: self.root(),
            checkpoint: self.state.note.clone(),
            log_id: *self.verifier.log_id(),
        })
    }

    /// The proof that the log at an earlier size is the beginning of the published one, and both roots.
    pub fn consistency(&self, old: u64) -> Result<(ConsistencyProof, Hash, Hash), Error> {
        let new = self.size();
        let none = Error::Size { old, size: new };
        let hashes = match merkle::consistency_proof(&self.state.tree, old, new) {
            Ok(hashes) => hashes,
            Err(ProveError::Range(_)) => return Err(none),
            Err(ProveError::Tree(never)) => match never {},
        };
        let old_root = self.state.tree.root_at(old).ok_or(none)?;
        Ok((ConsistencyProof { old, new, hashes }, old_root, self.root()))
    }

    /// The `trusted_root.json` with which Sigstore clients accept this log, and nothing else.
    pub fn trusted_root(&self) -> Vec<u8> {
        trust::trusted_root(&self.verifier, self.genesis.created)
    }

    /// Writes the published log as a plain tree of files (<https://c2sp.org/tlog-tiles>).
    ///
    /// Into a folder that is new, empty, or holds this log at an earlier size. The checkpoint is written last: a tree
    /// without one, or with an older one, is what an interrupted export leaves, and every file in it is whole.
    pub fn export(&self, folder: impl AsRef<Path>) -> Result<Exported, Error> {
        store::tree::write(folder.as_ref(), &self.verifier, &self.state, export::files(self))
    }
}

/// Reads all that a log's folder holds and checks every checksum, hash, root, signature and entry of it.
///
/// While a writer is at work only the published part is looked at; otherwise writers wait until this is done.
pub fn verify(folder: impl AsRef<Path>) -> Result<Verification, Error> {
    verify_store(DirectoryStore::open(folder.as_ref())?)
}

/// Like [`verify`], of a store that is open.
pub fn verify_store(mut store: DirectoryStore) -> Result<Verification, Error> {
    let whole = store.hold();
    let mut store = StoreKind::Directory(store);
    let verifier = state::verifier(store.as_dyn())?;
    let published = match state::published(store.as_dyn(), &verifier)? {
        Published::Checkpoint(checkpoint) => Some(checkpoint),
        Published::Unreadable(source) => return Err(Error::Published(source.into())),
        Published::Nothing if whole => None,
        Published::Nothing => return Err(Error::Unpublished),
    };
    let until = published.as_ref().filter(|_| !whole).map(|published| published.size);
    let state = State::read(&mut store, &verifier, until, Depth::Everything)?;
    if let Some(published) = &published {
        state.supports(published)?;
    }
    state::genesis(store.as_dyn(), &verifier, &state)?;
    let published = published.map_or(0, |published| published.size);
    Ok(Verification {
        origin: verifier.name().to_string(),
        size: state.tree.size(),
        root: state.tree.root(),
        published,
        checkpoints: state.frames(),
        whole,
    })
}

/// How long a reader waits to publish what a writer may be about to publish.
const REPAIR_WAIT: Duration = Duration::from_millis(200);

/// What was looked at and holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The log's name.
    pub origin: String,
    /// How many entries were hashed.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
    /// The size of the published checkpoint, 0 if there is none. Entries beyond it are published by the next writer.
    pub published: u64,
    /// How many signed checkpoints were checked.
    pub checkpoints: u64,
    /// Whether all that is in the folder was looked at; else a writer was at work, and it is the published part.
    pub whole: bool,
}

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// The size of the tree.
    pub size: u64,
    /// How many files were written, the checkpoint counted.
    pub written: u64,
    /// How many files were there with the same content.
    pub kept: u64,
}

/// An entry with the proof that a log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The bytes of the entry.
    pub leaf: Vec<u8>,
    /// The proof, with the entry's index and the size of the tree.
    pub proof: InclusionProof,
    /// The root of the tree.
    pub root: Hash,
    /// The signed checkpoint of that size and root, a note.
    pub checkpoint: String,
    /// The log's id.
    pub log_id: Hash,
}

impl Logged {
    /// The index of the entry.
    pub fn index(&self) -> u64 {
        self.proof.index
    }

    /// The entry as a bundle carries it.
    pub fn into_log_entry(self) -> LogEntry {
        LogEntry {
            log_index: self.proof.index,
            log_id: self.log_id.as_bytes().to_vec(),
            kind: HashedRekord::KIND.to_owned(),
            version: HashedRekord::VERSION.to_owned(),
            integrated_time: 0,
            promise: None,
            proof: Some(bundle::InclusionProof {
                log_index: self.proof.index,
                root_hash: *self.root.as_bytes(),
                tree_size: self.proof.size,
                hashes: self.proof.hashes.iter().map(|hash| *hash.as_bytes()).collect(),
                checkpoint: self.checkpoint,
            }),
            canonicalized_body: self.leaf,
        }
    }

    /// What the checkpoint says, if it is one of this key.
    pub fn open_checkpoint(&self, key: &VerifierKey) -> Option<Checkpoint> {
        Checkpoint::open(self.checkpoint.as_bytes(), key).ok()
    }
}

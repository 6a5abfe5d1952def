//! The one writer of a log: it gives entries their indexes and answers when they are durable.
//!
//! The order of one append: hash the entries, compute the root, sign the checkpoint, write entries and checkpoint as one
//! frame, sync, publish the checkpoint, answer. A signature leaves this process only after the frame that holds it is
//! durable, so no crash can make the log sign a second tree of the same size.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use super::Error;
use super::frame;
use super::genesis::{self, Genesis};
use super::origin::Origin;
use super::state::{self, Depth, State};
use super::store::{DirectoryStore, MemoryStore, Part, StoreKind};
use super::view::{Logged, View};
use crate::keys::{KeyType, PrivateKey, Signer as _};
use crate::tlog::Tree;
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::entry::HashedRekord;
use crate::tlog::merkle::leaf_hash;
use crate::tlog::note::{NoteSigner, VerifierKey};
use crate::tlog::proof::InclusionProof;

/// A log that is open for appending. There is one at a time.
pub struct Log {
    view: View,
    key: PrivateKey,
    poisoned: bool,
}

/// What a new log is made of.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Its name; [`Origin::unique`] unless given.
    pub origin: Option<Origin>,
    /// Its Ed25519 key, which is copied into its folder; a new one unless given.
    pub key: Option<PrivateKey>,
    /// When it is made.
    pub now: Timestamp,
}

impl Setup {
    /// A log with a new key and a unique name.
    pub fn at(now: Timestamp) -> Self {
        Self { origin: None, key: None, now }
    }
}

impl Log {
    /// Makes a log in a folder that is new or empty, and opens it. It begins with its genesis entry.
    ///
    /// When this is interrupted there is no log, or a whole one.
    pub fn create(folder: impl AsRef<Path>, setup: Setup) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let new = NewLog::new(setup)?;
        let parts: Vec<_> = new.parts.iter().map(|(part, bytes)| (*part, bytes.as_slice())).collect();
        DirectoryStore::create(folder, &parts, &new.frame)?;
        // Somebody else may have found the new log first.
        Self::open(folder, DEFAULT_WAIT)
    }

    /// Makes a log in memory.
    pub fn in_memory(setup: Setup) -> Result<(Self, MemoryStore), Error> {
        let new = NewLog::new(setup)?;
        let store = MemoryStore::new(new.parts, vec![new.frame]);
        Ok((Self::over(StoreKind::Memory(store.clone()))?, store))
    }

    /// Opens the log in a folder, once no other process appends to it, or fails after waiting this long.
    ///
    /// What a crash or a full disk left is recovered; files that contradict each other are refused
    /// ([`Error::is_contradiction`]).
    pub fn open(folder: impl AsRef<Path>, wait: Duration) -> Result<Self, Error> {
        Self::over(StoreKind::Directory(DirectoryStore::open_writer(folder.as_ref(), wait)?))
    }

    /// Opens the log in a store that nobody else writes to.
    pub fn over(mut store: StoreKind) -> Result<Self, Error> {
        let verifier = state::verifier(store.as_dyn())?;
        let key = PrivateKey::from_pem(state::part(store.as_dyn(), Part::Key)?).map_err(Error::Key)?;
        if key.public_key() != *verifier.key() {
            return Err(Error::KeyMismatch);
        }
        let published = state::published(store.as_dyn(), &verifier)?.into_checkpoint();
        let mut state = State::read(&mut store, &verifier, None, Depth::Newest)?;
        if let Some(published) = &published {
            state.supports(published)?;
        }
        let genesis = state::genesis(store.as_dyn(), &verifier, &state)?;
        let size = published.as_ref().map_or(0, |published| published.size);
        if store.as_dyn_mut().settle(size)? {
            let before = state.checkpoint.take();
            state = State::read(&mut store, &verifier, None, Depth::Newest)?;
            if state.checkpoint != before {
                return Err(Error::Poisoned);
            }
            if store.as_dyn_mut().settle(state.tree.size())? {
                return Err(Error::Poisoned);
            }
        }
        if published != state.checkpoint {
            store.as_dyn_mut().publish(state.note.as_bytes())?;
        }
        let view = View { store, verifier, genesis, state, recent: RefCell::default() };
        Ok(Self { view, key, poisoned: false })
    }

    /// The log as readers see it: all that was acknowledged.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Appends entries, those that are not in the log yet, and returns the proofs of all of them in the new tree.
    ///
    /// When this returns, the entries are durable and the checkpoint is published. After an error nothing is
    /// acknowledged, though entries may be in the log: open it again to see.
    pub fn append(&mut self, entries: &[HashedRekord]) -> Result<Vec<Appended>, Error> {
        if self.poisoned {
            return Err(Error::Poisoned);
        }
        let before = self.view.size();
        let mut placed = Vec::with_capacity(entries.len());
        let mut batch = Batch::default();
        for entry in entries {
            let leaf = entry.to_bytes();
            let hash = leaf_hash(&leaf);
            let (index, duplicate) = if let Some(index) = self.view.state.find(&hash) {
                (index, true)
            } else {
                if !batch.has_room(&leaf) {
                    self.commit(&batch.leaves)?;
                    batch = Batch::default();
                }
                self.view.state.push(hash);
                batch.push(leaf.clone());
                (self.view.size() - 1, false)
            };
            placed.push((index, leaf, duplicate));
        }
        self.commit(&batch.leaves)?;
        debug_assert_eq!(
            self.view.size() - before,
            placed.iter().filter(|(_, _, duplicate)| !duplicate).count() as u64
        );
        placed
            .into_iter()
            .map(|(index, leaf, duplicate)| {
                Ok(Appended { entry: self.view.prove_leaf(index, leaf)?, duplicate })
            })
            .collect()
    }

    /// Makes the entries that were pushed last durable, with their checkpoint.
    fn commit(&mut self, leaves: &[Vec<u8>]) -> Result<(), Error> {
        if leaves.is_empty() {
            return Ok(());
        }
        let first = self.view.size() - leaves.len() as u64;
        let committed = self.write(first, leaves);
        if committed.is_err() {
            // What is on the disk now is for the next open to find out. Trying again could sign another tree.
            self.poisoned = true;
            self.view.state.rollback(first);
        }
        committed
    }

    fn write(&mut self, first: u64, leaves: &[Vec<u8>]) -> Result<(), Error> {
        let (checkpoint, note) = sign_tree(&self.view.verifier, &self.key, &self.view.state.tree)?;
        let frame = encode(first, leaves, &note)?;
        let place = self.view.store.as_dyn_mut().append(first, &frame)?;
        self.view.store.as_dyn_mut().publish(note.as_bytes())?;
        self.view.state.commit(first, place, checkpoint, note);
        Ok(())
    }
}

/// How long writers wait for each other unless they are told otherwise.
pub const DEFAULT_WAIT: Duration = Duration::from_secs(30);

/// What became of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The entry with its proof.
    pub entry: Logged,
    /// Whether it was in the log before.
    pub duplicate: bool,
}

/// The entries of the next frame.
#[derive(Default)]
struct Batch {
    leaves: Vec<Vec<u8>>,
    bytes: usize,
}

impl Batch {
    fn has_room(&self, leaf: &[u8]) -> bool {
        self.leaves.len() < frame::MAX_ENTRIES && self.bytes + leaf.len() + 2 <= frame::MAX_ENTRY_BYTES
    }

    fn push(&mut self, leaf: Vec<u8>) {
        self.bytes += leaf.len() + 2;
        self.leaves.push(leaf);
    }
}

/// The files and the first frame of a log that does not exist yet.
struct NewLog {
    parts: Vec<(Part, Vec<u8>)>,
    frame: Vec<u8>,
}

impl NewLog {
    fn new(setup: Setup) -> Result<Self, Error> {
        let key = match setup.key {
            Some(key) => key,
            None => PrivateKey::generate(KeyType::Ed25519).map_err(Error::Key)?,
        };
        if key.key_type() != KeyType::Ed25519 {
            return Err(Error::KeyType(key.key_type()));
        }
        let public = key.public_key();
        let origin = setup.origin.unwrap_or_else(|| Origin::unique(&public));
        let verifier = genesis::verifier(&origin, &public)?;
        let envelope = Genesis::new(&verifier, setup.now).sign(&key).map_err(Error::Genesis)?;
        let leaf = HashedRekord::of_envelope(&envelope, &public).map_err(Error::Entry)?.to_bytes();
        let tree: Tree = [leaf_hash(&leaf)].into_iter().collect();
        let (checkpoint, note) = sign_tree(&verifier, &key, &tree)?;
        let frame = encode(0, std::slice::from_ref(&leaf), &note)?;
        let logged = Logged {
            leaf,
            proof: InclusionProof { index: 0, size: 1, hashes: Vec::new() },
            root: checkpoint.root,
            checkpoint: note.clone(),
            log_id: *verifier.log_id(),
        };
        let parts = vec![
            (Part::Key, key.to_pem().as_bytes().to_vec()),
            (Part::Genesis, genesis::to_bundle(envelope, &public, logged.into_log_entry())),
            (Part::Checkpoint, note.into_bytes()),
            (Part::VerifierKey, format!("{verifier}\n").into_bytes()),
        ];
        Ok(Self { parts, frame })
    }
}

/// The checkpoint of a tree and its note.
fn sign_tree(verifier: &VerifierKey, key: &PrivateKey, tree: &Tree) -> Result<(Checkpoint, String), Error> {
    let checkpoint = Checkpoint { origin: verifier.name().to_string(), size: tree.size(), root: tree.root() };
    let signer = NoteSigner::new(verifier.name().clone(), key).map_err(Error::Note)?;
    let note = signer.sign(&checkpoint.to_string()).map_err(Error::Note)?.to_string();
    Ok((checkpoint, note))
}

fn encode(first: u64, leaves: &[Vec<u8>], note: &str) -> Result<Vec<u8>, Error> {
    let too_large = || {
        let largest = leaves.iter().map(Vec::len).max().unwrap_or(0);
        Error::Entry(crate::tlog::entry::EntryError::TooLarge(largest))
    };
    frame::encode(first, leaves, note.as_bytes()).ok_or_else(too_large)
}

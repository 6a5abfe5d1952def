//! Where a log is kept.
//!
//! A store keeps frames in the order of their entries, a few small files, and the one checkpoint that is published. It
//! knows nothing of trees and signatures: what it gives back is checked by whoever opened it. All of its writes stand on
//! two promises: what [`Store::append`] acknowledged is durable, and what it did not acknowledge is either whole or
//! not there once [`Store::settle`] has run.

mod creation;
mod directory;
mod disk;
mod memory;
pub(super) mod tree;

pub use directory::{DirectoryStore, SEGMENT_BYTES};
pub use disk::{Appender, Disk, OsDisk};
pub use memory::MemoryStore;

use super::Error;
use super::frame::Frame;

/// A place to keep a log.
pub trait Store: Send {
    /// A small file of the log, `None` if it is not there.
    fn part(&self, part: Part) -> Result<Option<Vec<u8>>, Error>;

    /// Visits the frames from the first entry on, up to the first one that ends at or behind `until`, or all of them.
    ///
    /// Frames follow each other without a gap, or the scan ends with an error. An unfinished frame at the very end is
    /// no error: it was never acknowledged.
    fn scan(&mut self, until: Option<u64>, visit: &mut Visit<'_>) -> Result<(), Error>;

    /// Reads one frame again.
    fn read(&self, place: Place) -> Result<Vec<u8>, Error>;

    /// Prepares the store for [`Store::append`], after a scan of all frames.
    ///
    /// Every entry from index `published` on that the scan has seen is made durable again, whatever an earlier process
    /// left undone, and an unfinished frame is cut off. True if frames have new places: then scan again.
    fn settle(&mut self, published: u64) -> Result<bool, Error>;

    /// Writes one frame and returns when it is durable. After an error nothing may be appended any more: the store is
    /// to be opened again.
    fn append(&mut self, first: u64, frame: &[u8]) -> Result<Place, Error>;

    /// Replaces the published checkpoint: readers see the old one or the new one. It may be lost with the power, and is
    /// derived from the frames then.
    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), Error>;
}

/// What a scan calls for every frame.
pub type Visit<'v> = dyn FnMut(&Frame<'_>, Place) -> Result<(), Error> + 'v;

/// The small files of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// `log.vkey`: the verifier key.
    VerifierKey,
    /// `log.key`: the private key, for writers.
    Key,
    /// `genesis.json`: the statement behind the entry at index 0.
    Genesis,
    /// `checkpoint`: the checkpoint that is published.
    Checkpoint,
}

impl Part {
    /// The name of the file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::VerifierKey => "log.vkey",
            Self::Key => "log.key",
            Self::Genesis => "genesis.json",
            Self::Checkpoint => "checkpoint",
        }
    }
}

/// Where a frame stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The number of the segment in the order of the scan.
    pub segment: u32,
    /// Where the frame begins in it, in bytes.
    pub offset: u64,
    /// How many bytes it has.
    pub length: usize,
}

/// The stores that there are.
pub enum StoreKind {
    /// A folder of files.
    Directory(DirectoryStore),
    /// Memory, for tests and for logs that live as long as their process.
    Memory(MemoryStore),
}

impl StoreKind {
    pub(super) fn as_dyn(&self) -> &dyn Store {
        match self {
            Self::Directory(store) => store,
            Self::Memory(store) => store,
        }
    }

    pub(super) fn as_dyn_mut(&mut self) -> &mut dyn Store {
        match self {
            Self::Directory(store) => store,
            Self::Memory(store) => store,
        }
    }
}

//! A log in memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Part, Place, Store, Visit};
use crate::log::Error;
use crate::log::frame::Frame;

/// Frames and files in memory. Clones share them, so that a log can be opened again.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    frames: Vec<Vec<u8>>,
    parts: HashMap<Part, Vec<u8>>,
}

impl fmt::Debug for MemoryStore {
    /// How much there is: the log's private key is in it too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryStore({} frames)", self.kept().frames.len())
    }
}

impl MemoryStore {
    /// A store with these files and frames.
    pub fn new(parts: impl IntoIterator<Item = (Part, Vec<u8>)>, frames: Vec<Vec<u8>>) -> Self {
        Self(Arc::new(Mutex::new(Kept { frames, parts: parts.into_iter().collect() })))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn part(&self, part: Part) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.kept().parts.get(&part).cloned())
    }

    fn scan(&mut self, until: Option<u64>, visit: &mut Visit<'_>) -> Result<(), Error> {
        let mut size = 0;
        for (number, bytes) in self.kept().frames.iter().enumerate() {
            if until.is_some_and(|until| size >= until) {
                break;
            }
            let offset = number as u64;
            let damaged = |source| Error::Damaged { file: FILE.to_owned(), offset, source };
            let (frame, length) = Frame::decode(bytes).map_err(damaged)?;
            if frame.first != size {
                return Err(Error::Gap { file: FILE.to_owned(), expected: size, found: frame.first });
            }
            visit(&frame, Place { segment: 0, offset, length })?;
            size = frame.end();
        }
        Ok(())
    }

    fn read(&self, place: Place) -> Result<Vec<u8>, Error> {
        let number = usize::try_from(place.offset).unwrap_or(usize::MAX);
        Ok(self.kept().frames.get(number).cloned().unwrap_or_default())
    }

    fn settle(&mut self, _published: u64) -> Result<bool, Error> {
        Ok(false)
    }

    fn append(&mut self, _first: u64, frame: &[u8]) -> Result<Place, Error> {
        let frames = &mut self.kept().frames;
        frames.push(frame.to_vec());
        Ok(Place { segment: 0, offset: frames.len() as u64 - 1, length: frame.len() })
    }

    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), Error> {
        self.kept().parts.insert(Part::Checkpoint, checkpoint.to_vec());
        Ok(())
    }
}

const FILE: &str = "memory";

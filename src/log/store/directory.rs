//! A log in a folder.
//!
//! Frames stand in *segments*, `wal/<first index>-<generation>.wal`. A segment ends where the next one begins: whatever
//! it holds from that index on, a cut-off frame too, has been superseded and is not read. So nothing is ever truncated or
//! rewritten in place: recovery copies what must stay into a new segment, and the old bytes are left for whoever asks.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Appender, Disk, OsDisk, Part, Place, Store, Visit, creation};
use crate::files;
use crate::log::Error;
use crate::log::frame::{self, Frame};
use crate::log::genesis::MAX_GENESIS;
use crate::tlog::note;

/// A folder with a log.
pub struct DirectoryStore {
    folder: PathBuf,
    disk: Box<dyn Disk>,
    /// Held while this is a writer's store.
    lock: Option<Box<dyn Send + Sync>>,
    segments: Vec<Segment>,
    tail: Tail,
    writer: Option<Writer>,
    segment_bytes: u64,
}

/// One file of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Segment {
    pub(super) first: u64,
    pub(super) generation: u32,
}

/// What the last scan saw of the last segment.
#[derive(Debug, Default)]
struct Tail {
    /// First index, end index and offset of every frame.
    frames: Vec<(u64, u64, usize)>,
    /// How many bytes whole frames take.
    valid: usize,
    /// Whether bytes of an unfinished frame follow.
    unfinished: bool,
    /// The size of the log.
    size: u64,
}

struct Writer {
    file: Box<dyn Appender>,
    length: u64,
}

impl DirectoryStore {
    /// The store of readers, who take no lock.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        Self::open_on(Box::new(OsDisk), folder)
    }

    /// The store of the one writer. Waits at most this long for another writer to end.
    pub fn open_writer(folder: impl Into<PathBuf>, wait: Duration) -> Result<Self, Error> {
        Self::open_writer_on(Box::new(OsDisk), folder, wait)
    }

    /// Like [`DirectoryStore::open`], on another file system.
    pub fn open_on(disk: Box<dyn Disk>, folder: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = folder.into();
        let store = Self {
            folder,
            disk,
            lock: None,
            segments: Vec::new(),
            tail: Tail::default(),
            writer: None,
            segment_bytes: SEGMENT_BYTES,
        };
        // An output that is given one of these names by mistake replaces nothing.
        for part in [Part::VerifierKey, Part::Key, Part::Genesis, Part::Checkpoint] {
            files::keep(&store.path(part));
        }
        match store.part(Part::VerifierKey)? {
            Some(_) => Ok(store),
            // A folder with other files of a log has lost this one, or `create` was interrupted.
            None if store.disk.list(&store.wal())?.is_some() => {
                Err(Error::MissingFile(store.path(Part::VerifierKey)))
            }
            None => Err(Error::NotALog(store.folder)),
        }
    }

    /// Like [`DirectoryStore::open_writer`], on another file system.
    pub fn open_writer_on(
        disk: Box<dyn Disk>,
        folder: impl Into<PathBuf>,
        wait: Duration,
    ) -> Result<Self, Error> {
        let mut store = Self::open_on(disk, folder)?;
        store.lock = wait_for_lock(&*store.disk, &store.folder.join(LOCK), false, wait)?;
        if store.lock.is_some() { Ok(store) } else { Err(Error::Locked(wait)) }
    }

    /// Lets new segments begin after fewer bytes than [`SEGMENT_BYTES`].
    #[must_use]
    pub fn with_segment_bytes(mut self, bytes: u64) -> Self {
        self.segment_bytes = bytes.min(SEGMENT_BYTES);
        self
    }

    /// Keeps writers away while this store is open, if there is none now. False if there is one that does not end in a
    /// moment, or if the lock cannot be had for another reason.
    pub fn hold(&mut self) -> bool {
        let lock = self.folder.join(LOCK);
        self.lock = wait_for_lock(&*self.disk, &lock, true, HOLD_WAIT).unwrap_or_default();
        self.lock.is_some()
    }

    /// Makes a folder with these files and one segment with this frame. What was made so far is not taken for a log
    /// when it is interrupted, since `log.vkey` comes last, and does not hinder the next attempt.
    pub fn create(folder: &Path, parts: &[(Part, &[u8])], frame: &[u8]) -> Result<(), Error> {
        // A folder that is there may be a mount point, so its files are made inside; else beside it, to be renamed.
        if folder.is_dir() {
            return creation::inside(folder, parts, frame);
        }
        creation::beside(folder, parts, frame)
    }

    fn wal(&self) -> PathBuf {
        self.folder.join(WAL)
    }

    fn path(&self, part: Part) -> PathBuf {
        self.folder.join(part.file_name())
    }

    fn segment_path(&self, segment: Segment) -> PathBuf {
        self.wal().join(segment.file_name())
    }

    /// The segments in order, those without the ones that a later generation supersedes whole.
    fn list_segments(&self) -> Result<Vec<Segment>, Error> {
        let names = self.disk.list(&self.wal())?.ok_or_else(|| Error::MissingFile(self.wal()))?;
        let mut segments = Vec::new();
        for name in names.into_iter().filter(|name| name.ends_with(SUFFIX)) {
            segments.push(Segment::from_file_name(&name).ok_or(Error::Stray(name))?);
        }
        segments.sort_unstable();
        let superseded: Vec<bool> = segments
            .iter()
            .zip(segments.iter().skip(1).map(Some).chain([None]))
            .map(|(segment, next)| next.is_some_and(|next| next.first == segment.first))
            .collect();
        let mut superseded = superseded.into_iter();
        segments.retain(|_| !superseded.next().unwrap_or(false));
        Ok(segments)
    }
}

impl Store for DirectoryStore {
    fn part(&self, part: Part) -> Result<Option<Vec<u8>>, Error> {
        let path = self.path(part);
        let limit = match part {
            Part::VerifierKey => MAX_VKEY,
            Part::Key => crate::keys::MAX_PEM as u64,
            Part::Genesis => MAX_GENESIS,
            Part::Checkpoint => note::MAX_BYTES as u64,
        };
        if part == Part::Key && self.disk.mode(&path).is_ok_and(|mode| mode & OTHERS != 0) {
            let mode = self.disk.mode(&path)?;
            return Err(Error::KeyPermissions { path, mode });
        }
        Ok(self.disk.read(&path, limit)?)
    }

    fn scan(&mut self, until: Option<u64>, visit: &mut Visit<'_>) -> Result<(), Error> {
        self.segments = self.list_segments()?;
        self.tail = Tail::default();
        let mut size = 0;
        let segments = self.segments.clone();
        for (number, segment) in segments.iter().enumerate() {
            let file = format!("{WAL}/{}", segment.file_name());
            if segment.first != size {
                return Err(Error::Gap { file, expected: size, found: segment.first });
            }
            if until.is_some_and(|until| size >= until) {
                return Ok(());
            }
            let path = self.segment_path(*segment);
            let bytes = self.disk.read(&path, MAX_SEGMENT)?.ok_or(Error::MissingFile(path))?;
            let next = segments.get(number + 1).map(|next| next.first);
            let mut tail = Tail { size, ..Tail::default() };
            while tail.valid < bytes.len() && next != Some(size) {
                if until.is_some_and(|until| size >= until) {
                    return Ok(());
                }
                let offset = tail.valid as u64;
                let rest = &bytes[tail.valid..];
                let (frame, length) = match Frame::decode(rest) {
                    Ok(decoded) => decoded,
                    Err(broken) if next.is_none() && frame::is_unfinished(rest, broken) => {
                        tail.unfinished = true;
                        break;
                    }
                    Err(source) => return Err(Error::Damaged { file, offset, source }),
                };
                if frame.first != size {
                    return Err(Error::Gap { file, expected: size, found: frame.first });
                }
                let place = Place { segment: u32::try_from(number).unwrap_or(u32::MAX), offset, length };
                visit(&frame, place)?;
                tail.frames.push((frame.first, frame.end(), tail.valid));
                tail.valid += length;
                size = frame.end();
                tail.size = size;
            }
            self.tail = tail;
        }
        Ok(())
    }

    fn read(&self, place: Place) -> Result<Vec<u8>, Error> {
        let segment = self.segments[place.segment as usize];
        Ok(self.disk.read_at(&self.segment_path(segment), place.offset, place.length)?)
    }

    fn settle(&mut self, published: u64) -> Result<bool, Error> {
        let last = *self.segments.last().ok_or_else(|| Error::MissingFile(self.wal()))?;
        let path = self.segment_path(last);
        // What was published was durable before. What was not may be in the page cache alone: after a failed sync the
        // kernel may call lost pages clean, and syncing them again proves nothing. Written anew, it is proved.
        let pending = self.tail.frames.iter().find(|(_, end, _)| *end > published);
        let from = match pending {
            Some((first, _, offset)) => Some((*first, *offset)),
            None if self.tail.unfinished => Some((self.tail.size, self.tail.valid)),
            None => None,
        };
        let Some((first, offset)) = from else {
            let file = self.disk.append(&path, false)?;
            let length = file.length()?;
            if length != self.tail.valid as u64 {
                // Somebody writes who does not hold the lock.
                let (file, offset) = (last.file_name(), self.tail.valid as u64);
                return Err(Error::Damaged { file, offset, source: frame::Broken::Header });
            }
            // The process before may have made this segment and died before its name was durable.
            self.disk.sync_folder(&self.wal())?;
            self.writer = Some(Writer { file, length });
            return Ok(false);
        };
        let kept = self.disk.read_at(&path, offset as u64, self.tail.valid - offset)?;
        let generation = if first == last.first { last.generation.checked_add(1) } else { Some(0) };
        let generation = generation.ok_or_else(|| Error::Stray(last.file_name()))?;
        let temporary = self.wal().join(TEMPORARY);
        let mut file = self.disk.append(&temporary, true)?;
        file.write(&kept)?;
        file.sync()?;
        drop(file);
        self.disk.rename(&temporary, &self.segment_path(Segment { first, generation }))?;
        self.disk.sync_folder(&self.wal())?;
        // The scan that must follow sees these frames in a segment of their own, and this promises that they are durable.
        self.writer = None;
        Ok(true)
    }

    fn append(&mut self, first: u64, frame: &[u8]) -> Result<Place, Error> {
        if self.writer.as_ref().is_none_or(|writer| writer.length >= self.segment_bytes) {
            let segment = Segment { first, generation: 0 };
            let file = self.disk.append(&self.segment_path(segment), false)?;
            self.disk.sync_folder(&self.wal())?;
            self.segments.push(segment);
            self.writer = Some(Writer { length: file.length()?, file });
        }
        let writer = self.writer.as_mut().ok_or(Error::Poisoned)?;
        let segment = u32::try_from(self.segments.len() - 1).unwrap_or(u32::MAX);
        let place = Place { segment, offset: writer.length, length: frame.len() };
        writer.file.write(frame)?;
        writer.file.sync()?;
        writer.length += frame.len() as u64;
        Ok(place)
    }

    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), Error> {
        Ok(self.disk.replace(&self.path(Part::Checkpoint), checkpoint)?)
    }
}

impl Segment {
    pub(super) fn file_name(self) -> String {
        format!("{:020}-{:04}{SUFFIX}", self.first, self.generation)
    }

    fn from_file_name(name: &str) -> Option<Self> {
        let (first, generation) = name.strip_suffix(SUFFIX)?.split_once('-')?;
        let segment = Self { first: first.parse().ok()?, generation: generation.parse().ok()? };
        (segment.file_name() == name).then_some(segment)
    }
}

/// Asks for a lock again and again; `None` if it could not be had in time.
pub(super) fn wait_for_lock(
    disk: &dyn Disk,
    path: &Path,
    shared: bool,
    wait: Duration,
) -> Result<Option<Box<dyn Send + Sync>>, Error> {
    let began = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(lock) = disk.lock(path, shared)? {
            return Ok(Some(lock));
        }
        let left = wait.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Ok(None);
        }
        std::thread::sleep(pause.min(left));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// When a segment has so many bytes, the next frame begins a new one.
pub const SEGMENT_BYTES: u64 = 64 * 1024 * 1024;

const MAX_SEGMENT: u64 = SEGMENT_BYTES + frame::MAX_LENGTH as u64;
pub(super) const MAX_VKEY: u64 = 1024;
pub(super) const WAL: &str = "wal";
pub(super) const LOCK: &str = "lock";
const SUFFIX: &str = ".wal";
const TEMPORARY: &str = "recovered.new";
/// The permission bits of group and others.
const OTHERS: u32 = 0o077;
const HOLD_WAIT: Duration = Duration::from_millis(200);
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

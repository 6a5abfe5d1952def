//! A disk that fails.
//!
//! It keeps what POSIX promises and nothing more: without a sync of a file its new bytes may be lost, in part or whole,
//! and its length may survive without them; without a sync of a folder its new names may be lost. After a sync that
//! failed, the page cache may call lost bytes clean: they can be read until the power is gone, and a later sync of them
//! succeeds without writing anything.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sbom_attest::files;
use sbom_attest::log::store::{Appender, Disk};

/// Small numbers without a dependency: xorshift64*.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The call fails and did nothing.
    Refused,
    /// The call fails and did everything, durably where it should have.
    FailedButDone,
    /// A write stops in the middle: the disk is full.
    Short,
    /// A sync fails, and the page cache forgets what it should have written.
    SyncLost,
    /// The process is killed in the middle of the call.
    Killed,
    /// The process is killed when the call has done its work.
    KilledAfter,
}

pub(crate) const FAILURES: [Failure; 6] = [
    Failure::Refused,
    Failure::FailedButDone,
    Failure::Short,
    Failure::SyncLost,
    Failure::Killed,
    Failure::KilledAfter,
];

#[derive(Debug, Clone, Default)]
struct Inode {
    /// What can be read.
    data: Vec<u8>,
    /// What survives without power.
    durable: Vec<u8>,
    /// What the next sync writes.
    dirty: Vec<Range<usize>>,
}

#[derive(Debug, Clone)]
enum NameChange {
    Made(PathBuf, usize),
    Renamed(PathBuf, PathBuf),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    changes: Vec<NameChange>,
    /// Calls so far that change something.
    calls: usize,
    /// Which of them fails, how, and how much of a write is done, in thousandths.
    pub(crate) plan: Option<(usize, Failure, usize)>,
    /// Whether the plan came true.
    pub(crate) failed: bool,
    /// Whether the process is dead.
    dead: bool,
    /// Every checkpoint that readers could have seen.
    pub(crate) seen: Vec<Vec<u8>>,
}

#[derive(Clone)]
pub(crate) struct FaultyDisk(pub(crate) Arc<Mutex<World>>);

/// What becomes of one call.
enum Fate {
    Works,
    Fails,
    WorksAndFails,
    Part(usize),
    Forgets,
}

impl World {
    /// Adds a file that is durable already.
    pub(crate) fn place(&mut self, path: PathBuf, data: Vec<u8>) {
        self.inodes.push(Inode { durable: data.clone(), data, dirty: Vec::new() });
        self.names.insert(path.clone(), self.inodes.len() - 1);
        self.durable_names.insert(path, self.inodes.len() - 1);
    }

    /// Counts a call and says what becomes of it.
    fn call(&mut self) -> Fate {
        if self.dead {
            return Fate::Fails;
        }
        self.calls += 1;
        let Some((at, failure, part)) = self.plan else { return Fate::Works };
        if self.calls != at {
            return Fate::Works;
        }
        self.failed = true;
        self.dead = matches!(failure, Failure::Killed | Failure::KilledAfter);
        match failure {
            Failure::Refused => Fate::Fails,
            Failure::FailedButDone | Failure::KilledAfter => Fate::WorksAndFails,
            Failure::Short | Failure::Killed => Fate::Part(part),
            Failure::SyncLost => Fate::Forgets,
        }
    }

    /// A call that is done whole or not at all.
    fn whole(&mut self, path: &Path, action: impl FnOnce(&mut Self)) -> Result<(), files::Error> {
        match self.call() {
            Fate::Works => {
                action(self);
                Ok(())
            }
            Fate::WorksAndFails => {
                action(self);
                Err(broken(path))
            }
            Fate::Fails | Fate::Part(_) | Fate::Forgets => Err(broken(path)),
        }
    }

    fn make(&mut self, path: &Path) -> usize {
        self.inodes.push(Inode::default());
        let inode = self.inodes.len() - 1;
        self.names.insert(path.to_owned(), inode);
        self.changes.push(NameChange::Made(path.to_owned(), inode));
        inode
    }

    fn rename(&mut self, from: &Path, to: &Path) {
        let inode = self.names.remove(from).unwrap();
        self.names.insert(to.to_owned(), inode);
        self.changes.push(NameChange::Renamed(from.to_owned(), to.to_owned()));
        if to.ends_with("checkpoint") {
            self.seen.push(self.inodes[inode].data.clone());
        }
    }

    fn write(&mut self, inode: usize, path: &Path, bytes: &[u8]) -> Result<(), files::Error> {
        let (count, result) = match self.call() {
            Fate::Works => (bytes.len(), Ok(())),
            Fate::WorksAndFails => (bytes.len(), Err(broken(path))),
            Fate::Part(part) => (bytes.len() * part / 1000, Err(full(path))),
            Fate::Fails | Fate::Forgets => (0, Err(full(path))),
        };
        let inode = &mut self.inodes[inode];
        let start = inode.data.len();
        inode.data.extend_from_slice(&bytes[..count]);
        inode.dirty.push(start..start + count);
        result
    }

    fn sync(&mut self, inode: usize, path: &Path) -> Result<(), files::Error> {
        let fate = self.call();
        let inode = &mut self.inodes[inode];
        match fate {
            Fate::Works | Fate::WorksAndFails => {
                for range in inode.dirty.drain(..) {
                    inode.durable.resize(inode.durable.len().max(range.end), 0);
                    inode.durable[range.clone()].copy_from_slice(&inode.data[range]);
                }
            }
            Fate::Forgets => inode.dirty.clear(),
            Fate::Fails | Fate::Part(_) => {}
        }
        if matches!(fate, Fate::Works) { Ok(()) } else { Err(broken(path)) }
    }

    fn sync_folder(&mut self, folder: &Path) {
        let inside = |change: &NameChange| match change {
            NameChange::Made(path, _) | NameChange::Renamed(_, path) => path.parent() == Some(folder),
        };
        let (now, later) = self.changes.drain(..).partition::<Vec<_>, _>(inside);
        self.changes = later;
        for change in &now {
            apply(&mut self.durable_names, change);
        }
    }

    /// The process is gone; the computer is not.
    pub(crate) fn restart(&mut self) {
        self.dead = false;
        self.plan = None;
        self.failed = false;
        self.calls = 0;
    }

    /// The power is gone: of what was not synced some is there and some is not.
    pub(crate) fn lose_power(&mut self, random: &mut Random) {
        let survived = random.below(self.changes.len() + 1);
        let mut names = std::mem::take(&mut self.durable_names);
        self.changes.drain(..).take(survived).for_each(|change| apply(&mut names, &change));
        self.names.clone_from(&names);
        self.durable_names = names;
        for inode in &mut self.inodes {
            for range in std::mem::take(&mut inode.dirty) {
                let bytes = &inode.data[range.clone()];
                let kept = match random.below(4) {
                    0 => continue,
                    1 => bytes.to_vec(),
                    2 => bytes[..random.below(bytes.len() + 1)].to_vec(),
                    // The length survived, and some of the blocks did not.
                    _ => bytes
                        .chunks(64)
                        .flat_map(
                            |block| if random.below(2) == 0 { vec![0; block.len()] } else { block.to_vec() },
                        )
                        .collect(),
                };
                let end = range.start + kept.len();
                inode.durable.resize(inode.durable.len().max(end), 0);
                inode.durable[range.start..end].copy_from_slice(&kept);
            }
            inode.data.clone_from(&inode.durable);
        }
        self.restart();
    }
}

fn apply(names: &mut BTreeMap<PathBuf, usize>, change: &NameChange) {
    match change {
        NameChange::Made(path, inode) => {
            names.insert(path.clone(), *inode);
        }
        NameChange::Renamed(from, to) => {
            if let Some(inode) = names.remove(from) {
                names.insert(to.clone(), inode);
            }
        }
    }
}

fn broken(path: &Path) -> files::Error {
    files::Error::Write { path: path.to_owned(), source: io::Error::other("input/output error") }
}

fn full(path: &Path) -> files::Error {
    files::Error::Write { path: path.to_owned(), source: io::ErrorKind::StorageFull.into() }
}

impl Disk for FaultyDisk {
    fn read(&self, path: &Path, limit: u64) -> Result<Option<Vec<u8>>, files::Error> {
        let world = self.0.lock().unwrap();
        if world.dead {
            return Err(broken(path));
        }
        let bytes = world.names.get(path).map(|inode| world.inodes[*inode].data.clone());
        assert!(bytes.as_ref().is_none_or(|bytes| bytes.len() as u64 <= limit));
        Ok(bytes)
    }

    fn read_at(&self, path: &Path, offset: u64, length: usize) -> Result<Vec<u8>, files::Error> {
        let bytes = self.read(path, u64::MAX)?.unwrap();
        let offset = usize::try_from(offset).unwrap();
        Ok(bytes[offset..offset + length].to_vec())
    }

    fn list(&self, folder: &Path) -> Result<Option<Vec<String>>, files::Error> {
        let world = self.0.lock().unwrap();
        let inside = world.names.keys().filter(|path| path.parent() == Some(folder));
        let names: Vec<String> =
            inside.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
        Ok((!names.is_empty()).then_some(names))
    }

    fn mode(&self, _path: &Path) -> Result<u32, files::Error> {
        Ok(0o600)
    }

    fn append(&self, path: &Path, empty: bool) -> Result<Box<dyn Appender>, files::Error> {
        let mut world = self.0.lock().unwrap();
        let inode = match world.names.get(path) {
            Some(inode) if !empty => *inode,
            _ => {
                let mut made = 0;
                world.whole(path, |world| made = world.make(path))?;
                made
            }
        };
        Ok(Box::new(FaultyFile { disk: self.clone(), path: path.to_owned(), inode }))
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), files::Error> {
        let temporary = path.with_extension("new");
        self.append(&temporary, true)?.write(bytes)?;
        self.rename(&temporary, path)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), files::Error> {
        self.0.lock().unwrap().whole(to, |world| world.rename(from, to))
    }

    fn sync_folder(&self, folder: &Path) -> Result<(), files::Error> {
        self.0.lock().unwrap().whole(folder, |world| world.sync_folder(folder))
    }

    fn lock(&self, _path: &Path, _shared: bool) -> Result<Option<Box<dyn Send + Sync>>, files::Error> {
        Ok(Some(Box::new(())))
    }
}

struct FaultyFile {
    disk: FaultyDisk,
    path: PathBuf,
    inode: usize,
}

impl Appender for FaultyFile {
    fn length(&self) -> Result<u64, files::Error> {
        Ok(self.disk.0.lock().unwrap().inodes[self.inode].data.len() as u64)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), files::Error> {
        self.disk.0.lock().unwrap().write(self.inode, &self.path, bytes)
    }

    fn sync(&mut self) -> Result<(), files::Error> {
        self.disk.0.lock().unwrap().sync(self.inode, &self.path)
    }
}

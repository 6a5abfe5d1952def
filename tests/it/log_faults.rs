//! A log on a disk that fails: every write, sync and rename of it in every way, crashes of the process and of the power
//! at every point, and after each of them one check of the whole log.
//!
//! The disk keeps what POSIX promises and nothing more: without a sync of a file its new bytes may be lost, in part or
//! whole, and its length may survive without them; without a sync of a folder its new names may be lost. After a sync
//! that failed, the page cache may call lost bytes clean: they can be read until the power is gone, and a later sync of
//! them succeeds without writing anything.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use sbom_attest::files;
use sbom_attest::log::store::{Appender, DirectoryStore, Disk, StoreKind};
use sbom_attest::log::{self, Error, Log};
use sbom_attest::tlog::Hash;
use sbom_attest::tlog::checkpoint::Checkpoint;
use sbom_attest::tlog::note::Note;

use crate::log::{entry, setup};

/// Small numbers without a dependency: xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
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

const FAILURES: [Failure; 6] = [
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
struct World {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    changes: Vec<NameChange>,
    /// Calls so far that change something.
    calls: usize,
    /// Which of them fails, how, and how much of a write is done, in thousandths.
    plan: Option<(usize, Failure, usize)>,
    /// Whether the plan came true.
    failed: bool,
    /// Whether the process is dead.
    dead: bool,
    /// Every checkpoint that readers could have seen.
    seen: Vec<Vec<u8>>,
}

#[derive(Clone)]
struct FaultyDisk(Arc<Mutex<World>>);

/// What becomes of one call.
enum Fate {
    Works,
    Fails,
    WorksAndFails,
    Part(usize),
    Forgets,
}

impl World {
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
        now.iter().for_each(|change| apply(&mut self.durable_names, change));
    }

    /// The process is gone; the computer is not.
    fn restart(&mut self) {
        self.dead = false;
        self.plan = None;
        self.failed = false;
        self.calls = 0;
    }

    /// The power is gone: of what was not synced some is there and some is not.
    fn lose_power(&mut self, random: &mut Random) {
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

/// A log on a faulty disk, and what it has promised.
struct Trial {
    disk: FaultyDisk,
    random: Random,
    /// Index and bytes of every acknowledged entry.
    acknowledged: Vec<(u64, Vec<u8>)>,
    /// The root of every size that anybody has seen.
    roots: BTreeMap<u64, Hash>,
    next: u64,
}

/// The files of a new log, all of them durable.
static NEW_LOG: LazyLock<World> = LazyLock::new(|| {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("log");
    Log::create(&folder, setup(1)).unwrap();
    let mut world = World::default();
    for inside in [&folder, &folder.join("wal")] {
        for found in std::fs::read_dir(inside).unwrap().map(|found| found.unwrap().path()) {
            if found.is_file() {
                let data = files::read(&found, 1 << 20).unwrap();
                let path = Path::new(FOLDER).join(found.strip_prefix(&folder).unwrap());
                world.inodes.push(Inode { durable: data.clone(), data, dirty: Vec::new() });
                world.names.insert(path, world.inodes.len() - 1);
            }
        }
    }
    world.durable_names.clone_from(&world.names);
    world
});

const FOLDER: &str = "/log";

impl Trial {
    fn new(seed: u64) -> Self {
        Self {
            disk: FaultyDisk(Arc::new(Mutex::new(NEW_LOG.clone()))),
            random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            acknowledged: Vec::new(),
            roots: BTreeMap::new(),
            next: 0,
        }
    }

    fn open(&self) -> Result<Log, Error> {
        let disk = Box::new(self.disk.clone());
        let store = DirectoryStore::open_writer_on(disk, FOLDER, Duration::ZERO)?;
        Log::over(StoreKind::Directory(store.with_segment_bytes(2500)))
    }

    /// Opens the log and appends, until something fails.
    fn run(&mut self, appends: u64) -> Result<(), Error> {
        let mut log = self.open()?;
        for append in 0..appends {
            let count = 1 + append % 3;
            let mut batch: Vec<_> = (self.next..self.next + count).map(entry).collect();
            batch.push(entry(self.next / 2));
            self.next += count;
            match log.append(&batch) {
                Ok(appended) => {
                    for one in appended {
                        self.acknowledged.push((one.entry.index(), one.entry.leaf.clone()));
                        self.see(one.entry.checkpoint.as_bytes());
                    }
                }
                Err(error) => {
                    assert!(matches!(log.append(&[entry(1)]), Err(Error::Poisoned)));
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn see(&mut self, note: &[u8]) {
        let checkpoint: Checkpoint = Note::parse(note).unwrap().text().parse().unwrap();
        let root = *self.roots.entry(checkpoint.size).or_insert(checkpoint.root);
        assert_eq!(root, checkpoint.root, "two roots of size {}", checkpoint.size);
    }

    /// The one check: the log opens, verifies, has every acknowledged entry, and one root for every size seen.
    fn check(&mut self) {
        let seen = std::mem::take(&mut self.disk.0.lock().unwrap().seen);
        seen.iter().for_each(|note| self.see(note));
        let log = self.open().unwrap();
        for (size, root) in &self.roots {
            assert_eq!(log.view().tree().root_at(*size), Some(*root), "the root of size {size}");
        }
        for (index, leaf) in &self.acknowledged {
            assert_eq!(log.view().entry(*index).unwrap(), *leaf, "entry {index}");
        }
        let size = log.view().size();
        drop(log);
        let store = DirectoryStore::open_on(Box::new(self.disk.clone()), FOLDER).unwrap();
        let verified = log::verify_store(store).unwrap();
        assert_eq!((verified.size, verified.published), (size, size));
    }

    /// Runs until the planned failure, then lets the process or the power go. False if the plan came too late.
    fn fail(&mut self, call: usize, failure: Failure, part: usize, appends: u64, power: bool) -> bool {
        {
            let mut world = self.disk.0.lock().unwrap();
            world.restart();
            world.plan = Some((call, failure, part));
        }
        let result = self.run(appends);
        let mut world = self.disk.0.lock().unwrap();
        let failed = world.failed;
        assert_eq!(result.is_err(), failed, "{result:?}");
        if let Err(error) = result {
            assert!(matches!(error, Error::Files(_)), "{error}");
        }
        if power {
            world.lose_power(&mut self.random)
        } else {
            world.restart()
        }
        failed
    }
}

#[test]
fn every_failure_of_every_call_leaves_a_log_that_keeps_its_promises() {
    let mut calls = 0;
    for failure in FAILURES {
        for power in [false, true] {
            for call in 1.. {
                let mut trial = Trial::new(call as u64);
                if !trial.fail(call, failure, 500, 4, power) {
                    break;
                }
                trial.check();
                trial.run(2).unwrap();
                trial.check();
                calls += 1;
            }
        }
    }
    // Four appends with a new segment among them are 22 calls or so, each in 12 ways.
    assert!(calls > 200, "{calls}");
}

#[test]
fn every_failure_of_the_recovery_leaves_a_log_that_keeps_its_promises() {
    // A torn frame, a whole one that was lost, a whole one that was not published.
    let states = [(Failure::Short, 2), (Failure::SyncLost, 3), (Failure::KilledAfter, 3)];
    let mut calls = 0;
    for (first, at) in states {
        for (failure, power) in FAILURES.into_iter().flat_map(|failure| [(failure, false), (failure, true)]) {
            for call in 1.. {
                let mut trial = Trial::new(call as u64);
                trial.run(2).unwrap();
                assert!(trial.fail(at, first, 700, 1, false));
                if !trial.fail(call, failure, 500, 0, power) {
                    break;
                }
                trial.check();
                trial.run(2).unwrap();
                trial.check();
                calls += 1;
            }
        }
    }
    assert!(calls > 200, "{calls}");
}

#[test]
fn thousands_of_random_crashes_leave_a_log_that_keeps_its_promises() {
    let mut failures = 0;
    for seed in 1..=TRIALS {
        let mut trial = Trial::new(seed);
        // Several failures one after the other, in appends and in the recovery from the one before.
        for _ in 0..3 {
            let call = 1 + trial.random.below(16);
            let failure = FAILURES[trial.random.below(FAILURES.len())];
            let (part, power) = (trial.random.below(1001), trial.random.below(2) == 0);
            let appends = trial.random.below(4) as u64;
            failures += usize::from(trial.fail(call, failure, part, appends, power));
        }
        trial.check();
        trial.run(1).unwrap();
        trial.disk.0.lock().unwrap().lose_power(&mut trial.random);
        trial.check();
    }
    assert!(failures > 2000, "{failures}");
}

const TRIALS: u64 = 2000;

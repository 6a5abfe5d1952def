//! A log on a disk that fails: every write, sync and rename of it in every way, crashes of the process and of the power
//! at every point, and after each of them one check of the whole log.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use sbom_attest::files;
use sbom_attest::log::store::{DirectoryStore, StoreKind};
use sbom_attest::log::{self, Error, Log};
use sbom_attest::tlog::Hash;
use sbom_attest::tlog::checkpoint::Checkpoint;
use sbom_attest::tlog::note::Note;

use crate::log::{entry, setup};
use crate::log_disk::{FAILURES, Failure, FaultyDisk, Random, World};

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
                let path = Path::new(FOLDER).join(found.strip_prefix(&folder).unwrap());
                world.place(path, files::read(&found, 1 << 20).unwrap());
            }
        }
    }
    world
});

const FOLDER: &str = "/log";

impl Trial {
    fn new(seed: u64) -> Self {
        Self {
            disk: FaultyDisk(Arc::new(Mutex::new(NEW_LOG.clone()))),
            random: Random::new(seed),
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
        for note in &seen {
            self.see(note);
        }
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
            world.lose_power(&mut self.random);
        } else {
            world.restart();
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

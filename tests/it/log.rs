//! A log in a folder: what it promises, and what it refuses.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sbom_attest::attest::bundle::Bundle;
use sbom_attest::keys::{KeyType, PrivateKey, PublicKey, Signer as _};
use sbom_attest::log::store::{DirectoryStore, StoreKind};
use sbom_attest::log::{self, Error, Log, Setup, View};
use sbom_attest::tlog::checkpoint::Checkpoint;
use sbom_attest::tlog::entry::HashedRekord;
use sbom_attest::tlog::merkle::leaf_hash;
use sbom_attest::tlog::note::VerifierKey;
use tempfile::TempDir;

/// An entry whose signature has the right form; a log does not look at more.
pub(crate) fn entry(number: u64) -> HashedRekord {
    static KEY: LazyLock<PublicKey> =
        LazyLock::new(|| PrivateKey::from_seed(KeyType::Ed25519, &[7; 32]).unwrap().public_key());
    let mut signature = vec![1; 64];
    signature[..8].copy_from_slice(&number.to_be_bytes());
    HashedRekord::new(leaf_hash(&number.to_be_bytes()), signature, KEY.clone()).unwrap()
}

pub(crate) fn entries(numbers: std::ops::Range<u64>) -> Vec<HashedRekord> {
    numbers.map(entry).collect()
}

pub(crate) fn setup(seed: u8) -> Setup {
    Setup {
        origin: Some("log.example".parse().unwrap()),
        key: Some(PrivateKey::from_seed(KeyType::Ed25519, &[seed; 32]).unwrap()),
        now: "2026-01-02T03:04:05.678Z".parse().unwrap(),
    }
}

/// A log in a folder that is removed at the end.
pub(crate) struct Folder {
    pub(crate) root: TempDir,
}

impl Folder {
    /// With the genesis entry and one frame of this many entries for each number.
    pub(crate) fn new(frames: &[u64]) -> Self {
        let folder = Self { root: tempfile::tempdir().unwrap() };
        let mut log = Log::create(folder.log(), setup(1)).unwrap();
        let mut next = 0;
        for count in frames {
            log.append(&entries(next..next + count)).unwrap();
            next += count;
        }
        folder
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.path().join("log")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.log().join(name)
    }

    pub(crate) fn segments(&self) -> Vec<PathBuf> {
        let mut segments: Vec<_> =
            fs::read_dir(self.file("wal")).unwrap().map(|entry| entry.unwrap().path()).collect();
        segments.sort();
        segments
    }

    pub(crate) fn open(&self) -> Result<Log, Error> {
        // Not at once: a process that another test starts holds the lock, too, until it has become that program.
        Log::open(self.log(), log::DEFAULT_WAIT)
    }
}

pub(crate) fn read(path: impl AsRef<Path>) -> Vec<u8> {
    sbom_attest::files::read(path, 1 << 30).unwrap()
}

pub(crate) fn write(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
    use std::io::Write as _;
    fs::File::create(path).unwrap().write_all(bytes.as_ref()).unwrap();
}

pub(crate) fn flip(path: &Path, at: usize) {
    let mut bytes = read(path);
    bytes[at] ^= 1;
    write(path, bytes);
}

#[test]
fn every_entry_has_a_proof_that_its_checkpoint_supports() {
    let folder = Folder::new(&[]);
    let mut log = folder.open().unwrap();
    let appended = log.append(&entries(0..5)).unwrap();
    for (number, one) in appended.iter().enumerate() {
        assert_eq!((one.entry.index(), one.duplicate), (number as u64 + 1, false));
        assert_eq!(one.entry.leaf, entry(number as u64).to_bytes());
        let checkpoint = Checkpoint::open(one.entry.checkpoint.as_bytes(), log.view().verifier()).unwrap();
        assert_eq!((checkpoint.size, checkpoint.root), (6, one.entry.root));
        one.entry.proof.verify(&leaf_hash(&one.entry.leaf), &checkpoint.root).unwrap();
        assert_eq!(one.entry.log_id, *log.view().verifier().log_id());
    }
    let view = View::open(folder.log()).unwrap();
    assert_eq!(appended[2].entry, view.prove(3).unwrap());
    assert_eq!(view.find(&entry(2).leaf_hash()).unwrap(), 3);
    for old in 1..=6 {
        let (proof, old_root, new_root) = view.consistency(old).unwrap();
        proof.verify(&old_root, &new_root).unwrap();
    }
}

#[test]
fn what_is_not_in_the_log_has_no_proof() {
    let view = View::open(Folder::new(&[3]).log()).unwrap();
    assert!(matches!(view.prove(4), Err(Error::Index { index: 4, size: 4 })));
    assert!(matches!(view.prove(u64::MAX), Err(Error::Index { .. })));
    assert!(matches!(view.find(&entry(9).leaf_hash()), Err(Error::Leaf(_))));
    assert!(matches!(view.consistency(0), Err(Error::Size { old: 0, size: 4 })));
    assert!(matches!(view.consistency(5), Err(Error::Size { old: 5, size: 4 })));
}

#[test]
fn an_entry_is_logged_once_and_its_first_place_is_told() {
    let folder = Folder::new(&[2]);
    let mut log = folder.open().unwrap();
    let again = log.append(&[entry(1), entry(5), entry(5), entry(0)]).unwrap();
    let places: Vec<_> = again.iter().map(|one| (one.entry.index(), one.duplicate)).collect();
    assert_eq!(places, [(2, true), (3, false), (3, true), (1, true)]);
    assert!(again.iter().all(|one| one.entry.proof.size == 4));
    // Only duplicates: nothing is written.
    let before = read(&folder.segments()[0]);
    let again = log.append(&[entry(5)]).unwrap();
    assert_eq!((again[0].entry.index(), again[0].duplicate), (3, true));
    assert_eq!(read(&folder.segments()[0]), before);
    // After opening it again too.
    drop(log);
    assert!(folder.open().unwrap().append(&[entry(5)]).unwrap()[0].duplicate);
}

#[test]
fn more_entries_than_a_frame_holds_take_several() {
    let folder = Folder::new(&[]);
    let count = log::frame::MAX_ENTRIES as u64 + 1;
    let appended = folder.open().unwrap().append(&entries(0..count)).unwrap();
    assert_eq!(appended.len() as u64, count);
    let verified = log::verify(folder.log()).unwrap();
    assert_eq!((verified.size, verified.checkpoints, verified.whole), (count + 1, 3, true));
    // Appending nothing is nothing.
    assert_eq!(folder.open().unwrap().append(&[]).unwrap(), []);
}

#[test]
fn the_genesis_entry_is_a_bundle_about_the_log() {
    let folder = Folder::new(&[1]);
    let view = View::open(folder.log()).unwrap();
    let bundle = Bundle::parse(&read(folder.file("genesis.json"))).unwrap();
    assert!(bundle.envelope().unwrap().is_signed_by(view.verifier().key()));
    let logged = bundle.entry.unwrap();
    assert_eq!((logged.log_index, logged.proof.as_ref().unwrap().tree_size), (0, 1));
    assert_eq!(logged.canonicalized_body, view.entry(0).unwrap());
    let entry = HashedRekord::parse(&view.entry(0).unwrap()).unwrap();
    assert_eq!(entry.public_key(), view.verifier().key());
    assert_eq!(view.genesis().origin, "log.example");
    assert_eq!(view.genesis().created.to_string(), "2026-01-02T03:04:05Z");
}

#[test]
fn the_published_key_has_the_ids_that_clients_compute() {
    let folder = Folder::new(&[]);
    let text = String::from_utf8(read(folder.file("log.vkey"))).unwrap();
    let key: VerifierKey = text.trim_end().parse().unwrap();
    let raw = key.key().ed25519_bytes().unwrap();
    let id = sbom_attest::digest::Digest::sha256([&b"log.example\n\x01"[..], &raw].concat());
    assert_eq!(key.log_id().as_bytes()[..], *id.bytes());
    let trusted: serde_json::Value =
        serde_json::from_slice(&View::open(folder.log()).unwrap().trusted_root()).unwrap();
    assert_eq!(trusted["tlogs"][0]["baseUrl"], "https://log.example");
    assert_eq!(trusted["tlogs"][0]["publicKey"]["validFor"]["start"], "2026-01-02T03:04:05Z");
}

#[test]
fn without_a_name_the_log_has_one_that_its_key_alone_has() {
    let root = tempfile::tempdir().unwrap();
    let now = "2026-01-02T03:04:05Z".parse().unwrap();
    let origins: HashSet<String> = (0..3)
        .map(|number| {
            let log = Log::create(root.path().join(number.to_string()), Setup::at(now)).unwrap();
            log.view().origin().to_owned()
        })
        .collect();
    assert_eq!(origins.len(), 3);
    assert!(origins.iter().all(|origin| origin.ends_with(".sbom-attest.invalid")));
}

#[test]
fn a_log_is_never_made_where_something_is() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("deep").join("log");
    Log::create(&folder, setup(1)).unwrap();
    let before = read(folder.join("log.key"));
    assert!(matches!(Log::create(&folder, setup(2)), Err(Error::Exists(_))));
    assert_eq!(read(folder.join("log.key")), before);
    assert!(matches!(Log::create(root.path(), setup(2)), Err(Error::NotEmpty(_))));
    let file = root.path().join("file");
    write(&file, "x");
    assert!(matches!(Log::create(&file, setup(2)), Err(Error::Files(_))));
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2, "no temporary folder stays");
}

#[test]
fn a_log_is_made_in_an_empty_folder_and_keeps_it() {
    let root = tempfile::tempdir().unwrap();
    let log = Log::create(root.path(), setup(1)).unwrap();
    assert_eq!(log.view().size(), 1);
    let names: HashSet<_> =
        fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let expected = ["checkpoint", "genesis.json", "lock", "log.key", "log.vkey", "wal"];
    assert_eq!(names, expected.map(Into::into).into());
    drop(log);
    log::verify(root.path()).unwrap();
}

#[test]
fn a_log_signs_with_ed25519_only() {
    let root = tempfile::tempdir().unwrap();
    let key = Some(PrivateKey::from_seed(KeyType::P256, &[1; 32]).unwrap());
    let made = Log::create(root.path().join("log"), Setup { key, ..setup(1) });
    assert!(matches!(made, Err(Error::KeyType(KeyType::P256))));
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_without_a_log_and_one_that_lost_a_file_are_told_apart() {
    let root = tempfile::tempdir().unwrap();
    assert!(matches!(View::open(root.path()), Err(Error::NotALog(_))));
    assert!(matches!(View::open(root.path().join("none")), Err(Error::NotALog(_))));
    for name in ["log.vkey", "log.key", "genesis.json", "wal"] {
        let folder = Folder::new(&[1]);
        let path = folder.file(name);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        let error = folder.open().err().unwrap();
        assert!(matches!(error, Error::MissingFile(_)), "{name}: {error}");
        assert!(error.help().is_some());
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_refused_and_readers_do_not_need_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new(&[1]);
    let key = folder.file("log.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    for mode in [0o640, 0o604, 0o620, 0o610, 0o601] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let error = folder.open().err().unwrap();
        assert!(matches!(error, Error::KeyPermissions { mode: found, .. } if found == mode), "{error}");
        assert!(error.help().unwrap().contains("chmod 600"));
        assert_eq!(View::open(folder.log()).unwrap().size(), 2);
    }
    fs::set_permissions(&key, fs::Permissions::from_mode(0o400)).unwrap();
    folder.open().unwrap();
}

#[test]
fn a_second_writer_waits_its_turn_and_then_says_so() {
    let folder = Folder::new(&[1]);
    let first = folder.open().unwrap();
    let wait = Duration::from_millis(60);
    let began = Instant::now();
    let error = Log::open(folder.log(), wait).err().unwrap();
    assert!(matches!(error, Error::Locked(waited) if waited == wait), "{error}");
    assert!(began.elapsed() >= wait);
    assert!(error.to_string().contains("waited"), "{error}");
    // Readers do not wait.
    assert_eq!(View::open(folder.log()).unwrap().size(), 2);
    assert!(!log::verify(folder.log()).unwrap().whole);

    std::thread::scope(|scope| {
        let second = scope.spawn(|| Log::open(folder.log(), Duration::from_mins(1)).map(|_| ()));
        drop(first);
        second.join().unwrap().unwrap();
    });
}

#[test]
fn readers_see_whole_states_while_a_writer_goes_on() {
    let folder = Folder::new(&[1]);
    let store = DirectoryStore::open_writer(folder.log(), log::DEFAULT_WAIT).unwrap();
    let mut log = Log::over(StoreKind::Directory(store.with_segment_bytes(4000))).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 100..200 {
                log.append(&entries(number * 3..number * 3 + 3)).unwrap();
            }
            done.store(true, Ordering::SeqCst);
        });
        let mut seen = 0;
        while !done.load(Ordering::SeqCst) && !writer.is_finished() {
            let view = View::open(folder.log()).unwrap();
            assert!(view.size() >= seen);
            seen = view.size();
            let last = view.prove(seen - 1).unwrap();
            last.proof.verify(&leaf_hash(&last.leaf), &view.root()).unwrap();
            log::verify(folder.log()).unwrap();
        }
        writer.join().unwrap();
    });
    drop(log);
    assert!(folder.segments().len() > 10);
    assert_eq!(log::verify(folder.log()).unwrap().size, 302);
}

#[test]
fn a_write_that_never_finished_is_cut_off_wherever_it_ended() {
    let folder = Folder::new(&[1]);
    let published = read(folder.file("checkpoint"));
    let segment = folder.segments().remove(0);
    let whole = read(&segment).len();
    let mut log = folder.open().unwrap();
    log.append(&entries(50..52)).unwrap();
    drop(log);
    let full = read(&segment);
    for end in (whole..=full.len()).step_by(7).chain([full.len() - 1, full.len()]) {
        write(&segment, &full[..end]);
        write(folder.file("checkpoint"), &published);
        for extra in folder.segments().into_iter().skip(1) {
            fs::remove_file(extra).unwrap();
        }
        let mut log = folder.open().unwrap();
        assert_eq!(log.view().size(), if end == full.len() { 4 } else { 2 }, "{end}");
        assert_eq!(read(&segment), &full[..end], "nothing is changed in place");
        let again = log.append(&[entry(50), entry(60)]).unwrap();
        assert_eq!(again[0].entry.index(), 2);
        drop(log);
        let verified = log::verify(folder.log()).unwrap();
        assert_eq!(verified.size, if end == full.len() { 5 } else { 4 });
        assert_eq!(folder.open().unwrap().view().size(), verified.size);
    }
}

#[test]
fn a_lost_or_torn_checkpoint_file_is_derived_again() {
    let folder = Folder::new(&[2]);
    let path = folder.file("checkpoint");
    let published = read(&path);
    let torn = [&published[..published.len() / 2], &[0; 20][..]].concat();
    for left in [None, Some(&b""[..]), Some(&published[..30]), Some(&torn)] {
        match left {
            None => fs::remove_file(&path).unwrap(),
            Some(bytes) => write(&path, bytes),
        }
        assert_eq!(View::open(folder.log()).unwrap().size(), 3);
        assert_eq!(read(&path), published);
        write(&path, left.unwrap_or_default());
        folder.open().unwrap();
        assert_eq!(read(&path), published);
    }
    // While a writer is at work nothing can be published in its place.
    let _writer = folder.open().unwrap();
    fs::remove_file(&path).unwrap();
    assert!(matches!(View::open(folder.log()), Err(Error::Unpublished)));
    assert!(matches!(log::verify(folder.log()), Err(Error::Unpublished)));
}

#[test]
fn an_older_published_checkpoint_is_caught_up_with() {
    let folder = Folder::new(&[1]);
    let old = read(folder.file("checkpoint"));
    folder.open().unwrap().append(&entries(10..12)).unwrap();
    write(folder.file("checkpoint"), &old);
    // Readers see what was published, and the rest once a writer has looked at it.
    assert_eq!(View::open(folder.log()).unwrap().size(), 2);
    let verified = log::verify(folder.log()).unwrap();
    assert_eq!((verified.size, verified.published), (4, 2));
    folder.open().unwrap();
    assert_eq!(View::open(folder.log()).unwrap().size(), 4);
    assert_eq!(folder.segments().len(), 2, "what was not known to be durable was written again");
}

#[test]
fn a_log_in_memory_is_a_log() {
    let (mut log, store) = Log::in_memory(setup(1)).unwrap();
    log.append(&entries(0..10)).unwrap();
    let root = log.view().root();
    drop(log);
    let log = Log::over(StoreKind::Memory(store.clone())).unwrap();
    assert_eq!((log.view().size(), log.view().root()), (11, root));
    assert_eq!(View::over(StoreKind::Memory(store)).unwrap().prove(5).unwrap().leaf, entry(4).to_bytes());
}

//! Files of a log that contradict each other: each is refused with its own code, and nothing is changed.

use std::fs;

use sbom_attest::log::{self, Error, Log, Setup, View};
use sbom_attest::tlog::Hash;
use sbom_attest::tlog::checkpoint::Checkpoint;
use sbom_attest::tlog::merkle::leaf_hash;
use sbom_attest::tlog::note::{NoteSigner, VerifierKey};

use crate::log::{Folder, entry, flip, read, setup, write};

/// Signs a checkpoint with the log's own key, as only its thief could.
fn signed(size: u64, root: Hash) -> String {
    let key = setup(1).key.unwrap();
    let signer = NoteSigner::new("log.example".parse().unwrap(), &key).unwrap();
    let checkpoint = Checkpoint { origin: "log.example".to_owned(), size, root };
    signer.sign(&checkpoint.to_string()).unwrap().to_string()
}

type Tamper = fn(&Folder);

/// What was done, the code of the refusal (or several), and how it is done.
const CASES: &[(&str, &str, Tamper)] = &[
    ("a byte of an entry in the middle", "log-damaged", |folder| flip(&folder.segments()[0], 900)),
    ("a byte of the first header", "log-damaged", |folder| flip(&folder.segments()[0], 9)),
    ("a byte of the last frame", "log-ahead", |folder| {
        let path = &folder.segments()[0];
        flip(path, read(path).len() - 1);
    }),
    ("the last frame is gone", "log-ahead", |folder| {
        let path = &folder.segments()[0];
        let bytes = read(path);
        let shorter = Folder::new(&[3, 2]);
        let kept = read(&shorter.segments()[0]).len();
        write(path, &bytes[..kept]);
    }),
    ("everything is gone", "log-ahead", |folder| write(&folder.segments()[0], "")),
    ("more than a frame of zeros follows", "log-damaged", |folder| {
        let path = &folder.segments()[0];
        let zeros = vec![0; log::frame::MAX_LENGTH + 1];
        write(path, [read(path), zeros].concat());
    }),
    ("a frame stands twice", "log-gap", |folder| {
        let path = &folder.segments()[0];
        write(path, read(path).repeat(2));
    }),
    ("the first segment is gone", "log-gap", |folder| {
        fs::rename(&folder.segments()[0], folder.file("wal/00000000000000000004-0000.wal")).unwrap();
    }),
    ("an empty segment hides entries", "log-ahead", |folder| {
        write(folder.file("wal/00000000000000000004-0000.wal"), "");
    }),
    ("an empty segment begins within a frame", "log-gap", |folder| {
        write(folder.file("wal/00000000000000000005-0000.wal"), "");
    }),
    ("an empty segment leaves a gap", "log-gap", |folder| {
        write(folder.file("wal/00000000000000000009-0000.wal"), "");
    }),
    ("a segment has no segment's name", "log-stray-file", |folder| {
        write(folder.file("wal/1-0.wal"), "");
    }),
    ("a frame of another log", "log-foreign-checkpoint", |folder| {
        foreign_frame(folder, Setup { origin: Some("other.example".parse().unwrap()), ..setup(1) });
    }),
    ("a frame signed with another key", "log-foreign-checkpoint", |folder| {
        foreign_frame(folder, setup(2));
    }),
    ("a frame whose checkpoint has another root", "log-root", |folder| {
        own_frame(folder, &signed(8, Hash::new([1; 32])));
    }),
    ("a frame whose checkpoint has another size", "log-root", |folder| {
        own_frame(folder, &signed(9, Hash::new([1; 32])));
    }),
    ("a frame whose checkpoint is no note", "log-foreign-checkpoint", |folder| {
        own_frame(folder, "no note");
    }),
    ("the published checkpoint is ahead", "log-ahead", |folder| {
        write(folder.file("checkpoint"), signed(8, Hash::new([1; 32])));
    }),
    ("the published checkpoint has another root", "log-fork", |folder| {
        write(folder.file("checkpoint"), signed(4, Hash::new([1; 32])));
    }),
    ("the published checkpoint has another text", "log-published", |folder| {
        let text = String::from_utf8(read(folder.file("checkpoint"))).unwrap();
        write(folder.file("checkpoint"), text.replacen("\n7\n", "\n6\n", 1));
    }),
    ("the published checkpoint is another log's", "log-published", |folder| {
        let other = Log::create(folder.root.path().join("other"), setup(2)).unwrap();
        write(folder.file("checkpoint"), other.view().checkpoint());
    }),
    ("the verifier key is another log's", "log-key-mismatch log-published", |folder| {
        let other = Log::create(folder.root.path().join("other"), setup(2)).unwrap();
        write(folder.file("log.vkey"), other.view().verifier().to_string());
    }),
    ("the verifier key has another name", "log-published", |folder| {
        let text = View::open(folder.log()).unwrap().verifier().clone();
        let other = VerifierKey::new("other.example".parse().unwrap(), text.key().clone()).unwrap();
        write(folder.file("log.vkey"), format!("{other}\n"));
    }),
    ("the verifier key is none", "log-vkey", |folder| write(folder.file("log.vkey"), "x")),
    ("the genesis statement is another log's", "log-genesis", |folder| {
        Log::create(folder.root.path().join("other"), setup(2)).unwrap();
        fs::copy(folder.root.path().join("other/genesis.json"), folder.file("genesis.json")).unwrap();
    }),
    ("the genesis statement is another one of this log", "log-genesis", |folder| {
        let later = Setup { now: "2027-01-01T00:00:00Z".parse().unwrap(), ..setup(1) };
        Log::create(folder.root.path().join("other"), later).unwrap();
        fs::copy(folder.root.path().join("other/genesis.json"), folder.file("genesis.json")).unwrap();
    }),
    ("the genesis statement is none", "log-genesis", |folder| write(folder.file("genesis.json"), "{}")),
    ("the genesis statement has another byte", "log-genesis", |folder| {
        let text = String::from_utf8(read(folder.file("genesis.json"))).unwrap();
        let at = text.find("\"payload\":\"").unwrap() + 30;
        flip(&folder.file("genesis.json"), at);
    }),
];

#[test]
fn files_that_contradict_each_other_are_refused_by_their_own_names() {
    for (name, expected, tamper) in CASES {
        let folder = Folder::new(&[3, 2, 1]);
        assert_eq!(log::verify(folder.log()).unwrap().size, 7);
        tamper(&folder);
        let before = read(&folder.segments()[0]);
        for error in [folder.open().err(), log::verify(folder.log()).err()] {
            let error = error.unwrap_or_else(|| panic!("{name}: accepted"));
            assert!(expected.split(' ').any(|code| code == error.code()), "{name}: {} {error}", error.code());
            assert!(error.is_contradiction(), "{name}: {error}");
            assert!(error.help().is_some(), "{name}");
        }
        assert_eq!(read(&folder.segments()[0]), before, "{name}: nothing was changed");
    }
}

/// Adds a frame with one entry and this note to the log's only segment.
fn own_frame(folder: &Folder, note: &str) {
    let frame = log::frame::encode(7, &[entry(99).to_bytes()], note.as_bytes()).unwrap();
    let path = &folder.segments()[0];
    write(path, [read(path), frame].concat());
}

/// Adds the frame that a log of another setup would have written.
fn foreign_frame(folder: &Folder, other: Setup) {
    let tree: sbom_attest::tlog::Tree = {
        let view = View::open(folder.log()).unwrap();
        let mut tree = view.tree().clone();
        tree.push(entry(99).leaf_hash());
        tree
    };
    let origin = other.origin.unwrap();
    let key = other.key.unwrap();
    let signer = NoteSigner::new(origin.key_name().unwrap(), &key).unwrap();
    let checkpoint = Checkpoint { origin: origin.to_string(), size: 8, root: tree.root() };
    own_frame(folder, &signer.sign(&checkpoint.to_string()).unwrap().to_string());
}

#[test]
fn an_entry_of_another_kind_is_found_by_verification() {
    let folder = Folder::new(&[6]);
    let mut tree = View::open(folder.log()).unwrap().tree().clone();
    tree.push(leaf_hash(b"{}"));
    let frame = log::frame::encode(7, &[b"{}"], signed(8, tree.root()).as_bytes()).unwrap();
    let path = &folder.segments()[0];
    write(path, [read(path), frame].concat());
    let error = log::verify(folder.log()).unwrap_err();
    assert!(matches!(error, Error::EntryForm { index: 7, .. }), "{error}");
}

#[test]
fn any_changed_byte_of_the_segments_is_refused_or_was_not_in_them() {
    let folder = Folder::new(&[2, 1]);
    let path = &folder.segments()[0];
    let bytes = read(path);
    for at in (0..bytes.len()).step_by(11) {
        flip(path, at);
        let error = log::verify(folder.log()).expect_err(&format!("byte {at}"));
        assert!(error.is_contradiction(), "byte {at}: {error}");
        write(path, &bytes);
    }
    log::verify(folder.log()).unwrap();
}

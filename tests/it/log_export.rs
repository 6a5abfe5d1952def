//! The plain tree of tiles that a log is exported to.

use std::fs;

use sbom_attest::log::{Error, Log, View};
use sbom_attest::tlog::merkle::leaf_hash;
use sbom_attest::tlog::tile;

use crate::log::{Folder, entries, flip, read, setup, write};

#[test]
fn an_export_holds_every_tile_and_entry_and_grows() {
    let folder = Folder::new(&[300, 250]);
    let out = folder.root.path().join("tree");
    let view = View::open(folder.log()).unwrap();
    let exported = view.export(&out).unwrap();
    let paths: Vec<String> = tile::of_size(551).map(|tile| tile.to_string()).collect();
    assert_eq!((exported.size, exported.written, exported.kept), (551, paths.len() as u64 + 1, 0));
    assert!(paths.iter().all(|path| out.join(path).is_file()));
    assert_eq!(read(out.join("checkpoint")), view.checkpoint().as_bytes());
    let bundle = read(out.join("tile/entries/001"));
    let found = tile::decode_bundle(&bundle, 256).unwrap();
    assert_eq!(found[1], view.entry(257).unwrap());
    assert_eq!(read(out.join("tile/0/000"))[..32], *leaf_hash(&view.entry(0).unwrap()).as_bytes());

    folder.open().unwrap().append(&entries(1000..1300)).unwrap();
    let exported = View::open(folder.log()).unwrap().export(&out).unwrap();
    assert_eq!(exported.size, 851);
    assert!(exported.kept >= 4, "full tiles stay: {exported:?}");
    assert!(out.join("tile/0/002.p/39").is_file(), "an older partial tile stays for its readers");
    // Again: nothing but the checkpoint.
    assert_eq!(View::open(folder.log()).unwrap().export(&out).unwrap().written, 1);
}

#[test]
fn an_interrupted_export_has_no_checkpoint_and_can_be_finished() {
    let folder = Folder::new(&[300]);
    let out = folder.root.path().join("tree");
    let view = View::open(folder.log()).unwrap();
    view.export(&out).unwrap();
    fs::remove_file(out.join("checkpoint")).unwrap();
    fs::remove_file(out.join("tile/entries/000")).unwrap();
    write(out.join("tile/entries/.new"), "half a fi");
    let exported = view.export(&out).unwrap();
    assert_eq!((exported.written, exported.size), (2, 301));
}

#[test]
fn an_export_never_mixes_logs() {
    let folder = Folder::new(&[3]);
    let view = View::open(folder.log()).unwrap();
    let out = folder.root.path().join("tree");
    fs::create_dir(&out).unwrap();
    write(out.join("notes.txt"), "mine");
    assert!(matches!(view.export(&out), Err(Error::NotEmpty(_))));
    fs::remove_file(out.join("notes.txt")).unwrap();
    view.export(&out).unwrap();

    let other = Folder { root: tempfile::tempdir().unwrap() };
    let log = Log::create(other.log(), setup(2)).unwrap();
    assert!(matches!(log.view().export(&out), Err(Error::TargetForeign(_))));
    flip(&out.join("tile/0/000.p/4"), 5);
    assert!(matches!(view.export(&out), Err(Error::TargetDiffers(_))));
    // The same log, but behind what was exported already.
    let behind = Folder::new(&[]);
    assert!(matches!(View::open(behind.log()).unwrap().export(&out), Err(Error::TargetForeign(_))));
    assert!(matches!(view.export(folder.file("log.vkey")), Err(Error::Files(_))));
}

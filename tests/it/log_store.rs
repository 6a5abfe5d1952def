//! What every store of a log must do, tried on each of them.

use sbom_attest::log::store::{DirectoryStore, MemoryStore, Part, Store, StoreKind};
use sbom_attest::log::{DEFAULT_WAIT, Error, Log, frame};

use crate::log::{entries, setup};

fn frames(store: &mut dyn Store, until: Option<u64>) -> Result<Vec<(u64, u64)>, Error> {
    let mut seen = Vec::new();
    store.scan(until, &mut |frame, _| {
        seen.push((frame.first, frame.end()));
        Ok(())
    })?;
    Ok(seen)
}

fn frame(first: u64, count: u64) -> Vec<u8> {
    let entries: Vec<_> = (first..first + count).map(u64::to_be_bytes).collect();
    frame::encode(first, &entries, b"note").unwrap()
}

/// The contract, on a store that holds one frame with one entry and whose scan and settling are done by `open`.
fn contract(open: impl Fn() -> Box<dyn Store>) {
    let mut store = open();
    assert_eq!(frames(&mut *store, None).unwrap(), [(0, 1)]);
    assert!(!store.settle(1).unwrap());

    // What was appended is there, in order, at the place that was said, also for who opens the store later.
    let mut places = Vec::new();
    for (first, count) in [(1, 2), (3, 1), (4, 3)] {
        let bytes = frame(first, count);
        let place = store.append(first, &bytes).unwrap();
        assert_eq!(place.length, bytes.len());
        assert_eq!(store.read(place).unwrap(), bytes);
        places.push((place, bytes));
    }
    drop(store);
    let mut store = open();
    let all = [(0, 1), (1, 3), (3, 4), (4, 7)];
    assert_eq!(frames(&mut *store, None).unwrap(), all);
    for (place, bytes) in &places {
        assert_eq!(store.read(*place).unwrap(), *bytes);
    }
    // A scan ends at the first frame that reaches the size asked for.
    assert_eq!(frames(&mut *store, Some(0)).unwrap(), []);
    assert_eq!(frames(&mut *store, Some(1)).unwrap(), all[..1]);
    assert_eq!(frames(&mut *store, Some(2)).unwrap(), all[..2]);
    assert_eq!(frames(&mut *store, Some(7)).unwrap(), all);
    assert_eq!(frames(&mut *store, Some(8)).unwrap(), all);
    // What the visitor refuses ends it.
    let refused = store.scan(None, &mut |frame, _| Err(Error::Index { index: frame.first, size: 0 }));
    assert!(matches!(refused, Err(Error::Index { index: 0, .. })));

    // What was published is replaced whole.
    for note in [&b"first"[..], b"second and longer", b"3"] {
        store.publish(note).unwrap();
        assert_eq!(store.part(Part::Checkpoint).unwrap().unwrap(), note);
        assert_eq!(open().part(Part::Checkpoint).unwrap().unwrap(), note);
    }
    for part in [Part::VerifierKey, Part::Key, Part::Genesis] {
        assert!(store.part(part).unwrap().is_some());
    }
    drop(store);

    // Settled again, frames that may not be durable have a new place, the same content, and room behind them.
    let mut store = open();
    frames(&mut *store, None).unwrap();
    if store.settle(3).unwrap() {
        assert_eq!(frames(&mut *store, None).unwrap(), all);
        assert!(!store.settle(7).unwrap());
    }
    store.append(7, &frame(7, 1)).unwrap();
    assert_eq!(frames(&mut *open(), None).unwrap(), [&all[..], &[(7, 8)]].concat());

    // A frame that does not follow is seen.
    store.append(9, &frame(9, 1)).unwrap();
    let gap = frames(&mut *open(), None).unwrap_err();
    assert!(matches!(gap, Error::Gap { expected: 8, found: 9, .. }), "{gap}");
}

#[test]
fn memory_keeps_the_contract() {
    let parts = [Part::VerifierKey, Part::Key, Part::Genesis].map(|part| (part, vec![1]));
    let store = MemoryStore::new(parts, vec![frame(0, 1)]);
    contract(|| Box::new(store.clone()));
}

#[test]
fn a_directory_keeps_the_contract_whatever_the_size_of_its_segments() {
    for segment_bytes in [0, 100, u64::MAX] {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("log");
        Log::create(&folder, setup(1)).unwrap();
        contract(|| Box::new(DirectoryStore::open(&folder).unwrap().with_segment_bytes(segment_bytes)));
    }
}

#[test]
fn a_log_is_the_same_in_every_store() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("log");
    Log::create(&folder, setup(1)).unwrap();
    let store = DirectoryStore::open_writer(&folder, DEFAULT_WAIT).unwrap().with_segment_bytes(2000);
    let mut on_disk = Log::over(StoreKind::Directory(store)).unwrap();
    let (mut in_memory, _) = Log::in_memory(setup(1)).unwrap();
    for next in 0..20 {
        let batch = entries(next * 2..next * 2 + 3);
        assert_eq!(on_disk.append(&batch).unwrap(), in_memory.append(&batch).unwrap());
    }
    assert_eq!(on_disk.view().checkpoint(), in_memory.view().checkpoint());
}

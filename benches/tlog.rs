//! What a log costs: appending against the bare write of the same bytes, opening against the bare hashing of them.
//!
//! `cargo bench --bench tlog` also prints the two ratios, since absolute times tell of the disk more than of the log.

use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use divan::Bencher;
use divan::counter::ItemsCount;
use sbom_attest::keys::{KeyType, PrivateKey, PublicKey, Signer as _};
use sbom_attest::log::{Log, Setup, View, frame};
use sbom_attest::tlog::Tree;
use sbom_attest::tlog::entry::HashedRekord;
use sbom_attest::tlog::merkle::{inclusion_proof, leaf_hash, verify_inclusion};
use tempfile::TempDir;

fn main() {
    ratios();
    divan::main();
}

/// An entry as a P-256 signer's, 490 bytes or so.
fn entry(number: u64) -> HashedRekord {
    static SIGNED: LazyLock<(PublicKey, Vec<u8>)> = LazyLock::new(|| {
        let key = PrivateKey::from_seed(KeyType::P256, &[7; 32]).expect("a scalar");
        (key.public_key(), key.sign(b"message").expect("a signature"))
    });
    let (key, signature) = &*SIGNED;
    HashedRekord::new(leaf_hash(&number.to_be_bytes()), signature.clone(), key.clone()).expect("an entry")
}

fn new_log() -> (TempDir, Log) {
    let root = tempfile::tempdir_in(".").expect("a folder on a real disk");
    let setup = Setup::at("2026-01-01T00:00:00Z".parse().expect("a time"));
    let log = Log::create(root.path().join("log"), setup).expect("a log");
    (root, log)
}

fn bare(path: &Path) -> File {
    OpenOptions::new().create(true).append(true).open(path).expect("a file")
}

fn batches(count: u64, size: u64) -> Vec<Vec<HashedRekord>> {
    (0..count).map(|batch| (batch * size..(batch + 1) * size).map(entry).collect()).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Interleaved, since a shared disk changes its mind from second to second.
fn ratios() {
    for size in [1, 64, 1024] {
        let (root, mut log) = new_log();
        let mut file = bare(&root.path().join("bare"));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for batch in batches(60, size) {
            let leaves: Vec<_> = batch.iter().map(HashedRekord::to_bytes).collect();
            let bytes = frame::encode(0, &leaves, &[0; 200]).expect("a frame");
            let began = Instant::now();
            log.append(&batch).expect("an append");
            ours.push(began.elapsed());
            let began = Instant::now();
            file.write_all(&bytes).and_then(|()| file.sync_data()).expect("a write");
            theirs.push(began.elapsed());
        }
        report(&format!("append of {size} / bare write and fdatasync"), median(ours), median(theirs), size);
    }
    let (root, leaves) = large_log();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let began = Instant::now();
        let log = Log::open(root.path().join("log"), Duration::ZERO).expect("the log");
        ours.push(began.elapsed());
        drop(log);
        let began = Instant::now();
        black_box(leaves.iter().map(|leaf| leaf_hash(leaf)).collect::<Tree>().root());
        theirs.push(began.elapsed());
    }
    report("open of 100,000 entries / bare hashing of the tree", median(ours), median(theirs), LARGE);
}

#[expect(clippy::print_stderr, clippy::cast_precision_loss, reason = "figures for a person")]
fn report(what: &str, ours: Duration, bare: Duration, items: u64) {
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    let rate = items as f64 / ours.as_secs_f64();
    eprintln!("{what}: {ratio:.2} ({ours:.2?} / {bare:.2?}, {rate:.0} entries/s)");
}

/// A log of 100,000 entries and their bytes.
fn large_log() -> (TempDir, Vec<Vec<u8>>) {
    let (root, mut log) = new_log();
    for batch in batches(LARGE / 1000, 1000) {
        log.append(&batch).expect("an append");
    }
    let leaves = log.view().entries(0..log.view().size()).collect::<Result<_, _>>().expect("entries");
    (root, leaves)
}

const LARGE: u64 = 100_000;

#[divan::bench(args = [1, 64, 1024], sample_count = 20, sample_size = 1)]
fn append(bencher: Bencher<'_, '_>, size: u64) {
    let (_root, mut log) = new_log();
    let mut next = 0;
    bencher
        .counter(ItemsCount::new(size))
        .with_inputs(|| {
            next += size;
            (next..next + size).map(entry).collect::<Vec<_>>()
        })
        .bench_local_values(|batch| log.append(&batch).expect("an append"));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn open_for_writing(bencher: Bencher<'_, '_>) {
    let (root, _) = large_log();
    let open = || Log::open(root.path().join("log"), Duration::ZERO).expect("the log");
    bencher.counter(ItemsCount::new(LARGE)).bench_local(open);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn open_for_reading_and_prove(bencher: Bencher<'_, '_>) {
    let (root, _) = large_log();
    bencher.counter(ItemsCount::new(LARGE)).bench_local(|| {
        let view = View::open(root.path().join("log")).expect("the log");
        view.prove(LARGE / 2).expect("a proof")
    });
}

#[divan::bench]
fn prove_and_verify_inclusion_in_a_million(bencher: Bencher<'_, '_>) {
    static TREE: LazyLock<Tree> =
        LazyLock::new(|| (0..1_000_000_u64).map(|number| leaf_hash(&number.to_be_bytes())).collect());
    let root = TREE.root();
    bencher.bench(|| {
        let proof = inclusion_proof(&*TREE, 777_777, 1_000_000).expect("a proof");
        verify_inclusion(&leaf_hash(&777_777_u64.to_be_bytes()), 777_777, 1_000_000, &proof, &root)
    });
}

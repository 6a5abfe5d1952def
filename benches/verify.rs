//! Verifying one bundle in memory, beside the signature and hash operations alone that it cannot do without.
//!
//! The ratio of `whole` to `operations` is what parsing, comparing and reporting cost.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop here")]

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sbom_attest::attest::statement::Statement;
use sbom_attest::digest::Digest;
use sbom_attest::document::{Document, Limits};
use sbom_attest::keys::{KeyType, PublicKey, Signer as _};
use sbom_attest::tlog::merkle::{leaf_hash, root_from_inclusion};
use sbom_attest::tlog::{Hash, note::Note};
use sbom_attest::verify::{BundleFile, Request, TrustRoot, verify};

#[path = "../tests/it/attested.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod attested;
#[path = "../tests/it/der.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod der;
#[path = "../tests/it/stand_in.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod stand_in;

use attested::{Case, envelope, log_key, logged, signer};
use stand_in::Plan;

fn main() {
    divan::main();
}

const KINDS: [KeyType; 2] = [KeyType::P256, KeyType::Ed25519];
/// Components of the SBOM: one of a small program, one of a large.
const COMPONENTS: [usize; 2] = [1, 400];

fn case(kind: KeyType, components: usize) -> Case {
    let component = |n| {
        format!(
            r#"{{"type":"library","bom-ref":"pkg:cargo/crate-{n}@1.{n}.0","name":"crate-{n}","version":"1.{n}.0","hashes":[{{"alg":"SHA-256","content":"{n:064x}"}}],"licenses":[{{"expression":"MIT OR Apache-2.0"}}],"purl":"pkg:cargo/crate-{n}@1.{n}.0"}}"#
        )
    };
    let components: Vec<String> = (0..components).map(component).collect();
    let sbom = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{}]}}"#,
        components.join(",")
    );
    let sbom = Document::parse(sbom.into_bytes(), &Limits::default()).unwrap();
    let about = attested::statement();
    let statement = Statement::new(about.subjects, about.predicate_type, &sbom);
    let key = signer(kind);
    let bundle = logged(envelope(statement.to_bytes().unwrap(), &key), &key.public_key());
    Case { bundles: vec![bundle.to_bytes()], ..Case::of(kind) }
}

/// Everything from the bundle's bytes to the verdict; the keys and the trusted root are read once.
#[divan::bench(args = KINDS, consts = COMPONENTS)]
fn whole<const N: usize>(bencher: Bencher, kind: KeyType) {
    let case = case(kind, N);
    let trust = TrustRoot::parse(&case.trust).unwrap();
    let bundles = [BundleFile { name: "b.json".to_owned(), bytes: case.bundles[0].clone() }];
    let request = Request {
        artifacts: &case.artifacts,
        bundles: &bundles,
        signers: &case.signers,
        identities: &[],
        trust: &trust,
        options: case.options.clone(),
    };
    assert!(verify(&request).accepted());
    bencher.counter(BytesCount::of_slice(&bundles[0].bytes)).bench(|| verify(black_box(&request)).accepted());
}

/// What cannot be left out: the hash of what was signed, its signature, the leaf, the path to the root, the log's
/// signature. Everything is parsed before.
#[divan::bench(args = KINDS, consts = COMPONENTS)]
fn operations<const N: usize>(bencher: Bencher, kind: KeyType) {
    let case = case(kind, N);
    let bundle = sbom_attest::attest::bundle::Bundle::parse(&case.bundles[0]).unwrap();
    let (entry, envelope) = (bundle.entry.as_ref().unwrap(), bundle.envelope().unwrap());
    let proof = entry.proof.as_ref().unwrap();
    let hashes: Vec<_> = proof.hashes.iter().copied().map(Hash::new).collect();
    let note = Note::parse(proof.checkpoint.as_bytes()).unwrap();
    let signature = &note.signatures()[0];
    let (key, log): (&PublicKey, PublicKey) = (&case.signers[0], log_key().public_key());
    let pae = envelope.pae();
    bencher.counter(BytesCount::of_slice(&case.bundles[0])).bench(|| {
        let digest = Digest::sha256(black_box(&pae));
        key.verify_hashed(&digest, || &pae, &envelope.signatures[0].sig).unwrap();
        log.verify(note.text().as_bytes(), signature.bytes()).unwrap();
        let leaf = leaf_hash(black_box(&entry.canonicalized_body));
        root_from_inclusion(&leaf, entry.log_index, proof.tree_size, &hashes).unwrap()
    });
}

/// A bundle with a certificate: from its bytes to the verdict. The trusted root is read once, with its chains.
#[divan::bench]
fn keyless_whole(bencher: Bencher) {
    let case = Plan::new().case();
    let trust = TrustRoot::parse(&case.trust).unwrap();
    let bundles = [BundleFile { name: "b.json".to_owned(), bytes: case.bundles[0].clone() }];
    let request = Request {
        artifacts: &case.artifacts,
        bundles: &bundles,
        signers: &[],
        identities: &case.identities,
        trust: &trust,
        options: case.options.clone(),
    };
    assert!(verify(&request).accepted());
    bencher.counter(BytesCount::of_slice(&bundles[0].bytes)).bench(|| verify(black_box(&request)).accepted());
}

/// Its five signatures, each checked once: of the envelope, the certificate, its publication, the checkpoint and the
/// timestamp. All but the checkpoint's are of P-256.
#[divan::bench]
fn keyless_operations(bencher: Bencher) {
    let case = Plan::new().case();
    let key = der::key(1);
    let (public, message) = (key.public_key(), vec![7; 1000]);
    let signature = key.sign(&message).unwrap();
    let (log, note) = (log_key().public_key(), log_key().sign(&message).unwrap());
    bencher.counter(BytesCount::of_slice(&case.bundles[0])).bench(|| {
        for _ in 0..4 {
            public.verify(black_box(&message), &signature).unwrap();
        }
        log.verify(black_box(&message), &note).unwrap();
    });
}

/// Hashing an artifact as a stream, in pieces of [`sbom_attest::digest::CHUNK`].
#[divan::bench]
fn hash_stream(bencher: Bencher) {
    let bytes = vec![7; MEBIBYTES << 20];
    let counter = BytesCount::of_slice(&bytes);
    bencher.counter(counter).bench(|| Digest::sha256_of_reader(black_box(&bytes[..])).unwrap());
}

/// Hashing the same bytes with the crate alone.
#[divan::bench]
fn hash_alone(bencher: Bencher) {
    let bytes = vec![7; MEBIBYTES << 20];
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| Digest::sha256(black_box(&bytes)));
}

const MEBIBYTES: usize = 64;

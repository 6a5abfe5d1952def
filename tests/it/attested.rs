//! A whole attestation from fixed seeds: an artifact, its SBOM, the signed and logged bundle, and the trusted root.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sbom_attest::attest::bundle::{Bundle, InclusionProof, LogEntry};
use sbom_attest::attest::dsse::{self, Envelope};
use sbom_attest::attest::predicate::CYCLONEDX;
use sbom_attest::attest::statement::{Statement, Subject};
use sbom_attest::digest::Digest;
use sbom_attest::document::{Document, Limits};
use sbom_attest::keys::{KeyType, PrivateKey, PublicKey, Signer as _};
use sbom_attest::tlog::checkpoint::Checkpoint;
use sbom_attest::tlog::entry::HashedRekord;
use sbom_attest::tlog::merkle::{inclusion_proof, leaf_hash};
use sbom_attest::tlog::note::{NoteSigner, VerifierKey};
use sbom_attest::tlog::{Hash, Tree};
use sbom_attest::verify::{Artifact, BundleFile, Options, Request, Signatory, TrustRoot, Verdict, verify};
use serde_json::{Value, json};

pub(crate) const ARTIFACT: &[u8] = b"the program that was shipped\n";
pub(crate) const SBOM: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": {"type": "application", "name": "shop", "bom-ref": "shop"}}, "components": [{"type": "library", "name": "bell", "version": "0.3.0", "bom-ref": "bell", "purl": "pkg:cargo/bell@0.3.0"}], "dependencies": [{"ref": "shop", "dependsOn": ["bell"]}, {"ref": "bell"}]}"#;
pub(crate) const ORIGIN: &str = "log.example";
pub(crate) const NOW: &str = "2026-11-24T12:00:00Z";

/// The signer's key.
pub(crate) fn signer(kind: KeyType) -> PrivateKey {
    PrivateKey::from_seed(kind, &[0x11; 32]).unwrap()
}

/// The log's key.
pub(crate) fn log_key() -> PrivateKey {
    PrivateKey::from_seed(KeyType::Ed25519, &[0x22; 32]).unwrap()
}

pub(crate) fn statement() -> Statement {
    let sbom = Document::parse(SBOM.as_bytes().to_vec(), &Limits::default()).unwrap();
    Statement::new(vec![Subject::new("shop", Digest::sha256(ARTIFACT))], CYCLONEDX, &sbom)
}

pub(crate) fn envelope(payload: Vec<u8>, key: &PrivateKey) -> Envelope {
    dsse::sign(dsse::IN_TOTO, payload, key).unwrap()
}

/// A log of seven entries in which the leaf stands at index 3, and the bundle's entry for it.
pub(crate) fn entry(leaf: Vec<u8>) -> LogEntry {
    log(leaf, 3, 7, ORIGIN, &log_key())
}

pub(crate) fn log(leaf: Vec<u8>, index: u64, size: u64, origin: &str, key: &PrivateKey) -> LogEntry {
    let tree: Tree = (0..size)
        .map(|at| if at == index { leaf_hash(&leaf) } else { leaf_hash(format!("entry {at}").as_bytes()) })
        .collect();
    let hashes = inclusion_proof(&tree, index, size).unwrap();
    let checkpoint = Checkpoint { origin: origin.to_owned(), size, root: tree.root() };
    let signer = NoteSigner::new(origin.parse().unwrap(), key).unwrap();
    LogEntry {
        log_index: index,
        log_id: log_id(origin, key).as_bytes().to_vec(),
        kind: HashedRekord::KIND.to_owned(),
        version: HashedRekord::VERSION.to_owned(),
        integrated_time: 0,
        promise: None,
        proof: Some(InclusionProof {
            log_index: index,
            root_hash: *tree.root().as_bytes(),
            tree_size: size,
            hashes: hashes.iter().map(|hash| *hash.as_bytes()).collect(),
            checkpoint: signer.sign(&checkpoint.to_string()).unwrap().to_string(),
        }),
        canonicalized_body: leaf,
    }
}

pub(crate) fn log_id(origin: &str, key: &PrivateKey) -> Hash {
    *VerifierKey::new(origin.parse().unwrap(), key.public_key()).unwrap().log_id()
}

pub(crate) fn leaf(envelope: &Envelope, key: &PublicKey) -> Vec<u8> {
    let digest = Hash::from_slice(envelope.pae_digest().bytes()).unwrap();
    HashedRekord::new(digest, envelope.signatures[0].sig.clone(), key.clone()).unwrap().to_bytes()
}

/// The bundle of an envelope, logged.
pub(crate) fn logged(envelope: Envelope, key: &PublicKey) -> Bundle {
    let entry = entry(leaf(&envelope, key));
    Bundle::new(envelope, key).logged(entry)
}

/// The bundle of the artifact and the SBOM.
pub(crate) fn bundle(kind: KeyType) -> Bundle {
    let key = signer(kind);
    logged(envelope(statement().to_bytes().unwrap(), &key), &key.public_key())
}

pub(crate) fn trusted_root() -> Value {
    json!({
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs": [{
            "baseUrl": format!("https://{ORIGIN}"),
            "hashAlgorithm": "SHA2_256",
            "publicKey": {
                "rawBytes": STANDARD.encode(log_key().public_key().to_spki()),
                "keyDetails": "PKIX_ED25519",
                "validFor": {"start": "2026-01-01T00:00:00Z"}
            },
            "logId": {"keyId": STANDARD.encode(log_id(ORIGIN, &log_key()))}
        }]
    })
}

/// A question, to be changed by a test before it is asked.
pub(crate) struct Case {
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) bundles: Vec<Vec<u8>>,
    pub(crate) signers: Vec<PublicKey>,
    pub(crate) identities: Vec<Signatory>,
    pub(crate) trust: Vec<u8>,
    pub(crate) options: Options,
}

impl Case {
    /// The question that is answered with yes.
    pub(crate) fn good() -> Self {
        Self::of(KeyType::P256)
    }

    pub(crate) fn of(kind: KeyType) -> Self {
        Self {
            artifacts: vec![Artifact::new("shop", Digest::sha256(ARTIFACT))],
            bundles: vec![bundle(kind).to_bytes()],
            signers: vec![signer(kind).public_key()],
            identities: Vec::new(),
            trust: trusted_root().to_string().into_bytes(),
            options: Options::at(NOW.parse().unwrap()),
        }
    }

    pub(crate) fn with_bundle(bundle: &Bundle) -> Self {
        Self { bundles: vec![bundle.to_bytes()], ..Self::good() }
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.verdict_with(&TrustRoot::parse(&self.trust).unwrap())
    }

    pub(crate) fn verdict_with(&self, trust: &TrustRoot) -> Verdict {
        let name = |index| format!("bundle-{index}.json");
        let file = |(index, bytes): (usize, &Vec<u8>)| BundleFile { name: name(index), bytes: bytes.clone() };
        let bundles: Vec<_> = self.bundles.iter().enumerate().map(file).collect();
        verify(&Request {
            artifacts: &self.artifacts,
            bundles: &bundles,
            signers: &self.signers,
            identities: &self.identities,
            trust,
            options: self.options.clone(),
        })
    }

    #[track_caller]
    pub(crate) fn accepted(&self) -> Verdict {
        let verdict = self.verdict();
        assert!(verdict.accepted(), "{}", serde_json::to_string_pretty(&verdict).unwrap());
        verdict
    }

    #[track_caller]
    pub(crate) fn refused(&self, reasons: &[&str]) -> Verdict {
        let verdict = self.verdict();
        assert_eq!(verdict.reasons(), reasons, "{}", serde_json::to_string_pretty(&verdict).unwrap());
        assert!(!verdict.accepted() && verdict.verified().is_empty());
        verdict
    }
}

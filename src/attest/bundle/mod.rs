//! Sigstore bundles: what is signed, a hint at who signed it or a certificate that says so, and the proofs that a log holds
//! the signature and when it was there.
//!
//! Format: <https://docs.sigstore.dev/about/bundle/> and `sigstore_bundle.proto` of
//! <https://github.com/sigstore/protobuf-specs>. Versions 0.1, 0.2 and 0.3 are read, 0.3 is written. What a version does not
//! have is refused in it, so that changing the version, which nobody signs, takes no proof away unseen.

mod parse;
mod write;

use super::dsse::Envelope;
use crate::digest::Digest;
use crate::keys::PublicKey;

/// A bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// What names the signer.
    pub material: Material,
    /// The entry of a log, with its proof; nothing when the bundle was not logged.
    pub entry: Option<LogEntry>,
    /// Timestamps of the signature (RFC 3161, DER), at most [`MAX_TIMESTAMPS`].
    pub timestamps: Vec<Vec<u8>>,
    /// What is signed.
    pub content: Content,
}

/// What a bundle says about its signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// A key that the verifier has. The hint is not authenticated; see [`key_hint`] for the one that is written.
    PublicKey {
        /// The hint, may be empty.
        hint: String,
    },
    /// A certificate that says whose the key in it is.
    Certificate {
        /// The signer's certificate, DER.
        leaf: Vec<u8>,
        /// What older versions carry beside it; the chain of the trusted root is used in its place.
        others: Vec<Vec<u8>>,
    },
}

/// What a bundle carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A DSSE envelope with exactly one signature.
    Dsse(Envelope),
    /// A signature of the artifact itself, which says nothing about it.
    Message(MessageSignature),
}

/// A signature of bytes that are not in the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSignature {
    /// The digest that the bundle says was signed.
    pub digest: Option<Digest>,
    /// The signature: DER for ECDSA, 64 bytes for Ed25519.
    pub signature: Vec<u8>,
}

impl Bundle {
    /// A bundle of what a key signed, before any log has it.
    pub fn new(envelope: Envelope, key: &PublicKey) -> Self {
        let material = Material::PublicKey { hint: key_hint(key) };
        Self { material, entry: None, timestamps: Vec::new(), content: Content::Dsse(envelope) }
    }

    /// The same bundle with the entry that a log made for it.
    #[must_use]
    pub fn logged(mut self, entry: LogEntry) -> Self {
        self.entry = Some(entry);
        self
    }

    /// The hint at the key, empty where there is none.
    pub fn key_hint(&self) -> &str {
        match &self.material {
            Material::PublicKey { hint } => hint,
            Material::Certificate { .. } => "",
        }
    }

    /// The envelope, unless the bundle signs the artifact itself.
    pub fn envelope(&self) -> Option<&Envelope> {
        match &self.content {
            Content::Dsse(envelope) => Some(envelope),
            Content::Message(_) => None,
        }
    }

    /// The signature.
    pub fn signature(&self) -> &[u8] {
        match &self.content {
            Content::Dsse(envelope) => envelope.signatures.first().map_or(&[], |one| &one.sig),
            Content::Message(message) => &message.signature,
        }
    }
}

/// The hint at a key that sigstore-go writes: SHA-256 of its SPKI in base64.
pub fn key_hint(key: &PublicKey) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(key.digest().bytes())
}

/// The entry of a transparency log, as the log tells it. Nothing in it is true before it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The entry's number in the log.
    pub log_index: u64,
    /// The log's key id.
    pub log_id: Vec<u8>,
    /// The kind of entry: `hashedrekord`.
    pub kind: String,
    /// The version of that kind: `0.0.2`.
    pub version: String,
    /// Seconds since 1970 when the log says it took the entry; only the promise signs it. Rekor v2 and our log do not
    /// say: 0.
    pub integrated_time: u64,
    /// The log's promise to take the entry up, signed with its time (Rekor v1's `signedEntryTimestamp`).
    pub promise: Option<Vec<u8>>,
    /// The proof that the log holds the entry. Only version 0.1 does without, and has the promise then.
    pub proof: Option<InclusionProof>,
    /// The entry itself: the bytes that are hashed as the leaf.
    pub canonicalized_body: Vec<u8>,
}

/// The proof that a tree holds a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The leaf's number in the tree.
    pub log_index: u64,
    /// The root of the tree.
    pub root_hash: [u8; 32],
    /// How many leaves the tree has.
    pub tree_size: u64,
    /// The way from the leaf to the root, at most [`MAX_PROOF`] hashes.
    pub hashes: Vec<[u8; 32]>,
    /// The signed note in which the log states size and root.
    pub checkpoint: String,
}

/// The media type that is written.
pub const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// The other spelling of version 0.3, which is read too.
pub const MEDIA_TYPE_PARAMETER: &str = "application/vnd.dev.sigstore.bundle+json;version=0.3";

/// The media types of versions 0.1 and 0.2.
pub const OLDER_MEDIA_TYPES: [&str; 2] = [
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
];

/// The most bytes of a bundle: a statement of [`super::statement::LIMITS`] in base64, and its proof.
pub const MAX_BUNDLE: u64 = 65 * 1024 * 1024;
/// The most levels of a bundle's JSON; a real one has seven.
pub const MAX_DEPTH: usize = 16;
/// The most values and names in a bundle; a real one has less than 150.
pub const MAX_NODES: usize = 4096;
/// The most timestamps of a bundle, as in sigstore-go.
pub const MAX_TIMESTAMPS: usize = 32;
/// The most hashes of an inclusion proof: one a level of a tree of 2^63 leaves.
pub const MAX_PROOF: usize = 63;

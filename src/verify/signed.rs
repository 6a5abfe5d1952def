//! What was signed, and with which key: the envelope or the artifact, under the one hash that a key's kind has.

use crate::attest::bundle::{Bundle, Content};
use crate::attest::dsse::Envelope;
use crate::digest::{Algorithm, Digest};
use crate::keys::{KeyType, PublicKey};

use super::Artifact;

/// What a signature is of.
pub(super) enum Signed<'a> {
    /// An envelope; the digest is the SHA-256 of its encoding.
    Envelope(&'a Envelope, Digest),
    /// One of these digests of an artifact.
    Message(Vec<&'a Digest>),
}

/// A signature that holds.
pub(super) struct Signature {
    /// The key that made it, whoever has it.
    pub(super) key: PublicKey,
    /// The digest that was signed.
    pub(super) digest: Digest,
    /// Whether Ed25519 signed that digest (Ed25519ph) and not the message.
    pub(super) prehashed: bool,
}

impl Signature {
    /// The algorithm's name, for people.
    pub(super) fn algorithm(&self) -> String {
        match self.key.key_type() {
            KeyType::Ed25519 if self.prehashed => "ed25519ph".to_owned(),
            other => other.name().to_owned(),
        }
    }
}

impl<'a> Signed<'a> {
    pub(super) fn of(bundle: &'a Bundle, artifacts: &'a [Artifact]) -> Self {
        match &bundle.content {
            Content::Dsse(envelope) => Self::Envelope(envelope, envelope.pae_digest()),
            Content::Message(message) => Self::Message(match &message.digest {
                Some(claimed) => vec![claimed],
                None => artifacts.iter().flat_map(|artifact| &artifact.digests).collect(),
            }),
        }
    }

    /// The signature, if this key made it. The kind of key decides the algorithm, nothing in the bundle does; the two forms
    /// of Ed25519 cannot be mistaken for each other (RFC 8032, section 5.1), so that either may hold.
    pub(super) fn by(&self, key: &PublicKey, signature: &[u8]) -> Option<Signature> {
        let held = |digest: &Digest, prehashed| {
            Some(Signature { key: key.clone(), digest: digest.clone(), prehashed })
        };
        match self {
            Self::Envelope(envelope, sha256) => {
                if key.verify_hashed(sha256, || envelope.pae(), signature).is_ok() {
                    return match key.key_type() {
                        KeyType::P384 | KeyType::P521 => held(&Digest::of(key.hash(), envelope.pae()), true),
                        KeyType::P256 | KeyType::Rsa => held(sha256, true),
                        KeyType::Ed25519 => held(sha256, false),
                    };
                }
                if key.key_type() != KeyType::Ed25519 {
                    return None;
                }
                let sha512 = Digest::of(Algorithm::Sha512, envelope.pae());
                key.verify_digest(&sha512, signature).ok()?;
                held(&sha512, true)
            }
            Self::Message(digests) => {
                let mut fitting = digests.iter().filter(|digest| digest.algorithm() == key.hash());
                let digest = fitting.find(|digest| key.verify_digest(digest, signature).is_ok())?;
                held(digest, true)
            }
        }
    }
}

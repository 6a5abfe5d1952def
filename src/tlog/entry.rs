//! Entries: what a log keeps for one signed envelope.
//!
//! An entry is the leaf of Rekor v2 for a DSSE envelope, `hashedrekord/0.0.2`
//! (<https://github.com/sigstore/rekor-tiles>): the digest of the envelope's PAE, one signature and its public key, as
//! canonical JSON (RFC 8785). What was signed is not in it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Hash, merkle};
use crate::attest::dsse::Envelope;
use crate::keys::{self, KeyType, PublicKey};

/// A `hashedrekord/0.0.2` entry with a public key. That the signature verifies is for the reader to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashedRekord {
    digest: Hash,
    signature: Vec<u8>,
    public_key: PublicKey,
}

impl HashedRekord {
    /// The entry's kind in a Sigstore bundle.
    pub const KIND: &'static str = "hashedrekord";

    /// The entry's version in a Sigstore bundle.
    pub const VERSION: &'static str = "0.0.2";

    /// An entry for a signature over the message with this SHA-256; for an envelope that is its PAE.
    ///
    /// Only the form is looked at: an Ed25519 signature has 64 bytes, one of P-256 is DER of at most 72.
    pub fn new(digest: Hash, signature: Vec<u8>, public_key: PublicKey) -> Result<Self, EntryError> {
        let fits = match public_key.key_type() {
            KeyType::Ed25519 => signature.len() == 64,
            KeyType::P256 => p256::ecdsa::Signature::from_der(&signature).is_ok(),
            kind => return Err(EntryError::Key(keys::Error::NotForBundles(kind))),
        };
        if fits { Ok(Self { digest, signature, public_key }) } else { Err(EntryError::Signature) }
    }

    /// The entry of an envelope with exactly one signature, which is checked against the key.
    pub fn of_envelope(envelope: &Envelope, key: &PublicKey) -> Result<Self, EntryError> {
        let [signature] = envelope.signatures.as_slice() else {
            return Err(EntryError::SignatureCount(envelope.signatures.len()));
        };
        let digest = envelope.pae_digest();
        key.verify_hashed(&digest, || envelope.pae(), &signature.sig).map_err(EntryError::Mismatch)?;
        let digest = Hash::from_slice(digest.bytes()).ok_or(EntryError::Digest)?;
        Self::new(digest, signature.sig.clone(), key.clone())
    }

    /// Reads an entry of at most [`MAX_BYTES`] bytes. It has one spelling, that of [`HashedRekord::to_bytes`].
    pub fn parse(entry: &[u8]) -> Result<Self, EntryError> {
        if entry.len() > MAX_BYTES {
            return Err(EntryError::TooLarge(entry.len()));
        }
        let text = str::from_utf8(entry).map_err(|_| EntryError::Form)?;
        let mut rest = text;
        let mut after = |literal: &str| {
            let (value, behind) = rest.split_once(literal).ok_or(EntryError::Form)?;
            rest = behind;
            Ok(value)
        };
        let start = after(BEFORE_DIGEST)?;
        let digest = after(BEFORE_SIGNATURE)?;
        let signature = after(BEFORE_DETAILS)?;
        let details = after(BEFORE_KEY)?;
        let key = after(END)?;
        if !start.is_empty() || !rest.is_empty() {
            return Err(EntryError::Form);
        }
        let digest = Hash::from_base64(digest).ok_or(EntryError::Digest)?;
        let signature = STANDARD.decode(signature).map_err(|_| EntryError::Signature)?;
        let key = STANDARD.decode(key).map_err(|_| EntryError::Form)?;
        let key = PublicKey::from_spki(&key).map_err(EntryError::Key)?;
        if details != key.key_details() {
            return Err(EntryError::KeyDetails(details.chars().take(80).collect()));
        }
        let parsed = Self::new(digest, signature, key)?;
        if parsed.to_bytes() == entry { Ok(parsed) } else { Err(EntryError::Spelling) }
    }

    /// The entry's bytes: RFC 8785, which for these values is a matter of the order of the members.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    /// The hash of the entry as a leaf.
    pub fn leaf_hash(&self) -> Hash {
        merkle::leaf_hash(&self.to_bytes())
    }

    /// The SHA-256 of what was signed.
    pub fn digest(&self) -> &Hash {
        &self.digest
    }

    /// The signature: DER for P-256, 64 bytes for Ed25519.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The key that verifies the signature.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }
}

impl fmt::Display for HashedRekord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = STANDARD.encode(&self.signature);
        let details = self.public_key.key_details();
        let key = STANDARD.encode(self.public_key.to_spki());
        write!(
            f,
            "{BEFORE_DIGEST}{}{BEFORE_SIGNATURE}{signature}{BEFORE_DETAILS}{details}{BEFORE_KEY}{key}{END}",
            self.digest
        )
    }
}

/// Why bytes are not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// More bytes than an entry bundle can hold.
    #[error("the entry has {0} bytes, more than {MAX_BYTES}")]
    TooLarge(usize),
    /// Not the canonical JSON of a `hashedrekord/0.0.2` with a public key.
    #[error("the entry is not the canonical JSON of a hashedrekord/0.0.2 with a public key")]
    Form,
    /// The digest is not the base64 of 32 bytes.
    #[error("the digest in the entry is not the base64 of 32 bytes")]
    Digest,
    /// The signature has not the form of one by a key of this kind.
    #[error("the signature in the entry is none of its key's kind")]
    Signature,
    /// The public key cannot be used.
    #[error("the public key in the entry cannot be used")]
    Key(#[source] keys::Error),
    /// The key's kind is said to be another.
    #[error("the entry calls its key `{0}`")]
    KeyDetails(String),
    /// An envelope with none or several signatures.
    #[error("an entry is for one signature, the envelope has {0}")]
    SignatureCount(usize),
    /// The signature in the envelope is not of the key.
    #[error("the envelope is not signed by the key")]
    Mismatch(#[source] keys::Error),
    /// It reads the same and is spelled differently.
    #[error("the entry is not spelled as it must be")]
    Spelling,
}

/// The most bytes of an entry: its length has 16 bits in an entry bundle.
pub const MAX_BYTES: usize = 65_535;

const BEFORE_DIGEST: &str = r#"{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":""#;
const BEFORE_SIGNATURE: &str = r#""},"signature":{"content":""#;
const BEFORE_DETAILS: &str = r#"","verifier":{"keyDetails":""#;
const BEFORE_KEY: &str = r#"","publicKey":{"rawBytes":""#;
const END: &str = r#""}}}}}}"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attest::dsse;
    use crate::keys::{PrivateKey, Signer as _};
    use sha2::{Digest as _, Sha256};

    fn sample(kind: KeyType) -> HashedRekord {
        let key = PrivateKey::from_seed(kind, &[7; 32]).unwrap();
        let digest = Hash::new(Sha256::digest(b"message").into());
        HashedRekord::new(digest, key.sign(b"message").unwrap(), key.public_key()).unwrap()
    }

    #[test]
    fn the_bytes_are_canonical_json_of_the_members_rekor_has() {
        for (kind, details) in
            [(KeyType::P256, "PKIX_ECDSA_P256_SHA_256"), (KeyType::Ed25519, "PKIX_ED25519")]
        {
            let entry = sample(kind);
            let json: serde_json::Value = serde_json::from_slice(&entry.to_bytes()).unwrap();
            let spec = &json["spec"]["hashedRekordV002"];
            assert_eq!((&json["kind"], &json["apiVersion"]), (&"hashedrekord".into(), &"0.0.2".into()));
            assert_eq!(spec["data"]["algorithm"], "SHA2_256");
            assert_eq!(spec["data"]["digest"], entry.digest.to_string());
            assert_eq!(spec["signature"]["content"], STANDARD.encode(&entry.signature));
            assert_eq!(spec["signature"]["verifier"]["keyDetails"], details);
            // serde_json keeps members sorted, which for ASCII names is the order of RFC 8785.
            assert_eq!(serde_json::to_vec(&json).unwrap(), entry.to_bytes());
            assert_eq!(HashedRekord::parse(&entry.to_bytes()), Ok(entry));
        }
    }

    #[test]
    fn an_entry_with_another_spelling_or_content_is_refused() {
        let text = sample(KeyType::P256).to_string();
        let digest = sample(KeyType::P256).digest.to_string();
        for (changed, error) in [
            (String::new(), EntryError::Form),
            (format!(" {text}"), EntryError::Form),
            (format!("{text}\n"), EntryError::Form),
            (format!("{text}{text}"), EntryError::Form),
            (text.replace("0.0.2", "0.0.1"), EntryError::Form),
            (text.replace("\":\"", "\": \""), EntryError::Form),
            (text.replace("SHA2_256", "SHA2_512"), EntryError::Form),
            (text.replace("publicKey", "x509Certificate"), EntryError::Form),
            (text.replace(&digest, "AAAA"), EntryError::Digest),
            (text.replace(&digest, digest.trim_end_matches('=')), EntryError::Digest),
            (
                text.replace("PKIX_ECDSA_P256_SHA_256", "PKIX_ED25519"),
                EntryError::KeyDetails("PKIX_ED25519".into()),
            ),
        ] {
            assert_eq!(HashedRekord::parse(changed.as_bytes()), Err(error), "{changed}");
        }
        assert_eq!(HashedRekord::parse(b"\xff"), Err(EntryError::Form));
    }

    #[test]
    fn a_key_and_a_signature_must_be_of_one_kind() {
        let (p256, ed25519) = (sample(KeyType::P256), sample(KeyType::Ed25519));
        assert_eq!(
            HashedRekord::new(p256.digest, p256.signature.clone(), ed25519.public_key.clone()),
            Err(EntryError::Signature)
        );
        assert_eq!(
            HashedRekord::new(p256.digest, ed25519.signature.clone(), p256.public_key.clone()),
            Err(EntryError::Signature)
        );
        assert_eq!(HashedRekord::new(p256.digest, Vec::new(), p256.public_key), Err(EntryError::Signature));
    }

    #[test]
    fn only_an_envelope_with_one_signature_of_the_key_has_an_entry() {
        for kind in [KeyType::P256, KeyType::Ed25519] {
            let (key, other) = (PrivateKey::from_seed(kind, &[7; 32]), PrivateKey::from_seed(kind, &[8; 32]));
            let (key, other) = (key.unwrap(), other.unwrap());
            let mut envelope = dsse::sign(dsse::IN_TOTO, b"{}".to_vec(), &key).unwrap();
            let entry = HashedRekord::of_envelope(&envelope, &key.public_key()).unwrap();
            assert_eq!(entry.digest.as_bytes()[..], *envelope.pae_digest().bytes());
            assert_eq!(entry.signature, envelope.signatures[0].sig);
            assert!(matches!(
                HashedRekord::of_envelope(&envelope, &other.public_key()),
                Err(EntryError::Mismatch(_))
            ));
            envelope.signatures.push(envelope.signatures[0].clone());
            assert_eq!(
                HashedRekord::of_envelope(&envelope, &key.public_key()),
                Err(EntryError::SignatureCount(2))
            );
        }
    }

    #[test]
    fn an_entry_over_the_limit_is_refused_by_its_length() {
        assert_eq!(HashedRekord::parse(&vec![b' '; MAX_BYTES + 1]), Err(EntryError::TooLarge(MAX_BYTES + 1)));
        assert_eq!(HashedRekord::parse(&vec![b' '; MAX_BYTES]), Err(EntryError::Form));
    }

    #[test]
    fn no_single_changed_byte_gives_another_spelling_of_the_same_entry() {
        let entry = sample(KeyType::P256);
        let bytes = entry.to_bytes();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                assert_ne!(HashedRekord::parse(&changed).ok().as_ref(), Some(&entry), "byte {at}, bit {bit}");
            }
        }
    }
}

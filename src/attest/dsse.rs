//! Envelopes: bytes, what they are, and who signed both.
//!
//! Protocol: <https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md>.

use sha2::{Digest as _, Sha256};

use crate::digest::{Algorithm, Digest, encode_hex};
use crate::keys::{self, PublicKey, Signer};

/// The payload type of in-toto statements.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// A payload with its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is; it is signed along.
    pub payload_type: String,
    /// The bytes that are signed, exactly as they were.
    pub payload: Vec<u8>,
    /// Who signed them. A bundle has exactly one.
    pub signatures: Vec<Signature>,
}

/// One signature of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// An unauthenticated hint at the key; empty in what is written here, as cosign demands.
    pub keyid: String,
    /// The signature: DER for ECDSA, 64 bytes for Ed25519.
    pub sig: Vec<u8>,
}

/// The pre-authentication encoding, which is what is signed. Lengths count bytes, not characters.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut encoding = head(payload_type, payload).into_bytes();
    encoding.reserve_exact(payload.len());
    encoding.extend_from_slice(payload);
    encoding
}

/// SHA-256 of the pre-authentication encoding, without a copy of the payload.
pub fn pae_digest(payload_type: &str, payload: &[u8]) -> Digest {
    let hash = Sha256::new().chain_update(head(payload_type, payload)).chain_update(payload).finalize();
    Digest::from_hex(Algorithm::Sha256, &encode_hex(&hash)).expect("SHA-256 has 32 bytes")
}

fn head(payload_type: &str, payload: &[u8]) -> String {
    format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len())
}

/// Signs a payload.
pub fn sign(
    payload_type: impl Into<String>,
    payload: Vec<u8>,
    signer: &dyn Signer,
) -> Result<Envelope, keys::Error> {
    let payload_type = payload_type.into();
    let sig = signer.sign(&pae(&payload_type, &payload))?;
    Ok(Envelope { payload_type, payload, signatures: vec![Signature { keyid: String::new(), sig }] })
}

impl Envelope {
    /// What is signed.
    pub fn pae(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }

    /// SHA-256 of what is signed: the digest a log entry holds.
    pub fn pae_digest(&self) -> Digest {
        pae_digest(&self.payload_type, &self.payload)
    }

    /// Whether one of the signatures is of this key. The payload may be read only after this said so.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let digest = self.pae_digest();
        self.signatures.iter().any(|one| key.verify_hashed(&digest, || self.pae(), &one.sig).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeyType, PrivateKey};

    #[test]
    fn the_encoding_is_the_one_of_the_protocols_example() {
        let expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world";
        assert_eq!(pae("http://example.com/HelloWorld", b"hello world"), expected);
        assert_eq!(pae_digest("http://example.com/HelloWorld", b"hello world"), Digest::sha256(expected));
    }

    #[test]
    fn lengths_count_bytes_not_characters() {
        assert_eq!(pae("ä", "ö€".as_bytes()), "DSSEv1 2 ä 5 ö€".as_bytes());
    }

    #[test]
    fn a_signature_of_the_bare_payload_is_none() {
        for kind in [KeyType::P256, KeyType::Ed25519] {
            let key = PrivateKey::from_seed(kind, &[7; 32]).unwrap();
            let mut envelope = sign(IN_TOTO, b"{}".to_vec(), &key).unwrap();
            assert!(envelope.is_signed_by(&key.public_key()));
            envelope.signatures[0].sig = key.sign(b"{}").unwrap();
            assert!(!envelope.is_signed_by(&key.public_key()));
        }
    }
}

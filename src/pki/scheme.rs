//! Signature algorithms as certificates and timestamps name them.
//!
//! RFC 5758 (ECDSA), RFC 8017 (RSA), RFC 8410 (Ed25519). SHA-1 and MD5 have no place in it, so that no signature with
//! them can ever hold.

use der::asn1::ObjectIdentifier;
use x509_cert::spki::AlgorithmIdentifierRef;

use crate::digest::{Algorithm, Digest};
use crate::keys::{KeyType, PublicKey};

/// How a signature is made: the kind of key and the hash. The key must be of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Ecdsa(Algorithm),
    Rsa(Algorithm),
    Ed25519,
}

impl Scheme {
    /// The scheme of an identifier. `rsaEncryption` alone, which CMS writes, takes the hash that stands beside it.
    pub(super) fn of(algorithm: &AlgorithmIdentifierRef<'_>, hash: Option<Algorithm>) -> Option<Self> {
        let known = SCHEMES.iter().find(|(oid, _)| *oid == algorithm.oid).map(|(_, scheme)| *scheme);
        known.or_else(|| hash.filter(|_| algorithm.oid == RSA_ENCRYPTION).map(Self::Rsa))
    }

    /// Whether a key signed the message.
    pub(super) fn holds(self, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        let held = match (self, key.key_type()) {
            (Self::Ecdsa(hash), KeyType::P256 | KeyType::P384 | KeyType::P521)
            | (Self::Rsa(hash), KeyType::Rsa) => key.verify_digest(&Digest::of(hash, message), signature),
            (Self::Ed25519, KeyType::Ed25519) => key.verify(message, signature),
            _ => return false,
        };
        held.is_ok()
    }
}

/// The hash of an identifier.
pub(super) fn hash(algorithm: &AlgorithmIdentifierRef<'_>) -> Option<Algorithm> {
    HASHES.iter().find(|(oid, _)| *oid == algorithm.oid).map(|(_, hash)| *hash)
}

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const SCHEMES: [(ObjectIdentifier, Scheme); 7] = [
    (oid("1.2.840.10045.4.3.2"), Scheme::Ecdsa(Algorithm::Sha256)),
    (oid("1.2.840.10045.4.3.3"), Scheme::Ecdsa(Algorithm::Sha384)),
    (oid("1.2.840.10045.4.3.4"), Scheme::Ecdsa(Algorithm::Sha512)),
    (oid("1.2.840.113549.1.1.11"), Scheme::Rsa(Algorithm::Sha256)),
    (oid("1.2.840.113549.1.1.12"), Scheme::Rsa(Algorithm::Sha384)),
    (oid("1.2.840.113549.1.1.13"), Scheme::Rsa(Algorithm::Sha512)),
    (oid("1.3.101.112"), Scheme::Ed25519),
];

const HASHES: [(ObjectIdentifier, Algorithm); 3] = [
    (oid("2.16.840.1.101.3.4.2.1"), Algorithm::Sha256),
    (oid("2.16.840.1.101.3.4.2.2"), Algorithm::Sha384),
    (oid("2.16.840.1.101.3.4.2.3"), Algorithm::Sha512),
];

const RSA_ENCRYPTION: ObjectIdentifier = oid("1.2.840.113549.1.1.1");

#[cfg(test)]
mod tests {
    use p256::pkcs8::EncodePrivateKey as _;

    use super::*;
    use crate::keys::{PrivateKey, Signer as _};

    #[test]
    fn a_scheme_needs_a_key_of_its_kind_and_the_hash_it_names() {
        let [p256, ed25519] =
            [KeyType::P256, KeyType::Ed25519].map(|kind| PrivateKey::from_seed(kind, &[7; 32]).unwrap());
        let p384 = p384::SecretKey::from_slice(&[7; 48]).unwrap().to_pkcs8_der().unwrap();
        let p384 = PrivateKey::from_pkcs8(p384.as_bytes()).unwrap();
        let check = |scheme: Scheme, key: &PrivateKey| {
            scheme.holds(&key.public_key(), b"message", &key.sign(b"message").unwrap())
        };
        assert!(check(Scheme::Ecdsa(Algorithm::Sha256), &p256));
        assert!(check(Scheme::Ecdsa(Algorithm::Sha384), &p384));
        assert!(check(Scheme::Ed25519, &ed25519));
        assert!(!check(Scheme::Ecdsa(Algorithm::Sha384), &p256));
        assert!(!check(Scheme::Rsa(Algorithm::Sha256), &p256));
        assert!(!check(Scheme::Ed25519, &p256));
        assert!(!check(Scheme::Ecdsa(Algorithm::Sha512), &ed25519));
    }

    #[test]
    fn sha_1_is_no_scheme() {
        for weak in ["1.2.840.10045.4.1", "1.2.840.113549.1.1.5", "1.2.840.113549.1.1.4"] {
            let algorithm = AlgorithmIdentifierRef { oid: oid(weak), parameters: None };
            assert_eq!(Scheme::of(&algorithm, Some(Algorithm::Sha256)), None);
        }
        let rsa = AlgorithmIdentifierRef { oid: RSA_ENCRYPTION, parameters: None };
        assert_eq!(Scheme::of(&rsa, Some(Algorithm::Sha256)), Some(Scheme::Rsa(Algorithm::Sha256)));
        assert_eq!(Scheme::of(&rsa, None), None);
    }
}

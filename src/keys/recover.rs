//! The keys that an ECDSA signature gives away: at most four can have made it (SEC 1, 4.1.6).
//!
//! A bundle names its signer by the digest of a key and does not hold the key. Where a log needs the key
//! itself, it is recovered from the signature and then compared with that digest.

use p256::ecdsa::{RecoveryId, Signature, VerifyingKey};

use super::PublicKey;
use crate::digest::Digest;

impl PublicKey {
    /// All P-256 keys under which a DER signature verifies for a SHA-256 digest; none when it is no such signature.
    ///
    /// A key from here says nothing by itself: every signature has some. Compare it with what is known of the signer.
    pub fn recover(sha256: &Digest, signature: &[u8]) -> Vec<Self> {
        let Ok(signature) = Signature::from_der(signature) else { return Vec::new() };
        (0..=RecoveryId::MAX)
            .filter_map(RecoveryId::from_byte)
            .filter_map(|id| VerifyingKey::recover_from_prehash(sha256.bytes(), &signature, id).ok())
            .map(Self::P256)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeyType, PrivateKey, Signer as _};

    #[test]
    fn the_signer_is_among_the_keys_that_a_signature_gives_away() {
        for seed in 1..20 {
            let key = PrivateKey::from_seed(KeyType::P256, &[seed; 32]).unwrap();
            let message = [seed; 100];
            let found = PublicKey::recover(&Digest::sha256(message), &key.sign(&message).unwrap());
            assert!(found.contains(&key.public_key()));
            assert!(found.iter().all(|other| other.verify(&message, &key.sign(&message).unwrap()).is_ok()));
        }
    }

    #[test]
    fn what_is_no_signature_gives_nothing_away() {
        let key = PrivateKey::from_seed(KeyType::Ed25519, &[7; 32]).unwrap();
        assert_eq!(PublicKey::recover(&Digest::sha256("x"), &key.sign(b"x").unwrap()), []);
        assert_eq!(PublicKey::recover(&Digest::sha256("x"), b""), []);
    }
}

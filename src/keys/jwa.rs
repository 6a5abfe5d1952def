//! Signature algorithms by the names that JSON has for them.
//!
//! RFC 7518, section 3.1 and JSF 0.82. ECDSA signatures are `r` and `s` at their full length, one after the other, and not
//! DER. A key has few of them; HMAC is none of them, as who can check it can also make it.

use std::fmt;

use p256::ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};

use super::private::Secret;
use super::rsa::{Hash, Padding};
use super::{Error, KeyType, PrivateKey, PublicKey, Signer as _};

/// An algorithm that is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// Pure Ed25519 (RFC 8032); RFC 8037 calls it `EdDSA`, JSF by its curve.
    Ed25519,
    /// RSA PKCS#1 v1.5 with SHA-256.
    Rs256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    Rs384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    Rs512,
    /// RSA PSS with SHA-256.
    Ps256,
    /// RSA PSS with SHA-384.
    Ps384,
    /// RSA PSS with SHA-512.
    Ps512,
}

impl Algorithm {
    /// All that are allowed.
    pub const ALL: [Self; 10] = [
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::Ed25519,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
    ];

    /// The name in a document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Ed25519 => "Ed25519",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
        }
    }

    /// The algorithm of this exact name, if it is allowed.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// The kind of key that it needs.
    pub fn key_type(self) -> KeyType {
        match self {
            Self::Es256 => KeyType::P256,
            Self::Es384 => KeyType::P384,
            Self::Es512 => KeyType::P521,
            Self::Ed25519 => KeyType::Ed25519,
            _ => KeyType::Rsa,
        }
    }

    /// The algorithm that a key of this kind signs with unless told otherwise.
    pub fn of(key: KeyType) -> Self {
        match key {
            KeyType::P256 => Self::Es256,
            KeyType::P384 => Self::Es384,
            KeyType::P521 => Self::Es512,
            KeyType::Ed25519 => Self::Ed25519,
            KeyType::Rsa => Self::Ps256,
        }
    }

    fn rsa(self) -> (Padding, Hash) {
        match self {
            Self::Rs384 => (Padding::Pkcs1v15, Hash::Sha384),
            Self::Rs512 => (Padding::Pkcs1v15, Hash::Sha512),
            Self::Ps256 => (Padding::Pss, Hash::Sha256),
            Self::Ps384 => (Padding::Pss, Hash::Sha384),
            Self::Ps512 => (Padding::Pss, Hash::Sha512),
            _ => (Padding::Pkcs1v15, Hash::Sha256),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PublicKey {
    /// Checks a signature of a message under an algorithm, in the form that JSON Web Signatures have.
    pub fn verify_as(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        if algorithm.key_type() != self.key_type() {
            return Err(Error::Algorithm { key: self.key_type(), algorithm });
        }
        let matches = match self {
            Self::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .map(|signature| key.verify_prehash(&Hash::Sha256.of(message), &signature)),
            Self::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .map(|signature| key.verify_prehash(&Hash::Sha384.of(message), &signature)),
            Self::P521(key) => p521::ecdsa::Signature::from_slice(signature)
                .map(|signature| key.verify_prehash(&Hash::Sha512.of(message), &signature)),
            Self::Ed25519(_) => return self.verify(message, signature),
            Self::Rsa(key) => {
                let (padding, hash) = algorithm.rsa();
                return key.verify(padding, hash, &hash.of(message), signature);
            }
        };
        matches
            .map_err(|_| Error::SignatureForm("r and s of the curve's length"))?
            .map_err(|_| Error::SignatureMismatch)
    }
}

impl PrivateKey {
    /// Signs a message under an algorithm, in the form that JSON Web Signatures have.
    pub fn sign_as(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        if algorithm.key_type() != self.key_type() {
            return Err(Error::Algorithm { key: self.key_type(), algorithm });
        }
        let failed = |error: p256::ecdsa::Error| Error::Signer(error.to_string());
        Ok(match &self.0 {
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature =
                    key.sign_prehash(&Hash::Sha256.of(message)).map_err(failed)?;
                signature.to_bytes().to_vec()
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature =
                    key.sign_prehash(&Hash::Sha384.of(message)).map_err(failed)?;
                signature.to_bytes().to_vec()
            }
            Secret::P521(key) => {
                let signature: p521::ecdsa::Signature =
                    key.sign_prehash(&Hash::Sha512.of(message)).map_err(failed)?;
                signature.to_bytes().to_vec()
            }
            Secret::Ed25519(_) => self.sign(message)?,
            Secret::Rsa(key) => {
                let (padding, hash) = algorithm.rsa();
                key.sign(padding, hash, message)?
            }
        })
    }
}

//! Keys: who can sign, and how a signature is checked.
//!
//! ECDSA on P-256 with SHA-256 (FIPS 186-5, deterministic by RFC 6979, DER signatures), which every Sigstore client
//! verifies, and Ed25519 (RFC 8032, checked strictly). The type of a key decides the algorithm, never the file that
//! carries a signature. Private keys are PKCS#8 PEM (RFC 5958), public keys are SPKI (RFC 5280, section 4.1.2.7).
//!
//! Whether other users of the machine may read a key's file is the command's business: here are bytes and values.

#[cfg(feature = "cli")]
pub mod cosign;
mod error;
mod pem;
mod private;
mod public;
mod recover;

use std::fmt;
use std::str::FromStr;

pub use error::Error;
pub use pem::MAX_PEM;
pub use private::PrivateKey;
pub use public::PublicKey;

/// What a key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// ECDSA on NIST P-256 with SHA-256.
    P256,
    /// Pure Ed25519.
    Ed25519,
}

impl KeyType {
    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::Ed25519 => "ed25519",
        }
    }

    /// The name in Sigstore's protobuf enum `PublicKeyDetails`.
    pub fn key_details(self) -> &'static str {
        match self {
            Self::P256 => "PKIX_ECDSA_P256_SHA_256",
            Self::Ed25519 => "PKIX_ED25519",
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for KeyType {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        [Self::P256, Self::Ed25519]
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| Error::Unsupported(name.to_owned()))
    }
}

/// Something that signs: a key in memory, a token, or a service that holds the key.
///
/// ```
/// use sbom_attest::keys::{KeyType, PrivateKey, Signer};
///
/// # fn main() -> Result<(), sbom_attest::keys::Error> {
/// let key = PrivateKey::generate(KeyType::P256)?;
/// let signer: &dyn Signer = &key;
/// let signature = signer.sign(b"message")?;
/// signer.public_key().verify(b"message", &signature)?;
/// assert!(signer.public_key().verify(b"another", &signature).is_err());
/// # Ok(())
/// # }
/// ```
pub trait Signer {
    /// The key that verifies what [`Signer::sign`] makes.
    fn public_key(&self) -> PublicKey;

    /// Signs a message, not its digest: DER for ECDSA, 64 bytes for Ed25519.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error>;
}

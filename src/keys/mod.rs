//! Keys: who can sign, and how a signature is checked.
//!
//! ECDSA on P-256 with SHA-256 (FIPS 186-5, deterministic by RFC 6979, DER signatures), which every Sigstore client
//! verifies, and Ed25519 (RFC 8032, checked strictly); these two sign bundles and enter logs. Enveloped signatures also
//! know P-384 with SHA-384, P-521 with SHA-512 and RSA of 2048 bits and more (RFC 8017). The type of a key decides which
//! algorithms are possible, never the file that carries a signature. Private keys are PKCS#8 PEM (RFC 5958), public keys are SPKI (RFC 5280, section 4.1.2.7).
//!
//! Whether other users of the machine may read a key's file is the command's business: here are bytes and values.

#[cfg(feature = "cli")]
pub mod cosign;
mod error;
pub mod jwa;
mod jwk;
mod pem;
mod private;
mod public;
mod recover;
mod rsa;

use std::fmt;
use std::str::FromStr;

pub use error::Error;
pub use pem::MAX_PEM;
pub(crate) use pem::read_block;
pub use private::PrivateKey;
pub use public::PublicKey;
pub use rsa::{MAX_RSA_BITS, MIN_RSA_BITS};

/// What a key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// ECDSA on NIST P-256 with SHA-256.
    P256,
    /// Pure Ed25519.
    Ed25519,
    /// ECDSA on NIST P-384 with SHA-384.
    P384,
    /// ECDSA on NIST P-521 with SHA-512.
    P521,
    /// RSA, with PKCS#1 v1.5 or PSS padding.
    Rsa,
}

impl KeyType {
    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::Ed25519 => "ed25519",
            Self::P384 => "p384",
            Self::P521 => "p521",
            Self::Rsa => "rsa",
        }
    }

    /// Whether bundles are signed and logs are kept with keys of this kind.
    pub fn signs_bundles(self) -> bool {
        matches!(self, Self::P256 | Self::Ed25519)
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
        [Self::P256, Self::Ed25519, Self::P384, Self::P521, Self::Rsa]
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

    /// Signs a message, not its digest: DER for ECDSA, 64 bytes for Ed25519, PKCS#1 v1.5 with SHA-256 for RSA.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error>;
}

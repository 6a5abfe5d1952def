//! Private keys in memory.

use std::fmt;

use ed25519_dalek::pkcs8::KeypairBytes;
use p256::ecdsa::signature::Signer as _;
use p256::elliptic_curve::zeroize::Zeroizing;
use p256::pkcs8::der::Decode as _;
use p256::pkcs8::{EncodePrivateKey as _, PrivateKeyInfoRef};

use super::{Error, KeyType, PublicKey, Signer, pem, public, rsa};

/// A key that signs. Its memory is wiped when it is dropped, and no text form shows it but [`PrivateKey::to_pem`].
#[derive(Clone)]
pub struct PrivateKey(pub(super) Secret);

#[derive(Clone)]
pub(super) enum Secret {
    P256(p256::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Rsa(rsa::PrivateKey),
}

impl PrivateKey {
    /// A new key of P-256 or Ed25519, from the operating system's randomness.
    pub fn generate(kind: KeyType) -> Result<Self, Error> {
        if !kind.signs_bundles() {
            return Err(Error::NotMade(kind));
        }
        let mut seed = Zeroizing::new([0; 32]);
        loop {
            getrandom::fill(&mut *seed).map_err(|_| Error::Random)?;
            // One draw in 2^32 is no scalar of P-256.
            if let Ok(key) = Self::from_seed(kind, &seed) {
                return Ok(key);
            }
        }
    }

    /// The key of 32 secret bytes: the scalar of P-256 (big-endian, neither zero nor beyond the order), or RFC 8032's
    /// seed of Ed25519. Keys of other kinds are not made here.
    pub fn from_seed(kind: KeyType, seed: &[u8; 32]) -> Result<Self, Error> {
        Ok(Self(match kind {
            KeyType::P256 => Secret::P256(
                p256::ecdsa::SigningKey::from_slice(seed)
                    .map_err(|_| Error::Der("it is no scalar of P-256"))?,
            ),
            KeyType::Ed25519 => Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)),
            KeyType::P384 | KeyType::P521 | KeyType::Rsa => return Err(Error::NotMade(kind)),
        }))
    }

    /// Reads a PEM file with one `PRIVATE KEY` block (PKCS#8) of at most [`super::MAX_PEM`] bytes.
    pub fn from_pem(file: impl AsRef<[u8]>) -> Result<Self, Error> {
        let block = pem::decode(file.as_ref())?;
        match block.label.as_str() {
            pem::PRIVATE_KEY => Self::from_pkcs8(&block.bytes),
            "ENCRYPTED PRIVATE KEY" => Err(Error::EncryptedPkcs8),
            "OPENSSH PRIVATE KEY" => Err(Error::OpenSsh),
            "ENCRYPTED SIGSTORE PRIVATE KEY" | "ENCRYPTED COSIGN PRIVATE KEY" => {
                Err(Error::CosignPasswordNeeded)
            }
            "CERTIFICATE" => Err(Error::CertificateGiven),
            label if label.ends_with(pem::PUBLIC_KEY) => Err(Error::PublicKeyGiven),
            label if label.ends_with(pem::PRIVATE_KEY) || label.ends_with("PARAMETERS") => {
                Err(Error::Traditional(label.to_owned()))
            }
            label => Err(Error::Label(label.to_owned())),
        }
    }

    /// Reads a DER PKCS#8 key. A public key that comes with it must be the one that belongs to it.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, Error> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| Error::Der("it is no PKCS#8 key"))?;
        Ok(Self(match public::kind(&info.algorithm)? {
            KeyType::P256 => Secret::P256(
                p256::SecretKey::try_from(info).map_err(|_| Error::Der("it is no P-256 private key"))?.into(),
            ),
            KeyType::Ed25519 => Secret::Ed25519(
                ed25519_dalek::SigningKey::try_from(info)
                    .map_err(|_| Error::Der("it is no Ed25519 private key"))?,
            ),
            KeyType::P384 => Secret::P384(
                p384::SecretKey::try_from(info).map_err(|_| Error::Der("it is no P-384 private key"))?.into(),
            ),
            KeyType::P521 => Secret::P521(
                p521::SecretKey::try_from(info).map_err(|_| Error::Der("it is no P-521 private key"))?.into(),
            ),
            KeyType::Rsa => Secret::Rsa(rsa::PrivateKey::from_pkcs8(info)?),
        }))
    }

    /// A PEM file with one `PRIVATE KEY` block, wiped when dropped.
    pub fn to_pem(&self) -> Zeroizing<String> {
        let document = match &self.0 {
            Secret::P256(key) => p256::SecretKey::from(key).to_pkcs8_der(),
            // Version 1, without the public key: OpenSSL before 3.0 refuses version 2.
            Secret::Ed25519(key) => {
                KeypairBytes { secret_key: key.to_bytes(), public_key: None }.to_pkcs8_der()
            }
            Secret::P384(key) => p384::SecretKey::from(key).to_pkcs8_der(),
            Secret::P521(key) => p521::SecretKey::from(key).to_pkcs8_der(),
            Secret::Rsa(key) => key.to_pkcs8_der(),
        };
        let document = document.expect("a private key has a DER form of bounded length");
        pem::encode(pem::PRIVATE_KEY, document.as_bytes())
    }

    /// What kind of key it is.
    pub fn key_type(&self) -> KeyType {
        match self.0 {
            Secret::P256(_) => KeyType::P256,
            Secret::Ed25519(_) => KeyType::Ed25519,
            Secret::P384(_) => KeyType::P384,
            Secret::P521(_) => KeyType::P521,
            Secret::Rsa(_) => KeyType::Rsa,
        }
    }
}

impl Signer for PrivateKey {
    fn public_key(&self) -> PublicKey {
        match &self.0 {
            Secret::P256(key) => PublicKey::P256(*key.verifying_key()),
            Secret::Ed25519(key) => PublicKey::Ed25519(key.verifying_key()),
            Secret::P384(key) => PublicKey::P384(*key.verifying_key()),
            Secret::P521(key) => PublicKey::P521(*key.verifying_key()),
            Secret::Rsa(key) => PublicKey::Rsa(key.public_key()),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(match &self.0 {
            Secret::P256(key) => {
                let signature: p256::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }
            Secret::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Secret::P384(key) => {
                let signature: p384::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }
            Secret::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Secret::Rsa(key) => key.sign(rsa::Padding::Pkcs1v15, rsa::Hash::Sha256, message)?,
        })
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey(of {:?})", self.public_key())
    }
}

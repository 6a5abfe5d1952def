//! RSA signatures: PKCS#1 v1.5 and PSS (RFC 8017, section 8).
//!
//! PSS has a salt as long as its hash, as RFC 7518, section 3.5 asks. Signing is blinded with randomness of the operating
//! system, so that its time says nothing of the key.

use std::fmt;

use getrandom::SysRng;
use p256::pkcs8::spki::SubjectPublicKeyInfoRef;
use p256::pkcs8::{
    self, Document, EncodePrivateKey as _, EncodePublicKey as _, PrivateKeyInfoRef, SecretDocument,
};
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::Error;

/// What is done to a hash before the key is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Padding {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1v15,
    /// RSASSA-PSS, MGF1 with the same hash.
    Pss,
}

/// What a message is hashed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(super) fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    fn pkcs1v15(self) -> Pkcs1v15Sign {
        match self {
            Self::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Self::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Self::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        }
    }
}

/// An RSA key that verifies, of [`MIN_RSA_BITS`] to [`MAX_RSA_BITS`].
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(rsa::PublicKey);

impl PublicKey {
    pub(super) fn from_spki(info: SubjectPublicKeyInfoRef<'_>) -> Result<Self, Error> {
        let key = rsa::PublicKey::try_from(info)
            .map_err(|_| Error::Der("it is no RSA public key of a safe size"))?;
        Self::new(key)
    }

    /// The key of a modulus and an exponent, big-endian and without leading zeros.
    pub(super) fn from_parts(modulus: &[u8], exponent: &[u8]) -> Result<Self, Error> {
        let is_plain = |bytes: &[u8]| bytes.first().is_some_and(|first| *first != 0);
        // Looked at before any arithmetic: a number of megabytes would cost time.
        if !is_plain(modulus) || !is_plain(exponent) || exponent.len() > MAX_EXPONENT_BYTES {
            return Err(Error::Jwk("its modulus or exponent is not spelled as it must be"));
        }
        if modulus.len() > MAX_RSA_BITS / 8 {
            return Err(Error::RsaBits(modulus.len() * 8));
        }
        let number = |bytes: &[u8]| {
            let bits = u32::try_from(bytes.len() * 8).map_err(|_| Error::Jwk("it is too long"))?;
            BoxedUint::from_be_slice(bytes, bits).map_err(|_| Error::Jwk("it holds no number"))
        };
        let key = rsa::PublicKey::new(number(modulus)?, number(exponent)?);
        Self::new(key.map_err(|_| Error::Jwk("it is no RSA key of a safe size"))?)
    }

    fn new(key: rsa::PublicKey) -> Result<Self, Error> {
        let key = Self(key);
        if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&key.bits()) {
            return Err(Error::RsaBits(key.bits()));
        }
        Ok(key)
    }

    pub(super) fn to_public_key_der(&self) -> pkcs8::spki::Result<Document> {
        self.0.to_public_key_der()
    }

    /// How long the modulus is.
    pub fn bits(&self) -> usize {
        let modulus = self.modulus();
        modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize)
    }

    /// The modulus, big-endian, without leading zeros.
    pub fn modulus(&self) -> Vec<u8> {
        self.0.n_bytes().to_vec()
    }

    /// The public exponent, big-endian, without leading zeros.
    pub fn exponent(&self) -> Vec<u8> {
        self.0.e_bytes().to_vec()
    }

    pub(super) fn verify(
        &self,
        padding: Padding,
        hash: Hash,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        if signature.len() != self.modulus().len() {
            return Err(Error::SignatureForm("as long as the RSA key"));
        }
        match (padding, hash) {
            (Padding::Pkcs1v15, _) => self.0.verify(hash.pkcs1v15(), digest, signature),
            (Padding::Pss, Hash::Sha256) => self.0.verify(Pss::<Sha256>::new(), digest, signature),
            (Padding::Pss, Hash::Sha384) => self.0.verify(Pss::<Sha384>::new(), digest, signature),
            (Padding::Pss, Hash::Sha512) => self.0.verify(Pss::<Sha512>::new(), digest, signature),
        }
        .map_err(|_| Error::SignatureMismatch)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({} bits)", self.bits())
    }
}

/// An RSA key that signs; wiped when it is dropped.
#[derive(Clone)]
pub(super) struct PrivateKey(rsa::PrivateKey);

impl PrivateKey {
    pub(super) fn from_pkcs8(info: PrivateKeyInfoRef<'_>) -> Result<Self, Error> {
        let key = rsa::PrivateKey::try_from(info)
            .map_err(|_| Error::Der("it is no RSA private key of a safe size with two primes"))?;
        PublicKey::new(key.to_public_key())?;
        Ok(Self(key))
    }

    pub(super) fn public_key(&self) -> PublicKey {
        PublicKey(self.0.to_public_key())
    }

    pub(super) fn to_pkcs8_der(&self) -> pkcs8::Result<SecretDocument> {
        self.0.to_pkcs8_der()
    }

    pub(super) fn sign(&self, padding: Padding, hash: Hash, message: &[u8]) -> Result<Vec<u8>, Error> {
        let digest = hash.of(message);
        let random = &mut SysRng;
        match (padding, hash) {
            (Padding::Pkcs1v15, _) => self.0.sign_with_rng(random, hash.pkcs1v15(), &digest),
            (Padding::Pss, Hash::Sha256) => self.0.sign_with_rng(random, Pss::<Sha256>::new(), &digest),
            (Padding::Pss, Hash::Sha384) => self.0.sign_with_rng(random, Pss::<Sha384>::new(), &digest),
            (Padding::Pss, Hash::Sha512) => self.0.sign_with_rng(random, Pss::<Sha512>::new(), &digest),
        }
        .map_err(|error| Error::Signer(error.to_string()))
    }
}

/// The shortest modulus that is accepted (NIST SP 800-131A).
pub const MIN_RSA_BITS: usize = 2048;
/// The longest modulus that is accepted; the work grows with its cube.
pub const MAX_RSA_BITS: usize = 8192;
/// 33 bits.
const MAX_EXPONENT_BYTES: usize = 5;

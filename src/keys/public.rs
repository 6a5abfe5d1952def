//! Public keys and the checking of signatures.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use ed25519_dalek::pkcs8::PublicKeyBytes;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::elliptic_curve::ALGORITHM_OID as EC;
use p256::pkcs8::der::{Decode as _, asn1::AnyRef};
use p256::pkcs8::spki::{AlgorithmIdentifier, SubjectPublicKeyInfoRef};
use p256::pkcs8::{AssociatedOid as _, EncodePublicKey as _, ObjectIdentifier};
use sha2::Sha512;

use super::{Error, KeyType, pem, rsa};
use crate::digest::{Algorithm, Digest};

/// A key that verifies.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// ECDSA on P-256, for SHA-256.
    P256(p256::ecdsa::VerifyingKey),
    /// Pure Ed25519, not of small order.
    Ed25519(ed25519_dalek::VerifyingKey),
    /// ECDSA on P-384, for SHA-384.
    P384(p384::ecdsa::VerifyingKey),
    /// ECDSA on P-521, for SHA-512.
    P521(p521::ecdsa::VerifyingKey),
    /// RSA of 2048 to 8192 bits.
    Rsa(rsa::PublicKey),
}

impl PublicKey {
    /// Reads a PEM file with one `PUBLIC KEY` block of at most [`super::MAX_PEM`] bytes.
    pub fn from_pem(file: impl AsRef<[u8]>) -> Result<Self, Error> {
        let block = pem::decode(file.as_ref())?;
        match block.label.as_str() {
            pem::PUBLIC_KEY => Self::from_spki(&block.bytes),
            "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => Err(Error::CertificateGiven),
            "RSA PUBLIC KEY" => Err(Error::TraditionalPublic),
            label if label.ends_with(pem::PRIVATE_KEY) => Err(Error::PrivateKeyGiven),
            label => Err(Error::Label(label.to_owned())),
        }
    }

    /// Reads a DER `SubjectPublicKeyInfo` in its one encoding: what does not print back byte for byte is refused.
    pub fn from_spki(der: &[u8]) -> Result<Self, Error> {
        let info = SubjectPublicKeyInfoRef::from_der(der)
            .map_err(|_| Error::Der("it is no SubjectPublicKeyInfo"))?;
        let bits = info.subject_public_key.as_bytes().ok_or(Error::Der("its key is not whole bytes"))?;
        let key = match kind(&info.algorithm)? {
            KeyType::P256 => {
                let point = p256::ecdsa::VerifyingKey::from_sec1_bytes(bits);
                Self::P256(point.map_err(|_| Error::Der("it is no point of P-256"))?)
            }
            KeyType::Ed25519 => {
                let bits = bits.try_into().map_err(|_| Error::Der("an Ed25519 key has 32 bytes"))?;
                Self::from_ed25519(bits)?
            }
            KeyType::P384 => {
                let point = p384::ecdsa::VerifyingKey::from_sec1_bytes(bits);
                Self::P384(point.map_err(|_| Error::Der("it is no point of P-384"))?)
            }
            KeyType::P521 => {
                let point = p521::ecdsa::VerifyingKey::from_sec1_bytes(bits);
                Self::P521(point.map_err(|_| Error::Der("it is no point of P-521"))?)
            }
            KeyType::Rsa => Self::Rsa(rsa::PublicKey::from_spki(info)?),
        };
        if key.to_spki() != der {
            return Err(Error::Spelling);
        }
        Ok(key)
    }

    /// The key of 32 bytes as RFC 8032 writes it.
    pub fn from_ed25519(bytes: &[u8; 32]) -> Result<Self, Error> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes)
            .map_err(|_| Error::Der("it is no point of Ed25519"))?;
        if key.is_weak() {
            return Err(Error::Weak);
        }
        Ok(Self::Ed25519(key))
    }

    /// The 32 bytes of an Ed25519 key.
    pub fn ed25519_bytes(&self) -> Option<[u8; 32]> {
        match self {
            Self::Ed25519(key) => Some(key.to_bytes()),
            _ => None,
        }
    }

    /// DER `SubjectPublicKeyInfo`; a point of a NIST curve is not compressed.
    pub fn to_spki(&self) -> Vec<u8> {
        let document = match self {
            Self::P256(key) => key.to_public_key_der(),
            Self::Ed25519(key) => PublicKeyBytes::from(key).to_public_key_der(),
            Self::P384(key) => key.to_public_key_der(),
            Self::P521(key) => key.to_public_key_der(),
            Self::Rsa(key) => key.to_public_key_der(),
        };
        document.expect("a public key has a DER form of bounded length").into_vec()
    }

    /// A PEM file with one `PUBLIC KEY` block.
    pub fn to_pem(&self) -> String {
        pem::encode(pem::PUBLIC_KEY, &self.to_spki()).to_string()
    }

    /// SHA-256 of the SPKI, the name of a key in Sigstore's hints.
    pub fn digest(&self) -> Digest {
        Digest::sha256(self.to_spki())
    }

    /// The fingerprint OpenSSH shows: `SHA256:` and base64 without padding (RFC 4253, section 6.6; RFC 5656, section 3.1).
    pub fn ssh_fingerprint(&self) -> String {
        let blob = match self {
            Self::P256(key) => {
                let point = key.to_sec1_point(false);
                ssh_strings(&[b"ecdsa-sha2-nistp256", b"nistp256", point.as_bytes()])
            }
            Self::Ed25519(key) => ssh_strings(&[b"ssh-ed25519", key.as_bytes()]),
            Self::P384(key) => {
                let point = key.to_sec1_point(false);
                ssh_strings(&[b"ecdsa-sha2-nistp384", b"nistp384", point.as_bytes()])
            }
            Self::P521(key) => {
                let point = key.to_sec1_point(false);
                ssh_strings(&[b"ecdsa-sha2-nistp521", b"nistp521", point.as_bytes()])
            }
            Self::Rsa(key) => ssh_strings(&[b"ssh-rsa", &signed(key.exponent()), &signed(key.modulus())]),
        };
        format!("{FINGERPRINT}{}", STANDARD_NO_PAD.encode(Digest::sha256(blob).bytes()))
    }

    /// Whether a hint names this key, in one of the forms that are in use: the SHA-256 of its SPKI in base64 (what
    /// Sigstore's clients write), in hexadecimal, or after `SHA256:` (npm), or its SSH fingerprint (cosign).
    pub fn answers_to(&self, hint: &str) -> bool {
        let digest = self.digest();
        hint == STANDARD.encode(digest.bytes())
            || hint == digest.hex()
            || hint.strip_prefix(FINGERPRINT).is_some_and(|rest| {
                rest == STANDARD.encode(digest.bytes()) || rest == STANDARD_NO_PAD.encode(digest.bytes())
            })
            || hint == self.ssh_fingerprint()
    }

    /// What kind of key it is.
    pub fn key_type(&self) -> KeyType {
        match self {
            Self::P256(_) => KeyType::P256,
            Self::Ed25519(_) => KeyType::Ed25519,
            Self::P384(_) => KeyType::P384,
            Self::P521(_) => KeyType::P521,
            Self::Rsa(_) => KeyType::Rsa,
        }
    }

    /// The name in Sigstore's protobuf enum `PublicKeyDetails`: the key's kind together with its hash.
    pub fn key_details(&self) -> &'static str {
        match self {
            Self::P256(_) => "PKIX_ECDSA_P256_SHA_256",
            Self::Ed25519(_) => "PKIX_ED25519",
            Self::P384(_) => "PKIX_ECDSA_P384_SHA_384",
            Self::P521(_) => "PKIX_ECDSA_P521_SHA_512",
            Self::Rsa(key) => match key.bits() {
                2048 => "PKIX_RSA_PKCS1V15_2048_SHA256",
                3072 => "PKIX_RSA_PKCS1V15_3072_SHA256",
                4096 => "PKIX_RSA_PKCS1V15_4096_SHA256",
                _ => "PUBLIC_KEY_DETAILS_UNSPECIFIED",
            },
        }
    }

    /// Checks a signature of a message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        self.verify_hashed(&Digest::sha256(message), || message, signature)
    }

    /// Checks a signature of a message whose SHA-256 is known already. P-256 and RSA do not ask for the message itself.
    ///
    /// The digest must be of that message: who takes it from elsewhere checks a signature of something else.
    pub fn verify_hashed<M: AsRef<[u8]>>(
        &self,
        sha256: &Digest,
        message: impl FnOnce() -> M,
        signature: &[u8],
    ) -> Result<(), Error> {
        debug_assert_eq!(sha256.algorithm(), Algorithm::Sha256);
        match self {
            Self::P256(_) | Self::Rsa(_) => self.verify_digest(sha256, signature),
            Self::Ed25519(key) => {
                let signature = ed25519_signature(signature)?;
                key.verify_strict(message().as_ref(), &signature).map_err(|_| Error::SignatureMismatch)
            }
            Self::P384(_) => self.verify_digest(&Digest::of(Algorithm::Sha384, message()), signature),
            Self::P521(_) => self.verify_digest(&Digest::of(Algorithm::Sha512, message()), signature),
        }
    }

    /// Checks a signature of a digest under that digest's own algorithm, for where a protocol names the hash apart from
    /// the key: certificates, timestamps, messages that are not at hand.
    ///
    /// For Ed25519 it is Ed25519ph (RFC 8032, section 5.1) of a SHA-512: the pure form has no digest.
    pub fn verify_digest(&self, digest: &Digest, signature: &[u8]) -> Result<(), Error> {
        match self {
            Self::P256(key) => {
                let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| NOT_ECDSA)?;
                key.verify_prehash(digest.bytes(), &signature).map_err(|_| Error::SignatureMismatch)
            }
            Self::P384(key) => {
                let signature = p384::ecdsa::Signature::from_der(signature).map_err(|_| NOT_ECDSA)?;
                key.verify_prehash(digest.bytes(), &signature).map_err(|_| Error::SignatureMismatch)
            }
            Self::P521(key) => {
                let signature = p521::ecdsa::Signature::from_der(signature).map_err(|_| NOT_ECDSA)?;
                key.verify_prehash(digest.bytes(), &signature).map_err(|_| Error::SignatureMismatch)
            }
            Self::Ed25519(key) => {
                let hash = Sha512Value::of(digest).ok_or(Error::SignatureForm("one of a SHA-512"))?;
                let signature = ed25519_signature(signature)?;
                key.verify_prehashed_strict(hash, None, &signature).map_err(|_| Error::SignatureMismatch)
            }
            Self::Rsa(key) => {
                let hash = match digest.algorithm() {
                    Algorithm::Sha256 => rsa::Hash::Sha256,
                    Algorithm::Sha384 => rsa::Hash::Sha384,
                    Algorithm::Sha512 => rsa::Hash::Sha512,
                };
                key.verify(rsa::Padding::Pkcs1v15, hash, digest.bytes(), signature)
            }
        }
    }

    /// The hash that Sigstore gives a key of this kind; for Ed25519 that of its prehashed form.
    pub fn hash(&self) -> Algorithm {
        match self {
            Self::P256(_) | Self::Rsa(_) => Algorithm::Sha256,
            Self::P384(_) => Algorithm::Sha384,
            Self::P521(_) | Self::Ed25519(_) => Algorithm::Sha512,
        }
    }
}

fn ed25519_signature(bytes: &[u8]) -> Result<ed25519_dalek::Signature, Error> {
    ed25519_dalek::Signature::from_slice(bytes)
        .map_err(|_| Error::SignatureForm("an Ed25519 signature of 64 bytes"))
}

/// A SHA-512 that was computed before, in the form of a hash that is about to be finished.
#[derive(Clone)]
struct Sha512Value([u8; 64]);

impl Sha512Value {
    fn of(digest: &Digest) -> Option<Self> {
        let is_sha512 = digest.algorithm() == Algorithm::Sha512;
        digest.bytes().try_into().ok().filter(|_| is_sha512).map(Self)
    }
}

impl Default for Sha512Value {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl sha2::digest::HashMarker for Sha512Value {}

impl sha2::digest::OutputSizeUser for Sha512Value {
    type OutputSize = <Sha512 as sha2::digest::OutputSizeUser>::OutputSize;
}

impl sha2::digest::Update for Sha512Value {
    fn update(&mut self, _: &[u8]) {}
}

impl sha2::digest::FixedOutput for Sha512Value {
    fn finalize_into(self, out: &mut sha2::digest::Output<Self>) {
        out.copy_from_slice(&self.0);
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.key_type(), self.digest())
    }
}

/// The kind of key an algorithm identifier names, or what it is instead.
pub(super) fn kind(algorithm: &AlgorithmIdentifier<AnyRef<'_>>) -> Result<KeyType, Error> {
    if algorithm.oid == ED25519 {
        return Ok(KeyType::Ed25519);
    }
    if algorithm.oid == EC {
        let curve = algorithm.parameters_oid().map_err(|_| Error::Der("its curve has no name"))?;
        if curve == p256::NistP256::OID {
            return Ok(KeyType::P256);
        }
        if curve == p384::NistP384::OID {
            return Ok(KeyType::P384);
        }
        if curve == p521::NistP521::OID {
            return Ok(KeyType::P521);
        }
        return Err(Error::Unsupported(named(CURVES, &curve)));
    }
    if algorithm.oid == RSA {
        return Ok(KeyType::Rsa);
    }
    Err(Error::Unsupported(named(ALGORITHMS, &algorithm.oid)))
}

/// A positive number as SSH writes it: a zero byte first where the sign bit would be set (RFC 4251, section 5).
fn signed(number: Vec<u8>) -> Vec<u8> {
    if number.first().is_some_and(|first| first & 0x80 != 0) { [&[0], &*number].concat() } else { number }
}

/// Byte strings as SSH writes them, each after its length (RFC 4251, section 5).
fn ssh_strings(strings: &[&[u8]]) -> Vec<u8> {
    let mut blob = Vec::new();
    for string in strings {
        let length = u32::try_from(string.len()).expect("parts of a public key are short");
        blob.extend_from_slice(&length.to_be_bytes());
        blob.extend_from_slice(string);
    }
    blob
}

fn named(table: &[(&str, &str)], oid: &ObjectIdentifier) -> String {
    let oid = oid.to_string();
    table.iter().find(|(known, _)| *known == oid).map_or(oid.clone(), |(_, name)| (*name).to_owned())
}

const NOT_ECDSA: Error = Error::SignatureForm("an ECDSA signature in DER");

const FINGERPRINT: &str = "SHA256:";

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

const CURVES: &[(&str, &str)] =
    &[("1.2.840.10045.3.1.1", "P-192"), ("1.3.132.0.33", "P-224"), ("1.3.132.0.10", "secp256k1")];

const ALGORITHMS: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.3.101.110", "X25519"),
    ("1.3.101.111", "X448"),
    ("1.3.101.113", "Ed448"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
];

//! Why a key cannot be used, or a signature does not hold.

use super::pem::MAX_PEM;
use super::rsa::{MAX_RSA_BITS, MIN_RSA_BITS};
use super::{KeyType, jwa};

/// What went wrong with a key or a signature. No variant ever holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// More bytes than a key file has.
    #[error("a key file has at most {MAX_PEM} bytes")]
    TooLarge,
    /// No `-----BEGIN …-----` line.
    #[error("there is no PEM block")]
    NotPem,
    /// The block is there and its armour or base64 is broken.
    #[error("the PEM block is malformed: {0}")]
    Armour(&'static str),
    /// Something other than white space stands before or after the block.
    #[error("there is text outside the PEM block")]
    Surroundings,
    /// More than one block, so that nobody knows which key is meant.
    #[error("there are several PEM blocks, one key is expected")]
    SeveralBlocks,
    /// A public key where a private one is needed.
    #[error("this is a public key, a private key is expected")]
    PublicKeyGiven,
    /// A private key where a public one is needed.
    #[error("this is a private key, a public key is expected")]
    PrivateKeyGiven,
    /// A certificate where a key is needed.
    #[error("this is a certificate, a key is expected")]
    CertificateGiven,
    /// PKCS#8 under a password.
    #[error("the key is encrypted PKCS#8, which is not supported")]
    EncryptedPkcs8,
    /// OpenSSH's own private key format.
    #[error("the key is in OpenSSH's format, PKCS#8 PEM is expected")]
    OpenSsh,
    /// The older form `EC PRIVATE KEY` or `RSA PRIVATE KEY`.
    #[error("the key is a `{0}`, PKCS#8 (`PRIVATE KEY`) is expected")]
    Traditional(String),
    /// cosign's encrypted key file, which needs a password.
    #[error("the key is a cosign key file, which needs its password")]
    CosignPasswordNeeded,
    /// A PEM label nobody knows.
    #[error("a PEM block `{0}` is no key")]
    Label(String),
    /// A known kind of key that cannot be used here.
    #[error("{0} keys are not supported, only P-256, P-384, P-521, Ed25519 and RSA are")]
    Unsupported(String),
    /// A key that signs documents and is given where a bundle or a log needs one.
    #[error("{0} keys sign documents (`enveloped sign`), bundles and logs are signed with P-256 or Ed25519")]
    NotForBundles(KeyType),
    /// A kind of key that others make.
    #[error("{0} keys are not made here")]
    NotMade(KeyType),
    /// PKCS#1 where SPKI is expected.
    #[error("the key is an `RSA PUBLIC KEY`, SPKI (`PUBLIC KEY`) is expected")]
    TraditionalPublic,
    /// An RSA key that is too short to be safe, or so long that it only costs time.
    #[error("an RSA key has {MIN_RSA_BITS} to {MAX_RSA_BITS} bits, this one has {0}")]
    RsaBits(usize),
    /// An algorithm that keys of this kind do not have.
    #[error("a {key} key does not sign with {algorithm}")]
    Algorithm {
        /// The kind of key.
        key: KeyType,
        /// What was asked of it.
        algorithm: jwa::Algorithm,
    },
    /// A JSON Web Key that is none.
    #[error("the JSON Web Key is malformed: {0}")]
    Jwk(&'static str),
    /// The DER inside is not what its label says.
    #[error("the key is not well-formed DER: {0}")]
    Der(&'static str),
    /// A valid key written in another way than the standard one.
    #[error("the public key is not in its canonical encoding")]
    Spelling,
    /// An Ed25519 key of small order, under which anything can be made to verify.
    #[error("the public key is weak: it has a small order")]
    Weak,
    /// The signature has the wrong form for the key.
    #[error("the signature is not {0}")]
    SignatureForm(&'static str),
    /// The signature is not one of this message by this key.
    #[error("the signature does not match the message and the key")]
    SignatureMismatch,
    /// The operating system gave no randomness.
    #[error("the operating system gave no random bytes")]
    Random,
    /// cosign's key file is not of the expected form.
    #[error("the cosign key file is malformed: {0}")]
    CosignForm(String),
    /// cosign's key file asks for another amount of work than cosign ever does.
    #[error("the cosign key file asks for scrypt with N={n}, r={r}, p={p}, which is not accepted")]
    CosignWork {
        /// CPU and memory cost.
        n: u64,
        /// Block size.
        r: u64,
        /// Parallelism.
        p: u64,
    },
    /// The password does not open cosign's key file.
    #[error("the password does not open the key file")]
    WrongPassword,
    /// A signer outside this process failed; the text is its own.
    #[error("the signer failed: {0}")]
    Signer(String),
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NotPem | Self::Label(_) | Self::Unsupported(_) | Self::Der(_) => {
                Some("`sbom-attest key generate -o FILE` makes a key pair")
            }
            Self::SeveralBlocks | Self::Surroundings => Some("keep one key a file, and nothing else in it"),
            Self::PublicKeyGiven => Some("give the private key's file, the one without `.pub`"),
            Self::PrivateKeyGiven => Some("`sbom-attest key public FILE` prints its public key"),
            Self::CertificateGiven => Some("`openssl x509 -pubkey -noout -in FILE` prints the key inside"),
            Self::EncryptedPkcs8 => Some("`openssl pkcs8 -in FILE -out NEW` decrypts it"),
            Self::OpenSsh => Some("`ssh-keygen -p -m PKCS8 -f COPY` converts a copy of it"),
            Self::Traditional(_) => Some("`openssl pkcs8 -topk8 -nocrypt -in FILE -out NEW` converts it"),
            Self::NotForBundles(_) => {
                Some("`sbom-attest key generate -o FILE` makes a key that every Sigstore client verifies")
            }
            Self::NotMade(_) => Some("`openssl genpkey` makes one"),
            Self::TraditionalPublic => Some("`openssl rsa -RSAPublicKey_in -in FILE -pubout` converts it"),
            Self::RsaBits(_) => {
                Some("`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072` makes a new one")
            }
            Self::Spelling => {
                Some("`openssl pkey -pubin -in FILE -pubout -ec_conv_form uncompressed` rewrites it")
            }
            Self::CosignWork { .. } => Some("`cosign import-key-pair` writes the key with the usual cost"),
            Self::WrongPassword | Self::CosignPasswordNeeded => {
                Some("give the password that the key was made with (cosign reads COSIGN_PASSWORD)")
            }
            _ => None,
        }
    }
}

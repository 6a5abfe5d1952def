//! cosign's encrypted key files.
//!
//! A PEM block around JSON: scrypt's parameters, a nonce, and the PKCS#8 key in a `NaCl` secretbox
//! (<https://github.com/sigstore/cosign/blob/main/pkg/cosign/keys.go>). The crate `sigstore` opens the box. It would
//! call a wrong password an "unsupported key type", try the password once for each kind of key, and panic at a short
//! nonce: so the file is read strictly here first, and only the box is left to it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::elliptic_curve::zeroize::Zeroizing;
use serde::Deserialize;
use sigstore::crypto::signing_key::{
    COSIGN_PRIVATE_KEY_PEM_LABEL, SIGSTORE_PRIVATE_KEY_PEM_LABEL,
    kdf::{self, BOX_NONCE_SIZE, NAME_SCRYPT, NAME_SECRET_BOX, SALT_SIZE, SCRYPT_P, SCRYPT_R},
};

use super::{Error, PrivateKey, pem};

/// Whether a file is a key of cosign's, so that its password should be asked for.
pub fn is_key_file(file: &[u8]) -> bool {
    pem::decode(file).is_ok_and(|block| is_label(&block.label))
}

/// Opens a key file with its password, which may be empty. Takes a tenth of a second and 64 MiB, as scrypt is meant to.
pub fn open(file: &[u8], password: &[u8]) -> Result<PrivateKey, Error> {
    let block = pem::decode(file)?;
    if !is_label(&block.label) {
        return Err(Error::Label(block.label));
    }
    check(&block.bytes)?;
    let key = kdf::decrypt(&block.bytes, password).map(Zeroizing::new);
    PrivateKey::from_pkcs8(&key.map_err(|_| Error::WrongPassword)?)
}

fn is_label(label: &str) -> bool {
    label == SIGSTORE_PRIVATE_KEY_PEM_LABEL || label == COSIGN_PRIVATE_KEY_PEM_LABEL
}

/// Everything about the box that can be checked without the password.
fn check(json: &[u8]) -> Result<(), Error> {
    let file: KeyFile = serde_json::from_slice(json).map_err(|error| Error::CosignForm(error.to_string()))?;
    let form = |what: &str| Error::CosignForm(what.to_owned());
    if file.kdf.name != NAME_SCRYPT {
        return Err(form("its key derivation is not scrypt"));
    }
    if file.cipher.name != NAME_SECRET_BOX {
        return Err(form("its cipher is not nacl/secretbox"));
    }
    let Work { n, r, p } = file.kdf.params;
    if !SCRYPT_N.contains(&n) || r != u64::from(SCRYPT_R) || p != u64::from(SCRYPT_P) {
        return Err(Error::CosignWork { n, r, p });
    }
    let length = |text: &str| STANDARD.decode(text).map(|bytes| bytes.len());
    if length(&file.kdf.salt) != Ok(SALT_SIZE as usize) {
        return Err(form("its salt is not 32 bytes in base64"));
    }
    if length(&file.cipher.nonce) != Ok(BOX_NONCE_SIZE as usize) {
        return Err(form("its nonce is not 24 bytes in base64"));
    }
    match length(&file.ciphertext) {
        Ok(length) if length > BOX_TAG => Ok(()),
        _ => Err(form("its ciphertext is not base64 of a sealed key")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    kdf: Derivation,
    cipher: Cipher,
    ciphertext: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Derivation {
    name: String,
    params: Work,
    salt: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Work {
    #[serde(rename = "N")]
    n: u64,
    r: u64,
    p: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cipher {
    name: String,
    nonce: String,
}

/// The costs that cosign has ever written and the crate opens: 32 MiB and 64 MiB of memory. Anything else could be
/// a file made to exhaust the machine.
const SCRYPT_N: [u64; 2] = [kdf::SCRYPT_N_LOW as u64, kdf::SCRYPT_N_HIGH as u64];
/// Poly1305's tag, which stands before the sealed bytes.
const BOX_TAG: usize = 16;

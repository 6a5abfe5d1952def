//! The keys that notes name.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::NoteError;
use crate::digest::{decode_hex, encode_hex};
use crate::keys::PublicKey;
use crate::tlog::Hash;

/// The name of a key: not empty, without white space and plus signs, at most [`MAX_NAME`] bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyName {
    type Err = NoteError;

    fn from_str(name: &str) -> Result<Self, NoteError> {
        let wrong =
            |character: char| character.is_whitespace() || character.is_ascii_control() || character == '+';
        if name.is_empty() || name.len() > MAX_NAME || name.chars().any(wrong) {
            return Err(NoteError::Name);
        }
        Ok(Self(name.to_owned()))
    }
}

/// A named Ed25519 key that checks notes. Its text is a `vkey`: name, id and key, joined by plus signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    key: PublicKey,
    log_id: Hash,
}

impl VerifierKey {
    /// A key under a name. Only Ed25519 keys sign notes here.
    pub fn new(name: KeyName, key: PublicKey) -> Result<Self, NoteError> {
        let raw = key.ed25519_bytes().ok_or(NoteError::KeyType)?;
        let id = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', ED25519])
            .chain_update(raw)
            .finalize();
        Ok(Self { name, key, log_id: Hash::new(id.into()) })
    }

    /// Its name; for the key of a log, the origin.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The key itself.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The whole hash of name, type and key: Sigstore's `logId.keyId` of a log whose checkpoints it signs.
    pub fn log_id(&self) -> &Hash {
        &self.log_id
    }

    /// The first four bytes of [`VerifierKey::log_id`], which stand before its signatures.
    pub fn id(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = *self.log_id.as_bytes();
        [a, b, c, d]
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let raw = self.key.ed25519_bytes().unwrap_or_default();
        let body = [&[ED25519][..], &raw].concat();
        write!(f, "{}+{}+{}", self.name, encode_hex(&self.id()), STANDARD.encode(body))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, rest) = text.split_once('+').ok_or(NoteError::VerifierKey)?;
        let (id, body) = rest.split_once('+').ok_or(NoteError::VerifierKey)?;
        let id = decode_hex(id).filter(|id| id.len() == 4).ok_or(NoteError::VerifierKey)?;
        let body = STANDARD.decode(body).map_err(|_| NoteError::VerifierKey)?;
        let (kind, raw) = body.split_first().ok_or(NoteError::VerifierKey)?;
        if *kind != ED25519 {
            return Err(NoteError::KeyType);
        }
        let raw = raw.try_into().map_err(|_| NoteError::VerifierKey)?;
        let key = Self::new(name.parse()?, PublicKey::from_ed25519(raw).map_err(NoteError::Key)?)?;
        if key.id()[..] == id { Ok(key) } else { Err(NoteError::KeyId) }
    }
}

/// The most bytes of a key's name.
pub const MAX_NAME: usize = 255;

/// The specification's signature type of Ed25519.
const ED25519: u8 = 0x01;

#[cfg(test)]
mod tests {
    use super::*;

    // The example key of Go's golang.org/x/mod/sumdb/note.
    const NEUMANN: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn a_name_has_a_limit_and_no_space_or_plus() {
        assert!("a".repeat(MAX_NAME).parse::<KeyName>().is_ok());
        for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb", "a\u{7f}b", &"a".repeat(MAX_NAME + 1)] {
            assert_eq!(name.parse::<KeyName>(), Err(NoteError::Name), "{name:?}");
        }
    }

    #[test]
    fn the_key_of_the_go_checksum_database_has_its_id() {
        let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        let key: VerifierKey = text.parse().unwrap();
        assert_eq!(key.to_string(), text);
        assert_eq!(key.id(), [0x03, 0x3d, 0xe0, 0xae]);
        assert_eq!(key.log_id().as_bytes()[..4], key.id());
    }

    #[test]
    fn a_malformed_verifier_key_is_refused() {
        for (text, error) in [
            ("", NoteError::VerifierKey),
            ("PeterNeumann", NoteError::VerifierKey),
            ("PeterNeumann+c74f20a3", NoteError::VerifierKey),
            ("PeterNeumann+c74f20a3+", NoteError::VerifierKey),
            (&NEUMANN.replace("c74f20a3", "c74f20a4"), NoteError::KeyId),
            (&NEUMANN.replace("c74f20a3", "C74F20A3"), NoteError::VerifierKey),
            (&NEUMANN.replace("c74f20a3", "c74f20a300"), NoteError::VerifierKey),
            (&NEUMANN.replace("PeterNeumann", "peter"), NoteError::KeyId),
            (&NEUMANN.replace("PeterNeumann", ""), NoteError::Name),
            (&NEUMANN.replace("+ARpc", "+Ahpc"), NoteError::KeyType),
            (&NEUMANN.replace("10TW", "10T="), NoteError::VerifierKey),
            (&format!("{NEUMANN}\n"), NoteError::VerifierKey),
        ] {
            assert_eq!(text.parse::<VerifierKey>(), Err(error), "{text:?}");
        }
        let weak = format!("weak+00000000+{}", STANDARD.encode([&[ED25519][..], &[0; 32]].concat()));
        assert!(matches!(weak.parse::<VerifierKey>(), Err(NoteError::Key(_))));
    }
}

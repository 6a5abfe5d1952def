//! The name of a log: a bare host name.
//!
//! Sigstore clients compare a checkpoint's origin with the host name of the log's `baseUrl`, byte for byte, so a port, a
//! path, a scheme or an upper-case letter would make every proof worthless to them.

use std::fmt;
use std::str::FromStr;

use crate::digest::encode_hex;
use crate::keys::PublicKey;
use crate::tlog::note::{KeyName, NoteError};

/// A lower-case host name (RFC 1123, section 2.1) of at most [`MAX_ORIGIN`] bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// A name that no other log has: the first half of the SHA-256 of the key's SPKI says which it is. It lies below
    /// `invalid`, which never resolves (RFC 6761, section 6.4).
    pub fn unique(key: &PublicKey) -> Self {
        Self(format!("log-{}.sbom-attest.invalid", encode_hex(&key.digest().bytes()[..8])))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as that of a key in notes.
    pub fn key_name(&self) -> Result<KeyName, NoteError> {
        self.0.parse()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let label = |label: &str| {
            (1..=MAX_LABEL).contains(&label.len())
                && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if text.len() > MAX_ORIGIN {
            return Err(OriginError::Length(text.len()));
        }
        if text.contains("://") {
            return Err(OriginError::Scheme);
        }
        if text.contains('/') {
            return Err(OriginError::Path);
        }
        if text.contains(':') {
            return Err(OriginError::Port);
        }
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(OriginError::UpperCase);
        }
        // A last label of digits alone would be an address, not a name.
        let address =
            text.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        if address || !text.split('.').all(label) {
            return Err(OriginError::Form);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Why a text is not the name of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OriginError {
    /// Longer than [`MAX_ORIGIN`].
    #[error("the name has {0} bytes, more than {MAX_ORIGIN}")]
    Length(usize),
    /// A scheme before the name.
    #[error("a scheme does not belong to the name")]
    Scheme,
    /// A path after the name.
    #[error("a path does not belong to the name")]
    Path,
    /// A port after the name, or an IPv6 address.
    #[error("a port does not belong to the name")]
    Port,
    /// An upper-case letter.
    #[error("the name must be lower case")]
    UpperCase,
    /// Not labels of letters, digits and hyphens, joined by dots; or an address.
    #[error("the name is no host name")]
    Form,
}

/// The most bytes of a host name (RFC 1035, section 2.3.4, as text).
pub const MAX_ORIGIN: usize = 253;

/// The most bytes of one label of a host name.
pub const MAX_LABEL: usize = 63;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeyType, PrivateKey, Signer as _};

    #[test]
    fn only_a_bare_lower_case_host_name_is_taken() {
        for (text, error) in [
            ("https://log.example", OriginError::Scheme),
            ("log.example/path", OriginError::Path),
            ("log.example/", OriginError::Path),
            ("log.example:443", OriginError::Port),
            ("::1", OriginError::Port),
            ("Log.example", OriginError::UpperCase),
            ("", OriginError::Form),
            (".", OriginError::Form),
            ("log..example", OriginError::Form),
            ("log.example.", OriginError::Form),
            ("-log.example", OriginError::Form),
            ("log-.example", OriginError::Form),
            ("log_1.example", OriginError::Form),
            ("log example", OriginError::Form),
            ("lög.example", OriginError::Form),
            ("log.example\n", OriginError::Form),
            ("log+a.example", OriginError::Form),
            ("127.0.0.1", OriginError::Form),
            ("1", OriginError::Form),
        ] {
            assert_eq!(text.parse::<Origin>(), Err(error), "{text:?}");
        }
        for text in ["log.example", "localhost", "a", "rekor2.example", "xn--lg-fka.example", "1.example"] {
            assert_eq!(text.parse::<Origin>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn every_limit_of_a_name_holds() {
        let label = "a".repeat(MAX_LABEL);
        assert!(label.parse::<Origin>().is_ok());
        assert_eq!(format!("{label}a").parse::<Origin>(), Err(OriginError::Form));
        let longest = [&label[..], &label, &label, &label[..61]].join(".");
        assert_eq!(longest.len(), MAX_ORIGIN);
        assert!(longest.parse::<Origin>().is_ok());
        assert_eq!(format!("{longest}a").parse::<Origin>(), Err(OriginError::Length(MAX_ORIGIN + 1)));
    }

    #[test]
    fn the_unique_name_of_a_key_is_a_name() {
        let key = PrivateKey::from_seed(KeyType::Ed25519, &[1; 32]).unwrap().public_key();
        let origin = Origin::unique(&key);
        assert_eq!(origin.as_str().parse(), Ok(origin.clone()));
        assert_eq!(origin.as_str().len(), "log-0123456789abcdef.sbom-attest.invalid".len());
    }
}

//! Digests as CycloneDX writes them: weak algorithms too, and possibly wrong.

use std::borrow::Cow;

use super::text;
use crate::digest::{Algorithm, Digest};
use crate::document::Value;

/// A digest as a document states it.
#[derive(Debug, Clone, Copy)]
pub struct Hash<'a>(Value<'a>);

impl<'a> Hash<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// The object in the document.
    pub fn value(&self) -> Value<'a> {
        self.0
    }

    /// The name of the algorithm as written.
    pub fn algorithm_text(&self) -> Cow<'a, str> {
        text(self.0, "alg").unwrap_or_default()
    }

    /// The digits as written.
    pub fn content(&self) -> Cow<'a, str> {
        text(self.0, "content").unwrap_or_default()
    }

    /// The algorithm, if CycloneDX has it and the digits are right for it.
    pub fn checked(&self) -> Result<HashAlgorithm, HashProblem> {
        let algorithm = HashAlgorithm::from_name(&self.algorithm_text())
            .ok_or_else(|| HashProblem::Algorithm(self.algorithm_text().into_owned()))?;
        let content = self.content();
        if !content.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(HashProblem::Digits);
        }
        if content.len() != algorithm.length() * 2 {
            return Err(HashProblem::Length { found: content.len(), expected: algorithm.length() * 2 });
        }
        Ok(algorithm)
    }

    /// The digest, if its algorithm is strong and can be recomputed here. Upper case digits are folded.
    pub fn digest(&self) -> Option<Digest> {
        let algorithm = match self.checked().ok()? {
            HashAlgorithm::Sha256 => Algorithm::Sha256,
            HashAlgorithm::Sha384 => Algorithm::Sha384,
            HashAlgorithm::Sha512 => Algorithm::Sha512,
            _ => return None,
        };
        Digest::from_hex(algorithm, &self.content().to_ascii_lowercase())
    }
}

/// A hash algorithm that CycloneDX knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names of the algorithms")]
pub enum HashAlgorithm {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
    Sha3_256,
    Sha3_384,
    Sha3_512,
    Blake2b256,
    Blake2b384,
    Blake2b512,
    Blake3,
    Streebog256,
    Streebog512,
}

impl HashAlgorithm {
    const NAMES: [(Self, &'static str, usize); 14] = [
        (Self::Md5, "MD5", 16),
        (Self::Sha1, "SHA-1", 20),
        (Self::Sha256, "SHA-256", 32),
        (Self::Sha384, "SHA-384", 48),
        (Self::Sha512, "SHA-512", 64),
        (Self::Sha3_256, "SHA3-256", 32),
        (Self::Sha3_384, "SHA3-384", 48),
        (Self::Sha3_512, "SHA3-512", 64),
        (Self::Blake2b256, "BLAKE2b-256", 32),
        (Self::Blake2b384, "BLAKE2b-384", 48),
        (Self::Blake2b512, "BLAKE2b-512", 64),
        (Self::Blake3, "BLAKE3", 32),
        (Self::Streebog256, "Streebog-256", 32),
        (Self::Streebog512, "Streebog-512", 64),
    ];

    /// The algorithm of a CycloneDX name, whose spelling is fixed.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, own, _)| *own == name).map(|(algorithm, ..)| *algorithm)
    }

    /// The CycloneDX name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(own, ..)| *own == self).map_or("", |(_, name, _)| name)
    }

    /// Bytes of a digest.
    pub fn length(self) -> usize {
        Self::NAMES.iter().find(|(own, ..)| *own == self).map_or(0, |(.., length)| *length)
    }

    /// Whether two inputs of one digest can be made: such a digest identifies nothing.
    pub fn is_broken(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1)
    }
}

/// Why a stated digest cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashProblem {
    /// An algorithm that CycloneDX does not have.
    #[error("`{0}` is no hash algorithm of CycloneDX")]
    Algorithm(String),
    /// Something else than hexadecimal digits.
    #[error("its digits are not hexadecimal")]
    Digits,
    /// Too few or too many digits.
    #[error("it has {found} digits instead of {expected}")]
    Length {
        /// Digits there.
        found: usize,
        /// Digits of the algorithm.
        expected: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Limits};

    fn check(algorithm: &str, content: &str, expected: &Result<HashAlgorithm, HashProblem>, strong: bool) {
        let text = format!(r#"{{"alg":"{algorithm}","content":"{content}"}}"#);
        let document = Document::parse(text.into(), &Limits::default()).unwrap();
        let hash = Hash::new(document.root());
        assert_eq!(&hash.checked(), expected);
        assert_eq!(hash.digest().is_some(), strong);
    }

    #[test]
    fn a_digest_of_the_wrong_length_or_alphabet_is_none() {
        let short = HashProblem::Length { found: 2, expected: 64 };
        check("SHA-256", "ab", &Err(short), false);
        check("SHA-256", &"g".repeat(64), &Err(HashProblem::Digits), false);
        check("sha256", &"a".repeat(64), &Err(HashProblem::Algorithm("sha256".to_owned())), false);
    }

    #[test]
    fn only_a_strong_digest_is_compared() {
        check("SHA-1", &"a".repeat(40), &Ok(HashAlgorithm::Sha1), false);
        check("SHA-256", &"A".repeat(64), &Ok(HashAlgorithm::Sha256), true);
        check("SHA-512", &"0".repeat(128), &Ok(HashAlgorithm::Sha512), true);
    }
}

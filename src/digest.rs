//! Digests: what bytes are called when nobody is believed.
//!
//! The text form is `sha256:` and lower-case hexadecimal, as OCI and in-toto write it
//! (<https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md>). Only algorithms that
//! still resist collisions are known here, so a weak one can never be compared by mistake.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

use sha2::digest::DynDigest;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// A hash algorithm whose collisions are out of reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256 (FIPS 180-4), 32 bytes.
    Sha256,
    /// SHA-384 (FIPS 180-4), 48 bytes.
    Sha384,
    /// SHA-512 (FIPS 180-4), 64 bytes.
    Sha512,
}

impl Algorithm {
    /// The in-toto name: `sha256`, `sha384`, `sha512`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The algorithm of an in-toto name, which is lower case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Length of a digest in bytes.
    pub fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// A digest with its algorithm.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

impl Digest {
    /// The SHA-256 of bytes in memory.
    pub fn sha256(bytes: impl AsRef<[u8]>) -> Self {
        Self { algorithm: Algorithm::Sha256, bytes: Sha256::digest(bytes).to_vec() }
    }

    /// The digest of bytes in memory under any known algorithm.
    pub fn of(algorithm: Algorithm, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = match algorithm {
            Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
            Algorithm::Sha384 => Sha384::digest(bytes).to_vec(),
            Algorithm::Sha512 => Sha512::digest(bytes).to_vec(),
        };
        Self { algorithm, bytes }
    }

    /// The SHA-256 and the length of a stream, which is read to its end in pieces of [`CHUNK`] bytes.
    pub fn sha256_of_reader(reader: impl Read) -> io::Result<(Self, u64)> {
        let (mut digests, length) = Self::of_reader(&BTreeSet::from([Algorithm::Sha256]), reader)?;
        Ok((digests.remove(0), length))
    }

    /// The digests of a stream under several algorithms, in their order, and its length; it is read once, in pieces of
    /// [`CHUNK`] bytes.
    pub fn of_reader(
        algorithms: &BTreeSet<Algorithm>,
        mut reader: impl Read,
    ) -> io::Result<(Vec<Self>, u64)> {
        let mut hashers: Vec<(Algorithm, Box<dyn DynDigest>)> = algorithms
            .iter()
            .map(|algorithm| -> (Algorithm, Box<dyn DynDigest>) {
                match algorithm {
                    Algorithm::Sha256 => (*algorithm, Box::new(Sha256::new())),
                    Algorithm::Sha384 => (*algorithm, Box::new(Sha384::new())),
                    Algorithm::Sha512 => (*algorithm, Box::new(Sha512::new())),
                }
            })
            .collect();
        let mut length = 0;
        let mut chunk = vec![0; CHUNK];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => {
                    for (_, hasher) in &mut hashers {
                        hasher.update(&chunk[..read]);
                    }
                    length += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let digests = hashers
            .into_iter()
            .map(|(algorithm, hasher)| Self { algorithm, bytes: hasher.finalize().into_vec() })
            .collect();
        Ok((digests, length))
    }

    /// A UUID of version 8 (RFC 9562, section 5.8): the first 128 bits, less the six that say so. The same content gives the
    /// same one.
    pub fn uuid(&self) -> String {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.bytes[..16]);
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let groups =
            [0..4, 4..6, 6..8, 8..10, 10..16].map(|range: std::ops::Range<usize>| encode_hex(&bytes[range]));
        groups.join("-")
    }

    /// A digest from its parts, if the hexadecimal is lower case and of the algorithm's length.
    pub fn from_hex(algorithm: Algorithm, hex: &str) -> Option<Self> {
        let bytes = decode_hex(hex)?;
        (bytes.len() == algorithm.length()).then_some(Self { algorithm, bytes })
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The bytes, as many as [`Algorithm::length`] says.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Lower-case hexadecimal.
    pub fn hex(&self) -> String {
        encode_hex(&self.bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Self, ParseDigestError> {
        let (name, hex) = text.split_once(':').ok_or(ParseDigestError::Form)?;
        let algorithm =
            Algorithm::from_name(name).ok_or_else(|| ParseDigestError::Algorithm(name.to_owned()))?;
        Self::from_hex(algorithm, hex).ok_or(ParseDigestError::Hex(algorithm.length() * 2))
    }
}

/// Why a text is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseDigestError {
    /// No colon between algorithm and digits.
    #[error("a digest looks like sha256:HEX")]
    Form,
    /// An algorithm that is unknown, or too weak to be compared.
    #[error("`{0}` is not one of sha256, sha384, sha512")]
    Algorithm(String),
    /// Not lower-case hexadecimal of the right length.
    #[error("expected {0} lower-case hexadecimal digits")]
    Hex(usize),
}

/// Lower-case hexadecimal of any bytes.
pub fn encode_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The bytes of lower-case hexadecimal; upper case has no place, so that one digest has one spelling.
pub fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect()
}

/// How many bytes of a stream are held in memory while it is hashed.
pub const CHUNK: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_input_has_the_digest_of_fips_180() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::sha256("").to_string(), empty);
        assert_eq!(empty.parse::<Digest>().unwrap(), Digest::sha256(""));
        assert_eq!(Digest::sha256_of_reader(&b""[..]).unwrap(), (Digest::sha256(""), 0));
    }

    #[test]
    fn one_digest_has_one_spelling() {
        let upper = "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";
        assert_eq!(upper.parse::<Digest>(), Err(ParseDigestError::Hex(64)));
        assert_eq!("sha256:e3b0".parse::<Digest>(), Err(ParseDigestError::Hex(64)));
        assert_eq!("md5:00".parse::<Digest>(), Err(ParseDigestError::Algorithm("md5".to_owned())));
        assert_eq!("e3b0".parse::<Digest>(), Err(ParseDigestError::Form));
    }

    #[test]
    fn a_stream_hashes_like_its_bytes() {
        let bytes = vec![7; CHUNK * 2 + 1];
        let all = BTreeSet::from([Algorithm::Sha512, Algorithm::Sha256, Algorithm::Sha384]);
        let (digests, length) = Digest::of_reader(&all, &bytes[..]).unwrap();
        assert_eq!(digests, all.into_iter().map(|one| Digest::of(one, &bytes)).collect::<Vec<_>>());
        assert_eq!(length, bytes.len() as u64);
        assert_eq!(
            Digest::sha256_of_reader(&bytes[..]).unwrap(),
            (Digest::sha256(&bytes), bytes.len() as u64)
        );
    }
}

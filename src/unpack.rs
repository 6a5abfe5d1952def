//! Packed documents: gzip (RFC 1952) and Zstandard (RFC 8878), told by their first bytes.
//!
//! Both are unpacked in pure Rust, and to no more than [`RATIO`] times the bytes that came in (never less than
//! [`FLOOR`]), so that a small file cannot fill the memory.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

/// The bytes inside; bytes that are not packed come back as they are. At most `limit` bytes come out.
pub fn unpack(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, Error> {
    let limit = limit.min((bytes.len() as u64).saturating_mul(RATIO).max(FLOOR));
    if bytes.starts_with(GZIP) {
        bounded(MultiGzDecoder::new(&bytes[..]), limit, "gzip")
    } else if bytes.starts_with(ZSTANDARD) {
        frames(&bytes, limit)
    } else {
        Ok(bytes)
    }
}

/// Zstandard frames, one after another.
fn frames(mut bytes: &[u8], limit: u64) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        let decoder = StreamingDecoder::new(&mut bytes)
            .map_err(|error| Error::Broken { kind: "Zstandard", because: error.to_string().into() })?;
        let left = limit - out.len() as u64;
        out.append(&mut bounded(decoder, left, "Zstandard").map_err(|error| match error {
            Error::TooLarge { kind, .. } => Error::TooLarge { kind, limit },
            other => other,
        })?);
    }
    Ok(out)
}

fn bounded(stream: impl Read, limit: u64, kind: &'static str) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    stream.take(limit + 1).read_to_end(&mut out).map_err(|error| Error::Broken {
        kind,
        because: match error.kind() {
            io::ErrorKind::UnexpectedEof => Cow::Borrowed("it is cut off"),
            _ => Cow::Owned(error.to_string()),
        },
    })?;
    if out.len() as u64 > limit { Err(Error::TooLarge { kind, limit }) } else { Ok(out) }
}

/// Why a packed document cannot be unpacked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The packed bytes break their format.
    #[error("the {kind} data is broken: {because}")]
    Broken {
        /// The format.
        kind: &'static str,
        /// What its reader said.
        because: Cow<'static, str>,
    },
    /// More comes out than the limit.
    #[error("the {kind} data unpacks to more than {limit} bytes")]
    TooLarge {
        /// The format.
        kind: &'static str,
        /// The most that is unpacked.
        limit: u64,
    },
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Broken { .. } => Some("fetch or pack the file again"),
            Self::TooLarge { .. } => Some("if you trust it, unpack it yourself and pass what comes out"),
        }
    }
}

const GZIP: &[u8] = &[0x1F, 0x8B];
const ZSTANDARD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];

/// How many times its own size a packed document may unpack to. SBOMs of one template reach 100.
pub const RATIO: u64 = 512;
/// What any packed document may unpack to, however small it is.
pub const FLOOR: u64 = 16 << 20;

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstandard(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    #[test]
    fn what_was_packed_comes_out_and_the_rest_stays_as_it_is() {
        let text = b"{\"a\": 1}".repeat(1000);
        for packed in [gzip(&text), zstandard(&text), text.clone()] {
            assert_eq!(unpack(packed, 1 << 20).unwrap(), text);
        }
        let twice = |pack: fn(&[u8]) -> Vec<u8>| [pack(b"one "), pack(b"two")].concat();
        assert_eq!(unpack(twice(gzip), 100).unwrap(), b"one two");
        assert_eq!(unpack(twice(zstandard), 100).unwrap(), b"one two");
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit() {
        let zeros = vec![0; 64 << 20];
        for (bomb, kind) in [(gzip(&zeros), "gzip"), (zstandard(&zeros), "Zstandard")] {
            let limit = (bomb.len() as u64 * RATIO).max(FLOOR);
            assert!(limit < zeros.len() as u64, "{kind} packs worse than that");
            let error = unpack(bomb, u64::MAX).unwrap_err();
            assert_eq!(error.to_string(), format!("the {kind} data unpacks to more than {limit} bytes"));
        }
        assert!(matches!(unpack(gzip(&[0; 100]), 99), Err(Error::TooLarge { limit: 99, .. })));
        assert!(matches!(unpack(zstandard(&[0; 100]), 99), Err(Error::TooLarge { limit: 99, .. })));
        assert_eq!(unpack(gzip(&[0; 100]), 100).unwrap().len(), 100);
    }

    #[test]
    fn packed_bytes_cut_anywhere_are_refused_without_a_panic() {
        let text = b"{\"bomFormat\": \"CycloneDX\"}".repeat(20);
        for packed in [gzip(&text), zstandard(&text)] {
            for length in 4..packed.len() {
                let cut = unpack(packed[..length].to_vec(), 1 << 20);
                assert!(matches!(cut, Err(Error::Broken { .. })), "{length}: {cut:?}");
            }
        }
    }
}

//! Frames: what one append writes, all of it or nothing.
//!
//! A frame holds the new entries *and* the signed checkpoint that covers them, so that a signature never outlives the
//! entries it speaks of. Layout, numbers big-endian (`docs/log-format.md`):
//!
//! ```text
//!  0  8  "SBOMLOG1"
//!  8  8  index of the first entry
//! 16  4  number of entries
//! 20  4  bytes of all entries with their lengths
//! 24  4  bytes of the note
//! 28  4  CRC32C of the 28 bytes before
//! 32     entries, each after its length of 16 bits; then the note
//!     4  CRC32C of everything before
//! ```

use crate::tlog::{entry, note, tile};

/// A frame within its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Index of the first entry.
    pub first: u64,
    count: u32,
    entries: &'a [u8],
    /// The signed checkpoint of the log with these entries.
    pub note: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The index after the last entry: the size of the log with this frame.
    pub fn end(&self) -> u64 {
        self.first + u64::from(self.count)
    }

    /// The entries, in order.
    pub fn entries(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = self.entries;
        std::iter::from_fn(move || {
            let (entry, after) = split_entry(rest)?;
            rest = after;
            Some(entry)
        })
    }

    /// Reads the frame that bytes begin with, and says how long it is.
    pub fn decode(bytes: &'a [u8]) -> Result<(Self, usize), Broken> {
        let (header, body) = bytes.split_first_chunk::<HEADER>().ok_or(Broken::Header)?;
        let number =
            |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        if header[..8] != MAGIC || number(28) != crc32c::crc32c(&header[..28]) {
            return Err(Broken::Header);
        }
        let first = u64::from(number(8)) << 32 | u64::from(number(12));
        let (count, entries, note) = (number(16), number(20) as usize, number(24) as usize);
        let fits = count as usize <= MAX_ENTRIES && entries <= MAX_ENTRY_BYTES && note <= note::MAX_BYTES;
        if !fits || count == 0 || first.checked_add(u64::from(count)).is_none() {
            return Err(Broken::Content);
        }
        let length = HEADER + entries + note + CHECKSUM;
        let Some(body) = body.get(..entries + note + CHECKSUM) else {
            return Err(Broken::Unfinished);
        };
        let (content, checksum) = body.split_at(entries + note);
        if crc32c::crc32c(&bytes[..length - CHECKSUM]).to_be_bytes() != *checksum {
            return Err(Broken::Checksum { length });
        }
        let (entries, note) = content.split_at(entries);
        let frame = Self { first, count, entries, note };
        if frame.entries().count() != count as usize
            || frame.entries().map(|one| one.len() + 2).sum::<usize>() != entries.len()
        {
            return Err(Broken::Content);
        }
        Ok((frame, length))
    }
}

/// The bytes of a frame, if it keeps within the limits.
pub fn encode(first: u64, entries: &[impl AsRef<[u8]>], note: &[u8]) -> Option<Vec<u8>> {
    let size = entries.iter().map(|entry| entry.as_ref().len() + 2).sum::<usize>();
    if entries.is_empty()
        || entries.len() > MAX_ENTRIES
        || size > MAX_ENTRY_BYTES
        || note.len() > note::MAX_BYTES
    {
        return None;
    }
    let mut bytes = Vec::with_capacity(HEADER + size + note.len() + CHECKSUM);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&first.to_be_bytes());
    for number in [entries.len(), size, note.len()] {
        bytes.extend_from_slice(&u32::try_from(number).ok()?.to_be_bytes());
    }
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_be_bytes());
    for entry in entries {
        tile::push_entry(&mut bytes, entry.as_ref())?;
    }
    bytes.extend_from_slice(note);
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_be_bytes());
    Some(bytes)
}

/// Whether an unreadable end is the rest of one write that never finished, and nothing else.
///
/// A frame is written only after the one before it is durable. So the bytes from a broken frame on are an unfinished
/// write only if they are no longer than one frame and no whole frame follows in them.
pub fn is_unfinished(end: &[u8], broken: Broken) -> bool {
    match broken {
        Broken::Unfinished => true,
        Broken::Checksum { length } => length == end.len(),
        Broken::Content => false,
        Broken::Header => {
            let starts = end.windows(MAGIC.len()).enumerate().filter(|(_, window)| *window == MAGIC);
            end.len() <= MAX_LENGTH && !starts.into_iter().any(|(at, _)| Frame::decode(&end[at..]).is_ok())
        }
    }
}

fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, after) = bytes.split_first_chunk::<2>()?;
    after.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// Why bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The first 32 bytes are no header.
    #[error("there is no frame header")]
    Header,
    /// The header is whole and the rest ends too early.
    #[error("the frame ends too early")]
    Unfinished,
    /// All bytes are there and some of them are not those that were written.
    #[error("the checksum of the frame is wrong")]
    Checksum {
        /// The length of the frame, which its header says.
        length: usize,
    },
    /// The bytes are those that were written, and they are no frame.
    #[error("the content of the frame contradicts its header")]
    Content,
}

/// The most entries of one frame.
pub const MAX_ENTRIES: usize = 4096;

/// The most bytes of the entries of one frame, with two for the length of each.
pub const MAX_ENTRY_BYTES: usize = 4 * 1024 * 1024;

/// The most bytes of a whole frame.
pub const MAX_LENGTH: usize = HEADER + MAX_ENTRY_BYTES + note::MAX_BYTES + CHECKSUM;

const MAGIC: [u8; 8] = *b"SBOMLOG1";
const HEADER: usize = 32;
const CHECKSUM: usize = 4;

const _: () = assert!(entry::MAX_BYTES + 2 <= MAX_ENTRY_BYTES, "one entry always fits");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> Vec<u8> {
        encode(7, &[&b"one"[..], b"", b"three"], b"the note").unwrap()
    }

    #[test]
    fn a_frame_reads_back_whatever_follows() {
        let bytes = [sample(), b"more".to_vec()].concat();
        let (frame, length) = Frame::decode(&bytes).unwrap();
        assert_eq!((frame.first, frame.end(), frame.note), (7, 10, &b"the note"[..]));
        assert_eq!(frame.entries().collect::<Vec<_>>(), [&b"one"[..], b"", b"three"]);
        assert_eq!(length, bytes.len() - 4);
    }

    #[test]
    fn any_changed_byte_is_seen() {
        let bytes = sample();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                assert!(Frame::decode(&changed).is_err(), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn every_beginning_is_an_unfinished_write_and_a_whole_frame_behind_damage_is_not() {
        let bytes = sample();
        for end in 1..bytes.len() {
            let broken = Frame::decode(&bytes[..end]).unwrap_err();
            assert!(is_unfinished(&bytes[..end], broken), "{end}: {broken}");
        }
        // The file grew and not all of its blocks were written.
        let mut zeros = bytes.clone();
        for at in 0..bytes.len() {
            zeros[at..].fill(0);
            let broken = Frame::decode(&zeros).unwrap_err();
            assert!(is_unfinished(&zeros, broken), "{at}: {broken}");
            zeros.clone_from(&bytes);
        }
        for at in 0..bytes.len() {
            let mut damaged = [bytes.clone(), bytes.clone()].concat();
            damaged[at] ^= 1;
            let broken = Frame::decode(&damaged).unwrap_err();
            assert!(!is_unfinished(&damaged, broken), "{at}: {broken}");
        }
        assert!(!is_unfinished(&vec![0; MAX_LENGTH + 1], Broken::Header));
    }

    #[test]
    fn every_limit_of_a_frame_holds() {
        let none: [&[u8]; 0] = [];
        assert_eq!(encode(0, &none, b""), None);
        assert!(encode(0, &vec![b""; MAX_ENTRIES], b"").is_some());
        assert_eq!(encode(0, &vec![b""; MAX_ENTRIES + 1], b""), None);
        let entry = vec![0; 65_534];
        assert!(encode(0, &vec![&entry; 64], b"").is_some());
        let mut over = vec![entry.clone(); 63];
        over.push(vec![0; 65_535]);
        assert_eq!(encode(0, &over, b""), None);
        assert!(encode(0, &[b"x"], &vec![0; note::MAX_BYTES]).is_some());
        assert_eq!(encode(0, &[b"x"], &vec![0; note::MAX_BYTES + 1]), None);
    }

    #[test]
    fn a_frame_that_passes_its_checksum_and_contradicts_itself_is_never_taken_for_unfinished() {
        let mut bytes = sample();
        // Two entries where there are three, with all checksums right.
        bytes[19] = 2;
        let header = crc32c::crc32c(&bytes[..28]).to_be_bytes();
        bytes[28..32].copy_from_slice(&header);
        let end = bytes.len() - 4;
        let whole = crc32c::crc32c(&bytes[..end]).to_be_bytes();
        bytes[end..].copy_from_slice(&whole);
        assert_eq!(Frame::decode(&bytes), Err(Broken::Content));
        assert!(!is_unfinished(&bytes, Broken::Content));
    }

    proptest! {
        #[test]
        fn any_frame_reads_back(first in 0..u64::MAX / 2, entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 1..20), note: Vec<u8>) {
            let bytes = encode(first, &entries, &note).unwrap();
            let (frame, length) = Frame::decode(&bytes).unwrap();
            prop_assert_eq!(length, bytes.len());
            prop_assert_eq!(frame.first, first);
            prop_assert_eq!(frame.entries().map(<[u8]>::to_vec).collect::<Vec<_>>(), entries);
            prop_assert_eq!(frame.note, &note[..]);
        }
    }
}

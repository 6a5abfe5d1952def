//! Lines and columns: what an editor shows for a byte offset.

use std::fmt;

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1; lines end with LF.
    pub line: u64,
    /// Column in characters (not bytes), from 1.
    pub column: u64,
    /// Bytes before it.
    pub offset: u64,
}

impl Position {
    /// Counts from the start of `bytes`, which need not be UTF-8: time is linear in `offset`.
    pub(crate) fn in_bytes(bytes: &[u8], offset: usize) -> Self {
        let before = &bytes[..offset.min(bytes.len())];
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        Self {
            line: 1 + newlines(before),
            column: 1 + characters(&before[line_start..]),
            offset: before.len() as u64,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Sums every [`BLOCK`] bytes, so that a position costs the same at the end of a document of one line of a
/// gigabyte as at its start.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    newlines: u32,
    characters: u32,
    line_start: u32,
}

impl Lines {
    /// `bytes` are shorter than 4 GiB, as every document is.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut sum = Block { newlines: 0, characters: 0, line_start: 0 };
        let mut blocks = Vec::with_capacity(bytes.len() / BLOCK + 1);
        let mut offset = 0;
        for block in bytes.chunks(BLOCK) {
            blocks.push(sum);
            sum.newlines += narrow(newlines(block));
            sum.characters += narrow(characters(block));
            if let Some(newline) = block.iter().rposition(|&byte| byte == b'\n') {
                sum.line_start = narrow((offset + newline + 1) as u64);
            }
            offset += block.len();
        }
        blocks.push(sum);
        Self { blocks }
    }

    pub(crate) fn position(&self, bytes: &[u8], offset: usize) -> Position {
        let offset = offset.min(bytes.len());
        let block = self.blocks[offset / BLOCK];
        let rest = &bytes[offset / BLOCK * BLOCK..offset];
        let line_start = rest
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(block.line_start as usize, |newline| offset - rest.len() + newline + 1);
        Position {
            line: 1 + u64::from(block.newlines) + newlines(rest),
            column: 1 + self.characters_before(bytes, offset) - self.characters_before(bytes, line_start),
            offset: offset as u64,
        }
    }

    fn characters_before(&self, bytes: &[u8], offset: usize) -> u64 {
        let block = offset / BLOCK;
        u64::from(self.blocks[block].characters) + characters(&bytes[block * BLOCK..offset])
    }
}

#[expect(clippy::naive_bytecount, reason = "the compiler makes vector code of it: no crate is needed")]
fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// Every byte but the continuations of UTF-8 starts a character.
fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64
}

fn narrow(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

const BLOCK: usize = 4096;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_column_counts_characters_and_an_offset_bytes() {
        let at = Position::in_bytes("{\n \"größe\": 1}".as_bytes(), 13);
        assert_eq!(at, Position { line: 2, column: 10, offset: 13 });
        assert_eq!(at.to_string(), "line 2, column 10");
    }

    #[test]
    fn beyond_the_end_is_the_end() {
        assert_eq!(Position::in_bytes(b"ab", 9), Position { line: 1, column: 3, offset: 2 });
        assert_eq!(Lines::new(b"ab").position(b"ab", 9), Position { line: 1, column: 3, offset: 2 });
    }

    proptest! {
        #[test]
        fn the_index_agrees_with_counting(pieces in proptest::collection::vec("(\n|[a-zö🦀]{0,900})", 0..40), at in any::<prop::sample::Index>()) {
            let text = pieces.concat();
            let offset = at.index(text.len() + 1);
            prop_assert_eq!(
                Lines::new(text.as_bytes()).position(text.as_bytes(), offset),
                Position::in_bytes(text.as_bytes(), offset)
            );
        }
    }
}

//! Text that is not JSON and that a document is made from: it knows its lines.

use std::fmt;
use std::sync::OnceLock;

use super::position::Lines;
use super::{Position, Source};

/// A text with its lines. It has no notation for paths, so that values made from it are named by their JSON pointer.
#[derive(Clone)]
pub struct PlainText {
    text: String,
    lines: OnceLock<Lines>,
}

impl PlainText {
    /// Takes a text shorter than 4 GiB.
    pub fn new(text: String) -> Self {
        Self { text, lines: OnceLock::new() }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Source for PlainText {
    fn position(&self, offset: u32) -> Position {
        let bytes = self.text.as_bytes();
        self.lines.get_or_init(|| Lines::new(bytes)).position(bytes, offset as usize)
    }

    fn path(&self, _: u32) -> Option<String> {
        None
    }
}

impl fmt::Debug for PlainText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlainText({} bytes)", self.text.len())
    }
}

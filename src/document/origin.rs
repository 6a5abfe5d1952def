//! Where the values of a document stood in the text that it was made from.
//!
//! XML, tag-value and documents of another model are read into a JSON document. What is said about its values shall
//! name the lines and paths of the file that the reader has before them, and not those of a text nobody ever saw.

use std::fmt;
use std::sync::Arc;

use super::{Document, Limits, Position};

/// A text that a document was made from.
pub trait Source: fmt::Debug + Send + Sync {
    /// The line and column of a byte.
    fn position(&self, offset: u32) -> Position;

    /// The path, in the notation of the text, to what starts at a byte: an XPath, a JSON pointer. Nothing where the
    /// notation has none.
    fn path(&self, offset: u32) -> Option<String>;
}

/// The text that a document was made from, and where in it each of its nodes stood.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) source: Arc<dyn Source>,
    /// One byte offset a node of the tape.
    pub(super) offsets: Vec<u32>,
}

impl Document {
    /// The text that values of this document stand in: that which it was made from, else its own.
    pub fn into_source(self) -> Arc<dyn Source> {
        match self.origin {
            Some(origin) => origin.source,
            None => Arc::new(self),
        }
    }

    /// Gives the nodes of a document the places of the text that it was made from.
    pub(super) fn with_origin(mut self, source: Arc<dyn Source>, offsets: Vec<u32>) -> Self {
        debug_assert_eq!(offsets.len(), self.nodes.len(), "one offset a node");
        if offsets.len() == self.nodes.len() {
            self.origin = Some(Origin { source, offsets });
        }
        self
    }

    /// The byte at which a node stands in the text of [`Self::into_source`].
    pub(super) fn origin_of(&self, node: u32) -> u32 {
        match &self.origin {
            Some(origin) => origin.offsets[node as usize],
            None => self.nodes[node as usize].start,
        }
    }
}

impl Source for Document {
    fn position(&self, offset: u32) -> Position {
        self.own_position(offset)
    }

    fn path(&self, offset: u32) -> Option<String> {
        let node = self.nodes.partition_point(|node| node.start < offset);
        (node < self.nodes.len()).then(|| self.value(u32::try_from(node).unwrap_or(u32::MAX)).pointer())
    }
}

impl Limits {
    /// What a document may cost that is made from another: its text was already bounded, so only the sizes of the tape
    /// bound it.
    #[must_use]
    pub fn derived(&self) -> Self {
        Self { bytes: u64::from(u32::MAX), ..*self }
    }
}

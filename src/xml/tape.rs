//! The tape: one record of 24 bytes an element, attribute, text, comment or instruction, in the order of the text.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use super::path::{self, Place};
use super::{Element, Error, Limits, Node, Position, parse};
use crate::document::Lines;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// An element.
    Element,
    /// `xmlns="…"` or `xmlns:prefix="…"`, which is no attribute.
    Declaration,
    /// An attribute.
    Attribute,
    /// Text between tags.
    Text,
    /// A CDATA section.
    Cdata,
    /// A comment.
    Comment,
    /// A processing instruction.
    Instruction,
}

/// The attributes of an element, declarations too, follow it at once; then comes what it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) kind: Kind,
    pub(super) flags: u8,
    /// Bytes of the name as it is written, with its prefix.
    pub(super) name: u16,
    /// First byte: `<` of what is markup, the name of an attribute.
    pub(super) start: u32,
    /// First byte after it.
    pub(super) end: u32,
    /// The record after everything inside this one.
    pub(super) next: u32,
    /// The element around it; [`NOTHING`] around the root and what stands beside it.
    pub(super) parent: u32,
    /// Its place in [`Document::namespaces`], from 1; 0 is no namespace.
    pub(super) namespace: u32,
}

impl Record {
    pub(super) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// Of a text or an attribute: what it says differs from how it is written.
pub(super) const SPECIAL: u8 = 1;
/// Of an element or an attribute: its name has a prefix.
pub(super) const PREFIXED: u8 = 2;
/// No record.
pub(super) const NOTHING: u32 = u32::MAX;

/// An XML text and its tape. Immutable; the bytes are the ones that came in.
#[derive(Clone)]
pub struct Document {
    pub(super) text: String,
    pub(super) records: Vec<Record>,
    pub(super) root: u32,
    /// Names of namespaces, one for each declaration.
    pub(super) namespaces: Vec<Box<str>>,
    /// Elements that hold [`WIDE`] pieces and more, ascending.
    pub(super) wide: Vec<u32>,
    pub(super) lines: OnceLock<Lines>,
    pub(super) places: OnceLock<HashMap<u32, Vec<(u32, Place)>>>,
}

impl Document {
    /// Reads a whole text. Time and memory are linear in it, and no input overflows the stack.
    pub fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<Self, Error> {
        parse::parse(bytes, limits)
    }

    /// The one outermost element.
    pub fn root(&self) -> Element<'_> {
        Element::new(self, self.root)
    }

    /// The text exactly as it was read, a byte order mark included.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The text exactly as it was read, given back.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// How many elements, attributes, texts, comments and instructions it has.
    pub fn nodes(&self) -> usize {
        self.records.len()
    }

    /// Every comment and processing instruction, outside of the root element too, in the order of the text.
    pub fn asides(&self) -> impl Iterator<Item = Node<'_>> {
        (0..)
            .zip(&self.records)
            .filter(|(_, record)| matches!(record.kind, Kind::Comment | Kind::Instruction))
            .map(|(index, _)| Node::new(self, index))
    }

    /// Where a byte stands.
    pub fn position(&self, offset: usize) -> Position {
        self.lines.get_or_init(|| Lines::new(self.bytes())).position(self.bytes(), offset)
    }

    /// Which of its like a record is among what a wide element holds: found once for all, when first asked.
    pub(super) fn place(&self, parent: u32, child: u32) -> Option<Place> {
        let places = self
            .places
            .get_or_init(|| self.wide.iter().map(|&parent| (parent, path::places(self, parent))).collect());
        let siblings = places.get(&parent)?;
        siblings.binary_search_by_key(&child, |(sibling, _)| *sibling).ok().map(|index| siblings[index].1)
    }

    /// What an element holds, attributes left out; for [`NOTHING`], what stands outside of all elements and the root.
    pub(super) fn walk(&self, parent: u32) -> impl Iterator<Item = u32> + use<'_> {
        let (mut cursor, end) = match self.records.get(parent as usize) {
            Some(record) => {
                let inside = &self.records[parent as usize + 1..record.next as usize];
                let attributes = inside
                    .iter()
                    .take_while(|record| matches!(record.kind, Kind::Declaration | Kind::Attribute));
                // There are no more records than fit.
                (parent + 1 + u32::try_from(attributes.count()).unwrap_or(u32::MAX), record.next)
            }
            None => (0, u32::try_from(self.records.len()).unwrap_or(u32::MAX)),
        };
        std::iter::from_fn(move || {
            let child = (cursor < end).then_some(cursor)?;
            cursor = self.records[child as usize].next;
            Some(child)
        })
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} bytes, {} nodes)", self.text.len(), self.records.len())
    }
}

/// From how many pieces on what an element holds is indexed for [`Element::path`].
pub(super) const WIDE: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_costs_twenty_four_bytes() {
        assert_eq!(size_of::<Record>(), 24);
    }

    #[test]
    fn the_bytes_come_back_as_they_were() {
        let bytes = "\u{feff}<?xml version='1.0'?>\r\n<!-- é -->\n<a  b = 'c\r\n'\t>&#65;\r</a >\n<?p q?> "
            .as_bytes()
            .to_vec();
        let document = Document::parse(bytes.clone(), &Limits::default()).unwrap();
        assert_eq!(document.bytes(), bytes);
        assert_eq!(document.into_bytes(), bytes);
    }
}

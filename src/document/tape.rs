//! The tape: one node of 16 bytes a value or name, in the order of the text.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use super::origin::Origin;
use super::position::Lines;
use super::{Error, Position, Value, parse};

/// What a document may cost before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text; never more than 4 GiB less one, whatever is set.
    pub bytes: u64,
    /// Levels of arrays and objects; a lone scalar has none.
    pub depth: usize,
    /// Values and names, 16 bytes of memory each.
    pub nodes: usize,
}

impl Limits {
    /// The default limit on the text: an SBOM of a million components has 0.8 GB.
    pub const BYTES: u64 = 1 << 30;
    /// The default limit on nesting.
    pub const DEPTH: usize = 128;
    /// The default limit on values and names: 2 GiB of tape.
    pub const NODES: usize = 1 << 27;
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: Self::BYTES, depth: Self::DEPTH, nodes: Self::NODES }
    }
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The word for it in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// A value or a name. Members of an object are pairs of nodes, the name (a string) first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Of a string: whether an escape stands in it.
    pub(super) escaped: bool,
    /// First byte, quotes and brackets included.
    pub(super) start: u32,
    /// First byte after it.
    pub(super) end: u32,
    /// The node after everything inside this one.
    pub(super) next: u32,
}

/// A JSON text and its tape. Immutable; the bytes are the ones that came in.
///
/// One that was made from another text ([`Builder`](super::Builder)) remembers where in it each value stood.
#[derive(Clone)]
pub struct Document {
    pub(super) text: String,
    pub(super) nodes: Vec<Node>,
    /// Arrays and objects of [`WIDE`] nodes and more below them, ascending.
    pub(super) wide: Vec<u32>,
    lines: OnceLock<Lines>,
    children: OnceLock<HashMap<u32, Vec<u32>>>,
    /// Of a document that was made from another text.
    pub(super) origin: Option<Origin>,
}

impl Document {
    /// Reads a whole text. Time and memory are linear in it, and no input overflows the stack.
    pub fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<Self, Error> {
        parse::parse(bytes, limits)
    }

    pub(super) fn new(text: String, nodes: Vec<Node>, wide: Vec<u32>) -> Self {
        Self { text, nodes, wide, lines: OnceLock::new(), children: OnceLock::new(), origin: None }
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value::new(self, 0)
    }

    /// The text exactly as it was read.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The text exactly as it was read, given back.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// The value at an RFC 6901 pointer; the empty pointer is the root.
    pub fn at(&self, pointer: &str) -> Option<Value<'_>> {
        self.root().at(pointer)
    }

    /// The value of an [id](Value::id) that this document gave.
    pub(crate) fn value(&self, id: u32) -> Value<'_> {
        Value::new(self, id)
    }

    /// The [id](Value::id) after those of everything in a value.
    pub(crate) fn end_of(&self, value: Value<'_>) -> u32 {
        self.nodes[value.id() as usize].next
    }

    /// The ids of what is directly inside a container; names and values alternate in an object.
    pub(crate) fn inside(&self, value: Value<'_>) -> impl Iterator<Item = u32> + '_ {
        self.walk(value.id())
    }

    /// How many values and names it has.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it was made from another text.
    pub(crate) fn is_derived(&self) -> bool {
        self.origin.is_some()
    }

    /// Where a node stands: in the text that the document was made from, else in its own.
    pub(super) fn position_of(&self, node: u32) -> Position {
        match &self.origin {
            Some(origin) => origin.source.position(origin.offsets[node as usize]),
            None => self.own_position(self.nodes[node as usize].start),
        }
    }

    pub(super) fn own_position(&self, offset: u32) -> Position {
        self.lines.get_or_init(|| Lines::new(self.bytes())).position(self.bytes(), offset as usize)
    }

    /// The nodes directly inside wide containers, for searching: found once, when first asked.
    pub(super) fn children(&self, parent: u32) -> Option<&[u32]> {
        let children = self
            .children
            .get_or_init(|| self.wide.iter().map(|&parent| (parent, self.walk(parent).collect())).collect());
        children.get(&parent).map(Vec::as_slice)
    }

    /// The nodes directly inside a container: names and values alternate in an object.
    pub(super) fn walk(&self, parent: u32) -> impl Iterator<Item = u32> + '_ {
        let Node { kind, next: end, .. } = self.nodes[parent as usize];
        let mut cursor = if matches!(kind, Kind::Array | Kind::Object) { parent + 1 } else { end };
        std::iter::from_fn(move || {
            let child = (cursor < end).then_some(cursor)?;
            cursor = self.nodes[child as usize].next;
            Some(child)
        })
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} bytes, {} nodes)", self.text.len(), self.nodes.len())
    }
}

/// From how many children on a container is indexed for [`Value::pointer`].
pub(super) const WIDE: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_costs_sixteen_bytes() {
        assert_eq!(size_of::<Node>(), 16);
    }

    #[test]
    fn the_bytes_come_back_as_they_were() {
        let bytes = b" {\"z\" : 1.50e+3 ,\r\n\t\"a\":\"\\u0041\"} \n".to_vec();
        let document = Document::parse(bytes.clone(), &Limits::default()).unwrap();
        assert_eq!(document.bytes(), bytes);
        assert_eq!(document.into_bytes(), bytes);
    }
}

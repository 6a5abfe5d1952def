//! A container that is being edited: what stands in it, and every byte between.

use crate::document::text::unescape;
use crate::document::{Document, Kind, Value};

/// The texts that pieces come from: the document, and each value that was put into it, as it will be written.
pub(super) struct Sources<'d> {
    pub(super) original: &'d Document,
    pub(super) added: Vec<Document>,
}

/// The number of the document that is edited among the [`Sources`].
pub(super) const ORIGINAL: u32 = 0;

impl Sources<'_> {
    pub(super) fn document(&self, source: u32) -> &Document {
        if source == ORIGINAL { self.original } else { &self.added[source as usize - 1] }
    }

    pub(super) fn value(&self, source: u32, node: u32) -> Value<'_> {
        self.document(source).value(node)
    }

    pub(super) fn bytes<'s>(&'s self, text: &'s Text) -> &'s [u8] {
        match text {
            Text::Span { source, start, end } => {
                &self.document(*source).bytes()[*start as usize..*end as usize]
            }
            Text::Own(bytes) => bytes,
        }
    }

    /// Appends what a value will be written as. The nesting is bounded by that of pointers and documents.
    pub(super) fn write(&self, content: &Content, out: &mut Vec<u8>) {
        let container = match content {
            Content::Whole { source, node } => {
                return out.extend_from_slice(self.value(*source, *node).raw());
            }
            Content::Open(container) => container,
        };
        out.push(if container.is_object { b'{' } else { b'[' });
        out.extend_from_slice(self.bytes(&container.head));
        for (index, item) in container.items.iter().enumerate() {
            if index > 0 {
                out.extend_from_slice(self.bytes(&item.lead));
            }
            if let Some(name) = &item.name {
                out.extend_from_slice(self.bytes(name));
                out.extend_from_slice(self.bytes(&item.colon));
            }
            self.write(&item.content, out);
        }
        out.extend_from_slice(self.bytes(&container.tail));
        out.push(if container.is_object { b'}' } else { b']' });
    }

    /// Whether a name, as written, is this one.
    pub(super) fn is_named(&self, name: &Text, token: &str) -> bool {
        let raw = self.bytes(name);
        let inner = &raw[1..raw.len() - 1];
        inner == token.as_bytes() && !inner.contains(&b'\\')
            || std::str::from_utf8(inner).is_ok_and(|inner| inner.contains('\\') && unescape(inner) == token)
    }
}

/// Bytes of a source, or new ones.
#[derive(Clone)]
pub(super) enum Text {
    Span { source: u32, start: u32, end: u32 },
    Own(Box<[u8]>),
}

impl Text {
    pub(super) fn own(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Own(bytes.into().into_boxed_slice())
    }
}

/// A value: as its source has it, or opened.
#[derive(Clone)]
pub(super) enum Content {
    Whole { source: u32, node: u32 },
    Open(Box<Container>),
}

#[derive(Clone)]
pub(super) struct Container {
    pub(super) is_object: bool,
    /// Where it came from.
    pub(super) source: u32,
    pub(super) node: u32,
    /// What stands between the opening bracket and the first item.
    pub(super) head: Text,
    pub(super) items: Vec<Item>,
    /// What stands between the last item and the closing bracket.
    pub(super) tail: Text,
    /// Whether it has a signature that no longer holds.
    pub(super) broken: bool,
}

#[derive(Clone)]
pub(super) struct Item {
    /// The comma before it, with the white space around; of no meaning for the first one.
    pub(super) lead: Text,
    /// Of a member: its name in quotes.
    pub(super) name: Option<Text>,
    /// Of a member: the colon, with the white space around.
    pub(super) colon: Text,
    pub(super) content: Content,
}

impl Content {
    /// The source and the node that it was before it was edited.
    pub(super) fn origin(&self) -> (u32, u32) {
        match self {
            Self::Whole { source, node } => (*source, *node),
            Self::Open(container) => (container.source, container.node),
        }
    }

    /// The container that it is, opened; nothing for a scalar.
    pub(super) fn open(&mut self, sources: &Sources<'_>) -> Option<&mut Container> {
        if let Self::Whole { source, node } = *self {
            *self = Self::Open(Box::new(Container::open(sources, source, node)?));
        }
        match self {
            Self::Open(container) => Some(container),
            Self::Whole { .. } => None,
        }
    }
}

impl Container {
    fn open(sources: &Sources<'_>, source: u32, node: u32) -> Option<Self> {
        let document = sources.document(source);
        let is_object = match document.value(node).kind() {
            Kind::Object => true,
            Kind::Array => false,
            _ => return None,
        };
        let span = |start, end| Text::Span { source, start, end };
        let whole = document.nodes[node as usize];
        let mut at = whole.start + 1;
        let mut items = Vec::new();
        let mut head = None;
        let mut children = document.walk(node);
        while let Some(child) = children.next() {
            let first = document.nodes[child as usize];
            let lead = span(at, first.start);
            let (name, colon, value) = if is_object {
                let value = children.next()?;
                let colon = span(first.end, document.nodes[value as usize].start);
                (Some(span(first.start, first.end)), colon, value)
            } else {
                (None, span(at, at), child)
            };
            at = document.nodes[value as usize].end;
            head.get_or_insert_with(|| lead.clone());
            items.push(Item { lead, name, colon, content: Content::Whole { source, node: value } });
        }
        let tail = span(at, whole.end - 1);
        let head = head.unwrap_or_else(|| span(at, at));
        Some(Self { is_object, source, node, head, items, tail, broken: false })
    }

    /// The item of that name or index.
    pub(super) fn find(&self, sources: &Sources<'_>, token: &str) -> Option<usize> {
        if self.is_object {
            let is_it = |item: &Item| item.name.as_ref().is_some_and(|name| sources.is_named(name, token));
            self.items.iter().position(is_it)
        } else {
            super::pointer::index(token).filter(|index| *index < self.items.len())
        }
    }

    /// Takes an item away, with one comma.
    pub(super) fn take(&mut self, index: usize) {
        self.items.remove(index);
        if self.items.is_empty() {
            (self.head, self.tail) = (Text::own(""), Text::own(""));
        }
    }
}

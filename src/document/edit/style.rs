//! How a document is laid out, so that what is added looks like what is there.

use super::container::{Container, Sources, Text};
use crate::document::{Document, Kind, Limits, Value, quote};

/// The layout of a document, seen at its outermost members.
pub(super) struct Style {
    newline: &'static [u8],
    /// One level of indentation.
    unit: Vec<u8>,
    /// A colon with the space around it.
    colon: Vec<u8>,
    /// A comma within a line.
    comma: &'static [u8],
}

/// Where a new item stands: on a line of its own with that indentation, or within a line.
pub(super) type Indent = Option<Vec<u8>>;

impl Style {
    pub(super) fn of(document: &Document) -> Self {
        let text = document.bytes();
        let root = document.root();
        let children: Vec<u32> = document.walk(root.id()).take(2).collect();
        let start = |node: u32| document.nodes[node as usize].start as usize;
        let head = children.first().map_or(&[][..], |first| &text[root.span().start + 1..start(*first)]);
        let lines = head.contains(&b'\n');
        let unit = indentation(head).filter(|unit| !unit.is_empty()).unwrap_or(DEFAULT_UNIT).to_vec();
        let colon = match (root.kind(), &children[..]) {
            (Kind::Object, [name, value]) => {
                text[document.nodes[*name as usize].end as usize..start(*value)].to_vec()
            }
            (Kind::Array, [one, other])
                if text[document.nodes[*one as usize].end as usize..start(*other)] == *b", " =>
            {
                b": ".to_vec()
            }
            _ if lines => b": ".to_vec(),
            _ => b":".to_vec(),
        };
        let comma: &[u8] = if colon.ends_with(b" ") { b", " } else { b"," };
        let newline: &[u8] = if head.windows(2).any(|pair| pair == b"\r\n") { b"\r\n" } else { b"\n" };
        Self { newline, unit, colon, comma }
    }

    /// Where the items of a container stand; `outer` is where the container itself does.
    pub(super) fn inside(&self, sources: &Sources<'_>, container: &Container, outer: &Indent) -> Indent {
        if container.items.is_empty() {
            outer.as_ref().map(|outer| [outer, &self.unit[..]].concat())
        } else {
            indentation(sources.bytes(&container.head)).map(<[u8]>::to_vec)
        }
    }

    /// What stands around the only item of a container.
    pub(super) fn frame(&self, inner: &Indent, outer: &Indent) -> (Text, Text) {
        match (inner, outer) {
            (Some(inner), Some(outer)) => {
                (Text::own([self.newline, inner].concat()), Text::own([self.newline, outer].concat()))
            }
            _ => (Text::own(""), Text::own("")),
        }
    }

    /// A comma between the items of a container, like those that are there.
    pub(super) fn comma(&self, sources: &Sources<'_>, container: &Container, at: usize) -> Text {
        if let Some(neighbour) = container.items.get(at.clamp(1, container.items.len().max(2) - 1)) {
            return neighbour.lead.clone();
        }
        let head = sources.bytes(&container.head);
        if head.contains(&b'\n') { Text::own([b",", head].concat()) } else { Text::own(self.comma) }
    }

    /// A colon between name and value, like that of a neighbour.
    pub(super) fn colon(&self, container: &Container) -> Text {
        container.items.last().map_or_else(|| Text::own(self.colon.clone()), |item| item.colon.clone())
    }

    /// A value as it is written at a place. Scalars keep their spelling.
    pub(super) fn print(&self, value: Value<'_>, indent: &Indent) -> Vec<u8> {
        let mut out = Vec::with_capacity(value.raw().len());
        self.value(value, indent.as_deref(), &mut out);
        out
    }

    /// The nesting of a document is bounded, and so is this.
    fn value(&self, value: Value<'_>, indent: Option<&[u8]>, out: &mut Vec<u8>) {
        let is_object = match value.kind() {
            Kind::Object => true,
            Kind::Array => false,
            _ => return out.extend_from_slice(value.raw()),
        };
        let inner = indent.map(|indent| [indent, &self.unit].concat());
        let line = |indent: Option<&[u8]>, out: &mut Vec<u8>| {
            if let Some(indent) = indent {
                out.extend_from_slice(self.newline);
                out.extend_from_slice(indent);
            }
        };
        out.push(if is_object { b'{' } else { b'[' });
        let mut count = 0;
        let mut separate = |out: &mut Vec<u8>| {
            if count > 0 {
                out.extend_from_slice(if inner.is_some() { b"," } else { self.comma });
            }
            count += 1;
            line(inner.as_deref(), out);
        };
        for (name, member) in value.members() {
            separate(out);
            quote(&name, out);
            out.extend_from_slice(&self.colon);
            self.value(member, inner.as_deref(), out);
        }
        for element in value.elements() {
            separate(out);
            self.value(element, inner.as_deref(), out);
        }
        if count > 0 {
            line(indent, out);
        }
        out.push(if is_object { b'}' } else { b']' });
    }
}

/// A JSON text laid out like the document, to stand in the place of one of its values. What is no JSON is given back.
pub(crate) fn lay_out(document: &Document, place: Value<'_>, text: Vec<u8>) -> Vec<u8> {
    let Ok(new) = Document::parse(text.clone(), &Limits::default()) else { return text };
    let style = Style::of(document);
    let root = document.root();
    let is_laid_out = document.walk(root.id()).next().is_some_and(|first| {
        document.bytes()[root.span().start..document.value(first).span().start].contains(&b'\n')
    });
    let line =
        document.bytes()[..place.span().start].rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    let width = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    style.print(new.root(), &is_laid_out.then(|| line[..width].to_vec()))
}

/// What stands after the last line break, if there is one.
fn indentation(space: &[u8]) -> Option<&[u8]> {
    space.iter().rposition(|&byte| byte == b'\n').map(|end| &space[end + 1..])
}

const DEFAULT_UNIT: &[u8] = b"  ";

//! Views of elements and their attributes.

use std::borrow::Cow;
use std::ops::Range;

use super::tape::{Document, Kind, PREFIXED, Record};
use super::{Node, Position};

/// An element. Copying it costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a>(Node<'a>);

impl<'a> Element<'a> {
    pub(super) fn new(document: &'a Document, index: u32) -> Self {
        Self(Node::new(document, index))
    }

    /// It, as any node.
    pub fn node(&self) -> Node<'a> {
        self.0
    }

    /// Its namespace and its local name.
    pub fn name(&self) -> (Option<&'a str>, &'a str) {
        name(self.0)
    }

    /// Its name as it is written, with its prefix.
    pub fn qualified(&self) -> &'a str {
        qualified(self.0)
    }

    /// Whether it has this name.
    pub fn is(&self, namespace: Option<&str>, local: &str) -> bool {
        self.name() == (namespace, local)
    }

    /// The attributes, in the order of the text; declarations of namespaces are none.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        let document = self.0.document();
        let from = self.0.index() + 1;
        (from..)
            .zip(&document.records[from as usize..])
            .take_while(|(_, record)| matches!(record.kind, Kind::Declaration | Kind::Attribute))
            .filter(|(_, record)| record.kind == Kind::Attribute)
            .map(|(index, _)| Attribute(Node::new(document, index)))
    }

    /// The attribute of this name that is in no namespace, as almost all are.
    pub fn attribute(&self, local: &str) -> Option<Attribute<'a>> {
        self.attributes().find(|attribute| attribute.name() == (None, local))
    }

    /// The elements directly inside.
    pub fn children(&self) -> impl Iterator<Item = Self> + use<'a> {
        self.content().filter_map(|node| node.element())
    }

    /// Elements, texts, comments and instructions directly inside. White space alone between two tags is layout and
    /// no text, unless it is all that an element holds.
    pub fn content(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let document = self.0.document();
        document.walk(self.0.index()).map(|index| Node::new(document, index))
    }

    /// The text directly inside, CDATA sections included, comments and what is in other elements left out.
    pub fn text(&self) -> Cow<'a, str> {
        let mut pieces = self
            .content()
            .filter(|node| matches!(node.kind(), Kind::Text | Kind::Cdata))
            .map(|node| node.text());
        let Some(first) = pieces.next() else { return Cow::Borrowed("") };
        pieces.fold(first, |mut text, piece| {
            text.to_mut().push_str(&piece);
            text
        })
    }

    /// The element around it.
    pub fn parent(&self) -> Option<Self> {
        self.0.parent()
    }

    /// Where its bytes stand in the document, from its start tag to its end tag.
    pub fn span(&self) -> Range<usize> {
        self.0.span()
    }

    /// Where it starts.
    pub fn position(&self) -> Position {
        self.0.position()
    }

    /// The XPath from the root to it, as `/bom/components/component[3]/name`.
    pub fn path(&self) -> String {
        self.0.path()
    }
}

/// An attribute. Copying it costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a>(Node<'a>);

impl<'a> Attribute<'a> {
    /// It, as any node.
    pub fn node(&self) -> Node<'a> {
        self.0
    }

    /// Its namespace, none without a prefix, and its local name.
    pub fn name(&self) -> (Option<&'a str>, &'a str) {
        name(self.0)
    }

    /// Its name as it is written, with its prefix.
    pub fn qualified(&self) -> &'a str {
        qualified(self.0)
    }

    /// Its value: references replaced, white space normalised.
    pub fn value(&self) -> Cow<'a, str> {
        self.0.text()
    }

    /// Where its bytes stand in the document, from its name to its closing quote.
    pub fn span(&self) -> Range<usize> {
        self.0.span()
    }

    /// Where its value stands in the document, without the quotes.
    pub fn value_span(&self) -> Range<usize> {
        self.0.value()
    }

    /// Where it starts.
    pub fn position(&self) -> Position {
        self.0.position()
    }

    /// The XPath from the root to it, as `/bom/@serialNumber`.
    pub fn path(&self) -> String {
        self.0.path()
    }
}

/// The namespace and local name of an element or attribute.
pub(super) fn name(node: Node<'_>) -> (Option<&str>, &str) {
    let qualified = qualified(node);
    let record = node.record();
    let local = if record.has(PREFIXED) {
        qualified.split_once(':').map_or(qualified, |(_, local)| local)
    } else {
        qualified
    };
    let namespace =
        record.namespace.checked_sub(1).and_then(|index| node.document().namespaces.get(index as usize));
    (namespace.map(AsRef::as_ref), local)
}

/// The name of an element or attribute as it is written.
pub(super) fn qualified(node: Node<'_>) -> &str {
    let Record { kind, start, name, .. } = node.record();
    let start = start as usize + usize::from(kind == Kind::Element);
    &node.document().text[start..start + usize::from(name)]
}

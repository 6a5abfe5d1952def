//! Views: whatever a document has, borrowed.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::tape::{Document, Kind, Record, SPECIAL};
use super::{Element, Position, path, text};

/// An element, attribute, text, comment or instruction. Copying it costs nothing.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    document: &'a Document,
    index: u32,
}

impl<'a> Node<'a> {
    pub(super) fn new(document: &'a Document, index: u32) -> Self {
        Self { document, index }
    }

    pub(super) fn document(self) -> &'a Document {
        self.document
    }

    pub(super) fn index(self) -> u32 {
        self.index
    }

    pub(super) fn record(self) -> Record {
        self.document.records[self.index as usize]
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.record().kind
    }

    /// The element, if it is one.
    pub fn element(&self) -> Option<Element<'a>> {
        (self.kind() == Kind::Element).then(|| Element::new(self.document, self.index))
    }

    /// The element around it.
    pub fn parent(&self) -> Option<Element<'a>> {
        let parent = self.record().parent;
        ((parent as usize) < self.document.records.len()).then(|| Element::new(self.document, parent))
    }

    /// Where its bytes stand in the document: all of its markup, and all inside an element.
    pub fn span(&self) -> Range<usize> {
        let Record { start, end, .. } = self.record();
        start as usize..end as usize
    }

    /// Its text as it is written, markup included.
    pub fn raw(&self) -> &'a str {
        &self.document.text[self.span()]
    }

    /// What it says: the text directly inside an element, the value of an attribute, the inside of a comment or an
    /// instruction; references replaced, line ends normalised.
    pub fn text(&self) -> Cow<'a, str> {
        let record = self.record();
        let inside = |before: usize, after: usize| {
            &self.document.text[record.start as usize + before..record.end as usize - after]
        };
        let special = record.has(SPECIAL);
        match record.kind {
            Kind::Element => Element::new(self.document, self.index).text(),
            Kind::Text if special => text::content(inside(0, 0)),
            Kind::Text => Cow::Borrowed(inside(0, 0)),
            Kind::Cdata => text::cdata(inside(CDATA.len(), CDATA_END.len())),
            Kind::Comment => text::cdata(inside(COMMENT.len(), COMMENT_END.len())),
            Kind::Instruction => text::cdata(inside(INSTRUCTION.len(), INSTRUCTION_END.len())),
            Kind::Attribute | Kind::Declaration => {
                let value = &self.document.text[self.value()];
                if special { text::attribute(value) } else { Cow::Borrowed(value) }
            }
        }
    }

    /// Of an attribute: where its value stands, without the quotes.
    pub(super) fn value(self) -> Range<usize> {
        let Record { start, end, name, .. } = self.record();
        let after_name = start as usize + usize::from(name);
        let rest = &self.document.text.as_bytes()[after_name..end as usize];
        let quote = rest.iter().position(|byte| matches!(byte, b'"' | b'\''));
        after_name + quote.map_or(rest.len(), |at| at + 1)..end as usize - 1
    }

    /// Whether it is text of nothing but white space, as it is written.
    pub fn is_blank(&self) -> bool {
        self.kind() == Kind::Text && self.raw().bytes().all(super::character::is_space)
    }

    /// Where it starts.
    pub fn position(&self) -> Position {
        self.document.position(self.record().start as usize)
    }

    /// The XPath from the root to it, with names as they are written, as `/bom/components/component[3]/@type`.
    pub fn path(&self) -> String {
        path::path(*self)
    }
}

/// Two nodes are equal when they are the same place of the same document.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }
}

impl Eq for Node<'_> {}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let raw = self.raw();
        let shown = raw.char_indices().nth(SHOWN).map_or(raw, |(cut, _)| &raw[..cut]);
        f.write_str(shown)
    }
}

pub(super) const COMMENT: &str = "<!--";
pub(super) const COMMENT_END: &str = "-->";
pub(super) const CDATA: &str = "<![CDATA[";
pub(super) const CDATA_END: &str = "]]>";
pub(super) const INSTRUCTION: &str = "<?";
pub(super) const INSTRUCTION_END: &str = "?>";

/// Characters that `Debug` shows.
const SHOWN: usize = 200;

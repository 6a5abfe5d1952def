//! Views: a value of a document, borrowed.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::parse::decode;
use super::tape::Node;
use super::{Document, Kind, Position, canonical, number};

/// A value in a document. Copying it costs nothing.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    document: &'a Document,
    node: u32,
}

impl<'a> Value<'a> {
    pub(super) fn new(document: &'a Document, node: u32) -> Self {
        Self { document, node }
    }

    pub(super) fn document(self) -> &'a Document {
        self.document
    }

    /// Its number in the document: four bytes that stand for it.
    pub(crate) fn id(self) -> u32 {
        self.node
    }

    /// The numbers of this value and of everything inside it.
    pub(crate) fn ids(self) -> Range<u32> {
        self.node..self.record().next
    }

    fn record(self) -> Node {
        self.document.nodes[self.node as usize]
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.record().kind
    }

    /// The text of the value, byte for byte.
    pub fn raw(&self) -> &'a [u8] {
        &self.document.bytes()[self.span()]
    }

    fn literal(self) -> &'a str {
        &self.document.text[self.span()]
    }

    /// Where its bytes stand in the document.
    pub fn span(&self) -> Range<usize> {
        let Node { start, end, .. } = self.record();
        start as usize..end as usize
    }

    /// The value of a member, by its decoded name; nothing unless this is an object that has it.
    pub fn get(&self, name: &str) -> Option<Self> {
        self.names().find(|key| key.is(name)).map(|key| Self::new(self.document, key.node + 1))
    }

    /// The members of an object in the order of the text; none for anything else.
    pub fn members(&self) -> impl Iterator<Item = (Cow<'a, str>, Self)> + use<'a> {
        self.names().map(|key| (key.text(), Self::new(key.document, key.node + 1)))
    }

    fn names(self) -> impl Iterator<Item = Self> + use<'a> {
        let document = self.document;
        let of_object = self.kind() == Kind::Object;
        document
            .walk(self.node)
            .step_by(2)
            .take_while(move |_| of_object)
            .map(move |node| Self::new(document, node))
    }

    /// The elements of an array; none for anything else.
    pub fn elements(&self) -> impl Iterator<Item = Self> + use<'a> {
        let document = self.document;
        let of_array = self.kind() == Kind::Array;
        document.walk(self.node).take_while(move |_| of_array).map(move |node| Self::new(document, node))
    }

    /// The text of a string, decoded.
    pub fn as_str(&self) -> Option<Cow<'a, str>> {
        (self.kind() == Kind::String).then(|| self.text())
    }

    fn text(self) -> Cow<'a, str> {
        decode(&self.document.text, self.record())
    }

    /// Whether it is this string, without decoding what has no escape.
    pub fn is(&self, text: &str) -> bool {
        let Node { kind, escaped, start, end, .. } = self.record();
        kind == Kind::String
            && if escaped {
                self.text() == text
            } else {
                self.document.text.as_bytes()[start as usize + 1..end as usize - 1] == *text.as_bytes()
            }
    }

    /// The truth value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.raw() == b"true")
    }

    /// A number that is written as a whole number from 0 to 2^64 - 1.
    pub fn as_u64(&self) -> Option<u64> {
        if self.kind() == Kind::Number { self.literal().parse().ok() } else { None }
    }

    /// A number that is written as a whole number from -2^63 to 2^63 - 1.
    pub fn as_i64(&self) -> Option<i64> {
        if self.kind() == Kind::Number { self.literal().parse().ok() } else { None }
    }

    /// The double nearest to a number; it is finite.
    pub fn as_f64(&self) -> Option<f64> {
        if self.kind() == Kind::Number { self.literal().parse().ok() } else { None }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The value at an RFC 6901 pointer relative to this one; the empty pointer is itself.
    pub fn at(&self, pointer: &str) -> Option<Self> {
        let Some(tokens) = pointer.strip_prefix('/') else {
            return pointer.is_empty().then_some(*self);
        };
        tokens.split('/').try_fold(*self, |value, token| match value.kind() {
            Kind::Object => value.get(&token.replace("~1", "/").replace("~0", "~")),
            Kind::Array if token == "0" || !token.starts_with(['0', '+']) => {
                value.elements().nth(token.parse().ok()?)
            }
            _ => None,
        })
    }

    /// The RFC 6901 pointer from the root of the document to this value.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        let mut parent = 0;
        while parent != self.node {
            let (child, ordinal) = self.child_on_the_way(parent);
            if self.document.nodes[parent as usize].kind == Kind::Object {
                let name = Self::new(self.document, child - 1).text();
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            } else {
                pointer.push('/');
                pointer.push_str(&ordinal.to_string());
            }
            parent = child;
        }
        pointer
    }

    /// The value directly inside `parent` that is or holds this one, and its number among the nodes there.
    fn child_on_the_way(self, parent: u32) -> (u32, usize) {
        let (mut child, mut ordinal) = match self.document.children(parent) {
            Some(children) => {
                let ordinal = children.partition_point(|&child| child <= self.node) - 1;
                (children[ordinal], ordinal)
            }
            None => self
                .document
                .walk(parent)
                .zip(0..)
                .find(|(child, _)| self.document.nodes[*child as usize].next > self.node)
                .unwrap_or((self.node, 0)),
        };
        if self.document.nodes[parent as usize].kind == Kind::Object && ordinal % 2 == 0 {
            // A name: it has no pointer of its own, its value has.
            child += 1;
            ordinal += 1;
        }
        (child, ordinal)
    }

    /// Where it starts: in the text that the document was made from, else in its own.
    pub fn position(&self) -> Position {
        self.document.position_of(self.node)
    }

    /// The byte at which it starts in the text of [`Document::into_source`].
    pub fn offset(&self) -> u32 {
        self.document.origin_of(self.node)
    }

    /// The path to it in the text that the document was made from, in the notation of that text (an XPath for XML);
    /// else its [pointer](Self::pointer).
    pub fn place(&self) -> String {
        let origin = self.document.origin.as_ref();
        origin
            .and_then(|origin| origin.source.path(origin.offsets[self.node as usize]))
            .unwrap_or_else(|| self.pointer())
    }

    /// The value in the one spelling of RFC 8785. Numbers are doubles there: see [`Self::inexact_number`].
    pub fn canonical(&self) -> Vec<u8> {
        canonical::write(*self)
    }

    /// Appends the text on one line: without the white space between its parts, every part as it is spelled.
    pub fn compact(&self, out: &mut Vec<u8>) {
        squeeze(self.raw(), out);
    }

    /// The first number at or below this value that is written as an integer beyond ±(2^53 - 1). Two such numbers can
    /// have one canonical spelling, so who signs or compares canonical bytes refuses them (RFC 8785, section 3.2.2.3).
    pub fn inexact_number(&self) -> Option<Self> {
        (self.node..self.record().next)
            .map(|node| Self::new(self.document, node))
            .find(|value| value.kind() == Kind::Number && number::is_inexact_integer(value.literal()))
    }
}

/// Two values are equal when they are the same place of the same document.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.node == other.node
    }
}

impl Eq for Value<'_> {}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let raw = self.literal();
        let shown = raw.char_indices().nth(SHOWN).map_or(raw, |(cut, _)| &raw[..cut]);
        f.write_str(shown)
    }
}

/// JSON without the white space between its parts.
fn squeeze(json: &[u8], out: &mut Vec<u8>) {
    let (mut in_text, mut is_escaped) = (false, false);
    for &byte in json {
        if in_text {
            in_text = is_escaped || byte != b'"';
            is_escaped = !is_escaped && byte == b'\\';
        } else {
            if byte.is_ascii_whitespace() {
                continue;
            }
            in_text = byte == b'"';
        }
        out.push(byte);
    }
}

/// Characters that `Debug` shows.
const SHOWN: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;

    fn document(text: &str) -> Document {
        Document::parse(text.into(), &Limits::default()).unwrap()
    }

    #[test]
    fn a_view_of_the_wrong_kind_is_empty() {
        let document = document(r#"{"o": {"a": 1}, "l": [1], "s": "x", "n": 1.5, "t": true, "z": null}"#);
        let get = |name| document.root().get(name).unwrap();
        assert_eq!(document.root().get("missing"), None);
        assert_eq!(get("l").members().count() + get("o").elements().count() + get("s").elements().count(), 0);
        assert_eq!((get("l").get("a"), get("s").get("a")), (None, None));
        assert_eq!((get("n").as_u64(), get("s").as_f64(), get("n").as_str()), (None, None, None));
        assert_eq!((get("t").as_bool(), get("z").as_bool(), get("z").is_null()), (Some(true), None, true));
    }

    #[test]
    fn a_member_is_found_by_its_decoded_name() {
        let document = document(r#"{"\u0061\"b": "\u00e9", "": 7}"#);
        assert_eq!(document.root().get("a\"b").unwrap().as_str().unwrap(), "é");
        assert_eq!(document.root().get("").unwrap().as_u64(), Some(7));
        assert!(document.root().get("a\"b").unwrap().is("é"));
    }

    #[test]
    fn pointers_escape_and_count() {
        let document = document(r#"{"a/b": [0, {"m~n": [true]}], "": {"": 1}, "01": 2}"#);
        let value = document.at("/a~1b/1/m~0n/0").unwrap();
        assert_eq!(value.as_bool(), Some(true));
        assert_eq!(value.pointer(), "/a~1b/1/m~0n/0");
        assert_eq!(document.at("//").unwrap().pointer(), "//");
        assert_eq!(document.at("").unwrap().pointer(), "");
        for wrong in ["a", "/a~1b/01", "/a~1b/+1", "/a~1b/2", "/a~1b/-", "/x"] {
            assert_eq!(document.at(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn pointers_into_wide_containers_are_right() {
        let list = (0..300).map(|n| format!("{{\"n\":[{n}]}}")).collect::<Vec<_>>().join(",");
        let members = (0..300).map(|n| format!("\"k{n}\":[{n}]")).collect::<Vec<_>>().join(",");
        let document = document(&format!("{{\"list\":[{list}],\"map\":{{{members}}}}}"));
        for index in [0, 1, 63, 64, 299] {
            for pointer in
                [format!("/list/{index}/n/0"), format!("/list/{index}"), format!("/map/k{index}/0")]
            {
                assert_eq!(document.at(&pointer).unwrap().pointer(), pointer);
            }
        }
    }

    #[test]
    fn a_value_knows_its_line_and_column() {
        let document = document("{\n  \"é\": [1,\n\t2]}");
        let at = document.at("/é/1").unwrap().position();
        assert_eq!((at.line, at.column, at.offset), (3, 2, 15));
    }

    #[test]
    fn an_integer_that_a_double_does_not_hold_is_found() {
        let document = document(r#"{"a": [1, 9007199254740993], "b": 1.0e300}"#);
        assert_eq!(document.root().inexact_number().unwrap().pointer(), "/a/1");
        assert_eq!(document.at("/b").unwrap().inexact_number(), None);
    }
}

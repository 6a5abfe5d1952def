//! Making a document from another text: JSON is written value by value, and each remembers where it came from.

use std::sync::Arc;

use super::origin::Source;
use super::{Document, Error, Kind, Limits, Value, quote};

/// A JSON document in the making. Every call takes the byte in the source at which the value stood there; what has no
/// place of its own bears that of what it belongs to.
///
/// Members and elements come in the order of the calls. Whoever builds sees to it that an object gets a name before
/// each value, and no name twice: [`Self::finish`] parses the whole and refuses what is not JSON.
///
/// ```
/// use sbom_attest::document::{Builder, Limits};
///
/// let mut builder = Builder::default();
/// builder.object(0);
/// builder.name("a", 4);
/// builder.array(7);
/// builder.string("x", 9);
/// builder.literal("1.50", 14);
/// builder.end();
/// builder.end();
/// let document = builder.finish(None, &Limits::default())?;
/// assert_eq!(document.bytes(), b"{\n  \"a\": [\n    \"x\",\n    1.50\n  ]\n}\n");
/// # Ok::<(), sbom_attest::document::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Builder {
    text: Vec<u8>,
    /// One byte offset a value and name, in the order of the tape.
    offsets: Vec<u32>,
    open: Vec<Frame>,
    /// A name was written and its value comes.
    named: bool,
    is_compact: bool,
}

#[derive(Debug, Clone, Copy)]
struct Frame {
    is_object: bool,
    is_empty: bool,
}

/// A state to come back to.
#[derive(Debug, Clone, Copy)]
pub struct Checkpoint {
    text: usize,
    offsets: usize,
    depth: usize,
    is_empty: bool,
    named: bool,
}

impl Builder {
    /// Writes no layout: for what is only read again.
    pub fn compact() -> Self {
        Self { is_compact: true, ..Self::default() }
    }

    /// Opens an object, which [`Self::end`] closes.
    pub fn object(&mut self, at: u32) {
        self.begin(at);
        self.text.push(b'{');
        self.open.push(Frame { is_object: true, is_empty: true });
    }

    /// Opens an array, which [`Self::end`] closes.
    pub fn array(&mut self, at: u32) {
        self.begin(at);
        self.text.push(b'[');
        self.open.push(Frame { is_object: false, is_empty: true });
    }

    /// Closes the innermost array or object.
    pub fn end(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        if !frame.is_empty {
            self.line();
        }
        self.text.push(if frame.is_object { b'}' } else { b']' });
    }

    /// The name of the member whose value comes next.
    pub fn name(&mut self, name: &str, at: u32) {
        self.begin(at);
        quote(name, &mut self.text);
        self.text.extend_from_slice(b": ");
        self.named = true;
    }

    /// A string.
    pub fn string(&mut self, text: &str, at: u32) {
        self.begin(at);
        quote(text, &mut self.text);
    }

    /// A number, `true`, `false` or `null`, as it is to be written.
    pub fn literal(&mut self, json: &str, at: u32) {
        self.begin(at);
        self.text.extend_from_slice(json.as_bytes());
    }

    /// A member that is a string.
    pub fn member(&mut self, name: &str, text: &str, at: u32) {
        self.name(name, at);
        self.string(text, at);
    }

    /// A value of another document with everything in it: scalars keep their spelling, everything its place.
    pub fn copy(&mut self, value: Value<'_>) {
        self.copy_to(value, None);
    }

    /// A value of another document with everything in it, all of which is said to stand at one byte of the source.
    pub fn copy_at(&mut self, value: Value<'_>, at: u32) {
        self.copy_to(value, Some(at));
    }

    fn copy_to(&mut self, value: Value<'_>, to: Option<u32>) {
        let document = value.document();
        // Where each open container ends, by number of its node.
        let mut ends: Vec<u32> = Vec::new();
        let last = document.nodes[value.id() as usize].next;
        let mut follows_name = false;
        for id in value.id()..last {
            while ends.last().is_some_and(|&end| end <= id) {
                ends.pop();
                self.end();
            }
            let node = document.nodes[id as usize];
            let at = to.unwrap_or_else(|| document.origin_of(id));
            let own = document.value(id);
            let is_name =
                !ends.is_empty() && self.open.last().is_some_and(|frame| frame.is_object) && !follows_name;
            follows_name = is_name;
            match node.kind {
                // What is said to stand elsewhere has its names in the one spelling.
                _ if is_name && to.is_some() => self.name(&own.as_str().unwrap_or_default(), at),
                _ if is_name => {
                    self.begin(at);
                    self.text.extend_from_slice(own.raw());
                    self.text.extend_from_slice(b": ");
                    self.named = true;
                }
                Kind::Object => {
                    self.object(at);
                    ends.push(node.next);
                }
                Kind::Array => {
                    self.array(at);
                    ends.push(node.next);
                }
                _ => {
                    self.begin(at);
                    self.text.extend_from_slice(own.raw());
                }
            }
        }
        for _ in ends {
            self.end();
        }
    }

    /// A state to come back to with [`Self::rewind`].
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            text: self.text.len(),
            offsets: self.offsets.len(),
            depth: self.open.len(),
            is_empty: self.open.last().is_none_or(|frame| frame.is_empty),
            named: self.named,
        }
    }

    /// Undoes everything since a checkpoint. The containers that were open then must be open still.
    pub fn rewind(&mut self, to: Checkpoint) {
        self.text.truncate(to.text);
        self.offsets.truncate(to.offsets);
        self.open.truncate(to.depth);
        if let Some(frame) = self.open.last_mut() {
            frame.is_empty = to.is_empty;
        }
        self.named = to.named;
    }

    /// How many values and names it has: the number of the one that comes next.
    pub fn nodes(&self) -> usize {
        self.offsets.len()
    }

    /// Whether the innermost open array or object has nothing in it yet.
    pub fn is_empty(&self) -> bool {
        self.open.last().is_none_or(|frame| frame.is_empty)
    }

    /// Parses what was built. With a source, positions and paths are those of the source.
    pub fn finish(mut self, source: Option<Arc<dyn Source>>, limits: &Limits) -> Result<Document, Error> {
        self.text.push(b'\n');
        let document = Document::parse(self.text, &limits.derived())?;
        Ok(match source {
            Some(source) => document.with_origin(source, self.offsets),
            None => document,
        })
    }

    /// What stands before a value or name: a comma and a new line, unless it follows its own name.
    fn begin(&mut self, at: u32) {
        self.offsets.push(at);
        if std::mem::take(&mut self.named) {
            return;
        }
        let Some(frame) = self.open.last_mut() else { return };
        if !std::mem::replace(&mut frame.is_empty, false) {
            self.text.push(b',');
        }
        self.line();
    }

    fn line(&mut self) {
        if self.is_compact {
            return;
        }
        self.text.push(b'\n');
        let width = self.open.len().min(MOST_LEVELS) * INDENT;
        self.text.resize(self.text.len() + width, b' ');
    }
}

/// Spaces that a level is indented by.
const INDENT: usize = 2;
/// Levels that are indented further than the one around them: what is nested deeper would be mostly spaces.
const MOST_LEVELS: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Document {
        Document::parse(text.into(), &Limits::default()).unwrap()
    }

    #[test]
    fn what_is_copied_keeps_its_place_and_spelling() {
        let source = parse("{\n \"x\": [1.50, {\"n\\u0061me\": [], \"o\": {}}],\n \"y\": \"\\u0041\"}");
        let mut builder = Builder::default();
        builder.object(0);
        builder.name("moved", 3);
        builder.copy(source.at("/x").unwrap());
        builder.name("also", 0);
        builder.copy(source.at("/y").unwrap());
        builder.end();
        let made = builder.finish(Some(source.clone().into_source()), &Limits::default()).unwrap();
        assert_eq!(made.at("/moved").unwrap().canonical(), source.at("/x").unwrap().canonical());
        let inner = made.at("/moved/1/name").unwrap();
        assert_eq!(inner.position(), source.at("/x/1/name").unwrap().position());
        assert_eq!((inner.pointer().as_str(), inner.place().as_str()), ("/moved/1/name", "/x/1/name"));
        assert_eq!(made.at("/also").unwrap().raw(), br#""\u0041""#);
        assert_eq!(made.root().place(), "");
    }

    #[test]
    fn places_pass_through_a_second_making() {
        let source = parse("[0,\n\n {\"a\": true}]");
        let wrap = |document: Document| {
            let mut builder = Builder::default();
            builder.array(0);
            builder.copy(document.root());
            builder.end();
            builder.finish(Some(document.into_source()), &Limits::default()).unwrap()
        };
        let twice = wrap(wrap(source));
        let value = twice.at("/0/0/1/a").unwrap();
        assert_eq!((value.place().as_str(), value.position().line), ("/1/a", 3));
    }

    #[test]
    fn a_checkpoint_undoes() {
        let mut builder = Builder::default();
        builder.object(0);
        let empty = builder.checkpoint();
        builder.name("a", 0);
        builder.array(0);
        builder.rewind(empty);
        builder.member("b", "c", 0);
        let one = builder.checkpoint();
        builder.member("d", "e", 0);
        builder.rewind(one);
        builder.end();
        let document = builder.finish(None, &Limits::default()).unwrap();
        assert_eq!(document.root().canonical(), br#"{"b":"c"}"#);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let mut builder = Builder::default();
        builder.object(0);
        builder.member("a", "1", 0);
        builder.member("a", "2", 0);
        builder.end();
        assert_eq!(builder.finish(None, &Limits::default()).unwrap_err().code(), "json-duplicate-key");
    }

    proptest! {
        #[test]
        fn a_copy_says_the_same(value in crate::document::laws::value()) {
            let source = parse(&value.to_string());
            let mut builder = Builder::default();
            builder.copy(source.root());
            let made = builder.finish(Some(source.clone().into_source()), &Limits::default()).unwrap();
            prop_assert_eq!(made.root().canonical(), source.root().canonical());
            prop_assert_eq!(made.nodes(), source.nodes());
        }
    }
}

//! What becomes of every node of a document, and the text that comes of it.

use std::collections::HashMap;

use crate::document::{Document, Kind, Value, quote};

/// What becomes of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum State {
    /// It is written as it was read.
    Kept,
    /// Something inside it changes.
    Inside,
    /// A text stands in its place.
    Replaced,
    /// It goes away.
    Dropped,
}

/// Changes of a document, none of which has been made. Everything else is written byte for byte.
pub(super) struct Plan<'d> {
    document: &'d Document,
    /// One a node.
    states: Vec<State>,
    /// What stands in the place of values and names.
    texts: HashMap<u32, Vec<u8>>,
    /// Members that come at the end of objects.
    additions: HashMap<u32, Vec<(&'static str, Vec<u8>)>>,
}

impl<'d> Plan<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let states = vec![State::Kept; document.nodes()];
        Self { document, states, texts: HashMap::new(), additions: HashMap::new() }
    }

    pub(super) fn state(&self, value: Value<'d>) -> State {
        self.states[value.id() as usize]
    }

    pub(super) fn is_dropped(&self, value: Value<'d>) -> bool {
        self.state(value) == State::Dropped
    }

    /// Whether it is still to be written as it was read, member name included.
    pub(super) fn is_kept(&self, value: Value<'d>, in_object: bool) -> bool {
        self.state(value) == State::Kept
            && !(in_object && self.states[value.id() as usize - 1] == State::Replaced)
    }

    pub(super) fn drop(&mut self, value: Value<'d>) {
        self.states[value.id() as usize] = State::Dropped;
    }

    pub(super) fn replace(&mut self, value: Value<'d>, text: Vec<u8>) {
        self.states[value.id() as usize] = State::Replaced;
        self.texts.insert(value.id(), text);
    }

    /// Gives a member another name.
    pub(super) fn rename(&mut self, member: Value<'d>, name: &str) {
        let own = member.id() - 1;
        self.states[own as usize] = State::Replaced;
        self.texts.insert(own, quoted(name));
    }

    /// Says that something inside a container changes.
    pub(super) fn open(&mut self, container: Value<'d>) {
        let state = &mut self.states[container.id() as usize];
        if *state == State::Kept {
            *state = State::Inside;
        }
    }

    pub(super) fn add(&mut self, object: Value<'d>, name: &'static str, text: Vec<u8>) {
        self.additions.entry(object.id()).or_default().push((name, text));
        self.open(object);
    }

    /// Whether an object gets a member of that name.
    pub(super) fn adds(&self, object: Value<'d>, name: &str) -> bool {
        self.additions.get(&object.id()).is_some_and(|added| added.iter().any(|(own, _)| *own == name))
    }

    pub(super) fn gains(&self, object: Value<'d>) -> bool {
        self.additions.contains_key(&object.id())
    }

    /// The text of a value with the changes in it. No recursion: the depth of a document costs no stack.
    pub(super) fn text_of(&self, value: Value<'d>) -> Vec<u8> {
        let mut out = Vec::with_capacity(value.raw().len());
        self.write(value, &mut out);
        out
    }

    /// The text of the whole document, with what stands around its outermost value.
    pub(super) fn finish(self) -> Vec<u8> {
        let text = self.document.bytes();
        let root = self.document.root();
        let mut out = Vec::with_capacity(text.len() + SPARE);
        out.extend_from_slice(&text[..root.span().start]);
        self.write(root, &mut out);
        out.extend_from_slice(&text[root.span().end..]);
        out
    }

    fn write(&self, value: Value<'d>, out: &mut Vec<u8>) {
        let mut open: Vec<Frame> = Vec::new();
        open.extend(self.begin(value, out));
        while let Some(frame) = open.last_mut() {
            if frame.next == frame.end {
                self.end(frame, out);
                open.pop();
                continue;
            }
            let child = self.child(frame, out);
            open.extend(child.and_then(|child| self.begin(child, out)));
        }
    }

    /// Writes a value, or opens it when something inside it changes.
    fn begin(&self, value: Value<'d>, out: &mut Vec<u8>) -> Option<Frame> {
        match self.state(value) {
            State::Kept => out.extend_from_slice(value.raw()),
            State::Dropped => {}
            State::Replaced => out.extend(self.texts.get(&value.id()).into_iter().flatten()),
            State::Inside => {
                let span = value.span();
                out.push(self.document.bytes()[span.start]);
                let end = self.document.end_of(value);
                let first = value.id() + 1;
                let start = if first == end { span.end - 1 } else { self.document.value(first).span().start };
                return Some(Frame {
                    value: value.id(),
                    is_object: value.kind() == Kind::Object,
                    next: first,
                    end,
                    head: (span.start + 1, start),
                    at: start,
                    has_written: false,
                });
            }
        }
        None
    }

    /// Writes what stands before the next child of an open container, and gives it; nothing if it goes away.
    fn child(&self, frame: &mut Frame, out: &mut Vec<u8>) -> Option<Value<'d>> {
        let text = self.document.bytes();
        let first = self.document.value(frame.next);
        let value = if frame.is_object { self.document.value(frame.next + 1) } else { first };
        frame.next = self.document.end_of(value);
        let before = std::mem::replace(&mut frame.at, value.span().end);
        if self.is_dropped(value) {
            return None;
        }
        // The first that stays stands where the first stood; every other brings the comma before it along.
        let lead = if std::mem::replace(&mut frame.has_written, true) {
            before..first.span().start
        } else {
            frame.head.0..frame.head.1
        };
        out.extend_from_slice(&text[lead]);
        if frame.is_object {
            self.begin(first, out);
            out.extend_from_slice(&text[first.span().end..value.span().start]);
        }
        Some(value)
    }

    /// Writes what is added, and the end of a container.
    fn end(&self, frame: &Frame, out: &mut Vec<u8>) {
        let text = self.document.bytes();
        let close = self.document.value(frame.value).span().end - 1;
        let head = &text[frame.head.0..frame.head.1];
        let mut has_written = frame.has_written;
        for (name, value) in self.additions.get(&frame.value).into_iter().flatten() {
            if has_written {
                out.push(b',');
            }
            out.extend_from_slice(head);
            if has_written && head.is_empty() && self.spaces() {
                out.push(b' ');
            }
            has_written = true;
            quote(name, out);
            out.extend_from_slice(if self.spaces() { b": " } else { b":" });
            out.extend_from_slice(value);
        }
        if has_written {
            out.extend_from_slice(&text[frame.at..close]);
        }
        out.push(text[close]);
    }

    /// Whether a space stands after the colons of this document.
    pub(super) fn spaces(&self) -> bool {
        let root = self.document.root();
        let between = root.members().next().map(|(_, value)| {
            let name = self.document.value(value.id() - 1);
            &self.document.bytes()[name.span().end..value.span().start]
        });
        between.is_none_or(|between| between.ends_with(b" "))
    }
}

/// A container that is being written.
struct Frame {
    value: u32,
    is_object: bool,
    /// The next child.
    next: u32,
    /// The node after the last.
    end: u32,
    /// The bytes between the bracket and the first child.
    head: (usize, usize),
    /// The byte after the child that was looked at last.
    at: usize,
    has_written: bool,
}

/// A text as JSON writes it.
pub(super) fn quoted(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    quote(text, &mut out);
    out
}

/// Bytes that a document may grow by before its text moves in memory.
const SPARE: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;

    /// Drops the values at these pointers, and adds a member to the root.
    fn check(text: &str, away: &[&str], adds: bool, expected: &str) {
        let document = Document::parse(text.into(), &Limits::default()).unwrap();
        let mut plan = Plan::new(&document);
        for pointer in away {
            plan.drop(document.at(pointer).unwrap());
            let mut pointer = *pointer;
            while let Some((parent, _)) = pointer.rsplit_once('/') {
                pointer = parent;
                plan.open(document.at(pointer).unwrap());
            }
        }
        if adds {
            plan.add(document.root(), "z", b"0".to_vec());
        }
        assert_eq!(String::from_utf8(plan.finish()).unwrap(), expected, "{text} {away:?}");
    }

    #[test]
    fn what_goes_takes_one_comma_along() {
        let text = " {\n  \"a\": 1,\n  \"b\": [1, 2,3],\n  \"c\": {}\n}\n";
        check(text, &["/a"], false, " {\n  \"b\": [1, 2,3],\n  \"c\": {}\n}\n");
        check(text, &["/c"], false, " {\n  \"a\": 1,\n  \"b\": [1, 2,3]\n}\n");
        check(text, &["/b"], false, " {\n  \"a\": 1,\n  \"c\": {}\n}\n");
        check(text, &["/a", "/b", "/c"], false, " {}\n");
        check(text, &["/b/0", "/b/2"], false, " {\n  \"a\": 1,\n  \"b\": [2],\n  \"c\": {}\n}\n");
        check(text, &["/b/1"], false, " {\n  \"a\": 1,\n  \"b\": [1,3],\n  \"c\": {}\n}\n");
    }

    #[test]
    fn what_comes_looks_like_what_is_there() {
        check("{\n  \"a\": 1\n}", &[], true, "{\n  \"a\": 1,\n  \"z\": 0\n}");
        check("{\n  \"a\": 1\n}", &["/a"], true, "{\n  \"z\": 0\n}");
        check("{\"a\":1}", &[], true, "{\"a\":1,\"z\":0}");
        check("{\"a\": 1}", &[], true, "{\"a\": 1, \"z\": 0}");
        check("{}", &[], true, "{\"z\": 0}");
    }

    #[test]
    fn a_name_changes_without_its_value() {
        let document = Document::parse(br#"{"a" : [1.0]}"#.to_vec(), &Limits::default()).unwrap();
        let mut plan = Plan::new(&document);
        plan.rename(document.at("/a").unwrap(), "b");
        plan.open(document.root());
        assert_eq!(plan.finish(), br#"{"b" : [1.0]}"#);
    }
}

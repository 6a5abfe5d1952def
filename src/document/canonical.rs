//! The one spelling of a value: JSON Canonicalization Scheme, RFC 8785.

use super::parse::decode;
use super::tape::{Document, Kind};
use super::text::{by_utf16, quote};
use super::{Error, Limits, Value, number};

/// Reads a text and prints it canonically.
pub fn canonicalize(bytes: Vec<u8>, limits: &Limits) -> Result<Vec<u8>, Error> {
    Ok(Document::parse(bytes, limits)?.root().canonical())
}

pub(super) fn write(value: Value<'_>) -> Vec<u8> {
    let document = value.document();
    let mut writer = Writer { document, out: Vec::with_capacity(value.raw().len()), order: Vec::new() };
    writer.run(value.id());
    writer.out
}

struct Writer<'a> {
    document: &'a Document,
    out: Vec<u8>,
    /// The names of all objects that are being written, each sorted; those of the innermost one are last.
    order: Vec<u32>,
}

/// A container that is being written.
enum Frame {
    Array { next: u32, end: u32 },
    Object { next: usize, start: usize },
}

impl Writer<'_> {
    fn run(&mut self, root: u32) {
        let mut frames = Vec::new();
        let mut pending = Some(root);
        loop {
            if let Some(node) = pending.take() {
                frames.extend(self.value(node));
            }
            match frames.last_mut() {
                None => return,
                Some(Frame::Array { next, end }) if *next < *end => {
                    self.separate(b'[');
                    pending = Some(*next);
                    *next = self.document.nodes[*next as usize].next;
                }
                Some(Frame::Object { next, .. }) if *next < self.order.len() => {
                    self.separate(b'{');
                    let name = self.order[*next];
                    *next += 1;
                    self.string(name);
                    self.out.push(b':');
                    pending = Some(name + 1);
                }
                Some(Frame::Array { .. }) => {
                    self.out.push(b']');
                    frames.pop();
                }
                Some(Frame::Object { start, .. }) => {
                    self.out.push(b'}');
                    self.order.truncate(*start);
                    frames.pop();
                }
            }
        }
    }

    /// A comma, but not after the bracket that was just opened.
    fn separate(&mut self, open: u8) {
        // An opened bracket is the last byte only directly after it was written: values never end in one.
        if self.out.last() != Some(&open) {
            self.out.push(b',');
        }
    }

    /// Writes a scalar, or opens a container.
    fn value(&mut self, index: u32) -> Option<Frame> {
        let node = self.document.nodes[index as usize];
        let raw = &self.document.text[node.start as usize..node.end as usize];
        match node.kind {
            Kind::Null | Kind::Bool => self.out.extend_from_slice(raw.as_bytes()),
            Kind::Number if number::is_canonical(raw) => self.out.extend_from_slice(raw.as_bytes()),
            Kind::Number => number::write(raw.parse().unwrap_or(0.0), &mut self.out),
            Kind::String => self.string(index),
            Kind::Array => {
                self.out.push(b'[');
                return Some(Frame::Array { next: index + 1, end: node.next });
            }
            Kind::Object => {
                self.out.push(b'{');
                let start = self.order.len();
                let names = self.document.walk(index).step_by(2);
                self.order.extend(names);
                let Document { text, nodes, .. } = self.document;
                let name = |index: &u32| decode(text, nodes[*index as usize]);
                self.order[start..].sort_unstable_by(|one, other| by_utf16(&name(one), &name(other)));
                return Some(Frame::Object { next: start, start });
            }
        }
        None
    }

    fn string(&mut self, index: u32) {
        let node = self.document.nodes[index as usize];
        if node.escaped {
            quote(&decode(&self.document.text, node), &mut self.out);
        } else {
            // Without escapes a string has one spelling, as control characters are refused.
            self.out.extend_from_slice(&self.document.bytes()[node.start as usize..node.end as usize]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let canonical = canonicalize(text.into(), &Limits::default()).unwrap();
        assert_eq!(String::from_utf8(canonical).unwrap(), expected);
    }

    /// RFC 8785, section 3.2.2 and 3.2.3.
    #[test]
    fn the_example_of_rfc_8785_is_printed_so() {
        check(
            r#"{ "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                 "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }"#,
            r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#,
        );
    }

    #[test]
    fn names_are_sorted_by_utf16_and_decoded_first() {
        check(
            r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#,
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}",
        );
    }

    #[test]
    fn nesting_keeps_its_commas() {
        check(
            "[ [ ] , { } , [ [ ], 1 ] , { \"b\" : { } , \"a\" : [ ] } ]",
            "[[],{},[[],1],{\"a\":[],\"b\":{}}]",
        );
        check("{\"a\":{\"c\":{},\"b\":\"[\"},\"[\":\"{\"}", "{\"[\":\"{\",\"a\":{\"b\":\"[\",\"c\":{}}}");
    }

    #[test]
    fn minus_zero_and_long_integers_are_doubles() {
        check("[-0, -0.0, 1.0, 1e2, 12345678901234567890]", "[0,0,1,100,12345678901234567000]");
    }
}

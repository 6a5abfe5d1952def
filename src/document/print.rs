//! A value printed anew, two spaces a level, with parts of it replaced or left out. Scalars keep their spelling.

use super::{Kind, Value};

/// What becomes of a value inside the one that is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// This JSON text stands in its place.
    Text(String),
    /// It is left out, with its name.
    Away,
}

/// A container that is open: the node after it, whether it is an object, and whether anything stands in it yet.
struct Frame {
    end: u32,
    is_object: bool,
    any: bool,
}

/// Appends a value that stands `level` levels deep. `changes` are sorted by the number of their value. Nothing recurses.
pub(crate) fn print(value: Value<'_>, level: usize, changes: &[(u32, Change)], out: &mut Vec<u8>) {
    let document = value.document();
    let ids = value.ids();
    let mut changes = changes[changes.partition_point(|(node, _)| *node < ids.start)..].iter().peekable();
    let mut frames: Vec<Frame> = Vec::new();
    let mut node = ids.start;
    loop {
        while let Some(frame) = frames.pop_if(|frame| frame.end == node) {
            if frame.any {
                line(level + frames.len(), out);
            }
            out.push(if frame.is_object { b'}' } else { b']' });
        }
        if node >= ids.end {
            return;
        }
        let is_member = frames.last().is_some_and(|frame| frame.is_object);
        let at = if is_member { node + 1 } else { node };
        while changes.next_if(|(changed, _)| *changed < at).is_some() {}
        let change = changes.next_if(|(changed, _)| *changed == at).map(|(_, change)| change);
        let inner = document.nodes[at as usize];
        if change == Some(&Change::Away) {
            node = inner.next;
            continue;
        }
        let depth = level + frames.len();
        if let Some(frame) = frames.last_mut() {
            if frame.any {
                out.push(b',');
            }
            frame.any = true;
            line(depth, out);
        }
        if is_member {
            out.extend_from_slice(document.value(node).raw());
            out.extend_from_slice(b": ");
        }
        node = match (change, inner.kind) {
            (Some(Change::Text(text)), _) => {
                out.extend_from_slice(text.as_bytes());
                inner.next
            }
            (_, Kind::Object | Kind::Array) => {
                let is_object = inner.kind == Kind::Object;
                out.push(if is_object { b'{' } else { b'[' });
                frames.push(Frame { end: inner.next, is_object, any: false });
                at + 1
            }
            _ => {
                out.extend_from_slice(document.value(at).raw());
                inner.next
            }
        };
    }
}

/// A new line, indented.
pub(crate) fn line(level: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    out.resize(out.len() + 2 * level, b' ');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Limits};

    fn printed(text: &str, changes: &[(u32, Change)]) -> String {
        let document = Document::parse(text.into(), &Limits::default()).unwrap();
        let mut out = Vec::new();
        print(document.root(), 0, changes, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn scalars_keep_their_spelling_and_containers_get_lines() {
        assert_eq!(
            printed(r#"{"a":[1.50,"\u0041",{}],"b":{},"c":[],"d":{"e":null}}"#, &[]),
            "{\n  \"a\": [\n    1.50,\n    \"\\u0041\",\n    {}\n  ],\n  \"b\": {},\n  \"c\": [],\n  \"d\": {\n    \"e\": null\n  }\n}"
        );
        assert_eq!(printed("7", &[]), "7");
    }

    #[test]
    fn what_is_changed_or_left_out_takes_its_commas_along() {
        let text = r#"{"a":{"x":1},"b":[2,3],"c":4}"#;
        // Nodes: 0 root, 1 "a", 2 {}, 3 "x", 4 1, 5 "b", 6 [], 7 2, 8 3, 9 "c", 10 4.
        let away = |node| (node, Change::Away);
        assert_eq!(printed(text, &[away(2), away(10)]), "{\n  \"b\": [\n    2,\n    3\n  ]\n}");
        assert_eq!(printed(text, &[away(4), away(6), away(10)]), "{\n  \"a\": {}\n}");
        let changed = printed(text, &[(2, Change::Text("0".into())), (8, Change::Text("\"z\"".into()))]);
        assert_eq!(changed, "{\n  \"a\": 0,\n  \"b\": [\n    2,\n    \"z\"\n  ],\n  \"c\": 4\n}");
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = 200_000;
        let limits = Limits { depth: usize::MAX, ..Limits::default() };
        let text = format!("{}{}", "[".repeat(deep), "]".repeat(deep));
        let document = Document::parse(text.into(), &limits).unwrap();
        let mut out = Vec::new();
        // Seen from the inside out, so that the indentation does not grow with the square of the depth.
        print(document.value(u32::try_from(deep).unwrap() - 50), 0, &[], &mut out);
        assert_eq!(String::from_utf8(out).unwrap().matches('[').count(), 50);
    }
}

//! The lines of a tag-value text: tags with their values, comments, and what is neither.
//!
//! SPDX 2.3, clause 4.4 and the examples of clauses 6 to 13: a line is `Tag: value`; a value of several lines stands
//! between `<text>` and `</text>`, where nothing is escaped; a line that starts with `#` is a comment.

use super::Error;
use super::oddity::cut;
use crate::document::Position;

/// One line, or several where `<text>` joins them.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// A tag and its value, without the space around it; what `<text>` encloses is left as it is.
    Field { tag: &'a str, value: &'a str },
    /// `# …`
    Comment(&'a str),
    /// No tag stands before a colon.
    Stray(&'a str),
    /// Something after `</text>` on its line.
    AfterText(&'a str),
}

/// Goes through a text once, from its start to its end.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    /// What stood after the last `</text>`, still to be told.
    after: Option<&'a str>,
}

impl<'a> Lines<'a> {
    /// A byte order mark is skipped.
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, after: None }
    }

    /// The next line that is not empty.
    pub(super) fn next(&mut self) -> Result<Option<Line<'a>>, Error> {
        if let Some(after) = self.after.take() {
            return Ok(Some(Line::AfterText(after)));
        }
        loop {
            if self.at >= self.text.len() {
                return Ok(None);
            }
            let line = trim(self.rest_of_line());
            if line.is_empty() {
                continue;
            }
            if line.starts_with('#') {
                return Ok(Some(Line::Comment(line)));
            }
            let Some((tag, value)) = line.split_once(':') else { return Ok(Some(Line::Stray(line))) };
            let (tag, value) = (trim(tag), trim(value));
            if tag.is_empty() || !tag.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Ok(Some(Line::Stray(line)));
            }
            return self.field(tag, value).map(Some);
        }
    }

    fn field(&mut self, tag: &'a str, value: &'a str) -> Result<Line<'a>, Error> {
        let start = if value.is_empty() {
            // `<text>` may begin on the line below its tag.
            self.at + self.text[self.at..].len() - self.text[self.at..].trim_ascii_start().len()
        } else {
            offset(self.text, value)
        };
        if !self.text[start..].starts_with(OPEN) {
            return Ok(Line::Field { tag, value });
        }
        let inner = start + OPEN.len();
        let Some(length) = self.text[inner..].find(CLOSE) else {
            let at = Position::in_bytes(self.text.as_bytes(), start);
            return Err(Error::UnclosedText { tag: cut(tag), at });
        };
        self.at = inner + length + CLOSE.len();
        let after = trim(self.rest_of_line());
        self.after = (!after.is_empty()).then_some(after);
        Ok(Line::Field { tag, value: &self.text[inner..inner + length] })
    }

    /// The text up to the end of the line; the cursor goes behind it.
    fn rest_of_line(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.find('\n').unwrap_or(rest.len());
        self.at += (length + 1).min(rest.len());
        &rest[..length]
    }
}

/// Without white space around it. The writer puts what would lose something here between `<text>` and `</text>`.
pub(super) fn trim(text: &str) -> &str {
    text.trim_ascii()
}

/// Where a part of a text begins.
pub(super) fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

pub(super) const OPEN: &str = "<text>";
pub(super) const CLOSE: &str = "</text>";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Line<'_>> {
        let mut lines = Lines::new(text);
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    fn field<'a>(tag: &'a str, value: &'a str) -> Line<'a> {
        Line::Field { tag, value }
    }

    #[test]
    fn a_line_is_a_tag_and_a_value_without_the_space_around_it() {
        let text = "\u{feff}SPDXVersion:SPDX-2.3\r\n\r\n \tPackageName :  a : b \t\r\n# note: x\n##\nSPDXID:\nCreator: Tool: t";
        let expected = [
            field("SPDXVersion", "SPDX-2.3"),
            field("PackageName", "a : b"),
            Line::Comment("# note: x"),
            Line::Comment("##"),
            field("SPDXID", ""),
            field("Creator", "Tool: t"),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn text_is_taken_as_it_is_over_many_lines() {
        let text = "A: <text> one\r\n# two: 2\n\n</text> \nB:<text></text>\nC: x <text>y</text>\nD:\n\n  <text>d</text>\nE:\nF: f";
        let expected = [
            field("A", " one\r\n# two: 2\n\n"),
            field("B", ""),
            field("C", "x <text>y</text>"),
            field("D", "d"),
            field("E", ""),
            field("F", "f"),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn what_is_no_tag_and_what_follows_a_text_is_told() {
        let text = "no colon\nhttps://x\n: x\ntwo words: x\nA: <text>a</text> b: c\nB: b\n\0";
        let expected = [
            Line::Stray("no colon"),
            field("https", "//x"),
            Line::Stray(": x"),
            Line::Stray("two words: x"),
            field("A", "a"),
            Line::AfterText("b: c"),
            field("B", "b"),
            Line::Stray("\0"),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn a_text_without_an_end_is_refused_with_its_place() {
        let mut lines = Lines::new("A: a\nB: ä <text>\nC: ä\nD:  <text>x</text");
        for _ in 0..3 {
            lines.next().unwrap();
        }
        let error = lines.next().unwrap_err();
        assert_eq!(error.to_string(), "the `<text>` of `D` at line 4, column 5 has no end");
    }
}

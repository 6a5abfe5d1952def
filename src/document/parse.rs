//! From bytes to a tape, in one pass and without recursion.

use std::borrow::Cow;
use std::collections::HashSet;

use super::scan::{fingerprint, plain_length};
use super::tape::{Document, Kind, Limits, Node, WIDE};
use super::text::{BYTE_ORDER_MARK, unescape};
use super::{Error, Lookalike, Position};

pub(super) fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<Document, Error> {
    let limit = limits.bytes.min(u64::from(u32::MAX));
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { length: bytes.len() as u64, limit });
    }
    if let Some(lookalike) = Lookalike::of(&bytes) {
        return Err(Error::NotJson(lookalike));
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        return Err(Error::ByteOrderMark);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Error::Utf8 { at: Position::in_bytes(error.as_bytes(), offset) }
    })?;
    let mut parser = Parser::new(&text, limits);
    parser.run()?;
    let (mut nodes, wide) = (parser.nodes, parser.wide);
    nodes.shrink_to_fit();
    Ok(Document::new(text, nodes, wide))
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    limit: usize,
    nodes: Vec<Node>,
    wide: Vec<u32>,
    frames: Vec<Frame<'a>>,
    /// The names of all open objects; those of the innermost one are last.
    names: Vec<Name>,
}

/// An array or object whose end has not come.
struct Frame<'a> {
    node: u32,
    is_object: bool,
    children: u32,
    /// Where its names start in [`Parser::names`].
    names: usize,
    /// Its names once there are more than [`SCANNED`].
    set: Option<HashSet<Cow<'a, str>>>,
}

#[derive(Clone, Copy)]
struct Name {
    fingerprint: u32,
    node: u32,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, limits: &Limits) -> Self {
        let limit = limits.nodes.min(u32::MAX as usize - 1);
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            depth: limits.depth,
            limit,
            nodes: Vec::with_capacity((text.len() / BYTES_PER_NODE + 1).min(limit)),
            wide: Vec::new(),
            frames: Vec::new(),
            names: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<(), Error> {
        self.skip_space();
        if self.at == self.bytes.len() {
            return Err(Error::Empty);
        }
        loop {
            if self.value()? {
                continue;
            }
            // A value is complete: what follows it belongs to the container around it.
            loop {
                self.skip_space();
                let Some(frame) = self.frames.last_mut() else { return self.end() };
                match (self.bytes.get(self.at), frame.is_object) {
                    (Some(b','), is_object) => {
                        self.at += 1;
                        if is_object {
                            self.skip_space();
                            self.name()?;
                        }
                        break;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => self.close(),
                    (_, true) => return Err(self.unexpected("`,` or `}`")),
                    (_, false) => return Err(self.unexpected("`,` or `]`")),
                }
            }
        }
    }

    /// Reads one scalar or empty container, or opens a container: then it is true, and its first value comes.
    fn value(&mut self) -> Result<bool, Error> {
        self.skip_space();
        if let Some(frame) = self.frames.last_mut() {
            frame.children += 1;
        }
        match self.bytes.get(self.at) {
            Some(b'"') => self.string().map(|_| false),
            Some(b'{') => {
                self.open(true)?;
                if self.bytes.get(self.at) == Some(&b'}') {
                    self.close();
                    return Ok(false);
                }
                self.name()?;
                Ok(true)
            }
            Some(b'[') => {
                self.open(false)?;
                if self.bytes.get(self.at) == Some(&b']') {
                    self.close();
                    return Ok(false);
                }
                Ok(true)
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| false),
            Some(b't') => self.word("true", Kind::Bool).map(|()| false),
            Some(b'f') => self.word("false", Kind::Bool).map(|()| false),
            Some(b'n') => self.word("null", Kind::Null).map(|()| false),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn open(&mut self, is_object: bool) -> Result<(), Error> {
        if self.frames.len() >= self.depth {
            return Err(Error::TooDeep { limit: self.depth, at: self.position(self.at) });
        }
        let kind = if is_object { Kind::Object } else { Kind::Array };
        let node = self.push(kind, false, self.at, self.at + 1)?;
        self.frames.push(Frame { node, is_object, children: 0, names: self.names.len(), set: None });
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    fn close(&mut self) {
        self.at += 1;
        if let Some(frame) = self.frames.pop() {
            let next = narrow(self.nodes.len());
            let node = &mut self.nodes[frame.node as usize];
            node.end = narrow(self.at);
            node.next = next;
            self.names.truncate(frame.names);
            if frame.children >= WIDE {
                self.wide.push(frame.node);
            }
        }
    }

    fn end(&mut self) -> Result<(), Error> {
        if self.at < self.bytes.len() {
            return Err(Error::TrailingBytes { at: self.position(self.at) });
        }
        Ok(())
    }

    /// A name and its colon; the cursor is on its quote.
    fn name(&mut self) -> Result<(), Error> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(self.unexpected("a name in quotes"));
        }
        let node = self.string()?;
        self.unique(node)?;
        self.skip_space();
        if self.bytes.get(self.at) != Some(&b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    /// Refuses a name that its object has already, both decoded. A few names are compared one by one, many by hash.
    fn unique(&mut self, node: u32) -> Result<(), Error> {
        let name = self.decoded(node);
        let fingerprint = fingerprint(name.as_bytes());
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let names = &self.names[frame.names..];
        let first = if let Some(set) = &mut frame.set {
            if set.insert(name.clone()) { None } else { self.find(&name) }
        } else {
            let first = names
                .iter()
                .filter(|other| other.fingerprint == fingerprint)
                .map(|other| other.node)
                .find(|&other| decode(self.text, self.nodes[other as usize]) == name);
            if names.len() == SCANNED {
                let mut set: HashSet<_> =
                    names.iter().map(|other| decode(self.text, self.nodes[other.node as usize])).collect();
                set.insert(name.clone());
                frame.set = Some(set);
            }
            first
        };
        if let Some(first) = first {
            return Err(Error::DuplicateKey {
                key: name.chars().take(SHOWN).collect(),
                first: self.position(self.nodes[first as usize].start as usize),
                at: self.position(self.nodes[node as usize].start as usize),
            });
        }
        self.names.push(Name { fingerprint, node });
        Ok(())
    }

    /// The node of a name in the innermost object.
    fn find(&self, name: &str) -> Option<u32> {
        let names = &self.names[self.frames.last()?.names..];
        names.iter().map(|other| other.node).find(|&other| self.decoded(other) == name)
    }

    fn decoded(&self, node: u32) -> Cow<'a, str> {
        decode(self.text, self.nodes[node as usize])
    }

    fn string(&mut self) -> Result<u32, Error> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at += plain_length(&self.bytes[self.at..]);
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(&code) => {
                    return Err(Error::ControlCharacter { code, at: self.position(self.at) });
                }
                None => return Err(self.unexpected("the closing quote of a string")),
            }
        }
        self.at += 1;
        self.push(Kind::String, escaped, start, self.at)
    }

    fn escape(&mut self) -> Result<(), Error> {
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => match self.unit(start)? {
                0xD800..=0xDBFF => {
                    let half = self.bytes.get(start + 6..start + 8) == Some(br"\u");
                    if !half || !(0xDC00..=0xDFFF).contains(&self.unit(start + 6)?) {
                        return Err(Error::LoneSurrogate { at: self.position(start) });
                    }
                    self.at += 12;
                }
                0xDC00..=0xDFFF => return Err(Error::LoneSurrogate { at: self.position(start) }),
                _ => self.at += 6,
            },
            Some(_) => return Err(Error::BadEscape { at: self.position(start) }),
            None => return Err(self.end_of_text("the rest of an escape")),
        }
        Ok(())
    }

    /// The code unit of `\uXXXX` at an offset.
    fn unit(&self, start: usize) -> Result<u32, Error> {
        let mut unit = 0;
        for index in start + 2..start + 6 {
            let Some(&byte) = self.bytes.get(index) else {
                return Err(self.end_of_text("the rest of an escape"));
            };
            let Some(digit) = char::from(byte).to_digit(16) else {
                return Err(Error::BadEscape { at: self.position(start) });
            };
            unit = unit << 4 | digit;
        }
        Ok(unit)
    }

    /// RFC 8259, section 6: no leading zero or plus, digits on both sides of the point.
    fn number(&mut self) -> Result<(), Error> {
        let start = self.at;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        let leading_zero = self.bytes.get(self.at) == Some(&b'0');
        let integer = self.digits(start)?;
        if leading_zero && integer > 1 {
            return Err(Error::BadNumber { at: self.position(start) });
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits(start)?;
        }
        let has_exponent = matches!(self.bytes.get(self.at), Some(b'e' | b'E'));
        if has_exponent {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits(start)?;
        }
        if matches!(self.bytes.get(self.at), Some(b'.' | b'+' | b'-' | b'a'..=b'z' | b'A'..=b'Z' | b'_')) {
            return Err(Error::BadNumber { at: self.position(start) });
        }
        if (has_exponent || integer > FINITE_DIGITS)
            && !self.text[start..self.at].parse::<f64>().is_ok_and(f64::is_finite)
        {
            return Err(Error::NumberRange { at: self.position(start) });
        }
        self.push(Kind::Number, false, start, self.at)?;
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self, start: usize) -> Result<usize, Error> {
        let count = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        match (count, self.at == self.bytes.len()) {
            (0, true) => Err(self.end_of_text("a digit")),
            (0, false) => Err(Error::BadNumber { at: self.position(start) }),
            _ => Ok(count),
        }
    }

    fn word(&mut self, word: &'static str, kind: Kind) -> Result<(), Error> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(word.as_bytes()) {
            self.push(kind, false, self.at, self.at + word.len())?;
            self.at += word.len();
            return Ok(());
        }
        let same = rest.iter().zip(word.as_bytes()).take_while(|(a, b)| a == b).count();
        self.at += same;
        Err(self.unexpected(word))
    }

    fn push(&mut self, kind: Kind, escaped: bool, start: usize, end: usize) -> Result<u32, Error> {
        let index = self.nodes.len();
        if index >= self.limit {
            return Err(Error::TooManyNodes { limit: self.limit, at: self.position(start) });
        }
        let next = narrow(index + 1);
        self.nodes.push(Node { kind, escaped, start: narrow(start), end: narrow(end), next });
        Ok(next - 1)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    #[cold]
    fn unexpected(&self, expected: &'static str) -> Error {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(found) => Error::Unexpected { found, expected, at: self.position(self.at) },
            None => self.end_of_text(expected),
        }
    }

    #[cold]
    fn end_of_text(&self, expected: &'static str) -> Error {
        Error::UnexpectedEnd { expected, at: self.position(self.bytes.len()) }
    }

    #[cold]
    fn position(&self, offset: usize) -> Position {
        Position::in_bytes(self.bytes, offset)
    }
}

/// The text of a string node.
pub(super) fn decode(text: &str, node: Node) -> Cow<'_, str> {
    let inner = &text[node.start as usize + 1..node.end as usize - 1];
    if node.escaped { unescape(inner) } else { Cow::Borrowed(inner) }
}

/// Offsets and indices fit: the limits on bytes and nodes are below 2^32.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Up to how many names are compared one by one.
const SCANNED: usize = 24;
/// Characters of a name that an error shows.
const SHOWN: usize = 64;
/// Digits that an integer may have and be a finite double for certain.
const FINITE_DIGITS: usize = 308;
/// A guess at how dense values are, for the first allocation.
const BYTES_PER_NODE: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: impl AsRef<[u8]>) -> Error {
        let text = text.as_ref().to_vec();
        Document::parse(text.clone(), &Limits::default())
            .err()
            .unwrap_or_else(|| panic!("{} must be refused", text.escape_ascii()))
    }

    /// The code of the refusal, and its line and column.
    fn check(text: impl AsRef<[u8]>, code: &str, line: u64, column: u64) {
        let error = refused(text.as_ref());
        let at = error.position().unwrap();
        assert_eq!((error.code(), at.line, at.column), (code, line, column), "{error}");
    }

    #[test]
    fn nothing_is_no_document() {
        assert_eq!(refused(""), Error::Empty);
        assert_eq!(refused(" \r\n\t"), Error::Empty);
    }

    #[test]
    fn a_duplicate_key_is_found_decoded_and_both_places_are_named() {
        let error = refused("{\"a\": 1,\n \"b\": 2, \"\\u0061\": 3}");
        assert_eq!(error.to_string(), "duplicate key \"a\" at line 2, column 10 (first at line 1, column 2)");
        assert!(error.help().is_some());
    }

    #[test]
    fn a_duplicate_key_is_found_among_many() {
        for count in [SCANNED - 1, SCANNED, SCANNED + 1, 1000] {
            for twin in [0, count / 2, count - 1] {
                let members: Vec<_> = (0..count).map(|n| format!("\"key{n}\":{{\"key0\":0}},")).collect();
                let members = members.concat();
                let unique = format!("{{{members}\"last\":0}}");
                assert!(Document::parse(unique.into_bytes(), &Limits::default()).is_ok());
                let twice = format!("{{{members}\"key{twin}\":0}}");
                assert_eq!(refused(twice).code(), "json-duplicate-key", "{twin} of {count}");
            }
        }
    }

    #[test]
    fn a_long_duplicate_key_is_cut_in_the_message() {
        let key = "k".repeat(100_000);
        assert!(refused(format!("{{\"{key}\":1,\"{key}\":2}}")).to_string().len() < 200);
    }

    #[test]
    fn keys_of_different_objects_do_not_meet() {
        let text = r#"{"a":{"a":{"b":1},"b":[{"a":1},{"a":2}]},"b":{"a":0}}"#;
        assert!(Document::parse(text.into(), &Limits::default()).is_ok());
    }

    #[test]
    fn a_lone_surrogate_is_refused() {
        check(r#"["ok", "\ud800"]"#, "json-lone-surrogate", 1, 9);
        check(r#"["\udc00"]"#, "json-lone-surrogate", 1, 3);
        check(r#"["\ud800\u0041"]"#, "json-lone-surrogate", 1, 3);
        check(r#"["\ud800\n"]"#, "json-lone-surrogate", 1, 3);
        assert!(Document::parse(r#"["\ud83e\uDD80"]"#.into(), &Limits::default()).is_ok());
    }

    #[test]
    fn what_is_not_utf8_is_refused_at_its_first_bad_byte() {
        check(b"[1,\n \"\xc3\xa9\xff\"]", "json-utf8", 2, 4);
        check(b"[\"\xed\xa0\x80\"]", "json-utf8", 1, 3);
    }

    #[test]
    fn a_byte_order_mark_is_refused() {
        assert_eq!(refused("\u{feff}{}"), Error::ByteOrderMark);
    }

    #[test]
    fn a_control_character_is_refused_wherever_it_stands() {
        check("[\"a\nb\"]", "json-control-character", 1, 4);
        check("[\"0123456\u{1}89abcdef\"]", "json-control-character", 1, 10);
        check("[1,\u{0}2]", "json-unexpected", 1, 4);
    }

    #[test]
    fn an_escape_that_json_lacks_is_refused() {
        for escape in [r"\x41", r"\'", r"\u12g4", r"\U0041", "\\\n", r"\é"] {
            check(format!("[\"{escape}\"]"), "json-bad-escape", 1, 3);
        }
    }

    #[test]
    fn a_number_has_one_grammar() {
        for number in ["01", "-", "1.", "1.e1", "1e", "1e+", "-01", "1.2.3", "0x1", "1_0", "--1", "1e5.5"] {
            check(format!("[{number}]"), "json-bad-number", 1, 2);
        }
        for number in ["+1", ".5", "NaN", "Infinity"] {
            assert_eq!(refused(format!("[{number}]")).code(), "json-unexpected");
        }
        check("[-Infinity]", "json-bad-number", 1, 2);
    }

    #[test]
    fn a_number_beyond_a_double_is_refused() {
        check("[1e400]", "json-number-range", 1, 2);
        check(format!("[-{}]", "9".repeat(400)), "json-number-range", 1, 2);
        for fine in ["1e308", "1e-400", &"9".repeat(308)] {
            assert!(Document::parse(fine.into(), &Limits::default()).is_ok(), "{fine}");
        }
    }

    #[test]
    fn what_follows_the_value_is_refused() {
        check("{} {}", "json-trailing-bytes", 1, 4);
        check("1 ,", "json-trailing-bytes", 1, 3);
        check("{}]", "json-trailing-bytes", 1, 3);
    }

    #[test]
    fn a_slip_of_grammar_is_named() {
        for text in [
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "[1 2]",
            "{\"a\" 1}",
            "{1:2}",
            "[}",
            "tru]",
            "nul",
            "[/**/]",
        ] {
            let code = refused(text).code();
            assert!(code == "json-unexpected" || code == "json-unexpected-end", "{text}: {code}");
        }
        assert_eq!(
            refused("[1 2]").to_string(),
            "found '2' at line 1, column 4, where `,` or `]` is expected"
        );
    }

    #[test]
    fn depth_is_bounded_and_the_bound_is_exact() {
        let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
        assert!(Document::parse(nested(Limits::DEPTH).into(), &Limits::default()).is_ok());
        check(nested(Limits::DEPTH + 1), "json-too-deep", 1, Limits::DEPTH as u64 + 1);
    }

    #[test]
    fn a_million_levels_need_no_stack() {
        let limits = Limits { depth: usize::MAX, ..Limits::default() };
        let text = ["[".repeat(1_000_000), "]".repeat(1_000_000)].concat();
        let document = Document::parse(text.clone().into(), &limits).unwrap();
        assert_eq!(document.root().canonical(), text.as_bytes());
        assert_eq!(refused(text).code(), "json-too-deep");
        assert_eq!(refused("[".repeat(1_000_000)).code(), "json-too-deep");
    }

    #[test]
    fn size_and_values_are_bounded_and_the_bounds_are_exact() {
        let parse = |bytes, nodes| {
            Document::parse(b"[1,2]".to_vec(), &Limits { bytes, nodes, ..Limits::default() }).err()
        };
        assert_eq!(parse(5, 3), None);
        assert_eq!(parse(4, 3), Some(Error::TooLarge { length: 5, limit: 4 }));
        assert!(matches!(parse(5, 2), Some(Error::TooManyNodes { limit: 2, .. })));
    }

    #[test]
    fn every_truncation_is_refused() {
        let text = r#" {"a": [1.5e-3, true, null, "xé\n\ud83e\udd80"], "b": {}, "c": -0} "#;
        let end = text.trim_end().len();
        for cut in 0..end {
            let error = refused(&text.as_bytes()[..cut]);
            let fine = matches!(error, Error::UnexpectedEnd { .. } | Error::Empty | Error::Utf8 { .. })
                || error.code() == "json-lone-surrogate";
            assert!(fine, "cut at {cut}: {error}");
        }
        assert!(Document::parse(text.into(), &Limits::default()).is_ok());
    }
}

//! From bytes to a tape, in one pass and without recursion.

use std::sync::OnceLock;

use super::character::{first_forbidden, is_space, name_length, plain_length};
use super::declaration::shown;
use super::namespace::{Binding, XML};
use super::node::{CDATA, CDATA_END, COMMENT, COMMENT_END, INSTRUCTION, INSTRUCTION_END};
use super::reference::{self, Problem};
use super::tape::{Document, Kind, NOTHING, Record, SPECIAL};
use super::{Error, Limits, Position};

pub(super) fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<Document, Error> {
    let limit = limits.bytes.min(u64::from(u32::MAX));
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { length: bytes.len() as u64, limit });
    }
    if let Some(name) = other_encoding(&bytes) {
        return Err(Error::Encoding { name: name.to_owned(), at: Position::in_bytes(&bytes, 0) });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Error::Utf8 { at: Position::in_bytes(error.as_bytes(), offset) }
    })?;
    if let Some((offset, character)) = first_forbidden(&text) {
        let at = Position::in_bytes(text.as_bytes(), offset);
        return Err(Error::ForbiddenCharacter { code: u32::from(character), at });
    }
    let mut parser = Parser::new(&text, limits);
    parser.run()?;
    let Parser { mut records, wide, namespaces, root, .. } = parser;
    records.shrink_to_fit();
    Ok(Document { text, records, root, namespaces, wide, lines: OnceLock::new(), places: OnceLock::new() })
}

/// Encodings that the first bytes show (appendix F).
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [b'<', 0, 0, 0, ..] | [0, 0, 0, b'<', ..] => {
            Some("UTF-32")
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..] => Some("UTF-16"),
        _ => None,
    }
}

pub(super) struct Parser<'a> {
    text: &'a str,
    pub(super) at: usize,
    pub(super) depth: usize,
    limit: usize,
    pub(super) records: Vec<Record>,
    pub(super) root: u32,
    pub(super) wide: Vec<u32>,
    pub(super) namespaces: Vec<Box<str>>,
    /// Declarations in scope, the innermost last.
    pub(super) bindings: Vec<Binding<'a>>,
    /// The namespace of names without a prefix.
    pub(super) default: u32,
    pub(super) frames: Vec<Frame>,
    /// Whether what was read last is a tag.
    pub(super) after_tag: bool,
}

/// An element whose end tag has not come.
pub(super) struct Frame {
    pub(super) record: u32,
    pub(super) children: u32,
    /// How many declarations are in scope around it.
    pub(super) bindings: usize,
    /// The namespace of names without a prefix around it.
    pub(super) default: u32,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, limits: &Limits) -> Self {
        let limit = limits.nodes.min(NOTHING as usize - 1);
        Self {
            text,
            at: if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 },
            depth: limits.depth,
            limit,
            records: Vec::with_capacity((text.len() / BYTES_PER_NODE + 1).min(limit)),
            root: NOTHING,
            wide: Vec::new(),
            namespaces: vec![XML.into()],
            bindings: vec![Binding { prefix: "xml", namespace: 1 }],
            default: 0,
            frames: Vec::new(),
            after_tag: false,
        }
    }

    fn run(&mut self) -> Result<(), Error> {
        self.declaration()?;
        loop {
            if self.frames.is_empty() {
                self.skip_space();
                match self.rest().first() {
                    Some(b'<') => {}
                    Some(_) if self.root == NOTHING && self.records.is_empty() => {
                        return Err(self.unexpected("`<`"));
                    }
                    Some(_) => return Err(Error::OutsideRoot { at: self.position(self.at) }),
                    None if self.root != NOTHING => return Ok(()),
                    None if self.text.trim_start_matches(BYTE_ORDER_MARK).trim().is_empty() => {
                        return Err(Error::Empty);
                    }
                    None => return Err(self.unexpected("the root element")),
                }
            } else {
                self.text()?;
            }
            self.markup()?;
        }
    }

    /// What starts with the `<` at the cursor.
    fn markup(&mut self) -> Result<(), Error> {
        match self.rest().get(1) {
            Some(b'/') => self.end_tag(),
            Some(b'!') => self.declaration_like(),
            Some(b'?') => {
                if self.at_declaration() {
                    return Err(Error::MisplacedDeclaration { at: self.position(self.at) });
                }
                self.instruction()
            }
            Some(_) => self.start_tag(),
            None => Err(self.end_of_text("a tag")),
        }
    }

    /// Text up to the next `<`, if there is any. The cursor stands there afterwards.
    fn text(&mut self) -> Result<(), Error> {
        let start = self.at;
        self.skip_space();
        if let [b'<', next, ..] = self.rest() {
            let alone = *next == b'/' && self.frames.last().is_some_and(|frame| frame.children == 0);
            if self.at == start || self.after_tag && !matches!(next, b'!' | b'?') && !alone {
                return Ok(());
            }
        }
        let mut special = false;
        loop {
            self.at += plain_length(self.rest());
            match self.rest() {
                [b'<', ..] => break,
                [b'&', ..] => {
                    special = true;
                    self.reference()?;
                }
                [b']', b']', b'>', ..] => return Err(Error::CdataEnd { at: self.position(self.at) }),
                [b']', ..] => self.at += 1,
                _ => return Err(self.end_of_text("an end tag")),
            }
        }
        special = special || self.text.as_bytes()[start..self.at].contains(&b'\r');
        self.after_tag = false;
        self.piece(Kind::Text, start, if special { SPECIAL } else { 0 })
    }

    /// A comment or a CDATA section; a document type is refused.
    fn declaration_like(&mut self) -> Result<(), Error> {
        let rest = self.rest();
        if rest.starts_with(COMMENT.as_bytes()) {
            return self.comment();
        }
        if rest.starts_with(CDATA.as_bytes()) {
            if self.frames.is_empty() {
                return Err(Error::OutsideRoot { at: self.position(self.at) });
            }
            let start = self.at;
            self.at += CDATA.len();
            let length = self.find(CDATA_END).ok_or_else(|| self.end_of_text("`]]>`"))?;
            self.at += length + CDATA_END.len();
            self.after_tag = false;
            return self.piece(Kind::Cdata, start, 0);
        }
        if rest.get(..DOCTYPE.len()).is_some_and(|head| head.eq_ignore_ascii_case(DOCTYPE.as_bytes())) {
            return Err(Error::Doctype { at: self.position(self.at) });
        }
        let expected = [COMMENT, CDATA, DOCTYPE]
            .into_iter()
            .map(|word| rest.iter().zip(word.as_bytes()).take_while(|(a, b)| a == b).count())
            .max();
        self.at += expected.unwrap_or(0);
        Err(self.unexpected("`<!--` or `<![CDATA[`"))
    }

    fn comment(&mut self) -> Result<(), Error> {
        let start = self.at;
        self.at += COMMENT.len();
        let length = self.find("--").ok_or_else(|| self.end_of_text("`-->`"))?;
        self.at += length + 2;
        if self.rest().first() != Some(&b'>') {
            // Section 2.5: no two hyphens inside.
            return Err(self.unexpected(COMMENT_END_SAID));
        }
        self.at += COMMENT_END.len() - 2;
        self.after_tag = false;
        self.piece(Kind::Comment, start, 0)
    }

    fn instruction(&mut self) -> Result<(), Error> {
        let start = self.at;
        self.at += INSTRUCTION.len();
        let (name, prefixed) = self.qualified_name()?;
        if prefixed || name.eq_ignore_ascii_case("xml") {
            self.at = start + INSTRUCTION.len();
            return Err(self.unexpected("a name other than `xml`, without a colon"));
        }
        if !self.rest().first().is_none_or(|byte| is_space(*byte))
            && !self.rest().starts_with(INSTRUCTION_END.as_bytes())
        {
            return Err(self.unexpected("white space or `?>`"));
        }
        let length = self.find(INSTRUCTION_END).ok_or_else(|| self.end_of_text("`?>`"))?;
        self.at += length + INSTRUCTION_END.len();
        self.after_tag = false;
        self.piece(Kind::Instruction, start, 0)
    }

    /// A name, and whether it has a prefix.
    pub(super) fn qualified_name(&mut self) -> Result<(&'a str, bool), Error> {
        let start = self.at;
        let length = name_length(&self.text[start..]);
        self.at += length;
        if length == 0 {
            return Err(self.unexpected("a name"));
        }
        let prefixed = self.rest().first() == Some(&b':');
        if prefixed {
            self.at += 1;
            let local = name_length(&self.text[self.at..]);
            self.at += local;
            if local == 0 {
                return Err(self.unexpected("a name after the colon"));
            }
            if self.rest().first() == Some(&b':') {
                return Err(self.unexpected("a name with one colon"));
            }
        }
        let name = self.slice(start, self.at);
        if name.len() > MAX_NAME {
            return Err(Error::NameTooLong { limit: MAX_NAME, at: self.position(start) });
        }
        Ok((name, prefixed))
    }

    /// `=` and the opening quote, which is given back.
    pub(super) fn equals(&mut self) -> Result<u8, Error> {
        self.skip_space();
        self.expect("=", "`=`")?;
        self.skip_space();
        match self.rest().first() {
            Some(&quote @ (b'"' | b'\'')) => {
                self.at += 1;
                Ok(quote)
            }
            _ => Err(self.unexpected("a value in quotes")),
        }
    }

    /// Checks the reference at the cursor, and moves behind it.
    pub(super) fn reference(&mut self) -> Result<(), Error> {
        match reference::read(&self.text[self.at..]) {
            Ok((_, length)) => {
                self.at += length;
                Ok(())
            }
            Err(Problem::Cut) => Err(self.end_of_text("the rest of a reference")),
            Err(Problem::Malformed) => Err(Error::BadReference { at: self.position(self.at) }),
            Err(Problem::Undefined(name)) => {
                Err(Error::UndefinedEntity { name: shown(name), at: self.position(self.at) })
            }
            Err(Problem::Forbidden(code)) => {
                Err(Error::ForbiddenCharacter { code, at: self.position(self.at) })
            }
        }
    }

    /// A text, comment or instruction from `start` to the cursor.
    fn piece(&mut self, kind: Kind, start: usize, flags: u8) -> Result<(), Error> {
        let record = self.push(kind, start, 0, flags)?;
        self.records[record as usize].end = narrow(self.at);
        if let Some(frame) = self.frames.last_mut() {
            frame.children += 1;
        }
        Ok(())
    }

    pub(super) fn push(&mut self, kind: Kind, start: usize, name: usize, flags: u8) -> Result<u32, Error> {
        let index = self.records.len();
        if index >= self.limit {
            return Err(Error::TooManyNodes { limit: self.limit, at: self.position(start) });
        }
        let next = narrow(index + 1);
        let parent = self.frames.last().map_or(NOTHING, |frame| frame.record);
        let name = u16::try_from(name).unwrap_or(u16::MAX);
        let start = narrow(start);
        self.records.push(Record { kind, flags, name, start, end: start, next, parent, namespace: 0 });
        Ok(next - 1)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        &self.text[start..end]
    }

    fn find(&self, needle: &str) -> Option<usize> {
        self.text[self.at..].find(needle)
    }

    pub(super) fn skip_space(&mut self) {
        self.at += self.rest().iter().take_while(|byte| is_space(**byte)).count();
    }

    /// Moves behind a word that must come now.
    pub(super) fn expect(&mut self, word: &str, expected: &'static str) -> Result<(), Error> {
        if self.rest().starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        self.at += self.rest().iter().zip(word.as_bytes()).take_while(|(a, b)| a == b).count();
        Err(self.unexpected(expected))
    }

    #[cold]
    pub(super) fn unexpected(&self, expected: &'static str) -> Error {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(found) => Error::Unexpected { found, expected, at: self.position(self.at) },
            None => self.end_of_text(expected),
        }
    }

    #[cold]
    pub(super) fn end_of_text(&self, expected: &'static str) -> Error {
        Error::UnexpectedEnd { expected, at: self.position(self.text.len()) }
    }

    #[cold]
    pub(super) fn position(&self, offset: usize) -> Position {
        Position::in_bytes(self.text.as_bytes(), offset)
    }
}

/// Offsets and indices fit: the limits on bytes and nodes are below 2^32.
pub(super) fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

const BYTE_ORDER_MARK: char = '\u{FEFF}';
const DOCTYPE: &str = "<!DOCTYPE";
const COMMENT_END_SAID: &str = "`>`: two hyphens end a comment";

/// Bytes of a name.
pub(super) const MAX_NAME: usize = 4096;
/// A guess at how dense nodes are, for the first allocation.
const BYTES_PER_NODE: usize = 24;

//! From bytes to a tape, in one pass and without recursion.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::character::{first_forbidden, is_space, name_length, plain_length};
use super::declaration::shown;
use super::node::{CDATA, CDATA_END, COMMENT, COMMENT_END, INSTRUCTION, INSTRUCTION_END};
use super::reference::{self, Problem};
use super::tape::{Document, Kind, NOTHING, PREFIXED, Record, SPECIAL, WIDE};
use super::{Error, Limits, Position, text};

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
    depth: usize,
    limit: usize,
    records: Vec<Record>,
    root: u32,
    wide: Vec<u32>,
    namespaces: Vec<Box<str>>,
    /// Declarations in scope, the innermost last.
    bindings: Vec<Binding<'a>>,
    frames: Vec<Frame>,
    /// Whether what was read last is a tag.
    after_tag: bool,
}

/// An element whose end tag has not come.
struct Frame {
    record: u32,
    children: u32,
    /// How many declarations are in scope around it.
    bindings: usize,
}

/// A prefix, empty for the default, and what it stands for: as in [`Record::namespace`].
struct Binding<'a> {
    prefix: &'a str,
    namespace: u32,
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
                    None if self.at == 0 || self.text.trim().is_empty() => return Err(Error::Empty),
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

    fn start_tag(&mut self) -> Result<(), Error> {
        let start = self.at;
        if self.frames.is_empty() && self.root != NOTHING {
            return Err(Error::OutsideRoot { at: self.position(start) });
        }
        if self.frames.len() >= self.depth {
            return Err(Error::TooDeep { limit: self.depth, at: self.position(start) });
        }
        self.at += 1;
        let (name, prefixed) = self.qualified_name()?;
        let record = self.push(Kind::Element, start, name.len(), flag(prefixed))?;
        if self.frames.is_empty() {
            self.root = record;
        }
        let around = self.bindings.len();
        let empty = loop {
            let before = self.at;
            self.skip_space();
            match self.rest() {
                [b'>', ..] => break false,
                [b'/', b'>', ..] => break true,
                [b'/', ..] => {
                    self.at += 1;
                    return Err(self.unexpected("`>`"));
                }
                [_, ..] if self.at > before => self.attribute(record)?,
                _ => return Err(self.unexpected("white space or `>`")),
            }
        };
        self.at += 1 + usize::from(empty);
        self.resolve(record, name, prefixed, around)?;
        if let Some(frame) = self.frames.last_mut() {
            frame.children += 1;
        }
        self.frames.push(Frame { record, children: 0, bindings: around });
        if empty {
            self.close();
        }
        self.after_tag = true;
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), Error> {
        let start = self.at;
        let Some(frame) = self.frames.last() else {
            return Err(Error::NothingOpen { at: self.position(start) });
        };
        let open = self.records[frame.record as usize];
        let name = self.slice(open.start as usize + 1, open.start as usize + 1 + usize::from(open.name));
        self.at += 2;
        // The usual case needs no look at what a name is.
        if self.rest().strip_prefix(name.as_bytes()).and_then(<[u8]>::first) == Some(&b'>') {
            self.at += name.len() + 1;
        } else {
            let (found, _) = self.qualified_name()?;
            if found != name {
                return Err(Error::MismatchedTag {
                    open: shown(name),
                    opened: self.position(open.start as usize),
                    found: shown(found),
                    at: self.position(start),
                });
            }
            self.skip_space();
            self.expect(">", "`>`")?;
        }
        self.close();
        self.after_tag = true;
        Ok(())
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            let next = narrow(self.records.len());
            let record = &mut self.records[frame.record as usize];
            record.end = narrow(self.at);
            record.next = next;
            self.bindings.truncate(frame.bindings);
            if frame.children >= WIDE {
                self.wide.push(frame.record);
            }
        }
    }

    /// An attribute or a declaration; the cursor is on its name.
    fn attribute(&mut self, element: u32) -> Result<(), Error> {
        let start = self.at;
        let (name, prefixed) = self.qualified_name()?;
        let quote = self.equals()?;
        let from = self.at;
        let mut special = false;
        loop {
            match self.rest().first() {
                Some(b'<') => return Err(self.unexpected("a closing quote, or `&lt;`")),
                Some(b'&') => {
                    special = true;
                    self.reference()?;
                }
                Some(b'\t' | b'\n' | b'\r') => {
                    special = true;
                    self.at += 1;
                }
                Some(&byte) if byte == quote => break,
                Some(_) => self.at += 1,
                None => return Err(self.end_of_text("the closing quote of an attribute")),
            }
        }
        let value = self.slice(from, self.at);
        self.at += 1;
        let declared = if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
        let kind = if declared.is_some() { Kind::Declaration } else { Kind::Attribute };
        let record =
            self.push(kind, start, name.len(), flag(prefixed) | if special { SPECIAL } else { 0 })?;
        self.records[record as usize].parent = element;
        self.records[record as usize].end = narrow(self.at);
        match declared {
            Some(prefix) => self.declare(prefix, value, start),
            None => Ok(()),
        }
    }

    /// Binds a prefix from here to the end of the element (Namespaces in XML 1.0, section 3).
    fn declare(&mut self, prefix: &'a str, value: &str, start: usize) -> Result<(), Error> {
        let name = text::attribute(value);
        let reserved = match prefix {
            "xml" => name != XML,
            "xmlns" => true,
            _ => name == XML || name == XMLNS || !prefix.is_empty() && name.is_empty(),
        };
        if reserved {
            return Err(Error::BadNamespace { at: self.position(start) });
        }
        if self.bindings.len() > MAX_NAMESPACES {
            return Err(Error::TooManyNamespaces { limit: MAX_NAMESPACES, at: self.position(start) });
        }
        let namespace = if name.is_empty() {
            0
        } else if let Some(known) =
            self.bindings.iter().find(|binding| self.named(binding.namespace) == Some(name.as_ref()))
        {
            known.namespace
        } else {
            self.namespaces.push(name.into());
            narrow(self.namespaces.len())
        };
        self.bindings.push(Binding { prefix, namespace });
        Ok(())
    }

    fn named(&self, namespace: u32) -> Option<&str> {
        namespace.checked_sub(1).and_then(|index| self.namespaces.get(index as usize)).map(AsRef::as_ref)
    }

    /// Gives an element and its attributes their namespaces, now that all declarations of its tag are known, and
    /// refuses an attribute that comes twice.
    fn resolve(&mut self, element: u32, name: &str, prefixed: bool, around: usize) -> Result<(), Error> {
        let start = self.records[element as usize].start as usize;
        self.records[element as usize].namespace = self.namespace(name, prefixed, start + 1)?;
        let attributes = element as usize + 1..self.records.len();
        let has_several = attributes.len() > 1;
        if has_several && self.bindings.len() > around + 1 {
            let declared = &self.bindings[around..];
            let twice = (1..declared.len())
                .find(|&at| declared[..at].iter().any(|other| other.prefix == declared[at].prefix));
            if let Some(twice) = twice {
                let is_declaration = |index: &usize| self.records[*index].kind == Kind::Declaration;
                let spans: Vec<usize> = attributes.clone().filter(is_declaration).collect();
                let first =
                    declared.iter().position(|other| other.prefix == declared[twice].prefix).unwrap_or(0);
                return Err(self.duplicate(spans[first], spans[twice]));
            }
        }
        for index in attributes.clone() {
            let Record { kind, flags, start, .. } = self.records[index];
            if kind == Kind::Attribute && flags & PREFIXED != 0 {
                let name = self.name_of(index);
                self.records[index].namespace = self.namespace(name, true, start as usize)?;
            }
        }
        if has_several { self.unique(attributes) } else { Ok(()) }
    }

    /// The namespace of a name, as in [`Record::namespace`].
    fn namespace(&self, name: &str, prefixed: bool, start: usize) -> Result<u32, Error> {
        let prefix = if prefixed { name.split_once(':').map_or("", |(prefix, _)| prefix) } else { "" };
        match self.bindings.iter().rfind(|binding| binding.prefix == prefix) {
            Some(binding) => Ok(binding.namespace),
            None if prefix.is_empty() => Ok(0),
            None => Err(Error::UnboundPrefix { prefix: shown(prefix), at: self.position(start) }),
        }
    }

    /// Refuses two attributes of one namespace and local name. A few are compared one by one, many by hash.
    fn unique(&self, attributes: std::ops::Range<usize>) -> Result<(), Error> {
        let expanded = |index: usize| {
            let record = self.records[index];
            let name = self.name_of(index);
            let local = if record.has(PREFIXED) {
                name.split_once(':').map_or(name, |(_, local)| local)
            } else {
                name
            };
            (self.named(record.namespace), local)
        };
        let is_attribute = |index: &usize| self.records[*index].kind == Kind::Attribute;
        let mut all = attributes.clone().filter(is_attribute);
        let twice = if attributes.len() <= SCANNED {
            all.find_map(|index| {
                let twin = (attributes.start..index)
                    .filter(is_attribute)
                    .find(|twin| expanded(*twin) == expanded(index));
                twin.map(|first| (first, index))
            })
        } else {
            let mut seen = HashMap::with_capacity(attributes.len());
            all.find_map(|index| seen.insert(expanded(index), index).map(|first| (first, index)))
        };
        match twice {
            Some((first, second)) => Err(self.duplicate(first, second)),
            None => Ok(()),
        }
    }

    #[cold]
    fn duplicate(&self, first: usize, second: usize) -> Error {
        let place = |index: usize| self.position(self.records[index].start as usize);
        Error::DuplicateAttribute {
            name: shown(self.name_of(second)),
            first: place(first),
            at: place(second),
        }
    }

    /// The name of an attribute as it is written.
    fn name_of(&self, index: usize) -> &'a str {
        let Record { start, name, .. } = self.records[index];
        self.slice(start as usize, start as usize + usize::from(name))
    }

    /// A name, and whether it has a prefix.
    fn qualified_name(&mut self) -> Result<(&'a str, bool), Error> {
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
    fn reference(&mut self) -> Result<(), Error> {
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

    fn push(&mut self, kind: Kind, start: usize, name: usize, flags: u8) -> Result<u32, Error> {
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
    fn end_of_text(&self, expected: &'static str) -> Error {
        Error::UnexpectedEnd { expected, at: self.position(self.text.len()) }
    }

    #[cold]
    pub(super) fn position(&self, offset: usize) -> Position {
        Position::in_bytes(self.text.as_bytes(), offset)
    }
}

fn flag(prefixed: bool) -> u8 {
    if prefixed { PREFIXED } else { 0 }
}

/// Offsets and indices fit: the limits on bytes and nodes are below 2^32.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What `xml` stands for, declared or not.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// What `xmlns` stands for.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
const BYTE_ORDER_MARK: char = '\u{FEFF}';
const DOCTYPE: &str = "<!DOCTYPE";
const COMMENT_END_SAID: &str = "`>`: two hyphens end a comment";

/// How many declarations may be in scope, so that looking one up costs little.
const MAX_NAMESPACES: usize = 256;
/// Bytes of a name.
const MAX_NAME: usize = 4096;
/// Up to how many attributes are compared one by one.
const SCANNED: usize = 16;
/// A guess at how dense nodes are, for the first allocation.
const BYTES_PER_NODE: usize = 24;

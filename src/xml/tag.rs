//! Tags and the attributes in them.

use super::Error;
use super::declaration::shown;
use super::parse::{Frame, Parser, narrow};
use super::tape::{Kind, NOTHING, PREFIXED, SPECIAL, WIDE};

impl Parser<'_> {
    pub(super) fn start_tag(&mut self) -> Result<(), Error> {
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
        let (around, default) = (self.bindings.len(), self.default);
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
        self.frames.push(Frame { record, children: 0, bindings: around, default });
        if empty {
            self.close();
        }
        self.after_tag = true;
        Ok(())
    }

    pub(super) fn end_tag(&mut self) -> Result<(), Error> {
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
            if self.rest().is_empty() {
                return Err(self.unexpected("the rest of an end tag"));
            }
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
            self.default = frame.default;
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
}

fn flag(prefixed: bool) -> u8 {
    if prefixed { PREFIXED } else { 0 }
}

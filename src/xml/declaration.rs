//! The XML declaration (section 2.8): version 1.0, and UTF-8 or nothing said.

use super::Error;
use super::parse::Parser;

impl<'a> Parser<'a> {
    /// Reads `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`, if the text starts so.
    pub(super) fn declaration(&mut self) -> Result<(), Error> {
        if !self.at_declaration() {
            return Ok(());
        }
        let start = self.at;
        self.at += OPENING.len();
        let Some(version) = self.pseudo_attribute("version")? else {
            return Err(self.unexpected("`version`"));
        };
        if version != "1.0" {
            return Err(Error::Version { version: shown(version), at: self.position(start) });
        }
        if let Some(name) = self.pseudo_attribute("encoding")?
            && !name.eq_ignore_ascii_case("UTF-8")
        {
            return Err(Error::Encoding { name: shown(name), at: self.position(start) });
        }
        if let Some(value) = self.pseudo_attribute("standalone")?
            && value != "yes"
            && value != "no"
        {
            self.at -= value.len() + 1;
            return Err(self.unexpected("`yes` or `no`"));
        }
        self.skip_space();
        self.expect("?>", "`?>`")
    }

    /// Whether an XML declaration stands here, or what would be one at the start.
    pub(super) fn at_declaration(&self) -> bool {
        let rest = self.rest();
        rest.starts_with(OPENING.as_bytes()) && rest.get(OPENING.len()).is_none_or(|byte| !is_name(*byte))
    }

    /// ` name="value"`, if the name is the one that may come now.
    fn pseudo_attribute(&mut self, name: &'static str) -> Result<Option<&'a str>, Error> {
        let before = self.at;
        self.skip_space();
        if !self.rest().starts_with(name.as_bytes()) {
            let is_cut = name.as_bytes().starts_with(self.rest());
            return if is_cut { self.expect(name, name).map(|()| None) } else { Ok(None) };
        }
        if self.at == before {
            return Err(self.unexpected("white space"));
        }
        self.at += name.len();
        self.quoted().map(Some)
    }

    /// `="value"`, on the way to which the cursor is.
    fn quoted(&mut self) -> Result<&'a str, Error> {
        let quote = self.equals()?;
        let start = self.at;
        let is_value = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':');
        self.at += self.rest().iter().take_while(|byte| is_value(byte)).count();
        if self.rest().first() != Some(&quote) {
            return Err(self.unexpected("a closing quote"));
        }
        self.at += 1;
        Ok(self.slice(start, self.at - 1))
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':' | 0x80..)
}

/// What a message shows of a text of unknown length.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

const OPENING: &str = "<?xml";

/// Characters of a name that an error shows.
const SHOWN: usize = 64;

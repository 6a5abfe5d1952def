//! Writing: tags that are closed, names that were given, and text that reads back as it was.

/// How what is written is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Everything on one line.
    Compact,
    /// An element a line, each level by so many spaces; an element that holds text stays on its line.
    Indented(usize),
}

/// A character that XML has no way to write, not even as a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("XML has no way to write the character U+{code:04X}", code = u32::from(*.0))]
pub struct Unwritable(pub char);

impl Unwritable {
    /// The first such character of a text.
    pub fn find(text: &str) -> Option<Self> {
        super::character::first_forbidden(text).map(|(_, character)| Self(character))
    }
}

/// Writes an XML document from its start to its end. Names are the caller's: they are written as they are given.
///
/// ```
/// use sbom_attest::xml::{Layout, Writer};
///
/// let mut xml = Writer::new(Layout::Indented(2));
/// xml.declaration();
/// xml.open("bom");
/// xml.attribute("xmlns", "urn:b")?;
/// xml.leaf("name", "a < b")?;
/// xml.close();
/// assert_eq!(xml.finish(), b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<bom xmlns=\"urn:b\">\n  <name>a &lt; b</name>\n</bom>\n");
/// # Ok::<(), sbom_attest::xml::Unwritable>(())
/// ```
#[derive(Debug, Clone)]
pub struct Writer {
    out: Vec<u8>,
    layout: Layout,
    open: Vec<Open>,
}

/// An element that is not closed yet.
#[derive(Debug, Clone)]
struct Open {
    name: String,
    holds: Holds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Nothing yet: its start tag still takes attributes.
    Nothing,
    Elements,
    /// Text: nothing may be put around it.
    Text,
}

impl Writer {
    /// Starts with nothing written.
    pub fn new(layout: Layout) -> Self {
        Self { out: Vec::new(), layout, open: Vec::new() }
    }

    /// The XML declaration; it comes first.
    pub fn declaration(&mut self) {
        self.out.extend_from_slice(br#"<?xml version="1.0" encoding="UTF-8"?>"#);
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str) {
        self.inside(Holds::Elements);
        self.line();
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        self.open.push(Open { name: name.to_owned(), holds: Holds::Nothing });
    }

    /// An attribute of the element that was just opened; it is left out where the start tag has ended.
    pub fn attribute(&mut self, name: &str, value: &str) -> Result<(), Unwritable> {
        debug_assert!(self.open.last().is_some_and(|open| open.holds == Holds::Nothing), "the tag has ended");
        Unwritable::find(value).map_or(Ok(()), Err)?;
        if self.open.last().is_some_and(|open| open.holds == Holds::Nothing) {
            self.out.push(b' ');
            self.out.extend_from_slice(name.as_bytes());
            self.out.extend_from_slice(b"=\"");
            escape(value, &mut self.out, |byte| match byte {
                b'"' => Some("&quot;"),
                // Unreferred, they would be read as spaces.
                b'\t' => Some("&#9;"),
                b'\n' => Some("&#10;"),
                byte => of_text(byte),
            });
            self.out.push(b'"');
        }
        Ok(())
    }

    /// Text inside the open element.
    pub fn text(&mut self, text: &str) -> Result<(), Unwritable> {
        Unwritable::find(text).map_or(Ok(()), Err)?;
        if !text.is_empty() {
            self.inside(Holds::Text);
            escape(text, &mut self.out, of_text);
        }
        Ok(())
    }

    /// Ends the start tag of the open element, which so has a content, be it an empty one: `<a></a>` and not `<a/>`.
    pub fn content(&mut self) {
        self.inside(Holds::Text);
    }

    /// Closes the innermost open element.
    pub fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        match open.holds {
            Holds::Nothing => {
                self.out.extend_from_slice(b"/>");
                return;
            }
            Holds::Elements => self.line(),
            Holds::Text => {}
        }
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(open.name.as_bytes());
        self.out.push(b'>');
    }

    /// An element that holds text and nothing else.
    pub fn leaf(&mut self, name: &str, text: &str) -> Result<(), Unwritable> {
        self.open(name);
        let written = self.text(text);
        self.close();
        written
    }

    /// Closes what is open, and gives the document.
    pub fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        if self.layout != Layout::Compact {
            self.out.push(b'\n');
        }
        self.out
    }

    /// Ends the start tag of the open element, if it has not ended; something comes inside.
    fn inside(&mut self, what: Holds) {
        if let Some(open) = self.open.last_mut() {
            if open.holds == Holds::Nothing {
                self.out.push(b'>');
            }
            if open.holds != Holds::Text {
                open.holds = what;
            }
        }
    }

    /// A line of its own for what comes, unless it stands beside text.
    fn line(&mut self) {
        let Layout::Indented(width) = self.layout else { return };
        if self.open.last().is_some_and(|open| open.holds == Holds::Text) || self.out.is_empty() {
            return;
        }
        self.out.push(b'\n');
        self.out.resize(self.out.len() + width * self.open.len().min(MOST_LEVELS), b' ');
    }
}

/// Levels that are indented further than the one around them: what is nested deeper would be mostly spaces.
const MOST_LEVELS: usize = 64;

/// What is written for a byte of text that cannot stand for itself. `>` could, but not in `]]>`.
fn of_text(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        // Unreferred, it would be read as LF.
        b'\r' => Some("&#13;"),
        _ => None,
    }
}

fn escape(text: &str, out: &mut Vec<u8>, replacement: impl Fn(u8) -> Option<&'static str>) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        if let Some(replacement) = replacement(byte) {
            out.extend_from_slice(&bytes[copied..index]);
            out.extend_from_slice(replacement.as_bytes());
            copied = index + 1;
        }
    }
    out.extend_from_slice(&bytes[copied..]);
}

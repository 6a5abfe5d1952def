//! Why a text is refused: one variant a reason, each with its place.

use super::Position;

/// Why bytes are not a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing but white space.
    #[error("the document is empty")]
    Empty,
    /// More bytes than the limit.
    #[error("the document has {length} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Bytes of the document.
        length: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// More values than the limit.
    #[error("the document has more than {limit} values at {at}")]
    TooManyNodes {
        /// Values and names allowed.
        limit: usize,
        /// Where the first one too many starts.
        at: Position,
    },
    /// Arrays and objects nested beyond the limit.
    #[error("nested deeper than {limit} levels at {at}")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
        /// The bracket that opens one level too many.
        at: Position,
    },
    /// Another format, told by its first bytes.
    #[error("not JSON: it looks like {0}")]
    NotJson(Lookalike),
    /// A byte order mark, which RFC 8259, section 8.1 forbids to send.
    #[error("a byte order mark stands before the document")]
    ByteOrderMark,
    /// Bytes that are not UTF-8 (RFC 8259, section 8.1).
    #[error("not UTF-8 at {at}")]
    Utf8 {
        /// The first byte that is wrong.
        at: Position,
    },
    /// The text ends too early.
    #[error("the document ends at {at}, where {expected} is expected")]
    UnexpectedEnd {
        /// What the grammar asks for.
        expected: &'static str,
        /// The end.
        at: Position,
    },
    /// A character that the grammar has no place for.
    #[error("found {found:?} at {at}, where {expected} is expected")]
    Unexpected {
        /// The character.
        found: char,
        /// What the grammar asks for.
        expected: &'static str,
        /// Where it stands.
        at: Position,
    },
    /// Something after the end of the value.
    #[error("the document goes on at {at}, after the end of its value")]
    TrailingBytes {
        /// The first character too many.
        at: Position,
    },
    /// A name twice in one object (RFC 7493, section 2.3): readers disagree which one counts.
    #[error("duplicate key {key:?} at {at} (first at {first})")]
    DuplicateKey {
        /// The name, decoded, cut when it is long.
        key: String,
        /// The first of the two.
        first: Position,
        /// The second.
        at: Position,
    },
    /// A surrogate without its other half (RFC 7493, section 2.1).
    #[error("lone surrogate at {at}")]
    LoneSurrogate {
        /// The escape.
        at: Position,
    },
    /// A control character that must be escaped (RFC 8259, section 7).
    #[error("control character U+{code:04X} inside a string at {at}")]
    ControlCharacter {
        /// Its code.
        code: u8,
        /// Where it stands.
        at: Position,
    },
    /// An escape that JSON does not have.
    #[error("invalid escape at {at}")]
    BadEscape {
        /// The backslash.
        at: Position,
    },
    /// A number that does not follow RFC 8259, section 6.
    #[error("invalid number at {at}")]
    BadNumber {
        /// Where the number starts.
        at: Position,
    },
    /// A number beyond the largest double (RFC 7493, section 2.2).
    #[error("number beyond the range of a double at {at}")]
    NumberRange {
        /// Where the number starts.
        at: Position,
    },
}

impl Error {
    /// Where it stands; nothing for what concerns the document as a whole.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Empty | Self::TooLarge { .. } => None,
            Self::NotJson(_) | Self::ByteOrderMark => Some(Position { line: 1, column: 1, offset: 0 }),
            Self::TooManyNodes { at, .. }
            | Self::TooDeep { at, .. }
            | Self::Utf8 { at }
            | Self::UnexpectedEnd { at, .. }
            | Self::Unexpected { at, .. }
            | Self::TrailingBytes { at }
            | Self::DuplicateKey { at, .. }
            | Self::LoneSurrogate { at }
            | Self::ControlCharacter { at, .. }
            | Self::BadEscape { at }
            | Self::BadNumber { at }
            | Self::NumberRange { at } => Some(*at),
        }
    }

    /// A short stable name, for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "json-empty",
            Self::TooLarge { .. } => "json-too-large",
            Self::TooManyNodes { .. } => "json-too-many-nodes",
            Self::TooDeep { .. } => "json-too-deep",
            Self::NotJson(_) => "json-other-format",
            Self::ByteOrderMark => "json-byte-order-mark",
            Self::Utf8 { .. } => "json-utf8",
            Self::UnexpectedEnd { .. } => "json-unexpected-end",
            Self::Unexpected { .. } => "json-unexpected",
            Self::TrailingBytes { .. } => "json-trailing-bytes",
            Self::DuplicateKey { .. } => "json-duplicate-key",
            Self::LoneSurrogate { .. } => "json-lone-surrogate",
            Self::ControlCharacter { .. } => "json-control-character",
            Self::BadEscape { .. } => "json-bad-escape",
            Self::BadNumber { .. } => "json-bad-number",
            Self::NumberRange { .. } => "json-number-range",
        }
    }

    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Empty => {
                Some("was it written completely? an empty file is often what a failed command leaves")
            }
            Self::UnexpectedEnd { .. } => Some("the file is cut off: fetch or write it again"),
            Self::ByteOrderMark => Some("save it as UTF-8 without a byte order mark"),
            Self::Utf8 { .. } => Some("save it as UTF-8"),
            Self::DuplicateKey { .. } => {
                Some("remove one of the two: readers disagree about which one counts")
            }
            Self::NotJson(lookalike) => Some(lookalike.help()),
            Self::TooDeep { .. } | Self::TooManyNodes { .. } | Self::TooLarge { .. } => {
                Some("no real document is like that: see where it comes from")
            }
            _ => None,
        }
    }
}

/// What a text that is not JSON looks like, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lookalike {
    /// XML.
    Xml,
    /// A web page.
    Html,
    /// YAML.
    Yaml,
    /// The tag-value form of SPDX 2.
    TagValue,
    /// UTF-16, of either byte order.
    Utf16,
    /// gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
    /// A zip archive.
    Zip,
    /// An ELF program.
    Elf,
    /// A PEM block, such as a key.
    Pem,
}

impl std::fmt::Display for Lookalike {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Xml => "XML",
            Self::Html => "an HTML page",
            Self::Yaml => "YAML",
            Self::TagValue => "SPDX tag-value",
            Self::Utf16 => "UTF-16",
            Self::Gzip => "a gzip file",
            Self::Zstd => "a Zstandard file",
            Self::Zip => "a zip archive",
            Self::Elf => "an ELF program",
            Self::Pem => "a PEM block",
        })
    }
}

impl Lookalike {
    /// Recognises what can never start a JSON text; `None` also for JSON itself.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        const MAGIC: [(&[u8], Lookalike); 7] = [
            (b"\x1f\x8b", Lookalike::Gzip),
            (b"\x28\xb5\x2f\xfd", Lookalike::Zstd),
            (b"PK\x03\x04", Lookalike::Zip),
            (b"\x7fELF", Lookalike::Elf),
            (b"\xff\xfe", Lookalike::Utf16),
            (b"\xfe\xff", Lookalike::Utf16),
            (b"-----BEGIN ", Lookalike::Pem),
        ];
        if let Some((_, lookalike)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return Some(*lookalike);
        }
        if let [one, other, ..] = bytes
            && (*one == 0) != (*other == 0)
        {
            return Some(Self::Utf16);
        }
        let bytes = bytes.strip_prefix(super::text::BYTE_ORDER_MARK).unwrap_or(bytes);
        let text = bytes.trim_ascii_start();
        let head = &text[..text.len().min(LOOK)];
        let head = head.to_ascii_lowercase();
        if is_tag_value(text) {
            return Some(Self::TagValue);
        }
        match head.first()? {
            b'<' if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") => Some(Self::Html),
            b'<' => Some(Self::Xml),
            b'%' if head.starts_with(b"%yaml") => Some(Self::Yaml),
            b'-' if head.starts_with(b"---") || head.starts_with(b"- ") => Some(Self::Yaml),
            b'#' => Some(Self::Yaml),
            byte if byte.is_ascii_alphabetic() => {
                let word =
                    head.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte));
                matches!(head.get(word.count()..), Some([b':', b' ' | b'\n' | b'\r', ..]))
                    .then_some(Self::Yaml)
            }
            _ => None,
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Html => "is it the error page of a server? fetch the raw file",
            Self::Utf16 => "save it as UTF-8",
            Self::Gzip | Self::Zstd | Self::Zip => "unpack it first",
            Self::Xml | Self::Yaml | Self::TagValue => "a JSON document is expected here",
            Self::Elf | Self::Pem => {
                "a JSON document is expected here: are the arguments in the right order?"
            }
        }
    }
}

/// Whether the first line that is no comment is a tag of an SPDX 2 document (SPDX 2.3, clause 6). YAML spells its names
/// with a small letter, but for `SPDXID`.
fn is_tag_value(text: &[u8]) -> bool {
    let mut tags = text[..text.len().min(COMMENTS)]
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty() && !line.starts_with(b"#"))
        .map(|line| {
            let colon = line.iter().position(|&byte| byte == b':').unwrap_or_default();
            line[..colon].trim_ascii_end()
        });
    match tags.next() {
        Some(b"SPDXID") => tags.any(|tag| matches!(tag, b"SPDXVersion" | b"DataLicense" | b"DocumentName")),
        Some(tag) => TAGS.contains(&tag),
        None => false,
    }
}

/// Tags that a document may begin with.
const TAGS: [&[u8]; 8] = [
    b"SPDXVersion",
    b"DataLicense",
    b"DocumentName",
    b"DocumentNamespace",
    b"DocumentComment",
    b"ExternalDocumentRef",
    b"Creator",
    b"Created",
];
/// Bytes of comments that may stand before the first tag.
const COMMENTS: usize = 64 << 10;
/// Bytes looked at to recognise another format.
const LOOK: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_json_is_called_by_its_name() {
        let cases: [(&[u8], Option<Lookalike>); 18] = [
            (b"<?xml version=\"1.0\"?><bom/>", Some(Lookalike::Xml)),
            (b"\xef\xbb\xbf  <bom/>", Some(Lookalike::Xml)),
            (b" <!DOCTYPE html><p>404", Some(Lookalike::Html)),
            (b"\x1f\x8b\x08\x00", Some(Lookalike::Gzip)),
            (b"\x28\xb5\x2f\xfd\x00", Some(Lookalike::Zstd)),
            (b"PK\x03\x04", Some(Lookalike::Zip)),
            (b"{\x00\"\x00", Some(Lookalike::Utf16)),
            (b"\x00{\x00\"", Some(Lookalike::Utf16)),
            (b"\xff\xfe{\x00", Some(Lookalike::Utf16)),
            (b"SPDXVersion: SPDX-2.3", Some(Lookalike::TagValue)),
            (b"# a comment\n\nDataLicense: CC0-1.0", Some(Lookalike::TagValue)),
            (b"spdxVersion: SPDX-2.3", Some(Lookalike::Yaml)),
            (b"bomFormat: CycloneDX\n", Some(Lookalike::Yaml)),
            (b"---\n- a", Some(Lookalike::Yaml)),
            (b"-----BEGIN PUBLIC KEY-----", Some(Lookalike::Pem)),
            (b"{\"a\": 1}", None),
            (b"-1", None),
            (b"true", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Lookalike::of(bytes), expected, "{}", bytes.escape_ascii());
        }
    }
}

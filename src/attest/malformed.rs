//! Why bytes are not what they should be: a named flaw, and where it stands.

use std::fmt;

use crate::document::{self, Position, Value};

/// What is wrong with a bundle, a statement or a trusted root, apart from whether it is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flaw {
    /// Not JSON, cut off, or followed by something.
    Json,
    /// Not UTF-8, a byte order mark, or half a surrogate pair.
    Encoding,
    /// A name twice in one object.
    DuplicateKey,
    /// More bytes, depth or values than the limit.
    Size,
    /// The media type, or the statement's `_type`, is not known.
    Type,
    /// A field that the format does not have.
    UnknownField,
    /// A field that must be there is not.
    MissingField,
    /// A value of another JSON type than the field's.
    FieldType,
    /// A number that is no whole number of 63 bits in its one spelling.
    Number,
    /// Text that is not base64 in its one spelling.
    Base64,
    /// Bytes of another length than the field's.
    Length,
    /// Two fields of which one excludes the other, or neither of them.
    Alternatives,
    /// More or fewer log entries than one.
    EntryCount,
    /// More timestamps than the limit, or one of them twice.
    TimestampCount,
    /// A field that this version of the format has not.
    Version,
    /// More or fewer signatures than one.
    SignatureCount,
    /// No subject, or more subjects or digests than the limit.
    SubjectCount,
    /// The same subject twice.
    DuplicateSubject,
    /// A digest that is not lower-case hexadecimal of its algorithm's length, or none that can be compared.
    Digest,
    /// A time that is not RFC 3339.
    Time,
    /// Well-formed, and of a kind that cannot be checked yet.
    Unsupported,
}

/// A flaw at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong.
    pub flaw: Flaw,
    /// RFC 6901 pointer to what is wrong, empty for the whole document.
    pub pointer: String,
    /// Where that stands in the text, if it stands there at all.
    pub position: Option<Position>,
    /// One clause that says what was found.
    pub detail: String,
}

impl Malformed {
    /// A flaw of a value.
    pub(crate) fn at(flaw: Flaw, value: &Value<'_>, detail: impl Into<String>) -> Self {
        Self { flaw, pointer: value.pointer(), position: Some(value.position()), detail: detail.into() }
    }
}

impl From<document::Error> for Malformed {
    fn from(error: document::Error) -> Self {
        use document::Error as E;
        let flaw = match error {
            E::TooLarge { .. } | E::TooManyNodes { .. } | E::TooDeep { .. } => Flaw::Size,
            E::DuplicateKey { .. } => Flaw::DuplicateKey,
            E::ByteOrderMark | E::Utf8 { .. } | E::LoneSurrogate { .. } => Flaw::Encoding,
            _ => Flaw::Json,
        };
        Self { flaw, pointer: String::new(), position: error.position(), detail: error.to_string() }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            return f.write_str(&self.detail);
        }
        write!(f, "{}: {}", self.pointer, self.detail)
    }
}

impl std::error::Error for Malformed {}

//! Why a text is no tag-value document at all. What is wrong in one line is an [oddity](super::Oddity) instead.

use crate::document::Position;

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing but white space and comments.
    #[error("the document has no tags")]
    Empty,
    /// More bytes than the limit, as it is or in its JSON form.
    #[error("the document has {length} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Bytes of the document.
        length: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// More values than the limit.
    #[error("the document has more than {limit} values")]
    TooManyValues {
        /// Values and names allowed.
        limit: usize,
    },
    /// Bytes that are not UTF-8 (4.4).
    #[error("not UTF-8 at {at}")]
    Utf8 {
        /// The first byte that is wrong.
        at: Position,
    },
    /// `<text>` without `</text>`.
    #[error("the `<text>` of `{tag}` at {at} has no end")]
    UnclosedText {
        /// The tag whose value it is, cut when it is long.
        tag: String,
        /// Where `<text>` stands.
        at: Position,
    },
}

impl Error {
    /// Where it stands; nothing for what concerns the document as a whole.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Empty | Self::TooLarge { .. } | Self::TooManyValues { .. } => None,
            Self::Utf8 { at } | Self::UnclosedText { at, .. } => Some(*at),
        }
    }

    /// A short stable name, for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "tag-value-empty",
            Self::TooLarge { .. } => "tag-value-too-large",
            Self::TooManyValues { .. } => "tag-value-too-many-values",
            Self::Utf8 { .. } => "tag-value-utf8",
            Self::UnclosedText { .. } => "tag-value-unclosed-text",
        }
    }

    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::Empty => "was it written completely? an empty file is often what a failed command leaves",
            Self::TooLarge { .. } | Self::TooManyValues { .. } => {
                "no real document is like that: see where it comes from"
            }
            Self::Utf8 { .. } => "save it as UTF-8",
            Self::UnclosedText { .. } => {
                "write `</text>` after the last line of the value; or is the file cut off?"
            }
        })
    }
}

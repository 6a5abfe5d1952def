//! Why an edit is refused.

use crate::document;

/// Why an edit is refused. The document is then as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not a JSON pointer.
    #[error("`{0}` is not a JSON pointer")]
    Pointer(String),
    /// Nothing stands there.
    #[error("there is nothing at `{0}`")]
    Missing(String),
    /// A place inside a scalar.
    #[error("`{0}` is neither an object nor an array")]
    Scalar(String),
    /// No index that an element can be added at.
    #[error("`{pointer}` is no place in an array of {length} elements")]
    Index {
        /// The place.
        pointer: String,
        /// How many elements there are.
        length: usize,
    },
    /// The root, which cannot be taken away.
    #[error("the whole document cannot be removed")]
    Root,
    /// A condition of the patch does not hold.
    #[error("the value at `{0}` is not the one that the patch expects")]
    Test(String),
    /// A value moved into itself.
    #[error("`{from}` cannot be moved into itself, to `{path}`")]
    IntoItself {
        /// Where it stands.
        from: String,
        /// Where it should come.
        path: String,
    },
    /// Two edits of one place.
    #[error("`{one}` and `{other}` are edits of the same place")]
    Conflict {
        /// The outer one.
        one: String,
        /// The other.
        other: String,
    },
    /// A pointer with more levels than a document may have.
    #[error("the pointer has more than {limit} levels")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// More operations than the limit.
    #[error("more than {limit} edits at once")]
    TooMany {
        /// Operations allowed.
        limit: usize,
    },
    /// Not a JSON Patch.
    #[error("`{pointer}` of the patch: {expected} is expected")]
    Patch {
        /// The place in the patch.
        pointer: String,
        /// What RFC 6902 says.
        expected: &'static str,
    },
    /// Signatures whose scope would change.
    #[error("this changes what {} {} cover{}", if .0.len() == 1 { "the signature" } else { "the signatures" }, quoted(.0), if .0.len() == 1 { "s" } else { "" })]
    Signed(Vec<String>),
    /// The result is no document any more: beyond a limit.
    #[error(transparent)]
    Document(#[from] document::Error),
}

fn quoted(pointers: &[String]) -> String {
    let shown: Vec<String> = pointers.iter().take(SHOWN).map(|pointer| format!("`{pointer}`")).collect();
    let more = pointers.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

impl Error {
    /// A short stable name, for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Pointer(_) => "edit-pointer",
            Self::Missing(_) => "edit-missing",
            Self::Scalar(_) => "edit-scalar",
            Self::Index { .. } => "edit-index",
            Self::Root => "edit-root",
            Self::Test(_) => "edit-test",
            Self::IntoItself { .. } => "edit-into-itself",
            Self::Conflict { .. } => "edit-conflict",
            Self::TooDeep { .. } => "edit-too-deep",
            Self::TooMany { .. } => "edit-too-many",
            Self::Patch { .. } => "edit-patch",
            Self::Signed(_) => "edit-signed",
            Self::Document(error) => error.code(),
        }
    }

    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Pointer(_) => {
                Some("write it like `/metadata/component/name`; `~1` stands for `/`, `~0` for `~`")
            }
            Self::Missing(_) | Self::Scalar(_) => Some("see the document for what is there"),
            Self::Index { .. } => Some("`-` stands for the end of an array"),
            Self::Root | Self::IntoItself { .. } | Self::Test(_) => None,
            Self::Conflict { .. } => {
                Some("make it one edit, or a JSON Patch, whose operations follow one another")
            }
            Self::TooDeep { .. } | Self::TooMany { .. } => Some("split the edit into several"),
            Self::Patch { .. } => Some(
                "a JSON Patch (RFC 6902) is an array of operations such as {\"op\": \"remove\", \"path\": \"/a\"}",
            ),
            Self::Signed(_) => Some(
                "`--resign --key FILE` signs again with the key that made them; `--drop-signatures` removes them",
            ),
            Self::Document(error) => error.help(),
        }
    }
}

/// Signatures that a message names.
const SHOWN: usize = 8;

//! Edits as splices: what nobody edited is written back byte for byte.
//!
//! Places are JSON pointers (RFC 6901) and operations those of a JSON Patch (RFC 6902), one after another. Only the
//! containers on the way to an edited place are opened; everything else stays a span of the text that was read. New
//! values follow the indentation and the commas of what surrounds them. An object with a `signature` (JSF 0.82) is a
//! signed scope: an edit that changes one names the signature, and is refused unless those may be dropped.
//!
//! ```
//! use sbom_attest::document::edit::{self, Operation, Signatures};
//! use sbom_attest::document::{Document, Limits};
//!
//! let limits = Limits::default();
//! let document = Document::parse(b"{\n  \"a\": 1.0,\n  \"b\": [ ]\n}".to_vec(), &limits)?;
//! let value = Document::parse(b"[true]".to_vec(), &limits)?;
//! let add = Operation::Add { path: "/c".parse()?, value };
//! let edited = edit::apply(&document, vec![add], Signatures::Keep, &limits)?;
//! assert_eq!(edited.document.bytes(), b"{\n  \"a\": 1.0,\n  \"b\": [ ],\n  \"c\": [\n    true\n  ]\n}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod container;
mod error;
#[cfg(test)]
mod laws;
mod patch;
mod pointer;
mod signed;
mod style;
mod tree;

pub use batch::batch;
pub use error::Error;
pub use patch::patch;
pub use pointer::Pointer;
pub(crate) use style::lay_out;

use self::tree::Tree;
use super::{Document, Limits};

/// One change, or a condition on the document (RFC 6902, section 4).
#[derive(Debug, Clone)]
pub enum Operation {
    /// Inserts an element before that index, or sets a member.
    Add {
        /// The new place; `-` stands for the end of an array.
        path: Pointer,
        /// What comes there.
        value: Document,
    },
    /// Takes a value away.
    Remove {
        /// Where it stands.
        path: Pointer,
    },
    /// Puts another value in the place of one.
    Replace {
        /// Where it stands.
        path: Pointer,
        /// What comes there.
        value: Document,
    },
    /// Goes on only if this value stands there, whatever its spelling.
    Test {
        /// Where it should stand.
        path: Pointer,
        /// What should stand there.
        value: Document,
    },
    /// Takes a value away and adds it elsewhere.
    Move {
        /// Where it stands.
        from: Pointer,
        /// Where it comes, once it is away.
        path: Pointer,
    },
    /// Adds a value once more.
    Copy {
        /// Where it stands.
        from: Pointer,
        /// Where it comes.
        path: Pointer,
    },
}

/// What becomes of the signatures whose scope an edit changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signatures {
    /// They stay true: an edit that breaks one is refused.
    Keep,
    /// They are removed.
    Drop,
    /// They stay as they are, and are named: whoever made them signs again ([`resign`](crate::sbom::jsf::resign)).
    Stale,
}

/// A signature that does not hold after an edit, and stands there still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// Pointer in the document before; nothing for one that the edit has brought.
    pub before: Option<String>,
    /// Pointer in the document after.
    pub after: String,
}

/// A document after edits.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The new document.
    pub document: Document,
    /// Pointers, in the document before, to the signatures whose scope changed or went away.
    pub broken: Vec<String>,
    /// Those of them that are still there, with [`Signatures::Stale`].
    pub stale: Vec<Stale>,
}

/// Applies operations in their order; on an error nothing is changed.
pub fn apply(
    document: &Document,
    operations: Vec<Operation>,
    signatures: Signatures,
    limits: &Limits,
) -> Result<Edited, Error> {
    if operations.len() > OPERATIONS {
        return Err(Error::TooMany { limit: OPERATIONS });
    }
    let mut tree = Tree::new(document, *limits);
    for operation in operations {
        match operation {
            Operation::Add { path, value } => tree.add(&path, &value)?,
            Operation::Remove { path } => tree.remove(&path)?,
            Operation::Replace { path, value } => tree.replace(&path, &value)?,
            Operation::Test { path, value } => tree.test(&path, &value)?,
            Operation::Move { from, path } => tree.relocate(&from, &path)?,
            Operation::Copy { from, path } => tree.copy(&from, &path)?,
        }
    }
    let broken = tree.broken();
    if signatures == Signatures::Keep && !broken.is_empty() {
        return Err(Error::Signed(broken));
    }
    let stale = if signatures == Signatures::Stale { tree.stale() } else { Vec::new() };
    if signatures != Signatures::Stale {
        tree.drop_broken();
    }
    Ok(Edited { document: Document::parse(tree.finish(), limits)?, broken, stale })
}

/// How many operations are applied at once. Each may move all elements of the longest array.
pub const OPERATIONS: usize = 10_000;

//! Grammars as data, and the check of a document against them.
//!
//! Each file in `schemas/` is one table for all versions of a language; `docs/grammar.md` explains the notation. A document is
//! walked once, without recursion, in time linear in its size; a choice is decided by what stands there and never tried
//! out. On the way everything that has a meaning beyond its form is marked for the [rules](super::rules).

mod form;
mod language;
mod mark;
mod nearest;
mod notation;
mod problem;
mod table;
mod unique;
mod versions;
mod walk;
pub(crate) mod xml;

pub(crate) use form::is_uri;
pub use language::{Dialect, Language};
pub(crate) use mark::Mark;
#[cfg(feature = "cli")]
pub(crate) use nearest::edits;
pub(crate) use nearest::nearest;
pub use problem::RULES;
pub(crate) use problem::{cut, locate, subject};
pub(crate) use versions::change;

use self::problem::Problems;
use crate::document::Document;
use crate::finding::Finding;

/// What the grammar says about a document.
#[derive(Debug)]
pub struct Checked {
    /// What it found, in the order of the document.
    pub findings: Vec<Finding>,
    /// Findings beyond [`MOST_FINDINGS`], which are counted alone.
    pub omitted: usize,
    /// Whether the form is that of the version.
    pub valid: bool,
    /// What has a meaning, in the order of the walk.
    pub(crate) marks: Vec<(Mark, u32)>,
}

/// Checks a document against the grammar of a dialect. `file` is how findings name it.
pub fn check(document: &Document, dialect: Dialect, file: &str) -> Checked {
    let mut problems = Problems::new(file, dialect);
    let marks = walk::walk(document, dialect.table(), &xml::Decided::new(), &mut problems);
    problems.finish(marks)
}

/// How many findings are listed; the others are counted.
pub const MOST_FINDINGS: usize = 1000;

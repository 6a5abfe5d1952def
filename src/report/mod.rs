//! Reports: what a command found, for people and for programs. One file a report.
//!
//! The JSON forms are types of their own, apart from the types they show, so that a change inside does not
//! change what scripts read. Their schemas are in `schemas/`.

pub mod attest;
pub mod audit;
pub mod diff;
pub mod enveloped;
pub mod findings;
pub mod generate;
pub mod graph;
pub mod inspect;
mod json;
pub mod key;
pub mod log;
pub mod loss;
pub mod merge;
mod printable;
pub mod sign;
pub mod terminal;
pub mod trust;
pub mod validate;
pub mod verdict;

pub use json::write as write_json;

use std::io::{self, Write};

use serde::Serialize;

/// A report: serialised it is the JSON form, whose first field is `report`.
pub trait Report: Serialize {
    /// Writes the form for people; colour may be used, and nothing is said by colour alone.
    fn text(&self, out: &mut dyn Write) -> io::Result<()>;
}

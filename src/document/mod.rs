//! The lossless JSON document: the bytes as they came, and a compact tape of spans over them.
//!
//! Strict RFC 8259 with the rules of I-JSON (RFC 7493): UTF-8 without a byte order mark, no duplicate names, no lone
//! surrogates, no number beyond a double. What is refused has a name, a line, a column and a byte offset
//! ([`Error`]). Parsing copies nothing and never recurses; the tape costs 16 bytes a node.
//!
//! ```
//! use sbom_attest::document::{Document, Limits};
//!
//! let document = Document::parse(br#"{"b": [1.0, true], "a": null}"#.to_vec(), &Limits::default())?;
//! let second = document.at("/b/1").expect("it is there");
//! assert_eq!((second.as_bool(), second.position().column), (Some(true), 13));
//! assert_eq!(document.root().canonical(), br#"{"a":null,"b":[1,true]}"#);
//! # Ok::<(), sbom_attest::document::Error>(())
//! ```

mod build;
mod canonical;
pub mod edit;
mod error;
#[cfg(test)]
pub(crate) mod laws;
mod number;
mod origin;
mod parse;
mod plain;
mod position;
mod print;
mod scan;
pub mod signed;
mod tape;
mod text;
mod value;

pub use build::{Builder, Checkpoint};
pub use canonical::canonicalize;
pub use error::{Error, Lookalike};
pub use origin::Source;
pub use plain::PlainText;
pub(crate) use position::Lines;
pub use position::Position;
pub(crate) use print::{Change, line, print};
pub use tape::{Document, Kind, Limits};
pub use text::quote;
pub use value::Value;

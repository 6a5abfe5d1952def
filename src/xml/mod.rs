//! XML, read strictly and safely: the bytes as they came, and a compact tape of spans over them.
//!
//! XML 1.0, fifth edition (<https://www.w3.org/TR/xml/>), with namespaces (<https://www.w3.org/TR/xml-names/>), in UTF-8.
//! There is no document type: a DOCTYPE of any kind is refused, and with it every entity but the five of XML itself, so
//! nothing expands and nothing is fetched. What is refused has a name, a line, a column and a byte offset ([`Error`]).
//! Parsing copies nothing and never recurses; the tape costs 24 bytes a node. Comments and processing instructions
//! are nodes too, so that a reader can say what it leaves out.
//!
//! ```
//! use sbom_attest::xml::{Document, Limits};
//!
//! let text = r#"<bom xmlns="urn:b"><name>a &lt; b</name><!-- why --><list n="1"/><list/></bom>"#;
//! let document = Document::parse(text.into(), &Limits::default())?;
//! let name = document.root().children().next().expect("it is there");
//! assert_eq!((name.name(), name.text().as_ref()), ((Some("urn:b"), "name"), "a < b"));
//! let list = document.root().children().last().expect("it is there");
//! assert_eq!((list.path().as_str(), list.position().column), ("/bom/list[2]", 66));
//! assert_eq!(document.asides().count(), 1);
//! # Ok::<(), sbom_attest::xml::Error>(())
//! ```

mod character;
mod declaration;
mod element;
mod error;
#[cfg(test)]
mod laws;
mod namespace;
mod node;
mod parse;
mod path;
mod reference;
mod tag;
mod tape;
#[cfg(test)]
mod tests;
mod text;
mod writer;

pub use crate::document::{Limits, Position};
pub use element::{Attribute, Element};
pub use error::Error;
pub use node::Node;
pub use tape::{Document, Kind};
pub use writer::{Layout, Unwritable, Writer};

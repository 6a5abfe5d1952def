//! From one document in memory to bytes of a format.

use super::convert::Loss;
use super::{Error, Format, grammar};
use crate::document::Document;

/// A document as bytes of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text.
    pub bytes: Vec<u8>,
    /// What becomes of what the document holds.
    pub losses: Vec<Loss>,
}

/// Writes a document in the shape of a format, which its version names, in that format.
pub fn write(document: &Document, format: Format) -> Result<Written, Error> {
    match format {
        Format::CycloneDxXml(version) => Ok(grammar::xml::write(document, version)),
        _ => Ok(Written { bytes: document.bytes().to_vec(), losses: Vec::new() }),
    }
}

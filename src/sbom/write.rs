//! From one document in memory to bytes of a format.

use super::convert::Loss;
use super::{Error, Format, grammar};
use crate::document::{Builder, Document, Limits};

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
        // What was read from another text has no layout of its own.
        _ if document.is_derived() => {
            let mut builder = Builder::default();
            builder.copy(document.root());
            let limits = Limits { depth: usize::MAX, nodes: usize::MAX, ..Limits::default().derived() };
            let bytes = builder.finish(None, &limits)?.into_bytes();
            Ok(Written { bytes, losses: Vec::new() })
        }
        _ => Ok(Written { bytes: document.bytes().to_vec(), losses: Vec::new() }),
    }
}

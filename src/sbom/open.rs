//! From bytes of any format to one document in memory.

use super::convert::Loss;
use super::grammar::{
    self,
    xml::{Read, Root},
};
use super::{Content, Error, Format};
use crate::document::{Document, Limits};
use crate::xml;

/// An SBOM in memory: a JSON document in the shape that the JSON form of its specification has.
///
/// What came as JSON is the text as it came. What came as XML or tag-value was read into that shape, and its values
/// remember where they stood in the text that came ([`Value::place`](crate::document::Value::place)).
#[derive(Debug, Clone)]
pub struct Opened {
    /// The format that the bytes were in.
    pub format: Format,
    /// Its content.
    pub document: Document,
    /// What the text held that the document does not: comments of XML, elements of other namespaces. All are dropped.
    pub losses: Vec<Loss>,
}

/// Reads bytes of any format.
pub fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Opened, Error> {
    match Content::of_text(&bytes) {
        Some(content) if content.is_xml() => return open_xml(bytes, limits),
        Some(content) => return Err(Error::OtherFormat(content)),
        None => {}
    }
    let document = Document::parse(bytes, limits)?;
    match Content::of_json(document.root()) {
        Some(Content::Sbom(format)) => Ok(Opened { format, document, losses: Vec::new() }),
        Some(other) => Err(Error::OtherFormat(other)),
        None => Err(Error::Unrecognised),
    }
}

/// CycloneDX XML. What is not as the specification has it is left out and listed, as far as the JSON shape cannot hold it.
fn open_xml(bytes: Vec<u8>, limits: &Limits) -> Result<Opened, Error> {
    let source = xml::Document::parse(bytes, limits)?;
    match Root::of(&source) {
        Root::Version(version) => {
            let Read { document, losses, .. } = grammar::xml::read(source, version, limits, "")?;
            Ok(Opened { format: Format::CycloneDxXml(version), document, losses })
        }
        Root::Other(version) => {
            Err(Error::OtherFormat(Content::Foreign { family: "cyclonedx", version, encoding: "xml" }))
        }
        Root::Unknown => Err(Error::Unrecognised),
    }
}

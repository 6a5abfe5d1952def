//! From bytes of any format to one document in memory.

use super::convert::Loss;
use super::grammar::{
    self,
    xml::{Read, Root},
};
use super::{Content, Error, Format, spdx2};
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
    /// What the text held that the document does not: comments, elements of other namespaces, lines that were not
    /// understood. All are dropped.
    pub losses: Vec<Loss>,
}

/// Reads bytes of any format.
pub fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Opened, Error> {
    match Content::of_text(&bytes) {
        Some(content) if content.is_xml() => return open_xml(bytes, limits),
        Some(Content::Sbom(format @ Format::Spdx2TagValue(_))) => {
            let spdx2::Read { document, losses, .. } = spdx2::read(bytes, limits)?;
            return Ok(Opened { format, document, losses });
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_value_is_opened_with_the_places_of_its_text_and_what_it_loses() {
        let text = "# made by hand\nSPDXVersion: SPDX-2.2\nPackageName: p\nPackageVersoin: 1\n";
        let opened = open(text.into(), &Limits::default()).unwrap();
        assert_eq!(opened.format.to_string(), "spdx-2.2-tag-value");
        let name = opened.document.at("/packages/0/name").unwrap();
        assert_eq!(
            (name.position().line, name.position().column, name.place().as_str()),
            (3, 14, "/packages/0/name")
        );
        let losses: Vec<String> = opened
            .losses
            .iter()
            .map(|loss| format!("{}: {} ({})", loss.pointer, loss.reason, loss.fate.name()))
            .collect();
        assert_eq!(
            losses,
            ["line 4: `PackageVersoin` is no tag of SPDX 2 (dropped)", "line 1: a comment (dropped)"]
        );
        let error =
            open("SPDXVersion: SPDX-2.3\nPackageComment: <text>".into(), &Limits::default()).unwrap_err();
        assert_eq!((error.code(), error.position().unwrap().line), ("tag-value-unclosed-text", 2));
    }
}

//! From one document in memory to bytes of a format.

use super::convert::Loss;
use super::{Error, Format, grammar, spdx2};
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
        Format::Spdx2TagValue(_) => Ok(spdx2::write(document)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sbom::open;

    #[test]
    fn tag_value_is_written_as_it_is_read_and_as_json() {
        let text = "SPDXVersion: SPDX-2.3\nDocumentName: d\n\nPackageName: p\nPackageSummary: <text>two\nlines</text>\n";
        let opened = open(text.into(), &Limits::default()).unwrap();
        assert_eq!(write(&opened.document, opened.format).unwrap().bytes, text.as_bytes());
        let json = write(&opened.document, "spdx-2.3-json".parse().unwrap()).unwrap();
        let again = Document::parse(json.bytes, &Limits::default()).unwrap();
        assert_eq!(again.at("/packages/0/summary").unwrap().as_str().unwrap(), "two\nlines");
        assert_eq!(again.root().canonical(), opened.document.root().canonical());
    }
}

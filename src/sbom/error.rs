//! Why a document is not an SBOM that is read.

use super::{Content, spdx2};
use crate::document::{self, Kind, Position, Value};
use crate::xml;

/// Why bytes or a document are not an SBOM.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not a JSON document.
    #[error(transparent)]
    Document(#[from] document::Error),
    /// The bytes are not an XML document.
    #[error(transparent)]
    Xml(#[from] xml::Error),
    /// The bytes are no tag-value document.
    #[error(transparent)]
    TagValue(#[from] spdx2::Error),
    /// A document of another format, which it names.
    #[error("this is {0}, and CycloneDX of the versions 1.2 to 1.7 is read")]
    OtherFormat(Content),
    /// JSON of no format known here.
    #[error("not an SBOM: neither `bomFormat` nor `spdxVersion` is there")]
    Unrecognised,
    /// A field of the wrong kind.
    #[error("expected {expected}, found {found}, at `{pointer}` ({at})")]
    Shape {
        /// RFC 6901 pointer to the value.
        pointer: String,
        /// What the specification says.
        expected: &'static str,
        /// What is there.
        found: &'static str,
        /// Where it stands.
        at: Position,
    },
    /// A field that the specification requires is not there.
    #[error("`{field}` is missing in `{pointer}` ({at})")]
    Missing {
        /// RFC 6901 pointer to the object.
        pointer: String,
        /// The name of the field.
        field: &'static str,
        /// Where the object starts.
        at: Position,
    },
}

impl Error {
    pub(super) fn shape(value: Value<'_>, expected: Kind) -> Self {
        Self::Shape {
            pointer: value.place(),
            expected: expected.name(),
            found: value.kind().name(),
            at: value.position(),
        }
    }

    /// Where it stands; nothing for what concerns the document as a whole.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Document(error) => error.position(),
            Self::Xml(error) => error.position(),
            Self::TagValue(error) => error.position(),
            Self::OtherFormat(_) | Self::Unrecognised => None,
            Self::Shape { at, .. } | Self::Missing { at, .. } => Some(*at),
        }
    }

    /// A short stable name, for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Document(error) => error.code(),
            Self::Xml(error) => error.code(),
            Self::TagValue(error) => error.code(),
            Self::OtherFormat(_) => "sbom-other-format",
            Self::Unrecognised => "sbom-unrecognised",
            Self::Shape { .. } => "sbom-shape",
            Self::Missing { .. } => "sbom-missing-field",
        }
    }

    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Document(error) => {
                error.help().or(Some("CycloneDX JSON is expected, as `sbom-attest generate` writes it"))
            }
            Self::Xml(error) => error.help(),
            Self::TagValue(error) => error.help(),
            Self::OtherFormat(Content::Bundle | Content::Envelope | Content::Statement) => {
                Some("`sbom-attest inspect --extract sbom` takes the SBOM out of a bundle")
            }
            Self::OtherFormat(Content::CargoMetadata) => {
                Some("`sbom-attest generate --cargo-metadata` makes an SBOM of it")
            }
            Self::OtherFormat(_) => Some("convert it to CycloneDX JSON first"),
            Self::Unrecognised => Some("is it the right file? an SBOM is expected"),
            Self::Shape { .. } | Self::Missing { .. } => {
                Some("the document breaks its specification there: ask who made it")
            }
        }
    }
}

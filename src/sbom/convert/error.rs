//! Why a document cannot be converted.

use crate::document::Position;
use crate::sbom::{self, Format};

/// Why there is no converted document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not an SBOM of a format that is read.
    #[error(transparent)]
    Read(#[from] sbom::Error),
    /// There is no way from the one format to the other.
    #[error("{from} is not converted to {to} by this version")]
    Unsupported {
        /// The format that it is in.
        from: Format,
        /// The format that was asked for.
        to: Format,
    },
}

impl Error {
    /// Its code in `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(error) => error.code(),
            Self::Unsupported { .. } => "convert-unsupported",
        }
    }

    /// Where it stands; nothing for what concerns the document as a whole.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Read(error) => error.position(),
            Self::Unsupported { .. } => None,
        }
    }

    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Read(error) => error.help(),
            Self::Unsupported { .. } => Some("`sbom-attest convert --help` lists what is converted to what"),
        }
    }
}

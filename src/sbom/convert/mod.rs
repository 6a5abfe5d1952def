//! Conversion, with an account of what becomes of every field.
//!
//! A document goes from the model it is in to the model that is asked for (a version of CycloneDX, of SPDX 2, SPDX 3), and
//! is then written in the encoding that is asked for. To its own format nothing is done at all.
//!
//! ```
//! use sbom_attest::document::Limits;
//! use sbom_attest::sbom::convert::{Fate, convert};
//!
//! let text = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "declarations": {"claims": []}}"#;
//! let converted = convert(text.to_vec(), "cyclonedx-1.5-json".parse()?, &Limits::default())?;
//! assert_eq!(converted.bytes, br#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}"#);
//! let gone: Vec<_> = converted.account.losses.iter().filter(|loss| loss.fate == Fate::Dropped).collect();
//! assert_eq!((&*gone[0].pointer, &*gone[0].reason), ("/declarations", "`declarations` came in 1.6"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(test)]
pub(crate) mod accounts;
mod error;
mod ledger;

pub use error::Error;
pub use ledger::{Account, Fate, Ledger, Loss, MOST_MAPPED};

use super::grammar::{self, Dialect};
use super::{Content, Format, Opened, Spdx2Version, SpecVersion, open};
use crate::document::{Document, Limits};

/// A document in another format.
#[derive(Debug, Clone)]
pub struct Converted {
    /// The format that it was in.
    pub from: Format,
    /// The document, as it is to be written.
    pub bytes: Vec<u8>,
    /// What became of every field.
    pub account: Account,
}

/// Converts the bytes of a document in any format that is read. To its own format they stay as they are.
pub fn convert(bytes: Vec<u8>, to: Format, limits: &Limits) -> Result<Converted, Error> {
    // Only what is not JSON has another text than its document.
    let is_verbatim = Content::of_text(&bytes) == Some(Content::Sbom(to));
    let text = is_verbatim.then(|| bytes.clone());
    let Opened { format: from, document, losses } = open(bytes, limits)?;
    if from == to {
        let account = Account::same(&document);
        return Ok(Converted { from, bytes: text.unwrap_or_else(|| document.into_bytes()), account });
    }
    let (json, mut account) = remodel(&document, from, to)?;
    let bytes = encode(json, from, to)?;
    account.losses.splice(0..0, losses);
    Ok(Converted { from, bytes, account })
}

/// From the model that a document is in to another, both in the shape of their JSON form.
fn remodel(document: &Document, from: Format, to: Format) -> Result<(Vec<u8>, Account), Error> {
    match (Model::of(from), Model::of(to)) {
        (own, other) if own == other => Ok((document.bytes().to_vec(), Account::same(document))),
        (Model::CycloneDx(own), Model::CycloneDx(other)) => Ok(change(document, own.into(), other.into())),
        _ => Err(Error::Unsupported { from, to }),
    }
}

/// The text of a document that has the shape of its JSON form.
fn encode(json: Vec<u8>, from: Format, to: Format) -> Result<Vec<u8>, Error> {
    match to {
        Format::CycloneDxJson(_) | Format::Spdx2Json(_) | Format::Spdx3Json => Ok(json),
        Format::CycloneDxXml(_) | Format::Spdx2TagValue(_) => Err(Error::Unsupported { from, to }),
    }
}

/// What a format says, whatever it is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    CycloneDx(SpecVersion),
    Spdx2(Spdx2Version),
    Spdx3,
}

impl Model {
    fn of(format: Format) -> Self {
        match format {
            Format::CycloneDxJson(version) | Format::CycloneDxXml(version) => Self::CycloneDx(version),
            Format::Spdx2Json(version) | Format::Spdx2TagValue(version) => Self::Spdx2(version),
            Format::Spdx3Json => Self::Spdx3,
        }
    }
}

/// Another version of the same language.
fn change(document: &Document, from: Dialect, to: Dialect) -> (Vec<u8>, Account) {
    let mut ledger = Ledger::new(document);
    let bytes = grammar::change(document, from, to, &mut ledger);
    (bytes, ledger.account())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, to: &str) -> Result<Converted, Error> {
        convert(text.into(), to.parse().unwrap(), &Limits::default())
    }

    #[test]
    fn to_its_own_format_the_bytes_stay() {
        let text = " { \"bomFormat\" : \"CycloneDX\",\r\n\"specVersion\":\"1.6\", \"x\": 1.50 }\n";
        let converted = check(text, "cyclonedx-1.6-json").unwrap();
        assert_eq!(converted.bytes, text.as_bytes());
        assert!(converted.account.losses.iter().all(|loss| loss.fate == Fate::Mapped));
        assert_eq!(converted.account.dropped().count(), 0);
    }

    #[test]
    fn what_is_no_sbom_is_refused() {
        assert_eq!(check("{}", "cyclonedx-1.6-json").unwrap_err().code(), "sbom-unrecognised");
        assert_eq!(check("{", "cyclonedx-1.6-json").unwrap_err().code(), "json-unexpected-end");
    }
}

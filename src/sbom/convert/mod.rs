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
use super::{Content, Format, Opened, Spdx2Version, SpecVersion, Written, open, spdx2, write};
use crate::document::{Document, Limits};
use crate::sbom;

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
    let (made, mut account) = remodel(&document, from, to)?;
    let bytes = match made {
        Some(json) if !document.is_derived() && is_json(to) => json,
        Some(json) => {
            let written = encode(&Document::parse(json, &limits.derived()).map_err(sbom::Error::from)?, to)?;
            account.then(written.losses);
            written.bytes
        }
        None => {
            let written = encode(&document, to)?;
            if !written.losses.is_empty() {
                account = Account::of(written.losses);
            }
            written.bytes
        }
    };
    account.losses.splice(0..0, losses);
    Ok(Converted { from, bytes, account })
}

/// From the model that a document is in to another, both in the shape of their JSON form; nothing where it stays.
fn remodel(document: &Document, from: Format, to: Format) -> Result<(Option<Vec<u8>>, Account), Error> {
    let (own, other): (Dialect, Dialect) = match (Model::of(from), Model::of(to)) {
        (own, other) if own == other => return Ok((None, Account::same(document))),
        (Model::CycloneDx(own), Model::CycloneDx(other)) => (own.into(), other.into()),
        (Model::Spdx2(own), Model::Spdx2(other)) => (own.into(), other.into()),
        _ => return Err(Error::Unsupported { from, to }),
    };
    let mut ledger = Ledger::new(document);
    let json = grammar::change(document, own, other, &mut ledger);
    Ok((Some(json), ledger.account()))
}

fn is_json(format: Format) -> bool {
    matches!(format, Format::CycloneDxJson(_) | Format::Spdx2Json(_) | Format::Spdx3Json)
}

/// The text of a document that has the shape of its JSON form.
fn encode(document: &Document, to: Format) -> Result<Written, Error> {
    Ok(match to {
        Format::Spdx2TagValue(_) => {
            let spdx2::Written { bytes, losses } = spdx2::write(document);
            Written { bytes, losses }
        }
        _ => write(document, to)?,
    })
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
    fn another_encoding_says_the_same_and_what_it_cannot_hold_is_told() {
        let text = r#"{"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json","bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{"type":"library","name":"a","tags":["x"]}]}"#;
        let xml = check(text, "cyclonedx-1.6-xml").unwrap();
        assert!(String::from_utf8(xml.bytes.clone()).unwrap().contains("<tag>x</tag>"));
        let back = check(std::str::from_utf8(&xml.bytes).unwrap(), "cyclonedx-1.6-json").unwrap();
        let back: serde_json::Value = serde_json::from_slice(&back.bytes).unwrap();
        assert_eq!(back["components"][0], serde_json::json!({"type": "library", "name": "a", "tags": ["x"]}));
        // Both at once: the version first, then the encoding.
        let older = check(text, "cyclonedx-1.5-xml").unwrap();
        let gone: Vec<&str> = older.account.dropped().map(|loss| &*loss.pointer).collect();
        assert!(gone.contains(&"/components/0/tags"), "{gone:?}");
        assert!(!String::from_utf8(older.bytes).unwrap().contains("tag"));
        let same = check(std::str::from_utf8(&xml.bytes).unwrap(), "cyclonedx-1.6-xml").unwrap();
        assert_eq!(same.bytes, xml.bytes);
    }

    #[test]
    fn spdx_2_goes_from_version_to_version_and_text_to_text() {
        let text = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\nDocumentNamespace: https://a.example/d\nCreator: Tool: t\nCreated: 2026-01-01T00:00:00Z\nPackageName: p\nSPDXID: SPDXRef-p\nPackageDownloadLocation: NONE\nPrimaryPackagePurpose: LIBRARY\n";
        let json = check(text, "spdx-2.2-json").unwrap();
        let made: serde_json::Value = serde_json::from_slice(&json.bytes).unwrap();
        assert_eq!((&made["spdxVersion"], &made["packages"][0]["name"]), (&"SPDX-2.2".into(), &"p".into()));
        let gone: Vec<&str> = json.account.dropped().map(|loss| &*loss.reason).collect();
        assert_eq!(gone, ["`primaryPackagePurpose` came in 2.3"]);
        let back = check(std::str::from_utf8(&json.bytes).unwrap(), "spdx-2.3-tag-value").unwrap();
        let back = String::from_utf8(back.bytes).unwrap();
        assert!(back.contains("SPDXVersion: SPDX-2.3\n") && back.contains("PackageName: p\n"), "{back}");
    }

    #[test]
    fn what_is_no_sbom_is_refused() {
        assert_eq!(check("{}", "cyclonedx-1.6-json").unwrap_err().code(), "sbom-unrecognised");
        assert_eq!(check("{", "cyclonedx-1.6-json").unwrap_err().code(), "json-unexpected-end");
    }
}

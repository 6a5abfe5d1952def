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
//! let converted = convert(text.to_vec(), "cyclonedx-1.5-json".parse()?, jiff::Timestamp::UNIX_EPOCH, &Limits::default())?;
//! assert_eq!(converted.bytes, br#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}"#);
//! let gone: Vec<_> = converted.account.losses.iter().filter(|loss| loss.fate == Fate::Dropped).collect();
//! assert_eq!((&*gone[0].pointer, &*gone[0].reason), ("/declarations", "`declarations` came in 1.6"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(test)]
pub(crate) mod accounts;
mod ledger;
pub mod spdx2;
pub mod spdx3;

pub use ledger::{Account, Fate, Ledger, Loss, MOST_MAPPED};

use jiff::Timestamp;

use super::grammar::{self, Dialect};
use super::{Content, Error, Format, Opened, Sbom, Spdx2Version, SpecVersion, Written, open, write};
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

/// Converts the bytes of a document in any format that is read. To its own format they stay as they are. `now` is when a
/// document is said to be created that must tell and whose source does not.
pub fn convert(bytes: Vec<u8>, to: Format, now: Timestamp, limits: &Limits) -> Result<Converted, Error> {
    // Only what is not JSON has another text than its document.
    let is_verbatim = Content::of_text(&bytes) == Some(Content::Sbom(to));
    let text = is_verbatim.then(|| bytes.clone());
    let Opened { format: from, document, losses } = open(bytes, limits)?;
    if from == to {
        let account = Account::same(&document);
        return Ok(Converted { from, bytes: text.unwrap_or_else(|| document.into_bytes()), account });
    }
    let work = Work { document, text: None, model: Model::of(from), account: None };
    let (bytes, mut account) = work.remodel(Model::of(to), now, limits)?.encode(to, limits)?;
    account.losses.splice(0..0, losses);
    Ok(Converted { from, bytes, account })
}

/// An SBOM in another version of CycloneDX, with what that drops; of a later version signatures alone, and fields that no
/// version has.
pub fn in_version(sbom: &Sbom, to: SpecVersion, limits: &Limits) -> Result<(Sbom, Vec<Loss>), Error> {
    let document = sbom.document();
    let mut ledger = Ledger::new(document);
    let text = grammar::change(document, sbom.version().into(), to.into(), &mut ledger);
    let mut losses = ledger.finish();
    losses.retain(|loss| loss.fate == Fate::Dropped);
    Ok((Sbom::parse(Document::parse(text, &limits.derived())?)?, losses))
}

/// A conversion under way, in the shape of the JSON form of its model.
struct Work {
    document: Document,
    /// The text of another version of the document, which need not be read again where it is written as it is.
    text: Option<Vec<u8>>,
    model: Model,
    /// Nothing while nothing was done.
    account: Option<Account>,
}

impl Work {
    fn remodel(mut self, to: Model, now: Timestamp, limits: &Limits) -> Result<Self, Error> {
        match (self.model, to) {
            (Model::CycloneDx(_) | Model::Spdx2(_), Model::Spdx3)
            | (Model::CycloneDx(_) | Model::Spdx3, Model::Spdx2(_)) => {
                self = self.reach_cyclonedx(limits)?.0;
                let (made, losses) = match to {
                    Model::Spdx2(version) => spdx2::from_cyclonedx(&self.document, version, now, limits)?,
                    _ => spdx3::from_cyclonedx(&self.document, now, limits)?,
                };
                self.tell(Account::of(losses));
                self.document = made;
            }
            (_, Model::CycloneDx(version)) => {
                let (reached, own) = self.reach_cyclonedx(limits)?;
                self = reached;
                self.change(own.into(), version.into());
            }
            (Model::Spdx2(own), Model::Spdx2(version)) => self.change(own.into(), version.into()),
            (Model::Spdx3, Model::Spdx3) => {}
        }
        Ok(self)
    }

    /// What is no CycloneDX yet becomes it, of the version that its source had, else 1.6; gives the version.
    fn reach_cyclonedx(self, limits: &Limits) -> Result<(Self, SpecVersion), Error> {
        let Self { document, text, model, account } = self;
        let (made, losses) = match model {
            Model::CycloneDx(version) => return Ok((Self { document, text, model, account }, version)),
            Model::Spdx2(_) => spdx2::to_cyclonedx(document, limits)?,
            Model::Spdx3 => {
                let (made, _, losses) = spdx3::to_cyclonedx(document, limits)?;
                (made, losses)
            }
        };
        let named = made.root().get("specVersion").and_then(|name| SpecVersion::from_name(&name.as_str()?));
        let version = named.unwrap_or(SpecVersion::V1_6);
        let mut reached = Self { document: made, text, model: Model::CycloneDx(version), account };
        reached.tell(Account::of(losses));
        Ok((reached, version))
    }

    /// Another version of the same language.
    fn change(&mut self, from: Dialect, to: Dialect) {
        if from != to {
            let mut ledger = Ledger::new(&self.document);
            self.text = Some(grammar::change(&self.document, from, to, &mut ledger));
            let account = ledger.account();
            self.tell(account);
        }
    }

    fn tell(&mut self, next: Account) {
        match &mut self.account {
            Some(account) => account.then(next.losses),
            None => self.account = Some(next),
        }
    }

    /// The text in the encoding of a format of the model that was reached.
    fn encode(mut self, to: Format, limits: &Limits) -> Result<(Vec<u8>, Account), Error> {
        if let Some(text) = self.text.take() {
            if is_json(to) && !self.document.is_derived() {
                return Ok((text, self.account.unwrap_or_default()));
            }
            self.document = Document::parse(text, &limits.derived())?;
        }
        let Written { bytes, losses } = write(&self.document, to)?;
        if !losses.is_empty() {
            self.tell(Account::of(losses));
        }
        let account = self.account.take().unwrap_or_else(|| Account::same(&self.document));
        Ok((bytes, account))
    }
}

fn is_json(format: Format) -> bool {
    matches!(format, Format::CycloneDxJson(_) | Format::Spdx2Json(_) | Format::Spdx3Json)
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
        convert(text.into(), to.parse().unwrap(), Timestamp::UNIX_EPOCH, &Limits::default())
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
    fn every_format_becomes_every_other() {
        let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.4","version":1,"metadata":{"timestamp":"2026-01-01T00:00:00Z","component":{"type":"application","bom-ref":"r","name":"root","version":"1"}},"components":[{"type":"library","bom-ref":"a","name":"a","version":"2","purl":"pkg:cargo/a@2"}],"dependencies":[{"ref":"r","dependsOn":["a"]},{"ref":"a"}]}"#;
        for format in Format::all() {
            let there = check(text, &format.to_string()).unwrap();
            let there_text = String::from_utf8(there.bytes).unwrap();
            assert!(there_text.contains("pkg:cargo/a@2"), "{format}");
            for other in Format::all() {
                let back = check(&there_text, &other.to_string())
                    .unwrap_or_else(|error| panic!("{format} {other}: {error}"));
                assert_eq!(back.from, format);
                assert!(String::from_utf8(back.bytes).unwrap().contains("pkg:cargo/a@2"), "{format} {other}");
                assert!(!back.account.losses.is_empty(), "{format} {other}");
            }
        }
    }

    #[test]
    fn what_is_no_sbom_is_refused() {
        assert_eq!(check("{}", "cyclonedx-1.6-json").unwrap_err().code(), "sbom-unrecognised");
        assert_eq!(check("{", "cyclonedx-1.6-json").unwrap_err().code(), "json-unexpected-end");
    }
}

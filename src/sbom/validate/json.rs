//! JSON: CycloneDX, SPDX 2 and SPDX 3 by the version that each names.

use super::{Request, SPEC_VERSION, UNRECOGNISED, Validation, is_newer, refused};
use crate::document::Document;
use crate::sbom::format::spdx3_version;
use crate::sbom::grammar::{self, Language};
use crate::sbom::{Content, Format, SpecVersion};

impl Request<'_> {
    pub(super) fn json(&self, bytes: Vec<u8>) -> Validation {
        let document = match Document::parse(bytes, self.limits) {
            Ok(document) => document,
            Err(error) => {
                let (code, help) = (error.code(), error.help());
                return refused(None, self.malformed(&error, code, help, error.position()));
            }
        };
        let root = document.root();
        let version = match Content::of_json(root) {
            Some(Content::Sbom(Format::CycloneDxJson(version))) => version,
            Some(Content::Sbom(format @ Format::Spdx2Json(version))) => {
                return self.judge(format, &document, version.into());
            }
            Some(Content::Sbom(Format::Spdx3Json)) => return self.spdx3(&document),
            Some(Content::Foreign { family: "cyclonedx", version: name, .. }) if !is_newer(&name) => {
                let message = if name.is_empty() {
                    "`specVersion` is missing".to_owned()
                } else {
                    format!("{name:?} is no version of CycloneDX with a JSON form")
                };
                let place = grammar::locate(root.get("specVersion").unwrap_or(root), self.file);
                return refused(None, SPEC_VERSION.fail("/specVersion", message).at(place));
            }
            Some(other) => return self.undecided(other.to_string()),
            // What says which version it is meant to be is judged as such: `bomFormat` is then what is wrong.
            None => {
                let named = root.get("specVersion").and_then(|name| SpecVersion::from_name(&name.as_str()?));
                let Some(version) = named else {
                    let message = "neither `bomFormat` nor `spdxVersion` is there";
                    let place = grammar::locate(root, self.file);
                    return refused(None, UNRECOGNISED.fail("the document", message).at(place));
                };
                version
            }
        };
        self.judge(Format::CycloneDxJson(version), &document, version.into())
    }

    /// SPDX 3 names its version in the context.
    fn spdx3(&self, document: &Document) -> Validation {
        let version = spdx3_version(document.root()).unwrap_or_default();
        let known = Language::Spdx3.dialect(&version);
        // A version that never was is judged as the current one: the context is then what is wrong.
        match known.or_else(|| Language::Spdx3.dialect("3.0.1")) {
            Some(dialect) => self.judge(Format::Spdx3Json, document, dialect),
            None => self.undecided(Format::Spdx3Json.to_string()),
        }
    }
}

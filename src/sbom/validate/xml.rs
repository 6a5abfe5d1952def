//! XML: CycloneDX of the version that the namespace of its root names.

use super::{Request, SPEC_VERSION, UNRECOGNISED, Validation, is_newer, refused};
use crate::finding::Location;
use crate::sbom::Format;
use crate::sbom::grammar::{self, xml::Root};
use crate::xml;

impl Request<'_> {
    pub(super) fn xml(&self, bytes: Vec<u8>) -> Validation {
        let source = match xml::Document::parse(bytes, self.limits) {
            Ok(source) => source,
            Err(error) => {
                let (code, help) = (error.code(), error.help());
                return refused(None, self.malformed(&error, code, help, error.position()));
            }
        };
        let version = match Root::of(&source) {
            Root::Version(version) => version,
            Root::Other(name) if is_newer(&name) => return self.undecided(format!("cyclonedx-{name}-xml")),
            root => return self.other_root(&source, &root),
        };
        match grammar::xml::read(source, version, self.limits, self.file) {
            Ok(read) => {
                self.beyond(Format::CycloneDxXml(version), &read.document, version.into(), read.checked)
            }
            Err(error) => {
                let (code, help) = (error.code(), error.help());
                refused(None, self.malformed(&error, code, help, None))
            }
        }
    }

    fn other_root(&self, source: &xml::Document, root: &Root) -> Validation {
        let path = source.root().path();
        let finding = match root {
            Root::Other(name) if matches!(name.as_str(), "1.0" | "1.1") => {
                SPEC_VERSION.fail(&path, format!("CycloneDX XML {name} is not read; 1.2 to 1.7 are"))
            }
            Root::Other(name) => {
                SPEC_VERSION.fail(&path, format!("{:?} is no version of CycloneDX", grammar::cut(name)))
            }
            _ => UNRECOGNISED.fail(&path, "the root element is no <bom> of CycloneDX"),
        };
        let at = source.root().position();
        let (line, column) = (Some(at.line), Some(at.column));
        let place = Location { file: self.file.to_owned(), pointer: Some(path), line, column };
        let finding = finding.remedied_by("give the root the namespace of one of 1.2 to 1.7");
        refused(None, finding.at(place))
    }
}

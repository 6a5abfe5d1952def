//! SBOMs: typed views over a [`document`](crate::document), which stays the source of truth.
//!
//! CycloneDX JSON and XML of the versions 1.2 to 1.7 is read (<https://cyclonedx.org/specification/overview/>), and SPDX
//! 2.2, 2.3 and 3.0 in the shape of CycloneDX; what else comes in is recognised by its content and named in the refusal. The shape
//! of every field that a view touches is checked once, so that the views cannot fail; the rest of the document is left
//! alone. A field that is `null` counts as absent.

mod component;
pub mod convert;
mod dependency;
pub mod diff;
mod error;
mod format;
pub mod grammar;
mod hash;
pub mod identity;
pub mod jsf;
mod license;
pub mod link;
pub mod merge;
mod neighbours;
mod open;
pub mod properties;
mod purl;
pub mod rules;
mod shape;
pub mod spdx2;
mod validate;
pub mod views;
mod write;

pub use component::{Component, ExternalReference, Property, Role};
pub use dependency::{Composition, Dependency, Reference};
pub use error::Error;
pub use format::{Content, Format, ParseFormatError, Spdx2Version, SpecVersion};
pub use hash::{Hash, HashAlgorithm, HashProblem};
pub use license::License;
pub use link::BomLink;
pub use neighbours::Neighbours;
pub use open::{Opened, open};
pub use purl::{ParsePurlError, Purl};
pub use validate::{Validation, validate, validate_among};
pub use write::{Written, write};

use std::borrow::Cow;
use std::collections::HashSet;

use crate::document::{Document, Kind, Limits, Value};

/// A CycloneDX document whose shape has been checked.
#[derive(Debug, Clone)]
pub struct Sbom {
    document: Document,
    version: SpecVersion,
    /// Every component and service: the root first, then in the order of the document.
    entries: Vec<Entry>,
}

/// A component or service, and which one it is nested in.
#[derive(Debug, Clone, Copy)]
struct Entry {
    node: u32,
    parent: Option<u32>,
    role: Role,
}

impl Sbom {
    /// Reads bytes of a format that is read. What is SPDX is converted in memory: its values are members of a CycloneDX
    /// document that bear the places of the text that came.
    pub fn read(bytes: Vec<u8>, limits: &Limits) -> Result<Self, Error> {
        let Opened { format, document, .. } = open(bytes, limits)?;
        Self::parse(match format {
            Format::Spdx2Json(_) | Format::Spdx2TagValue(_) => {
                convert::spdx2::to_cyclonedx(document, limits)?.0
            }
            Format::Spdx3Json => convert::spdx3::to_cyclonedx(document, limits)?.0,
            _ => document,
        })
    }

    /// Checks the shape of what the views touch. Time is linear in the document, and nothing recurses.
    pub fn parse(document: Document) -> Result<Self, Error> {
        let version = match Content::of_json(document.root()) {
            Some(Content::Sbom(Format::CycloneDxJson(version))) => version,
            Some(other) => return Err(Error::OtherFormat(other)),
            None => return Err(Error::Unrecognised),
        };
        let entries = shape::entries(document.root())?;
        Ok(Self { document, version, entries })
    }

    /// The document it was read from.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The document it was read from, given back.
    pub fn into_document(self) -> Document {
        self.document
    }

    /// Which CycloneDX it follows.
    pub fn version(&self) -> SpecVersion {
        self.version
    }

    /// `urn:uuid:…`, when it has one.
    pub fn serial_number(&self) -> Option<Cow<'_, str>> {
        self.document.root().get("serialNumber")?.as_str()
    }

    /// When it says that it was made.
    pub fn timestamp(&self) -> Option<Cow<'_, str>> {
        self.document.root().get("metadata")?.get("timestamp")?.as_str()
    }

    /// What it describes: `metadata.component`.
    pub fn root(&self) -> Option<Component<'_>> {
        self.component(0).filter(|component| component.role() == Role::Root)
    }

    /// Every component and service, nested ones too: the root first, then in the order of the document.
    pub fn components(&self) -> impl ExactSizeIterator<Item = Component<'_>> {
        (0..self.entries.len()).map(|index| Component::new(self, index, self.entries[index]))
    }

    /// A component or service by its number in [`Self::components`].
    pub fn component(&self, index: usize) -> Option<Component<'_>> {
        Some(Component::new(self, index, *self.entries.get(index)?))
    }

    /// The entries of the dependency graph, one for each component that says what it depends on.
    pub fn dependencies(&self) -> impl Iterator<Item = Dependency<'_>> {
        self.list("dependencies").map(Dependency::new)
    }

    /// How complete parts of it claim to be.
    pub fn compositions(&self) -> impl Iterator<Item = Composition<'_>> {
        self.list("compositions").map(Composition::new)
    }

    /// The properties of the document: those of `metadata`, then those of the document itself.
    pub fn properties(&self) -> impl Iterator<Item = Property<'_>> {
        let metadata = self.document.root().get("metadata").and_then(|metadata| metadata.get("properties"));
        let own = self.document.root().get("properties");
        metadata.into_iter().chain(own).flat_map(|list| list.elements()).map(Property::new)
    }

    /// Every bom-ref of anything in the document, of whatever kind. Looks at all of it: for the rare reference that no
    /// component answers to.
    pub fn defined(&self) -> HashSet<Cow<'_, str>> {
        let mut found = HashSet::new();
        let mut open = vec![self.document.root()];
        while let Some(value) = open.pop() {
            found.extend(text(value, "bom-ref"));
            open.extend(value.elements());
            open.extend(value.members().map(|(_, member)| member));
        }
        found
    }

    /// Components whose bom-ref an earlier one has already.
    pub fn duplicates(&self) -> Vec<Component<'_>> {
        let mut seen = HashSet::with_capacity(self.entries.len());
        self.components()
            .filter(|component| component.bom_ref().is_some_and(|own| !seen.insert(own)))
            .collect()
    }

    fn list(&self, name: &str) -> impl Iterator<Item = Value<'_>> + use<'_> {
        self.document.root().get(name).into_iter().flat_map(|list| list.elements())
    }
}

/// The text of a member that is a string.
fn text<'a>(value: Value<'a>, name: &str) -> Option<Cow<'a, str>> {
    value.get(name)?.as_str()
}

/// The elements of a member that is an array.
fn elements<'a>(value: Value<'a>, name: &str) -> impl Iterator<Item = Value<'a>> + use<'a> {
    value.get(name).filter(|list| list.kind() == Kind::Array).into_iter().flat_map(|list| list.elements())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Sbom, Error> {
        Sbom::read(text.replace('\'', "\"").into(), &Limits::default())
    }

    #[test]
    fn a_field_of_the_wrong_kind_is_refused_with_its_place() {
        let error = read("{'bomFormat':'CycloneDX','specVersion':'1.6','components':[{'name':'a'},\n{'name':'b','hashes':{}}]}")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected an array, found an object, at `/components/1/hashes` (line 2, column 22)"
        );
        let error = read("{'bomFormat':'CycloneDX','specVersion':'1.6','dependencies':[{}]}").unwrap_err();
        assert_eq!(error.to_string(), "`ref` is missing in `/dependencies/0` (line 1, column 62)");
    }

    #[test]
    fn null_counts_as_absent() {
        let sbom = read("{'bomFormat':'CycloneDX','specVersion':'1.6','components':[{'name':'a','version':null,'hashes':null}],'services':null}").unwrap();
        let component = sbom.component(0).unwrap();
        assert_eq!(
            (component.version(), component.hashes().count(), component.label().as_ref()),
            (None, 0, "a")
        );
    }

    #[test]
    fn the_views_show_what_is_written() {
        let sbom = read(
            "{'bomFormat':'CycloneDX','specVersion':'1.5','serialNumber':'urn:uuid:1','metadata':{'timestamp':'2026-11-24T12:00:00Z','properties':[{'name':'p','value':'1'}]},
              'components':[{'type':'library','bom-ref':'r','group':'g','name':'n','version':'v','scope':'optional',
              'licenses':[{'license':{'id':'MIT'}},{'license':{'name':'Own'}},{'expression':'MIT OR ISC'}],
              'properties':[{'name':'k','value':'1'},{'name':'k','value':'2'},{'name':'empty'}],
              'externalReferences':[{'type':'vcs','url':'https://a.example'}]}],'properties':[{'name':'q','value':'2'}]}",
        )
        .unwrap();
        assert_eq!((sbom.version(), sbom.root().is_none()), (SpecVersion::V1_5, true));
        assert_eq!(
            (sbom.serial_number().unwrap().as_ref(), sbom.timestamp().unwrap().as_ref()),
            ("urn:uuid:1", "2026-11-24T12:00:00Z")
        );
        let names: Vec<_> = sbom.properties().map(|property| property.name().into_owned()).collect();
        assert_eq!(names, ["p", "q"]);
        let component = sbom.component(0).unwrap();
        assert_eq!(component.label(), "g/n@v");
        assert_eq!(
            (component.property("k").unwrap().as_ref(), component.property("empty").unwrap().as_ref()),
            ("1", "")
        );
        assert_eq!(component.scope().unwrap(), "optional");
        let licenses: Vec<_> = component.licenses().map(|license| license.text().to_owned()).collect();
        assert_eq!(licenses, ["MIT", "Own", "MIT OR ISC"]);
        let reference = component.external_references().next().unwrap();
        assert_eq!((reference.kind().as_ref(), reference.url().as_ref()), ("vcs", "https://a.example"));
    }

    #[test]
    fn duplicates_are_found_wherever_they_are_nested() {
        let sbom = read("{'bomFormat':'CycloneDX','specVersion':'1.6','metadata':{'component':{'bom-ref':'a','name':'a'}},
            'components':[{'bom-ref':'b','name':'b','components':[{'bom-ref':'a','name':'again'}]},{'name':'none'}]}").unwrap();
        let names: Vec<_> = sbom.duplicates().iter().map(|component| component.name().into_owned()).collect();
        assert_eq!(names, ["again"]);
        assert_eq!(sbom.component(2).unwrap().parent().unwrap().name(), "b");
    }

    #[test]
    fn components_nested_a_hundred_thousand_deep_need_no_stack() {
        let deep = 100_000;
        let text = format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{}{}]}}",
            "{\"name\":\"n\",\"components\":[".repeat(deep),
            "]}".repeat(deep)
        );
        let limits = Limits { depth: usize::MAX, ..Limits::default() };
        let sbom = Sbom::read(text.into(), &limits).unwrap();
        assert_eq!(sbom.components().len(), deep);
        assert!(sbom.defined().is_empty());
    }
}

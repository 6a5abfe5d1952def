//! A component or service of an SBOM.

use std::borrow::Cow;
use std::fmt;

use super::{Entry, Hash, License, Purl, Sbom, elements, text};
use crate::document::Value;

/// What part a component plays in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// What the document describes.
    Root,
    /// An element of `components`, at whatever depth.
    Component,
    /// An element of `services`, at whatever depth.
    Service,
}

/// A component or service. Copying it costs nothing.
#[derive(Clone, Copy)]
pub struct Component<'a> {
    sbom: &'a Sbom,
    index: usize,
    entry: Entry,
}

impl<'a> Component<'a> {
    pub(super) fn new(sbom: &'a Sbom, index: usize, entry: Entry) -> Self {
        Self { sbom, index, entry }
    }

    /// Its number in [`Sbom::components`].
    pub fn index(&self) -> usize {
        self.index
    }

    /// The object in the document.
    pub fn value(&self) -> Value<'a> {
        self.sbom.document.value(self.entry.node)
    }

    /// What part it plays.
    pub fn role(&self) -> Role {
        self.entry.role
    }

    /// The component that it is nested in.
    pub fn parent(&self) -> Option<Self> {
        self.sbom.component(self.entry.parent? as usize)
    }

    /// How others refer to it.
    pub fn bom_ref(&self) -> Option<Cow<'a, str>> {
        text(self.value(), "bom-ref")
    }

    /// `library`, `application`, `file`, …; nothing for a service.
    pub fn kind(&self) -> Option<Cow<'a, str>> {
        text(self.value(), "type")
    }

    /// Its name; empty when the document breaks the rule that it has one.
    pub fn name(&self) -> Cow<'a, str> {
        text(self.value(), "name").unwrap_or_default()
    }

    /// Its version.
    pub fn version(&self) -> Option<Cow<'a, str>> {
        text(self.value(), "version").filter(|version| !version.is_empty())
    }

    /// Its group, vendor or namespace.
    pub fn group(&self) -> Option<Cow<'a, str>> {
        text(self.value(), "group").filter(|group| !group.is_empty())
    }

    /// Its package URL as written.
    pub fn purl_text(&self) -> Option<Cow<'a, str>> {
        text(self.value(), "purl")
    }

    /// Its package URL, when it has one that follows the specification.
    pub fn purl(&self) -> Option<Purl> {
        self.purl_text()?.parse().ok()
    }

    /// `required`, `optional` or `excluded`; nothing means `required`.
    pub fn scope(&self) -> Option<Cow<'a, str>> {
        text(self.value(), "scope")
    }

    /// Its digests.
    pub fn hashes(&self) -> impl Iterator<Item = Hash<'a>> + use<'a> {
        elements(self.value(), "hashes").map(Hash::new)
    }

    /// Its licences.
    pub fn licenses(&self) -> impl Iterator<Item = License<'a>> + use<'a> {
        elements(self.value(), "licenses").filter_map(License::new)
    }

    /// Its properties, in order; a name can stand there more than once.
    pub fn properties(&self) -> impl Iterator<Item = Property<'a>> + use<'a> {
        elements(self.value(), "properties").map(Property::new)
    }

    /// The value of the first property of a name.
    pub fn property(&self, name: &str) -> Option<Cow<'a, str>> {
        self.properties().find(|property| property.name() == name).map(|property| property.value())
    }

    /// Where more about it is found.
    pub fn external_references(&self) -> impl Iterator<Item = ExternalReference<'a>> + use<'a> {
        elements(self.value(), "externalReferences").map(ExternalReference::new)
    }

    /// How people call it: its purl, else group, name and version, else its bom-ref.
    pub fn label(&self) -> Cow<'a, str> {
        if let Some(purl) = self.purl_text().filter(|purl| !purl.is_empty()) {
            return purl;
        }
        let name = self.name();
        if name.is_empty() {
            return self.bom_ref().unwrap_or(Cow::Borrowed("(unnamed)"));
        }
        match (self.group(), self.version()) {
            (None, None) => name,
            (None, Some(version)) => Cow::Owned(format!("{name}@{version}")),
            (Some(group), None) => Cow::Owned(format!("{group}/{name}")),
            (Some(group), Some(version)) => Cow::Owned(format!("{group}/{name}@{version}")),
        }
    }
}

impl fmt::Debug for Component<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Component({}: {})", self.index, self.label())
    }
}

/// A name and a value that a component carries.
#[derive(Debug, Clone, Copy)]
pub struct Property<'a>(Value<'a>);

impl<'a> Property<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// Its name.
    pub fn name(&self) -> Cow<'a, str> {
        text(self.0, "name").unwrap_or_default()
    }

    /// Its value; one that is absent is empty.
    pub fn value(&self) -> Cow<'a, str> {
        text(self.0, "value").unwrap_or_default()
    }
}

/// Where more about a component is found.
#[derive(Debug, Clone, Copy)]
pub struct ExternalReference<'a>(Value<'a>);

impl<'a> ExternalReference<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// The object in the document.
    pub fn object(&self) -> Value<'a> {
        self.0
    }

    /// `vcs`, `distribution`, `website`, …
    pub fn kind(&self) -> Cow<'a, str> {
        text(self.0, "type").unwrap_or_default()
    }

    /// Its URL.
    pub fn url(&self) -> Cow<'a, str> {
        text(self.0, "url").unwrap_or_default()
    }

    /// Digests of what stands there.
    pub fn hashes(&self) -> impl Iterator<Item = Hash<'a>> + use<'a> {
        elements(self.0, "hashes").map(Hash::new)
    }
}

//! Who depends on whom, and how complete that is.

use std::borrow::Cow;

use super::{elements, text};
use crate::document::Value;

/// What one component depends on.
#[derive(Debug, Clone, Copy)]
pub struct Dependency<'a>(Value<'a>);

impl<'a> Dependency<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// The object in the document.
    pub fn value(&self) -> Value<'a> {
        self.0
    }

    /// The component that depends.
    pub fn reference(&self) -> Reference<'a> {
        Reference(self.0.get("ref").unwrap_or(self.0))
    }

    /// Whether it says what it depends on: an empty list says that it depends on nothing.
    pub fn is_stated(&self) -> bool {
        self.0.get("dependsOn").is_some_and(|list| !list.is_null())
    }

    /// What it depends on directly.
    pub fn depends_on(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        elements(self.0, "dependsOn").map(Reference)
    }

    /// What it implements (CycloneDX 1.6 and later).
    pub fn provides(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        elements(self.0, "provides").map(Reference)
    }
}

/// A bom-ref where it is used.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a>(Value<'a>);

impl<'a> Reference<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// The string in the document.
    pub fn value(&self) -> Value<'a> {
        self.0
    }

    /// The bom-ref.
    pub fn text(&self) -> Cow<'a, str> {
        self.0.as_str().unwrap_or_default()
    }

    /// Whether it points into another document: a BOM-Link (`urn:cdx:…`).
    pub fn is_elsewhere(&self) -> bool {
        self.text().starts_with(super::link::SCHEME)
    }
}

/// How complete a part of the document claims to be.
#[derive(Debug, Clone, Copy)]
pub struct Composition<'a>(Value<'a>);

impl<'a> Composition<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// The object in the document.
    pub fn value(&self) -> Value<'a> {
        self.0
    }

    /// `complete`, `incomplete`, `unknown`, …
    pub fn aggregate(&self) -> Cow<'a, str> {
        text(self.0, "aggregate").unwrap_or_default()
    }

    /// The components whose parts it speaks of.
    pub fn assemblies(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        elements(self.0, "assemblies").map(Reference)
    }

    /// The components whose dependencies it speaks of.
    pub fn dependencies(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        elements(self.0, "dependencies").map(Reference)
    }
}

//! Standards: requirements, and the levels that ask for them.

use std::borrow::Cow;

use super::shape::Shape;
use super::{reference, references, texts};
use crate::document::Value;
use crate::sbom::{Property, Reference, elements, text};

pub(super) static SHAPE: Shape = Shape::Object(&[("standards", Shape::List(&STANDARD))]);
static STANDARD: Shape = Shape::Object(&[
    ("bom-ref", Shape::Text),
    ("name", Shape::Text),
    ("version", Shape::Text),
    ("description", Shape::Text),
    ("owner", Shape::Text),
    ("requirements", Shape::List(&REQUIREMENT)),
    ("levels", Shape::List(&LEVEL)),
]);
static REQUIREMENT: Shape = Shape::Object(&[
    ("bom-ref", Shape::Text),
    ("identifier", Shape::Text),
    ("title", Shape::Text),
    ("text", Shape::Text),
    ("descriptions", Shape::List(&Shape::Text)),
    ("openCre", Shape::List(&Shape::Text)),
    ("parent", Shape::Text),
    ("properties", Shape::List(&PROPERTY)),
]);
static PROPERTY: Shape = Shape::Object(&[("name", Shape::Text), ("value", Shape::Text)]);
static LEVEL: Shape = Shape::Object(&[
    ("bom-ref", Shape::Text),
    ("identifier", Shape::Text),
    ("title", Shape::Text),
    ("description", Shape::Text),
    ("requirements", Shape::List(&Shape::Text)),
]);

/// A standard.
#[derive(Debug, Clone, Copy)]
pub struct Standard<'a>(Value<'a>);

impl<'a> Standard<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// How others refer to it.
    pub fn bom_ref(&self) -> Option<Cow<'a, str>> {
        text(self.0, "bom-ref")
    }

    /// Its name.
    pub fn name(&self) -> Option<Cow<'a, str>> {
        text(self.0, "name")
    }

    /// Its version.
    pub fn version(&self) -> Option<Cow<'a, str>> {
        text(self.0, "version")
    }

    /// Who owns it.
    pub fn owner(&self) -> Option<Cow<'a, str>> {
        text(self.0, "owner")
    }

    /// What it asks for.
    pub fn requirements(&self) -> impl Iterator<Item = Requirement<'a>> + use<'a> {
        elements(self.0, "requirements").map(Requirement)
    }

    /// How much of that at which level.
    pub fn levels(&self) -> impl Iterator<Item = Level<'a>> + use<'a> {
        elements(self.0, "levels").map(Level)
    }
}

/// A requirement of a standard.
#[derive(Debug, Clone, Copy)]
pub struct Requirement<'a>(Value<'a>);

impl<'a> Requirement<'a> {
    /// How others refer to it.
    pub fn bom_ref(&self) -> Option<Cow<'a, str>> {
        text(self.0, "bom-ref")
    }

    /// Its number in the standard.
    pub fn identifier(&self) -> Option<Cow<'a, str>> {
        text(self.0, "identifier")
    }

    /// Its title.
    pub fn title(&self) -> Option<Cow<'a, str>> {
        text(self.0, "title")
    }

    /// Its text.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        text(self.0, "text")
    }

    /// Common requirements that it is one of (`CRE:…`).
    pub fn open_cre(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        texts(self.0, "openCre")
    }

    /// What it is a part of.
    pub fn parent(&self) -> Option<Reference<'a>> {
        reference(self.0, "parent")
    }

    /// Its properties.
    pub fn properties(&self) -> impl Iterator<Item = Property<'a>> + use<'a> {
        elements(self.0, "properties").map(Property::new)
    }
}

/// A level of a standard.
#[derive(Debug, Clone, Copy)]
pub struct Level<'a>(Value<'a>);

impl<'a> Level<'a> {
    /// How others refer to it.
    pub fn bom_ref(&self) -> Option<Cow<'a, str>> {
        text(self.0, "bom-ref")
    }

    /// Its number in the standard.
    pub fn identifier(&self) -> Option<Cow<'a, str>> {
        text(self.0, "identifier")
    }

    /// Its title.
    pub fn title(&self) -> Option<Cow<'a, str>> {
        text(self.0, "title")
    }

    /// What it asks for.
    pub fn requirements(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        references(self.0, "requirements")
    }
}

//! Evidence of a component: by what it was identified, and where it was found.

use std::borrow::Cow;

use super::shape::Shape;
use super::{object, references};
use crate::document::{Kind, Value};
use crate::sbom::{Reference, elements, text};

pub(super) static SHAPE: Shape =
    Shape::Object(&[("identity", Shape::OneOrMany(&IDENTITY)), ("occurrences", Shape::List(&OCCURRENCE))]);
static IDENTITY: Shape = Shape::Object(&[
    ("field", Shape::Text),
    ("confidence", Shape::Number),
    ("concludedValue", Shape::Text),
    ("methods", Shape::List(&METHOD)),
    ("tools", Shape::List(&Shape::Text)),
]);
static METHOD: Shape =
    Shape::Object(&[("technique", Shape::Text), ("confidence", Shape::Number), ("value", Shape::Text)]);
static OCCURRENCE: Shape = Shape::Object(&[
    ("bom-ref", Shape::Text),
    ("location", Shape::Text),
    ("line", Shape::Number),
    ("offset", Shape::Number),
    ("symbol", Shape::Text),
]);

/// What a component was identified by.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a>(Value<'a>);

impl<'a> Evidence<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// What was concluded about its identity: one conclusion in 1.5, several later.
    pub fn identities(&self) -> impl Iterator<Item = IdentityClaim<'a>> + use<'a> {
        let identity = object(self.0, "identity");
        let list = identity.into_iter().flat_map(|identity| identity.elements());
        identity.filter(|identity| identity.kind() == Kind::Object).into_iter().chain(list).map(IdentityClaim)
    }

    /// Where it was found.
    pub fn occurrences(&self) -> impl Iterator<Item = Occurrence<'a>> + use<'a> {
        elements(self.0, "occurrences").map(Occurrence)
    }
}

/// A conclusion about one field of a component's identity.
#[derive(Debug, Clone, Copy)]
pub struct IdentityClaim<'a>(Value<'a>);

impl<'a> IdentityClaim<'a> {
    /// `purl`, `cpe`, `hash`, `name`, ….
    pub fn field(&self) -> Option<Cow<'a, str>> {
        text(self.0, "field")
    }

    /// How sure it is, from 0 to 1.
    pub fn confidence(&self) -> Option<f64> {
        self.0.get("confidence")?.as_f64()
    }

    /// The value that was concluded.
    pub fn concluded(&self) -> Option<Cow<'a, str>> {
        text(self.0, "concludedValue")
    }

    /// How it was found out.
    pub fn methods(&self) -> impl Iterator<Item = Method<'a>> + use<'a> {
        elements(self.0, "methods").map(Method)
    }

    /// By which tools.
    pub fn tools(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        references(self.0, "tools")
    }
}

/// How something was found out.
#[derive(Debug, Clone, Copy)]
pub struct Method<'a>(Value<'a>);

impl<'a> Method<'a> {
    /// `manifest-analysis`, `binary-analysis`, ….
    pub fn technique(&self) -> Option<Cow<'a, str>> {
        text(self.0, "technique")
    }

    /// How sure it is, from 0 to 1.
    pub fn confidence(&self) -> Option<f64> {
        self.0.get("confidence")?.as_f64()
    }

    /// What was found.
    pub fn value(&self) -> Option<Cow<'a, str>> {
        text(self.0, "value")
    }
}

/// A place where a component was found.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence<'a>(Value<'a>);

impl<'a> Occurrence<'a> {
    /// The path or address.
    pub fn location(&self) -> Option<Cow<'a, str>> {
        text(self.0, "location")
    }

    /// The line there.
    pub fn line(&self) -> Option<u64> {
        self.0.get("line")?.as_u64()
    }

    /// The byte there.
    pub fn offset(&self) -> Option<u64> {
        self.0.get("offset")?.as_u64()
    }

    /// The symbol there.
    pub fn symbol(&self) -> Option<Cow<'a, str>> {
        text(self.0, "symbol")
    }
}

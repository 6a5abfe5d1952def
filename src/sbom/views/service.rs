//! Services: where they are reached, and which data flows through them.

use std::borrow::Cow;

use super::shape::Shape;
use super::texts;
use crate::document::Value;
use crate::sbom::{Component, elements, text};

pub(super) static SHAPE: Shape = Shape::Object(&[
    ("endpoints", Shape::List(&Shape::Text)),
    ("authenticated", Shape::Bool),
    ("x-trust-boundary", Shape::Bool),
    ("trustZone", Shape::Text),
    ("data", Shape::List(&FLOW)),
]);
static FLOW: Shape = Shape::Object(&[
    ("flow", Shape::Text),
    ("classification", Shape::Text),
    ("name", Shape::Text),
    ("description", Shape::Text),
    ("source", Shape::List(&Shape::Text)),
    ("destination", Shape::List(&Shape::Text)),
]);

/// A service.
#[derive(Debug, Clone, Copy)]
pub struct Service<'a>(Component<'a>);

impl<'a> Service<'a> {
    pub(super) fn new(component: Component<'a>) -> Self {
        Self(component)
    }

    /// What it has in common with components: name, version, licences, properties.
    pub fn component(&self) -> Component<'a> {
        self.0
    }

    /// Where it is reached.
    pub fn endpoints(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        texts(self.0.value(), "endpoints")
    }

    /// Whether it asks who calls.
    pub fn authenticated(&self) -> Option<bool> {
        self.0.value().get("authenticated")?.as_bool()
    }

    /// Whether using it crosses a trust boundary.
    pub fn crosses_trust_boundary(&self) -> Option<bool> {
        self.0.value().get("x-trust-boundary")?.as_bool()
    }

    /// The trust zone that it is in.
    pub fn trust_zone(&self) -> Option<Cow<'a, str>> {
        text(self.0.value(), "trustZone")
    }

    /// The data that flows.
    pub fn data(&self) -> impl Iterator<Item = DataFlow<'a>> + use<'a> {
        elements(self.0.value(), "data").map(DataFlow)
    }
}

/// Data that flows into or out of a service.
#[derive(Debug, Clone, Copy)]
pub struct DataFlow<'a>(Value<'a>);

impl<'a> DataFlow<'a> {
    /// `inbound`, `outbound`, `bi-directional` or `unknown`.
    pub fn flow(&self) -> Option<Cow<'a, str>> {
        text(self.0, "flow")
    }

    /// How sensitive it is, in the author's words.
    pub fn classification(&self) -> Option<Cow<'a, str>> {
        text(self.0, "classification")
    }

    /// What it is called.
    pub fn name(&self) -> Option<Cow<'a, str>> {
        text(self.0, "name")
    }

    /// Where it comes from.
    pub fn sources(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        texts(self.0, "source")
    }

    /// Where it goes.
    pub fn destinations(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        texts(self.0, "destination")
    }
}

//! Citations: who says what stands in a part of the document.

use std::borrow::Cow;

use super::shape::Shape;
use super::{reference, texts};
use crate::document::Value;
use crate::sbom::{Reference, text};

pub(super) static SHAPE: Shape = Shape::Object(&[
    ("bom-ref", Shape::Text),
    ("pointers", Shape::List(&Shape::Text)),
    ("expressions", Shape::List(&Shape::Text)),
    ("timestamp", Shape::Text),
    ("attributedTo", Shape::Text),
    ("process", Shape::Text),
    ("note", Shape::Text),
]);

/// A citation.
#[derive(Debug, Clone, Copy)]
pub struct Citation<'a>(Value<'a>);

impl<'a> Citation<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// Pointers (RFC 6901) to the parts.
    pub fn pointers(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        texts(self.0, "pointers")
    }

    /// Expressions in another language that select the parts.
    pub fn expressions(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        texts(self.0, "expressions")
    }

    /// When it was said, as written.
    pub fn timestamp(&self) -> Option<Cow<'a, str>> {
        text(self.0, "timestamp")
    }

    /// By whom.
    pub fn attributed_to(&self) -> Option<Reference<'a>> {
        reference(self.0, "attributedTo")
    }

    /// By which process of `formulation`.
    pub fn process(&self) -> Option<Reference<'a>> {
        reference(self.0, "process")
    }
}

//! A licence as a document states it.

use std::borrow::Cow;

use super::text;
use crate::document::Value;

/// One entry of `licenses`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum License<'a> {
    /// An SPDX licence id.
    Id(Cow<'a, str>),
    /// A licence that SPDX has no id for.
    Name(Cow<'a, str>),
    /// An SPDX licence expression.
    Expression(Cow<'a, str>),
}

impl<'a> License<'a> {
    pub(super) fn new(choice: Value<'a>) -> Option<Self> {
        if let Some(expression) = text(choice, "expression") {
            return Some(Self::Expression(expression));
        }
        let license = choice.get("license")?;
        text(license, "id").map(Self::Id).or_else(|| text(license, "name").map(Self::Name))
    }

    /// The id, name or expression as written.
    pub fn text(&self) -> &str {
        match self {
            Self::Id(text) | Self::Name(text) | Self::Expression(text) => text,
        }
    }
}

//! Licences: an expression or a name of one's own, and who says so.

use std::borrow::Cow;

use super::ids::text;
use super::json::{Json, Member};
use crate::document::Value;
use crate::sbom::SpecVersion;

/// A licence of a component.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct License<'a> {
    pub(super) terms: Terms<'a>,
    pub(super) said: Said,
}

/// Which licence.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Terms<'a> {
    /// An SPDX expression, often an id alone.
    Expression(Cow<'a, str>),
    /// What is on no list.
    Named(Cow<'a, str>),
}

/// Who says that it is the licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Said {
    /// CycloneDX does not tell.
    Unsaid,
    /// The author of the component.
    Declared,
    /// Who looked into it.
    Concluded,
}

impl Said {
    pub(super) const ALL: [Self; 3] = [Self::Unsaid, Self::Declared, Self::Concluded];

    /// The type of the relationship.
    pub(super) fn relationship(self) -> &'static str {
        if self == Self::Concluded { "hasConcludedLicense" } else { "hasDeclaredLicense" }
    }
}

impl<'a> License<'a> {
    /// An entry of `licenses`.
    pub(super) fn read(entry: Value<'a>) -> Option<Self> {
        let inner = entry.get("license").unwrap_or(entry);
        let said = match text(inner, "acknowledgement").as_deref() {
            Some("declared") => Said::Declared,
            Some("concluded") => Said::Concluded,
            _ => Said::Unsaid,
        };
        let terms = match text(entry, "expression").or_else(|| text(inner, "id")) {
            Some(expression) => Terms::Expression(expression),
            None => match text(inner, "name")? {
                none if none == "NOASSERTION" || none == "NONE" => Terms::Expression(none),
                name => Terms::Named(name),
            },
        };
        Some(Self { terms, said })
    }

    /// An entry of `licenses` that says this. Before 1.7 an expression stands alone in its list: beside others it is
    /// written as a name.
    pub(super) fn member(&self, version: SpecVersion, is_alone: bool) -> Json<'a> {
        let said = match self.said {
            Said::Declared if version >= SpecVersion::V1_6 => Some("declared"),
            Said::Concluded if version >= SpecVersion::V1_6 => Some("concluded"),
            _ => None,
        };
        let said = said.map(|said| ("acknowledgement".into(), Json::text(said)));
        let inner = |name: &'static str, text: &Cow<'a, str>| -> Json<'a> {
            let mut members: Vec<Member<'a>> = vec![(name.into(), Json::text(text.clone()))];
            members.extend(said.clone());
            Json::Object(vec![("license".into(), Json::Object(members))])
        };
        match &self.terms {
            Terms::Named(name) => inner("name", name),
            Terms::Expression(none) if none == "NOASSERTION" || none == "NONE" => inner("name", none),
            Terms::Expression(id) if is_listed(id) => inner("id", id),
            Terms::Expression(expression) if !is_alone && version < SpecVersion::V1_7 => {
                inner("name", expression)
            }
            Terms::Expression(expression) => {
                let mut members: Vec<Member<'a>> =
                    vec![("expression".into(), Json::text(expression.clone()))];
                members.extend(said);
                Json::Object(members)
            }
        }
    }
}

fn is_listed(id: &str) -> bool {
    spdx::license_id(id).is_some_and(|listed| listed.name == id)
}

/// The reference of a licence with a name of its own: letters, digits, dots and hyphens (SPDX 3.0.1, annex B).
pub(super) fn reference(name: &str) -> String {
    let part: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '-' })
        .collect();
    let part = part.trim_matches('-');
    if part.is_empty() { "LicenseRef-unnamed".to_owned() } else { format!("LicenseRef-{part}") }
}

/// The `comment` of a relationship to a licence that CycloneDX gives without saying who says so.
pub(super) const UNSAID: &str = "CycloneDX does not say whether this was declared or concluded.";

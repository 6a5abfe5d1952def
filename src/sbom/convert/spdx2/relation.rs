//! Relationships (clause 11): which of them CycloneDX has a place for.
//!
//! `DESCRIBES`, `CONTAINS` and `DEPENDS_ON` without a comment are what `metadata.component`, nesting and `dependencies` say.
//! Some others imply one of these: a `BUILD_DEPENDENCY_OF` is a dependency too. They are kept as they are, and what they
//! imply is shown besides.

use super::tree::Tree;

/// What CycloneDX can say of two elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Edge {
    Contains,
    DependsOn,
}

/// What a type of relationship implies between its two elements, and whether the other way round.
pub(super) fn implied(kind: &str) -> Option<(Edge, bool)> {
    Some(match kind {
        "CONTAINS" => (Edge::Contains, false),
        "CONTAINED_BY" => (Edge::Contains, true),
        "DEPENDS_ON" | "DYNAMIC_LINK" | "STATIC_LINK" | "HAS_PREREQUISITE" => (Edge::DependsOn, false),
        "DEPENDENCY_OF"
        | "BUILD_DEPENDENCY_OF"
        | "DEV_DEPENDENCY_OF"
        | "OPTIONAL_DEPENDENCY_OF"
        | "PROVIDED_DEPENDENCY_OF"
        | "TEST_DEPENDENCY_OF"
        | "RUNTIME_DEPENDENCY_OF"
        | "PREREQUISITE_FOR" => (Edge::DependsOn, true),
        _ => return None,
    })
}

/// The scope of an element by the relationships that start from it: `optional` or `excluded` where every one of them that
/// makes it a dependency says so.
pub(super) fn scope<'a>(relationships: impl Iterator<Item = Tree<'a>>) -> Option<&'static str> {
    let mut found = None;
    for relationship in relationships {
        match relationship.str(KIND).as_deref() {
            Some("OPTIONAL_DEPENDENCY_OF" | "PROVIDED_DEPENDENCY_OF") => found = Some("optional"),
            Some("BUILD_DEPENDENCY_OF" | "DEV_DEPENDENCY_OF" | "TEST_DEPENDENCY_OF") => {
                found = found.or(Some("excluded"));
            }
            Some("DEPENDENCY_OF" | "RUNTIME_DEPENDENCY_OF" | "PREREQUISITE_FOR") => return None,
            _ => {}
        }
    }
    found
}

/// Whether a relationship says nothing but its type and its two elements.
pub(super) fn is_plain(relationship: &Tree<'_>) -> bool {
    relationship.members().0.len() == 3
}

pub(super) const FROM: &str = "spdxElementId";
pub(super) const KIND: &str = "relationshipType";
pub(super) const TO: &str = "relatedSpdxElement";

//! Rules on documents of SPDX 2, whatever form they came in.
//!
//! SPDX 2.3, clauses 6 to 11 and annex F. They look at what the grammar has marked, as all rules do; in documents of
//! CycloneDX nothing is.

pub(super) mod digests;
pub(super) mod elements;
pub(super) mod licenses;
pub(super) mod locators;
pub(super) mod packages;

use super::Scene;
use crate::document::Value;
use crate::sbom::grammar::cut;

pub(super) fn check(scene: &mut Scene<'_>) {
    elements::check(scene);
    packages::check(scene);
    licenses::check(scene);
    locators::check(scene);
    digests::check(scene);
}

/// The text of a member, as messages show it.
fn shown(object: Value<'_>, member: &str) -> String {
    object.get(member).and_then(|text| text.as_str()).map_or_else(String::new, |text| cut(&text))
}

fn list<'a>(object: Value<'a>, member: &str) -> impl Iterator<Item = Value<'a>> + use<'a> {
    object.get(member).into_iter().flat_map(|list| list.elements())
}

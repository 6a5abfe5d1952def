//! CycloneDX to SPDX 2.2 and 2.3 and back, each in its JSON shape.
//!
//! A component and a package share many fields, some of them with other words, and each knows things that the other does
//! not. Both directions work the same way: what the other form has a field for is written there; then it is read back, and
//! what does not come back as it was is kept where the other form lets others add (`extension`). So nothing is lost that
//! nobody thought of, and the way back restores everything, also by other rules than these. `docs/convert-spdx.md` is the
//! table of what is written where.
//!
//! Specification: <https://spdx.github.io/spdx-spec/v2.3/>; clauses are those of 2.3.

mod backward;
mod checksum;
mod creation;
mod extension;
mod forward;
mod graph;
mod id;
#[cfg(test)]
mod laws;
mod license;
mod name;
mod namespace;
mod nesting;
mod package;
mod party;
mod patch;
mod reference;
mod relation;
mod tree;

pub use backward::to_cyclonedx;
pub use forward::from_cyclonedx;

/// Whether the licence fields of an element speak of a licence.
fn uses(fields: &tree::Members<'_>, license: &str) -> bool {
    let in_text = |text: &tree::Tree<'_>| text.as_str().is_some_and(|text| text.contains(license));
    ["licenseDeclared", "licenseConcluded"].iter().any(|name| fields.get(name).is_some_and(in_text))
        || fields.elements("licenseInfoInFiles").iter().any(in_text)
}

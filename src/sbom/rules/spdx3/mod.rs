//! Rules of SPDX 3 beyond its grammar: what the model says in words, under "Constraints" of its classes (SPDX 3.0.1).

mod collections;
mod graph;
mod identifiers;
mod profile;
mod references;
mod relationships;
#[cfg(test)]
mod tests;
mod times;

use super::Scene;
use crate::finding::Rule;
use crate::sbom::grammar::Dialect;

/// The rules that are of SPDX 3 alone.
pub(super) static RULES: [&Rule; 9] = [
    &references::CLASS,
    &collections::CONTEXT,
    &collections::VERSION,
    &collections::DOCUMENT,
    &collections::ROOT,
    &relationships::KIND,
    &relationships::ENDS,
    &relationships::VEX,
    &profile::FIELD,
];

/// Applies the rules to a document that has been walked in that dialect.
pub(super) fn check(scene: &mut Scene<'_>, dialect: Dialect) {
    let graph = graph::Graph::of(scene);
    references::check(scene, &graph, dialect);
    collections::check(scene, &graph, dialect);
    relationships::check(scene, &graph, dialect);
    profile::check(scene, &graph);
    identifiers::check(scene);
    times::check(scene, &graph);
}

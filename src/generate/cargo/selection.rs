//! Which packages are shipped, as cargo reads `-p` and `default-members`.

use std::collections::BTreeSet;

use guppy::graph::{BuildTargetId, BuildTargetKind, PackageGraph, PackageMetadata};

use super::{Inputs, Metadata};
use crate::generate::{Error, Target, TargetKind};

/// The shipped packages, and what is built beside them.
pub(super) struct Selection<'g> {
    /// What is shipped, sorted by name and version.
    pub(super) roots: Vec<PackageMetadata<'g>>,
    /// What cargo builds at the same time and is not shipped: it takes part in the unification of features.
    pub(super) beside: Vec<PackageMetadata<'g>>,
    /// What was assumed, in sentences.
    pub(super) notes: Vec<String>,
}

impl<'g> Selection<'g> {
    pub(super) fn new(graph: &'g PackageGraph, inputs: &Inputs<'_>) -> Result<Self, Error> {
        let mut selection = if inputs.packages.is_empty() {
            Self::by_default(graph, inputs.metadata)?
        } else {
            Self { roots: named(graph, inputs.packages)?, beside: Vec::new(), notes: Vec::new() }
        };
        let roots = &mut selection.roots;
        roots.sort_by(|a, b| (a.name(), a.version(), a.id()).cmp(&(b.name(), b.version(), b.id())));
        roots.dedup_by(|a, b| a.id() == b.id());
        Ok(selection)
    }

    /// What cargo builds when no package is named: what can be shipped, and the rest.
    fn by_default(graph: &'g PackageGraph, metadata: &Metadata) -> Result<Self, Error> {
        let members: Vec<_> = graph.workspace().iter().collect();
        let built = match (current(graph, metadata), metadata.default_members()) {
            // In a member's folder cargo builds that member.
            (Some(current), _)
                if current.manifest_path().parent().is_some_and(|it| it != metadata.workspace_root()) =>
            {
                vec![current]
            }
            (_, Some(default)) => {
                members.into_iter().filter(|it| default.iter().any(|id| it.id().repr() == id)).collect()
            }
            (Some(current), None) => vec![current],
            (None, None) => members,
        };
        if built.is_empty() {
            return Err(Error::NoRoot);
        }
        let (roots, beside): (Vec<_>, Vec<_>) = built.into_iter().partition(|it| !programs(it).is_empty());
        if !roots.is_empty() {
            return Ok(Self { roots, beside, notes: Vec::new() });
        }
        let note = "nothing here is a program or a C library: the libraries are taken for the product";
        Ok(Self { roots: beside, beside: Vec::new(), notes: vec![note.to_owned()] })
    }

    /// The arguments that make `cargo build` choose the same.
    pub(super) fn build_arguments(&self, inputs: &Inputs<'_>) -> Vec<String> {
        let mut arguments = Vec::new();
        // Without -p cargo builds its default members, and unifies the features of all of them.
        for root in self.roots.iter().filter(|_| !inputs.packages.is_empty()) {
            arguments.push("-p".to_owned());
            arguments.push(format!("{}@{}", root.name(), root.version()));
        }
        let features = inputs.features;
        if features.all {
            arguments.push("--all-features".to_owned());
        }
        if !features.default {
            arguments.push("--no-default-features".to_owned());
        }
        if !features.named.is_empty() {
            arguments.push("--features".to_owned());
            arguments.push(features.named.join(","));
        }
        arguments
    }
}

/// The package whose manifest cargo was called with.
pub(super) fn current<'g>(graph: &'g PackageGraph, metadata: &Metadata) -> Option<PackageMetadata<'g>> {
    let id = metadata.current()?;
    graph.workspace().iter().find(|member| member.id().repr() == id)
}

/// The members that `-p` names.
fn named<'g>(graph: &'g PackageGraph, wanted: &[String]) -> Result<Vec<PackageMetadata<'g>>, Error> {
    let mut roots = Vec::new();
    for wanted in wanted {
        let (name, version) = match wanted.split_once(['@', ':']) {
            Some((name, version)) => (name, Some(version)),
            None => (wanted.as_str(), None),
        };
        let found = graph.workspace().iter().find(|member| {
            member.name() == name && version.is_none_or(|version| member.version().to_string() == version)
        });
        let Some(found) = found else {
            let members: BTreeSet<_> = graph.workspace().iter().map(|member| member.name()).collect();
            return Err(Error::NoPackage { wanted: wanted.clone(), members: some_of(members) });
        };
        roots.push(found);
    }
    Ok(roots)
}

/// What a package ships: its programs and C libraries, those that need features it does not have included.
fn programs(package: &PackageMetadata<'_>) -> Vec<(Target, Vec<String>)> {
    let mut found = Vec::new();
    for target in package.build_targets() {
        let mut add = |kind| {
            let target_kind = Target { name: target.name().to_owned(), kind };
            found.push((target_kind, target.required_features().to_vec()));
        };
        match (target.id(), target.kind()) {
            (BuildTargetId::Binary(_), _) => add(TargetKind::Program),
            (BuildTargetId::Library, BuildTargetKind::LibraryOrExample(types)) => {
                for kind in types {
                    match kind.as_str() {
                        "cdylib" => add(TargetKind::Cdylib),
                        "staticlib" => add(TargetKind::Staticlib),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// What is built from a shipped package when it has these features.
pub(super) fn targets(package: &PackageMetadata<'_>, has: impl Fn(&str) -> bool) -> Vec<Target> {
    let mut targets: Vec<_> = programs(package)
        .into_iter()
        .filter(|(_, required)| required.iter().all(|feature| has(feature)))
        .map(|(target, _)| target)
        .collect();
    if targets.is_empty()
        && let Some(library) = package.build_target(&BuildTargetId::Library)
    {
        targets.push(Target { name: library.name().to_owned(), kind: TargetKind::Library });
    }
    targets
}

/// A few names for a message.
pub(super) fn some_of(names: BTreeSet<&str>) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let more = names.len().saturating_sub(NAMES_SHOWN);
    let mut text = names.into_iter().take(NAMES_SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text = format!("{text} and {more} more");
    }
    text
}

/// How many names a message lists.
const NAMES_SHOWN: usize = 12;

//! What is shipped: packages and their features, as cargo reads `-p` and `--features`.

use std::collections::BTreeSet;

use guppy::graph::feature::{FeatureSet, StandardFeatures, named_feature_filter};
use guppy::graph::{BuildTargetId, BuildTargetKind, PackageGraph, PackageMetadata};

use super::raw::Raw;
use super::{Inputs, Resolver};
use crate::generate::{Error, Features, Target, TargetKind};

/// The shipped packages and the features they start with.
pub(super) struct Selection<'g> {
    /// Sorted by name and version.
    pub(super) roots: Vec<PackageMetadata<'g>>,
    /// What the build starts from.
    pub(super) initials: FeatureSet<'g>,
    /// What takes part in the unification of features alone.
    pub(super) features_only: FeatureSet<'g>,
    /// What was assumed, in sentences.
    pub(super) notes: Vec<String>,
}

impl<'g> Selection<'g> {
    pub(super) fn new(graph: &'g PackageGraph, raw: &Raw, inputs: &Inputs<'_>) -> Result<Self, Error> {
        let mut notes = Vec::new();
        let mut roots = if inputs.packages.is_empty() {
            by_default(graph, raw, &mut notes)?
        } else {
            named(graph, inputs.packages)?
        };
        roots.sort_by(|a, b| (a.name(), a.version(), a.id()).cmp(&(b.name(), b.version(), b.id())));
        roots.dedup_by(|a, b| a.id() == b.id());

        let workspace_root = graph.workspace().root();
        let is_virtual =
            !graph.workspace().iter().any(|member| member.manifest_path().parent() == Some(workspace_root));
        let mut chosen = Chosen {
            roots: &roots,
            initials: graph.feature_graph().resolve_none(),
            features_only: graph.feature_graph().resolve_none(),
        };
        if inputs.resolver == Resolver::V1 && !is_virtual {
            let current =
                raw.current().and_then(|id| graph.workspace().iter().find(|it| it.id().repr() == id));
            chosen.as_of_old(current, inputs.features)?;
        } else {
            chosen.for_each_root(inputs.features)?;
        }
        let Chosen { initials, features_only, .. } = chosen;
        Ok(Self { roots, initials, features_only, notes })
    }

    /// The arguments that make `cargo build` choose the same.
    pub(super) fn build_arguments(&self, inputs: &Inputs<'_>) -> Vec<String> {
        let mut arguments = Vec::new();
        for root in &self.roots {
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

/// What cargo builds here when no package is named, as far as it can be shipped.
fn by_default<'g>(
    graph: &'g PackageGraph,
    raw: &Raw,
    notes: &mut Vec<String>,
) -> Result<Vec<PackageMetadata<'g>>, Error> {
    let members: Vec<_> = graph.workspace().iter().collect();
    let current = raw.current().and_then(|id| members.iter().find(|member| member.id().repr() == id));
    let candidates = match (current, &raw.workspace_default_members) {
        // In a member's folder cargo builds that member.
        (Some(current), _) if current.manifest_path().parent().is_some_and(|it| it != raw.workspace_root) => {
            vec![*current]
        }
        (_, Some(default)) => {
            members.into_iter().filter(|it| default.iter().any(|id| it.id().repr() == id)).collect()
        }
        (Some(current), None) => vec![*current],
        (None, None) => members,
    };
    let shipped: Vec<_> = candidates.iter().copied().filter(|it| !programs(it).is_empty()).collect();
    if !shipped.is_empty() {
        return Ok(shipped);
    }
    if candidates.is_empty() {
        return Err(Error::NoRoot);
    }
    notes
        .push("nothing here is a program or a C library: the libraries are taken for the product".to_owned());
    Ok(candidates)
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

struct Chosen<'s, 'g> {
    roots: &'s [PackageMetadata<'g>],
    initials: FeatureSet<'g>,
    features_only: FeatureSet<'g>,
}

impl<'g> Chosen<'_, 'g> {
    /// As resolvers 2 and 3 read the flags, and virtual workspaces under any: a feature is switched on in every selected
    /// package that has it.
    fn for_each_root(&mut self, features: &Features) -> Result<(), Error> {
        for wanted in &features.named {
            let holds = |root: &PackageMetadata<'_>| applies(root, wanted).is_some();
            if !self.roots.iter().any(holds) {
                return Err(unknown(self.roots, wanted));
            }
        }
        for root in self.roots {
            let named = features.named.iter().filter_map(|wanted| applies(root, wanted));
            self.initials = self.initials.union(&start(root, base(features), named));
        }
        Ok(())
    }

    /// As resolver 1 reads them in a workspace with a root package: they are the current package's, even when it is
    /// not selected, and the others keep their defaults (cargo's `members_with_features_old`).
    fn as_of_old(&mut self, current: Option<PackageMetadata<'g>>, features: &Features) -> Result<(), Error> {
        let is_current =
            |root: &PackageMetadata<'_>| current.is_some_and(|current| current.id() == root.id());
        let others: Vec<_> = self.roots.iter().filter(|root| !is_current(root)).copied().collect();
        for wanted in &features.named {
            let elsewhere = wanted.contains('/') && others.iter().any(|root| applies(root, wanted).is_some());
            let here = current.is_some_and(|current| applies(&current, wanted).is_some());
            if !elsewhere && !here {
                return Err(unknown(current.as_slice(), wanted));
            }
        }
        for root in &others {
            let base = if features.all { StandardFeatures::All } else { StandardFeatures::Default };
            let named =
                features.named.iter().filter(|it| it.contains('/')).filter_map(|it| applies(root, it));
            self.initials = self.initials.union(&start(root, base, named));
        }
        if let Some(current) = current {
            let named = features.named.iter().filter_map(|wanted| applies(&current, wanted));
            let set = start(&current, base(features), named);
            if self.roots.iter().any(is_current) {
                self.initials = self.initials.union(&set);
            } else {
                self.features_only = set;
            }
        }
        Ok(())
    }
}

fn base(features: &Features) -> StandardFeatures {
    if features.all {
        StandardFeatures::All
    } else if features.default {
        StandardFeatures::Default
    } else {
        StandardFeatures::None
    }
}

fn start<'g, 'a>(
    package: &PackageMetadata<'g>,
    base: StandardFeatures,
    named: impl IntoIterator<Item = &'a str>,
) -> FeatureSet<'g> {
    let named: Vec<_> = named.into_iter().collect();
    package.to_feature_set(named_feature_filter(base, named))
}

/// The feature of this package that `feature` or `package/feature` stands for.
fn applies<'w>(package: &PackageMetadata<'_>, wanted: &'w str) -> Option<&'w str> {
    let feature = match wanted.split_once('/') {
        Some((name, feature)) if name.trim_end_matches('?') == package.name() => feature,
        Some(_) => return None,
        None => wanted,
    };
    package.named_features().any(|named| named == feature).then_some(feature)
}

fn unknown(packages: &[PackageMetadata<'_>], wanted: &str) -> Error {
    let known: BTreeSet<_> = packages.iter().flat_map(PackageMetadata::named_features).collect();
    Error::NoFeature { feature: wanted.to_owned(), known: some_of(known) }
}

/// A few names for a message.
fn some_of(names: BTreeSet<&str>) -> String {
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

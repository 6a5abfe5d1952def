//! Which features the built packages start with, as cargo reads `--features`
//! (<https://doc.rust-lang.org/cargo/reference/resolver.html#features>).

use std::collections::BTreeSet;

use guppy::graph::feature::{FeatureSet, StandardFeatures, named_feature_filter};
use guppy::graph::{PackageGraph, PackageMetadata};

use super::selection::{Selection, current, some_of};
use super::{Inputs, Resolver};
use crate::generate::{Error, Features};

/// The features that the resolution starts from.
pub(super) struct Start<'g> {
    /// Those of what is shipped.
    pub(super) roots: FeatureSet<'g>,
    /// Those of what takes part in the unification alone.
    pub(super) beside: FeatureSet<'g>,
}

impl<'g> Start<'g> {
    pub(super) fn new(
        graph: &'g PackageGraph,
        selection: &Selection<'g>,
        inputs: &Inputs<'_>,
    ) -> Result<Self, Error> {
        let none = graph.feature_graph().resolve_none();
        let mut start = Self { roots: none.clone(), beside: none };
        let current = current(graph, inputs.metadata);
        let folder = graph.workspace().root();
        let is_virtual = !graph.workspace().iter().any(|it| it.manifest_path().parent() == Some(folder));
        if inputs.resolver == Resolver::V1 && !is_virtual {
            start.of_the_current(selection, current, inputs.features)?;
        } else {
            start.of_each(selection, inputs.features)?;
        }
        Ok(start)
    }

    /// As resolvers 2 and 3 read the flags, and virtual workspaces under any: a feature is switched on in every built
    /// package that has it, and one must.
    fn of_each(&mut self, selection: &Selection<'g>, features: &Features) -> Result<(), Error> {
        let built: Vec<_> = selection.roots.iter().chain(&selection.beside).copied().collect();
        for wanted in &features.named {
            if !built.iter().any(|package| own(package, wanted).is_some()) {
                return Err(unknown(&built, wanted));
            }
        }
        let set = |package: &PackageMetadata<'g>| {
            start(package, base(features), features.named.iter().filter_map(|wanted| own(package, wanted)))
        };
        self.add(selection, set);
        Ok(())
    }

    /// As resolver 1 reads them in a workspace with a root package: they are the current package's, even when it is
    /// not built, and the others keep their defaults and take `package/feature` (cargo's `members_with_features_old`).
    fn of_the_current(
        &mut self,
        selection: &Selection<'g>,
        current: Option<PackageMetadata<'g>>,
        features: &Features,
    ) -> Result<(), Error> {
        let is_current = |package: &PackageMetadata<'_>| current.is_some_and(|it| it.id() == package.id());
        let built: Vec<_> = selection.roots.iter().chain(&selection.beside).copied().collect();
        let (qualified, plain): (Vec<_>, Vec<_>) = features.named.iter().partition(|it| it.contains('/'));
        for wanted in &plain {
            if current.is_none_or(|current| own(&current, wanted).is_none()) {
                return Err(unknown(current.as_slice(), wanted));
            }
        }
        for wanted in &qualified {
            if !built.iter().any(|package| !is_current(package) && own(package, wanted).is_some()) {
                return Err(unknown(&built, wanted));
            }
        }
        let set = |package: &PackageMetadata<'g>| {
            if is_current(package) {
                start(package, base(features), plain.iter().map(|wanted| wanted.as_str()))
            } else {
                let base = if features.all { StandardFeatures::All } else { StandardFeatures::Default };
                start(package, base, qualified.iter().filter_map(|wanted| own(package, wanted)))
            }
        };
        self.add(selection, set);
        if let Some(current) = current.filter(|_| !built.iter().any(is_current)) {
            self.beside = self.beside.union(&set(&current));
        }
        Ok(())
    }

    fn add(&mut self, selection: &Selection<'g>, set: impl Fn(&PackageMetadata<'g>) -> FeatureSet<'g>) {
        for package in &selection.roots {
            self.roots = self.roots.union(&set(package));
        }
        for package in &selection.beside {
            self.beside = self.beside.union(&set(package));
        }
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
fn own<'w>(package: &PackageMetadata<'_>, wanted: &'w str) -> Option<&'w str> {
    let feature = match wanted.split_once('/') {
        Some((name, feature)) if name == package.name() => feature,
        Some(_) => return None,
        None => wanted,
    };
    package.named_features().any(|named| named == feature).then_some(feature)
}

fn unknown(packages: &[PackageMetadata<'_>], wanted: &str) -> Error {
    let known: BTreeSet<_> = packages.iter().flat_map(PackageMetadata::named_features).collect();
    Error::NoFeature { feature: wanted.to_owned(), known: some_of(known) }
}

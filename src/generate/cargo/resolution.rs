//! Which packages take part in the build, in which role, and through which edges.
//!
//! guppy says which features each package has on the target and on the host. This walk follows the dependencies that are
//! active with them, as cargo's unit graph does: normal ones for the platform a package is built for, build dependencies
//! for the host, and those only of packages that have a build script.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use guppy::graph::cargo::CargoSet;
use guppy::graph::feature::{FeatureLabel, FeatureSet};
use guppy::graph::{BuildTargetId, PackageLink, PackageMetadata};
use guppy::platform::{EnabledTernary, PlatformSpec};
use guppy::{DependencyKind, PackageId};

use super::features::Start;
use super::platforms::Resolved;
use super::selection::Selection;
use super::{Resolver, options};

/// The part a package plays in a build. One package may play several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Its code is linked into what is shipped.
    Runtime,
    /// A procedural macro: it runs inside the compiler and writes code that is shipped.
    ProcMacro,
    /// Linked into a build script, which runs during the build.
    BuildScriptDependency,
    /// Linked into a procedural macro.
    BuildTool,
}

impl Role {
    /// The name in a document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::ProcMacro => "proc-macro",
            Self::BuildScriptDependency => "build-script-dependency",
            Self::BuildTool => "build-tool",
        }
    }
}

/// The packages of a build.
pub(super) struct Resolution<'g> {
    pub(super) packages: BTreeMap<&'g PackageId, Used<'g>>,
}

/// A package of a build.
pub(super) struct Used<'g> {
    pub(super) package: PackageMetadata<'g>,
    pub(super) roles: BTreeSet<Role>,
    /// As it is built for the target.
    pub(super) features: BTreeSet<&'g str>,
    /// As it is built for the host.
    pub(super) host_features: BTreeSet<&'g str>,
    pub(super) dependencies: BTreeMap<&'g PackageId, Kinds>,
}

/// In which ways one package depends on another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds {
    pub(super) normal: bool,
    pub(super) build: bool,
}

/// What a package is being built into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// The product, for the target of this index.
    Target(usize),
    /// A procedural macro.
    Macro,
    /// A build script.
    Script,
}

impl<'g> Resolution<'g> {
    pub(super) fn new(
        selection: &Selection<'g>,
        start: Start<'g>,
        platforms: &Resolved,
        resolver: Resolver,
    ) -> Result<Self, guppy::Error> {
        let options = options(resolver, platforms);
        let set = CargoSet::new(start.roots, start.beside, &options)?;
        let mut walk =
            Walk { set, platforms, seen: HashSet::new(), queue: Vec::new(), packages: BTreeMap::new() };
        for root in &selection.roots {
            for at in 0..platforms.targets.len() {
                walk.reach(*root, Place::Target(at));
            }
        }
        walk.run();
        Ok(Self { packages: walk.packages })
    }
}

struct Walk<'g, 'p> {
    set: CargoSet<'g>,
    platforms: &'p Resolved,
    seen: HashSet<(&'g PackageId, Place)>,
    queue: Vec<(PackageMetadata<'g>, Place)>,
    packages: BTreeMap<&'g PackageId, Used<'g>>,
}

impl<'g> Walk<'g, '_> {
    fn reach(&mut self, package: PackageMetadata<'g>, place: Place) {
        // Procedural macros are built for the host, whoever uses them.
        let place = if package.is_proc_macro() { Place::Macro } else { place };
        if self.seen.insert((package.id(), place)) {
            self.queue.push((package, place));
        }
    }

    fn run(&mut self) {
        while let Some((package, place)) = self.queue.pop() {
            let mut dependencies = Vec::new();
            {
                let (features, platform) = self.view(place);
                let host = &self.platforms.host;
                for link in package.direct_links() {
                    let kinds = Kinds {
                        normal: is_active(features, &link, DependencyKind::Normal, platform),
                        build: package.has_build_script()
                            && is_active(features, &link, DependencyKind::Build, host),
                    };
                    if (kinds.normal || kinds.build) && is_linked(&link) {
                        dependencies.push((link.to(), kinds));
                    }
                }
            }
            for (to, kinds) in &dependencies {
                if kinds.normal {
                    self.reach(*to, place);
                }
                if kinds.build {
                    self.reach(*to, Place::Script);
                }
            }
            self.record(package, place, &dependencies);
        }
    }

    fn record(
        &mut self,
        package: PackageMetadata<'g>,
        place: Place,
        dependencies: &[(PackageMetadata<'g>, Kinds)],
    ) {
        let features: Vec<_> = match self.view(place).0.features_for(package.id()) {
            Ok(Some(list)) => list.named_features().collect(),
            _ => Vec::new(),
        };
        let used = self.packages.entry(package.id()).or_insert_with(|| Used {
            package,
            roles: BTreeSet::new(),
            features: BTreeSet::new(),
            host_features: BTreeSet::new(),
            dependencies: BTreeMap::new(),
        });
        used.roles.insert(match place {
            Place::Target(_) => Role::Runtime,
            Place::Macro if package.is_proc_macro() => Role::ProcMacro,
            Place::Macro => Role::BuildTool,
            Place::Script => Role::BuildScriptDependency,
        });
        match place {
            Place::Target(_) => used.features.extend(features),
            Place::Macro | Place::Script => used.host_features.extend(features),
        }
        for (to, kinds) in dependencies {
            let known = used.dependencies.entry(to.id()).or_default();
            known.normal |= kinds.normal;
            known.build |= kinds.build;
        }
    }

    /// The features that count in a place, and the platform its normal dependencies are evaluated for.
    fn view(&self, place: Place) -> (&FeatureSet<'g>, &PlatformSpec) {
        match place {
            Place::Target(at) => (self.set.target_features(), &self.platforms.targets[at]),
            Place::Macro | Place::Script => (self.set.host_features(), &self.platforms.host),
        }
    }
}

/// Whether a dependency is followed for one of its kinds, with these features and on this platform.
fn is_active(
    features: &FeatureSet<'_>,
    link: &PackageLink<'_>,
    kind: DependencyKind,
    platform: &PlatformSpec,
) -> bool {
    let status = link.req_for_kind(kind).status();
    if status.is_never() {
        return false;
    }
    // A dependency that is not optional has no such label, which is an error here and means the same as `false`.
    let switched_on = features
        .contains((link.from().id(), FeatureLabel::OptionalDependency(link.dep_name())))
        .unwrap_or(false);
    let state = if switched_on { status.enabled_on(platform) } else { status.required_on(platform) };
    state != EnabledTernary::Disabled
}

/// Cargo links libraries only: a dependency on a package without one is ignored with a warning.
fn is_linked(link: &PackageLink<'_>) -> bool {
    let to = link.to();
    to.id() != link.from().id() && to.build_target(&BuildTargetId::Library).is_some()
}

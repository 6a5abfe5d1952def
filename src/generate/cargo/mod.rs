//! Cargo's own answer, computed from the text of `cargo metadata --all-features`: pure, so without cargo.
//!
//! Plain `cargo metadata` says which packages *could* take part in a build. Which ones do, and with which features,
//! follows from cargo's feature resolver (<https://doc.rust-lang.org/cargo/reference/resolver.html#features>), which
//! [`guppy`] simulates. [`assemble`] adds the rest: the shipped roots (`selection.rs`), the platforms ([`platforms`]), the
//! walk over the active dependencies that gives roles and edges (`resolution.rs`), and names ([`identity`]).

pub mod config;
mod describe;
mod features;
pub mod identity;
pub mod platforms;
mod raw;
mod resolution;
mod selection;

use std::fmt;
use std::str::FromStr;

use guppy::CargoMetadata;
use guppy::graph::cargo::{CargoOptions, CargoResolverVersion};
use jiff::Timestamp;

pub use self::platforms::{Cfg, Platform, Platforms};
pub use self::raw::Metadata;
pub use self::resolution::Role;
use super::{Error, Features, Root, cyclonedx};
use crate::digest::Digest;
use crate::registry::lock::Lock;

/// A version of cargo's feature resolver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolver {
    /// Features are unified over targets, build and normal dependencies.
    V1,
    /// They are kept apart.
    V2,
    /// As 2; the difference is in the choice of versions, which the lock has settled.
    V3,
}

impl Resolver {
    /// The resolver of a workspace that does not name one: its root package's edition decides.
    pub fn of_edition(edition: &str) -> Self {
        match edition {
            "2015" | "2018" => Self::V1,
            "2021" => Self::V2,
            _ => Self::V3,
        }
    }
}

impl FromStr for Resolver {
    type Err = ParseResolverError;

    fn from_str(text: &str) -> Result<Self, ParseResolverError> {
        match text {
            "1" => Ok(Self::V1),
            "2" => Ok(Self::V2),
            "3" => Ok(Self::V3),
            _ => Err(ParseResolverError),
        }
    }
}

/// Not 1, 2 or 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cargo's resolvers are called 1, 2 and 3")]
pub struct ParseResolverError;

impl fmt::Display for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1 => "1",
            Self::V2 => "2",
            Self::V3 => "3",
        })
    }
}

/// Everything the SBOM of a Cargo build follows from.
#[derive(Debug, Clone)]
pub struct Inputs<'a> {
    /// What cargo printed.
    pub metadata: &'a Metadata,
    /// The lock file, for the digests.
    pub lock: Option<&'a Lock>,
    /// The workspace's feature resolver.
    pub resolver: Resolver,
    /// Where it is built and for what.
    pub platforms: &'a Platforms,
    /// The shipped packages, as in [`Request::packages`](super::Request::packages).
    pub packages: &'a [String],
    /// Their features.
    pub features: &'a Features,
    /// The time stamp, if any.
    pub timestamp: Option<Timestamp>,
}

/// What [`assemble`] made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Assembled {
    /// CycloneDX 1.6 JSON.
    pub sbom: Vec<u8>,
    /// The shipped packages.
    pub roots: Vec<Root>,
    /// As in [`Generated::build_arguments`](super::Generated::build_arguments).
    pub build_arguments: Vec<String>,
    /// The packages that come from a registry, sorted by bom-ref.
    pub crates: Vec<Crate>,
    /// What was assumed, in sentences.
    pub notes: Vec<String>,
}

/// A package that comes from a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crate {
    /// What the SBOM calls it.
    pub bom_ref: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The registry, as `Cargo.lock` writes it.
    pub source: String,
    /// The digest of its `.crate` in the lock.
    pub digest: Option<Digest>,
}

/// Computes what cargo would build, and describes it.
pub fn assemble(inputs: &Inputs<'_>) -> Result<Assembled, Error> {
    let names = inputs.platforms.cfg_names();
    let text = names.rename(inputs.metadata.text());
    let invalid = |error: guppy::Error| Error::Metadata {
        file: inputs.metadata.file().to_owned(),
        message: error.to_string(),
    };
    let graph =
        CargoMetadata::parse_json(text.as_ref()).and_then(CargoMetadata::build_graph).map_err(invalid)?;
    let selection = selection::Selection::new(&graph, inputs)?;
    let platforms = inputs.platforms.resolve(&names)?;
    let start = features::Start::new(&graph, &selection, inputs)?;
    let resolution =
        resolution::Resolution::new(&selection, start, &platforms, inputs.resolver).map_err(invalid)?;
    let described = describe::describe(&graph, &selection, &resolution, inputs);
    let sbom = cyclonedx::write(&described.inventory, inputs.timestamp)?;
    Ok(Assembled {
        sbom,
        roots: described.roots,
        build_arguments: selection.build_arguments(inputs),
        crates: described.crates,
        notes: selection.notes,
    })
}

/// The options of guppy's simulation for a resolver.
fn options<'g>(resolver: Resolver, platforms: &platforms::Resolved) -> CargoOptions<'g> {
    let mut options = CargoOptions::new();
    options
        .set_resolver(match resolver {
            Resolver::V1 => CargoResolverVersion::V1,
            Resolver::V2 => CargoResolverVersion::V2,
            Resolver::V3 => CargoResolverVersion::V3,
        })
        .set_host_platform(platforms.host.clone())
        .set_target_platform(platforms.all_targets());
    options
}

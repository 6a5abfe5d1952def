//! Making an SBOM: from a product's build to a document that says exactly what was put into it.
//!
//! A [`Collector`] looks at one kind of [`Source`] and gathers an [`Inventory`](inventory::Inventory);
//! [`cyclonedx`] writes it as CycloneDX 1.6 JSON. Collectors are the rim: they read files and run programs. What they
//! gathered is turned into a document by pure code, so that the same input gives the same bytes, whenever and
//! wherever it is run.

pub mod cargo;
pub mod collectors;
pub mod cyclonedx;
mod error;
pub mod inventory;
mod json;
mod license;
mod lift;

use std::path::PathBuf;

use jiff::Timestamp;

pub use self::cargo::Resolver;
pub use self::error::{Error, Unresolved};
use crate::finding::Finding;

/// What an SBOM is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where to look.
    pub source: Source,
    /// The packages that are shipped, as `name` or `name@version`; none: every one that cargo would build here and that
    /// has a program or a C library.
    pub packages: Vec<String>,
    /// The target triples it is built for; none: what `build.target` says, else the host.
    pub targets: Vec<String>,
    /// Which features are switched on.
    pub features: Features,
    /// `--cfg` flags that rustc is given, beside those of `RUSTFLAGS` and cargo's configuration.
    pub cfgs: Vec<String>,
    /// Whether cargo must not use the network.
    pub offline: bool,
    /// Cargo's home, with its caches and the user's settings; none: what `CARGO_HOME` says, else `~/.cargo`.
    pub cargo_home: Option<PathBuf>,
    /// The time the SBOM is stamped with; none: it bears no time and is the same whenever it is made.
    pub timestamp: Option<Timestamp>,
}

impl Request {
    /// The default selection of a source: its default members, the host, default features, no time stamp.
    pub fn of(source: Source) -> Self {
        Self {
            source,
            packages: Vec::new(),
            targets: Vec::new(),
            features: Features::default(),
            cfgs: Vec::new(),
            offline: false,
            cargo_home: None,
            timestamp: None,
        }
    }
}

/// Where an SBOM is made from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A Cargo project: its folder, or its `Cargo.toml`.
    Project {
        /// The folder or the manifest.
        path: PathBuf,
    },
    /// What `cargo metadata --all-features --format-version 1` printed elsewhere. Neither sources nor cargo are needed.
    Metadata {
        /// The file, or `-` for standard input.
        metadata: PathBuf,
        /// The project's `Cargo.lock`, for the digests.
        lock: Option<PathBuf>,
        /// The workspace's feature resolver, which the metadata does not name: 2 unless given.
        resolver: Option<Resolver>,
    },
}

/// Which features of the shipped packages are switched on, in cargo's own terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Features {
    /// The named ones: `feature`, or `package/feature`.
    pub named: Vec<String>,
    /// Every feature there is.
    pub all: bool,
    /// The feature `default`.
    pub default: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { named: Vec::new(), all: false, default: true }
    }
}

/// An SBOM, and what is to be said about how it was made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Generated {
    /// The document: CycloneDX 1.6 JSON.
    pub sbom: Vec<u8>,
    /// What was recomputed and found broken, such as a crate whose bytes do not have the digest in `Cargo.lock`.
    pub findings: Vec<Finding>,
    /// What the SBOM says and nobody recomputed, in sentences.
    pub not_checked: Vec<String>,
    /// How many packages have a digest, by what stands behind it.
    pub digests: Digests,
    /// The shipped packages.
    pub roots: Vec<Root>,
    /// The arguments that make `cargo build` build what the SBOM describes, `build` itself and `--locked` not among them.
    pub build_arguments: Vec<String>,
    /// The programs that were run, in order.
    pub commands: Vec<Ran>,
    /// The keys of the project's own cargo configuration that cargo was told, sorted.
    pub passed_on: Vec<String>,
    /// Those that were not passed on to cargo, sorted.
    pub withheld: Vec<String>,
}

/// How many registry packages have a digest, by what stands behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digests {
    /// Recomputed from the `.crate` in cargo's cache.
    pub verified: usize,
    /// Named by `Cargo.lock`, the bytes were not at hand.
    pub lock_only: usize,
    /// The bytes in the cache have another digest.
    pub mismatched: usize,
    /// No digest is known.
    pub missing: usize,
}

/// A package that is shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What the SBOM calls it.
    pub bom_ref: String,
    /// Its folder, relative to the workspace; empty for the workspace's own.
    pub folder: String,
    /// What cargo builds from it for shipping, under the selected features.
    pub targets: Vec<Target>,
}

/// Something cargo builds for shipping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The target's name; `-` becomes `_` in the file names of libraries.
    pub name: String,
    /// What it is.
    pub kind: TargetKind,
}

/// What a shipped target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// A program.
    Program,
    /// A shared library with a C interface.
    Cdylib,
    /// A static library with a C interface.
    Staticlib,
    /// A library for other Rust packages; a root only when nothing else is there to ship.
    Library,
}

/// A program that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The program and its arguments.
    pub arguments: Vec<String>,
    /// The environment variables that were set for it; an empty value says that it was removed.
    pub environment: Vec<(String, String)>,
    /// The folder it ran in, described.
    pub folder: String,
}

/// Gathers what one kind of source holds.
pub trait Collector: Sync {
    /// Its name, as in reports.
    fn name(&self) -> &'static str;

    /// Whether this kind of source is its own.
    fn claims(&self, source: &Source) -> bool;

    /// Looks, and writes the SBOM.
    fn collect(&self, request: &Request) -> Result<Generated, Error>;
}

/// Makes the SBOM that was asked for, with the first collector that claims the source.
pub fn generate(request: &Request) -> Result<Generated, Error> {
    COLLECTORS
        .iter()
        .find(|collector| collector.claims(&request.source))
        .ok_or(Error::Unclaimed)?
        .collect(request)
}

/// Every collector, in the order they are asked.
pub const COLLECTORS: &[&dyn Collector] = &[&collectors::cargo::Cargo];

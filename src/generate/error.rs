//! Why there is no SBOM.

use crate::files;

/// Why an SBOM could not be made. None of these says anything about the product.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No collector knows this kind of source.
    #[error("no collector knows this kind of source")]
    Unclaimed,
    /// A file could not be read.
    #[error("cannot read the project")]
    File(#[from] files::Error),
    /// A folder that should hold a Cargo project has no manifest.
    #[error("there is no Cargo.toml in `{0}`")]
    NoManifest(String),
    /// A file that is no manifest.
    #[error("`{0}` is neither a folder nor a Cargo.toml")]
    NotAManifest(String),
    /// A program could not be started.
    #[error("cannot run `{program}`")]
    Start {
        /// The program.
        program: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// rustc did not say what it is.
    #[error("`{program}` does not answer as a Rust compiler: {said}")]
    Compiler {
        /// The program.
        program: String,
        /// The first lines of what it said.
        said: String,
    },
    /// Cargo would read configuration that belongs neither to the project nor to the user.
    #[error("every folder for temporary files lies below a foreign `{0}`, which cargo would obey")]
    ForeignConfiguration(String),
    /// Cargo could not resolve the project.
    #[error("cargo cannot resolve `{manifest}`: {said}")]
    Unresolved {
        /// The manifest.
        manifest: String,
        /// Cargo's own words, shortened.
        said: String,
        /// Which remedy fits.
        cause: Unresolved,
    },
    /// A program printed more than is read.
    #[error("`{program}` printed more than {limit} bytes")]
    TooMuch {
        /// The program.
        program: String,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// A file that must be text is not UTF-8.
    #[error("`{0}` is not UTF-8 text")]
    NotText(String),
    /// The project's cargo configuration or manifest is not TOML.
    #[error("`{file}` is not valid TOML: {message}")]
    Toml {
        /// The file.
        file: String,
        /// What is wrong, and where.
        message: String,
    },
    /// The text is not what `cargo metadata` prints.
    #[error("`{file}` is not the output of `cargo metadata`: {message}")]
    Metadata {
        /// The file, or what was run.
        file: String,
        /// What is wrong with it.
        message: String,
    },
    /// The lock file cannot be read.
    #[error("`{file}` is not a Cargo.lock: {message}")]
    Lock {
        /// The file.
        file: String,
        /// What is wrong with it.
        message: String,
    },
    /// The resolver version cannot be told from the manifest.
    #[error("`{file}` asks for the resolver \"{resolver}\"; only 1, 2 and 3 are known")]
    Resolver {
        /// The manifest.
        file: String,
        /// What it says.
        resolver: String,
    },
    /// A package that was asked for is not a member of the workspace.
    #[error("no package of this workspace is called `{wanted}`; its packages are: {members}")]
    NoPackage {
        /// What was asked for.
        wanted: String,
        /// What there is.
        members: String,
    },
    /// The workspace has no members that could be shipped.
    #[error("this workspace has no package to ship")]
    NoRoot,
    /// None of the shipped packages has the feature.
    #[error("no shipped package has the feature `{feature}`; the features are: {known}")]
    NoFeature {
        /// What was asked for.
        feature: String,
        /// What there is.
        known: String,
    },
    /// A target that this program has no table for.
    #[error("`{0}` is not a target triple that rustc knows by itself")]
    Target(String),
    /// Text that is not a `--cfg` flag.
    #[error("`{0}` is not a cfg: `name` or `name=\"value\"` is expected")]
    Cfg(String),
    /// A package depends on the program of another one, which no stable cargo can say.
    #[error("`{0}` uses artifact dependencies (`-Z bindeps`), which are not modelled")]
    ArtifactDependency(String),
    /// The document could not be written.
    #[error("cannot write the SBOM: {0}")]
    Write(String),
}

/// What kept cargo from resolving a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    /// `Cargo.lock` is missing or would have to change.
    Lock,
    /// Something has to be downloaded and could not be.
    Network,
    /// Something else, most often the manifest.
    Other,
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::File(source) => source.help(),
            Self::NoManifest(_) | Self::NotAManifest(_) => Some("name the folder of a Cargo project"),
            Self::Start { .. } | Self::Compiler { .. } => Some(
                "install Rust (https://rustup.rs), or run `cargo metadata` elsewhere and use `generate --cargo-metadata FILE`",
            ),
            Self::ForeignConfiguration(_) => Some("set TMPDIR to a folder of your own"),
            Self::Unresolved { cause: Unresolved::Lock, .. } => {
                Some("run `cargo generate-lockfile` or `cargo update` in the project, and commit Cargo.lock")
            }
            Self::Unresolved { cause: Unresolved::Network, .. } => {
                Some("run `cargo fetch --locked` in the project while online")
            }
            Self::Unresolved { cause: Unresolved::Other, .. } => {
                Some("`cargo metadata --locked` in the project shows all that cargo has to say")
            }
            Self::Metadata { .. } => {
                Some("make it with `cargo metadata --all-features --format-version 1 --locked`")
            }
            Self::NoPackage { .. } => Some("-p takes NAME or NAME@VERSION of a workspace member"),
            Self::Target(_) => Some("`rustc --print target-list` shows them; name one with --target"),
            Self::Resolver { .. } => {
                Some("use a cargo that knows this manifest, or `generate --cargo-metadata` with --resolver")
            }
            _ => None,
        }
    }
}

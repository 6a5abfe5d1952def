//! What of a Cargo project is looked at: flags that several commands share, in cargo's own words.

use std::path::PathBuf;

use super::context::{self, Context};
use crate::generate::{Features, Request, Source};

/// Which project.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Project {
    /// The project: its folder or its Cargo.toml; else this folder, or the nearest above it that has one
    path: Option<PathBuf>,
    /// The project's Cargo.toml, as cargo's own flag
    #[arg(long, value_name = "FILE", conflicts_with = "path")]
    manifest_path: Option<PathBuf>,
}

impl Project {
    /// The folder or manifest that was given.
    pub(crate) fn path(&self) -> PathBuf {
        self.manifest_path.as_ref().or(self.path.as_ref()).cloned().unwrap_or_else(context::project_here)
    }
}

/// Which packages, platforms and features.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "What is looked at")]
pub(crate) struct Selection {
    /// A package that is shipped, `name` or `name@version`; else all that cargo would build here
    #[arg(short, long = "package", value_name = "PACKAGE")]
    packages: Vec<String>,
    /// A target triple it is built for; else the host
    #[arg(long = "target", value_name = "TRIPLE")]
    targets: Vec<String>,
    /// Features to switch on, separated by commas
    #[arg(
        short = 'F',
        long,
        value_name = "FEATURES",
        value_delimiter = ',',
        conflicts_with = "all_features"
    )]
    features: Vec<String>,
    /// Switch on every feature
    #[arg(long)]
    all_features: bool,
    /// Leave the feature `default` off
    #[arg(long)]
    no_default_features: bool,
    /// Cargo may not go online, not even for locked crates
    #[arg(long)]
    pub(crate) offline: bool,
}

impl Selection {
    /// What to ask the library for.
    pub(crate) fn request(&self, source: Source, context: &Context) -> Request {
        let features = Features {
            named: self.features.clone(),
            all: self.all_features,
            default: !self.no_default_features,
        };
        Request {
            packages: self.packages.clone(),
            targets: self.targets.clone(),
            features,
            offline: self.offline,
            timestamp: context.stated_time,
            ..Request::of(source)
        }
    }
}

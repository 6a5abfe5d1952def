//! Cargo projects: calls cargo so that the project decides nothing about what is run, and reads what the SBOM follows from.
//!
//! Plain `cargo metadata` in a project's folder runs the `rustc-wrapper` that the project's `.cargo/config.toml` names, and
//! rustup installs the toolchain that its `rust-toolchain.toml` names. Here cargo runs in an empty folder of its own, with
//! the compiler set, every wrapper unset and the toolchain pinned; [`config`] says what it is told of the project's
//! configuration. Cargo itself runs nothing of a project before it builds.

use std::path::{Path, PathBuf};

use super::settings::{configuration, platforms, resolver_of, user_configuration, variable};
use super::workplace::Workplace;
use crate::files;
use crate::finding::{Finding, Rule, Severity};
use crate::generate::cargo::config::{self, Config};
use crate::generate::cargo::{self as build, Assembled, Crate, Inputs, Metadata, Resolver};
use crate::generate::{Collector, Digests, Error, Generated, Request, Source};
use crate::registry::lock::{self, Lock};
use crate::registry::package::{Cache, Held};

/// Cargo projects, and the output of `cargo metadata` without one.
#[derive(Debug, Clone, Copy)]
pub struct Cargo;

impl Collector for Cargo {
    fn name(&self) -> &'static str {
        "cargo"
    }

    fn claims(&self, source: &Source) -> bool {
        matches!(source, Source::Project { .. } | Source::Metadata { .. })
    }

    fn collect(&self, request: &Request) -> Result<Generated, Error> {
        match &request.source {
            Source::Project { path } => project(request, path),
            Source::Metadata { metadata, lock, resolver } => {
                elsewhere(request, metadata, lock.as_deref(), resolver.unwrap_or(Resolver::V2))
            }
        }
    }
}

/// From a project on disk, with cargo.
fn project(request: &Request, path: &Path) -> Result<Generated, Error> {
    let manifest = manifest_of(path)?;
    let cargo_home = request.cargo_home.clone().or_else(cargo_home);
    let folder = manifest.parent().unwrap_or(Path::new("/"));
    let own = configuration(folder, cargo_home.as_deref())?;
    let user = cargo_home.as_deref().map(user_configuration).transpose()?.unwrap_or_default();
    let share = Config::merge(&own)?.share();
    let settings = Config::merge(&[own, user].concat())?;

    let mut workplace = Workplace::new(cargo_home.as_deref(), &share.text)?;
    let toolchain = workplace.toolchain()?;
    let metadata = workplace.metadata(&toolchain, &manifest, request.offline)?;
    let metadata = Metadata::parse(metadata, "cargo metadata")?;

    let (mut platforms, native) = platforms(request, &settings, &toolchain.host)?;
    if metadata.asks_for_target_features() {
        let mut features = |triple: &str, flags: &[String]| {
            workplace.target_features(&toolchain, triple, &config::target_feature_flags(flags))
        };
        for platform in &mut platforms.targets {
            platform.target_features =
                features(&platform.triple, &settings.rustflags(&platform.triple, variable));
        }
        platforms.host.target_features = match &platforms.targets[..] {
            [target] if native => target.target_features.clone(),
            _ => features(&platforms.host.triple, &[]),
        };
    }
    let root = Path::new(metadata.workspace_root());
    let lock = read_lock(&root.join("Cargo.lock"))?;
    let resolver = resolver_of(&root.join("Cargo.toml"))?;
    let assembled = build::assemble(&Inputs {
        metadata: &metadata,
        lock: Some(&lock),
        resolver,
        platforms: &platforms,
        packages: &request.packages,
        features: &request.features,
        timestamp: request.timestamp,
    })?;

    let cache = cargo_home.as_deref().map(Cache::open);
    let (digests, findings) = verify(&assembled.crates, cache.as_ref());
    let mut not_checked = digests_not_checked(digests);
    not_checked.extend(assembled.notes.iter().cloned());
    not_checked
        .push("unpacked and vendored sources were not compared with the packages they come from".to_owned());
    Ok(Generated {
        findings,
        not_checked,
        digests,
        commands: workplace.into_ran(),
        passed_on: share.passed_on.into_iter().collect(),
        withheld: share.withheld.into_iter().collect(),
        ..generated(request, assembled)
    })
}

/// From what `cargo metadata` printed elsewhere, with nothing else.
fn elsewhere(
    request: &Request,
    metadata: &Path,
    lock: Option<&Path>,
    resolver: Resolver,
) -> Result<Generated, Error> {
    let bytes = files::read(metadata, METADATA_LIMIT)?;
    let metadata = Metadata::parse(bytes, &metadata.display().to_string())?;
    let lock = lock.map(read_lock).transpose()?;
    let (platforms, _) = platforms(request, &Config::default(), &native_triple()?)?;
    let assembled = build::assemble(&Inputs {
        metadata: &metadata,
        lock: lock.as_ref(),
        resolver,
        platforms: &platforms,
        packages: &request.packages,
        features: &request.features,
        timestamp: request.timestamp,
    })?;
    let (digests, findings) = verify(&assembled.crates, None);
    let mut not_checked = match lock {
        Some(_) => digests_not_checked(digests),
        None => vec!["digests: no Cargo.lock was given".to_owned()],
    };
    not_checked.extend(assembled.notes.iter().cloned());
    not_checked.push("the project itself was not at hand: cargo's metadata is taken as it stands".to_owned());
    if metadata.asks_for_target_features() {
        not_checked.push(
            "some dependencies hang on target features: the baseline of each architecture was assumed"
                .to_owned(),
        );
    }
    Ok(Generated { findings, not_checked, digests, ..generated(request, assembled) })
}

/// What follows from the computation alone.
fn generated(request: &Request, assembled: Assembled) -> Generated {
    let mut build_arguments = assembled.build_arguments;
    for target in &request.targets {
        build_arguments.extend(["--target".to_owned(), target.clone()]);
    }
    Generated {
        sbom: assembled.sbom,
        findings: Vec::new(),
        not_checked: Vec::new(),
        digests: Digests::default(),
        roots: assembled.roots,
        build_arguments,
        commands: Vec::new(),
        passed_on: Vec::new(),
        withheld: Vec::new(),
    }
}

/// The manifest of a folder, or the manifest itself; an absolute path, for cargo runs elsewhere.
fn manifest_of(path: &Path) -> Result<PathBuf, Error> {
    let unreadable = |source| files::Error::Read { path: path.to_owned(), source };
    let path = std::path::absolute(path).map_err(unreadable)?;
    let metadata = match std::fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(files::Error::Missing(path).into());
        }
        Err(error) => return Err(unreadable(error).into()),
    };
    if !metadata.is_dir() {
        let is_manifest = path.file_name().is_some_and(|name| name == "Cargo.toml");
        return if is_manifest { Ok(path) } else { Err(Error::NotAManifest(path.display().to_string())) };
    }
    let manifest = path.join("Cargo.toml");
    if manifest.is_file() { Ok(manifest) } else { Err(Error::NoManifest(path.display().to_string())) }
}

fn read_lock(path: &Path) -> Result<Lock, Error> {
    let bytes = files::read(path, lock::LIMIT)?;
    Lock::parse(&bytes)
        .map_err(|error| Error::Lock { file: path.display().to_string(), message: error.to_string() })
}

/// Compares what the lock says with the packages in cargo's cache.
fn verify(crates: &[Crate], cache: Option<&Cache>) -> (Digests, Vec<Finding>) {
    let mut digests = Digests::default();
    let mut findings = Vec::new();
    for each in crates {
        let Some(expected) = &each.digest else {
            digests.missing += 1;
            continue;
        };
        let held = cache
            .map_or(Held::Nothing, |cache| cache.look(&each.name, &each.version, &each.source, expected));
        match held {
            Held::Same => digests.verified += 1,
            Held::Nothing => digests.lock_only += 1,
            Held::Unreadable { file, why } => {
                digests.lock_only += 1;
                findings.push(DIGEST.not_evaluated(&each.bom_ref, format!("`{file}` cannot be read: {why}")));
            }
            Held::Other { found, file } => {
                digests.mismatched += 1;
                let message = format!("`{file}` in cargo's home is not what Cargo.lock names");
                findings.push(
                    DIGEST
                        .fail(&each.bom_ref, message)
                        .because("Cargo.lock", expected)
                        .because("cargo's cache", found),
                );
            }
        }
    }
    (digests, findings)
}

fn digests_not_checked(digests: Digests) -> Vec<String> {
    let all = digests.verified + digests.lock_only + digests.mismatched + digests.missing;
    let mut sentences = Vec::new();
    if digests.lock_only > 0 {
        sentences.push(format!(
            "{} of {all} digests stand in Cargo.lock alone: the packages are not in cargo's cache",
            digests.lock_only
        ));
    }
    if digests.missing > 0 {
        sentences
            .push(format!("{} of {all} registry packages have no digest in Cargo.lock", digests.missing));
    }
    sentences
}

fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let home = named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))?;
    std::path::absolute(home).ok()
}

/// The triple that this program was built for: the best guess at a host when no rustc is asked.
fn native_triple() -> Result<String, Error> {
    let platform = target_spec::Platform::build_target().map_err(|error| Error::Target(error.to_string()))?;
    Ok(platform.triple_str().to_owned())
}

/// A `.crate` whose bytes are not those that the lock names.
pub static DIGEST: Rule = Rule {
    id: "U02",
    title: "a package has the digest that Cargo.lock names",
    severity: Severity::Critical,
    remedy: "remove the file and run `cargo fetch --locked`; if it comes back different, do not build",
};

/// The most of `cargo metadata` that is read, in bytes: some twenty-five times that of a thousand packages.
pub const METADATA_LIMIT: u64 = 128 * 1024 * 1024;

//! Cargo projects: calls cargo so that the project decides nothing about what is run, and reads what the SBOM follows from.
//!
//! Plain `cargo metadata` in a project's folder runs the `rustc-wrapper` that the project's `.cargo/config.toml` names, and
//! rustup installs the toolchain that its `rust-toolchain.toml` names. Here cargo runs in an empty folder of its own, with
//! the compiler set, every wrapper unset and the toolchain pinned; [`config`] says what it is told of the project's
//! configuration. Cargo itself runs nothing of a project before it builds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::workplace::Workplace;
use crate::files;
use crate::finding::{Finding, Rule, Severity};
use crate::generate::cargo::config::{self, Config, File};
use crate::generate::cargo::{
    self as build, Assembled, Cfg, Crate, Inputs, Metadata, Platform, Platforms, Resolver,
};
use crate::generate::{Collector, Digests, Error, Generated, Ran, Request, Source};
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
    let (passed_on, withheld) = Config::merge(&own)?.pass_on();
    let settings = Config::merge(&[own, user].concat())?;

    let mut workplace = Workplace::new(cargo_home.as_deref(), &passed_on)?;
    let toolchain = workplace.toolchain()?;
    let metadata = workplace.metadata(&toolchain, &manifest, request.offline)?;
    let metadata = Metadata::parse(metadata, "cargo metadata")?;

    let mut platforms = platforms(request, &settings, &toolchain.host)?;
    if metadata.asks_for_target_features() {
        for platform in platforms.targets.iter_mut().chain([&mut platforms.host]) {
            let flags = config::target_feature_flags(&settings.rustflags(&platform.triple, variable));
            platform.target_features = workplace.target_features(&toolchain, &platform.triple, &flags);
        }
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
    not_checked
        .push("unpacked and vendored sources were not compared with the packages they come from".to_owned());
    Ok(generated(request, assembled, digests, findings, not_checked, workplace.into_ran(), withheld))
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
    let platforms = platforms(request, &Config::default(), &native_triple()?)?;
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
    not_checked.push("the project itself was not at hand: cargo's metadata is taken as it stands".to_owned());
    if metadata.asks_for_target_features() {
        not_checked.push(
            "some dependencies hang on target features: the baseline of each architecture was assumed"
                .to_owned(),
        );
    }
    Ok(generated(request, assembled, digests, findings, not_checked, Vec::new(), Vec::new()))
}

fn generated(
    request: &Request,
    assembled: Assembled,
    digests: Digests,
    findings: Vec<Finding>,
    mut not_checked: Vec<String>,
    commands: Vec<Ran>,
    withheld: Vec<String>,
) -> Generated {
    not_checked.extend(assembled.notes);
    let mut build_arguments = assembled.build_arguments;
    for target in &request.targets {
        build_arguments.extend(["--target".to_owned(), target.clone()]);
    }
    Generated {
        sbom: assembled.sbom,
        findings,
        not_checked,
        digests,
        roots: assembled.roots,
        build_arguments,
        commands,
        withheld,
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
        return Ok(path);
    }
    let manifest = path.join("Cargo.toml");
    if manifest.is_file() { Ok(manifest) } else { Err(Error::NoManifest(path.display().to_string())) }
}

/// The configuration files that cargo would obey in a folder, the nearest first, without the user's own.
fn configuration(folder: &Path, cargo_home: Option<&Path>) -> Result<Vec<File>, Error> {
    let mut found = Vec::new();
    for base in folder.ancestors() {
        let dot_cargo = base.join(".cargo");
        if cargo_home == Some(dot_cargo.as_path()) {
            continue;
        }
        if let Some(path) = configuration_in(&dot_cargo) {
            read_configuration(&path, base, 0, &mut found)?;
        }
    }
    Ok(found)
}

fn user_configuration(cargo_home: &Path) -> Result<Vec<File>, Error> {
    let mut found = Vec::new();
    if let Some(path) = configuration_in(cargo_home) {
        read_configuration(&path, cargo_home.parent().unwrap_or(cargo_home), 0, &mut found)?;
    }
    Ok(found)
}

/// Cargo prefers the old name when both are there.
fn configuration_in(dot_cargo: &Path) -> Option<PathBuf> {
    ["config", "config.toml"].map(|name| dot_cargo.join(name)).into_iter().find(|path| path.is_file())
}

fn read_configuration(path: &Path, base: &Path, depth: usize, found: &mut Vec<File>) -> Result<(), Error> {
    let name = path.display().to_string();
    if depth > INCLUDE_DEPTH || found.len() >= CONFIGURATION_FILES {
        return Err(Error::Toml { file: name, message: "it is included too deeply or too often".to_owned() });
    }
    let bytes = files::read(path, CONFIGURATION_LIMIT)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::NotText(name.clone()))?;
    let file = File { name, base: base.to_owned(), text };
    let includes = Config::includes(&file)?;
    found.push(file);
    // What a file says itself goes before what it includes, and the last include before the others.
    for include in includes.iter().rev() {
        let path = path.parent().unwrap_or(base).join(&include.path);
        if include.optional && !path.exists() {
            continue;
        }
        read_configuration(&path, base, depth + 1, found)?;
    }
    Ok(())
}

/// What it is built for, and the `--cfg` flags. Without a target that is named, cargo gives the flags to build scripts and
/// procedural macros too (<https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags>).
fn platforms(request: &Request, settings: &Config, host: &str) -> Result<Platforms, Error> {
    let given = request.cfgs.iter().map(|cfg| cfg.parse()).collect::<Result<BTreeSet<Cfg>, _>>()?;
    let is_project = matches!(request.source, Source::Project { .. });
    let platform = |triple: &str| -> Result<Platform, Error> {
        let mut platform = Platform::new(if triple == "host-tuple" { host } else { triple });
        if is_project {
            platform.cfgs = config::cfgs(&settings.rustflags(&platform.triple, variable))?;
        }
        platform.cfgs.extend(given.iter().cloned());
        Ok(platform)
    };
    let mut named = request.targets.clone();
    if named.is_empty() && is_project {
        named = variable("CARGO_BUILD_TARGET").map_or_else(|| settings.targets(), |target| vec![target]);
    }
    named.sort();
    named.dedup();
    if named.is_empty() {
        let native = platform(host)?;
        return Ok(Platforms { host: native.clone(), targets: vec![native] });
    }
    let targets = named.iter().map(|triple| platform(triple)).collect::<Result<_, _>>()?;
    Ok(Platforms { host: Platform::new(host), targets })
}

fn read_lock(path: &Path) -> Result<Lock, Error> {
    let bytes = files::read(path, lock::LIMIT)?;
    Lock::parse(&bytes)
        .map_err(|error| Error::Lock { file: path.display().to_string(), message: error.to_string() })
}

/// What the root manifest says of the resolver; cargo's metadata does not repeat it.
fn resolver_of(manifest: &Path) -> Result<Resolver, Error> {
    let name = manifest.display().to_string();
    let bytes = files::read(manifest, MANIFEST_LIMIT)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::NotText(name.clone()))?;
    let manifest: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| Error::Toml { file: name.clone(), message: error.to_string() })?;
    let workspace = manifest.get("workspace");
    let package = manifest.get("package").or_else(|| manifest.get("project"));
    let named =
        workspace.and_then(|it| it.get("resolver")).or_else(|| package.and_then(|it| it.get("resolver")));
    if let Some(named) = named {
        let text = named.as_str().map_or_else(|| named.to_string(), str::to_owned);
        return text.parse().map_err(|_| Error::Resolver { file: name, resolver: text });
    }
    let Some(package) = package else {
        return Ok(Resolver::V1);
    };
    let edition = match package.get("edition") {
        Some(toml::Value::String(edition)) => Some(edition.as_str()),
        Some(_) => workspace.and_then(|it| it.get("package")?.get("edition")?.as_str()),
        None => None,
    };
    Ok(Resolver::of_edition(edition.unwrap_or("2015")))
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

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
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

/// The largest manifest that is read, in bytes.
pub const MANIFEST_LIMIT: u64 = 16 * 1024 * 1024;

/// The largest configuration file that is read, in bytes.
pub const CONFIGURATION_LIMIT: u64 = 1024 * 1024;

/// How deeply configuration files may include each other.
pub const INCLUDE_DEPTH: usize = 8;

/// How many configuration files are read.
pub const CONFIGURATION_FILES: usize = 64;

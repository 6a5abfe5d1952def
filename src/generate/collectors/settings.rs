//! What a project's and a user's settings say about a build: configuration files, the resolver, platforms and flags.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::files;
use crate::generate::cargo::config::{self, Config, File};
use crate::generate::cargo::{Cfg, Platform, Platforms, Resolver};
use crate::generate::{Error, Request, Source};

/// The configuration files that cargo would obey in a folder, the nearest first, without the user's own.
pub(super) fn configuration(folder: &Path, cargo_home: Option<&Path>) -> Result<Vec<File>, Error> {
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

pub(super) fn user_configuration(cargo_home: &Path) -> Result<Vec<File>, Error> {
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

/// What it is built for, and the `--cfg` flags; and whether no target was named, for then cargo gives the flags to build
/// scripts and procedural macros too (<https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags>).
pub(super) fn platforms(
    request: &Request,
    settings: &Config,
    host: &str,
) -> Result<(Platforms, bool), Error> {
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
        return Ok((Platforms { host: native.clone(), targets: vec![native] }, true));
    }
    let targets = named.iter().map(|triple| platform(triple)).collect::<Result<_, _>>()?;
    Ok((Platforms { host: Platform::new(host), targets }, false))
}

/// What the root manifest says of the resolver; cargo's metadata does not repeat it.
pub(super) fn resolver_of(manifest: &Path) -> Result<Resolver, Error> {
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

pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The largest manifest that is read, in bytes.
pub const MANIFEST_LIMIT: u64 = 16 * 1024 * 1024;

/// The largest configuration file that is read, in bytes.
pub const CONFIGURATION_LIMIT: u64 = 1024 * 1024;

/// How deeply configuration files may include each other.
pub const INCLUDE_DEPTH: usize = 8;

/// How many configuration files are read.
pub const CONFIGURATION_FILES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Access;

    fn resolver(manifest: &str) -> Result<Resolver, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Cargo.toml");
        files::write(&path, manifest.as_bytes(), Access::Shared).unwrap();
        resolver_of(&path)
    }

    #[test]
    fn the_resolver_follows_from_the_manifest_as_in_cargo() {
        for (manifest, expected) in [
            ("[workspace]\n", Resolver::V1),
            ("[workspace]\nresolver = '3'\n", Resolver::V3),
            ("[package]\nname = 'a'\n", Resolver::V1),
            ("[package]\nname = 'a'\nedition = '2018'\n", Resolver::V1),
            ("[package]\nname = 'a'\nedition = '2021'\n", Resolver::V2),
            ("[package]\nname = 'a'\nedition = '2024'\n", Resolver::V3),
            ("[package]\nname = 'a'\nedition = '2024'\nresolver = '1'\n", Resolver::V1),
            ("[workspace]\nresolver = '2'\n[package]\nname = 'a'\nedition = '2015'\n", Resolver::V2),
            (
                "[package]\nname = 'a'\nedition.workspace = true\n[workspace.package]\nedition = '2021'\n",
                Resolver::V2,
            ),
        ] {
            assert_eq!(resolver(manifest).unwrap(), expected, "{manifest}");
        }
    }

    #[test]
    fn a_resolver_that_is_not_known_is_refused() {
        for manifest in ["[workspace]\nresolver = '9'\n", "[workspace]\nresolver = 2.5\n"] {
            assert!(matches!(resolver(manifest), Err(Error::Resolver { .. })), "{manifest}");
        }
        assert!(matches!(resolver("[workspace\n"), Err(Error::Toml { .. })));
    }

    #[test]
    fn a_manifest_is_read_within_its_limit() {
        let large = "#".repeat(usize::try_from(MANIFEST_LIMIT).unwrap() + 1);
        let error = resolver(&large).unwrap_err();
        assert!(
            matches!(error, Error::File(files::Error::TooLarge { limit: MANIFEST_LIMIT, .. })),
            "{error}"
        );
    }

    #[test]
    fn configuration_files_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            files::write(folder.path().join(".cargo").join(name), text.as_bytes(), Access::Shared).unwrap();
        };
        put("leaf.toml", "");
        let many = vec!["'leaf.toml'"; CONFIGURATION_FILES - 1].join(",");
        put("config.toml", &format!("include = [{many}]"));
        assert_eq!(configuration(folder.path(), None).unwrap().len(), CONFIGURATION_FILES);
        put("config.toml", &format!("include = [{many},'leaf.toml']"));
        assert!(matches!(configuration(folder.path(), None), Err(Error::Toml { .. })));
    }

    #[test]
    fn the_users_own_configuration_is_not_taken_for_the_projects() {
        let home = tempfile::tempdir().unwrap();
        let (cargo_home, project) = (home.path().join(".cargo"), home.path().join("project"));
        files::write(cargo_home.join("config.toml"), b"[alias]", Access::Shared).unwrap();
        files::write(project.join(".cargo/config"), b"[env]", Access::Shared).unwrap();
        files::write(project.join(".cargo/config.toml"), b"[http]", Access::Shared).unwrap();
        let found = configuration(&project, Some(&cargo_home)).unwrap();
        let texts: Vec<_> = found.iter().map(|file| file.text.as_str()).collect();
        assert_eq!(texts, ["[env]"], "and of two names, cargo takes the old one");
        assert_eq!(user_configuration(&cargo_home).unwrap()[0].text, "[alias]");
    }
}

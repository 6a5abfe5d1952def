//! `generate` on trees and files that mean harm, or are broken.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use sbom_attest::files;
use sbom_attest::generate::cargo::{Inputs, Metadata, Platforms, assemble};
use sbom_attest::generate::collectors::cargo::METADATA_LIMIT;
use sbom_attest::generate::collectors::settings::{CONFIGURATION_LIMIT, INCLUDE_DEPTH};
use sbom_attest::generate::{Error, Features, Request, Resolver, Source, Unresolved, generate};

use crate::generate::{copy, metadata_of, offline, testdata, write};

/// Every file of a tree with its bytes.
#[expect(clippy::disallowed_methods, reason = "a test looks at a tree")]
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// A program that leaves a trace and then does what it wraps.
#[cfg(unix)]
fn tripwire(path: &Path, trace: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    write(path, format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\nexec \"$@\"\n", trace.display()));
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn nothing_that_the_tree_names_is_executed_and_nothing_is_written() {
    let top = tempfile::tempdir().unwrap();
    let (project, trace) = (top.path().join("project"), top.path().join("trace"));
    copy(&testdata("vendored"), &project);
    let wire = project.join("wire");
    tripwire(&wire, &trace);
    for tool in ["cargo", "rustc"] {
        tripwire(&project.join("toolchain/bin").join(tool), &trace);
    }
    let wire = wire.display();
    write(
        project.join(".cargo/config.toml"),
        format!(
            "include = ['more.toml']\n\
             [build]\nrustc-wrapper = '{wire}'\n\
             [source.crates-io]\nreplace-with = 'vendored'\n[source.vendored]\ndirectory = 'vendor'\n\
             [registry]\nglobal-credential-providers = ['{wire}']\n[credential-alias]\nx = ['{wire}']\n\
             [net]\ngit-fetch-with-cli = true\n[alias]\nmetadata = 'version'\n[env]\nRUSTC_WRAPPER = '{wire}'\n\
             [target.x86_64-unknown-linux-gnu]\nrunner = '{wire}'\nlinker = '{wire}'\n"
        ),
    );
    write(
        project.join(".cargo/more.toml"),
        format!("[build]\nrustc = '{wire}'\nrustc-workspace-wrapper = '{wire}'\nrustdoc = '{wire}'\n"),
    );
    write(project.join("rust-toolchain.toml"), "[toolchain]\npath = 'toolchain'\n");
    write(project.join("build.rs"), "fn main() { panic!() }\n");
    let before = tree(&project);

    let generated = generate(&offline(&project)).unwrap();
    assert!(!trace.exists(), "{}", String::from_utf8_lossy(&files::read(&trace, 4096).unwrap()));
    assert_eq!(before, tree(&project), "the tree is as it was");
    for key in ["build.rustc-wrapper", "build.rustc-workspace-wrapper", "build.rustc", "alias", "env"] {
        assert!(generated.withheld.iter().any(|withheld| withheld == key), "{key}: {:?}", generated.withheld);
    }
    let asked: Vec<_> = generated.commands.iter().map(|ran| ran.arguments.join(" ")).collect();
    assert_eq!(asked.len(), 2, "rustc for its version, cargo for the metadata: {asked:?}");

    // The wire does work: cargo, called in the tree as others call it, trips it.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut plain = Command::new(cargo);
    plain.args(["metadata", "--format-version", "1", "--locked", "--offline"]).current_dir(&project);
    plain.env_remove("RUSTC_WRAPPER").env_remove("RUSTC").output().unwrap();
    assert!(trace.exists(), "the tripwire is broken");
}

fn refused(request: &Request) -> Error {
    match generate(request) {
        Err(error) => error,
        Ok(generated) => panic!("an SBOM of {} bytes", generated.sbom.len()),
    }
}

fn project(manifest: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("Cargo.toml"), manifest);
    write(folder.path().join("src/main.rs"), "fn main() {}\n");
    folder
}

const SHOP: &str = "[package]\nname = \"shop\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n";
const LOCK: &str = "version = 4\n[[package]]\nname = \"shop\"\nversion = \"1.0.0\"\n";

#[test]
fn a_missing_project_and_a_folder_without_manifest_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let error = refused(&offline(folder.path()));
    assert!(matches!(error, Error::NoManifest(_)), "{error}");
    assert!(error.help().is_some());
    let error = refused(&offline(folder.path().join("no")));
    assert!(matches!(error, Error::File(files::Error::Missing(_))), "{error}");
}

#[test]
fn a_project_without_a_lock_file_is_refused_with_what_to_do() {
    let folder = project(SHOP);
    let error = refused(&offline(folder.path()));
    assert!(matches!(error, Error::Unresolved { cause: Unresolved::Lock, .. }), "{error}");
    assert!(error.help().unwrap().contains("Cargo.lock"), "{:?}", error.help());
    assert!(!folder.path().join("Cargo.lock").exists(), "and none is made");
}

#[test]
fn a_malformed_manifest_is_refused_in_cargos_own_words() {
    let error = refused(&offline(project("[package]\nname = \n").path()));
    let Error::Unresolved { said, cause: Unresolved::Other, .. } = &error else { panic!("{error}") };
    assert!(said.contains("string") || said.contains("Cargo.toml"), "{said}");
    let error = refused(&offline(project("[package]\nname = \"a\"\nversion = \"1\"\n\u{0}").path()));
    assert!(matches!(error, Error::Unresolved { .. }), "{error}");
}

#[test]
fn a_package_that_is_nowhere_is_refused() {
    let folder = project(&SHOP.replace("[workspace]", "[dependencies]\nbell = \"0.3\"\n[workspace]"));
    let sum = "0".repeat(64);
    let source = "registry+https://github.com/rust-lang/crates.io-index";
    write(
        folder.path().join("Cargo.lock"),
        format!(
            "version = 4\n[[package]]\nname = \"bell\"\nversion = \"0.3.99\"\nsource = \"{source}\"\nchecksum = \"{sum}\"\n\
             [[package]]\nname = \"shop\"\nversion = \"1.0.0\"\ndependencies = [\"bell\"]\n"
        ),
    );
    let home = tempfile::tempdir().unwrap();
    let error = refused(&Request { cargo_home: Some(home.path().to_owned()), ..offline(folder.path()) });
    assert!(matches!(error, Error::Unresolved { .. }), "{error}");
}

#[test]
fn a_broken_configuration_is_refused_by_name() {
    for (text, expected) in
        [("[build", "config.toml"), ("include = [\"no.toml\"]", "no.toml"), ("include = 1", "include")]
    {
        let folder = project(SHOP);
        write(folder.path().join("Cargo.lock"), LOCK);
        write(folder.path().join(".cargo/config.toml"), text);
        let error = refused(&offline(folder.path()));
        let shown = format!("{error} {:?}", std::error::Error::source(&error).map(ToString::to_string));
        assert!(shown.contains(expected), "{text}: {shown}");
    }
    let folder = project(SHOP);
    write(folder.path().join(".cargo/config.toml"), b"\xff\xfe");
    assert!(matches!(refused(&offline(folder.path())), Error::NotText(_)));
}

#[test]
fn configuration_is_read_within_limits() {
    let folder = project(SHOP);
    write(folder.path().join("Cargo.lock"), LOCK);
    let config = folder.path().join(".cargo/config.toml");
    write(&config, "#".repeat(usize::try_from(CONFIGURATION_LIMIT).unwrap() + 1));
    let error = refused(&offline(folder.path()));
    assert!(
        matches!(error, Error::File(files::Error::TooLarge { limit: CONFIGURATION_LIMIT, .. })),
        "{error}"
    );
    write(&config, "include = [\"config.toml\"]");
    let error = refused(&offline(folder.path()));
    assert!(error.to_string().contains("config.toml") && INCLUDE_DEPTH > 0, "{error}");
}

#[cfg(unix)]
#[test]
fn a_folder_whose_name_is_no_text_is_refused_or_read() {
    use std::os::unix::ffi::OsStrExt as _;
    let top = tempfile::tempdir().unwrap();
    let project = top.path().join(std::ffi::OsStr::from_bytes(b"sh\xffop"));
    copy(&testdata("vendored"), &project);
    match generate(&offline(&project)) {
        Ok(generated) => assert!(!generated.sbom.is_empty()),
        Err(error) => assert!(matches!(error, Error::Unresolved { .. }), "{error}"),
    }
}

#[test]
fn a_selection_that_is_not_there_lists_what_is() {
    let of = |change: fn(&mut Request)| {
        let mut request = offline(testdata("hard"));
        change(&mut request);
        refused(&request).to_string()
    };
    assert!(of(|it| it.packages = vec!["nope".to_owned()]).contains("backend, both, buildmac"));
    assert!(of(|it| it.packages = vec!["tool@9.9.9".to_owned()]).contains("tool@9.9.9"));
    let error = of(|it| {
        it.packages = vec!["tool".to_owned()];
        it.features.named = vec!["quiet".to_owned()];
    });
    assert!(error.contains("default, loud, tls"), "{error}");
    assert!(of(|it| it.targets = vec!["x86_64-unknown-plan10".to_owned()]).contains("plan10"));
    assert!(of(|it| it.targets = vec!["custom.json".to_owned()]).contains("custom.json"));
    assert!(of(|it| it.cfgs = vec!["a b".to_owned()]).contains("a b"));
}

fn from_metadata(bytes: &[u8], lock: Option<&[u8]>) -> Error {
    let folder = tempfile::tempdir().unwrap();
    let metadata = folder.path().join("metadata.json");
    write(&metadata, bytes);
    let lock = lock.map(|bytes| {
        let path = folder.path().join("Cargo.lock");
        write(&path, bytes);
        path
    });
    refused(&Request::of(Source::Metadata { metadata, lock, resolver: None }))
}

#[test]
fn metadata_that_is_none_is_refused() {
    let good = metadata_of(&testdata("vendored"));
    let truncated = &good[..good.len() / 2];
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    for bytes in [&b""[..], b"{}", b"[]", b"null", truncated, &deep] {
        let error = from_metadata(bytes, None);
        assert!(matches!(error, Error::Metadata { .. }), "{error}");
        assert!(error.help().unwrap().contains("cargo metadata --all-features"));
    }
    assert!(matches!(from_metadata(b"\xff", None), Error::NotText(_)));
    for lock in [&b"\xff"[..], b"version = ", b"[[package]]\nname = 1\n"] {
        assert!(matches!(from_metadata(&good, Some(lock)), Error::Lock { .. }));
    }
}

#[test]
fn a_folder_or_too_much_in_the_place_of_metadata_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let of = |path: &Path| {
        refused(&Request::of(Source::Metadata { metadata: path.to_owned(), lock: None, resolver: None }))
    };
    assert!(matches!(of(folder.path()), Error::File(files::Error::Directory(_))));
    assert!(matches!(of(&folder.path().join("no")), Error::File(files::Error::Missing(_))));
    let large = folder.path().join("large");
    // Sparse: it takes no room on the disk.
    std::fs::File::create(&large).unwrap().set_len(METADATA_LIMIT + 1).unwrap();
    assert!(matches!(of(&large), Error::File(files::Error::TooLarge { limit: METADATA_LIMIT, .. })));
}

/// Metadata with bytes changed here and there is refused or taken, and never more than that.
#[test]
fn changed_metadata_never_panics() {
    let good = metadata_of(&testdata("hard"));
    let platforms = Platforms::native("x86_64-unknown-linux-gnu");
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..300 {
        let mut bytes = good.clone();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] = b" \"{}[],:0azA/#@+"[random(16)],
                1 => drop(bytes.remove(at)),
                2 => {
                    let (from, length) = (random(good.len() - 64), random(64));
                    bytes.splice(at..at, good[from..from + length].iter().copied());
                }
                // Swap one word of the document for another, so that it stays JSON more often.
                _ => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let words: Vec<_> = text.match_indices('"').map(|(at, _)| at).collect();
                    let word = |n: usize| words.get(n).zip(words.get(n + 1)).map(|(&a, &b)| a..=b);
                    let (a, b) = (word(random(words.len())), word(random(words.len())));
                    if let (Some(a), Some(b)) = (a, b) {
                        let other = text[b].to_owned();
                        bytes = text.into_bytes();
                        bytes.splice(a, other.into_bytes());
                    }
                }
            }
        }
        let result = Metadata::parse(bytes, "changed").and_then(|metadata| {
            assemble(&Inputs {
                metadata: &metadata,
                lock: None,
                resolver: Resolver::V2,
                platforms: &platforms,
                packages: &[],
                features: &Features::default(),
                timestamp: None,
            })
        });
        if result.is_ok() { taken += 1 } else { refused += 1 }
    }
    assert!(taken > 10 && refused > 10, "{taken} taken, {refused} refused");
}

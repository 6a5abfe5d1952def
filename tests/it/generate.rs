//! `generate` on projects of ours: what the SBOM says, and that it says the same everywhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use sbom_attest::digest::Digest;
use sbom_attest::finding::Status;
use sbom_attest::generate::{
    Digests, Features, Generated, Request, Resolver, Root, Source, Target, TargetKind, generate,
};
use serde_json::Value;

use crate::sandbox::Sandbox;

/// A project under `testdata/generate`.
pub(crate) fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/generate").join(name)
}

pub(crate) fn offline(path: impl Into<PathBuf>) -> Request {
    Request { offline: true, ..Request::of(Source::Project { path: path.into() }) }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test makes its inputs")]
pub(crate) fn write(path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.as_ref().parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// What `cargo metadata` prints in a project.
pub(crate) fn metadata_of(project: &Path) -> Vec<u8> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--all-features", "--format-version", "1", "--locked", "--offline"])
        .current_dir(project)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn of_root(package: &str) -> Request {
    Request { packages: vec![package.to_owned()], ..offline(testdata("hard")) }
}

fn document(generated: &Generated) -> Value {
    serde_json::from_slice(&generated.sbom).unwrap()
}

/// The component of that name, the product included.
fn component<'d>(document: &'d Value, name: &str) -> Option<&'d Value> {
    let listed = document["components"].as_array().unwrap();
    listed.iter().chain([&document["metadata"]["component"]]).find(|component| component["name"] == name)
}

fn values<'d>(owner: &'d Value, property: &str) -> Vec<&'d str> {
    let properties = owner["properties"].as_array().unwrap();
    let of = properties.iter().filter(|it| it["name"] == property);
    of.map(|it| it["value"].as_str().unwrap()).collect()
}

fn depends_on(document: &Value, bom_ref: &str) -> BTreeSet<String> {
    let entries = document["dependencies"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["ref"] == bom_ref).unwrap();
    entry["dependsOn"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_takes_no_part_in_the_build_is_not_in_it() {
    let document = document(&generate(&of_root("app")).unwrap());
    for (absent, why) in [
        ("devonly", "a development dependency"),
        ("phantom", "a build dependency of a package without build script"),
        ("nolib", "a package without library"),
        ("web", "another platform's"),
        ("tls", "an optional dependency that is off"),
        ("tool", "another member"),
    ] {
        assert!(component(&document, absent).is_none(), "{absent}: {why}");
    }
    assert!(component(&document, "special").is_some(), "a cfg of the project's own configuration");
}

#[test]
fn a_package_in_the_product_and_in_the_build_is_required_and_has_both_roles() {
    let document = document(&generate(&of_root("app")).unwrap());
    let check = |name: &str, scope: &str, roles: &[&str]| {
        let component = component(&document, name).unwrap();
        assert_eq!(component["scope"], scope, "{name}");
        assert_eq!(values(component, "sbom-attest:cargo:role"), roles, "{name}");
    };
    check("both", "required", &["build-script-dependency", "build-tool", "runtime"]);
    check("mac", "excluded", &["proc-macro"]);
    check("synlike", "excluded", &["build-tool"]);
    check("probe", "excluded", &["build-script-dependency"]);
    let both = component(&document, "both").unwrap();
    assert_eq!(values(both, "sbom-attest:cargo:features"), Vec::<&str>::new(), "as it is shipped");
    assert_eq!(
        values(both, "sbom-attest:cargo:host-features"),
        ["gen,mac,small"],
        "as it is built for the host"
    );
}

#[test]
fn an_edge_of_both_kinds_is_told_from_one_of_the_build_alone() {
    let document = document(&generate(&of_root("app")).unwrap());
    let product = &document["metadata"]["component"];
    assert_eq!(product["bom-ref"], "path+.#app@1.2.3");
    assert_eq!(
        values(product, "sbom-attest:cargo:dependency:build"),
        [
            "path+crates/both#both@1.0.0",
            "path+crates/buildmac#buildmac@1.0.0",
            "path+crates/gen#gen@1.0.0",
            "path+crates/genunix#genunix@1.0.0",
        ]
    );
    assert_eq!(values(product, "sbom-attest:cargo:dependency:normal"), ["path+crates/both#both@1.0.0"]);
    assert!(
        depends_on(&document, "path+.#app@1.2.3").contains("path+crates/json#json@1.0.0"),
        "by its own name"
    );
    assert!(depends_on(&document, "path+crates/probe#probe@1.0.0").is_empty());
}

#[test]
fn local_packages_have_no_purl_and_no_absolute_path() {
    let generated = generate(&offline(testdata("hard"))).unwrap();
    let document = document(&generated);
    for component in document["components"].as_array().unwrap() {
        assert!(component["purl"].is_null(), "{component}");
        assert!(component["bom-ref"].as_str().unwrap().starts_with("path+"), "{component}");
    }
    let text = String::from_utf8(generated.sbom).unwrap();
    for path in [testdata("hard"), std::env::temp_dir(), std::env::home_dir().unwrap()] {
        assert!(!text.contains(path.to_str().unwrap()), "{}", path.display());
    }
}

#[test]
fn several_roots_are_the_parts_of_one_workspace() {
    let generated = generate(&offline(testdata("hard"))).unwrap();
    let names: Vec<_> = generated.roots.iter().map(|root| root.name.as_str()).collect();
    assert_eq!(names, ["app", "plug", "tool"], "the default members that ship something");
    assert_eq!(generated.build_arguments, Vec::<String>::new(), "what plain `cargo build` builds");
    let document = document(&generated);
    assert_eq!(document["metadata"]["component"]["bom-ref"], "workspace");
    let parts: BTreeSet<_> = generated.roots.iter().map(|root| root.bom_ref.clone()).collect();
    assert_eq!(depends_on(&document, "workspace"), parts);
    assert_eq!(component(&document, "tool").unwrap()["type"], "application");
    assert_eq!(component(&document, "plug").unwrap()["type"], "library");
}

#[test]
fn a_root_names_what_cargo_builds_from_it() {
    let tool = |features: &[&str]| {
        let features =
            Features { named: features.iter().map(|&it| it.to_owned()).collect(), ..Features::default() };
        let generated = generate(&Request { features, ..of_root("tool") }).unwrap();
        (generated.roots, generated.build_arguments)
    };
    let target = |name: &str, kind| Target { name: name.to_owned(), kind };
    let root = |targets| Root {
        name: "tool".to_owned(),
        version: "1.0.0".to_owned(),
        bom_ref: "path+crates/tool#tool@1.0.0".to_owned(),
        folder: "crates/tool".to_owned(),
        targets,
    };
    let (plain, arguments) = tool(&[]);
    assert_eq!(plain, [root(vec![target("tool", TargetKind::Program)])], "`shout` needs the feature `loud`");
    assert_eq!(arguments, ["-p", "tool@1.0.0"]);
    let (loud, arguments) = tool(&["loud"]);
    assert_eq!(loud, [root(vec![target("shout", TargetKind::Program), target("tool", TargetKind::Program)])]);
    assert_eq!(arguments, ["-p", "tool@1.0.0", "--features", "loud"]);
}

#[test]
fn a_crate_has_its_purl_digest_and_licence() {
    let generated = generate(&offline(testdata("vendored"))).unwrap();
    let document = document(&generated);
    let bell = component(&document, "bell").unwrap();
    assert_eq!(bell["purl"], "pkg:cargo/bell@0.3.0");
    assert_eq!(bell["bom-ref"], "pkg:cargo/bell@0.3.0");
    assert_eq!(bell["hashes"][0]["content"], Digest::sha256("bell").hex());
    assert_eq!(bell["licenses"][0]["expression"], "MIT OR Apache-2.0");
    assert_eq!(bell["licenses"][0]["acknowledgement"], "declared");
    assert_eq!(values(bell, "sbom-attest:license:declared"), ["MIT/Apache-2.0"]);
    assert_eq!(bell["authors"][0]["email"], "ada@example.org");
    assert_eq!(bell["externalReferences"][0]["url"], "https://example.org/bell");
}

/// The vendored project with a cargo home whose cache holds this for `bell-0.3.0.crate`.
fn with_cached(content: Option<&str>) -> Generated {
    let home = tempfile::tempdir().unwrap();
    if let Some(content) = content {
        let file = "registry/cache/index.crates.io-1949cf8c6b5b557f/bell-0.3.0.crate";
        write(home.path().join(file), content);
    }
    let cargo_home = Some(home.path().to_owned());
    generate(&Request { cargo_home, ..offline(testdata("vendored")) }).unwrap()
}

#[test]
fn a_crate_that_is_not_what_the_lock_names_is_a_finding_and_the_sbom_stays_the_same() {
    let (absent, same, other) = (with_cached(None), with_cached(Some("bell")), with_cached(Some("hell")));
    let counted = |verified, lock_only, mismatched| Digests { verified, lock_only, mismatched, missing: 0 };
    assert_eq!(absent.digests, counted(0, 1, 0));
    assert!(absent.not_checked[0].contains("Cargo.lock alone"), "{:?}", absent.not_checked);
    assert_eq!((same.digests, same.findings.len()), (counted(1, 0, 0), 0));
    assert_eq!(other.digests, counted(0, 0, 1));
    let [finding] = &other.findings[..] else { panic!("{:?}", other.findings) };
    assert_eq!((finding.rule, finding.status), ("U02", Status::Fail));
    assert_eq!(finding.subject, "pkg:cargo/bell@0.3.0");
    assert_eq!(finding.evidence[1].value, Digest::sha256("hell").to_string());
    assert!(absent.sbom == same.sbom && same.sbom == other.sbom, "the cache is no part of the product");
}

#[test]
fn the_same_project_gives_the_same_bytes_in_another_folder() {
    let top = tempfile::tempdir().unwrap();
    let other = top.path().join("deeper").join("elsewhere");
    copy(&testdata("hard"), &other);
    let here = generate(&offline(testdata("hard"))).unwrap();
    assert_eq!(here.sbom, generate(&offline(&other)).unwrap().sbom);
    assert_eq!(here.sbom, generate(&offline(other.join("Cargo.toml"))).unwrap().sbom, "by its manifest");
}

#[cfg(unix)]
#[test]
fn a_project_reached_through_a_link_is_the_same() {
    let top = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(testdata("hard"), top.path().join("link")).unwrap();
    let linked = generate(&offline(top.path().join("link"))).unwrap();
    assert_eq!(linked.sbom, generate(&offline(testdata("hard"))).unwrap().sbom);
}

#[test]
fn configuration_above_the_project_counts_as_it_does_for_cargo() {
    let top = tempfile::tempdir().unwrap();
    copy(&testdata("vendored"), &top.path().join("deeper/project"));
    write(
        top.path().join(".cargo/config.toml"),
        "[build]\nrustflags = ['--cfg', 'above']\ntarget = 'wasm32-wasip1'\n",
    );
    let generated = generate(&offline(top.path().join("deeper/project"))).unwrap();
    let metadata = &document(&generated)["metadata"];
    assert_eq!(values(metadata, "sbom-attest:cargo:cfg"), ["above"]);
    assert_eq!(values(metadata, "sbom-attest:cargo:target"), ["wasm32-wasip1"]);
    assert_eq!(generated.passed_on, ["source.crates-io.replace-with", "source.vendored.directory"]);
}

#[test]
fn metadata_alone_gives_the_same_bytes() {
    for project in ["hard", "vendored"] {
        let folder = tempfile::tempdir().unwrap();
        let metadata = folder.path().join("metadata.json");
        write(&metadata, metadata_of(&testdata(project)));
        let lock = Some(testdata(project).join("Cargo.lock"));
        let resolver = Some(Resolver::V2);
        let cfgs = if project == "hard" { vec!["special".to_owned()] } else { Vec::new() };
        let elsewhere =
            generate(&Request { cfgs, ..Request::of(Source::Metadata { metadata, lock, resolver }) })
                .unwrap();
        assert_eq!(elsewhere.sbom, generate(&offline(testdata(project))).unwrap().sbom, "{project}");
        assert!(elsewhere.commands.is_empty(), "no program is run");
        assert_eq!(elsewhere.digests.verified, 0);
    }
}

#[test]
fn without_a_lock_the_digests_are_not_checked_and_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let metadata = folder.path().join("metadata.json");
    write(&metadata, metadata_of(&testdata("vendored")));
    let generated =
        generate(&Request::of(Source::Metadata { metadata, lock: None, resolver: None })).unwrap();
    assert!(generated.not_checked[0].contains("digests"), "{:?}", generated.not_checked);
    assert_eq!(generated.digests, Digests { missing: 1, ..Digests::default() });
    assert!(component(&document(&generated), "bell").unwrap()["hashes"].is_null());
}

#[test]
fn a_cfg_with_a_value_decides_about_a_dependency() {
    let with = |cfgs: &[&str], targets: &[&str]| {
        let owned = |list: &[&str]| list.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let request = Request { cfgs: owned(cfgs), targets: owned(targets), ..of_root("app") };
        component(&document(&generate(&request).unwrap()), "backend").is_some()
    };
    assert!(!with(&[], &[]));
    assert!(!with(&["backend=\"c\""], &[]));
    assert!(with(&["backend=\"js\""], &[]));
    assert!(with(&[], &["x86_64-pc-windows-msvc"]), "the configuration sets it for this target");
}

#[test]
fn in_a_members_folder_the_member_is_the_product() {
    let generated = generate(&offline(testdata("hard/crates/plug"))).unwrap();
    assert_eq!(document(&generated)["metadata"]["component"]["bom-ref"], "path+crates/plug#plug@1.0.0");
}

#[test]
fn a_library_is_the_product_when_there_is_nothing_else() {
    let generated = generate(&offline(testdata("hard/crates/leaf"))).unwrap();
    assert_eq!(generated.roots[0].targets[0].kind, TargetKind::Library);
    assert!(
        generated.not_checked.iter().any(|note| note.contains("libraries")),
        "{:?}",
        generated.not_checked
    );
}

#[test]
fn several_formats_are_written_at_once() {
    let sandbox = Sandbox::project();
    let formats = ["--to", "cyclonedx-1.6-json=new.json", "--to", "cyclonedx-1.4-json=old.json"];
    let arguments = [&["generate"], &formats[..], &["--format", "json"]].concat();
    let answer = sandbox.expect(0, &arguments);
    let report = answer.json();
    assert_eq!(
        (&report["sbom"]["path"], &report["also"][0]["path"]),
        (&"new.json".into(), &"old.json".into())
    );
    assert_eq!(sandbox.json("old.json")["specVersion"], "1.4");
    assert_eq!(sandbox.json("old.json")["metadata"]["tools"][0]["name"], "sbom-attest");
    assert!(answer.stderr.contains("not in cyclonedx-1.4-json:\n"), "{}", answer.stderr);
    let alone = sandbox.expect(0, &["generate"]).stdout;
    assert_eq!(String::from_utf8(sandbox.read("new.json")).unwrap(), alone);
    sandbox.expect(0, &["validate", "new.json", "old.json"]);
    // Two documents have no room in one place, and what goes to a file of its own needs no other.
    for wrong in [
        &["--to", "cyclonedx-1.6-json", "--to", "cyclonedx-1.4-json"][..],
        &["--to", "cyclonedx-1.6-json", "--to", "cyclonedx-1.4-json", "-o", "x.json"],
        &["--to", "cyclonedx-1.6-json=x.json", "-o", "x.json"],
        &["--to", "cyclonedx-1.9-json"],
        &["--to", "cyclonedx-1.6-json="],
    ] {
        let answer = sandbox.expect(2, &[&["generate"], wrong].concat());
        assert!(answer.stdout.is_empty() && !sandbox.path("x.json").exists(), "{wrong:?}");
    }
}

//! The names of our properties in a CycloneDX document. `docs/sbom.md` says what they mean; they are never renamed.

/// The part a package plays in the build, once for each: `runtime`, `proc-macro`, ….
pub const ROLE: &str = "sbom-attest:cargo:role";
/// The features of the package as it is built for the target, sorted, separated by commas.
pub const FEATURES: &str = "sbom-attest:cargo:features";
/// The features of the package as it is built for the host.
pub const HOST_FEATURES: &str = "sbom-attest:cargo:host-features";
/// The bom-ref of a direct dependency of this package's build script.
pub const BUILD_DEPENDENCY: &str = "sbom-attest:cargo:dependency:build";
/// The bom-ref of a direct dependency that is a build dependency and a normal one. Every other dependency without
/// a property is normal.
pub const NORMAL_DEPENDENCY: &str = "sbom-attest:cargo:dependency:normal";
/// Where the package comes from: `registry`, `git` or `local`.
pub const SOURCE: &str = "sbom-attest:cargo:source";
/// The folder of a local package, relative to the workspace.
pub const PATH: &str = "sbom-attest:cargo:path";
/// `true` when the package has a build script, which runs during the build.
pub const BUILD_SCRIPT: &str = "sbom-attest:cargo:build-script";
/// The licence text of the manifest, when it had to be put right to be an SPDX expression.
pub const LICENSE_DECLARED: &str = "sbom-attest:license:declared";
/// The package's own licence file, as the manifest names it.
pub const LICENSE_FILE: &str = "sbom-attest:license:file";

/// How the document was made.
pub const METHOD: &str = "sbom-attest:method";
/// A shipped package's bom-ref, once for each.
pub const ROOT: &str = "sbom-attest:cargo:root";
/// A target triple, once for each.
pub const TARGET: &str = "sbom-attest:cargo:target";
/// The same, under the name that cargo-cyclonedx gave it.
pub const TARGET_TRIPLE: &str = "cdx:rustc:sbom:target:triple";
/// The triple that build scripts and procedural macros are built for.
pub const HOST: &str = "sbom-attest:cargo:host";
/// A `--cfg` flag that was taken into account, once for each.
pub const CFG: &str = "sbom-attest:cargo:cfg";
/// The selected features: `all`, or `default` and names, separated by commas; empty for none.
pub const SELECTED_FEATURES: &str = "sbom-attest:cargo:selected-features";
/// The build profile.
pub const PROFILE: &str = "sbom-attest:cargo:profile";
/// The version of cargo's feature resolver.
pub const RESOLVER: &str = "sbom-attest:cargo:resolver";

/// A document that a component came from, once for each; and the mark of references to such documents.
pub const MERGED_FROM: &str = "sbom-attest:merged-from";

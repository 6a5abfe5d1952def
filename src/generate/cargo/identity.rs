//! What a package is called: a package URL where it can be resolved, and a bom-ref always.
//!
//! purl type `cargo`: <https://github.com/package-url/purl-spec/blob/main/types-doc/cargo-definition.md>. A local package
//! has no purl: one would say that the registry has it, and name whatever stands there under that name.

use std::fmt;

use guppy::graph::{ExternalSource, PackageMetadata, PackageSource};
use packageurl::PackageUrl;

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A registry; the index as `Cargo.lock` writes it, such as `registry+https://…`.
    Registry(String),
    /// A commit of a git repository.
    Git {
        /// The repository, without `git+`, query and credentials.
        repository: String,
        /// The full commit hash.
        commit: String,
    },
    /// A folder, relative to the workspace; empty for its own, none when it is somewhere else altogether.
    Local(Option<String>),
}

impl Origin {
    /// The origin of a package in a workspace at this absolute path.
    pub(super) fn of(package: &PackageMetadata<'_>, workspace_root: &str) -> Self {
        let PackageSource::External(source) = package.source() else {
            let folder = package.manifest_path().parent().map_or("", |folder| folder.as_str());
            return Self::Local(relative(workspace_root, folder));
        };
        match ExternalSource::new(source) {
            Some(ExternalSource::Git { repository, resolved, .. }) => {
                Self::Git { repository: public(repository), commit: resolved.to_owned() }
            }
            _ => Self::Registry(source.to_owned()),
        }
    }

    /// The name of this kind in a document.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Registry(_) => "registry",
            Self::Git { .. } => "git",
            Self::Local(_) => "local",
        }
    }

    /// The package URL.
    pub fn purl(&self, name: &str, version: &str) -> Option<String> {
        let mut purl = PackageUrl::new("cargo", name).ok()?;
        purl.with_version(version).ok()?;
        match self {
            Self::Registry(source) if is_crates_io(source) => {}
            Self::Registry(source) => {
                purl.add_qualifier("repository_url", registry_url(source)?).ok()?;
            }
            Self::Git { repository, commit } => {
                if repository.starts_with("file:") {
                    return None;
                }
                purl.add_qualifier("vcs_url", format!("git+{repository}@{commit}")).ok()?;
            }
            Self::Local(_) => return None,
        }
        Some(purl.to_string())
    }

    /// The bom-ref: the purl, or one that says where the package stands.
    pub fn bom_ref(&self, name: &str, version: &str) -> String {
        self.purl(name, version).unwrap_or_else(|| format!("{self}#{name}@{version}"))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(Some(folder)) if folder.is_empty() => f.write_str("path+."),
            Self::Local(Some(folder)) => write!(f, "path+{folder}"),
            Self::Local(None) => f.write_str("path+elsewhere"),
            // The rest of the address is a path of this machine.
            Self::Registry(_) => f.write_str("registry+file"),
            Self::Git { commit, .. } => write!(f, "git+file@{commit}"),
        }
    }
}

/// Whether a source in `Cargo.lock` is crates.io, by its git or its sparse index.
pub fn is_crates_io(source: &str) -> bool {
    CRATES_IO.contains(&source.trim_end_matches('/'))
}

/// The address of a registry, if it says something to others than this machine.
fn registry_url(source: &str) -> Option<String> {
    let url = source.strip_prefix("registry+").or_else(|| source.strip_prefix("sparse+")).unwrap_or(source);
    let url = public(url);
    (url.starts_with("https://") || url.starts_with("http://") || url.starts_with("ssh://")).then_some(url)
}

/// A URL without what only its owner should know: user and password; an SSH user name alone stays.
fn public(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let Some((user, host)) = authority.rsplit_once('@') else {
        return url.to_owned();
    };
    match user.split_once(':') {
        None if scheme == "ssh" => url.to_owned(),
        Some((user, _)) if scheme == "ssh" => format!("{scheme}://{user}@{host}{path}"),
        _ => format!("{scheme}://{host}{path}"),
    }
}

/// A folder relative to a base, with `/` and `..`; none when they share nothing but the root of the file system,
/// for then the relative path is the absolute one in disguise.
fn relative(base: &str, folder: &str) -> Option<String> {
    let parts = |path: &str| -> Vec<String> {
        path.replace('\\', "/").split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (base, folder) = (parts(base), parts(folder));
    let shared = base.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    if shared == 0 && !base.is_empty() {
        return None;
    }
    let up = std::iter::repeat_n("..", base.len() - shared);
    Some(up.chain(folder[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join("/"))
}

const CRATES_IO: [&str; 3] = [
    "registry+https://github.com/rust-lang/crates.io-index",
    "sparse+https://index.crates.io",
    "registry+sparse+https://index.crates.io",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn registry(source: &str) -> Origin {
        Origin::Registry(source.to_owned())
    }

    #[test]
    fn a_local_package_does_not_pose_as_a_registry_crate() {
        let local = Origin::Local(Some("crates/shop".to_owned()));
        assert_eq!(local.purl("shop", "1.0.0"), None);
        assert_eq!(local.bom_ref("shop", "1.0.0"), "path+crates/shop#shop@1.0.0");
        assert_eq!(Origin::Local(Some(String::new())).bom_ref("shop", "1.0.0"), "path+.#shop@1.0.0");
    }

    #[test]
    fn another_registry_is_named_in_the_purl() {
        let other = registry("sparse+https://token:secret@crates.example/index/");
        assert_eq!(
            other.purl("bell", "0.3.0+b").as_deref(),
            Some("pkg:cargo/bell@0.3.0%2Bb?repository_url=https:%2F%2Fcrates.example%2Findex%2F")
        );
        let crates_io = registry("registry+https://github.com/rust-lang/crates.io-index");
        assert_eq!(crates_io.purl("bell", "0.3.0").as_deref(), Some("pkg:cargo/bell@0.3.0"));
    }

    #[test]
    fn a_registry_in_a_folder_of_this_machine_gives_no_purl_and_no_path() {
        let folder = registry("registry+file:///home/me/index");
        assert_eq!(folder.bom_ref("bell", "0.3.0"), "registry+file#bell@0.3.0");
    }

    #[test]
    fn a_git_package_names_its_commit() {
        let origin =
            Origin::Git { repository: "https://example.org/a/b".to_owned(), commit: "4a5e".to_owned() };
        assert_eq!(
            origin.purl("b", "1.0.0").as_deref(),
            Some("pkg:cargo/b@1.0.0?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fa%2Fb%404a5e")
        );
    }

    #[test]
    fn credentials_do_not_reach_the_document() {
        assert_eq!(public("https://me:secret@example.org/x"), "https://example.org/x");
        assert_eq!(public("https://token@example.org/x@y"), "https://example.org/x@y");
        assert_eq!(public("ssh://git@example.org/x"), "ssh://git@example.org/x");
        assert_eq!(public("ssh://git:pw@example.org/x"), "ssh://git@example.org/x");
        assert_eq!(public("https://example.org"), "https://example.org");
    }

    #[test]
    fn a_relative_path_never_spells_out_an_absolute_one() {
        assert_eq!(relative("/home/me/shop", "/home/me/shop/crates/a").as_deref(), Some("crates/a"));
        assert_eq!(relative("/home/me/shop", "/home/me/bell").as_deref(), Some("../bell"));
        assert_eq!(relative("/home/me/shop", "/home/me/shop").as_deref(), Some(""));
        assert_eq!(relative("/home/me/shop", "/opt/bell"), None);
        assert_eq!(relative(r"C:\me\shop", r"C:\me\shop\a").as_deref(), Some("a"));
    }
}

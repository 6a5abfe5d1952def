//! Where a component comes from, as far as its document says, and whether that place can change under its name.

use crate::sbom::properties::{PATH, SOURCE};
use crate::sbom::{Component, Purl, Role};

/// The place that a component's bytes are taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// A folder of the product itself.
    Inside,
    /// A folder somewhere else: nobody but the builder has it.
    Outside(String),
    /// A commit, whose hash covers the content.
    Commit(String),
    /// A repository at something that can move: a branch, a tag, or nothing named.
    Moving(Option<String>),
    /// A version in a registry, or nothing that says otherwise.
    Version,
}

impl Source {
    /// Reads the purl, our own properties, and versions that are addresses, as npm writes them.
    pub(super) fn of(component: &Component<'_>) -> Self {
        if let Some(source) = local(component) {
            return source;
        }
        if let Some(source) = component.purl().and_then(|purl| Self::of_purl(&purl)) {
            return source;
        }
        let version = component.version().unwrap_or_default();
        if is_git(&version)
            || ["github:", "gitlab:", "bitbucket:"].iter().any(|host| version.starts_with(host))
        {
            return Self::at(revision(&version));
        }
        match version.strip_prefix("file:").or_else(|| version.strip_prefix("link:")) {
            Some(path) => Self::folder(path),
            None => Self::Version,
        }
    }

    fn of_purl(purl: &Purl) -> Option<Self> {
        match purl.kind() {
            "github" | "gitlab" | "bitbucket" => return Some(Self::at(purl.version())),
            // With other types `vcs_url` says where a release was made from, not where the bytes come from.
            "cargo" | "generic" if purl.version().is_none() || purl.kind() == "cargo" => {
                if let Some(url) = purl.qualifier("vcs_url") {
                    return Some(Self::at(revision(url)));
                }
            }
            _ => {}
        }
        let url = purl.qualifier("download_url")?;
        if is_git(url) {
            return Some(Self::at(revision(url)));
        }
        url.strip_prefix("file://").or_else(|| url.strip_prefix("file:")).map(Self::folder)
    }

    fn at(revision: Option<&str>) -> Self {
        match revision {
            Some(revision) if is_commit(revision) => Self::Commit(revision.to_owned()),
            other => Self::Moving(other.map(str::to_owned)),
        }
    }

    fn folder(path: &str) -> Self {
        let leaves = path.starts_with(['/', '\\']) || path.split(['/', '\\']).any(|part| part == "..");
        if leaves { Self::Outside(path.to_owned()) } else { Self::Inside }
    }
}

/// What `generate` says of a package that no registry has, and parts that are nested in the product.
fn local(component: &Component<'_>) -> Option<Source> {
    if component.property(SOURCE).as_deref() == Some("local") {
        return Some(match component.property(PATH) {
            Some(path) => Source::folder(&path),
            None => Source::Outside("a folder that the document does not name".to_owned()),
        });
    }
    let parents = std::iter::successors(component.parent(), Component::parent);
    parents.into_iter().any(|parent| parent.role() == Role::Root).then_some(Source::Inside)
}

/// A full commit hash, SHA-1 or SHA-256: an abbreviated one can come to mean another commit.
fn is_commit(revision: &str) -> bool {
    matches!(revision.len(), 40 | 64) && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_git(url: &str) -> bool {
    url.starts_with("git+") || url.starts_with("git:")
}

/// The revision in the address of a repository: after `@` in its path (pip, purl), or after `#` (npm).
fn revision(url: &str) -> Option<&str> {
    let (address, fragment) =
        url.split_once('#').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => address,
    };
    path.rsplit_once('@').map(|(_, revision)| revision).or(fragment).filter(|revision| !revision.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "4a5e1e4baab89f3a32518a88c31bc87f618f7667";

    #[test]
    fn a_revision_stands_after_the_path_and_is_not_a_user() {
        assert_eq!(revision("git+https://example.org/a/b@main"), Some("main"));
        assert_eq!(revision("git+ssh://git@example.org/a/b"), None);
        assert_eq!(revision("git+ssh://git@example.org/a/b@v1"), Some("v1"));
        assert_eq!(revision("git+https://example.org/a/b.git#v2"), Some("v2"));
        assert_eq!(revision("github:a/b#v2"), Some("v2"));
        assert_eq!(revision("git+https://example.org"), None);
    }

    #[test]
    fn only_a_full_commit_is_one() {
        assert!(is_commit(COMMIT));
        assert!(!is_commit(&COMMIT[..12]));
        assert!(!is_commit("v1.0.0"));
    }

    #[test]
    fn the_purl_says_where_the_bytes_come_from() {
        let check = |text: &str| Source::of_purl(&text.parse().unwrap());
        let moving = |revision: &str| Some(Source::Moving(Some(revision.to_owned())));
        assert_eq!(check("pkg:github/actions/checkout@v4"), moving("v4"));
        assert_eq!(check(&format!("pkg:github/a/b@{COMMIT}")), Some(Source::Commit(COMMIT.to_owned())));
        assert_eq!(check("pkg:cargo/b@1.0.0?vcs_url=git%2Bhttps://example.org/a/b%40main"), moving("main"));
        assert_eq!(
            check("pkg:cargo/b@1.0.0?vcs_url=git%2Bhttps://example.org/a/b"),
            Some(Source::Moving(None))
        );
        assert_eq!(check("pkg:cargo/b@1.0.0?download_url=file://."), Some(Source::Inside));
        assert_eq!(
            check("pkg:cargo/b@1.0.0?download_url=file://../b"),
            Some(Source::Outside("../b".to_owned()))
        );
        assert_eq!(check("pkg:cargo/b@1.0.0"), None);
        assert_eq!(
            check("pkg:npm/b@1.0.0?vcs_url=git%2Bhttps://example.org/a/b"),
            None,
            "it is informative there"
        );
    }
}

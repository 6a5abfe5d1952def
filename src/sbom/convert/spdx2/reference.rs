//! What points elsewhere: package URLs, CPE names and links are `externalRefs` in SPDX (clause 7.21, annex F), or
//! `downloadLocation` and `homepage`.
//!
//! The link that is the download location, and after it the one that is the home page, are nothing else where they come
//! first in the list. Anywhere else they are links too, so that the order of the list is kept.

use std::borrow::Cow;

use super::tree::{Members, Tree};
use crate::sbom::rules::{is_cpe, is_swhid};
use crate::sbom::{Purl, Spdx2Version, SpecVersion};

/// What a component says of places elsewhere, in the fields of a package.
#[derive(Debug, Default)]
pub(super) struct Links<'a> {
    pub(super) download: Option<Tree<'a>>,
    pub(super) homepage: Option<Tree<'a>>,
    pub(super) references: Vec<Tree<'a>>,
}

impl<'a> Links<'a> {
    /// Reads a component.
    pub(super) fn of(component: &Members<'a>, version: Spdx2Version) -> Self {
        let mut links = Self::default();
        links.identifiers(component, version);
        let list = component.elements("externalReferences");
        let of = |kind: &str, fits: fn(&str) -> bool| {
            list.iter().position(|link| {
                link.str("type").as_deref() == Some(kind) && link.str("url").is_some_and(|url| fits(&url))
            })
        };
        let download = of("distribution", is_url).or_else(|| of("vcs", is_repository));
        let homepage = of("website", is_url);
        links.download = download.and_then(|index| list[index].get("url"));
        links.homepage = homepage.and_then(|index| list[index].get("url"));
        let first = usize::from(download == Some(0));
        let skipped = if homepage == Some(first) { first + 1 } else { first };
        links.references.extend(list.iter().skip(skipped).filter_map(|link| reference(link, version)));
        links
    }

    fn identifiers(&mut self, component: &Members<'a>, version: Spdx2Version) {
        let mut add = |category: &'static str, kind: &'static str, locator: Tree<'a>| {
            // The JSON form of 2.2 writes it so; 2.3.1 takes both.
            let is_old = category == PACKAGE_MANAGER && version == Spdx2Version::V2_2;
            let category = if is_old { "PACKAGE_MANAGER" } else { category };
            self.references.push(external(category, Cow::Borrowed(kind), locator, None));
        };
        if let Some(purl) =
            component.get("purl").filter(|purl| purl.as_str().is_some_and(|text| is_purl(&text)))
        {
            add(PACKAGE_MANAGER, "purl", purl.clone());
        }
        if let Some(cpe) = component.get("cpe")
            && let Some(text) = cpe.as_str().filter(|text| is_cpe(text))
        {
            add(SECURITY, if text.starts_with("cpe:2.3:") { "cpe23Type" } else { "cpe22Type" }, cpe.clone());
        }
        if let Some(tag) = component.get("swid").and_then(|swid| swid.get("tagId"))
            && version >= Spdx2Version::V2_3
            && let Some(text) = tag.as_str().filter(|text| is_word(text) && is_uri_text(text))
        {
            add(SECURITY, "swid", Tree::text(format!("swid:{text}"), &tag));
        }
        for id in component.elements("swhid") {
            if id.as_str().is_some_and(|text| is_swhid(&text)) {
                add(PERSISTENT_ID, "swh", id);
            }
        }
        for id in component.elements("omniborId") {
            if version >= Spdx2Version::V2_3 && id.as_str().is_some_and(|text| is_gitoid(&text)) {
                add(PERSISTENT_ID, "gitoid", id);
            }
        }
    }
}

/// A link as a reference of SPDX.
fn reference<'a>(link: &Tree<'a>, version: Spdx2Version) -> Option<Tree<'a>> {
    let (kind, url) = (link.str("type")?, link.get("url")?);
    let text = url.as_str().filter(|text| is_word(text))?;
    let comment = link.get("comment").filter(|comment| comment.as_str().is_some());
    if kind == "advisories" && version >= Spdx2Version::V2_3 && is_url(&text) {
        return Some(external(SECURITY, Cow::Borrowed("advisory"), url, comment));
    }
    TYPES.contains(&&*kind).then(|| external(OTHER, kind, url, comment))
}

fn external<'a>(
    category: &'static str,
    kind: Cow<'a, str>,
    locator: Tree<'a>,
    comment: Option<Tree<'a>>,
) -> Tree<'a> {
    let mut reference = Members::default();
    reference.push("referenceCategory", Tree::text(category, &locator));
    reference.push("referenceType", Tree::text(kind, &locator));
    let at = locator.at();
    reference.push("referenceLocator", locator);
    reference.maybe("comment", comment);
    Tree::Object(reference, at)
}

/// Gives a component what the fields of a package say of places elsewhere.
pub(super) fn read<'a>(package: &Members<'a>, version: SpecVersion, component: &mut Members<'a>) {
    let mut links = Vec::new();
    let (mut swhids, mut gitoids) = (Vec::new(), Vec::new());
    for reference in package.elements("externalRefs") {
        let (Some(category), Some(kind), Some(locator)) = (
            reference.str("referenceCategory"),
            reference.str("referenceType"),
            reference.get("referenceLocator"),
        ) else {
            continue;
        };
        let text = locator.as_str().unwrap_or_default();
        let comment = reference.get("comment");
        match (&*category, &*kind) {
            ("PACKAGE-MANAGER" | "PACKAGE_MANAGER", "purl")
                if component.get("purl").is_none() && is_purl(&text) =>
            {
                component.push("purl", locator);
            }
            ("SECURITY", "cpe22Type" | "cpe23Type") if component.get("cpe").is_none() && is_cpe(&text) => {
                component.push("cpe", locator);
            }
            ("PERSISTENT-ID" | "PERSISTENT_ID", "swh") if version >= SpecVersion::V1_6 && is_swhid(&text) => {
                swhids.push(locator);
            }
            ("PERSISTENT-ID" | "PERSISTENT_ID", "gitoid")
                if version >= SpecVersion::V1_6 && is_gitoid(&text) =>
            {
                gitoids.push(locator);
            }
            ("SECURITY", "advisory") => links.push(link(Cow::Borrowed("advisories"), locator, comment)),
            ("OTHER", known) if TYPES.contains(&known) => links.push(link(kind, locator, comment)),
            _ => {}
        }
    }
    let has = |links: &[Tree<'a>], kinds: &[&str], url: &str| {
        links.iter().any(|link| {
            link.str("url").is_some_and(|own| own == url)
                && link.str("type").is_some_and(|own| kinds.contains(&&*own))
        })
    };
    let mut front = Vec::new();
    if let Some(download) = package.get("downloadLocation")
        && let Some(url) = download.as_str().filter(|url| is_url(url) || is_repository(url))
        && !has(&links, &["distribution", "vcs"], &url)
    {
        let kind = if is_repository(&url) { "vcs" } else { "distribution" };
        front.push(link(Cow::Borrowed(kind), download.clone(), None));
    }
    if let Some(homepage) = package.get("homepage")
        && let Some(url) = homepage.as_str().filter(|url| is_url(url))
        && !has(&links, &["website"], &url)
    {
        front.push(link(Cow::Borrowed("website"), homepage.clone(), None));
    }
    front.append(&mut links);
    component.list("swhid", swhids);
    component.list("omniborId", gitoids);
    component.list("externalReferences", front);
}

fn link<'a>(kind: Cow<'a, str>, url: Tree<'a>, comment: Option<Tree<'a>>) -> Tree<'a> {
    let (mut link, at) = (Members::default(), url.at());
    link.push("type", Tree::text(kind, &url));
    link.push("url", url);
    link.maybe("comment", comment);
    Tree::Object(link, at)
}

/// A URL of a host that has a name (clause 7.7 takes nothing less for a download location).
pub(super) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    ["http", "https", "ssh", "git", "svn", "sftp", "ftp"].contains(&scheme)
        && is_word(text)
        && text.is_ascii()
        && host.contains('.')
        && host.split('.').all(is_label)
        && host
            .rsplit('.')
            .next()
            .is_some_and(|label| label.len() >= 2 && label.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// The location of a version control system (clause 7.7): the name of the tool before the URL, or a URL of git's own.
fn is_repository(text: &str) -> bool {
    let tools = ["git+", "hg+", "svn+", "bzr+"];
    tools.iter().any(|tool| text.strip_prefix(tool).is_some_and(is_url))
        || (text.starts_with("git://") && is_url(text))
}

fn is_purl(text: &str) -> bool {
    is_word(text) && text.parse::<Purl>().is_ok()
}

/// A git object id as SPDX 2.3 writes it (annex F.4.2).
fn is_gitoid(text: &str) -> bool {
    let mut parts = text.split(':');
    let is_kind = parts.next() == Some("gitoid")
        && parts.next().is_some_and(|kind| ["blob", "tree", "commit", "tag"].contains(&kind));
    let length = match parts.next() {
        Some("sha1") => 40,
        Some("sha256") => 64,
        _ => return false,
    };
    let is_digest = |text: &str| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_kind && parts.next().is_some_and(is_digest) && parts.next().is_none()
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_uri_text(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte))
}

const PACKAGE_MANAGER: &str = "PACKAGE-MANAGER";
const SECURITY: &str = "SECURITY";
const PERSISTENT_ID: &str = "PERSISTENT-ID";
const OTHER: &str = "OTHER";

/// The types of links up to CycloneDX 1.6.
const TYPES: [&str; 40] = [
    "vcs",
    "issue-tracker",
    "website",
    "advisories",
    "bom",
    "mailing-list",
    "social",
    "chat",
    "documentation",
    "support",
    "distribution",
    "license",
    "build-meta",
    "build-system",
    "other",
    "release-notes",
    "distribution-intake",
    "security-contact",
    "model-card",
    "log",
    "configuration",
    "evidence",
    "formulation",
    "attestation",
    "threat-model",
    "adversary-model",
    "risk-assessment",
    "vulnerability-assertion",
    "exploitability-statement",
    "pentest-report",
    "static-analysis-report",
    "dynamic-analysis-report",
    "runtime-analysis-report",
    "component-analysis-report",
    "maturity-report",
    "certification-report",
    "codified-infrastructure",
    "quality-metrics",
    "poam",
    "source-distribution",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_names_a_host() {
        for url in ["https://a.example/x?y#z", "ssh://git@a.example:22/x", "git://a.example/x.git"] {
            assert!(is_url(url), "{url}");
        }
        for text in [
            "",
            "https://",
            "https://localhost/x",
            "https://a b.example",
            "a.example",
            "https://a.example/ö",
            "https://.example",
            "https://1.2.3.4/x",
        ] {
            assert!(!is_url(text), "{text}");
        }
        assert!(
            is_repository("git+https://a.example/b.git@v1#sub") && !is_repository("https://a.example/b.git")
        );
        assert!(
            is_gitoid(&format!("gitoid:blob:sha1:{}", "a".repeat(40))) && !is_gitoid("gitoid:blob:sha1:a")
        );
    }
}

//! Places on the net and names in other systems (7.7, 7.11, 7.21 and annex F).

use crate::document::Value;
use crate::finding::{Rule, Severity};
use crate::sbom::Purl;
use crate::sbom::grammar::{Mark, cut, is_uri};
use crate::sbom::rules::Scene;
use crate::sbom::rules::identifiers::{CPE, PURL, SWHID, is_cpe, is_swhid};

pub(in super::super) static REF_TYPE: Rule = Rule {
    id: "spdx-ref-type",
    title: "every external reference is of a type that its category has",
    severity: Severity::Low,
    remedy: "name the category of the type (annex F); OTHER takes any type",
};
pub(in super::super) static LOCATION: Rule = Rule {
    id: "spdx-location",
    title: "every location is a URL, a place in a version control system, NONE or NOASSERTION",
    severity: Severity::Low,
    remedy: "write a URL with its scheme; NOASSERTION where nobody looked, NONE where there is none",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    for value in scene.marked(Mark::ExternalRef) {
        let kind = value.get("referenceType").and_then(|kind| kind.as_str()).unwrap_or_default();
        // Annex F names its types by these addresses too.
        let kind = kind.trim_start_matches("http://spdx.org/rdf/references/");
        if let Some(locator) = value.get("referenceLocator") {
            self::locator(scene, kind, locator);
        }
        let Some(category) = value.get("referenceCategory") else { continue };
        let own = category.as_str().unwrap_or_default().replace('_', "-");
        match category_of(kind) {
            Some(known) if own != known => scene.report(&REF_TYPE, category, || {
                (
                    format!("`{kind}` is a type of {known}, not of {}", cut(&own)),
                    Some(format!("write {known:?}")),
                )
            }),
            None if own != "OTHER" && !kind.is_empty() => {
                scene.fail(&REF_TYPE, category, || format!("{} has no type {:?}", cut(&own), cut(kind)));
            }
            _ => {}
        }
    }
    for value in scene.marked(Mark::Location) {
        let text = value.as_str().unwrap_or_default();
        if !is_location(&text) {
            scene.fail(&LOCATION, value, || format!("{:?} is no location", cut(&text)));
        }
    }
}

fn locator(scene: &mut Scene<'_>, kind: &str, locator: Value<'_>) {
    let text = locator.as_str().unwrap_or_default();
    match kind {
        "purl" => {
            if let Err(error) = text.parse::<Purl>() {
                scene.fail(&PURL, locator, || error.to_string());
            }
        }
        "cpe22Type" | "cpe23Type" => {
            let start = if kind == "cpe22Type" { "cpe:/" } else { "cpe:2.3:" };
            if !text.starts_with(start) || !is_cpe(&text) {
                scene.fail(&CPE, locator, || {
                    format!("{:?} is no CPE name that begins with {start}", cut(&text))
                });
            }
        }
        "swh" if !is_swhid(&text) => {
            scene.fail(&SWHID, locator, || format!("{:?} is no Software Heritage id", cut(&text)));
        }
        _ => {}
    }
}

/// The category that annex F has a type in. Types of one's own are in OTHER; nothing is said of them.
fn category_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "cpe22Type" | "cpe23Type" | "advisory" | "fix" | "url" | "swid" => "SECURITY",
        "maven-central" | "npm" | "nuget" | "bower" | "purl" => "PACKAGE-MANAGER",
        "swh" | "gitoid" => "PERSISTENT-ID",
        _ => return None,
    })
}

fn is_location(text: &str) -> bool {
    // 7.7: `git+git@host:path` is the one form that is no URI.
    let scp = text.strip_prefix("git+git@").and_then(|rest| rest.split_once(':'));
    matches!(text, "NONE" | "NOASSERTION")
        || scp.is_some_and(|(host, path)| !host.is_empty() && !path.is_empty())
        || (text.contains(':') && is_uri(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_urls_and_places_in_repositories() {
        for good in [
            "NONE",
            "NOASSERTION",
            "https://a.example/x.tar.gz",
            "git+https://a.example/b.git@v1.0#src/x.c",
            "git+git@a.example:b",
            "svn://a.example/svn/b/trunk",
            "hg+static-http://a.example/b",
        ] {
            assert!(is_location(good), "{good}");
        }
        for bad in ["", "a.example", "none", "git@a.example:b", "https://a example", "git+git@:x", "/tmp/x"] {
            assert!(!is_location(bad), "{bad}");
        }
    }
}

//! U04: a source that can change under its name.

use crate::audit::digests::Digests;
use crate::audit::source::Source;
use crate::audit::{Audit, Evidence, Scene, text};
use crate::document::Value;
use crate::finding::{Finding, Rule, Severity};
use crate::graph::Graph;
use crate::sbom::{Component, Role};

pub(super) struct UnpinnedSource;

static RULE: Rule = Rule {
    id: "U04",
    title: "every component names one exact version or commit",
    severity: Severity::High,
    remedy: "name a full commit hash or an exact version, and a digest",
};

impl Audit for UnpinnedSource {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn run(&self, graph: &Graph<'_>, evidence: &Evidence) -> Vec<Finding> {
        let scene = Scene::new(&RULE, graph, evidence);
        let parts = || graph.parts().filter(|(_, component)| component.role() == Role::Component);
        let broken: Vec<_> =
            parts().filter(|(_, component)| complaint(component).is_some()).map(|(node, _)| node).collect();
        if broken.is_empty() {
            return match parts().count() {
                0 => scene.nothing("it has no components"),
                sound => vec![
                    scene
                        .pass(format!("{} with an exact version or commit", text::count(sound, "component"))),
                ],
            };
        }
        scene.fail_each(broken, |node| {
            let component = graph.component(node);
            let found = component.as_ref().and_then(complaint);
            let Some(Complaint { message, remedy, field, severity }) = found else {
                return scene.fail(node, "names no exact version", None);
            };
            let place = component.and_then(|component| value(&component, field));
            scene.fail(node, message, place).remedied_by(remedy).rated(severity)
        })
    }
}

/// What is wrong, what to do, and the field that shows it.
struct Complaint {
    message: String,
    remedy: String,
    field: &'static str,
    severity: Severity,
}

fn complaint(component: &Component<'_>) -> Option<Complaint> {
    let say = |message: String, remedy: &str, field| {
        Some(Complaint { message, remedy: remedy.to_owned(), field, severity: RULE.severity })
    };
    // Bytes that are pinned by a digest cannot change, wherever they come from.
    if Digests::of(component) == Digests::Strong {
        return None;
    }
    match Source::of(component) {
        Source::Moving(Some(revision)) => say(
            format!(
                "comes from a repository at `{}`, which can come to mean another commit",
                text::clip(&revision)
            ),
            "name the full commit hash: in Cargo.toml `rev = \"…\"` with all 40 digits",
            "purl",
        ),
        Source::Moving(None) => say(
            "comes from a repository, at whatever its default branch holds".to_owned(),
            "name the full commit hash: in Cargo.toml `rev = \"…\"` with all 40 digits",
            "purl",
        ),
        Source::Outside(path) => say(
            format!("comes from a folder outside the project: {}", text::clip(&path)),
            "publish it, or bring it into the project: nobody else can get these bytes",
            "purl",
        ),
        Source::Inside | Source::Commit(_) => None,
        Source::Version => version(component),
    }
}

/// Versions that are no version. A version that the environment provides may be a range (CycloneDX 1.7).
fn version(component: &Component<'_>) -> Option<Complaint> {
    if component.value().get("isExternal").and_then(|value| value.as_bool()) == Some(true) {
        return None;
    }
    let of_purl = component.purl().and_then(|purl| purl.version().map(str::to_owned));
    let own = component.version();
    let texts = own
        .as_deref()
        .map(|text| (text, "version"))
        .into_iter()
        .chain(of_purl.as_deref().map(|text| (text, "purl")));
    texts.into_iter().find_map(|(text, field)| {
        let found = unpinned(text)?;
        Some(Complaint {
            message: format!("its version `{}` is {found}", text::clip(text)),
            remedy: "name the exact version that was used, as the lock file has it".to_owned(),
            field,
            severity: RULE.severity,
        })
    })
}

fn unpinned(version: &str) -> Option<&'static str> {
    let version = version.trim();
    let lower = version.to_ascii_lowercase();
    if MOVING.contains(&lower.as_str()) || lower.starts_with("dev-") {
        return Some("a name that moves");
    }
    if lower.ends_with("-snapshot") {
        return Some("a snapshot, which is published anew under the same name");
    }
    let starts = version.starts_with(['^', '~', '>', '<', '=', '[', '(', '*']);
    let joins = version.contains("||") || version.contains(" - ") || version.contains(", ");
    let wild = version.split('.').any(|part| matches!(part, "x" | "X" | "*"));
    (starts || joins || wild).then_some("a range")
}

fn value<'a>(component: &Component<'a>, field: &str) -> Option<Value<'a>> {
    component.value().get(field)
}

/// Names of branches and channels.
const MOVING: [&str; 12] = [
    "latest", "head", "main", "master", "trunk", "develop", "dev", "nightly", "edge", "stable", "next",
    "canary",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_or_a_moving_name_is_no_version() {
        for version in [
            "latest",
            "HEAD",
            "dev-main",
            "^1.2",
            "~1.2.3",
            ">=1",
            "[1.0,2.0)",
            "1.x",
            "1.2.*",
            "1.0 - 2.0",
            "a || b",
            "1.0-SNAPSHOT",
        ] {
            assert!(unpinned(version).is_some(), "{version}");
        }
    }

    #[test]
    fn an_exact_version_is_one_however_odd() {
        for version in [
            "1.2.3",
            "1:2.3~rc1+dfsg-1ubuntu2",
            "v0.0.0-20200101000000-4a5e1e4baab8",
            "2.0.0-next.1",
            "1.0.0+x.y",
            "3.0-stable",
            "20240101",
        ] {
            assert_eq!(unpinned(version), None, "{version}");
        }
    }
}

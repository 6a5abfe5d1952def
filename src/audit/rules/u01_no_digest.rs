//! U01: a component without a digest: whatever bytes bear its name pass for it.

use crate::audit::digests::Digests;
use crate::audit::source::Source;
use crate::audit::{Audit, Evidence, Scene, text};
use crate::document::Value;
use crate::finding::{Finding, Rule, Severity};
use crate::graph::Graph;
use crate::sbom::{Component, Role};

pub(super) struct NoDigest;

static RULE: Rule = Rule {
    id: "U01",
    title: "every component has a digest that its bytes can be compared with",
    severity: Severity::Medium,
    remedy: "make the SBOM with a generator that takes digests from the lock file or the artifact",
};

impl Audit for NoDigest {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn run(&self, graph: &Graph<'_>, evidence: &Evidence) -> Vec<Finding> {
        let scene = Scene::new(&RULE, graph, evidence);
        let (mut sound, mut broken) = (0, Vec::new());
        let mut exempt: Vec<(&str, Vec<_>)> = Vec::new();
        for (node, component) in graph.parts().filter(|(_, component)| component.role() == Role::Component) {
            match (Digests::of(&component), exemption(&component)) {
                (Digests::Strong, _) => sound += 1,
                (_, Some(reason)) => match exempt.iter_mut().find(|(other, _)| *other == reason) {
                    Some((_, nodes)) => nodes.push(node),
                    None => exempt.push((reason, vec![node])),
                },
                _ => broken.push(node),
            }
        }
        if sound == 0 && broken.is_empty() && exempt.is_empty() {
            return scene.nothing("it has no components");
        }
        let passes = broken.is_empty() && sound > 0;
        let mut findings = scene.fail_each(broken, |node| match graph.component(node) {
            Some(component) => {
                let (message, severity) = complaint(&component);
                let finding = scene.fail(node, message, hashes(&component)).rated(severity);
                match component.purl() {
                    Some(purl) if purl.kind() == "cargo" => finding.remedied_by(FROM_THE_LOCK),
                    _ => finding,
                }
            }
            None => scene.fail(node, "has no digest", None),
        });
        if passes {
            findings.push(scene.pass(format!("{} with a digest", text::count(sound, "component"))));
        }
        findings.extend(exempt.iter().filter_map(|(reason, nodes)| scene.not_applicable(nodes, reason)));
        findings
    }
}

fn complaint(component: &Component<'_>) -> (String, Severity) {
    match Digests::of(component) {
        Digests::Broken(algorithm) => (
            format!("its only digest is {algorithm}, for which two files with one digest can be made"),
            Severity::Low,
        ),
        Digests::Malformed(problem) => (format!("its digest cannot be one: {problem}"), RULE.severity),
        _ => ("has no digest: any bytes of that name pass for it".to_owned(), severity(component)),
    }
}

/// What runs by itself matters more than what is built in.
fn severity(component: &Component<'_>) -> Severity {
    match component.kind().as_deref() {
        Some("application" | "firmware" | "container") => Severity::High,
        _ => RULE.severity,
    }
}

/// The digest itself, where there is one to point at.
fn hashes<'a>(component: &Component<'a>) -> Option<Value<'a>> {
    component.hashes().next().map(|hash| hash.value())
}

/// Why a component needs no digest of its own.
fn exemption(component: &Component<'_>) -> Option<&'static str> {
    match component.kind().as_deref() {
        Some("operating-system" | "platform" | "device" | "data" | "cryptographic-asset") => {
            return Some("of a kind that is not distributed as a file");
        }
        Some("file") => return Some("a file that a package brings along"),
        _ => {}
    }
    match Source::of(component) {
        Source::Inside | Source::Outside(_) => {
            return Some("taken from a folder: no registry distributes it under a digest");
        }
        Source::Commit(_) => return Some("named by a commit, whose hash covers the content"),
        Source::Moving(_) | Source::Version => {}
    }
    let system = component.purl().is_some_and(|purl| SYSTEMS.contains(&purl.kind()));
    system.then_some("a package of an operating system, whose signed index holds the digest")
}

const FROM_THE_LOCK: &str = "make the SBOM with `sbom-attest generate`, which takes digests from Cargo.lock (`--lock` where only metadata is at hand)";
/// purl types of operating systems.
const SYSTEMS: [&str; 5] = ["alpm", "apk", "deb", "rpm", "opkg"];

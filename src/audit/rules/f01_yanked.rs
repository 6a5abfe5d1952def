//! F01: a version that its publisher withdrew.

use crate::audit::{Audit, Evidence, Scene, Withdrawal, text};
use crate::finding::{Finding, Rule, Severity};
use crate::graph::{Graph, Node};
use crate::sbom::Purl;

pub(super) struct Yanked;

static RULE: Rule = Rule {
    id: "F01",
    title: "no version in use was withdrawn from its registry",
    severity: Severity::Medium,
    remedy: "move to a version that stands, or write down why this one stays: nobody new can resolve to it",
};

impl Audit for Yanked {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn run(&self, graph: &Graph<'_>, evidence: &Evidence) -> Vec<Finding> {
        let scene = Scene::new(&RULE, graph, evidence);
        let mut standing = 0;
        let mut withdrawn = Vec::new();
        let mut unknown = Vec::new();
        let mut packages = 0;
        for (node, component) in graph.parts() {
            let Some(purl) =
                component.purl().filter(|purl| crate::audit::evidence::crates_io(purl).is_some())
            else {
                continue;
            };
            packages += 1;
            match evidence.withdrawal(&purl) {
                Some(Withdrawal::Stands) => standing += 1,
                Some(Withdrawal::Withdrawn { .. }) => withdrawn.push(node),
                Some(Withdrawal::Unknown(why)) => unknown.push((why.as_str(), node)),
                None => unknown.push(("there is no index cache of cargo", node)),
            }
        }
        if packages == 0 {
            return scene.nothing("no package of crates.io is in it, and no other registry is asked");
        }
        let all_stand = withdrawn.is_empty();
        let mut findings = scene.fail_each(withdrawn, |node| broken(&scene, node));
        if all_stand && standing > 0 {
            findings.push(scene.pass(format!("none of {} is withdrawn", text::count(standing, "version"))));
        }
        unknown.sort_unstable();
        for group in unknown.chunk_by(|one, other| one.0 == other.0) {
            let nodes: Vec<Node> = group.iter().map(|(_, node)| *node).collect();
            findings.extend(scene.not_evaluated(&nodes, group[0].0));
        }
        findings
    }
}

fn broken(scene: &Scene<'_>, node: Node) -> Finding {
    let component = scene.graph.component(node);
    let purl: Option<Purl> = component.and_then(|component| component.purl());
    let finding = scene.fail(node, "withdrawn (yanked) from crates.io by its publisher", None);
    let Some((purl, Withdrawal::Withdrawn { known_at, replacement })) =
        purl.as_ref().and_then(|purl| Some((purl, scene.evidence.withdrawal(purl)?)))
    else {
        return finding;
    };
    let finding = match known_at {
        Some(at) => finding.because("index entry written", at),
        None => finding,
    };
    match (replacement, purl.version()) {
        (Some(other), Some(version)) => finding.because("nearest version that stands", other).remedied_by(
            format!("cargo update -p {name}@{version} --precise {other}", name = purl.name()),
        ),
        _ => finding.remedied_by(
            "no other version of its line stands: ask its publisher why it was withdrawn, move to another line, or write down why it stays",
        ),
    }
}

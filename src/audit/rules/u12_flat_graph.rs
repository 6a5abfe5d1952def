//! U12: a list instead of a graph: neither paths nor impact can be told.

use crate::audit::{Audit, Evidence, Scene, text};
use crate::finding::{Finding, Rule, Severity};
use crate::graph::{Graph, Node};
use crate::sbom::Role;

pub(super) struct FlatGraph;

static RULE: Rule = Rule {
    id: "U12",
    title: "the document says which component depends on which",
    severity: Severity::Medium,
    remedy: "make the SBOM from the lock file or the build, which know the edges, instead of from a list of files",
};

impl Audit for FlatGraph {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn run(&self, graph: &Graph<'_>, evidence: &Evidence) -> Vec<Finding> {
        let scene = Scene::new(&RULE, graph, evidence);
        let parts: Vec<Node> = graph
            .parts()
            .filter(|(_, component)| component.role() == Role::Component)
            .filter(|(_, component)| {
                !matches!(
                    component.kind().as_deref(),
                    Some("file" | "operating-system" | "cryptographic-asset")
                )
            })
            .map(|(node, _)| node)
            .collect();
        let Some(&first) = parts.first() else {
            return scene.nothing("nothing in it has dependencies to state");
        };
        if parts.iter().any(|&node| has_stated_edge(graph, node)) {
            let edges = graph.topology().edge_count();
            return vec![scene.pass(format!(
                "{} and {}",
                text::count(parts.len(), "component"),
                text::count(edges, "edge")
            ))];
        }
        let all = text::count(parts.len(), "component");
        if graph.stated_edges() == 0 {
            if parts.len() == 1 && (graph.is_rootless() || graph.is_stated(first)) {
                return vec![scene.pass("a single component depends on nothing")];
            }
            return vec![broken(&scene, &format!("{all}, and not one dependency between them"))];
        }
        // Dependencies of the root alone: true of a product whose dependencies have none, if they say so.
        let silent: Vec<Node> = parts.iter().copied().filter(|&node| !graph.is_stated(node)).collect();
        if silent.is_empty() {
            return vec![scene.pass(format!("{all}, each said to depend on nothing"))];
        }
        let message =
            format!("only the root's dependencies are stated: {} of {all} say nothing", silent.len());
        vec![scene.with_examples(broken(&scene, &message), &silent)]
    }
}

/// Whether the document itself states what a node depends on, and that it is something.
fn has_stated_edge(graph: &Graph<'_>, node: Node) -> bool {
    graph.is_stated(node) && !graph.topology().dependencies(node).is_empty()
}

fn broken(scene: &Scene<'_>, message: &str) -> Finding {
    let place = scene.graph.sbom().document().root();
    let place = place.get("dependencies").unwrap_or(place);
    RULE.fail(scene.product(), format!("{message}; paths and impact cannot be told"))
        .at(scene.location(place))
}

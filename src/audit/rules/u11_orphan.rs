//! U11: a component that nothing leads to: it is in the list, and nobody says why.

use crate::audit::{Audit, Evidence, Scene, text};
use crate::finding::{Finding, Rule, Severity};
use crate::graph::{Graph, Node};
use crate::sbom::Role;

pub(super) struct Orphan;

static RULE: Rule = Rule {
    id: "U11",
    title: "the root leads to every component",
    severity: Severity::Low,
    remedy: "name it in `dependsOn` of what needs it, or drop it",
};

impl Audit for Orphan {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn run(&self, graph: &Graph<'_>, evidence: &Evidence) -> Vec<Finding> {
        let scene = Scene::new(&RULE, graph, evidence);
        let parts = graph.parts().filter(|(_, component)| component.role() == Role::Component).count();
        if parts == 0 {
            return scene.nothing("it has no components");
        }
        if graph.stated_edges() == 0 {
            return scene.nothing("no dependency is stated");
        }
        if graph.is_rootless() {
            return scene
                .nothing("no root is named (`metadata.component`), so that orphans and roots look the same");
        }
        let orphans: Vec<Node> =
            heads(graph).into_iter().filter(|&node| is_expected_somewhere(graph, node)).collect();
        if orphans.is_empty() {
            return vec![scene.pass(format!("{} reached from the root", text::count(parts, "component")))];
        }
        if graph.topology().dependencies(graph.root()).is_empty() {
            return vec![nothing_below_the_root(&scene, &orphans)];
        }
        scene.fail_each(orphans, |node| {
            let members = graph.cycles().members(graph.cycles().of_node(node)).len();
            let message = if members > 1 {
                format!(
                    "nothing leads to it and the {} that it depends on in a circle",
                    text::count(members - 1, "component")
                )
            } else {
                "nothing depends on it".to_owned()
            };
            scene.fail(node, message, None)
        })
    }
}

/// The first node of every cycle or single node that is not reached and that nothing else leads to.
fn heads(graph: &Graph<'_>) -> Vec<Node> {
    let (topology, cycles) = (graph.topology(), graph.cycles());
    let mut led_to = vec![false; cycles.count()];
    for (from, to) in topology.edges() {
        led_to[cycles.of_node(to)] |= cycles.of_node(from) != cycles.of_node(to);
    }
    let unreached = |node: &Node| !graph.dominators().is_reached(*node);
    topology
        .nodes()
        .filter(unreached)
        .filter(|node| !led_to[cycles.of_node(*node)] && cycles.members(cycles.of_node(*node))[0] == *node)
        .collect()
}

/// Files, systems and services are listed without being depended on.
fn is_expected_somewhere(graph: &Graph<'_>, node: Node) -> bool {
    graph.component(node).is_some_and(|component| {
        component.role() == Role::Component
            && !matches!(component.kind().as_deref(), Some("file" | "operating-system" | "platform" | "data"))
    })
}

/// Not every component is at fault when it is the root that says nothing.
fn nothing_below_the_root(scene: &Scene<'_>, orphans: &[Node]) -> Finding {
    let message = format!(
        "the root depends on nothing, so that {} hang in the air",
        text::count(orphans.len(), "component")
    );
    let finding = scene
        .fail(scene.graph.root(), message, None)
        .remedied_by("give the root an entry in `dependencies` that names its direct dependencies");
    scene.with_examples(finding, orphans)
}

//! U14: components of which nobody says what is in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{Audit, Evidence, Scene, text};
use crate::finding::{Finding, Rule, Severity};
use crate::graph::{Graph, Node};
use crate::sbom::{Composition, Role};

pub(super) struct Opaque;

static RULE: Rule = Rule {
    id: "U14",
    title: "every component says what it depends on",
    severity: Severity::Medium,
    remedy: "give it an entry in `dependencies`, with an empty `dependsOn` where it depends on nothing",
};

impl Audit for Opaque {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn run(&self, graph: &Graph<'_>, evidence: &Evidence) -> Vec<Finding> {
        let scene = Scene::new(&RULE, graph, evidence);
        let claims = Claims::of(graph);
        let parts: Vec<Node> = graph
            .components()
            .filter(|(_, component)| {
                component.role() != Role::Service && !is_closed(component.kind().as_deref())
            })
            .map(|(node, _)| node)
            .collect();
        if parts.iter().all(|&node| node == graph.root()) {
            return scene.nothing("nothing in it has dependencies to state");
        }
        let said: BTreeSet<Node> = claims.incomplete.values().flatten().copied().collect();
        let silent: Vec<Node> = parts
            .iter()
            .copied()
            .filter(|node| !graph.is_stated(*node) && !claims.complete.contains(node) && !said.contains(node))
            .collect();
        let mut findings: Vec<Finding> =
            claims.incomplete.iter().map(|(aggregate, nodes)| incomplete(&scene, aggregate, nodes)).collect();
        if !silent.is_empty() {
            findings.push(unstated(&scene, &silent, parts.len()));
        }
        if findings.is_empty() {
            findings.push(
                scene.pass(format!("{} with stated dependencies", text::count(parts.len(), "component"))),
            );
        }
        findings
    }
}

/// Kinds of component that depend on nothing.
fn is_closed(kind: Option<&str>) -> bool {
    matches!(kind, Some("file" | "data" | "operating-system" | "cryptographic-asset"))
}

/// What the compositions claim, by aggregate.
struct Claims {
    complete: BTreeSet<Node>,
    incomplete: BTreeMap<String, BTreeSet<Node>>,
}

impl Claims {
    fn of(graph: &Graph<'_>) -> Self {
        let mut claims = Self { complete: BTreeSet::new(), incomplete: BTreeMap::new() };
        for composition in graph.sbom().compositions() {
            let nodes = subjects(graph, &composition);
            match &*composition.aggregate() {
                // Completeness of what it is assembled from says nothing about what it depends on.
                "complete" => claims
                    .complete
                    .extend(composition.dependencies().filter_map(|reference| graph.node(&reference.text()))),
                other => claims.incomplete.entry(other.to_owned()).or_default().extend(nodes),
            }
        }
        claims
    }
}

/// The components that a composition speaks of; the root when it names none.
fn subjects(graph: &Graph<'_>, composition: &Composition<'_>) -> Vec<Node> {
    let mut named = composition.assemblies().chain(composition.dependencies()).peekable();
    if named.peek().is_none() {
        return vec![graph.root()];
    }
    named.filter_map(|reference| graph.node(&reference.text())).collect()
}

/// What the document itself calls incomplete or unknown.
fn incomplete(scene: &Scene<'_>, aggregate: &str, nodes: &BTreeSet<Node>) -> Finding {
    let nodes: Vec<Node> = nodes.iter().copied().collect();
    let message = format!(
        "{} said to be `{}` in `compositions`",
        text::count(nodes.len(), "component"),
        text::clip(aggregate)
    );
    let place = scene
        .graph
        .sbom()
        .compositions()
        .find(|composition| composition.aggregate() == aggregate)
        .map(|composition| composition.value());
    let finding = RULE.open(scene.product(), message).remedied_by(
        "ask the supplier of each for an SBOM of it: the document says itself that it does not know",
    );
    let finding = share(scene, scene.with_examples(finding, &nodes), &nodes);
    match place {
        Some(value) => finding.at(scene.location(value)),
        None => finding,
    }
}

/// Components without an entry: "depends on nothing" and "nobody looked" are the same to a reader.
fn unstated(scene: &Scene<'_>, silent: &[Node], all: usize) -> Finding {
    let weight = |node: &Node| (std::cmp::Reverse(scene.graph.dominators().weight(*node)), *node);
    let mut heaviest = silent.to_vec();
    heaviest.sort_by_key(weight);
    let message = format!(
        "{} of {} without an entry in `dependencies`: nobody says whether that means none",
        silent.len(),
        text::count(all, "component")
    );
    let finding = scene.with_examples(RULE.fail(scene.product(), message), &heaviest);
    let place = scene.graph.component(heaviest[0]).map(|component| component.value());
    let finding = share(scene, finding, silent);
    match place {
        Some(value) => finding.at(scene.location(value)),
        None => finding,
    }
}

/// The known-unknown share: how many components are opaque, or come only with one that is.
fn share(scene: &Scene<'_>, finding: Finding, opaque: &[Node]) -> Finding {
    let opaque: BTreeSet<Node> = opaque.iter().copied().collect();
    let dominators = scene.graph.dominators();
    let apart = opaque.iter().filter(|&&node| !dominators.is_reached(node)).count();
    let unknown = dominators.covered(|node| opaque.contains(&node)) + apart;
    let all = scene.graph.components().len();
    finding.because("known-unknown share", format!("{unknown} of {}", text::count(all, "component")))
}

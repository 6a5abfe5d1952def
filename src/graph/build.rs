//! From an SBOM to a graph.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::topology::{Node, Topology, narrow};
use super::{Components, Dominators, Layers, Paths};
use crate::sbom::{Component, Reference, Role, Sbom};

/// The graph of an SBOM: a node for each component and service. An edge is a dependency that is stated, or leads from
/// a component to one that is nested in it. Analyses are made when first asked for, and kept.
#[derive(Debug)]
pub struct Graph<'a> {
    sbom: &'a Sbom,
    topology: Topology,
    /// Whether a component has an entry of its own in `dependencies`.
    stated: Vec<bool>,
    stated_edges: usize,
    references: HashMap<Cow<'a, str>, Node>,
    dangling: Vec<Dangling<'a>>,
    ambiguous: Vec<Node>,
    cycles: OnceLock<Components>,
    dominators: OnceLock<Dominators>,
    paths: OnceLock<Paths>,
    layers: OnceLock<Layers>,
}

/// A reference that no component answers to.
#[derive(Debug, Clone, Copy)]
pub struct Dangling<'a> {
    /// Where it stands.
    pub reference: Reference<'a>,
    /// The component that uses it; nothing when it is a whole entry that belongs to nobody.
    pub from: Option<Node>,
}

impl<'a> Graph<'a> {
    /// Builds the graph; time is linear in the document.
    pub fn of(sbom: &'a Sbom) -> Self {
        let count = narrow(sbom.components().len());
        let mut references = HashMap::with_capacity(count as usize);
        let mut ambiguous = Vec::new();
        let mut edges = Vec::new();
        for (component, node) in sbom.components().zip((0..count).map(Node)) {
            if let Some(reference) = component.bom_ref() {
                let first = *references.entry(reference).or_insert(node);
                if first != node {
                    ambiguous.push(node);
                }
            }
            if let Some(parent) = component.parent() {
                edges.push((Node(narrow(parent.index())), node));
            }
        }
        let contained = edges.len();
        let mut stated = vec![false; count as usize];
        let mut dangling = Vec::new();
        for dependency in sbom.dependencies() {
            let find = |reference: &Reference<'_>| references.get(&reference.text()).copied();
            let from = find(&dependency.reference());
            if let Some(from) = from {
                stated[from.index()] = true;
            } else if !dependency.reference().is_elsewhere() {
                dangling.push(Dangling { reference: dependency.reference(), from: None });
            }
            for reference in dependency.depends_on().chain(dependency.provides()) {
                match (from, find(&reference)) {
                    (Some(from), Some(to)) => edges.push((from, to)),
                    (_, None) if !reference.is_elsewhere() => dangling.push(Dangling { reference, from }),
                    _ => {}
                }
            }
        }
        let stated_edges = edges.len() - contained;
        let root = sbom.root().map(|root| Node(narrow(root.index())));
        Self {
            sbom,
            topology: Topology::new(count, root, edges),
            stated,
            stated_edges,
            references,
            dangling,
            ambiguous,
            cycles: OnceLock::new(),
            dominators: OnceLock::new(),
            paths: OnceLock::new(),
            layers: OnceLock::new(),
        }
    }

    /// The SBOM that it was built from.
    pub fn sbom(&self) -> &'a Sbom {
        self.sbom
    }

    /// The nodes and edges.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Where everything starts.
    pub fn root(&self) -> Node {
        self.topology.root()
    }

    /// Whether the document names no root, so that one was put above all that nothing leads to.
    pub fn is_rootless(&self) -> bool {
        self.component(self.root()).is_none()
    }

    /// The component of a node; nothing for a virtual root.
    pub fn component(&self, node: Node) -> Option<Component<'a>> {
        self.sbom.component(node.index())
    }

    /// Every component with its node, in the order of the document, the root first.
    pub fn components(&self) -> impl ExactSizeIterator<Item = (Node, Component<'a>)> + use<'a> {
        self.sbom.components().map(|component| (Node(narrow(component.index())), component))
    }

    /// Every component but the root.
    pub fn parts(&self) -> impl Iterator<Item = (Node, Component<'a>)> + use<'a> {
        self.components().filter(|(_, component)| component.role() != Role::Root)
    }

    /// How people call a node.
    pub fn label(&self, node: Node) -> Cow<'a, str> {
        self.component(node).map_or(Cow::Borrowed("(no root named)"), |component| component.label())
    }

    /// The node that a bom-ref names, the first one if there are several.
    pub fn node(&self, bom_ref: &str) -> Option<Node> {
        self.references.get(bom_ref).copied()
    }

    /// Every bom-ref, in no order.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.references.keys().map(AsRef::as_ref)
    }

    /// References that no component answers to, in the order of the document. References into other documents
    /// (BOM-Links) are not among them.
    pub fn dangling(&self) -> &[Dangling<'a>] {
        &self.dangling
    }

    /// Components whose bom-ref an earlier one has: whoever refers to it means one of them, and this graph takes the
    /// first.
    pub fn ambiguous(&self) -> &[Node] {
        &self.ambiguous
    }

    /// Whether the document says what a node depends on, be it nothing.
    pub fn is_stated(&self, node: Node) -> bool {
        self.stated.get(node.index()).copied().unwrap_or(false)
    }

    /// How many dependencies are stated, doubles counted.
    pub fn stated_edges(&self) -> usize {
        self.stated_edges
    }

    /// Which components depend on each other in circles.
    pub fn cycles(&self) -> &Components {
        self.cycles.get_or_init(|| Components::of(&self.topology))
    }

    /// What cannot be reached without what.
    pub fn dominators(&self) -> &Dominators {
        self.dominators.get_or_init(|| Dominators::of(&self.topology))
    }

    /// The shortest ways from the root.
    pub fn paths(&self) -> &Paths {
        self.paths.get_or_init(|| Paths::of(&self.topology))
    }

    /// The layers of a drawing.
    pub fn layers(&self) -> &Layers {
        self.layers.get_or_init(|| Layers::of(&self.topology, self.cycles()))
    }

    /// The labels from the root to a node, both included and a virtual root left out; empty when it is not reached. Of
    /// a path of more than `SHOWN` nodes the middle is counted instead of listed.
    pub fn path_to(&self, node: Node) -> Vec<String> {
        let (path, omitted) = self.paths().shortened(node, SHOWN);
        let mut labels: Vec<String> = path.iter().map(|&node| self.label(node).into_owned()).collect();
        if omitted > 0 {
            labels.insert(1, format!("… {omitted} more …"));
        }
        if self.is_rootless() && !labels.is_empty() {
            labels.remove(0);
        }
        labels
    }
}

/// Nodes of a path that are listed.
const SHOWN: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;

    fn sbom(text: &str) -> Sbom {
        Sbom::read(text.replace('\'', "\"").into(), &Limits::default()).unwrap()
    }

    fn labels(graph: &Graph<'_>, nodes: &[Node]) -> Vec<String> {
        nodes.iter().map(|&node| graph.label(node).into_owned()).collect()
    }

    #[test]
    fn what_nobody_defines_is_dangling_and_a_bom_link_is_not() {
        let sbom = sbom(
            "{'bomFormat':'CycloneDX','specVersion':'1.6','components':[{'bom-ref':'a','name':'a'}],'dependencies':[
             {'ref':'a','dependsOn':['b','urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#x']},{'ref':'c','dependsOn':['a']}]}",
        );
        let graph = Graph::of(&sbom);
        let found: Vec<_> = graph.dangling().iter().map(|each| (each.reference.text(), each.from)).collect();
        assert_eq!(found, [("b".into(), Some(Node(0))), ("c".into(), None)]);
        assert_eq!(graph.dangling()[0].reference.value().pointer(), "/dependencies/0/dependsOn/0");
    }

    #[test]
    fn the_first_of_two_components_with_one_reference_is_meant() {
        let sbom = sbom(
            "{'bomFormat':'CycloneDX','specVersion':'1.4','metadata':{'component':{'bom-ref':'r','name':'r'}},
             'components':[{'bom-ref':'a','name':'one'},{'bom-ref':'a','name':'two'}],'dependencies':[{'ref':'r','dependsOn':['a']}]}",
        );
        let graph = Graph::of(&sbom);
        assert_eq!(graph.ambiguous(), [Node(2)]);
        assert_eq!(graph.path_to(Node(1)), ["r", "one"]);
        assert_eq!(graph.path_to(Node(2)), [""; 0]);
    }

    #[test]
    fn a_part_hangs_under_what_it_is_nested_in() {
        let sbom = sbom(
            "{'bomFormat':'CycloneDX','specVersion':'1.4','metadata':{'component':{'name':'r','components':[{'name':'bin'}]}},
             'components':[{'name':'outer','components':[{'name':'inner','components':[{'name':'core'}]},{'name':'twin'}]}],
             'services':[{'name':'api','services':[{'name':'sub'}]}]}",
        );
        let graph = Graph::of(&sbom);
        let all: Vec<_> = graph.topology().nodes().collect();
        assert_eq!(labels(&graph, &all), ["r", "bin", "outer", "inner", "core", "twin", "api", "sub"]);
        assert_eq!(graph.topology().edges().count(), 5);
        assert_eq!(graph.topology().dependencies(Node(2)), [Node(3), Node(5)]);
        assert_eq!(graph.stated_edges(), 0);
    }

    #[test]
    fn without_a_root_one_is_made_and_left_out_of_paths() {
        let sbom = sbom(
            "{'bomFormat':'CycloneDX','specVersion':'1.4','components':[{'bom-ref':'a','name':'a'},{'bom-ref':'b','name':'b'}],
             'dependencies':[{'ref':'a','dependsOn':['b','a']}]}",
        );
        let graph = Graph::of(&sbom);
        assert!(graph.is_rootless());
        assert_eq!(graph.path_to(Node(1)), ["a", "b"]);
        assert_eq!(graph.label(graph.root()), "(no root named)");
        assert_eq!((graph.is_stated(Node(0)), graph.is_stated(Node(1))), (true, false));
    }
}

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

    /// The labels from the root to a node, both included and a virtual root left out; empty when it is not reached.
    pub fn path_to(&self, node: Node) -> Vec<String> {
        let path = self.paths().to(node);
        path.into_iter().filter_map(|node| Some(self.component(node)?.label().into_owned())).collect()
    }
}

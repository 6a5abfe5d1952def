//! Dominators: what cannot be reached without passing a node, by semi-NCA
//! (Georgiadis, "Linear-Time Algorithms for Dominators and Related Problems", 2005, section 2.3).

use super::topology::{Node, Topology, narrow};

/// The dominator tree from the root. Whoever drops a node loses exactly what it dominates.
#[derive(Debug, Clone)]
pub struct Dominators {
    /// The immediate dominator; the root has itself, what is not reached has nothing.
    immediate: Vec<u32>,
    /// Nodes dominated, itself included; what is not reached weighs nothing.
    weight: Vec<u32>,
    /// Nodes reached, each after its immediate dominator.
    order: Vec<Node>,
}

impl Dominators {
    /// Time is linear in nodes and edges, but for a logarithm that real graphs do not show.
    pub fn of(graph: &Topology) -> Self {
        let walk = Walk::new(graph);
        let semi = walk.semidominators(graph);
        let count = walk.vertex.len();
        // From here on nodes are called by their place in the walk.
        let mut immediate = walk.parent.clone();
        for place in 1..count {
            let mut dominator = immediate[place];
            while dominator > semi[place] {
                dominator = immediate[dominator as usize];
            }
            immediate[place] = dominator;
        }
        let mut weight = vec![1; count];
        for place in (1..count).rev() {
            weight[immediate[place] as usize] += weight[place];
        }
        let mut dominators =
            Self { immediate: vec![NONE; graph.len()], weight: vec![0; graph.len()], order: Vec::new() };
        for (place, node) in walk.vertex.iter().enumerate() {
            dominators.immediate[node.index()] = walk.vertex[immediate[place] as usize].0;
            dominators.weight[node.index()] = weight[place];
        }
        dominators.order = walk.vertex;
        dominators
    }

    /// The nearest node that every way from the root passes; nothing for the root and for what is not reached.
    pub fn immediate(&self, node: Node) -> Option<Node> {
        let dominator = self.immediate[node.index()];
        (dominator != NONE && dominator != node.0).then_some(Node(dominator))
    }

    /// Every node that each way from the root passes, the nearest first; the node itself is not one.
    pub fn chain(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        std::iter::successors(self.immediate(node), |&dominator| self.immediate(dominator))
    }

    /// How many nodes it dominates, itself included: what dropping it would drop. 0 when it is not reached.
    pub fn weight(&self, node: Node) -> u32 {
        self.weight[node.index()]
    }

    /// Whether the root reaches it.
    pub fn is_reached(&self, node: Node) -> bool {
        self.immediate[node.index()] != NONE
    }

    /// How many nodes the root reaches, itself included.
    pub fn reached(&self) -> usize {
        self.order.len()
    }

    /// What a node dominates, itself included, ascending. Looks at every node.
    pub fn dominated_by(&self, node: Node) -> Vec<Node> {
        let mut inside = vec![false; self.immediate.len()];
        if self.is_reached(node) {
            inside[node.index()] = true;
        }
        for &other in &self.order {
            if let Some(dominator) = self.immediate(other) {
                inside[other.index()] |= inside[dominator.index()];
            }
        }
        (0..narrow(inside.len())).map(Node).filter(|node| inside[node.index()]).collect()
    }

    /// For each node whether it or a dominator of it is marked: the weight of all marked nodes together is the count.
    pub fn covered(&self, marked: impl Fn(Node) -> bool) -> usize {
        let mut inside = vec![false; self.immediate.len()];
        for &node in &self.order {
            inside[node.index()] =
                marked(node) || self.immediate(node).is_some_and(|dominator| inside[dominator.index()]);
        }
        inside.into_iter().filter(|&inside| inside).count()
    }
}

/// A depth-first walk from the root.
struct Walk {
    /// The place of a node in the walk.
    place: Vec<u32>,
    /// The nodes by place.
    vertex: Vec<Node>,
    /// The place of the node from which a place was entered.
    parent: Vec<u32>,
}

impl Walk {
    fn new(graph: &Topology) -> Self {
        let mut walk = Self { place: vec![NONE; graph.len()], vertex: Vec::new(), parent: Vec::new() };
        let mut path = Vec::new();
        walk.enter(graph, graph.root(), 0, &mut path);
        while let Some(step) = path.last_mut() {
            if step.cursor == step.end {
                path.pop();
                continue;
            }
            let next = graph.target(step.cursor);
            step.cursor += 1;
            if walk.place[next.index()] == NONE {
                let parent = step.place;
                walk.enter(graph, next, parent, &mut path);
            }
        }
        walk
    }

    fn enter(&mut self, graph: &Topology, node: Node, parent: u32, path: &mut Vec<Step>) {
        let place = narrow(self.vertex.len());
        let (cursor, end) = graph.span(node);
        self.place[node.index()] = place;
        self.vertex.push(node);
        self.parent.push(parent);
        path.push(Step { place, cursor, end });
    }

    /// The semidominator of each place, from the last to the first, over a forest whose paths are compressed.
    fn semidominators(&self, graph: &Topology) -> Vec<u32> {
        let mut links: Vec<Link> =
            self.parent.iter().map(|&ancestor| Link { ancestor, lowest: u32::MAX }).collect();
        let mut semi = vec![0; self.vertex.len()];
        let mut path = Vec::new();
        for place in (1..narrow(self.vertex.len())).rev() {
            let mut lowest = self.parent[place as usize];
            for before in graph.dependents(self.vertex[place as usize]) {
                let from = self.place[before.index()];
                if from == NONE {
                    continue;
                }
                let candidate = if from <= place {
                    from
                } else {
                    compress(from, place, &mut links, &mut path);
                    links[from as usize].lowest
                };
                lowest = lowest.min(candidate);
            }
            semi[place as usize] = lowest;
            links[place as usize].lowest = lowest;
        }
        semi
    }
}

/// A node on the way from the root.
struct Step {
    place: u32,
    /// The edges that are still to be followed.
    cursor: u32,
    end: u32,
}

/// Where a place hangs in the forest of those that were dealt with.
#[derive(Clone, Copy)]
struct Link {
    ancestor: u32,
    /// The smallest semidominator from here up to, and without, the ancestor.
    lowest: u32,
}

/// Lets every place on the way up from `from`, as far as they were dealt with (those after `place`), hang from the first
/// that was not.
fn compress(from: u32, place: u32, links: &mut [Link], path: &mut Vec<u32>) {
    let mut top = from;
    while links[top as usize].ancestor > place {
        path.push(top);
        top = links[top as usize].ancestor;
    }
    let mut above = links[top as usize];
    while let Some(node) = path.pop() {
        let link = &mut links[node as usize];
        link.lowest = link.lowest.min(above.lowest);
        link.ancestor = above.ancestor;
        above = *link;
    }
}

const NONE: u32 = u32::MAX;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::topology::tests::{any_topology, extremes, leads};

    #[test]
    fn a_million_nodes_in_a_row_need_no_stack() {
        for (name, graph) in extremes() {
            let dominators = Dominators::of(&graph);
            let expected = if name == "star" { 1 } else { 999_999 };
            assert_eq!((dominators.weight(Node(1)), dominators.reached()), (expected, 1_000_000), "{name}");
        }
    }

    #[test]
    fn what_is_not_reached_weighs_nothing() {
        let graph = Topology::new(3, Some(Node(0)), vec![(Node(0), Node(1)), (Node(2), Node(1))]);
        let dominators = Dominators::of(&graph);
        assert_eq!((dominators.weight(Node(2)), dominators.immediate(Node(2))), (0, None));
        assert_eq!(dominators.immediate(Node(1)), Some(Node(0)));
        assert_eq!(dominators.dominated_by(Node(2)), []);
    }

    proptest! {
        #[test]
        fn a_dominator_is_what_no_way_avoids(graph in any_topology()) {
            let dominators = Dominators::of(&graph);
            let root = graph.root();
            for node in graph.nodes() {
                prop_assert_eq!(dominators.is_reached(node), leads(&graph, root, node, None));
                if !dominators.is_reached(node) {
                    continue;
                }
                let mut chain: Vec<_> = dominators.chain(node).collect();
                chain.sort_unstable();
                let avoided = |other: &Node| *other != node && !leads(&graph, root, node, Some(*other));
                let expected: Vec<_> = graph.nodes().filter(avoided).collect();
                prop_assert_eq!(chain, expected);
                let dominated = dominators.dominated_by(node);
                prop_assert_eq!(dominated.len(), dominators.weight(node) as usize);
                prop_assert_eq!(dominators.covered(|other| other == node), dominated.len());
            }
        }

        #[test]
        fn petgraph_finds_the_same(graph in any_topology()) {
            let ours = Dominators::of(&graph);
            let theirs = petgraph::algo::dominators::simple_fast(&graph, graph.root());
            for node in graph.nodes() {
                prop_assert_eq!(ours.immediate(node), theirs.immediate_dominator(node));
            }
        }
    }
}

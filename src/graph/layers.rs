//! Layers for drawing: every edge between different cycles leads to a deeper layer.

use super::topology::{Node, Topology};
use super::{Components, Dominators};

/// The layer of each node, and the nodes of each layer in an order that does not change between runs.
#[derive(Debug, Clone)]
pub struct Layers {
    of: Vec<u32>,
    rows: Vec<Vec<Node>>,
}

impl Layers {
    /// Longest ways over the components, so that members of a cycle share a layer; inside a layer nodes stand by the
    /// layers of what they depend on and then by number. Time is linear but for sorting.
    pub fn of(graph: &Topology, components: &Components) -> Self {
        let mut layer_of = vec![0; components.count()];
        // From those that nothing leads to, down.
        for component in (0..components.count()).rev() {
            for node in components.members(component) {
                for &next in graph.dependencies(*node) {
                    let other = components.of_node(next);
                    if other != component {
                        layer_of[other] = layer_of[other].max(layer_of[component] + 1);
                    }
                }
            }
        }
        let of: Vec<u32> = graph.nodes().map(|node| layer_of[components.of_node(node)]).collect();
        let count = of.iter().max().map_or(0, |&deepest| deepest as usize + 1);
        let mut rows = vec![Vec::new(); count];
        for node in graph.nodes() {
            rows[of[node.index()] as usize].push(node);
        }
        let mut layers = Self { of, rows };
        layers.settle(graph);
        layers
    }

    /// The layer of a node; the root has 0.
    pub fn layer(&self, node: Node) -> u32 {
        self.of[node.index()]
    }

    /// The nodes of each layer, from the root down.
    pub fn rows(&self) -> &[Vec<Node>] {
        &self.rows
    }

    /// One pass down: each node moves to the mean place of those that depend on it.
    fn settle(&mut self, graph: &Topology) {
        let mut place = vec![0_u64; graph.len()];
        for row in &mut self.rows {
            row.sort_by_cached_key(|&node| {
                let above = graph.dependents(node);
                let sum: u64 = above.iter().map(|other| place[other.index()]).sum();
                (sum.checked_div(above.len() as u64).unwrap_or(0), node)
            });
            for (index, node) in row.iter().enumerate() {
                place[node.index()] = SCALE * index as u64 / row.len() as u64;
            }
        }
    }
}

impl Dominators {
    /// The children of each node in the dominator tree, those that dominate most first: what a collapsed tree shows.
    pub fn children(&self, graph: &Topology) -> Vec<Vec<Node>> {
        let mut children = vec![Vec::new(); graph.len()];
        for node in graph.nodes() {
            if let Some(dominator) = self.immediate(node) {
                children[dominator.index()].push(node);
            }
        }
        for list in &mut children {
            list.sort_by_key(|&node| (std::cmp::Reverse(self.weight(node)), node));
        }
        children
    }
}

/// Places in a layer are fractions of this.
const SCALE: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::topology::tests::{any_topology, extremes};

    #[test]
    fn a_million_nodes_in_a_row_need_no_stack() {
        for (name, graph) in extremes() {
            let layers = Layers::of(&graph, &Components::of(&graph));
            let expected = match name {
                "chain" => 1_000_000,
                "star" => 2,
                _ => 1,
            };
            assert_eq!(layers.rows().len(), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_edge_leads_down_but_inside_a_cycle(graph in any_topology()) {
            let components = Components::of(&graph);
            let layers = Layers::of(&graph, &components);
            for (from, to) in graph.edges() {
                let same = components.of_node(from) == components.of_node(to);
                prop_assert!(same && layers.layer(from) == layers.layer(to) || layers.layer(from) < layers.layer(to));
            }
            prop_assert_eq!(layers.rows().iter().map(Vec::len).sum::<usize>(), graph.len());
        }

        #[test]
        fn the_tree_holds_what_is_reached_once(graph in any_topology()) {
            let dominators = Dominators::of(&graph);
            let children = dominators.children(&graph);
            let below: usize = children.iter().map(Vec::len).sum();
            prop_assert_eq!(below + 1, dominators.reached());
        }
    }
}

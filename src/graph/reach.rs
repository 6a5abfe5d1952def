//! Reach: who is affected by a node, and what a node brings along.

use super::topology::{Node, Topology};
use super::{Components, Graph};

impl Topology {
    /// For each node, by bit, which of up to 64 `targets` it is or leads to: one sweep for all of them.
    pub fn leads_to(&self, components: &Components, targets: &[Node]) -> Vec<u64> {
        let mut masks = vec![0; self.len()];
        for (bit, target) in targets.iter().take(SWEEP).enumerate() {
            masks[target.index()] |= 1 << bit;
        }
        // Components come after what they depend on, so every edge out of one leads to a mask that is final.
        for members in components.iter() {
            let union = members
                .iter()
                .flat_map(|&node| self.dependencies(node))
                .chain(members)
                .fold(0, |mask, other| mask | masks[other.index()]);
            for node in members {
                masks[node.index()] = union;
            }
        }
        masks
    }

    /// Everything that leads to a node, itself included, ascending.
    pub fn ancestors(&self, node: Node) -> Vec<Node> {
        self.walk(node, Self::dependents)
    }

    /// Everything that a node leads to, itself included, ascending.
    pub fn descendants(&self, node: Node) -> Vec<Node> {
        self.walk(node, Self::dependencies)
    }

    fn walk(&self, start: Node, step: impl Fn(&Self, Node) -> &[Node]) -> Vec<Node> {
        let mut seen = vec![false; self.len()];
        seen[start.index()] = true;
        let mut found = vec![start];
        let mut next = 0;
        while let Some(&node) = found.get(next) {
            next += 1;
            for &other in step(self, node) {
                if !std::mem::replace(&mut seen[other.index()], true) {
                    found.push(other);
                }
            }
        }
        found.sort_unstable();
        found
    }
}

impl Graph<'_> {
    /// For each target how many components it can affect: those that lead to it, without itself and the root.
    pub fn affected(&self, targets: &[Node]) -> Vec<usize> {
        let mut counts = Vec::with_capacity(targets.len());
        for sweep in targets.chunks(SWEEP) {
            let masks = self.topology().leads_to(self.cycles(), sweep);
            counts.extend(sweep.iter().enumerate().map(|(bit, &target)| {
                let counted = |node: &Node| *node != target && *node != self.topology().root();
                let leads = |node: &Node| masks[node.index()] >> bit & 1 == 1;
                self.topology().nodes().filter(counted).filter(leads).count()
            }));
        }
        counts
    }
}

/// Targets of one sweep: the bits of a word.
const SWEEP: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::topology::tests::{any_topology, extremes, leads};

    #[test]
    fn a_million_nodes_in_a_row_need_no_stack() {
        for (name, graph) in extremes() {
            let last = Node(999_999);
            let expected = if name == "star" { 2 } else { 1_000_000 };
            assert_eq!(graph.ancestors(last).len(), expected, "{name}");
            let masks = graph.leads_to(&Components::of(&graph), &[last]);
            assert_eq!(masks.iter().filter(|&&mask| mask == 1).count(), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn one_sweep_agrees_with_walking(graph in any_topology()) {
            let targets: Vec<_> = graph.nodes().collect();
            let masks = graph.leads_to(&Components::of(&graph), &targets);
            for &node in &targets {
                for (bit, &target) in targets.iter().enumerate() {
                    let expected = leads(&graph, node, target, None);
                    prop_assert_eq!(masks[node.index()] >> bit & 1 == 1, expected);
                    prop_assert_eq!(graph.descendants(node).contains(&target), expected);
                    prop_assert_eq!(graph.ancestors(target).contains(&node), expected);
                }
            }
        }
    }
}

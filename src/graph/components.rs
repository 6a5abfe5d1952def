//! Strongly connected components, by Tarjan's algorithm without recursion
//! (<https://doi.org/10.1137/0201010>).

use super::topology::{Node, Topology, narrow};

/// Which nodes reach each other. Components are numbered so that edges between them lead to smaller numbers.
#[derive(Debug, Clone)]
pub struct Components {
    of: Vec<u32>,
    /// All nodes, by component.
    members: Vec<Node>,
    /// Where each component starts in `members`; one more at the end.
    starts: Vec<u32>,
}

impl Components {
    /// Time is linear in nodes and edges.
    pub fn of(graph: &Topology) -> Self {
        let mut search = Search {
            of: vec![UNSEEN; graph.len()],
            low: vec![UNSEEN; graph.len()],
            next: 0,
            path: Vec::new(),
            open: Vec::new(),
            members: Vec::with_capacity(graph.len()),
            starts: vec![0],
        };
        for node in graph.nodes() {
            if search.low[node.index()] == UNSEEN {
                search.run(graph, node);
            }
        }
        Self { of: search.of, members: search.members, starts: search.starts }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of a node's component.
    pub fn of_node(&self, node: Node) -> usize {
        self.of[node.index()] as usize
    }

    /// The nodes of a component.
    pub fn members(&self, component: usize) -> &[Node] {
        &self.members[self.starts[component] as usize..self.starts[component + 1] as usize]
    }

    /// All components, each after those that its nodes depend on.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[Node]> + ExactSizeIterator {
        (0..self.count()).map(|component| self.members(component))
    }

    /// Components of more than one node: the cycles that no order can be found in.
    pub fn cycles(&self) -> impl Iterator<Item = &[Node]> {
        self.iter().filter(|members| members.len() > 1)
    }
}

struct Search {
    of: Vec<u32>,
    /// The order of discovery, lowered to that of the oldest open node that is reached.
    low: Vec<u32>,
    next: u32,
    /// The walk: a node, how many of its edges are done, and its order of discovery.
    path: Vec<(Node, u32, u32)>,
    /// Nodes whose component is not known yet.
    open: Vec<Node>,
    members: Vec<Node>,
    starts: Vec<u32>,
}

impl Search {
    fn run(&mut self, graph: &Topology, start: Node) {
        self.enter(start);
        while let Some((node, done, order)) = self.path.last_mut() {
            let (node, order) = (*node, *order);
            let edges = graph.dependencies(node);
            if let Some(&next) = edges.get(*done as usize) {
                *done += 1;
                if self.low[next.index()] == UNSEEN {
                    self.enter(next);
                } else if self.of[next.index()] == UNSEEN {
                    self.lower(node, next);
                }
                continue;
            }
            self.path.pop();
            if self.low[node.index()] == order {
                self.close(node);
            } else if let Some((parent, ..)) = self.path.last() {
                self.lower(*parent, node);
            }
        }
    }

    fn enter(&mut self, node: Node) {
        self.low[node.index()] = self.next;
        self.path.push((node, 0, self.next));
        self.open.push(node);
        self.next += 1;
    }

    fn lower(&mut self, node: Node, to: Node) {
        let to = self.low[to.index()];
        let low = &mut self.low[node.index()];
        *low = to.min(*low);
    }

    /// A component is complete: everything open since its first node.
    fn close(&mut self, first: Node) {
        let number = narrow(self.starts.len() - 1);
        while let Some(node) = self.open.pop() {
            self.of[node.index()] = number;
            self.members.push(node);
            if node == first {
                break;
            }
        }
        let start = self.starts.last().copied().unwrap_or(0) as usize;
        self.members[start..].sort_unstable();
        self.starts.push(narrow(self.members.len()));
    }
}

const UNSEEN: u32 = u32::MAX;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::topology::tests::{any_topology, extremes, leads};

    #[test]
    fn a_million_nodes_in_a_row_need_no_stack() {
        for (name, graph) in extremes() {
            let expected = if name == "cycle" { 1 } else { 1_000_000 };
            assert_eq!(Components::of(&graph).count(), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn two_nodes_share_a_component_when_each_leads_to_the_other(graph in any_topology()) {
            let components = Components::of(&graph);
            for one in graph.nodes() {
                for other in graph.nodes() {
                    let both = leads(&graph, one, other, None) && leads(&graph, other, one, None);
                    prop_assert_eq!(components.of_node(one) == components.of_node(other), both);
                }
                prop_assert!(components.members(components.of_node(one)).contains(&one));
            }
        }

        #[test]
        fn edges_between_components_lead_to_smaller_numbers(graph in any_topology()) {
            let components = Components::of(&graph);
            for (from, to) in graph.edges() {
                prop_assert!(components.of_node(from) >= components.of_node(to));
            }
        }

        #[test]
        fn petgraph_finds_the_same(graph in any_topology()) {
            let sorted = |mut components: Vec<Vec<Node>>| {
                for members in &mut components {
                    members.sort_unstable();
                }
                components.sort();
                components
            };
            let ours = Components::of(&graph).iter().map(<[Node]>::to_vec).collect();
            prop_assert_eq!(sorted(ours), sorted(petgraph::algo::kosaraju_scc(&graph)));
        }
    }
}

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
            order: vec![UNSEEN; graph.len()],
            of: vec![0; graph.len()],
            next: 0,
            path: Vec::new(),
            open: Vec::new(),
            members: Vec::with_capacity(graph.len()),
            starts: vec![0],
        };
        for node in graph.nodes() {
            if search.order[node.index()] == UNSEEN {
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
    /// The order of discovery of nodes whose component is not known yet.
    order: Vec<u32>,
    of: Vec<u32>,
    next: u32,
    path: Vec<Step>,
    /// Nodes whose component is not known yet.
    open: Vec<Node>,
    members: Vec<Node>,
    starts: Vec<u32>,
}

/// A node on the way from where the walk began.
#[derive(Clone, Copy)]
struct Step {
    node: Node,
    /// The edges that are still to be followed.
    cursor: u32,
    end: u32,
    /// The order of the oldest open node that is known to be reached.
    low: u32,
}

impl Search {
    fn run(&mut self, graph: &Topology, start: Node) {
        self.enter(graph, start);
        while let Some(step) = self.path.last_mut() {
            if step.cursor < step.end {
                let next = graph.target(step.cursor);
                step.cursor += 1;
                match self.order[next.index()] {
                    UNSEEN => self.enter(graph, next),
                    // A node that is done has an order above all others, which lowers nothing.
                    order => step.low = step.low.min(order),
                }
                continue;
            }
            let Step { node, low, .. } = *step;
            self.path.pop();
            if low == self.order[node.index()] {
                self.close(node);
            } else if let Some(parent) = self.path.last_mut() {
                parent.low = parent.low.min(low);
            }
        }
    }

    fn enter(&mut self, graph: &Topology, node: Node) {
        let (cursor, end) = graph.span(node);
        self.order[node.index()] = self.next;
        self.path.push(Step { node, cursor, end, low: self.next });
        self.open.push(node);
        self.next += 1;
    }

    /// A component is complete: everything open since its first node.
    fn close(&mut self, first: Node) {
        let number = narrow(self.starts.len() - 1);
        while let Some(node) = self.open.pop() {
            self.of[node.index()] = number;
            self.order[node.index()] = DONE;
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
const DONE: u32 = u32::MAX - 1;

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

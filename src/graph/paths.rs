//! Ways from the root: the shortest one to each node.

use std::collections::VecDeque;

use super::topology::{Node, Topology};

/// A shortest way from the root to every node that it reaches. Of equally short ways the one whose nodes come first
/// in the document is taken.
#[derive(Debug, Clone)]
pub struct Paths {
    root: Node,
    before: Vec<u32>,
    depth: Vec<u32>,
}

impl Paths {
    /// Time is linear in nodes and edges.
    pub fn of(graph: &Topology) -> Self {
        let mut before = vec![NONE; graph.len()];
        let mut depth = vec![NONE; graph.len()];
        let root = graph.root();
        before[root.index()] = root.0;
        depth[root.index()] = 0;
        let mut queue = VecDeque::from([root]);
        while let Some(node) = queue.pop_front() {
            for &next in graph.dependencies(node) {
                if before[next.index()] == NONE {
                    before[next.index()] = node.0;
                    depth[next.index()] = depth[node.index()] + 1;
                    queue.push_back(next);
                }
            }
        }
        Self { root, before, depth }
    }

    /// Edges from the root; nothing when it is not reached.
    pub fn depth(&self, node: Node) -> Option<u32> {
        Some(self.depth[node.index()]).filter(|&depth| depth != NONE)
    }

    /// The most edges that a node is away from the root.
    pub fn greatest_depth(&self) -> u32 {
        self.depth.iter().copied().filter(|&depth| depth != NONE).max().unwrap_or(0)
    }

    /// The nodes from the root to this one, both included; empty when it is not reached.
    pub fn to(&self, node: Node) -> Vec<Node> {
        let mut path = Vec::new();
        let mut cursor = node;
        while self.before[cursor.index()] != NONE {
            path.push(cursor);
            let before = Node(self.before[cursor.index()]);
            if before == cursor {
                break;
            }
            cursor = before;
        }
        path.reverse();
        path
    }

    /// Like [`Self::to`], but of a long path only the root and the last nodes, at most `most` together, and how many
    /// are left out between them: for a graph in which every path is long.
    pub fn shortened(&self, node: Node, most: usize) -> (Vec<Node>, usize) {
        let Some(depth) = self.depth(node).map(|depth| depth as usize) else { return (Vec::new(), 0) };
        if depth < most {
            return (self.to(node), 0);
        }
        let before = |node: &Node| Some(Node(self.before[node.index()]));
        let mut path: Vec<_> = std::iter::successors(Some(node), before).take(most - 1).collect();
        path.push(self.root);
        path.reverse();
        (path, depth + 1 - most)
    }
}

const NONE: u32 = u32::MAX;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::topology::tests::{any_topology, extremes, leads};

    #[test]
    fn a_path_of_a_million_nodes_is_found() {
        let [(_, chain), ..] = extremes();
        let paths = Paths::of(&chain);
        assert_eq!(paths.to(Node(999_999)).len(), 1_000_000);
        assert_eq!(paths.greatest_depth(), 999_999);
        let ends = [0, 999_998, 999_999].map(Node).to_vec();
        assert_eq!(paths.shortened(Node(999_999), 3), (ends, 999_997));
        assert_eq!(paths.shortened(Node(2), 3), ([0, 1, 2].map(Node).to_vec(), 0));
    }

    #[test]
    fn of_two_short_ways_the_first_in_the_document_is_taken() {
        let edges = [(0, 2), (0, 1), (2, 3), (1, 3)].map(|(from, to)| (Node(from), Node(to)));
        let paths = Paths::of(&Topology::new(4, Some(Node(0)), edges.to_vec()));
        assert_eq!(paths.to(Node(3)), [Node(0), Node(1), Node(3)]);
    }

    proptest! {
        #[test]
        fn a_path_leads_from_the_root_along_edges_and_no_shorter_one_does(graph in any_topology()) {
            let paths = Paths::of(&graph);
            let mut depth = vec![usize::MAX; graph.len()];
            depth[graph.root().index()] = 0;
            for _ in graph.nodes() {
                for (from, to) in graph.edges() {
                    depth[to.index()] = depth[to.index()].min(depth[from.index()].saturating_add(1));
                }
            }
            for node in graph.nodes() {
                let path = paths.to(node);
                prop_assert_eq!(path.is_empty(), !leads(&graph, graph.root(), node, None));
                prop_assert_eq!(paths.depth(node).is_some(), !path.is_empty());
                if !path.is_empty() {
                    prop_assert_eq!((path[0], path[path.len() - 1]), (graph.root(), node));
                    prop_assert_eq!(path.len() - 1, depth[node.index()]);
                    prop_assert!(path.windows(2).all(|edge| graph.dependencies(edge[0]).contains(&edge[1])));
                }
            }
        }
    }
}

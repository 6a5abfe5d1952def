//! Ways from the root: the shortest one to each node.

use std::collections::VecDeque;

use super::topology::{Node, Topology};

/// A shortest way from the root to every node that it reaches. Of equally short ways the one whose nodes come first
/// in the document is taken.
#[derive(Debug, Clone)]
pub struct Paths {
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
        Self { before, depth }
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
}

const NONE: u32 = u32::MAX;

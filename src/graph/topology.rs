//! Nodes and edges alone: two compressed sparse rows, one a direction.

use petgraph::visit;

/// A node: the number of a component, or of the virtual root that comes after all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub u32);

impl Node {
    /// As an index into a slice with one place a node.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A directed graph that does not change: parallel edges are one, self-references stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topology {
    root: Node,
    forward: Rows,
    backward: Rows,
}

impl Topology {
    /// A graph of `count` nodes. Edges to or from other numbers are left out. Without a `root` one is made, numbered
    /// `count`, with an edge to the first node of everything that nothing else leads to; so all is reached from it.
    pub fn new(count: u32, root: Option<Node>, mut edges: Vec<(Node, Node)>) -> Self {
        edges.retain(|(from, to)| from.0 < count && to.0 < count);
        if let Some(root) = root.filter(|root| root.0 < count) {
            let forward = Rows::new(count, &edges);
            let backward = forward.reversed();
            return Self { root, forward, backward };
        }
        let rootless = Self::new(count + 1, Some(Node(count)), edges.clone());
        edges.extend(rootless.sources().into_iter().map(|source| (Node(count), source)));
        let forward = Rows::new(count + 1, &edges);
        let backward = forward.reversed();
        Self { root: Node(count), forward, backward }
    }

    /// The first node of each strongly connected component that nothing else leads to, but for the root's own.
    fn sources(&self) -> Vec<Node> {
        let components = super::Components::of(self);
        let mut is_source = vec![true; components.count()];
        for (from, to) in self.edges() {
            if components.of_node(from) != components.of_node(to) {
                is_source[components.of_node(to)] = false;
            }
        }
        is_source[components.of_node(self.root)] = false;
        let unreached = |node: &Node| std::mem::take(&mut is_source[components.of_node(*node)]);
        self.nodes().filter(unreached).collect()
    }

    /// Where everything starts.
    pub fn root(&self) -> Node {
        self.root
    }

    /// How many nodes there are, a virtual root included.
    pub fn len(&self) -> usize {
        self.forward.offsets.len() - 1
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many edges there are.
    pub fn edge_count(&self) -> usize {
        self.forward.targets.len()
    }

    /// All nodes, ascending.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node> + use<> {
        (0..self.forward.count()).map(Node)
    }

    /// All edges, ascending.
    pub fn edges(&self) -> impl Iterator<Item = (Node, Node)> + '_ {
        self.nodes().flat_map(|from| self.dependencies(from).iter().map(move |&to| (from, to)))
    }

    /// What a node depends on directly, ascending.
    pub fn dependencies(&self, node: Node) -> &[Node] {
        self.forward.row(node)
    }

    /// Where the dependencies of a node stand among all of them: for walks that come back to a node many times.
    pub(super) fn span(&self, node: Node) -> (u32, u32) {
        (self.forward.offsets[node.index()], self.forward.offsets[node.index() + 1])
    }

    /// The dependency at a place that [`Self::span`] gave.
    pub(super) fn target(&self, place: u32) -> Node {
        self.forward.targets[place as usize]
    }

    /// What depends on a node directly, ascending.
    pub fn dependents(&self, node: Node) -> &[Node] {
        self.backward.row(node)
    }

    /// Bytes of memory that it holds.
    pub fn memory(&self) -> usize {
        let rows = |rows: &Rows| (rows.offsets.capacity() + rows.targets.capacity()) * 4;
        rows(&self.forward) + rows(&self.backward)
    }
}

/// A row a node, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    offsets: Vec<u32>,
    targets: Vec<Node>,
}

impl Rows {
    /// Sorts edges into rows by counting, then each row; doubles go.
    pub(super) fn new(count: u32, edges: &[(Node, Node)]) -> Self {
        let mut offsets = vec![0; count as usize + 1];
        for (from, _) in edges {
            offsets[from.index() + 1] += 1;
        }
        for index in 1..offsets.len() {
            offsets[index] += offsets[index - 1];
        }
        let mut cursors = offsets.clone();
        let mut targets = vec![Node(0); edges.len()];
        for &(from, to) in edges {
            let cursor = &mut cursors[from.index()];
            targets[*cursor as usize] = to;
            *cursor += 1;
        }
        let mut rows = Self { offsets, targets };
        rows.tidy();
        rows
    }

    /// Sorts each row and moves it up over the doubles that went before it.
    fn tidy(&mut self) {
        let mut kept = 0;
        let mut start = 0;
        for index in 0..self.offsets.len() - 1 {
            let end = self.offsets[index + 1] as usize;
            self.targets[start..end].sort_unstable();
            let first = kept;
            for cursor in start..end {
                let target = self.targets[cursor];
                if kept == first || self.targets[kept - 1] != target {
                    self.targets[kept] = target;
                    kept += 1;
                }
            }
            start = end;
            self.offsets[index + 1] = narrow(kept);
        }
        self.targets.truncate(kept);
        self.targets.shrink_to_fit();
    }

    /// The same edges by their targets. Rows come out sorted, as they are read in ascending order.
    fn reversed(&self) -> Self {
        let mut offsets = vec![0; self.offsets.len()];
        for target in &self.targets {
            offsets[target.index() + 1] += 1;
        }
        for index in 1..offsets.len() {
            offsets[index] += offsets[index - 1];
        }
        let mut cursors = offsets.clone();
        let mut targets = vec![Node(0); self.targets.len()];
        for from in (0..self.count()).map(Node) {
            for to in self.row(from) {
                let cursor = &mut cursors[to.index()];
                targets[*cursor as usize] = from;
                *cursor += 1;
            }
        }
        Self { offsets, targets }
    }

    fn count(&self) -> u32 {
        narrow(self.offsets.len() - 1)
    }

    pub(super) fn row(&self, node: Node) -> &[Node] {
        &self.targets[self.offsets[node.index()] as usize..self.offsets[node.index() + 1] as usize]
    }
}

/// Nodes and edges are counted in `u32`: a document has fewer than 2^32 values.
pub(super) fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl visit::GraphBase for Topology {
    type NodeId = Node;
    type EdgeId = (Node, Node);
}

impl visit::NodeCount for Topology {
    fn node_count(&self) -> usize {
        self.len()
    }
}

impl visit::NodeIndexable for Topology {
    fn node_bound(&self) -> usize {
        self.len()
    }

    fn to_index(&self, node: Node) -> usize {
        node.index()
    }

    fn from_index(&self, index: usize) -> Node {
        Node(narrow(index))
    }
}

impl visit::NodeCompactIndexable for Topology {}

impl visit::Visitable for Topology {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited(vec![false; self.len()])
    }

    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
        map.0.resize(self.len(), false);
    }
}

impl visit::VisitMap<Node> for Visited {
    fn visit(&mut self, node: Node) -> bool {
        !std::mem::replace(&mut self.0[node.index()], true)
    }

    fn is_visited(&self, node: &Node) -> bool {
        self.0[node.index()]
    }

    fn unvisit(&mut self, node: Node) -> bool {
        std::mem::replace(&mut self.0[node.index()], false)
    }
}

/// Which nodes a walk has seen.
#[derive(Debug, Clone)]
pub struct Visited(Vec<bool>);

impl<'a> visit::IntoNeighbors for &'a Topology {
    type Neighbors = std::iter::Copied<std::slice::Iter<'a, Node>>;

    fn neighbors(self, node: Node) -> Self::Neighbors {
        self.dependencies(node).iter().copied()
    }
}

impl<'a> visit::IntoNeighborsDirected for &'a Topology {
    type NeighborsDirected = std::iter::Copied<std::slice::Iter<'a, Node>>;

    fn neighbors_directed(self, node: Node, direction: petgraph::Direction) -> Self::NeighborsDirected {
        match direction {
            petgraph::Direction::Outgoing => self.dependencies(node).iter().copied(),
            petgraph::Direction::Incoming => self.dependents(node).iter().copied(),
        }
    }
}

impl visit::IntoNodeIdentifiers for &Topology {
    type NodeIdentifiers = std::iter::Map<std::ops::Range<u32>, fn(u32) -> Node>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        (0..self.forward.count()).map(Node)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Small graphs of every kind: with and without root, dense and sparse, cyclic, self-referential, in pieces.
    pub(in super::super) fn any_topology() -> impl Strategy<Value = Topology> {
        (1_u32..12, any::<bool>()).prop_flat_map(|(count, rooted)| {
            let edge = (0..count, 0..count).prop_map(|(from, to)| (Node(from), Node(to)));
            (proptest::collection::vec(edge, 0..30), 0..count)
                .prop_map(move |(edges, root)| Topology::new(count, rooted.then_some(Node(root)), edges))
        })
    }

    /// A chain, a cycle or a star of a million nodes.
    pub(in super::super) fn extremes() -> [(&'static str, Topology); 3] {
        let count = 1_000_000;
        let chain: Vec<_> = (1..count).map(|node| (Node(node - 1), Node(node))).collect();
        let cycle = chain.iter().copied().chain([(Node(count - 1), Node(0))]).collect();
        let star = (1..count).map(|node| (Node(0), Node(node))).collect();
        [("chain", chain), ("cycle", cycle), ("star", star)]
            .map(|(name, edges)| (name, Topology::new(count, Some(Node(0)), edges)))
    }

    /// Whether a way leads from one node to another past none of the nodes left out: brute force.
    pub(in super::super) fn leads(graph: &Topology, from: Node, to: Node, without: Option<Node>) -> bool {
        let mut seen = vec![false; graph.len()];
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            if Some(node) == without || std::mem::replace(&mut seen[node.index()], true) {
                continue;
            }
            open.extend(graph.dependencies(node));
        }
        seen[to.index()]
    }

    #[test]
    fn an_edge_to_nowhere_is_left_out_and_doubles_are_one() {
        let edges = [(0, 1), (0, 1), (1, 1), (0, 7), (7, 0)].map(|(from, to)| (Node(from), Node(to)));
        let graph = Topology::new(2, Some(Node(0)), edges.to_vec());
        assert_eq!(graph.edges().collect::<Vec<_>>(), [(Node(0), Node(1)), (Node(1), Node(1))]);
        assert_eq!(graph.dependents(Node(1)), [Node(0), Node(1)]);
    }

    #[test]
    fn no_nodes_are_a_graph_too() {
        let graph = Topology::new(0, None, Vec::new());
        assert_eq!((graph.len(), graph.root(), graph.edge_count()), (1, Node(0), 0));
    }

    #[test]
    fn a_virtual_root_stands_above_every_piece_even_a_cycle() {
        let edges = [(0, 1), (2, 3), (3, 2), (4, 4)].map(|(from, to)| (Node(from), Node(to)));
        let graph = Topology::new(6, None, edges.to_vec());
        assert_eq!(graph.dependencies(graph.root()), [Node(0), Node(2), Node(4), Node(5)]);
    }

    proptest! {
        #[test]
        fn both_directions_hold_the_same_edges(graph in any_topology()) {
            for (from, to) in graph.edges() {
                prop_assert!(graph.dependents(to).contains(&from));
            }
            let backward: usize = graph.nodes().map(|node| graph.dependents(node).len()).sum();
            prop_assert_eq!(backward, graph.edge_count());
        }

        #[test]
        fn without_a_root_everything_is_reached(count in 0_u32..10, edges in proptest::collection::vec((0_u32..10, 0_u32..10), 0..20)) {
            let edges = edges.into_iter().map(|(from, to)| (Node(from), Node(to))).collect();
            let graph = Topology::new(count, None, edges);
            for node in graph.nodes() {
                prop_assert!(leads(&graph, graph.root(), node, None));
            }
        }
    }
}

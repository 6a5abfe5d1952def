//! Where the boxes of a drawing stand, and along which way each edge runs.
//!
//! Layered, as Sugiyama, Tagawa and Toda do it (<https://doi.org/10.1109/TSMC.1981.4308636>): one column a layer, rows
//! put in order by barycentres, then moved towards what they are tied to. An edge over several columns has a track in
//! each of them, which all edges to the same node share. Whole numbers throughout, so that every machine draws the same.

use std::collections::HashMap;

use super::Report;
use crate::graph::Node;

/// A drawing. Lengths are in pixels, and the top left corner is 0.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Boxes and tracks; an edge runs from one to the next.
    pub(super) items: Vec<Item>,
    /// The ways of edges, by the node that they lead to.
    pub(super) bundles: Vec<Bundle>,
    /// Nodes that no edge is drawn to or from, in a grid below the rest.
    pub(super) alone: Vec<Item>,
    /// Where the grid starts.
    pub(super) grid: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// A box, or a piece of track through a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// The node, or where the track leads.
    pub(super) node: Node,
    pub(super) is_track: bool,
    column: usize,
    pub(super) left: i64,
    pub(super) right: i64,
    /// The middle of its height.
    pub(super) y: i64,
}

/// Every edge to one node, as pieces between items.
#[derive(Debug, Default)]
pub(super) struct Bundle {
    pub(super) pieces: Vec<(usize, usize)>,
    /// Those of them that lead here from the dominator, if an edge does.
    pub(super) only_way: Vec<(usize, usize)>,
    /// Edges inside a cycle, between boxes of one column.
    pub(super) circles: Vec<(usize, usize)>,
}

impl Layout {
    /// Places the given nodes, each as wide as asked; ascending. Edges from and to others are not drawn.
    pub(super) fn of(report: &Report<'_>, nodes: &[Node], width: impl Fn(Node) -> i64) -> Self {
        let mut plan = Plan::of(report, nodes);
        plan.tie(report);
        plan.order();
        plan.settle();
        plan.finish(&width)
    }
}

/// A drawing in the making.
#[derive(Default)]
struct Plan {
    items: Vec<Item>,
    item_of: HashMap<Node, usize>,
    alone: Vec<Node>,
    /// The items of each column, from top to bottom.
    columns: Vec<Vec<usize>>,
    bundles: Vec<Bundle>,
    /// For each item, what it is tied to on its left and on its right.
    ties: [Vec<Vec<usize>>; 2],
}

impl Plan {
    fn of(report: &Report<'_>, nodes: &[Node]) -> Self {
        let graph = report.graph;
        let topology = graph.topology();
        let is_drawn = |node: &Node| nodes.binary_search(node).is_ok();
        let is_alone = |node: Node| {
            let ends = topology.dependencies(node).iter().chain(topology.dependents(node));
            !ends.clone().any(|end| *end != node && is_drawn(end))
        };
        let mut plan = Self::default();
        for row in graph.layers().rows() {
            let (alone, tied): (Vec<Node>, Vec<Node>) =
                row.iter().filter(|node| is_drawn(node)).partition(|node| is_alone(**node));
            plan.alone.extend(alone);
            if !tied.is_empty() {
                plan.columns.push(Vec::new());
            }
            for node in tied {
                let item = plan.add(node, false, plan.columns.len() - 1);
                plan.item_of.insert(node, item);
            }
        }
        plan.alone.sort_unstable();
        plan
    }

    fn add(&mut self, node: Node, is_track: bool, column: usize) -> usize {
        self.items.push(Item { node, is_track, column, left: 0, right: 0, y: 0 });
        self.columns[column].push(self.items.len() - 1);
        self.items.len() - 1
    }

    /// Lays tracks and divides edges into pieces.
    fn tie(&mut self, report: &Report<'_>) {
        let boxes = self.items.len();
        for target in 0..boxes {
            let Item { node, column, .. } = self.items[target];
            let dominator = report.graph.dominators().immediate(node);
            let dependents = report.graph.topology().dependents(node);
            let sources: Vec<usize> =
                dependents.iter().filter_map(|from| self.item_of.get(from).copied()).collect();
            let first = sources.iter().map(|&source| self.items[source].column).min().unwrap_or(column);
            let mut way: Vec<usize> = Vec::new();
            if self.items.len() - boxes + (column - first) <= TRACKS {
                way = (first + 1..column).map(|column| self.add(node, true, column)).collect();
            }
            way.push(target);
            let mut bundle = Bundle {
                pieces: way.windows(2).map(|piece| (piece[0], piece[1])).collect(),
                ..Bundle::default()
            };
            for source in sources {
                let from = self.items[source];
                if from.column == column {
                    bundle.circles.push((source, target));
                    continue;
                }
                // Without tracks it runs straight.
                let entry = (from.column - first).min(way.len() - 1);
                bundle.pieces.push((source, way[entry]));
                if Some(from.node) == dominator {
                    bundle.only_way.push((source, way[entry]));
                    bundle.only_way.extend(way[entry..].windows(2).map(|piece| (piece[0], piece[1])));
                }
            }
            self.bundles.push(bundle);
        }
        self.ties = [vec![Vec::new(); self.items.len()], vec![Vec::new(); self.items.len()]];
        for &(from, to) in self.bundles.iter().flat_map(|bundle| &bundle.pieces) {
            self.ties[LEFT][to].push(from);
            self.ties[RIGHT][from].push(to);
        }
    }

    /// Puts each column in the order of what its items are tied to: from left to right, then back.
    fn order(&mut self) {
        let mut place = vec![0; self.items.len()];
        let number = |column: &[usize], place: &mut [i64]| {
            for (index, &item) in column.iter().enumerate() {
                place[item] = SCALE * whole(index) / whole(column.len());
            }
        };
        for column in &self.columns {
            number(column, &mut place);
        }
        for sweep in 0..SWEEPS {
            let side = sweep % 2;
            for step in 0..self.columns.len() {
                let column = if side == LEFT { step } else { self.columns.len() - 1 - step };
                let ties = &self.ties[side];
                self.columns[column].sort_by_cached_key(|&item| {
                    (mean(&ties[item], &place).unwrap_or(place[item]), place[item])
                });
                number(&self.columns[column], &mut place);
            }
        }
    }

    /// Gives every item its height: as near to what it is tied to as the order and the distances allow.
    fn settle(&mut self) {
        let mut y = vec![0; self.items.len()];
        for column in &self.columns {
            let offsets = self.offsets(column);
            let middle = offsets.last().copied().unwrap_or(0) / 2;
            for (&item, offset) in column.iter().zip(offsets) {
                y[item] = offset - middle;
            }
        }
        for sweep in 0..SWEEPS {
            let side = sweep % 2;
            for step in 0..self.columns.len() {
                let column = if side == LEFT { step } else { self.columns.len() - 1 - step };
                let column = &self.columns[column];
                let offsets = self.offsets(column);
                let wished = column.iter().zip(&offsets).map(|(&item, offset)| {
                    let weight = if self.items[item].is_track { TRACK_WEIGHT } else { 1 };
                    (mean(&self.ties[side][item], &y).unwrap_or(y[item]) - offset, weight)
                });
                let settled = ascending(wished);
                for ((&item, offset), settled) in column.iter().zip(&offsets).zip(settled) {
                    y[item] = settled + offset;
                }
            }
        }
        let top = y.iter().copied().min().unwrap_or(0);
        for (item, y) in self.items.iter_mut().zip(y) {
            item.y = y - top + BOX / 2;
        }
    }

    /// How far below the first one each item of a column is at least.
    fn offsets(&self, column: &[usize]) -> Vec<i64> {
        let room = |item: usize| if self.items[item].is_track { TRACK } else { BOX + SPACE };
        let mut offsets = Vec::with_capacity(column.len());
        let mut offset = 0;
        for (index, &item) in column.iter().enumerate() {
            if index > 0 {
                offset += i64::midpoint(room(column[index - 1]), room(item));
            }
            offsets.push(offset);
        }
        offsets
    }

    /// Gives columns their places, and puts the lonely below.
    fn finish(mut self, width: &impl Fn(Node) -> i64) -> Layout {
        let mut left = 0;
        for column in &self.columns {
            let boxes = column.iter().filter(|item| !self.items[**item].is_track);
            let widest = boxes.map(|&item| width(self.items[item].node)).max().unwrap_or(0);
            for &item in column {
                let item = &mut self.items[item];
                item.left = left;
                item.right = left + if item.is_track { widest } else { width(item.node) };
            }
            left += widest + GAP;
        }
        let mut layout = Layout {
            width: (left - GAP).max(0),
            height: self.items.iter().map(|item| item.y + BOX / 2).max().unwrap_or(0),
            items: self.items,
            bundles: self.bundles,
            ..Layout::default()
        };
        layout.add_grid(&self.alone, width);
        layout
    }
}

impl Layout {
    fn add_grid(&mut self, nodes: &[Node], width: &impl Fn(Node) -> i64) {
        let Some(widest) = nodes.iter().map(|&node| width(node)).max() else { return };
        let cell = widest + SPACE * 2;
        let fitting = usize::try_from(self.width / cell).unwrap_or(0);
        let square = usize::try_from(whole(nodes.len()) * GRID_ASPECT / cell).unwrap_or(0).isqrt();
        let columns = fitting.max(square).max(GRID).min(nodes.len());
        self.grid = if self.height > 0 { self.height + GAP } else { 0 };
        for (index, &node) in nodes.iter().enumerate() {
            let left = whole(index % columns) * cell;
            let y = self.grid + BOX / 2 + whole(index / columns) * (BOX + SPACE);
            let right = left + width(node);
            self.alone.push(Item { node, is_track: false, column: 0, left, right, y });
            self.width = self.width.max(right);
            self.height = self.height.max(y + BOX / 2);
        }
    }
}

/// The mean place of items; nothing when there are none.
fn mean(items: &[usize], place: &[i64]) -> Option<i64> {
    items.iter().map(|&item| place[item]).sum::<i64>().checked_div(whole(items.len()))
}

/// The ascending numbers that are nearest to the wished ones, by squares and weights: neighbours in the wrong order
/// are pooled (<https://doi.org/10.1214/aoms/1177728423>).
fn ascending(wished: impl Iterator<Item = (i64, i64)>) -> Vec<i64> {
    struct Pool {
        sum: i64,
        weight: i64,
        count: usize,
    }
    let mut pools: Vec<Pool> = Vec::new();
    for (value, weight) in wished {
        let mut pool = Pool { sum: value * weight, weight, count: 1 };
        while let Some(last) =
            pools.pop_if(|last| last.sum.div_euclid(last.weight) > pool.sum.div_euclid(pool.weight))
        {
            pool.sum += last.sum;
            pool.weight += last.weight;
            pool.count += last.count;
        }
        pools.push(pool);
    }
    pools.iter().flat_map(|pool| std::iter::repeat_n(pool.sum.div_euclid(pool.weight), pool.count)).collect()
}

/// A length or place; there are fewer items than 2^63.
fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Sides of a column, and directions of sweeps.
const LEFT: usize = 0;
const RIGHT: usize = 1;
/// Passes over all columns, half of them to the right.
const SWEEPS: usize = 12;
/// Places in a column are fractions of this.
const SCALE: i64 = 1 << 20;
/// Pieces of track in a drawing; edges beyond that run straight.
const TRACKS: usize = 20_000;
/// How much more a track wants to be straight than a box.
const TRACK_WEIGHT: i64 = 4;
/// Columns of the grid at least, if there is something to put there.
const GRID: usize = 4;
/// Makes the grid half as wide again as it is high.
const GRID_ASPECT: i64 = (BOX + SPACE) * 3 / 2;
/// Height of a box.
pub(super) const BOX: i64 = 20;
/// Between boxes.
const SPACE: i64 = 8;
/// Between tracks.
const TRACK: i64 = 6;
/// Between columns, in which the curves run.
const GAP: i64 = 72;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::Graph;
    use crate::report::graph::tests::{Shape, sbom};

    fn layout<T>(text: &str, look: impl Fn(&Layout) -> T) -> T {
        let sbom = sbom(text);
        let graph = Graph::of(&sbom);
        let nodes: Vec<Node> = graph.components().map(|(node, _)| node).collect();
        look(&Layout::of(&Report { graph: &graph, top: 0 }, &nodes, |_| 100))
    }

    fn random(edges: &[(usize, usize)]) -> String {
        let component =
            |name: usize| serde_json::json!({"bom-ref": name.to_string(), "name": name.to_string()});
        let edge = |(from, to): &(usize, usize)| serde_json::json!({"ref": from.to_string(), "dependsOn": [to.to_string()]});
        serde_json::json!({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": component(0)},
            "components": (1..12).map(component).collect::<Vec<_>>(), "dependencies": edges.iter().map(edge).collect::<Vec<_>>(),
        })
        .to_string()
    }

    #[test]
    fn an_edge_over_several_columns_has_a_track_in_each() {
        let tracks = |edges: &[(usize, usize)]| {
            layout(&random(edges), |layout| layout.items.iter().filter(|item| item.is_track).count())
        };
        assert_eq!(tracks(&[(0, 1), (1, 2), (2, 3)]), 0);
        assert_eq!(tracks(&[(0, 1), (1, 2), (2, 3), (0, 3)]), 2);
        assert_eq!(tracks(&[(0, 1), (1, 2), (2, 3), (0, 3), (1, 3)]), 2, "one track for all that lead to 3");
    }

    #[test]
    fn tracks_have_a_limit_beyond_which_edges_run_straight() {
        // Everything leads to the end of the chain: a track in each column.
        let mut text: serde_json::Value = serde_json::from_str(&Shape::chain(300)).unwrap();
        for from in 0..290 {
            let all: Vec<String> = (from + 1..300).map(|to| to.to_string()).collect();
            text["dependencies"][from]["dependsOn"] = all.into();
        }
        let (tracks, pieces) = layout(&text.to_string(), |layout| {
            let pieces: usize = layout.bundles.iter().map(|bundle| bundle.pieces.len()).sum();
            (layout.items.iter().filter(|item| item.is_track).count(), pieces)
        });
        assert!(tracks <= TRACKS && tracks > TRACKS - 300, "{tracks}");
        assert!(pieces > 290 * 299 / 2 - 290, "no edge is lost: {pieces}");
    }

    #[test]
    fn pooling_keeps_what_ascends_and_averages_what_does_not() {
        let pooled = |values: &[i64]| ascending(values.iter().map(|&value| (value, 1)));
        assert_eq!(pooled(&[1, 2, 3]), [1, 2, 3]);
        assert_eq!(pooled(&[3, 1]), [2, 2]);
        assert_eq!(pooled(&[-5, 9, 0, 0, 4]), [-5, 3, 3, 3, 4]);
        assert_eq!(ascending([(10, 1), (0, 4)].into_iter()), [2, 2]);
    }

    proptest! {
        #[test]
        fn nothing_overlaps_and_every_edge_is_drawn_once(edges in proptest::collection::vec((0..12_usize, 0..12_usize), 0..30)) {
            layout(&random(&edges), |layout| {
                let boxes: Vec<Item> = layout.items.iter().chain(&layout.alone).filter(|item| !item.is_track).copied().collect();
                assert_eq!(boxes.len(), 12);
                for (index, one) in boxes.iter().enumerate() {
                    assert!(one.left >= 0 && one.right <= layout.width && one.y >= BOX / 2 && one.y + BOX / 2 <= layout.height);
                    for other in &boxes[..index] {
                        let apart = (one.y - other.y).abs() >= BOX || one.left >= other.right || other.left >= one.right;
                        assert!(apart, "{one:?} {other:?}");
                    }
                }
                let mut drawn: Vec<(Node, Node)> = Vec::new();
                for bundle in &layout.bundles {
                    for &(from, to) in bundle.pieces.iter().chain(&bundle.circles) {
                        let (from, to) = (layout.items[from], layout.items[to]);
                        assert!(from.left < to.left || (from.column == to.column && !from.is_track));
                        if !from.is_track {
                            drawn.push((from.node, to.node));
                        }
                    }
                }
                drawn.sort_unstable();
                let lonely = |node: usize| edges.iter().all(|(from, to)| from == to || (*from != node && *to != node));
                let mut expected: Vec<(Node, Node)> = edges.iter().filter(|(from, _)| !lonely(*from))
                    .map(|&(from, to)| (Node(u32::try_from(from).unwrap()), Node(u32::try_from(to).unwrap()))).collect();
                expected.sort_unstable();
                expected.dedup();
                assert_eq!(drawn, expected);
            });
        }
    }
}

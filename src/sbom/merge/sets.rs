//! Sets: which elements of two lists are one, and the names of those that are not.
//!
//! An element is there already when its content is, with every name in it leading to the same. Whether a name does
//! can depend on other elements: a claim is the same only if its evidence is. So every element that looks the same is
//! taken for the same until something that it names turns out to be something else. Each is given up once at most.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use super::build::{Builder, Twin, Unit};
use super::classes::narrow;
use super::side::{MentionKind, Piece};
use super::tree::Node;
use crate::document::Change;

/// Elements by their list and their content. Two keyed hashes of it stand for the content.
pub(super) struct Seen {
    states: [RandomState; 2],
    /// The first with this content.
    first: HashMap<(u32, [u64; 2]), Piece>,
}

impl Seen {
    fn print(&self, list: u32, spelling: &[u8]) -> (u32, [u64; 2]) {
        (list, [0, 1].map(|state: usize| self.states[state].hash_one(spelling)))
    }
}

impl<'a> Builder<'a, '_> {
    /// Takes away what is there twice, decides the names that are left, and adds the dependencies.
    pub(super) fn settle(&mut self, root: u32) {
        let mut units = std::mem::take(&mut self.units);
        units.sort_by_key(|unit| unit.piece.side);
        let mut twins = std::mem::take(&mut self.twins);
        twins.sort_by_key(|twin| twin.piece.side);
        let mut seen = Seen { states: Default::default(), first: HashMap::new() };
        let mut replaced = HashMap::new();
        for side in 0..narrow(self.sides.len()) {
            let from = units.partition_point(|unit| unit.piece.side < side);
            let to = units.partition_point(|unit| unit.piece.side <= side);
            let first = twins.partition_point(|twin| twin.piece.side < side);
            let last = twins.partition_point(|twin| twin.piece.side <= side);
            let own = &twins[first..last];
            self.settle_side(side, &units[from..to], own, &mut seen, &mut replaced);
        }
        self.dependencies(root);
        self.follow_pointers(root, &replaced);
    }

    fn settle_side(
        &mut self,
        side: u32,
        units: &[Unit],
        twins: &[Twin],
        seen: &mut Seen,
        replaced: &mut HashMap<Piece, Piece>,
    ) {
        let mut prints: Vec<_> = units.iter().map(|unit| self.print(unit, seen)).collect();
        let mut same: Vec<bool> = prints.iter().map(|print| seen.first.contains_key(print)).collect();
        let mut pieces: Vec<Piece> = units.iter().map(|unit| unit.piece).collect();
        pieces.extend(twins.iter().map(|twin| twin.piece));
        same.resize(pieces.len(), true);
        let given_up = self.new_names(side, &pieces, &mut same);
        let changes = self.names.changes(&self.sides, side);
        self.sides[side as usize].changes.clear();
        self.sides[side as usize].change(changes);
        for index in given_up {
            if let Some(unit) = units.get(index) {
                prints[index] = self.print(unit, seen);
            } else {
                // What the first says means something else, so that this is a conflict after all.
                let Twin { piece, kept, at } = &twins[index - units.len()];
                self.conflict(at, *kept, *piece);
            }
        }
        replaced.extend(twins.iter().map(|twin| (twin.piece, twin.kept)));
        for ((unit, print), same) in units.iter().zip(prints).zip(same) {
            if !same {
                seen.first.entry(print).or_insert(unit.piece);
                continue;
            }
            if let Some(first) = seen.first.get(&print) {
                replaced.insert(unit.piece, *first);
            }
            if let Node::List(items) = &mut self.tree.nodes[unit.list as usize] {
                items[unit.item as usize].kept = false;
            }
        }
    }

    /// Renames what another document has already and is not the same there. Gives the elements that are not the same
    /// because of that.
    fn new_names(&mut self, side: u32, pieces: &[Piece], same: &mut [bool]) -> Vec<usize> {
        let own = &self.sides[side as usize];
        let mut shared: Vec<(std::ops::Range<u32>, usize)> = (0..pieces.len())
            .filter(|index| same[*index])
            .map(|index| (own.value(pieces[index].node).ids(), index))
            .filter(|(ids, _)| !own.mentions_in(ids).is_empty())
            .collect();
        shared.sort_unstable_by_key(|(ids, _)| ids.start);
        let is_shared = |node: u32| {
            let at = shared.partition_point(|(ids, _)| ids.start <= node);
            at.checked_sub(1).is_some_and(|at| shared[at].0.contains(&node))
        };
        let mut queue: Vec<Cow<'a, str>> = own
            .mentions
            .iter()
            .filter(|mention| mention.kind == MentionKind::Defines && !is_shared(mention.node))
            .map(|mention| own.text(*mention))
            .filter(|name| self.names.collides(side, name))
            .collect();
        let mut given_up = Vec::new();
        if queue.is_empty() {
            return given_up;
        }
        let mut mentioned: HashMap<Cow<'a, str>, Vec<usize>> = HashMap::new();
        for (at, (ids, _)) in shared.iter().enumerate() {
            for mention in own.mentions_in(ids) {
                mentioned.entry(own.text(*mention)).or_default().push(at);
            }
        }
        queue.reverse();
        while let Some(name) = queue.pop() {
            if !self.names.collides(side, &name) {
                continue;
            }
            let mentioning = mentioned.remove(&name).unwrap_or_default();
            self.names.rename(&self.sides, side, name);
            for at in mentioning {
                let (ids, index) = &shared[at];
                if !std::mem::replace(&mut same[*index], false) {
                    continue;
                }
                given_up.push(*index);
                let own = &self.sides[side as usize];
                let defines = own.mentions_in(ids).iter();
                let defines = defines.filter(|mention| mention.kind == MentionKind::Defines);
                queue.extend(defines.map(|mention| own.text(*mention)));
            }
        }
        given_up
    }

    /// What stands for the content of an element. A pointer counts as what it leads to.
    fn print(&self, unit: &Unit, seen: &Seen) -> (u32, [u64; 2]) {
        let Piece { side, node } = unit.piece;
        let own = &self.sides[side as usize];
        let ids = own.value(node).ids();
        let is_pointer = |mention: &&super::side::Mention| mention.kind == MentionKind::Pointer;
        let pointers: Vec<_> = own.mentions_in(&ids).iter().filter(is_pointer).collect();
        if pointers.is_empty() {
            return seen.print(unit.list, &own.spelling(node));
        }
        let mut changes: Vec<(u32, Change)> =
            own.changes.iter().filter(|(node, _)| ids.contains(node)).cloned().collect();
        let described = pointers.into_iter().map(|mention| {
            let text = super::tree::quoted(&self.describe(side, &own.text(*mention)));
            (mention.node, Change::Text(text))
        });
        changes.extend(described);
        changes.sort_by_key(|(node, _)| *node);
        seen.print(unit.list, &own.spelling_with(node, &changes))
    }
}

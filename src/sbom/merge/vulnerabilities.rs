//! Vulnerabilities: two entries are one when they have the same id and source, and say the same about the same.
//!
//! The same id may stand there several times, with another analysis for other components. Entries are only joined
//! where the analysis is the same, so that it never speaks of more than its author meant; or where they are about the
//! same components, and then two analyses that differ are a conflict.

use std::collections::HashMap;

use super::build::{At, Builder, Rule};
use super::side::Piece;
use super::tree::{Content, Item, Node};

/// How two entries are found to be one, the surest first.
const WAYS: usize = 3;

impl Builder<'_, '_> {
    /// Decides which are one, and what their bom-refs become.
    pub(super) fn vulnerability_groups(&mut self) {
        let mut groups: Vec<Vec<Piece>> = Vec::new();
        let mut known: [HashMap<Vec<u8>, Vec<usize>>; WAYS] = Default::default();
        for side in 0..self.sides.len() {
            let list = self.sides[side].document().root().get("vulnerabilities");
            let side = super::classes::narrow(side);
            let own: Vec<Piece> = list
                .into_iter()
                .flat_map(|list| list.elements())
                .map(|value| Piece { side, node: value.id() })
                .collect();
            let keys: Vec<[Option<Vec<u8>>; WAYS]> =
                own.iter().map(|piece| [0, 1, 2].map(|way| self.key(*piece, way))).collect();
            let mut joined: Vec<Option<usize>> = vec![None; own.len()];
            let mut taken = vec![false; groups.len()];
            for (way, known) in known.iter().enumerate() {
                let mut next: HashMap<&[u8], usize> = HashMap::new();
                for (index, keys) in keys.iter().enumerate().filter(|(_, keys)| keys[way].is_some()) {
                    let Some(key) = keys[way].as_deref().filter(|_| joined[index].is_none()) else {
                        continue;
                    };
                    let Some(candidates) = known.get(key) else { continue };
                    let from = next.entry(key).or_default();
                    while candidates.get(*from).is_some_and(|group| taken[*group]) {
                        *from += 1;
                    }
                    if let Some(group) = candidates.get(*from) {
                        taken[*group] = true;
                        joined[index] = Some(*group);
                    }
                }
            }
            for ((piece, keys), joined) in own.into_iter().zip(keys).zip(joined) {
                let group = joined.unwrap_or_else(|| {
                    groups.push(Vec::new());
                    groups.len() - 1
                });
                groups[group].push(piece);
                for (known, key) in known.iter_mut().zip(keys) {
                    let Some(key) = key else { continue };
                    let there = known.entry(key).or_default();
                    if there.last() != Some(&group) {
                        there.push(group);
                    }
                }
            }
        }
        for group in &groups {
            self.join_names(group);
        }
        self.vulnerabilities = groups;
        for side in 0..super::classes::narrow(self.sides.len()) {
            let changes = self.names.changes(&self.sides, side);
            self.sides[side as usize].change(changes);
        }
    }

    fn join_names(&mut self, group: &[Piece]) {
        let mut known: Option<String> = None;
        for piece in group {
            let name = self.sides[piece.side as usize].value(piece.node).get("bom-ref");
            let Some(name) = name.and_then(|name| name.as_str()) else { continue };
            if let Some(known) = &known {
                self.names.join(piece.side, name, known);
                continue;
            }
            if self.names.collides(piece.side, &name) {
                self.names.rename(&self.sides, piece.side, name.clone());
            } else {
                self.names.join(piece.side, name.clone(), &name);
            }
            known = self.names.decided(piece.side, &name).map(str::to_owned);
        }
    }

    fn key(&self, piece: Piece, way: usize) -> Option<Vec<u8>> {
        let value = self.value(piece);
        if way == 0 {
            return Some(self.spelling(piece));
        }
        let id = value.get("id").filter(|id| !id.is_null())?;
        let spelling = |value: Option<crate::document::Value<'_>>| {
            value.map(|value| self.spelling(Piece { node: value.id(), ..piece })).unwrap_or_default()
        };
        let mut parts = vec![spelling(Some(id)), spelling(value.get("source"))];
        if way == 1 {
            parts.push(spelling(value.get("analysis")));
        } else {
            let mut affected: Vec<Vec<u8>> =
                value.get("affects")?.elements().map(|one| spelling(one.get("ref"))).collect();
            affected.sort_unstable();
            affected.dedup();
            parts.extend(affected);
        }
        // No spelling has a NUL in it.
        Some(parts.join(&0))
    }

    pub(super) fn vulnerability_list(&mut self) -> Content {
        let groups = std::mem::take(&mut self.vulnerabilities);
        let mut items = Vec::with_capacity(groups.len());
        for group in groups {
            let id = self.value(group[0]).get("id").and_then(|id| id.as_str()).unwrap_or_default();
            let content = self.content(&group, Rule::Vulnerability, || At::of(&id));
            items.push(Item { content, kept: true });
        }
        self.tree.push(Node::List(items))
    }
}

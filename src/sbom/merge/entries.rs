//! Components and services: all that the documents say of one, and where it came from.

use std::borrow::Cow;
use std::collections::HashSet;

use super::build::{At, Builder, Rule, SIGNATURE, Task};
use super::classes::narrow;
use super::side::Piece;
use super::tree::{Content, Item, Node};
use crate::sbom::properties::MERGED_FROM;
use crate::sbom::{Component, Role, SpecVersion};

impl Builder<'_, '_> {
    /// What a class becomes: one component as it is, or a task.
    pub(super) fn class(&mut self, class: u32) -> Content {
        if self.whole[class as usize] {
            return Content::Copy(self.pieces(class)[0]);
        }
        let place = self.tree.reserve();
        self.tasks.push(Task::Entry { class, place });
        Content::Made(place)
    }

    /// Classes that are one component of one document, unchanged but for its names.
    pub(super) fn untouched(&self) -> Vec<bool> {
        let mut whole = vec![false; self.classes.all.len()];
        for class in (0..narrow(whole.len())).rev() {
            let entry = &self.classes.all[class as usize];
            let [(side, index)] = entry.members[..] else { continue };
            let Some(component) = self.component(side, index) else { continue };
            let inside = self.children.get(&class).map_or(&[][..], Vec::as_slice);
            let own = ["components", "services"].into_iter().filter_map(|name| component.value().get(name));
            let named = component.bom_ref().is_some() == self.bom_refs[class as usize].is_some();
            whole[class as usize] = named
                && self.marks(class).is_empty()
                && inside.len() == own.map(|list| list.elements().count()).sum::<usize>()
                && inside.iter().all(|inner| whole[*inner as usize]);
        }
        whole
    }

    fn component(&self, side: u32, index: u32) -> Option<Component<'_>> {
        self.sides[side as usize].sbom.component(index as usize)
    }

    pub(super) fn pieces(&self, class: u32) -> Vec<Piece> {
        let members = self.classes.all[class as usize].members.iter();
        members
            .filter_map(|&(side, index)| {
                Some(Piece { side, node: self.component(side, index)?.value().id() })
            })
            .collect()
    }

    /// The documents that a component came from, as far as it does not say so itself.
    fn marks(&self, class: u32) -> Vec<String> {
        let mut marks = Vec::new();
        // 1.2 has no properties.
        if !self.options.provenance || self.version == SpecVersion::V1_2 {
            return marks;
        }
        let members = &self.classes.all[class as usize].members;
        let mut known = HashSet::new();
        let mut unmarked = Vec::new();
        for &(side, index) in members {
            let properties =
                self.component(side, index).into_iter().flat_map(|component| component.properties());
            let own: Vec<_> =
                properties.filter(|own| own.name() == MERGED_FROM).map(|own| own.value()).collect();
            if own.is_empty() {
                unmarked.push(self.ids[side as usize].as_str());
            }
            known.extend(own);
        }
        for id in unmarked {
            if known.insert(id.into()) {
                marks.push(id.to_owned());
            }
        }
        marks
    }

    pub(super) fn entry(&mut self, class: u32, place: u32) {
        let sources = self.pieces(class);
        self.note(place, &sources);
        let entry = &self.classes.all[class as usize];
        let at = At::of(&entry.label);
        let nested = if entry.role == Role::Service { "services" } else { "components" };
        self.check_parents(class, &at);
        let mut inside = Some(self.children.remove(&class).unwrap_or_default());
        let mut marks = Some(self.marks(class));
        let mut reference = self.bom_refs[class as usize].clone();
        let mut members: Vec<(Cow<'_, str>, Content)> = Vec::new();
        for (name, pieces) in self.members(&sources) {
            let content = match &*name {
                SIGNATURE => match self.signature(&name, place, &sources, &pieces) {
                    Some(signature) => signature,
                    None => continue,
                },
                "bom-ref" => match reference.take() {
                    Some(reference) => self.tree.text(&reference),
                    None => continue,
                },
                "components" | "services" => match inside.take() {
                    Some(inside) => self.list(&inside),
                    None => continue,
                },
                "properties" => self.properties(&pieces, marks.take().unwrap_or_default(), &at),
                _ => self.content(&pieces, Rule::Entry.member(&name), || at.member(&name)),
            };
            members.push((if name == "services" { nested.into() } else { name }, content));
        }
        if let Some(reference) = reference {
            let at = members.iter().position(|(name, _)| name != "type").unwrap_or(members.len());
            members.insert(at, ("bom-ref".into(), self.tree.text(&reference)));
        }
        if let Some(inside) = inside.filter(|inside| !inside.is_empty()) {
            members.push((nested.into(), self.list(&inside)));
        }
        if let Some(marks) = marks.filter(|marks| !marks.is_empty()) {
            members.push(("properties".into(), self.properties(&[], marks, &at)));
        }
        self.tree.fill(place, Node::Object(members));
    }

    pub(super) fn list(&mut self, classes: &[u32]) -> Content {
        let items = classes.iter().map(|class| Item { content: self.class(*class), kept: true }).collect();
        self.tree.push(Node::List(items))
    }

    fn properties(&mut self, pieces: &[Piece], marks: Vec<String>, at: &At) -> Content {
        let is_list = |piece: &&Piece| self.value(**piece).kind() == crate::document::Kind::Array;
        let lists: Vec<Piece> = pieces.iter().filter(is_list).copied().collect();
        if marks.is_empty() && !pieces.is_empty() {
            return self.content(pieces, Rule::Plain, || at.member("properties"));
        }
        let place = self.tree.reserve();
        self.set(place, &lists);
        for mark in marks {
            let members = vec![("name", self.tree.text(MERGED_FROM)), ("value", self.tree.text(&mark))];
            let content = self.tree.object(members);
            if let Node::List(items) = &mut self.tree.nodes[place as usize] {
                items.push(Item { content, kept: true });
            }
        }
        Content::Made(place)
    }

    /// A component that is nested elsewhere in another document stays where it was first.
    fn check_parents(&mut self, class: u32, at: &At) {
        let entry = &self.classes.all[class as usize];
        let label = |parent: Option<u32>| {
            let label = parent.map(|parent| self.classes.all[parent as usize].label.clone());
            serde_json::Value::from(label).to_string()
        };
        let mut conflicts = Vec::new();
        for &(side, index) in entry.members.iter().skip(1) {
            let parent = self.component(side, index).and_then(|component| component.parent());
            let parent = parent.map(|parent| self.classes.of[side as usize][parent.index()]);
            if parent != entry.parent {
                conflicts.push(super::Conflict {
                    component: at.component.as_deref().map(str::to_owned),
                    pointer: "/parent".to_owned(),
                    kept: label(entry.parent),
                    dropped: label(parent),
                    input: side as usize,
                });
            }
        }
        self.conflicts.extend(conflicts);
    }
}

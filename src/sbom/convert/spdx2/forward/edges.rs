//! Relationships (clause 11).

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::extension::comment;
use super::super::patch::Patch;
use super::super::relation::{Edge, FROM, KIND, TO, implied};
use super::super::tree::Tree;
use super::super::{id, package};
use super::{Forward, NO_ELEMENT, NO_FIELD};
use crate::document::{Builder, Kind, Value};

impl<'a> Forward<'a> {
    /// Writes the relationships.
    pub(super) fn edges(&mut self, root: Value<'a>, has_component: bool, at: u32) {
        let notes = std::mem::take(&mut self.relationships);
        for (part, note) in &notes {
            let relationship = note.value();
            let from = part.map(|number| Cow::Borrowed(self.parts[number].id.as_str()));
            let (Some(kind), Some(to), Some(from)) =
                (relationship.str(KIND), relationship.str(TO), from.or_else(|| relationship.str(FROM)))
            else {
                continue;
            };
            if let Some((edge, is_back)) = implied(&kind) {
                let (from, to) = if is_back { (to, from) } else { (from, to) };
                self.implied.insert((edge, from.into_owned(), to.into_owned()));
            }
        }
        let before = self.builder.checkpoint();
        self.builder.name("relationships", at);
        self.builder.array(at);
        match self.describes.take() {
            Some(note) => {
                for id in note.value().elements() {
                    let id = id.as_str().unwrap_or_default();
                    relate(&mut self.builder, id::DOCUMENT, "DESCRIBES", &id, at);
                }
            }
            None if has_component => {
                relate(&mut self.builder, id::DOCUMENT, "DESCRIBES", &self.parts[0].id, at);
            }
            None if self.parts.is_empty() => relate(&mut self.builder, id::DOCUMENT, "DESCRIBES", "NONE", at),
            None => {
                for part in self.parts.iter().filter(|part| part.parent.is_none()) {
                    relate(&mut self.builder, id::DOCUMENT, "DESCRIBES", &part.id, at);
                }
            }
        }
        for part in &self.parts {
            let Some(parent) = part.parent else { continue };
            let parent = &self.parts[parent].id;
            if !self.is_implied(Edge::Contains, parent, &part.id) {
                relate(&mut self.builder, parent, "CONTAINS", &part.id, part.value.offset());
            }
        }
        for (part, note) in &notes {
            let members = note.value().members();
            self.builder.object(at);
            if let Some(number) = part {
                self.builder.member(FROM, &self.parts[*number].id, at);
            }
            members.write(&mut self.builder);
            self.builder.end();
        }
        self.dependencies(root);
        if self.builder.is_empty() {
            self.builder.rewind(before);
        } else {
            self.builder.end();
        }
    }

    fn is_implied(&self, edge: Edge, from: &str, to: &str) -> bool {
        // Nearly no document implies anything.
        !self.implied.is_empty() && self.implied.contains(&(edge, from.to_owned(), to.to_owned()))
    }

    /// Writes who depends on whom. An empty list is `NONE`, one that is not there `NOASSERTION`.
    fn dependencies(&mut self, root: Value<'a>) {
        let Some(list) = root.get("dependencies") else { return };
        let mut seen = HashSet::new();
        for (index, entry) in list.elements().enumerate() {
            let text =
                |value: Value<'a>| value.as_str().and_then(|text| self.by_reference.get(&text).copied());
            let own = entry.get("ref").and_then(text).filter(|own| !seen.contains(own));
            let depends = entry.get("dependsOn");
            let targets: Vec<(Value<'a>, Option<usize>)> = depends
                .into_iter()
                .flat_map(|list| list.elements())
                .map(|target| (target, text(target)))
                .collect();
            let is_known = match depends {
                None => true,
                Some(list) if list.kind() != Kind::Array => false,
                Some(_) => targets.is_empty() || targets.iter().any(|(_, known)| known.is_some()),
            };
            let Some(own) = own.filter(|_| is_known) else {
                let patch = Patch::element("dependencies", index, Tree::Source(entry));
                self.comments.push(comment("", &patch));
                self.ledger.carried(entry, NO_ELEMENT);
                continue;
            };
            seen.insert(own);
            let at = entry.offset();
            let from = self.parts[own].id.as_str();
            if targets.is_empty() {
                let to = if depends.is_some() { "NONE" } else { package::NO_ASSERTION };
                relate(&mut self.builder, from, "DEPENDS_ON", to, at);
            }
            let (mut comments, mut told) = (Vec::new(), HashSet::new());
            for (place, (target, known)) in targets.into_iter().enumerate() {
                // What stands there twice is one relationship.
                let Some(known) = known.filter(|known| told.insert(*known)) else {
                    let patch = Patch::element("dependsOn", place, Tree::Source(target));
                    comments.push(comment(&format!("/dependencies/{index}"), &patch));
                    self.ledger.carried(target, NO_ELEMENT);
                    continue;
                };
                let to = &self.parts[known].id;
                if !self.is_implied(Edge::DependsOn, from, to) {
                    relate(&mut self.builder, from, "DEPENDS_ON", to, target.offset());
                }
            }
            for (name, member) in entry.members().filter(|(name, _)| name != "ref" && name != "dependsOn") {
                let patch = Patch::member(name, Some(Tree::Source(member)));
                comments.push(comment(&format!("/dependencies/{index}"), &patch));
                self.ledger.carried(member, NO_FIELD);
            }
            self.comments.append(&mut comments);
            self.ledger.mapped(entry);
        }
    }
}

fn relate(builder: &mut Builder, from: &str, kind: &str, to: &str, at: u32) {
    builder.object(at);
    builder.member(FROM, from, at);
    builder.member(KIND, kind, at);
    builder.member(TO, to, at);
    builder.end();
}

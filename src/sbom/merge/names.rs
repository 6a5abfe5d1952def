//! What bom-refs become, so that each still leads to what it meant.
//!
//! What is joined has one bom-ref: that of its first member. A bom-ref that an earlier document has for something else
//! is written with the serial number or ordinal of its own document in front. The places where names stand are those
//! that the grammar marks, so that a reference is never forgotten.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::Renamed;
use super::classes::{Classes, narrow};
use super::side::{MentionKind, Side};
use super::tree::quoted;
use crate::document::Change;
use crate::sbom::BomLink;

#[derive(Default)]
pub(super) struct Names<'a> {
    /// The first document that has a bom-ref in the result.
    claims: HashMap<Cow<'a, str>, u32>,
    /// By side: what is decided already, also where the name stays.
    decided: Vec<HashMap<Cow<'a, str>, String>>,
    /// Every bom-ref of each document.
    own: Vec<HashSet<Cow<'a, str>>>,
    /// Names that no document has.
    made: HashSet<String>,
    /// Bom-refs that something else had.
    pub(super) renamed: Vec<Renamed>,
}

impl<'a> Names<'a> {
    /// Decides the names of all components, and lays claim to all others for the first document that has them. Gives
    /// the bom-ref of each class.
    pub(super) fn of(sides: &[Side<'a>], classes: &Classes) -> (Self, Vec<Option<String>>) {
        let mut names = Self::default();
        for side in sides {
            let defines = side.mentions.iter().filter(|mention| mention.kind == MentionKind::Defines);
            names.own.push(defines.map(|mention| side.text(*mention)).collect());
            names.decided.push(HashMap::new());
        }
        let mut of_class: Vec<Option<String>> = vec![None; classes.all.len()];
        for (number, side) in (0..).zip(sides) {
            for component in side.sbom.components() {
                let Some(name) = component.bom_ref() else { continue };
                let class = classes.of[number as usize][component.index()] as usize;
                if names.decided[number as usize].contains_key(&name) {
                    // Two things of one document share it; that is not for us to settle.
                    of_class[class].get_or_insert_with(|| name.into_owned());
                    continue;
                }
                let new = match &of_class[class] {
                    Some(known) => known.clone(),
                    None => names.claim(sides, number, name.clone()),
                };
                of_class[class].get_or_insert_with(|| new.clone());
                names.decided[number as usize].insert(name, new);
            }
            for name in &names.own[number as usize] {
                if !names.decided[number as usize].contains_key(name) {
                    names.claims.entry(name.clone()).or_insert(number);
                }
            }
        }
        (names, of_class)
    }

    /// The name for something new that is called so in its document.
    fn claim(&mut self, sides: &[Side<'a>], side: u32, name: Cow<'a, str>) -> String {
        if *self.claims.entry(name.clone()).or_insert(side) == side {
            return name.into_owned();
        }
        let fresh = self.fresh(&match &sides[side as usize].link {
            Some((serial, _)) => format!("{serial}#{name}"),
            None => format!("document-{}#{name}", side + 1),
        });
        self.renamed.push(Renamed {
            input: side as usize,
            from: name.clone().into_owned(),
            to: fresh.clone(),
        });
        fresh
    }

    /// A name that nothing has.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        let is_free =
            |name: &str| !self.made.contains(name) && self.own.iter().all(|own| !own.contains(name));
        let numbered = (2..).map(|number: u32| format!("{wanted}-{number}"));
        let name = std::iter::once(wanted.to_owned()).chain(numbered).find(|name| is_free(name));
        let name = name.unwrap_or_default();
        self.made.insert(name.clone());
        name
    }

    /// Whether something else has the name already.
    pub(super) fn collides(&self, side: u32, name: &str) -> bool {
        !self.decided[side as usize].contains_key(name)
            && self.claims.get(name).is_some_and(|claim| *claim < side)
    }

    /// Gives what is called so another name.
    pub(super) fn rename(&mut self, sides: &[Side<'a>], side: u32, name: Cow<'a, str>) {
        let fresh = self.claim(sides, side, name.clone());
        self.decided[side as usize].insert(name, fresh);
    }

    /// Says that what is called so is the same as something that has another name.
    pub(super) fn join(&mut self, side: u32, name: Cow<'a, str>, known: &str) {
        self.decided[side as usize].entry(name).or_insert_with(|| known.to_owned());
    }

    /// What a name of a document has become, where that is decided.
    pub(super) fn decided(&self, side: u32, name: &str) -> Option<&str> {
        self.decided[side as usize].get(name).map(String::as_str)
    }

    /// What a text at the place of a name becomes: also a BOM-Link to one of the documents, which is here now.
    pub(super) fn become_of(&self, sides: &[Side<'a>], side: u32, text: &str) -> Option<String> {
        if let Some(name) = self.decided(side, text) {
            return Some(name.to_owned()).filter(|name| name != text);
        }
        let link = BomLink::parse(text)?;
        let there = sides.iter().position(|side| {
            side.link
                .as_ref()
                .is_some_and(|(serial, version)| serial == link.serial && *version == link.version)
        })?;
        let reference = link.reference?;
        let spellings = [Some(Cow::Borrowed(reference)), BomLink::decoded(reference)];
        let name = spellings.into_iter().flatten().find(|name| self.own[there].contains(name))?;
        Some(self.decided(narrow(there), &name).map_or_else(|| name.to_string(), str::to_owned))
    }

    /// What is written instead of the names of a document.
    pub(super) fn changes(&self, sides: &[Side<'a>], side: u32) -> Vec<(u32, Change)> {
        let own = &sides[side as usize];
        let names = own.mentions.iter().filter(|mention| mention.kind != MentionKind::Pointer);
        names
            .filter_map(|mention| {
                let text = own.text(*mention);
                let new = match mention.kind {
                    MentionKind::Defines => self.decided(side, &text).filter(|new| *new != text)?.to_owned(),
                    _ => self.become_of(sides, side, &text)?,
                };
                Some((mention.node, Change::Text(quoted(&new))))
            })
            .collect()
    }
}

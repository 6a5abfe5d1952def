//! Pointers of citations, which lead to where a thing stands and not to its name.

use std::collections::HashMap;

use super::build::Builder;
use super::classes::narrow;
use super::side::{MentionKind, Piece};
use super::tree::{Content, Node, quoted};
use crate::document::{Change, Kind, Value};

/// Where something stands in the result.
#[derive(Debug, Clone)]
struct Place {
    parent: u32,
    token: String,
}

impl Builder<'_, '_> {
    /// What a pointer leads to, in words that do not depend on where things stand in lists.
    pub(super) fn describe(&self, side: u32, pointer: &str) -> String {
        let own = &self.sides[side as usize];
        let entries: HashMap<u32, usize> =
            own.sbom.components().map(|component| (component.value().id(), component.index())).collect();
        if own.document().at(pointer).is_none() {
            return pointer.to_owned();
        }
        let mut words = String::new();
        for (token, value) in steps(own.document().root(), pointer) {
            if let Some(index) = entries.get(&value.id()) {
                words = format!("component {}", self.classes.of[side as usize][*index]);
            } else if token.is_index {
                words.push_str(&String::from_utf8_lossy(&own.spelling(value.id())));
            } else {
                words.push('/');
                words.push_str(token.text);
            }
        }
        words
    }

    /// Writes every pointer anew, so that it leads to what it led to.
    pub(super) fn follow_pointers(&mut self, root: u32, replaced: &HashMap<Piece, Piece>) {
        let Some(made_of) = self.made_of.take() else { return };
        let (places, copies) = self.places();
        let made: HashMap<Piece, u32> = made_of.into_iter().map(|(place, piece)| (piece, place)).collect();
        for side in 0..narrow(self.sides.len()) {
            let own = &self.sides[side as usize];
            let pointers = own.mentions.iter().filter(|mention| mention.kind == MentionKind::Pointer);
            let mut changes = Vec::new();
            for mention in pointers {
                let text = own.text(*mention);
                if own.document().at(&text).is_none() {
                    continue;
                }
                let mut at = Some(Content::Made(root));
                let mut rest = String::new();
                for (token, value) in steps(own.document().root(), &text) {
                    let piece = Piece { side, node: value.id() };
                    let piece = replaced.get(&piece).copied().unwrap_or(piece);
                    if let Some(place) = made.get(&piece) {
                        (at, rest) = (Some(Content::Made(*place)), String::new());
                    } else if copies.contains_key(&piece) {
                        (at, rest) = (Some(Content::Copy(piece)), String::new());
                    } else if let Some(Content::Made(place)) = at {
                        at = self.member(place, token.text);
                    } else {
                        rest.push('/');
                        rest.push_str(token.text);
                    }
                }
                let mut found = match at {
                    Some(Content::Made(place)) => places.get(&place),
                    Some(Content::Copy(piece)) => copies.get(&piece),
                    // It led to something that the first document says otherwise.
                    None => continue,
                };
                let mut tokens = Vec::new();
                while let Some(Place { parent, token }) = found {
                    tokens.push(token.as_str());
                    found = places.get(parent);
                }
                tokens.push("");
                tokens.reverse();
                let new = tokens.join("/") + &rest;
                if new != text {
                    changes.push((mention.node, Change::Text(quoted(&new))));
                }
            }
            self.sides[side as usize].change(changes);
        }
    }

    fn member(&self, place: u32, token: &str) -> Option<Content> {
        let Node::Object(members) = &self.tree.nodes[place as usize] else { return None };
        let name = token.replace("~1", "/").replace("~0", "~");
        members.iter().find(|(own, _)| *own == name).map(|(_, content)| *content)
    }

    /// Where everything stands: what was put together, and what was taken over.
    fn places(&self) -> (HashMap<u32, Place>, HashMap<Piece, Place>) {
        let (mut places, mut copies) = (HashMap::new(), HashMap::new());
        let mut enter = |parent: u32, token: String, content: Content| {
            let place = Place { parent, token };
            match content {
                Content::Made(node) => drop(places.insert(node, place)),
                Content::Copy(piece) => drop(copies.insert(piece, place)),
            }
        };
        for (parent, node) in (0..).zip(&self.tree.nodes) {
            match node {
                Node::Own(_) => {}
                Node::Object(members) => {
                    for (name, content) in members {
                        enter(parent, name.replace('~', "~0").replace('/', "~1"), *content);
                    }
                }
                Node::List(items) => {
                    for (index, item) in items.iter().filter(|item| item.kept).enumerate() {
                        enter(parent, index.to_string(), item.content);
                    }
                }
            }
        }
        (places, copies)
    }
}

struct Token<'t> {
    text: &'t str,
    is_index: bool,
}

/// The values on the way of a pointer, as far as it leads somewhere, each with the token that leads to it.
fn steps<'v, 't>(root: Value<'v>, pointer: &'t str) -> impl Iterator<Item = (Token<'t>, Value<'v>)> {
    let mut value = Some(root);
    let tokens = pointer.strip_prefix('/').map(|tokens| tokens.split('/'));
    tokens.into_iter().flatten().map_while(move |text| {
        let is_index = value?.kind() == Kind::Array;
        value = value?.at(&format!("/{text}"));
        Some((Token { text, is_index }, value?))
    })
}

//! One of the documents that are merged: where names stand in it, and what they become.

use std::borrow::Cow;
use std::ops::Range;

use super::Input;
use crate::digest::Digest;
use crate::document::{Change, Document, Limits, Value, print};
use crate::sbom::grammar::{self, Mark};
use crate::sbom::{Sbom, link};

/// A value of one of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Piece {
    pub(super) side: u32,
    pub(super) node: u32,
}

/// A text that names something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention {
    pub(super) node: u32,
    pub(super) kind: MentionKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MentionKind {
    /// A bom-ref.
    Defines,
    /// A reference to one.
    Refers,
    /// A JSON pointer into the document.
    Pointer,
}

pub(super) struct Side<'a> {
    pub(super) sbom: &'a Sbom,
    /// Serial number and version, for links to it.
    pub(super) link: Option<(String, u64)>,
    pub(super) digest: &'a Digest,
    /// Every place that the grammar gives to a name, in the order of the document.
    pub(super) mentions: Vec<Mention>,
    /// What is written instead of some values, sorted by their number.
    pub(super) changes: Vec<(u32, Change)>,
}

impl<'a> Side<'a> {
    pub(super) fn new(input: &Input<'a>) -> Self {
        let document = input.sbom.document();
        let checked = grammar::check(document, input.sbom.version().into(), input.name);
        let kind = |mark| match mark {
            Mark::Defines => Some(MentionKind::Defines),
            Mark::Refers => Some(MentionKind::Refers),
            Mark::Pointer => Some(MentionKind::Pointer),
            _ => None,
        };
        let marks = checked.marks.into_iter();
        let mut mentions: Vec<Mention> =
            marks.filter_map(|(mark, node)| Some(Mention { node, kind: kind(mark)? })).collect();
        mentions.sort_unstable_by_key(|mention| mention.node);
        Self {
            sbom: input.sbom,
            link: link::identity(document),
            digest: input.digest,
            mentions,
            changes: Vec::new(),
        }
    }

    pub(super) fn document(&self) -> &'a Document {
        self.sbom.document()
    }

    pub(super) fn value(&self, node: u32) -> Value<'a> {
        self.document().value(node)
    }

    pub(super) fn text(&self, mention: Mention) -> Cow<'a, str> {
        self.value(mention.node).as_str().unwrap_or_default()
    }

    /// The names inside a value.
    pub(super) fn mentions_in(&self, ids: &Range<u32>) -> &[Mention] {
        let from = self.mentions.partition_point(|mention| mention.node < ids.start);
        let to = self.mentions.partition_point(|mention| mention.node < ids.end);
        &self.mentions[from..to]
    }

    /// How the document is called in what is made of it: by its serial number, else by its bytes.
    pub(super) fn id(&self) -> String {
        match &self.link {
            Some((serial, version)) => format!("{}{serial}/{version}", link::SCHEME),
            None => self.digest.to_string(),
        }
    }

    pub(super) fn is_changed(&self, ids: &Range<u32>) -> bool {
        let from = self.changes.partition_point(|(node, _)| *node < ids.start);
        self.changes.get(from).is_some_and(|(node, _)| *node < ids.end)
    }

    /// The one spelling of a value with its changes. Integers that no double holds stay apart from each other.
    pub(super) fn spelling(&self, node: u32) -> Vec<u8> {
        self.spelling_with(node, &self.changes)
    }

    pub(super) fn spelling_with(&self, node: u32, changes: &[(u32, Change)]) -> Vec<u8> {
        let value = self.value(node);
        let ids = value.ids();
        let from = changes.partition_point(|(node, _)| *node < ids.start);
        let is_changed = changes.get(from).is_some_and(|(node, _)| *node < ids.end);
        let mut spelling = if is_changed {
            let mut text = Vec::new();
            print(value, 0, changes, &mut text);
            let limits = Limits { depth: usize::MAX, bytes: u64::MAX, nodes: usize::MAX };
            match Document::parse(text.clone(), &limits) {
                Ok(document) => document.root().canonical(),
                Err(_) => text,
            }
        } else {
            value.canonical()
        };
        if let Some(number) = value.inexact_number() {
            spelling.extend_from_slice(number.raw());
        }
        spelling
    }

    /// Whether two values say the same.
    pub(super) fn says_the_same(&self, node: u32, other: &Side<'_>, node_there: u32) -> bool {
        let (one, two) = (self.value(node), other.value(node_there));
        if one.raw() == two.raw() && !self.is_changed(&one.ids()) && !other.is_changed(&two.ids()) {
            return true;
        }
        one.kind() == two.kind() && self.spelling(node) == other.spelling(node_there)
    }

    /// Adds changes and keeps the order.
    pub(super) fn change(&mut self, more: impl IntoIterator<Item = (u32, Change)>) {
        self.changes.extend(more);
        self.changes.sort_by_key(|(node, _)| *node);
        self.changes.dedup_by_key(|(node, _)| *node);
    }
}

//! The `XPath` of a node: names as they are written, and a number where there are several of a name.

use std::collections::HashMap;

use super::tape::{Document, Kind};
use super::{Node, Position, element};
use crate::document::Source;

/// Which of its like a node is among its siblings, from 1; nothing for the only one.
pub(super) type Place = Option<u32>;

/// What siblings are counted by: kind, namespace and local name.
type Like<'a> = (Kind, Option<&'a str>, &'a str);

fn like(node: Node<'_>) -> Like<'_> {
    match node.kind() {
        Kind::Element => {
            let (namespace, local) = element::name(node);
            (Kind::Element, namespace, local)
        }
        // XPath knows no CDATA.
        Kind::Text | Kind::Cdata => (Kind::Text, None, ""),
        kind => (kind, None, ""),
    }
}

/// What is made from XML speaks of its lines and paths.
impl Source for Document {
    fn position(&self, offset: u32) -> Position {
        self.position(offset as usize)
    }

    fn path(&self, offset: u32) -> Option<String> {
        // Records are in the order of the text, and no two start at one byte.
        let record = self.records.binary_search_by_key(&offset, |record| record.start).ok()?;
        Some(Node::new(self, u32::try_from(record).ok()?).path())
    }
}

/// Depth steps, each of which looks at the siblings there, or into their index where they are many.
pub(super) fn path(node: Node<'_>) -> String {
    let mut steps = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at {
        steps.push(step(node));
        at = node.parent().map(|parent| parent.node());
    }
    steps.reverse();
    steps.concat()
}

fn step(node: Node<'_>) -> String {
    let name = match node.kind() {
        Kind::Attribute => return format!("/@{}", element::qualified(node)),
        Kind::Declaration => {
            let name = element::qualified(node);
            return format!("/namespace::{}", name.strip_prefix("xmlns:").unwrap_or("*"));
        }
        Kind::Element => element::qualified(node),
        Kind::Text | Kind::Cdata => "text()",
        Kind::Comment => "comment()",
        Kind::Instruction => "processing-instruction()",
    };
    let place = node.document().place(node.record().parent, node.index()).unwrap_or_else(|| place(node));
    place.map_or_else(|| format!("/{name}"), |place| format!("/{name}[{place}]"))
}

/// Looks at the siblings.
fn place(node: Node<'_>) -> Place {
    let like_this = like(node);
    let mut own = 0;
    let mut count = 0;
    for sibling in node.document().walk(node.record().parent) {
        if like(Node::new(node.document(), sibling)) == like_this {
            count += 1;
            if sibling <= node.index() {
                own = count;
            }
        }
    }
    (count > 1).then_some(own)
}

/// The places of all that an element holds, in the order of the text.
pub(super) fn places(document: &Document, parent: u32) -> Vec<(u32, Place)> {
    let mut counts: HashMap<Like<'_>, u32> = HashMap::new();
    let mut places: Vec<(u32, Place)> = document
        .walk(parent)
        .map(|child| {
            let count = counts.entry(like(Node::new(document, child))).or_default();
            *count += 1;
            (child, Some(*count))
        })
        .collect();
    for (child, place) in &mut places {
        if counts.get(&like(Node::new(document, *child))) == Some(&1) {
            *place = None;
        }
    }
    places
}

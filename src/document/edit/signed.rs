//! The signatures that an edit breaks.

use super::Stale;
use super::container::{Container, Content, ORIGINAL, Sources};
use super::pointer::print;
use crate::document::Kind;
use crate::document::signed::{SIGNATURE, covers};
use crate::document::text::unescape;

impl Container {
    /// Where among its items the signature stands that covers a member; nothing where none does.
    pub(super) fn covered(&self, sources: &Sources<'_>, token: &str) -> Option<usize> {
        if !self.is_object {
            return None;
        }
        let index = self.find(sources, SIGNATURE)?;
        let (source, node) = self.items[index].content.origin();
        let signature = sources.value(source, node);
        (signature.kind() == Kind::Object && covers(signature, token)).then_some(index)
    }
}

/// The signatures of the document that stand in a value which goes away.
pub(super) fn inside(sources: &Sources<'_>, content: &Content, found: &mut Vec<String>) {
    match content {
        Content::Whole { source: ORIGINAL, node } => {
            let mut open = vec![sources.original.value(*node)];
            while let Some(value) = open.pop() {
                let signature = value.get(SIGNATURE).filter(|signature| signature.kind() == Kind::Object);
                found.extend(signature.map(|signature| signature.pointer()));
                open.extend(value.elements());
                open.extend(value.members().map(|(_, member)| member));
            }
        }
        Content::Whole { .. } => {}
        Content::Open(container) => {
            for item in &container.items {
                let (source, node) = item.content.origin();
                if source == ORIGINAL
                    && item.name.as_ref().is_some_and(|name| sources.is_named(name, SIGNATURE))
                    && sources.original.value(node).kind() == Kind::Object
                {
                    found.push(sources.original.value(node).pointer());
                }
                inside(sources, &item.content, found);
            }
        }
    }
}

/// Removes the signatures that no longer hold.
pub(super) fn drop_broken(sources: &Sources<'_>, content: &mut Content) {
    let Content::Open(container) = content else { return };
    if container.broken
        && let Some(index) = container.find(sources, SIGNATURE)
    {
        container.take(index);
    }
    for item in &mut container.items {
        drop_broken(sources, &mut item.content);
    }
}

/// The signatures that no longer hold and stand there still, with where that is after the edit.
pub(super) fn stale(
    sources: &Sources<'_>,
    content: &Content,
    path: &mut Vec<String>,
    found: &mut Vec<Stale>,
) {
    let Content::Open(container) = content else { return };
    if container.broken
        && let Some(index) = container.find(sources, SIGNATURE)
    {
        let (source, node) = container.items[index].content.origin();
        let before = (source == ORIGINAL).then(|| sources.original.value(node).pointer());
        let after = format!("{}/{SIGNATURE}", print(path));
        found.push(Stale { before, after });
    }
    for (index, item) in container.items.iter().enumerate() {
        let token = match &item.name {
            Some(name) => {
                let raw = String::from_utf8_lossy(sources.bytes(name)).into_owned();
                unescape(&raw[1..raw.len() - 1]).into_owned()
            }
            None => index.to_string(),
        };
        path.push(token);
        stale(sources, &item.content, path, found);
        path.pop();
    }
}

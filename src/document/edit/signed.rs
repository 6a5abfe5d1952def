//! Signed scopes: an object with a `signature` covers itself, without what each of its signers excludes
//! (JSON Signature Format 0.82, section 5).

use super::container::{Container, Content, ORIGINAL, Sources};
use crate::document::{Kind, Value};

/// The member that makes an object a signed scope.
pub(super) const SIGNATURE: &str = "signature";

/// Whether a signature covers the member of that name in its object.
pub(crate) fn covers(signature: Value<'_>, token: &str) -> bool {
    let several = ["signers", "chain"].iter().find_map(|name| signature.get(name));
    let excludes = |signer: Value<'_>| {
        signer.get("excludes").is_some_and(|list| list.elements().any(|excluded| excluded.is(token)))
    };
    match several {
        Some(signers) => signers.elements().any(|signer| !excludes(signer)),
        None => !excludes(signature),
    }
}

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

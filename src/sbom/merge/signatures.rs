//! What is signed: a signature stays where its object stays as it is, and goes where it does not.

use std::collections::BTreeSet;

use super::build::{Builder, SIGNATURE};
use super::classes::narrow;
use super::side::Piece;
use super::tree::Node;
use super::{Conflict, Merged};
use crate::document::{Change, Document, Limits};
use crate::sbom::jsf::scopes;

impl Builder<'_, '_> {
    pub(super) fn finish(mut self, root: u32) -> Merged {
        for side in 0..narrow(self.sides.len()) {
            self.drop_broken(side);
        }
        self.drop_doubtful();
        self.signatures.sort_unstable();
        self.signatures.dedup();
        self.conflicts.sort_by_cached_key(|Conflict { component, pointer, input, .. }| {
            (component.clone(), pointer.clone(), *input)
        });
        let entries: usize = self.sides.iter().map(|side| side.sbom.components().len()).sum();
        let classes = self.classes.all.len();
        let mut bytes = self.tree.write(root, &self.sides);
        bytes.push(b'\n');
        Merged {
            bytes,
            components: classes + usize::from(self.options.product.is_some()),
            joined: entries - classes,
            conflicts: self.conflicts,
            renamed: self.names.renamed,
            signatures: self.signatures,
        }
    }

    /// The signatures of what was put together, where that is not what the first document has.
    fn drop_doubtful(&mut self) {
        let mut doubtful = std::mem::take(&mut self.doubtful);
        // What stands inside was put together later: an outer signature covers the inner ones.
        doubtful.sort_unstable_by_key(|(place, _)| std::cmp::Reverse(*place));
        for (place, pieces) in doubtful {
            let Some(before) = self.scope_of(pieces[0]) else { continue };
            let text = self.tree.write(place, &self.sides);
            let limits = Limits { bytes: u64::MAX, depth: usize::MAX, nodes: usize::MAX };
            let now = Document::parse(text, &limits).map(|document| document.root().canonical());
            // Numbers that no double holds are not signed in the first place.
            if now.is_ok_and(|now| now == before) {
                continue;
            }
            self.drop_signatures(&pieces);
            if let Node::Object(members) = &mut self.tree.nodes[place as usize] {
                members.retain(|(name, _)| name != SIGNATURE);
            }
        }
    }

    /// What a signature covers in its document, as it stands there.
    fn scope_of(&self, signature: Piece) -> Option<Vec<u8>> {
        let own = &self.sides[signature.side as usize];
        let pointer = own.value(signature.node).pointer();
        let object = own.document().at(pointer.strip_suffix("/signature")?)?;
        Some(object.canonical())
    }

    /// The signatures in what is taken over whole, where a name in their object is another now.
    fn drop_broken(&mut self, side: u32) {
        let own = &self.sides[side as usize];
        let mut broken = BTreeSet::new();
        // Inner ones first: an outer signature covers them.
        for scope in scopes(own.document(), SIGNATURE).into_iter().rev() {
            let ids = scope.object.ids();
            if own.is_changed(&ids) || broken.range(ids).next().is_some() {
                broken.insert(scope.signature.id());
            }
        }
        let pieces: Vec<Piece> = broken.iter().map(|node| Piece { side, node: *node }).collect();
        self.drop_signatures(&pieces);
        self.sides[side as usize].change(broken.into_iter().map(|node| (node, Change::Away)));
    }
}

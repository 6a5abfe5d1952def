//! What stands before the packages: the document itself (clause 6), and what it has no field for.

use std::collections::BTreeSet;

use super::super::extension::{Note, Properties, comment};
use super::super::name::CREATION_INFO;
use super::super::patch::{Patch, apply, residue};
use super::super::tree::{Members, Tree};
use super::super::{creation, id, license, namespace};
use super::{Forward, METADATA, NO_COMPONENT, NO_METADATA, STRUCTURE, components, listed, without};
use crate::document::{Document, Limits, Value};

impl<'a> Forward<'a> {
    /// Writes what stands before the elements, and keeps what has no field there.
    pub(super) fn head(
        &mut self,
        root: Value<'a>,
        metadata: Option<Value<'a>>,
        component: Option<Value<'a>>,
    ) {
        let at = root.offset();
        let mut bom = Tree::Source(root).members();
        let mut own = metadata.map(|value| Tree::Source(value).members()).unwrap_or_default();
        if metadata.is_some() {
            bom.remove("metadata");
        }
        if component.is_some() {
            own.remove("component");
        }
        let list = own.elements("properties");
        let properties = self.properties(&list);
        let stripped = without(&own, &list, properties.others);
        let mut plain = Members::default();
        plain.push("dataLicense", Tree::Text("CC0-1.0".into(), at));
        plain.push("SPDXID", Tree::Text(id::DOCUMENT.into(), at));
        let root_component = component.map(|value| Tree::Source(value).members()).unwrap_or_default();
        plain.push("name", namespace::name(&root_component, at));
        plain.push("documentNamespace", namespace::write(&bom, at, || root.canonical()));
        let restored = restore_head(&properties, &plain, &creation::write(&stripped, at, self.now));
        let is_ours = restored.is_some();
        if is_ours {
            self.restored(&list[properties.others..]);
            self.is_from_spdx = true;
            own = stripped;
        }
        let (mut fields, made) = restored.unwrap_or_else(|| (plain, creation::write(&own, at, self.now)));
        self.created = made.str("created").unwrap_or_default().into_owned();
        for info in fields.elements("hasExtractedLicensingInfos") {
            if let Some((id, extracted)) = license::extracted(&info) {
                self.texts.insert(id.clone(), extracted);
                self.given_ids.insert(id);
            }
            self.given.extend(reparse(&info));
        }
        fields.remove("hasExtractedLicensingInfos");
        self.annotations = fields
            .remove("annotations")
            .iter()
            .flat_map(Tree::elements)
            .filter_map(|own| reparse(&own))
            .collect();

        let mut back = Members::default();
        back.push("bomFormat", Tree::Text("CycloneDX".into(), at));
        back.push("specVersion", Tree::Text("1.6".into(), at));
        namespace::read(fields.get("documentNamespace"), at, &mut back);
        self.rest(root, &bom, &back);
        match metadata {
            Some(metadata) => {
                let patches = residue(&own, &creation::read(&made, self.spec));
                self.comments.extend(patches.iter().map(|patch| comment("/metadata", patch)));
                self.speak(&own, &patches, &METADATA);
                if metadata.members().next().is_none() {
                    self.ledger.mapped(metadata);
                }
                let also: BTreeSet<String> = fields
                    .elements("documentDescribes")
                    .iter()
                    .filter_map(|id| Some(id.as_str()?.into_owned()))
                    .collect();
                let told = properties.describes.as_ref().filter(|_| is_ours);
                if component.is_none() && own.get("component").is_none() && self.seems_described(told, also) {
                    self.comments.push(NO_COMPONENT.to_owned());
                }
            }
            None if root.get("metadata").is_none() => self.comments.push(NO_METADATA.to_owned()),
            None => {}
        }
        fields.push("creationInfo", Tree::Object(made, at));
        fields.write(&mut self.builder);
        drop(fields);
        if is_ours {
            self.relationships.extend(properties.relationships.into_iter().map(|note| (None, note)));
            self.describes = properties.describes;
        }
    }

    /// Whether the way back would take one component for what the document describes, though it is none.
    fn seems_described(&self, told: Option<&Note>, mut ids: BTreeSet<String>) -> bool {
        let top = || self.parts.iter().filter(|part| part.parent.is_none());
        match told {
            Some(note) => {
                ids.extend(note.value().elements().iter().filter_map(|id| Some(id.as_str()?.into_owned())));
            }
            None => ids.extend(top().map(|part| part.id.clone()).take(2)),
        }
        ids.len() == 1 && top().any(|part| ids.contains(&part.id))
    }

    /// Keeps what the document says besides: lists by element, as some are long.
    fn rest<'e>(&mut self, root: Value<'a>, bom: &Members<'e>, back: &Members<'e>) {
        let mut own = bom.clone();
        if !components(root).is_empty() {
            own.remove("components");
        }
        if own.get("dependencies").is_some_and(|list| !list.elements().is_empty()) {
            own.remove("dependencies");
        }
        let mut patches = Vec::new();
        for patch in residue(&own, back) {
            let elements = patch.value.as_ref().filter(|_| patch.index.is_none()).map(Tree::elements);
            match elements {
                Some(elements) if !elements.is_empty() && back.get(&patch.member).is_none() => {
                    let member = &patch.member;
                    let each = elements.into_iter().enumerate();
                    patches.extend(each.map(|(index, value)| Patch::element(member.clone(), index, value)));
                }
                _ => patches.push(patch),
            }
        }
        self.comments.extend(patches.iter().map(|patch| comment("", patch)));
        self.speak(&own, &patches, &[]);
    }
}

/// The fields of the document that came from SPDX, and its `creationInfo`.
fn restore_head<'p>(
    properties: &'p Properties,
    plain: &Members<'p>,
    made: &Members<'p>,
) -> Option<(Members<'p>, Members<'p>)> {
    if properties.ours.is_empty() {
        return None;
    }
    let own = properties.patches("");
    // These are written from what they are made of.
    if own.iter().any(|patch| STRUCTURE.contains(&&*patch.member)) {
        return None;
    }
    let (mut fields, mut creation) = (plain.clone(), made.clone());
    let left =
        apply(&own, &mut fields).len() + apply(&properties.patches(CREATION_INFO), &mut creation).len();
    let mut again = listed("", &residue(&fields, plain));
    again.extend(listed(CREATION_INFO, &residue(&creation, made)));
    again.extend(properties.kept());
    again.sort();
    (left == 0 && again == properties.ours).then_some((fields, creation))
}

/// A value that outlives what it was made of.
fn reparse(tree: &Tree<'_>) -> Option<Document> {
    let mut json = Vec::new();
    tree.compact(&mut json);
    Document::parse(json, &Limits::default()).ok()
}

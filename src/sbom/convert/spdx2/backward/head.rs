//! What stands before the components: the document itself and its metadata.

use std::collections::HashSet;

use jiff::Timestamp;

use super::super::extension::{Note, append, notes};
use super::super::name::{self, CREATION_INFO};
use super::super::patch::{Patch, apply, residue};
use super::super::tree::{Members, Tree};
use super::super::{creation, id, license, namespace};
use super::{Backward, DEPENDENCIES, NO_COMPONENT, RELATIONSHIP, annotations_of, relationship, sources};
use crate::document::Value;

impl<'a> Backward<'a> {
    /// Writes what stands before the components. Gives what properties hold.
    pub(super) fn head(&mut self, root: Value<'a>, annotations: &[Tree<'a>], notes: &[Note]) -> Vec<u32> {
        let at = root.offset();
        let mut own = Tree::Source(root).members();
        for name in ["packages", "files", "relationships", "spdxVersion"] {
            own.remove(name);
        }
        let info = own.get("creationInfo").filter(|info| info.is_object()).cloned();
        let creation_info = info.as_ref().map(Tree::members).unwrap_or_default();
        if info.is_some() {
            own.remove("creationInfo");
        }
        let mut bom = Members::default();
        bom.push("bomFormat", Tree::Text("CycloneDX".into(), at));
        bom.push("specVersion", Tree::Text(self.spec.name().into(), at));
        namespace::read(own.get("documentNamespace"), at, &mut bom);
        let mut metadata = creation::read(&creation_info, self.spec);

        let of = |owner: &str| -> Vec<(usize, Patch<'_>)> {
            let is_other = |note: &&Note| {
                !note.place.starts_with(DEPENDENCIES)
                    && note.place.starts_with("/metadata/") != owner.is_empty()
            };
            notes.iter().filter(is_other).filter_map(|note| Some((note.number, note.patch(owner)?))).collect()
        };
        let mut left: HashSet<usize> = HashSet::new();
        let bom_patches = of("");
        let all: Vec<Patch<'_>> = bom_patches.iter().map(|(_, patch)| patch.clone()).collect();
        left.extend(apply(&all, &mut bom).into_iter().map(|index| bom_patches[index].0));
        let metadata_patches = of("/metadata");
        let all: Vec<Patch<'_>> = metadata_patches.iter().map(|(_, patch)| patch.clone()).collect();
        let has_metadata = !all_null(&bom_patches, "metadata");
        left.extend(apply(&all, &mut metadata).into_iter().map(|index| metadata_patches[index].0));
        if !has_metadata {
            metadata = Members::default();
        }
        let applied = bom_patches.iter().chain(&metadata_patches).map(|(number, _)| *number);
        let edges = notes.iter().filter(|note| note.place.starts_with(DEPENDENCIES)).map(|note| note.number);
        let component = notes.iter().filter(|note| note.place == NO_COMPONENT).map(|note| note.number);
        let ours: HashSet<usize> =
            applied.chain(edges).chain(component).filter(|number| !left.contains(number)).collect();
        let foreign: Vec<Tree<'a>> = annotations
            .iter()
            .enumerate()
            .filter(|(number, _)| !ours.contains(number))
            .map(|(_, annotation)| annotation.clone())
            .collect();
        if foreign.len() < annotations.len() || annotations.is_empty() {
            own.remove("annotations");
            own.list("annotations", foreign);
        }

        // The way forward, to see what does not come back by itself.
        let mut plain = Members::default();
        plain.push("dataLicense", Tree::Text("CC0-1.0".into(), at));
        plain.push("SPDXID", Tree::Text(id::DOCUMENT.into(), at));
        plain.push("name", self.name(at));
        let stated = own.str("documentNamespace").unwrap_or_default();
        let namespace = namespace::write(&bom, at, Vec::new);
        let is_by_content = namespace::is_by_content(&stated)
            && namespace.as_str().is_some_and(|text| namespace::is_by_content(&text));
        let kept = own.get("documentNamespace").filter(|_| is_by_content).cloned();
        plain.push("documentNamespace", kept.unwrap_or(namespace));
        let now = creation::created(&creation_info).unwrap_or(Timestamp::UNIX_EPOCH);
        let made = creation::write(&metadata, at, now);
        self.infos(&mut own);
        let mut carried = Vec::new();
        let mut properties = Vec::new();
        for (owner, patches) in [("", residue(&own, &plain)), (CREATION_INFO, residue(&creation_info, &made))]
        {
            if owner == CREATION_INFO && info.is_none() {
                continue;
            }
            for patch in &patches {
                let (name, value) = name::property(owner, patch);
                properties.push((name, value, patch.value.as_ref().map_or(at, Tree::at)));
                carried.extend(patch.value.iter().flat_map(sources));
            }
        }
        if let Some(ids) = self.graph.describes() {
            let mut json = Vec::new();
            Tree::List(ids.into_iter().map(|id| Tree::Text(id.into(), at)).collect(), at).compact(&mut json);
            properties.push((name::DESCRIBES.to_owned(), String::from_utf8_lossy(&json).into_owned(), at));
        }
        properties.extend(self.graph.kept.iter().map(|value| relationship(*value, false)));
        append(&mut metadata, self.allowed(properties));

        if bom.get("metadata").is_some() {
            bom.write(&mut self.builder);
        } else {
            bom.write(&mut self.builder);
            if has_metadata || !metadata.0.is_empty() || self.graph.root.is_some() {
                self.builder.name("metadata", at);
                self.builder.object(at);
                metadata.write(&mut self.builder);
                if let Some(root) = self.graph.root {
                    self.builder.name("component", self.graph.items[root].value.offset());
                    self.tree(root);
                }
                self.builder.end();
            }
        }
        for kept in self.graph.kept.clone() {
            self.keep(kept, RELATIONSHIP);
        }
        carried
    }

    /// What the document would be called by what it describes.
    fn name(&self, at: u32) -> Tree<'a> {
        let Some(root) = self.graph.root else { return namespace::name(&Members::default(), at) };
        let annotations = annotations_of(self.graph.items[root].value);
        let notes = notes(&annotations);
        let made = self.element(root, &annotations, &notes);
        let name = namespace::name(&made.component, at).as_str().unwrap_or_default().into_owned();
        Tree::Text(name.into(), at)
    }

    /// Leaves of the texts of licences those that no component brings back.
    fn infos(&mut self, own: &mut Members<'a>) {
        let Some(list) = own.get("hasExtractedLicensingInfos").filter(|list| list.is_list()).cloned() else {
            return;
        };
        let is_back = |info: &Tree<'a>| {
            let id = info.str("licenseId").unwrap_or_default();
            self.generated.get(&*id).is_some_and(|made| license::info(&id, made, 0).same(info))
        };
        let elements = list.elements();
        let rest: Vec<Tree<'a>> = elements.iter().filter(|info| !is_back(info)).cloned().collect();
        if rest.len() < elements.len() {
            own.remove("hasExtractedLicensingInfos");
            own.list("hasExtractedLicensingInfos", rest);
        }
    }
}

fn all_null(patches: &[(usize, Patch<'_>)], member: &str) -> bool {
    patches.iter().any(|(_, patch)| patch.member == member && patch.index.is_none() && patch.value.is_none())
}

//! SPDX 2 to CycloneDX.

mod edges;
mod head;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::extension::{Note, append, notes};
use super::graph::Graph;
use super::license::{self, Extracted, Texts};
use super::name;
use super::package::Element;
use super::patch::{Patch, apply, residue};
use super::relation::scope;
use super::tree::{Members, Tree};
use super::{id, package};
use crate::document::{Builder, Document, Error, Kind, Limits, Value};
use crate::sbom::convert::{Ledger, Loss};
use crate::sbom::{Spdx2Version, SpecVersion};

/// Makes a CycloneDX document of an SPDX document, with an account of every field. It is of version 1.6, unless the SPDX
/// document was made of a CycloneDX document of another. Its values bear the places of the SPDX document.
pub fn to_cyclonedx(document: Document, limits: &Limits) -> Result<(Document, Vec<Loss>), Error> {
    let mut work = Backward::new(&document);
    work.document();
    let (builder, losses) = (work.builder, work.ledger.finish());
    let source: Arc<dyn crate::document::Source> = document.into_source();
    Ok((builder.finish(Some(source), limits)?, losses))
}

struct Backward<'a> {
    source: &'a Document,
    version: Spdx2Version,
    spec: SpecVersion,
    ledger: Ledger<'a>,
    builder: Builder,
    graph: Graph<'a>,
    texts: Texts,
    /// Ids of texts that come back from the components.
    generated: HashMap<String, Extracted>,
    /// The bom-ref of each element.
    references: Vec<Option<String>>,
}

/// An element on its way.
struct Made<'m> {
    component: Members<'m>,
    properties: Vec<(String, String, u32)>,
    /// The values of the source that properties hold.
    carried: Vec<u32>,
    texts: Vec<(String, Extracted)>,
}

impl<'a> Backward<'a> {
    fn new(source: &'a Document) -> Self {
        let root = source.root();
        let text = root.get("spdxVersion").and_then(|value| value.as_str()).unwrap_or_default();
        let version = Spdx2Version::from_name(text.trim_start_matches("SPDX-")).unwrap_or(Spdx2Version::V2_3);
        let infos = root.get("hasExtractedLicensingInfos").into_iter().flat_map(|list| list.elements());
        let texts = infos.filter_map(|info| license::extracted(&Tree::Source(info))).collect();
        let graph = Graph::of(root);
        Self {
            source,
            version,
            spec: SpecVersion::V1_6,
            ledger: Ledger::new(source),
            builder: Builder::default(),
            references: vec![None; graph.items.len()],
            graph,
            texts,
            generated: HashMap::new(),
        }
    }

    fn document(&mut self) {
        let root = self.source.root();
        let at = root.offset();
        let annotations =
            Tree::Source(root).get("annotations").map(|list| list.elements()).unwrap_or_default();
        let notes = notes(&annotations);
        let has_no_component =
            notes.iter().any(|note| note.place == "/metadata" || note.place == NO_COMPONENT);
        if let Some(text) =
            notes.iter().find(|note| note.place == "/specVersion").and_then(|note| note.value().as_str())
        {
            self.spec = SpecVersion::from_name(&text).unwrap_or(SpecVersion::V1_6);
        }
        self.graph.settle(has_no_component);
        if !self.texts.is_empty() {
            for number in 0..self.graph.items.len() {
                let value = self.graph.items[number].value;
                let annotations = annotations_of(value);
                let own = super::extension::notes(&annotations);
                let made = self.element(number, &annotations, &own).texts;
                self.generated.extend(made);
            }
        }
        self.builder.object(at);
        let edges: Vec<&Note> = notes.iter().filter(|note| note.place.starts_with(DEPENDENCIES)).collect();
        let used = self.head(root, &annotations, &notes);
        let top: Vec<usize> = self.graph.top();
        if !top.is_empty() {
            self.builder.name("components", at);
            self.builder.array(at);
            for number in top {
                self.tree(number);
            }
            self.builder.end();
        }
        self.dependencies(&edges, at);
        self.builder.end();
        self.speak(root, &used);
    }

    /// Converts one element, and says what of it properties hold.
    fn element<'m>(&self, number: usize, annotations: &[Tree<'m>], notes: &'m [Note]) -> Made<'m>
    where
        'a: 'm,
    {
        let item = &self.graph.items[number];
        let at = item.value.offset();
        let mut own: Members<'m> = Tree::Source(item.value).members();
        let mut component = package::read(item.element, &own, at, self.spec, &self.texts);
        if let Some(scope) = scope(item.kept.iter().map(|value| Tree::Source(*value)))
            && !self.graph.is_required(number)
        {
            component.push("scope", Tree::Text(scope.into(), at));
        }
        let mut patches: Vec<(usize, Patch<'m>)> =
            notes.iter().filter_map(|note| Some((note.number, note.patch("")?))).collect();
        let mut ours: HashSet<usize> = patches.iter().map(|(number, _)| *number).collect();
        ours.extend(notes.iter().filter(|note| note.place == POSITION).map(|note| note.number));
        if self.graph.is_referred_to(number) {
            patches.retain(|(_, patch)| patch.member != "bom-ref" || patch.value.is_some());
        }
        let all: Vec<Patch<'m>> = patches.iter().map(|(_, patch)| patch.clone()).collect();
        for index in apply(&all, &mut component) {
            ours.remove(&patches[index].0);
        }
        let foreign: Vec<Tree<'m>> = annotations
            .iter()
            .enumerate()
            .filter(|(number, _)| !ours.contains(number))
            .map(|(_, annotation)| annotation.clone())
            .collect();
        if foreign.len() < annotations.len() || annotations.is_empty() {
            own.remove("annotations");
            own.list("annotations", foreign);
        }

        let is_nested = item.parent.is_some() || self.graph.root == Some(number);
        let element = Element::of(&component, is_nested);
        let mut texts = Vec::new();
        let mut fields = package::write(item.element, &component, at, self.version, &mut texts);
        if let Some(id) = own.get("SPDXID") {
            fields.push("SPDXID", id.clone());
        }
        texts.retain(|(id, _)| super::uses(&own, id));
        let patches = residue(&own, &fields);
        let mut properties: Vec<(String, String, u32)> = patches
            .iter()
            .map(|patch| {
                let (name, value) = name::property("", patch);
                (name, value, patch.value.as_ref().map_or(at, Tree::at))
            })
            .collect();
        let carried = patches.iter().flat_map(|patch| patch.value.iter().flat_map(sources)).collect();
        if element != item.element {
            properties.push((name::ELEMENT.to_owned(), item.element.name().to_owned(), at));
        }
        if let Some(id) = own.str("SPDXID").filter(|id| !id::stands_for(id, &id::reference(&component))) {
            properties.push((name::SPDXID.to_owned(), id.into_owned(), at));
        }
        properties.extend(item.kept.iter().map(|value| relationship(*value, true)));
        Made { component, properties, carried, texts }
    }

    /// Writes an element and everything nested in it.
    fn tree(&mut self, number: usize) {
        let mut open: Vec<(usize, bool)> = vec![(number, false)];
        while let Some((number, is_end)) = open.pop() {
            if is_end {
                self.builder.end();
                self.builder.end();
                continue;
            }
            self.component(number);
            let children = self.graph.children(number);
            if children.is_empty() {
                self.builder.end();
                continue;
            }
            let at = self.graph.items[number].value.offset();
            self.builder.name("components", at);
            self.builder.array(at);
            open.push((number, true));
            open.extend(children.into_iter().rev().map(|child| (child, false)));
        }
    }

    /// Writes the members of an element; its object stays open.
    fn component(&mut self, number: usize) {
        let value = self.graph.items[number].value;
        let at = value.offset();
        let annotations = annotations_of(value);
        let notes = notes(&annotations);
        let Made { mut component, properties, carried, .. } = self.element(number, &annotations, &notes);
        append(&mut component, self.allowed(properties));
        if !self.graph.children(number).is_empty() {
            component.remove("components");
        }
        self.references[number] = component.str("bom-ref").map(Cow::into_owned);
        self.builder.object(at);
        component.write(&mut self.builder);
        drop(component);
        self.speak(value, &carried);
        for kept in self.graph.items[number].kept.clone() {
            self.keep(kept, RELATIONSHIP);
        }
    }

    fn keep(&mut self, value: Value<'a>, reason: &'static str) {
        if self.has_properties() {
            self.ledger.carried(value, reason);
        } else {
            self.ledger.dropped(value, NO_PROPERTIES);
        }
    }

    /// CycloneDX 1.2 has no properties: what they would hold is lost there.
    fn has_properties(&self) -> bool {
        self.spec > SpecVersion::V1_2
    }

    fn allowed(&self, properties: Vec<(String, String, u32)>) -> Vec<(String, String, u32)> {
        if self.has_properties() { properties } else { Vec::new() }
    }

    /// Says in the ledger what becomes of the members of an object.
    fn speak(&mut self, owner: Value<'a>, carried: &[u32]) {
        for (_, member) in owner.members().filter(|(_, member)| member.is_null()) {
            self.ledger.dropped(member, NULL);
        }
        for value in carried {
            self.keep(self.source.value(*value), NO_FIELD);
        }
        let is_root = owner == self.source.root();
        let is_structure = |name: &str| is_root && matches!(name, "packages" | "files" | "relationships");
        for (name, member) in owner.members() {
            let is_empty = member.kind() == Kind::Array && member.elements().next().is_none();
            if is_empty && (name == "annotations" || is_structure(&name)) {
                self.ledger.dropped(member, EMPTY);
            } else if !is_structure(&name) {
                self.ledger.mapped(member);
            }
        }
        for value in std::mem::take(&mut self.graph.said) {
            self.ledger.mapped(value);
        }
    }
}

fn annotations_of(value: Value<'_>) -> Vec<Tree<'_>> {
    value.get("annotations").into_iter().flat_map(|list| list.elements()).map(Tree::Source).collect()
}

/// The values of the source in a tree.
fn sources(tree: &Tree<'_>) -> Vec<u32> {
    match tree {
        Tree::Source(value) => vec![value.id()],
        Tree::List(elements, _) => elements.iter().flat_map(sources).collect(),
        _ => Vec::new(),
    }
}

/// The property of a relationship; what it starts from is left out where that is who has the property.
fn relationship(value: Value<'_>, is_own: bool) -> (String, String, u32) {
    let mut members = Tree::Source(value).members();
    if is_own {
        members.remove(super::relation::FROM);
    }
    let mut json = Vec::new();
    Tree::Object(members, value.offset()).compact(&mut json);
    (name::RELATIONSHIP.to_owned(), String::from_utf8_lossy(&json).into_owned(), value.offset())
}

/// The place of a note that says where among its neighbours an element stands.
const POSITION: &str = "position";
/// The place of a note that says that no component is described.
const NO_COMPONENT: &str = "/metadata/component";
/// What the place of a note begins with that speaks of an entry of `dependencies`.
const DEPENDENCIES: &str = "/dependencies/";

const NO_FIELD: &str = "CycloneDX has no field for it, or one that says less: a property holds it";
const RELATIONSHIP: &str = "CycloneDX has no such relationship: a property holds it";
const NO_PROPERTIES: &str = "CycloneDX 1.2 has no field for it, and no properties";
const EMPTY: &str = "an empty list says nothing";
const NULL: &str = "null says nothing";

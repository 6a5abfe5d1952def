//! CycloneDX to SPDX 2.

mod edges;
mod head;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use super::extension::{Note, Properties, annotate, comment};
use super::id::Ids;
use super::license::{self, Extracted, Texts};
use super::package::Element;
use super::patch::{Patch, apply, residue};
use super::relation::{Edge, scope};
use super::tree::{Members, Tree};
use super::{id, name, package};
use crate::document::{Builder, Document, Error, Kind, Limits, Value};
use crate::sbom::convert::{Ledger, Loss};
use crate::sbom::{Spdx2Version, SpecVersion};

/// Makes an SPDX document of a CycloneDX document of any version, with an account of every field. `now` is what a
/// document is said to be created at that does not tell.
pub fn from_cyclonedx(
    document: &Document,
    version: Spdx2Version,
    now: Timestamp,
    limits: &Limits,
) -> Result<(Document, Vec<Loss>), Error> {
    let mut work = Forward::new(document, version, now);
    work.document();
    let made = work.builder.finish(None, limits)?;
    Ok((made, work.ledger.finish()))
}

/// A component on its way.
struct Part<'a> {
    value: Value<'a>,
    parent: Option<usize>,
    id: String,
    /// Where it must be put among its neighbours, if not where it comes by itself.
    position: Option<usize>,
    element: Element,
}

struct Forward<'a> {
    source: &'a Document,
    version: Spdx2Version,
    /// The version of the source, in whose shape the way back restores it.
    spec: SpecVersion,
    now: Timestamp,
    ledger: Ledger<'a>,
    builder: Builder,
    parts: Vec<Part<'a>>,
    /// The first component of each bom-ref.
    by_reference: HashMap<Cow<'a, str>, usize>,
    texts: Texts,
    /// The ids of texts that what was written uses, and that the source does not give in so many words.
    used: BTreeSet<String>,
    /// Whether the document was made of an SPDX document.
    is_from_spdx: bool,
    /// When the document was created, as it is written.
    created: String,
    /// Relationships that stood in properties, and the element of each.
    relationships: Vec<(Option<usize>, Note)>,
    /// What those and the lists of files imply.
    implied: HashSet<(Edge, String, String)>,
    /// What the document describes, where a property says so.
    describes: Option<Note>,
    /// Comments of the annotations of the document.
    comments: Vec<String>,
    /// Annotations that the document had in SPDX.
    annotations: Vec<Document>,
    /// Texts of licences that the document had in SPDX, and their ids.
    given: Vec<Document>,
    given_ids: HashSet<String>,
}

impl<'a> Forward<'a> {
    fn new(source: &'a Document, version: Spdx2Version, now: Timestamp) -> Self {
        let spec =
            source.root().get("specVersion").and_then(|value| SpecVersion::from_name(&value.as_str()?));
        Self {
            source,
            version,
            spec: spec.unwrap_or(SpecVersion::V1_6),
            now,
            ledger: Ledger::new(source),
            builder: Builder::default(),
            parts: Vec::new(),
            by_reference: HashMap::new(),
            texts: Texts::new(),
            used: BTreeSet::new(),
            is_from_spdx: false,
            created: String::new(),
            relationships: Vec::new(),
            implied: HashSet::new(),
            describes: None,
            comments: Vec::new(),
            annotations: Vec::new(),
            given: Vec::new(),
            given_ids: HashSet::new(),
        }
    }

    fn document(&mut self) {
        let root = self.source.root();
        let at = root.offset();
        let metadata = root.get("metadata").filter(|value| value.kind() == Kind::Object);
        let component = metadata.and_then(|value| value.get("component"));
        let component = component.filter(|value| value.kind() == Kind::Object);
        self.collect(component, root);

        self.builder.object(at);
        self.builder.member("spdxVersion", &format!("SPDX-{}", self.version), at);
        self.head(root, metadata, component);
        for (name, element) in [("packages", Element::Package), ("files", Element::File)] {
            let numbers: Vec<usize> =
                (0..self.parts.len()).filter(|number| self.parts[*number].element == element).collect();
            if numbers.is_empty() {
                continue;
            }
            self.builder.name(name, at);
            self.builder.array(at);
            for number in numbers {
                self.part(number);
            }
            self.builder.end();
        }
        self.licenses(at);
        self.edges(root, component.is_some(), at);
        if !self.comments.is_empty() || !self.annotations.is_empty() {
            self.builder.name("annotations", at);
            self.builder.array(at);
            self.annotations.iter().for_each(|annotation| self.builder.copy(annotation.root()));
            for comment in std::mem::take(&mut self.comments) {
                annotate(&comment, &self.created, at, &mut self.builder);
            }
            self.builder.end();
        }
        self.builder.end();
    }

    /// Finds the components, gives each its id, and says which are files.
    fn collect(&mut self, component: Option<Value<'a>>, root: Value<'a>) {
        let top = components(root);
        let mut open: Vec<(Value<'a>, Option<usize>)> = Vec::new();
        open.extend(top.iter().rev().map(|value| (*value, None)));
        open.extend(component.map(|value| (value, None)));
        while let Some((value, parent)) = open.pop() {
            let number = self.parts.len();
            let is_nested = parent.is_some() || component == Some(value);
            self.parts.push(Part {
                value,
                parent,
                id: String::new(),
                position: None,
                element: element(value, is_nested),
            });
            open.extend(components(value).into_iter().rev().map(|inner| (inner, Some(number))));
        }
        let mut ids = Ids::new();
        // Who has an id keeps it, whatever comes before.
        for part in &mut self.parts {
            let text = |name: &str| part.value.get(name).and_then(|value| value.as_str());
            let own = own_property(part.value, "spdx:spdxid").or_else(|| text("bom-ref"));
            if let Some(own) = own.filter(|own| ids.reserve(own)) {
                part.id = own.into_owned();
            }
        }
        for (number, part) in self.parts.iter_mut().enumerate() {
            let text = |name: &str| part.value.get(name).and_then(|value| value.as_str());
            let reference = text("bom-ref");
            if part.id.is_empty() {
                part.id = match &reference {
                    Some(reference) => ids.take(reference),
                    None => ids.take(&id::reference(&Tree::Source(part.value).members())),
                };
            }
            if let Some(reference) = reference {
                self.by_reference.entry(reference).or_insert(number);
            }
        }
        // Packages come first on the way back: a file that stands before one has to say where.
        let number_of: HashMap<u32, usize> =
            self.parts.iter().enumerate().map(|(number, part)| (part.value.id(), number)).collect();
        let numbers: Vec<usize> =
            top.iter().filter_map(|value| number_of.get(&value.id()).copied()).collect();
        let last = numbers.iter().rposition(|number| self.parts[*number].element == Element::Package);
        for (position, number) in numbers.into_iter().enumerate().take(last.unwrap_or(0)) {
            let part = &mut self.parts[number];
            part.position = (part.element == Element::File).then_some(position);
        }
    }

    /// Says in the ledger what becomes of the members of an object: what is in patches is carried.
    fn speak(&mut self, own: &Members<'_>, patches: &[Patch<'_>], known: &[&str]) {
        for (_, member) in &own.0 {
            if let Some(value) = self.of(member).filter(Value::is_null) {
                self.ledger.dropped(value, NULL);
            }
        }
        for patch in patches {
            let reason = if known.contains(&&*patch.member) { LESS } else { NO_FIELD };
            let Some(tree) = &patch.value else { continue };
            match tree {
                Tree::List(elements, _) => {
                    for value in elements.iter().filter_map(|element| self.of(element)).collect::<Vec<_>>() {
                        self.ledger.carried(value, reason);
                    }
                }
                tree => {
                    if let Some(value) = self.of(tree) {
                        self.ledger.carried(value, reason);
                    }
                }
            }
        }
        for (_, member) in &own.0 {
            if let Some(value) = self.of(member) {
                self.ledger.mapped(value);
            }
        }
    }

    /// Properties that are fields again.
    fn restored(&mut self, properties: &[Tree<'_>]) {
        for property in properties {
            if let Some(value) = self.of(property) {
                self.ledger.mapped(value);
            }
        }
    }

    /// The value of the source that a tree is.
    fn of(&self, tree: &Tree<'_>) -> Option<Value<'a>> {
        match tree {
            Tree::Source(value) => Some(self.source.value(value.id())),
            _ => None,
        }
    }

    /// Writes the package or file of a component.
    fn part(&mut self, number: usize) {
        let Part { value, position, element, .. } = self.parts[number];
        let at = value.offset();
        let mut own = Tree::Source(value).members();
        if !components(value).is_empty() {
            own.remove("components");
        }
        let list = own.elements("properties");
        let properties = self.properties(&list);
        let mut texts = Vec::new();
        let mut restored = None;
        if !properties.ours.is_empty() {
            let mut stripped = without(&own, &list, properties.others);
            restored = self.restore(number, &properties, &stripped, &mut texts).map(|fields| {
                // What has no field in this version stays a property.
                let is_kept = |property: &&Tree<'_>| {
                    let name = property.str("name").unwrap_or_default();
                    name::member(&name).is_some_and(|field| self.is_too_new(field))
                };
                let kept: Vec<Tree<'a>> = list[properties.others..].iter().filter(is_kept).cloned().collect();
                if !kept.is_empty() {
                    let all = list[..properties.others].iter().cloned().chain(kept).collect();
                    stripped.set("properties".into(), Tree::List(all, at));
                }
                (fields, stripped)
            });
        }
        let is_ours = restored.is_some();
        if !is_ours {
            texts.clear();
        }
        let mut fields = match restored {
            Some((fields, stripped)) => {
                own = stripped;
                fields
            }
            None => package::write(element, &own, at, self.version, &mut texts),
        };
        let id = self.parts[number].id.clone();
        fields.remove("SPDXID");
        fields.0.insert(fields.0.len().min(1), ("SPDXID".into(), Tree::Text(id.clone().into(), at)));
        for (id, extracted) in texts {
            // A document that came from SPDX defines its licences itself.
            let is_defined = !self.is_from_spdx || extracted.name.is_some();
            if is_defined && super::uses(&fields, &id) {
                self.texts.entry(id.clone()).or_insert(extracted);
                self.used.insert(id);
            }
        }
        let mut back = package::read(element, &fields, at, self.spec, &self.texts);
        let said = is_ours.then(|| scope(properties.relationships.iter().map(Note::value))).flatten();
        if let Some(said) = said.filter(|_| own.get("scope").is_some()) {
            back.push("scope", Tree::Text(said.into(), at));
        }
        let patches = residue(&own, &back);
        self.speak(&own, &patches, &COMPONENT);
        if is_ours {
            self.restored(&list[properties.others..]);
        }

        let annotations = fields.remove("annotations").map(|list| list.elements()).unwrap_or_default();
        self.builder.object(at);
        fields.write(&mut self.builder);
        if !annotations.is_empty() || !patches.is_empty() || position.is_some() {
            self.builder.name("annotations", at);
            self.builder.array(at);
            for annotation in &annotations {
                annotation.write(&mut self.builder);
            }
            for patch in &patches {
                annotate(&comment("", patch), &self.created, at, &mut self.builder);
            }
            if let Some(position) = position {
                annotate(&format!("{POSITION}{position}"), &self.created, at, &mut self.builder);
            }
            self.builder.end();
        }
        self.builder.end();

        let contained: Vec<String> =
            fields.elements("hasFiles").iter().filter_map(|id| Some(id.as_str()?.into_owned())).collect();
        drop(fields);
        self.implied.extend(contained.into_iter().map(|file| (Edge::Contains, id.clone(), file)));
        if is_ours {
            self.relationships.extend(properties.relationships.into_iter().map(|note| (Some(number), note)));
        }
    }

    /// The fields of an element that came from SPDX: what its component says, and what properties say of the rest.
    /// Nothing where the properties are not those that we would write.
    fn restore<'p>(
        &self,
        number: usize,
        properties: &'p Properties,
        stripped: &Members<'a>,
        texts: &mut Vec<(String, Extracted)>,
    ) -> Option<Members<'p>>
    where
        'a: 'p,
    {
        let Part { value, parent, element, ref id, .. } = self.parts[number];
        let made: Members<'p> = package::write(element, stripped, value.offset(), self.version, texts);
        let mut patches = properties.patches("");
        patches.retain(|patch| !self.is_too_new(&patch.member));
        patches.retain(|patch| patch.member != "SPDXID");
        let mut fields = made.clone();
        if !apply(&patches, &mut fields).is_empty() {
            return None;
        }
        let mut again = listed("", &residue(&fields, &made));
        if !id::stands_for(id, &id::reference(stripped)) {
            again.push((name::SPDXID.to_owned(), id.clone()));
        }
        let is_nested = parent.is_some() || Some(value) == root_component(self.source);
        if Element::of(stripped, is_nested) != element {
            again.push((name::ELEMENT.to_owned(), element.name().to_owned()));
        }
        again.extend(properties.kept());
        again.sort();
        let is_field = |name: &str| name::member(name).is_none_or(|field| !self.is_too_new(field));
        let ours = properties.ours.iter().filter(|(name, _)| is_field(name));
        (properties.ours.is_sorted() && again.iter().eq(ours)).then_some(fields)
    }

    /// The properties of ours in a list. CycloneDX 1.2 has none, so that nothing can come back in them.
    fn properties(&self, list: &[Tree<'_>]) -> Properties {
        let list = if self.spec > SpecVersion::V1_2 { list } else { &[] };
        Properties::read(list)
    }

    /// Whether a field came with SPDX 2.3, and 2.2 is written.
    fn is_too_new(&self, field: &str) -> bool {
        self.version == Spdx2Version::V2_2 && NEW_FIELDS.contains(&field)
    }

    /// The texts of licences that SPDX has no id for.
    fn licenses(&mut self, at: u32) {
        let made: Vec<&String> = self.used.iter().filter(|id| !self.given_ids.contains(*id)).collect();
        if made.is_empty() && self.given.is_empty() {
            return;
        }
        self.builder.name("hasExtractedLicensingInfos", at);
        self.builder.array(at);
        self.given.iter().for_each(|info| self.builder.copy(info.root()));
        for id in made {
            license::info(id, &self.texts[id], at).write(&mut self.builder);
        }
        self.builder.end();
    }
}

/// An object without the properties that are ours, which stand last.
fn without<'a>(own: &Members<'a>, list: &[Tree<'a>], others: usize) -> Members<'a> {
    let mut stripped = own.clone();
    if others == 0 && !list.is_empty() {
        stripped.remove("properties");
    } else if others < list.len() {
        let at = list[0].at();
        stripped.set("properties".into(), Tree::List(list[..others].to_vec(), at));
    }
    stripped
}

/// The properties for patches.
fn listed(owner: &str, patches: &[Patch<'_>]) -> Vec<(String, String)> {
    patches.iter().map(|patch| name::property(owner, patch)).collect()
}

/// The parts of a component or document that become elements: all of them, or none where one is no object.
pub(super) fn components(value: Value<'_>) -> Vec<Value<'_>> {
    let list: Vec<Value<'_>> = value.get("components").into_iter().flat_map(|list| list.elements()).collect();
    if list.iter().all(|part| part.kind() == Kind::Object) { list } else { Vec::new() }
}

fn root_component(document: &Document) -> Option<Value<'_>> {
    document.root().get("metadata")?.get("component")
}

/// What a component becomes.
fn element(value: Value<'_>, is_nested: bool) -> Element {
    let said = own_property(value, name::ELEMENT);
    if let Some(said) =
        said.and_then(|said| [Element::Package, Element::File].into_iter().find(|own| own.name() == said))
    {
        return said;
    }
    if value.get("type").is_some_and(|kind| kind.is("file")) {
        return Element::of(&Tree::Source(value).members(), is_nested);
    }
    Element::Package
}

/// The value of the first property of that name.
fn own_property<'a>(value: Value<'a>, name: &str) -> Option<Cow<'a, str>> {
    let list = value.get("properties")?;
    list.elements().find(|own| own.get("name").is_some_and(|own| own.is(name)))?.get("value")?.as_str()
}

/// The comment of a document that has one component, which it does not describe.
const NO_COMPONENT: &str = "cyclonedx:/metadata/component=null";
/// The comment of a document without metadata.
const NO_METADATA: &str = "cyclonedx:/metadata=null";
/// What the comment of a file begins with that stands before a package.
pub(super) const POSITION: &str = "cyclonedx:position=";

/// Members of an SPDX document that no property holds.
const STRUCTURE: [&str; 5] = ["creationInfo", "packages", "files", "relationships", "spdxVersion"];

/// Fields that came with SPDX 2.3.
const NEW_FIELDS: [&str; 4] = ["primaryPackagePurpose", "releaseDate", "builtDate", "validUntilDate"];

/// Members that SPDX has fields for, if not for everything they can say.
const METADATA: [&str; 7] =
    ["timestamp", "tools", "authors", "manufacturer", "manufacture", "supplier", "licenses"];
const COMPONENT: [&str; 18] = [
    "bom-ref",
    "type",
    "name",
    "version",
    "supplier",
    "manufacturer",
    "publisher",
    "author",
    "authors",
    "hashes",
    "licenses",
    "copyright",
    "purl",
    "cpe",
    "swid",
    "swhid",
    "omniborId",
    "externalReferences",
];

const NO_FIELD: &str = "SPDX 2 has no field for it: an annotation holds it";
const LESS: &str =
    "the field of SPDX 2 says less or says it in another form: an annotation holds it as it was";
const NO_ELEMENT: &str = "it refers to what is no element of the SPDX document: an annotation holds it";
const NULL: &str = "null says nothing";

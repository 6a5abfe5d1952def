//! From the shape of the JSON form to tag-value text, in one order: the document, files of no package, packages with
//! their files, snippets, licences, relationships, reviews; annotations follow what they are about.
//!
//! Every value is accounted for: what is not written, or would not be read back, is dropped in the ledger.

mod members;
#[cfg(test)]
mod tests;
mod text;

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use self::text::{Text, reads_back};
use super::composite;
use super::shape::LONGEST_ID;
use super::tag::Section;
use crate::document::{Document, Kind, Value};
use crate::sbom::Written;
use crate::sbom::convert::Ledger;

/// Writes an SPDX 2 document as tag-value. The account has every value, what is mapped as it is too.
pub fn write(document: &Document) -> Written {
    let root = document.root();
    let mut writer = Writer {
        text: Text(Vec::with_capacity(document.bytes().len())),
        ledger: Ledger::new(document),
        elements: elements(root),
        names: names_of_files(root),
        more: Vec::new(),
    };
    writer.document(root);
    Written { bytes: writer.text.0, losses: writer.ledger.finish() }
}

struct Writer<'d> {
    text: Text,
    ledger: Ledger<'d>,
    /// What has an id: of several with one id the first.
    elements: HashMap<Cow<'d, str>, Value<'d>>,
    /// Files by name: of several with one name the first, as the reader takes them.
    names: HashMap<Cow<'d, str>, Cow<'d, str>>,
    /// Relationships that JSON has as lists of ids.
    more: Vec<String>,
}

impl<'d> Writer<'d> {
    fn document(&mut self, root: Value<'d>) {
        self.members(root, Section::Document, None);
        if let Some(creation) = root.get("creationInfo") {
            self.members(creation, Section::Creation, None);
        }
        self.annotations(root);
        let mut placed = self.files_by_package(root);
        for file in list(root, "files") {
            if !placed.taken.contains_key(&file.id()) {
                self.element(file, Section::File);
            }
        }
        for package in list(root, "packages") {
            self.element(package, Section::Package);
            for file in placed.of.remove(&package.id()).unwrap_or_default() {
                self.element(file, Section::File);
            }
        }
        for snippet in list(root, "snippets") {
            self.element(snippet, Section::Snippet);
        }
        for license in list(root, "hasExtractedLicensingInfos") {
            self.text.gap();
            self.members(license, Section::License, None);
        }
        self.relationships(root);
        for review in list(root, "revieweds") {
            self.text.gap();
            self.members(review, Section::Review, None);
        }
        for name in LISTS {
            if let Some(list) = root.get(name) {
                self.nothing(list);
            }
        }
    }

    fn element(&mut self, element: Value<'d>, section: Section) {
        self.text.gap();
        self.members(element, section, None);
        self.annotations(element);
    }

    fn annotations(&mut self, element: Value<'d>) {
        let Some(all) = element.get("annotations") else { return };
        let id = element.get("SPDXID").and_then(|id| id.as_str()).unwrap_or_default();
        if self.elements.get(&id) != Some(&element) || !reads_back(&id) {
            self.ledger.dropped(all, "what it is about has no SPDXID of its own");
            return;
        }
        for annotation in all.elements() {
            self.text.gap();
            self.members(annotation, Section::Annotation, Some(&id));
        }
        self.nothing(all);
    }

    /// Which files follow which package. What cannot follow becomes a relationship.
    fn files_by_package(&mut self, root: Value<'d>) -> Placed<'d> {
        let mut placed = Placed::default();
        let files: HashSet<u32> = list(root, "files").map(Value::id).collect();
        for package in list(root, "packages") {
            let Some(all) = package.get("hasFiles") else { continue };
            let own = package.get("SPDXID").and_then(|id| id.as_str());
            for value in all.elements() {
                let Some(id) = value.as_str() else { continue };
                let file = self.elements.get(&id).filter(|file| files.contains(&file.id())).copied();
                let Some(file) = file.filter(|_| reads_back(&id)) else {
                    self.contain(value, own.as_deref(), &id);
                    continue;
                };
                match placed.taken.entry(file.id()) {
                    Entry::Vacant(free) => {
                        free.insert(package.id());
                        placed.of.entry(package.id()).or_default().push(file);
                        self.ledger.mapped(value);
                    }
                    Entry::Occupied(taken) if *taken.get() == package.id() => {
                        self.ledger.changed(value, "the list names it twice");
                    }
                    Entry::Occupied(_) => self.contain(value, own.as_deref(), &id),
                }
            }
            self.nothing(all);
        }
        placed
    }

    fn contain(&mut self, value: Value<'d>, package: Option<&str>, id: &str) {
        if let Some(package) = package {
            self.relate(value, package, "CONTAINS", id);
        }
    }

    fn relationships(&mut self, root: Value<'d>) {
        let mut described = HashSet::new();
        for relationship in list(root, "relationships") {
            self.text.gap_between("Relationship");
            self.members(relationship, Section::Relationship, None);
            if relationship.get("relationshipType").is_some_and(|kind| kind.is("DESCRIBES")) {
                described.extend(relationship.get("relatedSpdxElement").and_then(|id| id.as_str()));
            }
        }
        let own = root.get("SPDXID").and_then(|id| id.as_str());
        for value in list(root, "documentDescribes") {
            match (value.as_str(), &own) {
                (Some(id), _) if described.contains(&id) => self.ledger.mapped(value),
                (Some(id), Some(own)) => self.relate(value, own, "DESCRIBES", &id),
                _ => {}
            }
        }
        for line in std::mem::take(&mut self.more) {
            self.text.gap_between("Relationship");
            self.text.line("Relationship", &line);
        }
    }

    fn relate(&mut self, value: Value<'d>, from: &str, kind: &str, to: &str) {
        let line = format!("{from} {kind} {to}");
        if composite::words(&line) == [Some(from), Some(kind), Some(to)] && reads_back(&line) {
            self.more.push(line);
            self.ledger.changed(value, "written as a relationship");
        }
    }

    /// An empty list says nothing; what is in another one has been spoken of, or is lost.
    fn nothing(&mut self, list: Value<'d>) {
        if list.kind() == Kind::Array && list.elements().next().is_none() {
            self.ledger.mapped(list);
        }
    }
}

/// Which files follow which package.
#[derive(Default)]
struct Placed<'d> {
    of: HashMap<u32, Vec<Value<'d>>>,
    /// The package that has a file.
    taken: HashMap<u32, u32>,
}

/// The ids of files by their names, where dependencies name files.
fn names_of_files(root: Value<'_>) -> HashMap<Cow<'_, str>, Cow<'_, str>> {
    let mut names = HashMap::new();
    if list(root, "files").all(|file| file.get("fileDependencies").is_none()) {
        return names;
    }
    for file in list(root, "files") {
        let text = |name| file.get(name).and_then(|text| text.as_str());
        if let (Some(name), Some(id)) = (text("fileName"), text("SPDXID"))
            && id.len() <= LONGEST_ID
        {
            names.entry(name).or_insert(id);
        }
    }
    names
}

/// What annotations can be about, by id.
fn elements(root: Value<'_>) -> HashMap<Cow<'_, str>, Value<'_>> {
    let mut elements = HashMap::new();
    let all = ["packages", "files", "snippets"].into_iter().flat_map(|name| list(root, name));
    for element in std::iter::once(root).chain(all) {
        if let Some(id) = element.get("SPDXID").and_then(|id| id.as_str()) {
            elements.entry(id).or_insert(element);
        }
    }
    elements
}

fn list<'d>(object: Value<'d>, name: &str) -> impl Iterator<Item = Value<'d>> + use<'d> {
    object.get(name).into_iter().flat_map(|list| list.elements())
}

/// The lists of the document.
const LISTS: [&str; 9] = [
    "packages",
    "files",
    "snippets",
    "relationships",
    "hasExtractedLicensingInfos",
    "revieweds",
    "documentDescribes",
    "externalDocumentRefs",
    "annotations",
];

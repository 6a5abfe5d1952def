//! The elements of an SPDX document, and what was kept in its annotations.

use std::borrow::Cow;
use std::collections::HashMap;

use super::element::is_a;
use super::ids::{Base, text};
use super::part::list;
use crate::document::{Document, Kind, Limits, Value};
use crate::sbom::SpecVersion;

/// The elements of a document, wherever they stand.
pub(super) struct Graph<'a> {
    /// In the order of the document.
    pub(super) elements: Vec<Value<'a>>,
    by_id: HashMap<Cow<'a, str>, usize>,
    /// What a conversion kept, by the id of its element.
    pub(super) kept: HashMap<Cow<'a, str>, Kept<'a>>,
}

/// What a conversion kept of an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept<'a> {
    /// The text that was in the annotation.
    statement: Value<'a>,
    pub(super) annotation: Value<'a>,
}

impl<'a> Kept<'a> {
    /// The members of an object that was kept.
    pub(super) fn set(&self, object: &str) -> impl Iterator<Item = (Cow<'a, str>, Value<'a>)> + use<'a> {
        self.statement.get(object).into_iter().flat_map(|own| own.members())
    }

    pub(super) fn has(&self, object: &str) -> bool {
        self.statement.get(object).is_some()
    }

    /// Whether a member of an object was not there, or is among what was kept.
    pub(super) fn decides(&self, object: &str, name: &str) -> bool {
        let is_set = self.statement.get(object).is_some_and(|own| own.get(name).is_some());
        is_set || self.was_absent(object, name)
    }

    pub(super) fn was_absent(&self, object: &str, name: &str) -> bool {
        list(self.statement, "absent").filter_map(|own| own.as_str()).any(|own| {
            own == name || own.split_once('/').is_some_and(|(of, inner)| of == object && inner == name)
        })
    }

    /// The version of CycloneDX that it is of.
    pub(super) fn version(&self) -> Option<SpecVersion> {
        SpecVersion::from_name(&text(self.statement, "specVersion")?)
    }
}

/// The annotations that hold what a conversion kept: the annotation and its statement.
pub(super) fn statements(document: &Document, limits: &Limits) -> Vec<(u32, Document)> {
    objects(document)
        .filter(|value| {
            is_a(*value, "Annotation") && value.get("contentType").is_some_and(|own| own.is(JSON))
        })
        .filter_map(|annotation| {
            let statement = text(annotation, "statement")?;
            let statement = Document::parse(statement.into_owned().into_bytes(), &limits.derived()).ok()?;
            let is_ours = statement.root().get("bomFormat").is_some_and(|own| own.is("CycloneDX"));
            is_ours.then(|| (annotation.id(), statement))
        })
        .collect()
}

impl<'a> Graph<'a> {
    pub(super) fn of(document: &'a Document, statements: &'a [(u32, Document)]) -> Self {
        let mut graph = Self { elements: Vec::new(), by_id: HashMap::new(), kept: HashMap::new() };
        for value in objects(document) {
            let Some(id) = text(value, "spdxId").or_else(|| {
                // Of what is no element, only this is referred to from everywhere.
                text(value, "@id").filter(|_| is_a(value, "CreationInfo"))
            }) else {
                continue;
            };
            let number = graph.elements.len();
            graph.by_id.entry(id).or_insert(number);
            graph.elements.push(value);
        }
        for (node, statement) in statements {
            let annotation = document.value(*node);
            if let Some(subject) = text(annotation, "subject") {
                graph.kept.entry(subject).or_insert(Kept { statement: statement.root(), annotation });
            }
        }
        graph
    }

    pub(super) fn get(&self, id: &str) -> Option<Value<'a>> {
        self.by_id.get(id).map(|&number| self.elements[number])
    }

    /// The object that a field holds or names.
    pub(super) fn follow(&self, value: Value<'a>) -> Option<Value<'a>> {
        match value.as_str() {
            Some(id) => self.get(&id),
            None => Some(value),
        }
    }

    /// The elements of a class.
    pub(super) fn of_class(&self, class: &str) -> impl Iterator<Item = Value<'a>> {
        self.elements.iter().copied().filter(move |value| is_a(*value, class))
    }

    /// The ids that a CycloneDX document was given, if this was made of one.
    pub(super) fn base(&self) -> Option<Base> {
        let id = text(self.of_class("SpdxDocument").next()?, "spdxId")?;
        self.kept.get(&id).filter(|kept| kept.has("bom"))?;
        Base::parse(&id)
    }
}

/// The id that a field holds, or that of the object in it.
pub(super) fn id_of(value: Value<'_>) -> Option<Cow<'_, str>> {
    value.as_str().or_else(|| text(value, "spdxId"))
}

/// Every object of a document in its order, whatever it is in.
fn objects(document: &Document) -> impl Iterator<Item = Value<'_>> {
    let mut open = vec![document.root()];
    std::iter::from_fn(move || {
        while let Some(value) = open.pop() {
            let start = open.len();
            open.extend(value.elements());
            open.extend(value.members().map(|(_, member)| member));
            open[start..].reverse();
            if value.kind() == Kind::Object {
                return Some(value);
            }
        }
        None
    })
}

const JSON: &str = "application/json";

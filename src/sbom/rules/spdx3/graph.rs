//! The objects of a document by their ids.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::Scene;
use crate::document::Value;
use crate::sbom::grammar::Mark;

/// Every object that the grammar knows, wherever it stands.
pub(super) struct Graph<'a> {
    pub(super) objects: Vec<Object<'a>>,
    /// The first object of each id.
    by_id: HashMap<Cow<'a, str>, usize>,
    /// Ids that the document says to be of elements elsewhere.
    pub(super) imported: HashSet<Cow<'a, str>>,
    /// Ids that a later object has too.
    pub(super) doubles: Vec<Value<'a>>,
}

/// An object and what it says it is.
#[derive(Clone)]
pub(super) struct Object<'a> {
    pub(super) value: Value<'a>,
    pub(super) class: Cow<'a, str>,
}

impl<'a> Graph<'a> {
    /// Collects what the grammar has marked.
    pub(super) fn of(scene: &Scene<'a>) -> Self {
        let mut graph = Self {
            objects: Vec::new(),
            by_id: HashMap::new(),
            imported: HashSet::new(),
            doubles: Vec::new(),
        };
        for (mark, node) in scene.marks {
            if !matches!(mark, Mark::SpdxObject | Mark::SpdxDigest | Mark::SpdxIdentifier | Mark::SpdxContent)
            {
                continue;
            }
            let value = scene.document.value(*node);
            let class = value.get("type").and_then(|class| class.as_str()).unwrap_or_default();
            if let Some(id) = value.get("spdxId").or_else(|| value.get("@id"))
                && let Some(name) = id.as_str()
            {
                let number = graph.objects.len();
                match graph.by_id.entry(name) {
                    std::collections::hash_map::Entry::Occupied(_) => graph.doubles.push(id),
                    std::collections::hash_map::Entry::Vacant(entry) => {
                        entry.insert(number);
                    }
                }
            }
            if class == "ExternalMap" {
                graph.imported.extend(value.get("externalSpdxId").and_then(|id| id.as_str()));
            }
            graph.objects.push(Object { value, class });
        }
        graph
    }

    /// The object of an id.
    pub(super) fn get(&self, id: &str) -> Option<&Object<'a>> {
        self.by_id.get(id).map(|&number| &self.objects[number])
    }

    /// The object that a field holds or names, if it is here.
    pub(super) fn follow(&self, value: Value<'a>) -> Option<Object<'a>> {
        let Some(id) = value.as_str() else {
            let class = value.get("type")?.as_str()?;
            return Some(Object { value, class });
        };
        self.get(&id).cloned()
    }

    /// All ids.
    pub(super) fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.by_id.keys().map(AsRef::as_ref)
    }

    /// The objects of a class, and not of what extends it.
    pub(super) fn of_class(&self, class: &str) -> impl Iterator<Item = &Object<'a>> {
        self.objects.iter().filter(move |object| object.class == class)
    }
}

/// The elements of a list, or nothing where it is none.
pub(super) fn list<'a>(value: Value<'a>, name: &str) -> impl Iterator<Item = Value<'a>> + use<'a> {
    value.get(name).into_iter().flat_map(|list| list.elements())
}

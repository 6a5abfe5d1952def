//! The elements of an SPDX document, and what its relationships (clause 11) make of them in CycloneDX.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::id;
use super::nesting::Nesting;
use super::package::{Element, NO_ASSERTION};
use super::relation::{Edge, FROM, KIND, TO, implied, is_plain};
use super::tree::Tree;
use crate::document::{Kind, Value};

/// A package or file.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) value: Value<'a>,
    pub(super) element: Element,
    pub(super) parent: Option<usize>,
    children: Vec<usize>,
    /// Relationships that start from it and that CycloneDX has no word for.
    pub(super) kept: Vec<Value<'a>>,
    /// Its place among its neighbours, where it says so.
    position: Option<usize>,
}

/// What an element depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Element(usize, u32),
    /// It depends on nothing.
    None,
    /// There is no telling.
    Unknown,
}

/// A relationship between elements of the document.
#[derive(Debug, Clone, Copy)]
struct Link<'a> {
    value: Value<'a>,
    /// The element that it is written at, if it is one of the document.
    owner: Option<usize>,
    from: usize,
    to: usize,
    is_plain: bool,
}

#[derive(Debug)]
pub(super) struct Graph<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// What the document describes, where that is one element.
    pub(super) root: Option<usize>,
    by_id: HashMap<Cow<'a, str>, usize>,
    /// Relationships of something that is no element here, and that CycloneDX has no word for.
    pub(super) kept: Vec<Value<'a>>,
    /// Relationships that CycloneDX says in its own words.
    pub(super) said: Vec<Value<'a>>,
    described: Vec<Cow<'a, str>>,
    also_described: Vec<Cow<'a, str>>,
    contains: Vec<Link<'a>>,
    /// Pairs that lists of files give.
    listed: Vec<(usize, usize)>,
    depends: Vec<Link<'a>>,
    /// Who depends on nothing, or on what nobody knows.
    special: Vec<(usize, Target, Value<'a>)>,
    required: HashSet<usize>,
    /// Whether an element stands in a dependency.
    referred: Vec<bool>,
}

impl<'a> Graph<'a> {
    /// Finds the elements and sorts the relationships.
    pub(super) fn of(root: Value<'a>) -> Self {
        let mut items = Vec::new();
        for (name, element) in [("packages", Element::Package), ("files", Element::File)] {
            let list = root.get(name).into_iter().flat_map(|list| list.elements());
            items.extend(list.filter(|value| value.kind() == Kind::Object).map(|value| Item {
                value,
                element,
                parent: None,
                children: Vec::new(),
                kept: Vec::new(),
                position: position(value),
            }));
        }
        let mut by_id: HashMap<Cow<'a, str>, usize> = HashMap::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            if let Some(id) = item.value.get("SPDXID").and_then(|id| id.as_str()) {
                by_id.entry(id).or_insert(number);
            }
        }
        let mut graph = Self {
            items,
            root: None,
            by_id,
            kept: Vec::new(),
            said: Vec::new(),
            described: Vec::new(),
            also_described: Vec::new(),
            contains: Vec::new(),
            listed: Vec::new(),
            depends: Vec::new(),
            special: Vec::new(),
            required: HashSet::new(),
            referred: Vec::new(),
        };
        let list = |value: Value<'a>, name: &str| -> Vec<Cow<'a, str>> {
            value
                .get(name)
                .into_iter()
                .flat_map(|list| list.elements())
                .filter_map(|id| id.as_str())
                .collect()
        };
        graph.also_described = list(root, "documentDescribes");
        for number in 0..graph.items.len() {
            for file in list(graph.items[number].value, "hasFiles") {
                if let Some(file) = graph.by_id.get(&file) {
                    graph.listed.push((number, *file));
                }
            }
        }
        for value in root.get("relationships").into_iter().flat_map(|list| list.elements()) {
            if value.kind() == Kind::Object {
                graph.sort(value);
            }
        }
        graph
    }

    fn sort(&mut self, value: Value<'a>) {
        let text = |name: &str| value.get(name).and_then(|text| text.as_str());
        let owner = text(FROM).and_then(|from| self.by_id.get(&from).copied());
        let (Some(from), Some(kind), Some(to)) = (text(FROM), text(KIND), text(TO)) else {
            return self.keep(owner, value);
        };
        let is_plain = is_plain(&Tree::Source(value));
        if is_plain && kind == "DESCRIBES" && from == id::DOCUMENT {
            self.described.push(to);
            self.said.push(value);
            return;
        }
        let Some((edge, is_back)) = implied(&kind) else { return self.keep(owner, value) };
        let (Some(own), Some(other)) = (owner, self.by_id.get(&to).copied()) else {
            match (owner, &*to) {
                (Some(own), "NONE") if is_plain && kind == "DEPENDS_ON" => {
                    self.special.push((own, Target::None, value));
                }
                (Some(own), NO_ASSERTION) if is_plain && kind == "DEPENDS_ON" => {
                    self.special.push((own, Target::Unknown, value));
                }
                _ => self.keep(owner, value),
            }
            return;
        };
        let (from, to) = if is_back { (other, own) } else { (own, other) };
        let is_native = is_plain && matches!(&*kind, "CONTAINS" | "DEPENDS_ON");
        let is_optional =
            ["OPTIONAL_", "PROVIDED_", "BUILD_", "DEV_", "TEST_"].iter().any(|word| kind.starts_with(word));
        let link = Link { value, owner, from, to, is_plain: is_native };
        match edge {
            Edge::Contains => self.contains.push(link),
            Edge::DependsOn => {
                if !is_optional {
                    self.required.insert(to);
                }
                self.depends.push(link);
            }
        }
    }

    fn keep(&mut self, owner: Option<usize>, value: Value<'a>) {
        match owner {
            Some(owner) => self.items[owner].kept.push(value),
            None => self.kept.push(value),
        }
    }

    /// Decides what is nested in what, what the document describes, and which relationships have to be kept as they are.
    pub(super) fn settle(&mut self, has_no_component: bool) {
        let mut nesting = Nesting::new(self.items.len());
        let mut implied: HashSet<(usize, usize)> = self.listed.iter().copied().collect();
        implied.extend(self.contains.iter().filter(|link| !link.is_plain).map(|link| (link.from, link.to)));
        let pairs = self.contains.iter().map(|link| (link.from, link.to));
        pairs.chain(self.listed.iter().copied()).for_each(|(from, to)| nesting.contains(from, to));
        for (child, parent) in nesting.finish().into_iter().enumerate() {
            self.items[child].parent = parent;
        }
        for link in std::mem::take(&mut self.contains) {
            let is_nested = self.items[link.to].parent == Some(link.from);
            if link.is_plain && is_nested && !implied.contains(&(link.from, link.to)) {
                self.said.push(link.value);
            } else {
                self.keep(link.owner, link.value);
            }
        }
        let described: BTreeSet<&str> =
            self.described.iter().chain(&self.also_described).map(|id| &**id).collect();
        if let [only] = described.into_iter().collect::<Vec<_>>()[..] {
            let root = self.by_id.get(only).copied();
            self.root = root.filter(|root| !has_no_component && self.items[*root].parent.is_none());
        }
        self.order();
        self.referred = vec![false; self.items.len()];
        let ends = self.depends.iter().flat_map(|link| [link.from, link.to]);
        for number in ends.chain(self.special.iter().map(|(own, ..)| *own)) {
            self.referred[number] = true;
        }

        let implied: HashSet<(usize, usize)> =
            self.depends.iter().filter(|link| !link.is_plain).map(|link| (link.from, link.to)).collect();
        let links = std::mem::take(&mut self.depends);
        let has_targets: HashSet<usize> = links.iter().map(|link| link.from).collect();
        for link in &links {
            if link.is_plain && !implied.contains(&(link.from, link.to)) {
                self.said.push(link.value);
            } else {
                self.keep(link.owner, link.value);
            }
        }
        self.depends = links;
        let mut seen: HashMap<usize, usize> = HashMap::new();
        self.special.iter().for_each(|(own, ..)| *seen.entry(*own).or_default() += 1);
        for (own, target, value) in std::mem::take(&mut self.special) {
            if has_targets.contains(&own) || seen[&own] > 1 {
                self.keep(Some(own), value);
            } else {
                self.said.push(value);
                self.special.push((own, target, value));
            }
        }
    }

    /// Gives every element its children in order: those that say where they stand come there.
    fn order(&mut self) {
        for child in 0..self.items.len() {
            if let Some(parent) = self.items[child].parent {
                self.items[parent].children.push(child);
            }
        }
    }

    /// What is nested in an element.
    pub(super) fn children(&self, number: usize) -> Vec<usize> {
        self.items[number].children.clone()
    }

    /// The elements that are nested in nothing, in order.
    pub(super) fn top(&self) -> Vec<usize> {
        let is_top = |number: &usize| self.items[*number].parent.is_none() && self.root != Some(*number);
        let (placed, rest): (Vec<usize>, Vec<usize>) =
            (0..self.items.len()).filter(is_top).partition(|number| self.items[*number].position.is_some());
        let mut placed: Vec<(usize, usize)> =
            placed.into_iter().map(|number| (self.items[number].position.unwrap_or(0), number)).collect();
        placed.sort_unstable();
        let (mut top, mut rest) = (Vec::new(), rest.into_iter());
        for (position, number) in placed {
            top.extend(rest.by_ref().take(position.saturating_sub(top.len())));
            top.push(number);
        }
        top.extend(rest);
        top
    }

    /// What the document is said to describe, where the components do not tell.
    pub(super) fn describes(&self) -> Option<Vec<String>> {
        let told: BTreeSet<String> = match self.root {
            Some(root) => self.items[root]
                .value
                .get("SPDXID")
                .and_then(|id| id.as_str())
                .into_iter()
                .map(Cow::into_owned)
                .collect(),
            None if self.items.is_empty() => BTreeSet::from(["NONE".to_owned()]),
            None => {
                let top = self.items.iter().filter(|item| item.parent.is_none());
                top.filter_map(|item| Some(item.value.get("SPDXID")?.as_str()?.into_owned())).collect()
            }
        };
        let stated: BTreeSet<String> = self.described.iter().map(|id| id.clone().into_owned()).collect();
        (told != stated).then(|| stated.into_iter().collect())
    }

    /// Who depends on what, in the order in which it is said.
    pub(super) fn dependencies(&self) -> Vec<(usize, Vec<Target>)> {
        let mut entries: Vec<(usize, Vec<Target>)> = Vec::new();
        let mut number_of: HashMap<usize, usize> = HashMap::new();
        let mut seen: HashSet<(usize, usize)> = HashSet::new();
        let mut all: Vec<(u32, usize, Target)> = self
            .depends
            .iter()
            .filter(|link| seen.insert((link.from, link.to)))
            .map(|link| (link.value.id(), link.from, Target::Element(link.to, link.value.offset())))
            .chain(self.special.iter().map(|(own, target, value)| (value.id(), *own, *target)))
            .collect();
        all.sort_unstable_by_key(|(id, ..)| *id);
        for (_, from, target) in all {
            let number = *number_of.entry(from).or_insert_with(|| {
                entries.push((from, Vec::new()));
                entries.len() - 1
            });
            entries[number].1.push(target);
        }
        entries
    }

    /// Whether something needs an element that is not told to be optional.
    pub(super) fn is_required(&self, number: usize) -> bool {
        self.required.contains(&number)
    }

    /// Whether something depends on an element, or it on something: then it needs a bom-ref.
    pub(super) fn is_referred_to(&self, number: usize) -> bool {
        self.referred.get(number).copied().unwrap_or(false)
    }
}

/// The place that a file gives itself.
fn position(value: Value<'_>) -> Option<usize> {
    let annotations = value.get("annotations")?;
    annotations.elements().find_map(|annotation| {
        let comment = annotation.get("comment")?.as_str()?;
        comment.strip_prefix(super::forward::POSITION)?.parse().ok()
    })
}

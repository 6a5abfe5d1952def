//! What is different between two SBOMs, whatever their layout, order and version of CycloneDX.
//!
//! Components and services are paired by [`identity`](super::identity); a pair whose version differs is an upgrade. The
//! other members are compared as sets: order, bom-refs, `null` and the spelling of numbers and texts do not count, nor
//! does what only says which document this is (`$schema`, `specVersion`, `serialNumber`, `version`, and `timestamp` and
//! `tools` of its metadata). Time is linear in both documents.

mod normal;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::normal::{Part, normal, split};
use super::identity::{Identity, pair};
use super::{Component, Sbom};
use crate::document::Value;

/// What is different between two SBOMs. Each list is sorted by component, then by pointer.
#[derive(Debug, Clone)]
pub struct Diff<'a> {
    /// Components that only the second has.
    pub added: Vec<Component<'a>>,
    /// Components that only the first has.
    pub removed: Vec<Component<'a>>,
    /// Components of which both have a version, and not the same one.
    pub upgraded: Vec<Upgrade>,
    /// Whatever else is different.
    pub changed: Vec<Change>,
}

/// A component in two versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Upgrade {
    /// The package without its version.
    pub component: String,
    /// The version in the first document.
    pub from: Option<String>,
    /// The version in the second document.
    pub to: Option<String>,
}

/// A member that is different.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The component that it belongs to; nothing for the document itself.
    pub component: Option<String>,
    /// Where it stands in the component or the document. Two are no member: `/dependsOn` and `/provides` of a component
    /// are those of its entry in `dependencies`, and `/parent` is what it is nested in.
    pub pointer: String,
    /// JSON text of what the first has; of a list the elements that only the first has.
    pub from: Option<String>,
    /// The same of the second.
    pub to: Option<String>,
}

impl Diff<'_> {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.upgraded.is_empty()
            && self.changed.is_empty()
    }
}

/// Compares two SBOMs.
pub fn diff<'a>(before: &'a Sbom, after: &'a Sbom) -> Diff<'a> {
    let ours: Vec<Identity> = before.components().map(|component| Identity::of(&component)).collect();
    let theirs: Vec<Identity> = after.components().map(|component| Identity::of(&component)).collect();
    let content = |sbom: &Sbom, index| sbom.component(index).map(|c| own(c.value())).unwrap_or_default();
    let partner = pair(&ours, &theirs, |index| (content(before, index), content(after, index)));
    let mut is_new = vec![true; theirs.len()];
    partner.iter().flatten().for_each(|index| is_new[*index] = false);

    // What is the same has the same name in both: then references and edges can be compared.
    let own_names: Vec<String> =
        ours.iter().zip(&partner).map(|(own, twin)| name(own, *twin, &theirs)).collect();
    let mut their_names: Vec<String> = theirs.iter().map(|own| own.strongest().to_owned()).collect();
    for (index, twin) in partner.iter().enumerate().filter_map(|(index, twin)| Some((index, (*twin)?))) {
        their_names[twin].clone_from(&own_names[index]);
    }
    let (one, other) = (Side::new(before, &own_names), Side::new(after, &their_names));

    let mut found = Diff {
        added: after.components().filter(|component| is_new[component.index()]).collect(),
        removed: before.components().filter(|component| partner[component.index()].is_none()).collect(),
        upgraded: Vec::new(),
        changed: Vec::new(),
    };
    for (index, twin) in partner.iter().enumerate().filter_map(|(index, twin)| Some((index, (*twin)?))) {
        if let (Some(mine), Some(yours)) = (before.component(index), after.component(twin)) {
            found.compare(&mine, &yours, &ours[index]);
            found.place((&one, index), (&other, twin), &mine);
        }
    }
    found.document(&one, &other);
    found.added.sort_by_cached_key(|component| component.label().into_owned());
    found.removed.sort_by_cached_key(|component| component.label().into_owned());
    found.upgraded.sort_unstable();
    found.changed.sort_unstable();
    found
}

/// The name that both sides of a pair go by.
fn name(own: &Identity, twin: Option<usize>, theirs: &[Identity]) -> String {
    match twin {
        Some(twin) if own.strongest() != theirs[twin].strongest() => {
            format!("{} → {}", own.strongest(), theirs[twin].strongest())
        }
        _ => own.strongest().to_owned(),
    }
}

/// One of the two documents, with the names of its components.
struct Side<'a> {
    sbom: &'a Sbom,
    names: &'a [String],
    by_reference: HashMap<Cow<'a, str>, usize>,
    /// What each component that says so depends on and provides.
    edges: HashMap<usize, [Option<BTreeSet<String>>; 2]>,
}

impl<'a> Side<'a> {
    fn new(sbom: &'a Sbom, names: &'a [String]) -> Self {
        let by_reference: HashMap<_, _> = sbom
            .components()
            .filter_map(|component| Some((component.bom_ref()?, component.index())))
            .collect();
        let mut side = Self { sbom, names, by_reference, edges: HashMap::new() };
        for dependency in sbom.dependencies() {
            let reference = dependency.reference().text();
            let Some(from) = side.by_reference.get(&reference).copied() else { continue };
            let label = |reference: super::Reference<'_>| side.called(&reference.text()).to_owned();
            let depends = dependency.is_stated().then(|| dependency.depends_on().map(label).collect());
            let provides: BTreeSet<_> = dependency.provides().map(label).collect();
            side.edges.insert(from, [depends, Some(provides).filter(|set| !set.is_empty())]);
        }
        side
    }

    fn called<'n>(&'n self, reference: &'n str) -> &'n str {
        self.by_reference.get(reference).map_or(reference, |index| &self.names[*index])
    }

    /// The name of the component that a text refers to.
    fn known(&self, text: &str) -> Option<String> {
        self.by_reference.get(text).map(|index| self.names[*index].clone())
    }
}

impl Diff<'_> {
    /// The members of a pair of components.
    fn compare(&mut self, mine: &Component<'_>, yours: &Component<'_>, identity: &Identity) {
        let (from, to) = (mine.version(), yours.version());
        let is_upgrade = from != to;
        if is_upgrade {
            self.upgraded.push(Upgrade {
                component: identity.package.clone(),
                from: from.map(Cow::into_owned),
                to: to.map(Cow::into_owned),
            });
        } else if mine.value().raw() == yours.value().raw() {
            return;
        }
        let skipped = |name: &str| {
            matches!(name, "bom-ref" | "components" | "services")
                // They differ with every version.
                || is_upgrade && matches!(name, "version" | "purl" | "cpe" | "hashes" | "swid")
        };
        self.members(Some(&mine.label()), "", [mine.value(), yours.value()], &skipped, &|_| None);
    }

    /// Where a pair of components stands: what it is nested in, and its edges.
    fn place(&mut self, one: (&Side<'_>, usize), other: (&Side<'_>, usize), mine: &Component<'_>) {
        let parent = |(side, index): (&Side<'_>, usize)| {
            Some(side.names[side.sbom.component(index)?.parent()?.index()].clone())
        };
        let quoted = |text: String| serde_json::Value::String(text).to_string();
        let (from, to) = (parent(one), parent(other));
        if from != to {
            self.change(Some(&mine.label()), "/parent".into(), from.map(quoted), to.map(quoted));
        }
        let none = [None, None];
        let from = one.0.edges.get(&one.1).unwrap_or(&none);
        let to = other.0.edges.get(&other.1).unwrap_or(&none);
        for (pointer, (from, to)) in ["/dependsOn", "/provides"].into_iter().zip(from.iter().zip(to)) {
            if from == to {
                continue;
            }
            let only = |own: &Option<BTreeSet<String>>, others: &Option<BTreeSet<String>>| {
                let own = own.as_ref()?;
                let list = own.iter().filter(|name| others.as_ref().is_none_or(|set| !set.contains(*name)));
                Some(list.cloned().collect::<serde_json::Value>().to_string())
            };
            self.change(Some(&mine.label()), pointer.into(), only(from, to), only(to, from));
        }
    }

    /// What the documents say besides their components.
    fn document(&mut self, one: &Side<'_>, other: &Side<'_>) {
        let roots = [one.sbom.document().root(), other.sbom.document().root()];
        let skipped = |name: &str| {
            matches!(
                name,
                "$schema"
                    | "bomFormat"
                    | "specVersion"
                    | "serialNumber"
                    | "version"
                    | "metadata"
                    | "components"
                    | "services"
                    | "dependencies"
            )
        };
        let known = |part: Part<'_>| match part {
            Part::First(text) => one.known(text),
            Part::Second(text) => other.known(text),
        };
        self.members(None, "", roots, &skipped, &known);
        let metadata = roots.map(|root| root.get("metadata").unwrap_or(root));
        let is_there = roots.map(|root| root.get("metadata").is_some());
        let skipped = |name: &str| matches!(name, "timestamp" | "tools" | "component");
        let everything = |_: &str| true;
        match is_there {
            [true, true] => self.members(None, "/metadata", metadata, &skipped, &known),
            [true, false] | [false, true] => {
                let of = |index: usize| if is_there[index] { metadata[index] } else { roots[index] };
                self.lone(is_there[0], of(usize::from(is_there[1])), &skipped);
            }
            [false, false] => self.members(None, "/metadata", metadata, &everything, &known),
        }
    }

    /// The members of a metadata that only one document has.
    fn lone(&mut self, is_first: bool, metadata: Value<'_>, skipped: &dyn Fn(&str) -> bool) {
        for (name, value) in metadata.members().filter(|(name, value)| !skipped(name) && !value.is_null()) {
            let text = Some(shown(value));
            let (from, to) = if is_first { (text, None) } else { (None, text) };
            self.change(None, format!("/metadata/{}", escaped(&name)), from, to);
        }
    }

    /// Members of two objects, as sets.
    fn members(
        &mut self,
        component: Option<&str>,
        prefix: &str,
        objects: [Value<'_>; 2],
        skipped: &dyn Fn(&str) -> bool,
        known: &dyn Fn(Part<'_>) -> Option<String>,
    ) {
        let mut members: BTreeMap<Cow<'_, str>, [Option<Value<'_>>; 2]> = BTreeMap::new();
        for (side, object) in objects.into_iter().enumerate() {
            for (name, value) in object.members().filter(|(name, value)| !skipped(name) && !value.is_null()) {
                members.entry(name).or_default()[side] = Some(value);
            }
        }
        for (name, [from, to]) in members {
            let pointer = || format!("{prefix}/{}", escaped(&name));
            match (from, to) {
                (Some(from), Some(to)) => {
                    if let Some((from, to)) = split(from, to, known) {
                        self.change(component, pointer(), Some(from), Some(to));
                    }
                }
                (from, to) => self.change(component, pointer(), from.map(shown), to.map(shown)),
            }
        }
    }

    fn change(&mut self, component: Option<&str>, pointer: String, from: Option<String>, to: Option<String>) {
        self.changed.push(Change { component: component.map(str::to_owned), pointer, from, to });
    }
}

/// What a component says of itself, in one spelling.
pub(super) fn own(value: Value<'_>) -> String {
    let nested = |name: &str| matches!(name, "components" | "services");
    let members = value.members().filter(|(name, _)| !nested(name));
    let mut members: Vec<String> =
        members.map(|(name, member)| format!("{name}:{}", normal(member, &|_| None))).collect();
    members.sort_unstable();
    members.join(",")
}

fn shown(value: Value<'_>) -> String {
    String::from_utf8_lossy(value.raw()).into_owned()
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests;

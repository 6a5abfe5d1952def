//! Which components of several documents are one: by purl, then digest, then name.
//!
//! What contradicts a weaker name keeps two components apart: different purls, or different digests of one algorithm.
//! Versions are never joined. Of one document no two components are joined: what its author told apart stays apart.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::side::Side;
use crate::sbom::identity::Identity;
use crate::sbom::{Component, Role};

/// A component or service of the result, and all that becomes it.
#[derive(Debug)]
pub(super) struct Class {
    /// Side and number of each, in the order of the documents.
    pub(super) members: Vec<(u32, u32)>,
    /// What it is nested in: the class of what its first member is nested in.
    pub(super) parent: Option<u32>,
    pub(super) role: Role,
    /// The name that its first member goes by.
    pub(super) label: String,
    purl: Option<String>,
    digests: Vec<String>,
}

/// All of them, in the order of their first members.
#[derive(Default)]
pub(super) struct Classes {
    pub(super) all: Vec<Class>,
    /// The class of each component, by side.
    pub(super) of: Vec<Vec<u32>>,
    known: [HashMap<String, Vec<u32>>; 3],
}

impl Classes {
    /// Joins what is the same. With `apart`, nothing is, and what a document lists stands inside its root.
    pub(super) fn of(sides: &[Side<'_>], apart: bool) -> Self {
        let mut classes = Self::default();
        for (number, side) in (0..).zip(sides) {
            let own: Vec<Own> = side.sbom.components().map(|component| Own::of(&component)).collect();
            let joined = if apart { vec![None; own.len()] } else { classes.join(number, sides, &own) };
            let mut of = Vec::with_capacity(own.len());
            for (component, (own, joined)) in side.sbom.components().zip(own.into_iter().zip(joined)) {
                let class = joined.unwrap_or_else(|| {
                    let root = (apart && component.role() == Role::Component).then_some(0);
                    let parent = component.parent().map(|parent| parent.index()).or(root);
                    classes.all.push(Class {
                        members: Vec::new(),
                        parent: parent.map(|parent| of[parent]),
                        role: component.role(),
                        label: component.label().into_owned(),
                        purl: None,
                        digests: Vec::new(),
                    });
                    narrow(classes.all.len() - 1)
                });
                classes.enter(class, (number, narrow(component.index())), own);
                of.push(class);
            }
            classes.of.push(of);
        }
        classes
    }

    /// The class that each component of a document joins, the strongest names of all first.
    fn join(&self, number: u32, sides: &[Side<'_>], own: &[Own]) -> Vec<Option<u32>> {
        let mut joined = vec![None; own.len()];
        let mut taken = vec![false; self.all.len()];
        for strength in 0..self.known.len() {
            let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
            for (index, own) in own.iter().enumerate().filter(|(index, _)| joined[*index].is_none()) {
                if let Some(key) = own.key(strength) {
                    groups.entry(key).or_default().push(index);
                }
            }
            let mut groups: Vec<(&str, Vec<usize>)> = groups.into_iter().collect();
            groups.sort_unstable_by_key(|(_, seekers)| seekers[0]);
            for (key, mut seekers) in groups {
                let Some(classes) = self.known[strength].get(key) else { continue };
                let mut open: Vec<u32> =
                    classes.iter().copied().filter(|class| !taken[*class as usize]).collect();
                let looks: [Look; 3] = [look_by_reference, look_by_content, look_by_order];
                // Nobody has to choose where there is one of each.
                let first = if seekers.len() == 1 && open.len() == 1 { 2 } else { 0 };
                for look in &looks[first..] {
                    let mut waiting: HashMap<String, Vec<u32>> = HashMap::new();
                    for class in open.iter().rev() {
                        let (side, index) = self.all[*class as usize].members[0];
                        waiting.entry(look(&sides[side as usize], index)).or_default().push(*class);
                    }
                    seekers.retain(|&seeker| {
                        let Some(found) = waiting.get_mut(&look(&sides[number as usize], narrow(seeker)))
                        else {
                            return true;
                        };
                        let fits = |class: &u32| !self.all[*class as usize].contradicts(&own[seeker]);
                        let Some(at) = found.iter().rposition(fits) else { return true };
                        let class = found.remove(at);
                        joined[seeker] = Some(class);
                        taken[class as usize] = true;
                        false
                    });
                    open.retain(|class| !taken[*class as usize]);
                }
            }
        }
        joined
    }

    fn enter(&mut self, class: u32, member: (u32, u32), own: Own) {
        for (strength, known) in self.known.iter_mut().enumerate() {
            if let Some(key) = own.key(strength) {
                match known.entry(key.to_owned()) {
                    Entry::Occupied(mut classes) if classes.get().last() != Some(&class) => {
                        classes.get_mut().push(class);
                    }
                    Entry::Occupied(_) => {}
                    Entry::Vacant(place) => {
                        place.insert(vec![class]);
                    }
                }
            }
        }
        let entry = &mut self.all[class as usize];
        entry.members.push(member);
        entry.purl = entry.purl.take().or(own.purl);
        if let Some(digest) = own.digest.filter(|digest| !entry.digests.contains(digest)) {
            entry.digests.push(digest);
        }
    }

    /// What stands directly inside each class, in order.
    pub(super) fn children(&self) -> HashMap<u32, Vec<u32>> {
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for (class, entry) in (0..).zip(&self.all) {
            if let Some(parent) = entry.parent {
                children.entry(parent).or_default().push(class);
            }
        }
        children
    }
}

impl Class {
    fn contradicts(&self, own: &Own) -> bool {
        let is_other = |one: &Option<String>, other: &Option<String>| {
            one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one != other)
        };
        let algorithm = |digest: &str| digest.split(':').next().map(str::to_owned);
        let mut same_algorithm = self.digests.iter().filter(|known| {
            own.digest.as_deref().is_some_and(|digest| algorithm(digest) == algorithm(known))
        });
        let by_digest = match same_algorithm.next() {
            None => false,
            Some(first) => {
                Some(first) != own.digest.as_ref()
                    && !same_algorithm.any(|known| Some(known) == own.digest.as_ref())
            }
        };
        // The same purl is the same package, even where a digest is wrong: that is a conflict, and listed.
        let same_purl = self.purl.is_some() && self.purl == own.purl;
        is_other(&self.purl, &own.purl) || by_digest && !same_purl
    }
}

/// What one component is known by.
struct Own {
    purl: Option<String>,
    digest: Option<String>,
    name: String,
}

impl Own {
    fn of(component: &Component<'_>) -> Self {
        let Identity { purl, digest, name, .. } = Identity::of(component);
        let kind = component.kind().unwrap_or_default();
        Self { purl, digest, name: format!("{kind} {name}") }
    }

    fn key(&self, strength: usize) -> Option<&str> {
        match strength {
            0 => self.purl.as_deref(),
            1 => self.digest.as_deref(),
            _ => Some(&self.name),
        }
    }
}

/// What two components share that are taken for one.
type Look = fn(&Side<'_>, u32) -> String;

fn look_by_reference(side: &Side<'_>, index: u32) -> String {
    let reference = side.sbom.component(index as usize).and_then(|component| component.bom_ref());
    // One without a bom-ref is like no other.
    reference.map_or_else(|| format!("{:p} {index}", side.sbom), |reference| format!("#{reference}"))
}

fn look_by_content(side: &Side<'_>, index: u32) -> String {
    side.sbom
        .component(index as usize)
        .map(|component| crate::sbom::diff::own(component.value()))
        .unwrap_or_default()
}

fn look_by_order(_: &Side<'_>, _: u32) -> String {
    String::new()
}

/// Documents have fewer values than a `u32` counts, and their components are some of these.
pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

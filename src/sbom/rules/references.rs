//! References: each leads to exactly one thing, wherever references may stand.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Mark, Scene};
use crate::document::Value;
use crate::finding::{Rule, Severity};
use crate::sbom::BomLink;
use crate::sbom::grammar::{cut, nearest};
use crate::sbom::link;
use crate::sbom::neighbours::Target;

pub(super) static DANGLING: Rule = Rule {
    id: "ref-dangling",
    title: "every reference leads to something in the document",
    severity: Severity::High,
    remedy: "correct the reference, or add what it means",
};
pub(super) static DUPLICATE: Rule = Rule {
    id: "ref-duplicate",
    title: "no two things have the same bom-ref",
    severity: Severity::High,
    remedy: "give one of the two another bom-ref, and see which one each reference means",
};
pub(super) static AMBIGUOUS: Rule = Rule {
    id: "ref-ambiguous",
    title: "no reference leads to several things",
    severity: Severity::High,
    remedy: "give the things that share the bom-ref one each, and name the one that is meant",
};
pub(super) static SELF: Rule = Rule {
    id: "ref-self",
    title: "nothing depends on itself",
    severity: Severity::Low,
    remedy: "remove the reference",
};
pub(super) static TWICE: Rule = Rule {
    id: "ref-twice",
    title: "what a thing depends on stands in one entry",
    severity: Severity::Medium,
    remedy: "join the entries: readers disagree about which one counts",
};

pub(super) static LINK_DANGLING: Rule = Rule {
    id: "link-dangling",
    title: "every BOM-Link leads to something in the document that it names",
    severity: Severity::High,
    remedy: "correct the bom-ref behind the `#`, or validate with the document that has it",
};
pub(super) static LINK_VERSION: Rule = Rule {
    id: "link-version",
    title: "every BOM-Link names a version of its document that is at hand",
    severity: Severity::High,
    remedy: "name the version that is meant, or validate with the document of that version",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    let mut defined: HashMap<Cow<'_, str>, u32> = HashMap::new();
    for value in scene.marked(Mark::Defines) {
        let count = defined.entry(value.as_str().unwrap_or_default()).or_default();
        *count += 1;
        if *count > 1 {
            scene.fail(&DUPLICATE, value, || {
                format!("an earlier thing has the bom-ref {:?} too", text(value))
            });
        }
    }
    let here = link::identity(scene.document);
    let (mut elsewhere, mut dangling) = (0, BTreeMap::<u32, (Value<'_>, usize)>::new());
    let mut first_use: HashMap<Cow<'_, str>, u32> = HashMap::new();
    for value in scene.marked(Mark::Refers) {
        let mut name = value.as_str().unwrap_or_default();
        if name.starts_with(link::SCHEME) {
            let link = BomLink::parse(&name);
            let is_own = |link: &BomLink<'_>| {
                here.as_ref()
                    .is_some_and(|(serial, version)| *serial == link.serial && *version == link.version)
            };
            match link {
                Some(BomLink { reference: Some(reference), .. }) if link.as_ref().is_some_and(is_own) => {
                    let decoded = BomLink::decoded(reference).filter(|_| !defined.contains_key(reference));
                    name = Cow::Owned(decoded.as_deref().unwrap_or(reference).to_owned());
                }
                Some(link) => {
                    elsewhere += usize::from(!follow(scene, value, &link));
                    continue;
                }
                None => {
                    elsewhere += 1;
                    continue;
                }
            }
        }
        match defined.get(&name) {
            None => {
                let first = *first_use.entry(name).or_insert(value.id());
                dangling.entry(first).or_insert((value, 0)).1 += 1;
            }
            Some(1) => {}
            Some(count) => {
                scene
                    .fail(&AMBIGUOUS, value, || format!("{count} things have the bom-ref {:?}", text(value)));
            }
        }
    }
    let mut budget = COMPARISONS;
    for (value, uses) in dangling.into_values() {
        let name = value.as_str().unwrap_or_default();
        let meant = (budget >= defined.len()).then(|| {
            budget -= defined.len();
            nearest(&name, defined.keys().map(AsRef::as_ref))
        });
        let meant = meant.flatten().map(str::to_owned);
        scene.report(&DANGLING, value, || {
            let uses = if uses > 1 { format!(", which is used {uses} times") } else { String::new() };
            let message = format!("nothing has the bom-ref {:?}{uses}", cut(&name));
            (message, meant.map(|meant| format!("write {meant:?} if that is meant, or add what is missing")))
        });
    }
    if elsewhere > 0 {
        let message = match elsewhere {
            1 => "1 reference into another document (BOM-Link), which is not here".to_owned(),
            more => format!("{more} references into other documents (BOM-Link), which are not here"),
        };
        scene.findings.push(DANGLING.not_evaluated("the document", message));
    }
    entries(scene);
}

/// The entries of `dependencies`.
fn entries(scene: &mut Scene<'_>) {
    let mut seen: HashSet<Cow<'_, str>> = HashSet::new();
    let document = scene.document;
    for entry in document.root().get("dependencies").into_iter().flat_map(|list| list.elements()) {
        let Some(reference) = entry.get("ref") else { continue };
        let name = reference.as_str().unwrap_or_default();
        for on in entry.get("dependsOn").into_iter().flat_map(|list| list.elements()) {
            if on.is(&name) {
                scene.fail(&SELF, on, || format!("{:?} depends on itself", cut(&name)));
            }
        }
        if !seen.insert(name) {
            scene.fail(&TWICE, reference, || format!("an earlier entry speaks of {:?} too", text(reference)));
        }
    }
}

/// Looks for what a BOM-Link leads to in another document. `false` where that document is not here.
fn follow(scene: &mut Scene<'_>, value: Value<'_>, link: &BomLink<'_>) -> bool {
    let neighbours = scene.neighbours;
    match neighbours.find(link) {
        Target::There => {}
        Target::Elsewhere => return false,
        Target::Version(there) => scene.report(&LINK_VERSION, value, || {
            let versions: Vec<String> = there.iter().map(u64::to_string).collect();
            let versions = versions.join(", ");
            let message =
                format!("the document {} is here in version {versions}, not {}", link.serial, link.version);
            (message, None)
        }),
        Target::Missing(meant) => scene.report(&LINK_DANGLING, value, || {
            let name = cut(link.reference.unwrap_or_default());
            let message = format!("the document {} has no bom-ref {name:?}", link.serial);
            (message, meant.map(|meant| format!("write {meant:?} behind the `#` if that is meant")))
        }),
    }
    true
}

fn text(value: Value<'_>) -> String {
    cut(&value.as_str().unwrap_or_default())
}

/// Names that are compared with dangling ones, in all.
const COMPARISONS: usize = 200_000;

//! Elements and what leads to them: ids, references, relationships, snippets.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{list, shown};
use crate::document::Value;
use crate::finding::{Rule, Severity};
use crate::sbom::grammar::{Mark, cut, nearest};
use crate::sbom::rules::Scene;

pub(in super::super) static DUPLICATE: Rule = Rule {
    id: "spdx-id-duplicate",
    title: "no two elements, licences or other documents have the same id",
    severity: Severity::High,
    remedy: "give one of the two another id, and see which one each reference means",
};
pub(in super::super) static DANGLING: Rule = Rule {
    id: "spdx-ref-dangling",
    title: "every reference leads to an element of the document, or of another one that it names",
    severity: Severity::High,
    remedy: "correct the reference, or add what it means",
};
pub(in super::super) static KIND: Rule = Rule {
    id: "spdx-ref-kind",
    title: "packages have files, and snippets are from files",
    severity: Severity::Medium,
    remedy: "name a file; for anything else there are relationships",
};
pub(in super::super) static DESCRIBES: Rule = Rule {
    id: "spdx-describes",
    title: "the document says what it describes, unless it has one package alone",
    severity: Severity::High,
    remedy: "add a relationship `SPDXRef-DOCUMENT DESCRIBES …`",
};
pub(in super::super) static RANGE: Rule = Rule {
    id: "spdx-range",
    title: "no range ends before it begins",
    severity: Severity::Medium,
    remedy: "correct one of the two numbers",
};
pub(in super::super) static NAMESPACE: Rule = Rule {
    id: "spdx-namespace",
    title: "the namespace of the document has no fragment",
    severity: Severity::High,
    remedy: "leave out what begins with `#`: it stands between the namespace and the ids of elements",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    let known = ids(scene);
    references(scene, &known);
    kinds(scene, &known);
    for root in scene.marked(Mark::SpdxDocument) {
        describes(scene, root);
    }
    for range in scene.marked(Mark::SpdxRange) {
        let number = |pointer: &str, member: &str| range.get(pointer)?.get(member)?.as_f64();
        for member in ["offset", "lineNumber"] {
            if let (Some(first), Some(last)) = (number("startPointer", member), number("endPointer", member))
                && last < first
            {
                scene.fail(&RANGE, range, || format!("the range goes from {first} to {last}"));
            }
        }
    }
    for namespace in scene.marked(Mark::Namespace) {
        if namespace.as_str().is_some_and(|text| text.contains('#')) {
            scene.fail(&NAMESPACE, namespace, || "the namespace has a `#`".to_owned());
        }
    }
}

/// What can be referred to, by id: elements, and other documents.
fn ids<'a>(scene: &mut Scene<'a>) -> HashMap<Cow<'a, str>, Mark> {
    let mut known: HashMap<Cow<'a, str>, Mark> = HashMap::new();
    for (mark, member) in [
        (Mark::SpdxDocument, "SPDXID"),
        (Mark::SpdxPackage, "SPDXID"),
        (Mark::SpdxFile, "SPDXID"),
        (Mark::SpdxSnippet, "SPDXID"),
        (Mark::ExternalDocument, "externalDocumentId"),
        (Mark::ExtractedLicense, "licenseId"),
    ] {
        for object in scene.marked(mark) {
            let Some(id) = object.get(member) else { continue };
            let Some(text) = id.as_str() else { continue };
            let mut is_new = false;
            known.entry(text).or_insert_with(|| {
                is_new = true;
                mark
            });
            if !is_new {
                scene.fail(&DUPLICATE, id, || {
                    format!("an earlier part of the document has the id {:?} too", shown(object, member))
                });
            }
        }
    }
    known
}

fn references(scene: &mut Scene<'_>, known: &HashMap<Cow<'_, str>, Mark>) {
    let (mut elsewhere, mut budget) = (0_usize, COMPARISONS);
    let mut told: HashSet<Cow<'_, str>> = HashSet::new();
    for value in scene.marked(Mark::Element) {
        let Some(text) = value.as_str() else { continue };
        if matches!(&*text, "NONE" | "NOASSERTION") {
            continue;
        }
        if let Some((document, _)) = text.split_once(':') {
            if known.get(document) == Some(&Mark::ExternalDocument) {
                elsewhere += 1;
            } else if told.insert(text.clone()) {
                scene.fail(&DANGLING, value, || {
                    format!("no entry of `externalDocumentRefs` is {:?}", cut(document))
                });
            }
            continue;
        }
        let is_element = known
            .get(&text)
            .is_some_and(|mark| !matches!(mark, Mark::ExternalDocument | Mark::ExtractedLicense));
        // What is not an id at all the grammar has refused.
        if is_element || !text.starts_with("SPDXRef-") || !told.insert(text.clone()) {
            continue;
        }
        let meant = (budget >= known.len()).then(|| {
            budget -= known.len();
            nearest(&text, known.keys().map(AsRef::as_ref)).map(str::to_owned)
        });
        let remedy =
            meant.flatten().map(|meant| format!("write {meant:?} if that is meant, or add what is missing"));
        scene.report(&DANGLING, value, || (format!("nothing has the SPDXID {:?}", cut(&text)), remedy));
    }
    if elsewhere > 0 {
        let message = format!("{elsewhere} references into other documents, which are not here");
        scene.findings.push(DANGLING.not_evaluated("the document", message));
    }
}

/// `hasFiles` and `snippetFromFile` lead to files.
fn kinds(scene: &mut Scene<'_>, known: &HashMap<Cow<'_, str>, Mark>) {
    let is_other = |value: &Value<'_>| {
        let mark = value.as_str().and_then(|text| known.get(&text));
        mark.is_some_and(|mark| *mark != Mark::SpdxFile)
    };
    let files = scene.marked(Mark::SpdxPackage).flat_map(|package| list(package, "hasFiles"));
    let from = scene.marked(Mark::SpdxSnippet).filter_map(|snippet| snippet.get("snippetFromFile"));
    for value in files.chain(from).filter(is_other).collect::<Vec<_>>() {
        scene.fail(&KIND, value, || format!("{:?} is no file", cut(&value.as_str().unwrap_or_default())));
    }
}

/// Clause 11.1: mandatory where there is more than one package, or a set of files in none.
fn describes(scene: &mut Scene<'_>, root: Value<'_>) {
    let own = root.get("SPDXID").and_then(|id| id.as_str()).unwrap_or_default();
    let is = |relationship: Value<'_>, kind: &str, end: &str| {
        relationship.get("relationshipType").is_some_and(|text| text.is(kind))
            && relationship.get(end).is_some_and(|id| id.is(&own))
    };
    let said = list(root, "documentDescribes").next().is_some()
        || list(root, "relationships").any(|relationship| {
            is(relationship, "DESCRIBES", "spdxElementId")
                || is(relationship, "DESCRIBED_BY", "relatedSpdxElement")
        });
    let packages = list(root, "packages").count();
    if said || (packages == 1 && list(root, "files").count() == files_of_packages(root)) {
        return;
    }
    scene.fail(&DESCRIBES, root, || match packages {
        0 => "nothing says what the document describes, and it has no package".to_owned(),
        1 => {
            "nothing says what the document describes, and there are files outside of its package".to_owned()
        }
        _ => format!("nothing says which of {packages} packages the document describes"),
    });
}

/// How many files the packages name; a relationship counts as well.
fn files_of_packages(root: Value<'_>) -> usize {
    let named = list(root, "packages").flat_map(|package| list(package, "hasFiles"));
    let contained = list(root, "relationships").filter_map(|relationship| {
        let kind = relationship.get("relationshipType")?;
        let end = if kind.is("CONTAINS") {
            "relatedSpdxElement"
        } else if kind.is("CONTAINED_BY") {
            "spdxElementId"
        } else {
            return None;
        };
        relationship.get(end)
    });
    let ids: HashSet<Cow<'_, str>> = named.chain(contained).filter_map(|value| value.as_str()).collect();
    list(root, "files")
        .filter(|file| file.get("SPDXID").and_then(|id| id.as_str()).is_some_and(|id| ids.contains(&id)))
        .count()
}

/// Names that are compared with dangling ones, in all.
const COMPARISONS: usize = 200_000;

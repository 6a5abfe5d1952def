//! The document as a whole: its context, its version, its collections and their roots.

use super::Scene;
use super::graph::{Graph, list};
use crate::document::Kind;
use crate::finding::{Rule, Severity};
use crate::sbom::grammar::{self, Dialect, cut};

pub(in crate::sbom::rules) static CONTEXT: Rule = Rule {
    id: "spdx3-context",
    title: "the document has the context of the specification and no other",
    severity: Severity::Medium,
    remedy: "write the context as the one text that the specification gives",
};
pub(in crate::sbom::rules) static VERSION: Rule = Rule {
    id: "spdx3-version",
    title: "everything was created for the version that the context names",
    severity: Severity::Medium,
    remedy: "name the version of the context in `specVersion`",
};
pub(in crate::sbom::rules) static DOCUMENT: Rule = Rule {
    id: "spdx3-document",
    title: "there is one SpdxDocument",
    severity: Severity::Medium,
    remedy: "describe the file by one SpdxDocument",
};
pub(in crate::sbom::rules) static ROOT: Rule = Rule {
    id: "spdx3-root",
    title: "every collection has a root, and none is a document",
    severity: Severity::Medium,
    remedy: "name what the collection is about in `rootElement`",
};

pub(super) fn check<'a>(scene: &mut Scene<'a>, graph: &Graph<'a>, dialect: Dialect) {
    let root = scene.document.root();
    if let Some(context) = root.get("@context").filter(|context| context.kind() == Kind::Array) {
        let place = grammar::locate(context, scene.file);
        let message = "the context is a list; only the definitions of the specification are read";
        scene.findings.push(CONTEXT.open(grammar::subject(&place), message).at(place));
    }
    if dialect.version() != CURRENT {
        let context = root.get("@context").unwrap_or(root);
        let place = grammar::locate(context, scene.file);
        let message = format!("this is SPDX {}, which {CURRENT} corrects", dialect.version());
        let finding = VERSION.open(grammar::subject(&place), message).rated(Severity::Low);
        scene.findings.push(finding.remedied_by(format!("make it a document of SPDX {CURRENT}")).at(place));
    }
    for creation in graph.of_class("CreationInfo") {
        let Some(version) = creation.value.get("specVersion") else { continue };
        if !version.is(dialect.version()) {
            scene.fail(&VERSION, version, || {
                let found = cut(&version.as_str().unwrap_or_default());
                format!("`specVersion` is {found:?}, and the context is that of {}", dialect.version())
            });
        }
    }
    let mut documents = graph.of_class("SpdxDocument");
    if documents.next().is_none() && root.get("@graph").is_some() {
        let place = grammar::locate(root, scene.file);
        let message = "nothing says what the file as a whole is";
        scene.findings.push(DOCUMENT.open(grammar::subject(&place), message).rated(Severity::Low).at(place));
    }
    for second in documents {
        scene.fail(&DOCUMENT, second.value, || "an earlier object is an SpdxDocument too".to_owned());
    }
    for collection in graph.objects.iter().filter(|object| COLLECTIONS.contains(&&*object.class)) {
        let value = collection.value;
        let (roots, elements) = (list(value, "rootElement").count(), list(value, "element").count());
        if roots == 0 && (elements > 0 || value.get("rootElement").is_some()) {
            scene.fail(&ROOT, value, || format!("the {} has no `rootElement`", collection.class));
        }
        for member in list(value, "rootElement").chain(list(value, "element")) {
            if graph.follow(member).is_some_and(|object| object.class == "SpdxDocument") {
                scene.fail(&ROOT, member, || "an SpdxDocument belongs to no collection".to_owned());
            }
        }
    }
}

/// The version that readers expect.
const CURRENT: &str = "3.0.1";
/// The classes that are collections of elements.
const COLLECTIONS: [&str; 4] = ["SpdxDocument", "Bundle", "Bom", "software_Sbom"];

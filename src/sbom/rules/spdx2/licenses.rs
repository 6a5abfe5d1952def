//! Licence expressions: those that can be read, and the licences of one's own that they name.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::finding::{Rule, Severity};
use crate::sbom::grammar::{Mark, cut};
use crate::sbom::rules::Scene;
use crate::sbom::rules::identifiers::{EXPRESSION, expression};

pub(in super::super) static LICENSE_REF: Rule = Rule {
    id: "spdx-license-ref",
    title: "every licence of one's own is in the document, with its text",
    severity: Severity::High,
    remedy: "add it to `hasExtractedLicensingInfos` with its text (clause 10)",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    let ids = |mark, member| {
        scene.marked(mark).filter_map(move |object| object.get(member)?.as_str()).collect::<HashSet<_>>()
    };
    let licenses = ids(Mark::ExtractedLicense, "licenseId");
    let documents = ids(Mark::ExternalDocument, "externalDocumentId");
    // Few expressions stand in many places: each is read once.
    let mut read: HashMap<Cow<'_, str>, Problem> = HashMap::new();
    for value in scene.marked(Mark::License) {
        let text = value.as_str().unwrap_or_default();
        let problem = read.entry(text).or_insert_with_key(|text| problem(text, &licenses, &documents));
        match problem {
            Problem::None => {}
            Problem::Form(message) => scene.fail(&EXPRESSION, value, || message.clone()),
            Problem::Unknown(message) => scene.fail(&LICENSE_REF, value, || message.clone()),
        }
    }
}

enum Problem {
    None,
    Form(String),
    Unknown(String),
}

fn problem(text: &str, licenses: &HashSet<Cow<'_, str>>, documents: &HashSet<Cow<'_, str>>) -> Problem {
    if matches!(text, "NONE" | "NOASSERTION") {
        return Problem::None;
    }
    let expression = match expression(text) {
        Ok(expression) => expression,
        Err(message) => return Problem::Form(message),
    };
    for requirement in expression.requirements() {
        let spdx::LicenseItem::Other(own) = &requirement.req.license else { continue };
        match &own.doc_ref {
            None if !licenses.contains(format!("LicenseRef-{}", own.lic_ref).as_str()) => {
                return Problem::Unknown(format!(
                    "`LicenseRef-{}` is not in the document",
                    cut(&own.lic_ref)
                ));
            }
            Some(document) if !documents.contains(format!("DocumentRef-{document}").as_str()) => {
                return Problem::Unknown(format!(
                    "no entry of `externalDocumentRefs` is `DocumentRef-{}`",
                    cut(document)
                ));
            }
            _ => {}
        }
    }
    Problem::None
}

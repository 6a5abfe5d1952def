//! Fields that the model asks of a class and that no schema checks: its "External properties restrictions".

use super::Scene;
use super::graph::Graph;
use crate::finding::{Rule, Severity};
use crate::sbom::grammar;

pub(in crate::sbom::rules) static FIELD: Rule = Rule {
    id: "spdx3-profile-field",
    title: "every object has the fields that its profile asks for",
    severity: Severity::Low,
    remedy: "add the fields",
};

pub(super) fn check<'a>(scene: &mut Scene<'a>, graph: &Graph<'a>) {
    for object in &graph.objects {
        let Some((_, fields)) = FIELDS.iter().find(|(class, _)| *class == object.class) else { continue };
        let missing: Vec<String> = fields
            .iter()
            .filter(|field| object.value.get(field).is_none())
            .map(|field| format!("`{field}`"))
            .collect();
        if missing.is_empty() || !scene.count(&FIELD) {
            continue;
        }
        let place = grammar::locate(object.value, scene.file);
        let message = format!("the model asks for {} in a {}", missing.join(", "), object.class);
        let finding =
            FIELD.open(grammar::subject(&place), message).remedied_by(format!("add {}", missing.join(", ")));
        scene.findings.push(finding.at(place));
    }
}

const FIELDS: [(&str, &[&str]); 5] = [
    ("software_Package", &["name"]),
    ("software_File", &["name"]),
    (
        "ai_AIPackage",
        &[
            "name",
            "releaseTime",
            "suppliedBy",
            "software_downloadLocation",
            "software_packageVersion",
            "software_primaryPurpose",
        ],
    ),
    (
        "dataset_DatasetPackage",
        &[
            "name",
            "builtTime",
            "originatedBy",
            "releaseTime",
            "software_downloadLocation",
            "software_primaryPurpose",
        ],
    ),
    ("security_EpssVulnAssessmentRelationship", &["security_publishedTime"]),
];

//! Relationships: each has the type of its class, and leads from and to what that type speaks of.

use super::Scene;
use super::graph::{Graph, list};
use crate::finding::{Rule, Severity};
use crate::sbom::grammar::Dialect;

pub(in crate::sbom::rules) static KIND: Rule = Rule {
    id: "spdx3-relationship-type",
    title: "every relationship has a type that its class allows",
    severity: Severity::High,
    remedy: "take the type that belongs to the class, or the class that belongs to the type",
};
pub(in crate::sbom::rules) static ENDS: Rule = Rule {
    id: "spdx3-relationship-ends",
    title: "every relationship leads from and to what its type speaks of",
    severity: Severity::Medium,
    remedy: "see which way the relationship goes, and what it is about",
};
pub(in crate::sbom::rules) static VEX: Rule = Rule {
    id: "spdx3-vex-reason",
    title: "what is not affected has a justification or an impact statement",
    severity: Severity::Medium,
    remedy: "add `security_justificationType` or `security_impactStatement`",
};

pub(super) fn check<'a>(scene: &mut Scene<'a>, graph: &Graph<'a>, dialect: Dialect) {
    for object in &graph.objects {
        let Some(r#type) = object.value.get("relationshipType") else { continue };
        let name = r#type.as_str().unwrap_or_default();
        let class = &*object.class;
        let own = VEX_TYPES.iter().find(|(own, _)| *own == class).map(|(_, r#type)| *r#type).or_else(|| {
            (class.starts_with("security_") && class.ends_with("VulnAssessmentRelationship"))
                .then_some("hasAssessmentFor")
        });
        match own {
            Some(own) if name != own => {
                scene.fail(&KIND, r#type, || format!("a {class} is of the type {own:?} and no other"));
            }
            None if VEX_TYPES.iter().any(|(_, own)| *own == name) => scene.fail(&KIND, r#type, || {
                let class = VEX_TYPES.iter().find(|(_, own)| *own == name).map_or("", |(class, _)| class);
                format!("{name:?} is the type of a {class} and of no other class")
            }),
            _ => {}
        }
        let Some((_, from, to)) = ENDS_OF.iter().find(|(own, ..)| *own == name) else { continue };
        for (wanted, end) in [(from, object.value.get("from"))]
            .into_iter()
            .chain(list(object.value, "to").map(|end| (to, Some(end))))
        {
            let Some((wanted, end)) = wanted.zip(end) else { continue };
            // What is not here, and the individuals of the model, cannot be told.
            let Some(found) = graph.follow(end) else { continue };
            if dialect.is_a(&found.class, wanted) == Some(false) {
                scene.fail(&ENDS, end, || {
                    format!("{name:?} speaks of a {wanted} here, and this is a {}", found.class)
                });
            }
        }
        if class == "security_VexNotAffectedVulnAssessmentRelationship"
            && object.value.get("security_justificationType").is_none()
            && object.value.get("security_impactStatement").is_none()
        {
            scene.fail(&VEX, object.value, || "nothing says why it is not affected".to_owned());
        }
    }
}

/// Types that one class has alone.
const VEX_TYPES: [(&str, &str); 4] = [
    ("security_VexAffectedVulnAssessmentRelationship", "affects"),
    ("security_VexNotAffectedVulnAssessmentRelationship", "doesNotAffect"),
    ("security_VexFixedVulnAssessmentRelationship", "fixedIn"),
    ("security_VexUnderInvestigationVulnAssessmentRelationship", "underInvestigationFor"),
];

/// What the ends of a relationship are, where its type says so.
const ENDS_OF: [(&str, Option<&str>, Option<&str>); 17] = [
    ("affects", Some(VULNERABILITY), None),
    ("doesNotAffect", Some(VULNERABILITY), None),
    ("fixedIn", Some(VULNERABILITY), None),
    ("underInvestigationFor", Some(VULNERABILITY), None),
    ("hasAssessmentFor", Some(VULNERABILITY), None),
    ("hasAssociatedVulnerability", Some("Artifact"), Some(VULNERABILITY)),
    ("coordinatedBy", Some(VULNERABILITY), Some("Agent")),
    ("exploitCreatedBy", Some(VULNERABILITY), Some("Agent")),
    ("fixedBy", Some(VULNERABILITY), Some("Agent")),
    ("foundBy", Some(VULNERABILITY), Some("Agent")),
    ("publishedBy", Some(VULNERABILITY), Some("Agent")),
    ("reportedBy", Some(VULNERABILITY), Some("Agent")),
    ("republishedBy", Some(VULNERABILITY), Some("Agent")),
    ("hasDeclaredLicense", Some(ARTIFACT), Some(LICENSE)),
    ("hasConcludedLicense", Some(ARTIFACT), Some(LICENSE)),
    ("delegatedTo", Some("Agent"), None),
    ("serializedInArtifact", Some("SpdxDocument"), Some("Artifact")),
];
const VULNERABILITY: &str = "security_Vulnerability";
const ARTIFACT: &str = "software_SoftwareArtifact";
const LICENSE: &str = "simplelicensing_AnyLicenseInfo";

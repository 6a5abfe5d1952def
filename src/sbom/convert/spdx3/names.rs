//! Words of CycloneDX and the words of SPDX 3 that mean the same.

/// Algorithms. What SPDX has no word for is `other`, and its `comment` holds the word of CycloneDX.
const ALGORITHMS: [(&str, &str); 12] = [
    ("MD5", "md5"),
    ("SHA-1", "sha1"),
    ("SHA-256", "sha256"),
    ("SHA-384", "sha384"),
    ("SHA-512", "sha512"),
    ("SHA3-256", "sha3_256"),
    ("SHA3-384", "sha3_384"),
    ("SHA3-512", "sha3_512"),
    ("BLAKE2b-256", "blake2b256"),
    ("BLAKE2b-384", "blake2b384"),
    ("BLAKE2b-512", "blake2b512"),
    ("BLAKE3", "blake3"),
];

/// Types of components and purposes of artifacts; a `file` is a class of its own.
const TYPES: [(&str, &str); 12] = [
    ("application", "application"),
    ("framework", "framework"),
    ("library", "library"),
    ("container", "container"),
    ("platform", "platform"),
    ("operating-system", "operatingSystem"),
    ("device", "device"),
    ("device-driver", "deviceDriver"),
    ("firmware", "firmware"),
    ("machine-learning-model", "model"),
    ("data", "data"),
    ("cryptographic-asset", "other"),
];

/// Purposes that no type of component is alone.
const PURPOSES: [(&str, &str); 4] = [
    ("install", "application"),
    ("executable", "application"),
    ("diskImage", "container"),
    ("filesystemImage", "container"),
];

/// Types of external references: both ways for the first of a kind, else from SPDX alone.
const REFERENCES: [(&str, &str); 33] = [
    ("vcs", "vcs"),
    ("issue-tracker", "issueTracker"),
    ("website", "altWebPage"),
    ("advisories", "securityAdvisory"),
    ("mailing-list", "mailingList"),
    ("social", "socialMedia"),
    ("chat", "chat"),
    ("documentation", "documentation"),
    ("support", "support"),
    ("source-distribution", "sourceArtifact"),
    ("distribution", "altDownloadLocation"),
    ("license", "license"),
    ("build-meta", "buildMeta"),
    ("build-system", "buildSystem"),
    ("release-notes", "releaseNotes"),
    ("threat-model", "securityThreatModel"),
    ("adversary-model", "securityAdversaryModel"),
    ("risk-assessment", "riskAssessment"),
    ("vulnerability-assertion", "vulnerabilityDisclosureReport"),
    ("exploitability-statement", "vulnerabilityExploitabilityAssessment"),
    ("pentest-report", "securityPenTestReport"),
    ("static-analysis-report", "staticAnalysisReport"),
    ("dynamic-analysis-report", "dynamicAnalysisReport"),
    ("runtime-analysis-report", "runtimeAnalysisReport"),
    ("component-analysis-report", "componentAnalysisReport"),
    ("certification-report", "certificationReport"),
    ("quality-metrics", "metrics"),
    ("attestation", "secureSoftwareAttestation"),
    ("rfc-9116", "securityPolicy"),
    ("other", "other"),
    ("distribution", "binaryArtifact"),
    ("release-notes", "releaseHistory"),
    ("advisories", "securityFix"),
];

/// Phases of the lifecycle and types of SBOMs.
const PHASES: [(&str, &str); 5] = [
    ("design", "design"),
    ("pre-build", "source"),
    ("build", "build"),
    ("post-build", "analyzed"),
    ("operations", "deployed"),
];

/// States of an analysis, the class of the relationship that says the same, its type.
const STATES: [(&str, &str, &str); 6] = [
    ("exploitable", "security_VexAffectedVulnAssessmentRelationship", "affects"),
    ("in_triage", "security_VexUnderInvestigationVulnAssessmentRelationship", "underInvestigationFor"),
    ("not_affected", "security_VexNotAffectedVulnAssessmentRelationship", "doesNotAffect"),
    ("resolved", "security_VexFixedVulnAssessmentRelationship", "fixedIn"),
    ("false_positive", "security_VexNotAffectedVulnAssessmentRelationship", "doesNotAffect"),
    ("resolved_with_pedigree", "security_VexFixedVulnAssessmentRelationship", "fixedIn"),
];

/// Justifications: both ways for the first of a kind.
const JUSTIFICATIONS: [(&str, &str); 8] = [
    ("code_not_present", "vulnerableCodeNotPresent"),
    ("code_not_reachable", "vulnerableCodeNotInExecutePath"),
    ("protected_by_mitigating_control", "inlineMitigationsAlreadyExist"),
    ("protected_by_compiler", "inlineMitigationsAlreadyExist"),
    ("protected_at_runtime", "inlineMitigationsAlreadyExist"),
    ("protected_at_perimeter", "inlineMitigationsAlreadyExist"),
    ("requires_environment", "vulnerableCodeCannotBeControlledByAdversary"),
    ("code_not_present", "componentNotPresent"),
];

fn forth(table: &[(&'static str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(cyclonedx, _)| *cyclonedx == word).map(|(_, spdx)| *spdx)
}

fn back(table: &[(&'static str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(_, spdx)| *spdx == word).map(|(cyclonedx, _)| *cyclonedx)
}

pub(super) fn algorithm(word: &str) -> Option<&'static str> {
    forth(&ALGORITHMS, word)
}

pub(super) fn algorithm_back(word: &str) -> Option<&'static str> {
    back(&ALGORITHMS, word)
}

pub(super) fn purpose(component_type: &str) -> Option<&'static str> {
    forth(&TYPES, component_type)
}

/// The type of a component that an artifact of a purpose is.
pub(super) fn component_type(purpose: &str) -> Option<&'static str> {
    back(&TYPES, purpose).or_else(|| forth(&PURPOSES, purpose))
}

pub(super) fn reference(word: &str) -> Option<&'static str> {
    forth(&REFERENCES, word)
}

pub(super) fn reference_back(word: &str) -> Option<&'static str> {
    back(&REFERENCES, word)
}

pub(super) fn sbom_type(phase: &str) -> Option<&'static str> {
    forth(&PHASES, phase)
}

pub(super) fn phase(sbom_type: &str) -> Option<&'static str> {
    back(&PHASES, sbom_type)
}

/// The class and the type of the relationship for a state.
pub(super) fn vex(state: &str) -> Option<(&'static str, &'static str)> {
    STATES.iter().find(|(own, ..)| *own == state).map(|(_, class, kind)| (*class, *kind))
}

/// The state that a relationship of a class gives.
pub(super) fn state(class: &str) -> Option<&'static str> {
    STATES.iter().find(|(_, own, _)| *own == class).map(|(state, ..)| *state)
}

pub(super) fn justification(word: &str) -> Option<&'static str> {
    forth(&JUSTIFICATIONS, word)
}

pub(super) fn justification_back(word: &str) -> Option<&'static str> {
    back(&JUSTIFICATIONS, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_forth_comes_back() {
        for (table, count) in [
            (&ALGORITHMS[..], 12),
            (&TYPES[..], 12),
            (&REFERENCES[..30], 30),
            (&PHASES[..], 5),
            (&JUSTIFICATIONS[..3], 3),
        ] {
            assert_eq!(table.len(), count);
            for (cyclonedx, spdx) in table {
                assert_eq!((forth(table, cyclonedx), back(table, spdx)), (Some(*spdx), Some(*cyclonedx)));
            }
        }
    }
}

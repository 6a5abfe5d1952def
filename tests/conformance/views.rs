//! Every valid document of the suite has the shape that the views rely on.

use sbom_attest::document::Limits;
use sbom_attest::sbom::Sbom;

use super::{json_files, read, vectors};

#[test]
fn valid_documents_show_all_their_parts() {
    let mut seen = [0; 7];
    for path in json_files(&vectors("cyclonedx")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(sbom) = Sbom::read(read(&path), &Limits::default()) else { continue };
        if !name.starts_with("valid") {
            continue;
        }
        let declarations = sbom.declarations().unwrap();
        let counts = [
            sbom.services().unwrap().count(),
            sbom.vulnerabilities().unwrap().flat_map(|one| one.affects().collect::<Vec<_>>()).count(),
            sbom.components().filter(|component| component.evidence().unwrap().is_some()).count(),
            sbom.formulation().unwrap().flat_map(|formula| formula.workflows()).count(),
            declarations.attestations().flat_map(|attestation| attestation.map()).count(),
            sbom.standards().unwrap().flat_map(|standard| standard.requirements()).count(),
            sbom.citations().unwrap().count(),
        ];
        for (sum, count) in seen.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    eprintln!("views: services, affected, evidence, workflows, mappings, requirements, citations: {seen:?}");
    assert!(seen.iter().all(|count| *count > 0));
}

//! Documents that benches measure on.

/// A CycloneDX document as generators write it, with a dependency graph.
pub(crate) fn sbom(components: usize) -> Vec<u8> {
    let list: Vec<String> = (0..components)
        .map(|n| {
            format!(
                r#"{{"type":"library","bom-ref":"pkg:cargo/crate-{n}@1.{n}.0","author":"Jane Doe <jane@example.org>","name":"crate-{n}","version":"1.{n}.0","description":"A crate that does the thing number {n} and does it well","scope":"required","hashes":[{{"alg":"SHA-256","content":"{n:064x}"}},{{"alg":"SHA-512","content":"{n:0128x}"}}],"licenses":[{{"expression":"MIT OR Apache-2.0"}}],"purl":"pkg:cargo/crate-{n}@1.{n}.0","externalReferences":[{{"type":"vcs","url":"https://example.org/crate-{n}.git"}},{{"type":"website","url":"https://example.org/crate-{n}"}}],"properties":[{{"name":"example:kind","value":"runtime"}}]}}"#
            )
        })
        .collect();
    let graph: Vec<String> = (0..components)
        .map(|n| {
            let on: Vec<String> = (1..=n % 5)
                .map(|step| n + step * 7)
                .filter(|&on| on < components)
                .map(|on| format!("\"pkg:cargo/crate-{on}@1.{on}.0\""))
                .collect();
            format!(r#"{{"ref":"pkg:cargo/crate-{n}@1.{n}.0","dependsOn":[{}]}}"#, on.join(","))
        })
        .collect();
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{}],"dependencies":[{}]}}"#,
        list.join(","),
        graph.join(",")
    )
    .into_bytes()
}

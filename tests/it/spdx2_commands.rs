//! SPDX 2 files in the commands that read an SBOM: what they say is what they would say of the CycloneDX document that the
//! file was made of, and they speak of the lines of the file.

use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::convert::{Fate, Loss, spdx2};
use sbom_attest::sbom::{Sbom, Spdx2Version};

use crate::sandbox::Sandbox;

fn shop() -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sbom/shop.cdx.json");
    sbom_attest::files::read(path, 1 << 20).unwrap()
}

fn converted(version: Spdx2Version) -> Vec<u8> {
    let document = Document::parse(shop(), &Limits::default()).unwrap();
    let now = "2026-11-24T12:00:00Z".parse().unwrap();
    spdx2::from_cyclonedx(&document, version, now, &Limits::default()).unwrap().0.into_bytes()
}

fn tag_value(json: &[u8]) -> Vec<u8> {
    let document = Document::parse(json.to_vec(), &Limits::default()).unwrap();
    let written = sbom_attest::sbom::spdx2::write(&document);
    let is_dropped = |loss: &Loss| loss.fate == Fate::Dropped;
    assert!(!written.losses.iter().any(is_dropped), "{:?}", written.losses);
    written.bytes
}

/// An SPDX document that nobody here made: a product, what it links, a test tool, and a file.
const FOREIGN: &str = r#"{
  "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "till",
  "documentNamespace": "https://example.org/till", "creationInfo": {"created": "2026-11-24T12:00:00Z", "creators": ["Tool: other-1"]},
  "documentDescribes": ["SPDXRef-till"],
  "packages": [
    {"SPDXID": "SPDXRef-till", "name": "till", "versionInfo": "1.4.2", "downloadLocation": "NOASSERTION", "filesAnalyzed": true, "hasFiles": ["SPDXRef-main"]},
    {"SPDXID": "SPDXRef-coin", "name": "coin", "versionInfo": "2.0.0", "downloadLocation": "NOASSERTION", "supplier": "Organization: Mint",
     "externalRefs": [{"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:cargo/coin@2.0.0"}]},
    {"SPDXID": "SPDXRef-probe", "name": "probe", "downloadLocation": "NONE"}
  ],
  "files": [{"SPDXID": "SPDXRef-main", "fileName": "./main.rs", "checksums": [{"algorithm": "SHA1", "checksumValue": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}]}],
  "relationships": [
    {"spdxElementId": "SPDXRef-till", "relationshipType": "STATIC_LINK", "relatedSpdxElement": "SPDXRef-coin"},
    {"spdxElementId": "SPDXRef-probe", "relationshipType": "TEST_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-till"},
    {"spdxElementId": "SPDXRef-coin", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NONE"}
  ]
}"#;

#[test]
fn graph_and_diff_see_no_difference_to_the_document_that_it_was_made_of() {
    let sandbox = Sandbox::empty();
    sandbox.write("shop.json", shop());
    let expected = sandbox.expect(0, &["graph", "shop.json", "--format", "json"]).json();
    for version in Spdx2Version::ALL {
        sandbox.write("shop.spdx.json", converted(version));
        let found = sandbox.expect(0, &["graph", "shop.spdx.json", "--format", "json"]).json();
        assert_eq!(found, expected, "{version}");
        let answer = sandbox.expect(0, &["diff", "shop.json", "shop.spdx.json", "--format", "json"]);
        assert_eq!(answer.json()["same"], true, "{version}: {}", answer.stdout);
    }
    for version in Spdx2Version::ALL {
        sandbox.write("shop.spdx", tag_value(&converted(version)));
        let found = sandbox.expect(0, &["graph", "shop.spdx", "--format", "json"]).json();
        assert_eq!(found, expected, "{version}");
        let answer = sandbox.expect(0, &["diff", "shop.spdx", "shop.json", "--format", "json"]);
        assert_eq!(answer.json()["same"], true, "{version}: {}", answer.stdout);
    }
    let changed = String::from_utf8(converted(Spdx2Version::V2_3)).unwrap().replace("1.4.2", "1.4.3");
    sandbox.write("changed.spdx.json", changed);
    let answer = sandbox.expect(1, &["diff", "shop.json", "changed.spdx.json", "--format", "json"]).json();
    assert_eq!(answer["upgraded"][0]["to"], "1.4.3", "{answer}");
}

#[test]
fn audit_names_the_lines_of_the_file() {
    let sandbox = Sandbox::empty();
    sandbox.write("till.spdx.json", FOREIGN);
    let answer = sandbox.expect(1, &["audit", "till.spdx.json", "--format", "json"]).json();
    let findings = answer["findings"].as_array().unwrap();
    let coin = findings
        .iter()
        .find(|finding| finding["rule"] == "U01" && finding["subject"] == "pkg:cargo/coin@2.0.0")
        .unwrap_or_else(|| panic!("{answer:#}"));
    assert_eq!(coin["location"]["pointer"], "/packages/1");
    assert_eq!((coin["location"]["line"].as_u64(), coin["location"]["column"].as_u64()), (Some(7), Some(5)));
}

#[test]
fn audit_names_the_lines_of_a_tag_value_file() {
    let sandbox = Sandbox::empty();
    let text = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: till\nDocumentNamespace: https://example.org/till\nCreator: Tool: other-1\nCreated: 2026-11-24T12:00:00Z\n\nPackageName: till\nSPDXID: SPDXRef-till\nPackageDownloadLocation: NOASSERTION\n\nPackageName: coin\nSPDXID: SPDXRef-coin\nPackageDownloadLocation: NOASSERTION\nExternalRef: PACKAGE-MANAGER purl pkg:cargo/coin@2.0.0\n\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-till\nRelationship: SPDXRef-till DEPENDS_ON SPDXRef-coin\n";
    sandbox.write("till.spdx", text);
    let answer = sandbox.expect(1, &["audit", "till.spdx", "--format", "json"]).json();
    let findings = answer["findings"].as_array().unwrap();
    let coin = findings
        .iter()
        .find(|finding| finding["rule"] == "U01" && finding["subject"] == "pkg:cargo/coin@2.0.0")
        .unwrap_or_else(|| panic!("{answer:#}"));
    // Tag-value has no paths: the line is what tells.
    assert_eq!(coin["location"]["line"].as_u64(), Some(13));
}

#[test]
fn relationships_of_every_direction_become_the_graph() {
    let sbom = Sbom::read(FOREIGN.into(), &Limits::default()).unwrap();
    assert_eq!(sbom.root().unwrap().name(), "till");
    let edges: Vec<(String, Vec<String>)> = sbom
        .dependencies()
        .map(|entry| {
            let on = entry.depends_on().map(|on| on.text().into_owned()).collect();
            (entry.reference().text().into_owned(), on)
        })
        .collect();
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        edges,
        [
            ("SPDXRef-till".to_owned(), list(&["SPDXRef-coin", "SPDXRef-probe"])),
            ("SPDXRef-coin".to_owned(), list(&[])),
        ]
    );
    let by_name = |name: &str| sbom.components().find(|component| component.name() == name).unwrap();
    assert_eq!(by_name("probe").scope().unwrap(), "excluded");
    assert_eq!(by_name("./main.rs").parent().unwrap().name(), "till");
    assert_eq!(by_name("probe").property("spdx:download-location").unwrap(), "NONE");
    assert_eq!(by_name("coin").purl_text().unwrap(), "pkg:cargo/coin@2.0.0");
}

/// What breaks the specification of SPDX is still read, or refused with its place; nothing panics or takes long.
#[test]
fn odd_documents_are_read_or_refused() {
    let sandbox = Sandbox::empty();
    let head = r#""spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT""#;
    let chain: Vec<String> = (0..20_000)
        .map(|n| format!(r#"{{"spdxElementId":"SPDXRef-{n}","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-{}"}}"#, n + 1))
        .collect();
    let packages: Vec<String> =
        (0..20_001).map(|n| format!(r#"{{"SPDXID":"SPDXRef-{n}","name":"n{n}"}}"#)).collect();
    let cases = [
        ("nothing", format!("{{{head}}}")),
        (
            "kinds",
            format!(
                r#"{{{head},"packages":5,"files":[1,null,{{}}],"relationships":[{{}},7,{{"spdxElementId":1}}],"creationInfo":[]}}"#
            ),
        ),
        (
            "twice",
            format!(
                r#"{{{head},"packages":[{{"SPDXID":"SPDXRef-a","name":"a"}},{{"SPDXID":"SPDXRef-a","name":"b"}}]}}"#
            ),
        ),
        (
            "circle",
            format!(
                r#"{{{head},"packages":[{{"SPDXID":"SPDXRef-a","name":"a"}},{{"SPDXID":"SPDXRef-b","name":"b"}}],"relationships":[{{"spdxElementId":"SPDXRef-a","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-b"}},{{"spdxElementId":"SPDXRef-b","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-a"}},{{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-a"}}]}}"#
            ),
        ),
        (
            "deep",
            format!(
                r#"{{{head},"packages":[{}],"relationships":[{}]}}"#,
                packages.join(","),
                chain.join(",")
            ),
        ),
        (
            "annotations",
            format!(
                r#"{{{head},"packages":[{{"SPDXID":"SPDXRef-a","name":"a","annotations":[{{"annotationDate":"","annotationType":"OTHER","annotator":"Tool: sbom-attest","comment":"cyclonedx:/hashes/99999999999=1"}},{{"annotationDate":"","annotationType":"OTHER","annotator":"Tool: sbom-attest","comment":"cyclonedx:/components=7"}},{{"annotationDate":"","annotationType":"OTHER","annotator":"Tool: sbom-attest","comment":"cyclonedx:/name=null"}}]}}]}}"#
            ),
        ),
    ];
    for (name, text) in cases {
        sandbox.write("odd.spdx.json", text);
        let answer = sandbox.run(&["graph", "odd.spdx.json", "--format", "json"]);
        let is_refused = answer.status == 2 && answer.stderr.contains("because:");
        assert!(answer.status == 0 || is_refused, "{name}: {} {}", answer.status, answer.stderr);
    }
    let answer = sandbox.expect(2, &["graph", "odd.spdx.json"]);
    assert!(answer.stderr.contains("`/packages/0/annotations/1/comment`"), "{}", answer.stderr);
}

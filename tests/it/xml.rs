//! CycloneDX XML through the commands: judged, compared with JSON, refused where it is hostile.

use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::{Format, SpecVersion, open, validate, write};

use crate::sandbox::Sandbox;

const JSON: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
"metadata":{"component":{"type":"application","bom-ref":"root","name":"shop","version":"1.0.0"}},
"components":[{"type":"library","bom-ref":"bell","name":"bell","version":"0.3.0","description":"rings &\n<waits>","purl":"pkg:cargo/bell@0.3.0",
"hashes":[{"alg":"SHA-256","content":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}],
"licenses":[{"license":{"id":"MIT"}}],"properties":[{"name":"k","value":""},{"name":"l"}]}],
"dependencies":[{"ref":"root","dependsOn":["bell"]},{"ref":"bell"}]}"#;

fn xml() -> Vec<u8> {
    let document = Document::parse(JSON.into(), &Limits::default()).unwrap();
    write(&document, Format::CycloneDxXml(SpecVersion::V1_6)).unwrap().bytes
}

#[test]
fn json_and_xml_of_one_document_are_the_same_to_every_command() {
    let sandbox = Sandbox::empty();
    sandbox.write("bom.json", JSON);
    sandbox.write("bom.xml", String::from_utf8(xml()).unwrap());
    let answer = sandbox.expect(0, &["validate", "bom.json", "bom.xml"]);
    assert!(answer.stdout.contains("valid: bom.xml (cyclonedx-1.6-xml)"), "{}", answer.stdout);
    sandbox.expect(0, &["diff", "bom.json", "bom.xml"]);
    let graph = |name| sandbox.expect(0, &["graph", name, "--format", "dot"]).stdout;
    assert_eq!(graph("bom.json"), graph("bom.xml"));
}

#[test]
fn a_finding_names_the_path_and_line_in_the_xml() {
    let sandbox = Sandbox::empty();
    let text = String::from_utf8(xml()).unwrap().replace("<id>MIT</id>", "<id>mit</id>");
    sandbox.write("bom.xml", text.replace("<dependency ref=\"bell\"", "<dependency ref=\"bel\""));
    let answer = sandbox.expect(1, &["validate", "bom.xml", "--format", "json"]).json();
    let findings = answer["files"][0]["findings"].as_array().unwrap();
    let of = |rule: &str| findings.iter().find(|finding| finding["rule"] == rule).unwrap();
    let license = of("grammar-license-id");
    assert_eq!(license["location"]["pointer"], "/bom/components/component/licenses/license/id");
    let line = text.lines().position(|line| line.contains("<id>")).unwrap() + 1;
    assert_eq!(license["location"]["line"], line);
    assert_eq!(license["remedy"], "write \"MIT\"");
    let dangling =
        findings.iter().find(|finding| finding["message"].as_str().unwrap().contains("bel")).unwrap();
    assert!(
        dangling["location"]["pointer"].as_str().unwrap().starts_with("/bom/dependencies/dependency"),
        "{dangling}"
    );
}

/// Whatever is cut or bent is judged without a panic, and what is cut is not valid.
#[test]
fn xml_that_is_cut_or_bent_is_judged() {
    let whole = xml();
    let judge = |bytes: Vec<u8>| validate(bytes, &Limits::default(), "x", jiff::Timestamp::UNIX_EPOCH);
    assert!(judge(whole.clone()).valid);
    let end = whole.trim_ascii_end().len();
    for cut in 0..end {
        assert!(!judge(whole[..cut].to_vec()).valid, "{cut}");
    }
    for at in (0..end).step_by(3) {
        for byte in [b'<', b'"', b'&', 0, b'x'] {
            let mut bent = whole.clone();
            bent[at] = byte;
            judge(bent.clone());
            open(bent, &Limits::default()).ok();
        }
    }
}

#[test]
fn entities_are_refused_before_anything_expands() {
    let sandbox = Sandbox::empty();
    let bomb = "<!DOCTYPE bom [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n";
    let outside = "<!DOCTYPE bom [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n";
    for head in [bomb, outside] {
        sandbox.write(
            "bom.xml",
            format!("{head}<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>&b;&a;</components></bom>"),
        );
        let answer = sandbox.expect(1, &["validate", "bom.xml"]);
        assert!(answer.stdout.contains("xml-doctype"), "{}", answer.stdout);
        sandbox.expect(2, &["graph", "bom.xml"]);
    }
}

#[test]
fn a_version_that_is_not_read_is_named() {
    let sandbox = Sandbox::empty();
    for (version, status, words) in [
        ("1.1", 1, "CycloneDX XML 1.1 is not read; 1.2 to 1.7 are"),
        ("1.8", 2, "cyclonedx-1.8-xml is recognised and not validated by this version"),
    ] {
        sandbox.write("bom.xml", format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/{version}\"/>"));
        let answer = sandbox.expect(status, &["validate", "bom.xml"]);
        assert!(answer.stdout.contains(words), "{}", answer.stdout);
    }
}

//! Small documents in XML, read, judged and written.

use super::*;
use crate::sbom::SpecVersion;

fn source(version: SpecVersion, inside: &str) -> xml::Document {
    let text = format!("<bom xmlns=\"{}{version}\" version=\"1\">{inside}</bom>", read::NAMESPACE);
    xml::Document::parse(text.into_bytes(), &Limits::default()).unwrap()
}

fn judge(version: SpecVersion, inside: &str) -> Read {
    read(source(version, inside), version, &Limits::default(), "x").unwrap()
}

/// The canonical JSON of what is in a document.
fn json(version: SpecVersion, inside: &str) -> String {
    let read = judge(version, inside);
    assert!(read.checked.valid, "{inside}: {:#?}", read.checked.findings);
    let text = String::from_utf8(read.document.root().canonical()).unwrap();
    let start = "{\"bomFormat\":\"CycloneDX\",";
    let end = format!(",\"specVersion\":\"{version}\",\"version\":1}}");
    text.strip_prefix(start).and_then(|text| text.strip_suffix(&end)).unwrap_or(&text).to_owned()
}

/// The findings of a document, each with its place and rule.
fn findings(version: SpecVersion, inside: &str) -> Vec<String> {
    let read = judge(version, inside);
    let findings = read.checked.findings.iter();
    findings.map(|found| format!("{} {}: {}", found.rule, found.subject, found.message)).collect()
}

#[test]
fn what_is_where_in_xml_is_where_it_belongs_in_json() {
    let cases = [
        (
            SpecVersion::V1_6,
            "<components><component type='library' bom-ref='a'><name> a &amp; b </name><hashes><hash alg='MD5'> 3942447fac867ae5cdb3229b658f4d48\n</hash></hashes><licenses><expression acknowledgement='declared'>\nMIT OR ISC </expression></licenses><swhid>x</swhid><swhid>y</swhid><modified> 0 </modified></component></components>",
            r#""components":[{"bom-ref":"a","hashes":[{"alg":"MD5","content":"3942447fac867ae5cdb3229b658f4d48"}],"licenses":[{"acknowledgement":"declared","expression":"MIT OR ISC"}],"modified":false,"name":" a & b ","swhid":["x","y"],"type":"library"}]"#,
        ),
        (
            SpecVersion::V1_4,
            "<components><component type='file'><name/><licenses><license><id>MIT</id></license><license><name>Own</name><text content-type='text/plain'>…</text></license></licenses></component></components>",
            r#""components":[{"licenses":[{"license":{"id":"MIT"}},{"license":{"name":"Own","text":{"content":"…","contentType":"text/plain"}}}],"name":"","type":"file"}]"#,
        ),
        (
            SpecVersion::V1_7,
            "<dependencies><dependency ref='a'><provides ref='c'/><dependency ref='b'><dependency ref='d'/></dependency></dependency></dependencies>",
            r#""dependencies":[{"dependsOn":["b"],"provides":["c"],"ref":"a"},{"dependsOn":["d"],"ref":"b"}]"#,
        ),
        (
            SpecVersion::V1_6,
            "<metadata><tools/><properties><property name='a'/><property name='b'></property></properties></metadata>",
            r#""metadata":{"properties":[{"name":"a"},{"name":"b","value":""}],"tools":[]}"#,
        ),
        (
            SpecVersion::V1_6,
            "<metadata><tools><components><component type='application'><name>t</name><scope/></component></components></tools></metadata>",
            r#""metadata":{"tools":{"components":[{"name":"t","scope":"required","type":"application"}]}}"#,
        ),
        (
            SpecVersion::V1_6,
            "<services><service><name>s</name><data><dataflow name='n'><classification flow='inbound'>PII</classification></dataflow></data></service><service><name>s</name><data><classification flow='unknown'>x</classification></data></service></services>",
            r#""services":[{"data":[{"classification":"PII","flow":"inbound","name":"n"}],"name":"s"},{"data":[{"classification":"x","flow":"unknown"}],"name":"s"}]"#,
        ),
        (
            SpecVersion::V1_7,
            "<definitions><patents><patent><patentNumber>US-1</patentNumber><jurisdiction>US</jurisdiction><patentLegalStatus>granted</patentLegalStatus><patentAssignee><individual><name>J</name></individual></patentAssignee></patent><patentFamily><familyId>f</familyId></patentFamily></patents></definitions>",
            r#""definitions":{"patents":[{"jurisdiction":"US","patentAssignee":[{"name":"J"}],"patentLegalStatus":"granted","patentNumber":"US-1"},{"familyId":"f"}]}"#,
        ),
        (
            SpecVersion::V1_7,
            "<components><component type='cryptographic-asset'><name>n</name><cryptoProperties><assetType>protocol</assetType><protocolProperties><ikev2TransformTypes><encr>a</encr><encr><name>e</name><keyLength>+128</keyLength></encr><esn>1</esn></ikev2TransformTypes><cryptoRef>b</cryptoRef></protocolProperties></cryptoProperties></component></components>",
            r#""components":[{"cryptoProperties":{"assetType":"protocol","protocolProperties":{"cryptoRefArray":["b"],"ikev2TransformTypes":{"encr":["a",{"keyLength":128,"name":"e"}],"esn":true}}},"name":"n","type":"cryptographic-asset"}]"#,
        ),
    ];
    for (version, inside, expected) in cases {
        assert_eq!(json(version, inside), expected, "{inside}");
    }
}

#[test]
fn what_is_out_of_place_is_named() {
    let component =
        |inside: &str| format!("<components><component type='library'>{inside}</component></components>");
    let cases = [
        ("stray".to_owned(), "grammar-content /bom/text(): \"stray\" stands between elements"),
        ("<component/>".to_owned(), "grammar-field /bom/component: <component> is no element here; <components> is"),
        ("<x xmlns='urn:x'/><components/>".to_owned(), "grammar-order /bom/components: <components> stands behind an element of another namespace"),
        ("<components><x xmlns='urn:x'/></components>".to_owned(), "grammar-order /bom/components/x: <x> of another namespace stands in front of the first item"),
        ("<components xmlns=''/>".to_owned(), "grammar-namespace /bom/components: <components> is of no namespace"),
        ("<components xmlns='http://cyclonedx.org/schema/bom/1.4'/>".to_owned(), "grammar-namespace /bom/components: <components> is of CycloneDX 1.4; this document says 1.5"),
        ("<declarations/>".to_owned(), "grammar-version /bom/declarations: `declarations` came in 1.6; this document says 1.5"),
        ("<services/><components/>".to_owned(), "grammar-order /bom/components: <components> comes before <services>"),
        ("<services/><services/>".to_owned(), "grammar-repeated-element /bom/services[2]: <services> is there again"),
        (component("<name><b/></name>"), "grammar-content /bom/components/component/name/b: <b> stands where only text can"),
        (component("<name x='1'>n</name>"), "grammar-field /bom/components/component/name/@x: `x` is no attribute here"),
        (component("<version>1</version>"), "grammar-missing-field /bom/components/component: `name` is missing"),
        (component("<name>n</name><modified>yes</modified>"), "grammar-type /bom/components/component/modified: expected a boolean, found \"yes\""),
        (component("<name>n</name><scope>requird</scope>"), "grammar-value /bom/components/component/scope: \"requird\" is none of the values of this field; \"required\" is"),
        (component("<name>n</name><hashes><hash alg='MD5'>x</hash></hashes>"), "grammar-pattern /bom/components/component/hashes/hash: \"x\" does not follow ^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128})$"),
        (component("<name>n</name><evidence><identity><field>hash</field></identity><identity><field>hash</field></identity></evidence>"), "grammar-repeated-element /bom/components/component/evidence/identity[2]: <identity> is there again"),
        ("<dependencies><dependency/></dependencies>".to_owned(), "grammar-missing-field /bom/dependencies/dependency: `ref` is missing"),
        ("<compositions><composition><aggregate/><assemblies><assembly/></assemblies></composition></compositions>".to_owned(), "grammar-missing-field /bom/compositions/composition/assemblies/assembly: `ref` is missing"),
        ("<services><service bom-ref='a'><name>s</name></service><service bom-ref='a'><name>s</name></service></services>".to_owned(), "grammar-unique-bom-ref /bom/services/service[2]/@bom-ref: the bom-ref \"a\" is there already"),
        ("<services><service><name>s</name><data><dataflow><classification flow='unknown'>a</classification></dataflow><classification flow='unknown'>x</classification></data></service></services>".to_owned(), "grammar-repeated-element /bom/services/service/data/classification: <classification> and <dataflow> do not stand in one list"),
        ("<annotations><annotation><annotator><organization/><individual/></annotator><timestamp>2026-01-31T12:00:00</timestamp><text/></annotation></annotations>".to_owned(), "grammar-choice /bom/annotations/annotation/annotator: 2 of `individual`, `organization` are there, and they exclude each other"),
        ("<externalReferences><reference type='vcs'><url>git@host:x</url></reference></externalReferences>".to_owned(), "grammar-format /bom/externalReferences/reference/url: \"git@host:x\" is no URI reference (RFC 3986)"),
    ];
    for (inside, expected) in cases {
        let found = findings(SpecVersion::V1_5, &inside);
        assert_eq!(found, [expected], "{inside}");
    }
}

#[test]
fn an_attribute_that_nobody_defined_is_remarked_where_it_is_welcome() {
    let read = judge(
        SpecVersion::V1_6,
        "<services><service bom-rf='a' xmlns:x='urn:x' x:y='1'><name>s</name></service></services>",
    );
    assert!(read.checked.valid);
    assert_eq!(read.checked.findings.len(), 1);
    assert_eq!(read.checked.findings[0].message, "`bom-rf` is no attribute here; `bom-ref` is");
    let lost: Vec<&str> = read.losses.iter().map(|loss| loss.pointer.as_str()).collect();
    assert_eq!(lost, ["/bom/services/service/@bom-rf", "/bom/services/service/@x:y"]);
}

/// Nothing of the text is left out in silence.
#[test]
fn what_the_json_shape_cannot_hold_is_a_loss() {
    let read = judge(
        SpecVersion::V1_2,
        "<!-- why --><metadata><authors><author><email>a@b</email><email>c@d</email></author></authors><x xmlns='urn:x'><y/></x></metadata><?do it?>",
    );
    assert!(read.checked.valid, "{:#?}", read.checked.findings);
    let lost: Vec<(&str, &str)> =
        read.losses.iter().map(|loss| (loss.pointer.as_str(), &*loss.reason)).collect();
    assert_eq!(
        lost,
        [
            ("/bom/metadata/x", "an element of another namespace"),
            ("/bom/metadata/authors/author/email[2]", "the element is there already, and there can be one"),
            ("/bom/comment()", "a comment"),
            ("/bom/processing-instruction()", "a processing instruction"),
        ]
    );
}

#[test]
fn values_know_where_they_stood_in_the_xml() {
    let read = judge(
        SpecVersion::V1_6,
        "\n<components>\n <component type='file'><name>n</name></component></components>",
    );
    let name = read.document.at("/components/0/name").unwrap();
    assert_eq!(
        (name.place().as_str(), name.position().line, name.position().column),
        ("/bom/components/component/name", 3, 25)
    );
    let kind = read.document.at("/components/0/type").unwrap();
    assert_eq!(kind.place(), "/bom/components/component/@type");
}

#[test]
fn components_nested_very_deep_need_no_stack() {
    let depth = 50_000;
    let text = format!(
        "<bom xmlns='{}1.6'>{}{}</bom>",
        read::NAMESPACE,
        "<components><component type='file'><name>n</name>".repeat(depth),
        "</component></components>".repeat(depth)
    );
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    let source = xml::Document::parse(text.into_bytes(), &limits).unwrap();
    let read = read(source, SpecVersion::V1_6, &limits, "x").unwrap();
    assert!(read.checked.valid);
    let written = write(&read.document, SpecVersion::V1_6);
    assert!(written.bytes.len() > 100 * depth);
}

#[test]
fn what_xml_cannot_hold_is_told_and_the_rest_is_written() {
    let text = r#"{"$schema":"x","bomFormat":"CycloneDX","specVersion":"1.6","version":1e0,"signature":{"algorithm":"RS256","value":""},
        "components":[{"type":"file","name":"a\u0000<","own":1,"evidence":{"identity":{"field":"hash","confidence":1e-1}},"swhid":[]},null]}"#;
    let document = Document::parse(text.into(), &Limits::default()).unwrap();
    let written = write(&document, SpecVersion::V1_6);
    assert_eq!(
        String::from_utf8(written.bytes).unwrap(),
        r#"<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
  <components>
    <component type="file">
      <name>a&#xFFFD;&lt;</name>
      <evidence>
        <identity>
          <field>hash</field>
          <confidence>0.1</confidence>
        </identity>
      </evidence>
    </component>
  </components>
</bom>
"#
        .replace("&#xFFFD;", "\u{fffd}")
    );
    let told: Vec<(&str, &str)> = written
        .losses
        .iter()
        .filter(|loss| !loss.reason.is_empty())
        .map(|loss| (loss.pointer.as_str(), loss.fate.name()))
        .collect();
    assert_eq!(
        told,
        [
            ("/$schema", "mapped"),
            ("/signature", "dropped"),
            ("/components/0/name", "mapped"),
            ("/components/0/own", "dropped"),
            ("/components/0/evidence/identity/field", "mapped"),
            ("/components/0/swhid", "mapped"),
            ("/components/1", "mapped"),
        ]
    );
}

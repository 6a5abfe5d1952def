//! The rules on small documents: each is broken by one, and a near miss passes.

use jiff::Timestamp;

use crate::document::Limits;
use crate::finding::{Finding, Status};
use crate::sbom::validate;

/// What is found in a document with these elements beside a document, a person and a package.
fn judge(more: &str) -> Vec<Finding> {
    let judged = whole(&format!(
        "{{'@context':'https://spdx.org/rdf/3.0.1/spdx-context.jsonld','@graph':[
          {{'type':'CreationInfo','@id':'_:c','specVersion':'3.0.1','created':'2026-01-31T12:00:00Z','createdBy':['urn:x:me']}},
          {{'type':'Person','spdxId':'urn:x:me','creationInfo':'_:c','name':'Jane'}},
          {{'type':'SpdxDocument','spdxId':'urn:x:doc','creationInfo':'_:c','rootElement':['urn:x:p']}},
          {{'type':'software_Package','spdxId':'urn:x:p','creationInfo':'_:c','name':'p'}}{more}]}}"
    ));
    assert!(
        judged.iter().all(|finding| finding.location.is_some() || finding.status == Status::NotEvaluated)
    );
    judged
}

fn whole(text: &str) -> Vec<Finding> {
    let bytes = text.replace('\'', "\"").into_bytes();
    let judged = validate(bytes, &Limits::default(), "x", Timestamp::UNIX_EPOCH);
    assert!(judged.valid, "{:#?}", judged.findings);
    assert_eq!(judged.format.as_deref(), Some("spdx-3.0-json"));
    judged.findings
}

#[track_caller]
fn check(more: &str, expected: &[(&str, &str)]) {
    let found = judge(more);
    let found: Vec<(&str, &str)> =
        found.iter().map(|finding| (finding.rule, finding.message.as_str())).collect();
    assert_eq!(found, expected, "{more}");
}

/// An element of that class with more fields.
fn element(class: &str, id: &str, fields: &str) -> String {
    format!(",{{'type':'{class}','spdxId':'urn:x:{id}','creationInfo':'_:c'{fields}}}")
}

#[test]
fn a_small_document_is_clean() {
    check("", &[]);
}

#[test]
fn references_lead_to_one_object_of_the_right_class() {
    let tie = |to: &str| {
        element(
            "Relationship",
            "r",
            &format!(",'relationshipType':'contains','from':'urn:x:p','to':['{to}']"),
        )
    };
    check(&tie("urn:x:me"), &[]);
    check(&tie("urn:x:pp"), &[("ref-dangling", "nothing has the id \"urn:x:pp\"")]);
    check(&tie("NoneElement"), &[]);
    check(&tie("https://spdx.org/licenses/MIT"), &[]);
    check(&element("Tool", "p", ""), &[("ref-duplicate", "an earlier object has the id \"urn:x:p\" too")]);
    check(
        &element("software_Package", "q", ",'name':'q','suppliedBy':'urn:x:p'"),
        &[("spdx3-reference-class", "\"urn:x:p\" is a software_Package, and Agent is asked for here")],
    );
    check(&element("software_Package", "q", ",'name':'q','suppliedBy':'urn:x:me'"), &[]);
}

#[test]
fn what_is_imported_is_elsewhere_and_not_missing() {
    let found = whole(
        "{'@context':'https://spdx.org/rdf/3.0.1/spdx-context.jsonld','@graph':[
          {'type':'SpdxDocument','spdxId':'urn:x:doc','rootElement':['urn:y:p'],'import':[{'type':'ExternalMap','externalSpdxId':'urn:y:p'}],
           'creationInfo':{'type':'CreationInfo','specVersion':'3.0.1','created':'2026-01-31T12:00:00Z','createdBy':['SpdxOrganization']}}]}",
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].rule, found[0].status), ("ref-dangling", Status::NotEvaluated));
}

#[test]
fn a_file_is_described_once_and_has_a_root() {
    check(
        &element("SpdxDocument", "doc2", ",'rootElement':['urn:x:p']"),
        &[("spdx3-document", "an earlier object is an SpdxDocument too")],
    );
    check(
        &element("software_Sbom", "s", ",'element':['urn:x:p']"),
        &[("spdx3-root", "the software_Sbom has no `rootElement`")],
    );
    check(&element("software_Sbom", "s", ""), &[]);
    check(
        &element("Bundle", "s", ",'rootElement':['urn:x:doc']"),
        &[("spdx3-root", "an SpdxDocument belongs to no collection")],
    );
    let lone = "{'@context':'https://spdx.org/rdf/3.0.1/spdx-context.jsonld','type':'Person','spdxId':'urn:x:a','name':'a',
        'creationInfo':{'type':'CreationInfo','specVersion':'3.0.1','created':'2026-01-31T12:00:00Z','createdBy':['urn:x:a']}}";
    assert_eq!(whole(lone), []);
    let none = "{'@context':'https://spdx.org/rdf/3.0.1/spdx-context.jsonld','@graph':[]}";
    assert_eq!(whole(none)[0].rule, "spdx3-document");
}

#[test]
fn context_and_version_agree() {
    let document = |context: &str, version: &str| {
        format!(
            "{{'@context':{context},'type':'Person','spdxId':'urn:x:a','creationInfo':{{'type':'CreationInfo','specVersion':'{version}',
             'created':'2026-01-31T12:00:00Z','createdBy':['urn:x:a']}}}}"
        )
    };
    let rules = |context: &str, version: &str| -> Vec<&'static str> {
        whole(&document(context, version)).iter().map(|finding| finding.rule).collect()
    };
    let official = "'https://spdx.org/rdf/3.0.1/spdx-context.jsonld'";
    assert_eq!(rules(official, "3.0.0"), ["spdx3-version"]);
    assert_eq!(rules(&format!("[{official},{{'own':'urn:x:own'}}]"), "3.0.1"), ["spdx3-context"]);
    // The older version is read, and named.
    let old = whole(&document("'https://spdx.org/rdf/3.0.0/spdx-context.jsonld'", "3.0.0"));
    assert_eq!(old[0].message, "this is SPDX 3.0.0, which 3.0.1 corrects");
    for remote in
        ["'https://evil.example/context.jsonld'", "'https://spdx.org/rdf/3.0.9/spdx-context.jsonld?x'"]
    {
        let text = document(&format!("[{official},{remote}]"), "3.0.1").replace('\'', "\"");
        let judged = validate(text.into_bytes(), &Limits::default(), "x", Timestamp::UNIX_EPOCH);
        assert!(!judged.valid && judged.findings[0].rule == "grammar-value", "{:#?}", judged.findings);
    }
}

#[test]
fn relationships_have_the_type_of_their_class() {
    let vulnerability = element("security_Vulnerability", "v", "");
    let vex = |class: &str, kind: &str, from: &str, more: &str| {
        vulnerability.clone()
            + &element(
                class,
                "r",
                &format!(",'relationshipType':'{kind}','from':'{from}','to':['urn:x:p']{more}"),
            )
    };
    let fixed = "security_VexFixedVulnAssessmentRelationship";
    check(&vex(fixed, "fixedIn", "urn:x:v", ""), &[]);
    check(
        &vex(fixed, "affects", "urn:x:v", ""),
        &[(
            "spdx3-relationship-type",
            "a security_VexFixedVulnAssessmentRelationship is of the type \"fixedIn\" and no other",
        )],
    );
    check(
        &vex("Relationship", "fixedIn", "urn:x:v", ""),
        &[(
            "spdx3-relationship-type",
            "\"fixedIn\" is the type of a security_VexFixedVulnAssessmentRelationship and of no other class",
        )],
    );
    check(
        &vex(fixed, "fixedIn", "urn:x:p", ""),
        &[(
            "spdx3-relationship-ends",
            "\"fixedIn\" speaks of a security_Vulnerability here, and this is a software_Package",
        )],
    );
    let not = "security_VexNotAffectedVulnAssessmentRelationship";
    check(
        &vex(not, "doesNotAffect", "urn:x:v", ""),
        &[("spdx3-vex-reason", "nothing says why it is not affected")],
    );
    check(&vex(not, "doesNotAffect", "urn:x:v", ",'security_impactStatement':'not there'"), &[]);
    let score = "security_CvssV2VulnAssessmentRelationship";
    let more = ",'security_score':'7.5','security_vectorString':'AV:N'";
    check(&vex(score, "hasAssessmentFor", "urn:x:v", more), &[]);
    assert_eq!(judge(&vex(score, "other", "urn:x:v", more))[0].rule, "spdx3-relationship-type");
}

#[test]
fn identifiers_can_be_read() {
    let package = |fields: &str| element("software_Package", "q", &format!(",'name':'q',{fields}"));
    let identifier = |kind: &str, value: &str| {
        package(&format!(
            "'externalIdentifier':[{{'type':'ExternalIdentifier','externalIdentifierType':'{kind}','identifier':'{value}'}}]"
        ))
    };
    let hash = |algorithm: &str, digits: &str| {
        package(&format!(
            "'verifiedUsing':[{{'type':'Hash','algorithm':'{algorithm}','hashValue':'{digits}'}}]"
        ))
    };
    let license = |text: &str| {
        element(
            "simplelicensing_LicenseExpression",
            "l",
            &format!(",'simplelicensing_licenseExpression':'{text}'"),
        )
    };
    let broken =
        |more: &str| -> Vec<&'static str> { judge(more).iter().map(|finding| finding.rule).collect() };
    let none: [&str; 0] = [];
    assert_eq!(broken(&package("'software_packageUrl':'pkg:cargo/a@1'")), none);
    assert_eq!(broken(&package("'software_packageUrl':'cargo/a'")), ["purl-form"]);
    assert_eq!(broken(&identifier("packageUrl", "pkg:")), ["purl-form"]);
    assert_eq!(broken(&identifier("cpe22", "cpe:/a:b:c")), none);
    assert_eq!(broken(&identifier("cpe23", "cpe:/a:b:c")), ["cpe-form"]);
    assert_eq!(broken(&identifier("swhid", "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2")), none);
    assert_eq!(broken(&identifier("swhid", "swh:2:cnt:94")), ["swhid-form"]);
    assert_eq!(broken(&hash("sha1", &"ab".repeat(20))), none);
    assert_eq!(broken(&hash("sha1", &"ab".repeat(32))), ["digest-length"]);
    assert_eq!(broken(&hash("blake3", &"zz".repeat(32))), ["digest-length"]);
    assert_eq!(broken(&hash("falcon", "anything")), none);
    for good in ["MIT OR Apache-2.0", "NOASSERTION", "NONE", "LicenseRef-own"] {
        assert_eq!(broken(&license(good)), none, "{good}");
    }
    assert_eq!(broken(&license("MIT OR")), ["license-expression"]);
}

#[test]
fn times_have_an_order_and_profiles_their_fields() {
    let build = |start: &str, end: &str| {
        element(
            "build_Build",
            "b",
            &format!(
                ",'build_buildType':'urn:x:make','build_buildStartTime':'{start}','build_buildEndTime':'{end}'"
            ),
        )
    };
    check(&build("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), &[]);
    check(
        &build("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"),
        &[("time-order", "`build_buildEndTime` is before `build_buildStartTime`")],
    );
    check(
        &element("software_File", "f", ""),
        &[("spdx3-profile-field", "the model asks for `name` in a software_File")],
    );
}

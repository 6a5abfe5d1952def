//! Both ways on documents made for it.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{from_cyclonedx, to_cyclonedx};
use crate::document::{Document, Limits};
use crate::sbom::convert::{Fate, Loss};
use crate::sbom::{SpecVersion, validate};

fn parse(text: &str) -> Document {
    Document::parse(text.replace('\'', "\"").into(), &Limits::default()).unwrap()
}

fn now() -> Timestamp {
    "2026-01-31T12:00:00Z".parse().unwrap()
}

fn forth(document: &Document) -> (Document, Vec<Loss>) {
    let (made, losses) = from_cyclonedx(document, now(), &Limits::default()).unwrap();
    let judged = validate(made.bytes().to_vec(), &Limits::default(), "made", now());
    assert!(judged.valid, "{:#?}\n{}", judged.findings, String::from_utf8_lossy(made.bytes()));
    (made, losses)
}

fn back(document: Document) -> (Document, SpecVersion, Vec<Loss>) {
    to_cyclonedx(document, &Limits::default()).unwrap()
}

/// Goes both ways; the same comes back, but for what is dropped by name.
#[track_caller]
fn returns(text: &str) -> Document {
    let source = parse(text);
    let (made, _) = forth(&source);
    let again = parse(&String::from_utf8_lossy(made.bytes()));
    let (returned, ..) = back(again);
    let show = |document: &Document| String::from_utf8(document.root().canonical()).unwrap();
    assert_eq!(show(&returned), show(&source), "{}", String::from_utf8_lossy(made.bytes()));
    made
}

#[test]
fn a_rich_document_returns() {
    returns(RICH);
}

#[test]
fn a_poor_document_returns() {
    returns("{'bomFormat':'CycloneDX','specVersion':'1.4'}");
    returns("{'bomFormat':'CycloneDX','specVersion':'1.2','version':3,'metadata':{}}");
    returns("{'bomFormat':'CycloneDX','specVersion':'1.6','components':[{'type':'library','name':'a'}]}");
    returns(
        "{'bomFormat':'CycloneDX','specVersion':'1.6','components':[],'dependencies':[],'services':[],'vulnerabilities':[]}",
    );
    returns(
        "{'bomFormat':'CycloneDX','specVersion':'1.6','version':null,'components':[{'type':'file','name':'a','version':'1','components':[]}]}",
    );
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let source = parse(RICH);
    assert_eq!(forth(&source).0.bytes(), forth(&source).0.bytes());
    // A document without a serial number has ids of its own, and they are the same each time.
    let bare =
        parse("{'bomFormat':'CycloneDX','specVersion':'1.6','components':[{'type':'library','name':'a'}]}");
    assert_eq!(forth(&bare).0.bytes(), forth(&bare).0.bytes());
}

/// The value at a pointer of the first element of a class that has this id.
fn field(document: &Document, id: &str, name: &str) -> Option<String> {
    let graph = document.root().get("@graph")?;
    let element = graph.elements().find(|own| own.get("spdxId").is_some_and(|own| own.is(id)))?;
    Some(String::from_utf8(element.get(name)?.canonical()).unwrap())
}

#[test]
fn what_spdx_can_say_is_said_in_its_words() {
    let made = returns(RICH);
    let base = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2";
    let of = |id: &str, name: &str| field(&made, &format!("{base}{id}"), name).unwrap_or_default();
    let a = "#pkg:cargo/a@1";
    assert_eq!(of(a, "type"), "\"software_Package\"");
    assert_eq!(of(a, "software_packageUrl"), "\"pkg:cargo/a@1\"");
    assert_eq!(of("#in", "type"), "\"software_File\"");
    assert!(
        of("#in", "verifiedUsing").contains("\"sha3_256\"")
            && of("#in", "verifiedUsing").contains("Streebog-256")
    );
    assert_eq!(of("/components/1", "software_primaryPurpose"), "\"other\"");
    assert_eq!(of("/sbom", "rootElement"), format!("[\"{base}#root\"]"));
    assert_eq!(of("/sbom", "software_sbomType"), "[\"build\"]");
    assert!(of("", "import").contains("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b70/1#x"));
    let relationships: Vec<String> = made
        .root()
        .get("@graph")
        .unwrap()
        .elements()
        .filter(|own| own.get("relationshipType").is_some())
        .map(|own| {
            let text = |name: &str| {
                own.get(name).map_or(String::new(), |own| {
                    String::from_utf8_lossy(&own.canonical()).replace(['"', '[', ']'], "")
                })
            };
            format!("{} {} {} {}", text("from"), text("relationshipType"), text("to"), text("completeness"))
                .replace(base, "")
        })
        .collect();
    for wanted in [
        "#root contains #in incomplete",
        "#root dependsOn #pkg:cargo/a@1,#svc incomplete",
        "#pkg:cargo/a@1 dependsOn NoneElement complete",
        "#ml hasSpecification #in ",
        "#pkg:cargo/a@1 hasDeclaredLicense /licenses/MIT ",
        "#pkg:cargo/a@1 hasConcludedLicense /licenses/LicenseRef-Own-terms ",
        "/components/1 hasDeclaredLicense /licenses/MIT%20OR%20Apache-2.0 ",
        "#v doesNotAffect #pkg:cargo/a@1 ",
        "#v hasAssessmentFor #pkg:cargo/a@1 ",
        "#ml hasAssociatedVulnerability /vulnerabilities/1 ",
        "/vulnerabilities/2 affects NoAssertionElement ",
    ] {
        assert!(relationships.iter().any(|own| own == wanted), "{wanted}\n{relationships:#?}");
    }
}

#[test]
fn a_signature_is_dropped_and_named() {
    let source = parse(
        "{'bomFormat':'CycloneDX','specVersion':'1.6','signature':{'algorithm':'ES256'},'components':[{'type':'library','name':'a','signature':{'x':[1]}}]}",
    );
    let dropped: Vec<String> = forth(&source)
        .1
        .into_iter()
        .filter(|loss| loss.fate == Fate::Dropped)
        .map(|loss| format!("{} {}", loss.pointer, loss.reason))
        .collect();
    let why = "a signature is of the document that it stands in";
    assert_eq!(dropped, [format!("/signature {why}"), format!("/components/0/signature {why}")]);
}

#[test]
fn what_is_kept_is_named() {
    let source = parse(
        "{'bomFormat':'CycloneDX','specVersion':'1.6','version':1,'components':[{'type':'library','name':'a','scope':'optional'}]}",
    );
    let fates: Vec<(String, Fate)> =
        forth(&source).1.into_iter().map(|loss| (loss.pointer, loss.fate)).collect();
    assert!(fates.contains(&("/components/0/scope".to_owned(), Fate::Carried)), "{fates:?}");
    assert!(fates.contains(&("/components/0/name".to_owned(), Fate::Mapped)), "{fates:?}");
    assert!(fates.iter().all(|(_, fate)| *fate != Fate::Dropped), "{fates:?}");
}

/// CycloneDX of these elements beside a document with the root `urn:x:r`.
fn foreign(elements: &str) -> Document {
    let text = format!(
        "{{'@context':'https://spdx.org/rdf/3.0.1/spdx-context.jsonld','@graph':[
          {{'type':'CreationInfo','@id':'_:c','specVersion':'3.0.1','created':'2026-01-31T12:00:00Z','createdBy':['urn:x:me']}},
          {{'type':'Person','spdxId':'urn:x:me','creationInfo':'_:c','name':'Jane'}},
          {{'type':'SpdxDocument','spdxId':'urn:x:doc','creationInfo':'_:c','rootElement':['urn:x:r']}},
          {{'type':'software_Package','spdxId':'urn:x:r','creationInfo':'_:c','name':'r'}}{elements}]}}"
    );
    let (made, version, losses) = back(parse(&text));
    assert_eq!(version, SpecVersion::V1_6);
    assert!(losses.iter().all(|loss| loss.fate != Fate::Dropped), "{losses:#?}");
    let judged = validate(made.bytes().to_vec(), &Limits::default(), "made", now());
    assert!(judged.valid && judged.findings.is_empty(), "{:#?}", judged.findings);
    made
}

fn package(id: &str) -> String {
    format!(",{{'type':'software_Package','spdxId':'urn:x:{id}','creationInfo':'_:c','name':'{id}'}}")
}

fn relationship(class: &str, kind: &str, from: &str, to: &str, more: &str) -> String {
    format!(
        ",{{'type':'{class}','spdxId':'urn:x:rel/{kind}/{from}/{to}','creationInfo':'_:c','relationshipType':'{kind}','from':'urn:x:{from}','to':['urn:x:{to}']{more}}}"
    )
}

fn show(document: &Document, pointer: &str) -> String {
    document.at(pointer).map_or_else(String::new, |value| String::from_utf8(value.canonical()).unwrap())
}

#[test]
fn what_is_contained_is_nested_once() {
    let tie = |from: &str, to: &str| relationship("Relationship", "contains", from, to, "");
    // `b` is in `a`, which comes first; circles and second parents stay relationships.
    let made = foreign(
        &(package("a") + &package("b") + &tie("a", "b") + &tie("b", "a") + &tie("r", "b") + &tie("a", "r")),
    );
    assert_eq!(show(&made, "/metadata/component/name"), "\"r\"");
    assert_eq!(show(&made, "/components/0/components/0/name"), "\"b\"");
    assert_eq!(made.at("/components").unwrap().elements().count(), 1);
    let kept = made.at("/metadata/properties").unwrap().elements().count();
    // Three relationships, and the document itself.
    assert_eq!(kept, 4, "{}", show(&made, "/metadata/properties"));
}

#[test]
fn what_is_nested_too_deep_is_cut() {
    let count = 300;
    let mut text = String::new();
    for number in 0..count {
        text += &package(&format!("n{number}"));
        if number > 0 {
            text += &relationship(
                "Relationship",
                "contains",
                &format!("n{}", number - 1),
                &format!("n{number}"),
                "",
            );
        }
    }
    let made = foreign(&text);
    let sbom = crate::sbom::Sbom::parse(made).unwrap();
    assert_eq!(sbom.components().len(), count + 1);
}

#[test]
fn dependencies_lead_to_what_is_there() {
    let scoped = relationship("LifecycleScopedRelationship", "hasStaticLink", "r", "a", ",'scope':'build'");
    let plain = relationship("Relationship", "dependsOn", "r", "b", ",'completeness':'complete'");
    let made = foreign(&(package("a") + &package("b") + &scoped + &plain));
    assert_eq!(show(&made, "/dependencies"), r#"[{"dependsOn":["urn:x:a","urn:x:b"],"ref":"urn:x:r"}]"#);
    assert_eq!(show(&made, "/compositions"), r#"[{"aggregate":"complete","dependencies":["urn:x:r"]}]"#);
    assert!(show(&made, "/metadata/properties").contains("hasStaticLink"));
    // What is elsewhere is no bom-ref.
    let made = foreign(&relationship("Relationship", "dependsOn", "r", "elsewhere", ""));
    assert_eq!(show(&made, "/dependencies"), r#"[{"dependsOn":[],"ref":"urn:x:r"}]"#);
    assert!(show(&made, "/metadata/properties").contains("urn:x:elsewhere"));
}

#[test]
fn verdicts_become_analyses() {
    let vulnerability = ",{'type':'security_Vulnerability','spdxId':'urn:x:v','creationInfo':'_:c','externalIdentifier':[{'type':'ExternalIdentifier','externalIdentifierType':'cve','identifier':'CVE-2020-1'}]}";
    let not = relationship(
        "security_VexNotAffectedVulnAssessmentRelationship",
        "doesNotAffect",
        "v",
        "r",
        ",'security_justificationType':'vulnerableCodeNotPresent'",
    );
    let fixed = relationship("security_VexFixedVulnAssessmentRelationship", "fixedIn", "v", "a", "");
    let score = relationship(
        "security_CvssV3VulnAssessmentRelationship",
        "hasAssessmentFor",
        "v",
        "r",
        ",'security_score':'7.50','security_severity':'high','security_vectorString':'CVSS:3.1/AV:N'",
    );
    let made = foreign(&(package("a") + vulnerability + &not + &fixed + &score));
    assert_eq!(show(&made, "/vulnerabilities/0/id"), "\"CVE-2020-1\"");
    assert_eq!(show(&made, "/vulnerabilities/0/affects"), r#"[{"ref":"urn:x:r"}]"#);
    assert_eq!(
        show(&made, "/vulnerabilities/0/analysis"),
        r#"{"justification":"code_not_present","state":"not_affected"}"#
    );
    assert_eq!(
        show(&made, "/vulnerabilities/0/ratings"),
        r#"[{"method":"CVSSv31","score":7.5,"severity":"high","vector":"CVSS:3.1/AV:N"}]"#
    );
    assert_eq!(show(&made, "/vulnerabilities/1/analysis"), r#"{"state":"resolved"}"#);
    assert_eq!(show(&made, "/vulnerabilities/1/affects"), r#"[{"ref":"urn:x:a"}]"#);
}

#[test]
fn what_cyclonedx_has_no_word_for_is_a_property() {
    let made = foreign(
        ",{'type':'ai_AIPackage','spdxId':'urn:x:m','creationInfo':'_:c','name':'m','software_primaryPurpose':'model','ai_domain':['speech'],'summary':'s'}
         ,{'type':'build_Build','spdxId':'urn:x:build','creationInfo':'_:c','build_buildType':'urn:x:make'}",
    );
    assert_eq!(show(&made, "/components/0/type"), "\"machine-learning-model\"");
    assert_eq!(
        show(&made, "/components/0/properties"),
        r#"[{"name":"spdx:type","value":"\"ai_AIPackage\""},{"name":"spdx:ai_domain","value":"[\"speech\"]"},{"name":"spdx:summary","value":"\"s\""}]"#
    );
    assert!(show(&made, "/metadata/properties").contains("build_buildType"));
    // What is said of the component names the line of the SPDX document.
    let place = made.at("/components/0/name").unwrap();
    assert_eq!((place.place().as_str(), place.position().line), ("/@graph/4", 5));
}

proptest! {
    /// Whatever one place of a document is changed to, what is made of it is valid, and it comes back unless the account says
    /// that something is dropped.
    #[test]
    fn a_bent_document_returns(place in any::<prop::sample::Index>(), what in 0..BENT.len(), removes in any::<bool>()) {
        let mut value: serde_json::Value = serde_json::from_str(&RICH.replace('\'', "\"")).unwrap();
        let places = pointers(&value);
        let pointer = place.get(&places);
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        // What says that it is CycloneDX, and of which version, is beyond this.
        prop_assume!(!["bomFormat", "specVersion"].contains(&name));
        let bent: serde_json::Value = serde_json::from_str(&BENT[what].replace('\'', "\"")).unwrap();
        match value.pointer_mut(parent).unwrap() {
            serde_json::Value::Object(members) if removes => drop(members.remove(name)),
            serde_json::Value::Array(elements) if removes => drop(elements.remove(name.parse().unwrap())),
            _ => *value.pointer_mut(pointer).unwrap() = bent,
        }
        let source = parse(&value.to_string());
        let (made, losses) = forth(&source);
        let (returned, ..) = back(made);
        let dropped = losses.iter().filter(|loss| loss.fate == Fate::Dropped).count();
        // Components and the like that are no objects.
        prop_assume!(dropped == 0);
        prop_assert_eq!(
            String::from_utf8(returned.root().canonical()).unwrap(),
            String::from_utf8(source.root().canonical()).unwrap()
        );
    }
}

/// A pointer to everything in a value.
fn pointers(value: &serde_json::Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        let mut push = |name: &str, inner| {
            open.push((format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")), inner));
        };
        match value {
            serde_json::Value::Object(members) => members.iter().for_each(|(name, inner)| push(name, inner)),
            serde_json::Value::Array(elements) => {
                elements.iter().enumerate().for_each(|(index, inner)| push(&index.to_string(), inner));
            }
            _ => {}
        }
        if !path.is_empty() {
            found.push(path);
        }
    }
    found
}

/// What a place is changed to.
const BENT: [&str; 12] = [
    "null",
    "true",
    "7",
    "''",
    "'root'",
    "'pkg:cargo/a@1'",
    "'2020-01-01T00:00:00Z'",
    "'a b/ä%'",
    "[]",
    "{}",
    "[{'ref':'root','name':'x','type':'file','bom-ref':'root'}]",
    "{'name':'x','id':'MIT','license':{'id':'MIT'},'state':'resolved'}",
];

const RICH: &str = "{'bomFormat':'CycloneDX','specVersion':'1.6','$schema':'http://cyclonedx.org/schema/bom-1.6.schema.json',
 'serialNumber':'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79','version':2,
 'metadata':{'timestamp':'2026-01-31T12:00:00.5+01:00','lifecycles':[{'phase':'build'},{'name':'own'}],
  'tools':{'components':[{'type':'application','group':'acme','name':'maker','version':'1'}]},
  'authors':[{'name':'Jane','email':'jane@example.org'}],'manufacturer':{'name':'Acme','url':['https://acme.example']},
  'supplier':{'name':'Shop'},'licenses':[{'license':{'id':'CC0-1.0'}}],'properties':[{'name':'a','value':'b'}],
  'component':{'type':'application','bom-ref':'root','name':'app','version':'1','components':[{'type':'file','bom-ref':'in','name':'f','mime-type':'text/plain',
    'hashes':[{'alg':'SHA3-256','content':'0000000000000000000000000000000000000000000000000000000000000000'},{'alg':'Streebog-256','content':'0000000000000000000000000000000000000000000000000000000000000000'}]}]}},
 'components':[
  {'type':'library','bom-ref':'pkg:cargo/a@1','group':'g','name':'a','version':'1','scope':'optional','description':'d','copyright':'c',
   'purl':'pkg:cargo/a@1','cpe':'cpe:2.3:a:acme:a:1:*:*:*:*:*:*:*','swhid':['swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2'],'omniborId':['gitoid:blob:sha1:a94a8fe5ccb19ba61c4c0873d391e987982fbbd3'],
   'supplier':{'name':'Shop','contact':[{'name':'x'}]},'authors':[{'name':'Jane'}],'publisher':'Acme',
   'licenses':[{'license':{'id':'MIT','acknowledgement':'declared'}},{'license':{'name':'Own terms','acknowledgement':'concluded'}}],
   'externalReferences':[{'type':'website','url':'https://a.example','comment':'c'},{'type':'bom','url':'urn:x'}],
   'properties':[{'name':'k','value':'1'},{'name':'k','value':'2'}],'evidence':{'copyright':[{'text':'x'}]},'pedigree':{'notes':'n'}},
  {'type':'cryptographic-asset','name':'b','licenses':[{'expression':'MIT OR Apache-2.0'}]},
  {'type':'machine-learning-model','bom-ref':'ml','name':'c','modelCard':{'bom-ref':'card'}}],
 'services':[{'bom-ref':'svc','name':'s','endpoints':['https://s.example'],'services':[{'name':'inner'}]}],
 'dependencies':[{'ref':'root','dependsOn':['pkg:cargo/a@1','svc']},{'ref':'pkg:cargo/a@1','dependsOn':[]},{'ref':'ml','provides':['in']},{'ref':'svc'},{'ref':'nowhere','dependsOn':['urn:cdx:3e671687-395b-41f5-a30f-a58921a69b70/1#x']}],
 'compositions':[{'aggregate':'incomplete','assemblies':['root'],'dependencies':['root']}],
 'externalReferences':[{'type':'vcs','url':'https://v.example'}],'properties':[{'name':'p','value':'q'}],
 'vulnerabilities':[{'bom-ref':'v','id':'CVE-2020-1','source':{'name':'NVD','url':'https://nvd.example'},'description':'bad','published':'2020-01-01T00:00:00.000Z',
   'cwes':[79],'advisories':[{'title':'t','url':'https://adv.example'}],'ratings':[{'method':'CVSSv31','score':7.50,'vector':'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'},{'method':'other','severity':'info'}],
   'analysis':{'state':'not_affected','justification':'code_not_reachable','detail':'why'},'affects':[{'ref':'pkg:cargo/a@1','versions':[{'version':'1'}]}]},
  {'id':'OSV-1','affects':[{'ref':'ml'}]},{'id':'X','analysis':{'state':'exploitable','response':['will_not_fix']}}],
 'annotations':[{'subjects':['v'],'annotator':{'individual':{'name':'x'}},'timestamp':'2020-01-01T00:00:00Z','text':'t'}],
 'declarations':{'claims':[]},'formulation':[]}";

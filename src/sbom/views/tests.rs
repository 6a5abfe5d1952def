use crate::document::Limits;
use crate::sbom::{Error, Reference, Sbom};

fn sbom(rest: &str) -> Sbom {
    let text = format!("{{'bomFormat':'CycloneDX','specVersion':'1.7',{rest}}}").replace('\'', "\"");
    Sbom::read(text.into(), &Limits::default()).unwrap()
}

fn names<'a>(references: impl Iterator<Item = Reference<'a>>) -> Vec<String> {
    references.map(|reference| reference.text().into_owned()).collect()
}

#[test]
fn services_show_their_endpoints_and_the_data_that_flows() {
    let sbom = sbom(
        "'services':[{'name':'out','services':[{'name':'in','endpoints':['https://a.example','https://b.example'],'authenticated':true,'x-trust-boundary':false,'trustZone':null,
          'data':[{'flow':'inbound','classification':'PII','source':['https://c.example']}]}]}]",
    );
    let services: Vec<_> = sbom.services().unwrap().collect();
    assert_eq!((services.len(), services[0].endpoints().count()), (2, 0));
    let inner = services[1];
    assert_eq!((inner.component().name().as_ref(), inner.endpoints().count()), ("in", 2));
    assert_eq!(
        (inner.authenticated(), inner.crosses_trust_boundary(), inner.trust_zone()),
        (Some(true), Some(false), None)
    );
    let flow = inner.data().next().unwrap();
    assert_eq!((flow.flow().as_deref(), flow.classification().as_deref()), (Some("inbound"), Some("PII")));
    assert_eq!((flow.sources().count(), flow.destinations().count(), flow.name()), (1, 0, None));
}

#[test]
fn vulnerabilities_show_ratings_what_they_affect_and_the_analysis() {
    let sbom = sbom(
        "'vulnerabilities':[{'bom-ref':'v','id':'CVE-2026-1','source':{'name':'NVD'},'cwes':[79,89],'ratings':[{'score':9.8,'severity':'critical','method':'CVSSv31'}],
          'affects':[{'ref':'a','versions':[{'version':'1','status':'affected'},{'range':'vers:cargo/<2'}]}],'analysis':{'state':'not_affected','justification':'code_not_reachable','response':['update']}},{}]",
    );
    let all: Vec<_> = sbom.vulnerabilities().unwrap().collect();
    let one = all[0];
    assert_eq!((one.id().as_deref(), one.bom_ref().as_deref()), (Some("CVE-2026-1"), Some("v")));
    assert_eq!((one.source().0.as_deref(), one.source().1), (Some("NVD"), None));
    assert_eq!(one.cwes().collect::<Vec<_>>(), [79, 89]);
    let rating = one.ratings().next().unwrap();
    assert_eq!((rating.score(), rating.severity().as_deref()), (Some(9.8), Some("critical")));
    let affected = one.affects().next().unwrap();
    assert_eq!(affected.reference().unwrap().text(), "a");
    let versions: Vec<_> = affected.versions().collect();
    assert_eq!(
        (versions[0].version().as_deref(), versions[0].status().as_deref()),
        (Some("1"), Some("affected"))
    );
    assert_eq!((versions[1].version(), versions[1].range().as_deref()), (None, Some("vers:cargo/<2")));
    let analysis = one.analysis().unwrap();
    assert_eq!(analysis.state().as_deref(), Some("not_affected"));
    assert_eq!(
        (analysis.justification().as_deref(), analysis.responses().count()),
        (Some("code_not_reachable"), 1)
    );
    assert!(all[1].id().is_none() && all[1].analysis().is_none() && all[1].affects().next().is_none());
}

#[test]
fn evidence_is_one_conclusion_or_several() {
    let identity = "{'field':'purl','confidence':0.5,'concludedValue':'pkg:a/b@1','methods':[{'technique':'filename','confidence':0.1,'value':'b.jar'}],'tools':['t']}";
    for text in [identity.to_owned(), format!("[{identity}]")] {
        let sbom = sbom(&format!(
            "'components':[{{'name':'a','evidence':{{'identity':{text},'occurrences':[{{'location':'/a','line':3}}]}}}},{{'name':'b'}}]"
        ));
        let evidence = sbom.component(0).unwrap().evidence().unwrap().unwrap();
        let identity = evidence.identities().next().unwrap();
        assert_eq!((identity.field().as_deref(), identity.confidence()), (Some("purl"), Some(0.5)));
        assert_eq!(identity.concluded().as_deref(), Some("pkg:a/b@1"));
        let method = identity.methods().next().unwrap();
        assert_eq!(
            (method.technique().as_deref(), method.value().as_deref()),
            (Some("filename"), Some("b.jar"))
        );
        assert_eq!(names(identity.tools()), ["t"]);
        assert_eq!(evidence.identities().count(), 1);
        let occurrence = evidence.occurrences().next().unwrap();
        assert_eq!((occurrence.location().as_deref(), occurrence.line()), (Some("/a"), Some(3)));
        assert!(sbom.component(1).unwrap().evidence().unwrap().is_none());
    }
}

#[test]
fn workflows_show_their_tasks_and_which_waits_for_which() {
    let sbom = sbom(
        "'formulation':[{'workflows':[{'bom-ref':'w','name':'ci','tasks':[{'bom-ref':'b','name':'build','taskTypes':['build'],'steps':[{'commands':[{'executed':'cargo build'},{'executed':'strip'}]}]},{'bom-ref':'t'}],
          'taskDependencies':[{'ref':'t','dependsOn':['b']}]}]}]",
    );
    let workflow = sbom.formulation().unwrap().flat_map(|formula| formula.workflows()).next().unwrap();
    assert_eq!((workflow.name().as_deref(), workflow.bom_ref().as_deref()), (Some("ci"), Some("w")));
    let build = workflow.tasks().next().unwrap();
    assert_eq!((build.name().as_deref(), build.kinds().count()), (Some("build"), 1));
    assert_eq!(build.commands().collect::<Vec<_>>(), ["cargo build", "strip"]);
    let (task, on) = workflow.waits().next().unwrap();
    assert_eq!((task.text().as_ref(), names(on.into_iter())), ("t", vec!["b".to_owned()]));
}

#[test]
fn declarations_and_standards_show_who_claims_what() {
    let sbom = sbom(
        "'declarations':{'assessors':[{'bom-ref':'as','thirdParty':true,'organization':{'name':'Lab'}}],
           'attestations':[{'summary':'s','assessor':'as','map':[{'requirement':'r','claims':['c'],'counterClaims':['d'],'conformance':{'score':0.7,'rationale':'7 of 10','mitigationStrategies':['e']},'confidence':{'score':1}}]}],
           'claims':[{'bom-ref':'c','target':'x','predicate':'p','reasoning':'q','evidence':['e'],'counterEvidence':['f']}],
           'evidence':[{'bom-ref':'e','propertyName':'n','expires':'2026-12-01T00:00:00Z'}],
           'affirmation':{'statement':'yes','signatories':[{'name':'J','role':'CISO','signature':{'algorithm':'ES256','value':'AA'}}]}},
         'definitions':{'standards':[{'bom-ref':'s','name':'Code','version':'1','owner':'O','requirements':[{'bom-ref':'r','identifier':'1','title':'t','text':'x','openCre':['CRE:1-1'],'parent':'q','properties':[{'name':'k','value':'v'}]}],
           'levels':[{'bom-ref':'l','identifier':'L1','requirements':['r']}]}]},
         'citations':[{'pointers':['/metadata'],'timestamp':'2026-01-01T00:00:00Z','attributedTo':'as'}]",
    );
    let declarations = sbom.declarations().unwrap();
    let assessor = declarations.assessors().next().unwrap();
    assert_eq!((assessor.is_third_party(), assessor.organization().as_deref()), (Some(true), Some("Lab")));
    let attestation = declarations.attestations().next().unwrap();
    assert_eq!(attestation.assessor().unwrap().text(), "as");
    let mapping = attestation.map().next().unwrap();
    assert_eq!(mapping.requirement().unwrap().text(), "r");
    assert_eq!(
        (names(mapping.claims()), names(mapping.counter_claims())),
        (vec!["c".into()], vec!["d".into()])
    );
    let conformance = mapping.conformance().unwrap();
    assert_eq!((conformance.score(), conformance.rationale().as_deref()), (Some(0.7), Some("7 of 10")));
    assert_eq!(names(conformance.mitigation_strategies()), ["e"]);
    assert_eq!(mapping.confidence().unwrap().rationale(), None);
    let claim = declarations.claims().next().unwrap();
    assert_eq!((claim.predicate().as_deref(), claim.target().unwrap().text().as_ref()), (Some("p"), "x"));
    assert_eq!(
        (names(claim.evidence()), names(claim.counter_evidence())),
        (vec!["e".into()], vec!["f".into()])
    );
    assert_eq!(declarations.evidence().next().unwrap().expires().as_deref(), Some("2026-12-01T00:00:00Z"));
    let affirmation = declarations.affirmation().unwrap();
    let signatory = affirmation.signatories().next().unwrap();
    assert_eq!(
        (affirmation.statement().as_deref(), signatory.role().as_deref()),
        (Some("yes"), Some("CISO"))
    );
    assert!(signatory.signature().is_some());
    let standard = sbom.standards().unwrap().next().unwrap();
    assert_eq!((standard.name().as_deref(), standard.owner().as_deref()), (Some("Code"), Some("O")));
    let requirement = standard.requirements().next().unwrap();
    assert_eq!(
        (requirement.identifier().as_deref(), requirement.parent().unwrap().text().as_ref()),
        (Some("1"), "q")
    );
    assert_eq!(
        (requirement.open_cre().count(), requirement.properties().next().unwrap().value().as_ref()),
        (1, "v")
    );
    assert_eq!(names(standard.levels().next().unwrap().requirements()), ["r"]);
    let citation = sbom.citations().unwrap().next().unwrap();
    assert_eq!((citation.pointers().count(), citation.attributed_to().unwrap().text().as_ref()), (1, "as"));
}

#[test]
fn a_part_of_the_wrong_shape_is_refused_when_it_is_asked_for_and_says_where() {
    let sbom = sbom(
        "'vulnerabilities':[{'id':'x'},{'affects':[{'ref':1},{'ref':2}]}],'declarations':{'claims':{}},'definitions':[],'formulation':[1],'citations':{},
         'services':[{'name':'s','data':[{'flow':[]}]}],'components':[{'name':'a','evidence':{'identity':[[]]}}]",
    );
    let at = |error: Option<Error>| match error {
        Some(Error::Shape { pointer, .. }) => pointer,
        other => panic!("{other:?}"),
    };
    assert_eq!(at(sbom.vulnerabilities().err()), "/vulnerabilities/1/affects/0/ref");
    assert_eq!(at(sbom.declarations().err()), "/declarations/claims");
    assert_eq!(at(sbom.standards().err()), "/definitions");
    assert_eq!(at(sbom.formulation().err()), "/formulation/0");
    assert_eq!(at(sbom.citations().err()), "/citations");
    assert_eq!(at(sbom.services().err()), "/services/0/data/0/flow");
    assert_eq!(at(sbom.component(0).unwrap().evidence().err()), "/components/0/evidence/identity/0");
}

#[test]
fn nothing_is_there_where_nothing_is_said() {
    let sbom = sbom("'declarations':null,'vulnerabilities':null");
    assert_eq!(sbom.vulnerabilities().unwrap().count() + sbom.standards().unwrap().count(), 0);
    let declarations = sbom.declarations().unwrap();
    assert!(declarations.affirmation().is_none() && declarations.claims().next().is_none());
}

//! The rules: for each a positive, a near miss, and what is known to be taken for it by mistake.

use sbom_attest::audit::{self, Audited, Evidence, Withdrawal};
use sbom_attest::document::Limits;
use sbom_attest::files::{self, Access};
use sbom_attest::finding::{Finding, Severity, Status};
use sbom_attest::graph::Graph;
use sbom_attest::registry::index::Index;
use sbom_attest::sbom::Sbom;

/// An SBOM of a product `shop`, of components and of dependencies; `'` stands for `"`.
fn shop(components: &str, dependencies: &str) -> String {
    format!(
        "{{'bomFormat':'CycloneDX','specVersion':'1.6','metadata':{{'component':{{'type':'application','bom-ref':'shop','name':'shop'}}}},
          'components':[{components}],'dependencies':[{dependencies}]}}"
    )
}

fn audited(text: &str, evidence: impl Fn(Evidence) -> Evidence) -> Audited {
    let sbom = Sbom::read(text.replace('\'', "\"").into(), &Limits::default()).unwrap();
    audit::run(&Graph::of(&sbom), &evidence(Evidence::new("shop.cdx.json")))
}

/// What one rule finds.
fn findings(rule: &str, text: &str) -> Vec<Finding> {
    let mut findings = audited(text, |evidence| evidence).findings;
    findings.retain(|finding| finding.rule == rule);
    findings
}

/// The rule finds exactly this, as status, subject, and a part of the message.
#[track_caller]
fn check(rule: &str, text: &str, expected: &[(Status, &str, &str)]) {
    let found = findings(rule, text);
    let matches = found.len() == expected.len()
        && found.iter().zip(expected).all(|(finding, (status, subject, message))| {
            finding.status == *status && finding.subject == *subject && finding.message.contains(message)
        });
    assert!(matches, "{rule} found {found:#?}");
}

use Status::{Fail, NotApplicable, NotEvaluated, Open, Pass};

const SUM: &str = "'hashes':[{'alg':'SHA-256','content':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]";
const COMMIT: &str = "4a5e1e4baab89f3a32518a88c31bc87f618f7667";
const TO_BELL: &str = "{'ref':'shop','dependsOn':['bell']},{'ref':'bell','dependsOn':[]}";

#[test]
fn u01_a_component_without_digest_is_reported_with_its_path_and_place() {
    let text = shop(
        &format!(
            "{{'type':'library','bom-ref':'cart','name':'cart',{SUM}}},{{'type':'library','bom-ref':'bell','name':'bell','version':'1'}}"
        ),
        "{'ref':'shop','dependsOn':['cart']},{'ref':'cart','dependsOn':['bell']},{'ref':'bell','dependsOn':[]}",
    );
    check("U01", &text, &[(Fail, "bell@1", "has no digest")]);
    let finding = findings("U01", &text).remove(0);
    assert_eq!(finding.path, ["shop", "cart", "bell@1"]);
    assert_eq!(finding.severity, Severity::Medium);
    assert!(finding.remedy.is_some());
    let location = finding.location.unwrap();
    assert_eq!(
        (location.file.as_str(), location.pointer.as_deref()),
        ("shop.cdx.json", Some("/components/1"))
    );
    assert_eq!(location.line, Some(2));
}

#[test]
fn u01_what_runs_by_itself_matters_more() {
    let text = shop("{'type':'application','bom-ref':'bell','name':'bell'}", TO_BELL);
    assert_eq!(findings("U01", &text)[0].severity, Severity::High);
}

#[test]
fn u01_a_weak_or_impossible_digest_is_none() {
    let text = shop(
        "{'type':'library','name':'a','hashes':[{'alg':'MD5','content':'d41d8cd98f00b204e9800998ecf8427e'}]},
        {'type':'library','name':'b','hashes':[{'alg':'SHA-256','content':'aa'}]}",
        TO_BELL,
    );
    check("U01", &text, &[(Fail, "b", "2 digits instead of 64"), (Fail, "a", "only digest is MD5")]);
    assert_eq!(
        findings("U01", &text)[1].location.as_ref().unwrap().pointer.as_deref(),
        Some("/components/0/hashes/0")
    );
}

#[test]
fn u01_a_digest_elsewhere_in_the_component_is_one() {
    let sum = "a".repeat(64);
    let text = shop(&format!(
        "{{'type':'library','name':'a','externalReferences':[{{'type':'distribution','url':'https://a.example/a','hashes':[{{'alg':'SHA-512','content':'{sum}{sum}'}}]}}]}},
         {{'type':'library','name':'b','purl':'pkg:generic/b@1?checksum=sha256:{sum}'}},
         {{'type':'container','name':'c','purl':'pkg:oci/c@sha256%3A{sum}'}},
         {{'type':'library','name':'d','hashes':[{{'alg':'MD5','content':'d41d8cd98f00b204e9800998ecf8427e'}},{{'alg':'BLAKE3','content':'{sum}'}}]}}"), "");
    check("U01", &text, &[(Pass, "shop", "4 components with a digest")]);
}

#[test]
fn u01_a_digest_of_its_website_is_none() {
    let sum = "a".repeat(64);
    let text = shop(
        &format!(
            "{{'type':'library','name':'a','externalReferences':[{{'type':'website','url':'https://a.example/','hashes':[{{'alg':'SHA-256','content':'{sum}'}}]}}]}}"
        ),
        "",
    );
    check("U01", &text, &[(Fail, "a", "no digest")]);
}

#[test]
fn u01_known_false_positives_are_told_apart() {
    let text = shop(&format!(
        "{{'type':'file','name':'/bin/sh'}},{{'type':'operating-system','name':'debian'}},{{'type':'library','name':'libc6','purl':'pkg:deb/debian/libc6@2.36'}},
         {{'type':'library','name':'own','properties':[{{'name':'sbom-attest:cargo:source','value':'local'}},{{'name':'sbom-attest:cargo:path','value':'crates/own'}}]}},
         {{'type':'library','name':'git','purl':'pkg:cargo/git@1.0.0?vcs_url=git%2Bhttps://a.example/git%40{COMMIT}'}}"), "");
    let found = findings("U01", &text);
    assert_eq!(found.len(), 5, "{found:#?}");
    assert!(found.iter().all(|finding| finding.status == NotApplicable && !finding.evidence.is_empty()));
}

#[test]
fn u04_a_source_that_can_change_is_reported() {
    let text = shop(
        "{'type':'library','name':'branch','version':'1.0.0','purl':'pkg:cargo/branch@1.0.0?vcs_url=git%2Bhttps://a.example/b%40main'},
         {'type':'library','name':'short','version':'1.0.0','purl':'pkg:cargo/short@1.0.0?vcs_url=git%2Bhttps://a.example/b%404a5e1e4'},
         {'type':'library','name':'action','purl':'pkg:github/actions/checkout@v4'},
         {'type':'library','name':'npm-git','version':'git+https://a.example/b.git#dev'},
         {'type':'library','name':'outside','version':'1.0.0','purl':'pkg:cargo/outside@1.0.0?download_url=file://../outside'},
         {'type':'library','name':'away','bom-ref':'path+elsewhere#away@1.0.0','properties':[{'name':'sbom-attest:cargo:source','value':'local'}]},
         {'type':'container','name':'image','version':'latest'},
         {'type':'library','name':'range','version':'^1.2'},
         {'type':'library','name':'snapshot','version':'1.0-SNAPSHOT'}", "");
    let found = findings("U04", &text);
    assert_eq!(found.len(), 9, "{found:#?}");
    assert!(found.iter().all(|finding| finding.status == Fail
        && finding.severity == Severity::High
        && finding.remedy.is_some()));
    let range = found.iter().find(|finding| finding.subject == "range@^1.2").unwrap();
    assert_eq!(range.location.as_ref().unwrap().pointer.as_deref(), Some("/components/7/version"));
}

#[test]
fn u04_a_pinned_source_is_not() {
    let sum = "a".repeat(64);
    let text = shop(&format!(
        "{{'type':'library','name':'commit','version':'1.0.0','purl':'pkg:cargo/commit@1.0.0?vcs_url=git%2Bhttps://a.example/b%40{COMMIT}'}},
         {{'type':'library','name':'hash','purl':'pkg:github/actions/checkout@{COMMIT}'}},
         {{'type':'library','name':'tag-and-digest','version':'latest','hashes':[{{'alg':'SHA-256','content':'{sum}'}}]}},
         {{'type':'library','name':'go','version':'v0.0.0-20200101000000-4a5e1e4baab8','purl':'pkg:golang/a.example/go@v0.0.0-20200101000000-4a5e1e4baab8'}},
         {{'type':'library','name':'deb','version':'1:2.3~rc1','purl':'pkg:deb/debian/deb@1:2.3~rc1'}},
         {{'type':'library','name':'informed','version':'1.0.0','purl':'pkg:npm/informed@1.0.0?vcs_url=git%2Bhttps://a.example/b'}}"), "");
    check("U04", &text, &[(Pass, "shop", "6 components")]);
}

#[test]
fn u04_a_folder_of_the_attested_tree_is_none() {
    let text = shop(
        "{'type':'library','name':'own','version':'1.0.0','properties':[{'name':'sbom-attest:cargo:source','value':'local'},{'name':'sbom-attest:cargo:path','value':'crates/own'}]},
         {'type':'library','name':'other','version':'1.0.0','purl':'pkg:cargo/other@1.0.0?download_url=file://.'}", "");
    check("U04", &text, &[(Pass, "shop", "2 components")]);
}

#[test]
fn u11_what_nothing_leads_to_is_reported_once_for_a_whole_island() {
    let text = shop(
        "{'type':'library','bom-ref':'bell','name':'bell'},{'type':'library','bom-ref':'lost','name':'lost'},{'type':'library','bom-ref':'child','name':'child'},
         {'type':'library','bom-ref':'one','name':'one'},{'type':'library','bom-ref':'two','name':'two'}",
        "{'ref':'shop','dependsOn':['bell']},{'ref':'lost','dependsOn':['child','lost']},{'ref':'one','dependsOn':['two']},{'ref':'two','dependsOn':['one']}");
    check("U11", &text, &[(Fail, "lost", "nothing depends on it"), (Fail, "one", "in a circle")]);
}

#[test]
fn u11_a_root_without_dependencies_is_one_finding_and_not_many() {
    let text = shop(
        "{'type':'library','bom-ref':'a','name':'a'},{'type':'library','bom-ref':'b','name':'b'},{'type':'library','bom-ref':'c','name':'c'}",
        "{'ref':'a','dependsOn':['b']}",
    );
    check("U11", &text, &[(Fail, "shop", "2 components hang in the air")]);
}

#[test]
fn u11_says_nothing_where_roots_and_orphans_look_the_same() {
    let flat = shop("{'type':'library','bom-ref':'bell','name':'bell'}", "");
    check("U11", &flat, &[(NotEvaluated, "shop", "no dependency is stated")]);
    let rootless = "{'bomFormat':'CycloneDX','specVersion':'1.6','components':[{'bom-ref':'a','name':'a'},{'bom-ref':'b','name':'b'},{'bom-ref':'c','name':'c'}],
        'dependencies':[{'ref':'a','dependsOn':['b']}]}";
    check("U11", rootless, &[(NotEvaluated, "the document", "no root is named")]);
}

#[test]
fn u11_files_systems_and_parts_of_the_product_are_no_orphans() {
    let text = "{'bomFormat':'CycloneDX','specVersion':'1.6','metadata':{'component':{'bom-ref':'shop','name':'shop','components':[{'type':'application','name':'bin'}]}},
        'components':[{'type':'library','bom-ref':'bell','name':'bell','components':[{'type':'library','name':'vendored'}]},{'type':'file','name':'f'},{'type':'operating-system','name':'os'}],
        'services':[{'name':'api'}],'dependencies':[{'ref':'shop','dependsOn':['bell']}]}";
    check("U11", text, &[(Pass, "shop", "reached from the root")]);
}

#[test]
fn u12_a_list_is_not_a_graph() {
    let list =
        shop("{'type':'library','bom-ref':'a','name':'a'},{'type':'library','bom-ref':'b','name':'b'}", "");
    check("U12", &list, &[(Fail, "shop", "not one dependency between them")]);
    let depth_one = shop(
        "{'type':'library','bom-ref':'a','name':'a'},{'type':'library','bom-ref':'b','name':'b'}",
        "{'ref':'shop','dependsOn':['a','b']},{'ref':'a','dependsOn':[]}",
    );
    check("U12", &depth_one, &[(Fail, "shop", "1 of 2 components say nothing")]);
}

#[test]
fn u12_a_product_whose_dependencies_have_none_is_a_graph() {
    let leaves = shop(
        "{'type':'library','bom-ref':'a','name':'a'},{'type':'library','bom-ref':'b','name':'b'}",
        "{'ref':'shop','dependsOn':['a','b']},{'ref':'a','dependsOn':[]},{'ref':'b'}",
    );
    check("U12", &leaves, &[(Pass, "shop", "each said to depend on nothing")]);
    let files = shop("{'type':'file','name':'a'}", "");
    check("U12", &files, &[(NotEvaluated, "shop", "nothing in it")]);
}

#[test]
fn u13_a_reference_to_nothing_is_reported_once_with_the_nearest_name() {
    let text = shop(
        "{'type':'library','bom-ref':'pkg:cargo/bell@0.3.0','name':'bell'},{'type':'library','bom-ref':'cart','name':'cart'}",
        "{'ref':'shop','dependsOn':['pkg:cargo/bell@0.3.1','cart']},{'ref':'cart','dependsOn':['pkg:cargo/bell@0.3.1']},{'ref':'nobody','dependsOn':[]}",
    );
    check(
        "U13",
        &text,
        &[(Fail, "nobody", "has an entry"), (Fail, "pkg:cargo/bell@0.3.1", "is depended on")],
    );
    let finding = findings("U13", &text).remove(1);
    let evidence: Vec<_> =
        finding.evidence.iter().map(|fact| (fact.name.as_str(), fact.value.as_str())).collect();
    assert_eq!(evidence, [("used by", "shop"), ("uses", "2"), ("nearest bom-ref", "pkg:cargo/bell@0.3.0")]);
    assert!(finding.remedy.unwrap().contains("did it mean `pkg:cargo/bell@0.3.0`?"));
    assert_eq!(finding.location.unwrap().pointer.as_deref(), Some("/dependencies/0/dependsOn/0"));
}

#[test]
fn u13_two_components_with_one_reference_are_reported() {
    let text = shop(
        "{'type':'library','bom-ref':'bell','name':'one'},{'type':'library','bom-ref':'bell','name':'two'}",
        TO_BELL,
    );
    check("U13", &text, &[(Fail, "two", "is that of an earlier component")]);
    assert_eq!(
        findings("U13", &text)[0].location.as_ref().unwrap().pointer.as_deref(),
        Some("/components/1/bom-ref")
    );
}

#[test]
fn u13_a_lost_reference_in_a_composition_is_found() {
    let text = shop("{'type':'library','bom-ref':'bell','name':'bell'}", TO_BELL)
        .replace("'dependencies':[{'ref':'shop'", "'compositions':[{'aggregate':'complete','dependencies':['gone','bell']}],'dependencies':[{'ref':'shop'");
    check("U13", &text, &[(Fail, "gone", "no component has this bom-ref")]);
}

#[test]
fn u13_what_is_defined_elsewhere_is_told_apart() {
    let text = shop(
        "{'type':'library','bom-ref':'bell','name':'bell'}",
        "{'ref':'shop','dependsOn':['bell','urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#x','CVE-1']}",
    )
    .replace("'components'", "'vulnerabilities':[{'bom-ref':'CVE-1','id':'CVE-1'}],'components'");
    check(
        "U13",
        &text,
        &[
            (Open, "CVE-1", "neither a component nor a service"),
            (NotEvaluated, "shop", "1 reference into other documents"),
        ],
    );
}

#[test]
fn u13_references_to_services_and_nested_components_resolve() {
    let text = shop(
        "{'type':'library','bom-ref':'bell','name':'bell','components':[{'bom-ref':'inner','name':'inner'}]}",
        "{'ref':'shop','dependsOn':['inner','api']}",
    )
    .replace("'components':[{'type'", "'services':[{'bom-ref':'api','name':'api'}],'components':[{'type'");
    check("U13", &text, &[(Pass, "shop", "3 references resolved")]);
    check("U13", &shop("", ""), &[(NotEvaluated, "shop", "no references")]);
}

#[test]
fn u14_silence_is_counted_with_its_share() {
    let text = shop(
        "{'type':'library','bom-ref':'a','name':'a'},{'type':'library','bom-ref':'b','name':'b'},{'type':'library','bom-ref':'c','name':'c'}",
        "{'ref':'shop','dependsOn':['a','c']},{'ref':'a','dependsOn':['b']},{'ref':'c','dependsOn':[]}",
    );
    check("U14", &text, &[(Fail, "shop", "1 of 4 components without an entry")]);
    let finding = findings("U14", &text).remove(0);
    assert!(finding.evidence.iter().any(|fact| fact.value == "1 of 4 components"), "{finding:#?}");
    assert_eq!(finding.location.unwrap().pointer.as_deref(), Some("/components/1"));
}

#[test]
fn u14_what_the_document_itself_calls_unknown_carries_its_subtree() {
    let text = shop(
        "{'type':'library','bom-ref':'a','name':'a'},{'type':'library','bom-ref':'b','name':'b'}",
        "{'ref':'shop','dependsOn':['a']},{'ref':'a','dependsOn':['b']},{'ref':'b','dependsOn':[]}",
    )
    .replace(
        "'dependencies':[{'ref':'shop'",
        "'compositions':[{'aggregate':'incomplete','dependencies':['a']}],'dependencies':[{'ref':'shop'",
    );
    check("U14", &text, &[(Open, "shop", "said to be `incomplete`")]);
    assert!(findings("U14", &text)[0].evidence.iter().any(|fact| fact.value == "2 of 3 components"));
}

#[test]
fn u14_an_empty_list_a_completeness_claim_and_a_file_are_not_opaque() {
    let text = shop("{'type':'library','bom-ref':'a','name':'a'},{'type':'library','bom-ref':'b','name':'b'},{'type':'file','name':'f'}",
        "{'ref':'shop','dependsOn':['a','b']},{'ref':'a'}")
        .replace("'dependencies':[{'ref':'shop'", "'compositions':[{'aggregate':'complete','dependencies':['b']}],'dependencies':[{'ref':'shop'");
    check("U14", &text, &[(Pass, "shop", "3 components")]);
    let vex = "{'bomFormat':'CycloneDX','specVersion':'1.4','metadata':{'component':{'name':'shop'}},'vulnerabilities':[]}";
    check("U14", vex, &[(NotEvaluated, "shop", "nothing in it")]);
}

#[test]
fn u14_completeness_of_an_assembly_says_nothing_about_dependencies() {
    let text = shop(
        "{'type':'library','bom-ref':'bell','name':'bell'}",
        "{'ref':'shop','dependsOn':['bell']}",
    )
    .replace(
        "'dependencies':[{'ref':'shop'",
        "'compositions':[{'aggregate':'complete','assemblies':['bell']}],'dependencies':[{'ref':'shop'",
    );
    check("U14", &text, &[(Fail, "shop", "1 of 2")]);
}

/// Cargo's cache of one crate with these versions, and whether they are withdrawn.
fn index(folder: &std::path::Path, releases: &[(&str, bool)]) -> Index {
    let mut bytes = b"\x03\x02\0\0\0etag\0".to_vec();
    for (version, yanked) in releases {
        let line = format!(
            r#"{{"name":"bell","vers":"{version}","deps":[],"cksum":"00","features":{{}},"yanked":{yanked}}}"#
        );
        bytes.extend_from_slice(format!("{version}\0{line}\0").as_bytes());
    }
    files::write(folder.join("index.crates.io-0000000000000000/.cache/be/ll/bell"), &bytes, Access::Shared)
        .unwrap();
    Index::open(folder).unwrap()
}

fn withdrawn(purl: &str, releases: &[(&str, bool)]) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path(), releases);
    let text = shop(&format!("{{'type':'library','bom-ref':'bell','name':'bell','purl':'{purl}'}}"), TO_BELL)
        .replace('\'', "\"");
    let sbom = Sbom::read(text.into(), &Limits::default()).unwrap();
    let graph = Graph::of(&sbom);
    let mut audited = audit::run(&graph, &Evidence::new("shop.cdx.json").gather(&graph, Some(&index)));
    audited.findings.retain(|finding| finding.rule == "F01");
    audited.findings
}

#[test]
fn f01_a_withdrawn_version_is_reported_with_the_smallest_move() {
    let found = withdrawn(
        "pkg:cargo/bell@0.3.0",
        &[("0.2.9", false), ("0.3.0", true), ("0.3.1", true), ("0.3.2", false)],
    );
    assert_eq!((found.len(), found[0].status, found[0].severity), (1, Fail, Severity::Medium), "{found:#?}");
    assert_eq!(found[0].path, ["shop", "pkg:cargo/bell@0.3.0"]);
    assert_eq!(found[0].remedy.as_deref(), Some("cargo update -p bell@0.3.0 --precise 0.3.2"));
    assert!(found[0].evidence.iter().any(|fact| fact.name == "index entry written"));
}

#[test]
fn f01_without_another_version_of_its_line_the_remedy_says_so() {
    let found = withdrawn("pkg:cargo/bell@0.3.0", &[("0.2.9", false), ("0.3.0", true), ("0.4.0", false)]);
    assert!(found[0].remedy.as_deref().unwrap().contains("no other version of its line stands"));
}

#[test]
fn f01_a_version_that_stands_again_passes() {
    let found = withdrawn("pkg:cargo/bell@0.3.0", &[("0.3.0", false), ("0.3.1", true)]);
    assert_eq!((found.len(), found[0].status), (1, Pass), "{found:#?}");
}

#[test]
fn f01_what_the_index_does_not_hold_is_not_guessed() {
    for purl in ["pkg:cargo/bell@0.9.0", "pkg:cargo/till@1.0.0", "pkg:cargo/bell@latest"] {
        let found = withdrawn(purl, &[("0.3.0", true)]);
        assert_eq!((found.len(), found[0].status), (1, NotEvaluated), "{found:#?}");
    }
}

#[test]
fn f01_the_same_name_elsewhere_is_another_package() {
    for purl in [
        "pkg:npm/bell@0.3.0",
        "pkg:cargo/bell@0.3.0?repository_url=https:%2F%2Fcrates.example",
        "pkg:cargo/bell",
    ] {
        let found = withdrawn(purl, &[("0.3.0", true)]);
        assert_eq!((found.len(), found[0].status), (1, NotEvaluated), "{found:#?}");
        assert!(found[0].message.contains("no package of crates.io"));
    }
}

#[test]
fn f01_without_an_index_it_is_said_twice_that_nothing_was_checked() {
    let text =
        shop("{'type':'library','bom-ref':'bell','name':'bell','purl':'pkg:cargo/bell@0.3.0'}", TO_BELL)
            .replace('\'', "\"");
    let sbom = Sbom::read(text.into(), &Limits::default()).unwrap();
    let graph = Graph::of(&sbom);
    let audited = audit::run(&graph, &Evidence::new("-").gather(&graph, None));
    let finding = audited.findings.iter().find(|finding| finding.rule == "F01").unwrap();
    assert_eq!((finding.status, finding.remedy.is_none()), (NotEvaluated, true));
    assert!(audited.not_checked.iter().any(|item| item.starts_with("withdrawn versions")));
}

#[test]
fn data_that_an_audit_rests_on_is_named_by_digest() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path(), &[("0.3.0", false)]);
    let text =
        shop("{'type':'library','bom-ref':'bell','name':'bell','purl':'pkg:cargo/bell@0.3.0'}", TO_BELL)
            .replace('\'', "\"");
    let sbom = Sbom::read(text.into(), &Limits::default()).unwrap();
    let graph = Graph::of(&sbom);
    let audited = audit::run(&graph, &Evidence::new("-").gather(&graph, Some(&index)));
    assert_eq!(audited.data.len(), 1);
    assert_eq!((audited.data[0].sha256.len(), audited.data[0].date.is_some()), (64, true));
}

#[test]
fn the_worst_and_heaviest_come_first_and_the_order_never_changes() {
    let text = shop(
        "{'type':'library','bom-ref':'leaf','name':'a-leaf'},{'type':'library','bom-ref':'hub','name':'z-hub'},{'type':'application','bom-ref':'app','name':'m-app'},{'type':'library','bom-ref':'end','name':'e-end'}",
        "{'ref':'shop','dependsOn':['leaf','hub','app']},{'ref':'hub','dependsOn':['end']},{'ref':'leaf'},{'ref':'app'},{'ref':'end'}",
    );
    let subjects: Vec<String> = findings("U01", &text).into_iter().map(|finding| finding.subject).collect();
    assert_eq!(subjects, ["m-app", "z-hub", "a-leaf", "e-end"]);
    assert_eq!(audited(&text, |evidence| evidence), audited(&text, |evidence| evidence));
}

#[test]
fn every_rule_says_something_about_every_document() {
    for text in [
        "{'bomFormat':'CycloneDX','specVersion':'1.2'}",
        &shop("", ""),
        &shop("{'type':'library','bom-ref':'bell','name':'bell'}", TO_BELL),
    ] {
        let audited = audited(text, |evidence| evidence.with_withdrawal("bell", "1.0.0", Withdrawal::Stands));
        for audit in audit::RULES {
            assert!(
                audited.findings.iter().any(|finding| finding.rule == audit.rule().id),
                "{} on {text}",
                audit.rule().id
            );
        }
    }
}

#[test]
fn every_rule_has_a_row_in_the_published_list() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes.md");
    let page = String::from_utf8(files::read(path, 1 << 20).unwrap()).unwrap();
    for rule in audit::RULES.iter().map(|audit| audit.rule()) {
        let severity = format!("{:?}", rule.severity).to_lowercase();
        let row = format!("| `{}` | {severity} |", rule.id);
        assert!(page.contains(&row), "docs/codes.md has no row that starts with {row}");
    }
}

#[test]
fn a_chain_of_many_unverifiable_components_takes_no_quadratic_time_or_room() {
    let count = 12_000;
    let components: Vec<String> =
        (0..count).map(|n| format!("{{'type':'library','bom-ref':'{n}','name':'n{n}'}}")).collect();
    let dependencies: Vec<String> =
        (0..count).map(|n| format!("{{'ref':'{n}','dependsOn':['{}','gone{n}']}}", n + 1)).collect();
    let text = shop(
        &components.join(","),
        &format!("{{'ref':'shop','dependsOn':['0']}},{}", dependencies.join(",")),
    );
    let start = std::time::Instant::now();
    let findings = audited(&text, |evidence| evidence).findings;
    assert!(start.elapsed() < std::time::Duration::from_secs(30), "{:?}", start.elapsed());
    assert!(findings.len() < 2 * count, "what is too much is counted instead of listed");
    assert!(findings.iter().all(|finding| finding.path.len() <= 65));
    assert!(
        findings
            .iter()
            .any(|finding| finding.rule == "U01" && finding.message.contains("2000 more components"))
    );
}

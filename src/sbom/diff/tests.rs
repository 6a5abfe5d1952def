use super::*;
use crate::document::Limits;

fn read(text: &str) -> Sbom {
    Sbom::read(text.replace('\'', "\"").into(), &Limits::default()).unwrap()
}

fn sbom(rest: &str) -> Sbom {
    read(&format!("{{'bomFormat':'CycloneDX','specVersion':'1.6',{rest}}}"))
}

#[track_caller]
fn check(before: &str, after: &str, expected: &[&str]) {
    let (before, after) = (sbom(before), sbom(after));
    let found = diff(&before, &after);
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let added = found.added.iter().map(|component| format!("+ {}", component.label()));
    let removed = found.removed.iter().map(|component| format!("- {}", component.label()));
    let upgraded = found
        .upgraded
        .iter()
        .map(|upgrade| format!("^ {} {} {}", upgrade.component, text(&upgrade.from), text(&upgrade.to)));
    let changed = found.changed.iter().map(|change| {
        format!(
            "~ {} {} {} {}",
            text(&change.component),
            change.pointer,
            text(&change.from),
            text(&change.to)
        )
    });
    let lines: Vec<String> = added.chain(removed).chain(upgraded).chain(changed).collect();
    assert_eq!(lines.iter().map(|line| line.replace('"', "'")).collect::<Vec<_>>(), expected);
    assert_eq!(found.is_empty(), expected.is_empty());
}

#[test]
fn layout_order_references_and_the_version_of_the_specification_do_not_count() {
    let before = read(
        "{'bomFormat':'CycloneDX','specVersion':'1.4','serialNumber':'urn:uuid:1','version':1,
          'metadata':{'timestamp':'2026-01-01T00:00:00Z','tools':[{'name':'t'}],'component':{'bom-ref':'r','name':'root','type':'application'}},
          'components':[{'bom-ref':'1','name':'a','hashes':[{'alg':'MD5','content':'0'},{'alg':'SHA-1','content':'1'}]},{'bom-ref':'2','name':'b','version':null}],
          'dependencies':[{'ref':'r','dependsOn':['1','2']},{'ref':'1','dependsOn':[]}],
          'compositions':[{'aggregate':'complete','assemblies':['1','2']}]}",
    );
    let after = read(
        "{'specVersion':'1.7','bomFormat':'CycloneDX','version':3.0,
          'dependencies':[{'ref':'y','dependsOn':[]},{'ref':'x','dependsOn':['z','y']}],
          'components':[{'name':'\\u0062','bom-ref':'z'},{'hashes':[{'content':'1','alg':'SHA-1'},{'alg':'MD5','content':'0'}],'bom-ref':'y','name':'a'}],
          'metadata':{'component':{'name':'root','bom-ref':'x','type':'application'}},
          'compositions':[{'assemblies':['z','y'],'aggregate':'complete'}]}",
    );
    let found = diff(&before, &after);
    assert!(found.is_empty(), "{found:?}");
    assert!(diff(&after, &before).is_empty());
}

#[test]
fn versions_fields_edges_and_places_are_told_apart() {
    check(
        "'components':[{'bom-ref':'a','name':'a','version':'1','purl':'pkg:cargo/a@1','licenses':[{'expression':'MIT'}]},{'bom-ref':'old','name':'old'},{'bom-ref':'n','name':'n'}],
         'dependencies':[{'ref':'a','dependsOn':['old']},{'ref':'n','dependsOn':[]}]",
        "'components':[{'bom-ref':'A','name':'a','version':'2','purl':'pkg:cargo/a@2','licenses':[{'expression':'ISC'}],'components':[{'bom-ref':'n','name':'n'}]},{'bom-ref':'new','name':'new'}],
         'dependencies':[{'ref':'A','dependsOn':['new']}]",
        &[
            "+ new",
            "- old",
            "^ pkg:cargo/a 1 2",
            "~ n /dependsOn [] -",
            "~ n /parent - 'pkg:cargo/a@1 → pkg:cargo/a@2'",
            "~ pkg:cargo/a@1 /dependsOn ['component old@'] ['component new@']",
            "~ pkg:cargo/a@1 /licenses [{'expression':'MIT'}] [{'expression':'ISC'}]",
        ],
    );
}

#[test]
fn a_renamed_file_is_known_by_its_digest_and_a_copy_by_its_content() {
    let digest = "0".repeat(64);
    let file = |name: &str| {
        format!("'components':[{{'name':'{name}','hashes':[{{'alg':'SHA-256','content':'{digest}'}}]}}]")
    };
    check(&file("a"), &file("b"), &["~ a /name 'a' 'b'"]);
    let twice = |one: &str, other: &str| {
        format!("'components':[{{'name':'x','scope':'{one}'}},{{'name':'x','scope':'{other}'}}]")
    };
    check(&twice("required", "optional"), &twice("optional", "required"), &[]);
}

#[test]
fn the_rest_of_the_document_is_compared_as_sets() {
    check(
        "'metadata':{'licenses':[]},'properties':[{'name':'a','value':'1'},{'name':'b','value':'2'}],'future':9007199254740993",
        "'properties':[{'name':'b','value':'2'},{'name':'c','value':'3'}],'future':9007199254740992",
        &[
            "~ - /future 9007199254740993 9007199254740992",
            "~ - /metadata/licenses [] -",
            "~ - /properties [{'name':'a','value':'1'}] [{'name':'c','value':'3'}]",
        ],
    );
}

#[test]
fn two_large_documents_are_compared_in_linear_time() {
    let many = |version: &str| {
        let components: Vec<String> = (0..20_000)
            .map(|n| format!("{{'bom-ref':'{n}','name':'same','version':'{version}','properties':[{{'name':'n','value':'{n}'}}]}}"))
            .collect();
        sbom(&format!("'components':[{}]", components.join(",")))
    };
    let (before, after) = (many("1"), many("2"));
    let start = std::time::Duration::from_secs(20);
    let clock = std::time::Instant::now();
    assert_eq!(diff(&before, &after).upgraded.len(), 20_000);
    assert!(clock.elapsed() < start);
}

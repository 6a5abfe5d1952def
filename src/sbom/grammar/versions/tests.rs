//! Lifting and lowering, case by case.

use super::change;
use crate::document::{Document, Limits};
use crate::sbom::SpecVersion;
use crate::sbom::convert::{Fate, Ledger, Loss};
use crate::sbom::grammar::{Dialect, check as grammar_check};

fn dialect(version: &str) -> Dialect {
    Dialect::from(SpecVersion::from_name(version).unwrap())
}

fn run(text: &str, from: &str, to: &str) -> (String, Vec<Loss>) {
    let document = Document::parse(text.into(), &Limits::default()).unwrap();
    let mut ledger = Ledger::new(&document);
    let made = change(&document, dialect(from), dialect(to), &mut ledger);
    (String::from_utf8(made).unwrap(), ledger.finish())
}

/// A document of a version with these members, in another version: the members there, and all that is not the same.
/// Single quotes stand for double ones.
fn check(from: &str, members: &str, to: &str, expected: &str, losses: &[(&str, &str, &str)]) {
    let document = |version: &str, members: &str| {
        let comma = if members.is_empty() { "" } else { "," };
        format!("{{'bomFormat':'CycloneDX','specVersion':'{version}','version':1{comma}{members}}}")
            .replace('\'', "\"")
    };
    let (made, account) = run(&document(from, members), from, to);
    assert_eq!(made, document(to, expected), "{from} {to} {members}");
    let listed: Vec<(&str, &str, &str)> = account
        .iter()
        .filter(|loss| {
            loss.pointer != "/specVersion" && (loss.fate != Fate::Mapped || !loss.reason.is_empty())
        })
        .map(|loss| (&*loss.pointer, loss.fate.name(), &*loss.reason))
        .collect();
    assert_eq!(listed, losses, "{from} {to} {members}");
    let parsed = Document::parse(made.into_bytes(), &Limits::default()).unwrap();
    let checked = grammar_check(&parsed, dialect(to), "");
    assert!(checked.valid, "{:#?}", checked.findings);
}

const LIBRARY: &str = "'type':'library','name':'a','version':'1'";

#[test]
fn what_is_alike_stays() {
    for from in SpecVersion::ALL {
        for to in SpecVersion::ALL {
            check(
                from.name(),
                "'components':[{'type':'library','bom-ref':'a','name':'a','version':'1'}],'dependencies':[{'ref':'a'}]",
                to.name(),
                "'components':[{'type':'library','bom-ref':'a','name':'a','version':'1'}],'dependencies':[{'ref':'a'}]",
                &[],
            );
        }
    }
}

#[test]
fn a_field_that_came_later_goes_with_its_version() {
    check(
        "1.7",
        "'declarations':{'claims':[{'bom-ref':'c'}]},'citations':[{'pointers':['/a'],'timestamp':'2026-01-01T00:00:00Z','attributedTo':'c'}]",
        "1.5",
        "",
        &[
            ("/declarations", "dropped", "`declarations` came in 1.6"),
            ("/citations", "dropped", "`citations` came in 1.7"),
        ],
    );
}

#[test]
fn a_value_that_came_later_gets_its_nearest_or_goes_with_what_needs_it() {
    let component = |r#type: &str, more: &str| {
        format!("'components':[{{'type':'{type}','name':'a','version':'1'{more}}}]")
    };
    check(
        "1.6",
        &component("cryptographic-asset", ""),
        "1.4",
        &component("file", ""),
        &[("/components/0/type", "mapped", "`cryptographic-asset` came in 1.6; `file` stands for it")],
    );
    check(
        "1.7",
        &component(
            "library",
            ",'hashes':[{'alg':'Streebog-256','content':'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'},{'alg':'MD5','content':'00112233445566778899aabbccddeeff'}],'externalReferences':[{'type':'citation','url':'x'}]",
        ),
        "1.6",
        &component(
            "library",
            ",'hashes':[{'alg':'MD5','content':'00112233445566778899aabbccddeeff'}],'externalReferences':[{'type':'other','url':'x'}]",
        ),
        &[
            ("/components/0/hashes/0", "dropped", "`Streebog-256` came in 1.7"),
            (
                "/components/0/externalReferences/0/type",
                "mapped",
                "`citation` came in 1.7; `other` stands for it",
            ),
        ],
    );
}

#[test]
fn what_is_emptied_goes_and_does_not_say_that_there_is_nothing() {
    check(
        "1.7",
        &format!(
            "'components':[{{{LIBRARY},'evidence':{{'callstack':{{}}}},'hashes':[{{'alg':'Streebog-256','content':'00112233445566778899aabbccddeeff'}}]}}]"
        ),
        "1.4",
        &format!("'components':[{{{LIBRARY}}}]"),
        &[
            ("/components/0/evidence", "dropped", "`callstack` came in 1.5"),
            ("/components/0/hashes", "dropped", "`Streebog-256` came in 1.7"),
        ],
    );
}

#[test]
fn a_missing_version_is_added_where_it_must_be_there() {
    check(
        "1.6",
        "'components':[{'type':'library','name':'a'}]",
        "1.3",
        "'components':[{'type':'library','name':'a','version':''}]",
        &[("/components/0", "mapped", "`version` must be there in 1.3, so that an empty one was added")],
    );
    let (made, _) = run(r#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#, "1.6", "1.4");
    assert_eq!(made, r#"{"bomFormat":"CycloneDX","specVersion":"1.4","version":1}"#);
}

#[test]
fn tools_become_a_list() {
    check(
        "1.6",
        "'metadata':{'tools':{'components':[{'type':'application','group':'Acme','name':'t','version':'2','hashes':[{'alg':'MD5','content':'00112233445566778899aabbccddeeff'}],'tags':['x']}],'services':[{'provider':{'name':'Org','url':['https://a.example']},'name':'s'}]}}",
        "1.4",
        "'metadata':{'tools':[{'vendor':'Acme','name':'t','version':'2','hashes':[{'alg':'MD5','content':'00112233445566778899aabbccddeeff'}]},{'vendor':'Org','name':'s'}]}",
        &[
            ("/metadata/tools/components/0/type", "dropped", "a tool in 1.4 has no `type`"),
            ("/metadata/tools/components/0/group", "mapped", "1.4 has a list of tools here"),
            ("/metadata/tools/components/0/name", "mapped", "1.4 has a list of tools here"),
            ("/metadata/tools/components/0/version", "mapped", "1.4 has a list of tools here"),
            ("/metadata/tools/components/0/hashes", "mapped", "1.4 has a list of tools here"),
            ("/metadata/tools/components/0/tags", "dropped", "a tool in 1.4 has no `tags`"),
            ("/metadata/tools/services/0/provider/name", "mapped", "1.4 has a list of tools here"),
            (
                "/metadata/tools/services/0/provider/url",
                "dropped",
                "a tool in 1.4 has the name of its vendor alone",
            ),
            ("/metadata/tools/services/0/name", "mapped", "1.4 has a list of tools here"),
        ],
    );
    let list = "'metadata':{'tools':[{'vendor':'Acme','name':'t'}]}";
    check("1.4", list, "1.6", list, &[]);
}

#[test]
fn the_manufacturer_of_the_product_is_in_the_metadata_before_1_6() {
    check(
        "1.6",
        &format!(
            "'metadata':{{'manufacturer':{{'name':'maker of the document'}},'component':{{{LIBRARY},'manufacturer':{{'name':'m','address':{{'country':'x'}}}}}}}}"
        ),
        "1.5",
        &format!("'metadata':{{'component':{{{LIBRARY}}},'manufacture':{{'name':'m'}}}}"),
        &[
            ("/metadata/manufacturer", "dropped", "`manufacturer` came in 1.6"),
            (
                "/metadata/component/manufacturer/name",
                "mapped",
                "`manufacture` of the metadata says it before 1.6",
            ),
            ("/metadata/component/manufacturer/address", "dropped", "`address` came in 1.6"),
        ],
    );
}

#[test]
fn authors_become_one_text() {
    check(
        "1.6",
        &format!(
            "'components':[{{{LIBRARY},'authors':[{{'name':'Jane','email':'j@a.example','phone':'1'}},{{'name':'Joe'}}]}}]"
        ),
        "1.5",
        &format!("'components':[{{{LIBRARY},'author':'Jane <j@a.example>, Joe'}}]"),
        &[
            ("/components/0/authors/0/name", "mapped", "`authors` came in 1.6; `author` is one text"),
            ("/components/0/authors/0/email", "mapped", "`authors` came in 1.6; `author` is one text"),
            (
                "/components/0/authors/0/phone",
                "dropped",
                "`author` is one text, with names and mail addresses",
            ),
            ("/components/0/authors/1", "mapped", "`authors` came in 1.6; `author` is one text"),
        ],
    );
}

#[test]
fn licences_beside_an_expression_are_joined_or_named() {
    let licences = |list: &str| format!("'components':[{{{LIBRARY},'licenses':[{list}]}}]");
    check(
        "1.7",
        &licences("{'expression':'MIT OR ISC'},{'license':{'id':'Zlib'}}"),
        "1.6",
        &licences("{'expression':'(MIT OR ISC) AND Zlib'}"),
        &[(
            "/components/0/licenses",
            "mapped",
            "an expression stands alone in 1.6, so that they are joined with AND",
        )],
    );
    check(
        "1.4",
        &licences("{'expression':'MIT'},{'license':{'name':'Own'}}"),
        "1.5",
        &licences("{'license':{'name':'MIT'}},{'license':{'name':'Own'}}"),
        &[(
            "/components/0/licenses/0",
            "mapped",
            "an expression stands alone in 1.5, so that it is a name beside the others",
        )],
    );
    // What is declared and what is concluded are two statements.
    check(
        "1.7",
        &licences(
            "{'expression':'MIT','acknowledgement':'declared'},{'expression':'ISC','acknowledgement':'concluded'}",
        ),
        "1.6",
        &licences(
            "{'license':{'name':'MIT','acknowledgement':'declared'}},{'license':{'name':'ISC','acknowledgement':'concluded'}}",
        ),
        &[(
            "/components/0/licenses",
            "mapped",
            "an expression stands alone in 1.6, so that it is a name beside the others",
        )],
    );
}

#[test]
fn the_most_certain_identity_stays() {
    check(
        "1.6",
        &format!(
            "'components':[{{{LIBRARY},'evidence':{{'identity':[{{'field':'name','confidence':0.5}},{{'field':'purl','confidence':0.9,'concludedValue':'x'}}]}}}}]"
        ),
        "1.5",
        &format!(
            "'components':[{{{LIBRARY},'evidence':{{'identity':{{'field':'purl','confidence':0.9}}}}}}]"
        ),
        &[
            (
                "/components/0/evidence/identity/0",
                "dropped",
                "1.5 has one identity here, and another is more certain",
            ),
            ("/components/0/evidence/identity/1/field", "mapped", "1.5 has one identity here, and no list"),
            (
                "/components/0/evidence/identity/1/confidence",
                "mapped",
                "1.5 has one identity here, and no list",
            ),
            ("/components/0/evidence/identity/1/concludedValue", "dropped", "`concludedValue` came in 1.6"),
        ],
    );
}

#[test]
fn elements_that_say_the_same_afterwards_are_one() {
    check(
        "1.6",
        &format!("'components':[{{{LIBRARY},'tags':['x']}},{{{LIBRARY}}},{{{LIBRARY},'scope':'required'}}]"),
        "1.5",
        &format!("'components':[{{{LIBRARY}}},{{{LIBRARY},'scope':'required'}}]"),
        &[
            ("/components/0/tags", "dropped", "`tags` came in 1.6"),
            ("/components/1", "dropped", "an earlier element says the same in 1.5"),
        ],
    );
}

#[test]
fn a_signature_goes_when_what_it_covers_changes() {
    let signature = "'signature':{'algorithm':'ES256','value':'AA'}";
    let reason = "what it signs is written another way, so that it no longer holds";
    check(
        "1.6",
        &format!(
            "'components':[{{{LIBRARY},{signature}}},{{'type':'file','name':'b','tags':['x'],{signature}}},{{'type':'file','name':'c','tags':['x'],'signature':{{'algorithm':'ES256','excludes':['tags'],'value':'AA'}}}}],{signature}"
        ),
        "1.5",
        &format!(
            "'components':[{{{LIBRARY},{signature}}},{{'type':'file','name':'b'}},{{'type':'file','name':'c','signature':{{'algorithm':'ES256','excludes':['tags'],'value':'AA'}}}}]"
        ),
        &[
            ("/components/1/tags", "dropped", "`tags` came in 1.6"),
            ("/components/1/signature", "dropped", reason),
            ("/components/2/tags", "dropped", "`tags` came in 1.6"),
            ("/signature", "dropped", reason),
        ],
    );
}

#[test]
fn what_a_newer_version_reads_more_strictly_is_put_right_or_goes() {
    check(
        "1.2",
        "'components':[{'type':'library','name':'a','version':'1','x-own':{'a':1},'externalReferences':[{'type':'vcs','url':'git@host:a/b c'},{'type':'vcs','url':'git@host:a/b'}]}]",
        "1.4",
        "'components':[{'type':'library','name':'a','version':'1','externalReferences':[{'type':'vcs','url':'ssh://git@host/a/b'}]}]",
        &[
            ("/components/0/x-own", "dropped", "1.4 has no fields but its own here"),
            ("/components/0/externalReferences/0", "dropped", "1.4 wants a reference (RFC 3987) here"),
            (
                "/components/0/externalReferences/1/url",
                "mapped",
                "it is a reference here (RFC 3987), and written as one",
            ),
        ],
    );
    check(
        "1.5",
        "'properties':[{'value':'x','own':1}]",
        "1.6",
        "'properties':[{'value':'x','name':''}]",
        &[
            ("/properties/0", "mapped", "`name` must be there in 1.6, so that an empty one was added"),
            ("/properties/0/own", "dropped", "1.6 has no fields but its own here"),
        ],
    );
}

#[test]
fn what_was_wrong_may_stay_and_what_it_lacked_a_version_for_comes_right() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","declarations":{"claims":7},"componentz":[]}"#;
    let (made, account) = run(text, "1.5", "1.6");
    assert_eq!(made, text.replace("1.5", "1.6"));
    assert!(account.iter().all(|loss| loss.fate == Fate::Mapped), "{account:?}");
    let (made, _) = run(text, "1.5", "1.4");
    assert_eq!(made, r#"{"bomFormat":"CycloneDX","specVersion":"1.4","componentz":[],"version":1}"#);
}

#[test]
fn the_layout_stays() {
    let text = "{\n  \"$schema\": \"http://cyclonedx.org/schema/bom-1.6.schema.json\",\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"version\": 1,\n  \"metadata\": {\n    \"tools\": {\n      \"components\": [{\"type\": \"library\", \"name\": \"t\"}]\n    }\n  },\n  \"declarations\": {}\n}\n";
    let (made, _) = run(text, "1.6", "1.4");
    assert_eq!(
        made,
        "{\n  \"$schema\": \"http://cyclonedx.org/schema/bom-1.4.schema.json\",\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.4\",\n  \"version\": 1,\n  \"metadata\": {\n    \"tools\": [\n      {\n        \"name\": \"t\"\n      }\n    ]\n  }\n}\n"
    );
}

#[test]
fn depth_costs_no_stack() {
    let deep = 50_000;
    let text = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,\"components\":[{}{}]}}",
        "{\"type\":\"file\",\"name\":\"n\",\"tags\":[],\"components\":[".repeat(deep),
        "]}".repeat(deep)
    );
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    let document = Document::parse(text.into(), &limits).unwrap();
    let mut ledger = Ledger::new(&document);
    let made = change(&document, dialect("1.6"), dialect("1.5"), &mut ledger);
    assert!(!String::from_utf8(made).unwrap().contains("tags"));
}

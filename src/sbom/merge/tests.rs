use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::document::{Document, Limits};
use crate::sbom::diff::diff;
use crate::sbom::grammar;
use crate::sbom::properties::MERGED_FROM;

fn read(text: &str) -> Sbom {
    Sbom::read(text.replace('\'', "\"").into(), &Limits::default()).unwrap()
}

fn sbom(rest: &str) -> Sbom {
    read(&format!("{{'bomFormat':'CycloneDX','specVersion':'1.6',{rest}}}"))
}

fn plain() -> Options {
    Options { provenance: false, ..Options::default() }
}

fn together(sboms: &[&Sbom], options: &Options) -> (Sbom, Merged) {
    let names: Vec<String> = (1..=sboms.len()).map(|number| format!("{number}.json")).collect();
    let digests: Vec<Digest> = sboms.iter().map(|sbom| Digest::sha256(sbom.document().bytes())).collect();
    let inputs: Vec<Input<'_>> = sboms
        .iter()
        .zip(&names)
        .zip(&digests)
        .map(|((sbom, name), digest)| Input { name, sbom, digest })
        .collect();
    let merged = merge(&inputs, options).unwrap();
    let again = merge(&inputs, options).unwrap();
    assert_eq!(merged.bytes, again.bytes, "the same documents give the same bytes");
    let sbom = Sbom::read(merged.bytes.clone(), &Limits::default()).unwrap();
    assert_eq!(sbom.components().len(), merged.components);
    (sbom, merged)
}

/// Merges documents, and compares what is at a pointer.
#[track_caller]
fn check(sboms: &[&str], pointer: &str, expected: &str) -> Merged {
    let sboms: Vec<Sbom> = sboms.iter().map(|rest| sbom(rest)).collect();
    let (merged, report) = together(&sboms.iter().collect::<Vec<_>>(), &plain());
    let found = merged.document().at(pointer).map(|value| String::from_utf8(value.canonical()).unwrap());
    let expected = Document::parse(expected.replace('\'', "\"").into(), &Limits::default()).unwrap();
    let expected = String::from_utf8(expected.root().canonical()).unwrap();
    assert_eq!(found.as_deref(), Some(expected.as_str()), "{}", String::from_utf8_lossy(&report.bytes));
    report
}

fn conflicts(merged: &Merged) -> Vec<String> {
    let shown = |conflict: &Conflict| {
        let component = conflict.component.as_deref().unwrap_or("-");
        format!("{component} {} {} {} {}", conflict.pointer, conflict.kept, conflict.dropped, conflict.input)
            .replace('"', "'")
    };
    merged.conflicts.iter().map(shown).collect()
}

#[test]
fn what_is_one_component_is_joined_and_its_references_follow() {
    let merged = check(
        &[
            "'components':[{'type':'library','bom-ref':'a','name':'bell','version':'1','purl':'pkg:cargo/bell@1'}],
             'dependencies':[{'ref':'a','dependsOn':[]}]",
            "'components':[{'type':'library','bom-ref':'x','name':'bell','version':'1','purl':'pkg:cargo/bell@1','scope':'optional'},
                           {'type':'library','bom-ref':'y','name':'clapper','version':'2'}],
             'dependencies':[{'ref':'x','dependsOn':['y']},{'ref':'y'}],
             'compositions':[{'aggregate':'complete','assemblies':['x']}]",
        ],
        "/dependencies",
        "[{'ref':'a','dependsOn':['y']},{'ref':'y'}]",
    );
    assert_eq!((merged.components, merged.joined, merged.conflicts.len()), (2, 1, 0));
    let text = String::from_utf8(merged.bytes).unwrap();
    assert!(text.contains("\"assemblies\": [\n        \"a\"\n"), "{text}");
}

#[test]
fn a_bom_ref_of_two_things_becomes_two_wherever_it_is_used() {
    let other = "'serialNumber':'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
         'components':[{'type':'library','bom-ref':'1','name':'b'}],'dependencies':[{'ref':'1'}],
         'vulnerabilities':[{'id':'V','affects':[{'ref':'1'}]}],
         'annotations':[{'subjects':['1'],'annotator':{'individual':{'name':'J'}},'timestamp':'2026-01-01T00:00:00Z','text':'t'}],
         'declarations':{'claims':[{'bom-ref':'c','target':'1'}]}";
    let merged = check(
        &["'components':[{'type':'library','bom-ref':'1','name':'a'}]", other],
        "/components/1/bom-ref",
        "'3e671687-395b-41f5-a30f-a58921a69b79#1'",
    );
    let text = String::from_utf8(merged.bytes).unwrap();
    assert_eq!(text.matches("\"3e671687-395b-41f5-a30f-a58921a69b79#1\"").count(), 5, "{text}");
    assert_eq!(merged.renamed[0].from, "1");
    let without = other.replace("'serialNumber':'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',", "");
    check(
        &["'components':[{'type':'library','bom-ref':'1','name':'a'}]", &without],
        "/components/1/bom-ref",
        "'document-2#1'",
    );
}

#[test]
fn of_two_scalars_the_first_is_kept_and_the_second_is_listed() {
    let merged = check(
        &[
            "'components':[{'type':'library','name':'a','version':'1','description':'one','supplier':{'name':'S','url':['https://s.example']},'hashes':[{'alg':'SHA-1','content':'da39a3ee5e6b4b0d3255bfef95601890afd80709'}]}]",
            "'components':[{'type':'library','name':'a','version':'1','description':'two','supplier':{'name':'T','contact':[{'name':'x'}]},'hashes':[{'alg':'SHA-1','content':'aa39a3ee5e6b4b0d3255bfef95601890afd80709'},{'alg':'MD5','content':'d41d8cd98f00b204e9800998ecf8427e'}]}]",
            "'components':[{'type':'library','name':'a','version':'1','supplier':{'name':'S','contact':[{'name':'y'}]},'licenses':[{'expression':'MIT'}]}]",
            "'components':[{'type':'library','name':'a','version':'1','licenses':[{'license':{'id':'MIT'}}]}]",
        ],
        "/components/0",
        "{'type':'library','name':'a','version':'1','description':'one','supplier':{'name':'S','url':['https://s.example'],'contact':[{'name':'y'}]},
          'hashes':[{'alg':'SHA-1','content':'da39a3ee5e6b4b0d3255bfef95601890afd80709'},{'alg':'MD5','content':'d41d8cd98f00b204e9800998ecf8427e'}],
          'licenses':[{'expression':'MIT'}]}",
    );
    assert_eq!(
        conflicts(&merged),
        [
            "a@1 /description 'one' 'two' 1",
            "a@1 /hashes {'alg':'SHA-1','content':'da39a3ee5e6b4b0d3255bfef95601890afd80709'} {'alg':'SHA-1','content':'aa39a3ee5e6b4b0d3255bfef95601890afd80709'} 1",
            "a@1 /licenses [{'expression':'MIT'}] [{'license':{'id':'MIT'}}] 3",
            "a@1 /supplier {'name':'S','url':['https://s.example']} {'name':'T','contact':[{'name':'x'}]} 1",
        ]
    );
}

#[test]
fn what_contradicts_a_weaker_name_stays_two() {
    let count = |one: &str, other: &str| {
        let documents = [one, other].map(|rest| sbom(&format!("'components':[{{'type':'library',{rest}}}]")));
        together(&[&documents[0], &documents[1]], &plain()).1.components
    };
    let digest = |digit: &str| format!("'hashes':[{{'alg':'SHA-256','content':'{}'}}]", digit.repeat(64));
    let (d1, d2) = (digest("1"), digest("2"));
    assert_eq!(count("'name':'a','version':'1'", "'name':'a','version':'1'"), 1);
    assert_eq!(count("'name':'a','version':'1'", "'name':'a','version':'2'"), 2);
    assert_eq!(count(&format!("'name':'a',{d1}"), &format!("'name':'b',{d1}")), 1);
    assert_eq!(count(&format!("'name':'a',{d1}"), &format!("'name':'a',{d2}")), 2);
    assert_eq!(count("'name':'a','purl':'pkg:npm/a@1'", "'name':'a'"), 1);
    assert_eq!(count("'name':'a','purl':'pkg:npm/a@1'", "'name':'a','purl':'pkg:cargo/a@1'"), 2);
    assert_eq!(
        count(
            &format!("'name':'a','purl':'pkg:npm/a@1',{d1}"),
            &format!("'name':'b','purl':'pkg:npm/b@1',{d1}")
        ),
        2
    );
    assert_eq!(
        count(
            &format!("'name':'a','purl':'pkg:npm/a@1',{d1}"),
            &format!("'name':'a','purl':'pkg:npm/a@1',{d2}")
        ),
        1
    );
    // Two spellings of one purl are no conflict.
    let documents = ["pkg:npm/%40s/a@1", "pkg:npm/@s/a@1"]
        .map(|purl| sbom(&format!("'components':[{{'type':'library','name':'a','purl':'{purl}'}}]")));
    let (_, merged) = together(&[&documents[0], &documents[1]], &plain());
    assert_eq!((merged.components, merged.conflicts.len()), (1, 0));
}

#[test]
fn the_same_id_with_another_analysis_of_other_components_is_another_vulnerability() {
    let components = "'components':[{'type':'library','bom-ref':'a','name':'a'},{'type':'library','bom-ref':'b','name':'b'}]";
    let with = |affects: &str, rest: &str| {
        format!(
            "{components},'vulnerabilities':[{{'id':'CVE-1','source':{{'name':'NVD'}},'affects':[{affects}]{rest}}}]"
        )
    };
    let not = ",'analysis':{'state':'not_affected'}";
    let yes = ",'analysis':{'state':'exploitable'}";
    let a = "{'ref':'a','versions':[{'version':'1'}]}";
    let count = |one: &str, other: &str| {
        let documents = [sbom(one), sbom(other)];
        let (merged, report) = together(&[&documents[0], &documents[1]], &plain());
        let list = merged.document().at("/vulnerabilities").unwrap();
        (list.elements().count(), report.conflicts.len())
    };
    assert_eq!(count(&with(a, not), &with("{'ref':'b'}", yes)), (2, 0));
    assert_eq!(count(&with(a, not), &with("{'ref':'b'}", "")), (2, 0));
    assert_eq!(count(&with(a, not), &with("{'ref':'b'}", not)), (1, 0));
    assert_eq!(count(&with(a, not), &with("{'ref':'a'}", yes)), (1, 1));
    check(
        &[&with(a, ""), &with("{'ref':'b'},{'ref':'a','versions':[{'version':'2'}]}", "")],
        "/vulnerabilities/0/affects",
        "[{'ref':'a','versions':[{'version':'1'},{'version':'2'}]},{'ref':'b'}]",
    );
}

/// A claim is the same only if its evidence is, and an attestation only if its claims are.
#[test]
fn what_refers_to_something_else_is_something_else() {
    let document = |evidence: &str| {
        format!(
            "'declarations':{{'attestations':[{{'map':[{{'claims':['c'],'requirement':'r'}}]}}],'claims':[{{'bom-ref':'c','evidence':['e']}}],
              'evidence':[{{'bom-ref':'e','description':'{evidence}'}}]}},'definitions':{{'standards':[{{'bom-ref':'s','requirements':[{{'bom-ref':'r'}}]}}]}}"
        )
    };
    let same = check(
        &[&document("x"), &document("x")],
        "/declarations/claims",
        "[{'bom-ref':'c','evidence':['e']}]",
    );
    assert!(same.renamed.is_empty());
    let other = check(
        &[&document("x"), &document("y")],
        "/declarations",
        "{'attestations':[{'map':[{'claims':['c'],'requirement':'r'}]},{'map':[{'claims':['document-2#c'],'requirement':'r'}]}],
          'claims':[{'bom-ref':'c','evidence':['e']},{'bom-ref':'document-2#c','evidence':['document-2#e']}],
          'evidence':[{'bom-ref':'e','description':'x'},{'bom-ref':'document-2#e','description':'y'}]}",
    );
    assert_eq!(other.renamed.len(), 2);
}

#[test]
fn links_among_the_documents_become_references() {
    let serial = "3e671687-395b-41f5-a30f-a58921a69b79";
    let one = format!(
        "'serialNumber':'urn:uuid:{serial}','version':2,'components':[{{'type':'library','bom-ref':'pkg:a/b@1','name':'b'}}]"
    );
    check(
        &[
            &format!(
                "'components':[{{'type':'library','bom-ref':'pkg:a/b@1','name':'other'}}],'vulnerabilities':[{{'id':'V','affects':[{{'ref':'urn:cdx:{serial}/2#pkg:a/b@1'}},{{'ref':'urn:cdx:{serial}/2#pkg%3Aa%2Fb@1'}},{{'ref':'urn:cdx:{serial}/1#pkg:a/b@1'}}]}}]"
            ),
            &one,
        ],
        "/vulnerabilities/0/affects",
        &format!(
            "[{{'ref':'{serial}#pkg:a/b@1'}},{{'ref':'{serial}#pkg:a/b@1'}},{{'ref':'urn:cdx:{serial}/1#pkg:a/b@1'}}]"
        ),
    );
}

#[test]
fn citations_lead_to_what_they_led_to() {
    let document = |name: &str, index: usize| {
        format!(
            "{{'bomFormat':'CycloneDX','specVersion':'1.7','components':[{{'type':'library','name':'same'}},{{'type':'library','name':'{name}','tags':['x','{name}']}}],
              'citations':[{{'pointers':['/components/{index}/tags/1','/components/{index}','/metadata/component','/nowhere'],'timestamp':'2026-01-01T00:00:00Z','attributedTo':'{name}'}}],
              'metadata':{{'component':{{'type':'application','name':'{name}'}}}}}}"
        )
    };
    let (one, two) = (read(&document("a", 1)), read(&document("b", 1)));
    let (merged, _) = together(&[&one, &two], &plain());
    let follow = |citation: usize, pointer: usize| {
        let text = merged.document().at(&format!("/citations/{citation}/pointers/{pointer}")).unwrap();
        let text = text.as_str().unwrap();
        merged
            .document()
            .at(&text)
            .map(|value| value.get("name").unwrap_or(value).as_str().unwrap().into_owned())
    };
    for (citation, name) in [(0, "a"), (1, "b")] {
        for pointer in 0..3 {
            assert_eq!(follow(citation, pointer).as_deref(), Some(name), "{citation} {pointer}");
        }
        assert_eq!(follow(citation, 3), None, "what leads nowhere stays");
    }
    let (twice, _) = together(&[&one, &one], &plain());
    assert!(diff(&one, &twice).is_empty());
}

#[test]
fn a_signature_goes_with_a_change_of_what_it_covers_and_stays_without() {
    let signature = "'signature':{'algorithm':'ES256','value':'AA'}";
    let two = format!(
        "{signature},'components':[{{'type':'library','bom-ref':'1','name':'b',{signature}}},{{'type':'library','bom-ref':'2','name':'c',{signature}}}],
         'declarations':{{'claims':[{{'bom-ref':'c','target':'1',{signature}}},{{'bom-ref':'d','target':'2',{signature}}}]}}"
    );
    let one = sbom("'components':[{'type':'library','bom-ref':'1','name':'a'}]");
    let two = sbom(&two);
    let (_, merged) = together(&[&one, &two], &plain());
    let dropped: Vec<&str> = merged.signatures.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(dropped, ["/components/0/signature", "/declarations/claims/0/signature", "/signature"]);
    assert_eq!(String::from_utf8(merged.bytes).unwrap().matches("\"signature\"").count(), 2);
    let (_, marked) = together(&[&one, &two], &Options::default());
    assert_eq!(marked.signatures.len(), 4);
}

#[test]
fn a_new_product_depends_on_the_others_and_nesting_puts_all_into_them() {
    let one = sbom(
        "'metadata':{'component':{'type':'application','name':'a','version':'1'}},'components':[{'type':'library','bom-ref':'l','name':'lib'}]",
    );
    let two = sbom(
        "'metadata':{'component':{'type':'application','bom-ref':'b','name':'b'}},'components':[{'type':'library','bom-ref':'l','name':'lib'}],'dependencies':[{'ref':'b','dependsOn':['l']}]",
    );
    let product = Some(Product { name: "suite".into(), version: Some("3".into()) });
    let (merged, _) = together(&[&one, &two], &Options { product: product.clone(), ..plain() });
    assert_eq!(merged.root().unwrap().label(), "suite@3");
    let edges: Vec<Vec<String>> = merged
        .dependencies()
        .map(|entry| {
            let on = entry.depends_on().map(|on| on.text().into_owned());
            std::iter::once(entry.reference().text().into_owned()).chain(on).collect()
        })
        .collect();
    assert_eq!(edges, [vec!["suite@3", "a@1", "b"], vec!["b", "l"]]);
    assert_eq!(merged.components().len(), 4);
    let (nested, report) = together(&[&one, &two], &Options { product, nested: true, ..plain() });
    assert_eq!((nested.components().len(), report.joined), (5, 0));
    let parents: Vec<Option<String>> = nested
        .components()
        .map(|component| component.parent().map(|parent| parent.name().into_owned()))
        .collect();
    assert_eq!(parents, [None, None, Some("a".into()), None, Some("b".into())]);
    let digest = &Digest::sha256("");
    let none = sbom("'components':[]");
    let inputs = [Input { name: "x", sbom: &none, digest }];
    assert_eq!(merge(&inputs, &Options { nested: true, ..plain() }).unwrap_err(), Error::NoRoot("x".into()));
    assert_eq!(merge(&[], &plain()).unwrap_err(), Error::Nothing);
    let old = read("{'bomFormat':'CycloneDX','specVersion':'1.5'}");
    let inputs = [Input { name: "x", sbom: &none, digest }, Input { name: "y", sbom: &old, digest }];
    assert!(matches!(merge(&inputs, &plain()).unwrap_err(), Error::Versions { .. }));
}

#[test]
fn without_a_new_product_the_first_stays_and_the_others_are_components() {
    let one = sbom("'metadata':{'component':{'type':'application','bom-ref':'a','name':'a'}}");
    let two = sbom(
        "'metadata':{'component':{'type':'application','bom-ref':'b','name':'b'}},'dependencies':[{'ref':'b','dependsOn':['a']}],'components':[{'type':'application','bom-ref':'a','name':'a','version':''}]",
    );
    let (merged, _) = together(&[&one, &two], &plain());
    assert_eq!(merged.root().unwrap().name(), "a");
    let names: Vec<String> = merged.components().map(|component| component.name().into_owned()).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn each_component_says_from_which_documents_it_came() {
    let serial = "'serialNumber':'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79','version':4,";
    let one = sbom(&format!(
        "{serial}'components':[{{'type':'library','name':'a'}},{{'type':'library','name':'b'}}]"
    ));
    let two = sbom("'components':[{'type':'library','name':'a','properties':[{'name':'k','value':'v'}]}]");
    let (merged, _) = together(&[&one, &two], &Options::default());
    let from = |index: usize| -> Vec<String> {
        let component = merged.component(index).unwrap();
        let marks = component.properties().filter(|property| property.name() == MERGED_FROM);
        marks.map(|mark| mark.value().into_owned()).collect()
    };
    let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/4";
    let digest = crate::digest::Digest::sha256(two.document().bytes());
    assert_eq!(from(0), [link.to_owned(), digest.to_string()]);
    assert_eq!(from(1), [link]);
    let references = merged.document().at("/externalReferences").unwrap();
    let urls: Vec<String> =
        references.elements().map(|one| one.get("url").unwrap().as_str().unwrap().into_owned()).collect();
    assert_eq!(urls, [link.to_owned(), digest.to_string()]);
    // What is merged again names the documents that it was made of, and not what was made in between.
    let three = sbom("'components':[{'type':'library','name':'c'}]");
    let (again, _) = together(&[&merged, &three], &Options::default());
    let (at_once, _) = together(&[&one, &two, &three], &Options::default());
    assert!(diff(&again, &at_once).is_empty());
}

#[test]
fn deep_nesting_needs_no_stack() {
    let deep = 4_000;
    let text = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{}{}]}}",
        "{\"name\":\"n\",\"components\":[".repeat(deep),
        "]}".repeat(deep)
    );
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    let sbom = Sbom::read(text.into(), &limits).unwrap();
    let digest = &Digest::sha256("");
    let inputs = [Input { name: "a", sbom: &sbom, digest }, Input { name: "b", sbom: &sbom, digest }];
    let merged = merge(&inputs, &plain()).unwrap();
    assert_eq!(merged.components, deep);
}

/// The universe of the model: what a document may say of a component, so that no two contradict each other.
fn component(number: usize, facts: u8, prefix: &str) -> String {
    let mut text =
        format!("{{'type':'library','bom-ref':'{prefix}{number}','name':'n{number}','version':'1'");
    if !number.is_multiple_of(3) {
        write!(text, ",'purl':'pkg:cargo/n{number}@1'").unwrap();
    }
    if facts & 1 != 0 {
        write!(text, ",'description':'d{number}'").unwrap();
    }
    let several = |bits: u8| (0..3_u8).filter(move |bit| bits & 1 << bit != 0);
    let properties: Vec<String> =
        several(facts >> 1).map(|bit| format!("{{'name':'p','value':'{bit}'}}")).collect();
    if !properties.is_empty() {
        write!(text, ",'properties':[{}]", properties.join(",")).unwrap();
    }
    let tags: Vec<String> = several(facts >> 4).map(|bit| format!("'{bit}'")).collect();
    if !tags.is_empty() {
        write!(text, ",'tags':[{}]", tags.join(",")).unwrap();
    }
    text + "}"
}

#[derive(Debug, Clone)]
struct Part {
    components: BTreeMap<usize, u8>,
    edges: BTreeSet<(usize, usize)>,
    prefix: usize,
}

fn part() -> impl Strategy<Value = Part> {
    (
        proptest::collection::btree_map(0..12_usize, any::<u8>(), 0..8),
        proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..10),
        0..3_usize,
    )
        .prop_map(|(components, edges, prefix)| {
            let numbers: Vec<usize> = components.keys().copied().collect();
            let pick = |index: &prop::sample::Index| numbers.get(index.index(numbers.len().max(1))).copied();
            let edges = edges.iter().filter_map(|(one, other)| Some((pick(one)?, pick(other)?))).collect();
            Part { components, edges, prefix }
        })
}

impl Part {
    /// References of one document may be those of another for something else: prefixes shift the numbers.
    fn reference(&self, number: usize) -> usize {
        (number * 5 + self.prefix) % 12
    }

    fn sbom(&self) -> Sbom {
        let components: Vec<String> = self
            .components
            .iter()
            .map(|(number, facts)| {
                let own = component(*number, *facts, "");
                own.replace(
                    &format!("'bom-ref':'{number}'"),
                    &format!("'bom-ref':'{}'", self.reference(*number)),
                )
            })
            .collect();
        let mut entries: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (from, to) in &self.edges {
            entries.entry(*from).or_default().push(format!("'{}'", self.reference(*to)));
        }
        let entries: Vec<String> = entries
            .iter()
            .map(|(from, to)| format!("{{'ref':'{}','dependsOn':[{}]}}", self.reference(*from), to.join(",")))
            .collect();
        sbom(&format!("'components':[{}],'dependencies':[{}]", components.join(","), entries.join(",")))
    }

    /// The union, by number.
    fn union(parts: &[Self]) -> Self {
        let mut all = Self { components: BTreeMap::new(), edges: BTreeSet::new(), prefix: 0 };
        for part in parts {
            for (number, facts) in &part.components {
                *all.components.entry(*number).or_default() |= facts;
            }
            all.edges.extend(&part.edges);
        }
        all
    }
}

proptest! {
    #[test]
    fn what_does_not_conflict_is_united_as_the_naive_model_does(parts in proptest::collection::vec(part(), 1..4)) {
        let sboms: Vec<Sbom> = parts.iter().map(Part::sbom).collect();
        let (merged, report) = together(&sboms.iter().collect::<Vec<_>>(), &plain());
        let expected = Part::union(&parts).sbom();
        let different = diff(&expected, &merged);
        prop_assert!(different.is_empty(), "{different:?}\n{}", String::from_utf8_lossy(&report.bytes));
        prop_assert!(report.conflicts.is_empty());
        let checked = grammar::check(merged.document(), merged.version().into(), "x");
        prop_assert!(checked.valid, "{:?}", checked.findings);
    }

    #[test]
    fn merging_is_associative_and_doing_it_twice_changes_nothing(parts in proptest::collection::vec(part(), 3)) {
        let [a, b, c] = [0, 1, 2].map(|index: usize| parts[index].sbom());
        for options in [plain(), Options::default()] {
            let left = together(&[&together(&[&a, &b], &options).0, &c], &options).0;
            let right = together(&[&a, &together(&[&b, &c], &options).0], &options).0;
            prop_assert!(diff(&left, &right).is_empty(), "{:?}", diff(&left, &right));
            let again = together(&[&left, &left], &options).0;
            prop_assert!(diff(&left, &again).is_empty(), "{:?}", diff(&left, &again));
        }
        for sbom in [&a, &b, &c] {
            prop_assert!(diff(sbom, &together(&[sbom], &plain()).0).is_empty());
            prop_assert!(diff(sbom, &together(&[sbom, sbom], &plain()).0).is_empty());
        }
    }
}

/// What documents say of three components, which may be anything.
fn quarrel() -> impl Strategy<Value = Vec<Vec<(usize, &'static str, usize)>>> {
    let member = prop_oneof![Just("description"), Just("scope"), Just("author"), Just("copyright")];
    proptest::collection::vec(proptest::collection::vec((0..3_usize, member, 0..3_usize), 0..8), 1..5)
}

proptest! {
    /// Whatever a document says stands in the result, or in the list of conflicts as dropped.
    #[test]
    fn nothing_is_lost_and_the_first_is_kept(documents in quarrel()) {
        let said: Vec<BTreeMap<(usize, &str), usize>> = documents
            .iter()
            .map(|facts| facts.iter().map(|(component, member, value)| ((*component, *member), *value)).collect())
            .collect();
        let sboms: Vec<Sbom> = said
            .iter()
            .map(|facts| {
                let components: Vec<String> = (0..3)
                    .map(|number| {
                        let own = facts.iter().filter(|((component, _), _)| *component == number);
                        let members: Vec<String> =
                            own.map(|((_, member), value)| format!(",'{member}':'{value}'")).collect();
                        let members = members.concat();
                        format!("{{'type':'library','name':'n{number}'{members}}}")
                    })
                    .collect();
                sbom(&format!("'components':[{}]", components.join(",")))
            })
            .collect();
        let (merged, report) = together(&sboms.iter().collect::<Vec<_>>(), &plain());
        let mut first: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        let mut expected = BTreeSet::new();
        for (input, facts) in said.iter().enumerate() {
            for ((component, member), value) in facts {
                let kept = *first.entry((*component, *member)).or_insert(*value);
                if kept != *value {
                    expected.insert((format!("n{component}"), format!("/{member}"), format!("\"{value}\""), input));
                }
            }
        }
        for ((component, member), value) in first {
            let found = merged.component(component).unwrap().value().get(member).and_then(|text| text.as_str());
            prop_assert_eq!(found.map(std::borrow::Cow::into_owned), Some(value.to_string()));
        }
        let found: BTreeSet<_> = report
            .conflicts
            .into_iter()
            .map(|conflict| (conflict.component.unwrap(), conflict.pointer, conflict.dropped, conflict.input))
            .collect();
        prop_assert_eq!(found, expected);
    }
}

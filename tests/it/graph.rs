//! Graphs of SBOMs as they come: cyclic, rootless, ambiguous, deep, and with names of any length.

use sbom_attest::document::Limits;
use sbom_attest::graph::{Graph, Node};
use sbom_attest::sbom::Sbom;

fn sbom(text: &str) -> Sbom {
    Sbom::read(text.replace('\'', "\"").into(), &Limits::default()).unwrap()
}

#[test]
fn the_graph_of_a_sound_sbom_is_its_dependencies() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sbom/shop.cdx.json");
    let sbom = Sbom::read(sbom_attest::files::read(path, 1 << 20).unwrap(), &Limits::default()).unwrap();
    let graph = Graph::of(&sbom);
    assert_eq!(graph.components().len(), 4);
    assert_eq!((graph.stated_edges(), graph.dangling().len(), graph.is_rootless()), (3, 0, false));
    let till = graph.node("pkg:cargo/till@1.4.2").unwrap();
    assert_eq!(graph.path_to(till), ["shop@1.0.0", "pkg:cargo/cart@2.1.0", "pkg:cargo/till@1.4.2"]);
    let cart = graph.node("pkg:cargo/cart@2.1.0").unwrap();
    assert_eq!(graph.dominators().weight(cart), 2);
    assert_eq!(graph.affected(&[till, cart]), [1, 0]);
    assert_eq!(graph.layers().layer(till), 2);
}

#[test]
fn an_sbom_of_a_cycle_that_depends_on_itself_is_a_graph() {
    let sbom = sbom(
        "{'bomFormat':'CycloneDX','specVersion':'1.6','metadata':{'component':{'bom-ref':'a','name':'a'}},'components':[{'bom-ref':'b','name':'b'}],
          'dependencies':[{'ref':'a','dependsOn':['a','b']},{'ref':'b','dependsOn':['a','b']}]}",
    );
    let graph = Graph::of(&sbom);
    assert_eq!(graph.cycles().cycles().collect::<Vec<_>>(), [[Node(0), Node(1)]]);
    assert_eq!(graph.topology().edge_count(), 4);
    assert_eq!(graph.paths().depth(Node(1)), Some(1));
}

#[test]
fn an_sbom_without_components_is_a_graph() {
    let empty = sbom("{'bomFormat':'CycloneDX','specVersion':'1.6'}");
    let graph = Graph::of(&empty);
    assert!(graph.is_rootless());
    assert_eq!((graph.topology().len(), graph.components().len()), (1, 0));
    assert_eq!(graph.path_to(graph.root()), [""; 0]);
}

#[test]
fn two_records_for_one_purl_are_two_nodes_and_entries_for_one_reference_are_joined() {
    let sbom = sbom(
        "{'bomFormat':'CycloneDX','specVersion':'1.6','components':[{'bom-ref':'1','name':'a','purl':'pkg:cargo/a@1'},{'bom-ref':'2','name':'a','purl':'pkg:cargo/a@1'},{'name':'nobody'}],
          'dependencies':[{'ref':'1','dependsOn':['2']},{'ref':'1','dependsOn':['2','1']}]}",
    );
    let graph = Graph::of(&sbom);
    assert_eq!(graph.components().len(), 3);
    assert_eq!(graph.topology().dependencies(Node(0)), [Node(0), Node(1)]);
    assert_eq!(graph.label(Node(0)), graph.label(Node(1)));
}

/// A million components in one chain: nothing may recurse, and a path is listed in part.
#[test]
fn an_sbom_of_a_chain_of_a_hundred_thousand_is_a_graph() {
    let count = 100_000;
    let components: Vec<String> = (0..count).map(|n| format!("{{'bom-ref':'{n}','name':'n{n}'}}")).collect();
    let dependencies: Vec<String> =
        (0..count).map(|n| format!("{{'ref':'{n}','dependsOn':['{}']}}", (n + 1) % count)).collect();
    let sbom = sbom(&format!(
        "{{'bomFormat':'CycloneDX','specVersion':'1.6','metadata':{{'component':{{'bom-ref':'r','name':'r'}}}},
          'components':[{}],'dependencies':[{{'ref':'r','dependsOn':['0']}},{}]}}",
        components.join(","),
        dependencies.join(",")
    ));
    let graph = Graph::of(&sbom);
    assert_eq!(graph.paths().greatest_depth(), count);
    assert_eq!(graph.cycles().cycles().next().unwrap().len(), count as usize);
    let path = graph.path_to(Node(count));
    assert_eq!((path.len(), path[0].as_str(), path[1].as_str()), (65, "r", "… 99937 more …"));
    assert_eq!(path[64], "n99999");
}

#[test]
fn names_of_any_length_are_carried() {
    let name = "n".repeat(1 << 20);
    let sbom = sbom(&format!(
        "{{'bomFormat':'CycloneDX','specVersion':'1.6','components':[{{'bom-ref':'{name}','name':'{name}'}}],'dependencies':[{{'ref':'{name}','dependsOn':['{name}']}}]}}"
    ));
    let graph = Graph::of(&sbom);
    assert_eq!(graph.node(&name), Some(Node(0)));
    assert_eq!(graph.label(Node(0)).len(), name.len());
}

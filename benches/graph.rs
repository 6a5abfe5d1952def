//! Graph analyses at 100,000 nodes and 500,000 edges, ours beside petgraph's own; and an SBOM read into a graph.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use petgraph::algo::{dominators, kosaraju_scc};
use sbom_attest::document::{Document, Limits};
use sbom_attest::graph::{Components, Dominators, Graph, Layers, Node, Paths, Topology};
use sbom_attest::sbom::Sbom;

fn main() {
    divan::main();
}

/// Edges mostly lead to later nodes, one in fifty back, so that there are cycles of every size. Always the same.
fn edges(nodes: u32, edges: u32) -> Vec<(Node, Node)> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: u32| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from(state % u64::from(below)).unwrap_or(0)
    };
    (0..edges)
        .map(|number| {
            let from = if number < nodes { number } else { random(nodes) };
            let span = (nodes - from).min(1 + nodes / 10);
            let back = random(50) == 0;
            (Node(from), Node(if back { random(nodes) } else { from + random(span) }))
        })
        .collect()
}

fn topology(nodes: u32) -> Topology {
    Topology::new(nodes, Some(Node(0)), edges(nodes, nodes * 5))
}

const NODES: u32 = 100_000;

#[divan::bench(args = [NODES, NODES * 10])]
fn build(bencher: Bencher, nodes: u32) {
    bencher
        .with_inputs(|| edges(nodes, nodes * 5))
        .bench_values(|edges| Topology::new(nodes, Some(Node(0)), edges));
}

#[divan::bench(args = [NODES, NODES * 10])]
fn components(bencher: Bencher, nodes: u32) {
    let graph = topology(nodes);
    bencher.bench(|| Components::of(black_box(&graph)));
}

#[divan::bench]
fn components_by_petgraph_kosaraju(bencher: Bencher) {
    let graph = topology(NODES);
    bencher.bench(|| kosaraju_scc(black_box(&graph)));
}

#[divan::bench(args = [NODES, NODES * 10])]
fn dominators_semi_nca(bencher: Bencher, nodes: u32) {
    let graph = topology(nodes);
    bencher.bench(|| Dominators::of(black_box(&graph)));
}

#[divan::bench]
fn dominators_by_petgraph_simple_fast(bencher: Bencher) {
    let graph = topology(NODES);
    bencher.bench(|| dominators::simple_fast(black_box(&graph), graph.root()));
}

#[divan::bench(args = [NODES, NODES * 10])]
fn paths(bencher: Bencher, nodes: u32) {
    let graph = topology(nodes);
    bencher.bench(|| Paths::of(black_box(&graph)));
}

#[divan::bench(args = [NODES, NODES * 10])]
fn reach_of_64_targets(bencher: Bencher, nodes: u32) {
    let graph = topology(nodes);
    let components = Components::of(&graph);
    let targets: Vec<Node> = (0..64).map(|n| Node(n * (nodes / 64))).collect();
    bencher.bench(|| black_box(&graph).leads_to(&components, &targets));
}

#[divan::bench]
fn layers(bencher: Bencher) {
    let graph = topology(NODES);
    let components = Components::of(&graph);
    bencher.bench(|| Layers::of(black_box(&graph), &components));
}

/// Build, components, dominators and reach of 64: what the goals in `docs/performance.md` speak of.
#[divan::bench(args = [NODES, NODES * 10])]
fn all_together(bencher: Bencher, nodes: u32) {
    let targets: Vec<Node> = (0..64).map(|n| Node(n * (nodes / 64))).collect();
    bencher.with_inputs(|| edges(nodes, nodes * 5)).bench_values(|edges| {
        let graph = Topology::new(nodes, Some(Node(0)), edges);
        let components = Components::of(&graph);
        let dominators = Dominators::of(&graph);
        (graph.leads_to(&components, &targets), dominators, components)
    });
}

#[divan::bench]
fn sbom_to_graph(bencher: Bencher) {
    let nodes = 20_000;
    let components: Vec<String> = (0..nodes)
        .map(|n| format!(r#"{{"type":"library","bom-ref":"pkg:cargo/c{n}@1.0.0","name":"c{n}","version":"1.0.0","purl":"pkg:cargo/c{n}@1.0.0","hashes":[{{"alg":"SHA-256","content":"{n:064x}"}}],"licenses":[{{"expression":"MIT OR Apache-2.0"}}],"externalReferences":[{{"type":"vcs","url":"https://example.org/c{n}"}}]}}"#))
        .collect();
    let dependencies: Vec<String> = (0..nodes)
        .map(|n| {
            let next: Vec<String> =
                (1..4).map(|step| format!(r#""pkg:cargo/c{}@1.0.0""#, (n + step * step) % nodes)).collect();
            format!(r#"{{"ref":"pkg:cargo/c{n}@1.0.0","dependsOn":[{}]}}"#, next.join(","))
        })
        .collect();
    let text = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{}],"dependencies":[{}]}}"#,
        components.join(","),
        dependencies.join(",")
    );
    bencher.counter(BytesCount::of_str(&text)).with_inputs(|| text.clone().into_bytes()).bench_values(
        |bytes| {
            let document = Document::parse(bytes, &Limits::default()).expect("it is JSON");
            let sbom = Sbom::parse(document).expect("it is an SBOM");
            Graph::of(&sbom).topology().len()
        },
    );
}

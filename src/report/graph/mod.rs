//! `graph/v1`: a dependency graph, for people, for programs, and as pictures.

mod dot;
mod html;
mod svg;

use std::io::{self, Write};

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use super::terminal::{count, heading, line, printable};
use crate::graph::{Graph, Node};

/// A graph to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// The graph.
    pub graph: &'a Graph<'a>,
    /// How many components the text shows.
    pub top: usize,
}

impl Report<'_> {
    /// The bom-ref of a node, else what people call it.
    fn reference(&self, node: Node) -> String {
        let component = self.graph.component(node);
        let reference = component.as_ref().and_then(|component| component.bom_ref());
        reference.unwrap_or_else(|| self.graph.label(node)).into_owned()
    }

    /// How many components would go with a node, itself not counted.
    fn dominated(&self, node: Node) -> u32 {
        self.graph.dominators().weight(node).saturating_sub(1)
    }
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            roots: Vec<String>,
            components: Rows<'a>,
            cycles: Vec<Vec<String>>,
            dangling: Vec<String>,
        }
        let graph = self.graph;
        let roots =
            if graph.is_rootless() { graph.topology().dependencies(graph.root()).to_vec() } else { vec![graph.root()] };
        Json {
            report: "graph/v1",
            roots: roots.into_iter().map(|node| self.reference(node)).collect(),
            components: Rows(self),
            cycles: graph
                .cycles()
                .cycles()
                .map(|members| members.iter().map(|node| self.reference(*node)).collect())
                .collect(),
            dangling: graph.dangling().iter().map(|dangling| dangling.reference.text().into_owned()).collect(),
        }
        .serialize(serializer)
    }
}

/// The components, written one by one so that a large graph is never held twice.
struct Rows<'a>(&'a Report<'a>);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'a> {
            r#ref: String,
            name: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            version: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            purl: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            depth: Option<u32>,
            dependencies: Vec<String>,
            dependents: usize,
            dominates: u32,
        }
        let report = self.0;
        let graph = report.graph;
        let mut rows = serializer.serialize_seq(None)?;
        for (node, component) in graph.components() {
            let dependents = graph.topology().dependents(node).iter().filter(|node| graph.component(**node).is_some());
            rows.serialize_element(&Row {
                r#ref: report.reference(node),
                name: &component.name(),
                version: component.version().as_deref(),
                purl: component.purl_text().as_deref(),
                depth: graph.paths().depth(node),
                dependencies: graph.topology().dependencies(node).iter().map(|node| report.reference(*node)).collect(),
                dependents: dependents.count(),
                dominates: report.dominated(node),
            })?;
        }
        rows.end()
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let graph = self.graph;
        let topology = graph.topology();
        line(out, "product", &graph.label(graph.root()))?;
        line(out, "components", &count(graph.parts().count(), "component"))?;
        line(out, "edges", &graph.stated_edges().to_string())?;
        line(out, "depth", &graph.paths().greatest_depth().to_string())?;
        line(out, "cycles", &graph.cycles().cycles().count().to_string())?;
        line(out, "dangling", &count(graph.dangling().len(), "reference"))?;
        let mut nodes: Vec<Node> = graph.parts().map(|(node, _)| node).collect();
        nodes.sort_by_key(|node| {
            (std::cmp::Reverse((self.dominated(*node), topology.dependents(*node).len())), self.reference(*node))
        });
        heading(out, "What carries most")?;
        writeln!(out, "  {:>7} {:>7} {:>5}  component", "carries", "used by", "depth")?;
        for node in nodes.iter().take(self.top) {
            let depth = graph.paths().depth(*node).map_or_else(|| "-".to_owned(), |depth| depth.to_string());
            let label = graph.label(*node);
            writeln!(
                out,
                "  {:>7} {:>7} {depth:>5}  {}",
                self.dominated(*node),
                topology.dependents(*node).len(),
                printable(&label)
            )?;
        }
        if nodes.len() > self.top {
            writeln!(out, "  … and {} more; --top shows more, --format json all", nodes.len() - self.top)?;
        }
        writeln!(
            out,
            "\n  carries: components that would go with it; depth: steps from the product, - where none lead there"
        )
    }
}

//! `graph/v1`: a dependency graph, for people, for programs, and as pictures.

mod dot;
mod html;
mod layout;
mod markup;
mod svg;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{self, Write};

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use super::terminal::{count, heading, line, printable};
use crate::graph::{Graph, Node};
use crate::sbom::Component;

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
        let reference = component.as_ref().and_then(Component::bom_ref);
        reference.unwrap_or_else(|| self.graph.label(node)).into_owned()
    }

    /// Group, name and version of a node, else its bom-ref: short enough for a picture, unlike a purl.
    fn caption(&self, node: Node) -> (String, Option<String>) {
        let Some(component) = self.graph.component(node) else {
            return (self.graph.label(node).into_owned(), None);
        };
        let name = component.name();
        if name.is_empty() {
            return (self.graph.label(node).into_owned(), None);
        }
        let name = component.group().map_or_else(|| name.to_string(), |group| format!("{group}/{name}"));
        (name, component.version().map(Cow::into_owned))
    }

    /// The nodes to be shown when not all can be: the root if it has a name, then those that carry most, then those
    /// that most depend on, then the first in the document.
    fn heaviest(&self) -> Vec<Node> {
        let graph = self.graph;
        let mut nodes: Vec<Node> = graph.components().map(|(node, _)| node).collect();
        nodes.sort_by_key(|&node| {
            let dependents = graph.topology().dependents(node).len();
            (node != graph.root(), Reverse(self.dominated(node)), Reverse(dependents), node)
        });
        nodes
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
        let roots = if graph.is_rootless() {
            graph.topology().dependencies(graph.root()).to_vec()
        } else {
            vec![graph.root()]
        };
        Json {
            report: "graph/v1",
            roots: roots.into_iter().map(|node| self.reference(node)).collect(),
            components: Rows(self),
            cycles: graph
                .cycles()
                .cycles()
                .map(|members| members.iter().map(|node| self.reference(*node)).collect())
                .collect(),
            dangling: graph
                .dangling()
                .iter()
                .map(|dangling| dangling.reference.text().into_owned())
                .collect(),
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
            let dependents =
                graph.topology().dependents(node).iter().filter(|node| graph.component(**node).is_some());
            rows.serialize_element(&Row {
                r#ref: report.reference(node),
                name: &component.name(),
                version: component.version().as_deref(),
                purl: component.purl_text().as_deref(),
                depth: graph.paths().depth(node),
                dependencies: graph
                    .topology()
                    .dependencies(node)
                    .iter()
                    .map(|node| report.reference(*node))
                    .collect(),
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
        line(out, "components", &graph.parts().count().to_string())?;
        line(out, "edges", &graph.stated_edges().to_string())?;
        line(out, "depth", &graph.paths().greatest_depth().to_string())?;
        line(out, "cycles", &graph.cycles().cycles().count().to_string())?;
        line(out, "dangling", &count(graph.dangling().len(), "reference"))?;
        let mut nodes: Vec<Node> = graph.parts().map(|(node, _)| node).collect();
        nodes.sort_by_key(|node| {
            (Reverse((self.dominated(*node), topology.dependents(*node).len())), self.reference(*node))
        });
        if nodes.is_empty() {
            return Ok(());
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;
    use crate::sbom::Sbom;

    /// Documents of the shapes that graphs come in.
    pub(super) struct Shape;

    impl Shape {
        pub(super) const EMPTY: &'static str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#;

        pub(super) const ROOTLESS: &'static str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6",
            "components":[{"bom-ref":"a","name":"a"},{"bom-ref":"b","name":"b"}],
            "dependencies":[{"ref":"a","dependsOn":["b"]}]}"#;

        /// A root, two that depend on each other, and one that nothing leads to and that depends on itself.
        pub(super) const CYCLIC: &'static str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6",
            "metadata":{"component":{"bom-ref":"r","name":"r"}},
            "components":[{"bom-ref":"a","name":"a"},{"bom-ref":"b","name":"b"},{"bom-ref":"c","name":"c"}],
            "dependencies":[{"ref":"r","dependsOn":["a"]},{"ref":"a","dependsOn":["b"]},{"ref":"b","dependsOn":["a"]},
                            {"ref":"c","dependsOn":["c"]}]}"#;

        /// Texts that try to get out, or to mislead.
        pub(super) const HOSTILE: [&'static str; 6] = [
            "</script><img src=x onerror=alert(1)>",
            "</title></style><script>alert(1)</script><!--",
            "\" onerror=\"alert(1)\" ' x='",
            "{{data}} ]]> &lt;b&gt;",
            "\u{1b}[2J\u{0}\u{202e}gnp.exe\u{9b}\r\n",
            "\\u003c/script>\\",
        ];

        /// A root and one component whose every text is `name`, with a dangling reference of that text.
        pub(super) fn named(name: &str) -> String {
            serde_json::json!({
                "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": name,
                "metadata": {"timestamp": name, "component": {"bom-ref": "r", "name": name, "version": name, "group": name}},
                "components": [{"type": name, "bom-ref": name, "name": name, "version": name, "purl": format!("pkg:{name}")}],
                "dependencies": [{"ref": "r", "dependsOn": [name, format!("gone:{name}")]}],
            })
            .to_string()
        }

        /// A root that depends on many.
        pub(super) fn star(leaves: usize) -> String {
            let names: Vec<String> = (0..leaves).map(|leaf| format!("leaf{leaf}")).collect();
            let product = "root".to_owned();
            let component =
                |name: &String| serde_json::json!({"bom-ref": name, "name": name, "type": "library"});
            serde_json::json!({
                "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": component(&product)},
                "components": names.iter().map(component).collect::<Vec<_>>(),
                "dependencies": [{"ref": "root", "dependsOn": names}],
            })
            .to_string()
        }

        /// Each component depends on the next one.
        pub(super) fn chain(count: usize) -> String {
            let component =
                |number| serde_json::json!({"bom-ref": format!("{number}"), "name": format!("{number}")});
            let link = |number| serde_json::json!({"ref": format!("{number}"), "dependsOn": [format!("{}", number + 1)]});
            serde_json::json!({
                "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": component(0)},
                "components": (1..count).map(component).collect::<Vec<_>>(),
                "dependencies": (0..count - 1).map(link).collect::<Vec<_>>(),
            })
            .to_string()
        }
    }

    pub(super) fn sbom(text: &str) -> Sbom {
        Sbom::read(text.as_bytes().to_vec(), &Limits::default()).unwrap()
    }

    /// Shows the graph of a document.
    fn check(text: &str, show: impl Fn(&Report<'_>) -> String) -> String {
        let sbom = sbom(text);
        show(&Report { graph: &Graph::of(&sbom), top: 20 })
    }

    #[test]
    fn a_caption_is_the_name_and_not_the_purl() {
        let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
            {"name":"core","group":"@babel","version":"7.0.0","purl":"pkg:npm/%40babel/core@7.0.0"},{"bom-ref":"x"}]}"#;
        let captions =
            check(text, |report| format!("{:?} {:?}", report.caption(Node(0)), report.caption(Node(1))));
        assert_eq!(captions, r#"("@babel/core", Some("7.0.0")) ("x", None)"#);
    }

    #[test]
    fn the_root_is_shown_first_and_then_what_carries_most() {
        let order = check(Shape::CYCLIC, |report| format!("{:?}", report.heaviest()));
        assert_eq!(order, "[Node(0), Node(1), Node(2), Node(3)]");
    }
}

//! The graph for Graphviz.

use std::fmt::Write as _;

use super::Report;

impl Report<'_> {
    /// The graph in the DOT language, nodes and edges in the order of the document.
    pub fn dot(&self) -> String {
        let graph = self.graph;
        let mut text =
            String::from("digraph sbom {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
        for (node, _) in graph.components() {
            let shape = if node == graph.root() { ", style=bold" } else { "" };
            let _ = writeln!(text, "  n{} [label=\"{}\"{shape}];", node.0, quoted(&graph.label(node)));
        }
        for (from, to) in graph.topology().edges() {
            if graph.component(from).is_some() {
                let _ = writeln!(text, "  n{} -> n{};", from.0, to.0);
            }
        }
        text.push_str("}\n");
        text
    }
}

/// A label inside quotation marks: nothing in it can end them, nor steer what shows it.
fn quoted(label: &str) -> String {
    crate::report::terminal::printable(label).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_leave_its_quotation_marks() {
        assert_eq!(quoted(r#"a" ]; evil [label="b\"#), r#"a\" ]; evil [label=\"b\\"#);
        assert_eq!(quoted("a\nb"), "a\\\\nb");
    }
}

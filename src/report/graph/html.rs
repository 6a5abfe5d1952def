//! The graph as one page that needs nothing else: no network, and no other file.
//!
//! The page shows the dominator tree, in which each component stands under the one without which it would not be
//! there. The document comes along as JSON in a block that is not run; the script puts it on the page as text only, and
//! the page's own Content-Security-Policy allows this script and this style by their digests and nothing else
//! (<https://www.w3.org/TR/CSP3/#source-list-syntax>).

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::Report;
use super::markup::{clipped, count, json, number, text};
use crate::digest::Digest;
use crate::graph::{Graph, Node};
use crate::report::terminal::printable;
use crate::sbom::{Component, Role};

impl Report<'_> {
    /// The page. Same graph, same bytes.
    pub fn html(&self) -> String {
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
            source_of(STYLE),
            source_of(SCRIPT)
        );
        let (shown, rows) = self.rows();
        filled(PAGE, |name| match name {
            "policy" => policy.clone(),
            "style" => STYLE.to_owned(),
            "script" => SCRIPT.to_owned(),
            "product" => text(&clipped(&self.product(), TEXT)),
            "facts" => text(&self.facts()),
            "source" => text(&self.source()),
            "shown" => shown.clone(),
            "rows" => rows.clone(),
            "data" => json(&Data::of(self)),
            _ => String::new(),
        })
    }

    /// How the product calls itself.
    pub(super) fn product(&self) -> String {
        self.full_caption(self.graph.root())
    }

    /// `name@version`.
    pub(super) fn full_caption(&self, node: Node) -> String {
        match self.caption(node) {
            (name, Some(version)) => format!("{name}@{version}"),
            (name, None) => name,
        }
    }

    /// The counts in one line; what is as it should be is not mentioned.
    pub(super) fn facts(&self) -> String {
        let graph = self.graph;
        let mut facts = vec![
            count(graph.parts().count(), "component"),
            format!("{} stated dependencies", number(graph.stated_edges())),
            format!("depth {}", number(graph.paths().greatest_depth() as usize)),
        ];
        let unreached = graph.topology().len() - graph.dominators().reached();
        for (unusual, noun) in [
            (graph.cycles().cycles().count(), "cycle"),
            (graph.dangling().len(), "dangling reference"),
            (graph.ambiguous().len(), "repeated bom-ref"),
        ] {
            if unusual > 0 {
                facts.push(count(unusual, noun));
            }
        }
        if unreached > 0 {
            facts.push(format!("{} not reached from the product", number(unreached)));
        }
        facts.join(" · ")
    }

    /// The document that this was drawn from.
    fn source(&self) -> String {
        let sbom = self.graph.sbom();
        let mut parts = vec![format!("Drawn from {}", Digest::sha256(sbom.document().bytes()))];
        parts.extend(sbom.timestamp().map(|time| format!("made {}", clipped(&time, CELL))));
        parts.join(" · ")
    }

    /// What a browser without scripts shows: how much that is, and the rows of a table.
    fn rows(&self) -> (String, String) {
        let graph = self.graph;
        let nodes = self.heaviest();
        let shown = match nodes.len() {
            0 => "nothing, as the document has no components".to_owned(),
            all if all <= ROWS => "every component, those that carry most first".to_owned(),
            all => format!("the {} of {} components that carry most", number(ROWS), number(all)),
        };
        let mut rows = String::new();
        for &node in nodes.iter().take(ROWS) {
            let depth =
                graph.paths().depth(node).map_or_else(|| "–".to_owned(), |depth| number(depth as usize));
            let purl = graph.component(node).and_then(|component| component.purl_text()).unwrap_or_default();
            let dependents =
                graph.topology().dependents(node).iter().filter(|node| graph.component(**node).is_some());
            let _ = writeln!(
                rows,
                r#"<tr><td>{}</td><td class="number">{}</td><td class="number">{}</td><td class="number">{depth}</td><td>{}</td></tr>"#,
                text(&clipped(&self.full_caption(node), CELL)),
                number(self.dominated(node) as usize),
                number(dependents.count()),
                text(&clipped(&purl, CELL)),
            );
        }
        (shown, rows)
    }
}

/// What the script reads: in each list one entry a node, a virtual root included.
#[derive(Serialize)]
struct Data {
    root: u32,
    /// Whether the root stands in no document.
    r#virtual: bool,
    names: Vec<String>,
    versions: Vec<Text>,
    purls: Vec<Text>,
    /// Nothing where it is the purl.
    references: Vec<Text>,
    /// Nothing for a library.
    kinds: Vec<Text>,
    /// The node before it on a shortest path; the root has itself.
    before: Vec<i64>,
    dominator: Vec<i64>,
    carries: Vec<u32>,
    /// How many of `edges` are a node's.
    degrees: Vec<usize>,
    edges: Vec<u32>,
    cycles: Vec<Vec<u32>>,
    dangling: Vec<(u32, String)>,
    /// Nodes of which the document does not say what they depend on.
    unstated: Vec<u32>,
    ambiguous: Vec<u32>,
}

/// A text, or the number 0 for none: there are many.
#[derive(Serialize)]
#[serde(untagged)]
enum Text {
    None(u8),
    Some(String),
}

impl Data {
    fn of(report: &Report<'_>) -> Self {
        let graph = report.graph;
        let topology = graph.topology();
        let all = || topology.nodes().map(|node| graph.component(node));
        let column = |pick: fn(Component<'_>) -> Option<String>| {
            all().map(|each| Text::of(each.and_then(pick))).collect()
        };
        let (names, versions) =
            topology.nodes().map(|node| report.caption(node)).unzip::<_, _, Vec<_>, Vec<_>>();
        let known = |node: Option<Node>| node.map_or(-1, |node| i64::from(node.0));
        Self {
            root: graph.root().0,
            r#virtual: graph.is_rootless(),
            names: names.iter().map(|name| shown(name)).collect(),
            versions: versions.into_iter().map(Text::of).collect(),
            purls: column(|component| Some(component.purl_text()?.into_owned())),
            references: column(|component| {
                let reference = component.bom_ref()?;
                (component.purl_text().as_ref() != Some(&reference)).then(|| reference.into_owned())
            }),
            kinds: column(|component| match component.kind() {
                _ if component.role() == Role::Service => Some("service".to_owned()),
                Some(kind) if kind == "library" => None,
                kind => Some(kind.unwrap_or_default().into_owned()),
            }),
            before: topology.nodes().map(|node| known(before(graph, node))).collect(),
            dominator: topology.nodes().map(|node| known(graph.dominators().immediate(node))).collect(),
            carries: topology.nodes().map(|node| report.dominated(node)).collect(),
            degrees: topology.nodes().map(|node| topology.dependencies(node).len()).collect(),
            edges: topology.edges().map(|(_, to)| to.0).collect(),
            cycles: graph
                .cycles()
                .cycles()
                .map(|members| members.iter().map(|node| node.0).collect())
                .collect(),
            dangling: graph
                .dangling()
                .iter()
                .filter_map(|dangling| Some((dangling.from?.0, shown(&dangling.reference.text()))))
                .collect(),
            unstated: topology.nodes().filter(|node| !graph.is_stated(*node)).map(|node| node.0).collect(),
            ambiguous: graph.ambiguous().iter().map(|node| node.0).collect(),
        }
    }
}

impl Text {
    fn of(text: Option<String>) -> Self {
        text.map_or(Self::None(0), |text| Self::Some(shown(&text)))
    }
}

/// The node before another on the shortest path to it; of the root, itself.
fn before(graph: &Graph<'_>, node: Node) -> Option<Node> {
    let (path, _) = graph.paths().shortened(node, 3);
    path.iter().rev().nth(1).or(path.last()).copied()
}

/// Text of the document as the page shows it.
fn shown(raw: &str) -> String {
    printable(&clipped(raw, TEXT)).into_owned()
}

/// How a Content-Security-Policy names what stands inline.
fn source_of(inline: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Digest::sha256(inline).bytes()))
}

/// A template with its `{{name}}`s replaced. What is put in is not looked at again.
fn filled(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut page = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        page.push_str(before);
        page.push_str(&value(name));
        rest = after;
    }
    page.push_str(rest);
    page
}

/// Rows of the table for browsers without scripts.
const ROWS: usize = 500;
/// Characters of a text in that table.
const CELL: usize = 120;
/// Characters of any other text on the page.
const TEXT: usize = 2_000;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::graph::tests::{Shape, sbom};

    fn html(text: &str) -> String {
        let sbom = sbom(text);
        Report { graph: &Graph::of(&sbom), top: 0 }.html()
    }

    fn data(page: &str) -> serde_json::Value {
        let (_, rest) = page.split_once(r#"id="data">"#).unwrap();
        serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
    }

    #[test]
    fn a_hostile_name_stays_text_wherever_it_stands() {
        for hostile in Shape::HOSTILE {
            let page = html(&Shape::named(hostile));
            assert_eq!(page.matches("</script>").count(), 2, "{hostile:?}");
            assert_eq!(page.matches("<script").count(), 2, "{hostile:?}");
            assert!(!page.contains("<img") && !page.contains("\"onerror"), "{hostile:?}");
            assert_eq!(page.matches("\"names\":").count(), 1, "no template in a template: {hostile:?}");
            let steering = |character: char| character.is_control() && character != '\n';
            assert!(!page.contains(steering) && !page.contains(['\u{202e}', '\u{2028}']), "{hostile:?}");
            let data = data(&page);
            for list in ["names", "versions", "references", "kinds"] {
                assert_eq!(data[list][1], *printable(hostile), "{list} {hostile:?}");
            }
            assert_eq!(data["purls"][1], format!("pkg:{}", printable(hostile)), "{hostile:?}");
            assert_eq!(data["dangling"][0][1], format!("gone:{}", printable(hostile)), "{hostile:?}");
        }
    }

    #[test]
    fn nothing_is_fetched_and_only_this_script_runs() {
        let page = html(&Shape::named("a"));
        for outside in [
            "src=",
            "href=\"http",
            "url(",
            "@import",
            "fetch(",
            "XMLHttpRequest",
            "import(",
            "style=\"",
            " on",
        ] {
            let allowed = if outside == " on" { 0 } else { page.matches(outside).count() };
            assert_eq!(allowed, 0, "{outside}");
        }
        for making in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("]
        {
            assert!(!SCRIPT.contains(making), "{making}");
        }
        assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"));
        assert!(!SCRIPT.contains("</") && !STYLE.contains("</"), "would end its element");
        // Browsers read a line end as \n before they take the digest.
        assert!(!SCRIPT.contains('\r') && !STYLE.contains('\r'), "would have another digest");
        assert!(
            page.contains(&format!("<script>{SCRIPT}</script>"))
                && page.contains(&format!("<style>{STYLE}</style>"))
        );
    }

    #[test]
    fn the_page_is_small_beside_its_data() {
        let page = html(&Shape::star(20_000));
        let own = page.len() - data(&page).to_string().len();
        assert!(own < PAGE_LIMIT, "{own}");
        assert_eq!(data(&page)["names"].as_array().unwrap().len(), 20_001);
    }

    #[test]
    fn the_table_without_scripts_has_a_limit_that_it_names() {
        let page = html(&Shape::star(ROWS));
        assert!(page.contains("the 500 of 501 components that carry most"), "one too many");
        assert_eq!(page.matches("<tr><td>").count(), ROWS);
        let page = html(&Shape::star(ROWS - 1));
        assert!(page.contains("here is every component"));
        assert_eq!(page.matches("<tr><td>").count(), ROWS);
    }

    #[test]
    fn a_giant_text_is_clipped() {
        let giant = "x".repeat(TEXT + 1);
        let page = html(&Shape::named(&giant));
        assert_eq!(data(&page)["names"][1], format!("{}…", "x".repeat(TEXT - 1)));
        assert!(page.len() < 100_000 + 10 * TEXT, "{}", page.len());
    }

    #[test]
    fn graphs_of_every_shape_have_a_page() {
        let page = html(Shape::EMPTY);
        assert!(page.contains("<bdi>(no root named)</bdi>") && page.contains("0 components"));
        assert_eq!(data(&page)["virtual"], true);
        let page = html(Shape::ROOTLESS);
        assert_eq!(data(&page)["before"], serde_json::json!([2, 0, 2]));
        let page = html(Shape::CYCLIC);
        assert!(page.contains("1 cycle") && page.contains("1 not reached from the product"));
        assert_eq!(data(&page)["cycles"].as_array().unwrap().len(), 1);
        assert_eq!(data(&page)["before"], serde_json::json!([0, 0, 1, -1]));
        assert_eq!(data(&page)["dominator"], serde_json::json!([-1, 0, 1, -1]));
    }

    #[test]
    fn the_same_document_gives_the_same_page_which_names_it() {
        let page = html(Shape::CYCLIC);
        assert_eq!(page, html(Shape::CYCLIC));
        assert!(page.contains(&Digest::sha256(sbom(Shape::CYCLIC).document().bytes()).to_string()));
    }

    /// What the page may weigh beyond its data.
    const PAGE_LIMIT: usize = 1_500_000;
}

//! The graph as a picture: SVG 1.1 without scripts, in the colours that the reader prefers.

use std::fmt::Write as _;

use super::Report;
use super::layout::{BOX, Bundle, Item, Layout};
use super::markup::{clipped, count, number, text};
use crate::graph::Node;
use crate::report::terminal::printable;

impl Report<'_> {
    /// The picture: what depends stands left of what it depends on. Beyond `DRAWN` components only those that
    /// carry most are drawn, and the picture says so. Same graph, same bytes.
    pub fn svg(&self) -> String {
        let mut nodes = self.heaviest();
        let all = nodes.len();
        nodes.truncate(DRAWN);
        nodes.sort_unstable();
        let layout = Layout::of(self, &nodes, |node| Label::of(self, node).width());
        let mut head = vec![self.facts()];
        if all > nodes.len() {
            let left_out = number(all - nodes.len());
            head.push(format!(
                "Drawn are the {} that carry most; {left_out} are left out",
                count(nodes.len(), "component")
            ));
        }
        if !layout.items.is_empty() {
            head.push(LEGEND.to_owned());
        }
        let product = clipped(&printable(&self.product()), TITLE);
        let widest = head
            .iter()
            .map(|line| columns(line) * LETTER_SMALL)
            .chain([columns(&product) * LETTER_LARGE])
            .max();
        let (width, top) = (layout.width.max(widest.unwrap_or(0) / LETTER_UNIT), 58 + 18 * whole(head.len()));
        let mut svg = String::new();
        let (full_width, full_height) = (width + 2 * MARGIN, layout.height + top + MARGIN);
        let _ = writeln!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{full_width}" height="{full_height}" viewBox="0 0 {full_width} {full_height}" role="img">"#
        );
        let _ = writeln!(svg, "<title>{}</title>\n<style>{STYLE}</style>", text(&product));
        let _ = writeln!(svg, r#"<rect class="back" width="100%" height="100%"/>"#);
        let _ = writeln!(svg, r#"<text class="product" x="{MARGIN}" y="42">{}</text>"#, text(&product));
        for (line, y) in head.iter().zip((0_i64..).map(|line| 64 + 18 * line)) {
            let _ = writeln!(svg, r#"<text class="quiet" x="{MARGIN}" y="{y}">{}</text>"#, text(line));
        }
        let _ = writeln!(svg, r#"<g transform="translate({MARGIN} {top})">"#);
        draw_edges(&mut svg, &layout);
        for item in layout.items.iter().filter(|item| !item.is_track).chain(&layout.alone) {
            self.draw_box(&mut svg, item);
        }
        if !layout.alone.is_empty() && !layout.items.is_empty() {
            let _ = writeln!(
                svg,
                r#"<text class="quiet" x="0" y="{}">Without a dependency that could be drawn: {}</text>"#,
                layout.grid - 10,
                number(layout.alone.len())
            );
        }
        svg.push_str("</g>\n</svg>\n");
        svg
    }

    fn draw_box(&self, svg: &mut String, item: &Item) {
        let label = Label::of(self, item.node);
        let class = if item.node == self.graph.root() { "root" } else { "box" };
        let (x, y, width) = (item.left, item.y, item.right - item.left);
        let _ = write!(
            svg,
            r#"<g class="{class}"><title>{}</title><rect x="{x}" y="{}" width="{width}" height="{BOX}" rx="4"/><text x="{}" y="{}">{}"#,
            text(&self.reference(item.node)),
            y - BOX / 2,
            x + PADDING,
            y + 4,
            text(&label.name)
        );
        if !label.carries.is_empty() {
            let _ = write!(svg, r#"<tspan class="carries" dx="6">{}</tspan>"#, label.carries);
        }
        svg.push_str("</text></g>\n");
    }
}

/// What stands in a box.
struct Label {
    name: String,
    carries: String,
}

impl Label {
    fn of(report: &Report<'_>, node: Node) -> Self {
        let mut name = report.full_caption(node);
        if name.chars().nth(LABEL).is_some()
            && let Some(component) = report.graph.component(node)
            && let Some(group) = component.group()
        {
            // What tells components apart stands at the end.
            name = name.strip_prefix(&format!("{group}/")).map_or(name.clone(), |rest| format!("…/{rest}"));
        }
        let name = clipped(&printable(&name), LABEL);
        let carries = match report.dominated(node) {
            0 => String::new(),
            carried => format!("+{}", number(carried as usize)),
        };
        Self { name, carries }
    }

    /// In pixels, for a monospaced font.
    fn width(&self) -> i64 {
        let gap = if self.carries.is_empty() { 0 } else { 6 };
        (columns(&self.name) + columns(&self.carries)) * LETTER / LETTER_UNIT + gap + 2 * PADDING
    }
}

fn draw_edges(svg: &mut String, layout: &Layout) {
    let mut write = |class: &str, draw: &dyn Fn(&Bundle) -> String| {
        let _ = writeln!(svg, r#"<g class="{class}">"#);
        for path in layout.bundles.iter().map(draw).filter(|path| !path.is_empty()) {
            let _ = writeln!(svg, r#"<path d="{path}"/>"#);
        }
        svg.push_str("</g>\n");
    };
    write("edge", &|bundle| curves(layout, &bundle.pieces));
    write("edge only", &|bundle| curves(layout, &bundle.only_way));
    write("edge circle", &|bundle| bundle.circles.iter().map(|circle| arc(layout, *circle)).collect());
}

/// From the right of one item to the left of the next, and through its column if that is a track.
fn curves(layout: &Layout, pieces: &[(usize, usize)]) -> String {
    let mut path = String::new();
    for &(from, to) in pieces {
        let (from, to) = (layout.items[from], layout.items[to]);
        let (start, end) = (from.right, to.left);
        // A box may be narrower than its column: the bend comes where the column ends.
        let near = start.max(end - BEND);
        let bend = i64::midpoint(near, end);
        let _ = write!(path, "M{start} {y}H{near}C{bend} {y} {bend} {0} {end} {0}", to.y, y = from.y);
    }
    // What several edges share is drawn once.
    let mut tracks: Vec<usize> =
        pieces.iter().map(|piece| piece.1).filter(|&to| layout.items[to].is_track).collect();
    tracks.sort_unstable();
    tracks.dedup();
    for Item { left, right, y, .. } in tracks.into_iter().map(|track| layout.items[track]) {
        let _ = write!(path, "M{left} {y}H{right}");
    }
    path
}

/// From the right of one box to the right of another in the same column.
fn arc(layout: &Layout, (from, to): (usize, usize)) -> String {
    let (start, end) = (layout.items[from], layout.items[to]);
    let bend = start.right.max(end.right) + (12 + (start.y - end.y).abs() / 4).min(BEND / 2);
    let (above, below) = if from == to { (start.y - 4, end.y + 4) } else { (start.y, end.y) };
    format!("M{} {above}C{bend} {above} {bend} {below} {} {below}", start.right, end.right)
}

/// How wide text is, in letters of a monospaced font; East Asian ones count twice.
fn columns(text: &str) -> i64 {
    text.chars()
        .map(
            |character| {
                if character < '\u{1100}' || ('\u{2000}'..'\u{2e80}').contains(&character) { 1 } else { 2 }
            },
        )
        .sum()
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Components in a drawing. More cannot be told apart.
pub(super) const DRAWN: usize = 2_000;
/// Characters of a label.
const LABEL: usize = 36;
/// Characters of the title.
const TITLE: usize = 80;
/// Around the drawing, in pixels.
const MARGIN: i64 = 28;
/// Inside a box, on either side.
const PADDING: i64 = 7;
/// How long a curve bends before a box.
const BEND: i64 = 72;
/// Widths of letters in hundredths of a pixel: of 12 pixels monospaced, 13 pixels and 22 pixels.
const LETTER: i64 = 725;
const LETTER_SMALL: i64 = 680;
const LETTER_LARGE: i64 = 1_300;
const LETTER_UNIT: i64 = 100;

const LEGEND: &str = "Left depends on right · +N: components that would go with it · strong line: from the component that it would go with · dashed: a cycle";

const STYLE: &str = "
.back{fill:#fff} text{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1b2229}
.product{font:600 22px system-ui,'Segoe UI',Arial,sans-serif} .quiet{font:13px system-ui,'Segoe UI',Arial,sans-serif;fill:#58636e}
.box rect{fill:#f5f7f9;stroke:#b6c0ca} .root rect{fill:#0b5cad;stroke:#0b5cad} .root text{fill:#fff} .carries{fill:#0b5cad} .root .carries{fill:#cfe3f8}
.edge{fill:none;stroke:#98a6b5;stroke-opacity:.55} .only{stroke:#0b5cad;stroke-opacity:.8;stroke-width:1.4} .circle{stroke:#b3261e;stroke-opacity:.9;stroke-dasharray:5 3}
@media (prefers-color-scheme:dark){
.back{fill:#12161b} text{fill:#e4e9ee} .quiet{fill:#98a4b0} .box rect{fill:#1d242c;stroke:#46525f} .root rect{fill:#7db8f5;stroke:#7db8f5}
.root text{fill:#0d1a28} .carries{fill:#7db8f5} .root .carries{fill:#1d3a58} .edge{stroke:#66727f} .only{stroke:#7db8f5} .circle{stroke:#ff8a80}
}
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Graph;
    use crate::report::graph::tests::{Shape, sbom};

    fn svg(text: &str) -> String {
        let sbom = sbom(text);
        Report { graph: &Graph::of(&sbom), top: 0 }.svg()
    }

    fn boxes(svg: &str) -> usize {
        svg.matches("<g class=\"box\">").count() + svg.matches("<g class=\"root\">").count()
    }

    #[test]
    fn a_hostile_name_stays_text() {
        for hostile in Shape::HOSTILE {
            let svg = svg(&Shape::named(hostile));
            assert!(
                !svg.contains("<script") && !svg.contains("<img") && !svg.contains("\"onerror"),
                "{hostile:?}"
            );
            assert_eq!(svg.matches("</style>").count(), 1, "{hostile:?}");
            assert!(
                !svg.contains(|character: char| character.is_control() && character != '\n'),
                "{hostile:?}"
            );
            assert!(
                svg.contains(&format!("<title>{}</title>", text(hostile))),
                "the whole bom-ref: {hostile:?}"
            );
        }
    }

    #[test]
    fn a_label_is_clipped_and_the_reference_is_not() {
        let giant = "x".repeat(10_000);
        let svg = svg(&Shape::named(&giant));
        assert!(
            svg.contains(&format!(">{}…</text>", "x".repeat(LABEL - 1)))
                || svg.contains(&format!(">{}…<", "x".repeat(LABEL - 1)))
        );
        assert_eq!(svg.matches(&giant).count(), 1);
    }

    #[test]
    fn a_long_group_gives_way_to_the_name() {
        let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
            {"name":"metrics-servlets","version":"4.0","group":"io.dropwizard.metrics.and.more"},
            {"name":"core","version":"7.0","group":"@babel"}]}"#;
        let svg = svg(text);
        assert!(svg.contains(">…/metrics-servlets@4.0<") && svg.contains(">@babel/core@7.0<"), "{svg}");
    }

    #[test]
    fn more_than_can_be_drawn_is_left_out_and_said() {
        let all = svg(&Shape::star(DRAWN - 1));
        assert!(boxes(&all) == DRAWN && !all.contains("left out"));
        let most = svg(&Shape::star(DRAWN));
        assert!(
            boxes(&most) == DRAWN
                && most.contains("Drawn are the 2,000 components that carry most; 1 are left out")
        );
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        assert_eq!(boxes(&svg(&Shape::chain(20_000))), DRAWN);
    }

    #[test]
    fn graphs_of_every_shape_have_a_picture() {
        let empty = svg(Shape::EMPTY);
        assert!(boxes(&empty) == 0 && empty.contains(">0 components · "));
        let rootless = svg(Shape::ROOTLESS);
        assert_eq!(
            (boxes(&rootless), rootless.matches("<path").count()),
            (2, 2),
            "an edge, and once more as the only way"
        );
        let cyclic = svg(Shape::CYCLIC);
        assert!(cyclic.contains("Without a dependency that could be drawn: 1"));
        assert_eq!(boxes(&cyclic), 4);
        let (_, circles) = cyclic.split_once("edge circle").unwrap();
        assert_eq!(circles.matches("<path").count(), 2);
    }

    #[test]
    fn the_same_document_gives_the_same_picture() {
        let text = Shape::star(50);
        assert_eq!(svg(&text), svg(&text));
    }
}

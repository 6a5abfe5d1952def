//! The XPath of a node: names as they are written, and a number where there are several of a name.

use std::collections::HashMap;

use super::tape::{Document, Kind};
use super::{Node, Position, element};
use crate::document::Source;

/// Which of its like a node is among its siblings, from 1; nothing for the only one.
pub(super) type Place = Option<u32>;

/// What siblings are counted by: kind, and name as it is written, so that no two paths are spelled alike.
type Like<'a> = (Kind, &'a str);

fn like(node: Node<'_>) -> Like<'_> {
    match node.kind() {
        Kind::Element => (Kind::Element, element::qualified(node)),
        // XPath knows no CDATA.
        Kind::Text | Kind::Cdata => (Kind::Text, ""),
        kind => (kind, ""),
    }
}

/// What is made from XML speaks of its lines and paths.
impl Source for Document {
    fn position(&self, offset: u32) -> Position {
        self.position(offset as usize)
    }

    fn path(&self, offset: u32) -> Option<String> {
        // Records are in the order of the text, and no two start at one byte.
        let record = self.records.binary_search_by_key(&offset, |record| record.start).ok()?;
        Some(Node::new(self, u32::try_from(record).ok()?).path())
    }
}

/// Depth steps, each of which looks at the siblings there, or into their index where they are many.
pub(super) fn path(node: Node<'_>) -> String {
    let mut steps = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at {
        steps.push(step(node));
        at = node.parent().map(|parent| parent.node());
    }
    steps.reverse();
    steps.concat()
}

fn step(node: Node<'_>) -> String {
    let name = match node.kind() {
        Kind::Attribute => return format!("/@{}", element::qualified(node)),
        Kind::Declaration => {
            let name = element::qualified(node);
            return format!("/namespace::{}", name.strip_prefix("xmlns:").unwrap_or("*"));
        }
        Kind::Element => element::qualified(node),
        Kind::Text | Kind::Cdata => "text()",
        Kind::Comment => "comment()",
        Kind::Instruction => "processing-instruction()",
    };
    let place = node.document().place(node.record().parent, node.index()).unwrap_or_else(|| place(node));
    place.map_or_else(|| format!("/{name}"), |place| format!("/{name}[{place}]"))
}

/// Looks at the siblings.
fn place(node: Node<'_>) -> Place {
    let like_this = like(node);
    let mut own = 0;
    let mut count = 0;
    for sibling in node.document().walk(node.record().parent) {
        if like(Node::new(node.document(), sibling)) == like_this {
            count += 1;
            if sibling <= node.index() {
                own = count;
            }
        }
    }
    (count > 1).then_some(own)
}

/// The places of all that an element holds, in the order of the text.
pub(super) fn places(document: &Document, parent: u32) -> Vec<(u32, Place)> {
    let mut counts: HashMap<Like<'_>, u32> = HashMap::new();
    let mut places: Vec<(u32, Place)> = document
        .walk(parent)
        .map(|child| {
            let count = counts.entry(like(Node::new(document, child))).or_default();
            *count += 1;
            (child, Some(*count))
        })
        .collect();
    // The only one of its like needs no number.
    for (child, place) in &mut places {
        if counts.get(&like(Node::new(document, *child))) == Some(&1) {
            *place = None;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    fn document(text: &str) -> Document {
        Document::parse(text.into(), &Limits::default()).unwrap()
    }

    /// The paths of everything, in the order of the text.
    fn paths(document: &Document) -> Vec<String> {
        (0..document.nodes()).map(|index| Node::new(document, u32::try_from(index).unwrap()).path()).collect()
    }

    #[test]
    fn a_path_has_a_number_where_there_are_several_of_a_name() {
        let document = document(
            "<!--1--><a xmlns='urn:a' xmlns:p='urn:p' p:k='1'><p:b/><b><c>x</c></b><b i='2'/><?q?><c>y<![CDATA[z]]></c></a><!--2-->",
        );
        assert_eq!(
            paths(&document),
            [
                "/comment()[1]",
                "/a",
                "/a/namespace::*",
                "/a/namespace::p",
                "/a/@p:k",
                "/a/p:b",
                "/a/b[1]",
                "/a/b[1]/c",
                "/a/b[1]/c/text()",
                "/a/b[2]",
                "/a/b[2]/@i",
                "/a/processing-instruction()",
                "/a/c",
                "/a/c/text()[1]",
                "/a/c/text()[2]",
                "/comment()[2]",
            ]
        );
    }

    #[test]
    fn names_are_counted_as_they_are_written() {
        let document = document("<a xmlns:p='urn:p' xmlns:q='urn:p'><p:b/><q:b/><b/><b xmlns='urn:p'/></a>");
        let elements: Vec<_> = document.root().children().map(|child| child.path()).collect();
        assert_eq!(elements, ["/a/p:b", "/a/q:b", "/a/b[1]", "/a/b[2]"]);
    }

    #[test]
    fn the_index_of_a_wide_element_agrees_with_looking_at_its_siblings() {
        let many: Vec<_> = (0..300)
            .map(|n| format!("<e{}/>{}<!---->", n % 7, if n == 9 { "<only/>" } else { "" }))
            .collect();
        let document = document(&format!("<a><few/>{}</a>", many.concat()));
        assert_eq!(document.wide.len(), 1);
        for child in document.root().content() {
            let indexed = document.place(document.root, child.index()).unwrap();
            assert_eq!(indexed, place(child), "{child:?}");
        }
        assert!(paths(&document).contains(&"/a/only".to_owned()));
        assert!(paths(&document).contains(&"/a/e6[42]".to_owned()));
    }

    #[test]
    fn an_offset_leads_to_the_path_of_what_starts_there() {
        let text = "<a>\n <b k='1'>x</b></a>";
        let document = document(text);
        let path = |of: &str| Source::path(&document, u32::try_from(text.find(of).unwrap()).unwrap());
        assert_eq!(path("<b").unwrap(), "/a/b");
        assert_eq!(path("k=").unwrap(), "/a/b/@k");
        assert_eq!(path("x<").unwrap(), "/a/b/text()");
        assert_eq!((path("'1'"), path("\n")), (None, None));
        assert_eq!(Source::position(&document, 5).to_string(), "line 2, column 2");
    }
}

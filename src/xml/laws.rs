//! Laws of XML documents, on random ones: what is written is read, paths are unique, nothing panics.

use proptest::prelude::*;

use super::{Document, Layout, Limits, Writer};

/// An element of the naive model.
#[derive(Debug, Clone, PartialEq)]
struct Tree {
    name: String,
    attributes: Vec<(String, String)>,
    holds: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Tree(Tree),
    Text(String),
}

fn text() -> impl Strategy<Value = String> {
    "[a<>&\"' \t\r\n\\]é🦀\u{FFFD}]{1,12}"
}

fn tree() -> impl Strategy<Value = Tree> {
    let attributes = || {
        proptest::collection::btree_map(
            "[a-zé_][a-z0-9.-]{0,3}",
            prop_oneof![text(), Just(String::new())],
            0..4,
        )
        .prop_map(|map| map.into_iter().filter(|(name, _)| !name.starts_with("xml")).collect::<Vec<_>>())
    };
    let leaf =
        ("[a-zé]{1,4}", attributes(), proptest::option::of(text())).prop_map(|(name, attributes, text)| {
            Tree { name, attributes, holds: text.into_iter().map(Piece::Text).collect() }
        });
    leaf.prop_recursive(5, 64, 6, move |inner| {
        ("[a-zé]{1,4}", attributes(), proptest::collection::vec(inner.prop_map(Piece::Tree), 0..6))
            .prop_map(|(name, attributes, holds)| Tree { name, attributes, holds })
    })
}

fn write(tree: &Tree, writer: &mut Writer) {
    writer.open(&tree.name);
    for (name, value) in &tree.attributes {
        writer.attribute(name, value).unwrap();
    }
    for piece in &tree.holds {
        match piece {
            Piece::Tree(tree) => write(tree, writer),
            Piece::Text(text) => writer.text(text).unwrap(),
        }
    }
    writer.close();
}

fn rebuilt(element: super::Element<'_>) -> Tree {
    Tree {
        name: element.qualified().to_owned(),
        attributes: element
            .attributes()
            .map(|attribute| (attribute.qualified().to_owned(), attribute.value().into_owned()))
            .collect(),
        holds: element
            .content()
            .map(|node| match node.element() {
                Some(element) => Piece::Tree(rebuilt(element)),
                None => Piece::Text(node.text().into_owned()),
            })
            .collect(),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(tree in tree(), indented in any::<bool>(), declared in any::<bool>()) {
        let mut writer = Writer::new(if indented { Layout::Indented(2) } else { Layout::Compact });
        if declared {
            writer.declaration();
        }
        write(&tree, &mut writer);
        let bytes = writer.finish();
        let document = Document::parse(bytes.clone(), &Limits::default()).unwrap();
        prop_assert_eq!(rebuilt(document.root()), tree, "{}", String::from_utf8_lossy(&bytes));
    }
}

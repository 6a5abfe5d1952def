//! Laws of XML documents, on random ones: what is written is read, paths are unique, nothing panics.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{Document, Error, Layout, Limits, Writer};
use crate::document::Source;

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

/// What stands in random texts: whatever means something, right and wrong.
fn token() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "<a>",
        "</a>",
        "<b",
        "</b>",
        "<p:c",
        "</p:c>",
        ">",
        "/>",
        " ",
        "\n",
        "\r\n",
        "\t",
        " x='1'",
        " y=\"&lt;\r\n\"",
        " p:x='2'",
        " xmlns='urn:a'",
        " xmlns:p='urn:p'",
        " xmlns:q='urn:p'",
        " q:x=''",
        " xmlns=''",
        "text",
        "&amp;",
        "&#xD;",
        "&#65;",
        "&",
        ";",
        "&no;",
        "<![CDATA[",
        "]]>",
        "]]",
        "<!--",
        "-->",
        "--",
        "<?q ",
        "?>",
        "<?xml version='1.0'?>",
        "é",
        "🦀",
        "'",
        "\"",
        "=",
        "<",
        "a:",
        "\u{1}",
    ])
}

/// A document with tokens put in somewhere, of which half are well-formed still.
fn soup() -> impl Strategy<Value = String> {
    let attribute = || {
        proptest::sample::select(vec![
            "",
            " x='1'",
            " y=\"&lt;\r\n\"",
            " p:x='2'",
            " xmlns:q='urn:q'",
            " xmlns=''",
            " xmlns='urn:a'",
        ])
    };
    let leaf = proptest::sample::select(vec![
        "text",
        " ",
        "\r\n",
        "&amp;&#xD;",
        "<!-- c -->",
        "<?q r?>",
        "<![CDATA[ <&]]>",
        "<b/>",
        "]",
        ">",
        "é🦀",
        "<c> </c>",
    ]);
    let element = leaf.prop_map(str::to_owned).prop_recursive(4, 24, 4, move |inner| {
        (
            proptest::sample::select(vec!["a", "p:b", "é.1"]),
            attribute(),
            attribute(),
            proptest::collection::vec(inner, 0..5),
        )
            .prop_map(|(name, one, two, inside)| {
                let two = if one == two { "" } else { two };
                format!("<{name}{one}{two}>{}</{name}>", inside.concat())
            })
    });
    (element, proptest::collection::vec((token(), any::<proptest::sample::Index>()), 0..3)).prop_map(
        |(element, slips)| {
            let mut text = format!("<a xmlns:p='urn:1'>{element}</a>");
            for (token, at) in slips {
                // The other reader overlooks a CR before a reference.
                let at = (0..=at.index(text.len() + 1))
                    .rfind(|&at| text.is_char_boundary(at) && !text[..at].ends_with('\r'))
                    .unwrap_or(0);
                text.insert_str(at, token);
            }
            text
        },
    )
}

/// The same tree as another reader sees it, layout left out as here.
fn twin(node: roxmltree::Node<'_, '_>) -> String {
    let name = |namespace: Option<&str>, local: &str| format!("{{{}}}{local}", namespace.unwrap_or_default());
    let mut text = format!("<{}", name(node.tag_name().namespace(), node.tag_name().name()));
    for attribute in node.attributes() {
        let _ = write!(text, " {}={:?}", name(attribute.namespace(), attribute.name()), attribute.value());
    }
    text.push('>');
    let mut words = String::new();
    for child in node.children() {
        if child.is_text() {
            words += child.text().unwrap_or_default();
        }
        if child.is_comment() {
            // The other reader leaves the line ends of comments as they are.
            let comment = child.text().unwrap_or_default().replace("\r\n", "\n").replace('\r', "\n");
            let _ = write!(text, "[{comment}]");
        }
        if child.is_element() {
            text += &twin(child);
        }
    }
    text + &format!("{:?}</>", without_layout(&words, node.children().any(|child| child.is_element())))
}

/// The same in the same notation.
fn seen(element: super::Element<'_>) -> String {
    let name =
        |(namespace, local): (Option<&str>, &str)| format!("{{{}}}{local}", namespace.unwrap_or_default());
    let mut text = format!("<{}", name(element.name()));
    for attribute in element.attributes() {
        let _ = write!(text, " {}={:?}", name(attribute.name()), attribute.value());
    }
    text.push('>');
    for child in element.content() {
        match child.element() {
            Some(child) => text += &seen(child),
            None if child.kind() == super::Kind::Comment => {
                let _ = write!(text, "[{}]", child.text());
            }
            None => {}
        }
    }
    text + &format!("{:?}</>", without_layout(&element.text(), element.children().next().is_some()))
}

/// White space counts where there are no elements.
fn without_layout(text: &str, has_elements: bool) -> String {
    if has_elements { text.split_whitespace().collect() } else { text.to_owned() }
}

/// Whether the other reader is known to let this in, which the specifications forbid.
fn is_lenient(error: &Error, text: &str) -> bool {
    if text.starts_with("<?xml") && matches!(error, Error::Unexpected { .. } | Error::Version { .. }) {
        return true;
    }
    match error {
        // It takes `a:xmlns` for a declaration, and lets a declaration come twice when one is empty.
        Error::UnboundPrefix { .. } => text.contains(":xmlns"),
        Error::DuplicateAttribute { name, .. } => name.starts_with("xmlns"),
        // It takes `<?xml<` for an instruction.
        Error::MisplacedDeclaration { .. } => text.contains("<?xml"),
        // It wants no space after the name of an instruction, and lets it have a colon.
        Error::Unexpected { expected, .. } => {
            *expected == "white space or `?>`" || expected.starts_with("a name") && text.contains("<?")
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn random_tokens_agree_with_another_reader(text in soup()) {
        let other = roxmltree::Document::parse(&text);
        match (Document::parse(text.clone().into(), &Limits::default()), &other) {
            (Ok(ours), Ok(other)) => prop_assert_eq!(seen(ours.root()), twin(other.root_element()), "{}", text),
            (Ok(_), Err(error)) => prop_assert!(false, "only the other refuses {text:?}: {error}"),
            (Err(error), Ok(_)) if !is_lenient(&error, &text) => {
                prop_assert!(false, "only this refuses {text:?}: {error}");
            }
            (Err(_), _) => {}
        }
    }

    #[test]
    fn every_node_has_a_path_and_a_place_of_its_own(text in soup()) {
        if let Ok(document) = Document::parse(text.clone().into(), &Limits::default()) {
            let mut seen = std::collections::HashSet::new();
            for index in 0..u32::try_from(document.nodes()).unwrap() {
                let node = super::Node::new(&document, index);
                prop_assert!(seen.insert(node.path()), "{} twice in {text:?}", node.path());
                let start = node.span().start;
                prop_assert_eq!(node.position(), super::Position::in_bytes(text.as_bytes(), start));
                prop_assert_eq!(Source::path(&document, u32::try_from(start).unwrap()), Some(node.path()));
                prop_assert!(node.raw().len() >= node.text().len() || node.raw().contains('&'));
            }
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Document::parse(bytes, &Limits::default());
    }
}

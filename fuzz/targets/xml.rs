//! Any bytes as XML: what is accepted another reader accepts too, every node has a path of its own, and what is written
//! of it reads back the same.
#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use sbom_attest::document::Source;
use sbom_attest::sbom;
use sbom_attest::xml::{Document, Element, Layout, Limits, Writer};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let _ = sbom::open(bytes.to_vec(), &limits);
    let document = match Document::parse(bytes.to_vec(), &limits) {
        Ok(document) => document,
        Err(error) => {
            let offset = error.position().map_or(0, |at| at.offset);
            assert!(offset <= bytes.len() as u64 && error.to_string().len() < 1000);
            return;
        }
    };
    assert_eq!(document.bytes(), bytes);
    let text = std::str::from_utf8(bytes).expect("it was accepted");
    let options = roxmltree::ParsingOptions { nodes_limit: u32::MAX, ..Default::default() };
    let other = roxmltree::Document::parse_with_options(text, options);
    match &other {
        Ok(other) => {
            let (mine, others) = (document.root(), other.root_element());
            // The other reader calls `xmlns=""` a namespace without a name.
            let namespace = others.tag_name().namespace().filter(|name| !name.is_empty());
            assert_eq!(mine.name(), (namespace, others.tag_name().name()));
            let count = others.descendants().filter(roxmltree::Node::is_element).count();
            assert_eq!(elements(mine).len(), count, "as many elements");
        }
        // It does not know what `xml:` stands for in the name of an element.
        Err(roxmltree::Error::UnknownNamespace(prefix, _)) if prefix == "xml" => {}
        Err(error) => panic!("only we accept it: {error}"),
    }
    let mut paths = HashSet::new();
    for node in elements(document.root()).iter().take(LOOKED_AT).flat_map(|element| element.content()) {
        assert!(paths.insert(node.path()), "{} twice", node.path());
        let start = u32::try_from(node.span().start).expect("it fits");
        assert_eq!(Source::path(&document, start), Some(node.path()));
        let _ = (node.text(), node.position());
    }
    let mut writer = Writer::new(Layout::Compact);
    write(document.root(), &mut writer);
    let written = writer.finish();
    let again = Document::parse(written.clone(), &limits).expect("what is written can be read");
    let (one, other) = (elements(document.root()), elements(again.root()));
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one.qualified(), other.qualified());
        // Beside a comment, which is not written, white space was no layout; where there are elements it is now.
        let text = |element: &Element<'_>| match element.children().next() {
            Some(_) => element.text().split_ascii_whitespace().collect(),
            None => element.text().into_owned(),
        };
        assert_eq!(text(one), text(other));
        let values = |element: &Element<'_>| {
            element.attributes().map(|one| one.value().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(values(one), values(other));
    }
});

/// An element and all below it, in the order of the text.
fn elements(root: Element<'_>) -> Vec<Element<'_>> {
    let mut open = vec![root];
    let mut found = Vec::new();
    while let Some(element) = open.pop() {
        found.push(element);
        let mut children: Vec<_> = element.children().collect();
        children.reverse();
        open.extend(children);
    }
    found
}

/// What the tree holds, declarations left out but for those that names need. The depth is bounded by [`Limits`].
fn write(element: Element<'_>, writer: &mut Writer) {
    writer.open(element.qualified());
    let mut prefixes = HashSet::new();
    let mut declare = |qualified: &str, namespace: Option<&str>, writer: &mut Writer| {
        let prefix = qualified.split_once(':').map_or("", |(prefix, _)| prefix);
        if prefix != "xml" && prefixes.insert(prefix.to_owned()) {
            let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            writer.attribute(&name, namespace.unwrap_or_default()).expect("it was read");
        }
    };
    declare(element.qualified(), element.name().0, writer);
    for attribute in element.attributes() {
        if attribute.name().0.is_some() {
            declare(attribute.qualified(), attribute.name().0, writer);
        }
        writer.attribute(attribute.qualified(), &attribute.value()).expect("it was read");
    }
    for node in element.content() {
        match node.element() {
            Some(child) => write(child, writer),
            None if matches!(node.kind(), sbom_attest::xml::Kind::Text | sbom_attest::xml::Kind::Cdata) => {
                writer.text(&node.text()).expect("it was read");
            }
            None => {}
        }
    }
    writer.close();
}

/// How many elements of a document are looked at one by one.
const LOOKED_AT: usize = 100;

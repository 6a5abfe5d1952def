//! The reader of XML on every XML file of the suites, beside another reader.

use std::path::Path;

use sbom_attest::document::Limits;
use sbom_attest::xml::{Document, Element, Kind};

use super::{files, read, vectors};

#[test]
fn every_xml_file_is_read_as_another_reader_reads_it() {
    let mut paths = files(&vectors("cyclonedx"), "xml");
    if let Some(corpus) = std::env::var_os("SBOM_ATTEST_CORPUS") {
        paths.extend(files(Path::new(&corpus), "xml"));
    }
    let mut wrong = Vec::new();
    for path in &paths {
        let bytes = read(path);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let other = roxmltree::Document::parse(&text);
        match (Document::parse(bytes.clone(), &Limits::default()), other) {
            (Ok(ours), Ok(other)) => {
                assert_eq!(ours.bytes(), bytes);
                same(ours.root(), other.root_element(), path);
            }
            (ours, other) => {
                wrong.push(format!("{}: {:?}, the other {:?}", path.display(), ours.err(), other.err()));
            }
        }
    }
    eprintln!("xml: {} files read as another reader reads them", paths.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(paths.len() > 300);
}

/// The same names, attributes, texts and order. These files nest little.
fn same(ours: Element<'_>, other: roxmltree::Node<'_, '_>, path: &Path) {
    let at = || format!("{} {}", path.display(), ours.path());
    assert_eq!(ours.name(), (other.tag_name().namespace(), other.tag_name().name()), "{}", at());
    let attributes: Vec<_> = ours.attributes().map(|one| (one.name(), one.value().into_owned())).collect();
    let others: Vec<_> =
        other.attributes().map(|one| ((one.namespace(), one.name()), one.value().to_owned())).collect();
    assert_eq!(attributes, others, "{}", at());
    let children: Vec<_> = ours.children().collect();
    let others: Vec<_> = other.children().filter(roxmltree::Node::is_element).collect();
    assert_eq!(children.len(), others.len(), "{}", at());
    if others.is_empty() {
        let text: String =
            other.children().filter(roxmltree::Node::is_text).filter_map(|text| text.text()).collect();
        assert_eq!(ours.text(), text, "{}", at());
    }
    let comments =
        ours.content().filter(|node| node.kind() == Kind::Comment).map(|node| node.text().into_owned());
    let others_comments = other.children().filter(roxmltree::Node::is_comment).filter_map(|node| node.text());
    assert!(comments.eq(others_comments), "{}", at());
    for (child, other) in children.into_iter().zip(others) {
        same(child, other, path);
    }
}

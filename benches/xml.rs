//! Reading and writing SBOM-like XML: ours beside another tree, SHA-256 as the yardstick.

use std::fmt::Write as _;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sbom_attest::digest::Digest;
use sbom_attest::document::Limits;
use sbom_attest::xml::{Document, Element, Layout, Writer};

fn main() {
    divan::main();
}

/// A CycloneDX document as generators write it: two hashes, a licence, a purl, references and a property each.
fn sbom(components: usize, break_line: &str) -> Vec<u8> {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\" version=\"1\"><components>",
    );
    let lines = |text: &str| text.replace('|', break_line);
    for n in 0..components {
        let purl = format!("pkg:cargo/crate-{n}@1.{n}.0");
        let component = format!(
            "|  <component type=\"library\" bom-ref=\"{purl}\">|    <author>Jane Doe &lt;jane@example.org&gt;</author>|    <name>crate-{n}</name>|    <version>1.{n}.0</version>|    <description>A crate that does the thing number {n} and does it well</description>|    <scope>required</scope>|    <hashes>|      <hash alg=\"SHA-256\">{n:064x}</hash>|      <hash alg=\"SHA-512\">{n:0128x}</hash>|    </hashes>|    <licenses>|      <expression>MIT OR Apache-2.0</expression>|    </licenses>|    <purl>{purl}</purl>|    <externalReferences>|      <reference type=\"vcs\">|        <url>https://example.org/crate-{n}.git</url>|      </reference>|      <reference type=\"website\">|        <url>https://example.org/crate-{n}</url>|      </reference>|    </externalReferences>|    <properties>|      <property name=\"example:kind\">runtime</property>|    </properties>|  </component>",
        );
        let _ = write!(text, "{}", lines(&component));
    }
    text.push_str("</components></bom>\n");
    text.into_bytes()
}

fn compact() -> Vec<u8> {
    let text = String::from_utf8(sbom(COMPONENTS, "\n")).expect("it is UTF-8");
    text.lines().map(str::trim_start).collect::<String>().into_bytes()
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let text = sbom(COMPONENTS, "\n");
    let limits = Limits::default();
    bencher
        .counter(BytesCount::of_slice(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| Document::parse(text, &limits));
}

#[divan::bench]
fn parse_compact(bencher: Bencher) {
    let text = compact();
    let limits = Limits::default();
    bencher
        .counter(BytesCount::of_slice(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| Document::parse(text, &limits));
}

#[divan::bench]
fn parse_with_roxmltree(bencher: Bencher) {
    let text = String::from_utf8(sbom(COMPONENTS, "\n")).expect("it is UTF-8");
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let document = roxmltree::Document::parse(black_box(&text)).expect("it is XML");
        document.descendants().count()
    });
}

/// Every name, attribute and text looked at once.
#[divan::bench]
fn visit(bencher: Bencher) {
    let text = sbom(COMPONENTS, "\n");
    let length = BytesCount::of_slice(&text);
    let document = Document::parse(text, &Limits::default()).expect("it is XML");
    bencher.counter(length).bench(|| {
        let mut open = vec![black_box(&document).root()];
        let mut total = 0;
        while let Some(element) = open.pop() {
            total += element.name().1.len() + element.text().len();
            total += element.attributes().map(|attribute| attribute.value().len()).sum::<usize>();
            open.extend(element.children());
        }
        total
    });
}

#[divan::bench]
fn write(bencher: Bencher) {
    let text = sbom(COMPONENTS, "\n");
    let length = BytesCount::of_slice(&text);
    let document = Document::parse(text, &Limits::default()).expect("it is XML");
    bencher.counter(length).bench(|| {
        let mut writer = Writer::new(Layout::Indented(2));
        copy(black_box(&document).root(), &mut writer);
        writer.finish()
    });
}

fn copy(element: Element<'_>, writer: &mut Writer) {
    writer.open(element.qualified());
    for attribute in element.attributes() {
        writer.attribute(attribute.qualified(), &attribute.value()).expect("it was read");
    }
    for child in element.children() {
        copy(child, writer);
    }
    writer.text(&element.text()).expect("it was read");
    writer.close();
}

#[divan::bench]
fn sha256(bencher: Bencher) {
    let text = sbom(COMPONENTS, "\n");
    bencher.counter(BytesCount::of_slice(&text)).bench(|| Digest::sha256(black_box(&text)));
}

const COMPONENTS: usize = 20_000;

//! Laws of reading and writing, on documents that are made up: a model prints itself as text, in whatever order and
//! spelling the specification leaves free, and says what JSON it is, both by other code than ours.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::{Read, read, write};
use crate::document::{Document, Limits};
use crate::sbom::convert::Fate;

/// How a value is spelled in text and in JSON.
#[derive(Debug, Clone, Copy, PartialEq)]
enum As {
    Text,
    List,
    Checksum,
    External,
}

type Tags = [(&'static str, &'static str, As)];

const PACKAGE: &Tags = &[
    ("PackageVersion", "versionInfo", As::Text),
    ("PackageSupplier", "supplier", As::Text),
    ("PackageDownloadLocation", "downloadLocation", As::Text),
    ("PackageChecksum", "checksums", As::Checksum),
    ("PackageLicenseInfoFromFiles", "licenseInfoFromFiles", As::List),
    ("PackageCopyrightText", "copyrightText", As::Text),
    ("PackageDescription", "description", As::Text),
    ("PackageComment", "comment", As::Text),
    ("ExternalRef", "externalRefs", As::External),
    ("PackageAttributionText", "attributionTexts", As::List),
    ("ValidUntilDate", "validUntilDate", As::Text),
];
const FILE: &Tags = &[
    ("FileType", "fileTypes", As::List),
    ("FileChecksum", "checksums", As::Checksum),
    ("LicenseConcluded", "licenseConcluded", As::Text),
    ("LicenseInfoInFile", "licenseInfoInFiles", As::List),
    ("FileCopyrightText", "copyrightText", As::Text),
    ("FileNotice", "noticeText", As::Text),
    ("FileContributor", "fileContributors", As::List),
];
const SNIPPET: &Tags = &[
    ("SnippetFromFileSPDXID", "snippetFromFile", As::Text),
    ("SnippetName", "name", As::Text),
    ("LicenseInfoInSnippet", "licenseInfoInSnippets", As::List),
    ("SnippetComment", "comment", As::Text),
];
const LICENSE: &Tags = &[
    ("ExtractedText", "extractedText", As::Text),
    ("LicenseName", "name", As::Text),
    ("LicenseCrossReference", "seeAlsos", As::List),
];
const DOCUMENT: &Tags = &[
    ("SPDXVersion", "spdxVersion", As::Text),
    ("DocumentName", "name", As::Text),
    ("DocumentComment", "comment", As::Text),
];
const CREATION: &Tags = &[
    ("Creator", "creators", As::List),
    ("Created", "created", As::Text),
    ("CreatorComment", "comment", As::Text),
];

/// One tag with its values.
type Stated = (&'static str, &'static str, As, Vec<(String, String)>);

#[derive(Debug, Clone)]
struct Model {
    document: Vec<Stated>,
    creation: Vec<Stated>,
    loose: Vec<Element>,
    packages: Vec<(Element, Vec<Element>)>,
    snippets: Vec<Vec<Stated>>,
    licenses: Vec<Vec<Stated>>,
    relationships: Vec<(usize, &'static str, usize, Option<String>)>,
    /// Where each seed of a style comes from: spelling must not matter.
    style: Vec<u8>,
}

#[derive(Debug, Clone)]
struct Element {
    name: String,
    stated: Vec<Stated>,
    notes: Vec<String>,
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9:/#.()<>äß -]{0,12}",
        "[ \t]{0,2}[a-z#:\n\r\u{e9}\u{1f980}]{0,10}[ \n]{0,2}",
        Just("<text>".to_owned()),
        Just("NOASSERTION".to_owned()),
    ]
    .prop_filter("ends a text", |text| !text.contains("</text>"))
}

fn word() -> impl Strategy<Value = String> {
    "[A-Za-z0-9@/.:-]{1,8}"
}

fn stated(tags: &'static Tags) -> impl Strategy<Value = Vec<Stated>> {
    subsequence(tags, 0..=tags.len()).prop_shuffle().prop_flat_map(|tags| {
        tags.into_iter()
            .map(|(tag, member, form)| {
                let count = if form == As::Text { 1..2 } else { 1..4_usize };
                let pair = match form {
                    As::Text | As::List => (value(), Just(String::new())).boxed(),
                    As::Checksum => {
                        (select(vec!["SHA1", "MD5"]).prop_map(str::to_owned), "[0-9a-f]{1,4}").boxed()
                    }
                    As::External => (word(), value()).boxed(),
                };
                (Just(tag), Just(member), Just(form), proptest::collection::vec(pair, count))
            })
            .collect::<Vec<_>>()
    })
}

fn element(tags: &'static Tags) -> impl Strategy<Value = Element> {
    (value(), stated(tags), proptest::collection::vec(value(), 0..3))
        .prop_map(|(name, stated, notes)| Element { name, stated, notes })
}

fn model() -> impl Strategy<Value = Model> {
    let files = || proptest::collection::vec(element(FILE), 0..3);
    let kind = || select(vec!["CONTAINS", "DEPENDS_ON", "DESCRIBES"]);
    (
        (stated(DOCUMENT), stated(CREATION)),
        files(),
        proptest::collection::vec((element(PACKAGE), files()), 0..4),
        proptest::collection::vec(stated(SNIPPET), 0..3),
        proptest::collection::vec(stated(LICENSE), 0..3),
        proptest::collection::vec((0..9_usize, kind(), 0..9_usize, proptest::option::of(value())), 0..4),
        proptest::collection::vec(any::<u8>(), 1..64),
    )
        .prop_map(|((document, creation), loose, packages, snippets, licenses, relationships, style)| {
            Model { document, creation, loose, packages, snippets, licenses, relationships, style }
        })
}

/// Prints with the freedom that the form has: `<text>` or not, comments, empty lines, space.
struct Printer<'m> {
    out: String,
    style: std::iter::Cycle<std::slice::Iter<'m, u8>>,
}

impl Printer<'_> {
    fn next(&mut self) -> u8 {
        *self.style.next().unwrap()
    }

    fn line(&mut self, tag: &str, value: &str) {
        let style = self.next();
        let plain = value.trim_ascii() == value && !value.contains('\n') && !value.starts_with("<text>");
        if style.is_multiple_of(5) {
            self.out += "# Creator: not me\n\n";
        }
        let space = ["", " ", "  \t"][usize::from(style % 3)];
        let end = ["\n", "\r\n", " \n"][usize::from(style / 3 % 3)];
        let value =
            if plain && style.is_multiple_of(2) { value.to_owned() } else { format!("<text>{value}</text>") };
        self.out.extend([tag, ":", space, &value, end]);
    }

    fn stated(&mut self, stated: &[Stated]) {
        for (tag, _, form, values) in stated {
            for (first, second) in values {
                match form {
                    As::Text | As::List => self.line(tag, first),
                    As::Checksum => self.line(tag, &format!("{first}: {second}")),
                    As::External => {
                        self.line(tag, &format!("PACKAGE-MANAGER purl {first}"));
                        self.line("ExternalRefComment", second);
                    }
                }
            }
        }
    }

    fn element(&mut self, start: &str, id: &str, element: &Element) {
        self.line(start, &element.name);
        self.line("SPDXID", id);
        self.stated(&element.stated);
        for note in &element.notes {
            self.line("Annotator", "Tool: t");
            self.line("AnnotationComment", note);
            self.line("SPDXREF", id);
        }
    }
}

fn object(stated: &[Stated]) -> Map<String, Value> {
    let mut object = Map::new();
    for (_, member, form, values) in stated {
        let all: Vec<Value> = values
            .iter()
            .map(|(first, second)| match form {
                As::Text | As::List => json!(first),
                As::Checksum => json!({"algorithm": first, "checksumValue": second}),
                As::External => json!({"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": first, "comment": second}),
            })
            .collect();
        let value = if *form == As::Text { all[0].clone() } else { Value::Array(all) };
        object.insert((*member).to_owned(), value);
    }
    object
}

impl Model {
    fn id(index: usize) -> String {
        format!("SPDXRef-{index}")
    }

    fn text(&self) -> String {
        let mut printer = Printer { out: String::new(), style: self.style.iter().cycle() };
        printer.line("SPDXID", "SPDXRef-DOCUMENT");
        printer.stated(&self.document);
        printer.stated(&self.creation);
        let mut index = 0;
        let mut id = || {
            index += 1;
            Self::id(index)
        };
        for file in &self.loose {
            printer.element("FileName", &id(), file);
        }
        let (mut relationships, mut licenses) = (self.relationships.iter(), self.licenses.iter());
        for (package, files) in &self.packages {
            printer.element("PackageName", &id(), package);
            for file in files {
                printer.element("FileName", &id(), file);
                // Sections that speak for themselves may stand anywhere.
                if printer.next().is_multiple_of(2) {
                    relationships.next().into_iter().for_each(|own| relationship(&mut printer, own));
                    licenses.next().into_iter().for_each(|own| license(&mut printer, own));
                }
            }
        }
        for snippet in &self.snippets {
            printer.line("SnippetSPDXID", &id());
            printer.stated(snippet);
        }
        relationships.for_each(|own| relationship(&mut printer, own));
        licenses.for_each(|own| license(&mut printer, own));
        printer.out
    }

    fn json(&self) -> Value {
        let mut root = object(&self.document);
        root.insert("SPDXID".into(), json!("SPDXRef-DOCUMENT"));
        if !self.creation.is_empty() {
            root.insert("creationInfo".into(), Value::Object(object(&self.creation)));
        }
        let mut index = 0;
        let mut made = |element: &Element, name: &str| {
            index += 1;
            let mut object = object(&element.stated);
            object.insert(name.into(), json!(element.name));
            object.insert("SPDXID".into(), json!(Self::id(index)));
            let notes: Vec<Value> =
                element.notes.iter().map(|note| json!({"annotator": "Tool: t", "comment": note})).collect();
            if !notes.is_empty() {
                object.insert("annotations".into(), Value::Array(notes));
            }
            object
        };
        let mut files: Vec<Value> =
            self.loose.iter().map(|file| Value::Object(made(file, "fileName"))).collect();
        let mut packages = Vec::new();
        for (package, own) in &self.packages {
            let mut package = made(package, "name");
            let own: Vec<Value> = own.iter().map(|file| Value::Object(made(file, "fileName"))).collect();
            if !own.is_empty() {
                package.insert("hasFiles".into(), own.iter().map(|file| file["SPDXID"].clone()).collect());
            }
            packages.push(Value::Object(package));
            files.extend(own);
        }
        let snippets: Vec<Value> = self
            .snippets
            .iter()
            .map(|snippet| {
                index += 1;
                let mut object = object(snippet);
                object.insert("SPDXID".into(), json!(Self::id(index)));
                Value::Object(object)
            })
            .collect();
        let licenses: Vec<Value> = (0..)
            .zip(&self.licenses)
            .map(|(_, license)| {
                let mut object = object(license);
                object.insert("licenseId".into(), json!("LicenseRef-1"));
                Value::Object(object)
            })
            .collect();
        let relationships: Vec<Value> = self
            .relationships
            .iter()
            .map(|(from, kind, to, comment)| {
                let mut object = json!({"spdxElementId": Self::id(*from), "relationshipType": kind, "relatedSpdxElement": Self::id(*to)});
                if let Some(comment) = comment {
                    object["comment"] = json!(comment);
                }
                object
            })
            .collect();
        let lists = [
            ("files", files),
            ("packages", packages),
            ("snippets", snippets),
            ("hasExtractedLicensingInfos", licenses),
            ("relationships", relationships),
        ];
        for (name, list) in lists {
            if !list.is_empty() {
                root.insert(name.into(), Value::Array(list));
            }
        }
        Value::Object(root)
    }
}

fn relationship(
    printer: &mut Printer<'_>,
    (from, kind, to, comment): &(usize, &'static str, usize, Option<String>),
) {
    printer.line("Relationship", &format!("{} {kind} {}", Model::id(*from), Model::id(*to)));
    if let Some(comment) = comment {
        printer.line("RelationshipComment", comment);
    }
}

fn license(printer: &mut Printer<'_>, stated: &[Stated]) {
    printer.line("LicenseID", "LicenseRef-1");
    printer.stated(stated);
}

fn shape(read: &Read) -> Value {
    serde_json::from_slice(read.document.bytes()).unwrap()
}

fn reread(text: impl Into<Vec<u8>>) -> Read {
    read(text.into(), &Limits::default()).unwrap()
}

proptest! {
    #[test]
    fn what_is_read_is_what_is_meant(model in model()) {
        let text = model.text();
        let read = reread(text.clone());
        prop_assert_eq!(&read.oddities, &[], "{}", &text);
        prop_assert_eq!(shape(&read), model.json(), "{}", &text);
    }

    #[test]
    fn what_is_written_reads_back_and_is_written_the_same(model in model()) {
        let first = reread(model.text());
        let written = write(&first.document);
        prop_assert!(written.losses.iter().all(|loss| loss.fate == Fate::Mapped), "{:?}", written.losses);
        let text = String::from_utf8(written.bytes.clone()).unwrap();
        let second = reread(written.bytes.clone());
        prop_assert_eq!(second.document.bytes(), first.document.bytes(), "{}", text);
        prop_assert!(second.losses.is_empty());
        prop_assert_eq!(write(&second.document).bytes, written.bytes);
    }

    #[test]
    fn json_that_is_written_reads_back_as_it_was(model in model()) {
        let json = model.json();
        let document = Document::parse(json.to_string().into(), &Limits::default()).unwrap();
        let written = write(&document);
        prop_assert!(written.losses.iter().all(|loss| loss.fate == Fate::Mapped), "{:?}", written.losses);
        prop_assert_eq!(shape(&reread(written.bytes)), json);
    }

    #[test]
    fn every_value_stands_where_it_says(model in model()) {
        let text = model.text();
        let read = reread(text.clone());
        let mut open = vec![read.document.root()];
        while let Some(value) = open.pop() {
            open.extend(value.elements().chain(value.members().map(|(_, member)| member)));
            let at = value.offset() as usize;
            if let Some(own) = value.as_str() {
                prop_assert!(text[at..].starts_with(&*own) || text[at..].starts_with("FileName"), "{own:?} at {at}");
            }
        }
    }

    #[test]
    fn a_text_cut_anywhere_is_read_or_refused(model in model(), cut in any::<prop::sample::Index>()) {
        let text = model.text().into_bytes();
        let _ = read(text[..cut.index(text.len())].to_vec(), &Limits::default());
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(bytes, &Limits::default());
    }

    #[test]
    fn no_soup_of_tags_panics(tags in proptest::collection::vec((select(super::tag::names().collect::<Vec<_>>()), value()), 0..40)) {
        let text = tags.iter().map(|(tag, value)| format!("{tag}: {value}")).collect::<Vec<_>>().join("\n");
        if let Ok(read) = read(text.into_bytes(), &Limits::default()) {
            let written = write(&read.document);
            let again = reread([b"SPDXID: x\n", written.bytes.as_slice()].concat());
            prop_assert!(again.document.nodes() > 0);
        }
    }
}

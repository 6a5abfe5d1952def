//! Documents that were made to hurt, and files given by mistake, through every reader: an answer at once that says what and
//! where, within little memory.

use std::process::Command;
use std::time::{Duration, Instant};

use sbom_attest::document::{Document, Limits};
use sbom_attest::{sbom, xml};

use crate::sandbox::{Answer, Sandbox};

/// Commands that read a document, the document last. Text that is not well-formed is an answer to `validate` alone.
const READERS: [(&[&str], i32); 5] = [
    (&["validate"], 1),
    (&["audit"], 2),
    (&["graph"], 2),
    (&["canonicalize"], 2),
    (&["diff", "good.json"], 2),
];

const GOOD: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[]}"#;

/// Runs the program in an address space of so many kilobytes.
fn run_within(sandbox: &Sandbox, kilobytes: u32, arguments: &[&str]) -> Answer {
    let mut shell = Command::new("sh");
    sandbox.isolate(&mut shell);
    let script = format!("ulimit -v {kilobytes}; exec '{}' \"$@\"", env!("CARGO_BIN_EXE_sbom-attest"));
    shell.args(["-c", &script, "sh"]).args(arguments);
    Answer::from(shell.output().unwrap())
}

/// Each reader refuses a file with this in its answer, at once and within little memory.
#[track_caller]
fn refused(sandbox: &Sandbox, name: &str, says: &str) {
    refused_by(&READERS, sandbox, name, says);
}

#[track_caller]
fn refused_by(readers: &[(&[&str], i32)], sandbox: &Sandbox, name: &str, says: &str) {
    for &(command, malformed) in readers {
        let start = Instant::now();
        let answer = run_within(sandbox, LITTLE, &[command, &[name]].concat());
        let said = format!("{}{}", answer.stdout, answer.stderr);
        assert!(said.contains(says), "{command:?} {name}: {says:?} is not said:\n{said}");
        assert!(!said.contains("panicked") && said.len() < 4000, "{command:?} {name}:\n{said}");
        let status = if says == UNREAD { 2 } else { malformed };
        assert_eq!(answer.status, status, "{command:?} {name}:\n{said}");
        assert!(start.elapsed() < SOON, "{command:?} {name} took {:?}", start.elapsed());
    }
}

#[test]
fn a_document_made_to_hurt_is_refused_by_every_reader() {
    let sandbox = Sandbox::empty();
    sandbox.write("good.json", GOOD);
    let million = 1_000_000;
    let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let names: String = (0..200_000).map(|n| format!("\"k{n}\":0,")).collect::<Vec<_>>().concat();
    let cases: [(&str, Vec<u8>, &str); 13] = [
        (
            "deep arrays",
            "[".repeat(million).into_bytes(),
            "nested deeper than 128 levels at line 1, column 129",
        ),
        (
            "deep objects",
            "{\"a\":".repeat(million).into_bytes(),
            "nested deeper than 128 levels at line 1, column 641",
        ),
        ("closed", ["[".repeat(million), "]".repeat(million)].concat().into_bytes(), "nested deeper"),
        (
            "twice",
            GOOD.replace("\"version\":1", "\"version\":1,\"vers\\u0069on\":2").into_bytes(),
            "duplicate key \"version\" at line 1, column",
        ),
        ("twice among many", format!("{{{names}\"k7\":1}}").into_bytes(), "duplicate key \"k7\""),
        (
            "nul",
            GOOD.replace("1.6", "1.6\0").into_bytes(),
            "control character U+0000 inside a string at line 1, column",
        ),
        ("mark", format!("\u{feff}{GOOD}").into_bytes(), "byte order mark"),
        ("utf16", utf16, "UTF-16"),
        ("surrogate", GOOD.replace("1.6", "\\ud800").into_bytes(), "lone surrogate at line 1, column"),
        (
            "number",
            GOOD.replace("\"version\":1", "\"version\":1e999").into_bytes(),
            "number beyond the range of a double at line 1",
        ),
        ("yaml", b"bomFormat: CycloneDX\nspecVersion: 1.6\n".to_vec(), "YAML"),
        ("html", b"\n<!DOCTYPE html>\n<html><body>404</body></html>".to_vec(), "HTML"),
        ("empty", Vec::new(), "empty"),
    ];
    for (name, bytes, says) in cases {
        sandbox.write(name, bytes);
        refused(&sandbox, name, says);
    }
    std::fs::create_dir(sandbox.path("folder")).unwrap();
    for command in [&["validate"][..], &["canonicalize"]] {
        let answer = sandbox.expect(2, &[command, &["folder"]].concat());
        assert!(answer.stderr.contains("is a directory"), "{}", answer.stderr);
    }
}

#[test]
fn xml_made_to_hurt_is_refused_by_every_reader_of_xml() {
    let sandbox = Sandbox::empty();
    sandbox.write("good.json", GOOD);
    let bom = |inside: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\" version=\"1\">{inside}</bom>"
        )
    };
    let doctype =
        |inside: &str, used: &str| bom(used).replace("?>\n", &format!("?>\n<!DOCTYPE bom [{inside}]>"));
    let laughs: Vec<String> =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let deep = "<components><component>".repeat(500_000);
    let cases: [(&str, Vec<u8>, &str); 7] = [
        (
            "laughs",
            doctype(&format!("<!ENTITY l0 \"ha\">{}", laughs.concat()), "&l9;").into_bytes(),
            "DOCTYPE) at line 2, column 1",
        ),
        (
            "external",
            doctype("<!ENTITY x SYSTEM \"file:///etc/passwd\">", "&x;").into_bytes(),
            "DOCTYPE) at line 2, column 1",
        ),
        ("undefined", bom("&nbsp;").into_bytes(), "entity `&nbsp;` is not defined at line 2"),
        ("deep", bom(&deep).into_bytes(), "nested deeper than 128 levels at line 2"),
        ("nul", bom("\0").into_bytes(), "character U+0000"),
        ("latin", bom("").replace("1.0\"", "1.0\" encoding=\"ISO-8859-1\"").into_bytes(), "ISO-8859-1"),
        ("cut", bom("").as_bytes()[..70].to_vec(), "the document ends at line 2"),
    ];
    for (name, bytes, says) in cases {
        sandbox.write(name, bytes);
        refused_by(&READERS[..3], &sandbox, name, says);
    }
}

#[test]
fn four_gigabytes_are_refused_before_they_are_read() {
    let sandbox = Sandbox::empty();
    sandbox.write("good.json", GOOD);
    // Sparse: it takes no room on the disk.
    std::fs::File::create(sandbox.path("huge")).unwrap().set_len(4 << 30).unwrap();
    refused(&sandbox, "huge", UNREAD);
}

#[test]
fn a_million_fields_that_nobody_defined_are_counted_and_not_all_listed() {
    let sandbox = Sandbox::empty();
    let names = (0..1_000_000).map(|n| format!("\"x{n}\":0")).collect::<Vec<_>>().join(",");
    sandbox.write("many", format!("{},{names}}}", &GOOD[..GOOD.len() - 1]));
    let start = Instant::now();
    for format in ["text", "json"] {
        let answer = run_within(&sandbox, 1_000_000, &["validate", "many", "--format", format]);
        assert_eq!(answer.status, 1, "{}", answer.stderr);
        assert!(answer.stdout.len() < 1_000_000, "{} bytes of report", answer.stdout.len());
        assert!(answer.stdout.contains("grammar-field"), "{}", answer.stdout);
    }
    assert!(start.elapsed() < 3 * SOON, "{:?}", start.elapsed());
}

/// The library's readers of XML and of any format, on what XML is famous for.
#[test]
fn xml_made_to_hurt_is_refused_at_once() {
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect::<Vec<_>>()
        .concat();
    let million = 1_000_000;
    let attributes: String = (0..200_000).map(|n| format!(" k{n}=''")).collect::<Vec<_>>().concat();
    let bom = |inside: &str| format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">{inside}</bom>");
    let utf16: Vec<u8> = bom("").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let cases: [(&str, Vec<u8>, &str); 16] = [
        (
            "billion laughs",
            format!("<!DOCTYPE bom [<!ENTITY l0 \"ha\">{laughs}]>{}", bom("&l9;")).into_bytes(),
            "xml-doctype",
        ),
        (
            "an external entity",
            format!("<!DOCTYPE bom [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", bom("&x;")).into_bytes(),
            "xml-doctype",
        ),
        (
            "an external subset",
            format!("<!DOCTYPE bom SYSTEM \"http://127.0.0.1:9/x.dtd\">{}", bom("")).into_bytes(),
            "xml-doctype",
        ),
        (
            "a parameter entity",
            format!("<!DOCTYPE bom [<!ENTITY % p SYSTEM \"http://127.0.0.1:9/\"> %p;]>{}", bom(""))
                .into_bytes(),
            "xml-doctype",
        ),
        ("an undefined entity", bom("<name>&nbsp;</name>").into_bytes(), "xml-undefined-entity"),
        ("deep", "<a>".repeat(million).into_bytes(), "xml-too-deep"),
        (
            "deep and closed",
            ["<a>".repeat(million), "</a>".repeat(million)].concat().into_bytes(),
            "xml-too-deep",
        ),
        (
            "many attributes, one twice",
            format!("<bom{attributes} k7=''/>").into_bytes(),
            "xml-duplicate-attribute",
        ),
        (
            "many namespaces",
            (0..million).map(|n| format!("<a xmlns:p{n}='u'>")).collect::<Vec<_>>().concat().into_bytes(),
            "xml-too-deep",
        ),
        ("nul", bom("\0").into_bytes(), "xml-forbidden-character"),
        ("a reference to nul", bom("&#0;").into_bytes(), "xml-forbidden-character"),
        ("UTF-16", utf16, "xml-encoding"),
        (
            "another encoding",
            format!("<?xml version=\"1.0\" encoding=\"EBCDIC-CP-US\"?>{}", bom("")).into_bytes(),
            "xml-encoding",
        ),
        ("XML 1.1", format!("<?xml version=\"1.1\"?>{}", bom("")).into_bytes(), "xml-version"),
        ("one long text", format!("<a>{}", "a".repeat(4 * million)).into_bytes(), "xml-unexpected-end"),
        ("one long name", format!("<{}/>", "a".repeat(4 * million)).into_bytes(), "xml-name-too-long"),
    ];
    for (what, bytes, code) in cases {
        let start = Instant::now();
        let error = xml::Document::parse(bytes.clone(), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), code, "{what}: {error}");
        assert!(
            error.help().is_some() && error.position().is_some() && error.to_string().len() < 300,
            "{what}: {error}"
        );
        assert!(sbom::open(bytes, &Limits::default()).is_err(), "{what}");
        assert!(start.elapsed() < SOON, "{what} took {:?}", start.elapsed());
    }
}

/// A well-formed document whose every value is as expensive as can be.
#[test]
fn hostile_and_well_formed_takes_linear_time() {
    let many = 100_000;
    let wide = format!("<a>{}</a>", "<b/>".repeat(many));
    let start = Instant::now();
    let document = xml::Document::parse(wide.into_bytes(), &Limits::default()).unwrap();
    for (index, child) in document.root().children().enumerate() {
        assert_eq!(child.path(), format!("/a/b[{}]", index + 1));
        if index % 100 == 0 {
            assert_eq!(child.position().offset, 3 + 4 * index as u64);
        }
    }
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    let start = Instant::now();
    let scoped = format!(
        "<a{}>{}</a>",
        (0..250).map(|n| format!(" xmlns:p{n}='u'")).collect::<Vec<_>>().concat(),
        "<b/>".repeat(many)
    );
    xml::Document::parse(scoped.into_bytes(), &Limits::default()).unwrap();
    let comments = format!("<a>{}</a>", "<!---->".repeat(many));
    assert_eq!(
        xml::Document::parse(comments.into_bytes(), &Limits::default()).unwrap().asides().count(),
        many
    );
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    // The same bytes are no JSON, and no reader of JSON takes longer to say so.
    assert!(Document::parse("<b/>".repeat(many).into_bytes(), &Limits::default()).is_err());
}

/// In a build without optimisation on a busy machine; with it, a tenth of this is enough.
const SOON: Duration = Duration::from_secs(10);
/// What is said of a file that is not even read.
const UNREAD: &str = "larger than";
/// Kilobytes of address space in which a refusal must do.
const LITTLE: u32 = 400_000;

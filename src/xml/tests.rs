//! What is refused, and where; what is read, and as what.

use super::namespace::{MAX_NAMESPACES, SCANNED, XML};
use super::parse::{MAX_NAME, narrow};
use super::{Document, Element, Error, Kind, Limits, Node};

fn refused(text: impl AsRef<[u8]>) -> Error {
    let text = text.as_ref().to_vec();
    Document::parse(text.clone(), &Limits::default())
        .err()
        .unwrap_or_else(|| panic!("{} must be refused", text.escape_ascii()))
}

fn accepted(text: &str) -> Document {
    Document::parse(text.into(), &Limits::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The code of the refusal, and its line and column.
#[track_caller]
fn check(text: impl AsRef<[u8]>, code: &str, line: u64, column: u64) {
    let error = refused(text.as_ref());
    let at = error.position().unwrap();
    assert_eq!((error.code(), at.line, at.column), (code, line, column), "{error}");
    assert!(error.to_string().len() < 300, "{error}");
}

#[test]
fn nothing_is_no_document() {
    for nothing in ["", " \r\n\t", "\u{feff}", "\u{feff} "] {
        assert_eq!(refused(nothing), Error::Empty);
    }
    check("<?xml version='1.0'?><!-- nothing else -->", "xml-unexpected-end", 1, 43);
}

#[test]
fn what_is_no_xml_is_refused_at_its_start() {
    check("{\"bomFormat\": 1}", "xml-unexpected", 1, 1);
    check("\n bom", "xml-unexpected", 2, 2);
}

#[test]
fn a_document_type_is_refused_whatever_it_says() {
    for doctype in [
        "<!DOCTYPE a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'http://example.org/x'>]>",
        "<!DOCTYPE a [<!ENTITY a0 'ha'><!ENTITY a1 '&a0;&a0;&a0;&a0;'>]>",
        "<!doctype html>",
        "<!DOCTYPE",
    ] {
        check(format!("<?xml version=\"1.0\"?>\n {doctype}<a>&a1;</a>"), "xml-doctype", 2, 2);
    }
    check("<a><!DOCTYPE a></a>", "xml-doctype", 1, 4);
    check("<a/><!DOCTYPE a>", "xml-doctype", 1, 5);
    for other in ["<!ENTITY a 'b'>", "<!ELEMENT a>", "<!>", "<!-", "<![INCLUDE[", "<! DOCTYPE a>"] {
        assert!(refused(format!("<a>{other}</a>")).code().starts_with("xml-unexpected"), "{other}");
    }
}

#[test]
fn only_five_entities_are_defined() {
    check("<a>x &nbsp;</a>", "xml-undefined-entity", 1, 6);
    check("<a b='&x;'/>", "xml-undefined-entity", 1, 7);
    check("<a>AT&T</a>", "xml-bad-reference", 1, 6);
    check("<a>a && b</a>", "xml-bad-reference", 1, 6);
    check("<a b='?x=1&y=2'/>", "xml-bad-reference", 1, 11);
    check("<a>&#0;</a>", "xml-forbidden-character", 1, 4);
    check("<a b='&#x1F;'/>", "xml-forbidden-character", 1, 7);
    check("<a>&#xD800;</a>", "xml-forbidden-character", 1, 4);
    assert_eq!(accepted("<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x1F980;</a>").root().text(), "<>&'\"A🦀");
}

#[test]
fn a_prefix_is_bound_or_refused() {
    check("<a><p:b/></a>", "xml-unbound-prefix", 1, 5);
    check("<a p:b='1'/>", "xml-unbound-prefix", 1, 4);
    check("<a><b xmlns:p='urn:p'/><p:c/></a>", "xml-unbound-prefix", 1, 25);
    check("<a xmlns:p=''/>", "xml-bad-namespace", 1, 4);
    check("<a xmlns:xml='urn:x'/>", "xml-bad-namespace", 1, 4);
    check("<a xmlns:xmlns='urn:x'/>", "xml-bad-namespace", 1, 4);
    check("<a xmlns='http://www.w3.org/2000/xmlns/'/>", "xml-bad-namespace", 1, 4);
    check("<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", "xml-bad-namespace", 1, 4);
    for bad in
        ["<:a/>", "<a:/>", "<a:b:c xmlns:a='u'/>", "<a xmlns:='u'/>", "<a xmlns:1='u'/>", "<a b:='1'/>"]
    {
        assert_eq!(refused(bad).code(), "xml-unexpected", "{bad}");
    }
    assert!(
        Document::parse(
            "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en'/>".into(),
            &Limits::default()
        )
        .is_ok()
    );
}

#[test]
fn names_have_the_namespace_of_the_innermost_declaration() {
    let document = accepted(
        "<a xmlns='urn:1' xmlns:p='urn:p'><p:b p:k='1' k='2' xml:k='3' xmlns:p='urn:q'/><c xmlns=''><d/></c><e/><p:f/></a>",
    );
    let children: Vec<_> = document.root().children().collect();
    assert_eq!(document.root().name(), (Some("urn:1"), "a"));
    let names: Vec<_> = children.iter().map(Element::name).collect();
    assert_eq!(names, [(Some("urn:q"), "b"), (None, "c"), (Some("urn:1"), "e"), (Some("urn:p"), "f")]);
    let attributes: Vec<_> = children[0].attributes().map(|attribute| attribute.name()).collect();
    assert_eq!(attributes, [(Some("urn:q"), "k"), (None, "k"), (Some(XML), "k")]);
    assert_eq!(children[1].children().next().unwrap().name(), (None, "d"));
    assert_eq!(children[0].attribute("k").unwrap().value(), "2");
    assert!(children[2].is(Some("urn:1"), "e") && !children[2].is(None, "e"));
}

#[test]
fn a_duplicate_attribute_is_found_by_its_expanded_name() {
    check("<a b='1' c='2'\n b='3'/>", "xml-duplicate-attribute", 2, 2);
    check("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", "xml-duplicate-attribute", 1, 36);
    check("<a xmlns:p='u' xmlns:q='&#117;' p:b='1' q:b='2'/>", "xml-duplicate-attribute", 1, 41);
    check("<a xmlns='u' b='1' xmlns='v'/>", "xml-duplicate-attribute", 1, 20);
    check("<a xmlns:p='u' xmlns:p='u'/>", "xml-duplicate-attribute", 1, 16);
    assert_eq!(
        refused("<a b='1' b='2'/>").to_string(),
        "duplicate attribute `b` at line 1, column 10 (first at line 1, column 4)"
    );
    accepted("<a xmlns:p='u' xmlns:q='v' p:b='1' q:b='2' b='3' c='4'/>");
    accepted("<a xmlns='u' xmlns:p='u' p:b='1' b='3'/>");
}

#[test]
fn a_duplicate_attribute_is_found_among_many() {
    for count in [SCANNED - 1, SCANNED, SCANNED + 1, 1000] {
        for twin in [0, count / 2, count - 1] {
            let attributes = (0..count).map(|n| format!(" k{n}=''")).collect::<Vec<_>>().concat();
            accepted(&format!("<a{attributes}/>"));
            assert_eq!(refused(format!("<a{attributes} k{twin}=''/>")).code(), "xml-duplicate-attribute");
        }
    }
}

#[test]
fn an_end_tag_closes_what_is_open() {
    check("<a>\n<b></a>", "xml-mismatched-tag", 2, 4);
    check("<a></aa>", "xml-mismatched-tag", 1, 4);
    check("<aa></a>", "xml-mismatched-tag", 1, 5);
    check("<a xmlns:p='u' xmlns:q='u'><p:b></q:b></a>", "xml-mismatched-tag", 1, 33);
    check("</a>", "xml-nothing-open", 1, 1);
    check("<a/></a>", "xml-nothing-open", 1, 5);
    check("<a></a x>", "xml-unexpected", 1, 8);
    check("<a></a", "xml-unexpected-end", 1, 7);
    assert_eq!(
        refused("<a><b></a></b>").to_string(),
        "`</a>` at line 1, column 7 closes `<b>` of line 1, column 4"
    );
    let long = "n".repeat(MAX_NAME);
    assert!(refused(format!("<{long}></a>")).to_string().len() < 200);
}

#[test]
fn there_is_one_root_and_nothing_beside_it() {
    check("<a/>x", "xml-outside-root", 1, 5);
    check("<a/>\n<b/>", "xml-outside-root", 2, 1);
    check("<!---->x<a/>", "xml-outside-root", 1, 8);
    check("<a/>&#32;", "xml-outside-root", 1, 5);
    check("<a/><![CDATA[x]]>", "xml-outside-root", 1, 5);
    check(" <?xml version='1.0'?><a/>", "xml-misplaced-declaration", 1, 2);
    check("<a/><?xml version='1.0'?>", "xml-misplaced-declaration", 1, 5);
    check("<a><?xml?></a>", "xml-misplaced-declaration", 1, 4);
    accepted("<?xml version='1.0'?>\n<!-- a --> <?b c?>\n<a/>\n<!-- d -->\n<?xml-e?>");
}

#[test]
fn only_utf8_is_read() {
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    for text in ["\u{feff}<a/>", "<a/>"] {
        for big in [false, true] {
            let error = refused(utf16(text, big));
            assert_eq!(error.code(), "xml-encoding");
            assert!(error.to_string().contains("UTF-16"), "{error}");
        }
    }
    assert!(refused(b"<\0\0\0a\0\0\0").to_string().contains("UTF-32"));
    for encoding in ["UTF-16", "utf-16", "ISO-8859-1", "US-ASCII", "UTF-7", "utf8"] {
        check(format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><a/>"), "xml-encoding", 1, 1);
    }
    for encoding in ["UTF-8", "utf-8", "Utf-8"] {
        accepted(&format!("<?xml version='1.0' encoding='{encoding}'?><a/>"));
    }
    check(b"<a>\n\xc3\xa9\xff</a>", "xml-utf8", 2, 2);
    check(b"<a>\xed\xa0\x80</a>", "xml-utf8", 1, 4);
    accepted("\u{feff}<?xml version='1.0'?><a/>");
    check("<a/>\u{feff}", "xml-outside-root", 1, 5);
}

#[test]
fn the_xml_declaration_has_one_form() {
    for version in ["1.1", "2.0", "1.00", "1"] {
        check(format!("<?xml version='{version}'?><a/>"), "xml-version", 1, 1);
    }
    for bad in [
        "<?xml?>",
        "<?xml ?>",
        "<?xml encoding='UTF-8'?>",
        "<?xml version=1.0?>",
        "<?xml version='1.0\"?>",
        "<?xml version='1.0'encoding='UTF-8'?>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?>",
        "<?xml version='1.0' standalone='maybe'?>",
        "<?xml version='1.0' other='1'?>",
        "<?xml version='1.0' version='1.0'?>",
        "<?xml version='1.0'>",
        "<?XML version='1.0'?>",
        "<?xml version='1.0 '?>",
    ] {
        assert_eq!(refused(format!("{bad}<a/>")).code(), "xml-unexpected", "{bad}");
    }
    accepted("<?xml\tversion = \"1.0\"\r\n encoding='UTF-8' standalone='no' ?><a/>");
}

#[test]
fn a_character_that_xml_lacks_is_refused_wherever_it_stands() {
    check("<a>\0</a>", "xml-forbidden-character", 1, 4);
    check("<a>\n<!-- \u{1} --></a>", "xml-forbidden-character", 2, 6);
    check("<a b='\u{b}'/>", "xml-forbidden-character", 1, 7);
    check("<a><![CDATA[\u{fffe}]]></a>", "xml-forbidden-character", 1, 13);
    check("<a/>\u{1b}", "xml-forbidden-character", 1, 5);
    accepted("<a>\u{7f}\u{85}\u{2028}\u{fffd}\u{e000}\u{10ffff}</a>");
}

#[test]
fn the_end_of_a_cdata_section_is_no_text() {
    check("<a>]]></a>", "xml-cdata-end", 1, 4);
    check("<a><![CDATA[]]>]]></a>", "xml-cdata-end", 1, 16);
    check("<a>x]]]></a>", "xml-cdata-end", 1, 6);
    assert_eq!(accepted("<a>] ]] ]]&gt; <![CDATA[<&]] ]>]]></a>").root().text(), "] ]] ]]> <&]] ]>");
    accepted("<a b=']]>'/>");
}

#[test]
fn a_slip_of_grammar_is_named() {
    for text in [
        "<a b>",
        "<a b=>",
        "<a b=1/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>",
        "< a/>",
        "<a / >",
        "<a//>",
        "<1/>",
        "<a><//a>",
        "<a><b</a>",
        "<!-- a -- b --><a/>",
        "<!-- a ---><a/>",
        "<?1?><a/>",
        "<? a?><a/>",
        "<?a:b?><a/>",
        "<a?>",
        "<a><!a></a>",
        "<a b='1' / c='2'>",
        "<a =''/>",
        "<a></ a>",
    ] {
        assert_eq!(refused(text).code(), "xml-unexpected", "{text}");
    }
    assert_eq!(
        refused("<a b=1/>").to_string(),
        "found '1' at line 1, column 6, where a value in quotes is expected"
    );
}

#[test]
fn depth_is_bounded_and_the_bound_is_exact() {
    let nested = |depth: usize| ["<a>".repeat(depth), "</a>".repeat(depth)].concat();
    accepted(&nested(Limits::DEPTH));
    check(nested(Limits::DEPTH + 1), "xml-too-deep", 1, 3 * Limits::DEPTH as u64 + 1);
}

#[test]
fn a_million_levels_need_no_stack() {
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    let text = ["<a>".repeat(1_000_000), "</a>".repeat(1_000_000)].concat();
    let document = Document::parse(text.clone().into(), &limits).unwrap();
    let deepest = Node::new(&document, 999_999);
    assert_eq!((deepest.raw(), deepest.path().len()), ("<a></a>", 2_000_000));
    assert_eq!(document.root().text(), "");
    assert_eq!(refused(text).code(), "xml-too-deep");
    assert_eq!(refused("<a>".repeat(1_000_000)).code(), "xml-too-deep");
}

#[test]
fn sizes_are_bounded_and_the_bounds_are_exact() {
    let text = "<a b='1'>c<!--d--></a>";
    let parse =
        |bytes, nodes| Document::parse(text.into(), &Limits { bytes, nodes, ..Limits::default() }).err();
    assert_eq!(parse(22, 4), None);
    assert_eq!(parse(21, 4), Some(Error::TooLarge { length: 22, limit: 21 }));
    assert!(matches!(parse(22, 3), Some(Error::TooManyNodes { limit: 3, .. })));
    let name = "n".repeat(MAX_NAME);
    accepted(&format!("<{name}/>"));
    check(format!("<a {name}n=''/>"), "xml-name-too-long", 1, 4);
    let declared = (0..MAX_NAMESPACES).map(|n| format!(" xmlns:p{n}='urn:{n}'")).collect::<Vec<_>>().concat();
    accepted(&format!("<a{declared}><p0:b/></a>"));
    assert_eq!(refused(format!("<a{declared}><b xmlns=''/></a>")).code(), "xml-too-many-namespaces");
}

#[test]
fn every_truncation_is_refused() {
    let text = "\u{feff}<?xml version='1.0' encoding=\"UTF-8\"?>\n<!-- é --><a xmlns:p='urn:p' p:k = \"1&#x1F980;\" >x &lt;<b  c='2'/>\r\n<![CDATA[ ]] > ]]><?q r?>🦀<p:d></p:d ></a>";
    for cut in 0..text.len() {
        let error = refused(&text.as_bytes()[..cut]);
        let fine = matches!(error, Error::UnexpectedEnd { .. } | Error::Empty | Error::Utf8 { .. });
        assert!(fine, "cut at {cut}: {error}");
    }
    accepted(text);
}

#[test]
fn white_space_between_tags_is_layout() {
    let document = accepted("<a>\n  <b> </b>\n  <c>\n</c> <d/> x <e/>\n<!-- f --> <g/> &#32; <h></h>\n</a>");
    let texts = |element: Element<'_>| -> Vec<String> {
        element
            .content()
            .filter(|node| node.kind() == Kind::Text)
            .map(|node| node.text().into_owned())
            .collect()
    };
    assert_eq!(texts(document.root()), [" x ", "\n", " ", "   "]);
    let children: Vec<_> = document.root().children().collect();
    assert_eq!((children[0].text().as_ref(), children[1].text().as_ref()), (" ", "\n"));
    let blank: Vec<_> = document.root().content().filter(Node::is_blank).collect();
    assert_eq!(blank.len(), 2);
}

#[test]
fn comments_and_instructions_are_known_wherever_they_stand() {
    let document = accepted("<!-- one --><a b='1'>x<!--two\r\n-->y<c><?three  3 ?></c></a><?four?>");
    let asides: Vec<_> = document.asides().map(|node| (node.text().into_owned(), node.path())).collect();
    let expected = [
        (" one ", "/comment()"),
        ("two\n", "/a/comment()"),
        ("three  3 ", "/a/c/processing-instruction()"),
        ("four", "/processing-instruction()"),
    ];
    assert_eq!(asides, expected.map(|(text, path)| (text.to_owned(), path.to_owned())));
    assert_eq!(document.root().text(), "xy");
}

#[test]
fn spans_hold_what_they_stand_for() {
    let text = "<a  b = 'c' >d<e/><![CDATA[f]]><!--g--></a >";
    let document = accepted(text);
    let raw: Vec<_> = (0..document.nodes()).map(|n| Node::new(&document, narrow(n)).raw()).collect();
    assert_eq!(raw, [text, "b = 'c'", "d", "<e/>", "<![CDATA[f]]>", "<!--g-->"]);
    let attribute = document.root().attribute("b").unwrap();
    assert_eq!((&text[attribute.value_span()], attribute.position().column), ("c", 5));
    assert_eq!(document.root().children().next().unwrap().parent(), Some(document.root()));
    assert_eq!(document.root().parent(), None);
}

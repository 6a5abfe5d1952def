//! SPDX 2: what `validate` says of documents of either form.

use std::collections::BTreeSet;

use sbom_attest::document::Limits;
use sbom_attest::finding::Finding;
use sbom_attest::sbom::{Validation, rules, spdx2, validate};

use crate::sandbox::Sandbox;

fn judge(text: &str) -> Validation {
    let now = "2026-11-24T12:00:00Z".parse().unwrap();
    validate(text.as_bytes().to_vec(), &Limits::default(), "sbom", now)
}

/// Rules that are broken, with the lines.
fn broken(text: &str) -> Vec<(&'static str, u64)> {
    let findings = judge(text).findings.into_iter().filter(Finding::is_broken);
    findings.map(|finding| (finding.rule, finding.location.unwrap().line.unwrap())).collect()
}

fn document(rest: &str) -> String {
    format!(
        "{{'spdxVersion':'SPDX-2.3','dataLicense':'CC0-1.0','SPDXID':'SPDXRef-DOCUMENT','name':'d','documentNamespace':'https://a.example/d','creationInfo':{{'created':'2026-11-24T12:00:00Z','creators':['Tool: t']}},'externalDocumentRefs':[{{'externalDocumentId':'DocumentRef-d','spdxDocument':'https://b.example/d','checksum':{{'algorithm':'SHA256','checksumValue':'{}'}}}}],{rest}}}",
        "b".repeat(64)
    )
    .replace('\'', "\"")
}

fn package(rest: &str) -> String {
    document(&format!("'packages':[{{'name':'p','SPDXID':'SPDXRef-p','downloadLocation':'NONE'{rest}}}]"))
}

fn file(rest: &str) -> String {
    let sha1 = "a".repeat(40);
    format!(
        "{{'fileName':'./f','SPDXID':'SPDXRef-f','checksums':[{{'algorithm':'SHA1','checksumValue':'{sha1}'}}]{rest}}}"
    )
}

/// A package with a file.
fn packaged(of_package: &str, file: &str) -> String {
    package("")
        .replacen(
            "\"downloadLocation\":\"NONE\"}]",
            &format!(
                "\"downloadLocation\":\"NONE\",\"hasFiles\":[\"SPDXRef-f\"]{of_package}}}],\"files\":[{file}]"
            ),
            1,
        )
        .replace('\'', "\"")
}

fn related(relationship: &str) -> String {
    package("")
        .replace("\"NONE\"}]", &format!("\"NONE\"}}],\"relationships\":[{relationship}]"))
        .replace('\'', "\"")
}

fn snippet(from: &str, first: u32, last: u32) -> String {
    let pointer = |at| format!("{{'reference':'{from}','offset':{at}}}");
    packaged(
        "",
        &format!(
            "{}],'snippets':[{{'SPDXID':'SPDXRef-s','snippetFromFile':'{from}','ranges':[{{'startPointer':{},'endPointer':{}}}]}}",
            file(""),
            pointer(first),
            pointer(last)
        ),
    )
}

fn reference(category: &str, kind: &str, locator: &str) -> String {
    package(&format!(
        ",'externalRefs':[{{'referenceCategory':'{category}','referenceType':'{kind}','referenceLocator':'{locator}'}}]"
    ))
}

fn digest(algorithm: &str, digits: &str) -> String {
    package(&format!(",'checksums':[{{'algorithm':'{algorithm}','checksumValue':'{digits}'}}]"))
}

/// A package that contains a file by a relationship.
fn contained(analysed: &str) -> String {
    packaged(
        &format!(",'filesAnalyzed':{analysed}"),
        &format!(
            "{}],'relationships':[{{'spdxElementId':'SPDXRef-f','relationshipType':'CONTAINED_BY','relatedSpdxElement':'SPDXRef-p'}}",
            file("")
        ),
    )
    .replace("\"hasFiles\":[\"SPDXRef-f\"]", "\"hasFiles\":[]")
}

/// A rule, a document that breaks it, and the same one repaired.
type Case = (&'static str, String, String);

fn elements() -> Vec<Case> {
    let relation = |from: &str, to: &str| {
        related(&format!(
            "{{'spdxElementId':'{from}','relationshipType':'DEPENDS_ON','relatedSpdxElement':'{to}'}}"
        ))
    };
    let two = |rest: &str| {
        package("")
            .replace(
                "}]}",
                &format!("}},{{'name':'q','SPDXID':'SPDXRef-q','downloadLocation':'NONE'}}]{rest}}}"),
            )
            .replace('\'', "\"")
    };
    let extracted = ",'hasExtractedLicensingInfos':[{'licenseId':'LicenseRef-x','extractedText':'x'}]";
    let licensed = |expression: &str, rest: &str| {
        let rest = format!(",'licenseConcluded':'{expression}'}}]{rest}");
        package("").replacen("}]}", &format!("{rest}}}"), 1).replace('\'', "\"")
    };
    vec![
        (
            "spdx-id-duplicate",
            packaged("", &file("").replace("SPDXRef-f", "SPDXRef-p")),
            packaged("", &file("")),
        ),
        (
            "spdx-id-duplicate",
            licensed("NONE", &extracted.replace("}]", "},{'licenseId':'LicenseRef-x','extractedText':'y'}]")),
            licensed("NONE", extracted),
        ),
        ("spdx-ref-dangling", relation("SPDXRef-p", "SPDXRef-q"), relation("SPDXRef-p", "SPDXRef-DOCUMENT")),
        ("spdx-ref-dangling", relation("SPDXRef-P", "NONE"), relation("SPDXRef-p", "NONE")),
        (
            "spdx-ref-dangling",
            relation("SPDXRef-p", "DocumentRef-e:SPDXRef-x"),
            relation("SPDXRef-p", "DocumentRef-d:SPDXRef-x"),
        ),
        ("spdx-ref-dangling", package(",'hasFiles':['SPDXRef-f']"), packaged("", &file(""))),
        ("spdx-ref-dangling", snippet("SPDXRef-g", 1, 2), snippet("SPDXRef-f", 1, 2)),
        ("spdx-ref-kind", package(",'hasFiles':['SPDXRef-p']"), package(",'hasFiles':[]")),
        ("spdx-ref-kind", snippet("SPDXRef-p", 1, 2), snippet("DocumentRef-d:SPDXRef-f", 1, 2)),
        ("spdx-describes", two(""), two(",'documentDescribes':['SPDXRef-p']")),
        ("spdx-describes", document("'packages':[]"), package("")),
        (
            "spdx-describes",
            packaged("", &file("")).replace("\"hasFiles\":[\"SPDXRef-f\"]", "\"hasFiles\":[]"),
            two(
                ",'relationships':[{'spdxElementId':'SPDXRef-q','relationshipType':'DESCRIBED_BY','relatedSpdxElement':'SPDXRef-DOCUMENT'}]",
            ),
        ),
    ]
}

fn packages() -> Vec<Case> {
    // printf aaaa… | sha1sum, for 40 letters.
    let small = "a56559418dc7908ce5f0b24b05c78e055cb863dc";
    let code = |code: &str| {
        packaged(
            &format!(",'packageVerificationCode':{{'packageVerificationCodeValue':'{code}'}}"),
            &file(""),
        )
    };
    let extracted = ",'hasExtractedLicensingInfos':[{'licenseId':'LicenseRef-x','extractedText':'x'}]";
    let licensed = |expression: &str, rest: &str| {
        let rest = format!(",'licenseConcluded':'{expression}'}}]{rest}");
        package("").replacen("}]}", &format!("{rest}}}"), 1).replace('\'', "\"")
    };
    vec![
        ("spdx-range", snippet("SPDXRef-f", 3, 2), snippet("SPDXRef-f", 3, 3)),
        (
            "spdx-namespace",
            package("").replace("a.example/d", "a.example/d#x"),
            package("").replace("a.example/d", "a.example/d?x"),
        ),
        (
            "spdx-files-analyzed",
            packaged(",'filesAnalyzed':false", &file("")),
            packaged(",'filesAnalyzed':true", &file("")),
        ),
        (
            "spdx-files-analyzed",
            package(&format!(
                ",'filesAnalyzed':false,'packageVerificationCode':{{'packageVerificationCodeValue':'{small}'}}"
            )),
            package(",'filesAnalyzed':false,'licenseInfoFromFiles':[]"),
        ),
        (
            "spdx-files-analyzed",
            package(",'filesAnalyzed':false,'licenseInfoFromFiles':['MIT']"),
            package(",'licenseInfoFromFiles':['MIT']"),
        ),
        ("spdx-verification-code", code(&small.replace('7', "8")), code(small)),
        ("spdx-file-name", packaged("", &file("").replace("./f", "/f")), packaged("", &file(""))),
        ("spdx-files-analyzed", contained("false"), contained("true")),
        ("spdx-file-sha1", packaged("", &file("").replace("SHA1", "MD5")), packaged("", &file(""))),
        ("spdx-license-ref", licensed("MIT OR LicenseRef-x", ""), licensed("MIT OR LicenseRef-x", extracted)),
        (
            "spdx-license-ref",
            licensed("DocumentRef-e:LicenseRef-x", ""),
            licensed("DocumentRef-d:LicenseRef-x", ""),
        ),
    ]
}

fn names_and_digests() -> Vec<Case> {
    let licensed = |expression: &str, rest: &str| {
        let rest = format!(",'licenseConcluded':'{expression}'}}]{rest}");
        package("").replacen("}]}", &format!("{rest}}}"), 1).replace('\'', "\"")
    };
    vec![
        ("spdx-ref-type", reference("SECURITY", "mine", "x"), reference("OTHER", "mine", "x")),
        (
            "spdx-ref-type",
            reference("OTHER", "purl", "pkg:cargo/a"),
            reference("PACKAGE_MANAGER", "purl", "pkg:cargo/a"),
        ),
        ("spdx-ref-type", reference("SECURITY", "npm", "a@1"), reference("OTHER", "LocationRef-x", "a@1")),
        ("spdx-location", package(",'homepage':'a.example'"), package(",'homepage':'https://a.example'")),
        (
            "spdx-location",
            package("").replace("\"NONE\"", "\"\""),
            package("").replace("\"NONE\"", "\"NOASSERTION\""),
        ),
        ("spdx-digest-zero", digest("SHA256", &"0".repeat(64)), digest("SHA256", &"01".repeat(32))),
        (
            "spdx-digest-twice",
            packaged(
                "",
                &file("").replace(
                    "}]",
                    &format!("}},{{'algorithm':'SHA1','checksumValue':'{}'}}]", "b".repeat(40)),
                ),
            ),
            packaged(
                "",
                &file("").replace(
                    "}]",
                    &format!("}},{{'algorithm':'MD5','checksumValue':'{}'}}]", "b".repeat(32)),
                ),
            ),
        ),
        ("spdx-digest-weak", digest("SHA1", &"b".repeat(40)), digest("SHA256", &"b".repeat(64))),
        (
            "purl-form",
            reference("PACKAGE-MANAGER", "purl", "cargo/a"),
            reference("PACKAGE-MANAGER", "purl", "pkg:cargo/a@1"),
        ),
        (
            "cpe-form",
            reference("SECURITY", "cpe23Type", "cpe:/a:b:c"),
            reference("SECURITY", "cpe22Type", "cpe:/a:b:c"),
        ),
        (
            "swhid-form",
            reference("PERSISTENT-ID", "swh", "swh:1"),
            reference("PERSISTENT-ID", "swh", "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"),
        ),
        ("license-expression", licensed("MIT/ISC", ""), licensed("MIT OR ISC", "")),
        ("license-expression", licensed("NONE OR MIT", ""), licensed("NOASSERTION", "")),
        ("digest-length", digest("SHA256", &"b".repeat(63)), digest("SHA256", &"b".repeat(64))),
        (
            "time-order",
            package(",'releaseDate':'2026-01-02T00:00:00Z','validUntilDate':'2026-01-01T00:00:00Z'"),
            package(",'releaseDate':'2026-01-02T00:00:00Z','validUntilDate':'2027-01-01T00:00:00Z'"),
        ),
    ]
}

#[test]
fn each_rule_sees_what_breaks_it_and_nothing_else() {
    let cases = [elements(), packages(), names_and_digests()].concat();
    for (rule, broken_text, repaired) in &cases {
        assert!(broken(broken_text).iter().any(|(own, _)| own == rule), "{rule}: {broken_text}");
        assert!(!broken(repaired).iter().any(|(own, _)| own == rule), "{rule}: {repaired}");
        for text in [broken_text, repaired] {
            assert!(judge(text).valid, "{text}: {:#?}", judge(text).findings);
        }
    }
    let covered: BTreeSet<&str> =
        cases.iter().map(|(rule, ..)| *rule).filter(|rule| rule.starts_with("spdx-")).collect();
    assert_eq!(covered.len(), rules::SPDX2_RULES.len(), "a rule without a case");
}

#[test]
fn a_code_over_capital_letters_is_told_apart() {
    let text = packaged(
        ",'packageVerificationCode':{'packageVerificationCodeValue':'ba97bd8ee27e7bb0bb8ebe6ab9e4f2ee4c0f4b5e'}",
        &file(""),
    );
    let message = |text: &str| judge(text).findings.into_iter().next().unwrap().message;
    assert!(message(&text).contains("is not the code of the 1 files of \"p\""), "{}", message(&text));
    let computed = "5cdbb64242d8551a7cf583903fd7d5b72b277537";
    let text = text.replace("ba97bd8ee27e7bb0bb8ebe6ab9e4f2ee4c0f4b5e", computed);
    assert!(message(&text).contains("capital letters"), "{}", message(&text));
}

/// What no reference to another document can be looked up in is said, and is no pass.
#[test]
fn what_is_in_other_documents_is_not_evaluated() {
    let text = related(
        "{'spdxElementId':'SPDXRef-p','relationshipType':'DEPENDS_ON','relatedSpdxElement':'DocumentRef-d:SPDXRef-x'}",
    );
    let findings = judge(&text).findings;
    assert_eq!((findings.len(), findings[0].rule), (1, "spdx-ref-dangling"));
    assert!(!findings[0].is_broken());
}

/// The grammar knows what each version has.
#[test]
fn the_versions_are_told_apart() {
    let cases = [
        (",'primaryPackagePurpose':'LIBRARY'", "`primaryPackagePurpose` came in 2.3; this document says 2.2"),
        (
            ",'checksums':[{'algorithm':'BLAKE3','checksumValue':'ab'}]",
            "`BLAKE3` came in 2.3; this document says 2.2",
        ),
        (",'licenseDeclared':'NONE','copyrightText':'NONE'", "`licenseConcluded` is missing"),
    ];
    for (rest, message) in cases {
        let newer = package(rest);
        assert!(judge(&newer).valid, "{newer}");
        let older = newer.replace("SPDX-2.3", "SPDX-2.2");
        let judged = judge(&older);
        assert!(
            !judged.valid && judged.findings.iter().any(|finding| finding.message == message),
            "{:#?}",
            judged.findings
        );
    }
    let remedy = judge(&package("").replace("SPDX-2.3", "SPDX-2.2").replace("'packages'", "'x'"));
    assert!(remedy.findings.iter().any(|finding| finding.rule == "grammar-missing-field"));
}

const HEAD: &str = "SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: d
DocumentNamespace: https://a.example/d
Creator: Tool: t
Created: 2026-11-24T12:00:00Z
PackageName: p
SPDXID: SPDXRef-p
PackageDownloadLocation: NONE
";

/// Each way to break the lines of tag-value: where it is found, and whether the document is still valid.
#[test]
fn each_rule_of_the_lines_has_a_case() {
    assert!(judge(HEAD).valid && broken(HEAD).is_empty());
    let cases = [
        ("PackageVersoin: 1", "tag-value-unknown-tag", false),
        ("and a line more", "tag-value-line", false),
        ("PackageComment: <text>a</text>b", "tag-value-after-text", false),
        ("PackageName:\n", "grammar-missing-field", false),
        ("PackageDownloadLocation: NONE", "tag-value-duplicate", false),
        ("FileType: TEXT", "tag-value-misplaced", false),
        (
            "Annotator: Tool: t\nAnnotationDate: 2026-11-24T12:00:00Z\nAnnotationType: OTHER\nAnnotationComment: c\nSPDXREF: SPDXRef-q",
            "tag-value-annotation",
            false,
        ),
        (
            "SnippetSPDXID: SPDXRef-s\nSnippetFromFileSPDXID: DocumentRef-d:SPDXRef-f\nSnippetByteRange: 1:2\nPackageVersion: 1",
            "tag-value-order",
            true,
        ),
        ("FilesAnalyzed: maybe", "grammar-type", false),
        ("PackageChecksum: abc", "grammar-missing-field", false),
        ("PackageChecksum: SHA1: ABC", "grammar-pattern", false),
        ("ExternalRef: OTHER x", "grammar-missing-field", false),
        ("ExternalRef: OTHER x a b", "grammar-pattern", false),
        ("Relationship: SPDXRef-p DEPENDS_ON", "grammar-missing-field", false),
        (
            "SnippetSPDXID: SPDXRef-s\nSnippetFromFileSPDXID: SPDXRef-p\nSnippetByteRange: 1-2",
            "grammar-type",
            false,
        ),
        ("PackageVerificationCode: abc", "grammar-pattern", false),
    ];
    for (lines, rule, valid) in cases {
        let text = format!("{HEAD}{lines}\n");
        let judged = judge(&text);
        let found = broken(&text);
        let last = HEAD.lines().count() as u64 + lines.lines().count() as u64;
        assert!(
            found.iter().any(|(own, line)| *own == rule && (11..=last).contains(line)),
            "{text}\n{found:?}"
        );
        assert_eq!(judged.valid, valid, "{text}");
    }
    let covered: BTreeSet<&str> =
        cases.iter().map(|(_, rule, _)| *rule).filter(|rule| rule.starts_with("tag-value-")).collect();
    assert_eq!(covered.len(), spdx2::RULES.len(), "a rule without a case");
}

/// A million lines that nobody understands are told briefly and fast.
#[test]
fn a_flood_of_unknown_tags_is_counted() {
    let text = format!("{HEAD}{}", "Unknown: x\n".repeat(1_000_000));
    let started = std::time::Instant::now();
    let judged = judge(&text);
    assert!(!judged.valid && judged.findings.len() <= 1001 && judged.omitted >= 999_000);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn limits_are_kept() {
    let refused = |text: &str, limits: &Limits| {
        spdx2::read(text.as_bytes().to_vec(), limits).err().map(|error| error.code())
    };
    let limits = Limits::default();
    assert_eq!(refused(HEAD, &Limits { bytes: HEAD.len() as u64, ..limits }), None);
    assert_eq!(
        refused(HEAD, &Limits { bytes: HEAD.len() as u64 - 1, ..limits }),
        Some("tag-value-too-large")
    );
    assert_eq!(refused(HEAD, &Limits { nodes: 100, ..limits }), None);
    assert_eq!(refused(HEAD, &Limits { nodes: 20, ..limits }), Some("tag-value-too-many-values"));
    assert_eq!(refused("", &limits), Some("tag-value-empty"));
    let bytes = b"SPDXVersion: SPDX-2.3\nDocumentName: \xe9".to_vec();
    let error = spdx2::read(bytes, &limits).unwrap_err();
    assert_eq!((error.code(), error.position().unwrap().line), ("tag-value-utf8", 2));
    assert!(error.help().is_some());
}

/// A short name that stands for a long id a million times must not become a gigabyte.
#[test]
fn nothing_grows_beyond_what_is_there() {
    let id = format!("SPDXRef-{}", "x".repeat(100_000));
    let text = format!("{HEAD}FileName: f\nSPDXID: {id}\n{}", "FileDependency: f\n".repeat(20_000));
    let read = spdx2::read(text.clone().into_bytes(), &Limits::default()).unwrap();
    assert!(read.document.bytes().len() < 8 * text.len(), "{}", read.document.bytes().len());
}

#[test]
fn a_text_in_another_spelling_is_the_same_document() {
    let sandbox = Sandbox::empty();
    let windows = format!("\u{feff}# made on Windows\r\n{}", HEAD.replace('\n', "\r\n"));
    sandbox.write("windows.spdx", &windows);
    let answer = sandbox.expect(0, &["validate", "windows.spdx", "--fail-on", "low"]);
    assert!(answer.stdout.starts_with("valid: windows.spdx (spdx-2.3-tag-value)"), "{}", answer.stdout);
    let read = |text: &str| spdx2::read(text.as_bytes().to_vec(), &Limits::default()).unwrap().document;
    assert_eq!(read(&windows).root().canonical(), read(HEAD).root().canonical());
}

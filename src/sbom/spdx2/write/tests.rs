//! What is written, and what is not.

use super::*;
use crate::document::Limits;
use crate::sbom::convert::Fate;

fn written(json: &str) -> (String, Vec<(String, Fate, String)>) {
    let document = Document::parse(json.replace('\'', "\"").into(), &Limits::default()).unwrap();
    let Written { bytes, losses } = write(&document);
    let losses = losses
        .into_iter()
        .filter(|loss| loss.fate != Fate::Mapped || !loss.reason.is_empty())
        .map(|loss| (loss.pointer, loss.fate, loss.reason.into_owned()));
    (String::from_utf8(bytes).unwrap(), losses.collect())
}

#[test]
fn everything_has_its_place_and_spelling() {
    let (text, losses) = written(
        "{'spdxVersion':'SPDX-2.3','SPDXID':'SPDXRef-DOCUMENT','creationInfo':{'creators':['Tool: t'],'created':'2026-11-24T12:00:00Z'},
          'externalDocumentRefs':[{'externalDocumentId':'DocumentRef-d','spdxDocument':'https://d.example','checksum':{'algorithm':'SHA1','checksumValue':'ab'}}],
          'files':[{'SPDXID':'SPDXRef-f','fileName':'./f','checksums':[{'checksumValue':'cd','algorithm':'SHA1'}],'fileDependencies':['SPDXRef-g'],
            'artifactOfs':[{'projectUri':'u','name':'n'}]},{'SPDXID':'SPDXRef-g','fileName':'./g','comment':' two\\nlines'}],
          'packages':[{'SPDXID':'SPDXRef-p','name':'p','filesAnalyzed':true,'hasFiles':['SPDXRef-g'],'primaryPackagePurpose':'OPERATING_SYSTEM',
            'packageVerificationCode':{'packageVerificationCodeValue':'ef','packageVerificationCodeExcludedFiles':['./x','./y']},
            'externalRefs':[{'referenceCategory':'PACKAGE_MANAGER','referenceType':'purl','referenceLocator':'pkg:a/b','comment':'c'}],
            'annotations':[{'annotator':'Tool: a','annotationType':'OTHER','comment':'n'}]}],
          'snippets':[{'SPDXID':'SPDXRef-s','snippetFromFile':'SPDXRef-f','ranges':[
            {'startPointer':{'lineNumber':5,'reference':'SPDXRef-f'},'endPointer':{'lineNumber':23,'reference':'SPDXRef-f'}},
            {'startPointer':{'offset':310,'reference':'SPDXRef-f'},'endPointer':{'offset':420,'reference':'SPDXRef-f'}}]}],
          'relationships':[{'spdxElementId':'SPDXRef-p','relationshipType':'DEPENDS_ON','relatedSpdxElement':'NONE','comment':'r'}],
          'documentDescribes':['SPDXRef-p'],'revieweds':[]}",
    );
    let expected = "SPDXVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
ExternalDocumentRef: DocumentRef-d https://d.example SHA1: ab
Creator: Tool: t
Created: 2026-11-24T12:00:00Z

FileName: ./f
SPDXID: SPDXRef-f
FileChecksum: SHA1: cd
ArtifactOfProjectName: n
ArtifactOfProjectURI: u
FileDependency: ./g

PackageName: p
SPDXID: SPDXRef-p
FilesAnalyzed: true
PackageVerificationCode: ef (excludes: ./x, ./y)
ExternalRef: PACKAGE-MANAGER purl pkg:a/b
ExternalRefComment: c
PrimaryPackagePurpose: OPERATING-SYSTEM

Annotator: Tool: a
SPDXREF: SPDXRef-p
AnnotationType: OTHER
AnnotationComment: n

FileName: ./g
SPDXID: SPDXRef-g
FileComment: <text> two
lines</text>

SnippetSPDXID: SPDXRef-s
SnippetFromFileSPDXID: SPDXRef-f
SnippetLineRange: 5:23
SnippetByteRange: 310:420

Relationship: SPDXRef-p DEPENDS_ON NONE
RelationshipComment: r
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-p
";
    assert_eq!(text, expected);
    assert_eq!(
        losses,
        [("/documentDescribes".to_owned(), Fate::Mapped, "written as a relationship".to_owned())]
    );
}

#[test]
fn what_cannot_be_written_is_dropped_by_name() {
    let silent = "nothing in the other format holds it";
    let cases = [
        ("{'packages':[{'name':'p','own':1}]}", "/packages/0/own", silent),
        ("{'packages':'p','name':'n'}", "/packages", silent),
        ("{'packages':[7],'name':'n'}", "/packages/0", "nothing in it can be written"),
        (
            "{'packages':[{'name':'p','versionInfo':1}]}",
            "/packages/0/versionInfo",
            "only text can be written there",
        ),
        ("{'packages':[{'name':'p','checksums':{'a':1}}]}", "/packages/0/checksums", silent),
        (
            "{'packages':[{'name':'p','summary':'\\na</text>b'}]}",
            "/packages/0/summary",
            "tag-value has no way to write `</text>` in a value",
        ),
        (
            "{'packages':[{'name':'p','checksums':[{'algorithm':'a:b','checksumValue':'c'}]}]}",
            "/packages/0/checksums",
            "the parts of it do not make a line that can be read back",
        ),
        (
            "{'packages':[{'name':'p','externalRefs':[{'referenceCategory':'OTHER','referenceType':'a b','referenceLocator':'c'}]}]}",
            "/packages/0/externalRefs",
            "the parts of it do not make a line that can be read back",
        ),
        (
            "{'packages':[{'name':'p','annotations':[{'annotator':'a'}]}]}",
            "/packages/0/annotations",
            "what it is about has no SPDXID of its own",
        ),
        (
            "{'packages':[{'name':'p','packageVerificationCode':{'packageVerificationCodeValue':'a','packageVerificationCodeExcludedFiles':['b,c']}}]}",
            "/packages/0/packageVerificationCode/packageVerificationCodeExcludedFiles",
            "the names do not make a list that can be read back",
        ),
        (
            "{'name':'n','relationships':[{'spdxElementId':'a','relationshipType':'b','comment':'c'}]}",
            "/relationships/0/comment",
            silent,
        ),
        (
            "{'hasExtractedLicensingInfos':[{'licenseId':'l','crossRefs':[{'url':'u'}]}]}",
            "/hasExtractedLicensingInfos/0/crossRefs",
            silent,
        ),
        (
            "{'snippets':[{'SPDXID':'s','snippetFromFile':'f','ranges':[{'startPointer':{'offset':1,'reference':'g'},'endPointer':{'offset':2,'reference':'f'}}]}]}",
            "/snippets/0/ranges/0/startPointer/reference",
            "a range is one of the file that the snippet is from",
        ),
    ];
    // A loss is named at the topmost place in which all is lost.
    for (json, pointer, reason) in cases {
        let (text, losses) = written(json);
        let found = losses.iter().any(|(at, fate, why)| {
            *fate == Fate::Dropped && pointer.starts_with(at.as_str()) && why == reason
        });
        assert!(found, "{json}\n{text}\n{losses:?}");
    }
}

#[test]
fn a_file_of_two_packages_is_related_to_the_second() {
    let (text, losses) = written(
        "{'files':[{'SPDXID':'f','fileName':'f'}],'packages':[{'SPDXID':'p','name':'p','hasFiles':['f','gone','f']},{'SPDXID':'q','name':'q','hasFiles':['f']}]}",
    );
    assert_eq!(
        text,
        "\
PackageName: p
SPDXID: p

FileName: f
SPDXID: f

PackageName: q
SPDXID: q

Relationship: p CONTAINS gone
Relationship: q CONTAINS f
"
    );
    assert!(losses.iter().all(|(_, fate, _)| *fate == Fate::Mapped) && losses.len() == 3);
}

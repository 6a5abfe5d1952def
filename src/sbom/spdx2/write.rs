//! From the shape of the JSON form to tag-value text, in one order: the document, files of no package, packages with
//! their files, snippets, licences, relationships, reviews; annotations follow what they are about.
//!
//! Every value is accounted for: what is not written, or would not be read back, is dropped in the ledger.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::composite;
use super::lines::{CLOSE, OPEN, trim};
use super::shape::LONGEST_ID;
use super::tag::{Form, Section, TagId, of_field, start, tag};
use crate::document::{Document, Kind, Value};
use crate::sbom::convert::{Ledger, Loss};

/// A text, and what became of every value of the document.
#[derive(Debug)]
pub struct Written {
    /// The text.
    pub bytes: Vec<u8>,
    /// The account, with what is mapped as it is too.
    pub losses: Vec<Loss>,
}

/// Writes an SPDX 2 document as tag-value.
pub fn write(document: &Document) -> Written {
    let root = document.root();
    let mut writer = Writer {
        out: Vec::with_capacity(document.bytes().len()),
        ledger: Ledger::new(document),
        elements: elements(root),
        names: names_of_files(root),
        more: Vec::new(),
    };
    writer.document(root);
    Written { bytes: writer.out, losses: writer.ledger.finish() }
}

struct Writer<'d> {
    out: Vec<u8>,
    ledger: Ledger<'d>,
    /// What has an id: of several with one id the first.
    elements: HashMap<Cow<'d, str>, Value<'d>>,
    /// Files by name: of several with one name the first, as the reader takes them.
    names: HashMap<Cow<'d, str>, Cow<'d, str>>,
    /// Relationships that JSON has as lists of ids.
    more: Vec<String>,
}

impl<'d> Writer<'d> {
    fn document(&mut self, root: Value<'d>) {
        self.members(root, Section::Document, None);
        if let Some(creation) = root.get("creationInfo") {
            self.members(creation, Section::Creation, None);
        }
        self.annotations(root);
        let mut placed = self.files_by_package(root);
        for file in list(root, "files") {
            if !placed.taken.contains(&file.id()) {
                self.element(file, Section::File);
            }
        }
        for package in list(root, "packages") {
            self.element(package, Section::Package);
            for file in placed.of.remove(&package.id()).unwrap_or_default() {
                self.element(file, Section::File);
            }
        }
        for snippet in list(root, "snippets") {
            self.element(snippet, Section::Snippet);
        }
        for license in list(root, "hasExtractedLicensingInfos") {
            self.gap();
            self.members(license, Section::License, None);
        }
        self.relationships(root);
        for review in list(root, "revieweds") {
            self.gap();
            self.members(review, Section::Review, None);
        }
        for name in LISTS {
            if let Some(list) = root.get(name) {
                self.nothing(list);
            }
        }
    }

    fn element(&mut self, element: Value<'d>, section: Section) {
        self.gap();
        self.members(element, section, None);
        self.annotations(element);
    }

    fn annotations(&mut self, element: Value<'d>) {
        let Some(all) = element.get("annotations") else { return };
        let id = element.get("SPDXID").and_then(|id| id.as_str()).unwrap_or_default();
        if self.elements.get(&id) != Some(&element) || !reads_back(&id) {
            self.ledger.dropped(all, "what it is about has no SPDXID of its own");
            return;
        }
        for annotation in all.elements() {
            self.gap();
            self.members(annotation, Section::Annotation, Some(&id));
        }
        self.nothing(all);
    }

    /// Which files follow which package. What cannot follow becomes a relationship.
    fn files_by_package(&mut self, root: Value<'d>) -> Placed<'d> {
        let mut placed = Placed::default();
        let files: HashSet<u32> = list(root, "files").map(Value::id).collect();
        for package in list(root, "packages") {
            let Some(all) = package.get("hasFiles") else { continue };
            let own = package.get("SPDXID").and_then(|id| id.as_str());
            for value in all.elements() {
                let Some(id) = value.as_str() else { continue };
                let file = self.elements.get(&id).filter(|file| files.contains(&file.id())).copied();
                if let Some(file) = file.filter(|_| reads_back(&id))
                    && placed.taken.insert(file.id())
                {
                    placed.of.entry(package.id()).or_default().push(file);
                    self.ledger.mapped(value);
                } else if let Some(own) = &own {
                    self.relate(value, own, "CONTAINS", &id);
                }
            }
            self.nothing(all);
        }
        placed
    }

    fn relationships(&mut self, root: Value<'d>) {
        let mut described = HashSet::new();
        for relationship in list(root, "relationships") {
            self.gap_between("Relationship");
            self.members(relationship, Section::Relationship, None);
            if relationship.get("relationshipType").is_some_and(|kind| kind.is("DESCRIBES")) {
                described.extend(relationship.get("relatedSpdxElement").and_then(|id| id.as_str()));
            }
        }
        let own = root.get("SPDXID").and_then(|id| id.as_str());
        for value in list(root, "documentDescribes") {
            match (value.as_str(), &own) {
                (Some(id), _) if described.contains(&id) => self.ledger.mapped(value),
                (Some(id), Some(own)) => self.relate(value, own, "DESCRIBES", &id),
                _ => {}
            }
        }
        for line in std::mem::take(&mut self.more) {
            self.gap_between("Relationship");
            self.line("Relationship", &line);
        }
    }

    fn relate(&mut self, value: Value<'d>, from: &str, kind: &str, to: &str) {
        let line = format!("{from} {kind} {to}");
        if composite::words(&line) == [Some(from), Some(kind), Some(to)] && reads_back(&line) {
            self.more.push(line);
            self.ledger.changed(value, "written as a relationship");
        }
    }

    /// The tags of one object, in their order. `about` is what an annotation is about.
    fn members(&mut self, object: Value<'d>, section: Section, about: Option<&str>) {
        if object.members().next().is_none() {
            self.ledger.dropped(object, "nothing in it can be written");
            return;
        }
        let known = |(name, value): (Cow<'d, str>, Value<'d>)| Some((of_field(section, &name)?, value));
        let mut members: Vec<(TagId, Value<'d>)> = object.members().filter_map(known).collect();
        members.sort_unstable_by_key(|(id, _)| *id);
        let first = start(section);
        match section {
            Section::Relationship if !self.relation(object) => return,
            Section::Relationship | Section::Document | Section::Creation => {}
            // Without its first tag a section would be a part of the one before it.
            _ if members.first().is_none_or(|(id, value)| *id != first || !fits(*value)) => {
                self.line(tag(first).name, "");
            }
            _ => {}
        }
        for (id, value) in members {
            self.member(object, id, value);
            if let (Some(about), true) = (about, id == first) {
                self.line("SPDXREF", about);
            }
        }
        if let Some(about) = about
            && object.get(tag(first).field).is_none()
        {
            self.line("SPDXREF", about);
        }
    }

    fn member(&mut self, object: Value<'d>, id: TagId, value: Value<'d>) {
        let own = tag(id);
        if value.is_null() {
            self.ledger.mapped(value);
            return;
        }
        match own.form {
            Form::Text => self.text(own.name, value),
            Form::Flag => match value.as_bool() {
                Some(flag) => {
                    self.line(own.name, if flag { "true" } else { "false" });
                    self.ledger.mapped(value);
                }
                None => self.text(own.name, value),
            },
            Form::Purpose => match value.as_str() {
                Some(text) if reads_back(&text) => {
                    self.line(own.name, &text.replace('_', "-"));
                    self.ledger.mapped(value);
                }
                _ => self.text(own.name, value),
            },
            Form::VerificationCode => self.verification_code(own.name, value),
            Form::Relation | Form::Target | Form::More(_) => {}
            _ => {
                let mut ranges = 0_u8;
                for element in value.elements() {
                    match own.form {
                        Form::Checksum => self.checksum(own.name, element),
                        Form::DocumentRef => self.document_ref(own.name, element),
                        Form::ExternalRef => self.external_ref(own.name, element),
                        Form::First(_) => self.members_of_list(Section::File, own.field, element),
                        Form::Range(_) => self.range(object, element, &mut ranges),
                        Form::FileName => self.file_name(own.name, element),
                        _ => self.text(own.name, element),
                    }
                }
                self.nothing(value);
            }
        }
    }

    fn text(&mut self, name: &str, value: Value<'d>) {
        match value.as_str() {
            Some(text) if reads_back(&text) => {
                self.line(name, &text);
                self.ledger.mapped(value);
            }
            Some(_) => self.ledger.dropped(value, "tag-value has no way to write `</text>` in a value"),
            None => self.ledger.dropped(value, "only text can be written there"),
        }
    }

    /// A line of several parts, if they are read back from it.
    fn parts<const N: usize>(
        &mut self,
        name: &str,
        values: [Option<Value<'d>>; N],
        join: impl Fn(&[&str; N]) -> String,
        split: impl Fn(&str) -> Option<[String; N]>,
    ) -> bool {
        let texts = values.map(|value| value.and_then(|value| value.as_str()));
        let parts = texts.each_ref().map(|text| text.as_deref().unwrap_or_default());
        let line = join(&parts);
        let is_whole = texts.iter().all(Option::is_some) && reads_back(&line);
        if !is_whole || split(&line).is_none_or(|read| read != parts) {
            for value in values.into_iter().flatten() {
                self.ledger.dropped(value, "the parts of it do not make a line that can be read back");
            }
            return false;
        }
        self.line(name, &line);
        for value in values.into_iter().flatten() {
            self.ledger.mapped(value);
        }
        true
    }

    fn checksum(&mut self, name: &str, object: Value<'d>) {
        let values = ["algorithm", "checksumValue"].map(|member| object.get(member));
        self.parts(
            name,
            values,
            |[algorithm, digits]| format!("{algorithm}: {digits}"),
            |line| {
                let (algorithm, digits) = composite::checksum(line);
                Some([algorithm?.to_owned(), digits.to_owned()])
            },
        );
    }

    fn document_ref(&mut self, name: &str, object: Value<'d>) {
        let checksum = object.get("checksum");
        let values = [
            object.get("externalDocumentId"),
            object.get("spdxDocument"),
            checksum.and_then(|checksum| checksum.get("algorithm")),
            checksum.and_then(|checksum| checksum.get("checksumValue")),
        ];
        self.parts(
            name,
            values,
            |[id, uri, algorithm, digits]| format!("{id} {uri} {algorithm}: {digits}"),
            |line| {
                let [id, uri, checksum] = composite::words(line);
                let (algorithm, digits) = composite::checksum(checksum?);
                Some([id?, uri?, algorithm?, digits].map(str::to_owned))
            },
        );
    }

    fn external_ref(&mut self, name: &str, object: Value<'d>) {
        let values = ["referenceCategory", "referenceType", "referenceLocator"].map(|part| object.get(part));
        let written = self.parts(
            name,
            values,
            |[category, kind, locator]| format!("{} {kind} {locator}", hyphens(category)),
            |line| {
                let [category, kind, locator] = composite::words(line);
                let own = values[0]?.as_str()?;
                let category = if category == Some(hyphens(&own)) { own.into_owned() } else { return None };
                Some([category, kind?.to_owned(), locator?.to_owned()])
            },
        );
        if let Some(comment) = object.get("comment").filter(|_| written) {
            self.text("ExternalRefComment", comment);
        }
    }

    /// The members of an object of a list that has a tag for each (8.9).
    fn members_of_list(&mut self, section: Section, field: &str, object: Value<'d>) {
        let own = super::tag::TAGS.iter().filter(|tag| tag.section == section && tag.field == field);
        for tag in own {
            let (member, is_first) = match tag.form {
                Form::First(member) => (member, true),
                Form::More(member) => (member, false),
                _ => continue,
            };
            match object.get(member) {
                Some(value) if fits(value) => self.text(tag.name, value),
                _ if is_first => self.line(tag.name, ""),
                _ => {}
            }
        }
    }

    fn range(&mut self, snippet: Value<'d>, object: Value<'d>, seen: &mut u8) {
        let pointers = ["startPointer", "endPointer"].map(|name| object.get(name));
        let from = snippet.get("snippetFromFile").and_then(|from| from.as_str());
        let names = [("SnippetByteRange", "offset"), ("SnippetLineRange", "lineNumber")];
        let both = |member: &str| pointers.map(|pointer| pointer.and_then(|pointer| pointer.get(member)));
        let found = (0_u8..).zip(names).find(|(_, (_, member))| both(member).iter().all(Option::is_some));
        let Some((bit, (name, member))) = found.filter(|(bit, _)| *seen & 1 << bit == 0) else {
            self.ledger.dropped(object, "a snippet has one range of bytes and one of lines");
            return;
        };
        *seen |= 1 << bit;
        let numbers = both(member).map(|number| number.map(written_number).unwrap_or_default());
        let line = numbers.join(":");
        if composite::range(&line) != (numbers[0].as_str(), Some(numbers[1].as_str())) || !reads_back(&line) {
            self.ledger.dropped(object, "the parts of it do not make a line that can be read back");
            return;
        }
        self.line(name, &line);
        for pointer in pointers.into_iter().flatten() {
            pointer.get(member).into_iter().for_each(|number| self.ledger.mapped(number));
            if let Some(reference) = pointer.get("reference") {
                if from.as_deref().is_some_and(|from| reference.is(from)) {
                    self.ledger.mapped(reference);
                } else {
                    self.ledger.dropped(reference, "a range is one of the file that the snippet is from");
                }
            }
        }
    }

    fn verification_code(&mut self, name: &str, object: Value<'d>) {
        let Some(code) = object.get("packageVerificationCodeValue").filter(|code| code.as_str().is_some())
        else {
            return;
        };
        let mut line = code.as_str().unwrap_or_default().into_owned();
        if let Some(excluded) = object.get("packageVerificationCodeExcludedFiles") {
            let names: Vec<Cow<'_, str>> = excluded.elements().filter_map(|name| name.as_str()).collect();
            let list = names.join(", ");
            let whole = format!("{line} (excludes: {list})");
            let (_, read) = composite::verification_code(&whole);
            if read.is_some_and(|read| composite::names(read).eq(names.iter().map(AsRef::as_ref))) {
                excluded.elements().for_each(|name| self.ledger.mapped(name));
                self.nothing(excluded);
                line = whole;
            } else {
                self.ledger.dropped(excluded, "the names do not make a list that can be read back");
            }
        }
        let (own, _) = composite::verification_code(&line);
        if code.is(own) && reads_back(&line) {
            self.line(name, &line);
            self.ledger.mapped(code);
        }
    }

    /// Tag-value names files by their names, JSON by their ids.
    fn file_name(&mut self, name: &str, value: Value<'d>) {
        let Some(id) = value.as_str() else { return };
        let own = self.elements.get(&id).and_then(|file| file.get("fileName")?.as_str());
        let own = own.filter(|own| self.names.get(own) == Some(&id));
        if own.is_none() && self.names.contains_key(&id) {
            self.ledger.dropped(value, "another file has this id for its name");
        } else if let Some(own) = own.filter(|own| reads_back(own)) {
            self.line(name, &own);
            self.ledger.mapped(value);
        } else {
            self.text(name, value);
        }
    }

    fn relation(&mut self, object: Value<'d>) -> bool {
        let values = ["spdxElementId", "relationshipType", "relatedSpdxElement"].map(|part| object.get(part));
        self.parts(
            "Relationship",
            values,
            |[from, kind, to]| format!("{from} {kind} {to}"),
            |line| {
                let [from, kind, to] = composite::words(line);
                Some([from?, kind?, to?].map(str::to_owned))
            },
        )
    }

    /// An empty list says nothing; what is in another one has been spoken of, or is lost.
    fn nothing(&mut self, list: Value<'d>) {
        if list.kind() == Kind::Array && list.elements().next().is_none() {
            self.ledger.mapped(list);
        }
    }

    /// `Tag: value`; between `<text>` and `</text>` what would lose something otherwise.
    fn line(&mut self, name: &str, value: &str) {
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b':');
        if !value.is_empty() {
            self.out.push(b' ');
        }
        if needs_text(value) {
            self.out.extend_from_slice(OPEN.as_bytes());
            self.out.extend_from_slice(value.as_bytes());
            self.out.extend_from_slice(CLOSE.as_bytes());
        } else {
            self.out.extend_from_slice(value.as_bytes());
        }
        self.out.push(b'\n');
    }

    /// An empty line before a section.
    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    /// An empty line, unless the last section was of the same kind and of one line.
    fn gap_between(&mut self, name: &str) {
        let rest = self.out.trim_ascii_end();
        let last = rest.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        if !rest[last..].starts_with(name.as_bytes()) {
            self.gap();
        }
    }
}

/// Which files follow which package.
#[derive(Default)]
struct Placed<'d> {
    of: HashMap<u32, Vec<Value<'d>>>,
    taken: HashSet<u32>,
}

/// The ids of files by their names, where dependencies name files.
fn names_of_files(root: Value<'_>) -> HashMap<Cow<'_, str>, Cow<'_, str>> {
    let mut names = HashMap::new();
    if list(root, "files").all(|file| file.get("fileDependencies").is_none()) {
        return names;
    }
    for file in list(root, "files") {
        let text = |name| file.get(name).and_then(|text| text.as_str());
        if let (Some(name), Some(id)) = (text("fileName"), text("SPDXID"))
            && id.len() <= LONGEST_ID
        {
            names.entry(name).or_insert(id);
        }
    }
    names
}

/// What annotations can be about, by id.
fn elements(root: Value<'_>) -> HashMap<Cow<'_, str>, Value<'_>> {
    let mut elements = HashMap::new();
    let all = ["packages", "files", "snippets"].into_iter().flat_map(|name| list(root, name));
    for element in std::iter::once(root).chain(all) {
        if let Some(id) = element.get("SPDXID").and_then(|id| id.as_str()) {
            elements.entry(id).or_insert(element);
        }
    }
    elements
}

fn list<'d>(object: Value<'d>, name: &str) -> impl Iterator<Item = Value<'d>> + use<'d> {
    object.get(name).into_iter().flat_map(|list| list.elements())
}

fn needs_text(value: &str) -> bool {
    value.contains('\n') || trim(value).len() != value.len() || value.starts_with(OPEN)
}

/// Whether a value can be written so that it is read back.
fn reads_back(value: &str) -> bool {
    !needs_text(value) || !value.contains(CLOSE)
}

/// JSON may have an underscore where the text of the specification has a hyphen.
fn hyphens(category: &str) -> &str {
    match category {
        "PACKAGE_MANAGER" => "PACKAGE-MANAGER",
        "PERSISTENT_ID" => "PERSISTENT-ID",
        other => other,
    }
}

/// Whether a value is text that can be written.
fn fits(value: Value<'_>) -> bool {
    value.as_str().is_some_and(|text| reads_back(&text))
}

/// A number as it is read back; strings, which the grammar refuses, as they are.
fn written_number(number: Value<'_>) -> String {
    match number.as_str() {
        Some(text) => text.into_owned(),
        None => String::from_utf8_lossy(number.raw()).into_owned(),
    }
}

/// The lists of the document.
const LISTS: [&str; 9] = [
    "packages",
    "files",
    "snippets",
    "relationships",
    "hasExtractedLicensingInfos",
    "revieweds",
    "documentDescribes",
    "externalDocumentRefs",
    "annotations",
];

#[cfg(test)]
mod tests {
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
            "{'files':[{'SPDXID':'f','fileName':'f'}],'packages':[{'SPDXID':'p','name':'p','hasFiles':['f','gone']},{'SPDXID':'q','name':'q','hasFiles':['f']}]}",
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
        assert!(losses.iter().all(|(_, fate, _)| *fate == Fate::Mapped) && losses.len() == 2);
    }
}

//! From sections to the shape of the JSON form.
//!
//! Sections become objects, tags their members. Annotations go to what they are about (12.4), and a package names the
//! files that follow it in `hasFiles` (5.2.3).

use std::collections::HashMap;

use super::composite;
use super::lines::offset;
use super::oddity::{Kind, Oddity};
use super::records::{Field, Record, Records};
use super::tag::{Form, Section, group, tag};
use crate::document::Builder;

/// Writes the document; what cannot be placed is added to the oddities.
pub(super) fn build(text: &str, records: &mut Records<'_>) -> Builder {
    let (about, lost) = annotations(&records.list);
    for (offset, target) in lost {
        records.odd(Oddity { offset, kind: Kind::Target(super::oddity::cut(target)) });
    }
    let first = |section| records.list.iter().find(|record| record.section == section);
    let at = first(Section::Document).map_or(0, |record| record.at);
    let mut shape = Shape {
        text,
        records: &records.list,
        builder: Builder::default(),
        about,
        files: files(&records.list),
        names: names(&records.list),
        hyphens: first(Section::Document).and_then(|record| record.value("spdxVersion")) != Some("SPDX-2.2"),
    };
    shape.builder.object(at);
    shape.document();
    shape.builder.end();
    shape.builder
}

/// Numbers of records that belong together, the owner first; ascending.
type Pairs = Vec<(u32, u32)>;

struct Shape<'r, 'a> {
    text: &'a str,
    records: &'r [Record<'a>],
    builder: Builder,
    /// What is annotated, and by what.
    about: Pairs,
    /// Packages and their files.
    files: Pairs,
    /// The ids of files by their names.
    names: HashMap<&'a str, &'a str>,
    /// Since 2.3 the categories of external references are spelled with hyphens in JSON too.
    hyphens: bool,
}

impl<'a> Shape<'_, 'a> {
    fn document(&mut self) {
        let [document, creation, ..] = self.records else { return };
        self.members(document);
        if !creation.fields.is_empty() {
            self.builder.name("creationInfo", creation.at);
            self.builder.object(creation.at);
            self.members(creation);
            self.builder.end();
        }
        self.list("hasExtractedLicensingInfos", Section::License);
        self.annotations_of(0);
        self.list("packages", Section::Package);
        self.list("files", Section::File);
        self.list("snippets", Section::Snippet);
        self.list("relationships", Section::Relationship);
        self.list("revieweds", Section::Review);
    }

    fn list(&mut self, name: &'static str, section: Section) {
        let records = self.records;
        let mut own = (0..).zip(records).filter(|(_, record)| record.section == section).peekable();
        let Some((_, first)) = own.peek() else { return };
        self.builder.name(name, first.at);
        self.builder.array(first.at);
        for (number, record) in own {
            self.builder.object(record.at);
            self.members(record);
            if section == Section::Package {
                self.files_of(number);
            }
            self.annotations_of(number);
            self.builder.end();
        }
        self.builder.end();
    }

    fn files_of(&mut self, package: u32) {
        let files = within(&self.files, package);
        let mut ids = files
            .iter()
            .map(|(_, file)| &self.records[*file as usize])
            .filter_map(|file| Some((file.at, file.value("SPDXID")?)))
            .peekable();
        let Some((at, _)) = ids.peek() else { return };
        self.builder.name("hasFiles", *at);
        self.builder.array(*at);
        ids.for_each(|(at, id)| self.builder.string(id, at));
        self.builder.end();
    }

    fn annotations_of(&mut self, number: u32) {
        let own = within(&self.about, number).to_vec();
        let Some((_, first)) = own.first() else { return };
        let at = self.records[*first as usize].at;
        self.builder.name("annotations", at);
        self.builder.array(at);
        for (_, annotation) in own {
            let record = &self.records[annotation as usize];
            self.builder.object(record.at);
            self.members(record);
            self.builder.end();
        }
        self.builder.end();
    }

    /// The members of an object, in the order of the tags.
    fn members(&mut self, record: &Record<'a>) {
        let mut fields = record.fields.clone();
        // Tags of one list are neighbours there and keep the order that they have in the text.
        fields.sort_by_key(|field| group(field.tag));
        let mut rest = &fields[..];
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|field| group(field.tag) == group(first.tag)).count();
            let (own, others) = rest.split_at(count);
            self.member(record, own, first);
            rest = others;
        }
    }

    fn member(&mut self, record: &Record<'a>, fields: &[Field<'a>], first: &Field<'a>) {
        let (name, form) = (tag(first.tag).field, tag(first.tag).form);
        match form {
            Form::Target => return,
            Form::Relation => {
                let names = ["spdxElementId", "relationshipType", "relatedSpdxElement"];
                self.words(first, names);
                return;
            }
            _ => self.builder.name(name, first.at),
        }
        if form.repeats() || matches!(form, Form::Range(_)) {
            self.builder.array(first.at);
            let mut open = false;
            for field in fields {
                if let Form::More(member) = tag(field.tag).form {
                    self.builder.name(member, field.at);
                    self.string(field.value);
                    continue;
                }
                if std::mem::replace(&mut open, opens(field)) {
                    self.builder.end();
                }
                self.element(record, field);
            }
            if open {
                self.builder.end();
            }
            self.builder.end();
            return;
        }
        match form {
            Form::Flag => self.literal(first.value, |text| matches!(text, "true" | "false")),
            Form::Purpose => {
                let at = self.at(first.value);
                self.builder.string(&first.value.replace('-', "_"), at);
            }
            Form::VerificationCode => self.verification_code(first),
            _ => self.string(first.value),
        }
    }

    fn element(&mut self, record: &Record<'a>, field: &Field<'a>) {
        match tag(field.tag).form {
            Form::Checksum => self.checksum(field.value, field.at),
            Form::DocumentRef => {
                self.builder.object(field.at);
                let [id, uri, checksum] = composite::words(field.value);
                self.optional("externalDocumentId", id, field.at);
                self.optional("spdxDocument", uri, field.at);
                if let Some(checksum) = checksum {
                    let at = self.at(checksum);
                    self.builder.name("checksum", at);
                    self.checksum(checksum, at);
                }
                self.builder.end();
            }
            Form::ExternalRef => {
                self.builder.object(field.at);
                let [category, kind, locator] = composite::words(field.value);
                if let Some(category) = category {
                    self.builder.name("referenceCategory", field.at);
                    let at = self.at(category);
                    self.builder.string(self.category(category), at);
                }
                self.optional("referenceType", kind, field.at);
                self.optional("referenceLocator", locator, field.at);
            }
            Form::First(member) => {
                self.builder.object(field.at);
                self.optional(member, Some(field.value), field.at);
            }
            Form::Range(member) => self.range(record, field, member),
            Form::FileName => {
                let at = self.at(field.value);
                let id = self.names.get(field.value).copied().unwrap_or(field.value);
                self.builder.string(id, at);
            }
            _ => self.string(field.value),
        }
    }

    /// JSON of 2.2 has an underscore where the text of the specification and 2.3 have a hyphen.
    fn category(&self, text: &'a str) -> &'a str {
        match text {
            "PACKAGE-MANAGER" if !self.hyphens => "PACKAGE_MANAGER",
            "PACKAGE_MANAGER" if self.hyphens => "PACKAGE-MANAGER",
            "PERSISTENT_ID" => "PERSISTENT-ID",
            other => other,
        }
    }

    fn range(&mut self, record: &Record<'a>, field: &Field<'a>, member: &'static str) {
        let reference = record.value("snippetFromFile");
        let (first, last) = composite::range(field.value);
        self.builder.object(field.at);
        for (name, number) in [("startPointer", Some(first)), ("endPointer", last)] {
            let Some(number) = number else { continue };
            let at = self.at(number);
            self.builder.name(name, at);
            self.builder.object(at);
            if let Some(reference) = reference {
                self.builder.name("reference", at);
                self.string(reference);
            }
            self.builder.name(member, at);
            self.literal(number, composite::is_number);
            self.builder.end();
        }
        self.builder.end();
    }

    fn verification_code(&mut self, field: &Field<'a>) {
        let (code, list) = composite::verification_code(field.value);
        self.builder.object(field.at);
        self.optional("packageVerificationCodeValue", Some(code), field.at);
        if let Some(list) = list {
            let at = self.at(list);
            self.builder.name("packageVerificationCodeExcludedFiles", at);
            self.builder.array(at);
            composite::names(list).for_each(|name| self.string(name));
            self.builder.end();
        }
        self.builder.end();
    }

    fn checksum(&mut self, value: &'a str, at: u32) {
        let (algorithm, digits) = composite::checksum(value);
        self.builder.object(at);
        self.optional("algorithm", algorithm, at);
        self.optional("checksumValue", Some(digits), at);
        self.builder.end();
    }

    fn words(&mut self, field: &Field<'a>, names: [&'static str; 3]) {
        for (name, word) in names.into_iter().zip(composite::words(field.value)) {
            self.optional(name, word, field.at);
        }
    }

    fn optional(&mut self, name: &str, value: Option<&'a str>, at: u32) {
        let Some(value) = value else { return };
        self.builder.name(name, at);
        self.string(value);
    }

    /// As it is where it has the form of a literal, else as a string, which the grammar refuses.
    fn literal(&mut self, value: &'a str, fits: impl Fn(&str) -> bool) {
        let at = self.at(value);
        if fits(value) { self.builder.literal(value, at) } else { self.builder.string(value, at) }
    }

    fn string(&mut self, value: &'a str) {
        let at = self.at(value);
        self.builder.string(value, at);
    }

    fn at(&self, part: &str) -> u32 {
        u32::try_from(offset(self.text, part)).unwrap_or(u32::MAX)
    }
}

/// Whether an element is an object that the fields after it may add to.
fn opens(field: &Field<'_>) -> bool {
    matches!(tag(field.tag).form, Form::ExternalRef | Form::First(_))
}

/// Which annotation is about which record, and those that are about none, with what they name. They go to the document.
fn annotations<'a>(records: &[Record<'a>]) -> (Pairs, Vec<(u32, &'a str)>) {
    if records.iter().all(|record| record.section != Section::Annotation) {
        return (Vec::new(), Vec::new());
    }
    let mut ids: HashMap<&str, u32> = HashMap::new();
    for (number, record) in (0..).zip(records) {
        if matches!(record.section, Section::Document | Section::Package | Section::File | Section::Snippet)
            && let Some(id) = record.value("SPDXID")
        {
            ids.entry(id).or_insert(number);
        }
    }
    let (mut about, mut lost) = (Vec::new(), Vec::new());
    for (number, record) in (0..).zip(records) {
        if record.section == Section::Annotation {
            let target = record.value("").unwrap_or_default();
            let found = ids.get(target).copied();
            if found.is_none() {
                lost.push((record.at, target));
            }
            about.push((found.unwrap_or_default(), number));
        }
    }
    about.sort_unstable();
    (about, lost)
}

fn files(records: &[Record<'_>]) -> Pairs {
    let files = (0..).zip(records).filter_map(|(number, record)| Some((record.package?, number)));
    files.collect()
}

/// The ids of files by their names, where dependencies name files. Of several files with one name it is the first.
fn names<'a>(records: &[Record<'a>]) -> HashMap<&'a str, &'a str> {
    let mut names = HashMap::new();
    let files = || records.iter().filter(|record| record.section == Section::File);
    if files().any(|file| file.value("fileDependencies").is_some()) {
        for file in files() {
            if let (Some(name), Some(id)) = (file.value("fileName"), file.value("SPDXID"))
                && id.len() <= LONGEST_ID
            {
                names.entry(name).or_insert(id);
            }
        }
    }
    names
}

/// The pairs whose first number is this one.
fn within(pairs: &[(u32, u32)], first: u32) -> &[(u32, u32)] {
    let start = pairs.partition_point(|pair| pair.0 < first);
    let end = pairs.partition_point(|pair| pair.0 <= first);
    &pairs[start..end]
}

/// Bytes of an id that takes the place of a name: a short name cannot stand for megabytes a million times.
pub(super) const LONGEST_ID: usize = 1024;

//! The tags of one object: each member by the form that its tag has.

use std::borrow::Cow;

use super::super::composite;
use super::super::tag::{Form, Section, TAGS, TagId, of_field, start, tag};
use super::Writer;
use super::text::reads_back;
use crate::document::Value;

impl<'d> Writer<'d> {
    /// The tags of one object, in their order. `about` is what an annotation is about.
    pub(super) fn members(&mut self, object: Value<'d>, section: Section, about: Option<&str>) {
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
                self.text.line(tag(first).name, "");
            }
            _ => {}
        }
        for (id, value) in members {
            self.member(object, id, value);
            if let (Some(about), true) = (about, id == first) {
                self.text.line("SPDXREF", about);
            }
        }
        if let Some(about) = about
            && object.get(tag(first).field).is_none()
        {
            self.text.line("SPDXREF", about);
        }
    }

    fn member(&mut self, object: Value<'d>, id: TagId, value: Value<'d>) {
        let own = tag(id);
        if value.is_null() {
            self.ledger.mapped(value);
            return;
        }
        match own.form {
            Form::Text => self.value(own.name, value),
            Form::Flag => match value.as_bool() {
                Some(flag) => {
                    self.text.line(own.name, if flag { "true" } else { "false" });
                    self.ledger.mapped(value);
                }
                None => self.value(own.name, value),
            },
            Form::Purpose => match value.as_str() {
                Some(text) if reads_back(&text) => {
                    self.text.line(own.name, &text.replace('_', "-"));
                    self.ledger.mapped(value);
                }
                _ => self.value(own.name, value),
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
                        _ => self.value(own.name, element),
                    }
                }
                self.nothing(value);
            }
        }
    }

    fn value(&mut self, name: &str, value: Value<'d>) {
        match value.as_str() {
            Some(text) if reads_back(&text) => {
                self.text.line(name, &text);
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
        self.text.line(name, &line);
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
            self.value("ExternalRefComment", comment);
        }
    }

    /// The members of an object of a list that has a tag for each (8.9).
    fn members_of_list(&mut self, section: Section, field: &str, object: Value<'d>) {
        let own = TAGS.iter().filter(|tag| tag.section == section && tag.field == field);
        for tag in own {
            let (member, is_first) = match tag.form {
                Form::First(member) => (member, true),
                Form::More(member) => (member, false),
                _ => continue,
            };
            match object.get(member) {
                Some(value) if fits(value) => self.value(tag.name, value),
                _ if is_first => self.text.line(tag.name, ""),
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
        self.text.line(name, &line);
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
            self.text.line(name, &line);
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
            self.text.line(name, &own);
            self.ledger.mapped(value);
        } else {
            self.value(name, value);
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
}

/// Whether a value is text that can be written.
fn fits(value: Value<'_>) -> bool {
    value.as_str().is_some_and(|text| reads_back(&text))
}

/// JSON may have an underscore where the text of the specification has a hyphen.
fn hyphens(category: &str) -> &str {
    match category {
        "PACKAGE_MANAGER" => "PACKAGE-MANAGER",
        "PERSISTENT_ID" => "PERSISTENT-ID",
        other => other,
    }
}

/// A number as it is read back; strings, which the grammar refuses, as they are.
fn written_number(number: Value<'_>) -> String {
    match number.as_str() {
        Some(text) => text.into_owned(),
        None => String::from_utf8_lossy(number.raw()).into_owned(),
    }
}

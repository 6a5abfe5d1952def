//! From lines to sections: which tag belongs to which package, file, snippet, ….
//!
//! SPDX 2.3, clause 5.2: a section begins with its first tag; files belong to the package before them. One pass, and
//! nothing is looked at twice.

use super::Error;
use super::lines::{Line, Lines, offset};
use super::oddity::{Kind, Oddity, cut};
use super::tag::{self, Form, Section, TagId, of_field, start, tag};
use crate::document::Limits;

/// The sections of a text, in its order. The first two are the document itself and how it was made.
#[derive(Debug)]
pub(super) struct Records<'a> {
    pub(super) list: Vec<Record<'a>>,
    pub(super) oddities: Vec<Oddity>,
    /// Oddities beyond [`MOST`], and how many of them are losses.
    pub(super) omitted: (usize, usize),
    /// How many comments there are, and where the first one stands.
    pub(super) comments: (usize, u32),
}

/// A section.
#[derive(Debug)]
pub(super) struct Record<'a> {
    pub(super) section: Section,
    /// Where its first tag stands.
    pub(super) at: u32,
    /// Of a file: the package that it belongs to.
    pub(super) package: Option<u32>,
    /// Tags with their values, in the order of the text.
    pub(super) fields: Vec<Field<'a>>,
    /// One bit a tag that is there.
    seen: u128,
}

/// A tag and its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) tag: TagId,
    /// Where the tag stands.
    pub(super) at: u32,
    pub(super) value: &'a str,
}

impl<'a> Record<'a> {
    /// The value of the first tag that holds a member.
    pub(super) fn value(&self, member: &str) -> Option<&'a str> {
        let wanted = of_field(self.section, member)?;
        self.fields.iter().find(|field| field.tag == wanted).map(|field| field.value)
    }
}

impl<'a> Records<'a> {
    pub(super) fn read(text: &'a str, limits: &Limits) -> Result<Self, Error> {
        let mut reader = Reader::new(text);
        let mut lines = Lines::new(text);
        let mut count = 0;
        while let Some(line) = lines.next()? {
            count += 1;
            if count > limits.nodes {
                return Err(Error::TooManyValues { limit: limits.nodes });
            }
            reader.line(&line);
        }
        if reader.records.list.iter().all(|record| record.fields.is_empty()) {
            return Err(Error::Empty);
        }
        Ok(reader.records)
    }
}

struct Reader<'a> {
    text: &'a str,
    records: Records<'a>,
    /// The open record of each section.
    open: [Option<u32>; 9],
    /// Which of document, package, file and snippet came last.
    inner: Section,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let record = |section| Record { section, at: 0, package: None, fields: Vec::new(), seen: 0 };
        let list = vec![record(Section::Document), record(Section::Creation)];
        let records = Records { list, oddities: Vec::new(), omitted: (0, 0), comments: (0, 0) };
        let mut open = [None; 9];
        (open[Section::Document as usize], open[Section::Creation as usize]) = (Some(0), Some(1));
        Self { text, records, open, inner: Section::Document }
    }

    fn line(&mut self, line: &Line<'a>) {
        match line {
            Line::Field { tag, value } => {
                let at = self.at(tag);
                match tag::find(tag) {
                    Some(id) => self.field(Field { tag: self.in_scope(id), at, value }),
                    None => self.odd(at, Kind::Unknown(cut(tag))),
                }
            }
            Line::Comment(text) => {
                if self.records.comments.0 == 0 {
                    self.records.comments.1 = self.at(text);
                }
                self.records.comments.0 += 1;
            }
            Line::Stray(text) => self.odd(self.at(text), Kind::Stray(cut(text))),
            Line::AfterText(text) => self.odd(self.at(text), Kind::AfterText(cut(text))),
        }
    }

    /// `SPDXID` belongs to the document, the package or the file that came last.
    fn in_scope(&self, id: TagId) -> TagId {
        let section = self.inner.min(Section::File);
        if tag(id).name == "SPDXID" { of_field(section, "SPDXID").unwrap_or(id) } else { id }
    }

    fn field(&mut self, field: Field<'a>) {
        let own = tag(field.tag);
        if field.tag == start(own.section) && !matches!(own.section, Section::Document | Section::Creation) {
            self.begin(own.section, field.at);
        }
        let Some(open) = self.open[own.section as usize] else {
            self.odd(field.at, Kind::Misplaced(field.tag));
            return;
        };
        let is_late = matches!(own.section, Section::Package | Section::File) && own.section < self.inner;
        let record = &mut self.records.list[open as usize];
        let bit = 1_u128 << field.tag;
        let problem = match own.form {
            // A further member belongs to the object before it, which has it once.
            Form::More(_) => {
                let first = of_field(own.section, own.field).map_or(0, |first| 1 << first);
                match (record.seen & first == 0, record.seen & bit != 0) {
                    (true, _) => Some(Kind::Misplaced(field.tag)),
                    (_, true) => Some(Kind::Duplicate(field.tag)),
                    _ => None,
                }
            }
            Form::ExternalRef | Form::First(_) => {
                let members = (0..).zip(&tag::TAGS).filter(|(_, tag)| {
                    tag.section == own.section && tag.field == own.field && matches!(tag.form, Form::More(_))
                });
                record.seen &= members.fold(!0, |seen, (id, _)| seen & !(1_u128 << id));
                None
            }
            form if !form.repeats() && record.seen & bit != 0 => Some(Kind::Duplicate(field.tag)),
            _ => None,
        };
        if let Some(problem) = problem {
            self.odd(field.at, problem);
            return;
        }
        record.seen |= bit;
        if record.fields.is_empty() {
            record.at = field.at;
        }
        record.fields.push(field);
        if is_late {
            self.odd(field.at, Kind::Late(field.tag));
        }
    }

    fn begin(&mut self, section: Section, at: u32) {
        let number = u32::try_from(self.records.list.len()).unwrap_or(u32::MAX);
        let package = if section == Section::File { self.open[Section::Package as usize] } else { None };
        self.records.list.push(Record { section, at, package, fields: Vec::new(), seen: 0 });
        self.open[section as usize] = Some(number);
        match section {
            Section::Package => {
                self.open[Section::File as usize] = None;
                self.inner = section;
            }
            Section::File | Section::Snippet => self.inner = section,
            _ => {}
        }
    }

    fn odd(&mut self, offset: u32, kind: Kind) {
        self.records.odd(Oddity { offset, kind });
    }

    fn at(&self, part: &str) -> u32 {
        // A text is shorter than 4 GiB.
        u32::try_from(offset(self.text, part)).unwrap_or(u32::MAX)
    }
}

impl Records<'_> {
    pub(super) fn odd(&mut self, oddity: Oddity) {
        if self.oddities.len() < MOST {
            self.oddities.push(oddity);
        } else {
            self.omitted.0 += 1;
            self.omitted.1 += usize::from(oddity.is_loss());
        }
    }
}

/// Oddities that are listed; the others are counted.
pub(super) const MOST: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Records<'_> {
        Records::read(text, &Limits::default()).unwrap()
    }

    /// Each section with its values, and what was odd.
    fn listed(text: &str) -> (Vec<String>, Vec<String>) {
        let records = read(text);
        let sections = records.list.iter().filter(|record| !record.fields.is_empty()).map(|record| {
            let values: Vec<&str> = record.fields.iter().map(|field| field.value).collect();
            let package = record.package.map(|package| format!(" of {package}")).unwrap_or_default();
            format!("{:?} {}{package}", record.section, values.join(" "))
        });
        (sections.collect(), records.oddities.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn tags_belong_to_the_section_that_is_open() {
        let (sections, odd) = listed(
            "SPDXID: d\nFileName: f0\nSPDXID: i0\nPackageName: p1\nSPDXID: i1\nRelationship: r\nAnnotator: a\nPackageVersion: v1\nFileName: f1\nSPDXID: i2\nLicenseConcluded: l\nSnippetSPDXID: s\nPackageName: p2\nSPDXID: i3\nCreator: c\nLicenseID: x\nReviewer: y\nReviewDate: z",
        );
        let expected = [
            "Document d",
            "Creation c",
            "File f0 i0",
            "Package p1 i1 v1",
            "Relationship r",
            "Annotation a",
            "File f1 i2 l of 3",
            "Snippet s",
            "Package p2 i3",
            "License x",
            "Review y z",
        ];
        assert_eq!((sections, odd), (expected.map(str::to_owned).to_vec(), Vec::new()));
    }

    #[test]
    fn what_is_odd_is_named_and_the_rest_is_read() {
        let cases = [
            ("PackageVersion: 1", "`PackageVersion` stands where there is nothing that it can belong to"),
            (
                "PackageName: p\nLicenseConcluded: MIT",
                "`LicenseConcluded` stands where there is nothing that it can belong to",
            ),
            (
                "PackageName: p\nFileName: f\nPackageName: q\nFileType: TEXT",
                "`FileType` stands where there is nothing that it can belong to",
            ),
            (
                "PackageName: p\nPackageVersion: 1\nPackageVersion: 2",
                "`PackageVersion` is there already, and the first one counts",
            ),
            (
                "PackageName: p\nExternalRefComment: c",
                "`ExternalRefComment` stands where there is nothing that it can belong to",
            ),
            (
                "PackageName: p\nExternalRef: a b c\nExternalRefComment: c\nExternalRefComment: d",
                "`ExternalRefComment` is there already, and the first one counts",
            ),
            (
                "PackageName: p\nFileName: f\nPackageVersion: 1",
                "`PackageVersion` stands after what belongs to its section",
            ),
            ("Packagename: p", "`Packagename` is no tag of SPDX 2"),
            ("PackageName: p\nand more", "\"and more\" is neither a tag with a value nor a comment"),
            ("PackageName: <text>p</text> q", "\"q\" stands after `</text>`"),
        ];
        for (text, expected) in cases {
            let text = format!("SPDXVersion: SPDX-2.3\n{text}");
            assert_eq!(listed(&text).1, [expected], "{text}");
        }
        let two =
            "PackageName: p\nExternalRef: a\nExternalRefComment: c\nExternalRef: b\nExternalRefComment: d";
        assert!(listed(two).1.is_empty());
    }

    #[test]
    fn remedies_name_what_was_meant() {
        let remedy = |text: &str| read(text).oddities[0].remedy();
        assert_eq!(remedy("SPDXID: x\nPackagename: p").unwrap(), "write `PackageName`");
        assert_eq!(
            remedy("SPDXID: x\nFileType: p").unwrap(),
            "put it after the `FileName` that it belongs to"
        );
        assert_eq!(
            remedy("PackageName: x\nExternalRefComment: p").unwrap(),
            "put it after the `ExternalRef` that it belongs to"
        );
        assert_eq!(remedy("SPDXID: x\nnothing"), None);
    }

    #[test]
    fn a_million_oddities_are_counted_and_not_kept() {
        let text = format!("SPDXID: x\n{}", "Unknown: x\n".repeat(5000));
        let records = read(&text);
        assert_eq!((records.oddities.len(), records.omitted), (MOST, (5000 - MOST, 5000 - MOST)));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        for text in ["", "\n \r\n", "# only a comment\n", "stray", "Unknown: x"] {
            assert_eq!(Records::read(text, &Limits::default()).unwrap_err(), Error::Empty, "{text:?}");
        }
        let limits = Limits { nodes: 3, ..Limits::default() };
        assert!(Records::read("SPDXID: x\n#\n#", &limits).is_ok());
        let error = Records::read("SPDXID: x\n#\n#\n#", &limits).unwrap_err();
        assert_eq!(error, Error::TooManyValues { limit: 3 });
    }
}

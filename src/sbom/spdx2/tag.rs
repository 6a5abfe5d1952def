//! The tags of the tag-value form: which field of the JSON form each one is, and how its value is written there.
//!
//! SPDX 2.3, clauses 6 to 13; the tags of 2.2 are the same but for four, and the grammar knows which.

use std::sync::OnceLock;

/// A tag.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: &'static str,
    pub(super) section: Section,
    /// The member of the JSON form. Tags of one section that share it are one list there.
    pub(super) field: &'static str,
    pub(super) form: Form,
}

/// The number of a tag in [`TAGS`].
pub(super) type TagId = u8;

/// What a tag speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Document,
    Creation,
    Package,
    File,
    Snippet,
    License,
    Relationship,
    Annotation,
    Review,
}

/// How a value is written in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A string.
    Text,
    /// A string, one of a list.
    Item,
    /// `true` or `false`.
    Flag,
    /// A string with hyphens for the underscores of JSON (7.24).
    Purpose,
    /// `ALGORITHM: digits`, one of a list (8.4).
    Checksum,
    /// `DocumentRef-x URI ALGORITHM: digits`, one of a list (6.6).
    DocumentRef,
    /// `digits (excludes: name, name)` (7.9).
    VerificationCode,
    /// `category type locator`, one of a list (7.21).
    ExternalRef,
    /// `from type to` (11.1).
    Relation,
    /// `first:last`, by which pointers of JSON (9.3 and 9.4).
    Range(&'static str),
    /// The name of a file, where JSON has its id; one of a list (8.16).
    FileName,
    /// The first member of an object that is one of a list (8.9).
    First(&'static str),
    /// A further member of the last object of the list (7.22, 8.10, 8.11).
    More(&'static str),
    /// The id of the element that an annotation belongs to; JSON puts the annotation there (12.4).
    Target,
}

impl Form {
    /// Whether a section may have several.
    pub(super) fn repeats(self) -> bool {
        matches!(
            self,
            Self::Item
                | Self::Checksum
                | Self::DocumentRef
                | Self::ExternalRef
                | Self::FileName
                | Self::First(_)
                | Self::More(_)
        )
    }
}

/// A tag by its number.
pub(super) fn tag(id: TagId) -> &'static Tag {
    &TAGS[usize::from(id)]
}

/// The tag of a name. Of several with one name (`SPDXID`) the first.
pub(super) fn find(name: &str) -> Option<TagId> {
    let index = Index::made();
    let found = index.by_name.binary_search_by(|&id| order(tag(id).name, name)).ok()?;
    Some(index.by_name[found])
}

/// The tag that holds a member of a section, the first where several share it.
pub(super) fn of_field(section: Section, field: &str) -> Option<TagId> {
    let index = Index::made();
    let found =
        index.by_field.binary_search_by(|&id| key(tag(id)).cmp(&(section, field.len(), field))).ok()?;
    Some(index.by_field[found])
}

/// The first of the tags that share a member with this one.
pub(super) fn group(id: TagId) -> TagId {
    Index::made().groups[usize::from(id)]
}

/// The tag that begins a section of its own.
pub(super) fn start(section: Section) -> TagId {
    let first = TAGS.iter().position(|tag| tag.section == section).unwrap_or_default();
    TagId::try_from(first).unwrap_or_default()
}

/// Names to choose from when one is unknown.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TAGS.iter().map(|tag| tag.name)
}

struct Index {
    by_name: Vec<TagId>,
    by_field: Vec<TagId>,
    groups: Vec<TagId>,
}

impl Index {
    fn made() -> &'static Self {
        static INDEX: OnceLock<Index> = OnceLock::new();
        INDEX.get_or_init(|| {
            let ids = || (0..TAGS.len()).filter_map(|index| TagId::try_from(index).ok()).collect::<Vec<_>>();
            let (mut by_name, mut by_field) = (ids(), ids());
            by_name.sort_by(|&one, &other| order(tag(one).name, tag(other).name));
            by_name.dedup_by(|one, other| tag(*one).name == tag(*other).name);
            by_field.sort_by(|&one, &other| key(tag(one)).cmp(&key(tag(other))));
            by_field.dedup_by(|one, other| key(tag(*one)) == key(tag(*other)));
            let first =
                |id: TagId| ids().into_iter().find(|&first| key(tag(first)) == key(tag(id))).unwrap_or(id);
            Self { by_name, by_field, groups: ids().into_iter().map(first).collect() }
        })
    }
}

fn key(tag: &Tag) -> (Section, usize, &'static str) {
    (tag.section, tag.field.len(), tag.field)
}

/// The shorter first: most comparisons end at the length.
fn order(one: &str, other: &str) -> std::cmp::Ordering {
    one.len().cmp(&other.len()).then_with(|| one.as_bytes().cmp(other.as_bytes()))
}

const fn of(section: Section, name: &'static str, field: &'static str, form: Form) -> Tag {
    Tag { name, section, field, form }
}

/// Every tag, in the order of writing; the first of a section begins one.
pub(super) static TAGS: [Tag; 80] = {
    use Form::{
        Checksum, DocumentRef, ExternalRef, FileName, First, Flag, Item, More, Purpose, Range, Relation,
        Target, Text, VerificationCode,
    };
    use Section::{Annotation, Creation, Document, File, License, Package, Relationship, Review, Snippet};
    [
        of(Document, "SPDXVersion", "spdxVersion", Text),
        of(Document, "DataLicense", "dataLicense", Text),
        of(Document, "SPDXID", "SPDXID", Text),
        of(Document, "DocumentName", "name", Text),
        of(Document, "DocumentNamespace", "documentNamespace", Text),
        of(Document, "ExternalDocumentRef", "externalDocumentRefs", DocumentRef),
        of(Document, "DocumentComment", "comment", Text),
        of(Creation, "LicenseListVersion", "licenseListVersion", Text),
        of(Creation, "Creator", "creators", Item),
        of(Creation, "Created", "created", Text),
        of(Creation, "CreatorComment", "comment", Text),
        of(Package, "PackageName", "name", Text),
        of(Package, "SPDXID", "SPDXID", Text),
        of(Package, "PackageVersion", "versionInfo", Text),
        of(Package, "PackageFileName", "packageFileName", Text),
        of(Package, "PackageSupplier", "supplier", Text),
        of(Package, "PackageOriginator", "originator", Text),
        of(Package, "PackageDownloadLocation", "downloadLocation", Text),
        of(Package, "FilesAnalyzed", "filesAnalyzed", Flag),
        of(Package, "PackageVerificationCode", "packageVerificationCode", VerificationCode),
        of(Package, "PackageChecksum", "checksums", Checksum),
        of(Package, "PackageHomePage", "homepage", Text),
        of(Package, "PackageSourceInfo", "sourceInfo", Text),
        of(Package, "PackageLicenseConcluded", "licenseConcluded", Text),
        of(Package, "PackageLicenseInfoFromFiles", "licenseInfoFromFiles", Item),
        of(Package, "PackageLicenseDeclared", "licenseDeclared", Text),
        of(Package, "PackageLicenseComments", "licenseComments", Text),
        of(Package, "PackageCopyrightText", "copyrightText", Text),
        of(Package, "PackageSummary", "summary", Text),
        of(Package, "PackageDescription", "description", Text),
        of(Package, "PackageComment", "comment", Text),
        of(Package, "ExternalRef", "externalRefs", ExternalRef),
        of(Package, "ExternalRefComment", "externalRefs", More("comment")),
        of(Package, "PackageAttributionText", "attributionTexts", Item),
        of(Package, "PrimaryPackagePurpose", "primaryPackagePurpose", Purpose),
        of(Package, "ReleaseDate", "releaseDate", Text),
        of(Package, "BuiltDate", "builtDate", Text),
        of(Package, "ValidUntilDate", "validUntilDate", Text),
        of(File, "FileName", "fileName", Text),
        of(File, "SPDXID", "SPDXID", Text),
        of(File, "FileType", "fileTypes", Item),
        of(File, "FileChecksum", "checksums", Checksum),
        of(File, "LicenseConcluded", "licenseConcluded", Text),
        of(File, "LicenseInfoInFile", "licenseInfoInFiles", Item),
        of(File, "LicenseComments", "licenseComments", Text),
        of(File, "FileCopyrightText", "copyrightText", Text),
        of(File, "ArtifactOfProjectName", "artifactOfs", First("name")),
        of(File, "ArtifactOfProjectHomePage", "artifactOfs", More("homePage")),
        of(File, "ArtifactOfProjectURI", "artifactOfs", More("projectUri")),
        of(File, "FileComment", "comment", Text),
        of(File, "FileNotice", "noticeText", Text),
        of(File, "FileContributor", "fileContributors", Item),
        of(File, "FileAttributionText", "attributionTexts", Item),
        of(File, "FileDependency", "fileDependencies", FileName),
        of(Snippet, "SnippetSPDXID", "SPDXID", Text),
        of(Snippet, "SnippetFromFileSPDXID", "snippetFromFile", Text),
        of(Snippet, "SnippetByteRange", "ranges", Range("offset")),
        of(Snippet, "SnippetLineRange", "ranges", Range("lineNumber")),
        of(Snippet, "SnippetLicenseConcluded", "licenseConcluded", Text),
        of(Snippet, "LicenseInfoInSnippet", "licenseInfoInSnippets", Item),
        of(Snippet, "SnippetLicenseComments", "licenseComments", Text),
        of(Snippet, "SnippetCopyrightText", "copyrightText", Text),
        of(Snippet, "SnippetComment", "comment", Text),
        of(Snippet, "SnippetName", "name", Text),
        of(Snippet, "SnippetAttributionText", "attributionTexts", Item),
        of(License, "LicenseID", "licenseId", Text),
        of(License, "ExtractedText", "extractedText", Text),
        of(License, "LicenseName", "name", Text),
        of(License, "LicenseCrossReference", "seeAlsos", Item),
        of(License, "LicenseComment", "comment", Text),
        of(Relationship, "Relationship", "relation", Relation),
        of(Relationship, "RelationshipComment", "comment", Text),
        of(Annotation, "Annotator", "annotator", Text),
        of(Annotation, "AnnotationDate", "annotationDate", Text),
        of(Annotation, "AnnotationType", "annotationType", Text),
        of(Annotation, "SPDXREF", "", Target),
        of(Annotation, "AnnotationComment", "comment", Text),
        of(Review, "Reviewer", "reviewer", Text),
        of(Review, "ReviewDate", "reviewDate", Text),
        of(Review, "ReviewComment", "comment", Text),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_found_by_its_name_and_by_its_field() {
        for (index, own) in TAGS.iter().enumerate() {
            let found = tag(find(own.name).unwrap());
            assert_eq!(found.name, own.name);
            assert!(found.name == "SPDXID" || usize::from(find(own.name).unwrap()) == index, "{}", own.name);
            let first = tag(of_field(own.section, own.field).unwrap());
            assert_eq!((first.section, first.field), (own.section, own.field));
        }
        assert!(find("packagename").is_none() && find("").is_none() && find("PackageNames").is_none());
        assert!(of_field(Section::Package, "fileName").is_none());
    }

    #[test]
    fn tags_of_a_section_and_of_a_list_stand_together() {
        let mut sections: Vec<Section> = TAGS.iter().map(|tag| tag.section).collect();
        sections.dedup();
        assert!(sections.is_sorted() && sections.len() == 9);
        let mut fields: Vec<_> = TAGS.iter().map(|tag| (tag.section, tag.field)).collect();
        fields.dedup();
        let together = fields.len();
        fields.sort_unstable();
        fields.dedup();
        assert_eq!(together, fields.len());
        // One bit of a `u128` tells whether a section has a tag.
        assert!(TAGS.len() <= 128);
    }
}

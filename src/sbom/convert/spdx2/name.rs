//! The names of the properties that hold what SPDX says and CycloneDX cannot.
//!
//! Where the taxonomy of CycloneDX's own converter (cyclonedx-dotnet-library, `Spdx.Interop`) has a name for a text, it
//! is used, and the property holds the text. Everything else is `spdx:` with the place of a [`Patch`], and compact JSON.

use super::patch::Patch;
use super::tree::Tree;

/// Members whose text has a name of its own.
const NAMES: [(&str, &str); 23] = [
    ("SPDXID", SPDXID),
    ("comment", "spdx:comment"),
    ("copyrightText", "spdx:copyright-text"),
    ("downloadLocation", "spdx:download-location"),
    ("homepage", "spdx:homepage"),
    ("licenseComments", "spdx:license-comments"),
    ("licenseConcluded", "spdx:license-concluded"),
    ("licenseDeclared", "spdx:license-declared"),
    ("licenseListVersion", "spdx:creation-info:license-list-version"),
    ("noticeText", "spdx:file:notice-text"),
    ("originator", "spdx:package:originator"),
    ("packageFileName", "spdx:package:file-name"),
    ("primaryPackagePurpose", "spdx:package:primary-package-purpose"),
    ("releaseDate", "spdx:package:release-date"),
    ("builtDate", "spdx:package:built-date"),
    ("validUntilDate", "spdx:package:valid-until-date"),
    ("sourceInfo", "spdx:package:source-info"),
    ("summary", "spdx:package:summary"),
    ("supplier", "spdx:package:supplier"),
    ("dataLicense", "spdx:document:data-license"),
    ("documentNamespace", "spdx:document:document-namespace"),
    ("name", "spdx:document:name"),
    ("created", "spdx:creation-info:created"),
];
/// What the names above begin with in the object `creationInfo`.
const CREATION: &str = "spdx:creation-info:";

/// Of an id that is not made of the bom-ref.
pub(super) const SPDXID: &str = "spdx:spdxid";
/// Of a relationship that CycloneDX has no word for: its object, less what it starts from where that is the component.
pub(super) const RELATIONSHIP: &str = "spdx:relationship";
/// Whether an element is a `package` or a `file`, where the component does not tell.
pub(super) const ELEMENT: &str = "spdx:element";
/// What the document describes, as a list of SPDXIDs, where the components do not tell.
pub(super) const DESCRIBES: &str = "spdx:document:describes";
/// What each of our properties begins with.
pub(super) const PREFIX: &str = "spdx:";

/// The name and value of the property for a patch; `owner` is what its place begins with, if not the element.
pub(super) fn property(owner: &str, patch: &Patch<'_>) -> (String, String) {
    if patch.index.is_none()
        && let Some(text) = patch.value.as_ref().and_then(Tree::as_str)
        && let Some(name) = named(owner, &patch.member)
    {
        return (name.to_owned(), text.into_owned());
    }
    let mut json = Vec::new();
    match &patch.value {
        Some(value) => value.compact(&mut json),
        None => json.extend_from_slice(b"null"),
    }
    (format!("{PREFIX}{owner}{}", patch.place()), String::from_utf8_lossy(&json).into_owned())
}

fn named(owner: &str, member: &str) -> Option<&'static str> {
    let (_, name) = NAMES.iter().find(|(own, _)| *own == member)?;
    let is_creation = name.starts_with(CREATION) || (owner == CREATION_INFO && member == "comment");
    if is_creation != (owner == CREATION_INFO) {
        return None;
    }
    Some(if owner == CREATION_INFO && member == "comment" { CREATION_COMMENT } else { name })
}

const CREATION_COMMENT: &str = "spdx:creation-info:comment";
/// The owner of what stands in `creationInfo`.
pub(super) const CREATION_INFO: &str = "/creationInfo";

/// What a property of ours says: owner and patch in one place, and a text or JSON.
pub(super) enum Said<'p> {
    /// A place as [`Patch::place`] writes it, and a text.
    Text(&'static str, &'static str),
    /// A place, of which the value is JSON.
    Json(&'p str),
    /// A relationship, an element, what is described: the caller knows.
    Other,
}

/// Reads the name of a property; nothing if it is not ours.
pub(super) fn read(name: &str) -> Option<Said<'_>> {
    if name == CREATION_COMMENT {
        return Some(Said::Text(CREATION_INFO, "comment"));
    }
    if [RELATIONSHIP, ELEMENT, DESCRIBES].contains(&name) {
        return Some(Said::Other);
    }
    if let Some((member, name)) = NAMES.iter().find(|(_, own)| *own == name) {
        let owner = if name.starts_with(CREATION) { CREATION_INFO } else { "" };
        return Some(Said::Text(owner, member));
    }
    let place = name.strip_prefix(PREFIX)?;
    place.starts_with('/').then_some(Said::Json(place))
}

/// The field of a package that a property of ours holds.
pub(super) fn member(name: &str) -> Option<&str> {
    match read(name)? {
        Said::Text("", member) => Some(member),
        Said::Json(place) => place.strip_prefix('/').filter(|member| !member.contains('/')),
        _ => None,
    }
}

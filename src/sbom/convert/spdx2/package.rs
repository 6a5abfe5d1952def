//! Packages and files (clauses 7 and 8), and the components that stand for them: the fields that both know.

use super::license::{Licenses, Texts, list};
use super::party::{self, Actor, Kind, is_line};
use super::reference::Links;
use super::tree::{Members, Tree};
use super::{checksum, reference};
use crate::sbom::{Spdx2Version, SpecVersion};

/// What an element of SPDX is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Package,
    File,
}

impl Element {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::File => "file",
        }
    }

    /// What a component is where nothing else tells. A file needs a SHA-1 (clause 8.4) and has no version, no supplier
    /// and no links; and a package whose files were not analyzed contains none.
    pub(super) fn of(component: &Members<'_>, is_nested: bool) -> Self {
        let is_sha1 = |hash: &Tree<'_>| {
            hash.str("alg").as_deref() == Some("SHA-1")
                && hash.str("content").is_some_and(|content| {
                    content.len() == 40 && content.bytes().all(|byte| byte.is_ascii_hexdigit())
                })
        };
        let of_packages = [
            "supplier",
            "manufacturer",
            "publisher",
            "author",
            "authors",
            "group",
            "purl",
            "cpe",
            "swid",
            "swhid",
            "omniborId",
            "externalReferences",
            "description",
        ];
        let is_file = !is_nested
            && component.str("type").as_deref() == Some("file")
            && component.str("name").is_some_and(|name| is_line(&name) && !name.starts_with('/'))
            && component.str("version").is_none_or(|version| version.is_empty())
            && !component.0.iter().any(|(name, _)| of_packages.contains(&&**name))
            && component.elements("hashes").iter().any(is_sha1);
        if is_file { Self::File } else { Self::Package }
    }
}

/// The fields of SPDX that a component fills. New licence texts go to `texts`.
pub(super) fn write<'a>(
    element: Element,
    component: &Members<'a>,
    at: u32,
    version: Spdx2Version,
    texts: &mut Vec<(String, super::license::Extracted)>,
) -> Members<'a> {
    let mut made = Members::default();
    let name = match component.get("name") {
        Some(name) if name.as_str().is_some_and(|text| is_line(&text)) => name.clone(),
        Some(name) => {
            let text = name.as_str().unwrap_or_default();
            let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            Tree::text(if is_line(&line) { line } else { UNNAMED.to_owned() }, name)
        }
        None => Tree::Text(UNNAMED.into(), at),
    };
    made.push(if element == Element::File { "fileName" } else { "name" }, name);
    let checksums = checksum::checksums(&component.elements("hashes"), version);
    let mut licenses = Licenses::of(&component.elements("licenses"));
    texts.append(&mut licenses.texts);
    if element == Element::File {
        made.list("checksums", checksums);
        file_licenses(&licenses, version, at, &mut made);
        copyright(component, version, at, &mut made);
        return made;
    }
    made.maybe("versionInfo", component.get("version").filter(|value| is_text(value)).cloned());
    made.maybe("supplier", supplier(component));
    made.maybe("originator", originator(component));
    let links = Links::of(component, version);
    made.push("downloadLocation", links.download.unwrap_or(Tree::Text(NO_ASSERTION.into(), at)));
    made.push("filesAnalyzed", Tree::Literal("false".into(), at));
    made.list("checksums", checksums);
    made.maybe("homepage", links.homepage);
    package_licenses(&licenses, version, at, &mut made);
    copyright(component, version, at, &mut made);
    made.maybe("description", component.get("description").filter(|value| value.as_str().is_some()).cloned());
    made.list("externalRefs", links.references);
    if version >= Spdx2Version::V2_3
        && let Some(kind) = component.get("type").filter(|kind| kind.as_str().is_some())
    {
        let text = kind.as_str().unwrap_or_default();
        let purpose = PURPOSES.iter().find(|(own, _)| *own == text).map_or("OTHER", |(_, purpose)| purpose);
        made.push("primaryPackagePurpose", Tree::text(purpose, kind));
    }
    made
}

fn package_licenses<'a>(licenses: &Licenses<'a>, version: Spdx2Version, at: u32, made: &mut Members<'a>) {
    let text = |expressions: &[std::borrow::Cow<'a, str>]| {
        Licenses::joined(expressions).map(|text| Tree::Text(text, licenses.at))
    };
    let is_required = version == Spdx2Version::V2_2;
    let unknown = |is_needed: bool| is_needed.then(|| Tree::Text(NO_ASSERTION.into(), at));
    let concluded = text(&licenses.concluded);
    made.maybe("licenseConcluded", concluded.or_else(|| unknown(is_required || licenses.is_told)));
    made.maybe("licenseDeclared", text(&licenses.declared).or_else(|| unknown(is_required)));
}

fn file_licenses<'a>(licenses: &Licenses<'a>, version: Spdx2Version, at: u32, made: &mut Members<'a>) {
    let is_required = version == Spdx2Version::V2_2;
    let unknown = || Tree::Text(NO_ASSERTION.into(), at);
    let concluded = Licenses::joined(&licenses.concluded).map(|text| Tree::Text(text, licenses.at));
    let concluded = concluded.or_else(|| (is_required || licenses.is_told).then(unknown));
    made.maybe("licenseConcluded", concluded);
    // What is in a file is ids, not expressions (clause 8.6).
    let ids = licenses.declared.iter().filter(|text| !text.contains([' ', '(']));
    let mut found: Vec<Tree<'a>> = ids.map(|text| Tree::Text(text.clone(), licenses.at)).collect();
    if found.is_empty() && is_required {
        found.push(unknown());
    }
    made.list("licenseInfoInFiles", found);
}

fn copyright<'a>(component: &Members<'a>, version: Spdx2Version, at: u32, made: &mut Members<'a>) {
    let text = component
        .get("copyright")
        .filter(|value| value.as_str().is_some_and(|text| !text.trim().is_empty() && !is_no_answer(&text)));
    let needed = (version == Spdx2Version::V2_2).then(|| Tree::Text(NO_ASSERTION.into(), at));
    made.maybe("copyrightText", text.cloned().or(needed));
}

fn supplier<'a>(component: &Members<'a>) -> Option<Tree<'a>> {
    let supplier = component.get("supplier").and_then(party::organization);
    supplier.or_else(|| party::named("Organization", component.get("publisher")?))
}

fn originator<'a>(component: &Members<'a>) -> Option<Tree<'a>> {
    let manufacturer = component.get("manufacturer").and_then(party::organization);
    manufacturer
        .or_else(|| component.elements("authors").first().and_then(party::person))
        .or_else(|| party::named("Person", component.get("author")?))
}

/// The members of a component that an element of SPDX fills.
pub(super) fn read<'a>(
    element: Element,
    found: &Members<'a>,
    at: u32,
    version: SpecVersion,
    texts: &Texts,
) -> Members<'a> {
    let mut made = Members::default();
    let is_file = element == Element::File;
    let kind = if is_file { "file" } else { kind(found) };
    made.push("type", Tree::Text(kind.into(), found.get("primaryPackagePurpose").map_or(at, Tree::at)));
    made.maybe("bom-ref", found.get("SPDXID").filter(|id| id.as_str().is_some()).cloned());
    let is_new = version >= SpecVersion::V1_6;
    if !is_file {
        made.maybe("supplier", actor(found, "supplier").map(|(actor, from)| actor.organization(from)));
        match actor(found, "originator") {
            Some((actor, from)) if actor.kind == Kind::Organization && is_new => {
                made.push("manufacturer", actor.organization(from));
            }
            Some((actor, from)) if actor.kind == Kind::Person && is_new => {
                made.list("authors", vec![actor.contact(from)]);
            }
            Some((actor, from)) if actor.kind == Kind::Person && actor.email.is_none() => {
                made.push("author", Tree::text(actor.name, from));
            }
            _ => {}
        }
    }
    let name = found.get(if is_file { "fileName" } else { "name" });
    let name = name.filter(|name| name.as_str().is_some()).cloned();
    made.push("name", name.unwrap_or(Tree::Text(UNNAMED.into(), at)));
    if !is_file {
        let has_version = found.get("versionInfo").filter(|value| value.as_str().is_some()).cloned();
        let needed = (version <= SpecVersion::V1_3).then(|| Tree::Text("".into(), at));
        made.maybe("version", has_version.or(needed));
        made.maybe("description", found.get("description").filter(|value| value.as_str().is_some()).cloned());
    }
    made.list("hashes", checksum::hashes(&found.elements("checksums")));
    let concluded = found.get("licenseConcluded");
    let declared = if is_file {
        found.elements("licenseInfoInFiles")
    } else {
        found.get("licenseDeclared").cloned().into_iter().collect()
    };
    made.list("licenses", list(&declared, concluded, concluded.is_some(), texts, version));
    let copyright =
        found.get("copyrightText").filter(|value| value.as_str().is_some_and(|text| !is_no_answer(&text)));
    made.maybe("copyright", copyright.cloned());
    if !is_file {
        reference::read(found, version, &mut made);
    }
    made
}

fn actor<'a, 'f>(found: &'f Members<'a>, name: &str) -> Option<(Actor<'a>, &'f Tree<'a>)> {
    let from = found.get(name)?;
    let actor = Actor::read(&from.as_str()?).filter(|actor| actor.kind != Kind::Tool)?;
    Some((actor, from))
}

fn kind(package: &Members<'_>) -> &'static str {
    let purpose = package.str("primaryPackagePurpose").unwrap_or_default();
    PURPOSES.iter().find(|(_, own)| *own == purpose).map_or("library", |(kind, _)| kind)
}

fn is_text(value: &Tree<'_>) -> bool {
    value.as_str().is_some_and(|text| is_line(&text))
}

/// Whether a text is one of the two words of SPDX for no answer (clause 4).
pub(super) fn is_no_answer(text: &str) -> bool {
    text == NO_ASSERTION || text == "NONE"
}

pub(super) const NO_ASSERTION: &str = "NOASSERTION";
/// SPDX wants a name where CycloneDX has none.
const UNNAMED: &str = "unnamed";

/// Types of components and purposes of packages (clause 7.24) that mean the same.
const PURPOSES: [(&str, &str); 8] = [
    ("application", "APPLICATION"),
    ("framework", "FRAMEWORK"),
    ("library", "LIBRARY"),
    ("container", "CONTAINER"),
    ("operating-system", "OPERATING_SYSTEM"),
    ("device", "DEVICE"),
    ("firmware", "FIRMWARE"),
    ("file", "FILE"),
];

//! The name of a document (clauses 6.4 and 6.5): `documentNamespace` in SPDX, serial number and version in CycloneDX.
//!
//! A serial number with a version is a BOM-Link, `urn:cdx:UUID/VERSION`, which is a URI and unique. A document without one
//! is named by the SHA-256 of its canonical form, so that it has one name however often and whenever it is converted.

use super::tree::{Members, Tree};
use crate::digest::Digest;

/// The namespace of a CycloneDX document.
pub(super) fn write<'a>(bom: &Members<'a>, at: u32, content: impl FnOnce() -> Vec<u8>) -> Tree<'a> {
    let serial = bom.get("serialNumber");
    let uuid = serial.and_then(Tree::as_str).and_then(|text| {
        let uuid = text.strip_prefix("urn:uuid:").filter(|uuid| is_uuid(uuid))?;
        Some(uuid.to_owned())
    });
    let version = bom.get("version").and_then(|version| match version {
        Tree::Source(value) | Tree::Carried(value, _) => value.as_u64(),
        Tree::Literal(text, _) => text.parse().ok(),
        _ => None,
    });
    match (uuid, serial, version) {
        (Some(uuid), Some(serial), Some(version)) => Tree::text(format!("urn:cdx:{uuid}/{version}"), serial),
        (Some(uuid), Some(serial), None) => Tree::text(format!("urn:uuid:{uuid}"), serial),
        _ => Tree::Text(format!("{BY_CONTENT}{}", Digest::sha256(content()).hex()).into(), at),
    }
}

/// Gives a CycloneDX document what its namespace says. A version is always there: 1 where nothing tells.
pub(super) fn read<'a>(namespace: Option<&Tree<'a>>, at: u32, bom: &mut Members<'a>) {
    let text = namespace.and_then(Tree::as_str).unwrap_or_default();
    let from = namespace.cloned().unwrap_or(Tree::Text("".into(), at));
    if let Some((uuid, version)) = text.strip_prefix("urn:cdx:").and_then(|rest| rest.split_once('/'))
        && is_uuid(uuid)
        && version.parse::<u64>().is_ok_and(|number| number.to_string() == version)
    {
        bom.push("serialNumber", Tree::text(format!("urn:uuid:{uuid}"), &from));
        bom.push("version", Tree::Literal(version.to_owned().into(), from.at()));
        return;
    }
    if let Some(uuid) = text.strip_prefix("urn:uuid:").filter(|uuid| is_uuid(uuid)) {
        bom.push("serialNumber", Tree::text(format!("urn:uuid:{uuid}"), &from));
    }
    bom.push("version", Tree::Literal("1".into(), from.at()));
}

/// Whether a namespace is one that we made of the content.
pub(super) fn is_by_content(text: &str) -> bool {
    text.strip_prefix(BY_CONTENT).is_some_and(|digest| digest.len() == 64)
}

/// What a document is called: what it describes, with its version.
pub(super) fn name<'a>(root: &Members<'a>, at: u32) -> Tree<'a> {
    let text = |name: &str| root.str(name).filter(|text| super::party::is_line(text));
    let named = text("name").map(|name| match text("version") {
        Some(version) => format!("{name}-{version}"),
        None => name.into_owned(),
    });
    Tree::Text(named.unwrap_or_else(|| "sbom".to_owned()).into(), at)
}

/// A UUID as CycloneDX writes it.
fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let mut groups = text.split('-');
    let fits = |length: usize, group: &str| {
        group.len() == length && group.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    lengths.into_iter().all(|length| groups.next().is_some_and(|group| fits(length, group)))
        && groups.next().is_none()
}

const BY_CONTENT: &str = "https://spdx.org/spdxdocs/cyclonedx-sha256-";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_in_lower_case_and_whole() {
        assert!(is_uuid("3e671687-395b-41f5-a30f-a58921a69b79"));
        for text in
            ["", "3E671687-395b-41f5-a30f-a58921a69b79", "3e671687-395b-41f5-a30f-a58921a69b79-0", "3e671687"]
        {
            assert!(!is_uuid(text), "{text}");
        }
    }
}

//! The documents beside one, into which its BOM-Links may lead.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::grammar::{self, Mark, nearest};
use super::link::{self, BomLink};
use super::{Error, Format, open};
use crate::document::Limits;

/// Documents by serial number and version, with what each has a bom-ref for.
#[derive(Debug, Clone, Default)]
pub struct Neighbours {
    documents: HashMap<String, BTreeMap<u64, HashSet<String>>>,
}

/// Where a BOM-Link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target<'n> {
    /// To something that is there.
    There,
    /// To a document that is not here.
    Elsewhere,
    /// To another version of a document that is here in these.
    Version(Vec<u64>),
    /// To a document that is here and has no such bom-ref; the nearest is named.
    Missing(Option<&'n str>),
}

impl Neighbours {
    /// Takes a document in. One without a serial number cannot be linked to, and one of another format has no BOM-Links
    /// into it: that is no error, and `false`.
    pub fn add(&mut self, bytes: Vec<u8>, limits: &Limits) -> Result<bool, Error> {
        let opened = open(bytes, limits)?;
        let (Format::CycloneDxJson(version) | Format::CycloneDxXml(version)) = opened.format else {
            return Ok(false);
        };
        let document = &opened.document;
        let Some((serial, number)) = link::identity(document) else { return Ok(false) };
        let marks = grammar::check(document, version.into(), "").marks;
        let defines = marks.into_iter().filter(|(mark, _)| *mark == Mark::Defines);
        let names = defines.filter_map(|(_, node)| Some(document.value(node).as_str()?.into_owned()));
        self.documents.entry(serial).or_default().entry(number).or_default().extend(names);
        Ok(true)
    }

    pub(crate) fn find(&self, link: &BomLink<'_>) -> Target<'_> {
        let Some(versions) = self.documents.get(link.serial) else { return Target::Elsewhere };
        let Some(names) = versions.get(&link.version) else {
            return Target::Version(versions.keys().copied().collect());
        };
        let Some(reference) = link.reference else { return Target::There };
        let decoded = BomLink::decoded(reference);
        if names.contains(reference) || decoded.as_ref().is_some_and(|name| names.contains(&**name)) {
            return Target::There;
        }
        let meant =
            (names.len() <= COMPARISONS).then(|| nearest(reference, names.iter().map(String::as_str)));
        Target::Missing(meant.flatten())
    }
}

/// Names that one which is missing is compared with.
const COMPARISONS: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_where_its_document_and_name_are() {
        let mut neighbours = Neighbours::default();
        let mut add = |version: u64, name: &str| {
            let text = format!(
                r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:a","version":{version},"definitions":{{"standards":[{{"requirements":[{{"bom-ref":"{name}"}}]}}]}}}}"#
            );
            neighbours.add(text.into(), &Limits::default())
        };
        assert_eq!(add(1, "r/1"), Ok(true));
        assert_eq!(add(3, "r/3"), Ok(true));
        let find = |text: &str| neighbours.find(&BomLink::parse(text).unwrap());
        assert_eq!(find("urn:cdx:a/1#r/1"), Target::There);
        assert_eq!(find("urn:cdx:a/3#r%2F3"), Target::There);
        assert_eq!(find("urn:cdx:a/1"), Target::There);
        assert_eq!(find("urn:cdx:b/1#r/1"), Target::Elsewhere);
        assert_eq!(find("urn:cdx:a/2#r/1"), Target::Version(vec![1, 3]));
        assert_eq!(find("urn:cdx:a/1#r/2"), Target::Missing(Some("r/1")));
        assert_eq!(find("urn:cdx:a/1#else where"), Target::Missing(None));
    }

    #[test]
    fn what_cannot_be_linked_to_is_no_neighbour() {
        let mut neighbours = Neighbours::default();
        let add = |neighbours: &mut Neighbours, text: &str| neighbours.add(text.into(), &Limits::default());
        assert_eq!(add(&mut neighbours, r#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#), Ok(false));
        assert!(add(&mut neighbours, "{").is_err() && add(&mut neighbours, "{}").is_err());
    }
}

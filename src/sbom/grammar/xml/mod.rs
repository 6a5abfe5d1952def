//! CycloneDX XML by the same grammar: what its words say about the XML form.
//!
//! `docs/grammar.md` explains the words. The elements of an object stand in the order of the lines of its definition.

mod items;
#[cfg(test)]
mod laws;
mod problem;
mod read;
mod scalar;
mod shape;
mod stranger;
#[cfg(test)]
mod tests;
mod words;
mod write;

pub(super) use read::{Decided, Reader};
pub(super) use shape::{ListForm, Shape};
pub(super) use words::Words;

use std::sync::Arc;

use super::problem::Problems;
use super::{Checked, Dialect, walk};
use crate::document::{self, Document, Limits};
use crate::sbom::SpecVersion;
use crate::sbom::convert::Loss;
use crate::sbom::write::Written;
use crate::xml;

/// A document in XML, read into the JSON shape of its version.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) document: Document,
    /// What the JSON shape does not hold.
    pub(crate) losses: Vec<Loss>,
    pub(crate) checked: Checked,
}

/// Writes a document in the JSON shape of a version as XML of that version.
pub(crate) fn write(document: &Document, version: SpecVersion) -> Written {
    let table = Dialect::from(version).xml_table();
    let namespace = format!("{}{version}", read::NAMESPACE);
    let (bytes, losses) = write::Writer::new(document, table, namespace).write(document.root());
    Written { bytes, losses }
}

/// What the root of a document says that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Root {
    /// A document of a version that is read.
    Version(SpecVersion),
    /// A document of another version, as its namespace names it.
    Other(String),
    /// No document of CycloneDX.
    Unknown,
}

impl Root {
    pub(crate) fn of(document: &xml::Document) -> Self {
        let (namespace, name) = document.root().name();
        match namespace.and_then(|namespace| namespace.strip_prefix(read::NAMESPACE)) {
            Some(version) if name == "bom" => {
                SpecVersion::from_name(version).map_or_else(|| Self::Other(version.to_owned()), Self::Version)
            }
            _ => Self::Unknown,
        }
    }
}

/// Reads a document of a version, and checks it on the way.
pub(crate) fn read(
    source: xml::Document,
    version: SpecVersion,
    limits: &Limits,
    file: &str,
) -> Result<Read, document::Error> {
    let dialect = Dialect::from(version);
    let table = dialect.xml_table();
    let mut problems = Problems::in_xml(file, dialect);
    let read::Reading { builder, decided, losses } =
        Reader::new(table, dialect.version(), &mut problems).read(&source);
    // An element is at most two levels of JSON, and at most three names and values.
    let limits =
        Limits { depth: limits.depth.saturating_mul(2), nodes: limits.nodes.saturating_mul(3), ..*limits };
    let document = builder.finish(Some(Arc::new(source)), &limits)?;
    let marks = walk::walk(&document, table, &decided, &mut problems);
    Ok(Read { document, losses, checked: problems.finish(marks) })
}

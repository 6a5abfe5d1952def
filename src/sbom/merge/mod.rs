//! Several SBOMs as one, in which nothing of them is missing.
//!
//! Components and services are joined by what they are (`classes.rs`), the members of what is joined one by one:
//! lists as sets, objects where they do not contradict each other, and of two scalars the first is kept and the conflict
//! is listed. References lead to what they led to (`names.rs`), BOM-Links among the documents become references, and the
//! pointers of citations are followed. What is signed and changes loses its signature, which is listed.
//!
//! Merging one document keeps what it says; merging it with itself too. Time is linear in the documents.
//!
//! ```
//! use sbom_attest::digest::Digest;
//! use sbom_attest::document::Limits;
//! use sbom_attest::sbom::Sbom;
//! use sbom_attest::sbom::merge::{Input, Options, merge};
//!
//! let texts = [r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"bell","version":"1"}]}"#,
//!     r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"bell","version":"1","scope":"optional"}]}"#];
//! let digests = texts.map(Digest::sha256);
//! let [one, two] = texts.map(|text| Sbom::read(text.into(), &Limits::default()));
//! let inputs = [
//!     Input { name: "one.json", sbom: &one?, digest: &digests[0] },
//!     Input { name: "two.json", sbom: &two?, digest: &digests[1] },
//! ];
//! let merged = merge(&inputs, &Options::default())?;
//! assert_eq!((merged.components, merged.conflicts.len()), (1, 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod classes;
mod document;
mod entries;
mod names;
mod pointers;
mod sets;
mod side;
mod signatures;
#[cfg(test)]
mod tests;
mod tree;
mod vulnerabilities;

use jiff::Timestamp;

use self::build::Builder;
use self::classes::Classes;
use self::names::Names;
use self::side::Side;
use super::{Sbom, SpecVersion};
use crate::digest::Digest;

/// A document to be merged.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// How reports call it.
    pub name: &'a str,
    /// What it says.
    pub sbom: &'a Sbom,
    /// The SHA-256 of the bytes that it was read from: what was XML or SPDX is another text in memory.
    pub digest: &'a Digest,
}

/// How documents are merged.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the result describes, when that is none of the documents' products: it depends on each of them.
    pub product: Option<Product>,
    /// Nothing is joined, and what a document lists stands inside its product.
    pub nested: bool,
    /// Each component says from which documents it came.
    pub provenance: bool,
    /// When the result was made.
    pub timestamp: Option<Timestamp>,
}

impl Default for Options {
    fn default() -> Self {
        Self { product: None, nested: false, provenance: true, timestamp: None }
    }
}

/// A product that holds the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
}

/// Several documents as one.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The document.
    pub bytes: Vec<u8>,
    /// Components and services in it, the product included.
    pub components: usize,
    /// Components and services of the documents that were joined with one of an earlier document.
    pub joined: usize,
    /// Where documents contradict each other.
    pub conflicts: Vec<Conflict>,
    /// Bom-refs that became others because something else had them.
    pub renamed: Vec<Renamed>,
    /// Signatures that are not in the result because it changes what they cover.
    pub signatures: Vec<DroppedSignature>,
}

/// A contradiction: what came first was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The component or vulnerability that it is about; nothing for the document.
    pub component: Option<String>,
    /// Where it stands there.
    pub pointer: String,
    /// JSON text of what was kept.
    pub kept: String,
    /// JSON text of what was not.
    pub dropped: String,
    /// The number of the input that says so.
    pub input: usize,
}

/// A bom-ref that became another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The number of the input.
    pub input: usize,
    /// The bom-ref there.
    pub from: String,
    /// The bom-ref in the result.
    pub to: String,
}

/// A signature that is not in the result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DroppedSignature {
    /// The number of the input.
    pub input: usize,
    /// RFC 6901 pointer to the signature there.
    pub pointer: String,
}

/// Why documents are not merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to merge.
    #[error("no documents were given")]
    Nothing,
    /// Documents of several versions.
    #[error("{one} is CycloneDX {version} and {other} is CycloneDX {other_version}")]
    Versions {
        /// The first document.
        one: String,
        /// Its version.
        version: SpecVersion,
        /// One of another version.
        other: String,
        /// That version.
        other_version: SpecVersion,
    },
    /// A document without a product, which could not hold what it lists.
    #[error("{0} names no product (`metadata.component`) that could hold its components")]
    NoRoot(String),
    /// More values than are counted.
    #[error("the documents have more than {MAX_INPUTS} inputs or components")]
    TooMany,
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Versions { .. } => Some("make them documents of one version first: `convert::in_version`"),
            Self::NoRoot(_) => Some("leave --nested out, or add the product with `sbom-attest edit`"),
            Self::TooMany => Some("merge them in several steps"),
        }
    }
}

/// Merges documents, the first of which is kept where they contradict each other.
pub fn merge(inputs: &[Input<'_>], options: &Options) -> Result<Merged, Error> {
    let first = inputs.first().ok_or(Error::Nothing)?;
    if let Some(other) = inputs.iter().find(|other| other.sbom.version() != first.sbom.version()) {
        return Err(Error::Versions {
            one: first.name.to_owned(),
            version: first.sbom.version(),
            other: other.name.to_owned(),
            other_version: other.sbom.version(),
        });
    }
    if options.nested
        && let Some(input) = inputs.iter().find(|input| input.sbom.root().is_none())
    {
        return Err(Error::NoRoot(input.name.to_owned()));
    }
    if inputs.len() > MAX_INPUTS
        || inputs.iter().map(|input| input.sbom.components().len()).sum::<usize>() > MAX_INPUTS
    {
        return Err(Error::TooMany);
    }
    let mut sides: Vec<Side<'_>> = inputs.iter().map(Side::new).collect();
    let classes = Classes::of(&sides, options.nested);
    let (names, bom_refs) = Names::of(&sides, &classes);
    for number in 0..classes::narrow(sides.len()) {
        let changes = names.changes(&sides, number);
        sides[number as usize].change(changes);
    }
    let builder = Builder::new(sides, classes, names, bom_refs, options);
    Ok(builder.run())
}

/// Documents, and components of all of them, at once.
pub const MAX_INPUTS: usize = 1 << 28;

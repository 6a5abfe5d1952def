//! What a collector gathered: components, how they depend on each other, and what was selected.
//!
//! This is the input of the document writers. It holds no path of the machine it was made on and no time.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;

/// Everything one SBOM says. What is in maps and sets is written in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// The product: what the document is about.
    pub product: Item,
    /// What it is made of, by bom-ref; the product is not among them.
    pub items: BTreeMap<String, Item>,
    /// The bom-refs that each bom-ref depends on directly. A component without an entry depends on nothing.
    pub dependencies: BTreeMap<String, BTreeSet<String>>,
    /// What was selected and how it was found, as name and value.
    pub properties: BTreeSet<(String, String)>,
}

/// One component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its identifier within the document.
    pub bom_ref: String,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its version; a workspace of several products may have none.
    pub version: Option<String>,
    /// Its package URL, when it has one that can be resolved.
    pub purl: Option<String>,
    /// What its maker says it is for.
    pub description: Option<String>,
    /// Whether it is part of what is shipped; none for the product itself.
    pub scope: Option<Scope>,
    /// The digest of the file it is distributed as.
    pub digest: Option<Digest>,
    /// Its licence, as its maker declares it.
    pub license: Option<License>,
    /// Who made it, as the manifest says.
    pub authors: Vec<Author>,
    /// Where to read more, sorted.
    pub references: BTreeSet<(ReferenceKind, String)>,
    /// Facts that CycloneDX has no field for, as name and value.
    pub properties: BTreeSet<(String, String)>,
}

impl Item {
    /// A component of which nothing else is known.
    pub fn new(kind: Kind, bom_ref: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            bom_ref: bom_ref.into(),
            kind,
            name: name.into(),
            version: None,
            purl: None,
            description: None,
            scope: None,
            digest: None,
            license: None,
            authors: Vec::new(),
            references: BTreeSet::new(),
            properties: BTreeSet::new(),
        }
    }

    /// Adds a fact that CycloneDX has no field for.
    pub fn note(&mut self, name: &str, value: impl Into<String>) {
        self.properties.insert((name.to_owned(), value.into()));
    }
}

/// What a component is, of the kinds that are gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something that is run.
    Application,
    /// Something that others are built with.
    Library,
}

/// Whether a component is part of what is shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Its code is in the product.
    Required,
    /// It took part in the build alone.
    Excluded,
}

/// A licence as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum License {
    /// A valid SPDX licence expression.
    Expression(String),
    /// Words that are not one.
    Named(String),
}

/// Someone who is named as an author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The name, or the whole text when it could not be taken apart.
    pub name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
}

/// What is found at a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferenceKind {
    /// Its documentation.
    Documentation,
    /// Its source repository.
    Vcs,
    /// Its home page.
    Website,
}

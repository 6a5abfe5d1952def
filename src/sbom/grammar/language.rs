//! The languages that have a grammar, and the versions of each.

use std::sync::OnceLock;

use super::notation::{Form, Grammar};
use super::table::Table;
use crate::sbom::{Spdx2Version, SpecVersion};

/// A language that documents are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// CycloneDX.
    CycloneDx,
    /// SPDX 2, in the shape of its JSON form.
    Spdx2,
    /// SPDX 3.
    Spdx3,
}

/// A language in one of its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dialect {
    pub(super) language: Language,
    /// Its number among the versions that the grammar knows.
    pub(super) version: usize,
}

impl Language {
    /// Its name, as messages spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CycloneDx => "CycloneDX",
            Self::Spdx2 | Self::Spdx3 => "SPDX",
        }
    }

    /// The field in which a document names its version.
    pub(super) fn version_field(self) -> &'static str {
        match self {
            Self::CycloneDx => "specVersion",
            Self::Spdx2 => "spdxVersion",
            Self::Spdx3 => "@context",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::CycloneDx => include_str!("../../../schemas/cyclonedx.grammar"),
            Self::Spdx2 => include_str!("../../../schemas/spdx-2.grammar"),
            Self::Spdx3 => include_str!("../../../schemas/spdx-3.grammar"),
        }
    }

    /// All of them.
    pub const ALL: [Self; 3] = [Self::CycloneDx, Self::Spdx2, Self::Spdx3];

    /// The versions that the grammar knows, the oldest first.
    pub fn versions(self) -> &'static [String] {
        &self.shelved().grammar.versions
    }

    /// The dialect of a version by its name.
    pub fn dialect(self, version: &str) -> Option<Dialect> {
        let version = self.versions().iter().position(|known| known == version)?;
        Some(Dialect { language: self, version })
    }

    fn shelved(self) -> &'static Shelf {
        static SHELVES: [OnceLock<Shelf>; Language::ALL.len()] =
            [const { OnceLock::new() }; Language::ALL.len()];
        SHELVES[self as usize].get_or_init(|| {
            let grammar = Grammar::parse(self.text()).expect("a test reads the grammars of this program");
            let tables = grammar.versions.iter().map(|_| OnceLock::new()).collect();
            let xml_tables = grammar.versions.iter().map(|_| OnceLock::new()).collect();
            Shelf { grammar, tables, xml_tables }
        })
    }
}

impl Dialect {
    /// The language.
    pub fn language(self) -> Language {
        self.language
    }

    /// The name of the version.
    pub fn version(self) -> &'static str {
        &self.language.versions()[self.version]
    }

    /// Whether a class is the one of that number in the table, or extends it; nothing where there is no such class.
    pub(crate) fn is_kind(self, name: &str, of: u16) -> Option<bool> {
        self.table().is_kind(name, of)
    }

    /// Whether a class is another or extends it; nothing where there is no such class.
    pub(crate) fn is_a(self, name: &str, of: &str) -> Option<bool> {
        self.table().is_kind(name, self.table().class(of)?)
    }

    /// The name of the class of a number.
    pub(crate) fn class_name(self, id: u16) -> &'static str {
        self.table().class_name(id)
    }

    /// The table of this dialect for JSON: made when first asked.
    pub(super) fn table(self) -> &'static Table {
        self.table_of(Form::Json)
    }

    /// The table of this dialect for XML: made when first asked.
    pub(super) fn xml_table(self) -> &'static Table {
        self.table_of(Form::Xml)
    }

    fn table_of(self, form: Form) -> &'static Table {
        let Shelf { grammar, tables, xml_tables } = self.language.shelved();
        let tables = if form == Form::Json { tables } else { xml_tables };
        tables[self.version].get_or_init(|| {
            Table::compile(grammar, self.version, form).expect("a test compiles the grammars of this program")
        })
    }
}

impl From<SpecVersion> for Dialect {
    fn from(version: SpecVersion) -> Self {
        // A test sees that the grammar has the versions of the program, in their order.
        Self { language: Language::CycloneDx, version: version as usize }
    }
}

impl From<Spdx2Version> for Dialect {
    fn from(version: Spdx2Version) -> Self {
        Self { language: Language::Spdx2, version: version as usize }
    }
}

/// A grammar with the tables that were asked for.
struct Shelf {
    grammar: Grammar,
    tables: Vec<OnceLock<Table>>,
    xml_tables: Vec<OnceLock<Table>>,
}

#[cfg(test)]
mod tests {
    use super::super::notation::Body;
    use super::super::table::{ID, Type};
    use super::*;

    #[test]
    fn the_program_knows_the_versions_of_the_grammar() {
        let known = SpecVersion::ALL.map(SpecVersion::name);
        assert_eq!(Language::CycloneDx.versions(), known);
        assert!(
            SpecVersion::ALL.into_iter().all(|version| Dialect::from(version).version() == version.name())
        );
    }

    #[test]
    fn the_program_knows_the_versions_of_spdx_2() {
        assert_eq!(Language::Spdx2.versions(), Spdx2Version::ALL.map(Spdx2Version::name));
        assert!(Spdx2Version::ALL.into_iter().all(|own| Dialect::from(own).version() == own.name()));
    }

    #[test]
    fn every_grammar_is_whole_in_every_version() {
        for language in Language::ALL {
            assert!(!language.versions().is_empty());
            for version in 0..language.versions().len() {
                for form in [Form::Json, Form::Xml] {
                    let table = Table::compile(&language.shelved().grammar, version, form).unwrap();
                    assert!(
                        matches!(table.get(table.root), Type::Object(_) | Type::Choice(_)),
                        "{language:?} {version}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_type_is_used() {
        for language in Language::ALL {
            let used: String = language
                .text()
                .lines()
                .map(|line| line.split(" #").next().unwrap())
                .collect::<Vec<_>>()
                .join("\n");
            let words: Vec<&str> = used.split([' ', '\n', '[', ']', '=', '<', '>', '&']).collect();
            for definition in &language.shelved().grammar.definitions {
                // What extends another is used wherever that is; ids have a name that the program knows.
                let is_named = definition.name == ID
                    || matches!(&definition.body, Body::Object(object) if object.extends.is_some());
                if is_named {
                    continue;
                }
                let times = words.iter().filter(|word| **word == definition.name).count();
                assert!(times > 1, "{} is defined and not used", definition.name);
            }
        }
    }
}

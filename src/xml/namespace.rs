//! Namespaces (<https://www.w3.org/TR/xml-names/>): what prefixes stand for, and attributes that are the same for it.

use std::collections::HashMap;
use std::ops::Range;

use super::declaration::shown;
use super::parse::{Parser, narrow};
use super::tape::{Kind, PREFIXED, Record};
use super::{Error, text};

/// A prefix, empty for the default, and what it stands for: as in [`Record::namespace`].
pub(super) struct Binding<'a> {
    pub(super) prefix: &'a str,
    pub(super) namespace: u32,
}

impl<'a> Parser<'a> {
    /// Binds a prefix from here to the end of the element (Namespaces in XML 1.0, section 3).
    pub(super) fn declare(&mut self, prefix: &'a str, value: &str, start: usize) -> Result<(), Error> {
        let name = text::attribute(value);
        let reserved = match prefix {
            "xml" => name != XML,
            "xmlns" => true,
            _ => name == XML || name == XMLNS || !prefix.is_empty() && name.is_empty(),
        };
        if reserved {
            return Err(Error::BadNamespace { at: self.position(start) });
        }
        if self.bindings.len() > MAX_NAMESPACES {
            return Err(Error::TooManyNamespaces { limit: MAX_NAMESPACES, at: self.position(start) });
        }
        let namespace = if name.is_empty() {
            0
        } else if let Some(known) =
            self.bindings.iter().find(|binding| self.named(binding.namespace) == Some(name.as_ref()))
        {
            known.namespace
        } else {
            self.namespaces.push(name.into());
            narrow(self.namespaces.len())
        };
        if prefix.is_empty() {
            self.default = namespace;
        }
        self.bindings.push(Binding { prefix, namespace });
        Ok(())
    }

    fn named(&self, namespace: u32) -> Option<&str> {
        namespace.checked_sub(1).and_then(|index| self.namespaces.get(index as usize)).map(AsRef::as_ref)
    }

    /// Gives an element and its attributes their namespaces, now that all declarations of its tag are known, and
    /// refuses an attribute that comes twice.
    pub(super) fn resolve(
        &mut self,
        element: u32,
        name: &str,
        prefixed: bool,
        around: usize,
    ) -> Result<(), Error> {
        let start = self.records[element as usize].start as usize;
        self.records[element as usize].namespace = self.namespace(name, prefixed, start + 1)?;
        let attributes = element as usize + 1..self.records.len();
        let has_several = attributes.len() > 1;
        if has_several && self.bindings.len() > around + 1 {
            let declared = &self.bindings[around..];
            let twice = (1..declared.len())
                .find(|&at| declared[..at].iter().any(|other| other.prefix == declared[at].prefix));
            if let Some(twice) = twice {
                let is_declaration = |index: &usize| self.records[*index].kind == Kind::Declaration;
                let spans: Vec<usize> = attributes.clone().filter(is_declaration).collect();
                let first =
                    declared.iter().position(|other| other.prefix == declared[twice].prefix).unwrap_or(0);
                return Err(self.duplicate(spans[first], spans[twice]));
            }
        }
        for index in attributes.clone() {
            let Record { kind, flags, start, .. } = self.records[index];
            if kind == Kind::Attribute && flags & PREFIXED != 0 {
                let name = self.name_of(index);
                self.records[index].namespace = self.namespace(name, true, start as usize)?;
            }
        }
        if has_several { self.unique(attributes) } else { Ok(()) }
    }

    /// The namespace of a name, as in [`Record::namespace`].
    fn namespace(&self, name: &str, prefixed: bool, start: usize) -> Result<u32, Error> {
        if !prefixed {
            return Ok(self.default);
        }
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        match self.bindings.iter().rfind(|binding| binding.prefix == prefix) {
            Some(binding) => Ok(binding.namespace),
            None => Err(Error::UnboundPrefix { prefix: shown(prefix), at: self.position(start) }),
        }
    }

    /// Refuses two attributes of one namespace and local name. A few are compared one by one, many by hash.
    fn unique(&self, attributes: Range<usize>) -> Result<(), Error> {
        let expanded = |index: usize| {
            let record = self.records[index];
            let name = self.name_of(index);
            let local = if record.has(PREFIXED) {
                name.split_once(':').map_or(name, |(_, local)| local)
            } else {
                name
            };
            (self.named(record.namespace), local)
        };
        let is_attribute = |index: &usize| self.records[*index].kind == Kind::Attribute;
        let mut all = attributes.clone().filter(is_attribute);
        let twice = if attributes.len() <= SCANNED {
            all.find_map(|index| {
                let twin = (attributes.start..index)
                    .filter(is_attribute)
                    .find(|twin| expanded(*twin) == expanded(index));
                twin.map(|first| (first, index))
            })
        } else {
            let mut seen = HashMap::with_capacity(attributes.len());
            all.find_map(|index| seen.insert(expanded(index), index).map(|first| (first, index)))
        };
        match twice {
            Some((first, second)) => Err(self.duplicate(first, second)),
            None => Ok(()),
        }
    }

    #[cold]
    fn duplicate(&self, first: usize, second: usize) -> Error {
        let place = |index: usize| self.position(self.records[index].start as usize);
        Error::DuplicateAttribute {
            name: shown(self.name_of(second)),
            first: place(first),
            at: place(second),
        }
    }

    /// The name of an attribute as it is written.
    fn name_of(&self, index: usize) -> &'a str {
        let Record { start, name, .. } = self.records[index];
        self.slice(start as usize, start as usize + usize::from(name))
    }
}

/// What `xml` stands for, declared or not.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// What `xmlns` stands for.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// How many declarations may be in scope, so that looking one up costs little.
pub(super) const MAX_NAMESPACES: usize = 256;
/// Up to how many attributes are compared one by one.
pub(super) const SCANNED: usize = 16;

//! How the fields of an object stand in XML, made ready for looking things up.

use super::super::notation::Range;
use super::super::table::order;
use super::words::{Foreign, Items, Place, Words};

/// How an object stands in XML.
#[derive(Debug, Default)]
pub(in crate::sbom::grammar) struct Shape {
    /// By the number of the field in its object.
    pub(super) fields: Vec<Standing>,
    /// Elements and the numbers of their fields, sorted by [`order`].
    elements: Vec<(String, usize)>,
    /// The same of attributes.
    attributes: Vec<(String, usize)>,
    /// Elements and attributes of other versions.
    pub(super) others: Vec<(String, Range)>,
    /// Fields that are attributes, in the order of the lines.
    pub(super) attribute_order: Vec<usize>,
    /// The field that is the content of the element.
    pub(super) text: Option<usize>,
    pub(super) foreign: Foreign,
    /// One bit for each field that is an element.
    pub(super) mask: u64,
    may_be_empty: bool,
    pub(super) any_order: bool,
}

/// How a field stands in XML.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the grammar")]
pub(super) struct Standing {
    pub(super) place: Place,
    pub(super) name: String,
    /// Its number among the lines of the object, which are in the order of the elements.
    pub(super) sequence: usize,
    pub(super) is_repeated: bool,
    pub(super) is_many: bool,
    pub(super) is_reference: bool,
    pub(super) is_nested: bool,
    pub(super) default: Option<String>,
    /// JSON asks for it.
    pub(super) in_json: bool,
    /// JSON asks for it: where XML leaves it out the default is written.
    pub(super) is_implied: bool,
}

/// How the items of a list stand in XML.
#[derive(Debug, Default)]
pub(in crate::sbom::grammar) struct ListForm {
    pub(super) items: Items,
    pub(super) is_reference: bool,
    /// Another element and its type.
    pub(super) or: Option<(String, u16)>,
    pub(super) is_nested: bool,
    pub(super) foreign: Foreign,
}

impl Shape {
    pub(in crate::sbom::grammar) fn new(words: &Words, others: Vec<(String, Range)>) -> Self {
        let Words { foreign, may_be_empty, any_order, .. } = *words;
        Self { others, foreign, may_be_empty, any_order, ..Self::default() }
    }

    /// Adds the next field of the object: `sequence` is the number of its line.
    pub(in crate::sbom::grammar) fn add(
        &mut self,
        field: &str,
        words: &Words,
        sequence: usize,
        in_json: bool,
    ) {
        let number = self.fields.len();
        let name = words.name.clone().unwrap_or_else(|| field.to_owned());
        match &words.place {
            Place::Element => {
                self.elements.push((name.clone(), number));
                self.mask |= 1 << number;
            }
            Place::Attribute => self.attributes.push((name.clone(), number)),
            Place::Text => self.text = Some(number),
            Place::AttributeOf(_) | Place::Namespace => {}
        }
        self.fields.push(Standing {
            place: words.place.clone(),
            name,
            sequence,
            is_repeated: words.items == Items::Repeated,
            is_many: words.is_many,
            is_reference: words.is_reference,
            is_nested: words.is_nested,
            default: words.default.clone(),
            in_json,
            is_implied: in_json && words.required == Some(false) && words.default.is_some(),
        });
    }

    pub(in crate::sbom::grammar) fn finish(mut self) -> Self {
        self.elements.sort_by(|(one, _), (other, _)| order(one, other));
        self.attributes.sort_by(|(one, _), (other, _)| order(one, other));
        self.attribute_order = self.attributes.iter().map(|(_, number)| *number).collect();
        self.attribute_order.sort_by_key(|number| self.fields[*number].sequence);
        self
    }

    /// The number of the field of an element.
    pub(super) fn element(&self, name: &str) -> Option<usize> {
        find(&self.elements, name)
    }

    /// The number of the field of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<usize> {
        find(&self.attributes, name)
    }

    /// Names of elements, and of attributes, for the one that was probably meant.
    pub(super) fn names(&self, of_attributes: bool) -> impl Iterator<Item = &str> {
        let list = if of_attributes { &self.attributes } else { &self.elements };
        list.iter().map(|(name, _)| name.as_str())
    }

    /// Attributes of the element of a field that are fields of their own: their numbers and names.
    pub(super) fn lent(&self, number: usize) -> impl Iterator<Item = (usize, &str)> {
        let owner = self.fields[number].name.as_str();
        self.fields.iter().enumerate().filter_map(move |(lent, standing)| match &standing.place {
            Place::AttributeOf(of) if of == owner => Some((lent, standing.name.as_str())),
            _ => None,
        })
    }

    /// Whether an attribute of the element of a field is another field.
    pub(super) fn lends(&self, number: usize, name: &str) -> bool {
        self.lent(number).any(|(_, lent)| lent == name)
    }

    /// The name of a field in XML.
    pub(in crate::sbom::grammar) fn label(&self, number: usize) -> &str {
        &self.fields[number].name
    }

    /// Whether nothing is asked of the elements, because there is none and there need not be one. One bit is set for
    /// each field that is there.
    pub(in crate::sbom::grammar) fn excuses(&self, seen: u64) -> bool {
        self.may_be_empty && seen & self.mask == 0
    }

    pub(in crate::sbom::grammar) fn mask(&self) -> u64 {
        self.mask
    }
}

impl ListForm {
    pub(in crate::sbom::grammar) fn new(words: &Words, or: Option<(String, u16)>) -> Self {
        Self {
            items: words.items.clone(),
            is_reference: words.is_reference,
            or,
            is_nested: words.is_nested,
            foreign: words.foreign,
        }
    }
}

fn find(list: &[(String, usize)], name: &str) -> Option<usize> {
    list.binary_search_by(|(known, _)| order(known, name)).ok().map(|index| list[index].1)
}

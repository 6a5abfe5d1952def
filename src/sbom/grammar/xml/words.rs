//! The words of a grammar that begin with `xml:`: how what a line speaks of stands in XML.

use super::super::notation::Form;

/// What the words at a line say.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the grammar")]
pub(in crate::sbom::grammar) struct Words {
    pub(super) place: Place,
    /// The name in XML, where it is another.
    pub(in crate::sbom::grammar) name: Option<String>,
    pub(in crate::sbom::grammar) items: Items,
    /// What is text elsewhere stands in the attribute `ref` of an empty element.
    pub(in crate::sbom::grammar) is_reference: bool,
    /// Another element that an item can be, and its type.
    pub(in crate::sbom::grammar) or: Option<(String, String)>,
    /// Items stand in items, and each is one of the list.
    pub(in crate::sbom::grammar) is_nested: bool,
    /// The element may be there again, and only the first one counts.
    pub(super) is_many: bool,
    pub(in crate::sbom::grammar) foreign: Foreign,
    /// The type in XML, of a list that of its items.
    pub(in crate::sbom::grammar) r#type: Option<String>,
    pub(in crate::sbom::grammar) required: Option<bool>,
    /// What an empty element says.
    pub(super) default: Option<String>,
    pub(in crate::sbom::grammar) sole: Option<String>,
    pub(in crate::sbom::grammar) min: Option<usize>,
    pub(in crate::sbom::grammar) max: Option<usize>,
    /// Of an object: no element in it is required while there is none.
    pub(in crate::sbom::grammar) may_be_empty: bool,
    /// Of an object: its elements stand in any order.
    pub(super) any_order: bool,
    /// Of a case: the element that stands for it.
    pub(in crate::sbom::grammar) element: Option<String>,
}

/// Where a field stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::sbom::grammar) enum Place {
    /// In an element of its own.
    #[default]
    Element,
    /// In an attribute.
    Attribute,
    /// In an attribute of the element of another field.
    AttributeOf(String),
    /// In the element of its object, as its content.
    Text,
    /// In the namespace of the document.
    Namespace,
}

/// How the items of a list stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::sbom::grammar) enum Items {
    /// It is no list.
    #[default]
    None,
    /// In one element for the list, each in an element of this name.
    Named(String),
    /// In one element for the list, each in the element of its case, or of its one field.
    Own,
    /// Each in an element of the field.
    Repeated,
}

/// What of others an element may hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::sbom::grammar) struct Foreign {
    /// Elements of other namespaces, after its own.
    pub(super) elements: bool,
    pub(super) attributes: Attributes,
}

/// Which attributes of others are welcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::sbom::grammar) enum Attributes {
    /// None.
    #[default]
    Own,
    /// Those of other namespaces.
    Foreign,
    /// Those of no namespace too, whatever their name.
    Any,
}

impl Words {
    /// Takes the words for XML out of a line, and gives the others with the forms that the line is about.
    pub(in crate::sbom::grammar) fn split<'a>(
        words: &[&'a str],
    ) -> Result<(Option<Form>, Vec<&'a str>, Self), String> {
        let (mut only, mut rest, mut own) = (None, Vec::new(), Self::default());
        for (index, &word) in words.iter().enumerate() {
            match word.strip_prefix("xml:") {
                None => rest.push(word),
                Some("") if index == 0 => only = Some(Form::Xml),
                Some("none") => only = Some(Form::Json),
                Some(word) => own.add(word)?,
            }
        }
        Ok((only, rest, own))
    }

    fn add(&mut self, word: &str) -> Result<(), String> {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let text = value.to_owned();
        let number = || value.parse().map(Some).map_err(|_| format!("`{value}` is no number"));
        match (key, value) {
            ("attribute", "") => self.place = Place::Attribute,
            ("text", "") => self.place = Place::Text,
            ("namespace", "") => self.place = Place::Namespace,
            ("items", "") => self.items = Items::Own,
            ("repeated", "") => self.items = Items::Repeated,
            ("ref", "") => self.is_reference = true,
            ("nested", "") => self.is_nested = true,
            ("many", "") => self.is_many = true,
            ("foreign-elements", "") => self.foreign.elements = true,
            ("foreign-attributes", "") => self.foreign.attributes = Attributes::Foreign,
            ("any-attributes", "") => self.foreign.attributes = Attributes::Any,
            ("required", "") => self.required = Some(true),
            ("optional", "") => self.required = Some(false),
            ("any-order", "") => self.any_order = true,
            ("may-be-empty", "") => self.may_be_empty = true,
            (_, "") => return Err(format!("`xml:{word}` is no word")),
            ("attribute-of", _) => self.place = Place::AttributeOf(text),
            ("name", _) => self.name = Some(text),
            ("items", _) => self.items = Items::Named(text),
            ("or", _) => {
                let (element, of) = value.split_once('/').ok_or("`xml:or` is an element, `/` and a type")?;
                self.or = Some((element.to_owned(), of.to_owned()));
            }
            ("type", _) => self.r#type = Some(text),
            ("default", _) => self.default = Some(text),
            ("sole", _) => self.sole = Some(text),
            ("min", _) => self.min = number()?,
            ("max", _) => self.max = number()?,
            ("element", _) => self.element = Some(text),
            _ => return Err(format!("`xml:{word}` is no word")),
        }
        Ok(())
    }
}

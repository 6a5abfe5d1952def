//! From the JSON shape of a version to XML of the same version.
//!
//! The elements stand in the order of the lines of the grammar, two spaces a level. Whatever is written is marked in the
//! account of the document, so that what XML has no place for is in it too. Nothing recurses on the depth of the input.

use std::borrow::Cow;

use super::super::notation::Test;
use super::super::table::{Case, Fields, List, Table, Type, TypeId, find};
use super::super::walk::holds;
use super::scalar;
use super::shape::{Shape, Standing};
use super::words::{Items, Place};
use crate::document::{Document, Kind, Value};
use crate::sbom::convert::{Ledger, Loss};
use crate::xml::{Layout, Unwritable, Writer as Text};

/// What still has to be written; the last comes first.
enum Task<'d> {
    /// A value in an element.
    Element(&'static str, Value<'d>, TypeId, Option<Lent<'d>>),
    /// An item whose text stands in the attribute `ref`.
    Reference(&'static str, Value<'d>),
    /// An element that XML requires and JSON leaves out.
    Empty(&'static str),
    Close,
}

/// An attribute of an element that is a field of its own.
#[derive(Clone, Copy)]
struct Lent<'d> {
    name: &'static str,
    value: Value<'d>,
    r#type: TypeId,
}

pub(super) struct Writer<'d> {
    table: &'static Table,
    namespace: String,
    out: Text,
    ledger: Ledger<'d>,
    open: Vec<Task<'d>>,
}

impl<'d> Writer<'d> {
    pub(super) fn new(document: &'d Document, table: &'static Table, namespace: String) -> Self {
        let out = Text::new(Layout::Indented(INDENT));
        Self { table, namespace, out, ledger: Ledger::new(document), open: Vec::new() }
    }

    pub(super) fn write(mut self, root: Value<'d>) -> (Vec<u8>, Vec<Loss>) {
        self.out.declaration();
        self.element("bom", root, self.table.root, None);
        while let Some(task) = self.open.pop() {
            match task {
                Task::Element(name, value, r#type, lent) => self.element(name, value, r#type, lent),
                Task::Reference(name, value) => {
                    self.out.open(name);
                    let text = self.text_of(value, None);
                    self.attribute("ref", &text);
                    self.out.close();
                }
                Task::Empty(name) => {
                    self.out.open(name);
                    self.out.close();
                }
                Task::Close => self.out.close(),
            }
        }
        (self.out.finish(), self.ledger.finish())
    }

    fn element(&mut self, name: &'static str, value: Value<'d>, r#type: TypeId, lent: Option<Lent<'d>>) {
        match (self.table.get(r#type), value.kind()) {
            (_, Kind::Null) => self.ledger.changed(value, NULL),
            (Type::Choice(cases), _) => match case_of(cases, value) {
                Some(Case { element: Some(inside), r#type, .. }) => {
                    self.out.open(name);
                    self.open.push(Task::Close);
                    self.open.push(Task::Element(inside, value, *r#type, None));
                }
                Some(case) => {
                    let has_list = cases.iter().any(|case| matches!(case.test, Test::Array));
                    if has_list && value.kind() == Kind::Object && value.members().next().is_none() {
                        self.ledger.changed(value, EMPTY_LIST);
                    }
                    self.element(name, value, case.r#type, lent);
                }
                None => self.ledger.dropped(value, NO_CASE),
            },
            (Type::Object(fields), Kind::Object) => {
                self.out.open(name);
                self.open.push(Task::Close);
                self.object(value, fields);
            }
            (Type::List(list), Kind::Array) => {
                self.out.open(name);
                if value.elements().next().is_none() {
                    self.ledger.mapped(value);
                }
                self.open.push(Task::Close);
                self.list(value, list);
            }
            (_, Kind::Array | Kind::Object) | (Type::Object(_) | Type::List(_), _) => {
                self.ledger.dropped(value, WRONG_KIND);
            }
            _ => {
                self.out.open(name);
                if let Some(lent) = lent {
                    let text = self.text_of(lent.value, Some(lent.r#type));
                    self.attribute(lent.name, &text);
                }
                let text = self.text_of(value, Some(r#type));
                self.text(&text);
                self.out.close();
            }
        }
    }

    /// Writes the attributes, and puts the elements on the list of what is to be written.
    fn object(&mut self, value: Value<'d>, fields: &'static Fields) {
        let Some(shape) = &fields.xml else { return };
        let mut there: Vec<(usize, Value<'d>)> = Vec::new();
        let mut members = value.members().peekable();
        if members.peek().is_none() {
            self.ledger.mapped(value);
        }
        for (name, member) in members {
            match find(&fields.own, &name) {
                Some(number) => there.push((number, member)),
                None if name == "$schema" => self.ledger.changed(member, SCHEMA),
                None => {}
            }
        }
        there.sort_by_key(|(number, _)| shape.fields[*number].sequence);
        if shape.fields.iter().any(|standing| standing.place == Place::Namespace) {
            let namespace = std::mem::take(&mut self.namespace);
            self.attribute("xmlns", &namespace);
        }
        let has = |number: usize| there.iter().find(|(own, value)| *own == number && !value.is_null());
        for &number in &shape.attribute_order {
            match has(number) {
                Some(&(_, member)) if is_scalar(member) => {
                    let text = self.text_of(member, Some(fields.own[number].r#type));
                    self.attribute(&shape.fields[number].name, &text);
                }
                None if fields.required & 1 << number != 0 && self.is_free(fields.own[number].r#type) => {
                    self.attribute(&shape.fields[number].name, "");
                    self.note(value, REQUIRED);
                }
                _ => {}
            }
        }
        if let Some(number) = shape.text {
            if let Some(&(_, member)) = has(number).filter(|(_, member)| is_scalar(*member)) {
                let text = self.text_of(member, Some(fields.own[number].r#type));
                self.out.content();
                self.text(&text);
            }
            return;
        }
        self.fields(value, fields, shape, &there);
    }

    fn fields(
        &mut self,
        value: Value<'d>,
        fields: &'static Fields,
        shape: &'static Shape,
        there: &[(usize, Value<'d>)],
    ) {
        let from = self.open.len();
        let mut seen = 0_u64;
        for &(number, member) in there {
            seen |= 1 << number;
            let standing = &shape.fields[number];
            match &standing.place {
                Place::Namespace => self.ledger.mapped(member),
                Place::Element => {
                    let mut lent = shape.lent(number).filter_map(|(lent, name)| {
                        let (_, value) = there.iter().find(|(own, _)| *own == lent)?;
                        Some(Lent { name, value: *value, r#type: fields.own[lent].r#type })
                    });
                    let lent = lent.next();
                    self.field(standing, member, fields.own[number].r#type, lent);
                }
                Place::Attribute | Place::AttributeOf(_) | Place::Text => {}
            }
        }
        let mut missing = fields.required & !seen & shape.mask();
        if shape.excuses(seen) {
            missing = 0;
        }
        let mut is_sorted = true;
        while missing != 0 {
            let number = missing.trailing_zeros() as usize;
            missing &= missing - 1;
            if self.is_free(fields.own[number].r#type) {
                self.note(value, REQUIRED);
                self.open.push(Task::Empty(&shape.fields[number].name));
                is_sorted = false;
            }
        }
        if !is_sorted {
            let place = |task: &Task<'_>| match task {
                Task::Element(name, ..) | Task::Reference(name, ..) | Task::Empty(name) => {
                    shape.element(name).map_or(usize::MAX, |number| shape.fields[number].sequence)
                }
                Task::Close => usize::MAX,
            };
            self.open[from..].sort_by_key(place);
        }
        self.open[from..].reverse();
    }

    /// Puts a field on the list, in the order of writing.
    fn field(
        &mut self,
        standing: &'static Standing,
        member: Value<'d>,
        r#type: TypeId,
        lent: Option<Lent<'d>>,
    ) {
        let name = standing.name.as_str();
        if !standing.is_repeated {
            self.open.push(Task::Element(name, member, r#type, lent));
            return;
        }
        let list = match self.table.get(r#type) {
            Type::List(list) => Some(list),
            Type::Choice(cases) => {
                let array = cases.iter().find(|case| matches!(case.test, Test::Array));
                array.and_then(|case| match self.table.get(case.r#type) {
                    Type::List(list) => Some(list),
                    _ => None,
                })
            }
            _ => None,
        };
        let Some(list) = list else { return };
        match member.kind() {
            Kind::Array => {}
            Kind::Null => return self.ledger.changed(member, NULL),
            // A choice of a list and one item of it: in XML that is a list of one.
            Kind::Object if matches!(self.table.get(r#type), Type::Choice(_)) => {
                self.open.push(Task::Element(name, member, list.item, None));
                self.note(member, ONE_ITEM);
                return;
            }
            _ => return self.ledger.dropped(member, WRONG_KIND),
        }
        let mut count = 0;
        for item in member.elements() {
            count += 1;
            if count > list.max {
                self.ledger.dropped(item, TOO_MANY);
            } else if standing.is_reference {
                self.reference(name, item);
            } else {
                self.open.push(Task::Element(name, item, list.item, None));
            }
        }
        if count == 0 {
            self.ledger.changed(member, NO_EMPTY_LIST);
        }
    }

    fn reference(&mut self, name: &'static str, item: Value<'d>) {
        if item.kind() == Kind::String {
            self.open.push(Task::Reference(name, item));
        } else {
            self.ledger.dropped(item, WRONG_KIND);
        }
    }

    fn list(&mut self, value: Value<'d>, list: &'static List) {
        let from = self.open.len();
        let stands_alone =
            |item: &Value<'_>| list.sole.as_deref().is_some_and(|field| item.get(field).is_some());
        let has_others = list.sole.is_some() && value.elements().any(|item| !stands_alone(&item));
        let mut is_taken = false;
        for item in value.elements() {
            if stands_alone(&item) && (has_others || std::mem::replace(&mut is_taken, true)) {
                self.ledger.dropped(item, NOT_ALONE);
                continue;
            }
            match &list.xml.items {
                Items::Named(name) if list.xml.is_reference => self.reference(name, item),
                Items::Named(name) => self.open.push(Task::Element(name, item, list.item, None)),
                Items::Own => self.own_item(item, list.item),
                Items::Repeated | Items::None => {}
            }
        }
        self.open[from..].reverse();
    }

    /// An item that is the element of its case, or of the one field that it has.
    fn own_item(&mut self, item: Value<'d>, r#type: TypeId) {
        match self.table.get(r#type) {
            Type::Choice(cases) => match case_of(cases, item) {
                Some(Case { element: Some(name), r#type, .. }) => {
                    self.open.push(Task::Element(name, item, *r#type, None));
                }
                Some(case) => self.own_item(item, case.r#type),
                None => self.ledger.dropped(item, NO_CASE),
            },
            Type::Object(fields) => {
                let Some(shape) = &fields.xml else { return };
                let mut known =
                    item.members().filter_map(|(name, value)| Some((find(&fields.own, &name)?, value)));
                if let Some((number, value)) = known.next() {
                    self.open.push(Task::Element(
                        &shape.fields[number].name,
                        value,
                        fields.own[number].r#type,
                        None,
                    ));
                }
            }
            _ => {}
        }
    }

    /// The text of a scalar, which is marked as written.
    fn text_of(&mut self, value: Value<'d>, r#type: Option<TypeId>) -> Cow<'d, str> {
        let r#type = r#type.map(|r#type| self.table.get(r#type));
        match value.kind() {
            Kind::String => {
                let text = value.as_str().unwrap_or_default();
                let is_same = match r#type {
                    Some(Type::Text(rules)) if rules.is_token => scalar::collapsed(&text) == text,
                    Some(Type::Text(rules)) if rules.is_line => scalar::replaced(text.clone()) == text,
                    _ => true,
                };
                if Unwritable::find(&text).is_some() {
                    self.ledger.changed(value, UNWRITABLE);
                } else if is_same {
                    self.ledger.mapped(value);
                } else {
                    self.ledger.changed(value, WHITE_SPACE);
                }
                text
            }
            Kind::Number => {
                let json = std::str::from_utf8(value.raw()).unwrap_or_default();
                if !matches!(r#type, Some(Type::Number { .. })) {
                    self.ledger.changed(value, TEXT);
                    return Cow::Borrowed(json);
                }
                if let Some(text) = scalar::decimal(json) {
                    self.ledger.mapped(value);
                    Cow::Owned(text)
                } else {
                    self.ledger.changed(value, TOO_LONG);
                    Cow::Borrowed("0")
                }
            }
            _ => {
                if matches!(r#type, Some(Type::Bool)) {
                    self.ledger.mapped(value);
                } else {
                    self.ledger.changed(value, TEXT);
                }
                Cow::Borrowed(std::str::from_utf8(value.raw()).unwrap_or_default())
            }
        }
    }

    /// Speaks of an object as such, at the first text in it that nobody spoke of: a container is what its content is.
    fn note(&mut self, value: Value<'d>, reason: &'static str) {
        match value.members().find(|(_, member)| is_scalar(*member)) {
            Some((_, first)) => self.ledger.changed(first, reason),
            None if value.members().next().is_none() => self.ledger.changed(value, reason),
            None => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.out.text(text).is_err() {
            // Replaced, it can be written.
            self.out.text(&replaced(text)).ok();
        }
    }

    fn attribute(&mut self, name: &str, text: &str) {
        if self.out.attribute(name, text).is_err() {
            self.out.attribute(name, &replaced(text)).ok();
        }
    }

    /// Whether an empty text is of a type.
    fn is_free(&self, r#type: TypeId) -> bool {
        matches!(self.table.get(r#type), Type::Text(text) if text.rules.is_empty())
    }
}

/// The case that holds; where nothing tells, the first that has an element.
fn case_of<'t>(cases: &'t [Case], value: Value<'_>) -> Option<&'t Case> {
    let first = || cases.iter().find(|case| case.element.is_some() && value.kind() == Kind::Object);
    cases.iter().find(|case| holds(&case.test, value)).or_else(first)
}

fn is_scalar(value: Value<'_>) -> bool {
    matches!(value.kind(), Kind::String | Kind::Number | Kind::Bool)
}

/// A text in which U+FFFD stands for what XML cannot write.
fn replaced(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(Unwritable(character)) = Unwritable::find(&text) {
        text = text.replace(character, "\u{fffd}");
    }
    text
}

/// Spaces that a level is indented by.
const INDENT: usize = 2;

const NULL: &str = "null says nothing";
const NO_CASE: &str = "nothing tells what it is";
const WRONG_KIND: &str = "it is of another kind than the specification says";
const SCHEMA: &str = "the namespace says it";
const REQUIRED: &str = "XML requires a field that is not there: it is written empty";
const EMPTY_LIST: &str = "in XML it is an empty list";
const ONE_ITEM: &str = "in XML it is a list of one";
const TOO_MANY: &str = "XML of this version has one";
const NO_EMPTY_LIST: &str = "XML says an empty list here by leaving it out";
const NOT_ALONE: &str = "in XML of this version an expression stands alone";
const UNWRITABLE: &str = "XML cannot write a character of it: U+FFFD stands for it";
const WHITE_SPACE: &str = "in XML white space here is not kept as it is";
const TEXT: &str = "in XML it is text";
const TOO_LONG: &str = "the number is beyond what XML programs read";

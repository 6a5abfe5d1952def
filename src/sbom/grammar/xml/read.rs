//! From XML to the JSON shape of the same version.
//!
//! One pass over the tape without recursion: what is still to be read waits in a list, and the table says for each
//! element what it is. Problems are those of the order and place of elements; what they hold is judged by the walk over
//! the JSON shape, which has the table for XML too.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::super::notation::Test;
use super::super::problem::Problems;
use super::super::table::{Fields, Table, Type, TypeId};
use super::scalar;
use super::shape::{Shape, Standing};
use super::words::{Attributes, Place};
use crate::document::Builder;
use crate::sbom::convert::Loss;
use crate::xml::{self, Attribute, Element, Node};

/// Which case an element was read as, by the number of its value, where the value itself does not tell.
pub(in crate::sbom::grammar) type Decided = HashMap<u32, TypeId>;

/// What a reading leaves behind.
#[derive(Debug)]
pub(in crate::sbom::grammar) struct Reading {
    pub(in crate::sbom::grammar) builder: Builder,
    pub(in crate::sbom::grammar) decided: Decided,
    /// What the JSON shape does not hold.
    pub(in crate::sbom::grammar) losses: Vec<Loss>,
}

/// What still has to be read; the last comes first.
pub(super) enum Task<'x> {
    /// What is in an element, by the type of it.
    Content(Element<'x>, TypeId, Option<Field>),
    /// The attribute `ref` of an element.
    Reference(Element<'x>, TypeId, Option<Field>),
    Attribute(Attribute<'x>, TypeId),
    /// The value that comes next is of this type, which it does not tell.
    Decide(TypeId),
    Name(&'static str, u32),
    Array(u32),
    Object(u32),
    End,
}

/// A field of an object.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) shape: &'static Shape,
    pub(super) number: usize,
}

impl Field {
    fn standing(self) -> &'static Standing {
        &self.shape.fields[self.number]
    }
}

pub(in crate::sbom::grammar) struct Reader<'x, 'p, 'f> {
    pub(super) table: &'static Table,
    pub(super) version: &'static str,
    pub(super) namespace: &'x str,
    pub(super) problems: &'p mut Problems<'f>,
    pub(super) builder: Builder,
    decided: Decided,
    pub(super) losses: Vec<Loss>,
    pub(super) open: Vec<Task<'x>>,
    /// Elements of the object at hand with the numbers of their fields.
    found: Vec<(usize, Element<'x>)>,
    /// Every bom-ref so far.
    pub(super) refs: HashSet<Cow<'x, str>>,
}

impl<'x, 'p, 'f> Reader<'x, 'p, 'f> {
    pub(in crate::sbom::grammar) fn new(
        table: &'static Table,
        version: &'static str,
        problems: &'p mut Problems<'f>,
    ) -> Self {
        Self {
            table,
            version,
            namespace: "",
            problems,
            builder: Builder::compact(),
            decided: HashMap::new(),
            losses: Vec::new(),
            open: Vec::new(),
            found: Vec::new(),
            refs: HashSet::new(),
        }
    }

    /// Reads a whole document, whose root is of the namespace of the version.
    pub(in crate::sbom::grammar) fn read(mut self, document: &'x xml::Document) -> Reading {
        let root = document.root();
        self.namespace = root.name().0.unwrap_or_default();
        self.open.push(Task::Content(root, self.table.root, None));
        while let Some(task) = self.open.pop() {
            self.perform(&task);
        }
        for aside in document.asides() {
            let what =
                if aside.kind() == xml::Kind::Comment { "a comment" } else { "a processing instruction" };
            self.lose(aside, what);
        }
        Reading { builder: self.builder, decided: self.decided, losses: self.losses }
    }

    fn perform(&mut self, task: &Task<'x>) {
        match *task {
            Task::Content(element, r#type, field) => self.content(element, r#type, field),
            Task::Reference(element, r#type, field) => self.reference(element, r#type, field),
            Task::Attribute(attribute, r#type) => {
                self.scalar(attribute.value(), r#type, start(attribute.node()));
            }
            Task::Decide(r#type) => self.decide(r#type),
            Task::Name(name, at) => self.builder.name(name, at),
            Task::Array(at) => self.builder.array(at),
            Task::Object(at) => self.builder.object(at),
            Task::End => self.builder.end(),
        }
    }

    /// Notes the type of the value that comes next. A choice would have to be decided in its turn, so it is none.
    pub(super) fn decide(&mut self, r#type: TypeId) {
        if !matches!(self.table.get(r#type), Type::Choice(_)) {
            // There are fewer nodes than the limit of documents.
            self.decided.insert(u32::try_from(self.builder.nodes()).unwrap_or(u32::MAX), r#type);
        }
    }

    pub(super) fn content(&mut self, element: Element<'x>, r#type: TypeId, field: Option<Field>) {
        match self.table.get(r#type) {
            Type::Object(fields) => self.object(element, fields),
            Type::List(list) => self.list(element, list),
            Type::Choice(cases) => self.choice(element, cases, field),
            _ => self.leaf(element, r#type, field),
        }
    }

    /// An element that holds text.
    pub(super) fn leaf(&mut self, element: Element<'x>, r#type: TypeId, field: Option<Field>) {
        for attribute in element.attributes() {
            let (namespace, name) = attribute.name();
            let is_of_other =
                namespace.is_none() && field.is_some_and(|field| field.shape.lends(field.number, name));
            if !is_of_other {
                self.foreign_attribute(attribute, Attributes::Own, None);
            }
        }
        for child in element.children() {
            self.problems.not_text(child.node());
            self.lose(child.node(), "an element where text is expected");
        }
        let text = element.text();
        let default = field.and_then(|field| field.standing().default.as_deref()).filter(|_| text.is_empty());
        self.scalar(default.map_or(text, Cow::Borrowed), r#type, start(element.node()));
    }

    /// A value by its text.
    fn scalar(&mut self, text: Cow<'_, str>, r#type: TypeId, at: u32) {
        match self.table.get(r#type) {
            Type::Bool => match scalar::boolean(&scalar::collapsed(&text)) {
                Some(json) => self.builder.literal(json, at),
                None => self.builder.string(&text, at),
            },
            Type::Number { integer, .. } => match scalar::number(&scalar::collapsed(&text), *integer) {
                Some(json) => self.builder.literal(&json, at),
                None => self.builder.string(&text, at),
            },
            Type::Text(rules) if rules.is_token => self.builder.string(&scalar::collapsed(&text), at),
            // JSON of the version has no line breaks here, and `normalizedString` says that they are spaces.
            Type::Text(rules) if rules.is_line => self.builder.string(&scalar::replaced(text), at),
            _ => self.builder.string(&text, at),
        }
    }

    /// An item whose text stands in its attribute `ref`. Without one it is left out.
    pub(super) fn reference(&mut self, element: Element<'x>, r#type: TypeId, field: Option<Field>) {
        let mut is_there = false;
        for attribute in element.attributes() {
            if attribute.name() == (None, REF) {
                is_there = true;
                self.scalar(attribute.value(), r#type, start(attribute.node()));
            } else {
                self.foreign_attribute(attribute, Attributes::Foreign, None);
            }
        }
        if !is_there {
            self.problems.missing(element.node(), REF);
        }
        // What is in a nested item is told where it is an item itself.
        if field.is_some_and(|field| field.standing().is_nested) {
            return;
        }
        for node in element.content().filter(|node| is_content(*node)) {
            self.problems.not_empty(node);
            self.lose(node, "something in an element that is to be empty");
        }
    }

    fn object(&mut self, element: Element<'x>, fields: &'static Fields) {
        let Some(shape) = &fields.xml else { return };
        let at = start(element.node());
        self.builder.object(at);
        for (number, standing) in
            shape.fields.iter().enumerate().filter(|(_, own)| own.place == Place::Namespace)
        {
            let text = match self.table.get(fields.own[number].r#type) {
                Type::Constant(text) => text,
                _ => self.version,
            };
            debug_assert_eq!(standing.name, fields.own[number].name);
            self.builder.member(&fields.own[number].name, text, at);
        }
        self.attributes(element, fields, shape);
        if let Some(number) = shape.text {
            for child in element.children() {
                self.problems.not_text(child.node());
                self.lose(child.node(), "an element where text is expected");
            }
            // A tag that closes itself leaves out what may be left out.
            let is_left_out = fields.required & 1 << number == 0 && element.node().raw().ends_with("/>");
            if !is_left_out {
                self.builder.name(&fields.own[number].name, at);
                self.scalar(element.text(), fields.own[number].r#type, at);
            }
            self.builder.end();
            return;
        }
        self.find(element, shape);
        self.open_fields(fields, shape);
    }

    fn attributes(&mut self, element: Element<'x>, fields: &'static Fields, shape: &'static Shape) {
        let mut there = 0_u64;
        for attribute in element.attributes() {
            let (namespace, name) = attribute.name();
            let Some(number) = shape.attribute(name).filter(|_| namespace.is_none()) else {
                self.foreign_attribute(attribute, shape.foreign.attributes, Some(shape));
                continue;
            };
            there |= 1 << number;
            if name == BOM_REF && !self.refs.insert(attribute.value()) {
                self.problems.bom_ref(attribute.node(), &attribute.value());
            }
            let at = start(attribute.node());
            self.builder.name(&fields.own[number].name, at);
            self.scalar(attribute.value(), fields.own[number].r#type, at);
        }
        for (number, standing) in shape.fields.iter().enumerate() {
            if let Some(default) = standing.default.as_deref().filter(|_| standing.is_implied)
                && there & 1 << number == 0
            {
                let at = start(element.node());
                self.builder.name(&fields.own[number].name, at);
                self.scalar(Cow::Borrowed(default), fields.own[number].r#type, at);
            }
        }
    }

    /// Finds the fields in an element, in the order of their lines.
    fn find(&mut self, element: Element<'x>, shape: &'static Shape) {
        let (mut seen, mut last, mut is_sorted) = (0_u64, None::<&Standing>, true);
        let mut foreign = false;
        for node in element.content().filter(|node| is_content(*node)) {
            let Some(child) = self.own(node, shape.foreign, true) else {
                foreign |= node.element().is_some();
                continue;
            };
            let (_, name) = child.name();
            let Some(number) = shape.element(name) else {
                self.unknown(child, shape.names(false), shape);
                continue;
            };
            let standing = &shape.fields[number];
            if let Some(before) = last.filter(|last| last.sequence > standing.sequence) {
                is_sorted = false;
                if !shape.any_order {
                    self.problems.order(node, name, &before.name);
                }
            } else if std::mem::take(&mut foreign) {
                self.problems.after_foreign(node, name);
            } else {
                last = Some(standing);
            }
            if seen & 1 << number != 0 && !standing.is_repeated {
                if !standing.is_many {
                    self.problems.twice(node, name);
                }
                self.lose(node, "the element is there already, and there can be one");
                continue;
            }
            seen |= 1 << number;
            self.found.push((number, child));
        }
        if !is_sorted {
            self.found.sort_by_key(|(number, _)| shape.fields[*number].sequence);
        }
    }

    /// Puts what was found on the list of what is to be read.
    fn open_fields(&mut self, fields: &'static Fields, shape: &'static Shape) {
        self.open.push(Task::End);
        let mut found = std::mem::take(&mut self.found);
        while let Some((number, child)) = found.pop() {
            let field = Some(Field { shape, number });
            let Some(item) =
                self.item(fields.own[number].r#type).filter(|_| shape.fields[number].is_repeated)
            else {
                self.open.push(Task::Content(child, fields.own[number].r#type, field));
                self.open.push(Task::Name(&fields.own[number].name, start(child.node())));
                for (lent, name) in shape.lent(number) {
                    if let Some(attribute) = child.attribute(name) {
                        self.open.push(Task::Attribute(attribute, fields.own[lent].r#type));
                        self.open.push(Task::Name(&fields.own[lent].name, start(attribute.node())));
                    } else if shape.fields[lent].in_json {
                        self.problems.missing(child.node(), name);
                    }
                }
                continue;
            };
            let task = |child| {
                if shape.fields[number].is_reference {
                    Task::Reference(child, item, field)
                } else {
                    Task::Content(child, item, field)
                }
            };
            self.open.push(Task::End);
            let mut first = child;
            self.open.push(task(child));
            while let Some((_, before)) = found.pop_if(|(before, _)| *before == number) {
                first = before;
                self.open.push(task(before));
            }
            self.open.push(Task::Array(start(first.node())));
            self.open.push(Task::Name(&fields.own[number].name, start(first.node())));
        }
        self.found = found;
    }

    /// The type of the items of a list, or of the case of a choice that is a list.
    fn item(&self, r#type: TypeId) -> Option<TypeId> {
        match self.table.get(r#type) {
            Type::List(list) => Some(list.item),
            Type::Choice(cases) => cases
                .iter()
                .find(|case| matches!(case.test, Test::Array))
                .and_then(|case| self.item(case.r#type)),
            _ => None,
        }
    }
}

/// Whether a node inside an element is an element or text, and not layout.
pub(super) fn is_content(node: Node<'_>) -> bool {
    match node.kind() {
        xml::Kind::Element | xml::Kind::Cdata => true,
        xml::Kind::Text => !node.is_blank(),
        _ => false,
    }
}

pub(super) fn start(node: Node<'_>) -> u32 {
    // No text is longer than 4 GiB.
    u32::try_from(node.span().start).unwrap_or(u32::MAX)
}

/// Namespaces of CycloneDX begin so; the version follows.
pub(in crate::sbom::grammar) const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";
pub(super) const BOM_REF: &str = "bom-ref";
const REF: &str = "ref";

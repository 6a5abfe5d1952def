//! The items of lists and the cases of choices, found in the elements that hold them.

use super::super::notation::Test;
use super::super::table::{Case, List, Type, TypeId, find};
use super::read::{Field, Reader, Task, is_content, start};
use super::shape::Shape;
use super::words::{Attributes, Foreign, Items};
use crate::xml::Element;

impl<'x> Reader<'x, '_, '_> {
    pub(super) fn list(&mut self, element: Element<'x>, list: &'static List) {
        for attribute in element.attributes() {
            self.foreign_attribute(attribute, list.xml.foreign.attributes, None);
        }
        self.builder.array(start(element.node()));
        self.open.push(Task::End);
        let from = self.open.len();
        // The name of the first item.
        let mut first = None;
        for node in element.content().filter(|node| is_content(*node)) {
            let Some(child) = self.own(node, list.xml.foreign, first.is_some()) else { continue };
            let (_, name) = child.name();
            let is_item = match &list.xml.items {
                Items::Named(item) if item == name => self.items(child, list),
                Items::Own => self.own_item(child, list.item),
                _ => match list.xml.or.as_ref().filter(|(other, _)| other == name) {
                    Some((_, r#type)) => {
                        self.open.push(Task::Decide(*r#type));
                        self.open.push(Task::Content(child, *r#type, None));
                        true
                    }
                    None => false,
                },
            };
            if !is_item {
                let known: Vec<&str> = self.item_names(list);
                self.unknown(child, known.into_iter(), &Shape::default());
            } else if list.xml.or.is_some() && first.is_some_and(|first| first != name) {
                self.problems.mixed(node, name, first.unwrap_or_default());
            }
            first = first.or(is_item.then_some(name));
        }
        self.open[from..].reverse();
    }

    /// The items that an element is: itself, and in a nested list those in it.
    pub(super) fn items(&mut self, element: Element<'x>, list: &'static List) -> bool {
        if list.xml.is_reference {
            self.open.push(Task::Reference(element, list.item, None));
            return true;
        }
        let mut open = vec![element];
        while let Some(item) = open.pop() {
            self.open.push(Task::Content(item, list.item, None));
            if list.xml.is_nested {
                let from = open.len();
                let inside = item.children().filter(|child| child.name() == element.name());
                open.extend(inside.filter(|child| child.children().next().is_some()));
                open[from..].reverse();
            }
        }
        true
    }

    /// An item that is the element of its case, or of the one field that it has.
    pub(super) fn own_item(&mut self, element: Element<'x>, r#type: TypeId) -> bool {
        let (_, name) = element.name();
        match self.table.get(r#type) {
            Type::Object(fields) => {
                let Some(shape) = &fields.xml else { return false };
                let Some(number) = shape.element(name) else { return false };
                let at = start(element.node());
                // The list is reversed when it is whole.
                self.open.push(Task::Object(at));
                self.open.push(Task::Name(&fields.own[number].name, at));
                self.open.push(Task::Content(
                    element,
                    fields.own[number].r#type,
                    Some(Field { shape, number }),
                ));
                self.open.push(Task::End);
                true
            }
            Type::Choice(cases) => {
                if let Some(case) = cases.iter().find(|case| case.element.as_deref() == Some(name)) {
                    self.open.push(Task::Decide(case.r#type));
                    self.open.push(Task::Content(element, case.r#type, None));
                    return true;
                }
                let rest = cases.iter().filter(|case| case.element.is_none());
                rest.map(|case| case.r#type).any(|case| self.own_item(element, case))
            }
            _ => false,
        }
    }

    /// What may stand in the element of a list.
    pub(super) fn item_names(&self, list: &'static List) -> Vec<&'static str> {
        let or = list.xml.or.iter().map(|(name, _)| name.as_str());
        match (&list.xml.items, self.table.get(list.item)) {
            (Items::Named(name), _) => or.chain([name.as_str()]).collect(),
            (_, Type::Choice(cases)) => cases.iter().filter_map(|case| case.element.as_deref()).collect(),
            (_, Type::Object(fields)) => fields.xml.iter().flat_map(|shape| shape.names(false)).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn choice(&mut self, element: Element<'x>, cases: &'static [Case], field: Option<Field>) {
        if cases.iter().any(|case| case.element.is_some()) {
            return self.case_inside(element, cases);
        }
        match cases.iter().find(|case| self.holds(case, element)) {
            Some(case) => self.content(element, case.r#type, field),
            None => self.leaf(element, self.table.root, field),
        }
    }

    /// A choice whose case is the one element in it.
    pub(super) fn case_inside(&mut self, element: Element<'x>, cases: &'static [Case]) {
        for attribute in element.attributes() {
            self.foreign_attribute(attribute, Attributes::Own, None);
        }
        let mut taken = None;
        for node in element.content().filter(|node| is_content(*node)) {
            let Some(child) = self.own(node, Foreign::default(), false) else { continue };
            let (_, name) = child.name();
            let names = || cases.iter().filter_map(|case| case.element.as_deref());
            let Some(case) = cases.iter().find(|case| case.element.as_deref() == Some(name)) else {
                self.unknown(child, names(), &Shape::default());
                continue;
            };
            if taken.is_some() {
                self.problems.twice(node, name);
                self.lose(node, "the element is there already, and there can be one");
                continue;
            }
            taken = Some((child, case.r#type));
        }
        if let Some((child, r#type)) = taken {
            self.decide(r#type);
            self.content(child, r#type, None);
        } else {
            self.builder.object(start(element.node()));
            self.builder.end();
        }
    }

    pub(super) fn holds(&self, case: &'static Case, element: Element<'x>) -> bool {
        let fields = match self.table.get(case.r#type) {
            Type::Object(fields) => fields.xml.as_ref().map(|shape| (fields, shape)),
            _ => None,
        };
        match &case.test {
            Test::Array => match self.table.get(case.r#type) {
                Type::List(list) => {
                    let mut children =
                        element.children().filter(|child| child.name().0 == Some(self.namespace));
                    children
                        .next()
                        .is_none_or(|child| list.xml.items == Items::Named(child.name().1.to_owned()))
                }
                _ => false,
            },
            Test::Text => element.children().next().is_none() && !element.text().is_empty(),
            Test::Has(names) => names.iter().any(|name| {
                let label = fields
                    .and_then(|(fields, shape)| Some(shape.label(find(&fields.own, name)?)))
                    .unwrap_or(name);
                element.attribute(label).is_some() || element.children().any(|child| child.name().1 == label)
            }),
            Test::Is(name, content) => {
                element.attribute(name).is_some_and(|own| own.value() == content.as_str())
            }
            Test::Else => true,
        }
    }
}

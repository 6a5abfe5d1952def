//! The walk: each value meets the type that the grammar has for its place.

use super::form;
use super::mark::Mark;
use super::nearest::nearest;
use super::notation::Test;
use super::problem::Problems;
use super::table::{Check, Enum, Fields, List, ObjectRule, Openness, Table, Text, Type, TypeId, find, order};
use super::unique;
use super::xml::{Decided, Shape};
use crate::document::{Document, Kind, Value};

/// Walks the whole document, and gives what has a meaning. `decided` says which case a value is where its text said so
/// and the value does not.
pub(super) fn walk(
    document: &Document,
    table: &Table,
    decided: &Decided,
    problems: &mut Problems<'_>,
) -> Vec<(Mark, u32)> {
    let open = vec![(document.root().id(), table.root)];
    let mut walk = Walk { table, decided, problems, open, marks: Vec::new() };
    while let Some((node, r#type)) = walk.open.pop() {
        walk.meet(document.value(node), r#type);
    }
    walk.marks
}

struct Walk<'a, 'p> {
    table: &'a Table,
    decided: &'a Decided,
    problems: &'a mut Problems<'p>,
    /// Values still to be met. No recursion: the depth of a document costs no stack.
    open: Vec<(u32, TypeId)>,
    marks: Vec<(Mark, u32)>,
}

impl Walk<'_, '_> {
    fn meet(&mut self, value: Value<'_>, r#type: TypeId) {
        let table = self.table;
        let r#type = self.decided.get(&value.id()).copied().unwrap_or(r#type);
        match table.get(r#type) {
            Type::Any => {}
            Type::Bool => self.expect(value, Kind::Bool),
            Type::Number { integer, min, max } => self.number(value, *integer, *min, *max),
            Type::Text(text) => self.text(value, text),
            Type::Constant(expected) => {
                if !value.is(expected) {
                    self.problems.constant(value, expected);
                }
            }
            Type::Enum(values) => self.one_of(value, values),
            Type::List(list) => self.list(value, list),
            Type::Object(fields) => self.object(value, fields),
            Type::Kinds(kinds) => self.kind(value, kinds),
            Type::Link(link) if value.kind() == Kind::String => {
                let before = self.marks.len();
                self.meet(value, link.id);
                // The id is known to be one: the rules want to know of what.
                if let Some(mark) = self.marks.get_mut(before).filter(|(mark, _)| *mark == Mark::Refers) {
                    mark.0 = Mark::RefersTo(link.class);
                }
            }
            Type::Link(link) => self.open.push((value.id(), link.object)),
            Type::Choice(cases) => match cases.iter().find(|case| holds(&case.test, value)) {
                Some(case) => self.open.push((value.id(), case.r#type)),
                None => self.problems.no_case(value, cases),
            },
        }
    }

    fn expect(&mut self, value: Value<'_>, kind: Kind) {
        if value.kind() != kind {
            self.problems.kind(value, kind.name());
        }
    }

    fn number(&mut self, value: Value<'_>, integer: bool, min: Option<f64>, max: Option<f64>) {
        let Some(number) = value.as_f64() else {
            self.problems.kind(value, if integer { "a whole number" } else { "a number" });
            return;
        };
        if integer && number.fract() != 0.0 {
            self.problems.kind(value, "a whole number");
        } else if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
            self.problems.range(value, min, max);
        }
    }

    fn text(&mut self, value: Value<'_>, text: &Text) {
        if value.kind() != Kind::String {
            self.problems.kind(value, "a string");
            return;
        }
        if let Some(mark) = text.mark {
            self.marks.push((mark, value.id()));
        }
        if text.rules.is_empty() {
            return;
        }
        let content = value.as_str().unwrap_or_default();
        for check in &text.rules {
            if !keeps(&content, check) {
                self.problems.text(value, &content, check);
                return;
            }
        }
    }

    fn one_of(&mut self, value: Value<'_>, r#enum: &Enum) {
        let Some(content) = value.as_str() else {
            self.problems.kind(value, "a string");
            return;
        };
        if r#enum.values.binary_search_by(|known| order(known, &content)).is_ok() {
            return;
        }
        if let Some(Type::Text(text)) = r#enum.or.map(|or| self.table.get(or))
            && text.rules.iter().all(|check| keeps(&content, check))
        {
            return;
        }
        self.problems.value(value, &content, r#enum);
    }

    fn list(&mut self, value: Value<'_>, list: &List) {
        if value.kind() != Kind::Array {
            self.problems.kind(value, "an array");
            return;
        }
        let start = self.open.len();
        self.open.extend(value.elements().map(|element| (element.id(), list.item)));
        let count = self.open.len() - start;
        // The last one pushed is met first: findings come in the order of the document.
        self.open[start..].reverse();
        if count < list.min {
            self.problems.count(value, list.min);
        }
        if count > list.max {
            self.problems.most(value, list.max);
        }
        if list.unique {
            for duplicate in unique::duplicates(value) {
                self.problems.duplicate(duplicate);
            }
        }
        if let Some(field) = list.sole.as_deref().filter(|_| count > 1)
            && let Some(element) = value.elements().find(|element| element.get(field).is_some())
        {
            self.problems.not_alone(element, field);
        }
        if list.uniform {
            let mut elements = value.elements();
            if let Some(first) = elements.next()
                && let Some(other) = elements.find(|other| other.kind() != first.kind())
            {
                self.problems.kind(other, first.kind().name());
            }
        }
    }

    fn object(&mut self, value: Value<'_>, fields: &Fields) {
        if value.kind() != Kind::Object {
            self.problems.kind(value, "an object");
            return;
        }
        if let Some(mark) = fields.mark {
            self.marks.push((mark, value.id()));
        }
        let start = self.open.len();
        let mut seen = 0_u64;
        let outer = if value.id() == 0 { self.table.outer.as_slice() } else { &[] };
        for (name, required) in outer.iter().map(|(field, required)| (&field.name, required)) {
            if *required && value.get(name).is_none() {
                self.problems.missing(value, name);
            }
        }
        for (name, member) in value.members() {
            if let Some((field, _)) = outer.iter().find(|(field, _)| field.name == name) {
                self.open.push((member.id(), field.r#type));
            } else if let Some(index) = find(&fields.own, &name) {
                seen |= 1 << index;
                self.open.push((member.id(), fields.own[index].r#type));
            } else if fields.openness != Openness::Open {
                self.unknown(&name, member, fields);
            }
        }
        self.open[start..].reverse();
        let mut missing = fields.required & !seen;
        let excused = fields.xml.as_ref().filter(|shape| shape.excuses(seen));
        missing &= !excused.map_or(0, Shape::mask);
        while missing != 0 {
            let index = missing.trailing_zeros() as usize;
            let own = || fields.own[index].name.as_str();
            self.problems.missing(value, fields.xml.as_ref().map_or_else(own, |shape| shape.label(index)));
            missing &= missing - 1;
        }
        if excused.is_some() {
            return;
        }
        for rule in &fields.rules {
            self.rule(value, fields, rule, seen);
        }
    }

    /// An object that says itself what it is.
    fn kind(&mut self, value: Value<'_>, kinds: &[(String, TypeId)]) {
        if value.kind() != Kind::Object {
            self.problems.kind(value, "an object");
            return;
        }
        let Some(named) = value.get(CLASS) else {
            self.problems.missing(value, CLASS);
            return;
        };
        let Some(name) = named.as_str() else {
            self.problems.kind(named, "a string");
            return;
        };
        match kinds.binary_search_by(|(known, _)| order(known, &name)) {
            Ok(index) => self.open.push((value.id(), kinds[index].1)),
            Err(_) => self.problems.class(named, &name, kinds),
        }
    }

    fn unknown(&mut self, name: &str, member: Value<'_>, fields: &Fields) {
        let tolerated = fields.openness == Openness::Tolerated;
        if let Some((_, range)) = fields.others.iter().find(|(other, _)| other == name) {
            self.problems.other_version(member, name, *range, tolerated);
        } else {
            let known = fields.own.iter().map(|field| field.name.as_str());
            self.problems.unknown(member, name, tolerated, || nearest(name, known));
        }
    }

    fn rule(&mut self, value: Value<'_>, fields: &Fields, rule: &ObjectRule, seen: u64) {
        let names = |mask: u64| {
            fields
                .own
                .iter()
                .enumerate()
                .filter(|(index, _)| mask & 1 << index != 0)
                .map(|(_, field)| format!("`{}`", field.name))
                .collect::<Vec<_>>()
        };
        match rule {
            ObjectRule::OneOf(groups) => {
                let there = groups.iter().filter(|&&group| seen & group == group).count();
                if there != 1 {
                    let groups: Vec<String> =
                        groups.iter().map(|&group| names(group).join(" with ")).collect();
                    self.problems.alternatives(value, &groups, there);
                }
            }
            ObjectRule::MostOne(mask) if (seen & mask).count_ones() > 1 => {
                self.problems.alternatives(value, &names(seen & *mask), (seen & mask).count_ones() as usize);
            }
            ObjectRule::SomeOf(mask) if seen & mask == 0 => {
                self.problems.none_of(value, &names(*mask));
            }
            ObjectRule::NotBoth(mask) if seen & mask == *mask => {
                self.problems.together(value, &names(*mask));
            }
            ObjectRule::NeedsTrue(mask, other)
                if seen & mask != 0
                    && value.get(other).is_none_or(|other| other.as_bool() == Some(false)) =>
            {
                self.problems.needs_true(value, &names(*mask).concat(), other);
            }
            _ => {}
        }
    }
}

/// The field in which an object says what it is.
const CLASS: &str = "type";

/// Whether a value is of a case.
pub(super) fn holds(test: &Test, value: Value<'_>) -> bool {
    match test {
        Test::Array => value.kind() == Kind::Array,
        Test::Text => value.kind() == Kind::String,
        Test::Has(names) => names.iter().any(|name| value.get(name).is_some()),
        Test::Is(name, content) => value.get(name).is_some_and(|member| member.is(content)),
        Test::Else => true,
    }
}

pub(super) fn keeps(text: &str, check: &Check) -> bool {
    match check {
        Check::OneLine => !text.contains('\n'),
        Check::Iri => form::is_iri_reference(text),
        Check::Uri => form::is_uri(text),
        Check::Email => form::is_email(text),
        Check::Time => form::is_time(text),
        Check::Date => form::is_date(text),
        Check::SpdxId => form::is_spdx_id(text),
        Check::AnyUri => form::is_any_uri(text),
        Check::XmlTime => form::is_xml_time(text),
        Check::XmlDate => form::is_xml_date(text),
        Check::Min(least) => text.chars().take(*least).count() == *least,
        Check::Max(most) => text.len() <= *most || text.chars().nth(*most).is_none(),
        Check::Like(pattern) => pattern.is_match(text),
    }
}

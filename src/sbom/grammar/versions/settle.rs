//! The way back up: what is left of each object and list must be right as a whole.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use super::super::table::{Field, Fields, List, ObjectRule, Openness, Type, find};
use super::plan::State;
use super::{Change, Shape, Side, Visit};
use crate::document::{Document, Kind, Limits, Value};

impl<'d> Change<'d, '_> {
    /// Everything inside has been settled before.
    pub(super) fn settle(&mut self, visit: &Visit<'d>) {
        if self.plan.is_dropped(visit.value) {
            return;
        }
        match (visit.shape, self.target.get(visit.target)) {
            (Shape::Tools, _) => self.settle_tools(visit.value, visit.target),
            (Shape::Identity, _) => self.settle_identity(visit.value),
            (Shape::Authors, _) => self.settle_authors(visit.value),
            (Shape::Plain, Type::List(list)) => self.settle_list(visit, list),
            (Shape::Plain, Type::Object(fields)) => self.settle_object(visit, fields),
            (Shape::Plain, _) => {}
        }
    }

    fn settle_list(&mut self, visit: &Visit<'d>, list: &'static List) {
        let value = visit.value;
        let source = match visit.side {
            Side::Typed(r#type) => match self.source.get(r#type) {
                Type::List(list) => Some(list),
                _ => None,
            },
            Side::Free => None,
        };
        if list.uniform && source.is_none_or(|source| !source.uniform) {
            self.make_uniform(value);
        }
        let is_changed = value.elements().any(|element| !self.plan.is_kept(element, false));
        if list.unique && (is_changed || source.is_none_or(|source| !source.unique)) {
            self.drop_duplicates(value);
        }
        let (mut count, mut left) = (0, 0);
        for element in value.elements() {
            count += 1;
            left += usize::from(!self.plan.is_dropped(element));
        }
        if (count > 0 && left == 0) || (left < list.min && (count >= list.min || source.is_none())) {
            return self.lose_with(value);
        }
        if let Some(field) = &list.sole
            && left > 1
            && source.is_none_or(|source| source.sole.is_none())
        {
            self.settle_licences(value, field);
        }
        if value.elements().any(|element| !self.plan.is_kept(element, false)) {
            self.plan.open(value);
        }
    }

    /// Elements of another JSON type than the first go.
    fn make_uniform(&mut self, list: Value<'d>) {
        let mut kind = None;
        for element in list.elements() {
            if !self.plan.is_dropped(element) && *kind.get_or_insert(element.kind()) != element.kind() {
                let reason = self.no_place();
                self.lose(element, reason);
            }
        }
    }

    /// Elements that say the same as an earlier one, now that something of them has gone.
    fn drop_duplicates(&mut self, list: Value<'d>) {
        let left: Vec<Value<'d>> =
            list.elements().filter(|element| !self.plan.is_dropped(*element)).collect();
        if left.len() < 2 {
            return;
        }
        // Whatever is equal has the same print; only elements with the same print are written out and compared.
        let state = RandomState::new();
        let mut first: HashMap<u64, Value<'d>> = HashMap::with_capacity(left.len());
        let mut alike: HashMap<u64, HashSet<Vec<u8>>> = HashMap::new();
        for element in left {
            let print = self.print(element, &state);
            let Some(earlier) = first.get(&print) else {
                first.insert(print, element);
                continue;
            };
            let earlier = *earlier;
            let seen = alike.entry(print).or_insert_with(|| HashSet::from([self.said(earlier)]));
            if !seen.insert(self.said(element)) {
                let reason = format!("an earlier element says the same in {}", self.to.version());
                self.lose(element, reason.into());
            }
        }
    }

    /// A number that elements share which say the same.
    fn print(&self, element: Value<'d>, state: &RandomState) -> u64 {
        if element.kind() != Kind::Object {
            return state.hash_one(self.content(element));
        }
        let names = ["bom-ref", "ref", "name", "uid", "version", "purl"];
        let members = names.map(|name| element.get(name).and_then(|member| self.content(member)));
        state.hash_one(members)
    }

    /// The text that a string will have.
    fn content(&self, value: Value<'d>) -> Option<String> {
        match self.plan.state(value) {
            State::Dropped => None,
            State::Replaced => serde_json::from_slice(&self.plan.text_of(value)).ok(),
            State::Kept | State::Inside => value.as_str().map(std::borrow::Cow::into_owned),
        }
    }

    /// What an element will say, in one spelling.
    fn said(&self, element: Value<'d>) -> Vec<u8> {
        let text = self.plan.text_of(element);
        Document::parse(text.clone(), &Limits::default()).map_or(text, |said| said.root().canonical())
    }

    fn settle_object(&mut self, visit: &Visit<'d>, fields: &'static Fields) {
        let value = visit.value;
        let source = self.source_fields(visit.side);
        self.settle_moved(value);
        let mut tally = self.tally(value, fields);
        if tally.count > 0 && tally.left == 0 && !self.plan.gains(value) {
            return self.lose_with(value);
        }
        // Fields that the older version let in without a word are the first to go where a whole does not fit.
        if source.is_none_or(|source| source.openness == Openness::Tolerated) {
            for (name, member) in value.members() {
                let is_guest = source.is_none_or(|source| find(&source.own, &name).is_none());
                let in_rule = find(&fields.own, &name)
                    .is_some_and(|index| fields.rules.iter().any(|rule| excludes(rule) & 1 << index != 0));
                if is_guest && in_rule && !self.keeps_rules(value, fields, tally.after, false) {
                    let reason = self.no_place();
                    self.lose(member, reason);
                    tally = self.tally(value, fields);
                }
            }
        }
        let mut missing = fields.required & !tally.after;
        while missing != 0 {
            let index = missing.trailing_zeros() as usize;
            missing &= missing - 1;
            if !self.supply(value, source, visit.side, &fields.own[index]) {
                return self.lose_with(value);
            }
        }
        let was_right = visit.side == Side::Free || self.keeps_rules(value, fields, tally.before, true);
        if was_right && !self.keeps_rules(value, fields, tally.after, true) {
            return self.lose_with(value);
        }
        if self.plan.gains(value) || value.members().any(|(_, member)| !self.plan.is_kept(member, true)) {
            self.break_signature(value);
            self.plan.open(value);
        }
    }

    fn tally(&self, value: Value<'d>, fields: &Fields) -> Tally {
        let mut tally = Tally::default();
        for (name, member) in value.members() {
            let bit = find(&fields.own, &name).map_or(0, |index| 1 << index);
            tally.count += 1;
            tally.before |= bit;
            if !self.plan.is_dropped(member) {
                tally.left += 1;
                tally.after |= bit;
            }
        }
        tally
    }

    /// Gives an object a field that it needs and the source version did not ask for. False where that cannot be: one
    /// that was there had to go, or nothing can be said in its place.
    fn supply(
        &mut self,
        object: Value<'d>,
        source: Option<&Fields>,
        side: Side,
        field: &'static Field,
    ) -> bool {
        if self.plan.adds(object, &field.name) {
            return true;
        }
        if object.get(&field.name).is_some() || side == Side::Free {
            return false;
        }
        let was_asked_for = source.is_some_and(|source| {
            find(&source.own, &field.name).is_some_and(|index| source.required & 1 << index != 0)
        });
        if was_asked_for {
            // It was missing before, and is.
            return true;
        }
        let (text, what) = match self.target.get(field.r#type) {
            Type::Text(_) => ("\"\"", "an empty one"),
            Type::Number { .. } => ("1", "1"),
            _ => return false,
        };
        let to = self.to.version();
        let reason = self.reason("supplied", &field.name, || {
            format!("`{}` must be there in {to}, so that {what} was added", field.name)
        });
        self.plan.add(object, &field.name, text.into());
        self.ledger.added(object, reason);
        true
    }

    /// Whether the fields of an object go together.
    fn keeps_rules(&self, object: Value<'d>, fields: &Fields, seen: u64, whole: bool) -> bool {
        fields.rules.iter().all(|rule| match rule {
            ObjectRule::OneOf(groups) => {
                let there = groups.iter().filter(|&&group| seen & group == group).count();
                if whole { there == 1 } else { there < 2 }
            }
            ObjectRule::MostOne(mask) => (seen & mask).count_ones() < 2,
            ObjectRule::SomeOf(mask) => !whole || seen & mask != 0,
            ObjectRule::NotBoth(mask) => seen & mask != *mask,
            ObjectRule::NeedsTrue(mask, other) => {
                let is_true = object
                    .get(other)
                    .filter(|other| !self.plan.is_dropped(*other))
                    .is_some_and(|other| other.as_bool() != Some(false));
                seen & mask == 0 || is_true
            }
        })
    }

    /// A container goes because of what went inside it.
    pub(super) fn lose_with(&mut self, value: Value<'d>) {
        let inside = value.elements().chain(value.members().map(|(_, member)| member));
        let reason = inside
            .filter(|inner| self.plan.is_dropped(*inner))
            .find_map(|inner| self.ledger.reason(inner).cloned())
            .unwrap_or_else(|| self.no_place());
        self.lose(value, reason);
    }
}

/// The fields of a rule that can be too many together.
fn excludes(rule: &ObjectRule) -> u64 {
    match rule {
        ObjectRule::OneOf(groups) => groups.iter().fold(0, |all, group| all | group),
        ObjectRule::SomeOf(_) => 0,
        ObjectRule::MostOne(mask) | ObjectRule::NotBoth(mask) | ObjectRule::NeedsTrue(mask, _) => *mask,
    }
}

/// The members of an object: how many there are and how many stay, and which fields those are.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    count: usize,
    left: usize,
    before: u64,
    after: u64,
}

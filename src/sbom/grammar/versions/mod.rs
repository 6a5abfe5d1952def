//! From one version of a language to another: the grammars of both are walked side by side.
//!
//! What both versions have alike stays byte for byte. What the other does not have is put another way where the
//! specification says which, else it goes; either is said, with its reason. A value that was valid stays valid; what
//! made a document invalid before may stay as it is.
//!
//! Three steps, each linear in the document and without recursion: [`meet`](Change::meet) goes down and judges each
//! value by itself; [`settle`](Change::settle) comes back up and judges what is left of each object and list;
//! the [plan](plan::Plan) writes the text.

mod alike;
mod fit;
#[cfg(test)]
mod laws;
mod meet;
mod plan;
mod settle;
mod shapes;
mod signatures;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;

use self::alike::Alike;
use self::plan::Plan;
use super::Dialect;
use super::table::{Fields, Table, Type, TypeId};
use crate::document::{Document, Value};
use crate::sbom::convert::Ledger;

/// The text of a document in another version of its language. The ledger is told what becomes of every value.
pub(crate) fn change<'d>(
    document: &'d Document,
    from: Dialect,
    to: Dialect,
    ledger: &mut Ledger<'d>,
) -> Vec<u8> {
    let mut change = Change {
        document,
        from,
        to,
        source: from.table(),
        target: to.table(),
        alike: Alike::new(from.table(), to.table()),
        ledger,
        plan: Plan::new(document),
        visits: Vec::new(),
        open: vec![(document.root(), Side::Typed(from.table().root), to.table().root)],
        moved: None,
        moved_text: None,
        reasons: HashMap::new(),
    };
    while let Some((value, side, r#type)) = change.open.pop() {
        change.meet(value, side, r#type);
    }
    while let Some(visit) = change.visits.pop() {
        change.settle(&visit);
    }
    change.ledger.mapped(document.root());
    change.plan.finish()
}

struct Change<'d, 'l> {
    document: &'d Document,
    from: Dialect,
    to: Dialect,
    source: &'static Table,
    target: &'static Table,
    alike: Alike,
    ledger: &'l mut Ledger<'d>,
    plan: Plan<'d>,
    /// Containers that were met, each before what is inside it.
    visits: Vec<Visit<'d>>,
    /// What is still to be met.
    open: Vec<(Value<'d>, Side, TypeId)>,
    /// The manufacturer of the product, where the other version has it in the metadata.
    moved: Option<Value<'d>>,
    moved_text: Option<Vec<u8>>,
    /// Reasons that were made before, by what they speak of.
    reasons: HashMap<(&'static str, String), Cow<'static, str>>,
}

/// A container and what each version says about it.
struct Visit<'d> {
    value: Value<'d>,
    side: Side,
    target: TypeId,
    shape: Shape,
}

/// What the source version says about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// It has a type.
    Typed(TypeId),
    /// Anything is right, so that nothing in it is wrong before the conversion.
    Free,
}

/// What is to be done with a container when everything in it is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Nothing but what the grammar says.
    Plain,
    /// Components and services that become a list of tools.
    Tools,
    /// Identities of which one is left.
    Identity,
    /// People who become one text.
    Authors,
}

impl<'d> Change<'d, '_> {
    /// A value goes, and everything in it. The outermost one cannot.
    fn lose(&mut self, value: Value<'d>, reason: Cow<'static, str>) {
        if value != self.document.root() {
            self.plan.drop(value);
            self.ledger.lost(value, reason);
        }
    }

    /// Something stands in the place of a value.
    fn put(&mut self, value: Value<'d>, text: Vec<u8>, reason: Cow<'static, str>) {
        self.plan.replace(value, text);
        self.ledger.changed(value, reason);
    }

    /// The fields that a type has in the target version; it is one that has.
    fn fields(&self, r#type: TypeId) -> Option<&'static Fields> {
        match self.target.get(r#type) {
            Type::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The fields that the source version has for what a side speaks of.
    fn source_fields(&self, side: Side) -> Option<&'static Fields> {
        match side {
            Side::Typed(r#type) => match self.source.get(r#type) {
                Type::Object(fields) => Some(fields),
                _ => None,
            },
            Side::Free => None,
        }
    }

    /// A reason that speaks of a name; made once for each.
    fn reason(&mut self, kind: &'static str, name: &str, make: impl FnOnce() -> String) -> Cow<'static, str> {
        if let Some(known) = self.reasons.get(&(kind, name.to_owned())) {
            return known.clone();
        }
        let reason: Cow<'static, str> = make().into();
        self.reasons.insert((kind, name.to_owned()), reason.clone());
        reason
    }
}

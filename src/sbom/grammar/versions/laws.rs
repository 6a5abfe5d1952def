//! Laws on documents that the grammar itself makes up: what is lowered or lifted is valid, and its account is the whole
//! difference.

use serde_json::{Map, Value, json};

use super::super::table::{Fields, ObjectRule, Table, Text, Type, TypeId, find};
use super::super::walk::keeps;
use super::change;
use crate::document::{Document, Limits};
use crate::sbom::SpecVersion;
use crate::sbom::convert::accounts::Accounts;
use crate::sbom::convert::{Fate, Ledger};
use crate::sbom::grammar::check;

#[test]
fn every_document_is_valid_in_every_version_and_accounted_for() {
    let (mut valid, mut whole) = (0, 0);
    for (seed, from) in (0..DOCUMENTS).flat_map(|seed| SpecVersion::ALL.map(|from| (seed, from))) {
        let before = made(from, seed);
        for to in SpecVersion::ALL {
            let (was_valid, is_whole) = tried(&before, from, to);
            valid += u32::from(was_valid);
            whole += u32::from(is_whole);
        }
    }
    assert!(valid > 400 && whole > 100, "too few documents tell something: {valid} valid, {whole} whole");
}

fn tried(before: &Value, from: SpecVersion, to: SpecVersion) -> (bool, bool) {
    let parse = |text: &[u8]| Document::parse(text.to_vec(), &Limits::default()).unwrap();
    let lower = |value: &Value, from: SpecVersion, to: SpecVersion| {
        let document = parse(&serde_json::to_vec(value).unwrap());
        let mut ledger = Ledger::new(&document);
        let bytes = change(&document, from.into(), to.into(), &mut ledger);
        (bytes, ledger.account())
    };
    let (bytes, account) = lower(before, from, to);
    let after: Value = serde_json::from_slice(&bytes).unwrap();
    let was_valid = check(&parse(&serde_json::to_vec(before).unwrap()), from.into(), "").valid;
    let checked = check(&parse(&bytes), to.into(), "");
    let told = || format!("{from} to {to}\n{before:#}\n{after:#}\n{:#?}", account.losses);
    assert!(!was_valid || checked.valid, "{:#?}\n{}", checked.findings, told());
    if let Err(problem) = Accounts::of(&account).compare(before, &after) {
        panic!("{problem}\n{}", told());
    }
    let is_head = |pointer: &str| matches!(pointer, "/specVersion" | "/$schema");
    let is_whole = account
        .losses
        .iter()
        .all(|loss| loss.fate == Fate::Mapped && (loss.reason.is_empty() || is_head(&loss.pointer)));
    if is_whole && was_valid {
        let (back, _) = lower(&after, to, from);
        assert_eq!(serde_json::from_slice::<Value>(&back).unwrap(), *before, "{}", told());
    }
    (was_valid, is_whole && was_valid && from != to)
}

/// A document of a version, the same for the same seed.
fn made(version: SpecVersion, seed: u64) -> Value {
    let table = super::Dialect::from(version).table();
    let mut maker =
        Maker { table, random: (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ version as u64, left: NODES };
    let mut document = maker.value(table.root, 0);
    document["specVersion"] = version.name().into();
    document.as_object_mut().unwrap().remove("$schema");
    document
}

struct Maker {
    table: &'static Table,
    random: u64,
    left: u32,
}

impl Maker {
    fn below(&mut self, limit: usize) -> usize {
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        usize::try_from(self.random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40).unwrap() % limit
    }

    fn value(&mut self, r#type: TypeId, depth: usize) -> Value {
        let table = self.table;
        self.left = self.left.saturating_sub(1);
        match table.get(r#type) {
            Type::Any | Type::Kinds(_) | Type::Link(_) => json!("any"),
            Type::Bool => (self.below(2) == 0).into(),
            Type::Number { integer, min, max } => {
                let samples: [f64; 5] = [-1.0, 0.0, 0.25, 1.0, 2.0];
                let good: Vec<f64> = samples
                    .into_iter()
                    .filter(|number| !integer || number.fract() == 0.0)
                    .filter(|number| {
                        min.is_none_or(|min| *number >= min) && max.is_none_or(|max| *number <= max)
                    })
                    .collect();
                good[self.below(good.len())].into()
            }
            Type::Text(text) => self.text(text),
            Type::Constant(text) => text.clone().into(),
            Type::Enum(values) => values.values[self.below(values.values.len())].clone().into(),
            Type::List(list) => {
                let most = if depth > DEEP || self.left == 0 { 1 } else { 3 };
                let count = list.min.max(self.below(most));
                (0..count).map(|_| self.value(list.item, depth + 1)).collect()
            }
            Type::Object(fields) => Value::Object(self.object(fields, depth)),
            Type::Choice(cases) => {
                let case = cases[self.below(cases.len())].r#type;
                self.value(case, depth)
            }
        }
    }

    fn text(&mut self, text: &Text) -> Value {
        let samples = [
            "",
            "a",
            "b",
            "c\nd",
            "https://a.example/x y",
            "git@a.example:b/c",
            "https://a.example/",
            "urn:x",
            "a@b.example",
            "2026-01-01T00:00:00Z",
            "2026-01-01",
            "MIT",
            "MIT OR ISC",
            "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
            "text/plain",
            "00112233445566778899aabbccddeeff",
            "en",
            "CRE:1-2",
            "DE",
        ];
        let good: Vec<&str> = samples
            .into_iter()
            .filter(|sample| text.rules.iter().all(|check| keeps(sample, check)))
            .collect();
        assert!(!good.is_empty(), "{:?}", text.rules);
        good[self.below(good.len())].into()
    }

    fn object(&mut self, fields: &'static Fields, depth: usize) -> Map<String, Value> {
        let mut made = Map::new();
        let mut wanted = fields.required;
        let rare = if depth == 0 { 2 } else { 3 };
        for index in 0..fields.own.len() {
            if depth <= DEEP && self.left > 0 && self.below(rare) == 0 {
                wanted |= 1 << index;
            }
        }
        for rule in &fields.rules {
            match rule {
                ObjectRule::OneOf(groups) => {
                    let all = groups.iter().fold(0, |all, group| all | group);
                    wanted = wanted & !all | groups[self.below(groups.len())];
                }
                ObjectRule::SomeOf(mask) => wanted |= 1 << mask.trailing_zeros(),
                ObjectRule::MostOne(mask) => wanted &= !mask | 1 << mask.trailing_zeros(),
                ObjectRule::NotBoth(mask) => wanted &= !(1 << mask.trailing_zeros()),
                ObjectRule::NeedsTrue(mask, other) => {
                    wanted &= !(1 << find(&fields.own, other).unwrap());
                    if wanted & mask != 0 {
                        made.insert(other.clone(), true.into());
                    }
                }
            }
        }
        for (index, field) in fields.own.iter().enumerate() {
            if wanted & 1 << index != 0 {
                made.insert(field.name.clone(), self.value(field.r#type, depth + 1));
            }
        }
        made
    }
}

/// Documents of each version.
const DOCUMENTS: u64 = 30;
/// Values that a document has; some more are needed to end it.
const NODES: u32 = 400;
/// From there on only what must be there is made.
const DEEP: usize = 7;

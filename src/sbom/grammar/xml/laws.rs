//! Documents made up from the grammar itself: what is written as XML is valid and reads back as it was, in every version.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::mark::Mark;
use super::super::notation::Test;
use super::super::table::{Fields, ObjectRule, Table, Text, Type, TypeId};
use super::words::{Items, Place};
use super::*;

/// Makes up values of the types of a table.
struct Inventor {
    table: &'static Table,
    seed: u64,
    refs: usize,
    /// Every type that a value was made of.
    met: BTreeSet<TypeId>,
}

impl Inventor {
    /// xorshift64*: the same seed gives the same document.
    fn below(&mut self, limit: usize) -> usize {
        self.seed ^= self.seed >> 12;
        self.seed ^= self.seed << 25;
        self.seed ^= self.seed >> 27;
        usize::try_from(self.seed.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % limit
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A value, or nothing where it would become too deep.
    fn value(&mut self, r#type: TypeId, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.met.insert(r#type);
        Some(match self.table.get(r#type) {
            Type::Bool => Value::Bool(self.below(2) == 0),
            Type::Number { integer, min, max } => {
                let numbers = if *integer { &INTEGERS[..] } else { &NUMBERS[..] };
                let fits = |number: &&f64| {
                    min.is_none_or(|min| **number >= min) && max.is_none_or(|max| **number <= max)
                };
                let fitting: Vec<f64> = numbers.iter().filter(fits).copied().collect();
                json!(self.one(&fitting))
            }
            Type::Text(text) => Value::String(self.text(text)),
            Type::Constant(text) => Value::String(text.clone()),
            Type::Enum(values) => Value::String(values.values[self.below(values.values.len())].clone()),
            Type::List(list) => {
                let count = list.min.max(1) + if list.max > 1 { self.below(2) } else { 0 };
                let mut items: Vec<Value> =
                    (0..count).filter_map(|_| self.value(list.item, depth + 1)).collect();
                // An item that is the element of its one field needs one.
                items.retain(|item| {
                    list.xml.items != Items::Own || item.as_object().is_none_or(|own| !own.is_empty())
                });
                if items.is_empty() {
                    return None;
                }
                let alone =
                    |item: &Value| list.sole.as_deref().is_some_and(|field| item.get(field).is_some());
                match items.iter().find(|item| alone(item)) {
                    Some(item) => json!([item]),
                    None => Value::Array(items),
                }
            }
            Type::Object(fields) => self.object(fields, depth)?,
            Type::Choice(cases) => {
                // A choice of a list and one item is a list when it comes back from XML.
                let array = cases.iter().find(|case| matches!(case.test, Test::Array));
                // What is made up shall tell its case.
                let value = (0..ATTEMPTS).find_map(|_| {
                    let chosen = self.below(cases.len());
                    let value = self.value(cases[chosen].r#type, depth + 1)?;
                    let is_told = cases.iter().position(|case| tells(&case.test, &value)) == Some(chosen);
                    // An empty element is an empty list where a list can be.
                    let is_told = is_told && (array.is_none() || value != json!({}));
                    is_told.then_some(value)
                })?;
                if matches!(value, Value::Object(_)) && array.is_some() && value.get("field").is_some() {
                    return Some(json!([value]));
                }
                value
            }
            Type::Any | Type::Kinds(_) | Type::Link(_) => return None,
        })
    }

    fn object(&mut self, fields: &'static Fields, depth: usize) -> Option<Value> {
        let shape = fields.xml.as_ref()?;
        let mut wanted = fields.required;
        for number in 0..fields.own.len() {
            if depth < SHALLOW && self.below(3) == 0 {
                wanted |= 1 << number;
            }
        }
        for rule in &fields.rules {
            match rule {
                ObjectRule::OneOf(groups) => {
                    let taken = self.one(groups);
                    wanted = groups.iter().fold(wanted, |wanted, group| wanted & !group) | taken;
                }
                ObjectRule::MostOne(mask) | ObjectRule::NotBoth(mask) if (wanted & mask).count_ones() > 1 => {
                    let first = 1 << (wanted & mask).trailing_zeros();
                    wanted = wanted & !mask | first;
                }
                ObjectRule::SomeOf(mask) if wanted & mask == 0 => wanted |= 1 << mask.trailing_zeros(),
                ObjectRule::NeedsTrue(mask, _) => wanted &= !mask,
                _ => {}
            }
        }
        let mut members = Map::new();
        for (number, field) in fields.own.iter().enumerate().filter(|(number, _)| wanted & 1 << number != 0) {
            let is_required = fields.required & 1 << number != 0;
            match (&shape.fields[number].place, self.value(field.r#type, depth + 1)) {
                (Place::Namespace, _) => {}
                (_, Some(value)) => {
                    members.insert(field.name.clone(), value);
                }
                (_, None) if is_required => return None,
                (_, None) => {}
            }
        }
        // An attribute of the element of another field needs that element.
        for standing in &shape.fields {
            if let Place::AttributeOf(of) = &standing.place
                && members.contains_key(&standing.name) != members.contains_key(of)
            {
                members.remove(&standing.name);
                members.remove(of);
            }
        }
        Some(Value::Object(members))
    }

    fn text(&mut self, text: &Text) -> String {
        if text.mark == Some(Mark::Defines) {
            self.refs += 1;
            return format!("ref-{}", self.refs);
        }
        let free = ["a", " b ", "", "é<&>\"']]>", "x\n\ty\r", "0", "true", "  "];
        let strict = [
            "https://a.example/x?y=%20#z",
            "2026-01-31T12:00:00Z",
            "2026-01-31",
            "MIT",
            "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
            "text/plain",
            "3942447fac867ae5cdb3229b658f4d48",
            "en-US",
            "CRE:1-2",
            "US-12",
            "US",
            "cpe:/a:b",
        ];
        let candidates: Vec<&str> = free
            .into_iter()
            .chain(strict)
            .filter(|candidate| text.rules.iter().all(|check| super::super::walk::keeps(candidate, check)))
            .filter(|candidate| !text.is_token || scalar::collapsed(candidate) == *candidate)
            .filter(|candidate| !text.is_line || !candidate.contains(['\n', '\t', '\r']))
            .collect();
        self.one(&candidates).to_owned()
    }
}

/// Whether a value is of a case.
fn tells(test: &Test, value: &Value) -> bool {
    match test {
        Test::Array => value.is_array(),
        Test::Text => value.is_string(),
        Test::Has(names) => names.iter().any(|name| value.get(name).is_some()),
        Test::Is(name, content) => value.get(name).is_some_and(|member| member == content.as_str()),
        Test::Else => true,
    }
}

/// A document of a version, made up.
fn invent(version: SpecVersion, seed: u64) -> (Document, BTreeSet<TypeId>) {
    let table = Dialect::from(version).xml_table();
    let mut inventor = Inventor { table, seed: seed | 1, refs: 0, met: BTreeSet::new() };
    let mut document = inventor.value(table.root, 0).unwrap();
    let members = document.as_object_mut().unwrap();
    members.insert("bomFormat".to_owned(), json!("CycloneDX"));
    members.insert("specVersion".to_owned(), json!(version.name()));
    members.entry("version").or_insert(json!(1));
    let document = Document::parse(document.to_string().into_bytes(), &Limits::default()).unwrap();
    (document, inventor.met)
}

/// Writes and reads, and says what went wrong.
fn there_and_back(version: SpecVersion, document: &Document) -> Result<(), String> {
    let written = write(document, version);
    let text = String::from_utf8(written.bytes.clone()).unwrap();
    let source =
        xml::Document::parse(written.bytes, &Limits::default()).map_err(|error| error.to_string())?;
    let read = read(source, version, &Limits::default(), "x").map_err(|error| error.to_string())?;
    if let Some(finding) = read.checked.findings.first() {
        return Err(format!("{version} {}: {}\n{text}", finding.subject, finding.message));
    }
    if !read.losses.is_empty() {
        return Err(format!("{version} {:?}\n{text}", read.losses));
    }
    let (before, after) = (document.root().canonical(), read.document.root().canonical());
    if before != after {
        let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
        let around = |bytes: &[u8]| {
            String::from_utf8_lossy(&bytes[same.saturating_sub(60)..bytes.len().min(same + 60)]).into_owned()
        };
        return Err(format!("{version}\n{}\n{}", around(&before), around(&after)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_made_up_comes_back_from_xml(seed in any::<u64>(), version in 0..SpecVersion::ALL.len()) {
        let version = SpecVersion::ALL[version];
        let (document, _) = invent(version, seed);
        there_and_back(version, &document).map_err(TestCaseError::fail)?;
    }
}

/// The law above is about the whole grammar, and not about the easy part of it.
#[test]
fn nearly_every_type_is_made_up() {
    for version in [SpecVersion::V1_2, SpecVersion::V1_7] {
        let table = Dialect::from(version).xml_table();
        let mut reachable = BTreeSet::new();
        let mut open = vec![table.root];
        while let Some(r#type) = open.pop() {
            if reachable.insert(r#type) {
                match table.get(r#type) {
                    Type::List(list) => open.push(list.item),
                    Type::Object(fields) => open.extend(fields.own.iter().map(|field| field.r#type)),
                    Type::Choice(cases) => open.extend(cases.iter().map(|case| case.r#type)),
                    _ => {}
                }
            }
        }
        let mut met = BTreeSet::new();
        for seed in 1..400 {
            met.extend(invent(version, 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed)).1);
        }
        let share = met.intersection(&reachable).count() * 100 / reachable.len();
        assert!(share > 90, "{version}: {share} % of the types");
    }
}

/// Levels at which fields are added that need not be there.
const SHALLOW: usize = 9;
const DEEPEST: usize = 24;
/// How often a value is made up anew that does not tell its case.
const ATTEMPTS: usize = 8;
const INTEGERS: [f64; 4] = [0.0, 1.0, 5.0, -3.0];
const NUMBERS: [f64; 5] = [0.0, 1.0, 0.25, -1.5, 9.75];

//! Whether a value fits its place, without a look at what is inside it, and what can be done when it does not.

use std::borrow::Cow;

use super::super::form;
use super::super::table::{Check, Enum, Table, Text, Type, TypeId, order};
use super::super::walk::{holds, keeps};
use crate::document::{Kind, Value};

/// The type that a choice has for a value; nothing where no case holds.
pub(super) fn resolve(table: &Table, mut r#type: TypeId, value: Value<'_>) -> Option<TypeId> {
    while let Type::Choice(cases) = table.get(r#type) {
        r#type = cases.iter().find(|case| holds(&case.test, value))?.r#type;
    }
    Some(r#type)
}

/// Whether a value is of its type. Of arrays and objects it is enough that they are that.
pub(super) fn fits(table: &Table, r#type: TypeId, value: Value<'_>) -> bool {
    match table.get(r#type) {
        Type::Any => true,
        Type::Bool => value.kind() == Kind::Bool,
        Type::Number { integer, min, max } => value.as_f64().is_some_and(|number| {
            (!integer || number.fract() == 0.0)
                && min.is_none_or(|min| number >= min)
                && max.is_none_or(|max| number <= max)
        }),
        Type::Text(text) => value.as_str().is_some_and(|content| broken(text, &content).is_none()),
        Type::Constant(expected) => value.is(expected),
        Type::Enum(values) => value.as_str().is_some_and(|content| has(table, values, &content)),
        Type::List(_) => value.kind() == Kind::Array,
        Type::Object(_) | Type::Kinds(_) => value.kind() == Kind::Object,
        Type::Link(_) => matches!(value.kind(), Kind::String | Kind::Object),
        Type::Choice(_) => resolve(table, r#type, value).is_some_and(|r#type| fits(table, r#type, value)),
    }
}

fn has(table: &Table, values: &Enum, content: &str) -> bool {
    let is_own = values.values.binary_search_by(|known| order(known, content)).is_ok();
    is_own
        || values.or.is_some_and(|or| match table.get(or) {
            Type::Text(text) => broken(text, content).is_none(),
            _ => false,
        })
}

/// The first rule that a text does not keep to.
pub(super) fn broken<'t>(text: &'t Text, content: &str) -> Option<&'t Check> {
    text.rules.iter().find(|check| !keeps(content, check))
}

/// What stands for a value in a version that does not have it yet.
pub(super) fn older<'t>(table: &Table, values: &'t Enum, content: &str) -> Option<&'t str> {
    // Only what came later has something older that stands for it, and each step goes back in time.
    let mut found: Cow<'_, str> = content.into();
    for _ in 0..=values.older.len() {
        let is_known = values.others.iter().any(|(other, _)| *other == found);
        let step = |name: &str| values.older.iter().find(|(value, _)| value == name);
        let (_, nearest) = step(&found).or_else(|| step("*").filter(|_| is_known))?;
        if has(table, values, nearest) {
            return Some(nearest);
        }
        found = nearest.into();
    }
    None
}

/// A text that says the same and keeps to the rules.
pub(super) fn repaired(text: &Text, content: &str) -> Option<(String, &'static str)> {
    let (made, reason) = match broken(text, content)? {
        Check::OneLine => {
            let lines: Vec<&str> = content.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            (lines.join(" "), "it stands on one line here, so its line breaks are spaces")
        }
        Check::Iri => (form::as_iri(content)?, "it is a reference here (RFC 3987), and written as one"),
        _ => return None,
    };
    broken(text, &made).is_none().then_some((made, reason))
}

/// Why a text cannot stay, in words that go on from "the version wants".
pub(super) fn wanted(check: &Check) -> String {
    match check {
        Check::OneLine => "a text without line breaks".to_owned(),
        Check::Iri => "a reference (RFC 3987)".to_owned(),
        Check::Uri => "an absolute URI (RFC 3986)".to_owned(),
        Check::Email => "a mail address".to_owned(),
        Check::Time => "a time (RFC 3339)".to_owned(),
        Check::Date => "a date".to_owned(),
        Check::SpdxId => "an id of the SPDX licence list".to_owned(),
        Check::Min(_) => "a text that is not empty".to_owned(),
        Check::Max(most) => format!("at most {most} characters"),
        Check::Like(pattern) => format!("a text that follows {}", pattern.as_str()),
        Check::AnyUri | Check::XmlTime | Check::XmlDate => "what XML Schema says".to_owned(),
    }
}

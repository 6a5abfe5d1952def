//! Values as sets: one spelling whatever the order, the layout and the bom-refs.

use std::collections::HashMap;

use crate::document::{Kind, Value};

/// A text of one of the two documents, which may be a reference.
pub(super) enum Part<'a> {
    First(&'a str),
    Second(&'a str),
}

/// One spelling of a value: members and elements sorted, without `null` and bom-refs. Texts that `known` names are
/// replaced. The nesting of a document is bounded, and so is this.
pub(super) fn normal(value: Value<'_>, known: &dyn Fn(&str) -> Option<String>) -> String {
    let (open, mut parts, close) = match value.kind() {
        Kind::Array => ("[", value.elements().map(|element| normal(element, known)).collect(), "]"),
        Kind::Object => {
            let members = value.members().filter(|(name, member)| name != "bom-ref" && !member.is_null());
            let print = |(name, member): (std::borrow::Cow<'_, str>, Value<'_>)| {
                format!("{name:?}:{}", normal(member, known))
            };
            ("{", members.map(print).collect::<Vec<_>>(), "}")
        }
        Kind::String => {
            let text = value.as_str().unwrap_or_default();
            return known(&text).map_or_else(|| format!("{text:?}"), |name| format!("@{name:?}"));
        }
        // Two integers beyond 2^53 may be one double: they are compared as they are written.
        Kind::Number if value.inexact_number().is_some() => {
            return String::from_utf8_lossy(value.raw()).into_owned();
        }
        _ => return String::from_utf8_lossy(&value.canonical()).into_owned(),
    };
    parts.sort_unstable();
    format!("{open}{}{close}", parts.join(","))
}

/// What is different between two values, as JSON texts: of two lists, the elements that only one has.
pub(super) fn split(
    from: Value<'_>,
    to: Value<'_>,
    known: &dyn Fn(Part<'_>) -> Option<String>,
) -> Option<(String, String)> {
    let first = |text: &str| known(Part::First(text));
    let second = |text: &str| known(Part::Second(text));
    if from.kind() != Kind::Array || to.kind() != Kind::Array {
        return (normal(from, &first) != normal(to, &second)).then(|| (raw(from), raw(to)));
    }
    let mut left: HashMap<String, Vec<Value<'_>>> = HashMap::new();
    for element in from.elements() {
        left.entry(normal(element, &first)).or_default().push(element);
    }
    let only_second: Vec<Value<'_>> = to
        .elements()
        .filter(|element| left.get_mut(&normal(*element, &second)).and_then(Vec::pop).is_none())
        .collect();
    let mut only_first: Vec<Value<'_>> = left.into_values().flatten().collect();
    only_first.sort_unstable_by_key(|value| value.id());
    let list = |values: &[Value<'_>]| {
        format!("[{}]", values.iter().map(|value| raw(*value)).collect::<Vec<_>>().join(","))
    };
    (!only_first.is_empty() || !only_second.is_empty()).then(|| (list(&only_first), list(&only_second)))
}

fn raw(value: Value<'_>) -> String {
    String::from_utf8_lossy(value.raw()).into_owned()
}

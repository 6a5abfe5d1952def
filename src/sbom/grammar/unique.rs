//! Lists without equal elements, checked in linear time.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use crate::document::{Kind, Value};

/// Elements that equal an earlier one. Equality is that of JSON values: the order of members and the spelling of numbers
/// and strings are nothing to it.
pub(super) fn duplicates<'a>(list: Value<'a>) -> Vec<Value<'a>> {
    let elements: Vec<Value<'a>> = list.elements().collect();
    if elements.len() < 2 {
        return Vec::new();
    }
    // Whatever is equal has the same print; only elements with the same print are compared whole.
    let state = RandomState::new();
    let mut first: HashMap<u64, usize> = HashMap::with_capacity(elements.len());
    let mut alike: HashMap<u64, HashSet<Vec<u8>>> = HashMap::new();
    let mut found = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let print = print(*element, &state);
        let Some(&earlier) = first.get(&print) else {
            first.insert(print, index);
            continue;
        };
        let seen = alike.entry(print).or_insert_with(|| HashSet::from([elements[earlier].canonical()]));
        if !seen.insert(element.canonical()) {
            found.push(*element);
        }
    }
    found
}

/// A number that equal values share, from what stands at their top.
fn print(value: Value<'_>, state: &RandomState) -> u64 {
    let of = |value: Value<'_>| match value.kind() {
        Kind::String => state.hash_one(value.as_str().unwrap_or_default()),
        Kind::Number => state.hash_one((value.as_f64().unwrap_or_default() + 0.0).to_bits()),
        Kind::Bool => state.hash_one(value.as_bool()),
        kind => kind as u64,
    };
    if value.kind() != Kind::Object {
        return of(value);
    }
    let mut sum = 0_u64;
    for (name, member) in value.members() {
        // Two texts are hashed as one pair: a sum does not depend on the order of the members.
        let member = of(member).rotate_left(17);
        sum = sum.wrapping_add(state.hash_one(name) ^ member);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Limits};

    #[test]
    fn equal_is_what_json_calls_equal() {
        let count = |text: &str| {
            let document = Document::parse(text.into(), &Limits::default()).unwrap();
            duplicates(document.root()).len()
        };
        assert_eq!(count(r#"[{"a": 1, "b": [2]}, {"b": [2.0], "\u0061": 1}]"#), 1);
        assert_eq!(count(r#"["a", "\u0061", "b", "a"]"#), 2);
        assert_eq!(count("[0, -0.0, 1, true, null, {}, []]"), 1);
        assert_eq!(count(r#"[{"a": {"x": 1}}, {"a": {"x": 2}}, {"a": {}}]"#), 0);
        assert_eq!(count("[]"), 0);
    }
}

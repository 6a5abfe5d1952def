//! Which types say the same in both versions, with everything that can stand in them.

use std::collections::HashMap;

use super::super::table::{Check, Openness, Table, Type, TypeId};

/// Pairs of types of two tables.
pub(super) struct Alike {
    source: &'static Table,
    target: &'static Table,
    known: HashMap<(TypeId, TypeId), bool>,
}

impl Alike {
    pub(super) fn new(source: &'static Table, target: &'static Table) -> Self {
        Self { source, target, known: HashMap::new() }
    }

    /// Whether what is right in the one is right in the other, and means the same. What is in such a value needs no look.
    pub(super) fn is(&mut self, source: TypeId, target: TypeId) -> bool {
        if let Some(known) = self.known.get(&(source, target)) {
            return *known;
        }
        // All pairs that are reached from this one are alike unless one of them is not: then each that leads to it is not.
        let mut pairs = vec![(source, target)];
        let mut places = HashMap::from([((source, target), 0)]);
        let mut reached_from: Vec<Vec<usize>> = vec![Vec::new()];
        let mut different = Vec::new();
        let mut at = 0;
        while let Some(&(source, target)) = pairs.get(at) {
            match self
                .known
                .get(&(source, target))
                .copied()
                .map_or_else(|| self.parts(source, target), |known| known.then(Vec::new))
            {
                None => different.push(at),
                Some(parts) => {
                    for part in parts {
                        let place = *places.entry(part).or_insert_with(|| {
                            pairs.push(part);
                            reached_from.push(Vec::new());
                            pairs.len() - 1
                        });
                        reached_from[place].push(at);
                    }
                }
            }
            at += 1;
        }
        let mut is_alike = vec![true; pairs.len()];
        while let Some(at) = different.pop() {
            if std::mem::replace(&mut is_alike[at], false) {
                different.extend(&reached_from[at]);
            }
        }
        self.known.extend(pairs.into_iter().zip(is_alike));
        self.known[&(source, target)]
    }

    /// The pairs that decide, or nothing where the two differ by themselves.
    fn parts(&self, source: TypeId, target: TypeId) -> Option<Vec<(TypeId, TypeId)>> {
        match (self.source.get(source), self.target.get(target)) {
            (_, Type::Any) | (Type::Bool, Type::Bool) => Some(Vec::new()),
            (Type::Number { integer, min, max }, Type::Number { integer: other, min: least, max: most }) => {
                (integer == other && min == least && max == most).then(Vec::new)
            }
            (Type::Text(one), Type::Text(other)) => {
                let is_same = one.rules.len() == other.rules.len()
                    && one.rules.iter().zip(&other.rules).all(|(one, other)| is_same(one, other));
                is_same.then(Vec::new)
            }
            (Type::Constant(one), Type::Constant(other)) => (one == other).then(Vec::new),
            (Type::Enum(one), Type::Enum(other)) => {
                (one.values == other.values).then(|| one.or.into_iter().zip(other.or).collect())
            }
            (Type::List(one), Type::List(other)) => (one.unique == other.unique
                && one.uniform == other.uniform
                && one.min == other.min
                && one.max == other.max
                && one.sole == other.sole)
                .then(|| vec![(one.item, other.item)]),
            (Type::Object(one), Type::Object(other)) => {
                let is_closed = one.openness == other.openness && one.openness != Openness::Tolerated;
                (is_closed
                    && one.others.is_empty()
                    && other.others.is_empty()
                    && one.required == other.required
                    && one.rules == other.rules
                    && one.own.len() == other.own.len()
                    && one.own.iter().zip(&other.own).all(|(one, other)| one.name == other.name))
                .then(|| {
                    one.own.iter().zip(&other.own).map(|(one, other)| (one.r#type, other.r#type)).collect()
                })
            }
            (Type::Choice(one), Type::Choice(other)) => {
                let pairs = || one.iter().zip(other);
                let is_same = one.len() == other.len() && pairs().all(|(one, other)| one.test == other.test);
                is_same.then(|| pairs().map(|(one, other)| (one.r#type, other.r#type)).collect())
            }
            _ => None,
        }
    }
}

fn is_same(one: &Check, other: &Check) -> bool {
    match (one, other) {
        (Check::Like(one), Check::Like(other)) => one.as_str() == other.as_str(),
        (Check::Min(one), Check::Min(other)) | (Check::Max(one), Check::Max(other)) => one == other,
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fit::resolve;
    use super::*;
    use crate::sbom::SpecVersion;

    /// Whether the type at a path of fields from the root is alike in two versions.
    fn check(from: SpecVersion, to: SpecVersion, path: &[&str]) -> bool {
        let tables = [from, to].map(|version| super::super::Dialect::from(version).table());
        let ids = tables.map(|table| {
            let value = crate::document::Document::parse(b"{}".to_vec(), &crate::document::Limits::default())
                .unwrap();
            path.iter().fold(table.root, |id, name| {
                let mut id = resolve(table, id, value.root()).unwrap();
                if let Type::List(list) = table.get(id) {
                    id = list.item;
                }
                let Type::Object(fields) = table.get(id) else { panic!("{name}") };
                fields.own.iter().find(|field| field.name == *name).unwrap().r#type
            })
        });
        Alike::new(tables[0], tables[1]).is(ids[0], ids[1])
    }

    #[test]
    fn types_are_alike_when_all_that_they_lead_to_is() {
        use SpecVersion::{V1_2, V1_3, V1_5, V1_6, V1_7};
        assert!(check(V1_7, V1_7, &[]));
        assert!(check(V1_6, V1_5, &["components", "swid"]));
        assert!(check(V1_6, V1_5, &["dependencies", "ref"]));
        assert!(!check(V1_6, V1_5, &["dependencies"]), "`provides`");
        assert!(!check(V1_6, V1_7, &["components", "hashes"]), "Streebog");
        assert!(!check(V1_2, V1_3, &["components", "swid"]), "one line, and fields of others");
        assert!(!check(V1_6, V1_7, &["components"]), "it leads to itself and to much that is new");
    }
}

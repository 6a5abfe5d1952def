//! What the views rely on, as data, and the one check of it.

use crate::document::{Kind, Value};
use crate::sbom::Error;

/// What a value must be. Fields that are not named may be anything; `null` counts as absent.
#[derive(Debug)]
pub(super) enum Shape {
    Text,
    Number,
    Bool,
    List(&'static Self),
    /// One of them, or a list.
    OneOrMany(&'static Self),
    Object(&'static [(&'static str, Self)]),
}

/// Checks a value, without recursion.
pub(super) fn check(value: Value<'_>, shape: &Shape) -> Result<(), Error> {
    let mut open = vec![(value, shape)];
    while let Some((value, shape)) = open.pop() {
        let kind = match shape {
            Shape::Text => Kind::String,
            Shape::Number => Kind::Number,
            Shape::Bool => Kind::Bool,
            Shape::List(_) => Kind::Array,
            Shape::OneOrMany(_) if value.kind() == Kind::Array => Kind::Array,
            Shape::OneOrMany(one) => {
                open.push((value, one));
                continue;
            }
            Shape::Object(_) => Kind::Object,
        };
        if value.kind() != kind {
            return Err(Error::shape(value, kind));
        }
        let first = open.len();
        match shape {
            Shape::List(each) | Shape::OneOrMany(each) => {
                open.extend(value.elements().map(|element| (element, *each)));
            }
            Shape::Object(fields) => open.extend(
                value.members().filter(|(_, member)| !member.is_null()).filter_map(|(name, member)| {
                    let (_, shape) = fields.iter().find(|(field, _)| *field == name)?;
                    Some((member, shape))
                }),
            ),
            _ => {}
        }
        // The first one that is wrong is the one that is named.
        open[first..].reverse();
    }
    Ok(())
}

/// Checks that a value is a list of such.
pub(super) fn check_list(list: Value<'_>, each: &Shape) -> Result<(), Error> {
    if list.kind() != Kind::Array {
        return Err(Error::shape(list, Kind::Array));
    }
    list.elements().try_for_each(|element| check(element, each))
}

//! Several edits of one document, none of which sees another.

use std::cmp::Reverse;

use super::{Error, Operation, Pointer};
use crate::document::Document;

/// The operations that set and remove places of a document as it is. A place that is set is replaced when it is
/// there and added when it is not. Two edits of one place, or one inside the other, are refused.
pub fn batch(
    document: &Document,
    set: Vec<(Pointer, Document)>,
    remove: Vec<Pointer>,
) -> Result<Vec<Operation>, Error> {
    let mut places: Vec<&Pointer> = set.iter().map(|(place, _)| place).chain(&remove).collect();
    places.sort_unstable();
    for pair in places.windows(2) {
        let appends = pair[0] == pair[1] && pair[0].tokens().last().is_some_and(|token| token == "-");
        if pair[0].holds(pair[1]) && !appends {
            return Err(Error::Conflict { one: pair[0].to_string(), other: pair[1].to_string() });
        }
    }
    let mut away = remove
        .into_iter()
        .map(|path| match document.at(&path.to_string()) {
            Some(value) => Ok((Reverse(value.id()), path)),
            None => Err(Error::Missing(path.to_string())),
        })
        .collect::<Result<Vec<_>, _>>()?;
    // From the end to the start, so that the indices of what is still to be removed stay right.
    away.sort_unstable();
    let set = set.into_iter().map(|(path, value)| {
        if document.at(&path.to_string()).is_some() {
            Operation::Replace { path, value }
        } else {
            Operation::Add { path, value }
        }
    });
    Ok(set.chain(away.into_iter().map(|(_, path)| Operation::Remove { path })).collect())
}

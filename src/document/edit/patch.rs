//! JSON Patch (RFC 6902), read.

use super::{Error, OPERATIONS, Operation, Pointer};
use crate::document::{Document, Kind, Limits, Value};

/// The operations of a JSON Patch document.
pub fn patch(document: &Document) -> Result<Vec<Operation>, Error> {
    let root = document.root();
    if root.kind() != Kind::Array {
        return Err(wrong(root, "an array of operations"));
    }
    if root.elements().nth(OPERATIONS).is_some() {
        return Err(Error::TooMany { limit: OPERATIONS });
    }
    root.elements().map(operation).collect()
}

fn operation(entry: Value<'_>) -> Result<Operation, Error> {
    let text = |name, expected| {
        entry.get(name).and_then(|value| value.as_str()).ok_or_else(|| wrong(entry, expected))
    };
    let path: Pointer = text("path", "a `path`")?.parse()?;
    let value = || {
        let value = entry.get("value").ok_or_else(|| wrong(entry, "a `value`"))?;
        Ok::<_, Error>(Document::parse(value.raw().to_vec(), &Limits::default())?)
    };
    let from = || text("from", "a `from`")?.parse::<Pointer>();
    Ok(match &*text("op", "an `op`")? {
        "add" => Operation::Add { path, value: value()? },
        "remove" => Operation::Remove { path },
        "replace" => Operation::Replace { path, value: value()? },
        "test" => Operation::Test { path, value: value()? },
        "move" => Operation::Move { from: from()?, path },
        "copy" => Operation::Copy { from: from()?, path },
        _ => return Err(wrong(entry, "add, remove, replace, test, move or copy as `op`")),
    })
}

fn wrong(value: Value<'_>, expected: &'static str) -> Error {
    Error::Patch { pointer: value.pointer(), expected }
}

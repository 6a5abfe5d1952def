//! The one check of everything that the views touch.

use super::{Entry, Error, Role};
use crate::document::{Kind, Value};

/// The components and services of a document: the root and what is nested in it, then the rest, each before its own
/// parts and in the order of the document.
pub(super) fn entries(root: Value<'_>) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    text(root, &["serialNumber"])?;
    list(root, "dependencies", dependency)?;
    list(root, "compositions", composition)?;
    list(root, "properties", pair)?;
    if let Some(metadata) = of_kind(root, "metadata", Kind::Object)? {
        text(metadata, &["timestamp"])?;
        list(metadata, "properties", pair)?;
        if let Some(component) = of_kind(metadata, "component", Kind::Object)? {
            collect(component, Role::Root, &mut entries)?;
        }
    }
    for (name, role) in [("components", Role::Component), ("services", Role::Service)] {
        for value in of_kind(root, name, Kind::Array)?.into_iter().flat_map(|list| list.elements()) {
            collect(value, role, &mut entries)?;
        }
    }
    Ok(entries)
}

/// A component or service and all that is nested in it, without recursion.
fn collect(value: Value<'_>, role: Role, entries: &mut Vec<Entry>) -> Result<(), Error> {
    let mut open = vec![(value, None, role)];
    while let Some((value, parent, role)) = open.pop() {
        let nested = component(value)?;
        let index = u32::try_from(entries.len()).ok();
        entries.push(Entry { node: value.id(), parent, role });
        let role = if role == Role::Root { Role::Component } else { role };
        // The stack gives back what was put on it last: reversed, it keeps the order of the document.
        let first = open.len();
        open.extend(nested.into_iter().flat_map(|list| list.elements()).map(|part| (part, index, role)));
        open[first..].reverse();
    }
    Ok(())
}

/// Checks one component or service, in one pass over its members; gives the list of what is nested in it.
fn component(value: Value<'_>) -> Result<Option<Value<'_>>, Error> {
    require(value, Kind::Object)?;
    let mut nested = None;
    for (name, member) in value.members().filter(|(_, member)| !member.is_null()) {
        match &*name {
            "bom-ref" | "type" | "name" | "version" | "group" | "purl" | "scope" | "description" => {
                require(member, Kind::String)?;
            }
            "components" | "services" => {
                require(member, Kind::Array)?;
                nested = Some(member);
            }
            "hashes" => each(member, |hash| required_text(hash, &["alg", "content"]))?,
            "licenses" => each(member, license)?,
            "properties" => each(member, pair)?,
            "externalReferences" => each(member, |reference| {
                required_text(reference, &["type", "url"])?;
                list(reference, "hashes", |hash| required_text(hash, &["alg", "content"]))
            })?,
            _ => {}
        }
    }
    Ok(nested)
}

fn license(choice: Value<'_>) -> Result<(), Error> {
    text(choice, &["expression"])?;
    match of_kind(choice, "license", Kind::Object)? {
        Some(license) => text(license, &["id", "name"]),
        None => Ok(()),
    }
}

fn dependency(entry: Value<'_>) -> Result<(), Error> {
    required_text(entry, &["ref"])?;
    list(entry, "dependsOn", |reference| require(reference, Kind::String))?;
    list(entry, "provides", |reference| require(reference, Kind::String))
}

fn composition(entry: Value<'_>) -> Result<(), Error> {
    required_text(entry, &["aggregate"])?;
    list(entry, "assemblies", |reference| require(reference, Kind::String))?;
    list(entry, "dependencies", |reference| require(reference, Kind::String))
}

fn pair(property: Value<'_>) -> Result<(), Error> {
    require(property, Kind::Object)?;
    text(property, &["name", "value"])
}

fn require(value: Value<'_>, kind: Kind) -> Result<(), Error> {
    if value.kind() == kind { Ok(()) } else { Err(Error::shape(value, kind)) }
}

fn of_kind<'a>(value: Value<'a>, name: &str, kind: Kind) -> Result<Option<Value<'a>>, Error> {
    let Some(member) = value.get(name).filter(|member| !member.is_null()) else { return Ok(None) };
    require(member, kind)?;
    Ok(Some(member))
}

fn each(list: Value<'_>, check: impl Fn(Value<'_>) -> Result<(), Error>) -> Result<(), Error> {
    require(list, Kind::Array)?;
    list.elements().try_for_each(check)
}

fn list(value: Value<'_>, name: &str, check: impl Fn(Value<'_>) -> Result<(), Error>) -> Result<(), Error> {
    of_kind(value, name, Kind::Array)?.map_or(Ok(()), |list| each(list, check))
}

fn text(value: Value<'_>, names: &[&str]) -> Result<(), Error> {
    require(value, Kind::Object)?;
    names.iter().try_for_each(|name| of_kind(value, name, Kind::String).map(|_| ()))
}

fn required_text(value: Value<'_>, names: &[&'static str]) -> Result<(), Error> {
    text(value, names)?;
    match names.iter().find(|name| value.get(name).is_none_or(|member| member.is_null())) {
        Some(field) => Err(Error::Missing { pointer: value.place(), field, at: value.position() }),
        None => Ok(()),
    }
}

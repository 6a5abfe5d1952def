//! Who made the document, and when (clause 6): `creationInfo` in SPDX, `metadata` in CycloneDX.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::party::{self, Actor, Kind, is_line};
use super::tree::{Members, Tree};
use crate::sbom::SpecVersion;

/// The `creationInfo` that a `metadata` fills. SPDX wants a time: where there is none it is the clock of the run.
pub(super) fn write<'a>(metadata: &Members<'a>, at: u32, now: Timestamp) -> Members<'a> {
    let mut made = Members::default();
    let created = match metadata.get("timestamp") {
        Some(stated) => match stated.as_str().and_then(|text| second(&text)) {
            Some(text) if stated.as_str().is_some_and(|own| own == text) => stated.clone(),
            Some(text) => Tree::text(text, stated),
            None => Tree::Text(printed(now).into(), stated.at()),
        },
        None => Tree::Text(printed(now).into(), at),
    };
    made.push("created", created);
    let mut creators = Vec::new();
    let mut add = |creator: Option<Tree<'a>>| {
        if let Some(creator) = creator
            && !creators.iter().any(|own: &Tree<'a>| own.same(&creator))
        {
            creators.push(creator);
        }
    };
    metadata.elements("authors").iter().for_each(|author| add(party::person(author)));
    for name in ["manufacturer", "manufacture", "supplier"] {
        add(metadata.get(name).and_then(party::organization));
    }
    let tools = metadata.get("tools");
    let (list, set) = match tools {
        Some(tools) if tools.is_list() => (tools.elements(), Members::default()),
        Some(tools) => (Vec::new(), tools.members()),
        None => (Vec::new(), Members::default()),
    };
    let programs = list.into_iter().chain(set.elements("components")).chain(set.elements("services"));
    programs.for_each(|tool| add(program(&tool)));
    if creators.is_empty() {
        creators.push(Tree::Text(CONVERTER.into(), at));
    }
    made.list("creators", creators);
    made
}

/// A program with its version, as clause 6.8 writes it.
fn program<'a>(tool: &Tree<'a>) -> Option<Tree<'a>> {
    let name = tool.str("name").filter(|name| is_line(name))?;
    let text = match tool.str("version").filter(|version| is_line(version)) {
        Some(version) => format!("Tool: {name}-{version}"),
        None => format!("Tool: {name}"),
    };
    Some(Tree::text(text, tool))
}

/// The members of `metadata` that a `creationInfo` fills.
pub(super) fn read<'a>(creation: &Members<'a>, version: SpecVersion) -> Members<'a> {
    let mut made = Members::default();
    made.maybe("timestamp", creation.get("created").filter(|value| value.as_str().is_some()).cloned());
    let (mut people, mut tools, mut maker) = (Vec::new(), Vec::new(), None);
    for creator in creation.elements("creators") {
        let Some(actor) = creator.as_str().and_then(|text| Actor::read(&text)) else { continue };
        match actor.kind {
            Kind::Person => people.push(actor.contact(&creator)),
            Kind::Organization if maker.is_none() => maker = Some(actor.organization(&creator)),
            Kind::Organization => {}
            Kind::Tool if creator.as_str().is_some_and(|text| text == CONVERTER) => {}
            Kind::Tool => {
                let mut tool = Members::default();
                if version >= SpecVersion::V1_5 {
                    tool.push("type", Tree::text("application", &creator));
                }
                tool.push("name", Tree::text(actor.name, &creator));
                tools.push(Tree::Object(tool, creator.at()));
            }
        }
    }
    if let Some(at) = tools.first().map(Tree::at) {
        let list = Tree::List(tools, at);
        let set = |list| Tree::Object(Members(vec![(Cow::Borrowed("components"), list)]), at);
        made.push("tools", if version >= SpecVersion::V1_5 { set(list) } else { list });
    }
    made.list("authors", people);
    made.maybe(if version >= SpecVersion::V1_6 { "manufacturer" } else { "manufacture" }, maker);
    made
}

/// A time of RFC 3339 as clause 6.9 wants it: in UTC, to the second.
fn second(text: &str) -> Option<String> {
    text.parse::<Timestamp>().ok().map(printed)
}

fn printed(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Reads a time that SPDX has written.
pub(super) fn created(creation: &Members<'_>) -> Option<Timestamp> {
    creation.str("created")?.parse().ok()
}

/// Who made a document that nobody else is said to have made.
const CONVERTER: &str = "Tool: sbom-attest";

/// Who makes an annotation of ours.
pub(super) const ANNOTATOR: &str = "Tool: sbom-attest";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_utc_and_to_the_second() {
        assert_eq!(second("2026-11-24T12:00:00.75+02:00").as_deref(), Some("2026-11-24T10:00:00Z"));
        assert_eq!(second("2026-11-24T12:00:00Z").as_deref(), Some("2026-11-24T12:00:00Z"));
        assert_eq!((second("2026-11-24"), second("yesterday")), (None, None));
    }
}

//! Where each form keeps what it has no field for: annotations in SPDX (clause 12), properties in CycloneDX.
//!
//! An annotation of ours is of type `OTHER`, and its comment is one line: `cyclonedx:`, the place of a [`Patch`], `=` and
//! compact JSON. Nothing in it reads `</`, which would end a text in the tag-value form.

use std::borrow::Cow;
use std::collections::HashSet;

use super::name::{self, Said};
use super::package::Element;
use super::patch::Patch;
use super::tree::{Members, Tree};
use crate::document::{Builder, Document, Limits};

/// The comment of an annotation that carries a patch; `owner` is what its place begins with, if not the element.
pub(super) fn comment(owner: &str, patch: &Patch<'_>) -> String {
    let mut json = Vec::new();
    match &patch.value {
        Some(value) => value.compact(&mut json),
        None => json.extend_from_slice(b"null"),
    }
    let json = String::from_utf8_lossy(&json).replace("</", "<\\/");
    format!("{PREFIX}{owner}{}={json}", patch.place())
}

/// Writes an annotation.
pub(super) fn annotate(comment: &str, date: &str, at: u32, builder: &mut Builder) {
    builder.object(at);
    builder.member("annotationDate", date, at);
    builder.member("annotationType", "OTHER", at);
    builder.member("annotator", super::creation::ANNOTATOR, at);
    builder.member("comment", comment, at);
    builder.end();
}

/// A place and the JSON that stands there, taken out of an annotation or a property.
#[derive(Debug)]
pub(super) struct Note {
    /// Its number in the list that it came from.
    pub(super) number: usize,
    pub(super) place: String,
    json: Document,
    at: u32,
}

impl Note {
    fn new(number: usize, place: &str, json: &str, at: u32) -> Option<Self> {
        let json = Document::parse(json.as_bytes().to_vec(), &Limits::default()).ok()?;
        Some(Self { number, place: place.to_owned(), json, at })
    }

    /// Its patch, for places that begin with `owner`.
    pub(super) fn patch<'n>(&'n self, owner: &str) -> Option<Patch<'n>> {
        Patch::parse(self.place.strip_prefix(owner)?, self.value())
    }

    pub(super) fn value(&self) -> Tree<'_> {
        Tree::Carried(self.json.root(), self.at)
    }
}

/// The annotations of ours among others.
pub(super) fn notes(annotations: &[Tree<'_>]) -> Vec<Note> {
    let one = |(number, annotation): (usize, &Tree<'_>)| {
        let is = |name: &str, text: &str| annotation.str(name).as_deref() == Some(text);
        let is_ours = is("annotationType", "OTHER") && is("annotator", super::creation::ANNOTATOR);
        if !is_ours || annotation.members().0.len() != 4 {
            return None;
        }
        let comment = annotation.get("comment")?;
        let text = comment.as_str()?;
        let (place, json) = text.strip_prefix(PREFIX)?.split_once('=')?;
        Note::new(number, place, json, comment.at())
    };
    annotations.iter().enumerate().filter_map(one).collect()
}

/// The properties of an object, ours taken apart.
#[derive(Debug, Default)]
pub(super) struct Properties {
    /// Texts: owner, member, text, and the byte where it stands.
    texts: Vec<(&'static str, &'static str, String, u32)>,
    /// Places with JSON.
    notes: Vec<Note>,
    /// Relationships.
    pub(super) relationships: Vec<Note>,
    pub(super) element: Option<Element>,
    pub(super) describes: Option<Note>,
    /// Names and values of all of ours, in order.
    pub(super) ours: Vec<(String, String)>,
    /// How many are not ours. They come first, or nothing here is taken for ours.
    pub(super) others: usize,
}

impl Properties {
    /// Reads a list. One that we did not write is read as if nothing in it were ours.
    pub(super) fn read(list: &[Tree<'_>]) -> Self {
        let mut found = Self::default();
        for (number, property) in list.iter().enumerate() {
            let is_whole = property.members().0.len() == 2;
            let (Some(name), Some(value), true) = (property.str("name"), property.str("value"), is_whole)
            else {
                found.others += 1;
                continue;
            };
            if found.take(number, &name, &value, property.at()) {
                found.ours.push((name.into_owned(), value.into_owned()));
            } else {
                found.others += 1;
            }
            if found.others > 0 && found.ours.len() + found.others != number + 1 {
                break;
            }
        }
        // Ours stand at the end.
        let is_ours =
            |property: &Tree<'_>| property.str("name").is_some_and(|name| name::read(&name).is_some());
        if list.iter().take(found.others).any(is_ours) || found.ours.len() + found.others != list.len() {
            return Self { others: list.len(), ..Self::default() };
        }
        found
    }

    fn take(&mut self, number: usize, name: &str, value: &str, at: u32) -> bool {
        match name::read(name) {
            Some(Said::Text(owner, member)) => self.texts.push((owner, member, value.to_owned(), at)),
            Some(Said::Json(place)) => match Note::new(number, place, value, at) {
                Some(note) => self.notes.push(note),
                None => return false,
            },
            Some(Said::Other) if name == name::ELEMENT => {
                match [Element::Package, Element::File].into_iter().find(|element| element.name() == value) {
                    Some(element) if self.element.is_none() => self.element = Some(element),
                    _ => return false,
                }
            }
            Some(Said::Other) => {
                let Some(note) = Note::new(number, "", value, at) else { return false };
                if name == name::RELATIONSHIP {
                    self.relationships.push(note);
                } else if self.describes.is_none() {
                    self.describes = Some(note);
                } else {
                    return false;
                }
            }
            None => return false,
        }
        true
    }

    /// Those that are no patch.
    pub(super) fn kept(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let is_kept = |name: &str| name == name::RELATIONSHIP || name == name::DESCRIBES;
        self.ours.iter().filter(move |(name, _)| is_kept(name)).cloned()
    }

    /// The patches for the members of an owner.
    pub(super) fn patches(&self, owner: &str) -> Vec<Patch<'_>> {
        let texts = self.texts.iter().filter(|(own, ..)| *own == owner).map(|(_, member, text, at)| {
            Patch::member(*member, Some(Tree::Text(Cow::Borrowed(text.as_str()), *at)))
        });
        let notes = self.notes.iter().filter_map(|note| {
            let is_inner = note.place.starts_with(CREATION_INFO_SLASH);
            (is_inner != owner.is_empty()).then(|| note.patch(owner)).flatten()
        });
        let mut patches: Vec<Patch<'_>> = texts.chain(notes).collect();
        patches.sort_by(|one, other| {
            (&one.member, one.index, &one.inner).cmp(&(&other.member, other.index, &other.inner))
        });
        patches
    }
}

const CREATION_INFO_SLASH: &str = "/creationInfo/";

/// Appends the properties of a list of names and values.
pub(super) fn append(component: &mut Members<'_>, properties: Vec<(String, String, u32)>) {
    if properties.is_empty() {
        return;
    }
    let mut list = component.elements("properties");
    let text = |own: &Tree<'_>, name: &str| own.str(name).map(Cow::into_owned).unwrap_or_default();
    // What stands there already came along as it was.
    let stands: HashSet<(String, String)> =
        list.iter().map(|own| (text(own, "name"), text(own, "value"))).collect();
    let is_new = |(name, value, _): &(String, String, u32)| !stands.contains(&(name.clone(), value.clone()));
    let mut properties: Vec<_> = properties.into_iter().filter(is_new).collect();
    if properties.is_empty() {
        return;
    }
    let at = list.first().map_or(properties[0].2, Tree::at);
    // Ours stand last, in order.
    let is_ours = |own: &mut Tree<'_>| own.str("name").is_some_and(|name| name::read(&name).is_some());
    while let Some(own) = list.pop_if(is_ours) {
        properties.push((text(&own, "name"), text(&own, "value"), own.at()));
    }
    properties.sort();
    list.extend(properties.into_iter().map(|(name, value, at)| {
        let mut property = Members::default();
        property.push("name", Tree::Text(name.into(), at));
        property.push("value", Tree::Text(value.into(), at));
        Tree::Object(property, at)
    }));
    component.set("properties".into(), Tree::List(list, at));
}

const PREFIX: &str = "cyclonedx:";

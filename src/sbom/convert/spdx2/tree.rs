//! Values on their way from one document to another: borrowed where nothing changes, made where something does.

use std::borrow::Cow;

use crate::document::{Builder, Kind, Value};

/// A value that is being converted.
#[derive(Debug, Clone)]
pub(in crate::sbom::convert) enum Tree<'a> {
    /// As it stands in the document that is converted.
    Source(Value<'a>),
    /// As it stands in a text that was carried along; the byte is that of the carrier.
    Carried(Value<'a>, u32),
    /// A text, and where it came from.
    Text(Cow<'a, str>, u32),
    /// A number or a truth value.
    Literal(Cow<'a, str>, u32),
    /// Elements.
    List(Vec<Self>, u32),
    /// Members, without a name twice.
    Object(Members<'a>, u32),
}

impl<'a> Tree<'a> {
    /// A text that came from another value.
    pub(super) fn text(text: impl Into<Cow<'a, str>>, from: &Self) -> Self {
        Self::Text(text.into(), from.at())
    }

    /// The value that it stands for as it is, if any.
    fn value(&self) -> Option<Value<'a>> {
        match self {
            Self::Source(value) | Self::Carried(value, _) => Some(*value),
            _ => None,
        }
    }

    /// The byte of the source that it came from.
    pub(super) fn at(&self) -> u32 {
        match self {
            Self::Source(value) => value.offset(),
            Self::Carried(_, at)
            | Self::Text(_, at)
            | Self::Literal(_, at)
            | Self::List(_, at)
            | Self::Object(_, at) => *at,
        }
    }

    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Text(..) => Some(Kind::String),
            Self::List(..) => Some(Kind::Array),
            Self::Object(..) => Some(Kind::Object),
            Self::Literal(..) => None,
            Self::Source(value) | Self::Carried(value, _) => Some(value.kind()),
        }
    }

    pub(super) fn is_list(&self) -> bool {
        self.kind() == Some(Kind::Array)
    }

    pub(super) fn is_object(&self) -> bool {
        self.kind() == Some(Kind::Object)
    }

    pub(super) fn is_null(&self) -> bool {
        self.kind() == Some(Kind::Null)
    }

    /// The text of a string.
    pub(super) fn as_str(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text, _) => Some(text.clone()),
            _ => self.value()?.as_str(),
        }
    }

    /// What stands inside a value that stands in a document.
    fn within(&self, inner: Value<'a>) -> Self {
        match self {
            Self::Carried(_, at) => Self::Carried(inner, *at),
            _ => Self::Source(inner),
        }
    }

    /// A member of an object.
    pub(super) fn get(&self, name: &str) -> Option<Self> {
        match self {
            Self::Object(members, _) => members.get(name).cloned(),
            _ => self.value()?.get(name).map(|member| self.within(member)),
        }
    }

    /// The text of a member.
    pub(super) fn str(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.as_str()
    }

    /// The elements of a list; none of anything else.
    pub(super) fn elements(&self) -> Vec<Self> {
        match self {
            Self::List(elements, _) => elements.clone(),
            _ => self
                .value()
                .into_iter()
                .flat_map(|value| value.elements())
                .map(|element| self.within(element))
                .collect(),
        }
    }

    /// The members of an object; none of anything else.
    pub(super) fn members(&self) -> Members<'a> {
        if let Self::Object(members, _) = self {
            return members.clone();
        }
        let members = self.value().into_iter().flat_map(|value| value.members());
        Members(members.map(|(name, member)| (name, self.within(member))).collect())
    }

    /// Whether both say the same: order counts in lists and not in objects, the spelling of numbers and texts does not.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self.value(), other.value()) {
            (Some(one), Some(two)) => {
                one == two || one.raw() == two.raw() || {
                    one.kind() == two.kind()
                        && one.inexact_number().is_none()
                        && one.canonical() == two.canonical()
                }
            }
            _ => match self.kind().or(other.kind()) {
                Some(Kind::String) => self.as_str().is_some_and(|text| other.as_str() == Some(text)),
                Some(Kind::Array) => {
                    let (one, two) = (self.elements(), other.elements());
                    other.is_list()
                        && self.is_list()
                        && one.len() == two.len()
                        && one.iter().zip(&two).all(|(one, two)| one.same(two))
                }
                Some(Kind::Object) => {
                    let (one, two) = (self.members(), other.members());
                    self.is_object() && other.is_object() && one.holds(&two) && one.0.len() == two.0.len()
                }
                _ => self.literal().is_some_and(|text| other.literal() == Some(text)),
            },
        }
    }

    fn literal(&self) -> Option<String> {
        match self {
            Self::Literal(text, _) => Some(text.to_string()),
            _ => self.value().map(|value| String::from_utf8_lossy(value.raw()).into_owned()),
        }
    }

    /// Appends it to a document in the making.
    pub(super) fn write(&self, builder: &mut Builder) {
        match self {
            Self::Source(value) => builder.copy(*value),
            Self::Carried(value, at) => builder.copy_at(*value, *at),
            Self::Text(text, at) => builder.string(text, *at),
            Self::Literal(text, at) => builder.literal(text, *at),
            Self::List(elements, at) => {
                builder.array(*at);
                for element in elements {
                    element.write(builder);
                }
                builder.end();
            }
            Self::Object(members, at) => {
                builder.object(*at);
                members.write(builder);
                builder.end();
            }
        }
    }

    /// Its JSON text on one line.
    pub(super) fn compact(&self, out: &mut Vec<u8>) {
        match self {
            Self::Source(value) | Self::Carried(value, _) => value.compact(out),
            Self::Text(text, _) => crate::document::quote(text, out),
            Self::Literal(text, _) => out.extend_from_slice(text.as_bytes()),
            Self::List(elements, _) => {
                out.push(b'[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    element.compact(out);
                }
                out.push(b']');
            }
            Self::Object(members, _) => {
                out.push(b'{');
                for (index, (name, member)) in members.0.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    crate::document::quote(name, out);
                    out.push(b':');
                    member.compact(out);
                }
                out.push(b'}');
            }
        }
    }
}

/// The members of an object, in order.
#[derive(Debug, Clone, Default)]
pub(in crate::sbom::convert) struct Members<'a>(pub(super) Vec<(Cow<'a, str>, Tree<'a>)>);

impl<'a> Members<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&Tree<'a>> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, member)| member)
    }

    pub(super) fn str(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.as_str()
    }

    pub(super) fn elements(&self, name: &str) -> Vec<Tree<'a>> {
        self.get(name).map(Tree::elements).unwrap_or_default()
    }

    /// Appends a member that is not there yet.
    pub(super) fn push(&mut self, name: impl Into<Cow<'a, str>>, member: Tree<'a>) {
        self.0.push((name.into(), member));
    }

    /// Appends a member if there is something to say.
    pub(super) fn maybe(&mut self, name: &'static str, member: Option<Tree<'a>>) {
        if let Some(member) = member {
            self.push(name, member);
        }
    }

    /// Appends a list if there is something in it.
    pub(super) fn list(&mut self, name: &'static str, elements: Vec<Tree<'a>>) {
        if let Some(at) = elements.first().map(Tree::at) {
            self.push(name, Tree::List(elements, at));
        }
    }

    /// Sets a member, there or not.
    pub(super) fn set(&mut self, name: Cow<'a, str>, member: Tree<'a>) {
        match self.0.iter_mut().find(|(own, _)| *own == name) {
            Some((_, own)) => *own = member,
            None => self.push(name, member),
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Tree<'a>> {
        let index = self.0.iter().position(|(own, _)| own == name)?;
        Some(self.0.remove(index).1)
    }

    /// Whether every member of another object is here, and the same.
    pub(super) fn holds(&self, other: &Self) -> bool {
        other.0.iter().all(|(name, member)| self.get(name).is_some_and(|own| own.same(member)))
    }

    pub(super) fn write(&self, builder: &mut Builder) {
        for (name, member) in &self.0 {
            builder.name(name, member.at());
            member.write(builder);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Document, Limits};

    fn parse(text: &str) -> Document {
        Document::parse(text.into(), &Limits::default()).unwrap()
    }

    proptest! {
        #[test]
        fn one_line_says_the_same(value in crate::document::laws::value()) {
            let source = parse(&serde_json::to_string_pretty(&value).unwrap());
            let mut line = Vec::new();
            Tree::Source(source.root()).compact(&mut line);
            prop_assert!(!line.contains(&b'\n'));
            prop_assert_eq!(parse(std::str::from_utf8(&line).unwrap()).root().canonical(), source.root().canonical());
        }

        #[test]
        fn a_carried_copy_says_the_same(value in crate::document::laws::value()) {
            let source = parse(&value.to_string());
            let mut builder = Builder::default();
            Tree::Carried(source.root(), 7).write(&mut builder);
            let made = builder.finish(None, &Limits::default()).unwrap();
            prop_assert_eq!(made.root().canonical(), source.root().canonical());
        }

        #[test]
        fn what_is_taken_apart_is_still_the_same(one in crate::document::laws::value(), other in crate::document::laws::value()) {
            let (first, second) = (parse(&one.to_string()), parse(&other.to_string()));
            let (whole, apart) = (Tree::Source(first.root()), open(&Tree::Source(first.root())));
            let second = Tree::Source(second.root());
            prop_assert!(whole.same(&apart) && apart.same(&whole) && apart.same(&apart));
            prop_assert_eq!(apart.same(&second), whole.same(&second));
            prop_assert_eq!(second.same(&apart), second.same(&whole));
        }
    }

    /// Made of parts, as deep as it goes.
    fn open<'a>(tree: &Tree<'a>) -> Tree<'a> {
        match tree.kind() {
            Some(Kind::Array) => Tree::List(tree.elements().iter().map(open).collect(), 0),
            Some(Kind::Object) => Tree::Object(
                Members(tree.members().0.iter().map(|(name, member)| (name.clone(), open(member))).collect()),
                0,
            ),
            Some(Kind::String) => Tree::Text(tree.as_str().unwrap(), 0),
            _ => tree.clone(),
        }
    }
}

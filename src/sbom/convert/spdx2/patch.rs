//! What one form of an element says and the other cannot: the difference between what was there and what comes back by
//! itself, as additions in the sense of RFC 6902, section 4.1.
//!
//! A patch sets a member (`/scope`), inserts an element before an index (`/hashes/2`) or sets a member of an element
//! (`/externalReferences/0/hashes`). The value `null` says that the member was not there. Patches are applied in their
//! order.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::tree::{Members, Tree};

/// One addition.
#[derive(Debug, Clone)]
pub(super) struct Patch<'a> {
    /// The member of the element.
    pub(super) member: Cow<'a, str>,
    /// The element of a member that is a list.
    pub(super) index: Option<usize>,
    /// The member of that element.
    pub(super) inner: Option<Cow<'a, str>>,
    /// What is there; nothing where nothing was.
    pub(super) value: Option<Tree<'a>>,
}

impl<'a> Patch<'a> {
    pub(super) fn member(member: impl Into<Cow<'a, str>>, value: Option<Tree<'a>>) -> Self {
        Self { member: member.into(), index: None, inner: None, value }
    }

    pub(super) fn element(member: impl Into<Cow<'a, str>>, index: usize, value: Tree<'a>) -> Self {
        Self { member: member.into(), index: Some(index), inner: None, value: Some(value) }
    }

    /// The place as it is written: an RFC 6901 pointer in which `%`, `=` and control characters are percent-encoded.
    pub(super) fn place(&self) -> String {
        let mut place = String::new();
        token(&self.member, &mut place);
        if let Some(index) = self.index {
            token(&index.to_string(), &mut place);
        }
        if let Some(inner) = &self.inner {
            token(inner, &mut place);
        }
        place
    }

    /// Reads a place; nothing where it is none that [`Self::place`] writes.
    pub(super) fn parse(place: &str, value: Tree<'a>) -> Option<Self> {
        let mut tokens = place.strip_prefix('/')?.split('/').map(decode);
        let member = Cow::Owned(tokens.next()??);
        let index = match tokens.next() {
            Some(token) => {
                Some(token.filter(|token| token == "0" || !token.starts_with(['0', '+']))?.parse().ok()?)
            }
            None => None,
        };
        let inner = match tokens.next() {
            Some(token) => Some(Cow::Owned(token?)),
            None => None,
        };
        let is_absence = index.is_none() && value.is_null();
        let value = (!is_absence).then_some(value);
        tokens.next().is_none().then_some(Self { member, index, inner, value })
    }
}

/// Applies patches in their order, in linear time. Those that find no place of their shape, or that go back in a list,
/// are left; their numbers are given.
pub(super) fn apply<'a>(patches: &[Patch<'a>], element: &mut Members<'a>) -> Vec<usize> {
    let mut left = Vec::new();
    let mut next = 0;
    while let Some(patch) = patches.get(next) {
        let run = patches[next..]
            .iter()
            .take_while(|other| other.member == patch.member && other.index.is_some())
            .count();
        match &patch.value {
            _ if run > 0 => {
                left.extend(merge(&patches[next..next + run], element).into_iter().map(|i| next + i));
            }
            Some(value) => element.set(patch.member.clone(), value.clone()),
            None => drop(element.remove(&patch.member)),
        }
        next += run.max(1);
    }
    left
}

/// Applies patches of the elements of one list.
fn merge<'a>(run: &[Patch<'a>], element: &mut Members<'a>) -> Vec<usize> {
    let member = &run[0].member;
    let (rest, at) = match element.get(member) {
        Some(list) if list.is_list() => (list.elements(), list.at()),
        Some(_) => return (0..run.len()).collect(),
        None => (Vec::new(), run[0].value.as_ref().map_or(0, Tree::at)),
    };
    let (mut made, mut rest, mut left) =
        (Vec::with_capacity(rest.len() + run.len()), rest.into_iter(), Vec::new());
    for (number, patch) in run.iter().enumerate() {
        let (Some(index), Some(value)) = (patch.index, &patch.value) else {
            left.push(number);
            continue;
        };
        let wanted = index.saturating_add(usize::from(patch.inner.is_some()));
        made.extend(rest.by_ref().take(wanted.saturating_sub(made.len())));
        match &patch.inner {
            None if index == made.len() => made.push(value.clone()),
            Some(inner) if made.get(index).is_some_and(Tree::is_object) => {
                let mut members = made[index].members();
                members.set(inner.clone(), value.clone());
                made[index] = Tree::Object(members, made[index].at());
            }
            _ => left.push(number),
        }
    }
    made.extend(rest);
    if left.len() < run.len() {
        element.set(member.clone(), Tree::List(made, at));
    }
    left
}

/// The patches that make `want` of `have`.
pub(super) fn residue<'a>(want: &Members<'a>, have: &Members<'a>) -> Vec<Patch<'a>> {
    let mut patches = Vec::new();
    for (name, own) in &want.0 {
        match have.get(name) {
            // `null` cannot be told from absence: see the ledger.
            _ if own.is_null() => {}
            Some(there) if there.same(own) => {}
            Some(there) if there.is_list() && own.is_list() => {
                match elements(name, &own.elements(), &there.elements()) {
                    Some(found) => patches.extend(found),
                    None => patches.push(Patch::member(name.clone(), Some(own.clone()))),
                }
            }
            _ => patches.push(Patch::member(name.clone(), Some(own.clone()))),
        }
    }
    for (name, _) in &have.0 {
        if want.get(name).is_none_or(Tree::is_null) {
            patches.push(Patch::member(name.clone(), None));
        }
    }
    patches
}

/// The insertions that make one list of another; nothing where that takes more than insertions.
fn elements<'a>(name: &Cow<'a, str>, want: &[Tree<'a>], have: &[Tree<'a>]) -> Option<Vec<Patch<'a>>> {
    let mut patches = Vec::new();
    let mut rest = have.iter().peekable();
    for (index, own) in want.iter().enumerate() {
        let Some(next) = rest.peek() else {
            patches.push(Patch::element(name.clone(), index, own.clone()));
            continue;
        };
        if next.same(own) {
            rest.next();
        } else if let Some(more) = excess(own, next) {
            rest.next();
            patches.extend(more.into_iter().map(|(inner, value)| Patch {
                member: name.clone(),
                index: Some(index),
                inner: Some(inner),
                value: Some(value),
            }));
        } else {
            patches.push(Patch::element(name.clone(), index, own.clone()));
        }
    }
    rest.next().is_none().then_some(patches)
}

/// The members that one object has more than another; nothing where they differ in anything else.
fn excess<'a>(own: &Tree<'a>, there: &Tree<'a>) -> Option<Vec<(Cow<'a, str>, Tree<'a>)>> {
    if !own.is_object() || !there.is_object() {
        return None;
    }
    let (own, there) = (own.members(), there.members());
    own.holds(&there).then(|| own.0.into_iter().filter(|(name, _)| there.get(name).is_none()).collect())
}

fn token(token: &str, out: &mut String) {
    out.push('/');
    for character in token.chars() {
        match character {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            '%' | '=' | '\0'..='\u{1f}' | '\u{7f}' => {
                let _ = write!(out, "%{:02X}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
}

fn decode(token: &str) -> Option<String> {
    let mut pieces = token.split('%');
    let mut text = pieces.next()?.to_owned();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        text.push(char::from(u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii)?));
        text.push_str(rest);
    }
    Some(text.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Document, Limits};

    fn parse(text: &str) -> Document {
        Document::parse(text.into(), &Limits::default()).unwrap()
    }

    fn check(want: &str, have: &str, expected: &[&str]) {
        let (want, have) = (parse(want), parse(have));
        let (want, have) = (Tree::Source(want.root()).members(), Tree::Source(have.root()).members());
        let patches = residue(&want, &have);
        let places: Vec<String> = patches.iter().map(Patch::place).collect();
        assert_eq!(places, expected);
        let mut made = have;
        assert_eq!(apply(&patches, &mut made), [0; 0]);
        assert!(Tree::Object(made, 0).same(&Tree::Object(want, 0)));
    }

    #[test]
    fn only_what_is_different_is_carried() {
        check(r#"{"a":1,"b":[1,2]}"#, r#"{"b":[1.0,2],"a":1}"#, &[]);
        check(r#"{"a":1}"#, r#"{"b":2}"#, &["/a", "/b"]);
        check(r#"{"l":[1,2,3,4]}"#, r#"{"l":[2,4]}"#, &["/l/0", "/l/2"]);
        check(r#"{"l":[{"a":1,"b":2},3]}"#, r#"{"l":[{"a":1}]}"#, &["/l/0/b", "/l/1"]);
        check(r#"{"l":[1,2]}"#, r#"{"l":[2,1]}"#, &["/l"]);
        check(r#"{"l":[]}"#, r#"{"l":[1]}"#, &["/l"]);
        check(r#"{"a~/=%b":1}"#, "{}", &["/a~0~1%3D%25b"]);
    }

    #[test]
    fn a_place_that_nobody_wrote_is_none() {
        let one = parse("1");
        for place in ["", "a", "/a/x", "/a/01", "/a/+1", "/a/-", "/a/0/b/c", "/a%2", "/a%ZZ", "/a%C3"] {
            assert!(Patch::parse(place, Tree::Source(one.root())).is_none(), "{place}");
        }
    }

    #[test]
    fn a_patch_of_another_shape_is_refused() {
        let document = parse(r#"{"a":1,"l":[1]}"#);
        let one = parse("1");
        for place in ["/a/0", "/l/2", "/l/0/x", "/m/1"] {
            let mut members = Tree::Source(document.root()).members();
            let patch = Patch::parse(place, Tree::Source(one.root())).unwrap();
            assert_eq!(apply(&[patch], &mut members), [0], "{place}");
        }
    }

    fn object() -> impl Strategy<Value = serde_json::Value> {
        let member = prop_oneof![
            crate::document::laws::value(),
            proptest::collection::vec(crate::document::laws::value(), 0..5).prop_map(serde_json::Value::from),
        ];
        proptest::collection::btree_map(
            "[ab/~=%\n]{0,2}",
            member.prop_filter("null", |value| !value.is_null()),
            0..4,
        )
        .prop_map(|members| serde_json::Value::Object(members.into_iter().collect()))
    }

    proptest! {
        #[test]
        fn what_is_missing_comes_back(want in object(), have in object()) {
            let (want, have) = (parse(&want.to_string()), parse(&have.to_string()));
            let (want, mut made) = (Tree::Source(want.root()).members(), Tree::Source(have.root()).members());
            let null = parse("null");
            let mut patches = Vec::new();
            for patch in residue(&want, &made) {
                let value = patch.value.clone().unwrap_or(Tree::Source(null.root()));
                patches.push(Patch::parse(&patch.place(), value).unwrap());
            }
            prop_assert!(apply(&patches, &mut made).is_empty());
            prop_assert!(Tree::Object(made, 0).same(&Tree::Object(want, 0)));
        }
    }
}

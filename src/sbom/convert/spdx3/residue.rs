//! What a document says that the other model cannot: the difference between what was there and what comes back by itself.
//!
//! It stands in an annotation of the element, as JSON (`contentType` is `application/json`):
//!
//! ```json
//! {"bomFormat": "CycloneDX", "specVersion": "1.6", "component": {"scope": "optional"}, "absent": ["version"]}
//! ```
//!
//! The members are those of the component (or `service`, `vulnerability`, `bom`, `metadata`) and take the place of what
//! comes back by itself; `absent` names members that come back and were not there.

use std::borrow::Cow;

use super::json::{Json, Member};
use crate::document::Value;

/// A difference.
#[derive(Debug, Default)]
pub(super) struct Residue<'a> {
    pub(super) set: Vec<Member<'a>>,
    pub(super) absent: Vec<Cow<'a, str>>,
}

impl<'a> Residue<'a> {
    /// Between an object and the members that come back by themselves. `skip` names members that are looked at elsewhere.
    /// `seen` is told of each member and whether it comes back.
    pub(super) fn of(
        value: Value<'a>,
        natural: &[Member<'a>],
        skip: &[&str],
        mut seen: impl FnMut(Value<'a>, bool),
    ) -> Self {
        let mut residue = Self::default();
        for (name, member) in value.members() {
            if skip.contains(&&*name) {
                continue;
            }
            let comes_back = natural.iter().any(|(own, made)| *own == name && made.same(member));
            seen(member, comes_back);
            if !comes_back {
                residue.set.push((name, Json::Value(member)));
            }
        }
        for (name, _) in natural {
            if !skip.contains(&&**name) && value.get(name).is_none() {
                residue.absent.push(name.clone());
            }
        }
        residue
    }

    pub(super) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.absent.is_empty()
    }
}

/// The text of an annotation that holds differences of the named objects.
pub(super) fn statement(version: &str, parts: Vec<(&'static str, Residue<'_>)>) -> String {
    let mut members: Vec<Member<'_>> = vec![
        ("bomFormat".into(), Json::text("CycloneDX")),
        ("specVersion".into(), Json::text(version.to_owned())),
    ];
    let mut absent = Vec::new();
    let alone = parts.len() == 1;
    for (name, residue) in parts {
        members.push((name.into(), Json::Object(residue.set)));
        let path = |own: Cow<'_, str>| if alone { own.into_owned() } else { format!("{name}/{own}") };
        absent.extend(residue.absent.into_iter().map(|own| Json::text(path(own))));
    }
    if !absent.is_empty() {
        members.push(("absent".into(), Json::List(absent)));
    }
    let mut text = Vec::new();
    Json::Object(members).compact(&mut text);
    String::from_utf8(text).unwrap_or_default()
}

//! The way down: each value meets the types that both versions have for its place.

use std::borrow::Cow;

use super::super::notation::Range;
use super::super::problem::cut;
use super::super::table::{Fields, List, Openness, Type, TypeId, find};
use super::fit::{broken, fits, older, repaired, resolve, wanted};
use super::plan::quoted;
use super::{Change, Shape, Side, Visit};
use crate::document::{Kind, Value};

impl<'d> Change<'d, '_> {
    pub(super) fn meet(&mut self, value: Value<'d>, side: Side, r#type: TypeId) {
        let side = match side {
            Side::Free => Side::Free,
            Side::Typed(r#type) => match resolve(self.source, r#type, value) {
                Some(r#type) if matches!(self.source.get(r#type), Type::Any) => Side::Free,
                Some(r#type) => Side::Typed(r#type),
                // Nothing told what this is; that does not change.
                None => return,
            },
        };
        let Some(target) = resolve(self.target, r#type, value) else {
            let reason = self.no_place();
            return self.lose(value, reason);
        };
        if let Side::Typed(source) = side
            && self.alike.is(source, target)
        {
            return;
        }
        match self.target.get(target) {
            Type::Any => {}
            Type::List(list) if value.kind() == Kind::Array => self.list(value, side, target, list),
            Type::Object(fields) if value.kind() == Kind::Object => self.object(value, side, target, fields),
            _ => self.scalar(value, side, target),
        }
    }

    fn list(&mut self, value: Value<'d>, side: Side, target: TypeId, list: &'static List) {
        let item = match side {
            Side::Free => Side::Free,
            Side::Typed(r#type) => match self.source.get(r#type) {
                Type::List(list) => Side::Typed(list.item),
                _ => return,
            },
        };
        self.visits.push(Visit { value, side, target, shape: Shape::Plain });
        self.open.extend(value.elements().map(|element| (element, item, list.item)));
    }

    fn object(&mut self, value: Value<'d>, side: Side, target: TypeId, fields: &'static Fields) {
        let source = self.source_fields(side);
        if source.is_none() && side != Side::Free {
            return;
        }
        self.visits.push(Visit { value, side, target, shape: Shape::Plain });
        let is_root = value == self.document.root();
        for (name, member) in value.members() {
            let own = match source {
                None => Some(Side::Free),
                Some(source) => match find(&source.own, &name) {
                    Some(index) => Some(Side::Typed(source.own[index].r#type)),
                    None => (source.openness != Openness::Closed).then_some(Side::Free),
                },
            };
            if is_root && self.head(&name, member) {
                continue;
            }
            match (find(&fields.own, &name), own) {
                (Some(index), Some(own)) => {
                    let r#type = fields.own[index].r#type;
                    if is_root && name == "metadata" {
                        self.move_manufacturer(member, r#type);
                    }
                    if !self.reshape(&name, member, own, r#type) {
                        self.open.push((member, own, r#type));
                    }
                }
                // It had no place and gets one: whatever it says may stay.
                (Some(_), None) => {}
                (None, own) => self.foreign(value, &name, member, own, fields),
            }
        }
    }

    /// The members by which a document says what it is.
    fn head(&mut self, name: &str, member: Value<'d>) -> bool {
        let (from, to) = (self.from.version(), self.to.version());
        let Some(content) = member.as_str() else { return false };
        let made = if name == self.to.language.version_field() && content.ends_with(from) {
            format!("{}{to}", &content[..content.len() - from.len()])
        } else if name == "$schema" && content.contains("cyclonedx.org/schema/bom-") {
            format!("http://cyclonedx.org/schema/bom-{to}.schema.json")
        } else {
            return false;
        };
        if made != content {
            self.put(member, quoted(&made), format!("the document follows {to}").into());
        }
        true
    }

    /// A member for which the target has no field of its name.
    fn foreign(
        &mut self,
        object: Value<'d>,
        name: &str,
        member: Value<'d>,
        own: Option<Side>,
        fields: &'static Fields,
    ) {
        if Some(member) == self.moved {
            return;
        }
        if let Some(own) = own
            && let Some((_, newer)) = RENAMED.iter().find(|(old, _)| *old == name)
            && let Some(index) = find(&fields.own, newer)
            && object.get(newer).is_none()
        {
            let reason =
                self.reason("renamed", name, || format!("`{newer}` was its name until `{name}` came"));
            self.plan.rename(member, newer);
            let is_text = matches!(self.target.get(fields.own[index].r#type), Type::Text(_));
            if !is_text {
                self.open.push((member, own, fields.own[index].r#type));
            }
            self.ledger.changed(member, reason);
            return;
        }
        if let Some(side) = own
            && name == "authors"
            && find(&fields.own, "author").is_some()
            && object.get("author").is_none()
        {
            self.visits.push(Visit { value: member, side, target: 0, shape: Shape::Authors });
            return;
        }
        // What a version has no word about stays where it has none about it either.
        let stays = match fields.openness {
            Openness::Open => true,
            Openness::Tolerated => own == Some(Side::Free),
            Openness::Closed => own.is_none() && fields.others.iter().all(|(other, _)| other != name),
        };
        if !stays {
            let reason = match fields.others.iter().find(|(other, _)| other == name) {
                Some((_, range)) => self.came(name, *range),
                None => self.has_none(name, own),
            };
            self.lose(member, reason);
        }
    }

    fn scalar(&mut self, value: Value<'d>, side: Side, target: TypeId) {
        let was_right = match side {
            Side::Free => true,
            Side::Typed(r#type) => fits(self.source, r#type, value),
        };
        if !was_right || fits(self.target, target, value) {
            return;
        }
        let reason = match (self.target.get(target), value.as_str()) {
            (Type::Enum(values), Some(content)) => {
                let other = values.others.iter().find(|(other, _)| *other == content);
                let reason = match other {
                    Some((_, range)) => self.came(&content, *range),
                    None => self.no_place(),
                };
                if let Some(nearest) = older(self.target, values, &content) {
                    let reason =
                        self.reason("older", &content, || format!("{reason}; `{nearest}` stands for it"));
                    return self.put(value, quoted(nearest), reason);
                }
                reason
            }
            (Type::Text(text), Some(content)) => {
                if let Some((made, reason)) = repaired(text, &content) {
                    return self.put(value, quoted(&made), reason.into());
                }
                let to = self.to.version();
                match broken(text, &content) {
                    Some(check) => format!("{to} wants {} here", wanted(check)).into(),
                    None => self.no_place(),
                }
            }
            // A transform of IKEv2 was the reference to its algorithm before it became an object (1.7).
            (Type::Text(_), None)
                if value.get("algorithm").is_some_and(|it| fits(self.target, target, it)) =>
            {
                return self.algorithm(value);
            }
            _ => self.no_place(),
        };
        self.lose(value, reason);
    }

    fn algorithm(&mut self, value: Value<'d>) {
        let to = self.to.version();
        for (name, member) in value.members() {
            if name == "algorithm" {
                self.plan.replace(value, member.raw().to_vec());
            } else {
                let reason = self.has_none(&name, None);
                self.ledger.dropped(member, reason);
            }
        }
        self.ledger.changed(value, format!("{to} has the reference to the algorithm alone"));
    }

    /// The version in which something came, or after which it went.
    pub(super) fn came(&mut self, name: &str, range: Range) -> Cow<'static, str> {
        let to = self.to;
        self.reason("came", name, || came_in(to, name, range))
    }

    /// The target has no field of that name here.
    pub(super) fn has_none(&mut self, name: &str, own: Option<Side>) -> Cow<'static, str> {
        let to = self.to.version();
        // Names that only their author knows are as many as they like.
        let is_own = matches!(own, Some(Side::Free));
        let name = if is_own { "" } else { name };
        self.reason("none", name, || {
            if name.is_empty() {
                format!("{to} has no fields but its own here")
            } else {
                format!("{to} has no `{}` here", cut(name))
            }
        })
    }

    pub(super) fn no_place(&self) -> Cow<'static, str> {
        format!("{} has another form for it", self.to.version()).into()
    }
}

fn came_in(to: super::Dialect, name: &str, range: Range) -> String {
    let versions = to.language.versions();
    let name = cut(name);
    if to.version < range.first {
        format!("`{name}` came in {}", versions[range.first])
    } else {
        format!("`{name}` went after {}", versions[range.last.min(versions.len() - 1)])
    }
}

/// Fields that have a new name, with the old one, which the newer version calls deprecated.
const RENAMED: [(&str, &str); 2] =
    [("certificateFileExtension", "certificateExtension"), ("ellipticCurve", "curve")];

//! What both versions can say, each in its own shape.

use super::super::problem::cut;
use super::super::table::{Fields, Type, TypeId, find};
use super::fit::resolve;
use super::plan::quoted;
use super::{Change, Shape, Side, Visit};
use crate::document::edit::lay_out;
use crate::document::{Kind, Value};

impl<'d> Change<'d, '_> {
    /// A field whose type changed its shape; false when it is no such field.
    pub(super) fn reshape(&mut self, name: &str, member: Value<'d>, side: Side, r#type: TypeId) -> bool {
        let Some(target) = resolve(self.target, r#type, member) else { return false };
        match (name, member.kind(), self.target.get(target)) {
            ("tools", Kind::Object, Type::List(list)) => self.meet_tools(member, side, list.item),
            ("identity", Kind::Array, Type::Object(_)) => self.meet_identity(member, side, target),
            _ => return false,
        }
        true
    }

    /// From 1.5 on a tool is a component or service; before, it is a thing of its own, which knows less.
    fn meet_tools(&mut self, tools: Value<'d>, side: Side, tool: TypeId) {
        self.visits.push(Visit { value: tools, side, target: tool, shape: Shape::Tools });
        let Some(fields) = self.fields(tool) else { return };
        for (name, list) in tools.members() {
            let side = self.item_of(self.member_of(side, tools, &name));
            for tool in list.elements().filter(|_| is_kind_of_tool(&name)) {
                for (name, member) in tool.members() {
                    if SHARED.contains(&&*name)
                        && let Some(index) = find(&fields.own, &name)
                    {
                        let side = self.member_of(side, tool, &name);
                        self.open.push((member, side, fields.own[index].r#type));
                    }
                }
            }
        }
    }

    pub(super) fn settle_tools(&mut self, tools: Value<'d>, target: TypeId) {
        let Some(fields) = self.fields(target) else { return };
        let to = self.to.version();
        let mut made: Vec<Vec<u8>> = Vec::new();
        for (name, list) in tools.members() {
            if !is_kind_of_tool(&name) || list.kind() != Kind::Array {
                let reason = self.has_none(&name, None);
                self.plan.drop(list);
                self.ledger.dropped(list, reason);
                continue;
            }
            for tool in list.elements() {
                made.extend(self.tool(tool, fields));
            }
        }
        let is_empty = tools.members().all(|(_, list)| list.elements().count() == 0);
        if made.is_empty() && !is_empty {
            let reason = self.no_place();
            return self.lose(tools, reason);
        }
        let text = [b"[", &made.join(&b","[..])[..], b"]"].concat();
        self.put(tools, lay_out(self.document, tools, text), format!("{to} has a list of tools here").into());
    }

    /// A component or service as a tool; nothing where there is nothing to say.
    fn tool(&mut self, tool: Value<'d>, fields: &Fields) -> Option<Vec<u8>> {
        let to = self.to.version();
        let vendor = vendor(tool);
        let mut members: Vec<Vec<u8>> = Vec::new();
        if let Some(name) = vendor.and_then(|vendor| vendor.as_str()) {
            members.push([b"\"vendor\":", &quoted(&name)[..]].concat());
        }
        for (name, member) in tool.members() {
            let has_it = SHARED.contains(&&*name) && find(&fields.own, &name).is_some();
            if has_it && self.plan.is_dropped(member) {
                continue;
            }
            if has_it {
                members.push([&quoted(&name)[..], b":", &self.plan.text_of(member)[..]].concat());
            } else if vendor.is_some_and(|vendor| holds(member, vendor)) {
                for (_, inner) in member.members().filter(|(_, inner)| Some(*inner) != vendor) {
                    self.ledger.dropped(inner, format!("a tool in {to} has the name of its vendor alone"));
                }
            } else {
                self.ledger.lost(member, format!("a tool in {to} has no `{}`", cut(&name)));
            }
        }
        (!members.is_empty()).then(|| [b"{", &members.join(&b","[..])[..], b"}"].concat())
    }

    /// Until 1.5 there is one identity: the one that is the most certain stays.
    fn meet_identity(&mut self, list: Value<'d>, side: Side, target: TypeId) {
        let certainty = |identity: &Value<'d>| {
            identity.get("confidence").and_then(|confidence| confidence.as_f64()).unwrap_or_default()
        };
        self.visits.push(Visit { value: list, side, target, shape: Shape::Identity });
        let mut best: Option<Value<'d>> = None;
        for identity in list.elements() {
            if best.is_none_or(|best| certainty(&identity) > certainty(&best)) {
                best = Some(identity);
            }
        }
        let item = self.item_of(side);
        if let Some(best) = best {
            self.open.push((best, item, target));
        }
        for identity in list.elements().filter(|identity| Some(*identity) != best) {
            let reason = format!("{} has one identity here, and another is more certain", self.to.version());
            self.lose(identity, reason.into());
        }
    }

    pub(super) fn settle_identity(&mut self, list: Value<'d>) {
        if let Some(best) = list.elements().find(|identity| !self.plan.is_dropped(*identity)) {
            let text = lay_out(self.document, list, self.plan.text_of(best));
            let reason = format!("{} has one identity here, and no list", self.to.version());
            self.put(list, text, reason.into());
        } else {
            self.lose_with(list);
        }
    }

    /// `authors` is a list of people from 1.6 on; before, `author` is a text.
    pub(super) fn settle_authors(&mut self, authors: Value<'d>) {
        let mut names = Vec::new();
        for author in authors.elements() {
            let text = |name: &str| author.get(name).and_then(|member| member.as_str());
            match (text("name"), text("email")) {
                (Some(name), Some(email)) => names.push(format!("{name} <{email}>")),
                (Some(one), None) | (None, Some(one)) => names.push(one.into_owned()),
                (None, None) => {}
            }
            for (_, member) in author.members().filter(|(name, _)| name != "name" && name != "email") {
                self.ledger.dropped(member, "`author` is one text, with names and mail addresses");
            }
        }
        if names.is_empty() {
            return self.lose(authors, "`authors` came in 1.6".into());
        }
        let text: String = names.join(", ").split(['\n', '\r']).collect::<Vec<_>>().join(" ");
        self.plan.rename(authors, "author");
        self.put(authors, quoted(&text), "`authors` came in 1.6; `author` is one text".into());
    }

    /// Until 1.5 the manufacturer of the product is `manufacture` of the metadata; 1.6 says that it took its place.
    pub(super) fn move_manufacturer(&mut self, metadata: Value<'d>, r#type: TypeId) {
        let Some(maker) = metadata.at("/component/manufacturer") else { return };
        let Some(fields) = self.fields(r#type) else { return };
        let field = |fields: &'static Fields, name: &str| {
            find(&fields.own, name).map(|index| fields.own[index].r#type)
        };
        let component = field(fields, "component").and_then(|component| self.fields(component));
        if let Some(target) = field(fields, "manufacture")
            && metadata.get("manufacture").is_none()
            && component.is_some_and(|component| field(component, "manufacturer").is_none())
        {
            self.moved = Some(maker);
            self.open.push((maker, Side::Free, target));
        }
    }

    /// Takes the manufacturer out of the product, and later puts it into the metadata.
    pub(super) fn settle_moved(&mut self, object: Value<'d>) {
        let Some(maker) = self.moved else { return };
        if object.get("manufacturer") == Some(maker) && !self.plan.is_dropped(maker) {
            self.moved_text = Some(self.plan.text_of(maker));
            self.plan.drop(maker);
            self.ledger.changed(maker, "`manufacture` of the metadata says it before 1.6");
        } else if object
            .get("component")
            .is_some_and(|component| component.get("manufacturer") == Some(maker))
            && let Some(text) = self.moved_text.take()
        {
            self.plan.add(object, "manufacture", lay_out(self.document, object, text));
        }
    }

    /// An expression has no other licences beside it: all of them become one expression where that says the same, else
    /// expressions become names.
    pub(super) fn settle_licences(&mut self, list: Value<'d>, expression: &str) {
        let left: Vec<Value<'d>> =
            list.elements().filter(|element| !self.plan.is_dropped(*element)).collect();
        if !left.iter().any(|element| self.kept(*element, expression).is_some()) {
            return;
        }
        let to = self.to.version();
        let terms: Option<Vec<(String, Option<String>)>> =
            left.iter().map(|one| self.term(*one, expression)).collect();
        if let Some(terms) = terms
            && terms.iter().all(|(_, acknowledgement)| *acknowledgement == terms[0].1)
        {
            let joined = terms.iter().map(|(term, _)| term.as_str()).collect::<Vec<_>>().join(" AND ");
            let mut text = [b"[{\"expression\":", &quoted(&joined)[..]].concat();
            if let Some(acknowledgement) = &terms[0].1 {
                text.extend_from_slice(b",\"acknowledgement\":");
                text.extend(quoted(acknowledgement));
            }
            text.extend_from_slice(b"}]");
            let reason = format!("an expression stands alone in {to}, so that they are joined with AND");
            return self.put(list, lay_out(self.document, list, text), reason.into());
        }
        for element in left {
            let Some(name) = self.kept(element, expression) else { continue };
            let mut members = vec![[b"\"name\":", name.raw()].concat()];
            for name in ["bom-ref", "acknowledgement"] {
                if let Some(member) = self.kept(element, name) {
                    members.push([&quoted(name)[..], b":", member.raw()].concat());
                }
            }
            let text = [b"{\"license\":{", &members.join(&b","[..])[..], b"}}"].concat();
            let reason =
                format!("an expression stands alone in {to}, so that it is a name beside the others");
            self.put(element, lay_out(self.document, element, text), reason.into());
        }
    }

    /// A licence as a part of an expression, with its acknowledgement; nothing where it says more than that.
    fn term(&self, element: Value<'d>, expression: &str) -> Option<(String, Option<String>)> {
        let (object, name) = match self.kept(element, "license") {
            Some(license) => (license, "id"),
            None => (element, expression),
        };
        let says_more = |object: Value<'d>, own: [&str; 2]| {
            object.members().any(|(name, member)| !self.plan.is_dropped(member) && !own.contains(&&*name))
        };
        if says_more(object, [name, "acknowledgement"])
            || (object != element && says_more(element, ["license", ""]))
        {
            return None;
        }
        let term = self.kept(object, name)?.as_str()?;
        let is_compound = [" AND ", " OR ", " and ", " or "].iter().any(|operator| term.contains(operator));
        let term = if is_compound { format!("({term})") } else { term.into_owned() };
        Some((term, self.kept(object, "acknowledgement").and_then(|it| it.as_str()).map(Into::into)))
    }

    /// A member that stays.
    fn kept(&self, object: Value<'d>, name: &str) -> Option<Value<'d>> {
        object.get(name).filter(|member| !self.plan.is_dropped(*member))
    }

    /// What the source says about a member of an object that it says something about.
    fn member_of(&self, side: Side, object: Value<'d>, name: &str) -> Side {
        let Side::Typed(r#type) = side else { return Side::Free };
        let fields = resolve(self.source, r#type, object).map(|r#type| self.source.get(r#type));
        match fields {
            Some(Type::Object(fields)) => {
                find(&fields.own, name).map_or(Side::Free, |index| Side::Typed(fields.own[index].r#type))
            }
            _ => Side::Free,
        }
    }

    /// What the source says about the elements of a list.
    fn item_of(&self, side: Side) -> Side {
        let Side::Typed(mut r#type) = side else { return Side::Free };
        if let Type::Choice(cases) = self.source.get(r#type) {
            let list = cases.iter().find(|case| matches!(self.source.get(case.r#type), Type::List(_)));
            let Some(case) = list else { return Side::Free };
            r#type = case.r#type;
        }
        match self.source.get(r#type) {
            Type::List(list) => Side::Typed(list.item),
            _ => Side::Free,
        }
    }
}

/// Who made a tool, from what a component or service says.
fn vendor(tool: Value<'_>) -> Option<Value<'_>> {
    ["/group", "/manufacturer/name", "/provider/name", "/supplier/name", "/publisher"]
        .iter()
        .find_map(|pointer| tool.at(pointer).filter(|value| value.kind() == Kind::String))
}

fn holds(outer: Value<'_>, inner: Value<'_>) -> bool {
    outer == inner || outer.members().any(|(_, member)| member == inner)
}

fn is_kind_of_tool(name: &str) -> bool {
    matches!(name, "components" | "services")
}

/// The fields that components and services share with tools.
const SHARED: [&str; 4] = ["name", "version", "hashes", "externalReferences"];

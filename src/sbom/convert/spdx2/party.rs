//! People, organizations and tools: `Person: NAME (EMAIL)` in SPDX (clauses 6.8, 7.5, 7.6), objects in CycloneDX.

use std::borrow::Cow;

use super::tree::{Members, Tree};

/// An organization of CycloneDX as SPDX writes it: by its name, or by its only contact.
pub(super) fn organization<'a>(value: &Tree<'a>) -> Option<Tree<'a>> {
    let contacts = value.get("contact").map(|list| list.elements()).unwrap_or_default();
    let email = contacts.first().and_then(|contact| contact.str("email"));
    match value.str("name") {
        Some(name) => Some(Tree::text(actor("Organization", &name, email.as_deref())?, value)),
        None => person(contacts.first()?),
    }
}

/// A contact of CycloneDX as SPDX writes it.
pub(super) fn person<'a>(value: &Tree<'a>) -> Option<Tree<'a>> {
    let text = actor("Person", &value.str("name")?, value.str("email").as_deref())?;
    Some(Tree::text(text, value))
}

/// A name on one line, which is not empty.
pub(super) fn named<'a>(kind: &str, name: &Tree<'a>) -> Option<Tree<'a>> {
    Some(Tree::text(actor(kind, &name.as_str()?, None)?, name))
}

fn actor(kind: &str, name: &str, email: Option<&str>) -> Option<String> {
    if !is_line(name) || name.trim() != name {
        return None;
    }
    match email.filter(|email| is_line(email) && !email.contains(['(', ')', ' '])) {
        Some(email) => Some(format!("{kind}: {name} ({email})")),
        // What stands in brackets at the end is read as a mail address.
        None if name.contains(['(', ')']) => Some(format!("{kind}: {name} ()")),
        None => Some(format!("{kind}: {name}")),
    }
}

/// A text of SPDX, taken apart.
pub(super) struct Actor<'a> {
    pub(super) kind: Kind,
    pub(super) name: Cow<'a, str>,
    pub(super) email: Option<Cow<'a, str>>,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Organization,
    Tool,
}

impl<'a> Actor<'a> {
    pub(super) fn read(text: &Cow<'a, str>) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let kind = match kind {
            "Person" => Kind::Person,
            "Organization" => Kind::Organization,
            "Tool" => Kind::Tool,
            _ => return None,
        };
        let rest = rest.trim();
        let (name, email) = match rest.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
            Some((name, email)) if kind != Kind::Tool => (name.trim(), Some(email.trim())),
            _ => (rest, None),
        };
        let owned = |text: &str| Cow::Owned(text.to_owned());
        let email = email.filter(|email| !email.is_empty()).map(owned);
        (!name.is_empty()).then(|| Self { kind, name: owned(name), email })
    }

    /// The object of CycloneDX for an organization: a person is its contact.
    pub(super) fn organization(&self, from: &Tree<'a>) -> Tree<'a> {
        let mut organization = Members::default();
        let mut contact = Members::default();
        match self.kind {
            Kind::Person => contact.push("name", Tree::text(self.name.clone(), from)),
            _ => organization.push("name", Tree::text(self.name.clone(), from)),
        }
        contact.maybe("email", self.email.clone().map(|email| Tree::text(email, from)));
        if !contact.0.is_empty() {
            organization.list("contact", vec![Tree::Object(contact, from.at())]);
        }
        Tree::Object(organization, from.at())
    }

    /// The object of CycloneDX for a contact.
    pub(super) fn contact(&self, from: &Tree<'a>) -> Tree<'a> {
        let mut contact = Members::default();
        contact.push("name", Tree::text(self.name.clone(), from));
        contact.maybe("email", self.email.clone().map(|email| Tree::text(email, from)));
        Tree::Object(contact, from.at())
    }
}

/// Whether a text fits on one line and says something.
pub(super) fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_read_as_it_is_written() {
        let cases = [
            ("Organization", "ACME", None, "Organization: ACME"),
            ("Person", "Jane Doe", Some("jane@acme.example"), "Person: Jane Doe (jane@acme.example)"),
            ("Organization", "ACME (US)", None, "Organization: ACME (US) ()"),
            ("Person", "A (B)", Some("c@d.example"), "Person: A (B) (c@d.example)"),
        ];
        for (kind, name, email, expected) in cases {
            let text = actor(kind, name, email).unwrap();
            assert_eq!(text, expected);
            let read = Actor::read(&Cow::Owned(text)).unwrap();
            assert_eq!((&*read.name, read.email.as_deref()), (name, email));
        }
        for text in ["NOASSERTION", "Person:", "Person: (a@b.example)", "Someone: X"] {
            assert!(Actor::read(&Cow::Borrowed(text)).is_none(), "{text}");
        }
        assert!(actor("Person", "two\nlines", None).is_none() && actor("Person", " ", None).is_none());
    }
}

//! What is signed: the enclosing object in RFC 8785's spelling, with the signature less what a signer could not know yet.
//!
//! JSF 0.82, section 4: `value` is absent; excluded members and `excludes` itself are absent; another signer of `signers` is
//! absent; later links of a `chain` are absent, earlier ones are there in full.

use super::signature::{Form, Outline};
use crate::document::signed::covers;
use crate::document::{Kind, Value, quote};

/// The enclosing object around one signature: the same for all its signers.
pub(super) struct Frame {
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Frame {
    /// `signature` is a member of an object, or the last element of an array.
    pub(super) fn new(enclosing: Value<'_>, outline: &Outline<'_>) -> Self {
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        if enclosing.kind() == Kind::Array {
            head.push(b'[');
            for element in enclosing.elements().filter(|element| *element != outline.object) {
                head.extend(element.canonical());
                head.push(b',');
            }
            tail.push(b']');
            return Self { head, tail };
        }
        let mut members: Vec<_> =
            enclosing.members().filter(|(name, _)| covers(outline.object, name)).collect();
        members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
        let mut seen = false;
        head.push(b'{');
        for (number, (name, value)) in members.into_iter().enumerate() {
            let side = if seen { &mut tail } else { &mut head };
            if number > 0 {
                side.push(b',');
            }
            quote(&name, side);
            side.push(b':');
            if value == outline.object {
                seen = true;
            } else {
                side.extend(value.canonical());
            }
        }
        tail.push(b'}');
        Self { head, tail }
    }

    /// What the signer of this number signs.
    pub(super) fn message(&self, outline: &Outline<'_>, number: usize) -> Vec<u8> {
        let own = |signer: Value<'_>, without: &[&str]| object(signer, without, None);
        let Some(signer) = outline.signers.get(number).copied() else { return Vec::new() };
        let signature = match outline.form {
            Form::Single => own(signer, &["value", "excludes"]),
            Form::Signers => {
                let list = [b"[".as_slice(), &own(signer, &["value"]), b"]"].concat();
                object(outline.object, &["excludes"], Some(("signers", &list)))
            }
            Form::Chain => {
                let mut list = vec![b'['];
                for earlier in &outline.signers[..number] {
                    list.extend(earlier.canonical());
                    list.push(b',');
                }
                list.extend(own(signer, &["value"]));
                list.push(b']');
                object(outline.object, &["excludes"], Some(("chain", &list)))
            }
        };
        [&*self.head, &signature, &self.tail].concat()
    }
}

/// An object without some members, one of them with another value.
fn object(value: Value<'_>, without: &[&str], instead: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut members: Vec<_> = value.members().filter(|(name, _)| !without.contains(&&**name)).collect();
    members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    let mut out = vec![b'{'];
    for (number, (name, value)) in members.into_iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        quote(&name, &mut out);
        out.push(b':');
        match instead {
            Some((other, text)) if other == name => out.extend_from_slice(text),
            _ => out.extend(value.canonical()),
        }
    }
    out.push(b'}');
    out
}

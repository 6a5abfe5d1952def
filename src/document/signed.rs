//! Which member of an object a signature inside it covers (JSON Signature Format 0.82, sections 4 and 5).
//!
//! An object with a `signature` is a signed scope. It covers every member but those that its signers exclude.

use super::{Kind, Value};

/// The member that makes an object a signed scope.
pub const SIGNATURE: &str = "signature";

/// The members of a signature that hold several signers.
pub const LISTS: [&str; 2] = ["signers", "chain"];

/// Whether a signature covers the member of that name in its object: whether one of its signers does.
pub fn covers(signature: Value<'_>, member: &str) -> bool {
    if excludes(signature, member) {
        return false;
    }
    let signers = LISTS.iter().find_map(|name| signature.get(name));
    let mut signers =
        signers.filter(|list| list.kind() == Kind::Array).into_iter().flat_map(|list| list.elements());
    let Some(first) = signers.next() else { return true };
    !excludes(first, member) || signers.any(|signer| !excludes(signer, member))
}

fn excludes(signer: Value<'_>, member: &str) -> bool {
    signer.get("excludes").is_some_and(|list| list.elements().any(|excluded| excluded.is(member)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Limits};

    #[test]
    fn a_member_is_covered_unless_every_signer_leaves_it_out() {
        let cases = [
            (r#"{"value": "x"}"#, true),
            (r#"{"excludes": ["m"]}"#, false),
            (r#"{"excludes": ["n"]}"#, true),
            (r#"{"signers": [{"excludes": ["m"]}, {}]}"#, true),
            (r#"{"chain": [{"excludes": ["m"]}, {"excludes": ["m"]}]}"#, false),
            (r#"{"signers": [{}], "excludes": ["m"]}"#, false),
            (r#"{"signers": []}"#, true),
            (r#"{"signers": 1}"#, true),
        ];
        for (text, expected) in cases {
            let document = Document::parse(text.into(), &Limits::default()).unwrap();
            assert_eq!(covers(document.root(), "m"), expected, "{text}");
        }
    }
}

//! Scopes: the objects of a document that carry a signature.

use crate::document::{Document, Value};

/// An object with a signature in it: what that signature signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope<'a> {
    /// The enclosing object.
    pub object: Value<'a>,
    /// The signature, whatever it is.
    pub signature: Value<'a>,
}

impl Scope<'_> {
    /// What the object is in CycloneDX, by where it stands.
    pub fn kind(&self) -> &'static str {
        kind(&self.object.pointer())
    }
}

/// All scopes, in the order of the text. Nothing inside a signature is one.
pub fn scopes<'a>(document: &'a Document, property: &str) -> Vec<Scope<'a>> {
    let mut found = Vec::new();
    let mut open = vec![document.root()];
    while let Some(value) = open.pop() {
        open.extend(value.elements());
        for (name, member) in value.members() {
            if name == property {
                found.push(Scope { object: value, signature: member });
            } else {
                open.push(member);
            }
        }
    }
    found.sort_by_key(|scope| scope.object.span().start);
    found
}

fn kind(pointer: &str) -> &'static str {
    let is_index = |token: &&str| !token.bytes().all(|byte| byte.is_ascii_digit()) || token.is_empty();
    let container = pointer.rsplit('/').find(is_index).unwrap_or_default();
    match container {
        "" => "bom",
        "component" | "components" => "component",
        "services" => "service",
        "compositions" => "composition",
        "annotations" => "annotation",
        "formulation" => "formula",
        "declarations" => "declarations",
        "attestations" => "attestation",
        "claims" => "claim",
        "evidence" => "evidence",
        "affirmation" => "affirmation",
        "signatories" => "signatory",
        "standards" => "standard",
        _ => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;

    #[test]
    fn every_object_with_a_signature_is_found_and_none_inside_a_signature() {
        let text = r#"{"signature":{"signature":{}},"components":[{},{"signature":1}],"declarations":{"signature":{},"claims":[{"signature":{}}]}}"#;
        let document = Document::parse(text.into(), &Limits::default()).unwrap();
        let found: Vec<_> = scopes(&document, "signature")
            .iter()
            .map(|scope| (scope.object.pointer(), scope.kind()))
            .collect();
        let expected = [
            ("", "bom"),
            ("/components/1", "component"),
            ("/declarations", "declarations"),
            ("/declarations/claims/0", "claim"),
        ];
        assert_eq!(found, expected.map(|(pointer, kind)| (pointer.to_owned(), kind)));
    }
}

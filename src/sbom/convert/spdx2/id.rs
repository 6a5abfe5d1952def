//! SPDXIDs (clause 6.3, 7.2, 8.2): `SPDXRef-` and letters, digits, dots and hyphens.

use std::collections::{HashMap, HashSet};

use super::tree::Members;

/// The SPDXID of the document itself.
pub(super) const DOCUMENT: &str = "SPDXRef-DOCUMENT";
const PREFIX: &str = "SPDXRef-";

/// Whether a text is one.
pub(super) fn is_id(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(fits))
}

fn fits(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-'
}

/// A text in the letters of an id, cut when it is long: everything else is one hyphen.
pub(super) fn words(text: &str, longest: usize) -> String {
    let mut word = String::new();
    for character in text.chars() {
        if word.len() == longest {
            break;
        }
        match u8::try_from(character) {
            Ok(byte) if fits(byte) && byte != b'-' => word.push(character),
            _ if !word.is_empty() && !word.ends_with('-') => word.push('-'),
            _ => {}
        }
    }
    word.truncate(word.trim_end_matches('-').len());
    word
}

/// What the id of a component is made of: its bom-ref, else its name and version.
pub(super) fn reference(component: &Members<'_>) -> String {
    if let Some(reference) = component.str("bom-ref") {
        return reference.into_owned();
    }
    let text = |name: &str| component.str(name).unwrap_or_default();
    format!("{}-{}", text("name"), text("version"))
}

/// The id that a bom-ref wants: itself, or what can be kept of it.
pub(super) fn wanted(text: &str) -> String {
    if is_id(text) && text != DOCUMENT {
        return text.to_owned();
    }
    let word = words(text, LONGEST);
    if word.is_empty() { format!("{PREFIX}element") } else { format!("{PREFIX}{word}") }
}

/// Whether an id is one that [`Ids`] gives to this bom-ref, whatever else is in the document.
pub(super) fn stands_for(id: &str, reference: &str) -> bool {
    let rest = id.strip_prefix(&wanted(reference));
    rest.is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix('-').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// The ids of a document. Those that are given are reserved first; of several that want one, the first gets it and the
/// others a number.
#[derive(Debug)]
pub(super) struct Ids {
    taken: HashSet<String>,
    /// Where to look for the next free number, for each id that several want.
    next: HashMap<String, usize>,
}

impl Ids {
    pub(super) fn new() -> Self {
        Self { taken: HashSet::from([DOCUMENT.to_owned()]), next: HashMap::new() }
    }

    /// Takes exactly this one, if it is free.
    pub(super) fn reserve(&mut self, id: &str) -> bool {
        is_id(id) && self.taken.insert(id.to_owned())
    }

    /// Takes the one that a text wants, or the next free one.
    pub(super) fn take(&mut self, text: &str) -> String {
        let wanted = wanted(text);
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        let next = self.next.entry(wanted.clone()).or_insert(2);
        loop {
            let id = format!("{wanted}-{next}");
            *next += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// Bytes of a bom-ref that an id repeats.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_kept_and_anything_else_is_made_one() {
        let mut ids = Ids::new();
        assert!(ids.reserve("SPDXRef-a.b-c") && !ids.reserve("SPDXRef-a.b-c") && !ids.reserve("a b"));
        assert_eq!(ids.take("a.b-c"), "SPDXRef-a.b-c-2");
        assert_eq!(ids.take("pkg:npm/%40x/y@1.0"), "SPDXRef-pkg-npm-40x-y-1.0");
        assert_eq!(ids.take("pkg:npm/@40x/y@1.0"), "SPDXRef-pkg-npm-40x-y-1.0-2");
        assert_eq!(
            (ids.take("DOCUMENT"), ids.take("é")),
            ("SPDXRef-DOCUMENT-2".into(), "SPDXRef-element".into())
        );
        assert!(stands_for("SPDXRef-a-b-2", "a/b") && !stands_for("SPDXRef-a-bc", "a/b"));
    }

    #[test]
    fn a_hundred_thousand_that_want_one_id_take_linear_time() {
        let mut ids = Ids::new();
        let all: HashSet<String> = (0..100_000).map(|_| ids.take("same")).collect();
        assert_eq!(all.len(), 100_000);
    }
}

//! The answer on a document as a whole.

use super::rules;
use super::signature::Options;
use super::verify::{Checked, State, verify};
use crate::document::Document;
use crate::finding::{Finding, Location};
use crate::keys::PublicKey;

/// Every signature of a document, and what is signed where a signature was expected.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// What became of each signature, in the order of the text.
    pub checked: Vec<Checked>,
    /// Places where a signature was expected and is not.
    pub absent: Vec<Finding>,
    scopes: Vec<String>,
}

impl Verdict {
    /// Whether every signature that counts is valid, and there is one.
    pub fn accepted(&self) -> bool {
        self.absent.is_empty()
            && self.checked.iter().filter(|one| self.counts(one)).all(|one| one.state == State::Valid)
    }

    /// Whether a signature was asked for: all are unless scopes were named.
    pub fn counts(&self, checked: &Checked) -> bool {
        self.scopes.is_empty() || self.scopes.contains(&checked.pointer)
    }
}

/// Checks every signature of a document, and that there is one at each of these pointers; without any, that there is one
/// at all.
pub fn judge(
    document: &Document,
    file: &str,
    keys: &[PublicKey],
    options: &Options,
    scopes: &[String],
) -> Verdict {
    let checked = verify(document, file, keys, options);
    let unsigned = |pointer: &String| !checked.iter().any(|one| one.pointer == *pointer);
    let mut absent: Vec<Finding> = scopes
        .iter()
        .filter(|pointer| unsigned(pointer))
        .map(|pointer| {
            let value = document.at(pointer);
            let position = value.map(|value| value.position());
            let message = match value {
                Some(_) => "there is no signature in this part",
                None => "there is no such part",
            };
            let subject = if pointer.is_empty() { "bom" } else { pointer.as_str() };
            rules::PRESENT.fail(subject, message).at(Location {
                file: file.to_owned(),
                pointer: Some(pointer.clone()),
                line: position.map(|position| position.line),
                column: position.map(|position| position.column),
            })
        })
        .collect();
    if scopes.is_empty() && checked.is_empty() {
        let location = Location { file: file.to_owned(), ..Location::default() };
        absent.push(rules::PRESENT.fail(file, "the document has no signature").at(location));
    }
    Verdict { checked, absent, scopes: scopes.to_vec() }
}

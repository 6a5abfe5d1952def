//! Words: counts, lists, and which name was probably meant.

use crate::sbom::grammar::edits;

/// `1 component`, `2 components`.
pub(super) fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A text that a message can hold.
pub(super) fn clip(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

/// The candidate that needs the fewest edits to become `text`, if they are few; of equal ones the first by name.
/// `budget` is the number of comparisons that may still be made, so that many misspelt names in a large document
/// do not cost its square.
pub(super) fn nearest<'a>(
    text: &str,
    candidates: impl Iterator<Item = &'a str>,
    budget: &mut usize,
) -> Option<&'a str> {
    if text.len() > COMPARED {
        return None;
    }
    let most = (text.chars().count() / 3).min(MOST_EDITS);
    candidates
        .filter(|candidate| candidate.len().abs_diff(text.len()) <= most * 4)
        .take_while(|_| {
            let go_on = *budget > 0;
            *budget = budget.saturating_sub(1);
            go_on
        })
        .filter_map(|candidate| Some((edits(text, candidate, most)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Characters of a text from a document that a message shows.
const SHOWN: usize = 200;
/// Bytes of a name that is compared with others.
const COMPARED: usize = 256;
/// Edits beyond which two names have nothing to do with each other.
const MOST_EDITS: usize = 12;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near<'a>(text: &str, candidates: &[&'a str]) -> Option<&'a str> {
        nearest(text, candidates.iter().copied(), &mut 100)
    }

    #[test]
    fn a_slip_is_recognised_and_another_name_is_not() {
        assert_eq!(
            near("pkg:npm/left-pad@1.3.0", &["pkg:npm/left-pad@1.3.1", "pkg:npm/pad"]),
            Some("pkg:npm/left-pad@1.3.1")
        );
        assert_eq!(near("serde", &["tokio", "rand"]), None);
        assert_eq!(near("aab", &["aac", "aaa"]), Some("aaa"), "of equal ones the first by name");
        assert_eq!(near(&"a".repeat(300), &[&"a".repeat(300)]), None, "too long to compare");
    }

    #[test]
    fn comparisons_are_bounded() {
        let mut budget = 1;
        assert_eq!(nearest("abcdef", ["abcdeg", "abcdef"].into_iter(), &mut budget), Some("abcdeg"));
        assert_eq!(nearest("abcdef", ["abcdef"].into_iter(), &mut budget), None);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(clip(&"é".repeat(201)).chars().count(), 201);
        assert_eq!(clip("short"), "short");
    }

    proptest! {
        #[test]
        fn distances_are_symmetric_and_bounded(one in "[ab]{0,8}", other in "[ab]{0,8}") {
            let distance = edits(&one, &other, 99).unwrap();
            prop_assert_eq!(Some(distance), edits(&other, &one, 99));
            prop_assert_eq!(distance == 0, one == other);
            prop_assert!(distance <= one.len().max(other.len()));
            prop_assert_eq!(edits(&one, &other, 2), Some(distance).filter(|&distance| distance <= 2));
        }
    }
}

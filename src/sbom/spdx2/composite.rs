//! Values with an inner form: read into their parts, and written from them.
//!
//! What does not have its form loses nothing: the parts that are there are given, and the grammar says what is missing.

use super::lines::trim;

/// `ALGORITHM: digits` (8.4). Without a colon everything is digits.
pub(super) fn checksum(value: &str) -> (Option<&str>, &str) {
    match value.split_once(':') {
        Some((algorithm, digits)) => (Some(trim(algorithm)), trim(digits)),
        None => (None, value),
    }
}

/// Up to three words; the last one takes the rest (6.6, 7.21 and 11.1).
pub(super) fn words(value: &str) -> [Option<&str>; 3] {
    let (first, rest) = word(value);
    let (second, rest) = word(rest);
    [first, second, Some(rest).filter(|rest| !rest.is_empty())]
}

fn word(text: &str) -> (Option<&str>, &str) {
    let end = text.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (Some(word).filter(|word| !word.is_empty()), trim(rest))
}

/// `first:last` (9.3).
pub(super) fn range(value: &str) -> (&str, Option<&str>) {
    match value.split_once(':') {
        Some((first, last)) => (trim(first), Some(trim(last))),
        None => (value, None),
    }
}

/// Whether a text is a number as JSON writes it, and one that every reader keeps.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && !text.is_empty() && text.len() <= DIGITS && (text == "0" || !text.starts_with('0'))
}

/// `digits (excludes: name, name)` (7.9), also without the word, as the examples of the specification have it. The
/// list is what stands between the brackets; what has another form is all digits.
pub(super) fn verification_code(value: &str) -> (&str, Option<&str>) {
    let Some((code, list)) = value.split_once('(') else { return (value, None) };
    let Some(list) = list.strip_suffix(')') else { return (value, None) };
    let list = trim(list);
    (trim(code), Some(trim(list.strip_prefix("excludes:").unwrap_or(list))))
}

/// The names of the list of a verification code.
pub(super) fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(trim).filter(|name| !name.is_empty())
}

/// Digits of a number that a double holds for certain.
const DIGITS: usize = 15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_and_what_is_not_there_is_missing() {
        assert_eq!(checksum("SHA1: ab"), (Some("SHA1"), "ab"));
        assert_eq!(checksum("SHA1 :ab:c"), (Some("SHA1"), "ab:c"));
        assert_eq!((checksum("ab"), checksum(":")), ((None, "ab"), (Some(""), "")));
        assert_eq!(words("a \t b  c d"), [Some("a"), Some("b"), Some("c d")]);
        assert_eq!((words("a b"), words("")), ([Some("a"), Some("b"), None], [None; 3]));
        assert_eq!(range("1 : 20"), ("1", Some("20")));
        assert_eq!((range("x"), range(":")), (("x", None), ("", Some(""))));
    }

    #[test]
    fn a_verification_code_names_what_it_excludes() {
        assert_eq!(verification_code("ab"), ("ab", None));
        assert_eq!(verification_code("ab (excludes: ./a, ./b)"), ("ab", Some("./a, ./b")));
        assert_eq!(verification_code("ab(./a)"), ("ab", Some("./a")));
        assert_eq!(verification_code("ab (x"), ("ab (x", None));
        assert_eq!(names(" ./a,, ./b ").collect::<Vec<_>>(), ["./a", "./b"]);
    }

    #[test]
    fn numbers_are_those_that_come_back_as_they_were() {
        assert!(["0", "7", "310", "999999999999999"].into_iter().all(is_number));
        assert!(
            ["", "00", "07", "-1", "+1", "1.0", "1e3", "1000000000000000", "x"]
                .iter()
                .all(|text| !is_number(text))
        );
    }
}

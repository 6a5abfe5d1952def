//! Text of XML as values of JSON, and back: the lexical forms of XML Schema, part 2.

use std::borrow::Cow;

/// Text in which white space around it is nothing, and every run of it one space (`collapse`).
pub(super) fn collapsed(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_matches(is_space);
    let mut spaces = 0;
    let is_plain = trimmed.chars().all(|c| {
        spaces = if is_space(c) { spaces + 1 } else { 0 };
        spaces < 2 && (c == ' ' || !is_space(c))
    });
    if is_plain {
        return Cow::Borrowed(trimmed);
    }
    Cow::Owned(trimmed.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

/// Text in which every white space is a space (`replace`).
pub(super) fn replaced(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains(is_break) { Cow::Owned(text.replace(is_break, " ")) } else { text }
}

/// `xs:boolean`
pub(super) fn boolean(text: &str) -> Option<&'static str> {
    match text {
        "true" | "1" => Some("true"),
        "false" | "0" => Some("false"),
        _ => None,
    }
}

/// `xs:integer` or `xs:decimal` as JSON writes it, with all its digits. What no double holds is left to be refused.
pub(super) fn number(text: &str, is_integer: bool) -> Option<String> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some(_) if is_integer => return None,
        Some(split) => split,
        None => (digits, ""),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > MOST_DIGITS {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// A number of JSON as `xs:decimal`: without an exponent, and as an integer where its value is one. Nothing where it
/// has more digits than anyone reads.
pub(super) fn decimal(json: &str) -> Option<String> {
    let (mantissa, exponent) = json.split_once(['e', 'E']).unwrap_or((json, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if exponent == "0" && !fraction.bytes().all(|digit| digit == b'0') {
        return Some(json.to_owned());
    }
    let exponent: i32 = exponent.parse().ok()?;
    let digits = format!("{whole}{fraction}");
    // Where the point stands, counted from the first digit.
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    if point.unsigned_abs() as usize > MOST_DIGITS || digits.len() > MOST_DIGITS {
        return None;
    }
    let (whole, fraction) = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => (format!("{digits:0<point$}"), String::new()),
        Ok(point) => (digits[..point].to_owned(), digits[point..].to_owned()),
        Err(_) => (String::new(), "0".repeat(point.unsigned_abs() as usize) + &digits),
    };
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

fn is_space(c: char) -> bool {
    c == ' ' || is_break(c)
}

fn is_break(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r')
}

/// Digits before the point that a double can hold.
const MOST_DIGITS: usize = 308;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn white_space_collapses_as_xml_schema_says() {
        assert_eq!(collapsed(" \n a \t b\u{a0} "), "a b\u{a0}");
        assert!(matches!(collapsed("  a b "), Cow::Borrowed("a b")));
        assert_eq!((collapsed(" \n"), replaced("a\r\nb".into())), ("".into(), "a  b".into()));
    }

    #[test]
    fn numbers_lose_what_json_does_not_write() {
        let decimals = [
            ("+5", Some("5")),
            ("007", Some("7")),
            (".5", Some("0.5")),
            ("5.", Some("5")),
            ("-0.50", Some("-0.50")),
            ("0", Some("0")),
            ("", None),
            (".", None),
            ("+", None),
            ("1e3", None),
            ("1 2", None),
            ("--1", None),
            ("NaN", None),
            ("1.2.3", None),
        ];
        for (text, json) in decimals {
            assert_eq!(number(text, false).as_deref(), json, "{text}");
        }
        assert_eq!((number("1.0", true), number("12", true).as_deref()), (None, Some("12")));
        assert_eq!(number(&"9".repeat(MOST_DIGITS + 1), true), None);
    }

    #[test]
    fn exponents_are_spelled_out() {
        let cases = [
            ("1e3", "1000"),
            ("1.5E-3", "0.0015"),
            ("-12.50e1", "-125"),
            ("0.7", "0.7"),
            ("1.0", "1"),
            ("0e5", "0"),
            ("5", "5"),
            ("1.25e1", "12.5"),
        ];
        for (json, xml) in cases {
            assert_eq!(decimal(json).as_deref(), Some(xml), "{json}");
        }
        assert_eq!((decimal("1e999"), decimal("1e-999")), (None, None));
    }

    proptest! {
        #[test]
        fn a_number_keeps_its_value(value in -1e30_f64..1e30) {
            for json in [value.to_string(), format!("{value:e}")] {
                let xml = decimal(&json).unwrap();
                let back: f64 = number(&xml, false).unwrap().parse().unwrap();
                prop_assert_eq!(back.to_bits(), (value + 0.0).to_bits());
            }
        }
    }
}

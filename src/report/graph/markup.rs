//! Text of a document inside HTML, SVG and scripts: it stays text.

use std::fmt::Write as _;

use serde::Serialize;

use crate::report::terminal::printable;

/// Text between tags or inside the quotation marks of an attribute. Control and bidirectional characters are shown
/// as escapes, and so is what XML 1.0 does not allow (<https://www.w3.org/TR/xml/#charsets>).
pub(super) fn text(raw: &str) -> String {
    let mut safe = String::with_capacity(raw.len());
    for character in printable(raw).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => safe.extend(character.escape_unicode()),
            _ => safe.push(character),
        }
    }
    safe
}

/// JSON that can stand inside a `script` element: outside its strings none of these characters occurs.
pub(super) fn json(value: &impl Serialize) -> String {
    // Only maps with keys that are no strings fail, and there are none.
    let plain = serde_json::to_string(value).unwrap_or_default();
    let mut safe = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(safe, "\\u{:04x}", u32::from(character));
            }
            _ => safe.push(character),
        }
    }
    safe
}

/// At most `limit` characters, the last one an ellipsis if there were more.
pub(super) fn clipped(raw: &str, limit: usize) -> String {
    match raw.char_indices().nth(limit) {
        None => raw.to_owned(),
        Some(_) => raw.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// A number with its thousands apart.
pub(super) fn number(value: usize) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 component`, `2,000 components`.
pub(super) fn count(value: usize, noun: &str) -> String {
    format!("{} {noun}{}", number(value), if value == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup_nor_steer_its_reader() {
        assert_eq!(
            text("</title><img src='x' onerror=\"a&b\">"),
            "&lt;/title&gt;&lt;img src=&#39;x&#39; onerror=&quot;a&amp;b&quot;&gt;"
        );
        assert_eq!(
            text("a\u{0}\u{1b}\u{202e}\u{ffff}\u{fffe}b"),
            "a\\u{0}\\u{1b}\\u{202e}\\u{ffff}\\u{fffe}b"
        );
        assert_eq!(text("größer 数 🦀"), "größer 数 🦀");
    }

    #[test]
    fn json_cannot_end_its_script_and_stays_the_same_json() {
        let hostile = ["</script><!--<script>", "]]>&lt;", "\u{2028}\u{2029}\"\\"];
        let safe = json(&hostile);
        assert!(!safe.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{safe}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&safe).unwrap(), hostile);
    }

    #[test]
    fn clipping_counts_characters_and_says_so() {
        assert_eq!(clipped("数数数", 3), "数数数");
        assert_eq!(clipped("数数数数", 3), "数数…");
        assert_eq!(clipped("", 0), "");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(count(1, "step"), "1 step");
    }
}

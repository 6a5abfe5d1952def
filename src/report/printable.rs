//! Text of others, made fit for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text without anything a terminal would obey or a reader could not see: control characters (C0, DEL, C1), line
/// breaks, marks that reorder or hide text. Each is shown as its escape, `\u{1b}`, as Rust writes it.
///
/// Everything that was attested, downloaded or read from a bundle goes through this on its way to a terminal. JSON
/// reports need it not: they escape the same characters.
///
/// ```
/// use sbom_attest::report::terminal::printable;
///
/// assert_eq!(printable("bell 0.3.0"), "bell 0.3.0");
/// assert_eq!(printable("\u{1b}[31mred\nline"), r"\u{1b}[31mred\nline");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unfit) {
        return Cow::Borrowed(text);
    }
    let mut fit = String::with_capacity(text.len() + ROOM);
    for character in text.chars() {
        match character {
            '\n' => fit.push_str("\\n"),
            '\r' => fit.push_str("\\r"),
            '\t' => fit.push_str("\\t"),
            unfit if is_unfit(unfit) => {
                // Writing into a string cannot fail.
                let _ = write!(fit, "\\u{{{:x}}}", u32::from(unfit));
            }
            other => fit.push(other),
        }
    }
    Cow::Owned(fit)
}

/// Whether a terminal obeys a character, or a reader cannot see it.
pub(super) fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Room for a few escapes before the text grows.
const ROOM: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_passes() {
        let hostile =
            "\u{1b}]0;title\u{7}\u{9b}2J\u{202e}txt.exe\u{2066}\u{200b}\r\n\u{7f}\u{85}\u{2028}\u{feff}\0";
        let fit = printable(hostile);
        assert!(fit.chars().all(|character| !is_unfit(character) && !character.is_control()), "{fit}");
        assert_eq!(&fit[..16], r"\u{1b}]0;title\u");
    }

    #[test]
    fn ordinary_text_is_untouched() {
        for text in ["", "shop 1.0", "größer – 漢字 🦀", "C:\\path"] {
            assert!(matches!(printable(text), Cow::Borrowed(same) if same == text));
        }
    }
}

//! Text as it is meant: references replaced, line ends and attribute values normalised (sections 2.11 and 3.3.3).

use std::borrow::Cow;

use super::reference;

/// Text between tags. Line ends are LF, however they are written; a reference to one stays what it is.
pub(super) fn content(raw: &str) -> Cow<'_, str> {
    replaced(raw, |byte| matches!(byte, b'&' | b'\r'), |_| '\n')
}

/// A CDATA section: no references there.
pub(super) fn cdata(raw: &str) -> Cow<'_, str> {
    replaced(raw, |byte| byte == b'\r', |_| '\n')
}

/// The value of an attribute. Tabs and line ends are spaces, unless they are written as references.
pub(super) fn attribute(raw: &str) -> Cow<'_, str> {
    replaced(raw, |byte| matches!(byte, b'&' | b'\r' | b'\n' | b'\t'), |_| ' ')
}

/// Replaces references where `&` is special, and each special white space (CR LF is one) by what `space` says.
fn replaced(raw: &str, is_special: impl Fn(u8) -> bool, space: impl Fn(u8) -> char) -> Cow<'_, str> {
    let bytes = raw.as_bytes();
    let next = |from: usize| {
        bytes[from..].iter().position(|&byte| is_special(byte)).map_or(raw.len(), |at| from + at)
    };
    let mut at = next(0);
    if at == raw.len() {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    text.push_str(&raw[..at]);
    while at < raw.len() {
        let (character, length) = match bytes[at] {
            // The parser has checked it.
            b'&' => reference::read(&raw[at..]).unwrap_or((char::REPLACEMENT_CHARACTER, 1)),
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => (space(b'\r'), 2),
            byte => (space(byte), 1),
        };
        text.push(character);
        let end = next(at + length);
        text.push_str(&raw[at + length..end]);
        at = end;
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_one_character_and_references_stay() {
        assert_eq!(content("a\r\nb\rc\n\r\nd\t&#13;&#xD;\n&lt;&amp;lt;"), "a\nb\nc\n\nd\t\r\r\n<&lt;");
        assert_eq!(cdata("a\r\n&amp;\r"), "a\n&amp;\n");
        assert!(matches!(content("plain\n\ttext"), Cow::Borrowed(_)));
        assert!(matches!(cdata("&amp;"), Cow::Borrowed(_)));
    }

    #[test]
    fn white_space_of_an_attribute_is_spaces_unless_it_is_referred_to() {
        assert_eq!(attribute("a\r\nb\tc\nd\re&#9;f&#10;g&#13;h  i"), "a b c d e\tf\ng\rh  i");
        assert!(matches!(attribute(" two  spaces "), Cow::Borrowed(_)));
    }
}

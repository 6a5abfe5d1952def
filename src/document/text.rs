//! Strings: escapes read and written, and the order that RFC 8785 sorts names in.

use std::borrow::Cow;
use std::cmp::Ordering;

/// Appends a string as JSON writes it, in the one spelling of RFC 8785, section 3.2.2.2.
pub fn quote(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[copied..index]);
        copied = index + 1;
        match byte {
            b'"' => out.extend_from_slice(br#"\""#),
            b'\\' => out.extend_from_slice(br"\\"),
            0x08 => out.extend_from_slice(br"\b"),
            b'\t' => out.extend_from_slice(br"\t"),
            b'\n' => out.extend_from_slice(br"\n"),
            0x0C => out.extend_from_slice(br"\f"),
            b'\r' => out.extend_from_slice(br"\r"),
            _ => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
    }
    out.extend_from_slice(&bytes[copied..]);
    out.push(b'"');
}

/// The text of a string between its quotes, which the parser has checked.
pub(super) fn unescape(inner: &str) -> Cow<'_, str> {
    let Some(first) = inner.find('\\') else { return Cow::Borrowed(inner) };
    let mut text = String::with_capacity(inner.len());
    text.push_str(&inner[..first]);
    let mut rest = &inner[first..];
    while let Some(escape) = rest.strip_prefix('\\') {
        let (character, length) = match escape.as_bytes().first() {
            Some(b'b') => ('\u{8}', 1),
            Some(b'f') => ('\u{C}', 1),
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            Some(b'u') => unicode(escape),
            Some(&other) => (char::from(other), 1),
            None => break,
        };
        text.push(character);
        rest = &escape[length..];
        let plain = rest.find('\\').unwrap_or(rest.len());
        text.push_str(&rest[..plain]);
        rest = &rest[plain..];
    }
    Cow::Owned(text)
}

/// `uXXXX` or `uXXXX\uXXXX`, checked: the character, and how long it was.
fn unicode(escape: &str) -> (char, usize) {
    let unit =
        |from: usize| escape.get(from..from + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let high = unit(1).unwrap_or(u32::from(char::REPLACEMENT_CHARACTER));
    if let (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) = (high, unit(7)) {
        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 11);
    }
    (char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 5)
}

/// Order by UTF-16 code units (RFC 8785, section 3.2.3). It differs from the order of bytes only where a
/// character beyond the basic plane meets one of U+E000 to U+FFFF.
pub(super) fn by_utf16(one: &str, other: &str) -> Ordering {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    match (one.as_bytes().get(same), other.as_bytes().get(same)) {
        (Some(a), Some(b)) if *a >= 0xEE && *b >= 0xEE => one.encode_utf16().cmp(other.encode_utf16()),
        (a, b) => a.cmp(&b),
    }
}

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_escape_is_read() {
        assert_eq!(unescape(r#"a\"\\\/\b\f\n\r\t\u0041\ud83e\udd80z"#), "a\"\\/\u{8}\u{c}\n\r\tA🦀z");
        assert!(matches!(unescape("plain"), Cow::Borrowed("plain")));
    }

    proptest! {
        #[test]
        fn what_is_quoted_reads_back(text in any::<String>()) {
            let mut out = Vec::new();
            quote(&text, &mut out);
            let quoted = String::from_utf8(out).unwrap();
            prop_assert_eq!(unescape(&quoted[1..quoted.len() - 1]), text.clone());
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        }

        #[test]
        fn names_sort_by_utf16(one in "[aß\u{e000}\u{ffff}🦀]{0,3}", other in "[aß\u{e000}\u{ffff}🦀]{0,3}") {
            prop_assert_eq!(by_utf16(&one, &other), one.encode_utf16().cmp(other.encode_utf16()));
        }
    }
}

//! Characters: which ones XML has at all, which ones make names, and how long a run needs no look.

/// Section 2.2: what an XML document may hold, written as it is or as a reference.
pub(super) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character that XML does not allow, and its offset. Of UTF-8 these are control characters and two
/// non-characters, so that most texts are looked through with the compiler's vector code.
pub(super) fn first_forbidden(text: &str) -> Option<(usize, char)> {
    let mut start = 0;
    for block in text.as_bytes().chunks(BLOCK) {
        // Numbers instead of conditions, so that the compiler makes vector code of it.
        let suspect = |byte: u8| {
            let space = u8::from(byte == b'\t') | u8::from(byte == b'\n') | u8::from(byte == b'\r');
            u8::from(byte < 0x20) ^ space | u8::from(byte == 0xEF)
        };
        if block.iter().fold(0, |found, &byte| found | suspect(byte)) != 0 {
            // A character may begin before the block; its first byte was looked at there.
            let from = (start..start + block.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(start);
            let rest = text.get(from..).unwrap_or_default().char_indices();
            let found =
                rest.take_while(|(at, _)| from + at < start + block.len()).find(|(_, c)| !is_allowed(*c));
            if let Some((at, character)) = found {
                return Some((from + at, character));
            }
        }
        start += block.len();
    }
    None
}

/// How many bytes of text need no look: none of `<`, `&`, `]`. Eight at a time; the borrows of a subtraction can only
/// mark bytes after a real hit, so that the lowest mark is exact.
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    const LOW: u64 = u64::MAX / 255;
    const HIGH: u64 = LOW << 7;
    let zero = |word: u64| word.wrapping_sub(LOW) & !word;
    let mut length = 0;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let word = u64::from_le_bytes(*chunk);
        let hits = (zero(word ^ (LOW * 0x3C)) | zero(word ^ (LOW * 0x26)) | zero(word ^ (LOW * 0x5D))) & HIGH;
        if hits != 0 {
            return length + hits.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    length + rest.iter().take_while(|byte| !matches!(byte, b'<' | b'&' | b']')).count()
}

/// Whether a byte is white space (section 2.3).
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// How many bytes at the start are a name without colons (`NCName`); none when it starts with something else.
pub(super) fn name_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut length = 0;
    loop {
        match bytes.get(length) {
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => length += 1,
            Some(b'0'..=b'9' | b'-' | b'.') if length > 0 => length += 1,
            Some(0x80..) => {
                let Some(character) = text.get(length..).and_then(|rest| rest.chars().next()) else {
                    return length;
                };
                if !(starts_name(character) || length > 0 && continues_name(character)) {
                    return length;
                }
                length += character.len_utf8();
            }
            _ => return length,
        }
    }
}

/// `NameStartChar` of section 2.3 beyond ASCII.
fn starts_name(character: char) -> bool {
    matches!(character,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// What `NameChar` adds to it.
fn continues_name(character: char) -> bool {
    matches!(character, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

const BLOCK: usize = 4096;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_ends_where_the_specification_says() {
        for (text, length) in [
            ("bom-ref=", 7),
            ("a:b", 1),
            ("-a", 0),
            ("1a", 0),
            (".a", 0),
            ("_x.9-y ", 6),
            ("é\u{B7}/", 4),
            ("\u{B7}a", 0),
            ("a\u{D7}", 1),
            ("\u{37E}", 0),
            ("\u{10000}>", 4),
            ("", 0),
            (":a", 0),
        ] {
            assert_eq!(name_length(text), length, "{text}");
        }
    }

    proptest! {
        #[test]
        fn forbidden_characters_are_found_where_they_stand(pieces in proptest::collection::vec("(\u{1}|\u{FFFE}|\u{FFFF}|\u{FFFD}|[a-z\n\r\té🦀\u{EFFF}]{0,900})", 0..24)) {
            let text = pieces.concat();
            prop_assert_eq!(first_forbidden(&text), text.char_indices().find(|(_, c)| !is_allowed(*c)));
        }

        #[test]
        fn eight_at_a_time_agree_with_one_by_one(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'<'), Just(b'&'), Just(b']'), Just(b'a')], 0..40)) {
            prop_assert_eq!(plain_length(&bytes), bytes.iter().take_while(|byte| !b"<&]".contains(byte)).count());
        }
    }
}

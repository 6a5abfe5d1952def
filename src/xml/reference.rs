//! References: the five entities that XML has, and characters by their number (sections 4.1 and 4.6).

use super::character::is_allowed;

/// Why an ampersand starts no reference.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem<'a> {
    Cut,
    Malformed,
    Undefined(&'a str),
    Forbidden(u32),
}

/// The character that a reference stands for, and its length. `text` starts with the ampersand.
pub(super) fn read(text: &str) -> Result<(char, usize), Problem<'_>> {
    let body = text.get(1..).unwrap_or_default();
    // Nothing that is defined is longer; a number may have leading zeros.
    let end = body.as_bytes().iter().take(LONGEST).position(|byte| !is_part(*byte));
    let Some(end) = end else {
        return Err(if body.len() < LONGEST { Problem::Cut } else { Problem::Malformed });
    };
    let name = &body[..end];
    if body.as_bytes()[end] != b';' {
        return Err(Problem::Malformed);
    }
    let code = match name.strip_prefix('#') {
        Some(number) => {
            let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
            if digits.is_empty() || !digits.bytes().all(|digit| char::from(digit).is_digit(radix)) {
                return Err(Problem::Malformed);
            }
            u32::from_str_radix(digits, radix).unwrap_or(u32::MAX)
        }
        None => match name {
            "lt" => u32::from('<'),
            "gt" => u32::from('>'),
            "amp" => u32::from('&'),
            "apos" => u32::from('\''),
            "quot" => u32::from('"'),
            "" => return Err(Problem::Malformed),
            _ => return Err(Problem::Undefined(name)),
        },
    };
    match char::from_u32(code).filter(|character| is_allowed(*character)) {
        Some(character) => Ok((character, end + 2)),
        None => Err(Problem::Forbidden(code)),
    }
}

/// What may stand between the ampersand and the semicolon of anything that is meant as a reference.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'_' | b'-' | b'.' | b':' | 0x80..)
}

/// Bytes of a reference between ampersand and semicolon.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_stands_for_one_character() {
        for (text, character, length) in [
            ("&lt;x", '<', 4),
            ("&gt;", '>', 4),
            ("&amp;amp;", '&', 5),
            ("&apos;", '\'', 6),
            ("&quot;", '"', 6),
            ("&#10;", '\n', 5),
            ("&#x9;", '\t', 5),
            ("&#x1F980;", '🦀', 9),
            ("&#00000000000000065;", 'A', 20),
        ] {
            assert_eq!(read(text), Ok((character, length)), "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_says_why() {
        for (text, problem) in [
            ("&", Problem::Cut),
            ("&am", Problem::Cut),
            ("&#x", Problem::Cut),
            ("& b", Problem::Malformed),
            ("&;", Problem::Malformed),
            ("&lt", Problem::Cut),
            ("&lt<", Problem::Malformed),
            ("&#;", Problem::Malformed),
            ("&#x;", Problem::Malformed),
            ("&#X41;", Problem::Malformed),
            ("&#1a;", Problem::Malformed),
            ("&#+5;", Problem::Malformed),
            ("&#-5;", Problem::Malformed),
            ("&nbsp;", Problem::Undefined("nbsp")),
            ("&LT;", Problem::Undefined("LT")),
            ("&é;", Problem::Undefined("é")),
            ("&#0;", Problem::Forbidden(0)),
            ("&#x1F;", Problem::Forbidden(0x1F)),
            ("&#xD800;", Problem::Forbidden(0xD800)),
            ("&#xFFFF;", Problem::Forbidden(0xFFFF)),
            ("&#x110000;", Problem::Forbidden(0x0011_0000)),
            ("&#99999999999999999999;", Problem::Forbidden(u32::MAX)),
        ] {
            assert_eq!(read(text), Err(problem), "{text}");
        }
        assert_eq!(read(&format!("&#{}65;", "0".repeat(100))), Err(Problem::Malformed));
        assert_eq!(read(&format!("&{};", "a".repeat(100))), Err(Problem::Malformed));
    }
}

//! JSON pointers (RFC 6901), parsed.

use std::fmt;
use std::str::FromStr;

use super::Error;

/// A JSON pointer: the names and indices on the way from the root, decoded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// The names and indices, from the root on.
    pub fn tokens(&self) -> &[String] {
        &self.0
    }

    /// The way to the container, and the name or index in it; nothing for the root.
    pub(super) fn split(&self) -> Option<(&[String], &str)> {
        self.0.split_last().map(|(last, parents)| (parents, last.as_str()))
    }

    /// Whether the other place is this one or inside it.
    pub fn holds(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl FromStr for Pointer {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let wrong = || Error::Pointer(text.chars().take(SHOWN).collect());
        let tokens = text.strip_prefix('/').ok_or_else(wrong)?;
        if tokens.replace("~0", "").replace("~1", "").contains('~') {
            return Err(wrong());
        }
        Ok(Self(tokens.split('/').map(|token| token.replace("~1", "/").replace("~0", "~")).collect()))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(&self.0))
    }
}

pub(super) fn print(tokens: &[String]) -> String {
    tokens.iter().fold(String::new(), |mut text, token| {
        text.push('/');
        text.push_str(&token.replace('~', "~0").replace('/', "~1"));
        text
    })
}

/// The index that a token writes: decimal, without leading zeros (RFC 6901, section 4).
pub(super) fn index(token: &str) -> Option<usize> {
    let plain = token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
    if plain { token.parse().ok() } else { None }
}

/// Characters of a text that is no pointer, as an error shows them.
const SHOWN: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_prints_as_it_was_read() {
        for text in ["", "/", "/a/0/-", "/a~1b/m~0n/~01", "//"] {
            assert_eq!(text.parse::<Pointer>().unwrap().to_string(), text);
        }
        for text in ["a", "a/b", "/~", "/~2", "/a~"] {
            assert!(matches!(text.parse::<Pointer>(), Err(Error::Pointer(_))), "{text}");
        }
        assert_eq!((index("10"), index("01"), index("+1"), index("")), (Some(10), None, None, None));
    }
}

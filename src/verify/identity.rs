//! Identities: who a signer must be, as a certificate says it.
//!
//! A pattern matches the whole of a name or nothing of it: a regular expression that is found somewhere inside would let
//! `https://evil.example/?https://github.com/us/…` pass for us.

use std::fmt;

use regex::RegexBuilder;

use crate::pki::{Claim, IdentityKind};

/// Who must have signed: all of it must hold.
#[derive(Debug, Clone)]
pub struct Signatory {
    /// The name in the certificate.
    pub identity: Pattern,
    /// The identity provider that vouched for the name.
    pub issuer: Pattern,
    /// What else the certificate must say, exactly.
    pub claims: Vec<(Claim, String)>,
}

/// What a name must be.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// This, byte for byte.
    Exact(String),
    /// All of it matches a regular expression.
    Regex(Regex),
}

/// A regular expression for whole names.
#[derive(Debug, Clone)]
pub struct Regex {
    source: String,
    anchored: regex::Regex,
}

impl Pattern {
    /// A regular expression (RE2's syntax: no backtracking), which must match all of a name.
    pub fn regex(source: &str) -> Result<Self, PatternError> {
        let compile = |text: &str| {
            RegexBuilder::new(text)
                .size_limit(MAX_REGEX)
                .build()
                .map_err(|error| PatternError { pattern: source.to_owned(), reason: error.to_string() })
        };
        // By itself first: `a)|(b` is nothing, and would break out of the anchors.
        compile(source)?;
        let anchored = compile(&format!(r"\A(?:{source})\z"))?;
        Ok(Self::Regex(Regex { source: source.to_owned(), anchored }))
    }

    /// Whether a name is such.
    pub fn matches(&self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == name,
            Self::Regex(regex) => regex.anchored.is_match(name),
        }
    }

    /// Whether it accepts whoever comes, as far as a few strangers show.
    pub fn accepts_everybody(&self) -> bool {
        STRANGERS.iter().all(|stranger| self.matches(stranger))
    }

    /// Whether a name of this kind can be meant: `a@b.example` is an email address, and no certificate with a URI of that
    /// spelling is its owner's.
    pub(super) fn is_of(&self, kind: IdentityKind) -> bool {
        match self {
            Self::Exact(exact) if exact.contains("://") => kind == IdentityKind::Uri,
            Self::Exact(exact) if exact.contains('!') => kind == IdentityKind::Username,
            Self::Exact(exact) if exact.contains('@') => kind == IdentityKind::Email,
            Self::Exact(_) | Self::Regex(_) => kind != IdentityKind::Other,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(exact) => f.write_str(exact),
            Self::Regex(regex) => write!(f, "/{}/", regex.source),
        }
    }
}

/// A text that is no regular expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no regular expression that can be used: {reason}")]
pub struct PatternError {
    pattern: String,
    reason: String,
}

/// The most bytes of a compiled expression.
const MAX_REGEX: usize = 1 << 20;

const STRANGERS: [&str; 3] =
    ["https://evil.example/x", "mallory@evil.example", "https://github.com/evil/x/.github/workflows/x.yml@x"];

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(source: &str, name: &str) -> bool {
        Pattern::regex(source).unwrap().matches(name)
    }

    #[test]
    fn an_expression_matches_the_whole_name_or_nothing() {
        assert!(matches(r"https://github\.com/us/.*", "https://github.com/us/x"));
        assert!(matches("a|ab", "ab"));
        for (source, name) in [
            (r"https://github\.com/us/", "https://github.com/us/x"),
            (r"github\.com/us/.*", "https://evil.example/github.com/us/x"),
            ("a|b", "ab"),
            ("(?m)^us$", "evil\nus"),
            ("us", "us\n"),
            ("", "x"),
        ] {
            assert!(!matches(source, name), "{source} {name:?}");
        }
    }

    #[test]
    fn what_would_break_out_of_the_anchors_is_no_expression() {
        for bad in ["us)|(?:.*", "a)|(b", "(", "(?x)us #", r"\A(?:"] {
            assert!(Pattern::regex(bad).is_err(), "{bad}");
        }
        assert!(Pattern::regex(&"(a{1000}){1000}".repeat(10)).is_err());
    }

    #[test]
    fn who_accepts_everybody_is_told() {
        for wide in [".*", ".+", "(?s).*", "[^ ]+"] {
            assert!(Pattern::regex(wide).unwrap().accepts_everybody(), "{wide}");
        }
        assert!(!Pattern::regex(r"https://github\.com/us/.*").unwrap().accepts_everybody());
        assert!(!Pattern::Exact(".*".to_owned()).accepts_everybody());
    }

    #[test]
    fn an_exact_name_is_of_one_kind() {
        let is_of = |exact: &str, kind| Pattern::Exact(exact.to_owned()).is_of(kind);
        assert!(is_of("a@b.example", IdentityKind::Email) && !is_of("a@b.example", IdentityKind::Uri));
        assert!(is_of("https://x/y@z", IdentityKind::Uri) && !is_of("https://x/y@z", IdentityKind::Email));
        assert!(is_of("a!b", IdentityKind::Username) && !is_of("a!b", IdentityKind::Other));
    }
}

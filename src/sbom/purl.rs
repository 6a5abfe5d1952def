//! Package URLs (<https://github.com/package-url/purl-spec>), read and printed by the `packageurl` crate.

use std::fmt;
use std::str::FromStr;

use packageurl::PackageUrl;

/// A package URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purl(PackageUrl<'static>);

impl Purl {
    /// The type, lower case: `cargo`, `npm`, …
    pub fn kind(&self) -> &str {
        self.0.ty()
    }

    /// The namespace, decoded: an npm scope, a Maven group, …
    pub fn namespace(&self) -> Option<&str> {
        self.0.namespace().filter(|namespace| !namespace.is_empty())
    }

    /// The name, decoded.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The version, decoded.
    pub fn version(&self) -> Option<&str> {
        self.0.version().filter(|version| !version.is_empty())
    }

    /// The value of a qualifier, decoded.
    pub fn qualifier(&self, name: &str) -> Option<&str> {
        self.0.qualifiers().get(name).map(AsRef::as_ref)
    }

    /// The package without its version: what two versions of it have in common.
    #[must_use]
    pub fn without_version(&self) -> Self {
        let mut package = self.0.clone();
        package.without_version();
        Self(package)
    }

    /// The path inside the package.
    pub fn subpath(&self) -> Option<&str> {
        self.0.subpath().filter(|subpath| !subpath.is_empty())
    }
}

impl FromStr for Purl {
    type Err = ParsePurlError;

    fn from_str(text: &str) -> Result<Self, ParsePurlError> {
        if text.len() > LIMIT {
            return Err(ParsePurlError::TooLong(text.len()));
        }
        PackageUrl::from_str(text).map(Self).map_err(|error| ParsePurlError::Invalid(error.to_string()))
    }
}

/// In the canonical form.
impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Why a text is not a package URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParsePurlError {
    /// It breaks the grammar.
    #[error("not a package URL: {0}")]
    Invalid(String),
    /// More bytes than `LIMIT`.
    #[error("a package URL of {0} bytes, more than the limit of {LIMIT}")]
    TooLong(usize),
}

/// Bytes that a package URL may have.
const LIMIT: usize = 8192;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_a_purl_is_refused() {
        for text in ["", "pkg:", "pkg:cargo", "pkg:cargo/", "cargo/serde@1", "https://example.org/serde"] {
            assert!(text.parse::<Purl>().is_err(), "{text}");
        }
        let long = format!("pkg:cargo/{}", "a".repeat(LIMIT));
        assert_eq!(long.parse::<Purl>(), Err(ParsePurlError::TooLong(LIMIT + 10)));
    }

    #[test]
    fn the_parts_are_decoded() {
        let purl: Purl =
            "pkg:npm/%40babel/core@7.0.0?vcs_url=git%2Bhttps://a.example/b%40c#sub/dir".parse().unwrap();
        assert_eq!((purl.kind(), purl.namespace(), purl.name()), ("npm", Some("@babel"), "core"));
        assert_eq!((purl.version(), purl.subpath()), (Some("7.0.0"), Some("sub/dir")));
        assert_eq!(purl.qualifier("vcs_url"), Some("git+https://a.example/b@c"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(pkg:)?[a-z]{0,5}[/@?#%&=:.A-Zé]{0,6}.{0,20}") {
            let _ = text.parse::<Purl>();
        }
    }
}

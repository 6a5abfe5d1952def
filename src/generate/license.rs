//! Licences as SPDX expressions (<https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/>).
//!
//! Cargo's manifests hold them, or nearly: `MIT/Apache-2.0` is the spelling of before 2018. What can be put right without
//! guessing is, and the original kept; what is not an expression stays the words it is. "BSD" is not guessed at.

use spdx::{Expression, ParseMode};

use super::inventory::License;

/// A declared licence, and the text it was made from when that differs.
pub(super) fn declared(text: &str) -> Option<(License, Option<String>)> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if Expression::parse_mode(text, ParseMode::STRICT).is_ok() {
        return Some((License::Expression(text.to_owned()), None));
    }
    if Expression::parse_mode(text, OLD_SPELLING).is_ok() {
        let repaired = Expression::canonicalize(text)
            .ok()
            .flatten()
            .filter(|repaired| Expression::parse_mode(repaired, ParseMode::STRICT).is_ok());
        if let Some(repaired) = repaired {
            return Some((License::Expression(repaired), Some(text.to_owned())));
        }
    }
    // A deprecated identifier without a successor is still on the list.
    let deprecated = ParseMode { allow_deprecated: true, ..ParseMode::STRICT };
    if Expression::parse_mode(text, deprecated).is_ok() {
        return Some((License::Expression(text.to_owned()), None));
    }
    Some((License::Named(text.to_owned()), None))
}

/// What older manifests write, less the names that one would have to guess at.
const OLD_SPELLING: ParseMode = ParseMode {
    allow_slash_as_or_operator: true,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: License, original: Option<&str>) {
        assert_eq!(declared(text), Some((expected, original.map(str::to_owned))), "{text}");
    }

    #[test]
    fn words_that_are_no_expression_are_not_made_one() {
        for text in ["BSD", "Apache", "MIT AND", "MIT Apache-2.0", "see LICENSE", "(MIT", "proprietary"] {
            check(text, License::Named(text.to_owned()), None);
        }
        assert_eq!(declared("  "), None);
    }

    #[test]
    fn the_old_slash_becomes_or_and_the_original_is_kept() {
        check("MIT/Apache-2.0", License::Expression("MIT OR Apache-2.0".into()), Some("MIT/Apache-2.0"));
        check("MIT / Apache-2.0", License::Expression("MIT OR Apache-2.0".into()), Some("MIT / Apache-2.0"));
        check("GPL-3.0+", License::Expression("GPL-3.0-or-later".into()), Some("GPL-3.0+"));
        check("GPL-2.0/MIT", License::Expression("GPL-2.0-only OR MIT".into()), Some("GPL-2.0/MIT"));
    }

    #[test]
    fn a_valid_expression_stays_as_it_is() {
        for text in
            ["MIT", "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception", "LicenseRef-x"]
        {
            check(text, License::Expression(text.to_owned()), None);
        }
    }
}

//! Licences: a list of objects in CycloneDX, one expression for what is declared and one for what is concluded in SPDX
//! (clauses 7.13, 7.15 and 10).
//!
//! A licence by name becomes a `LicenseRef-`, whose text stands in `hasExtractedLicensingInfos`. Its id is made of the
//! name and a digest of all it says, so that it is the same whatever else the document holds. A licence without
//! acknowledgement is taken for declared; only where CycloneDX says which it is, SPDX gets a word on the other too.

use std::borrow::Cow;
use std::collections::BTreeMap;

use spdx::ParseMode;

use super::tree::{Members, Tree};
use crate::digest::Digest;
use crate::sbom::SpecVersion;

/// What a document says of one `LicenseRef-`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Extracted {
    pub(super) name: Option<String>,
    pub(super) text: String,
    pub(super) url: Option<String>,
}

/// The licences with texts of their own, by id.
pub(super) type Texts = BTreeMap<String, Extracted>;

/// What SPDX says of the licences of an element.
#[derive(Debug, Default)]
pub(super) struct Licenses<'a> {
    /// One expression for each licence that is declared or not told.
    pub(super) declared: Vec<Cow<'a, str>>,
    pub(super) concluded: Vec<Cow<'a, str>>,
    /// Whether the component tells which it is.
    pub(super) is_told: bool,
    /// Where the first of them stands.
    pub(super) at: u32,
    /// The texts that the expressions need.
    pub(super) texts: Vec<(String, Extracted)>,
}

impl<'a> Licenses<'a> {
    /// Reads the list of a component.
    pub(super) fn of(list: &[Tree<'a>]) -> Self {
        let mut found = Self { at: list.first().map_or(0, Tree::at), ..Self::default() };
        for choice in list {
            let license = choice.get("license");
            let told = choice.str("acknowledgement").or_else(|| license.as_ref()?.str("acknowledgement"));
            let Some(expression) = found.expression(choice, license.as_ref()) else { continue };
            found.is_told |= told.is_some();
            if told.as_deref() == Some("concluded") {
                found.concluded.push(expression);
            } else {
                found.declared.push(expression);
            }
        }
        found
    }

    fn expression(&mut self, choice: &Tree<'a>, license: Option<&Tree<'a>>) -> Option<Cow<'a, str>> {
        if let Some(expression) = choice.str("expression") {
            for reference in references(&expression)? {
                self.texts.push((reference, Extracted { text: NO_TEXT.to_owned(), ..Extracted::default() }));
            }
            return Some(expression);
        }
        let license = license?;
        if let Some(id) = license.str("id") {
            let now = RENAMED.iter().find(|(old, _)| *old == id).map(|(_, now)| Cow::Borrowed(*now));
            return now.or_else(|| is_listed(&id).then_some(id));
        }
        let name = license.str("name").filter(|name| super::party::is_line(name))?;
        let extracted = Extracted {
            text: license.get("text").and_then(|text| content(&text)).unwrap_or_else(|| NO_TEXT.to_owned()),
            url: license.str("url").filter(|url| super::party::is_line(url)).map(Cow::into_owned),
            name: Some(name.into_owned()),
        };
        let id = reference(&extracted);
        self.texts.push((id.clone(), extracted));
        Some(Cow::Owned(id))
    }

    /// One expression of several, which all hold.
    pub(super) fn joined(expressions: &[Cow<'a, str>]) -> Option<Cow<'a, str>> {
        match expressions {
            [] => None,
            [one] => Some(one.clone()),
            several => {
                let part = |part: &Cow<'a, str>| {
                    if part.contains(" OR ") { format!("({part})") } else { part.to_string() }
                };
                Some(Cow::Owned(several.iter().map(part).collect::<Vec<_>>().join(" AND ")))
            }
        }
    }
}

/// What an entry of `hasExtractedLicensingInfos` says, by its id.
pub(super) fn extracted(info: &Tree<'_>) -> Option<(String, Extracted)> {
    let first = info.get("seeAlsos").and_then(|list| list.elements().first().and_then(Tree::as_str));
    let extracted = Extracted {
        name: info.str("name").map(Cow::into_owned),
        text: info.str("extractedText")?.into_owned(),
        url: first.map(Cow::into_owned),
    };
    Some((info.str("licenseId")?.into_owned(), extracted))
}

/// The entry for a licence.
pub(super) fn info(id: &str, extracted: &Extracted, at: u32) -> Tree<'static> {
    let mut info = Members::default();
    info.push("licenseId", Tree::Text(id.to_owned().into(), at));
    info.push("extractedText", Tree::Text(extracted.text.clone().into(), at));
    info.maybe("name", extracted.name.clone().map(|name| Tree::Text(name.into(), at)));
    info.list("seeAlsos", extracted.url.iter().map(|url| Tree::Text(url.clone().into(), at)).collect());
    Tree::Object(info, at)
}

/// The text of a licence that is text.
fn content(text: &Tree<'_>) -> Option<String> {
    let content = text.str("content")?;
    match text.str("encoding").as_deref() {
        None => (!content.trim().is_empty()).then(|| content.into_owned()),
        Some("base64") => {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::STANDARD.decode(content.as_bytes()).ok()?;
            String::from_utf8(bytes).ok().filter(|text| !text.trim().is_empty())
        }
        Some(_) => None,
    }
}

/// The id of a licence that SPDX has none for.
fn reference(extracted: &Extracted) -> String {
    let name = extracted.name.as_deref().unwrap_or_default();
    let word = super::id::words(name, LONGEST_WORD);
    let all = format!("{name}\0{}\0{}", extracted.text, extracted.url.as_deref().unwrap_or_default());
    let digest = Digest::sha256(all).hex();
    let mark = &digest[..8];
    if word.is_empty() { format!("LicenseRef-{mark}") } else { format!("LicenseRef-{word}-{mark}") }
}

/// The `LicenseRef-`s of an expression; nothing if it is none, or speaks of other documents.
pub(super) fn references(expression: &str) -> Option<Vec<String>> {
    if is_listed(expression) {
        return Some(Vec::new());
    }
    if expression.len() > LONGEST_EXPRESSION || expression.contains("DocumentRef-") {
        return None;
    }
    let mode = ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };
    let parsed = spdx::Expression::parse_mode(expression, mode).ok()?;
    let own = |requirement: &spdx::expression::ExpressionReq| match &requirement.req.license {
        spdx::LicenseItem::Other(other) => Some(format!("LicenseRef-{}", other.lic_ref)),
        spdx::LicenseItem::Spdx { .. } => None,
    };
    Some(parsed.requirements().filter_map(own).collect())
}

pub(super) fn is_listed(id: &str) -> bool {
    spdx::license_id(id).is_some_and(|known| known.name == id)
}

/// The list of CycloneDX for two expressions of SPDX. To 1.6 an expression stands alone: then it is the declared one,
/// and the other is left to whoever looks at what is missing. `is_told` is whether SPDX says anything of what is
/// concluded, if only that there is no telling.
pub(super) fn list<'a>(
    declared: &[Tree<'a>],
    concluded: Option<&Tree<'a>>,
    is_told: bool,
    texts: &Texts,
    version: SpecVersion,
) -> Vec<Tree<'a>> {
    let may_tell = version >= SpecVersion::V1_6;
    let mut list = Vec::new();
    let mut has_expression = false;
    let all = declared.iter().map(|own| (own, "declared")).chain(concluded.map(|own| (own, "concluded")));
    for (text, word) in all {
        if word == "concluded" && !may_tell {
            continue;
        }
        let told = (may_tell && is_told).then_some(word);
        let Some((choice, is_expression)) = choice(text, told, texts) else { continue };
        if version < SpecVersion::V1_7 && !list.is_empty() && (is_expression || has_expression) {
            continue;
        }
        has_expression |= is_expression;
        list.push(choice);
    }
    list
}

fn choice<'a>(text: &Tree<'a>, told: Option<&'static str>, texts: &Texts) -> Option<(Tree<'a>, bool)> {
    let expression =
        text.as_str().filter(|text| *text != "NONE" && *text != "NOASSERTION" && !text.is_empty())?;
    let at = text.at();
    let told = told.map(|word| Tree::text(word, text));
    let mut license = Members::default();
    if is_listed(&expression) {
        license.push("id", text.clone());
    } else if let Some(extracted) = texts.get(&*expression)
        && let Some(name) = &extracted.name
    {
        license.push("name", Tree::text(name.clone(), text));
        if extracted.text != NO_TEXT {
            let mut attachment = Members::default();
            attachment.push("content", Tree::text(extracted.text.clone(), text));
            license.push("text", Tree::Object(attachment, at));
        }
        license.maybe("url", extracted.url.clone().map(|url| Tree::text(url, text)));
    } else {
        // An expression that nobody can read is a name.
        let is_expression = references(&expression).is_some() || expression.contains("DocumentRef-");
        let mut choice = Members::default();
        if is_expression {
            choice.push("expression", text.clone());
            choice.maybe("acknowledgement", told);
            return Some((Tree::Object(choice, at), true));
        }
        license.push("name", text.clone());
    }
    license.maybe("acknowledgement", told);
    let mut choice = Members::default();
    choice.push("license", Tree::Object(license, at));
    Some((Tree::Object(choice, at), false))
}

/// Ids that the list has given up for an expression, and that readers take for exceptions.
const RENAMED: [(&str, &str); 7] = [
    ("GPL-2.0-with-autoconf-exception", "GPL-2.0-only WITH Autoconf-exception-2.0"),
    ("GPL-2.0-with-bison-exception", "GPL-2.0-only WITH Bison-exception-2.2"),
    ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ("GPL-2.0-with-font-exception", "GPL-2.0-only WITH Font-exception-2.0"),
    ("GPL-2.0-with-GCC-exception", "GPL-2.0-only WITH GCC-exception-2.0"),
    ("GPL-3.0-with-autoconf-exception", "GPL-3.0-only WITH Autoconf-exception-3.0"),
    ("GPL-3.0-with-GCC-exception", "GPL-3.0-only WITH GCC-exception-3.1"),
];

/// What SPDX calls a text that there is none of.
pub(super) const NO_TEXT: &str = "NOASSERTION";
/// Bytes of a name that an id repeats.
const LONGEST_WORD: usize = 48;
/// Bytes of an expression that is looked at.
const LONGEST_EXPRESSION: usize = 16_384;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_what_it_stands_for() {
        let own = |name: &str, text: &str| {
            reference(&Extracted { name: Some(name.into()), text: text.into(), url: None })
        };
        assert!(own("Own License, v2", "x").starts_with("LicenseRef-Own-License-v2-"));
        assert_ne!(own("Own", "one"), own("Own", "other"));
        assert_eq!(own("許可", "x").len(), "LicenseRef-".len() + 8);
    }

    #[test]
    fn what_is_no_expression_is_not_taken_for_one() {
        assert_eq!(references("MIT OR LicenseRef-x"), Some(vec!["LicenseRef-x".to_owned()]));
        for text in ["", "MIT/Apache", "DocumentRef-a:LicenseRef-b", "Some licence", &"(".repeat(100_000)] {
            assert_eq!(references(text), None);
        }
    }
}

//! What a document is, told by its content.

use std::fmt;

use crate::document::Value;

/// A document format that is recognised, whether or not it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// CycloneDX JSON of a version that is read.
    CycloneDx(SpecVersion),
    /// CycloneDX JSON of another version, as it names it.
    CycloneDxOther(String),
    /// SPDX 2 JSON, with its version as it names it.
    Spdx2(String),
    /// SPDX 3 JSON-LD.
    Spdx3,
    /// A DSSE envelope.
    Envelope,
    /// A Sigstore bundle.
    Bundle,
    /// An in-toto statement.
    Statement,
    /// What `cargo metadata` prints.
    CargoMetadata,
}

impl Format {
    /// Recognises a document by the members that its specification requires.
    pub fn of(root: Value<'_>) -> Option<Self> {
        let text = |name| root.get(name).and_then(|value| value.as_str());
        if text("bomFormat").as_deref() == Some("CycloneDX") {
            let version = text("specVersion").unwrap_or_default();
            return Some(SpecVersion::from_name(&version).map_or_else(
                || Self::CycloneDxOther(version.chars().take(SHOWN).collect()),
                Self::CycloneDx,
            ));
        }
        if let Some(version) = text("spdxVersion") {
            return Some(Self::Spdx2(version.chars().take(SHOWN).collect()));
        }
        if root.get("@context").is_some_and(|context| contains(context, b"spdx.org/rdf/3")) {
            return Some(Self::Spdx3);
        }
        if text("mediaType").is_some_and(|media| media.contains("sigstore.bundle")) {
            return Some(Self::Bundle);
        }
        if root.get("payloadType").is_some() && root.get("payload").is_some() {
            return Some(Self::Envelope);
        }
        if text("_type").is_some_and(|kind| kind.starts_with("https://in-toto.io/Statement/")) {
            return Some(Self::Statement);
        }
        if root.get("workspace_members").is_some() && root.get("packages").is_some() {
            return Some(Self::CargoMetadata);
        }
        None
    }
}

fn contains(value: Value<'_>, needle: &[u8]) -> bool {
    value.raw().windows(needle.len()).any(|window| window == needle)
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CycloneDx(version) => write!(f, "CycloneDX {version} JSON"),
            Self::CycloneDxOther(version) if version.is_empty() => {
                f.write_str("CycloneDX JSON without a version")
            }
            Self::CycloneDxOther(version) => write!(f, "CycloneDX {version} JSON"),
            Self::Spdx2(version) => write!(f, "SPDX JSON ({version})"),
            Self::Spdx3 => f.write_str("SPDX 3 JSON"),
            Self::Envelope => f.write_str("a DSSE envelope"),
            Self::Bundle => f.write_str("a Sigstore bundle"),
            Self::Statement => f.write_str("an in-toto statement"),
            Self::CargoMetadata => f.write_str("the output of `cargo metadata`"),
        }
    }
}

/// A version of the CycloneDX specification that has a JSON form. Ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecVersion {
    /// 1.2
    V1_2,
    /// 1.3
    V1_3,
    /// 1.4
    V1_4,
    /// 1.5
    V1_5,
    /// 1.6 (ECMA-424, first edition)
    V1_6,
    /// 1.7 (ECMA-424, second edition)
    V1_7,
}

impl SpecVersion {
    /// All of them, the oldest first.
    pub const ALL: [Self; 6] = [Self::V1_2, Self::V1_3, Self::V1_4, Self::V1_5, Self::V1_6, Self::V1_7];

    /// As `specVersion` writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
            Self::V1_4 => "1.4",
            Self::V1_5 => "1.5",
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        }
    }

    /// The version of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.name() == name)
    }
}

impl fmt::Display for SpecVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Characters of a foreign version that a message shows.
const SHOWN: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Limits};

    #[test]
    fn a_document_is_told_by_its_content() {
        let cases = [
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#, Some("CycloneDX 1.6 JSON")),
            (r#"{"bomFormat":"CycloneDX","specVersion":"2.0"}"#, Some("CycloneDX 2.0 JSON")),
            (r#"{"bomFormat":"CycloneDX"}"#, Some("CycloneDX JSON without a version")),
            (r#"{"spdxVersion":"SPDX-2.3"}"#, Some("SPDX JSON (SPDX-2.3)")),
            (
                r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}"#,
                Some("SPDX 3 JSON"),
            ),
            (r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}"#, Some("a Sigstore bundle")),
            (r#"{"payloadType":"a","payload":"","signatures":[]}"#, Some("a DSSE envelope")),
            (r#"{"_type":"https://in-toto.io/Statement/v1"}"#, Some("an in-toto statement")),
            (r#"{"packages":[],"workspace_members":[]}"#, Some("the output of `cargo metadata`")),
            (r#"{"bomFormat":"cyclonedx","specVersion":"1.6"}"#, None),
            ("[]", None),
            ("\"CycloneDX\"", None),
        ];
        for (text, expected) in cases {
            let document = Document::parse(text.into(), &Limits::default()).unwrap();
            let format = Format::of(document.root()).map(|format| format.to_string());
            assert_eq!(format.as_deref(), expected, "{text}");
        }
    }
}

//! What bytes are, told by their content, and the formats that are read and written.

use std::fmt;
use std::str::FromStr;

use crate::document::{Lookalike, Value};

/// A format that is read and written, spelled like `cyclonedx-1.6-json`, `spdx-2.3-tag-value` and `spdx-3.0-json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// CycloneDX as JSON.
    CycloneDxJson(SpecVersion),
    /// CycloneDX as XML.
    CycloneDxXml(SpecVersion),
    /// SPDX 2 as JSON.
    Spdx2Json(Spdx2Version),
    /// SPDX 2 as tag-value.
    Spdx2TagValue(Spdx2Version),
    /// SPDX 3.0.1 as JSON-LD.
    Spdx3Json,
}

impl Format {
    /// All of them: CycloneDX first, the oldest version first.
    pub fn all() -> impl Iterator<Item = Self> {
        let cyclonedx = SpecVersion::ALL;
        let spdx = Spdx2Version::ALL;
        (cyclonedx.into_iter().map(Self::CycloneDxJson))
            .chain(cyclonedx.into_iter().map(Self::CycloneDxXml))
            .chain(spdx.into_iter().map(Self::Spdx2Json))
            .chain(spdx.into_iter().map(Self::Spdx2TagValue))
            .chain([Self::Spdx3Json])
    }

    /// What is written unless another is asked for.
    pub const DEFAULT: Self = Self::CycloneDxJson(SpecVersion::V1_6);
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CycloneDxJson(version) => write!(f, "cyclonedx-{version}-json"),
            Self::CycloneDxXml(version) => write!(f, "cyclonedx-{version}-xml"),
            Self::Spdx2Json(version) => write!(f, "spdx-{version}-json"),
            Self::Spdx2TagValue(version) => write!(f, "spdx-{version}-tag-value"),
            Self::Spdx3Json => f.write_str("spdx-3.0-json"),
        }
    }
}

/// Why a text names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no format: cyclonedx-{{1.2…1.7}}-{{json,xml}}, spdx-{{2.2,2.3}}-{{json,tag-value}} and spdx-3.0-json are"
)]
pub struct ParseFormatError(String);

impl FromStr for Format {
    type Err = ParseFormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all()
            .find(|format| format.to_string() == text)
            .ok_or_else(|| ParseFormatError(text.chars().take(SHOWN).collect()))
    }
}

/// What bytes are, whether or not they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// An SBOM in a format that is read.
    Sbom(Format),
    /// An SBOM of a version that is not read.
    Foreign {
        /// `cyclonedx` or `spdx`.
        family: &'static str,
        /// As the document names it, cut when it is long; empty where it names none.
        version: String,
        /// `json`, `xml` or `tag-value`.
        encoding: &'static str,
    },
    /// A DSSE envelope.
    Envelope,
    /// A Sigstore bundle.
    Bundle,
    /// An in-toto statement.
    Statement,
    /// What `cargo metadata` prints.
    CargoMetadata,
}

impl Content {
    /// Recognises a JSON document by the members that its specification requires.
    pub fn of_json(root: Value<'_>) -> Option<Self> {
        let text = |name| root.get(name).and_then(|value| value.as_str());
        if text("bomFormat").as_deref() == Some("CycloneDX") {
            return Some(Self::cyclonedx(&text("specVersion").unwrap_or_default(), "json"));
        }
        if let Some(version) = text("spdxVersion") {
            return Some(Self::spdx2(&version, "json"));
        }
        if let Some(version) = spdx3_version(root).filter(|version| version.starts_with('3')) {
            return Some(if is_after(&version, &SPDX3_LAST) {
                Self::foreign("spdx", &version, "json")
            } else {
                Self::Sbom(Format::Spdx3Json)
            });
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

    /// Recognises a text that is not JSON by its start.
    pub fn of_text(bytes: &[u8]) -> Option<Self> {
        let encoding = Lookalike::of(bytes)?;
        // A licence or a list of namespaces may stand in front of what tells.
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
        let version = |after: &str| {
            let (_, rest) = head.split_once(after)?;
            Some(rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect::<String>())
        };
        match encoding {
            Lookalike::Xml => Some(Self::cyclonedx(&version("cyclonedx.org/schema/bom/")?, "xml")),
            Lookalike::TagValue => {
                Some(Self::spdx2(&version_of_tag_value(bytes).unwrap_or_default(), "tag-value"))
            }
            _ => None,
        }
    }

    fn cyclonedx(version: &str, encoding: &'static str) -> Self {
        match SpecVersion::from_name(version) {
            Some(known) if encoding == "xml" => Self::Sbom(Format::CycloneDxXml(known)),
            Some(known) => Self::Sbom(Format::CycloneDxJson(known)),
            None => Self::foreign("cyclonedx", version, encoding),
        }
    }

    fn spdx2(version: &str, encoding: &'static str) -> Self {
        let version = version.trim_start_matches("SPDX-");
        match Spdx2Version::from_name(version) {
            Some(known) if encoding == "json" => Self::Sbom(Format::Spdx2Json(known)),
            Some(known) => Self::Sbom(Format::Spdx2TagValue(known)),
            None => Self::foreign("spdx", version, encoding),
        }
    }

    fn foreign(family: &'static str, version: &str, encoding: &'static str) -> Self {
        Self::Foreign { family, version: version.chars().take(SHOWN).collect(), encoding }
    }

    /// Whether it is XML.
    pub(super) fn is_xml(&self) -> bool {
        match self {
            Self::Sbom(format) => matches!(format, Format::CycloneDxXml(_)),
            Self::Foreign { encoding, .. } => *encoding == "xml",
            _ => false,
        }
    }

    /// Whether it is CycloneDX of whatever version and encoding.
    pub fn is_cyclonedx(&self) -> bool {
        match self {
            Self::Sbom(format) => matches!(format, Format::CycloneDxJson(_) | Format::CycloneDxXml(_)),
            Self::Foreign { family, .. } => *family == "cyclonedx",
            _ => false,
        }
    }

    /// Whether it is SPDX of whatever version and encoding.
    pub fn is_spdx(&self) -> bool {
        matches!(self, Self::Sbom(_) | Self::Foreign { .. }) && !self.is_cyclonedx()
    }
}

/// What follows `SPDX-` behind the tag `SPDXVersion`, wherever it stands: in a comment `SPDX-` is often something else.
fn version_of_tag_value(bytes: &[u8]) -> Option<String> {
    let value =
        bytes.split(|&byte| byte == b'\n').find_map(|line| line.trim_ascii().strip_prefix(b"SPDXVersion"))?;
    let value = String::from_utf8_lossy(&value[..value.len().min(HEAD)]);
    let value = value.trim_start().strip_prefix(':')?.trim_start();
    // Where it is not written as it should be, the grammar says so.
    Some(value.strip_prefix("SPDX-").unwrap_or(value).trim_end().to_owned())
}

/// The version in the first context that is one of SPDX.
pub(super) fn spdx3_version(root: Value<'_>) -> Option<String> {
    let context = root.get("@context")?;
    let mut texts = context.as_str().into_iter().chain(context.elements().filter_map(|entry| entry.as_str()));
    texts.find_map(|text| Some(text.split_once("spdx.org/rdf/")?.1.split('/').next()?.to_owned()))
}

/// Whether a version is of numbers that come after these.
fn is_after(version: &str, last: &[u32]) -> bool {
    let numbers: Option<Vec<u32>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.as_slice() > last)
}

/// The last version of SPDX 3 that is read.
const SPDX3_LAST: [u32; 3] = [3, 0, 1];

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sbom(format) => format.fmt(f),
            Self::Foreign { family, version, encoding } if version.is_empty() => {
                write!(f, "{family} {encoding} without a version")
            }
            Self::Foreign { family, version, encoding } => write!(f, "{family}-{version}-{encoding}"),
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

/// A version of SPDX 2 that is read and written. Ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spdx2Version {
    /// 2.2 (ISO/IEC 5962:2021 is its 2.2.1)
    V2_2,
    /// 2.3
    V2_3,
}

impl Spdx2Version {
    /// All of them, the oldest first.
    pub const ALL: [Self; 2] = [Self::V2_2, Self::V2_3];

    /// As `spdxVersion` writes it after `SPDX-`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V2_2 => "2.2",
            Self::V2_3 => "2.3",
        }
    }

    /// The version of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.name() == name)
    }
}

impl fmt::Display for Spdx2Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Characters of a foreign name that a message shows.
const SHOWN: usize = 32;
/// Bytes looked at to tell the version of what is not JSON.
const HEAD: usize = 1 << 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Limits};

    #[test]
    fn a_json_document_is_told_by_its_content() {
        let cases = [
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#, Some("cyclonedx-1.6-json")),
            (r#"{"bomFormat":"CycloneDX","specVersion":"2.0"}"#, Some("cyclonedx-2.0-json")),
            (r#"{"bomFormat":"CycloneDX"}"#, Some("cyclonedx json without a version")),
            (r#"{"spdxVersion":"SPDX-2.3"}"#, Some("spdx-2.3-json")),
            (r#"{"spdxVersion":"SPDX-2.1"}"#, Some("spdx-2.1-json")),
            (
                r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}"#,
                Some("spdx-3.0-json"),
            ),
            (
                r#"{"@context":[{"x":1},"https://spdx.org/rdf/3.0.0/spdx-context.jsonld"]}"#,
                Some("spdx-3.0-json"),
            ),
            (r#"{"@context":"https://spdx.org/rdf/3.1/spdx-context.jsonld"}"#, Some("spdx-3.1-json")),
            (r#"{"@context":"https://spdx.org/rdf/2.9/spdx-context.jsonld"}"#, None),
            (r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}"#, Some("a Sigstore bundle")),
            (r#"{"payloadType":"x","payload":"eA=="}"#, Some("a DSSE envelope")),
            (r#"{"_type":"https://in-toto.io/Statement/v1"}"#, Some("an in-toto statement")),
            (r#"{"packages":[],"workspace_members":[]}"#, Some("the output of `cargo metadata`")),
            (r#"{"bomFormat":"Other"}"#, None),
            ("[]", None),
        ];
        for (text, expected) in cases {
            let document = Document::parse(text.into(), &Limits::default()).unwrap();
            assert_eq!(
                Content::of_json(document.root()).map(|content| content.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn other_text_is_told_by_its_start() {
        let cases = [
            ("SPDXVersion: SPDX-2.2\n", Some("spdx-2.2-tag-value")),
            ("# SPDX-License-Identifier: MIT\r\n\r\nSPDXVersion : SPDX-2.3\r\n", Some("spdx-2.3-tag-value")),
            ("DataLicense: CC0-1.0\nSPDXID: x\nSPDXVersion: SPDX-2.3", Some("spdx-2.3-tag-value")),
            ("SPDXID: SPDXRef-DOCUMENT\nSPDXVersion: SPDX-2.1", Some("spdx-2.1-tag-value")),
            ("DataLicense: CC0-1.0\n", Some("spdx tag-value without a version")),
            ("SPDXID: \"SPDXRef-DOCUMENT\"\nspdxVersion: \"SPDX-2.3\"", None),
            ("spdxVersion: \"SPDX-2.3\"", None),
            (
                "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"/>",
                Some("cyclonedx-1.5-xml"),
            ),
            ("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.1\"/>", Some("cyclonedx-1.1-xml")),
            ("<x/>", None),
            ("{}", None),
        ];
        for (text, expected) in cases {
            let content = Content::of_text(text.as_bytes()).map(|content| content.to_string());
            assert_eq!(content.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn every_format_is_read_as_it_is_spelled() {
        let names: Vec<String> = Format::all().map(|format| format.to_string()).collect();
        assert_eq!(names.len(), 17);
        assert!(
            ["cyclonedx-1.2-xml", "spdx-2.2-json", "spdx-2.3-tag-value"]
                .iter()
                .all(|name| names.contains(&(*name).to_owned()))
        );
        assert!(Format::all().zip(&names).all(|(format, name)| name.parse() == Ok(format)));
        assert!(
            "cyclonedx-1.8-json"
                .parse::<Format>()
                .unwrap_err()
                .to_string()
                .starts_with("`cyclonedx-1.8-json` is no format")
        );
    }
}

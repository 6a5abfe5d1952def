//! Ids of elements. What has a bom-ref is known by its BOM-Link, which is a URN of CycloneDX; what has none by where it
//! stands. Nothing is random: the same document gives the same ids.

use std::fmt::Write as _;

use crate::digest::Digest;
use crate::document::{Document, Value};

/// What the ids of a document begin with: `urn:cdx:` with its serial number and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base(String);

impl Base {
    /// Of a CycloneDX document. One without a serial number gets one from its content.
    pub(super) fn of(document: &Document) -> Self {
        let root = document.root();
        let text = root.get("serialNumber").and_then(|serial| serial.as_str());
        let serial =
            text.as_deref().and_then(|serial| serial.strip_prefix("urn:uuid:")).filter(|uuid| is_uuid(uuid));
        let serial = serial.map_or_else(|| derived(document), str::to_owned);
        let version = root.get("version").and_then(|version| version.as_u64()).unwrap_or(1);
        Self(format!("urn:cdx:{serial}/{version}"))
    }

    /// Of the id of an SPDX document, if it is such a URN.
    pub(super) fn parse(id: &str) -> Option<Self> {
        let (serial, version) = id.strip_prefix("urn:cdx:")?.split_once('/')?;
        (is_uuid(serial) && version.parse::<u64>().is_ok_and(|number| number.to_string() == version))
            .then(|| Self(id.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn serial_number(&self) -> String {
        let serial = self.0["urn:cdx:".len()..].split('/').next().unwrap_or_default();
        format!("urn:uuid:{serial}")
    }

    pub(super) fn version(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The BOM-Link of a bom-ref.
    pub(super) fn link(&self, bom_ref: &str) -> String {
        let mut id = format!("{}#", self.0);
        encode(bom_ref, &mut id);
        id
    }

    /// The id of what has no bom-ref.
    pub(super) fn path(&self, path: &str) -> String {
        format!("{}/{path}", self.0)
    }

    /// The id of the first thing of a kind that has this name.
    pub(super) fn named(&self, kind: &str, name: &str) -> String {
        let mut id = format!("{}/{kind}/", self.0);
        encode(name, &mut id);
        id
    }

    /// The bom-ref of an id: of a BOM-Link to this document, its fragment; of what has no bom-ref, nothing.
    pub(super) fn bom_ref(&self, id: &str) -> Option<String> {
        match id.strip_prefix(&self.0) {
            Some(rest) if rest.starts_with('#') => decode(&rest[1..]),
            Some(rest) if rest.starts_with('/') => None,
            _ => Some(id.to_owned()),
        }
    }
}

/// A UUID in the form and case that CycloneDX asks for.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// A UUID of version 8 (RFC 9562, section 5.8) from the digest of a document.
fn derived(document: &Document) -> String {
    let mut hex = Digest::sha256(document.bytes()).hex().into_bytes();
    hex.truncate(32);
    hex[12] = b'8';
    hex[16] = b'8';
    let hex = String::from_utf8_lossy(&hex).into_owned();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Percent-encodes what a fragment of a URI cannot hold (RFC 3986, section 3.5).
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// The text of a member.
pub(super) fn text<'a>(value: Value<'a>, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    value.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;

    fn base(text: &str) -> Base {
        Base::of(&Document::parse(text.replace('\'', "\"").into(), &Limits::default()).unwrap())
    }

    #[test]
    fn a_bom_ref_comes_back() {
        let base = base("{'serialNumber':'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79','version':2}");
        assert_eq!(base.as_str(), "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2");
        assert_eq!(Base::parse(base.as_str()).as_ref(), Some(&base));
        assert_eq!(base.serial_number(), "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79");
        for name in ["", "a", "pkg:npm/%40a/b@1?x=y#z", "ä b", "urn:cdx:x", "%", "a/b"] {
            let link = base.link(name);
            assert_eq!(base.bom_ref(&link).as_deref(), Some(name));
            assert!(link.is_ascii() && !link.contains(' '));
        }
        assert_eq!(base.bom_ref(&base.path("components/3")), None);
        assert_eq!(base.bom_ref("urn:other#a").as_deref(), Some("urn:other#a"));
    }

    #[test]
    fn a_document_without_a_serial_number_gets_one_from_its_content() {
        let (one, two) = (base("{'a':1}"), base("{'a':2}"));
        assert_ne!(one, two);
        assert_eq!(one, base("{'a':1}"));
        assert!(Base::parse(one.as_str()).is_some());
        // A serial number that is none is not taken over.
        assert!(base("{'serialNumber':'urn:uuid:../x','version':7}").as_str().ends_with("/7"));
        for wrong in ["urn:cdx:x/1", "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/01", "urn:uuid:x"] {
            assert_eq!(Base::parse(wrong), None, "{wrong}");
        }
    }
}

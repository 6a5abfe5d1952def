//! BOM-Links: references into other documents (<https://cyclonedx.org/capabilities/bomlink/>).

use std::borrow::Cow;

use crate::document::Document;

/// `urn:cdx:SERIAL/VERSION#REF`, in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BomLink<'t> {
    /// The UUID of the document that is meant.
    pub serial: &'t str,
    /// Its version.
    pub version: u64,
    /// The bom-ref there, as written; nothing where the document as a whole is meant.
    pub reference: Option<&'t str>,
}

impl<'t> BomLink<'t> {
    /// Reads one; nothing unless the text is one.
    pub fn parse(text: &'t str) -> Option<Self> {
        let rest = text.strip_prefix(SCHEME)?;
        let (document, reference) = match rest.split_once('#') {
            Some((document, reference)) => (document, Some(reference)),
            None => (rest, None),
        };
        let (serial, version) = document.split_once('/')?;
        let version = version.parse().ok().filter(|version| *version > 0)?;
        Some(Self { serial, version, reference })
    }

    /// The bom-ref there in its other spelling: percent-encoding taken away. Authors write both.
    pub fn decoded(reference: &str) -> Option<Cow<'_, str>> {
        if !reference.contains('%') {
            return None;
        }
        let mut bytes = Vec::with_capacity(reference.len());
        let mut rest = reference.as_bytes();
        while let [first, tail @ ..] = rest {
            let code = tail.get(..2).filter(|code| *first == b'%' && code.iter().all(u8::is_ascii_hexdigit));
            let code = code.and_then(|code| std::str::from_utf8(code).ok());
            if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
                bytes.push(byte);
                rest = &tail[2..];
            } else {
                bytes.push(*first);
                rest = tail;
            }
        }
        String::from_utf8(bytes).ok().map(Cow::Owned)
    }
}

/// The serial number, without `urn:uuid:`, and the version by which a document is linked to; nothing where it has no
/// serial number. A document without a version is the first one.
pub fn identity(document: &Document) -> Option<(String, u64)> {
    let root = document.root();
    let serial = root.get("serialNumber")?.as_str()?.strip_prefix("urn:uuid:")?.to_owned();
    let version = root.get("version").and_then(|version| version.as_u64()).unwrap_or(1);
    Some((serial, version))
}

/// What a BOM-Link begins with.
pub(crate) const SCHEME: &str = "urn:cdx:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_read_and_what_is_no_link_is_none() {
        let link = BomLink::parse("urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/2#a/b#c").unwrap();
        assert_eq!(link.serial, "f08a6ccd-4dce-4759-bd84-c626675d60a7");
        assert_eq!((link.version, link.reference), (2, Some("a/b#c")));
        assert_eq!(BomLink::parse("urn:cdx:x/1").unwrap().reference, None);
        for text in ["", "urn:cdx:", "urn:cdx:x", "urn:cdx:x/", "urn:cdx:x/0#a", "urn:cdx:x/one#a", "pkg:a/b"]
        {
            assert_eq!(BomLink::parse(text), None, "{text}");
        }
    }

    #[test]
    fn percent_encoding_is_taken_away_where_it_is_one() {
        assert_eq!(BomLink::decoded("pkg%3Acargo%2fa@1").as_deref(), Some("pkg:cargo/a@1"));
        assert_eq!(BomLink::decoded("100%").as_deref(), Some("100%"));
        assert_eq!(BomLink::decoded("a%+1b").as_deref(), Some("a%+1b"));
        assert_eq!((BomLink::decoded("a"), BomLink::decoded("%ff")), (None, None));
    }
}

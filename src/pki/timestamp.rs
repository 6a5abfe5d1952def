//! Timestamps: an authority's word that bytes were there at a moment.
//!
//! RFC 3161 (the response and `TSTInfo`), RFC 5652 (the signature around it), RFC 5035 (which certificate signed). Of a
//! response only what is signed counts; certificates inside it prove nothing, and one that claims to be the signer's must
//! be the one that is trusted.

use der::asn1::{AnyRef, Int, ObjectIdentifier, OctetStringRef};
use der::{Encode as _, Tag, Tagged as _};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::fields::{Fields, context, wrap};
use super::scheme::{self, Scheme};
use super::{Certificate, Chain, ChainError, MAX_TIMESTAMP, Path, Purpose};
use crate::digest::{Algorithm, Digest, encode_hex};

/// A timestamp, not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    time: Timestamp,
    imprint: Digest,
    /// DER of issuer and serial number of the signer's certificate.
    issuer: Vec<u8>,
    serial: Vec<u8>,
    scheme: Scheme,
    /// What is signed: the attributes as a `SET OF`.
    attributes: Vec<u8>,
    signature: Vec<u8>,
    /// SHA-256, -384 or -512 of the signer's certificate, which is among what is signed.
    certificate: Digest,
    embedded: Vec<Vec<u8>>,
}

impl Token {
    /// Reads a response of an authority, at most [`MAX_TIMESTAMP`] bytes. What is in it agrees with itself.
    pub fn parse(response: &[u8]) -> Result<Self, TimestampError> {
        if response.len() > MAX_TIMESTAMP {
            return Err(TimestampError::TooLarge(response.len()));
        }
        let mut response = Fields::sequence(response)?;
        let status: u8 = Fields::of(response.next()?, Tag::Sequence)?.next()?.decode_as()?;
        if status > GRANTED_WITH_CHANGES {
            return Err(TimestampError::Refused(status));
        }
        let outer = content(response.next()?, SIGNED_DATA)?;
        response.end()?;

        // RFC 5652, section 5.1.
        let mut outer = Fields::of(outer, Tag::Sequence)?;
        outer.next()?.decode_as::<u8>()?;
        outer.next()?;
        let info = content(outer.next()?, TST_INFO)?.decode_as::<&OctetStringRef>()?.as_bytes();
        let embedded = match outer.next_if(context(0))? {
            Some(set) => Fields::of(set, context(0))?.rest()?,
            None => Vec::new(),
        };
        outer.next_if(context(1))?;
        let signers = Fields::of(outer.next()?, Tag::Set)?.rest()?;
        outer.end()?;
        let [signer] = signers[..] else { return Err(TimestampError::Signers(signers.len())) };

        // RFC 5652, section 5.3.
        let mut signer = Fields::of(signer, Tag::Sequence)?;
        signer.next()?.decode_as::<u8>()?;
        let mut name = Fields::of(signer.next()?, Tag::Sequence)?;
        let (issuer, serial) = (name.next()?, name.next()?.decode_as::<Int>()?);
        name.end()?;
        let hash = scheme::hash(&signer.next()?.decode_as()?).ok_or(TimestampError::Algorithm)?;
        let list = signer.next_if(context(0))?.ok_or(TimestampError::Form)?;
        let scheme = Scheme::of(&signer.next()?.decode_as()?, Some(hash)).ok_or(TimestampError::Algorithm)?;
        let signature = signer.next()?.decode_as::<&OctetStringRef>()?.as_bytes().to_vec();
        signer.next_if(context(1))?;
        signer.end()?;
        let attributes = Attributes::read(list)?;
        // RFC 5652, section 5.4: what is signed are the attributes, and these hold the hash of the content.
        if attributes.message != Digest::of(hash, info).bytes() {
            return Err(TimestampError::Content);
        }
        let (time, imprint) = read_info(info)?;
        Ok(Self {
            time,
            imprint,
            issuer: issuer.to_der()?,
            serial: serial.as_bytes().to_vec(),
            scheme,
            // They travel as `[0]` and are signed as a `SET OF`.
            attributes: wrap(Tag::Set, list.value())?,
            signature,
            certificate: attributes.certificate,
            embedded: embedded.into_iter().map(|one| one.to_der()).collect::<Result<_, _>>()?,
        })
    }

    /// When it was made, as it says.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// The digest of what was there.
    pub fn imprint(&self) -> &Digest {
        &self.imprint
    }

    /// Whether the authority with this chain signed it. When that counted, says [`Path::check_at`] and the leaf.
    ///
    /// The signer's certificate is the one that the chain starts with, or, where the chain has authorities alone, one
    /// that they issued and that comes with the timestamp.
    pub fn verify<'c>(&self, chain: &'c Chain) -> Result<(Certificate, Path<'c>), TimestampError> {
        let (leaf, path) = if let Some((leaf, path)) = chain.own_leaf(Purpose::Timestamping) {
            (leaf.clone(), path)
        } else {
            let leaf = self.embedded_signer().ok_or(TimestampError::Unknown)?;
            let path = chain.issued(&leaf, Purpose::Timestamping);
            (leaf, path)
        };
        if !self.names(&leaf) {
            return Err(TimestampError::Unknown);
        }
        let path = path.map_err(|error| match error {
            ChainError::Issuer => TimestampError::Unknown,
            other => TimestampError::Chain(other),
        })?;
        // Which certificate signed is signed along, so that none of the same key and name takes its place.
        let algorithm = self.certificate.algorithm();
        let others = self.embedded_signer().is_some_and(|embedded| embedded != leaf);
        if Digest::of(algorithm, leaf.der()) != self.certificate || others {
            return Err(TimestampError::Certificate);
        }
        leaf.check_leaf(Purpose::Timestamping).map_err(TimestampError::Leaf)?;
        let key = leaf.key().ok_or(TimestampError::Algorithm)?;
        if !self.scheme.holds(key, &self.attributes, &self.signature) {
            return Err(TimestampError::Signature);
        }
        Ok((leaf, path))
    }

    fn names(&self, certificate: &Certificate) -> bool {
        certificate.issuer == self.issuer && certificate.serial == self.serial
    }

    /// The certificate inside that has the signer's name.
    fn embedded_signer(&self) -> Option<Certificate> {
        let parsed = self.embedded.iter().filter_map(|der| Certificate::parse(der).ok());
        parsed.into_iter().find(|certificate| self.names(certificate))
    }
}

/// What a `ContentInfo` of this kind holds.
fn content(info: AnyRef<'_>, kind: ObjectIdentifier) -> Result<AnyRef<'_>, TimestampError> {
    let mut info = Fields::of(info, Tag::Sequence)?;
    if info.next()?.decode_as::<ObjectIdentifier>()? != kind {
        return Err(TimestampError::Form);
    }
    let mut content = Fields::of(info.next()?, context(0))?;
    info.end()?;
    let inner = content.next()?;
    content.end()?;
    Ok(inner)
}

/// The signed attributes that say what is signed and by which certificate.
struct Attributes {
    message: Vec<u8>,
    certificate: Digest,
}

impl Attributes {
    fn read(list: AnyRef<'_>) -> Result<Self, TimestampError> {
        let (mut kind, mut message, mut certificate) = (None, None, None);
        for attribute in Fields::of(list, context(0))?.rest()? {
            let mut attribute = Fields::of(attribute, Tag::Sequence)?;
            let name = attribute.next()?.decode_as::<ObjectIdentifier>()?;
            let values = Fields::of(attribute.next()?, Tag::Set)?.rest()?;
            attribute.end()?;
            let found = match name {
                CONTENT_TYPE => &mut kind,
                MESSAGE_DIGEST => &mut message,
                SIGNING_CERTIFICATE => &mut certificate,
                _ => continue,
            };
            // RFC 5652, sections 11.1 and 11.2: once, with one value.
            let [value] = values[..] else { return Err(TimestampError::Form) };
            if found.replace(value).is_some() {
                return Err(TimestampError::Form);
            }
        }
        let kind = kind.ok_or(TimestampError::Form)?.decode_as::<ObjectIdentifier>()?;
        if kind != TST_INFO {
            return Err(TimestampError::Form);
        }
        let message = message.ok_or(TimestampError::Form)?.decode_as::<&OctetStringRef>()?;
        let certificate = signing_certificate(certificate.ok_or(TimestampError::Unnamed)?)?;
        Ok(Self { message: message.as_bytes().to_vec(), certificate })
    }
}

/// The hash of the signer's certificate: the first of `SigningCertificateV2` (RFC 5035, section 3).
fn signing_certificate(value: AnyRef<'_>) -> Result<Digest, TimestampError> {
    let mut list = Fields::of(Fields::of(value, Tag::Sequence)?.next()?, Tag::Sequence)?;
    let mut first = Fields::of(list.next()?, Tag::Sequence)?;
    let algorithm = match first.next_if(Tag::Sequence)? {
        Some(algorithm) => scheme::hash(&algorithm.decode_as()?).ok_or(TimestampError::Algorithm)?,
        None => Algorithm::Sha256,
    };
    digest(algorithm, first.next()?)
}

fn digest(algorithm: Algorithm, value: AnyRef<'_>) -> Result<Digest, TimestampError> {
    let hex = encode_hex(value.decode_as::<&OctetStringRef>()?.as_bytes());
    Digest::from_hex(algorithm, &hex).ok_or(TimestampError::Form)
}

/// Time and imprint of a `TSTInfo` (RFC 3161, section 2.4.2).
fn read_info(info: &[u8]) -> Result<(Timestamp, Digest), TimestampError> {
    let mut info = Fields::sequence(info)?;
    if info.next()?.decode_as::<u8>()? != INFO_VERSION {
        return Err(TimestampError::Form);
    }
    // The authority's policy, which the trusted root does not speak of.
    info.next()?.decode_as::<ObjectIdentifier>()?;
    let mut imprint = Fields::of(info.next()?, Tag::Sequence)?;
    let algorithm = scheme::hash(&imprint.next()?.decode_as()?).ok_or(TimestampError::Algorithm)?;
    let imprint = digest(algorithm, imprint.next()?)?;
    info.next()?.decode_as::<Int>()?;
    let time = info.next()?;
    time.tag().assert_eq(Tag::GeneralizedTime)?;
    let time = str::from_utf8(time.value()).ok().and_then(parse_time).ok_or(TimestampError::Form)?;
    Ok((time, imprint))
}

/// `YYYYMMDDhhmmss[.s…]Z`; the crate `der` knows no fractions, which RFC 3161 allows.
fn parse_time(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z')?;
    let (whole, fraction) = text.split_at_checked(14)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let nanoseconds = match fraction.strip_prefix('.') {
        None if fraction.is_empty() => 0,
        // A fraction does not end in a zero.
        Some(fraction) if digits(fraction) && fraction.len() <= 9 && !fraction.ends_with('0') => {
            format!("{fraction:0<9}").parse().ok()?
        }
        _ => return None,
    };
    if !digits(whole) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| whole.get(range)?.parse::<i8>().ok();
    let date = DateTime::new(
        whole.get(..4)?.parse().ok()?,
        part(4..6)?,
        part(6..8)?,
        part(8..10)?,
        part(10..12)?,
        part(12..14)?,
        nanoseconds,
    );
    TimeZone::UTC.to_timestamp(date.ok()?).ok()
}

/// Why a timestamp proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimestampError {
    /// More bytes than [`MAX_TIMESTAMP`].
    #[error("the timestamp has {0} bytes, more than {MAX_TIMESTAMP}")]
    TooLarge(usize),
    /// Not of the form of RFC 3161.
    #[error("the timestamp is not of the form of RFC 3161")]
    Form,
    /// The authority gave none, and its status.
    #[error("the authority gave no timestamp: its status is {0}")]
    Refused(u8),
    /// More signers or fewer than one.
    #[error("a timestamp has one signer, this one has {0}")]
    Signers(usize),
    /// An algorithm that is not known, or too weak.
    #[error("the timestamp is made with an algorithm that is not accepted")]
    Algorithm,
    /// The signed hash is of another content.
    #[error("what the timestamp says is not what was signed")]
    Content,
    /// It does not say which certificate signed.
    #[error("the timestamp does not say, with SHA-256 or better, which certificate signed it")]
    Unnamed,
    /// Signed by nobody in the trusted root.
    #[error("no authority of the trusted root made the timestamp")]
    Unknown,
    /// Another certificate of the same name.
    #[error("the timestamp names another certificate of its authority than the trusted one")]
    Certificate,
    /// The signer's certificate is for something else.
    #[error("the authority's certificate cannot be used")]
    Leaf(#[source] super::CertificateError),
    /// The chain above it does not hold.
    #[error("the authority's chain does not hold: {0}")]
    Chain(ChainError),
    /// The authority did not sign it.
    #[error("the authority did not sign the timestamp")]
    Signature,
}

impl From<der::Error> for TimestampError {
    fn from(_: der::Error) -> Self {
        Self::Form
    }
}

const GRANTED_WITH_CHANGES: u8 = 1;
const INFO_VERSION: u8 = 1;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = oid("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_one_spelling() {
        let time = |text: &str| parse_time(text).map(|time| time.to_string());
        assert_eq!(time("20250612120220Z").as_deref(), Some("2025-06-12T12:02:20Z"));
        assert_eq!(time("20250612120220.25Z").as_deref(), Some("2025-06-12T12:02:20.25Z"));
        for bad in [
            "",
            "Z",
            "20250612120220",
            "202506121202Z",
            "20250612120220.Z",
            "20250612120220.50Z",
            "20250612120220.1234567891Z",
            "20250612120220+0100",
            "20251312120220Z",
            "2025061212022+Z",
            "2025061212022éZ",
        ] {
            assert_eq!(time(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_no_timestamp_is_refused_and_never_panics() {
        assert_eq!(Token::parse(b""), Err(TimestampError::Form));
        assert_eq!(
            Token::parse(&[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]),
            Err(TimestampError::Refused(2))
        );
        assert_eq!(
            Token::parse(&vec![0; MAX_TIMESTAMP + 1]),
            Err(TimestampError::TooLarge(MAX_TIMESTAMP + 1))
        );
    }
}

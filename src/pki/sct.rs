//! Signed certificate timestamps: the proof that a certificate was shown to a public log before it was used.
//!
//! RFC 6962, sections 3.2 and 3.3: the log signs the certificate as it was before the proof was put into it, together with
//! the hash of the issuer's key.

use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Encode as _, Tag, Tagged as _};
use jiff::Timestamp;

use super::certificate::SCT_LIST;
use super::fields::{Fields, context, wrap};
use super::{Certificate, MAX_SCTS};
use crate::digest::Digest;
use crate::keys::PublicKey;

/// One proof, not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sct {
    /// The log's id: SHA-256 of its key's SPKI.
    pub log_id: [u8; 32],
    /// When the log took the certificate.
    pub time: Timestamp,
    milliseconds: u64,
    extensions: Vec<u8>,
    signature: Vec<u8>,
}

impl Certificate {
    /// The proofs inside the certificate; none where it has no such extension.
    pub fn scts(&self) -> Result<Vec<Sct>, SctError> {
        let Some(value) = &self.extensions.scts else {
            return Ok(Vec::new());
        };
        let list = <&OctetStringRef>::from_der(value).map_err(|_| SctError::Form)?;
        let mut list = Cursor(list.as_bytes()).whole_vector16()?;
        let mut scts = Vec::new();
        while !list.is_empty() {
            if scts.len() == MAX_SCTS {
                return Err(SctError::TooMany);
            }
            scts.push(Sct::parse(list.vector16()?)?);
        }
        Ok(scts)
    }

    /// The certificate without its proofs, as the log saw it.
    fn before_the_log(&self) -> der::Result<Vec<u8>> {
        let mut parts = Vec::with_capacity(self.tbs.len());
        for part in Fields::sequence(&self.tbs)?.rest()? {
            if part.tag() != context(EXTENSIONS) {
                part.encode_to_vec(&mut parts)?;
                continue;
            }
            let mut kept = Vec::with_capacity(self.tbs.len());
            for extension in Fields::sequence(part.value())?.rest()? {
                if Fields::of(extension, Tag::Sequence)?.next()?.decode_as::<ObjectIdentifier>()? != SCT_LIST
                {
                    extension.encode_to_vec(&mut kept)?;
                }
            }
            parts.extend(wrap(context(EXTENSIONS), &wrap(Tag::Sequence, &kept)?)?);
        }
        wrap(Tag::Sequence, &parts)
    }
}

impl Sct {
    fn parse(mut sct: Cursor<'_>) -> Result<Self, SctError> {
        if sct.take(1)? != [VERSION_1] {
            return Err(SctError::Version);
        }
        let log_id = sct.take(32)?.try_into().map_err(|_| SctError::Form)?;
        let milliseconds = u64::from_be_bytes(sct.take(8)?.try_into().map_err(|_| SctError::Form)?);
        let extensions = sct.vector16()?.0.to_vec();
        // The log's key decides whether it is ECDSA or RSA; the hash is SHA-256 (RFC 6962, section 2.1.4).
        if !matches!(sct.take(2)?, [SHA256, ECDSA | RSA]) {
            return Err(SctError::Algorithm);
        }
        let signature = sct.vector16()?.0.to_vec();
        if !sct.is_empty() {
            return Err(SctError::Form);
        }
        let time = i64::try_from(milliseconds).ok().and_then(|time| Timestamp::from_millisecond(time).ok());
        Ok(Self { log_id, time: time.ok_or(SctError::Form)?, milliseconds, extensions, signature })
    }

    /// Whether the log with this key signed that it has seen the certificate, issued by that issuer.
    pub fn verify(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        key: &PublicKey,
    ) -> Result<(), SctError> {
        let tbs = certificate.before_the_log().map_err(|_| SctError::Form)?;
        let length = u32::try_from(tbs.len()).map_err(|_| SctError::Form)?.to_be_bytes();
        let extensions = u16::try_from(self.extensions.len()).map_err(|_| SctError::Form)?.to_be_bytes();
        let signed = [
            &[VERSION_1, CERTIFICATE_TIMESTAMP][..],
            &self.milliseconds.to_be_bytes(),
            &PRECERTIFICATE,
            Digest::sha256(issuer.spki()).bytes(),
            &length[1..],
            &tbs,
            &extensions,
            &self.extensions,
        ]
        .concat();
        key.verify_digest(&Digest::sha256(signed), &self.signature).map_err(|_| SctError::Signature)
    }
}

/// Bytes that are read from the front.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], SctError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(SctError::Form)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Bytes behind a length of 16 bits (RFC 5246, section 4.3).
    fn vector16(&mut self) -> Result<Self, SctError> {
        let length = self.take(2)?.try_into().map(u16::from_be_bytes).map_err(|_| SctError::Form)?;
        self.take(usize::from(length)).map(Cursor)
    }

    fn whole_vector16(mut self) -> Result<Self, SctError> {
        let vector = self.vector16()?;
        if self.is_empty() { Ok(vector) } else { Err(SctError::Form) }
    }
}

/// Why there is no proof that a certificate was published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SctError {
    /// Not the form of RFC 6962.
    #[error("the certificate's proof of publication is malformed")]
    Form,
    /// More proofs than [`MAX_SCTS`].
    #[error("the certificate has more than {MAX_SCTS} proofs of publication")]
    TooMany,
    /// Another version than 1.
    #[error("the certificate's proof of publication is of an unknown version")]
    Version,
    /// Another hash than SHA-256, or an unknown signature.
    #[error("the certificate's proof of publication has an unknown signature algorithm")]
    Algorithm,
    /// The log did not sign it.
    #[error("the certificate transparency log did not sign the proof of publication")]
    Signature,
}

const VERSION_1: u8 = 0;
const CERTIFICATE_TIMESTAMP: u8 = 0;
const PRECERTIFICATE: [u8; 2] = [0, 1];
const SHA256: u8 = 4;
const RSA: u8 = 1;
const ECDSA: u8 = 3;
/// The number of the extensions among the parts of a certificate.
const EXTENSIONS: u8 = 3;

//! Certificates: a key, whose it is, and who says so.
//!
//! RFC 5280, and Fulcio's extensions (<https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md>).

use std::fmt;

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
use der::{Decode as _, Encode as _, Sequence};
use jiff::Timestamp;
use x509_cert::TbsCertificate;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::spki::AlgorithmIdentifierRef;

use super::scheme::Scheme;
use super::{MAX_CERTIFICATE, MAX_EXTENSIONS};
use crate::keys::PublicKey;

/// A certificate, as it says. Nothing in it is true before a chain was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub(super) der: Vec<u8>,
    pub(super) tbs: Vec<u8>,
    pub(super) scheme: Option<Scheme>,
    pub(super) signature: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) serial: Vec<u8>,
    name: String,
    not_before: Timestamp,
    not_after: Timestamp,
    spki: Vec<u8>,
    key: Option<PublicKey>,
    pub(super) extensions: Extensions,
}

/// What the extensions say that is understood here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Extensions {
    /// Whether it may issue certificates.
    pub(super) authority: bool,
    /// How many more authorities may stand below it, if that is limited.
    pub(super) path_length: Option<u8>,
    pub(super) signs_certificates: Option<bool>,
    pub(super) signs_data: Option<bool>,
    pub(super) purposes: Option<Vec<ObjectIdentifier>>,
    pub(super) purposes_critical: bool,
    pub(super) scts: Option<Vec<u8>>,
    /// The first critical extension that nobody here understands.
    pub(super) not_understood: Option<ObjectIdentifier>,
    identities: Vec<Identity>,
    claims: Vec<(Claim, String)>,
}

/// Who a certificate speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// What kind of name it is.
    pub kind: IdentityKind,
    /// The name.
    pub value: String,
}

/// Kinds of names in a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityKind {
    /// An email address.
    Email,
    /// A URI, such as that of a workflow.
    Uri,
    /// A name that an issuer gave its user (Fulcio's `otherName`).
    Username,
    /// Any other kind.
    Other,
}

/// What Fulcio says of a signer beside the identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The URL of the identity provider.
    Issuer,
    /// What started the workflow.
    WorkflowTrigger,
    /// The commit it ran on.
    WorkflowSha,
    /// Its name.
    WorkflowName,
    /// Its repository.
    WorkflowRepository,
    /// The git ref it ran on.
    WorkflowRef,
}

impl Claim {
    /// The name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::WorkflowTrigger => "trigger",
            Self::WorkflowSha => "sha",
            Self::WorkflowName => "name",
            Self::WorkflowRepository => "repository",
            Self::WorkflowRef => "ref",
        }
    }
}

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signing what is shipped.
    CodeSigning,
    /// Signing timestamps.
    Timestamping,
}

impl Purpose {
    pub(super) fn oid(self) -> ObjectIdentifier {
        match self {
            Self::CodeSigning => ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3"),
            Self::Timestamping => ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8"),
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CodeSigning => "code signing",
            Self::Timestamping => "timestamping",
        })
    }
}

/// The frame, with what was signed as it stands.
#[derive(Sequence)]
struct Frame<'a> {
    tbs: AnyRef<'a>,
    algorithm: AlgorithmIdentifierRef<'a>,
    signature: BitStringRef<'a>,
}

impl Certificate {
    /// Reads a certificate in DER of at most [`MAX_CERTIFICATE`] bytes.
    pub fn parse(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_CERTIFICATE {
            return Err(CertificateError::TooLarge(der.len()));
        }
        let frame = Frame::from_der(der).map_err(|_| CertificateError::Form)?;
        let tbs = frame.tbs.to_der().map_err(|_| CertificateError::Form)?;
        let parsed = TbsCertificate::from_der(&tbs).map_err(|_| CertificateError::Form)?;
        let signed = parsed.signature().to_der().map_err(|_| CertificateError::Form)?;
        // RFC 5280, section 4.1.1.2: the signed algorithm and the one beside the signature are the same.
        if frame.algorithm.to_der().map_err(|_| CertificateError::Form)? != signed {
            return Err(CertificateError::Algorithms);
        }
        let time = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs())
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
                .ok_or(CertificateError::Form)
        };
        let spki = parsed.subject_public_key_info().to_der().map_err(|_| CertificateError::Form)?;
        let list = parsed.extensions().map_or(&[][..], Vec::as_slice);
        Ok(Self {
            scheme: Scheme::of(&frame.algorithm, None),
            signature: frame.signature.as_bytes().ok_or(CertificateError::Form)?.to_vec(),
            issuer: parsed.issuer().to_der().map_err(|_| CertificateError::Form)?,
            subject: parsed.subject().to_der().map_err(|_| CertificateError::Form)?,
            serial: parsed.serial_number().as_bytes().to_vec(),
            name: parsed.subject().to_string(),
            not_before: time(parsed.validity().not_before)?,
            not_after: time(parsed.validity().not_after)?,
            key: PublicKey::from_spki(&spki).ok(),
            spki,
            extensions: Extensions::read(list)?,
            tbs,
            der: der.to_vec(),
        })
    }

    /// The bytes it was read from.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The key, when it is of a kind that can be used.
    pub fn key(&self) -> Option<&PublicKey> {
        self.key.as_ref()
    }

    /// The key's SPKI, of whatever kind it is.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The subject's name, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first and the last moment of its validity.
    pub fn validity(&self) -> (Timestamp, Timestamp) {
        (self.not_before, self.not_after)
    }

    /// Whether it is valid at a moment; both ends are inside (RFC 5280, section 4.1.2.5).
    pub fn is_valid_at(&self, moment: Timestamp) -> bool {
        self.not_before <= moment && moment <= self.not_after
    }

    /// Whether it may issue certificates.
    pub fn is_authority(&self) -> bool {
        self.extensions.authority
    }

    /// Everybody it speaks of.
    pub fn identities(&self) -> &[Identity] {
        &self.extensions.identities
    }

    /// What Fulcio says of the signer.
    pub fn claim(&self, claim: Claim) -> Option<&str> {
        self.extensions.claims.iter().find(|(known, _)| *known == claim).map(|(_, value)| value.as_str())
    }

    /// Whether the holder of its key may sign for a purpose: not an authority, with that purpose alone, and nothing
    /// critical that is not understood.
    pub fn check_leaf(&self, purpose: Purpose) -> Result<(), CertificateError> {
        if self.is_authority() {
            return Err(CertificateError::Authority);
        }
        if let Some(oid) = self.extensions.not_understood {
            return Err(CertificateError::NotUnderstood(oid.to_string()));
        }
        if self.extensions.signs_data == Some(false) {
            return Err(CertificateError::Usage);
        }
        if self.extensions.purposes.as_deref() != Some(&[purpose.oid()]) {
            return Err(CertificateError::Purpose(purpose));
        }
        // RFC 3161, section 2.3.
        if purpose == Purpose::Timestamping && !self.extensions.purposes_critical {
            return Err(CertificateError::PurposeNotCritical);
        }
        if self.key.is_none() {
            return Err(CertificateError::Key);
        }
        Ok(())
    }

    pub(super) fn is_signed_by(&self, issuer: &Self) -> bool {
        match (self.scheme, issuer.key()) {
            (Some(scheme), Some(key)) => scheme.holds(key, &self.tbs, &self.signature),
            _ => false,
        }
    }
}

impl Extensions {
    fn read(list: &[Extension]) -> Result<Self, CertificateError> {
        if list.len() > MAX_EXTENSIONS {
            return Err(CertificateError::TooManyExtensions);
        }
        let mut read = Self::default();
        for (at, extension) in list.iter().enumerate() {
            if list[..at].iter().any(|other| other.extn_id == extension.extn_id) {
                return Err(CertificateError::Twice(extension.extn_id.to_string()));
            }
            read.add(extension)?;
        }
        read.agree_on_the_issuer()?;
        Ok(read)
    }

    fn add(&mut self, extension: &Extension) -> Result<(), CertificateError> {
        let value = extension.extn_value.as_bytes();
        let malformed = || CertificateError::Extension(extension.extn_id.to_string());
        match extension.extn_id {
            BASIC_CONSTRAINTS => {
                let read = BasicConstraints::from_der(value).map_err(|_| malformed())?;
                self.authority = read.ca;
                self.path_length = read.path_len_constraint;
            }
            KEY_USAGE => {
                let read = KeyUsage::from_der(value).map_err(|_| malformed())?;
                self.signs_certificates = Some(read.key_cert_sign());
                self.signs_data = Some(read.digital_signature());
            }
            EXTENDED_KEY_USAGE => {
                let read = ExtendedKeyUsage::from_der(value).map_err(|_| malformed())?;
                self.purposes = Some(read.0);
                self.purposes_critical = extension.critical;
            }
            SUBJECT_ALT_NAME => {
                let read = GeneralNames::from_der(value).map_err(|_| malformed())?;
                self.identities = read.iter().map(identity).collect();
            }
            SCT_LIST => self.scts = Some(value.to_vec()),
            oid => {
                if let Some((_, claim, encoded)) = CLAIMS.iter().find(|(known, ..)| *known == oid) {
                    let text = if *encoded {
                        der::asn1::Utf8StringRef::from_der(value).ok().map(|text| text.as_str().to_owned())
                    } else {
                        str::from_utf8(value).ok().map(str::to_owned)
                    };
                    self.claims.push((*claim, text.ok_or_else(malformed)?));
                } else if extension.critical {
                    self.not_understood.get_or_insert(oid);
                }
            }
        }
        Ok(())
    }

    /// Fulcio writes the issuer twice, bare and in DER. Programs read one or the other: both must say the same.
    fn agree_on_the_issuer(&mut self) -> Result<(), CertificateError> {
        let mut issuers =
            self.claims.iter().filter(|(claim, _)| *claim == Claim::Issuer).map(|(_, value)| value);
        let first = issuers.next();
        if issuers.any(|other| Some(other) != first) {
            return Err(CertificateError::TwoIssuers);
        }
        Ok(())
    }
}

fn identity(name: &GeneralName) -> Identity {
    let (kind, value) = match name {
        GeneralName::Rfc822Name(email) => (IdentityKind::Email, email.to_string()),
        GeneralName::UniformResourceIdentifier(uri) => (IdentityKind::Uri, uri.to_string()),
        GeneralName::OtherName(other) if other.type_id == USERNAME => {
            match other.value.decode_as::<der::asn1::Utf8StringRef<'_>>() {
                Ok(text) => (IdentityKind::Username, text.as_str().to_owned()),
                Err(_) => (IdentityKind::Other, String::new()),
            }
        }
        GeneralName::DnsName(dns) => (IdentityKind::Other, dns.to_string()),
        _ => (IdentityKind::Other, String::new()),
    };
    Identity { kind, value }
}

/// Why a certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// More bytes than [`MAX_CERTIFICATE`].
    #[error("the certificate has {0} bytes, more than {MAX_CERTIFICATE}")]
    TooLarge(usize),
    /// Not DER of RFC 5280.
    #[error("the certificate is not DER of the form of RFC 5280")]
    Form,
    /// What was signed names another algorithm than what stands beside the signature.
    #[error("the certificate names two signature algorithms")]
    Algorithms,
    /// More extensions than [`MAX_EXTENSIONS`].
    #[error("the certificate has more than {MAX_EXTENSIONS} extensions")]
    TooManyExtensions,
    /// An extension twice.
    #[error("the certificate has the extension {0} twice")]
    Twice(String),
    /// An extension whose value is not of its form.
    #[error("the extension {0} of the certificate is malformed")]
    Extension(String),
    /// Fulcio's two forms of the issuer differ.
    #[error("the certificate names two issuers")]
    TwoIssuers,
    /// An authority's certificate where a signer's is expected.
    #[error("it is the certificate of an authority, which signs certificates and nothing else")]
    Authority,
    /// A critical extension that is not understood.
    #[error("the certificate has the critical extension {0}, which is not understood")]
    NotUnderstood(String),
    /// Its key must not sign data.
    #[error("the certificate does not let its key sign anything")]
    Usage,
    /// It is for something else, or for that and more.
    #[error("the certificate is not for {0} alone")]
    Purpose(Purpose),
    /// The purpose stands in an extension that may be ignored.
    #[error("the certificate's purpose is not marked critical, as RFC 3161 demands")]
    PurposeNotCritical,
    /// A key of a kind that is not known, or a weak one.
    #[error("the certificate's key cannot be used")]
    Key,
}

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const BASIC_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = oid("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
const SUBJECT_ALT_NAME: ObjectIdentifier = oid("2.5.29.17");
pub(super) const SCT_LIST: ObjectIdentifier = oid("1.3.6.1.4.1.11129.2.4.2");
const USERNAME: ObjectIdentifier = oid("1.3.6.1.4.1.57264.1.7");

/// Fulcio's extensions, and whether their text is wrapped in DER.
const CLAIMS: [(ObjectIdentifier, Claim, bool); 7] = [
    (oid("1.3.6.1.4.1.57264.1.1"), Claim::Issuer, false),
    (oid("1.3.6.1.4.1.57264.1.2"), Claim::WorkflowTrigger, false),
    (oid("1.3.6.1.4.1.57264.1.3"), Claim::WorkflowSha, false),
    (oid("1.3.6.1.4.1.57264.1.4"), Claim::WorkflowName, false),
    (oid("1.3.6.1.4.1.57264.1.5"), Claim::WorkflowRepository, false),
    (oid("1.3.6.1.4.1.57264.1.6"), Claim::WorkflowRef, false),
    (oid("1.3.6.1.4.1.57264.1.8"), Claim::Issuer, true),
];

//! Trust roots: which logs and authorities are believed, and when.
//!
//! Format: `sigstore_trustroot.proto` of <https://github.com/sigstore/protobuf-specs>, in JSON. A key or a
//! certificate of an unknown kind is kept: it breaks nothing, and nothing is ever checked with it.

use std::collections::HashSet;
use std::sync::OnceLock;

use jiff::Timestamp;

use super::Error;
use crate::attest::shape::{bytes, elements, fields, optional_text, required, text};
use crate::attest::{Flaw, Malformed};
use crate::document::{Document, Limits, Value};
use crate::keys::PublicKey;
use crate::pki::{CertificateError, Chain};

/// Logs and authorities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustRoot {
    logs: Vec<Log>,
    ct_logs: Vec<Log>,
    certificate_authorities: Vec<Authority>,
    timestamp_authorities: Vec<Authority>,
}

/// A log and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its URL.
    pub base_url: String,
    /// The host name in that URL, which is the origin of its checkpoints.
    pub origin: String,
    /// The first bytes of its signatures under checkpoints, where they are not those of its id.
    pub checkpoint_id: Option<Vec<u8>>,
    /// Its key, when it is of a kind that can be used.
    pub key: Option<PublicKey>,
    /// The key's SPKI, of whatever kind it is.
    pub spki: Vec<u8>,
    /// When the key counts.
    pub valid: Window,
    /// What entries call the log.
    pub id: Vec<u8>,
    /// Who runs it; may be empty.
    pub operator: String,
}

impl Log {
    /// Host name and port in its URL, as Rekor v1 names itself.
    pub fn authority(&self) -> &str {
        let rest = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

/// An authority for certificates or timestamps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its URL.
    pub uri: String,
    /// Its certificates in DER, the root last.
    pub certificates: Vec<Vec<u8>>,
    /// When it counts.
    pub valid: Window,
    chain: Lazy<Result<Chain, CertificateError>>,
}

impl Authority {
    /// Its certificates, parsed when they are asked for the first time: most bundles need none of them.
    pub fn chain(&self) -> Result<&Chain, &CertificateError> {
        self.chain.0.get_or_init(|| Chain::parse(&self.certificates)).as_ref()
    }
}

/// What was worked out of the fields beside it. It says nothing that they do not, so all are equal.
#[derive(Debug, Clone)]
struct Lazy<T>(OnceLock<T>);

impl<T> PartialEq for Lazy<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Lazy<T> {}

/// A span of time, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first moment.
    pub start: Timestamp,
    /// The last moment; without one it is open.
    pub end: Option<Timestamp>,
}

impl Window {
    /// Whether a moment is inside.
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && self.end.is_none_or(|end| moment <= end)
    }
}

impl TrustRoot {
    /// Believes nobody: enough where bundles are accepted unlogged.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// The public good instance of Sigstore, as this program was built with it; [`PUBLIC_GOOD_DATE`] says how old that is.
    pub fn public_good() -> Self {
        Self::parse(PUBLIC_GOOD).expect("the embedded trusted root is well-formed, which a test shows")
    }

    /// Reads a `trusted_root.json` of at most [`MAX_BYTES`] bytes.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        read(json).map_err(Error::TrustRoot)
    }

    /// The logs whose entries are believed.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The certificate transparency logs, which must have seen a signer's certificate.
    pub fn ct_logs(&self) -> &[Log] {
        &self.ct_logs
    }

    /// The authorities whose certificates are believed.
    pub fn certificate_authorities(&self) -> &[Authority] {
        &self.certificate_authorities
    }

    /// The authorities whose timestamps are believed.
    pub fn timestamp_authorities(&self) -> &[Authority] {
        &self.timestamp_authorities
    }

    /// The log that has this id.
    pub fn log(&self, id: &[u8]) -> Option<&Log> {
        self.logs.iter().find(|log| log.id == id)
    }

    /// The certificate transparency log that has this id.
    pub fn ct_log(&self, id: &[u8]) -> Option<&Log> {
        self.ct_logs.iter().find(|log| log.id == id)
    }
}

fn read(json: &[u8]) -> Result<TrustRoot, Malformed> {
    let limits = Limits { bytes: MAX_BYTES, depth: MAX_DEPTH, nodes: MAX_NODES };
    let document = Document::parse(json.to_vec(), &limits)?;
    let root = document.root();
    let [media_type, logs, authorities, ct_logs, timestamps] =
        fields(root, ["mediaType", "tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"])?;
    let media_type = required(root, "mediaType", media_type)?;
    if !MEDIA_TYPES.contains(&&*text(media_type)?) {
        let detail = format!("expected {}, found {}", MEDIA_TYPES[0], text(media_type)?);
        return Err(Malformed::at(Flaw::Type, &media_type, detail));
    }
    let all = |list, reader: fn(Value<'_>) -> Result<Authority, Malformed>| {
        elements(list)?.into_iter().map(reader).collect::<Result<Vec<_>, _>>()
    };
    Ok(TrustRoot {
        logs: read_logs(logs)?,
        ct_logs: read_logs(ct_logs)?,
        certificate_authorities: all(authorities, read_authority)?,
        timestamp_authorities: all(timestamps, read_authority)?,
    })
}

fn read_logs(list: Option<Value<'_>>) -> Result<Vec<Log>, Malformed> {
    let mut ids = HashSet::new();
    let mut logs = Vec::new();
    for value in elements(list)? {
        let log = read_log(value)?;
        if !ids.insert(log.id.clone()) {
            return Err(Malformed::at(Flaw::Alternatives, &value, "another log has the same id"));
        }
        logs.push(log);
    }
    Ok(logs)
}

fn read_log(value: Value<'_>) -> Result<Log, Malformed> {
    let [url, hash, key, id, checkpoint_id, operator] =
        fields(value, ["baseUrl", "hashAlgorithm", "publicKey", "logId", "checkpointKeyId", "operator"])?;
    let url = required(value, "baseUrl", url)?;
    let base_url = text(url)?.into_owned();
    let origin = host(&base_url)
        .ok_or_else(|| Malformed::at(Flaw::Number, &url, "it is no http or https URL with a host name"))?;
    let hash = required(value, "hashAlgorithm", hash)?;
    if !hash.is("SHA2_256") {
        return Err(Malformed::at(Flaw::Unsupported, &hash, "only logs of SHA2_256 are understood"));
    }
    let key = required(value, "publicKey", key)?;
    let [raw, details, valid] = fields(key, ["rawBytes", "keyDetails", "validFor"])?;
    let raw = required(key, "rawBytes", raw)?;
    let details = required(key, "keyDetails", details)?;
    let spki = bytes(raw)?;
    let public = PublicKey::from_spki(&spki).ok();
    // The kind that is written and the kind of the bytes must agree, or the file decides the algorithm.
    let written = text(details)?;
    if public.as_ref().is_some_and(|public| public.key_details() != written)
        || public.is_none() && UNDERSTOOD.contains(&&*written)
    {
        return Err(Malformed::at(Flaw::Alternatives, &details, "the key is of another kind"));
    }
    Ok(Log {
        checkpoint_id: checkpoint_id.map(key_id).transpose()?,
        origin: origin.to_owned(),
        key: public,
        spki,
        valid: read_window(required(key, "validFor", valid)?)?,
        id: key_id(required(value, "logId", id)?)?,
        operator: optional_text(operator)?,
        base_url,
    })
}

fn key_id(value: Value<'_>) -> Result<Vec<u8>, Malformed> {
    let [id] = fields(value, ["keyId"])?;
    let id = required(value, "keyId", id)?;
    let bytes = bytes(id)?;
    if bytes.is_empty() {
        return Err(Malformed::at(Flaw::MissingField, &id, "it is empty"));
    }
    Ok(bytes)
}

fn read_authority(value: Value<'_>) -> Result<Authority, Malformed> {
    let [subject, uri, chain, valid, operator] =
        fields(value, ["subject", "uri", "certChain", "validFor", "operator"])?;
    if let Some(subject) = subject {
        for name in fields(subject, ["organization", "commonName"])? {
            optional_text(name)?;
        }
    }
    optional_text(operator)?;
    let chain = required(value, "certChain", chain)?;
    let [list] = fields(chain, ["certificates"])?;
    let mut certificates = Vec::new();
    for certificate in elements(list)? {
        let [raw] = fields(certificate, ["rawBytes"])?;
        certificates.push(bytes(required(certificate, "rawBytes", raw)?)?);
    }
    if certificates.is_empty() {
        return Err(Malformed::at(Flaw::MissingField, &chain, "there is no certificate"));
    }
    let valid = read_window(required(value, "validFor", valid)?)?;
    Ok(Authority { uri: optional_text(uri)?, certificates, valid, chain: Lazy(OnceLock::new()) })
}

fn read_window(value: Value<'_>) -> Result<Window, Malformed> {
    let [start, end] = fields(value, ["start", "end"])?;
    let start = read_time(required(value, "start", start)?)?;
    Ok(Window { start, end: end.map(read_time).transpose()? })
}

fn read_time(value: Value<'_>) -> Result<Timestamp, Malformed> {
    let written = text(value)?;
    // The parser also takes a space for the `T`, and more; RFC 3339 as protobuf writes it does not.
    let plain = written.bytes().all(|byte| byte.is_ascii_digit() || b"-+:.TZ".contains(&byte));
    let time = written.parse().ok().filter(|_| plain);
    time.ok_or_else(|| Malformed::at(Flaw::Time, &value, format!("`{written}` is no time of RFC 3339")))
}

/// The host name of a URL, as clients compare it with the origin of checkpoints: byte for byte, without the port.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    let is_name =
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    (is_name && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(host)
}

/// The most bytes of a trusted root; the public good instance's has 7 KiB.
pub const MAX_BYTES: u64 = 4 * 1024 * 1024;
/// The most levels of its JSON; a real one has six.
pub const MAX_DEPTH: usize = 16;
/// The most values and names in it.
pub const MAX_NODES: usize = 100_000;

const MEDIA_TYPES: [&str; 3] = [
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json",
];

const UNDERSTOOD: [&str; 7] = [
    "PKIX_ECDSA_P256_SHA_256",
    "PKIX_ED25519",
    "PKIX_ECDSA_P384_SHA_384",
    "PKIX_ECDSA_P521_SHA_512",
    "PKIX_RSA_PKCS1V15_2048_SHA256",
    "PKIX_RSA_PKCS1V15_3072_SHA256",
    "PKIX_RSA_PKCS1V15_4096_SHA256",
];

/// The trusted root of the public good instance, from its TUF repository.
const PUBLIC_GOOD: &[u8] = include_bytes!("public_good.json");

/// The day on which [`TrustRoot::public_good`] was taken from its TUF repository.
pub const PUBLIC_GOOD_DATE: &str = "2026-08-19";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_root_is_read_with_all_its_keys_and_chains() {
        let root = TrustRoot::public_good();
        assert!(root.logs().iter().chain(root.ct_logs()).all(|log| log.key.is_some()));
        let authorities = root.certificate_authorities().iter().chain(root.timestamp_authorities());
        assert!(authorities.clone().count() >= 3 && authorities.clone().all(|one| one.chain().is_ok()));
        assert!(root.logs().len() >= 2 && !root.ct_logs().is_empty());
        PUBLIC_GOOD_DATE.parse::<jiff::civil::Date>().unwrap();
    }
}

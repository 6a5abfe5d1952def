//! Entries of Sigstore's logs: whether one is for a signature.
//!
//! Rekor v1 (<https://github.com/sigstore/rekor>, `pkg/types`) has `hashedrekord` 0.0.1, `dsse` 0.0.1 and `intoto` 0.0.2;
//! Rekor v2 (<https://github.com/sigstore/rekor-tiles>) has `hashedrekord` 0.0.2 and `dsse` 0.0.2. Each says which digest
//! was signed, with which signature, and by whom; all three must be those of the bundle, or the entry is somebody else's
//! and its time and its place prove nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::attest::Malformed;
use crate::attest::dsse::Envelope;
use crate::attest::shape::{bytes, elements, fields, required, text};
use crate::digest::{Algorithm, Digest, encode_hex};
use crate::document::{Document, Limits, Value};
use crate::keys::{self, KeyType, PublicKey};

/// Kinds of entries that are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `hashedrekord` 0.0.1: a signature of an artifact, in Rekor v1.
    HashedRekord1,
    /// `dsse` 0.0.1: an envelope, in Rekor v1.
    Dsse1,
    /// `intoto` 0.0.2: an envelope with a statement, in Rekor v1.
    Intoto2,
    /// `hashedrekord` 0.0.2: any signature, in Rekor v2.
    HashedRekord2,
    /// `dsse` 0.0.2: an envelope, in early Rekor v2.
    Dsse2,
}

/// Generations of logs: what they sign differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// Signs promises with a time; an entry's index goes on over several trees; checkpoints have more lines.
    V1,
    /// Signs checkpoints and nothing else.
    V2,
}

impl Kind {
    const ALL: [(Self, &str, &str); 5] = [
        (Self::HashedRekord1, "hashedrekord", "0.0.1"),
        (Self::Dsse1, "dsse", "0.0.1"),
        (Self::Intoto2, "intoto", "0.0.2"),
        (Self::HashedRekord2, "hashedrekord", "0.0.2"),
        (Self::Dsse2, "dsse", "0.0.2"),
    ];

    /// The kind of this name and version.
    pub fn named(name: &str, version: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, kind, of)| *kind == name && *of == version).map(|(kind, ..)| kind)
    }

    /// Which logs have it.
    pub fn generation(self) -> Generation {
        match self {
            Self::HashedRekord1 | Self::Dsse1 | Self::Intoto2 => Generation::V1,
            Self::HashedRekord2 | Self::Dsse2 => Generation::V2,
        }
    }

    /// Whether it is for envelopes, for other signatures, or for both. A digest of an envelope that passes for that of an
    /// artifact would let one stand for the other.
    pub fn is_for(self, envelope: bool) -> bool {
        match self {
            Self::HashedRekord1 => !envelope,
            Self::Dsse1 | Self::Intoto2 | Self::Dsse2 => envelope,
            Self::HashedRekord2 => true,
        }
    }
}

/// What an entry must say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The digest that was signed; for an envelope that of its encoding.
    pub digest: &'a Digest,
    /// The signature.
    pub signature: &'a [u8],
    /// The key that verifies it.
    pub key: &'a PublicKey,
    /// Whether an Ed25519 key signed the digest (Ed25519ph) instead of the message.
    pub prehashed: bool,
    /// The certificate that the key stands in, DER.
    pub certificate: Option<&'a [u8]>,
    /// The envelope, if one was signed.
    pub envelope: Option<&'a Envelope>,
}

impl Expected<'_> {
    /// Compares with the entry's bytes.
    pub fn check(&self, kind: Kind, body: &[u8]) -> Result<(), Mismatch> {
        match kind {
            Kind::HashedRekord2 | Kind::Dsse2 => self.check_v2(kind, body),
            Kind::HashedRekord1 | Kind::Dsse1 | Kind::Intoto2 => self.check_v1(kind, body),
        }
    }

    /// Entries of Rekor v2 have one spelling, which is made here again.
    fn check_v2(&self, kind: Kind, body: &[u8]) -> Result<(), Mismatch> {
        if body == self.v2(kind).as_bytes() {
            return Ok(());
        }
        let document = parse(body)?;
        let spec = spec(&document, kind)?;
        let (hash, signature) = if kind == Kind::HashedRekord2 {
            let [record] = fields(spec, ["hashedRekordV002"])?;
            let record = required(spec, "hashedRekordV002", record)?;
            let [data, signature] = fields(record, ["data", "signature"])?;
            (required(record, "data", data)?, required(record, "signature", signature)?)
        } else {
            let [record] = fields(spec, ["dsseV002"])?;
            let record = required(spec, "dsseV002", record)?;
            let [hash, signatures] = fields(record, ["payloadHash", "signatures"])?;
            (required(record, "payloadHash", hash)?, only(record, signatures)?)
        };
        let [algorithm, digest] = fields(hash, ["algorithm", "digest"])?;
        let (algorithm, digest) =
            (required(hash, "algorithm", algorithm)?, required(hash, "digest", digest)?);
        let expected = self.v2_digest(kind);
        if !algorithm.is(algorithm_name(&expected)) || bytes(digest)? != expected.bytes() {
            return Err(Mismatch::Digest);
        }
        let [content, verifier] = fields(signature, ["content", "verifier"])?;
        if bytes(required(signature, "content", content)?)? != self.signature {
            return Err(Mismatch::Signature);
        }
        let verifier = required(signature, "verifier", verifier)?;
        let [details, key, certificate] = fields(verifier, ["keyDetails", "publicKey", "x509Certificate"])?;
        let raw = |value: Option<Value<'_>>| -> Result<Option<Vec<u8>>, Malformed> {
            let Some(value) = value else { return Ok(None) };
            let [raw] = fields(value, ["rawBytes"])?;
            bytes(required(value, "rawBytes", raw)?).map(Some)
        };
        let of_the_signer = match self.certificate {
            Some(own) => raw(certificate)?.as_deref() == Some(own) && key.is_none(),
            None => raw(key)? == Some(self.key.to_spki()) && certificate.is_none(),
        };
        if !of_the_signer || !details.is_some_and(|details| details.is(self.details())) {
            return Err(Mismatch::Signer);
        }
        Err(Mismatch::Spelling)
    }

    fn v2(&self, kind: Kind) -> String {
        let digest = self.v2_digest(kind);
        let hash = format!(
            r#"{{"algorithm":"{}","digest":"{}"}}"#,
            algorithm_name(&digest),
            STANDARD.encode(digest.bytes())
        );
        let (name, verifier) = match self.certificate {
            Some(certificate) => ("x509Certificate", STANDARD.encode(certificate)),
            None => ("publicKey", STANDARD.encode(self.key.to_spki())),
        };
        let signature = format!(
            r#"{{"content":"{}","verifier":{{"keyDetails":"{}","{name}":{{"rawBytes":"{verifier}"}}}}}}"#,
            STANDARD.encode(self.signature),
            self.details(),
        );
        if kind == Kind::HashedRekord2 {
            format!(
                r#"{{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{{"hashedRekordV002":{{"data":{hash},"signature":{signature}}}}}}}"#
            )
        } else {
            format!(
                r#"{{"apiVersion":"0.0.2","kind":"dsse","spec":{{"dsseV002":{{"payloadHash":{hash},"signatures":[{signature}]}}}}}}"#
            )
        }
    }

    fn v2_digest(&self, kind: Kind) -> Digest {
        match (kind, self.envelope) {
            (Kind::Dsse2, Some(envelope)) => Digest::sha256(&envelope.payload),
            _ => self.digest.clone(),
        }
    }

    fn details(&self) -> &'static str {
        if self.prehashed && self.key.key_type() == KeyType::Ed25519 {
            return "PKIX_ED25519_PH";
        }
        self.key.key_details()
    }

    fn check_v1(&self, kind: Kind, body: &[u8]) -> Result<(), Mismatch> {
        let document = parse(body)?;
        let spec = spec(&document, kind)?;
        match (kind, self.envelope) {
            (Kind::HashedRekord1, None) => self.check_hashedrekord(spec),
            (Kind::Dsse1, Some(envelope)) => self.check_dsse(spec, envelope),
            (Kind::Intoto2, Some(envelope)) => self.check_intoto(spec, envelope),
            _ => Err(Mismatch::Digest),
        }
    }

    fn check_hashedrekord(&self, spec: Value<'_>) -> Result<(), Mismatch> {
        let [data, signature] = fields(spec, ["data", "signature"])?;
        let data = required(spec, "data", data)?;
        let [hash] = fields(data, ["hash"])?;
        check_hash(required(data, "hash", hash)?, self.digest)?;
        let signature = required(spec, "signature", signature)?;
        let [content, key] = fields(signature, ["content", "publicKey"])?;
        if bytes(required(signature, "content", content)?)? != self.signature {
            return Err(Mismatch::Signature);
        }
        let key = required(signature, "publicKey", key)?;
        let [content] = fields(key, ["content"])?;
        self.check_pem(required(key, "content", content)?)
    }

    fn check_dsse(&self, spec: Value<'_>, envelope: &Envelope) -> Result<(), Mismatch> {
        // The hash of the envelope's spelling when it was uploaded says nothing that could be made again.
        let [_, payload, signatures] = fields(spec, ["envelopeHash", "payloadHash", "signatures"])?;
        check_hash(required(spec, "payloadHash", payload)?, &Digest::sha256(&envelope.payload))?;
        let signature = only(spec, signatures)?;
        let [content, verifier] = fields(signature, ["signature", "verifier"])?;
        if bytes(required(signature, "signature", content)?)? != self.signature {
            return Err(Mismatch::Signature);
        }
        self.check_pem(required(signature, "verifier", verifier)?)
    }

    fn check_intoto(&self, spec: Value<'_>, envelope: &Envelope) -> Result<(), Mismatch> {
        let [content] = fields(spec, ["content"])?;
        let content = required(spec, "content", content)?;
        let [inner, _, payload_hash] = fields(content, ["envelope", "hash", "payloadHash"])?;
        let payload_hash = required(content, "payloadHash", payload_hash)?;
        check_hash(payload_hash, &Digest::sha256(&envelope.payload))?;
        let inner = required(content, "envelope", inner)?;
        let [payload, kind, signatures] = fields(inner, ["payload", "payloadType", "signatures"])?;
        // What an envelope holds in base64 this kind of entry holds in base64 once more.
        let twice = |value: Value<'_>| -> Result<Vec<u8>, Malformed> {
            let once = bytes(value)?;
            Ok(STANDARD.decode(&once).unwrap_or(once))
        };
        if payload.map(twice).transpose()?.is_some_and(|payload| payload != envelope.payload)
            || *text(required(inner, "payloadType", kind)?)? != *envelope.payload_type
        {
            return Err(Mismatch::Digest);
        }
        let signature = only(inner, signatures)?;
        let [sig, key, keyid] = fields(signature, ["sig", "publicKey", "keyid"])?;
        keyid.map(text).transpose()?;
        if twice(required(signature, "sig", sig)?)? != self.signature {
            return Err(Mismatch::Signature);
        }
        self.check_pem(required(signature, "publicKey", key)?)
    }

    /// The key or certificate, in PEM, in base64.
    fn check_pem(&self, value: Value<'_>) -> Result<(), Mismatch> {
        let (label, der) = keys::read_block(&bytes(value)?).map_err(|_| Mismatch::Signer)?;
        let of_the_signer = match (label.as_str(), self.certificate) {
            ("CERTIFICATE", Some(own)) => der == own,
            ("PUBLIC KEY", None) => der == self.key.to_spki(),
            _ => false,
        };
        if of_the_signer { Ok(()) } else { Err(Mismatch::Signer) }
    }
}

/// The bytes that Rekor v1 signs when it promises to take an entry up: canonical JSON (RFC 8785).
pub fn promised(body: &[u8], integrated_time: u64, log_id: &[u8], log_index: u64) -> Vec<u8> {
    let (body, id) = (STANDARD.encode(body), encode_hex(log_id));
    format!(r#"{{"body":"{body}","integratedTime":{integrated_time},"logID":"{id}","logIndex":{log_index}}}"#)
        .into_bytes()
}

/// Why an entry is not the one for a signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// Not of the form of its kind.
    #[error("the entry is none of its kind: {0}")]
    Form(#[from] Malformed),
    /// What was signed is something else.
    #[error("the entry is of something else")]
    Digest,
    /// The signature is another one.
    #[error("the entry is of another signature")]
    Signature,
    /// The key or certificate is another one.
    #[error("the entry is of another key or certificate")]
    Signer,
    /// It says the same in another spelling.
    #[error("the entry is not spelled as it must be")]
    Spelling,
}

fn parse(body: &[u8]) -> Result<Document, Malformed> {
    Ok(Document::parse(body.to_vec(), &LIMITS)?)
}

fn spec(document: &Document, kind: Kind) -> Result<Value<'_>, Malformed> {
    let root = document.root();
    let [version, name, spec] = fields(root, ["apiVersion", "kind", "spec"])?;
    let (version, name) = (required(root, "apiVersion", version)?, required(root, "kind", name)?);
    if Kind::named(&text(name)?, &text(version)?) != Some(kind) {
        let detail = "it is of another kind than the bundle says";
        return Err(Malformed::at(crate::attest::Flaw::Type, &name, detail));
    }
    required(root, "spec", spec)
}

/// The one element of a list of signatures.
fn only<'a>(parent: Value<'a>, list: Option<Value<'a>>) -> Result<Value<'a>, Mismatch> {
    let list = required(parent, "signatures", list)?;
    match elements(Some(list))?[..] {
        [one] => Ok(one),
        _ => Err(Mismatch::Signature),
    }
}

fn check_hash(hash: Value<'_>, expected: &Digest) -> Result<(), Mismatch> {
    let [algorithm, value] = fields(hash, ["algorithm", "value"])?;
    let (algorithm, value) = (required(hash, "algorithm", algorithm)?, required(hash, "value", value)?);
    if algorithm.is(expected.algorithm().name()) && value.is(&expected.hex()) {
        return Ok(());
    }
    Err(Mismatch::Digest)
}

fn algorithm_name(digest: &Digest) -> &'static str {
    match digest.algorithm() {
        Algorithm::Sha256 => "SHA2_256",
        Algorithm::Sha384 => "SHA2_384",
        Algorithm::Sha512 => "SHA2_512",
    }
}

/// What an entry may cost. Rekor v1 kept whole statements in `intoto` entries.
const LIMITS: Limits = Limits { bytes: 32 * 1024 * 1024, depth: 16, nodes: 1024 };

//! Reading a bundle: strictly, and with a named reason for every refusal.

use super::{
    Bundle, Content, InclusionProof, LogEntry, MAX_BUNDLE, MAX_DEPTH, MAX_NODES, MAX_PROOF, MAX_TIMESTAMPS,
    MEDIA_TYPE, MEDIA_TYPE_PARAMETER, Material, MessageSignature, OLDER_MEDIA_TYPES,
};
use crate::attest::dsse::{Envelope, Signature};
use crate::attest::shape::{
    array, bytes, elements, fields, missing, optional_text, required, text, unsigned,
};
use crate::attest::{Flaw, Malformed};
use crate::digest::{Algorithm, Digest, encode_hex};
use crate::document::{Document, Limits, Value};
use crate::pki::MAX_CHAIN;

/// A version of the format. It decides what may and must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    V01,
    V02,
    V03,
}

impl Bundle {
    /// Reads a bundle of version 0.1, 0.2 or 0.3.
    pub fn parse(json: &[u8]) -> Result<Self, Malformed> {
        let limits = Limits { bytes: MAX_BUNDLE, depth: MAX_DEPTH, nodes: MAX_NODES };
        let document = Document::parse(json.to_vec(), &limits)?;
        let root = document.root();
        let [media_type, material, envelope, message] =
            fields(root, ["mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature"])?;
        let version = read_version(required(root, "mediaType", media_type)?)?;
        let content = match (envelope, message) {
            (Some(envelope), None) => Content::Dsse(read_envelope(envelope)?),
            (Some(_), Some(message)) => {
                let detail = "dsseEnvelope and messageSignature exclude each other";
                return Err(Malformed::at(Flaw::Alternatives, &message, detail));
            }
            (None, Some(message)) => Content::Message(read_message(message)?),
            (None, None) => return Err(missing(root, "dsseEnvelope")),
        };
        let material = required(root, "verificationMaterial", material)?;
        let (material, entry, timestamps) = read_material(material, version)?;
        Ok(Self { material, entry, timestamps, content })
    }
}

fn read_version(value: Value<'_>) -> Result<Version, Malformed> {
    let media_type = text(value)?;
    match &*media_type {
        MEDIA_TYPE | MEDIA_TYPE_PARAMETER => Ok(Version::V03),
        older if older == OLDER_MEDIA_TYPES[0] => Ok(Version::V01),
        older if older == OLDER_MEDIA_TYPES[1] => Ok(Version::V02),
        _ => Err(Malformed::at(Flaw::Type, &value, format!("expected {MEDIA_TYPE}, found {media_type}"))),
    }
}

type MaterialParts = (Material, Option<LogEntry>, Vec<Vec<u8>>);

fn read_material(material: Value<'_>, version: Version) -> Result<MaterialParts, Malformed> {
    let [public_key, certificate, chain, entries, timestamps] = fields(
        material,
        ["publicKey", "certificate", "x509CertificateChain", "tlogEntries", "timestampVerificationData"],
    )?;
    let signer = match (public_key, certificate, chain) {
        (Some(key), None, None) => read_public_key(key)?,
        (None, Some(certificate), None) if version == Version::V03 => {
            Material::Certificate { leaf: read_certificate(certificate)?, others: Vec::new() }
        }
        (None, None, Some(chain)) if version < Version::V03 => read_chain(chain)?,
        (None, None, None) => return Err(missing(material, "publicKey")),
        (None, Some(value), None) | (None, None, Some(value)) => {
            let detail = "this version of the format has its certificate elsewhere";
            return Err(Malformed::at(Flaw::Version, &value, detail));
        }
        _ => {
            let detail = "publicKey, certificate and x509CertificateChain exclude each other";
            return Err(Malformed::at(Flaw::Alternatives, &material, detail));
        }
    };
    let list = elements(entries)?;
    if list.len() > 1 {
        let detail = format!("one log entry is expected, {} were found", list.len());
        return Err(Malformed::at(Flaw::EntryCount, &list[1], detail));
    }
    let entry = list.first().map(|entry| read_entry(*entry, version)).transpose()?;
    Ok((signer, entry, read_timestamps(timestamps)?))
}

fn read_timestamps(value: Option<Value<'_>>) -> Result<Vec<Vec<u8>>, Malformed> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let [list] = fields(value, ["rfc3161Timestamps"])?;
    let list = elements(list)?;
    if list.len() > MAX_TIMESTAMPS {
        let detail = format!("at most {MAX_TIMESTAMPS} timestamps are expected, {} were found", list.len());
        return Err(Malformed::at(Flaw::TimestampCount, &list[MAX_TIMESTAMPS], detail));
    }
    let mut timestamps = Vec::with_capacity(list.len());
    for one in list {
        let [timestamp] = fields(one, ["signedTimestamp"])?;
        let timestamp = bytes(required(one, "signedTimestamp", timestamp)?)?;
        // The same word said twice is no second witness.
        if timestamps.contains(&timestamp) {
            return Err(Malformed::at(Flaw::TimestampCount, &one, "the same timestamp stands here twice"));
        }
        timestamps.push(timestamp);
    }
    Ok(timestamps)
}

fn read_public_key(value: Value<'_>) -> Result<Material, Malformed> {
    let [hint] = fields(value, ["hint"])?;
    Ok(Material::PublicKey { hint: optional_text(hint)? })
}

fn read_certificate(value: Value<'_>) -> Result<Vec<u8>, Malformed> {
    let [raw] = fields(value, ["rawBytes"])?;
    bytes(required(value, "rawBytes", raw)?)
}

fn read_chain(value: Value<'_>) -> Result<Material, Malformed> {
    let [list] = fields(value, ["certificates"])?;
    let list = elements(list)?;
    if list.len() > MAX_CHAIN {
        let detail = format!("at most {MAX_CHAIN} certificates are expected, {} were found", list.len());
        return Err(Malformed::at(Flaw::Size, &list[MAX_CHAIN], detail));
    }
    let mut list = list.into_iter();
    let Some(leaf) = list.next() else { return Err(missing(value, "certificates")) };
    let others = list.map(read_certificate).collect::<Result<_, _>>()?;
    Ok(Material::Certificate { leaf: read_certificate(leaf)?, others })
}

fn read_message(value: Value<'_>) -> Result<MessageSignature, Malformed> {
    let [digest, signature] = fields(value, ["messageDigest", "signature"])?;
    let digest = digest
        .map(|digest| {
            let [algorithm, bytes_of] = fields(digest, ["algorithm", "digest"])?;
            let algorithm = required(digest, "algorithm", algorithm)?;
            let known = match &*text(algorithm)? {
                "SHA2_256" => Algorithm::Sha256,
                "SHA2_384" => Algorithm::Sha384,
                "SHA2_512" => Algorithm::Sha512,
                other => {
                    let detail = format!("`{other}` is none of SHA2_256, SHA2_384, SHA2_512");
                    return Err(Malformed::at(Flaw::Digest, &algorithm, detail));
                }
            };
            let value = required(digest, "digest", bytes_of)?;
            Digest::from_hex(known, &encode_hex(&bytes(value)?)).ok_or_else(|| {
                let detail = format!("{} bytes are expected", known.length());
                Malformed::at(Flaw::Digest, &value, detail)
            })
        })
        .transpose()?;
    Ok(MessageSignature { digest, signature: bytes(required(value, "signature", signature)?)? })
}

fn read_envelope(value: Value<'_>) -> Result<Envelope, Malformed> {
    let [payload, payload_type, signatures] = fields(value, ["payload", "payloadType", "signatures"])?;
    let payload_type = text(required(value, "payloadType", payload_type)?)?.into_owned();
    let payload = bytes(required(value, "payload", payload)?)?;
    let list = required(value, "signatures", signatures)?;
    let signatures = elements(Some(list))?;
    if signatures.len() != 1 {
        let detail = format!("one signature is expected, {} were found", signatures.len());
        return Err(Malformed::at(Flaw::SignatureCount, &list, detail));
    }
    let [sig, keyid] = fields(signatures[0], ["sig", "keyid"])?;
    let sig = bytes(required(signatures[0], "sig", sig)?)?;
    Ok(Envelope { payload_type, payload, signatures: vec![Signature { keyid: optional_text(keyid)?, sig }] })
}

fn read_entry(value: Value<'_>, version: Version) -> Result<LogEntry, Malformed> {
    let [index, id, kind_version, time, promise, proof, body] = fields(
        value,
        [
            "logIndex",
            "logId",
            "kindVersion",
            "integratedTime",
            "inclusionPromise",
            "inclusionProof",
            "canonicalizedBody",
        ],
    )?;
    let promise = promise
        .map(|promise| {
            let [set] = fields(promise, ["signedEntryTimestamp"])?;
            bytes(required(promise, "signedEntryTimestamp", set)?)
        })
        .transpose()?;
    match (version, &promise, proof) {
        (Version::V01, None, _) => return Err(missing(value, "inclusionPromise")),
        (Version::V02 | Version::V03, _, None) => return Err(missing(value, "inclusionProof")),
        _ => {}
    }
    let id = required(value, "logId", id)?;
    let [key_id] = fields(id, ["keyId"])?;
    let kind_version = required(value, "kindVersion", kind_version)?;
    let [kind, version] = fields(kind_version, ["kind", "version"])?;
    Ok(LogEntry {
        log_index: unsigned(index)?,
        log_id: bytes(required(id, "keyId", key_id)?)?,
        kind: text(required(kind_version, "kind", kind)?)?.into_owned(),
        version: text(required(kind_version, "version", version)?)?.into_owned(),
        integrated_time: unsigned(time)?,
        promise,
        proof: proof.map(read_proof).transpose()?,
        canonicalized_body: bytes(required(value, "canonicalizedBody", body)?)?,
    })
}

fn read_proof(value: Value<'_>) -> Result<InclusionProof, Malformed> {
    let [index, root_hash, size, hashes, checkpoint] =
        fields(value, ["logIndex", "rootHash", "treeSize", "hashes", "checkpoint"])?;
    let checkpoint = required(value, "checkpoint", checkpoint)?;
    let [envelope] = fields(checkpoint, ["envelope"])?;
    let list = elements(hashes)?;
    if list.len() > MAX_PROOF {
        let detail = format!("at most {MAX_PROOF} hashes are expected, {} were found", list.len());
        return Err(Malformed::at(Flaw::Size, &list[MAX_PROOF], detail));
    }
    Ok(InclusionProof {
        log_index: unsigned(index)?,
        root_hash: array(required(value, "rootHash", root_hash)?)?,
        tree_size: unsigned(Some(required(value, "treeSize", size)?))?,
        hashes: list.into_iter().map(array).collect::<Result<_, _>>()?,
        checkpoint: text(required(checkpoint, "envelope", envelope)?)?.into_owned(),
    })
}

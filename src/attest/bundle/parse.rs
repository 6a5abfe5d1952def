//! Reading a bundle: strictly, and with a named reason for every refusal.

use super::{
    Bundle, Content, InclusionProof, LogEntry, MAX_BUNDLE, MAX_DEPTH, MAX_NODES, MAX_PROOF, MEDIA_TYPE,
    MEDIA_TYPE_PARAMETER, Material,
};
use crate::attest::dsse::{Envelope, Signature};
use crate::attest::shape::{
    array, bytes, elements, fields, missing, optional_text, required, text, unsigned,
};
use crate::attest::{Flaw, Malformed};
use crate::document::{Document, Limits, Value};

impl Bundle {
    /// Reads a bundle of version 0.3.
    pub fn parse(json: &[u8]) -> Result<Self, Malformed> {
        let limits = Limits { bytes: MAX_BUNDLE, depth: MAX_DEPTH, nodes: MAX_NODES };
        let document = Document::parse(json.to_vec(), &limits)?;
        let root = document.root();
        let [media_type, material, envelope, message] =
            fields(root, ["mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature"])?;
        check_media_type(required(root, "mediaType", media_type)?)?;
        let content = match (envelope, message) {
            (Some(envelope), None) => Content::Dsse(read_envelope(envelope)?),
            (Some(_), Some(message)) => {
                let detail = "dsseEnvelope and messageSignature exclude each other";
                return Err(Malformed::at(Flaw::Alternatives, &message, detail));
            }
            (None, Some(message)) => return Err(unsupported(message, "a message signature")),
            (None, None) => return Err(missing(root, "dsseEnvelope")),
        };
        let (material, entry) = read_material(required(root, "verificationMaterial", material)?)?;
        Ok(Self { material, entry, content })
    }
}

fn check_media_type(value: Value<'_>) -> Result<(), Malformed> {
    let media_type = text(value)?;
    if [MEDIA_TYPE, MEDIA_TYPE_PARAMETER].contains(&&*media_type) {
        return Ok(());
    }
    if OLDER_MEDIA_TYPES.contains(&&*media_type) {
        return Err(unsupported(value, "a bundle of version 0.1 or 0.2"));
    }
    Err(Malformed::at(Flaw::Type, &value, format!("expected {MEDIA_TYPE}, found {media_type}")))
}

fn read_material(material: Value<'_>) -> Result<(Material, Option<LogEntry>), Malformed> {
    let [public_key, certificate, chain, entries, timestamps] = fields(
        material,
        ["publicKey", "certificate", "x509CertificateChain", "tlogEntries", "timestampVerificationData"],
    )?;
    let signer = match (public_key, certificate.or(chain)) {
        (Some(key), None) => read_public_key(key)?,
        (Some(_), Some(certificate)) => {
            let detail = "a public key and a certificate exclude each other";
            return Err(Malformed::at(Flaw::Alternatives, &certificate, detail));
        }
        (None, Some(certificate)) if certificate_alone(certificate, chain) => {
            return Err(unsupported(certificate, "a certificate"));
        }
        (None, Some(certificate)) => {
            let detail = "certificate and x509CertificateChain exclude each other";
            return Err(Malformed::at(Flaw::Alternatives, &certificate, detail));
        }
        (None, None) => return Err(missing(material, "publicKey")),
    };
    if let Some(timestamps) = timestamps {
        let [list] = fields(timestamps, ["rfc3161Timestamps"])?;
        if !elements(list)?.is_empty() {
            return Err(unsupported(timestamps, "a timestamp"));
        }
    }
    let list = elements(entries)?;
    if list.len() > 1 {
        let detail = format!("one log entry is expected, {} were found", list.len());
        return Err(Malformed::at(Flaw::EntryCount, &list[1], detail));
    }
    let entry = list.first().map(|entry| read_entry(*entry)).transpose()?;
    Ok((signer, entry))
}

/// Whether a bundle's certificate comes in one of its two fields, not in both.
fn certificate_alone(first: Value<'_>, chain: Option<Value<'_>>) -> bool {
    chain.is_none_or(|chain| chain.pointer() == first.pointer())
}

fn read_public_key(value: Value<'_>) -> Result<Material, Malformed> {
    let [hint] = fields(value, ["hint"])?;
    Ok(Material::PublicKey { hint: optional_text(hint)? })
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

fn read_entry(value: Value<'_>) -> Result<LogEntry, Malformed> {
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
    if let Some(promise) = promise {
        return Err(unsupported(promise, "an inclusion promise of Rekor v1"));
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
        proof: read_proof(required(value, "inclusionProof", proof)?)?,
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

fn unsupported(value: Value<'_>, feature: &str) -> Malformed {
    Malformed::at(Flaw::Unsupported, &value, format!("{feature} cannot be checked yet"))
}

const OLDER_MEDIA_TYPES: [&str; 2] = [
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
];

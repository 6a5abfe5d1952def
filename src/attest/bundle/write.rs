//! Writing a bundle: the fields and their order as cosign writes them, so that every client reads it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::{Bundle, Content, InclusionProof, LogEntry, MEDIA_TYPE, Material, MessageSignature};
use crate::attest::dsse::Envelope;
use crate::digest::Algorithm;

impl Bundle {
    /// The bundle's JSON, of version 0.3, on one line with a line feed at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (public_key, certificate) = match &self.material {
            Material::PublicKey { hint } => (Some(WireKey { hint }), None),
            Material::Certificate { leaf, .. } => {
                (None, Some(WireCertificate { raw_bytes: STANDARD.encode(leaf) }))
            }
        };
        let timestamps: Vec<_> = self.timestamps.iter().map(|one| STANDARD.encode(one)).collect();
        let (envelope, message) = match &self.content {
            Content::Dsse(envelope) => (Some(wire_envelope(envelope)), None),
            Content::Message(message) => (None, Some(wire_message(message))),
        };
        let wire = WireBundle {
            media_type: MEDIA_TYPE,
            verification_material: WireMaterial {
                public_key,
                certificate,
                tlog_entries: self.entry.iter().map(wire_entry).collect(),
                timestamp_verification_data: (!timestamps.is_empty()).then(|| WireTimestamps {
                    rfc3161_timestamps: timestamps
                        .into_iter()
                        .map(|signed_timestamp| WireTimestamp { signed_timestamp })
                        .collect(),
                }),
            },
            dsse_envelope: envelope,
            message_signature: message,
        };
        let mut json = serde_json::to_vec(&wire).expect("strings have a JSON form");
        json.push(b'\n');
        json
    }
}

fn wire_entry(entry: &LogEntry) -> WireEntry<'_> {
    WireEntry {
        log_index: entry.log_index.to_string(),
        log_id: WireLogId { key_id: STANDARD.encode(&entry.log_id) },
        kind_version: WireKind { kind: &entry.kind, version: &entry.version },
        integrated_time: (entry.integrated_time > 0).then(|| entry.integrated_time.to_string()),
        inclusion_promise: entry
            .promise
            .as_ref()
            .map(|set| WirePromise { signed_entry_timestamp: STANDARD.encode(set) }),
        inclusion_proof: entry.proof.as_ref().map(wire_proof),
        canonicalized_body: STANDARD.encode(&entry.canonicalized_body),
    }
}

fn wire_proof(proof: &InclusionProof) -> WireProof<'_> {
    WireProof {
        log_index: proof.log_index.to_string(),
        root_hash: STANDARD.encode(proof.root_hash),
        tree_size: proof.tree_size.to_string(),
        hashes: proof.hashes.iter().map(|hash| STANDARD.encode(hash)).collect(),
        checkpoint: WireCheckpoint { envelope: &proof.checkpoint },
    }
}

fn wire_message(message: &MessageSignature) -> WireMessage {
    WireMessage {
        message_digest: message.digest.as_ref().map(|digest| WireDigest {
            algorithm: match digest.algorithm() {
                Algorithm::Sha256 => "SHA2_256",
                Algorithm::Sha384 => "SHA2_384",
                Algorithm::Sha512 => "SHA2_512",
            },
            digest: STANDARD.encode(digest.bytes()),
        }),
        signature: STANDARD.encode(&message.signature),
    }
}

fn wire_envelope(envelope: &Envelope) -> WireEnvelope<'_> {
    WireEnvelope {
        payload: STANDARD.encode(&envelope.payload),
        payload_type: &envelope.payload_type,
        signatures: envelope
            .signatures
            .iter()
            .map(|one| WireSignature { sig: STANDARD.encode(&one.sig), keyid: &one.keyid })
            .collect(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireBundle<'a> {
    media_type: &'a str,
    verification_material: WireMaterial<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dsse_envelope: Option<WireEnvelope<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_signature: Option<WireMessage>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireMaterial<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<WireKey<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<WireCertificate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tlog_entries: Vec<WireEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp_verification_data: Option<WireTimestamps>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireCertificate {
    raw_bytes: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireTimestamps {
    rfc3161_timestamps: Vec<WireTimestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireTimestamp {
    signed_timestamp: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireMessage {
    #[serde(skip_serializing_if = "Option::is_none")]
    message_digest: Option<WireDigest>,
    signature: String,
}

#[derive(Serialize)]
struct WireDigest {
    algorithm: &'static str,
    digest: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WirePromise {
    signed_entry_timestamp: String,
}

#[derive(Serialize)]
struct WireKey<'a> {
    hint: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireEntry<'a> {
    log_index: String,
    log_id: WireLogId,
    kind_version: WireKind<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    integrated_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inclusion_promise: Option<WirePromise>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inclusion_proof: Option<WireProof<'a>>,
    canonicalized_body: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireLogId {
    key_id: String,
}

#[derive(Serialize)]
struct WireKind<'a> {
    kind: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireProof<'a> {
    log_index: String,
    root_hash: String,
    tree_size: String,
    hashes: Vec<String>,
    checkpoint: WireCheckpoint<'a>,
}

#[derive(Serialize)]
struct WireCheckpoint<'a> {
    envelope: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireEnvelope<'a> {
    payload: String,
    payload_type: &'a str,
    signatures: Vec<WireSignature<'a>>,
}

#[derive(Serialize)]
struct WireSignature<'a> {
    sig: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    keyid: &'a str,
}

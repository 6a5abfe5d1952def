//! Writing a bundle: the fields and their order as cosign writes them, so that every client reads it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::{Bundle, LogEntry, MEDIA_TYPE};
use crate::attest::dsse::Envelope;

impl Bundle {
    /// The bundle's JSON on one line, with a line feed at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = WireBundle {
            media_type: MEDIA_TYPE,
            verification_material: WireMaterial {
                public_key: WireKey { hint: self.key_hint() },
                tlog_entries: self.entry.iter().map(wire_entry).collect(),
            },
            dsse_envelope: wire_envelope(self.envelope()),
        };
        let mut json = serde_json::to_vec(&wire).expect("strings have a JSON form");
        json.push(b'\n');
        json
    }
}

fn wire_entry(entry: &LogEntry) -> WireEntry<'_> {
    let proof = &entry.proof;
    WireEntry {
        log_index: entry.log_index.to_string(),
        log_id: WireLogId { key_id: STANDARD.encode(&entry.log_id) },
        kind_version: WireKind { kind: &entry.kind, version: &entry.version },
        integrated_time: (entry.integrated_time > 0).then(|| entry.integrated_time.to_string()),
        inclusion_proof: WireProof {
            log_index: proof.log_index.to_string(),
            root_hash: STANDARD.encode(proof.root_hash),
            tree_size: proof.tree_size.to_string(),
            hashes: proof.hashes.iter().map(|hash| STANDARD.encode(hash)).collect(),
            checkpoint: WireCheckpoint { envelope: &proof.checkpoint },
        },
        canonicalized_body: STANDARD.encode(&entry.canonicalized_body),
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
    dsse_envelope: WireEnvelope<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireMaterial<'a> {
    public_key: WireKey<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tlog_entries: Vec<WireEntry<'a>>,
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
    inclusion_proof: WireProof<'a>,
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

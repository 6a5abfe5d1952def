//! What Sigstore clients need in order to accept a log.
//!
//! Format: `TrustedRoot` of <https://github.com/sigstore/protobuf-specs> (`sigstore_trustroot.proto`), version 0.1. Clients
//! refuse the file for one unknown field or one missing one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::json;

use crate::tlog::note::VerifierKey;

/// A `trusted_root.json` with this log alone: no certificate authority and no timestamp authority.
pub(super) fn trusted_root(log: &VerifierKey, start: Timestamp) -> Vec<u8> {
    let root = json!({
        "mediaType": MEDIA_TYPE,
        "tlogs": [{
            // Clients take the host name of this for the origin of the log's checkpoints.
            "baseUrl": format!("https://{}", log.name()),
            "hashAlgorithm": "SHA2_256",
            "publicKey": {
                "rawBytes": STANDARD.encode(log.key().to_spki()),
                "keyDetails": log.key().key_details(),
                "validFor": { "start": start.to_string() },
            },
            "logId": { "keyId": STANDARD.encode(log.log_id()) },
        }],
    });
    format!("{root:#}\n").into_bytes()
}

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.trustedroot+json;version=0.1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeyType, PrivateKey, Signer as _};

    #[test]
    fn the_file_has_every_field_that_clients_demand_and_no_other() {
        let key = PrivateKey::from_seed(KeyType::Ed25519, &[1; 32]).unwrap().public_key();
        let log = VerifierKey::new("log.example".parse().unwrap(), key.clone()).unwrap();
        let root = trusted_root(&log, "2026-01-02T03:04:05Z".parse().unwrap());
        let found: serde_json::Value = serde_json::from_slice(&root).unwrap();
        let expected = json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [{
                "baseUrl": "https://log.example",
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": STANDARD.encode(key.to_spki()),
                    "keyDetails": "PKIX_ED25519",
                    "validFor": { "start": "2026-01-02T03:04:05Z" },
                },
                "logId": { "keyId": STANDARD.encode(log.log_id()) },
            }],
        });
        assert_eq!(found, expected);
        assert!(root.ends_with(b"}\n"));
    }
}

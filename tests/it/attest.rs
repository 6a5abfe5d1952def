//! Bundles and statements: those of cosign, ours, and every malformed one.

use sbom_attest::attest::bundle::{
    Bundle, Content, MAX_BUNDLE, MAX_DEPTH, MAX_NODES, MAX_PROOF, MAX_TIMESTAMPS, MEDIA_TYPE,
    MEDIA_TYPE_PARAMETER, OLDER_MEDIA_TYPES,
};
use sbom_attest::attest::predicate::CYCLONEDX;
use sbom_attest::attest::statement::{STATEMENT_V01, STATEMENT_V1, Statement};
use sbom_attest::attest::{Flaw, dsse};
use sbom_attest::digest::Digest;
use sbom_attest::keys::{KeyType, PublicKey};
use sbom_attest::pki::MAX_CHAIN;
use serde_json::{Value, json};

use crate::attested::{bundle, statement};

const COSIGN_KEY: &str = include_str!("../../testdata/keys/cosign.pub");
const FIRST: &[u8] = include_bytes!("../../testdata/bundle/first.json");
const SECOND: &[u8] = include_bytes!("../../testdata/bundle/second.json");
const UNLOGGED: &[u8] = include_bytes!("../../testdata/bundle/unlogged.json");
const MESSAGE: &[u8] = include_bytes!("../../testdata/bundle/message.json");

#[test]
fn cosigns_bundles_are_read() {
    let key = PublicKey::from_pem(COSIGN_KEY).unwrap();
    for (json, index) in [(FIRST, Some(0)), (SECOND, Some(1)), (UNLOGGED, None)] {
        let bundle = Bundle::parse(json).unwrap();
        assert!(key.answers_to(bundle.key_hint()));
        assert!(bundle.envelope().unwrap().is_signed_by(&key));
        let statement = Statement::parse(&bundle.envelope().unwrap().payload).unwrap();
        assert_eq!(statement.predicate_type, CYCLONEDX);
        assert_eq!(bundle.entry.as_ref().map(|entry| entry.log_index), index);
        assert_eq!(bundle.entry.as_ref().map(|entry| entry.integrated_time), index.map(|_| 0));
    }
    assert!(Bundle::parse(FIRST).unwrap().entry.unwrap().proof.unwrap().hashes.is_empty());
    let message = Bundle::parse(MESSAGE).unwrap();
    let Content::Message(signed) = &message.content else { panic!("{message:?}") };
    assert_eq!(signed.digest, Some(Digest::sha256(include_bytes!("../../testdata/bundle/artifact"))));
    assert!(key.verify_digest(signed.digest.as_ref().unwrap(), message.signature()).is_ok());
    assert!(message.envelope().is_none());
}

#[test]
fn what_is_written_reads_back() {
    for kind in [KeyType::P256, KeyType::Ed25519] {
        let bundle = bundle(kind);
        assert_eq!(Bundle::parse(&bundle.to_bytes()), Ok(bundle.clone()));
        let unlogged = Bundle { entry: None, ..bundle };
        assert_eq!(Bundle::parse(&unlogged.to_bytes()), Ok(unlogged));
    }
}

#[test]
fn a_bundle_is_written_as_cosign_wants_it() {
    let json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
    assert_eq!(json["mediaType"], MEDIA_TYPE);
    assert_eq!(json["dsseEnvelope"]["signatures"][0].as_object().unwrap().len(), 1, "no keyid");
    assert_eq!(json["dsseEnvelope"]["payloadType"], dsse::IN_TOTO);
    let entry = &json["verificationMaterial"]["tlogEntries"][0];
    assert!(entry.get("integratedTime").is_none());
    assert_eq!(entry["kindVersion"], json!({"kind": "hashedrekord", "version": "0.0.2"}));
}

#[test]
fn both_spellings_of_version_0_3_are_read() {
    let mut json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
    json["mediaType"] = json!(MEDIA_TYPE_PARAMETER);
    assert_eq!(Bundle::parse(json.to_string().as_bytes()), Ok(bundle(KeyType::P256)));
}

#[test]
fn numbers_may_be_strings_or_numbers_and_zeros_left_out() {
    let mut json: Value = serde_json::from_slice(FIRST).unwrap();
    let entry = &mut json["verificationMaterial"]["tlogEntries"][0];
    entry["logIndex"] = json!("0");
    entry["integratedTime"] = json!(0);
    entry["inclusionProof"]["logIndex"] = json!(0);
    entry["inclusionProof"]["treeSize"] = json!(1);
    entry["inclusionProof"]["hashes"] = json!([]);
    entry["inclusionPromise"] = Value::Null;
    assert_eq!(Bundle::parse(json.to_string().as_bytes()), Bundle::parse(FIRST));
}

/// Changes one value of a good bundle and names the flaw that must come of it.
#[track_caller]
fn refused(change: impl FnOnce(&mut Value), flaw: Flaw, pointer: &str) {
    let mut json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
    change(&mut json);
    let found = Bundle::parse(json.to_string().as_bytes()).unwrap_err();
    assert_eq!((found.flaw, found.pointer.as_str()), (flaw, pointer), "{found}");
}

const ENTRY: &str = "/verificationMaterial/tlogEntries/0";

#[test]
fn a_version_has_its_own_fields_and_an_unknown_type_is_no_bundle() {
    let [first, second] = OLDER_MEDIA_TYPES;
    // An older version does not carry a proof away: 0.1 has a promise in its place, and 0.2 has the proof.
    refused(
        |json| json["mediaType"] = json!(first),
        Flaw::MissingField,
        &format!("{ENTRY}/inclusionPromise"),
    );
    let unproved = |json: &mut Value| {
        json.pointer_mut(ENTRY).unwrap().as_object_mut().unwrap().remove("inclusionProof").unwrap();
        json.pointer_mut(ENTRY).unwrap()["inclusionPromise"] = json!({"signedEntryTimestamp": "AAAA"});
    };
    for version in [second, MEDIA_TYPE, MEDIA_TYPE_PARAMETER] {
        let change = |json: &mut Value| {
            json["mediaType"] = json!(version);
            unproved(json);
        };
        refused(change, Flaw::MissingField, &format!("{ENTRY}/inclusionProof"));
    }
    let certified = |field: &str, version: &str| {
        let mut json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
        json["mediaType"] = json!(version);
        let material = json["verificationMaterial"].as_object_mut().unwrap();
        material.remove("publicKey").unwrap();
        let one = json!({"rawBytes": "AAAA"});
        let value = if field == "certificate" { one } else { json!({"certificates": [one]}) };
        material.insert(field.to_owned(), value);
        Bundle::parse(json.to_string().as_bytes()).map_err(|malformed| malformed.flaw)
    };
    assert!(
        certified("x509CertificateChain", second).is_ok() && certified("certificate", MEDIA_TYPE).is_ok()
    );
    assert_eq!(certified("certificate", second), Err(Flaw::Version));
    assert_eq!(certified("certificate", first), Err(Flaw::Version));
    assert_eq!(certified("x509CertificateChain", MEDIA_TYPE), Err(Flaw::Version));
    for other in ["", "application/json", "application/vnd.dev.sigstore.bundle.v99.9+json"] {
        refused(|json| json["mediaType"] = json!(other), Flaw::Type, "/mediaType");
    }
    refused(|json| json["mediaType"] = json!(3), Flaw::FieldType, "/mediaType");
}

#[test]
fn every_field_that_must_be_there_is_missed_by_name() {
    for pointer in [
        "/mediaType",
        "/verificationMaterial",
        "/verificationMaterial/publicKey",
        "/verificationMaterial/tlogEntries/0/logId",
        "/verificationMaterial/tlogEntries/0/logId/keyId",
        "/verificationMaterial/tlogEntries/0/kindVersion",
        "/verificationMaterial/tlogEntries/0/kindVersion/kind",
        "/verificationMaterial/tlogEntries/0/kindVersion/version",
        "/verificationMaterial/tlogEntries/0/inclusionProof",
        "/verificationMaterial/tlogEntries/0/inclusionProof/rootHash",
        "/verificationMaterial/tlogEntries/0/inclusionProof/treeSize",
        "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint",
        "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint/envelope",
        "/verificationMaterial/tlogEntries/0/canonicalizedBody",
        "/dsseEnvelope",
        "/dsseEnvelope/payload",
        "/dsseEnvelope/payloadType",
        "/dsseEnvelope/signatures",
        "/dsseEnvelope/signatures/0/sig",
    ] {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        refused(
            |json| {
                json.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
            },
            Flaw::MissingField,
            pointer,
        );
    }
}

#[test]
fn an_unknown_field_is_refused_in_every_object() {
    let json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
    let mut objects = Vec::new();
    walk(&json, String::new(), &mut objects);
    assert_eq!(objects.len(), 10, "{objects:?}");
    for object in objects {
        let pointer = format!("{object}/log_index");
        refused(
            |json| json.pointer_mut(&object).unwrap()["log_index"] = json!(1),
            Flaw::UnknownField,
            &pointer,
        );
    }
}

fn walk(value: &Value, pointer: String, objects: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| walk(value, format!("{pointer}/{name}"), objects));
            objects.push(pointer);
        }
        Value::Array(elements) => {
            let elements = elements.iter().enumerate();
            elements.for_each(|(index, value)| walk(value, format!("{pointer}/{index}"), objects));
        }
        _ => {}
    }
}

#[test]
fn two_contents_or_two_signers_are_refused() {
    let message = json!({"messageDigest": {"algorithm": "SHA2_256", "digest": ""}, "signature": ""});
    refused(|json| json["messageSignature"] = message, Flaw::Alternatives, "/messageSignature");
    for field in ["certificate", "x509CertificateChain"] {
        let change = |json: &mut Value| json["verificationMaterial"][field] = json!({"rawBytes": ""});
        refused(change, Flaw::Alternatives, "/verificationMaterial");
    }
    let both = |json: &mut Value| {
        let material = json["verificationMaterial"].as_object_mut().unwrap();
        material.remove("publicKey");
        material.insert("certificate".to_owned(), json!({"rawBytes": ""}));
        material.insert("x509CertificateChain".to_owned(), json!({"certificates": []}));
    };
    refused(both, Flaw::Alternatives, "/verificationMaterial");
}

#[test]
fn entries_and_signatures_are_counted() {
    let twice = |json: &mut Value, pointer: &str| {
        let list = json.pointer_mut(pointer).unwrap().as_array_mut().unwrap();
        list.push(list[0].clone());
    };
    refused(
        |json| twice(json, "/verificationMaterial/tlogEntries"),
        Flaw::EntryCount,
        "/verificationMaterial/tlogEntries/1",
    );
    let signatures = "/dsseEnvelope/signatures";
    refused(|json| twice(json, signatures), Flaw::SignatureCount, signatures);
    refused(|json| json["dsseEnvelope"]["signatures"] = json!([]), Flaw::SignatureCount, signatures);
    refused(|json| json["dsseEnvelope"]["signatures"] = json!({}), Flaw::FieldType, signatures);
}

#[test]
fn timestamps_are_counted_and_none_stands_twice() {
    let stamps = |count: usize| -> Vec<Value> {
        (0..count).map(|one| json!({"signedTimestamp": format!("AA{one:02}")})).collect()
    };
    let with = |list: Vec<Value>| {
        let mut json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
        json["verificationMaterial"]["timestampVerificationData"] = json!({"rfc3161Timestamps": list});
        Bundle::parse(json.to_string().as_bytes())
    };
    assert_eq!(with(Vec::new()), Ok(bundle(KeyType::P256)));
    assert_eq!(with(stamps(MAX_TIMESTAMPS)).unwrap().timestamps.len(), MAX_TIMESTAMPS);
    assert_eq!(with(stamps(MAX_TIMESTAMPS + 1)).unwrap_err().flaw, Flaw::TimestampCount);
    let twice = [stamps(1), stamps(1)].concat();
    assert_eq!(with(twice).unwrap_err().flaw, Flaw::TimestampCount);
    assert_eq!(with(vec![json!({})]).unwrap_err().flaw, Flaw::MissingField);
}

#[test]
fn certificates_are_counted() {
    let chain = |count: usize| {
        let mut json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
        json["mediaType"] = json!(OLDER_MEDIA_TYPES[1]);
        json["verificationMaterial"].as_object_mut().unwrap().remove("publicKey");
        let certificates = vec![json!({"rawBytes": "AAAA"}); count];
        json["verificationMaterial"]["x509CertificateChain"] = json!({"certificates": certificates});
        Bundle::parse(json.to_string().as_bytes())
    };
    assert!(chain(MAX_CHAIN).is_ok());
    assert_eq!(chain(MAX_CHAIN + 1).unwrap_err().flaw, Flaw::Size);
    assert_eq!(chain(0).unwrap_err().flaw, Flaw::MissingField);
}

#[test]
fn a_digest_of_a_message_is_one_that_can_be_compared() {
    let flaw = |digest: Value| {
        let mut json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
        json.as_object_mut().unwrap().remove("dsseEnvelope");
        json["messageSignature"] = json!({"messageDigest": digest, "signature": "AAAA"});
        Bundle::parse(json.to_string().as_bytes()).map_err(|malformed| malformed.flaw).map(|_| ())
    };
    let zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert_eq!(flaw(json!({"algorithm": "SHA2_256", "digest": zeros})), Ok(()));
    assert_eq!(flaw(Value::Null), Ok(()));
    assert_eq!(flaw(json!({"algorithm": "SHA2_384", "digest": zeros})), Err(Flaw::Digest));
    assert_eq!(flaw(json!({"algorithm": "SHA1", "digest": zeros})), Err(Flaw::Digest));
    assert_eq!(flaw(json!({"algorithm": "sha256", "digest": zeros})), Err(Flaw::Digest));
    assert_eq!(flaw(json!({"algorithm": "SHA2_256", "digest": "AAAA"})), Err(Flaw::Digest));
    assert_eq!(flaw(json!({"digest": zeros})), Err(Flaw::MissingField));
}

#[test]
fn bytes_and_numbers_have_one_spelling() {
    for pointer in [
        "/dsseEnvelope/payload",
        "/dsseEnvelope/signatures/0/sig",
        "/verificationMaterial/tlogEntries/0/logId/keyId",
        "/verificationMaterial/tlogEntries/0/canonicalizedBody",
        "/verificationMaterial/tlogEntries/0/inclusionProof/rootHash",
        "/verificationMaterial/tlogEntries/0/inclusionProof/hashes/1",
    ] {
        let change = |json: &mut Value| {
            let value = json.pointer_mut(pointer).unwrap();
            *value = json!(format!("{}\n", value.as_str().unwrap()));
        };
        refused(change, Flaw::Base64, pointer);
        refused(|json| *json.pointer_mut(pointer).unwrap() = json!(7), Flaw::FieldType, pointer);
    }
    for pointer in ["/inclusionProof/rootHash", "/inclusionProof/hashes/0"] {
        let pointer = format!("{ENTRY}{pointer}");
        refused(|json| *json.pointer_mut(&pointer).unwrap() = json!("AAAA"), Flaw::Length, &pointer);
    }
    for field in ["logIndex", "inclusionProof/logIndex", "inclusionProof/treeSize", "integratedTime"] {
        let pointer = format!("{ENTRY}/{field}");
        for bad in [json!("-1"), json!(-1), json!("03"), json!(3.5), json!("9223372036854775808"), json!("")]
        {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            refused(|json| json.pointer_mut(parent).unwrap()[name] = bad, Flaw::Number, &pointer);
        }
    }
}

#[test]
fn the_limits_hold() {
    let hashes = |count: usize| vec![json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="); count];
    let pointer = format!("{ENTRY}/inclusionProof/hashes");
    let change = |json: &mut Value, count| *json.pointer_mut(&pointer).unwrap() = json!(hashes(count));
    let mut json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
    change(&mut json, MAX_PROOF);
    assert!(Bundle::parse(json.to_string().as_bytes()).is_ok());
    refused(|json| change(json, MAX_PROOF + 1), Flaw::Size, &format!("{pointer}/{MAX_PROOF}"));
    refused(|json| change(json, MAX_NODES), Flaw::Size, "");
    let deep = format!("{}{}", "[".repeat(MAX_DEPTH + 1), "]".repeat(MAX_DEPTH + 1));
    assert_eq!(Bundle::parse(deep.as_bytes()).unwrap_err().flaw, Flaw::Size);
    let limit = usize::try_from(MAX_BUNDLE).unwrap();
    assert_eq!(Bundle::parse(&vec![b' '; limit + 1]).unwrap_err().flaw, Flaw::Size);
    assert_eq!(Bundle::parse(&vec![b' '; limit]).unwrap_err().flaw, Flaw::Json);
}

#[test]
fn what_is_no_strict_json_is_refused() {
    let good = String::from_utf8(bundle(KeyType::P256).to_bytes()).unwrap();
    let flaw = |bytes: &[u8]| Bundle::parse(bytes).unwrap_err().flaw;
    assert_eq!(flaw(b""), Flaw::Json);
    assert_eq!(flaw(&good.as_bytes()[..good.len() / 2]), Flaw::Json);
    assert_eq!(flaw(format!("{good}{good}").as_bytes()), Flaw::Json);
    assert_eq!(flaw(format!("\u{feff}{good}").as_bytes()), Flaw::Encoding);
    assert_eq!(flaw(&[good.as_bytes(), b"\xff"].concat()), Flaw::Encoding);
    assert_eq!(
        flaw(good.replacen("shop", "\\ud800", 1).replacen("log.example", "\\ud800", 1).as_bytes()),
        Flaw::Encoding
    );
    let twice = good.replacen("{\"mediaType\"", "{\"mediaType\":\"x\",\"mediaType\"", 1);
    assert_eq!(flaw(twice.as_bytes()), Flaw::DuplicateKey);
    assert_eq!(flaw(b"[]"), Flaw::FieldType);
    assert_eq!(flaw(b"null"), Flaw::FieldType);
}

#[test]
fn a_statement_is_written_as_version_1() {
    let text = String::from_utf8(statement().to_bytes().unwrap()).unwrap();
    assert!(text.starts_with(&format!(
        r#"{{"_type":"{STATEMENT_V1}","subject":[{{"name":"shop","digest":{{"sha256":"#
    )));
    let older = text.replace(STATEMENT_V1, STATEMENT_V01);
    assert_eq!(Statement::parse(older.as_bytes()), Ok(statement()));
}

//! Tampering: every change of artifact, bundle, statement, entry, proof, checkpoint and trusted root is refused, by
//! the code that names it and by no other.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use sbom_attest::attest::bundle::{Bundle, Content, InclusionProof, LogEntry};
use sbom_attest::attest::dsse;
use sbom_attest::attest::predicate::{CYCLONEDX, REFERENCE, Reference, Referenced};
use sbom_attest::attest::statement::Statement;
use sbom_attest::digest::{Algorithm, Digest};
use sbom_attest::document::{Document, Limits};
use sbom_attest::keys::{KeyType, PrivateKey, PublicKey, Signer as _};
use sbom_attest::tlog::checkpoint::Checkpoint;
use sbom_attest::tlog::note::NoteSigner;
use sbom_attest::verify::{Artifact, BundleFile, Expected, Request, SbomFile, TrustRoot, verify};
use serde_json::{Value, json};

use crate::attested::{
    ARTIFACT, Case, ORIGIN, SBOM, bundle, entry, envelope, leaf, log, log_key, logged, signer, statement,
    trusted_root,
};

/// A change of something, and the codes it must be refused with.
type Row<T> = (&'static str, &'static [&'static str], fn(&mut T));

#[test]
fn every_tampering_is_refused_by_the_code_that_names_it() {
    let mut names = HashSet::new();
    let mut seen = |name: &'static str| assert!(names.insert(name), "`{name}` stands twice");
    for (name, reasons, change) in ARTIFACTS {
        seen(name);
        let mut bytes = ARTIFACT.to_vec();
        change(&mut bytes);
        let artifacts = vec![Artifact::new("shop", Digest::sha256(&bytes))];
        check(name, reasons, &Case { artifacts, ..Case::good() });
    }
    for (name, reasons, change) in BUNDLES {
        seen(name);
        let mut json: Value = serde_json::from_slice(&bundle(KeyType::P256).to_bytes()).unwrap();
        change(&mut json);
        check(name, reasons, &Case { bundles: vec![json.to_string().into_bytes()], ..Case::good() });
    }
    for (name, reasons, change) in TEXTS {
        seen(name);
        let mut text = bundle(KeyType::P256).to_bytes();
        change(&mut text);
        check(name, reasons, &Case { bundles: vec![text], ..Case::good() });
    }
    for (name, reasons, change) in STATEMENTS {
        seen(name);
        // Signed by the true key and logged by the true log: only the statement is to blame.
        let mut text = String::from_utf8(statement().to_bytes().unwrap()).unwrap();
        change(&mut text);
        let signed = envelope(text.into_bytes(), &signer(KeyType::P256));
        check(name, reasons, &Case::with_bundle(&logged(signed, &signer(KeyType::P256).public_key())));
    }
    for (name, reasons, change) in ENTRIES {
        seen(name);
        let mut forged = bundle(KeyType::P256);
        change(&mut forged);
        check(name, reasons, &Case::with_bundle(&forged));
    }
    for (name, reasons, change) in CHECKPOINTS {
        seen(name);
        let mut forged = bundle(KeyType::P256);
        change(&mut forged.entry.as_mut().unwrap().proof.as_mut().unwrap().checkpoint);
        check(name, reasons, &Case::with_bundle(&forged));
    }
    for (name, reasons, change) in ROOTS {
        seen(name);
        let mut root = trusted_root();
        change(&mut root);
        check(name, reasons, &Case { trust: root.to_string().into_bytes(), ..Case::good() });
    }
    for (name, reasons, change) in QUESTIONS {
        seen(name);
        let mut case = Case::good();
        change(&mut case);
        check(name, reasons, &case);
    }
    assert!(names.len() >= 90, "{} tamperings", names.len());
    println!("{} tamperings, each refused by its code", names.len());
}

#[track_caller]
fn check(name: &str, reasons: &[&str], case: &Case) {
    let trust = match TrustRoot::parse(&case.trust) {
        Ok(trust) => trust,
        Err(error) => return assert_eq!([error.code()], reasons, "{name}: {error}"),
    };
    let verdict = case.verdict_with(&trust);
    let report = serde_json::to_string_pretty(&verdict).unwrap();
    assert_eq!(verdict.reasons(), reasons, "{name}: {report}");
    assert!(!verdict.accepted() && verdict.verified().is_empty(), "{name}: {report}");
}

const ARTIFACTS: &[Row<Vec<u8>>] = &[
    ("artifact: one bit", &["subject-digest"], |bytes| bytes[3] ^= 1),
    ("artifact: cut", &["subject-digest"], |bytes| bytes.truncate(5)),
    ("artifact: longer", &["subject-digest"], |bytes| bytes.push(b'\n')),
    ("artifact: empty", &["subject-digest"], Vec::clear),
    ("artifact: the SBOM instead", &["subject-digest"], |bytes| *bytes = SBOM.as_bytes().to_vec()),
];

const BUNDLES: &[Row<Value>] = &[
    ("media type: older", &["bundle-missing-field"], |json| {
        json["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
    }),
    ("media type: unknown", &["bundle-media-type"], |json| json["mediaType"] = json!("application/json")),
    ("media type: none", &["bundle-missing-field"], |json| remove(json, "/mediaType")),
    ("field: unknown at the top", &["bundle-unknown-field"], |json| json["comment"] = json!("x")),
    ("field: snake case", &["bundle-unknown-field"], |json| entry_of(json)["log_index"] = json!("3")),
    ("field: another type", &["bundle-field-type"], |json| json["dsseEnvelope"] = json!("x")),
    ("material: none", &["bundle-missing-field"], |json| remove(json, "/verificationMaterial")),
    ("material: certificate beside the key", &["bundle-alternatives"], |json| {
        json["verificationMaterial"]["certificate"] = json!({"rawBytes": "AAAA"});
    }),
    ("material: a chain in version 0.3", &["bundle-version"], |json| {
        remove(json, "/verificationMaterial/publicKey");
        json["verificationMaterial"]["x509CertificateChain"] =
            json!({"certificates": [{"rawBytes": "AAAA"}]});
    }),
    ("material: certificate instead of the key", &["signer-kind", "certificate-form"], |json| {
        remove(json, "/verificationMaterial/publicKey");
        json["verificationMaterial"]["certificate"] = json!({"rawBytes": "AAAA"});
    }),
    ("material: a timestamp that is none", &["timestamp-form"], |json| {
        json["verificationMaterial"]["timestampVerificationData"] =
            json!({"rfc3161Timestamps": [{"signedTimestamp": "AAAA"}]});
    }),
    ("hint: of another key", &["key-hint"], |json| {
        let other = Digest::sha256("another key");
        json["verificationMaterial"]["publicKey"]["hint"] = json!(STANDARD.encode(other.bytes()));
    }),
    ("hint: cut", &["key-hint"], |json| {
        let hint = &mut json["verificationMaterial"]["publicKey"]["hint"];
        *hint = json!(hint.as_str().unwrap()[1..]);
    }),
    ("content: a message signature beside the envelope", &["bundle-alternatives"], |json| {
        json["messageSignature"] = json!({"signature": "AAAA"});
    }),
    ("content: a message signature instead", &["content", "signature"], |json| {
        remove(json, "/dsseEnvelope");
        json["messageSignature"] = json!({"signature": "AAAA"});
    }),
    ("content: none", &["bundle-missing-field"], |json| remove(json, "/dsseEnvelope")),
    ("payload: another statement", &["signature"], |json| {
        let other = String::from_utf8(statement().to_bytes().unwrap()).unwrap().replace("shop", "shap");
        json["dsseEnvelope"]["payload"] = json!(STANDARD.encode(other));
    }),
    ("payload: a space more", &["signature"], |json| {
        let other = [statement().to_bytes().unwrap().as_slice(), b" "].concat();
        json["dsseEnvelope"]["payload"] = json!(STANDARD.encode(other));
    }),
    ("payload: empty", &["signature"], |json| json["dsseEnvelope"]["payload"] = json!("")),
    ("payload: not base64", &["bundle-base64"], |json| json["dsseEnvelope"]["payload"] = json!("A")),
    ("payload type: another", &["payload-type", "signature"], |json| {
        json["dsseEnvelope"]["payloadType"] = json!("text/plain");
    }),
    ("signature: one bit", &["signature"], |json| {
        flip(json, "/dsseEnvelope/signatures/0/sig", 40);
    }),
    ("signature: its other half (r, n - s)", &["entry-body"], |json| {
        let sig = &mut json["dsseEnvelope"]["signatures"][0]["sig"];
        let der = p256::ecdsa::Signature::from_der(&STANDARD.decode(sig.as_str().unwrap()).unwrap()).unwrap();
        let (r, s) = der.split_scalars();
        let other = p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
        *sig = json!(STANDARD.encode(other.to_der().as_bytes()));
    }),
    ("signature: r and s bare", &["signature"], |json| {
        let sig = &mut json["dsseEnvelope"]["signatures"][0]["sig"];
        let der = p256::ecdsa::Signature::from_der(&STANDARD.decode(sig.as_str().unwrap()).unwrap()).unwrap();
        *sig = json!(STANDARD.encode(der.to_bytes()));
    }),
    ("signature: empty", &["signature"], |json| {
        json["dsseEnvelope"]["signatures"][0]["sig"] = json!("");
    }),
    ("signature: of another key", &["signature"], |json| {
        let other = PrivateKey::from_seed(KeyType::P256, &[0x33; 32]).unwrap();
        let sig = other.sign(&bundle(KeyType::P256).envelope().unwrap().pae()).unwrap();
        json["dsseEnvelope"]["signatures"][0]["sig"] = json!(STANDARD.encode(sig));
    }),
    ("signature: of the bare payload", &["signature"], |json| {
        let sig = signer(KeyType::P256).sign(&statement().to_bytes().unwrap()).unwrap();
        json["dsseEnvelope"]["signatures"][0]["sig"] = json!(STANDARD.encode(sig));
    }),
    ("signatures: none", &["bundle-signature-count"], |json| json["dsseEnvelope"]["signatures"] = json!([])),
    ("signatures: the same twice", &["bundle-signature-count"], |json| {
        let one = json["dsseEnvelope"]["signatures"][0].clone();
        json["dsseEnvelope"]["signatures"] = json!([one, one]);
    }),
    ("keyid: of another key", &["envelope-keyid"], |json| {
        json["dsseEnvelope"]["signatures"][0]["keyid"] = json!("SHA256:x");
    }),
    ("entry: none", &["entry-present"], |json| remove(json, "/verificationMaterial/tlogEntries")),
    ("entry: an empty list", &["entry-present"], |json| {
        json["verificationMaterial"]["tlogEntries"] = json!([]);
    }),
    ("entry: the same twice", &["bundle-entry-count"], |json| {
        let one = entry_of(json).clone();
        json["verificationMaterial"]["tlogEntries"] = json!([one, one]);
    }),
    ("entry: without its proof", &["bundle-missing-field"], |json| {
        remove(json, "/verificationMaterial/tlogEntries/0/inclusionProof");
    }),
    ("entry: a promise beside the proof of a log that promises nothing", &["entry-promise"], |json| {
        entry_of(json)["inclusionPromise"] = json!({"signedEntryTimestamp": "AAAA"});
    }),
    ("entry: a promise instead of the proof", &["bundle-missing-field"], |json| {
        remove(json, "/verificationMaterial/tlogEntries/0/inclusionProof");
        entry_of(json)["inclusionPromise"] = json!({"signedEntryTimestamp": "AAAA"});
    }),
    ("entry: without its body", &["bundle-missing-field"], |json| {
        remove(json, "/verificationMaterial/tlogEntries/0/canonicalizedBody");
    }),
    ("entry: negative index", &["bundle-number"], |json| entry_of(json)["logIndex"] = json!("-1")),
    ("entry: index as a fraction", &["bundle-number"], |json| entry_of(json)["logIndex"] = json!(3.0)),
    ("proof: without checkpoint", &["bundle-missing-field"], |json| {
        remove(json, "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint");
    }),
    ("proof: without root", &["bundle-missing-field"], |json| {
        remove(json, "/verificationMaterial/tlogEntries/0/inclusionProof/rootHash");
    }),
    ("proof: a short hash", &["bundle-length"], |json| {
        entry_of(json)["inclusionProof"]["hashes"][0] = json!("AAAA");
    }),
    ("proof: thousands of hashes", &["bundle-size"], |json| {
        let hash = entry_of(json)["inclusionProof"]["hashes"][0].clone();
        entry_of(json)["inclusionProof"]["hashes"] = json!(vec![hash; 2000]);
    }),
];

const TEXTS: &[Row<Vec<u8>>] = &[
    ("text: cut", &["bundle-json"], |text| text.truncate(1000)),
    ("text: empty", &["bundle-json"], Vec::clear),
    ("text: two bundles", &["bundle-json"], |text| text.extend_from_within(..)),
    ("text: not UTF-8", &["bundle-encoding"], |text| text[20] = 0xff),
    ("text: a byte order mark", &["bundle-encoding"], |text| {
        text.splice(..0, *b"\xef\xbb\xbf");
    }),
    ("text: a field twice", &["bundle-duplicate-key"], |text| {
        text.splice(..1, *b"{\"mediaType\":\"x\",");
    }),
    ("text: too deep", &["bundle-size"], |text| *text = b"[".repeat(100)),
];

const STATEMENTS: &[Row<String>] = &[
    ("statement: not JSON", &["statement-json"], |text| "hello".clone_into(text)),
    ("statement: cut", &["statement-json"], |text| text.truncate(100)),
    ("statement: goes on", &["statement-json"], |text| text.push_str("{}")),
    ("statement: an array", &["statement-field-type"], |text| *text = format!("[{text}]")),
    ("statement: a field twice", &["statement-duplicate-key"], |text| {
        replace(text, "{\"_type\"", "{\"predicateType\":\"x\",\"_type\"");
    }),
    ("statement: half a surrogate", &["statement-encoding"], |text| {
        replace(text, "\"name\":\"shop\",\"digest\"", "\"name\":\"\\udc00\",\"digest\"");
    }),
    ("statement: another type", &["statement-type"], |text| {
        replace(text, "in-toto.io/Statement/v1", "evil.example/Statement/v1");
    }),
    ("statement: a later version", &["statement-type"], |text| replace(text, "Statement/v1", "Statement/v2")),
    ("statement: no type", &["statement-missing-field"], |text| replace(text, "\"_type\"", "\"type\"")),
    ("statement: no subjects", &["statement-missing-field"], |text| {
        replace(text, "\"subject\"", "\"subjects\"");
    }),
    ("statement: an empty list of subjects", &["statement-subject-count"], |text| {
        let start = text.find("\"subject\":").unwrap() + "\"subject\":".len();
        let end = text.find(",\"predicateType\"").unwrap();
        text.replace_range(start..end, "[]");
    }),
    ("statement: too many subjects", &["statement-subject-count"], |text| {
        let subject =
            |index: usize| format!("{{\"name\":\"{index}\",\"digest\":{{\"sha256\":\"{}\"}}}}", hex());
        let subjects: Vec<_> = (0..1025).map(subject).collect();
        let start = text.find("\"subject\":").unwrap() + "\"subject\":".len();
        let end = text.find(",\"predicateType\"").unwrap();
        text.replace_range(start..end, &format!("[{}]", subjects.join(",")));
    }),
    ("statement: a subject twice", &["statement-duplicate-subject"], |text| {
        let start = text.find("\"subject\":[").unwrap() + "\"subject\":[".len();
        let end = text.find("],\"predicateType\"").unwrap();
        let subject = text[start..end].to_owned();
        text.insert_str(end, &format!(",{subject}"));
    }),
    ("statement: another subject", &["subject-digest"], |text| {
        replace(text, &hex(), &Digest::sha256("another").hex());
    }),
    ("statement: an upper-case digest", &["statement-digest"], |text| {
        replace(text, &hex(), &hex().to_uppercase());
    }),
    ("statement: a shortened digest", &["statement-digest"], |text| replace(text, &hex(), &hex()[..32])),
    ("statement: an empty digest", &["statement-digest"], |text| replace(text, &hex(), "")),
    ("statement: only a SHA-1", &["statement-digest"], |text| {
        replace(
            text,
            &format!("\"sha256\":\"{}\"", hex()),
            "\"sha1\":\"da39a3ee5e6b4b0d3255bfef95601890afd80709\"",
        );
    }),
    ("statement: no predicate type", &["statement-missing-field"], |text| {
        replace(text, "\"predicateType\":", "\"predicate_type\":");
    }),
    ("statement: an empty predicate type", &["statement-missing-field"], |text| replace(text, CYCLONEDX, "")),
    ("statement: another predicate type", &["predicate-type"], |text| {
        replace(text, CYCLONEDX, "https://slsa.dev/provenance/v1");
    }),
    ("statement: a predicate type that starts alike", &["predicate-type"], |text| {
        replace(text, CYCLONEDX, "https://cyclonedx.org/bomb");
    }),
    ("statement: called SPDX", &["sbom-form"], |text| replace(text, CYCLONEDX, "https://spdx.dev/Document")),
    ("statement: no predicate", &["statement-missing-field"], |text| {
        replace(text, "\"predicate\":", "\"predicates\":");
    }),
    ("predicate: an empty object", &["sbom-empty"], |text| predicate(text, "{}")),
    ("predicate: null", &["sbom-empty"], |text| predicate(text, "null")),
    ("predicate: a string", &["sbom-empty"], |text| predicate(text, "\"bomFormat\"")),
    ("predicate: wrapped", &["sbom-form"], |text| predicate(text, &format!("{{\"Data\":{SBOM}}}"))),
    ("predicate: no SBOM", &["sbom-form"], |text| predicate(text, "{\"a\":1}")),
    ("predicate: an SBOM without version", &["sbom-form"], |text| {
        predicate(text, "{\"bomFormat\":\"CycloneDX\"}");
    }),
    ("predicate: a reference without digest", &["sbom-reference", "sbom-missing"], |text| {
        replace(text, CYCLONEDX, REFERENCE);
        predicate(text, "{\"attester\":{\"id\":\"x\"},\"references\":[{\"name\":\"bom.json\"}]}");
    }),
    ("predicate: a reference and no SBOM given", &["sbom-missing"], |text| {
        replace(text, CYCLONEDX, REFERENCE);
        let sbom = Referenced {
            name: "bom.json".to_owned(),
            digests: vec![Digest::sha256(SBOM)],
            media_type: String::new(),
            download_location: String::new(),
        };
        let reference = Reference { attester: "https://example.com".to_owned(), references: vec![sbom] };
        predicate(text, &String::from_utf8(reference.to_bytes()).unwrap());
    }),
];

const ENTRIES: &[Row<Bundle>] = &[
    ("log id: one bit", &["log-known"], |bundle| entry_mut(bundle).log_id[7] ^= 1),
    ("log id: cut", &["log-known"], |bundle| entry_mut(bundle).log_id.truncate(4)),
    ("log id: empty", &["log-known"], |bundle| entry_mut(bundle).log_id.clear()),
    ("log: another, well run", &["log-known"], |bundle| {
        let other = PrivateKey::from_seed(KeyType::Ed25519, &[0x44; 32]).unwrap();
        bundle.entry = Some(log(own_leaf(bundle), 3, 7, ORIGIN, &other));
    }),
    ("kind: another", &["entry-kind"], |bundle| "rekord".clone_into(&mut entry_mut(bundle).kind)),
    ("kind: another that envelopes have", &["entry-body"], |bundle| {
        "dsse".clone_into(&mut entry_mut(bundle).kind);
    }),
    ("kind: another version", &["entry-kind"], |bundle| "0.0.1".clone_into(&mut entry_mut(bundle).version)),
    ("time: claimed", &["entry-time"], |bundle| entry_mut(bundle).integrated_time = 1_780_000_000),
    ("body: one bit", &["entry-body"], |bundle| entry_mut(bundle).canonicalized_body[90] ^= 1),
    ("body: empty", &["entry-body"], |bundle| entry_mut(bundle).canonicalized_body.clear()),
    ("body: a space more", &["entry-body"], |bundle| entry_mut(bundle).canonicalized_body.push(b' ')),
    ("body: another spelling, truly logged", &["entry-body"], |bundle| {
        let spaced = [b" ", own_leaf(bundle).as_slice()].concat();
        bundle.entry = Some(entry(spaced));
    }),
    ("entry: borrowed from another envelope", &["entry-body"], |bundle| {
        let other = envelope(b"{}".to_vec(), &signer(KeyType::P256));
        bundle.entry = logged(other, &signer(KeyType::P256).public_key()).entry;
    }),
    ("entry: of the payload's digest, not the envelope's", &["entry-body"], |bundle| {
        let of_payload = Digest::sha256(&bundle.envelope().unwrap().payload);
        let of_envelope = bundle.envelope().unwrap().pae_digest();
        let text = String::from_utf8(own_leaf(bundle)).unwrap();
        let forged =
            text.replace(&STANDARD.encode(of_envelope.bytes()), &STANDARD.encode(of_payload.bytes()));
        bundle.entry = Some(entry(forged.into_bytes()));
    }),
    ("entry: of another key's signature", &["entry-body"], |bundle| {
        let other = PrivateKey::from_seed(KeyType::P256, &[0x33; 32]).unwrap();
        let same_payload = envelope(bundle.envelope().unwrap().payload.clone(), &other);
        bundle.entry = Some(entry(leaf(&same_payload, &other.public_key())));
    }),
    ("entry: of another signature of the same key", &["entry-body"], |bundle| {
        let other = signer(KeyType::P256).sign(b"another").unwrap();
        let mut same_payload = bundle.envelope().unwrap().clone();
        same_payload.signatures[0].sig = other;
        bundle.entry = Some(entry(leaf(&same_payload, &signer(KeyType::P256).public_key())));
    }),
    ("envelope: signed anew, old entry", &["entry-body"], |bundle| {
        let text =
            String::from_utf8(bundle.envelope().unwrap().payload.clone()).unwrap().replace("bell", "bull");
        bundle.content = Content::Dsse(envelope(text.into_bytes(), &signer(KeyType::P256)));
    }),
    ("index: of the entry", &["proof-index"], |bundle| entry_mut(bundle).log_index += 1),
    ("index: of the proof", &["proof-index"], |bundle| proof_mut(bundle).log_index = 0),
    ("index: of both", &["inclusion-proof"], |bundle| {
        entry_mut(bundle).log_index = 2;
        proof_mut(bundle).log_index = 2;
    }),
    ("index: of both, beyond the tree", &["inclusion-proof"], |bundle| {
        entry_mut(bundle).log_index = 7;
        proof_mut(bundle).log_index = 7;
    }),
    ("size: one more", &["proof-size"], |bundle| proof_mut(bundle).tree_size += 1),
    ("size: zero", &["proof-size"], |bundle| proof_mut(bundle).tree_size = 0),
    ("root: one bit", &["proof-root"], |bundle| proof_mut(bundle).root_hash[31] ^= 1),
    ("hashes: one bit", &["inclusion-proof"], |bundle| proof_mut(bundle).hashes[1][0] ^= 0x80),
    ("hashes: swapped", &["inclusion-proof"], |bundle| proof_mut(bundle).hashes.swap(0, 1)),
    ("hashes: one less", &["inclusion-proof"], |bundle| proof_mut(bundle).hashes.truncate(2)),
    ("hashes: one more", &["inclusion-proof"], |bundle| proof_mut(bundle).hashes.push([0; 32])),
    ("hashes: none", &["inclusion-proof"], |bundle| proof_mut(bundle).hashes.clear()),
    ("proof: of a tree that does not hold the entry", &["inclusion-proof"], |bundle| {
        let true_leaf = own_leaf(bundle);
        let mut other = entry(b"another entry".to_vec());
        other.canonicalized_body = true_leaf;
        bundle.entry = Some(other);
    }),
    (
        "proof: of a larger tree than the checkpoint",
        &["proof-size", "proof-root", "inclusion-proof"],
        |bundle| {
            let larger = log(own_leaf(bundle), 3, 9, ORIGIN, &log_key());
            let checkpoint = proof_mut(bundle).checkpoint.clone();
            bundle.entry = Some(larger);
            proof_mut(bundle).checkpoint = checkpoint;
        },
    ),
];

const CHECKPOINTS: &[Row<String>] = &[
    ("checkpoint: empty", &["checkpoint-form"], String::clear),
    ("checkpoint: no note", &["checkpoint-form"], |note| "log.example\n7\n".clone_into(note)),
    ("checkpoint: no signature", &["checkpoint-form"], |note| {
        note.truncate(note.find('\u{2014}').unwrap());
    }),
    ("checkpoint: no empty line", &["checkpoint-form"], |note| replace(note, "\n\n", "\n")),
    ("checkpoint: no last line feed", &["checkpoint-form"], |note| note.truncate(note.len() - 1)),
    ("checkpoint: carriage returns", &["checkpoint-form"], |note| *note = note.replace('\n', "\r\n")),
    ("checkpoint: a root that is no hash", &["checkpoint-form"], |note| {
        let root = note.lines().nth(2).unwrap().to_owned();
        replace(note, &root, "AAAA");
    }),
    ("checkpoint: a size with a zero before it", &["checkpoint-form"], |note| {
        replace(note, "\n7\n", "\n07\n");
    }),
    ("checkpoint: a line more", &["checkpoint-form"], |note| replace(note, "\n\n", "\nmore\n\n")),
    ("checkpoint: a line less", &["checkpoint-form"], |note| replace(note, "\n7\n", "\n")),
    ("checkpoint: another origin", &["checkpoint-origin"], |note| {
        replace(note, "log.example\n", "log.exampl\n");
    }),
    ("checkpoint: another origin, signed by the log's key", &["checkpoint-origin"], |note| {
        resign(note, "other.example", &log_key(), |checkpoint| {
            "other.example".clone_into(&mut checkpoint.origin);
        });
    }),
    ("checkpoint: another origin under the log's signature", &["checkpoint-origin"], |note| {
        resign(note, ORIGIN, &log_key(), |checkpoint| "other.example".clone_into(&mut checkpoint.origin));
    }),
    ("checkpoint: another size", &["checkpoint-signature"], |note| replace(note, "\n7\n", "\n8\n")),
    ("checkpoint: another root", &["checkpoint-signature"], |note| {
        let root = note.lines().nth(2).unwrap().to_owned();
        replace(note, &root, &STANDARD.encode([7; 32]));
    }),
    ("checkpoint: another signature", &["checkpoint-signature"], |note| {
        let start = note.rfind(' ').unwrap() + 1;
        let mut bytes = STANDARD.decode(note[start..].trim()).unwrap();
        bytes[30] ^= 4;
        note.replace_range(start.., &format!("{}\n", STANDARD.encode(bytes)));
    }),
    ("checkpoint: another key hint", &["checkpoint-signature"], |note| {
        let start = note.rfind(' ').unwrap() + 1;
        let mut bytes = STANDARD.decode(note[start..].trim()).unwrap();
        bytes[0] ^= 1;
        note.replace_range(start.., &format!("{}\n", STANDARD.encode(bytes)));
    }),
    ("checkpoint: signed by another name", &["checkpoint-signature"], |note| {
        resign(note, "witness.example", &log_key(), |_| ());
    }),
    ("checkpoint: signed by another key", &["checkpoint-signature"], |note| {
        let other = PrivateKey::from_seed(KeyType::Ed25519, &[0x44; 32]).unwrap();
        resign(note, ORIGIN, &other, |_| ());
    }),
    ("checkpoint: truly signed, of another root", &["proof-root", "inclusion-proof"], |note| {
        resign(note, ORIGIN, &log_key(), |checkpoint| checkpoint.root = [7; 32].into());
    }),
    ("checkpoint: truly signed, of another size", &["proof-size", "inclusion-proof"], |note| {
        resign(note, ORIGIN, &log_key(), |checkpoint| checkpoint.size = 4);
    }),
];

const ROOTS: &[Row<Value>] = &[
    ("root: no logs", &["log-known"], |root| remove(root, "/tlogs")),
    ("root: another log id", &["log-known"], |root| {
        root["tlogs"][0]["logId"]["keyId"] = json!(STANDARD.encode([7; 32]));
    }),
    ("root: another host", &["checkpoint-origin"], |root| {
        root["tlogs"][0]["baseUrl"] = json!("https://other.example");
    }),
    ("root: another case of the host", &["checkpoint-origin"], |root| {
        root["tlogs"][0]["baseUrl"] = json!("https://Log.example");
    }),
    ("root: another key", &["checkpoint-signature"], |root| {
        let other = PrivateKey::from_seed(KeyType::Ed25519, &[0x44; 32]).unwrap();
        root["tlogs"][0]["publicKey"]["rawBytes"] = json!(STANDARD.encode(other.public_key().to_spki()));
    }),
    ("root: a key that signs no checkpoints", &["checkpoint-signature"], |root| {
        let other = signer(KeyType::P256).public_key();
        root["tlogs"][0]["publicKey"]["rawBytes"] = json!(STANDARD.encode(other.to_spki()));
        root["tlogs"][0]["publicKey"]["keyDetails"] = json!(other.key_details());
    }),
    ("root: a key of an unknown kind", &["checkpoint-signature"], |root| {
        root["tlogs"][0]["publicKey"]["rawBytes"] = json!("AAAA");
        root["tlogs"][0]["publicKey"]["keyDetails"] = json!("ML_DSA_65");
    }),
    ("root: the log's key has ended", &["log-key-window"], |root| {
        root["tlogs"][0]["publicKey"]["validFor"]["end"] = json!("2026-11-24T11:59:59.999Z");
    }),
    ("root: the log's key has not begun", &["log-key-window"], |root| {
        root["tlogs"][0]["publicKey"]["validFor"]["start"] = json!("2026-11-24T12:00:00.001Z");
    }),
    ("root: the kind of key is another", &["trust-root-ambiguous"], |root| {
        root["tlogs"][0]["publicKey"]["keyDetails"] = json!("PKIX_ECDSA_P256_SHA_256");
    }),
    ("root: the same log twice", &["trust-root-ambiguous"], |root| {
        let log = root["tlogs"][0].clone();
        root["tlogs"] = json!([log, log]);
    }),
    ("root: another hash", &["trust-root-unsupported"], |root| {
        root["tlogs"][0]["hashAlgorithm"] = json!("SHA2_512");
    }),
    ("root: another media type", &["trust-root-media-type"], |root| root["mediaType"] = json!("text/plain")),
    ("root: an unknown field", &["trust-root-unknown-field"], |root| root["comment"] = json!("x")),
    ("root: an unknown field of a log", &["trust-root-unknown-field"], |root| {
        root["tlogs"][0]["base_url"] = json!("x");
    }),
    ("root: no beginning", &["trust-root-missing-field"], |root| {
        remove(root, "/tlogs/0/publicKey/validFor/start");
    }),
    ("root: no window", &["trust-root-missing-field"], |root| remove(root, "/tlogs/0/publicKey/validFor")),
    ("root: no key", &["trust-root-missing-field"], |root| remove(root, "/tlogs/0/publicKey")),
    ("root: no URL", &["trust-root-missing-field"], |root| remove(root, "/tlogs/0/baseUrl")),
    ("root: no scheme", &["trust-root-value"], |root| root["tlogs"][0]["baseUrl"] = json!("log.example")),
    ("root: a name before the host", &["trust-root-value"], |root| {
        root["tlogs"][0]["baseUrl"] = json!("https://log.example@evil.example");
    }),
    ("root: no time", &["trust-root-time"], |root| {
        root["tlogs"][0]["publicKey"]["validFor"]["start"] = json!("yesterday");
    }),
    ("root: a key that is not base64", &["trust-root-base64"], |root| {
        root["tlogs"][0]["publicKey"]["rawBytes"] = json!("*");
    }),
    ("root: logs of another type", &["trust-root-field-type"], |root| root["tlogs"] = json!({})),
];

const QUESTIONS: &[Row<Case>] = &[
    ("key: another", &["key-hint", "signature"], |case| {
        case.signers = vec![PrivateKey::from_seed(KeyType::P256, &[0x33; 32]).unwrap().public_key()];
    }),
    ("key: of another kind", &["key-hint", "signature"], |case| {
        case.signers = vec![signer(KeyType::Ed25519).public_key()];
    }),
    ("key: none", &["key-hint", "signature"], |case| case.signers.clear()),
    ("type: another is asked for", &["predicate-type"], |case| {
        case.options.expected = Expected::Type("spdx".parse().unwrap());
    }),
    ("SBOM: another was shipped", &["sbom-file"], |case| {
        case.options.sbom = Some(sbom_file(&SBOM.replace("0.3.0", "0.3.1")));
    }),
    ("SBOM: a component less was shipped", &["sbom-file"], |case| {
        let mut json: Value = serde_json::from_str(SBOM).unwrap();
        json["components"] = json!([]);
        case.options.sbom = Some(sbom_file(&json.to_string()));
    }),
    ("SBOM: what was shipped is not JSON", &["sbom-file-form"], |case| {
        case.options.sbom = Some(sbom_file("<bom/>"));
    }),
    ("artifacts: one of two", &["subject-digest"], |case| {
        case.artifacts.push(Artifact::new("other", Digest::sha256("other")));
    }),
    ("artifacts: SHA-256 right and SHA-512 wrong", &["subject-digest"], |case| {
        case.artifacts[0].digests.push(Digest::of(Algorithm::Sha512, b"another"));
        let mut statement = statement();
        statement.subjects[0].digests.push(Digest::of(Algorithm::Sha512, ARTIFACT));
        let signed = envelope(statement.to_bytes().unwrap(), &signer(KeyType::P256));
        case.bundles = vec![logged(signed, &signer(KeyType::P256).public_key()).to_bytes()];
    }),
    ("artifacts: only of an algorithm the statement lacks", &["subject-digest"], |case| {
        case.artifacts[0].digests = vec![Digest::of(Algorithm::Sha512, ARTIFACT)];
    }),
    ("payload type: another, truly signed", &["payload-type"], |case| {
        let key = signer(KeyType::P256);
        let signed = dsse::sign("text/plain", statement().to_bytes().unwrap(), &key).unwrap();
        case.bundles = vec![logged(signed, &key.public_key()).to_bytes()];
    }),
];

#[test]
fn nothing_asked_is_nothing_accepted() {
    for change in [|case: &mut Case| case.artifacts.clear(), |case: &mut Case| case.bundles.clear()] {
        let mut case = Case::good();
        change(&mut case);
        assert!(!case.verdict().accepted());
    }
}

#[test]
fn no_byte_of_a_bundle_can_be_changed() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut cases = 0;
    let mut equal = 0;
    for kind in [KeyType::P256, KeyType::Ed25519] {
        let case = Case::of(kind);
        let trust = TrustRoot::parse(&case.trust).unwrap();
        let good = case.bundles[0].clone();
        let meaning = normal_form(&good).unwrap();
        let mut files = [BundleFile { name: "b".to_owned(), bytes: good.clone() }];
        for (position, byte) in good.iter().copied().enumerate() {
            for change in 0..CHANGES {
                let other = changed(byte, change, &mut random);
                files[0].bytes[position] = other;
                let accepted = verify(&Request {
                    artifacts: &case.artifacts,
                    bundles: &files,
                    signers: &case.signers,
                    identities: &[],
                    trust: &trust,
                    options: case.options.clone(),
                })
                .accepted();
                if accepted {
                    assert_eq!(normal_form(&files[0].bytes).as_ref(), Some(&meaning), "{position}: {other}");
                    equal += 1;
                }
                cases += 1;
            }
            files[0].bytes[position] = byte;
        }
    }
    println!("{cases} changed bundles, {equal} accepted as equal after RFC 8785");
    assert!(cases >= 20_000, "{cases}");
}

#[test]
fn no_byte_of_an_artifact_can_be_changed() {
    let mut random = Random(7);
    let case = Case::good();
    let trust = TrustRoot::parse(&case.trust).unwrap();
    for position in 0..ARTIFACT.len() {
        for change in 0..CHANGES {
            let mut bytes = ARTIFACT.to_vec();
            bytes[position] = changed(bytes[position], change, &mut random);
            let artifacts = vec![Artifact::new("shop", Digest::sha256(&bytes))];
            let verdict = Case { artifacts, ..Case::good() }.verdict_with(&trust);
            assert_eq!(verdict.reasons(), ["subject-digest"]);
        }
    }
    assert!(case.verdict_with(&trust).accepted());
}

#[test]
fn no_byte_of_a_key_a_statement_or_a_trusted_root_makes_a_reader_panic() {
    type Read = fn(&[u8]) -> bool;
    let key = signer(KeyType::P256);
    let readers: [(Vec<u8>, Read); 6] = [
        (key.to_pem().as_bytes().to_vec(), |bytes| PrivateKey::from_pem(bytes).is_ok()),
        (signer(KeyType::Ed25519).to_pem().as_bytes().to_vec(), |bytes| PrivateKey::from_pem(bytes).is_ok()),
        (key.public_key().to_pem().into_bytes(), |bytes| PublicKey::from_pem(bytes).is_ok()),
        (log_key().public_key().to_spki(), |bytes| PublicKey::from_spki(bytes).is_ok()),
        (statement().to_bytes().unwrap(), |bytes| Statement::parse(bytes).is_ok()),
        (trusted_root().to_string().into_bytes(), |bytes| TrustRoot::parse(bytes).is_ok()),
    ];
    let mut random = Random(11);
    for (good, read) in readers {
        assert!(read(&good));
        let mut bytes = good.clone();
        for position in 0..good.len() {
            for change in 0..CHANGES {
                bytes[position] = changed(good[position], change, &mut random);
                read(&bytes);
                read(&bytes[..position]);
            }
            bytes[position] = good[position];
        }
    }
}

/// Another byte: a bit flipped, the other alphabet of base64, white space, or any.
fn changed(byte: u8, change: usize, random: &mut Random) -> u8 {
    let other = match (change, byte) {
        (0, _) => byte ^ 1,
        (1, b'+') => b'-',
        (1, b'/') => b'_',
        (1, _) => b' ',
        (2, _) => byte ^ 0x20,
        _ => random.byte(),
    };
    if other == byte { byte ^ 0x80 } else { other }
}

const CHANGES: usize = 5;

/// RFC 8785 of a bundle whose bytes are decoded, however they were spelled.
fn normal_form(bundle: &[u8]) -> Option<Vec<u8>> {
    const BYTES: [&str; 6] = ["payload", "sig", "keyId", "rootHash", "hashes", "canonicalizedBody"];
    fn decode(value: &mut Value) {
        match value {
            Value::String(text) => {
                let bytes = STANDARD.decode(&*text).or_else(|_| URL_SAFE.decode(&*text)).unwrap();
                *text = format!("{bytes:?}");
            }
            Value::Array(elements) => elements.iter_mut().for_each(decode),
            _ => {}
        }
    }
    fn walk(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    if BYTES.contains(&name.as_str()) { decode(value) } else { walk(value) }
                }
            }
            Value::Array(elements) => elements.iter_mut().for_each(walk),
            _ => {}
        }
    }
    let mut json: Value = serde_json::from_slice(bundle).ok()?;
    walk(&mut json);
    let document = Document::parse(json.to_string().into_bytes(), &Limits::default()).ok()?;
    Some(document.root().canonical())
}

/// Xorshift: the same bytes on every run.
struct Random(u64);

impl Random {
    fn byte(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.to_le_bytes()[3]
    }
}

fn remove(json: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    json.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
}

fn flip(json: &mut Value, pointer: &str, at: usize) {
    let value = json.pointer_mut(pointer).unwrap();
    let mut bytes = STANDARD.decode(value.as_str().unwrap()).unwrap();
    bytes[at] ^= 1;
    *value = json!(STANDARD.encode(bytes));
}

fn entry_of(json: &mut Value) -> &mut Value {
    &mut json["verificationMaterial"]["tlogEntries"][0]
}

fn entry_mut(bundle: &mut Bundle) -> &mut LogEntry {
    bundle.entry.as_mut().unwrap()
}

fn proof_mut(bundle: &mut Bundle) -> &mut InclusionProof {
    entry_mut(bundle).proof.as_mut().unwrap()
}

fn own_leaf(bundle: &Bundle) -> Vec<u8> {
    leaf(bundle.envelope().unwrap(), &signer(KeyType::P256).public_key())
}

fn hex() -> String {
    Digest::sha256(ARTIFACT).hex()
}

fn replace(text: &mut String, from: &str, to: &str) {
    assert!(text.contains(from), "`{from}` is not in {text}");
    *text = text.replacen(from, to, 1);
}

fn predicate(text: &mut String, json: &str) {
    let start = text.find("\"predicate\":").unwrap() + "\"predicate\":".len();
    text.replace_range(start.., &format!("{json}}}"));
}

fn resign(note: &mut String, name: &str, key: &PrivateKey, change: fn(&mut Checkpoint)) {
    let (text, _) = note.split_once("\n\n").unwrap();
    let mut checkpoint: Checkpoint = format!("{text}\n").parse().unwrap();
    change(&mut checkpoint);
    let signer = NoteSigner::new(name.parse().unwrap(), key).unwrap();
    *note = signer.sign(&checkpoint.to_string()).unwrap().to_string();
}

fn sbom_file(text: &str) -> SbomFile {
    SbomFile { name: "bom.json".to_owned(), bytes: text.as_bytes().to_vec() }
}

//! Verdicts on whole attestations: ours, those of others, and what they say beside yes and no.

use std::collections::HashSet;

use sbom_attest::attest::bundle::{Bundle, Content, Material, key_hint};
use sbom_attest::attest::predicate::{REFERENCE, Reference, Referenced};
use sbom_attest::attest::statement::{Statement, Subject};
use sbom_attest::digest::{Algorithm, Digest};
use sbom_attest::document::{Document, Limits};
use sbom_attest::finding::Status;
use sbom_attest::keys::{KeyType, PublicKey, Signer as _};
use sbom_attest::tlog::note::NoteSigner;
use sbom_attest::verify::trust_root::{MAX_BYTES, MAX_DEPTH, MAX_NODES};
use sbom_attest::verify::{Artifact, Error, Expected, SbomFile, Time, TrustRoot, checks};
use serde_json::{Value, json};

use crate::attested::{
    ARTIFACT, Case, ORIGIN, SBOM, bundle, envelope, log_key, logged, signer, statement, trusted_root,
};

#[test]
fn what_was_signed_and_logged_is_accepted() {
    for kind in [KeyType::P256, KeyType::Ed25519] {
        let verdict = Case::of(kind).accepted();
        let [attestation] = verdict.verified() else { panic!("one attestation is expected") };
        assert_eq!(attestation.statement, statement());
        assert_eq!(attestation.signer, signer(kind).public_key());
        let log = attestation.log.as_ref().unwrap();
        assert_eq!((log.origin.as_str(), log.index, log.tree_size), (ORIGIN, 3, Some(7)));
        assert_eq!(verdict.time, Time::None);
        assert_eq!(verdict.signers[0].key, signer(kind).public_key().digest().hex());
    }
}

#[test]
fn what_cosign_logged_in_rekor_2_is_accepted() {
    for bundle in [
        &include_bytes!("../../testdata/bundle/first.json")[..],
        include_bytes!("../../testdata/bundle/second.json"),
    ] {
        let case = cosigns(bundle);
        let statement = &case.accepted().verified()[0].statement.clone();
        assert_eq!(statement.subjects[0].name, "artifact");
        let sbom = include_bytes!("../../testdata/bundle/sbom.json").to_vec();
        let mut with_sbom = cosigns(bundle);
        with_sbom.options.sbom = Some(SbomFile { name: "sbom.json".to_owned(), bytes: sbom });
        with_sbom.options.expected = Expected::Type("cyclonedx".parse().unwrap());
        with_sbom.accepted();
        let ours = Case { trust: trusted_root().to_string().into_bytes(), ..cosigns(bundle) };
        ours.refused(&["log-known"]);
    }
    let mut unlogged = cosigns(include_bytes!("../../testdata/bundle/unlogged.json"));
    unlogged.refused(&["entry-present"]);
    unlogged.options.accept_unlogged = true;
    unlogged.accepted();
    let mut message = cosigns(include_bytes!("../../testdata/bundle/message.json"));
    message.refused(&["content"]);
    message.options.expected = Expected::Anything;
    let verdict = message.accepted();
    assert!(verdict.verified().is_empty(), "a bare signature attests nothing");
    assert_eq!(verdict.signers.len(), 1);
    message.artifacts = vec![Artifact::new("other", Digest::sha256("other"))];
    message.refused(&["subject-digest"]);
}

fn cosigns(bundle: &[u8]) -> Case {
    Case {
        artifacts: vec![Artifact::new(
            "artifact",
            Digest::sha256(include_bytes!("../../testdata/bundle/artifact")),
        )],
        bundles: vec![bundle.to_vec()],
        signers: vec![PublicKey::from_pem(include_str!("../../testdata/keys/cosign.pub")).unwrap()],
        trust: include_bytes!("../../testdata/bundle/trusted_root.json").to_vec(),
        ..Case::good()
    }
}

#[test]
fn a_check_that_saw_nothing_is_no_pass() {
    let mut case = Case::with_bundle(&Bundle { entry: None, ..bundle(KeyType::P256) });
    case.options.accept_unlogged = true;
    let verdict = case.accepted();
    let not_evaluated: Vec<_> = verdict
        .checks
        .iter()
        .filter(|finding| finding.status == Status::NotEvaluated)
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(
        not_evaluated,
        [
            "sbom-file",
            "entry-present",
            "entry-kind",
            "entry-time",
            "entry-body",
            "log-known",
            "log-key-window",
            "checkpoint-form",
            "checkpoint-origin",
            "checkpoint-signature",
            "proof-size",
            "proof-root",
            "proof-index",
            "inclusion-proof"
        ]
    );
    assert!(verdict.not_checked.iter().any(|text| text.contains("no entry was asked for")), "{verdict:?}");
    assert!(verdict.verified()[0].log.is_none());
}

#[test]
fn a_signature_that_does_not_hold_leaves_the_payload_unread() {
    let mut case = Case::good();
    case.signers = vec![signer(KeyType::Ed25519).public_key()];
    let verdict = case.refused(&["key-hint", "signature"]);
    let status = |rule| verdict.checks.iter().find(|finding| finding.rule == rule).unwrap().status;
    for rule in ["statement-form", "predicate-type", "sbom-form", "sbom-file", "entry-body", "subject-digest"]
    {
        assert_eq!(status(rule), Status::NotEvaluated, "{rule}");
    }
    assert!(verdict.signers.is_empty());
}

#[test]
fn an_entry_that_is_there_must_hold_even_where_none_is_asked_for() {
    let mut forged = bundle(KeyType::P256);
    forged.entry.as_mut().unwrap().proof.as_mut().unwrap().hashes[0][0] ^= 1;
    let mut case = Case::with_bundle(&forged);
    case.options.accept_unlogged = true;
    case.refused(&["inclusion-proof"]);
    case.trust = br#"{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}"#.to_vec();
    case.refused(&["log-known"]);
}

#[test]
fn every_artifact_must_be_a_subject_of_a_bundle_that_holds() {
    let key = signer(KeyType::P256);
    let other = Artifact::new("other", Digest::sha256("other"));
    let mut about_other = statement();
    about_other.subjects = vec![Subject::new("other", Digest::sha256("other"))];
    let about_other = logged(envelope(about_other.to_bytes().unwrap(), &key), &key.public_key()).to_bytes();

    let mut case = Case::good();
    case.artifacts.push(other);
    case.refused(&["subject-digest"]);
    case.bundles.push(about_other.clone());
    assert_eq!(case.accepted().verified().len(), 2);
    case.bundles.reverse();
    case.accepted();
    case.bundles.push(b"{}".to_vec());
    let verdict = case.accepted();
    assert_eq!(verdict.verified().len(), 2);
    assert!(verdict.not_checked.iter().any(|text| text.contains("was refused and is not needed")));
    case.bundles.remove(0);
    case.refused(&["bundle-missing-field", "subject-digest"]);

    let mut both = statement();
    both.subjects.push(Subject::new("other", Digest::sha256("other")));
    case.bundles = vec![logged(envelope(both.to_bytes().unwrap(), &key), &key.public_key()).to_bytes()];
    assert_eq!(case.accepted().verified().len(), 1);
}

#[test]
fn an_artifact_is_compared_by_every_algorithm_that_was_computed() {
    let key = signer(KeyType::P256);
    let mut statement = statement();
    statement.subjects[0].digests.push(Digest::of(Algorithm::Sha512, ARTIFACT));
    let mut case =
        Case::with_bundle(&logged(envelope(statement.to_bytes().unwrap(), &key), &key.public_key()));
    let verdict = case.accepted();
    assert!(verdict.not_checked.iter().any(|text| text.contains("algorithms that were not computed")));
    case.artifacts[0].digests.push(Digest::of(Algorithm::Sha512, ARTIFACT));
    let verdict = case.accepted();
    assert!(!verdict.not_checked.iter().any(|text| text.contains("algorithms that were not computed")));
    case.artifacts[0].digests.remove(0);
    case.accepted();
}

#[test]
fn the_shipped_sbom_may_be_spelled_differently() {
    let mut case = Case::good();
    let pretty: Value = serde_json::from_str(SBOM).unwrap();
    for text in [SBOM.to_owned(), format!("{SBOM}\n"), serde_json::to_string_pretty(&pretty).unwrap()] {
        case.options.sbom = Some(SbomFile { name: "bom.json".to_owned(), bytes: text.into_bytes() });
        case.accepted();
    }
}

#[test]
fn an_sbom_by_reference_is_compared_by_its_digest() {
    let key = signer(KeyType::P256);
    let sbom = Referenced {
        name: "bom.json".to_owned(),
        digests: vec![Digest::sha256(SBOM)],
        media_type: "application/vnd.cyclonedx+json".to_owned(),
        download_location: String::new(),
    };
    let reference = Reference { attester: "https://example.com/tool".to_owned(), references: vec![sbom] };
    let predicate = Document::parse(reference.to_bytes(), &Limits::default()).unwrap();
    let statement =
        Statement::new(vec![Subject::new("shop", Digest::sha256(ARTIFACT))], REFERENCE, &predicate);
    let bundle = logged(envelope(statement.to_bytes().unwrap(), &key), &key.public_key());
    let mut case = Case::with_bundle(&bundle);
    let file = |text: &str| Some(SbomFile { name: "bom.json".to_owned(), bytes: text.as_bytes().to_vec() });
    case.options.sbom = file(&format!("{SBOM} "));
    case.refused(&["sbom-file"]);
    case.options.sbom = file(SBOM);
    case.accepted();
    case.options.expected = Expected::Type("cyclonedx".parse().unwrap());
    case.accepted();
    case.options.expected = Expected::Type("spdx".parse().unwrap());
    case.refused(&["sbom-file-form"]);
    case.options.sbom = None;
    case.refused(&["sbom-missing"]);
}

#[test]
fn another_predicate_is_accepted_when_it_is_asked_for() {
    let key = signer(KeyType::P256);
    let predicate = Document::parse(br#"{"result": "PASSED"}"#.to_vec(), &Limits::default()).unwrap();
    let kind = "https://in-toto.io/attestation/test-result/v0.1";
    let statement = Statement::new(vec![Subject::new("shop", Digest::sha256(ARTIFACT))], kind, &predicate);
    let bundle = logged(envelope(statement.to_bytes().unwrap(), &key), &key.public_key());
    let mut case = Case::with_bundle(&bundle);
    let verdict = case.refused(&["predicate-type"]);
    let finding = verdict.checks.iter().find(|finding| finding.is_broken()).unwrap();
    assert!(finding.message.contains(kind) && finding.message.contains("cyclonedx"), "{}", finding.message);
    case.options.expected = Expected::Type(kind.parse().unwrap());
    let verdict = case.accepted();
    let sbom = verdict.checks.iter().find(|finding| finding.rule == "sbom-form").unwrap();
    assert_eq!(sbom.status, Status::NotApplicable);
}

#[test]
fn signatures_of_witnesses_are_ignored_and_said_to_be() {
    let mut bundle = bundle(KeyType::P256);
    let note = &mut bundle.entry.as_mut().unwrap().proof.as_mut().unwrap().checkpoint;
    let (text, _) = note.split_once("\n\n").unwrap();
    let key = log_key();
    let witness = NoteSigner::new("witness.example".parse().unwrap(), &key).unwrap();
    let cosigned = witness.sign(&format!("{text}\n")).unwrap().to_string();
    note.push_str(cosigned.split_once("\n\n").unwrap().1);
    let verdict = Case::with_bundle(&bundle).accepted();
    assert!(verdict.not_checked.iter().any(|text| text.contains("signatures of others")), "{verdict:?}");
}

#[test]
fn the_ends_of_a_window_are_inside() {
    for (field, time) in [("start", "2026-11-24T12:00:00Z"), ("end", "2026-11-24T12:00:00Z")] {
        let mut root = trusted_root();
        root["tlogs"][0]["publicKey"]["validFor"][field] = json!(time);
        Case { trust: root.to_string().into_bytes(), ..Case::good() }.accepted();
    }
}

#[test]
fn hint_and_keyid_name_the_key_that_signed_not_just_any_that_was_given() {
    let other = signer(KeyType::Ed25519).public_key();
    let mut bundle = bundle(KeyType::P256);
    let mut case = Case::with_bundle(&bundle);
    case.signers.push(other.clone());
    case.accepted();
    bundle.material = Material::PublicKey { hint: key_hint(&other) };
    case.bundles = vec![bundle.to_bytes()];
    case.refused(&["key-hint"]);
    bundle.material = Material::PublicKey { hint: String::new() };
    let Content::Dsse(envelope) = &mut bundle.content else { unreachable!() };
    envelope.signatures[0].keyid = signer(KeyType::P256).public_key().ssh_fingerprint();
    case.bundles = vec![bundle.to_bytes()];
    case.accepted();
    let Content::Dsse(envelope) = &mut bundle.content else { unreachable!() };
    envelope.signatures[0].keyid = other.ssh_fingerprint();
    case.bundles = vec![bundle.to_bytes()];
    case.refused(&["envelope-keyid"]);
}

#[test]
fn a_report_starts_with_its_name_and_has_the_fields_of_the_contract() {
    let json = serde_json::to_string(&Case::good().accepted()).unwrap();
    assert!(json.starts_with(r#"{"report":"verdict/v1","verdict":"accepted","#), "{json}");
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["time"], json!({"source": "none"}));
    assert!(json["checks"].as_array().unwrap().len() > 20);
    let key = signer(KeyType::P256).public_key().digest().hex();
    assert_eq!(json["signers"][0]["sha256"], key);
    assert_eq!((&json["signers"][0]["kind"], &json["signers"][0]["type"]), (&json!("key"), &json!("p256")));
    assert!(json["not_checked"].as_array().unwrap().len() >= 5);
    let refused = Case { signers: Vec::new(), ..Case::good() }.refused(&["key-hint", "signature"]);
    let json = serde_json::to_value(refused).unwrap();
    assert_eq!((&json["verdict"], &json["reasons"]), (&json!("refused"), &json!(["key-hint", "signature"])));
}

#[test]
fn every_code_stands_in_the_list_of_codes_and_once() {
    let list = include_str!("../../docs/codes.md");
    let mut seen = HashSet::new();
    for rule in checks::rules() {
        let row = format!("| `{}` | {} | {} |", rule.id, rule.title, rule.remedy);
        assert!(list.lines().any(|line| line == row), "docs/codes.md lacks\n{row}");
        assert!(seen.insert(rule.id), "`{}` is used twice", rule.id);
    }
}

#[test]
fn the_limits_of_a_trusted_root_hold() {
    let code = |bytes: &[u8]| TrustRoot::parse(bytes).unwrap_err().code();
    let limit = usize::try_from(MAX_BYTES).unwrap();
    assert_eq!(code(&vec![b' '; limit + 1]), "trust-root-size");
    assert_eq!(code(&vec![b' '; limit]), "trust-root-json");
    assert_eq!(code("[".repeat(MAX_DEPTH + 1).as_bytes()), "trust-root-size");
    assert_eq!(code(format!("[{}0]", "0,".repeat(MAX_NODES)).as_bytes()), "trust-root-size");
}

#[test]
fn a_trusted_root_with_all_its_parts_is_read() {
    let mut root = trusted_root();
    let authority = json!({
        "subject": {"organization": "example", "commonName": "ca"},
        "uri": "https://ca.example",
        "certChain": {"certificates": [{"rawBytes": "AAAA"}]},
        "validFor": {"start": "2026-01-01T00:00:00Z", "end": null},
        "operator": "example"
    });
    root["certificateAuthorities"] = json!([authority]);
    root["timestampAuthorities"] = json!([authority, authority]);
    root["ctlogs"] = root["tlogs"].clone();
    root["tlogs"][0]["operator"] = json!("example");
    root["tlogs"][0]["checkpointKeyId"] = json!({"keyId": "AAAA"});
    root["tlogs"][0]["baseUrl"] = json!("http://log.example:3000/path");
    let root = TrustRoot::parse(root.to_string().as_bytes()).unwrap();
    assert_eq!(root.logs()[0].origin, ORIGIN);
    assert_eq!((root.certificate_authorities().len(), root.timestamp_authorities().len()), (1, 2));
    assert_eq!(root.ct_logs().len(), 1);
    let error: Error = TrustRoot::parse(b"{}").unwrap_err();
    assert!(error.help().is_some());
    assert_eq!(error.to_string(), "the trusted root is malformed: /mediaType: the field is missing");
}

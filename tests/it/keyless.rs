//! Bundles with certificates, from a Sigstore of our own: what holds is accepted, and everything that does not is refused by
//! the code that names it. No row is refused by another check as well, so that each fails without its own.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use sbom_attest::attest::bundle::{Bundle, Content, LogEntry, Material, MessageSignature, key_hint};
use sbom_attest::attest::dsse;
use sbom_attest::digest::{Algorithm, Digest, encode_hex};
use sbom_attest::finding::Status;
use sbom_attest::keys::{KeyType, PrivateKey, PublicKey, Signer as _};
use sbom_attest::pki::{
    Certificate, CertificateError, Claim, MAX_CERTIFICATE, MAX_CHAIN, MAX_EXTENSIONS, MAX_SCTS, Purpose,
    SctError, Token,
};
use sbom_attest::tlog::checkpoint::Checkpoint;
use sbom_attest::tlog::note::Note;
use sbom_attest::tlog::rekor::{Expected as EntryOf, Kind};
use sbom_attest::verify::{Artifact, Expected, Pattern, Signatory, Source, Time};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use crate::attested::{ARTIFACT, Case, NOW, bundle as keyed, log, log_key, statement};
use crate::der::{
    BASIC_CONSTRAINTS, CODE_SIGNING, ECDSA_SHA1, Extension, KEY_USAGE, NAMES, PURPOSES, SCTS, SHA1, SctSpec,
    Spec, TIMESTAMPING, TokenSpec, key, name, octets, sct, sequence, utf8,
};
use crate::sandbox::Sandbox;
use crate::schemas;
use crate::stand_in::{
    FULCIO, ISSUER, LEAF, LOG1, OTHER, Plan, ROOT, SIGNED, SIGNING_CERTIFICATE_1, WORKFLOW, body, key_id,
    names, pem, token, workflow,
};

#[test]
fn what_somebody_signed_is_accepted_in_each_generation_of_logs() {
    for old in [false, true] {
        for envelope in [true, false] {
            let mut plan = if old { Plan::old() } else { Plan::new() };
            plan.envelope = envelope;
            let verdict = plan.case().accepted();
            let [signer] = &verdict.signers[..] else { panic!("{:?}", verdict.signers) };
            assert_eq!((signer.kind, signer.identity.as_deref()), ("certificate", Some(WORKFLOW)));
            assert_eq!(
                (signer.issuer.as_deref(), signer.workflow["repository"].as_str()),
                (Some(ISSUER), "us/shop")
            );
            let log = signer.log.as_ref().unwrap();
            let place = if old { ("log1.example - 42", 1001, Some(3)) } else { ("log.example", 3, Some(7)) };
            assert_eq!((log.origin.as_str(), log.index, log.tree_size), place);
            let Time::By(time) = &verdict.time else { panic!("{:?}", verdict.time) };
            let source = if old { Source::LogPromise } else { Source::TimestampAuthority };
            assert_eq!((time.source, time.at.as_second().cast_unsigned()), (source, SIGNED));
            assert_eq!(verdict.verified().len(), usize::from(envelope));
            let json = serde_json::to_value(&verdict).unwrap();
            assert_eq!(json["time"]["at"], "2026-03-01T12:01:00Z");
            assert_eq!(json["signers"][0]["time"]["source"], json["time"]["source"]);
            assert!(!verdict.not_checked.iter().any(|text| text.contains("who holds the private key")));
        }
    }
}

/// A change of a plan, and the codes it must be refused with.
type Row = (&'static str, &'static [&'static str], fn(&mut Plan));

#[test]
fn every_forgery_is_refused_by_the_code_that_names_it() {
    let mut names = HashSet::new();
    for (rows, plan) in [(NEW, Plan::new as fn() -> Plan), (OLD, Plan::old)] {
        for (name, reasons, change) in rows {
            assert!(names.insert(name), "`{name}` stands twice");
            let mut plan = plan();
            change(&mut plan);
            let verdict = plan.case().verdict();
            let report = serde_json::to_string_pretty(&verdict).unwrap();
            assert_eq!(verdict.reasons(), *reasons, "{name}: {report}");
            assert!(!verdict.accepted() && verdict.verified().is_empty(), "{name}: {report}");
            // Nothing of the payload is believed of somebody who was not asked for.
            let unread = verdict.signers.is_empty();
            let read =
                verdict.checks.iter().any(|one| one.rule == "statement-form" && one.status == Status::Pass);
            assert!(unread != read || !plan.envelope, "{name}: {report}");
        }
    }
    println!("{} forgeries, each refused by its code", names.len());
}

const NEW: &[Row] = &[
    // The certificate itself.
    ("leaf: not DER", &["certificate-form"], |plan| {
        plan.bundle = |bundle| leaf_of(bundle).truncate(100);
    }),
    ("leaf: a byte more", &["certificate-form"], |plan| plan.bundle = |bundle| leaf_of(bundle).push(0)),
    ("leaf: of an authority", &["certificate-form"], |plan| {
        plan.leaf.extensions.push(Extension::authority(None));
    }),
    ("leaf: without purpose", &["certificate-form"], |plan| plan.leaf.without(PURPOSES)),
    ("leaf: for timestamps", &["certificate-form"], |plan| {
        *plan.leaf.extension(PURPOSES) = Extension::purpose(false, &[TIMESTAMPING]);
    }),
    ("leaf: for signing and more", &["certificate-form"], |plan| {
        *plan.leaf.extension(PURPOSES) = Extension::purpose(false, &[CODE_SIGNING, TIMESTAMPING]);
    }),
    ("leaf: for anything", &["certificate-form"], |plan| {
        *plan.leaf.extension(PURPOSES) = Extension::purpose(false, &["2.5.29.37.0"]);
    }),
    ("leaf: whose key signs certificates alone", &["certificate-form"], |plan| {
        *plan.leaf.extension(KEY_USAGE) = Extension::usage(0x04);
    }),
    ("leaf: a critical extension that nobody knows", &["certificate-form"], |plan| {
        plan.leaf.extensions.push(Extension::new("1.2.3.4", true, utf8("x")));
    }),
    ("leaf: an extension twice", &["certificate-form"], |plan| {
        let twice = plan.leaf.extension(NAMES).clone();
        plan.leaf.extensions.push(twice);
    }),
    ("leaf: a malformed extension", &["certificate-form"], |plan| {
        plan.leaf.extension(NAMES).value = utf8("x");
    }),
    ("leaf: two issuers", &["certificate-form"], |plan| {
        plan.leaf.extension("1.3.6.1.4.1.57264.1.8").value = utf8("https://evil.example");
    }),
    ("leaf: an issuer in bare text where DER is due", &["certificate-form"], |plan| {
        plan.leaf.extension("1.3.6.1.4.1.57264.1.8").value = ISSUER.as_bytes().to_vec();
    }),
    ("leaf: two algorithms", &["certificate-form"], |plan| plan.leaf.outer = Some("1.2.840.10045.4.3.3")),
    ("leaf: with a key of small curves", &["certificate-form"], |plan| {
        // Same length, another curve: secp256k1.
        plan.bundle = |bundle| {
            let leaf = leaf_of(bundle);
            let curve = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
            let at = leaf.windows(10).position(|bytes| bytes == curve).unwrap();
            leaf[at + 9] = 0x01;
        };
    }),
    // Who issued it.
    ("chain: issued by nobody known", &["certificate-chain"], |plan| {
        "another".clone_into(&mut plan.leaf.issuer);
    }),
    ("chain: signed by another", &["certificate-chain"], |plan| plan.leaf.signer = OTHER),
    ("chain: signed by its own key", &["certificate-chain"], |plan| {
        plan.leaf.signer = LEAF;
    }),
    ("chain: signed with SHA-1", &["certificate-chain"], |plan| plan.leaf.algorithm = ECDSA_SHA1),
    ("chain: changed after it was signed", &["certificate-chain"], |plan| {
        plan.bundle = |bundle| {
            let leaf = leaf_of(bundle);
            let at = leaf.windows(7).rposition(|bytes| bytes == b"us/shop").unwrap();
            leaf[at] = b'U';
        };
        plan.json = rebody;
    }),
    ("chain: an intermediate that is no authority", &["certificate-chain"], |plan| {
        plan.intermediate.without(BASIC_CONSTRAINTS);
    }),
    ("chain: an intermediate that signs no certificates", &["certificate-chain"], |plan| {
        *plan.intermediate.extension(KEY_USAGE) = Extension::usage(0x80);
    }),
    ("chain: an intermediate for timestamps", &["certificate-chain"], |plan| {
        *plan.intermediate.extension(PURPOSES) = Extension::purpose(false, &[TIMESTAMPING]);
    }),
    ("chain: an intermediate with a critical extension that nobody knows", &["certificate-chain"], |plan| {
        // Name constraints.
        plan.intermediate.extensions.push(Extension::new("2.5.29.30", true, sequence(&[])));
    }),
    ("chain: an intermediate that the root did not sign", &["certificate-chain"], |plan| {
        plan.intermediate.signer = OTHER;
    }),
    ("chain: an intermediate of another root", &["certificate-chain"], |plan| {
        "another".clone_into(&mut plan.intermediate.issuer);
    }),
    ("chain: more authorities than the root allows", &["certificate-chain"], |plan| {
        *plan.root.extension(BASIC_CONSTRAINTS) = Extension::authority(Some(0));
    }),
    ("chain: no authorities in the trusted root", &["certificate-chain"], |plan| {
        plan.trust = |trust| trust["certificateAuthorities"] = json!([]);
    }),
    ("chain: the trusted root's authority is malformed", &["certificate-chain"], |plan| {
        plan.trust = |trust| {
            trust["certificateAuthorities"][0]["certChain"]["certificates"][1]["rawBytes"] = json!("AAAA");
        };
    }),
    ("chain: longer than any", &["certificate-chain"], |plan| {
        plan.trust = |trust| {
            let list = &mut trust["certificateAuthorities"][0]["certChain"]["certificates"];
            let root = list[1].clone();
            list.as_array_mut().unwrap().resize(MAX_CHAIN + 1, root);
        };
    }),
    // When it counted.
    ("window: the certificate had ended", &["certificate-window"], |plan| {
        "260301120059Z".clone_into(&mut plan.leaf.not_after);
    }),
    ("window: the certificate had not begun", &["certificate-window"], |plan| {
        "260301120101Z".clone_into(&mut plan.leaf.not_before);
    }),
    ("window: an intermediate had ended", &["certificate-window"], |plan| {
        "260301120059Z".clone_into(&mut plan.intermediate.not_after);
    }),
    ("window: the root had not begun", &["certificate-window"], |plan| {
        "260301120101Z".clone_into(&mut plan.root.not_before);
    }),
    ("window: the trusted root had let the authority go", &["certificate-window"], |plan| {
        plan.trust = |trust| {
            trust["certificateAuthorities"][0]["validFor"]["end"] = json!("2026-03-01T12:00:59.999Z");
        };
    }),
    // Who saw it.
    ("published: no proof", &["certificate-published"], |plan| plan.sct = None),
    ("published: an empty list of proofs", &["certificate-published"], |plan| {
        plan.sct.as_mut().unwrap().times = 0;
    }),
    ("published: too many proofs", &["certificate-published"], |plan| plan.sct.as_mut().unwrap().times = 33),
    ("published: by a log that is not known", &["certificate-published"], |plan| {
        let sct = plan.sct.as_mut().unwrap();
        (sct.log, sct.signer) = (OTHER, OTHER);
    }),
    ("published: signed by another", &["certificate-published"], |plan| {
        plan.sct.as_mut().unwrap().signer = OTHER;
    }),
    ("published: under another issuer", &["certificate-published"], |plan| {
        plan.sct.as_mut().unwrap().issuer = ROOT;
    }),
    ("published: of an unknown version", &["certificate-published"], |plan| {
        plan.sct.as_mut().unwrap().version = 1;
    }),
    ("published: with SHA-1", &["certificate-published"], |plan| plan.sct.as_mut().unwrap().hash = 2),
    ("published: after the log's key had ended", &["certificate-published"], |plan| {
        plan.trust = |trust| {
            trust["ctlogs"][0]["publicKey"]["validFor"]["end"] = json!("2026-03-01T12:00:59.999Z");
        };
    }),
    ("published: not as it is", &["certificate-published"], |plan| {
        plan.after_sct = |leaf| {
            leaf.extension("1.3.6.1.4.1.57264.1.5").value = b"us/shap".to_vec();
        };
    }),
    ("published: a malformed list", &["certificate-published"], |plan| {
        plan.after_sct = |leaf| leaf.extension(SCTS).value = octets([0, 9, 0, 1, 2]);
    }),
    // Whom it names.
    ("identity: another", &["certificate-identity"], |plan| {
        plan.leaf.extension(NAMES).value = names(&[(0x86, "https://github.com/evil/x")]);
    }),
    ("identity: one that starts alike", &["certificate-identity"], |plan| {
        plan.leaf.extension(NAMES).value = names(&[(0x86, &format!("{WORKFLOW}2"))]);
    }),
    ("identity: another case", &["certificate-identity"], |plan| {
        plan.leaf.extension(NAMES).value = names(&[(0x86, &WORKFLOW.replace("us", "US"))]);
    }),
    ("identity: the same as an email address", &["certificate-identity"], |plan| {
        plan.leaf.extension(NAMES).value = names(&[(0x81, WORKFLOW)]);
    }),
    ("identity: several", &["certificate-identity"], |plan| {
        plan.leaf.extension(NAMES).value = names(&[(0x86, WORKFLOW), (0x81, "a@b.example")]);
    }),
    ("identity: none", &["certificate-identity"], |plan| plan.leaf.without(NAMES)),
    ("identity: an expression that is found inside", &["certificate-identity"], |plan| {
        plan.question = |case| {
            case.identities[0].identity = Pattern::regex(r"https://github\.com/us/shop/").unwrap();
        };
    }),
    ("issuer: another", &["certificate-issuer"], |plan| {
        for number in [1, 8] {
            let encoded =
                if number == 8 { utf8("https://evil.example") } else { b"https://evil.example".to_vec() };
            plan.leaf.extension(&format!("{FULCIO}.{number}")).value = encoded;
        }
    }),
    ("issuer: none", &["certificate-issuer"], |plan| {
        plan.leaf.without("1.3.6.1.4.1.57264.1.1");
        plan.leaf.without("1.3.6.1.4.1.57264.1.8");
    }),
    ("issuer: a slash more is asked for", &["certificate-issuer"], |plan| {
        plan.question = |case| case.identities[0].issuer = Pattern::Exact(format!("{ISSUER}/"));
    }),
    ("issuer: an expression that is found inside", &["certificate-issuer"], |plan| {
        plan.question = |case| {
            case.identities[0].issuer = Pattern::regex("githubusercontent").unwrap();
        };
    }),
    ("workflow: of another repository", &["certificate-claims"], |plan| {
        plan.question = |case| {
            case.identities[0].claims = vec![(Claim::WorkflowRepository, "us/shap".to_owned())];
        };
    }),
    ("workflow: one claim of two", &["certificate-claims"], |plan| {
        plan.question = |case| {
            case.identities[0].claims = vec![
                (Claim::WorkflowRepository, "us/shop".to_owned()),
                (Claim::WorkflowRef, "refs/heads/evil".to_owned()),
            ];
        };
    }),
    ("workflow: a claim that the certificate lacks", &["certificate-claims"], |plan| {
        plan.leaf.without("1.3.6.1.4.1.57264.1.3");
        plan.question = |case| case.identities[0].claims = vec![(Claim::WorkflowSha, String::new())];
    }),
    // How it is asked for.
    ("asked: with a key", &["signer-kind"], |plan| {
        plan.question = |case| {
            case.identities.clear();
            case.signers = vec![key(LEAF).public_key()];
        };
    }),
    ("asked: nobody", &["signer-kind"], |plan| plan.question = |case| case.identities.clear()),
    // The signature.
    ("signature: by another key", &["signature"], |plan| {
        plan.bundle = |bundle| {
            let payload = bundle.envelope().unwrap().payload.clone();
            bundle.content = Content::Dsse(dsse::sign(dsse::IN_TOTO, payload, &key(OTHER)).unwrap());
        };
    }),
    // When it was there.
    ("time: none", &["trusted-time"], |plan| plan.tokens.clear()),
    ("time: claimed in an entry that signs none", &["trusted-time", "entry-time"], |plan| {
        plan.tokens.clear();
        plan.bundle = |bundle| entry_of(bundle).integrated_time = SIGNED;
    }),
    ("time: after the one at which it is judged", &["time-future"], |plan| {
        plan.question = |case| case.options.now = "2026-03-01T11:59:00Z".parse().unwrap();
    }),
    ("time: two, one of them outside the certificate's", &["certificate-window"], |plan| {
        plan.tokens.push(TokenSpec { time: "20260301121001Z".to_owned(), ..token() });
    }),
    ("timestamp: of another signature", &["timestamp-imprint"], |plan| {
        plan.tokens[0].stamped = Some(b"another".to_vec());
    }),
    ("timestamp: a good one and one of another signature", &["timestamp-imprint"], |plan| {
        plan.tokens.push(TokenSpec { stamped: Some(b"another".to_vec()), ..token() });
    }),
    ("timestamp: refused", &["timestamp-form"], |plan| plan.tokens[0].status = 2),
    ("timestamp: two signers", &["timestamp-form"], |plan| plan.tokens[0].signers = 2),
    ("timestamp: no signer", &["timestamp-form"], |plan| plan.tokens[0].signers = 0),
    ("timestamp: of a SHA-1", &["timestamp-form"], |plan| plan.tokens[0].hash = SHA1),
    ("timestamp: signed with SHA-1", &["timestamp-form"], |plan| plan.tokens[0].scheme = ECDSA_SHA1),
    ("timestamp: that names its certificate with SHA-1", &["timestamp-form"], |plan| {
        plan.tokens[0].names_certificate = SIGNING_CERTIFICATE_1;
    }),
    ("timestamp: a malformed time", &["timestamp-form"], |plan| {
        "20260301120100".clone_into(&mut plan.tokens[0].time);
    }),
    ("timestamp: cut", &["timestamp-form"], |plan| {
        plan.bundle = |bundle| bundle.timestamps[0].truncate(50);
    }),
    ("timestamp: longer", &["timestamp-form"], |plan| {
        plan.bundle = |bundle| bundle.timestamps[0].push(0);
    }),
    ("timestamp: another time than was signed", &["timestamp-signature"], |plan| {
        plan.tokens[0].content = |info| {
            let at = info.windows(14).position(|bytes| bytes == b"20260301120100").unwrap();
            info[at + 13] = b'1';
        };
    }),
    ("timestamp: signed by another", &["timestamp-signature"], |plan| plan.tokens[0].signer = OTHER),
    ("timestamp: of an authority that is not known", &["timestamp-authority"], |plan| {
        "another".clone_into(&mut plan.tokens[0].issuer);
    }),
    ("timestamp: of another number", &["timestamp-authority"], |plan| plan.tokens[0].serial = 3),
    ("timestamp: no authorities in the trusted root", &["timestamp-authority"], |plan| {
        plan.trust = |trust| trust["timestampAuthorities"] = json!([]);
    }),
    ("timestamp: that names another certificate", &["timestamp-authority"], |plan| {
        plan.tokens[0].certificate = Some(b"another".to_vec());
    }),
    ("timestamp: that brings another certificate of its signer", &["timestamp-authority"], |plan| {
        let mut other = plan.tsa.clone();
        other.key = OTHER;
        plan.tokens[0].embedded = vec![other.der()];
    }),
    ("timestamp: the authority signs code", &["timestamp-authority"], |plan| {
        *plan.tsa.extension(PURPOSES) = Extension::purpose(true, &[CODE_SIGNING]);
    }),
    ("timestamp: the authority signs timestamps and more", &["timestamp-authority"], |plan| {
        *plan.tsa.extension(PURPOSES) = Extension::purpose(true, &[TIMESTAMPING, CODE_SIGNING]);
    }),
    ("timestamp: the authority's purpose may be ignored", &["timestamp-authority"], |plan| {
        *plan.tsa.extension(PURPOSES) = Extension::purpose(false, &[TIMESTAMPING]);
    }),
    ("timestamp: the authority's root did not sign its certificate", &["timestamp-authority"], |plan| {
        plan.tsa.signer = OTHER;
    }),
    ("timestamp: the authority's root is no authority", &["timestamp-authority"], |plan| {
        plan.tsa_root.without(BASIC_CONSTRAINTS);
    }),
    ("timestamp: the authority's certificate had ended", &["timestamp-window"], |plan| {
        "260301120059Z".clone_into(&mut plan.tsa.not_after);
    }),
    ("timestamp: the authority's root had ended", &["timestamp-window"], |plan| {
        "260301120059Z".clone_into(&mut plan.tsa_root.not_after);
    }),
    ("timestamp: the trusted root had let the authority go", &["timestamp-window"], |plan| {
        plan.trust = |trust| {
            trust["timestampAuthorities"][0]["validFor"]["end"] = json!("2026-03-01T12:00:59Z");
        };
    }),
    ("timestamp: the trusted root had not known the authority", &["timestamp-window"], |plan| {
        plan.trust = |trust| {
            trust["timestampAuthorities"][0]["validFor"]["start"] = json!("2026-03-01T12:01:01Z");
        };
    }),
    // The log, of version 2.
    ("entry: with the key in place of the certificate", &["entry-body"], |plan| {
        plan.log.body = |body| {
            let text = String::from_utf8(body.clone()).unwrap();
            let start = text.find("\"x509Certificate\"").unwrap();
            let spki = STANDARD.encode(key(LEAF).public_key().to_spki());
            *body =
                format!("{}\"publicKey\":{{\"rawBytes\":\"{spki}\"}}}}}}}}}}}}", &text[..start]).into_bytes();
        };
    }),
    ("entry: with another kind of key", &["entry-body"], |plan| {
        plan.log.body = |body| replace(body, "PKIX_ECDSA_P256_SHA_256", "PKIX_ECDSA_P384_SHA_384");
    }),
    ("entry: with another hash", &["entry-body"], |plan| {
        plan.log.body = |body| replace(body, "SHA2_256", "SHA2_512");
    }),
    ("entry: with a field more", &["entry-body"], |plan| {
        plan.log.body = |body| replace(body, "{\"apiVersion\"", "{\"a\":1,\"apiVersion\"");
    }),
    ("entry: a space more", &["entry-body"], |plan| plan.log.body = |body| body.push(b' ')),
    ("checkpoint: lines that a log of version 2 has not", &["checkpoint-form"], |plan| {
        plan.log.checkpoint = |note| *note = note.replacen("\n\n", "\nTimestamp: 1\n\n", 1);
    }),
    ("window: the log's key had ended when it was signed", &["log-key-window"], |plan| {
        plan.trust = |trust| {
            trust["tlogs"][0]["publicKey"]["validFor"]["end"] = json!("2026-03-01T12:00:59Z");
        };
    }),
    ("window: the log's key had not begun when it was signed", &["log-key-window"], |plan| {
        plan.trust = |trust| {
            trust["tlogs"][0]["publicKey"]["validFor"]["start"] = json!("2026-03-01T12:01:01Z");
        };
    }),
    ("entry: none", &["entry-present"], |plan| plan.bundle = |bundle| bundle.entry = None),
];

const OLD: &[Row] = &[
    ("promise: another time", &["entry-promise"], |plan| {
        plan.bundle = |bundle| entry_of(bundle).integrated_time += 1;
    }),
    ("promise: another index", &["entry-promise"], |plan| {
        plan.bundle = |bundle| entry_of(bundle).log_index += 1;
    }),
    ("promise: signed by another", &["entry-promise"], |plan| plan.log.signer = OTHER),
    ("promise: one bit", &["entry-promise"], |plan| {
        plan.bundle = |bundle| entry_of(bundle).promise.as_mut().unwrap()[20] ^= 1;
    }),
    ("promise: none, and no other time", &["trusted-time"], |plan| plan.log.promise = false),
    ("promise: at no time", &["entry-promise"], |plan| plan.log.time = 0),
    ("promise: after the certificate had ended", &["certificate-window"], |plan| {
        plan.log.time = SIGNED + 541;
    }),
    ("promise: before the certificate had begun", &["certificate-window"], |plan| {
        plan.log.time = SIGNED - 61;
    }),
    ("promise: good, and a timestamp outside the certificate's time", &["certificate-window"], |plan| {
        plan.tokens = vec![TokenSpec { time: "20260301121001Z".to_owned(), ..token() }];
    }),
    ("promise: after the log's key had ended", &["log-key-window"], |plan| {
        plan.trust = |trust| {
            trust["tlogs"][1]["publicKey"]["validFor"]["end"] = json!("2026-03-01T12:00:59Z");
        };
    }),
    ("promise: in the future", &["time-future"], |plan| {
        plan.question = |case| case.options.now = "2026-03-01T11:59:59Z".parse().unwrap();
    }),
    ("promise: not enough where a timestamp is asked for", &["timestamp-present"], |plan| {
        plan.question = |case| case.options.require_timestamp = true;
    }),
    ("log of version 1: of another id", &["log-known"], |plan| {
        plan.bundle = |bundle| entry_of(bundle).log_id[0] ^= 1;
    }),
    ("log of version 1: the other log's id", &["entry-promise", "checkpoint-origin"], |plan| {
        plan.bundle = |bundle| {
            entry_of(bundle).log_id = crate::attested::log_id("log.example", &log_key()).as_bytes().to_vec();
        };
    }),
    ("body: another certificate", &["entry-body"], |plan| {
        plan.log.body = |body| {
            let text = String::from_utf8(body.clone()).unwrap();
            let start = text.find("\"verifier\":\"").unwrap() + "\"verifier\":\"".len();
            let end = start + text[start..].find('"').unwrap();
            let other = STANDARD.encode(pem("CERTIFICATE", &name("other")));
            *body = format!("{}{other}{}", &text[..start], &text[end..]).into_bytes();
        };
    }),
    ("body: another signature", &["entry-body"], |plan| {
        plan.log.body = |body| {
            let text = String::from_utf8(body.clone()).unwrap();
            let start = text.find("\"signature\":\"").unwrap() + "\"signature\":\"".len();
            let end = start + text[start..].find('"').unwrap();
            let other = STANDARD.encode(key(LEAF).sign(b"another").unwrap());
            *body = format!("{}{other}{}", &text[..start], &text[end..]).into_bytes();
        };
    }),
    ("body: another payload", &["entry-body"], |plan| {
        plan.log.body = |body| {
            let hash = Digest::sha256(statement().to_bytes().unwrap()).hex();
            replace(body, &hash, &Digest::sha256("another").hex());
        };
    }),
    ("body: of another kind than the bundle says", &["entry-body"], |plan| {
        plan.log.body = |body| replace(body, "\"dsse\"", "\"intoto\"");
    }),
    ("body: two signatures", &["entry-body"], |plan| {
        plan.log.body = |body| {
            let text = String::from_utf8(body.clone()).unwrap();
            let start = text.find("\"signatures\":[").unwrap() + "\"signatures\":[".len();
            let one = text[start..text.len() - 3].to_owned();
            *body = format!("{}{one},{one}]}}}}", &text[..start]).into_bytes();
        };
    }),
    ("body: a name twice", &["entry-body"], |plan| {
        plan.log.body = |body| replace(body, "{\"apiVersion\"", "{\"kind\":\"dsse\",\"apiVersion\"");
    }),
    ("kind: hashedrekord for an envelope", &["entry-kind"], |plan| {
        plan.bundle = |bundle| "hashedrekord".clone_into(&mut entry_of(bundle).kind);
        plan.tokens = vec![token()];
    }),
    ("kind: for an envelope, of an artifact", &["entry-kind"], |plan| {
        plan.envelope = false;
        plan.bundle = |bundle| "dsse".clone_into(&mut entry_of(bundle).kind);
        plan.tokens = vec![token()];
    }),
    ("checkpoint of version 1: another origin", &["checkpoint-origin"], |plan| {
        plan.log.checkpoint = |note| *note = note.replacen("log1.example - 42", "log2.example - 42", 1);
    }),
    ("checkpoint of version 1: an origin that starts alike", &["checkpoint-origin"], |plan| {
        plan.log.checkpoint = |note| *note = note.replacen("log1.example - 42", "log1.example.evil - 42", 1);
    }),
    ("checkpoint of version 1: a tree that is no number", &["checkpoint-origin"], |plan| {
        plan.log.checkpoint = |note| *note = note.replacen("log1.example - 42", "log1.example - x", 1);
    }),
    ("checkpoint of version 1: another tree", &["checkpoint-signature"], |plan| {
        plan.log.checkpoint = |note| *note = note.replacen("log1.example - 42", "log1.example - 43", 1);
    }),
    ("checkpoint of version 1: another time", &["checkpoint-signature"], |plan| {
        plan.log.checkpoint = |note| *note = note.replacen("Timestamp: 1", "Timestamp: 2", 1);
    }),
    ("checkpoint of version 1: an empty line more", &["checkpoint-form"], |plan| {
        plan.log.checkpoint = |note| *note = note.replacen("\nTimestamp: 1", "\n\nTimestamp: 1", 1);
    }),
    ("checkpoint of version 1: another hint", &["checkpoint-signature"], |plan| {
        plan.log.checkpoint = |note| {
            let start = note.rfind(' ').unwrap() + 1;
            let mut bytes = STANDARD.decode(note[start..].trim()).unwrap();
            bytes[0] ^= 1;
            note.replace_range(start.., &format!("{}\n", STANDARD.encode(bytes)));
        };
    }),
    ("proof of version 1: one bit", &["inclusion-proof"], |plan| {
        plan.bundle = |bundle| entry_of(bundle).proof.as_mut().unwrap().hashes[0][0] ^= 1;
    }),
    ("proof of version 1: another place", &["inclusion-proof"], |plan| {
        plan.bundle = |bundle| entry_of(bundle).proof.as_mut().unwrap().log_index = 0;
    }),
    ("proof of version 1: another size", &["proof-size"], |plan| {
        plan.bundle = |bundle| entry_of(bundle).proof.as_mut().unwrap().tree_size = 4;
    }),
    ("proof: carried away by an older version", &["bundle-version"], |plan| {
        plan.json = |json| {
            json["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
            entry_json(json).as_object_mut().unwrap().remove("inclusionProof").unwrap();
        };
    }),
    ("proof: carried away, with the certificate where that version has it", &["proof-present"], |plan| {
        plan.json = unproved;
    }),
    ("proof: carried away, and the promise is another's", &["entry-promise", "proof-present"], |plan| {
        plan.json = unproved;
        plan.log.signer = OTHER;
        plan.question = |case| case.options.accept_promise = true;
    }),
    ("chain: a root in the bundle", &["certificate-chain"], |plan| {
        plan.json = |json| older(json, &[&Plan::new().root]);
    }),
    ("chain: a stranger in the bundle", &["certificate-chain"], |plan| {
        plan.json = |json| older(json, &[&Plan::new().tsa]);
    }),
];

#[test]
fn a_promise_is_enough_only_where_it_is_asked_for() {
    let mut plan = Plan::old();
    plan.json = unproved;
    plan.case().refused(&["proof-present"]);
    plan.question = |case| case.options.accept_promise = true;
    let verdict = plan.case().accepted();
    assert!(verdict.not_checked.iter().any(|text| text.contains("kept its promise")), "{verdict:?}");
    let log = verdict.signers[0].log.as_ref().unwrap();
    assert_eq!((log.origin.as_str(), log.index, log.tree_size), (LOG1, 1001, None));
}

#[test]
fn an_older_bundle_with_its_proof_is_accepted_and_may_carry_the_intermediate() {
    let mut plan = Plan::old();
    for json in [
        (|json| older(json, &[])) as fn(&mut Value),
        |json| older(json, &[&Plan::new().intermediate]),
        |json| {
            older(json, &[]);
            json["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
        },
    ] {
        plan.json = json;
        plan.case().accepted();
    }
}

#[test]
fn the_ends_of_every_window_are_inside() {
    let mut plan = Plan::new();
    for spec in [&mut plan.leaf, &mut plan.intermediate, &mut plan.root, &mut plan.tsa, &mut plan.tsa_root] {
        "260301120100Z".clone_into(&mut spec.not_before);
        "260301120100Z".clone_into(&mut spec.not_after);
    }
    plan.trust = |trust| {
        let moment = json!({"start": "2026-03-01T12:01:00Z", "end": "2026-03-01T12:01:00Z"});
        for list in ["certificateAuthorities", "timestampAuthorities"] {
            trust[list][0]["validFor"] = moment.clone();
        }
        for list in ["tlogs", "ctlogs"] {
            trust[list][0]["publicKey"]["validFor"] = moment.clone();
        }
    };
    plan.case().accepted();
    // The verifier's clock may be a little behind.
    plan.question = |case| case.options.now = "2026-03-01T12:00:00Z".parse().unwrap();
    plan.case().accepted();
    plan.question = |case| case.options.now = "2026-03-01T11:59:59Z".parse().unwrap();
    plan.case().refused(&["time-future"]);
}

#[test]
fn who_is_asked_for_by_an_expression_or_with_claims_is_found() {
    let mut plan = Plan::new();
    plan.question = |case| {
        case.identities[0] = Signatory {
            identity: Pattern::regex(
                r"https://github\.com/us/shop/\.github/workflows/[a-z]+\.yml@refs/heads/main",
            )
            .unwrap(),
            issuer: Pattern::regex(r"https://token\.actions\.githubusercontent\.com").unwrap(),
            claims: vec![
                (Claim::WorkflowName, "Release".to_owned()),
                (Claim::WorkflowTrigger, "push".to_owned()),
                (Claim::WorkflowRepository, "us/shop".to_owned()),
                (Claim::WorkflowRef, "refs/heads/main".to_owned()),
                (Claim::WorkflowSha, "0123456789abcdef0123456789abcdef01234567".to_owned()),
            ],
        };
    };
    let verdict = plan.case().accepted();
    assert!(!verdict.not_checked.iter().any(|text| text.contains("everybody")));
    // One of several is enough, and all of that one.
    plan.question = |case| {
        let other = Signatory { identity: Pattern::Exact("a@b.example".to_owned()), ..workflow() };
        case.identities.insert(0, other);
    };
    plan.case().accepted();
    plan.question = |case| {
        let name = Signatory { issuer: Pattern::Exact("https://a.example".to_owned()), ..workflow() };
        let provider = Signatory { identity: Pattern::Exact("a@b.example".to_owned()), ..workflow() };
        case.identities = vec![provider, name];
    };
    plan.case().refused(&["certificate-issuer"]);
    plan.question = |case| case.identities[0].identity = Pattern::regex(".*").unwrap();
    let verdict = plan.case().accepted();
    assert!(verdict.not_checked.iter().any(|text| text.contains("everybody")), "{:?}", verdict.not_checked);
}

#[test]
fn email_addresses_are_identities_too() {
    let mut plan = Plan::new();
    plan.leaf.extension(NAMES).value = names(&[(0x81, "release@us.example")]);
    plan.question = |case| case.identities[0].identity = Pattern::Exact("release@us.example".to_owned());
    plan.case().accepted();
    plan.leaf.extension(NAMES).value = names(&[(0x86, "release@us.example")]);
    plan.case().refused(&["certificate-identity"]);
}

#[test]
fn a_trusted_root_without_certificate_logs_asks_for_none_and_says_so() {
    let mut plan = Plan::new();
    plan.sct = None;
    plan.trust = |trust| trust["ctlogs"] = json!([]);
    let verdict = plan.case().accepted();
    assert!(
        verdict.not_checked.iter().any(|text| text.contains("certificate transparency log")),
        "{verdict:?}"
    );
}

#[test]
fn a_chain_of_authorities_alone_takes_the_signer_from_the_timestamp() {
    let mut plan = Plan::new();
    plan.tokens[0].embedded = vec![plan.tsa.der()];
    plan.case().accepted();
    plan.trust = |trust| {
        let list = &mut trust["timestampAuthorities"][0]["certChain"]["certificates"];
        list.as_array_mut().unwrap().remove(0);
    };
    plan.case().accepted();
    plan.tokens[0].embedded.clear();
    plan.case().refused(&["timestamp-authority"]);
    // One that names itself so, and that the authority did not issue.
    let mut forged = plan.tsa.clone();
    (forged.key, forged.signer) = (OTHER, OTHER);
    let token = &mut plan.tokens[0];
    (token.embedded, token.certificate, token.signer) = (vec![forged.der()], Some(forged.der()), OTHER);
    plan.case().refused(&["timestamp-authority"]);
}

#[test]
fn a_key_of_another_authority_in_the_trusted_root_breaks_nothing() {
    let mut plan = Plan::new();
    plan.trust = |trust| {
        for list in ["certificateAuthorities", "timestampAuthorities"] {
            let mut other = trust[list][0].clone();
            other["certChain"]["certificates"] = json!([{"rawBytes": "AAAA"}]);
            trust[list].as_array_mut().unwrap().insert(0, other);
        }
    };
    plan.case().accepted();
    // An authority that was renewed stands there twice; the one that counted is taken.
    plan.trust = |trust| {
        for list in ["certificateAuthorities", "timestampAuthorities"] {
            let mut older = trust[list][0].clone();
            older["validFor"]["end"] = json!("2025-06-01T00:00:00Z");
            trust[list].as_array_mut().unwrap().insert(0, older);
        }
    };
    plan.case().accepted();
}

#[test]
fn whoever_asks_for_an_identity_gets_no_key() {
    let mut case = Case::with_bundle(&keyed(KeyType::P256));
    case.signers.clear();
    case.identities = vec![workflow()];
    case.refused(&["signer-kind"]);
}

#[test]
fn a_timestamp_of_a_keyed_bundle_gives_it_a_time() {
    let plan = Plan::new();
    let mut bundle = keyed(KeyType::P256);
    let mut case = Case { trust: plan.trusted_root().to_string().into_bytes(), ..Case::good() };
    case.options.require_timestamp = true;
    case.refused(&["timestamp-present"]);
    bundle.timestamps = vec![token().der(bundle.signature(), &plan.tsa)];
    case.bundles = vec![bundle.to_bytes()];
    let verdict = case.accepted();
    assert!(matches!(&verdict.time, Time::By(time) if time.by == "https://ca.example"), "{:?}", verdict.time);
    // The log's key is judged then, too.
    let mut trust = plan.trusted_root();
    trust["tlogs"][0]["publicKey"]["validFor"]["end"] = json!("2026-06-01T00:00:00Z");
    case.trust = trust.to_string().into_bytes();
    case.accepted();
    bundle.timestamps.clear();
    case.bundles = vec![bundle.to_bytes()];
    case.options.require_timestamp = false;
    case.refused(&["log-key-window"]);
}

#[test]
fn no_changed_byte_of_a_certificate_or_a_timestamp_moves_its_meaning() {
    let plan = Plan::new();
    let case = plan.case();
    let good = Bundle::parse(&case.bundles[0]).unwrap();
    let Material::Certificate { leaf, .. } = &good.material else { unreachable!() };
    let trust = sbom_attest::verify::TrustRoot::parse(&case.trust).unwrap();
    let refused = |changed: &Bundle, what: &str| {
        let verdict = Case { bundles: vec![changed.to_bytes()], identities: vec![workflow()], ..plan.case() }
            .verdict_with(&trust);
        assert!(!verdict.accepted(), "{what}");
    };
    for position in (0..leaf.len()).step_by(STEP) {
        let mut changed = good.clone();
        leaf_of(&mut changed)[position] ^= 1 << (position % 8);
        refused(&changed, &format!("byte {position} of the certificate"));
    }
    let mut same = 0;
    for position in (0..good.timestamps[0].len()).step_by(STEP) {
        let mut changed = good.clone();
        changed.timestamps[0][position] ^= 1 << (position % 8);
        let verdict = Case { bundles: vec![changed.to_bytes()], identities: vec![workflow()], ..plan.case() }
            .verdict_with(&trust);
        // What is not signed may differ: status and versions, and the list of hashes that RFC 5652 has for streaming.
        same += usize::from(verdict.accepted());
        assert!(
            !verdict.accepted()
                || verdict.signers[0].time.as_ref().unwrap().at.as_second().cast_unsigned() == SIGNED
        );
    }
    assert!(same < 8, "{same} bytes of a timestamp do not matter");
}

/// Every seventh byte: each costs half a dozen signatures.
const STEP: usize = 7;

#[test]
fn a_pem_of_another_key_is_found_out() {
    // The key in place of the certificate, in an entry of version 1.
    let mut plan = Plan::old();
    plan.log.body = |body| {
        let text = String::from_utf8(body.clone()).unwrap();
        let start = text.find("\"verifier\":\"").unwrap() + "\"verifier\":\"".len();
        let end = start + text[start..].find('"').unwrap();
        let spki = STANDARD.encode(pem("PUBLIC KEY", &key(LEAF).public_key().to_spki()));
        *body = format!("{}{spki}{}", &text[..start], &text[end..]).into_bytes();
    };
    plan.case().refused(&["entry-body"]);
}

#[test]
fn a_message_is_compared_with_every_artifact() {
    let mut plan = Plan::new();
    plan.envelope = false;
    plan.question = |case| case.artifacts.push(Artifact::new("other", Digest::sha256("other")));
    plan.case().refused(&["subject-digest"]);
    plan.question = |case| case.options.expected = Expected::Sbom;
    plan.case().refused(&["content"]);
    // A digest of the statement's envelope is none of an artifact, and the other way round.
    plan.question = |_| ();
    plan.json = |json| {
        json["messageSignature"]["messageDigest"]["digest"] =
            json!(STANDARD.encode(Digest::sha256("x").bytes()));
    };
    plan.case().refused(&["signature"]);
    plan.json = |json| {
        json["messageSignature"].as_object_mut().unwrap().remove("messageDigest").unwrap();
    };
    plan.case().accepted();
}

#[test]
fn the_command_asks_for_an_identity_and_reports_it() {
    let case = Plan::old().case();
    let sandbox = Sandbox::empty();
    sandbox.write("shop", ARTIFACT);
    sandbox.write("shop.json", &case.bundles[0]);
    sandbox.write("root.json", &case.trust);
    let at = ["verify", "shop", "--bundle", "shop.json", "--at", NOW, "--format", "json"];
    let run = |status, more: &[&str]| {
        let arguments = [&at[..], more].concat();
        let answer = sandbox.expect(status, &arguments);
        if status != 2 {
            assert_eq!(schemas::check(&answer.stdout, &arguments), "verdict-v1");
        }
        answer
    };
    let root = ["--trusted-root", "root.json"];
    let (name, provider) = (["--certificate-identity", WORKFLOW], ["--certificate-oidc-issuer", ISSUER]);
    let verdict = run(0, &[&root[..], &name, &provider].concat()).json();
    assert_eq!(verdict["signers"][0]["identity"], WORKFLOW);
    assert_eq!(verdict["signers"][0]["workflow"]["ref"], "refs/heads/main");
    assert_eq!(
        verdict["time"],
        json!({"source": "log-promise", "at": "2026-03-01T12:01:00Z", "by": "https://log1.example"})
    );
    let (loose, wide) = (
        ["--certificate-identity-regexp", r"https://github\.com/us/.*"],
        ["--certificate-oidc-issuer-regexp", ".*"],
    );
    let answer = run(0, &[&root[..], &loose, &wide].concat());
    assert!(answer.stderr.contains("warning: /.*/ accepts everybody"), "{}", answer.stderr);
    let repository = ["--certificate-github-workflow-repository", "us/shop"];
    run(0, &[&root[..], &name, &provider, &repository].concat());
    let refused = |more: &[&str]| run(1, more).json()["reasons"].clone();
    let other = ["--certificate-github-workflow-ref", "refs/heads/evil"];
    assert_eq!(refused(&[&root[..], &name, &provider, &other].concat()), json!(["certificate-claims"]));
    let inside = ["--certificate-identity-regexp", "us/shop"];
    assert_eq!(refused(&[&root[..], &inside, &provider].concat()), json!(["certificate-identity"]));
    assert_eq!(
        refused(&[&root[..], &name, &provider, &["--require-timestamp"]].concat()),
        json!(["timestamp-present"])
    );
    assert_eq!(
        refused(&[&root[..], &name, &provider, &["--type", "spdx"]].concat()),
        json!(["predicate-type"])
    );
    run(0, &[&root[..], &name, &provider, &["--type", "any"]].concat());
    // Without a trusted root it is the public good instance's, which does not know this one.
    assert_eq!(refused(&[&name[..], &provider].concat()), json!(["certificate-chain", "log-known"]));
    for incomplete in [&name[..], &provider[..], &[&name[..], &loose, &provider].concat()] {
        run(2, incomplete);
    }
    let broken = run(2, &[&["--certificate-identity-regexp", "us)|(.*"][..], &provider].concat());
    assert!(broken.stderr.contains("no regular expression"), "{}", broken.stderr);
    sandbox.write("key.pub", key(LEAF).public_key().to_pem());
    run(2, &[&["--key", "key.pub"][..], &provider].concat());
    assert_eq!(refused(&[&root[..], &["--key", "key.pub"]].concat()), json!(["signer-kind"]));
    let text = sandbox.expect(0, &[&at[..6], &root, &name, &provider].concat()).stdout;
    assert!(text.contains("by           https://github.com/us/shop"), "{text}");
    assert!(text.contains("there at     2026-03-01T12:01:00Z, says https://log1.example"), "{text}");
}

#[test]
fn the_command_shows_what_a_certificate_says_unverified() {
    let sandbox = Sandbox::empty();
    let mut plan = Plan::new();
    for (envelope, status) in [(true, 0), (false, 2)] {
        plan.envelope = envelope;
        sandbox.write("shop.json", &plan.case().bundles[0]);
        let arguments = ["inspect", "shop.json", "--format", "json"];
        let answer = sandbox.expect(0, &arguments);
        assert_eq!(schemas::check(&answer.stdout, &arguments), "inspect-v1");
        let report = answer.json();
        assert_eq!(report["certificate"]["identities"], json!([WORKFLOW]));
        assert_eq!(report["certificate"]["issuer"], ISSUER);
        assert_eq!(report["timestamps"], json!(["2026-03-01T12:01:00Z"]));
        assert_eq!(report["verified"], false);
        assert_eq!(report["predicate_type"].is_string(), envelope);
        let text = sandbox.expect(0, &["inspect", "shop.json"]).stdout;
        assert!(text.starts_with("NOT VERIFIED") && text.contains(WORKFLOW), "{text}");
        sandbox.expect(status, &["inspect", "shop.json", "--extract", "statement"]);
        // A log of ours holds signatures of keys over statements, and no other.
        if status == 0 {
            sandbox.expect(0, &["log", "init", "log"]);
            sandbox.write("key.pub", key(LEAF).public_key().to_pem());
        }
        let enter = ["log", "add", "log", "shop.json", "--key", "key.pub", "--out-dir", "out"];
        let answer = sandbox.expect(2, &enter);
        let why = if envelope { "holds signatures of keys" } else { "holds no statement" };
        assert!(answer.stderr.contains(why), "{}", answer.stderr);
    }
}

/// The certificate of a bundle.
fn leaf_of(bundle: &mut Bundle) -> &mut Vec<u8> {
    let Material::Certificate { leaf, .. } = &mut bundle.material else { unreachable!() };
    leaf
}

fn entry_of(bundle: &mut Bundle) -> &mut LogEntry {
    bundle.entry.as_mut().unwrap()
}

fn entry_json(json: &mut Value) -> &mut Value {
    &mut json["verificationMaterial"]["tlogEntries"][0]
}

/// Logs a changed certificate anew, so that the log is not to blame.
fn rebody(json: &mut Value) {
    let bundle = Bundle::parse(json.to_string().as_bytes()).unwrap();
    let Material::Certificate { leaf, .. } = &bundle.material else { unreachable!() };
    let entry = log(body(&bundle, leaf, false), 3, 7, "log.example", &log_key());
    let logged = Bundle { entry: Some(entry), ..bundle.clone() };
    *json = serde_json::from_slice(&logged.to_bytes()).unwrap();
}

/// As version 0.2 has it, with more certificates.
fn older(json: &mut Value, more: &[&Spec]) {
    json["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.2");
    let material = json["verificationMaterial"].as_object_mut().unwrap();
    let leaf = material.remove("certificate").unwrap();
    let more = more.iter().map(|spec| json!({"rawBytes": STANDARD.encode(spec.der())}));
    let certificates: Vec<_> = std::iter::once(leaf).chain(more).collect();
    material.insert("x509CertificateChain".to_owned(), json!({"certificates": certificates}));
}

/// As version 0.1 has it, with the promise alone.
fn unproved(json: &mut Value) {
    older(json, &[]);
    json["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
    entry_json(json).as_object_mut().unwrap().remove("inclusionProof").unwrap();
}

fn replace(body: &mut Vec<u8>, from: &str, to: &str) {
    let text = String::from_utf8(body.clone()).unwrap();
    assert!(text.contains(from), "`{from}` is not in {text}");
    *body = text.replacen(from, to, 1).into_bytes();
}

#[test]
fn the_stand_in_calls_things_as_the_specifications_do() {
    // A known value each, so that the stand-in and the verifier cannot be wrong together.
    let key = PublicKey::from_spki(&key(LEAF).public_key().to_spki()).unwrap();
    assert_eq!(encode_hex(&key_id(LEAF)), key.digest().hex());
    assert_eq!(encode_hex(&crate::der::oid("1.3.6.1.4.1.57264.1.8")), "060a2b0601040183bf300108");
    assert_eq!(encode_hex(&Extension::usage(0x04).value), "03020204");
    assert_eq!(encode_hex(&Extension::usage(0x80).value), "03020780");
}

/// A key of each kind signs, and Rekor v2 holds it as its own protocol says: which hash, and which name of the key.
#[test]
fn keys_of_every_kind_are_verified_over_envelopes_and_artifacts() {
    const KEYS: [(&str, &str, &str); 5] = [
        (include_str!("../../testdata/keys/p256.pem"), "SHA2_256", "PKIX_ECDSA_P256_SHA_256"),
        (include_str!("../../testdata/keys/p384.pem"), "SHA2_384", "PKIX_ECDSA_P384_SHA_384"),
        (include_str!("../../testdata/keys/p521.pem"), "SHA2_512", "PKIX_ECDSA_P521_SHA_512"),
        (include_str!("../../testdata/keys/rsa.pem"), "SHA2_256", "PKIX_RSA_PKCS1V15_2048_SHA256"),
        (include_str!("../../testdata/keys/ed25519.pem"), "SHA2_512", "PKIX_ED25519_PH"),
    ];
    for (pem, hash, details) in KEYS {
        let key = PrivateKey::from_pem(pem).unwrap();
        for envelope in [true, false] {
            let message = if envelope {
                dsse::pae(dsse::IN_TOTO, &statement().to_bytes().unwrap())
            } else {
                ARTIFACT.to_vec()
            };
            let digest = Digest::of(key.public_key().hash(), &message);
            let signature = match key.key_type() {
                KeyType::Ed25519 => prehashed(&key, &message),
                _ => key.sign(&message).unwrap(),
            };
            let content = if envelope {
                let payload = statement().to_bytes().unwrap();
                let signatures = vec![dsse::Signature { keyid: String::new(), sig: signature.clone() }];
                Content::Dsse(dsse::Envelope { payload_type: dsse::IN_TOTO.to_owned(), payload, signatures })
            } else {
                Content::Message(MessageSignature {
                    digest: Some(digest.clone()),
                    signature: signature.clone(),
                })
            };
            let body = |hash: &str, details: &str| {
                format!(
                    r#"{{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{{"hashedRekordV002":{{"data":{{"algorithm":"{hash}","digest":"{}"}},"signature":{{"content":"{}","verifier":{{"keyDetails":"{details}","publicKey":{{"rawBytes":"{}"}}}}}}}}}}}}"#,
                    STANDARD.encode(digest.bytes()),
                    STANDARD.encode(&signature),
                    STANDARD.encode(key.public_key().to_spki()),
                )
            };
            let mut bundle = Bundle {
                material: Material::PublicKey { hint: key_hint(&key.public_key()) },
                entry: Some(log(body(hash, details).into_bytes(), 3, 7, "log.example", &log_key())),
                timestamps: Vec::new(),
                content,
            };
            let digests = vec![Digest::sha256(ARTIFACT), Digest::of(digest.algorithm(), ARTIFACT)];
            let mut case = Case::with_bundle(&bundle);
            case.artifacts = vec![Artifact { name: "shop".to_owned(), digests }];
            case.signers = vec![key.public_key()];
            case.options.expected = Expected::Anything;
            let verdict = case.accepted();
            assert_eq!(verdict.signers[0].key_type, key.key_type().name(), "{details}");

            // The kind of key decides the algorithm, and no entry may tell of another.
            let other = if details == "PKIX_ED25519_PH" { "PKIX_ED25519" } else { "PKIX_ED25519_PH" };
            bundle.entry = Some(log(body(hash, other).into_bytes(), 3, 7, "log.example", &log_key()));
            case.bundles = vec![bundle.to_bytes()];
            case.refused(&["entry-body"]);
            if let Content::Message(message) = &mut bundle.content {
                // The digest is claimed to be one of another hash, under which this key never signs.
                let wrong = if hash == "SHA2_384" { Algorithm::Sha256 } else { Algorithm::Sha384 };
                message.digest = Some(Digest::of(wrong, ARTIFACT));
                case.bundles = vec![bundle.to_bytes()];
                case.refused(&["signature"]);
            }
        }
    }
}

/// Ed25519ph, as cosign signs with an Ed25519 key.
fn prehashed(key: &PrivateKey, message: &[u8]) -> Vec<u8> {
    let pem = key.to_pem();
    let key = ed25519_dalek::SigningKey::from_pkcs8_pem(&pem).unwrap();
    key.sign_prehashed(Sha512::new_with_prefix(message), None).unwrap().to_bytes().to_vec()
}

#[test]
fn early_entries_of_rekor_2_for_envelopes_are_known() {
    let mut plan = Plan::new();
    plan.bundle = |bundle| {
        let payload = Digest::sha256(&bundle.envelope().unwrap().payload);
        let leaf = leaf_of(bundle).clone();
        let body = format!(
            r#"{{"apiVersion":"0.0.2","kind":"dsse","spec":{{"dsseV002":{{"payloadHash":{{"algorithm":"SHA2_256","digest":"{}"}},"signatures":[{{"content":"{}","verifier":{{"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{{"rawBytes":"{}"}}}}}}]}}}}}}"#,
            STANDARD.encode(payload.bytes()),
            STANDARD.encode(bundle.signature()),
            STANDARD.encode(leaf),
        );
        let mut entry = log(body.into_bytes(), 3, 7, "log.example", &log_key());
        "dsse".clone_into(&mut entry.kind);
        bundle.entry = Some(entry);
    };
    plan.case().accepted();
}

#[test]
fn entries_with_whole_statements_are_known() {
    let mut plan = Plan::old();
    plan.log.body = |body| {
        let text = String::from_utf8(body.clone()).unwrap();
        let part = |name: &str| {
            let start = text.find(&format!("\"{name}\":\"")).unwrap() + name.len() + 4;
            text[start..].split('"').next().unwrap().to_owned()
        };
        let payload = statement().to_bytes().unwrap();
        *body = format!(
            r#"{{"apiVersion":"0.0.2","kind":"intoto","spec":{{"content":{{"envelope":{{"payload":"{}","payloadType":"{}","signatures":[{{"publicKey":"{}","sig":"{}"}}]}},"hash":{{"algorithm":"sha256","value":"{}"}},"payloadHash":{{"algorithm":"sha256","value":"{}"}}}}}}}}"#,
            STANDARD.encode(STANDARD.encode(&payload)),
            dsse::IN_TOTO,
            part("verifier"),
            STANDARD.encode(part("signature")),
            Digest::sha256("spelling").hex(),
            Digest::sha256(&payload).hex(),
        )
        .into_bytes();
    };
    plan.bundle = |bundle| {
        let entry = entry_of(bundle);
        "intoto".clone_into(&mut entry.kind);
        "0.0.2".clone_into(&mut entry.version);
    };
    plan.case().accepted();
    // What stands in it must be what is in the bundle.
    plan.json = |json| json["dsseEnvelope"]["payloadType"] = json!("text/plain");
    assert!(!plan.case().verdict().accepted());
}

#[test]
fn no_byte_of_a_certificate_a_timestamp_or_an_entry_makes_a_reader_panic() {
    type Read = fn(&[u8]) -> bool;
    let plan = Plan::old();
    let mut leaf = plan.leaf.clone();
    let list = sct(plan.sct.as_ref().unwrap(), &leaf);
    leaf.extensions.push(Extension::new(SCTS, false, list));
    let bundle = Bundle::parse(&plan.case().bundles[0]).unwrap();
    let entry = bundle.entry.unwrap();
    let readers: [(Vec<u8>, Read); 4] = [
        (leaf.der(), |bytes| {
            Certificate::parse(bytes).is_ok_and(|certificate| {
                let _ = certificate.check_leaf(Purpose::CodeSigning);
                certificate.scts().is_ok()
            })
        }),
        (token().der(b"signature", &plan.tsa), |bytes| Token::parse(bytes).is_ok()),
        (entry.canonicalized_body, |bytes| {
            let (key, digest) = (key(LEAF).public_key(), Digest::sha256("x"));
            let (signature, certificate, prehashed) = (&[][..], None, false);
            let expected =
                EntryOf { digest: &digest, signature, key: &key, prehashed, certificate, envelope: None };
            let kinds =
                ["hashedrekord 0.0.1", "dsse 0.0.1", "intoto 0.0.2", "hashedrekord 0.0.2", "dsse 0.0.2"];
            for (kind, version) in kinds.iter().map(|kind| kind.split_once(' ').unwrap()) {
                assert!(expected.check(Kind::named(kind, version).unwrap(), bytes).is_err());
            }
            true
        }),
        (entry.proof.unwrap().checkpoint.into_bytes(), |bytes| {
            Note::parse(bytes).is_ok_and(|note| Checkpoint::with_extensions(note.text()).is_ok())
        }),
    ];
    for (good, read) in readers {
        assert!(read(&good));
        let mut bytes = good.clone();
        for position in 0..good.len() {
            for changed in [good[position] ^ 1, good[position] ^ 0x80, 0, 0x30, 0x82, 0xff] {
                bytes[position] = changed;
                read(&bytes);
            }
            bytes[position] = good[position];
            read(&bytes[..position]);
        }
    }
}

#[test]
fn every_limit_of_a_certificate_and_a_timestamp_holds() {
    let plan = Plan::new();
    let mut leaf = plan.leaf.clone();
    while leaf.extensions.len() < MAX_EXTENSIONS {
        leaf.extensions.push(Extension::new(&format!("1.2.3.{}", leaf.extensions.len()), false, utf8("x")));
    }
    assert!(Certificate::parse(&leaf.der()).is_ok());
    leaf.extensions.push(Extension::new("1.2.4", false, utf8("x")));
    assert_eq!(Certificate::parse(&leaf.der()), Err(CertificateError::TooManyExtensions));
    assert_eq!(
        Certificate::parse(&vec![0; MAX_CERTIFICATE + 1]),
        Err(CertificateError::TooLarge(MAX_CERTIFICATE + 1))
    );
    assert_eq!(Certificate::parse(&vec![0; MAX_CERTIFICATE]), Err(CertificateError::Form));
    let scts = |times| {
        let mut leaf = plan.leaf.clone();
        let list = sct(&SctSpec { times, ..plan.sct.clone().unwrap() }, &leaf);
        leaf.extensions.push(Extension::new(SCTS, false, list));
        Certificate::parse(&leaf.der()).unwrap().scts().map(|list| list.len())
    };
    assert_eq!(scts(MAX_SCTS), Ok(MAX_SCTS));
    assert_eq!(scts(MAX_SCTS + 1), Err(SctError::TooMany));
}

#[test]
fn the_command_shows_who_is_believed_and_how_old_that_is() {
    let sandbox = Sandbox::empty();
    let text = sandbox.expect(0, &["trust", "show", "--at", "2026-08-29T12:00:00Z"]).stdout;
    assert!(text.contains("of 2026-08-19: 10 days old"), "{text}");
    assert!(
        text.contains("https://rekor.sigstore.dev\n") && text.contains("https://fulcio.sigstore.dev"),
        "{text}"
    );
    let mut plan = Plan::new();
    plan.trust = |trust| {
        trust["timestampAuthorities"][0]["certChain"]["certificates"][0]["rawBytes"] = json!("AAAA");
        trust["tlogs"][0]["baseUrl"] = json!("https://log.example/\u{1b}[31m");
    };
    sandbox.write("root.json", &plan.case().trust);
    let at = |time: &str| sandbox.expect(0, &["trust", "show", "root.json", "--at", time]).stdout;
    let text = at(NOW);
    assert!(text.contains("never counts") && !text.contains('\u{1b}'), "{text}");
    assert!(
        !text.contains("counts at other times")
            && at("2028-01-01T00:00:00Z").contains("counts at other times")
    );
    sandbox.write("broken.json", "{}");
    sandbox.expect(2, &["trust", "show", "broken.json"]);
}

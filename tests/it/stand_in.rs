//! A Sigstore of our own: certificate authority, certificate transparency log, logs of both versions, timestamp authority.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sbom_attest::attest::bundle::{Bundle, Content, InclusionProof, LogEntry, Material, MessageSignature};
use sbom_attest::attest::dsse;
use sbom_attest::digest::Digest;
use sbom_attest::keys::Signer as _;
use sbom_attest::tlog::Tree;
use sbom_attest::tlog::merkle::{inclusion_proof, leaf_hash};
use sbom_attest::tlog::rekor::promised;
use sbom_attest::verify::{Expected, Pattern, Signatory};
use serde_json::{Value, json};

use crate::attested::{ARTIFACT, Case, log, log_key, statement, trusted_root};
use crate::der::{
    CODE_SIGNING, ECDSA_SHA256, Extension, NAMES, SCTS, SHA256, SctSpec, Spec, TIMESTAMPING, TokenSpec, key,
    sct, sequence, tlv, utf8,
};

pub(crate) const WORKFLOW: &str = "https://github.com/us/shop/.github/workflows/release.yml@refs/heads/main";
pub(crate) const ISSUER: &str = "https://token.actions.githubusercontent.com";
pub(crate) const FULCIO: &str = "1.3.6.1.4.1.57264.1";
pub(crate) const LOG1: &str = "log1.example";

// Seeds of keys.
pub(crate) const ROOT: u8 = 1;
pub(crate) const INTERMEDIATE: u8 = 2;
pub(crate) const LEAF: u8 = 3;
pub(crate) const CT_LOG: u8 = 4;
pub(crate) const REKOR_1: u8 = 5;
pub(crate) const TSA_ROOT: u8 = 6;
pub(crate) const TSA: u8 = 7;
pub(crate) const OTHER: u8 = 9;

/// When it is signed; the certificate is valid from a minute before, for ten minutes.
pub(crate) const SIGNED: u64 = 1_772_366_460;

/// Everything of a keyless signature, to be changed before it is made.
pub(crate) struct Plan {
    pub(crate) root: Spec,
    pub(crate) intermediate: Spec,
    pub(crate) leaf: Spec,
    pub(crate) sct: Option<SctSpec>,
    /// A change of the certificate after the log saw it.
    pub(crate) after_sct: fn(&mut Spec),
    pub(crate) tsa_root: Spec,
    pub(crate) tsa: Spec,
    /// The timestamps.
    pub(crate) tokens: Vec<TokenSpec>,
    pub(crate) log: Log,
    pub(crate) envelope: bool,
    pub(crate) bundle: fn(&mut Bundle),
    pub(crate) json: fn(&mut Value),
    pub(crate) trust: fn(&mut Value),
    pub(crate) question: fn(&mut Case),
}

/// The log's side.
pub(crate) struct Log {
    /// Whether it is of version 1.
    pub(crate) old: bool,
    pub(crate) time: u64,
    pub(crate) promise: bool,
    pub(crate) signer: u8,
    pub(crate) body: fn(&mut Vec<u8>),
    pub(crate) checkpoint: fn(&mut String),
}

impl Plan {
    pub(crate) fn new() -> Self {
        let certificate = |serial, issuer: &str, subject: &str, key, signer, extensions| Spec {
            serial,
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            not_before: "250101000000Z".to_owned(),
            not_after: "350101000000Z".to_owned(),
            key,
            signer,
            algorithm: ECDSA_SHA256,
            outer: None,
            extensions,
        };
        let signs = Extension::usage(0x80);
        let issues = Extension::usage(0x04);
        let claim = |number: u8, value: Vec<u8>| Extension::new(&format!("{FULCIO}.{number}"), false, value);
        let root =
            certificate(1, "root", "root", ROOT, ROOT, vec![issues.clone(), Extension::authority(None)]);
        let intermediate = certificate(
            2,
            "root",
            "intermediate",
            INTERMEDIATE,
            ROOT,
            vec![issues.clone(), Extension::authority(Some(0)), Extension::purpose(false, &[CODE_SIGNING])],
        );
        let mut leaf = certificate(
            3,
            "intermediate",
            "",
            LEAF,
            INTERMEDIATE,
            vec![
                signs.clone(),
                Extension::purpose(false, &[CODE_SIGNING]),
                Extension::new(NAMES, true, names(&[(0x86, WORKFLOW)])),
                claim(1, ISSUER.as_bytes().to_vec()),
                claim(2, b"push".to_vec()),
                claim(3, b"0123456789abcdef0123456789abcdef01234567".to_vec()),
                claim(4, b"Release".to_vec()),
                claim(5, b"us/shop".to_vec()),
                claim(6, b"refs/heads/main".to_vec()),
                claim(8, utf8(ISSUER)),
            ],
        );
        "260301120000Z".clone_into(&mut leaf.not_before);
        "260301121000Z".clone_into(&mut leaf.not_after);
        let tsa_root = certificate(
            1,
            "tsa root",
            "tsa root",
            TSA_ROOT,
            TSA_ROOT,
            vec![issues, Extension::authority(None)],
        );
        let tsa = certificate(
            2,
            "tsa root",
            "tsa",
            TSA,
            TSA_ROOT,
            vec![signs, Extension::purpose(true, &[TIMESTAMPING])],
        );
        Self {
            root,
            intermediate,
            leaf,
            sct: Some(SctSpec {
                version: 0,
                hash: 4,
                milliseconds: SIGNED * 1000,
                log: CT_LOG,
                signer: CT_LOG,
                issuer: INTERMEDIATE,
                times: 1,
            }),
            after_sct: |_| (),
            tsa_root,
            tsa,
            tokens: vec![token()],
            log: Log {
                old: false,
                time: SIGNED,
                promise: true,
                signer: REKOR_1,
                body: |_| (),
                checkpoint: |_| (),
            },
            envelope: true,
            bundle: |_| (),
            json: |_| (),
            trust: |_| (),
            question: |_| (),
        }
    }

    /// Logged by Rekor v1, without a timestamp of its own.
    pub(crate) fn old() -> Self {
        let mut plan = Self::new();
        plan.log.old = true;
        plan.tokens.clear();
        plan
    }

    pub(crate) fn case(&self) -> Case {
        let mut leaf = self.leaf.clone();
        if let Some(spec) = &self.sct {
            let list = sct(spec, &leaf);
            leaf.extensions.push(Extension::new(SCTS, false, list));
        }
        (self.after_sct)(&mut leaf);
        let leaf = leaf.der();
        let content = if self.envelope {
            Content::Dsse(dsse::sign(dsse::IN_TOTO, statement().to_bytes().unwrap(), &key(LEAF)).unwrap())
        } else {
            Content::Message(MessageSignature {
                digest: Some(Digest::sha256(ARTIFACT)),
                signature: key(LEAF).sign(ARTIFACT).unwrap(),
            })
        };
        let mut bundle = Bundle {
            material: Material::Certificate { leaf: leaf.clone(), others: Vec::new() },
            entry: None,
            timestamps: Vec::new(),
            content,
        };
        let signature = bundle.signature().to_vec();
        bundle.timestamps = self.tokens.iter().map(|token| token.der(&signature, &self.tsa)).collect();
        bundle.entry = Some(self.entry(&bundle, &leaf));
        (self.bundle)(&mut bundle);
        let mut json: Value = serde_json::from_slice(&bundle.to_bytes()).unwrap();
        (self.json)(&mut json);
        let mut trust = self.trusted_root();
        (self.trust)(&mut trust);
        let mut case = Case {
            bundles: vec![json.to_string().into_bytes()],
            signers: Vec::new(),
            identities: vec![workflow()],
            trust: trust.to_string().into_bytes(),
            ..Case::good()
        };
        if !self.envelope {
            case.options.expected = Expected::Anything;
        }
        (self.question)(&mut case);
        case
    }

    pub(crate) fn entry(&self, bundle: &Bundle, leaf: &[u8]) -> LogEntry {
        let mut body = body(bundle, leaf, self.log.old);
        (self.log.body)(&mut body);
        if !self.log.old {
            let mut entry = log(body, 3, 7, "log.example", &log_key());
            (self.log.checkpoint)(&mut entry.proof.as_mut().unwrap().checkpoint);
            return entry;
        }
        let tree: Tree = [leaf_hash(b"before"), leaf_hash(&body), leaf_hash(b"after")].into_iter().collect();
        let (id, signer) = (key_id(REKOR_1), key(self.log.signer));
        let text = format!("{LOG1} - 42\n3\n{}\nTimestamp: 1\n", tree.root());
        let line = [&id[..4], &key(REKOR_1).sign(text.as_bytes()).unwrap()].concat();
        let mut checkpoint = format!("{text}\n\u{2014} {LOG1} {}\n", STANDARD.encode(line));
        (self.log.checkpoint)(&mut checkpoint);
        let (kind, version) = if self.envelope { ("dsse", "0.0.1") } else { ("hashedrekord", "0.0.1") };
        LogEntry {
            log_index: 1001,
            log_id: id.clone(),
            kind: kind.to_owned(),
            version: version.to_owned(),
            integrated_time: self.log.time,
            promise: self
                .log
                .promise
                .then(|| signer.sign(&promised(&body, self.log.time, &id, 1001)).unwrap()),
            proof: Some(InclusionProof {
                log_index: 1,
                root_hash: *tree.root().as_bytes(),
                tree_size: 3,
                hashes: inclusion_proof(&tree, 1, 3).unwrap().iter().map(|hash| *hash.as_bytes()).collect(),
                checkpoint,
            }),
            canonicalized_body: body,
        }
    }

    pub(crate) fn trusted_root(&self) -> Value {
        let mut root = trusted_root();
        let valid = json!({"start": "2025-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z"});
        let log = |seed: u8, url: &str| {
            json!({
                "baseUrl": url,
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": STANDARD.encode(key(seed).public_key().to_spki()),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": valid,
                },
                "logId": {"keyId": STANDARD.encode(key_id(seed))},
            })
        };
        let chain = |specs: [&Spec; 2]| {
            let certificates: Vec<_> =
                specs.iter().map(|spec| json!({"rawBytes": STANDARD.encode(spec.der())})).collect();
            json!([{"uri": "https://ca.example", "certChain": {"certificates": certificates}, "validFor": valid}])
        };
        root["tlogs"].as_array_mut().unwrap().push(log(REKOR_1, "https://log1.example"));
        root["ctlogs"] = json!([log(CT_LOG, "https://ct.example")]);
        root["certificateAuthorities"] = chain([&self.intermediate, &self.root]);
        root["timestampAuthorities"] = chain([&self.tsa, &self.tsa_root]);
        root
    }
}

pub(crate) fn token() -> TokenSpec {
    TokenSpec {
        status: 0,
        time: "20260301120100Z".to_owned(),
        hash: SHA256,
        stamped: None,
        signer: TSA,
        signers: 1,
        scheme: ECDSA_SHA256,
        issuer: "tsa root".to_owned(),
        serial: 2,
        names_certificate: SIGNING_CERTIFICATE_2,
        certificate: None,
        embedded: Vec::new(),
        content: |_| (),
    }
}

pub(crate) const SIGNING_CERTIFICATE_2: &str = "1.2.840.113549.1.9.16.2.47";
/// With SHA-1.
pub(crate) const SIGNING_CERTIFICATE_1: &str = "1.2.840.113549.1.9.16.2.12";

pub(crate) fn names(list: &[(u8, &str)]) -> Vec<u8> {
    sequence(&list.iter().map(|(tag, text)| tlv(*tag, text)).collect::<Vec<_>>())
}

pub(crate) fn key_id(seed: u8) -> Vec<u8> {
    Digest::sha256(key(seed).public_key().to_spki()).bytes().to_vec()
}

pub(crate) fn workflow() -> Signatory {
    Signatory {
        identity: Pattern::Exact(WORKFLOW.to_owned()),
        issuer: Pattern::Exact(ISSUER.to_owned()),
        claims: Vec::new(),
    }
}

/// What each log holds for a bundle, as text.
pub(crate) fn body(bundle: &Bundle, leaf: &[u8], old: bool) -> Vec<u8> {
    let signature = STANDARD.encode(bundle.signature());
    let pem = STANDARD.encode(pem("CERTIFICATE", leaf));
    let text = match (&bundle.content, old) {
        (Content::Dsse(envelope), true) => format!(
            r#"{{"apiVersion":"0.0.1","kind":"dsse","spec":{{"envelopeHash":{{"algorithm":"sha256","value":"{}"}},"payloadHash":{{"algorithm":"sha256","value":"{}"}},"signatures":[{{"signature":"{signature}","verifier":"{pem}"}}]}}}}"#,
            Digest::sha256(b"as it was spelled").hex(),
            Digest::sha256(&envelope.payload).hex(),
        ),
        (Content::Message(_), true) => format!(
            r#"{{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{{"data":{{"hash":{{"algorithm":"sha256","value":"{}"}}}},"signature":{{"content":"{signature}","publicKey":{{"content":"{pem}"}}}}}}}}"#,
            Digest::sha256(ARTIFACT).hex(),
        ),
        (content, false) => {
            let digest = match content {
                Content::Dsse(envelope) => envelope.pae_digest(),
                Content::Message(_) => Digest::sha256(ARTIFACT),
            };
            format!(
                r#"{{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{{"hashedRekordV002":{{"data":{{"algorithm":"SHA2_256","digest":"{}"}},"signature":{{"content":"{signature}","verifier":{{"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{{"rawBytes":"{}"}}}}}}}}}}}}"#,
                STANDARD.encode(digest.bytes()),
                STANDARD.encode(leaf),
            )
        }
    };
    text.into_bytes()
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<_> = body.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

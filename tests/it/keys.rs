//! Keys from files that other programs made, and every wrong kind of file.

use sbom_attest::digest::decode_hex;
use sbom_attest::document::{Document, Limits};
use sbom_attest::keys::jwa::Algorithm;
use sbom_attest::keys::{Error, KeyType, MAX_PEM, PrivateKey, PublicKey, Signer as _, cosign};

use crate::sandbox::Sandbox;

const P256: &str = include_str!("../../testdata/keys/p256.pem");
const P256_PUB: &str = include_str!("../../testdata/keys/p256.pub");
const ED25519: &str = include_str!("../../testdata/keys/ed25519.pem");
const ED25519_PUB: &str = include_str!("../../testdata/keys/ed25519.pub");
const P384: &str = include_str!("../../testdata/keys/p384.pem");
const P384_PUB: &str = include_str!("../../testdata/keys/p384.pub");
const P521: &str = include_str!("../../testdata/keys/p521.pem");
const P521_PUB: &str = include_str!("../../testdata/keys/p521.pub");
const RSA: &str = include_str!("../../testdata/keys/rsa.pem");
const RSA_PUB: &str = include_str!("../../testdata/keys/rsa.pub");
const COSIGN: &str = include_str!("../../testdata/keys/cosign.key");
const COSIGN_PUB: &str = include_str!("../../testdata/keys/cosign.pub");

#[test]
fn a_private_key_file_of_another_kind_is_called_by_its_name() {
    let cases: [(&str, Error); 9] = [
        (P256_PUB, Error::PublicKeyGiven),
        (include_str!("../../testdata/keys/rsa-short.pem"), Error::RsaBits(1024)),
        (include_str!("../../testdata/keys/p256-encrypted.pem"), Error::EncryptedPkcs8),
        (include_str!("../../testdata/keys/openssh.pem"), Error::OpenSsh),
        (include_str!("../../testdata/keys/p256-sec1.pem"), Error::Traditional("EC PRIVATE KEY".to_owned())),
        (
            include_str!("../../testdata/keys/rsa-traditional.pem"),
            Error::Traditional("RSA PRIVATE KEY".to_owned()),
        ),
        (include_str!("../../testdata/keys/certificate.pem"), Error::CertificateGiven),
        (COSIGN, Error::CosignPasswordNeeded),
        ("not a key", Error::NotPem),
    ];
    for (file, expected) in cases {
        let error = PrivateKey::from_pem(file).unwrap_err();
        assert!(error.help().is_some(), "{error}");
        assert_eq!(error, expected);
    }
}

#[test]
fn a_public_key_file_of_another_kind_is_called_by_its_name() {
    let cases: [(&str, Error); 6] = [
        (P256, Error::PrivateKeyGiven),
        (COSIGN, Error::PrivateKeyGiven),
        (include_str!("../../testdata/keys/rsa-short.pub"), Error::RsaBits(1024)),
        (include_str!("../../testdata/keys/p256-compressed.pub"), Error::Spelling),
        (include_str!("../../testdata/keys/certificate.pem"), Error::CertificateGiven),
        ("ssh-ed25519 AAAA test", Error::NotPem),
    ];
    for (file, expected) in cases {
        let error = PublicKey::from_pem(file).unwrap_err();
        assert!(error.help().is_some(), "{error}");
        assert_eq!(error, expected);
    }
}

#[test]
fn one_file_holds_one_key_and_nothing_else() {
    for file in [P256, ED25519] {
        assert_eq!(PrivateKey::from_pem(format!("{file}{file}")).unwrap_err(), Error::SeveralBlocks);
        assert_eq!(PrivateKey::from_pem(format!("{file}rest")).unwrap_err(), Error::Surroundings);
        assert_eq!(PrivateKey::from_pem(format!("head\n{file}")).unwrap_err(), Error::Surroundings);
        assert_eq!(
            PrivateKey::from_pem(format!("{file}{}", " ".repeat(MAX_PEM))).unwrap_err(),
            Error::TooLarge
        );
    }
    assert_eq!(PublicKey::from_pem(format!("{P256_PUB}{ED25519_PUB}")).unwrap_err(), Error::SeveralBlocks);
}

#[test]
fn bytes_after_the_key_are_refused() {
    let mut spki = PublicKey::from_pem(P256_PUB).unwrap().to_spki();
    spki.push(0);
    assert!(matches!(PublicKey::from_spki(&spki), Err(Error::Der(_))));
    assert!(matches!(PublicKey::from_spki(&[]), Err(Error::Der(_))));
    assert!(matches!(PrivateKey::from_pkcs8(&[0x30, 0]), Err(Error::Der(_))));
}

#[test]
fn openssls_keys_and_signatures_are_understood_and_ours_read_back() {
    let cases: [(&str, &str, &[u8], KeyType); 5] = [
        (P256, P256_PUB, include_bytes!("../../testdata/keys/p256.sig"), KeyType::P256),
        (ED25519, ED25519_PUB, include_bytes!("../../testdata/keys/ed25519.sig"), KeyType::Ed25519),
        (P384, P384_PUB, include_bytes!("../../testdata/keys/p384.sig"), KeyType::P384),
        (P521, P521_PUB, include_bytes!("../../testdata/keys/p521.sig"), KeyType::P521),
        (RSA, RSA_PUB, include_bytes!("../../testdata/keys/rsa.sig"), KeyType::Rsa),
    ];
    for (private, public, signature, kind) in cases {
        let key = PrivateKey::from_pem(private).unwrap();
        assert_eq!(key.key_type(), kind);
        assert_eq!(key.public_key(), PublicKey::from_pem(public).unwrap());
        assert_eq!(key.public_key().to_pem(), public);
        assert_eq!(key.public_key().verify(b"message", signature), Ok(()));
        assert_eq!(key.public_key().verify(b"massage", signature), Err(Error::SignatureMismatch));
        let again = PrivateKey::from_pem(key.to_pem().as_bytes()).unwrap();
        assert_eq!(again.public_key(), key.public_key());
        assert_eq!(again.sign(b"m").unwrap(), key.sign(b"m").unwrap(), "signing is deterministic");
        assert_eq!(again.to_pem(), key.to_pem());
    }
}

#[test]
fn an_ed25519_key_is_written_as_openssl_writes_it() {
    assert_eq!(*PrivateKey::from_pem(ED25519).unwrap().to_pem(), ED25519);
}

#[test]
fn signatures_are_those_of_rfc_6979_and_rfc_8032() {
    let hex = |text: &str| decode_hex(text).unwrap();
    let seed = hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let key = PrivateKey::from_seed(KeyType::P256, seed.as_slice().try_into().unwrap()).unwrap();
    let der = "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
               022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    assert_eq!(key.sign(b"sample").unwrap(), hex(der));
    let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let key = PrivateKey::from_seed(KeyType::Ed25519, seed.as_slice().try_into().unwrap()).unwrap();
    let public = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assert_eq!(key.public_key().ed25519_bytes().unwrap().as_slice(), public);
    let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555\
                     fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
    assert_eq!(key.sign(b"").unwrap(), hex(signature));
}

#[test]
fn a_signature_of_another_form_is_told_from_one_that_does_not_match() {
    let p256 = PrivateKey::from_seed(KeyType::P256, &[1; 32]).unwrap();
    let ed25519 = PrivateKey::from_seed(KeyType::Ed25519, &[1; 32]).unwrap();
    let (der, raw) = (p256.sign(b"m").unwrap(), ed25519.sign(b"m").unwrap());
    let form = |result| matches!(result, Err(Error::SignatureForm(_)));
    assert!(form(p256.public_key().verify(b"m", &raw)));
    assert!(form(ed25519.public_key().verify(b"m", &der)));
    assert!(form(p256.public_key().verify(b"m", &[])));
    assert!(form(p256.public_key().verify(b"m", &[der.as_slice(), &[0]].concat())));
    assert!(form(ed25519.public_key().verify(b"m", &raw[1..])));
    let other = PrivateKey::from_seed(KeyType::P256, &[2; 32]).unwrap();
    assert_eq!(other.public_key().verify(b"m", &der), Err(Error::SignatureMismatch));
}

#[test]
fn a_key_of_small_order_is_refused() {
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(PublicKey::from_ed25519(&neutral), Err(Error::Weak));
    assert_eq!(PublicKey::from_ed25519(&[0; 32]), Err(Error::Weak));
}

#[test]
fn no_seed_outside_the_group_makes_a_key() {
    assert!(matches!(PrivateKey::from_seed(KeyType::P256, &[0; 32]), Err(Error::Der(_))));
    assert!(matches!(PrivateKey::from_seed(KeyType::P256, &[0xff; 32]), Err(Error::Der(_))));
}

#[test]
fn generated_keys_differ_and_work() {
    for kind in [KeyType::P256, KeyType::Ed25519] {
        let [one, other] = [PrivateKey::generate(kind).unwrap(), PrivateKey::generate(kind).unwrap()];
        assert_ne!(one.public_key(), other.public_key());
        assert_eq!(one.public_key().verify(b"m", &one.sign(b"m").unwrap()), Ok(()));
    }
}

#[test]
fn no_debug_text_shows_a_secret() {
    for kind in [KeyType::P256, KeyType::Ed25519] {
        let key = PrivateKey::from_seed(kind, &[0x5a; 32]).unwrap();
        let debug = format!("{key:?}");
        assert_eq!(debug, format!("PrivateKey(of PublicKey({kind} {}))", key.public_key().digest()));
        assert!(!debug.contains("5a5a") && !debug.contains("90, 90"));
    }
}

#[test]
fn hints_name_a_key_in_each_form_that_is_in_use_and_no_other() {
    let key = PublicKey::from_pem(P256_PUB).unwrap();
    let fingerprint = include_str!("../../testdata/keys/p256.fingerprint").trim();
    assert_eq!(key.ssh_fingerprint(), fingerprint);
    let base64 = sbom_attest::attest::bundle::key_hint(&key);
    for hint in [fingerprint, &base64, &key.digest().hex(), &format!("SHA256:{base64}")] {
        assert!(key.answers_to(hint), "{hint}");
        assert!(!PublicKey::from_pem(ED25519_PUB).unwrap().answers_to(hint));
    }
    for hint in ["", "SHA256:", &key.digest().hex().to_uppercase(), &base64[1..]] {
        assert!(!key.answers_to(hint), "{hint}");
    }
}

#[test]
fn ssh_fingerprints_are_those_of_ssh_keygen() {
    for (key, fingerprint) in [
        (P384_PUB, include_str!("../../testdata/keys/p384.fingerprint")),
        (P521_PUB, include_str!("../../testdata/keys/p521.fingerprint")),
        (RSA_PUB, include_str!("../../testdata/keys/rsa.fingerprint")),
    ] {
        assert_eq!(PublicKey::from_pem(key).unwrap().ssh_fingerprint(), fingerprint.trim());
    }
}

#[test]
fn each_key_signs_with_its_own_algorithms_and_no_other() {
    for private in [P256, ED25519, P384, P521, RSA] {
        let key = PrivateKey::from_pem(private).unwrap();
        let public = key.public_key();
        for algorithm in Algorithm::ALL {
            let wrong = Error::Algorithm { key: key.key_type(), algorithm };
            if algorithm.key_type() != key.key_type() {
                assert_eq!(key.sign_as(algorithm, b"m").unwrap_err(), wrong);
                assert_eq!(public.verify_as(algorithm, b"m", b"").unwrap_err(), wrong);
                continue;
            }
            let signature = key.sign_as(algorithm, b"m").unwrap();
            assert_eq!(public.verify_as(algorithm, b"m", &signature), Ok(()), "{algorithm}");
            assert_eq!(public.verify_as(algorithm, b"n", &signature), Err(Error::SignatureMismatch));
            let cut = public.verify_as(algorithm, b"m", &signature[1..]);
            assert!(matches!(cut, Err(Error::SignatureForm(_))), "{algorithm}");
            for other in Algorithm::ALL.into_iter().filter(|other| *other != algorithm) {
                assert!(public.verify_as(other, b"m", &signature).is_err(), "{algorithm} as {other}");
            }
        }
        assert_eq!(Algorithm::of(key.key_type()).key_type(), key.key_type());
    }
    let key = PublicKey::from_pem(RSA_PUB).unwrap();
    let pss = include_bytes!("../../testdata/keys/rsa-pss.sig");
    assert_eq!(key.verify_as(Algorithm::Ps384, b"message", pss), Ok(()));
    assert_eq!(Algorithm::named("HS256"), None);
    assert_eq!(Algorithm::named("es256"), None);
}

#[test]
fn a_json_web_key_reads_back_and_has_one_spelling() {
    let read =
        |text: &str| PublicKey::from_jwk(Document::parse(text.into(), &Limits::default()).unwrap().root());
    for public in [P256_PUB, ED25519_PUB, P384_PUB, P521_PUB, RSA_PUB] {
        let key = PublicKey::from_pem(public).unwrap();
        let jwk = key.to_jwk();
        assert_eq!(read(&jwk), Ok(key));
        let member = if jwk.contains("RSA") { "\"n\": \"" } else { "\"x\": \"" };
        for changed in [
            jwk.replacen('{', "{\"d\": \"AAAA\", ", 1),
            jwk.replacen(member, &format!("{member}AA"), 1),
            jwk.replacen(member, &format!("{member}="), 1),
            jwk.replacen("\"kty\": \"", "\"kty\": \"x", 1),
            jwk.replacen(member, &format!("\"y0\": \"\", {member}"), 1),
        ] {
            assert!(read(&changed).is_err(), "{changed}");
        }
    }
    for wrong in [
        "[]",
        "{}",
        r#"{"kty":"oct","k":"AAAA"}"#,
        r#"{"kty":"OKP","crv":"Ed448","x":"AA"}"#,
        r#"{"kty":"OKP","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
        r#"{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
        r#"{"kty":"RSA","n":"","e":"AQAB"}"#,
        r#"{"kty":"RSA","n":"_w","e":"AQAB"}"#,
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    let long = format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, "_".repeat(2_000));
    assert!(matches!(read(&long), Err(Error::RsaBits(_))));
    let longer = format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, "_".repeat(1 << 20));
    assert!(matches!(read(&longer), Err(Error::Jwk(_))));
}

#[test]
fn keys_that_sign_documents_are_refused_where_bundles_and_logs_are_signed() {
    let sandbox = Sandbox::empty();
    sandbox.write("app", "x");
    sandbox.write("sbom.json", r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}"#);
    sandbox.expect(0, &["key", "generate", "-o", "good.pem"]);
    let sign = |key| ["sign", "app", "--predicate", "sbom.json", "--key", key, "-o", "app.json"];
    for (name, private, public) in [("p384", P384, P384_PUB), ("p521", P521, P521_PUB), ("rsa", RSA, RSA_PUB)]
    {
        sandbox.write("key.pem", private);
        sandbox.write("key.pub", public);
        make_private(&sandbox, "key.pem");
        for arguments in [&sign("key.pem")[..], &["log", "init", name, "--key", "key.pem"]] {
            let answer = sandbox.expect(2, arguments);
            let says = format!("{name} keys sign documents");
            assert!(answer.stderr.contains(&says), "{arguments:?}: {}", answer.stderr);
        }
        assert_eq!(sandbox.expect(0, &["key", "public", "key.pem"]).stdout, public);
        assert!(matches!(PrivateKey::generate(name.parse().unwrap()), Err(Error::NotMade(_))));
        assert!(matches!(PrivateKey::from_seed(name.parse().unwrap(), &[1; 32]), Err(Error::NotMade(_))));
    }
}

fn make_private(sandbox: &Sandbox, name: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(sandbox.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn cosigns_key_files_open_with_their_password() {
    assert!(cosign::is_key_file(COSIGN.as_bytes()));
    assert!(!cosign::is_key_file(P256.as_bytes()));
    let key = cosign::open(COSIGN.as_bytes(), b"correct").unwrap();
    assert_eq!(key.public_key(), PublicKey::from_pem(COSIGN_PUB).unwrap());
    let key = cosign::open(include_bytes!("../../testdata/keys/cosign-empty.key"), b"").unwrap();
    let public = include_str!("../../testdata/keys/cosign-empty.pub");
    assert_eq!(key.public_key(), PublicKey::from_pem(public).unwrap());
    let key = cosign::open(include_bytes!("../../testdata/keys/cosign-ed25519.key"), b"correct").unwrap();
    assert_eq!(key.public_key(), PublicKey::from_pem(ED25519_PUB).unwrap());
    let old_label = COSIGN.replace("SIGSTORE", "COSIGN");
    assert!(cosign::open(old_label.as_bytes(), b"correct").is_ok());
}

#[test]
fn a_wrong_password_says_so() {
    assert_eq!(cosign::open(COSIGN.as_bytes(), b"wrong").unwrap_err(), Error::WrongPassword);
    assert_eq!(cosign::open(COSIGN.as_bytes(), b"").unwrap_err(), Error::WrongPassword);
}

#[test]
fn a_broken_cosign_file_is_refused_before_any_work() {
    let json = r#"{"kdf":{"name":"scrypt","params":{"N":65536,"r":8,"p":1},"salt":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},"cipher":{"name":"nacl/secretbox","nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},"ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let open = |json: &str| cosign::open(pem(json).as_bytes(), b"x").unwrap_err();
    assert_eq!(open(json), Error::WrongPassword);
    for (from, to, n, r, p) in [
        ("65536", "1073741824", 1_073_741_824, 8, 1),
        ("65536", "131072", 131_072, 8, 1),
        ("\"r\":8", "\"r\":8000", 65536, 8000, 1),
        ("\"p\":1", "\"p\":100000", 65536, 8, 100_000),
        ("65536", "0", 0, 8, 1),
    ] {
        assert_eq!(open(&json.replacen(from, to, 1)), Error::CosignWork { n, r, p });
    }
    for (from, to) in [
        ("\"scrypt\"", "\"pbkdf2\""),
        ("nacl/secretbox", "aes"),
        ("\"nonce\":\"AAAA", "\"nonce\":\""),
        ("\"salt\":\"AAAA", "\"salt\":\""),
        ("\"ciphertext\":\"AAAAAAAA", "\"ciphertext\":\""),
        ("65536", "-1"),
        ("\"kdf\":", "\"kdf\":{},\"kdf\":"),
        ("\"p\":1", "\"p\":1,\"q\":1"),
        ("{\"kdf\"", "[{\"kdf\""),
    ] {
        let error = open(&json.replacen(from, to, 1));
        assert!(matches!(error, Error::CosignForm(_)), "{from} -> {to}: {error:?}");
    }
    assert_eq!(cosign::open(P256.as_bytes(), b"x").unwrap_err(), Error::Label("PRIVATE KEY".to_owned()));
}

fn pem(body: &str) -> String {
    use base64::Engine as _;
    let body = base64::engine::general_purpose::STANDARD.encode(body);
    format!(
        "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n{body}\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n"
    )
}

//! Signatures inside a document: what is signed, what breaks them, and what is never believed.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sbom_attest::document::{Document, Limits, Value};
use sbom_attest::keys::{KeyType, PrivateKey, PublicKey, Signer};
use sbom_attest::sbom::jsf::{self, Credential, Error, Form, MAX_SCOPES, MAX_SIGNERS, Options, State};

use crate::sandbox::Sandbox;

const P256: &str = include_str!("../../testdata/keys/p256.pem");
const P384: &str = include_str!("../../testdata/keys/p384.pem");
const P521: &str = include_str!("../../testdata/keys/p521.pem");
const RSA: &str = include_str!("../../testdata/keys/rsa.pem");
const ED25519: &str = include_str!("../../testdata/keys/ed25519.pem");
const DOCUMENT: &str = include_str!("../../testdata/enveloped/seven-scopes.json");
const SCOPES: [&str; 7] = [
    "",
    "/components/0",
    "/services/0",
    "/declarations",
    "/declarations/attestations/0",
    "/declarations/claims/0",
    "/definitions/standards/0",
];

fn document(text: &str) -> Document {
    Document::parse(text.into(), &Limits::default()).unwrap()
}

fn key(file: &str) -> PrivateKey {
    PrivateKey::from_pem(file).unwrap()
}

fn sign(text: &str, scopes: &[&str], credentials: &[Credential<'_>], form: Form) -> Result<String, Error> {
    let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    jsf::sign(document(text), &scopes, credentials, form).map(|bytes| String::from_utf8(bytes).unwrap())
}

/// The pointers, states and codes of all signatures.
fn states(text: &str, keys: &[PublicKey]) -> Vec<(String, State, &'static str)> {
    let checked = jsf::verify(&document(text), "bom.json", keys, &Options::default());
    checked.into_iter().map(|one| (one.pointer, one.state, one.finding.rule)).collect()
}

/// The state and code of the only signature.
#[track_caller]
fn only(text: &str, keys: &[PublicKey]) -> (State, &'static str) {
    let states = states(text, keys);
    assert_eq!(states.len(), 1, "{text}");
    (states[0].1, states[0].2)
}

fn seven() -> String {
    sign(DOCUMENT, &SCOPES, &[Credential::new(&key(ED25519))], Form::Single).unwrap()
}

#[test]
fn every_key_signs_in_every_form_and_is_verified() {
    let keys = [P256, P384, P521, RSA, ED25519].map(key);
    let public = keys.each_ref().map(Signer::public_key);
    for key in &keys {
        for embed in [true, false] {
            let credential =
                Credential { embed, key_id: Some("a \"key\"".to_owned()), ..Credential::new(key) };
            let signed = sign(r#"{"a": 1}"#, &[""], &[credential], Form::Single).unwrap();
            assert_eq!(only(&signed, &public), (State::Valid, "jsf-signature"), "{signed}");
            assert_ne!(only(&signed.replace("\"a\": 1", "\"a\": 2"), &public).0, State::Valid);
        }
    }
    for form in [Form::Signers, Form::Chain] {
        let all: Vec<_> = keys.iter().map(Credential::new).collect();
        let signed = sign(r#"{"a": 1}"#, &[""], &all[..2], form).unwrap();
        let signed = sign(&signed, &[""], &all[2..], form).unwrap();
        let found = states(&signed, &public);
        assert_eq!(found.len(), 5);
        assert!(found.iter().all(|(_, state, _)| *state == State::Valid), "{found:?}");
        // The first signer's value is part of what the later links of a chain sign, and of nothing else.
        let at = signed.find("\"value\": \"").unwrap() + 10;
        let other = if &signed[at..=at] == "A" { "B" } else { "A" };
        let changed = format!("{}{other}{}", &signed[..at], &signed[at + 1..]);
        let broken = states(&changed, &public).iter().filter(|(_, state, _)| *state != State::Valid).count();
        assert_eq!(broken, if form == Form::Chain { 5 } else { 1 });
    }
}

#[test]
fn every_other_byte_stays_as_it_is() {
    for text in [
        DOCUMENT,
        r#"{"a":1}"#,
        "{}",
        "{ }",
        "\n{\r\n\t\"a\" : 1.50 }\n\n",
        r#"{"b":{"c":[]}, "a":"\u00e9"}"#,
    ] {
        let signed = sign(text, &[""], &[Credential::new(&key(P256))], Form::Single).unwrap();
        let value = document(&signed);
        let signature = value.at("/signature").unwrap().span();
        let name = signed[..signature.start].rfind("\"signature\"").unwrap();
        let (before, after) = (&signed[..name], &signed[signature.end..]);
        assert!(text.ends_with(after), "{signed}");
        let kept = &text[..text.len() - after.len()];
        assert!(before.starts_with(kept), "{signed}");
        assert!(before[kept.len()..].trim().chars().all(|c| c == ','), "{signed}");
        assert_eq!(only(&signed, &[key(P256).public_key()]).0, State::Valid);
    }
}

#[test]
fn seven_nested_scopes_are_signed_from_the_inside_out() {
    let signed = seven();
    let found = states(&signed, &[key(ED25519).public_key()]);
    assert!(found.iter().all(|(_, state, _)| *state == State::Valid), "{found:?}");
    let pointers: BTreeSet<&str> = found.iter().map(|(pointer, ..)| pointer.as_str()).collect();
    assert_eq!(pointers, SCOPES.into_iter().collect());
}

/// The text of every string and number in a document that is no part of a signature, with its pointer.
fn leaves(document: &Document) -> Vec<(String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut open: Vec<Value<'_>> = vec![document.root()];
    while let Some(value) = open.pop() {
        open.extend(value.elements());
        open.extend(value.members().filter(|(name, _)| name != "signature").map(|(_, member)| member));
        if value.as_str().is_some() || value.as_f64().is_some() {
            found.push((value.pointer(), value.span()));
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Changing one value breaks the signatures of the objects around it, and no other.
    #[test]
    fn a_change_breaks_exactly_the_enclosing_scopes(pick in any::<prop::sample::Index>(), number in 1_000_000_u32..9_000_000) {
        let signed = seven();
        let before = document(&signed);
        let leaves = leaves(&before);
        let (pointer, span) = &leaves[pick.index(leaves.len())];
        let value = if signed[span.clone()].starts_with('"') { format!("\"changed {number}\"") } else { number.to_string() };
        let changed = format!("{}{value}{}", &signed[..span.start], &signed[span.end..]);
        for (scope, state, _) in states(&changed, &[key(ED25519).public_key()]) {
            let encloses = pointer.starts_with(&format!("{scope}/"));
            prop_assert_eq!(state == State::Invalid, encloses, "{} changed, {}", pointer, scope);
            prop_assert!(state == State::Invalid || state == State::Valid);
        }
    }

    /// Whatever stands in the signature, there is an answer, and it is not that the signature is valid.
    #[test]
    fn nothing_in_a_signature_makes_a_panic(text in r#"\{("(algorithm|value|signers|chain|excludes|publicKey|x)":("ES256"|"AA"|\[\]|\[\{\}\]|\{\}|null|1),){0,4}"keyId":"k"\}"#) {
        if let Ok(document) = Document::parse(format!("{{\"signature\":{text}}}").into(), &Limits::default()) {
            for one in jsf::verify(&document, "x", &[key(P256).public_key()], &Options::default()) {
                prop_assert_ne!(one.state, State::Valid);
            }
        }
    }
}

#[test]
fn an_embedded_key_is_not_trusted_unless_it_was_given() {
    let (ours, other) = (key(P256), PrivateKey::generate(KeyType::P256).unwrap());
    let credential = Credential { embed: true, ..Credential::new(&other) };
    let signed = sign(r#"{"a":1}"#, &[""], &[credential], Form::Single).unwrap();
    assert_eq!(only(&signed, &[ours.public_key()]), (State::NotTrusted, "jsf-trust"));
    assert_eq!(only(&signed, &[]), (State::NotTrusted, "jsf-trust"));
    assert_eq!(only(&signed, &[ours.public_key(), other.public_key()]), (State::Valid, "jsf-signature"));
    let plain = sign(r#"{"a":1}"#, &[""], &[Credential::new(&other)], Form::Single).unwrap();
    assert_eq!(only(&plain, &[ours.public_key()]), (State::Invalid, "jsf-signature"));
    assert_eq!(only(&plain, &[key(RSA).public_key()]), (State::NotChecked, "jsf-key"));
}

#[test]
fn what_is_no_signature_of_the_format_is_refused_by_its_reason() {
    let keys = [P256, P384, RSA].map(|file| key(file).public_key());
    let jwk = key(P384).public_key().to_jwk();
    let good = r#""algorithm":"ES256","value":"AAAA""#;
    let cases: Vec<(String, &str)> = vec![
        ("1".into(), "jsf-form"),
        ("{}".into(), "jsf-form"),
        (r#"{"algorithm":"ES256"}"#.into(), "jsf-form"),
        (r#"{"algorithm":1,"value":""}"#.into(), "jsf-form"),
        (r#"{"signers":[]}"#.into(), "jsf-form"),
        (r#"{"signers":{}}"#.into(), "jsf-form"),
        (r#"{"chain":[1]}"#.into(), "jsf-form"),
        (r#"{"chain":[],"signers":[]}"#.into(), "jsf-form"),
        (format!(r#"{{{good},"certificatePath":[]}}"#), "jsf-form"),
        (format!(r#"{{{good},"x":1}}"#), "jsf-unknown-field"),
        (format!(r#"{{"signers":[{{{good}}}],"keyId":"x"}}"#), "jsf-unknown-field"),
        (format!(r#"{{{good},"extensions":["x"],"x":1}}"#), "jsf-extensions"),
        (format!(r#"{{"signers":[{{{good}}}],"extensions":["x"]}}"#), "jsf-extensions"),
        (format!(r#"{{{good},"excludes":["a"]}}"#), "jsf-excludes"),
        (format!(r#"{{{good},"excludes":[]}}"#), "jsf-excludes"),
        (format!(r#"{{"signers":[{{{good},"excludes":["a"]}}]}}"#), "jsf-excludes"),
        (format!(r#"{{"chain":[{{{good}}}],"excludes":["a"]}}"#), "jsf-excludes"),
        (r#"{"algorithm":"HS256","value":"AAAA"}"#.into(), "jsf-algorithm"),
        (r#"{"algorithm":"Ed448","value":"AAAA"}"#.into(), "jsf-algorithm"),
        (r#"{"algorithm":"none","value":""}"#.into(), "jsf-algorithm"),
        (r#"{"algorithm":"es256","value":"AAAA"}"#.into(), "jsf-algorithm"),
        (format!(r#"{{{good},"publicKey":{jwk}}}"#), "jsf-public-key"),
        (format!(r#"{{{good},"publicKey":{{}}}}"#), "jsf-public-key"),
        (r#"{"algorithm":"ES256","value":"AAA="}"#.into(), "jsf-encoding"),
        (r#"{"algorithm":"ES256","value":"A+/A"}"#.into(), "jsf-encoding"),
        (format!("{{{good}}}"), "jsf-encoding"),
        (format!(r#"{{"algorithm":"ES256","value":"{}"}}"#, "A".repeat(1 << 20)), "jsf-encoding"),
        (r#"{"algorithm":"RS512","value":"eyJhbGciOiJSUzUxMiJ9.e30.AAAA"}"#.into(), "jsf-jws"),
    ];
    for (signature, code) in cases {
        let shown: String = signature.chars().take(200).collect();
        let found = only(&format!(r#"{{"a":1,"signature":{signature}}}"#), &keys);
        assert_eq!(found, (State::Invalid, code), "{shown}");
    }
    let many = vec![format!("{{{good}}}"); MAX_SIGNERS + 1].join(",");
    let found = only(&format!(r#"{{"signature":{{"signers":[{many}]}}}}"#), &keys);
    assert_eq!(found, (State::Invalid, "jsf-limit"));
    let most = vec![format!("{{{good}}}"); MAX_SIGNERS].join(",");
    assert_eq!(states(&format!(r#"{{"signature":{{"signers":[{most}]}}}}"#), &keys).len(), MAX_SIGNERS);
}

#[test]
fn a_field_that_nobody_signed_is_accepted_by_name_alone() {
    let key = key(P256);
    let signed = sign(r#"{"a":1}"#, &[""], &[Credential::new(&key)], Form::Single).unwrap();
    let with = signed.replacen("{\"a\":1", "{\"a\":1,\"note\":\"x\"", 1).replacen(
        ", \"value\"",
        ", \"excludes\": [\"note\"], \"value\"",
        1,
    );
    assert_eq!(only(&with, &[key.public_key()]), (State::Invalid, "jsf-excludes"));
    let options = Options { accept_excluded: vec!["note".to_owned()], ..Options::default() };
    let checked = jsf::verify(&document(&with), "x", &[key.public_key()], &options);
    assert_eq!(checked[0].state, State::Valid);
    let more = with.replacen("[\"note\"]", "[\"note\", \"note\"]", 1);
    let checked = jsf::verify(&document(&more), "x", &[key.public_key()], &options);
    assert_eq!(checked[0].state, State::Invalid);
}

#[test]
fn numbers_with_two_meanings_are_neither_signed_nor_verified() {
    let key = key(P256);
    let signed =
        sign(r#"{"a":{"b":9007199254740991}}"#, &[""], &[Credential::new(&key)], Form::Single).unwrap();
    assert_eq!(only(&signed, &[key.public_key()]).0, State::Valid);
    let changed = signed.replace("9007199254740991", "9007199254740993");
    assert_eq!(only(&changed, &[key.public_key()]), (State::Invalid, "jsf-number"));
    let refused = sign(r#"{"a":{"b":9007199254740993}}"#, &[""], &[Credential::new(&key)], Form::Single);
    assert!(matches!(refused, Err(Error::Number { pointer, .. }) if pointer == "/a/b"));
}

#[test]
fn nothing_is_signed_that_breaks_or_hides_a_signature() {
    let key = key(P256);
    let one = [Credential::new(&key)];
    let two = [Credential::new(&key), Credential::new(&key)];
    let text = r#"{"a":{"b":{}},"c":[1]}"#;
    let root = sign(text, &[""], &one, Form::Single).unwrap();
    let list = sign(text, &[""], &one, Form::Signers).unwrap();
    assert!(
        matches!(sign(&root, &["/a/b"], &one, Form::Single), Err(Error::Breaks { outer, .. }) if outer.is_empty())
    );
    for form in [Form::Single, Form::Signers, Form::Chain] {
        assert!(matches!(sign(&root, &[""], &one, form), Err(Error::Signed { .. })));
    }
    assert!(matches!(sign(&list, &[""], &one, Form::Chain), Err(Error::Signed { .. })));
    assert!(matches!(sign(&root, &["/signature"], &one, Form::Single), Err(Error::NoScope(_))));
    assert!(matches!(sign(text, &["/x"], &one, Form::Single), Err(Error::NoScope(_))));
    assert!(matches!(sign(text, &["/c"], &one, Form::Single), Err(Error::NoObject { .. })));
    assert!(matches!(sign(text, &[""], &two, Form::Single), Err(Error::Keys(2))));
    assert!(matches!(sign(text, &[""], &[], Form::Signers), Err(Error::Keys(0))));
    let many: Vec<String> = (0..=MAX_SCOPES).map(|number| format!("/{number}")).collect();
    let refused = jsf::sign(document(text), &many, &one, Form::Single);
    assert!(matches!(refused, Err(Error::TooManyScopes(_))));
    let crowd = vec![Credential::new(&key); MAX_SIGNERS];
    let crowded = sign("{}", &[""], &crowd, Form::Signers).unwrap();
    assert!(matches!(sign(&crowded, &[""], &one, Form::Signers), Err(Error::TooManySigners(_))));
}

#[test]
fn the_command_signs_verifies_and_says_where_a_signature_broke() {
    let sandbox = Sandbox::empty();
    sandbox.write("bom.json", DOCUMENT);
    sandbox.expect(0, &["key", "generate", "-o", "key.pem"]);
    sandbox.expect(0, &["key", "generate", "-o", "other.pem"]);
    let mut arguments = vec!["enveloped", "sign", "bom.json", "--key", "key.pem", "-o", "signed.json"];
    arguments.extend(SCOPES.iter().flat_map(|scope| ["--scope", *scope]));
    sandbox.expect(0, &arguments);
    let verify = ["enveloped", "verify", "signed.json", "--key", "key.pem.pub"];
    let answer = sandbox.expect(0, &verify);
    assert!(answer.stdout.starts_with("ACCEPTED: signed.json: 7 of 7 signatures valid"), "{}", answer.stdout);
    sandbox.expect(1, &["enveloped", "verify", "signed.json", "--key", "other.pem.pub"]);
    sandbox.expect(1, &["enveloped", "verify", "bom.json", "--key", "key.pem.pub"]);
    let changed =
        String::from_utf8(sandbox.read("signed.json")).unwrap().replacen("\"score\": 1", "\"score\": 0", 1);
    sandbox.write("signed.json", changed);
    let report = sandbox.expect(1, &[&verify[..], &["--format", "json"]].concat()).json();
    let broken: Vec<_> = report["signatures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["state"] == "invalid")
        .map(|one| one["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(broken, ["", "/declarations", "/declarations/attestations/0"]);
    assert!(report["findings"][0]["location"]["line"].as_u64().unwrap() > 1);
    sandbox.expect(0, &[&verify[..], &["--scope", "/components/0"]].concat());
    sandbox.expect(1, &[&verify[..], &["--scope", "/components/1"]].concat());
    sandbox.write("twice.json", r#"{"a":1,"a":2}"#);
    sandbox.expect(2, &["enveloped", "verify", "twice.json", "--key", "key.pem.pub"]);
    sandbox.write("xml.json", "<bom/>");
    sandbox.expect(2, &["enveloped", "sign", "xml.json", "--key", "key.pem", "-o", "x"]);
    let algorithm = ["enveloped", "sign", "bom.json", "--key", "key.pem", "--algorithm", "RS256", "-o", "x"];
    let answer = sandbox.expect(2, &algorithm);
    assert!(answer.stderr.contains("a p256 key does not sign with RS256"), "{}", answer.stderr);
    assert!(!sandbox.path("x").exists());
}

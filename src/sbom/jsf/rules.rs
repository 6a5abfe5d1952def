//! What an enveloped signature must be; the codes stand in `docs/codes.md`.

use crate::finding::{Rule, Severity};

pub(super) static SIGNATURE: Rule = Rule {
    id: "jsf-signature",
    title: "a key that was given signed the enclosing object",
    severity: Severity::Critical,
    remedy: "do not rely on this part: it was changed after it was signed, or another key signed it",
};

pub(super) static TRUST: Rule = Rule {
    id: "jsf-trust",
    title: "the key is one that was given, and not only one that the signature brings along",
    severity: Severity::High,
    remedy: "get the signer's public key from the signer and pass it with --key",
};

pub(super) static KEY: Rule = Rule {
    id: "jsf-key",
    title: "a key that was given fits the signature's algorithm",
    severity: Severity::High,
    remedy: "get the signer's public key from the signer and pass it with --key",
};

pub(super) static PRESENT: Rule = Rule {
    id: "jsf-present",
    title: "there is a signature where one is expected",
    severity: Severity::High,
    remedy: "ask the document's author to sign it (`sbom-attest enveloped sign`)",
};

pub(super) static FORM: Rule = Rule {
    id: "jsf-form",
    title: "the signature is an object of JSF 0.82",
    severity: Severity::High,
    remedy: "ask the signer to sign again with a tool that writes JSF 0.82",
};

pub(super) static UNKNOWN_FIELD: Rule = Rule {
    id: "jsf-unknown-field",
    title: "every field of the signature is one of JSF's",
    severity: Severity::High,
    remedy: "ask the signer to sign again: the signature holds what its format has not",
};

pub(super) static ALGORITHM: Rule = Rule {
    id: "jsf-algorithm",
    title: "the algorithm is one of those allowed: ES, RS and PS with 256, 384 or 512, and Ed25519",
    severity: Severity::High,
    remedy: "ask the signer to sign again with one of these algorithms",
};

pub(super) static PUBLIC_KEY: Rule = Rule {
    id: "jsf-public-key",
    title: "the embedded key is well-formed and fits the algorithm",
    severity: Severity::High,
    remedy: "ask the signer to sign again: the signature brings a key that cannot have made it",
};

pub(super) static ENCODING: Rule = Rule {
    id: "jsf-encoding",
    title: "the value is base64url without padding, as long as the algorithm says",
    severity: Severity::High,
    remedy: "ask the signer to sign again with a tool that writes JSF 0.82 (ECDSA as r and s, not DER)",
};

pub(super) static JWS: Rule = Rule {
    id: "jsf-jws",
    title: "the value is the signature's bytes and not a whole JSON Web Signature",
    severity: Severity::High,
    remedy: "check it with the tool that made it (cdxgen's cdx-verify), or ask the signer for a JSF signature",
};

pub(super) static NUMBER: Rule = Rule {
    id: "jsf-number",
    title: "every number in what is signed has one meaning",
    severity: Severity::High,
    remedy: "ask the author to write it as a string: other numbers have the same signature",
};

pub(super) static EXCLUDES: Rule = Rule {
    id: "jsf-excludes",
    title: "the signature covers the whole object",
    severity: Severity::High,
    remedy: "look at the excluded fields, which nobody signed, and accept them by name with --accept-excluded",
};

pub(super) static EXTENSIONS: Rule = Rule {
    id: "jsf-extensions",
    title: "the signature has no extensions, as CycloneDX asks",
    severity: Severity::High,
    remedy: "ask the signer to sign again without `extensions`",
};

pub(super) static LIMIT: Rule = Rule {
    id: "jsf-limit",
    title: "a signature has a sensible number of signers",
    severity: Severity::High,
    remedy: "no real document is like that: see where it comes from",
};

/// All of them.
pub static RULES: [&Rule; 14] = [
    &SIGNATURE,
    &TRUST,
    &KEY,
    &PRESENT,
    &FORM,
    &UNKNOWN_FIELD,
    &ALGORITHM,
    &PUBLIC_KEY,
    &ENCODING,
    &JWS,
    &NUMBER,
    &EXCLUDES,
    &EXTENSIONS,
    &LIMIT,
];

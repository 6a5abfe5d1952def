//! The gate: the bundle is well-formed, of a known version, and holds nothing that nobody here can check.

use crate::attest::bundle::Bundle;
use crate::attest::{Flaw, Malformed};
use crate::finding::{Finding, Location, Rule, Severity};

/// The rule of a bundle that is well-formed.
pub(in crate::verify) static RULE: Rule = Rule {
    id: "bundle-form",
    title: "the bundle is well-formed",
    severity: Severity::High,
    remedy: "ask its author for a bundle that another program wrote",
};

/// Every rule of the gate.
pub(in crate::verify) static RULES: &[&Rule] = &[
    &RULE,
    &BUNDLE_JSON,
    &BUNDLE_ENCODING,
    &BUNDLE_DUPLICATE_KEY,
    &BUNDLE_SIZE,
    &BUNDLE_MEDIA_TYPE,
    &BUNDLE_UNKNOWN_FIELD,
    &BUNDLE_MISSING_FIELD,
    &BUNDLE_FIELD_TYPE,
    &BUNDLE_NUMBER,
    &BUNDLE_BASE64,
    &BUNDLE_LENGTH,
    &BUNDLE_ALTERNATIVES,
    &BUNDLE_ENTRY_COUNT,
    &BUNDLE_SIGNATURE_COUNT,
    &BUNDLE_TIMESTAMP_COUNT,
    &BUNDLE_VERSION,
    &BUNDLE_DIGEST,
];

pub(in crate::verify) fn finding(name: &str, bundle: &Result<Bundle, Malformed>) -> Finding {
    let Err(malformed) = bundle else {
        return RULE.pass(name);
    };
    let position = malformed.position;
    rule(malformed.flaw).fail(name, malformed.detail.clone()).at(Location {
        file: name.to_owned(),
        pointer: Some(malformed.pointer.clone()),
        line: position.map(|at| at.line),
        column: position.map(|at| at.column),
    })
}

fn rule(flaw: Flaw) -> &'static Rule {
    match flaw {
        Flaw::Json => &BUNDLE_JSON,
        Flaw::Encoding => &BUNDLE_ENCODING,
        Flaw::DuplicateKey => &BUNDLE_DUPLICATE_KEY,
        Flaw::Size => &BUNDLE_SIZE,
        Flaw::Type => &BUNDLE_MEDIA_TYPE,
        Flaw::UnknownField => &BUNDLE_UNKNOWN_FIELD,
        Flaw::MissingField => &BUNDLE_MISSING_FIELD,
        Flaw::FieldType => &BUNDLE_FIELD_TYPE,
        Flaw::Number => &BUNDLE_NUMBER,
        Flaw::Base64 => &BUNDLE_BASE64,
        Flaw::Length => &BUNDLE_LENGTH,
        Flaw::Alternatives => &BUNDLE_ALTERNATIVES,
        Flaw::EntryCount => &BUNDLE_ENTRY_COUNT,
        Flaw::SignatureCount => &BUNDLE_SIGNATURE_COUNT,
        Flaw::TimestampCount => &BUNDLE_TIMESTAMP_COUNT,
        Flaw::Version => &BUNDLE_VERSION,
        Flaw::Digest => &BUNDLE_DIGEST,
        _ => &RULE,
    }
}

const fn of(id: &'static str, title: &'static str, remedy: &'static str) -> Rule {
    Rule { id, title, severity: Severity::High, remedy }
}

static BUNDLE_JSON: Rule = of(
    "bundle-json",
    "the bundle is JSON",
    "fetch or write the bundle again: it is cut off or is another kind of file",
);
static BUNDLE_ENCODING: Rule =
    of("bundle-encoding", "the bundle is UTF-8 without a byte order mark", "fetch or write the bundle again");
static BUNDLE_DUPLICATE_KEY: Rule = of(
    "bundle-duplicate-key",
    "no object of the bundle has a name twice",
    "do not use this bundle: programs disagree about what it says",
);
static BUNDLE_SIZE: Rule = of(
    "bundle-size",
    "the bundle keeps to the limits of size, depth and counts",
    "ask its author for a bundle of ordinary size",
);
static BUNDLE_MEDIA_TYPE: Rule = of(
    "bundle-media-type",
    "the media type is that of a Sigstore bundle of version 0.1, 0.2 or 0.3",
    "pass a Sigstore bundle (cosign v3 writes them with --bundle)",
);
static BUNDLE_UNKNOWN_FIELD: Rule = of(
    "bundle-unknown-field",
    "every field of the bundle is one of the format's",
    "do not use this bundle: it holds what no version of the format has",
);
static BUNDLE_MISSING_FIELD: Rule = of(
    "bundle-missing-field",
    "every field that must be there is there",
    "fetch the bundle again, or ask its author for a complete one",
);
static BUNDLE_FIELD_TYPE: Rule = of(
    "bundle-field-type",
    "every field has a value of its type",
    "ask its author for a bundle that another program wrote",
);
static BUNDLE_NUMBER: Rule = of(
    "bundle-number",
    "every number is a whole number in its plain spelling",
    "ask its author for a bundle that another program wrote",
);
static BUNDLE_BASE64: Rule = of(
    "bundle-base64",
    "all bytes are in canonical base64",
    "ask its author for a bundle that another program wrote",
);
static BUNDLE_LENGTH: Rule =
    of("bundle-length", "all hashes have 32 bytes", "ask its author for a bundle that another program wrote");
static BUNDLE_ALTERNATIVES: Rule = of(
    "bundle-alternatives",
    "the bundle has one content and one kind of signer",
    "do not use this bundle: programs disagree about what it says",
);
static BUNDLE_ENTRY_COUNT: Rule = of(
    "bundle-entry-count",
    "the bundle has at most one log entry",
    "ask its author for a bundle with one log entry",
);
static BUNDLE_SIGNATURE_COUNT: Rule = of(
    "bundle-signature-count",
    "the envelope has exactly one signature",
    "ask its author for a bundle with one signature",
);
static BUNDLE_TIMESTAMP_COUNT: Rule = of(
    "bundle-timestamp-count",
    "the bundle has at most 32 timestamps and none twice",
    "do not use this bundle: it counts the same word twice, or only costs time",
);
static BUNDLE_VERSION: Rule = of(
    "bundle-version",
    "every field of the bundle is one of its version",
    "do not use this bundle: its version was changed, and a proof may be missing",
);
static BUNDLE_DIGEST: Rule = of(
    "bundle-digest",
    "the digest of what was signed is a SHA-256, SHA-384 or SHA-512",
    "ask its author for a bundle with a digest that can be compared",
);

//! Enveloped signatures: a signature that stands inside the object it signs.
//!
//! JSF 0.82 (<https://cyberphone.github.io/doc/security/jsf.html>) as CycloneDX JSON has it (`jsf-0.82.schema.json`): one
//! signature, several independent ones (`signers`), or a chain in which each signs those before it. What is signed is the
//! whole enclosing object in RFC 8785's spelling, with the signature's own `value` left out. So an inner signature is part
//! of what an outer one signs: inner scopes are signed first, the document last.
//!
//! Only keys that were given are believed. A `publicKey` or `certificatePath` inside a signature is what the signer says of
//! himself. HMAC is refused: who can check it can also make it.
//!
//! ```
//! use sbom_attest::document::{Document, Limits};
//! use sbom_attest::keys::{KeyType, PrivateKey, Signer as _};
//! use sbom_attest::sbom::jsf::{self, Credential, Form, Options};
//!
//! let key = PrivateKey::generate(KeyType::Ed25519)?;
//! let document = Document::parse(br#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#.to_vec(), &Limits::default())?;
//! let signed = jsf::sign(document, &[String::new()], &[Credential::new(&key)], Form::Single)?;
//! let signed = Document::parse(signed, &Limits::default())?;
//! let verdict = jsf::judge(&signed, "bom.json", &[key.public_key()], &Options::default(), &[]);
//! assert!(verdict.accepted());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod message;
mod resign;
mod rules;
mod scope;
mod sign;
mod signature;
mod verdict;
mod verify;

pub use resign::resign;
pub use rules::RULES;
pub use scope::{Scope, scopes};
pub use sign::{Credential, Error, MAX_SCOPES, sign};
pub use signature::{Dialect, Form, MAX_SIGNERS, Options};
pub use verdict::{Verdict, judge};
pub use verify::{Checked, State, verify, verify_scope};

//! Signing: `signature` is written into the document, and every other byte stays as it is.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::message::Frame;
use super::signature::{Form, MAX_SIGNERS, Options, Outline};
use crate::document::signed::SIGNATURE;
use crate::document::{self, Document, Kind, Limits, Position, Value, quote};
use crate::keys::jwa::Algorithm;
use crate::keys::{self, PrivateKey, Signer as _};

/// A key, and what is written about it.
#[derive(Debug, Clone)]
pub struct Credential<'a> {
    /// The key that signs.
    pub key: &'a PrivateKey,
    /// With which algorithm.
    pub algorithm: Algorithm,
    /// What the key is called.
    pub key_id: Option<String>,
    /// Whether its public half is written into the signature. That makes nobody trust it.
    pub embed: bool,
}

impl<'a> Credential<'a> {
    /// A key with its usual algorithm, and nothing written about it.
    pub fn new(key: &'a PrivateKey) -> Self {
        Self { key, algorithm: Algorithm::of(key.key_type()), key_id: None, embed: false }
    }

    /// The signer's object, with an empty value.
    fn text(&self) -> String {
        let mut out = format!("{{\"algorithm\": \"{}\"", self.algorithm).into_bytes();
        if let Some(name) = &self.key_id {
            out.extend_from_slice(b", \"keyId\": ");
            quote(name, &mut out);
        }
        if self.embed {
            out.extend_from_slice(b", \"publicKey\": ");
            out.extend_from_slice(self.key.public_key().to_jwk().as_bytes());
        }
        out.extend_from_slice(b", \"value\": \"\"}");
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// Signs objects of a document, named by their pointers: inner ones first, whatever their order here, as an outer
/// signature covers the inner ones. Several keys sign as `signers` or as a `chain`; a list of that form that is there
/// already gets longer.
pub fn sign(
    document: Document,
    scopes: &[String],
    credentials: &[Credential<'_>],
    form: Form,
) -> Result<Vec<u8>, Error> {
    if credentials.is_empty() || (form == Form::Single && credentials.len() > 1) {
        return Err(Error::Keys(credentials.len()));
    }
    let scopes: BTreeSet<&String> = scopes.iter().collect();
    if scopes.len() > MAX_SCOPES {
        return Err(Error::TooManyScopes(scopes.len()));
    }
    let mut scopes: Vec<&String> = scopes.into_iter().collect();
    scopes.sort_by_key(|pointer| std::cmp::Reverse(pointer.matches('/').count()));
    // All refusals come before the first signature, by the document as it was given.
    for pointer in &scopes {
        check(&document, pointer, form, credentials.len())?;
    }
    let mut bytes = document.into_bytes();
    for pointer in scopes {
        for credential in credentials {
            bytes = sign_one(bytes, pointer, credential, form)?;
        }
    }
    Ok(bytes)
}

fn check(document: &Document, pointer: &str, form: Form, more: usize) -> Result<(), Error> {
    let object = find(document, pointer)?;
    if let Some(number) = object.inexact_number() {
        return Err(Error::Number { pointer: number.pointer(), at: number.position() });
    }
    if let Some(signature) = object.get(SIGNATURE) {
        let list = signature.get(form.name()).filter(|_| form != Form::Single);
        let list = list.filter(|list| list.kind() == Kind::Array && list.elements().count() > 0);
        // What could not be verified later is not signed now.
        if list.is_none() || Outline::read(signature, &Options::default()).is_err() {
            return Err(Error::Signed { pointer: pointer.to_owned(), form });
        }
    }
    let count = object.get(SIGNATURE).and_then(|signature| signature.get(form.name()));
    if count.map_or(0, |list| list.elements().count()) + more > MAX_SIGNERS {
        return Err(Error::TooManySigners(pointer.to_owned()));
    }
    let mut outer = pointer;
    while let Some((parent, _)) = outer.rsplit_once('/') {
        outer = parent;
        if document.at(parent).is_some_and(|object| object.get(SIGNATURE).is_some()) {
            return Err(Error::Breaks { pointer: pointer.to_owned(), outer: parent.to_owned() });
        }
    }
    Ok(())
}

pub(super) fn find<'a>(document: &'a Document, pointer: &str) -> Result<Value<'a>, Error> {
    let value = document.at(pointer).ok_or_else(|| Error::NoScope(pointer.to_owned()))?;
    if value.kind() != Kind::Object {
        return Err(Error::NoObject { pointer: pointer.to_owned(), found: value.kind().name() });
    }
    // A signature and what is in it are not signed by themselves.
    if pointer.split('/').any(|token| token == SIGNATURE) {
        return Err(Error::NoScope(pointer.to_owned()));
    }
    Ok(value)
}

/// Writes a signature without its value, signs what the document then says, and writes the value.
fn sign_one(
    bytes: Vec<u8>,
    pointer: &str,
    credential: &Credential<'_>,
    form: Form,
) -> Result<Vec<u8>, Error> {
    let document = parse(bytes)?;
    let object = find(&document, pointer)?;
    let (at, text) = place(object, &credential.text(), form);
    let mut bytes = document.into_bytes();
    bytes.splice(at..at, text.into_bytes());
    let document = parse(bytes)?;
    let object = find(&document, pointer)?;
    let unsigned = || Error::NoScope(pointer.to_owned());
    let signature = object.get(SIGNATURE).ok_or_else(unsigned)?;
    let outline = Outline::read(signature, &Options::default()).map_err(|_| unsigned())?;
    let last = outline.signers.len() - 1;
    let message = Frame::new(object, &outline).message(&outline, last);
    let value = credential.key.sign_as(credential.algorithm, &message).map_err(Error::Key)?;
    let hole = outline.signers[last].get("value").ok_or_else(unsigned)?.span();
    let mut bytes = document.into_bytes();
    bytes.splice(hole, format!("\"{}\"", URL_SAFE_NO_PAD.encode(value)).into_bytes());
    Ok(bytes)
}

/// Where a signer is written, and with what around it: after the last member, set off as the first one is.
fn place(object: Value<'_>, signer: &str, form: Form) -> (usize, String) {
    let list = object.get(SIGNATURE).and_then(|signature| signature.get(form.name()));
    if let Some(last) = list.and_then(|list| list.elements().last()) {
        return (last.span().end, format!(", {signer}"));
    }
    let signature = match form {
        Form::Single => format!("\"{SIGNATURE}\": {signer}"),
        Form::Signers | Form::Chain => format!("\"{SIGNATURE}\": {{\"{}\": [{signer}]}}", form.name()),
    };
    let raw = &object.raw()[1..];
    match object.members().last() {
        None => (object.span().start + 1, signature),
        Some((_, end)) => {
            let space = raw.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let space = String::from_utf8_lossy(&raw[..space]);
            (end.span().end, format!(",{space}{signature}"))
        }
    }
}

pub(super) fn parse(bytes: Vec<u8>) -> Result<Document, Error> {
    Document::parse(bytes, &Limits::default()).map_err(Error::Document)
}

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No object at the pointer that could carry a signature.
    #[error("there is nothing to sign at {}", named(.0))]
    NoScope(String),
    /// Something else than an object.
    #[error("{} is {found}, an object is signed", named(.pointer))]
    NoObject {
        /// RFC 6901 pointer.
        pointer: String,
        /// What is there.
        found: &'static str,
    },
    /// There is a signature, and not a list that could get longer.
    #[error("{} is signed already, and not as a list that gets longer", named(.pointer))]
    Signed {
        /// RFC 6901 pointer.
        pointer: String,
        /// What was asked for.
        form: Form,
    },
    /// An outer signature covers what would be changed.
    #[error("signing {} would break the signature of {}, which covers it", named(.pointer), named(.outer))]
    Breaks {
        /// What was to be signed.
        pointer: String,
        /// What is signed already.
        outer: String,
    },
    /// A number that has the same spelling as another one when it is signed.
    #[error("the integer `{pointer}` ({at}) is beyond 2^53: others have the same signature")]
    Number {
        /// RFC 6901 pointer.
        pointer: String,
        /// Where it stands.
        at: Position,
    },
    /// One signature has one key, a list has at least one.
    #[error("{0} keys do not make one signature")]
    Keys(usize),
    /// More scopes than are signed at once.
    #[error("{0} scopes are more than the {MAX_SCOPES} that are signed at once")]
    TooManyScopes(usize),
    /// A signature that none of the keys made.
    #[error("the signature {pointer} was not made by a key that was given: {because}")]
    NotOurs {
        /// RFC 6901 pointer to the signature.
        pointer: String,
        /// What checking it with the keys said.
        because: String,
    },
    /// More signers than are verified.
    #[error("{} would have more than {MAX_SIGNERS} signers", named(.0))]
    TooManySigners(String),
    /// The document with its signature is beyond a limit.
    #[error("the signed document cannot be read back")]
    Document(#[source] document::Error),
    /// The key does not sign.
    #[error("the key does not sign")]
    Key(#[source] keys::Error),
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoScope(_) | Self::NoObject { .. } => Some(
                "a scope is an RFC 6901 pointer to an object, such as /components/0; the document itself is ''",
            ),
            Self::Signed { .. } => {
                Some("remove the signature first, or add to a list with --form signers or --form chain")
            }
            Self::Breaks { .. } => {
                Some("sign inner parts first: remove the outer signature and sign both again")
            }
            Self::Number { .. } => Some("write it as a string"),
            Self::Keys(_) => Some("several keys sign with --form signers or --form chain"),
            Self::TooManyScopes(_) => Some("sign them in several runs, inner ones first"),
            Self::Document(error) => error.help(),
            Self::Key(error) => error.help(),
            Self::NotOurs { .. } => Some(
                "give each key that signed with --key; what others signed, others have to sign again (--drop-signatures)",
            ),
            Self::TooManySigners(_) => None,
        }
    }
}

/// A pointer as a sentence names it.
fn named(pointer: &str) -> String {
    if pointer.is_empty() { "the document".to_owned() } else { format!("`{pointer}`") }
}

/// The most scopes that one run signs. The document is read twice for each.
pub const MAX_SCOPES: usize = 1_000;

//! Signing again what an edit has changed, by who signed it before and by nobody else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::message::Frame;
use super::scope::Scope;
use super::sign::{Error, MAX_SCOPES, find, parse};
use super::signature::{Options, Outline};
use super::verify::{State, verify_scope};
use crate::document::edit::Stale;
use crate::document::signed::SIGNATURE;
use crate::document::{Document, Value};
use crate::keys::jwa::Algorithm;
use crate::keys::{PrivateKey, PublicKey, Signer as _};

/// Writes new values into signatures that an edit broke, inner ones first, as an outer signature covers them. All else of
/// a signature stays: algorithm, name of the key, place in a chain.
///
/// A key signs again what it signed before, which is checked and not believed: each signature must have held in the
/// document as it was, under a key that is given. One that did not is refused, as signing it would make something true that
/// was not.
pub fn resign(
    before: &Document,
    after: Document,
    stale: &[Stale],
    keys: &[PrivateKey],
) -> Result<Vec<u8>, Error> {
    if stale.len() > MAX_SCOPES {
        return Err(Error::TooManyScopes(stale.len()));
    }
    // All refusals come before the first signature.
    let mut signers = Vec::with_capacity(stale.len());
    for one in stale {
        signers.push((scope(&one.after), makers(before, one, keys)?));
    }
    signers.sort_by_key(|(pointer, _)| std::cmp::Reverse(pointer.matches('/').count()));
    let mut document = after;
    for (pointer, keys) in signers {
        for (number, key) in keys.into_iter().enumerate() {
            document = parse(sign_again(document, pointer, number, key)?)?;
        }
    }
    Ok(document.into_bytes())
}

/// The object of a signature.
fn scope(signature: &str) -> &str {
    signature.strip_suffix(SIGNATURE).and_then(|pointer| pointer.strip_suffix('/')).unwrap_or(signature)
}

/// The keys that made a signature, one for each signer.
fn makers<'k>(
    before: &Document,
    stale: &Stale,
    keys: &'k [PrivateKey],
) -> Result<Vec<&'k PrivateKey>, Error> {
    let refused = |because: String| Error::NotOurs { pointer: stale.after.clone(), because };
    let Some(pointer) = &stale.before else { return Err(refused("the edit itself brings it".to_owned())) };
    let object = find(before, scope(pointer))?;
    let signature = object.get(SIGNATURE).ok_or_else(|| Error::NoScope(pointer.clone()))?;
    let public: Vec<PublicKey> = keys.iter().map(PrivateKey::public_key).collect();
    verify_scope(Scope { object, signature }, "", &public, &options(signature))
        .into_iter()
        .map(|checked| {
            let maker = keys.iter().find(|key| Some(key.public_key()) == checked.key);
            match (checked.state, maker) {
                (State::Valid, Some(key)) => Ok(key),
                _ => Err(refused(checked.finding.message)),
            }
        })
        .collect()
}

/// What the signer left out stays left out.
fn options(signature: Value<'_>) -> Options {
    let excludes = signature.get("excludes").into_iter().flat_map(|list| list.elements());
    let accept_excluded = excludes.filter_map(|name| Some(name.as_str()?.into_owned())).collect();
    Options { accept_excluded, ..Options::default() }
}

/// One signer's value, over what the document says now.
fn sign_again(document: Document, pointer: &str, number: usize, key: &PrivateKey) -> Result<Vec<u8>, Error> {
    let object = find(&document, pointer)?;
    if let Some(number) = object.inexact_number() {
        return Err(Error::Number { pointer: number.pointer(), at: number.position() });
    }
    let gone = || Error::NoScope(pointer.to_owned());
    let signature = object.get(SIGNATURE).ok_or_else(gone)?;
    let outline = Outline::read(signature, &options(signature)).map_err(|_| gone())?;
    let signer = *outline.signers.get(number).ok_or_else(gone)?;
    let name = signer.get("algorithm").and_then(|name| name.as_str()).unwrap_or_default();
    let algorithm = Algorithm::named(&name).ok_or_else(gone)?;
    let message = Frame::new(object, &outline).message(&outline, number);
    let value = key.sign_as(algorithm, &message).map_err(Error::Key)?;
    let hole = signer.get("value").ok_or_else(gone)?.span();
    let mut bytes = document.into_bytes();
    bytes.splice(hole, format!("\"{}\"", URL_SAFE_NO_PAD.encode(value)).into_bytes());
    Ok(bytes)
}

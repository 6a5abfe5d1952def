//! Checking: every signature of a document gets an answer.

use super::message::Frame;
use super::rules;
use super::scope::{Scope, scopes};
use super::signature::{Flaw, Form, Options, Outline, Signer};
use crate::document::{Document, Value};
use crate::finding::{Finding, Location};
use crate::keys::jwa::Algorithm;
use crate::keys::{self, PublicKey};

/// What became of one signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// A key that was given made it, over this content.
    Valid,
    /// It does not hold.
    Invalid,
    /// It holds under a key that it brings along and that nobody gave.
    NotTrusted,
    /// There was no key to check it with.
    NotChecked,
}

impl State {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::NotTrusted => "not-trusted",
            Self::NotChecked => "not-checked",
        }
    }
}

/// One signature, and what became of it.
#[derive(Debug, Clone)]
pub struct Checked {
    /// RFC 6901 pointer to what is signed: the enclosing object.
    pub pointer: String,
    /// What the enclosing object is in CycloneDX.
    pub kind: &'static str,
    /// How many signatures it carries; nothing when the signature is too broken to tell.
    pub form: Option<Form>,
    /// Which of them this is, from 0.
    pub signer: usize,
    /// The algorithm, when it is one that is allowed.
    pub algorithm: Option<Algorithm>,
    /// What the signer calls the key. Nobody vouches for it.
    pub key_id: Option<String>,
    /// The key that made it: one that was given if [`State::Valid`], else the one that it brings along.
    pub key: Option<PublicKey>,
    /// What became of it.
    pub state: State,
    /// Why, and where.
    pub finding: Finding,
}

/// Checks every signature of a document against the keys that are believed, in the order of the text. `file` is what
/// findings call the document. A document without a signature has no answers.
pub fn verify(document: &Document, file: &str, keys: &[PublicKey], options: &Options) -> Vec<Checked> {
    scopes(document, &options.property)
        .into_iter()
        .flat_map(|scope| verify_scope(scope, file, keys, options))
        .collect()
}

/// Checks the signatures of one object.
pub fn verify_scope(scope: Scope<'_>, file: &str, keys: &[PublicKey], options: &Options) -> Vec<Checked> {
    let case = Case { pointer: scope.object.pointer(), kind: scope.kind(), file, keys };
    let outline = match Outline::read(scope.signature, options) {
        Ok(outline) => outline,
        Err(flaw) => return vec![case.refused(None, 0, &flaw)],
    };
    // Two such numbers have one spelling in RFC 8785, so that one could be exchanged for the other.
    if let Some(number) = scope.object.inexact_number() {
        let message = "an integer beyond 2^53 stands in what is signed".to_owned();
        let flaw = Flaw { rule: &rules::NUMBER, at: number, message };
        return (0..outline.signers.len()).map(|at| case.refused(Some(outline.form), at, &flaw)).collect();
    }
    let frame = Frame::new(scope.object, &outline);
    outline
        .signers
        .iter()
        .enumerate()
        .map(|(number, &value)| match outline.signer(value) {
            Err(flaw) => case.refused(Some(outline.form), number, &flaw),
            Ok(signer) => case.checked(&outline, number, value, signer, || frame.message(&outline, number)),
        })
        .collect()
}

struct Case<'a> {
    pointer: String,
    kind: &'static str,
    file: &'a str,
    keys: &'a [PublicKey],
}

impl Case<'_> {
    fn refused(&self, form: Option<Form>, signer: usize, flaw: &Flaw<'_>) -> Checked {
        Checked {
            pointer: self.pointer.clone(),
            kind: self.kind,
            form,
            signer,
            algorithm: None,
            key_id: None,
            key: None,
            state: State::Invalid,
            finding: flaw.rule.fail(self.subject(), flaw.message.clone()).at(self.location(flaw.at)),
        }
    }

    fn checked(
        &self,
        outline: &Outline<'_>,
        number: usize,
        at: Value<'_>,
        signer: Signer<'_>,
        message: impl FnOnce() -> Vec<u8>,
    ) -> Checked {
        let fits = |key: &&PublicKey| key.key_type() == signer.algorithm.key_type();
        let (state, key, finding) = match &signer.public_key {
            Some(embedded) => {
                let given = self.keys.contains(embedded);
                match embedded.verify_as(signer.algorithm, &message(), &signer.value) {
                    Ok(()) if given => self.valid(embedded),
                    Ok(()) => (
                        State::NotTrusted,
                        Some(embedded.clone()),
                        rules::TRUST
                            .open(
                                self.subject(),
                                "the signature holds under its embedded key, which is not trusted",
                            )
                            .because("embedded key", embedded.digest()),
                    ),
                    Err(error) => (State::Invalid, Some(embedded.clone()), self.mismatch(true, &error)),
                }
            }
            None if self.keys.iter().any(|key| fits(&key)) => {
                let message = message();
                let mut found = None;
                let mut worst = keys::Error::SignatureMismatch;
                for key in self.keys.iter().filter(fits) {
                    match key.verify_as(signer.algorithm, &message, &signer.value) {
                        Ok(()) => found = found.or(Some(key)),
                        Err(error) => worst = error,
                    }
                }
                match found {
                    Some(key) => self.valid(key),
                    None => (State::Invalid, None, self.mismatch(false, &worst)),
                }
            }
            None => {
                let why = if signer.has_certificate {
                    "the signature brings a certificate, which is not trusted, and no key that was given fits it"
                } else {
                    "no key that was given fits the algorithm"
                };
                (State::NotChecked, None, rules::KEY.not_evaluated(self.subject(), why))
            }
        };
        let mut finding = finding.because("algorithm", signer.algorithm).at(self.location(at));
        if let Some(name) = &signer.key_id {
            finding = finding.because("keyId", name);
        }
        Checked {
            pointer: self.pointer.clone(),
            kind: self.kind,
            form: Some(outline.form),
            signer: number,
            algorithm: Some(signer.algorithm),
            key_id: signer.key_id.map(std::borrow::Cow::into_owned),
            key,
            state,
            finding,
        }
    }

    fn valid(&self, key: &PublicKey) -> (State, Option<PublicKey>, Finding) {
        (State::Valid, Some(key.clone()), rules::SIGNATURE.pass(self.subject()).because("key", key.digest()))
    }

    fn mismatch(&self, embedded: bool, error: &keys::Error) -> Finding {
        if let keys::Error::SignatureForm(form) = error {
            return rules::ENCODING.fail(self.subject(), format!("the value is not {form}"));
        }
        let message = if embedded {
            "the signature is not one of this content by the key that it brings along"
        } else {
            "the signature is not one of this content by a key that was given"
        };
        let finding = rules::SIGNATURE.fail(self.subject(), message);
        if embedded {
            return finding;
        }
        self.keys.iter().map(PublicKey::digest).fold(finding, |finding, key| finding.because("tried", key))
    }

    fn subject(&self) -> String {
        if self.pointer.is_empty() { self.kind.to_owned() } else { self.pointer.clone() }
    }

    fn location(&self, at: Value<'_>) -> Location {
        let position = at.position();
        Location {
            file: self.file.to_owned(),
            pointer: Some(at.pointer()),
            line: Some(position.line),
            column: Some(position.column),
        }
    }
}

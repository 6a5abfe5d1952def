//! The signature object, read strictly.
//!
//! JSF 0.82, section 5, and `jsf-0.82.schema.json` of CycloneDX, which has no `extensions`, and `excludes` only beside one
//! signature.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::rules;
use crate::document::signed::SIGNATURE;
use crate::document::{Kind, Value};
use crate::finding::Rule;
use crate::keys::PublicKey;
use crate::keys::jwa::Algorithm;

/// How many signatures an object carries, and what they say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// One.
    Single,
    /// Several that do not know each other.
    Signers,
    /// Several, each of which signs those before it.
    Chain,
}

impl Form {
    /// The name in reports; for several, the member that holds them.
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Signers => "signers",
            Self::Chain => "chain",
        }
    }
}

/// Which rules a signature follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// CycloneDX's schema of JSF.
    #[default]
    CycloneDx,
    /// JSF itself: `extensions`, `excludes` of several signatures, and signed arrays.
    Jsf,
}

/// What is accepted beyond a plain signature of the whole object.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which rules a signature follows.
    pub dialect: Dialect,
    /// The member that holds the signature.
    pub property: String,
    /// Members of the enclosing object that may be left unsigned.
    pub accept_excluded: Vec<String>,
    /// Extensions that may stand in a signature; only in JSF itself.
    pub accept_extensions: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dialect: Dialect::CycloneDx,
            property: SIGNATURE.to_owned(),
            accept_excluded: Vec::new(),
            accept_extensions: Vec::new(),
        }
    }
}

/// Why a signature is refused before any cryptography.
#[derive(Debug, Clone)]
pub(super) struct Flaw<'a> {
    pub(super) rule: &'static Rule,
    pub(super) at: Value<'a>,
    pub(super) message: String,
}

/// Where the parts of a signature are, which is all that its message depends on.
pub(super) struct Outline<'a> {
    pub(super) object: Value<'a>,
    pub(super) form: Form,
    pub(super) signers: Vec<Value<'a>>,
    extensions: BTreeSet<String>,
}

/// One signature, in a form that can be checked.
pub(super) struct Signer<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<Cow<'a, str>>,
    pub(super) public_key: Option<PublicKey>,
    pub(super) has_certificate: bool,
    pub(super) value: Vec<u8>,
}

impl<'a> Outline<'a> {
    pub(super) fn read(object: Value<'a>, options: &Options) -> Result<Self, Flaw<'a>> {
        let flaw = |rule, at, message: &str| Err(Flaw { rule, at, message: message.to_owned() });
        if object.kind() != Kind::Object {
            return flaw(&rules::FORM, object, &format!("the signature is {}", object.kind().name()));
        }
        let (form, signers) = match (object.get("signers"), object.get("chain")) {
            (None, None) => (Form::Single, vec![object]),
            (Some(_), Some(_)) => return flaw(&rules::FORM, object, "it has both `signers` and `chain`"),
            (list, chain) => {
                let form = if list.is_some() { Form::Signers } else { Form::Chain };
                let list = list.or(chain).unwrap_or(object);
                if list.kind() != Kind::Array {
                    return flaw(&rules::FORM, list, "the list of signers is not an array");
                }
                let signers: Vec<_> = list.elements().take(MAX_SIGNERS + 1).collect();
                if signers.is_empty() {
                    return flaw(&rules::FORM, list, "the list of signers is empty");
                }
                if signers.len() > MAX_SIGNERS {
                    return flaw(&rules::LIMIT, list, &format!("there are more than {MAX_SIGNERS} signers"));
                }
                (form, signers)
            }
        };
        let jsf = options.dialect == Dialect::Jsf;
        if form != Form::Single {
            for (name, member) in object.members().filter(|(name, _)| *name != form.name()) {
                match &*name {
                    "excludes" | "extensions" if jsf => {}
                    "excludes" => {
                        return flaw(
                            &rules::EXCLUDES,
                            member,
                            "CycloneDX has no `excludes` for several signers",
                        );
                    }
                    "extensions" => return flaw(&rules::EXTENSIONS, member, "CycloneDX has no `extensions`"),
                    _ => {
                        return flaw(
                            &rules::UNKNOWN_FIELD,
                            member,
                            &format!("`{name}` is no field of a signature"),
                        );
                    }
                }
            }
        }
        let excludes = accepted(object, "excludes", &options.accept_excluded, &rules::EXCLUDES)?;
        if excludes.contains(&options.property) {
            return flaw(&rules::EXCLUDES, object, "the signature excludes itself");
        }
        let extensions: &[String] = if jsf { &options.accept_extensions } else { &[] };
        let extensions = accepted(object, "extensions", extensions, &rules::EXTENSIONS)?;
        Ok(Self { object, form, signers, extensions })
    }

    /// The parts of one signer.
    pub(super) fn signer(&self, signer: Value<'a>) -> Result<Signer<'a>, Flaw<'a>> {
        let flaw = |rule, at, message: String| Err(Flaw { rule, at, message });
        if signer.kind() != Kind::Object {
            return flaw(
                &rules::FORM,
                signer,
                format!("a signer is an object, this is {}", signer.kind().name()),
            );
        }
        for (name, member) in signer.members() {
            let own = FIELDS.contains(&&*name)
                || self.form == Form::Single && (name == "excludes" || name == "extensions");
            if !own && name == "excludes" {
                return flaw(&rules::EXCLUDES, member, "`excludes` stands beside several signers".to_owned());
            }
            if !own && !self.extensions.contains(&*name) {
                let shown: String = name.chars().take(SHOWN).collect();
                return flaw(&rules::UNKNOWN_FIELD, member, format!("`{shown}` is no field of a signature"));
            }
        }
        let text = |name: &str| match signer.get(name) {
            None => Ok(None),
            Some(value) => match value.as_str() {
                Some(text) => Ok(Some((value, text))),
                None => {
                    Err(Flaw { rule: &rules::FORM, at: value, message: format!("`{name}` is not a string") })
                }
            },
        };
        let missing = |name| Flaw { rule: &rules::FORM, at: signer, message: format!("`{name}` is missing") };
        let (at, name) = text("algorithm")?.ok_or_else(|| missing("algorithm"))?;
        let (value_at, value) = text("value")?.ok_or_else(|| missing("value"))?;
        // cdxgen puts a compact JSON Web Signature over a text of its own there, which says nothing of this object.
        if value.matches('.').count() == 2 {
            let message = "the value is a whole JSON Web Signature, as cdxgen writes: this is not JSF";
            return flaw(&rules::JWS, value_at, message.to_owned());
        }
        let Some(algorithm) = Algorithm::named(&name) else {
            let shown: String = name.chars().take(SHOWN).collect();
            let message = match shown.as_str() {
                "HS256" | "HS384" | "HS512" => {
                    format!("{shown} is an HMAC: whoever can check it can also make it")
                }
                "Ed448" => "Ed448 is not supported".to_owned(),
                _ => format!("`{shown}` is no algorithm that is allowed"),
            };
            return flaw(&rules::ALGORITHM, at, message);
        };
        let key_id = text("keyId")?.map(|(_, text)| text);
        let public_key = match signer.get("publicKey") {
            None => None,
            Some(jwk) => match PublicKey::from_jwk(jwk) {
                Ok(key) if key.key_type() == algorithm.key_type() => Some(key),
                Ok(key) => {
                    let message = format!("a {} key does not sign with {algorithm}", key.key_type());
                    return flaw(&rules::PUBLIC_KEY, jwk, message);
                }
                Err(error) => return flaw(&rules::PUBLIC_KEY, jwk, error.to_string()),
            },
        };
        let has_certificate = match signer.get("certificatePath") {
            None => false,
            Some(path)
                if path.elements().all(|one| one.kind() == Kind::String) && path.elements().count() > 0 =>
            {
                true
            }
            Some(path) => {
                return flaw(&rules::FORM, path, "`certificatePath` is no list of certificates".to_owned());
            }
        };
        let value = (value.len() <= MAX_VALUE).then(|| URL_SAFE_NO_PAD.decode(&*value).ok()).flatten();
        let Some(value) = value else {
            return flaw(&rules::ENCODING, value_at, "the value is not base64url without padding".to_owned());
        };
        Ok(Signer { algorithm, key_id, public_key, has_certificate, value })
    }
}

/// A list of names, all of which must be accepted ones.
fn accepted<'a>(
    object: Value<'a>,
    field: &str,
    accepted: &[String],
    rule: &'static Rule,
) -> Result<BTreeSet<String>, Flaw<'a>> {
    let Some(list) = object.get(field) else { return Ok(BTreeSet::new()) };
    let mut names = BTreeSet::new();
    for element in list.elements() {
        let name = element.as_str().unwrap_or_default().into_owned();
        if !accepted.contains(&name) {
            let shown: String = name.chars().take(SHOWN).collect();
            return Err(Flaw {
                rule,
                at: element,
                message: format!("`{field}` names `{shown}`, which is not accepted"),
            });
        }
        if FIELDS.contains(&&*name) || !names.insert(name) {
            return Err(Flaw {
                rule,
                at: element,
                message: format!("`{field}` names a field that it may not"),
            });
        }
    }
    if names.is_empty() {
        return Err(Flaw { rule, at: list, message: format!("`{field}` is no list of names") });
    }
    Ok(names)
}

/// The most signers of one object. Each costs a hash of the whole object.
pub const MAX_SIGNERS: usize = 64;
/// What a signer may have.
const FIELDS: [&str; 5] = ["algorithm", "keyId", "publicKey", "certificatePath", "value"];
/// Characters of a value: an RSA signature of 8192 bits has 1,366.
const MAX_VALUE: usize = 1_400;
/// Characters of a name that a message repeats.
const SHOWN: usize = 80;

//! Signed notes: a text and, below it, who vouches for it.
//!
//! Format: <https://c2sp.org/signed-note>. Only Ed25519 signatures (type `0x01`) are made and checked here; lines of other
//! kinds and of unknown keys are kept and ignored, as the specification asks.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::Hash;
use crate::digest::{decode_hex, encode_hex};
use crate::keys::{self, PublicKey, Signer};

/// A text with its signatures, none of them checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: KeyName,
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl Note {
    /// Reads a note of at most [`MAX_BYTES`] bytes and [`MAX_SIGNATURES`] signature lines.
    pub fn parse(note: &[u8]) -> Result<Self, NoteError> {
        if note.len() > MAX_BYTES {
            return Err(NoteError::TooLarge(note.len()));
        }
        let note = str::from_utf8(note).map_err(|_| NoteError::Characters)?;
        if note.bytes().any(|byte| byte < b' ' && byte != b'\n') {
            return Err(NoteError::Characters);
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Form)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let signatures = lines.split('\n').map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// The signed text, with the newline at its end. Do not believe it before [`Note::verify`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in the order in which they stand.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Checks every signature whose name and id are those of a key given, and names the keys that signed.
    ///
    /// One bad signature in a known name refuses the whole note; that no key given has signed is an error too.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signed = Vec::new();
        for signature in &self.signatures {
            let known = keys.iter().filter(|key| key.name == signature.name && key.id() == signature.id);
            for key in known {
                key.key
                    .verify(self.text.as_bytes(), &signature.bytes)
                    .map_err(|_| NoteError::Signature(key.name.clone()))?;
                if !signed.contains(&key) {
                    signed.push(key);
                }
            }
        }
        if signed.is_empty() { Err(NoteError::Unsigned) } else { Ok(signed) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl Signature {
    /// The name of the key.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id that tells keys of one name apart; it is no proof of anything.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// What follows the id; for Ed25519 64 bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = [&self.id[..], &self.bytes].concat();
        write!(f, "{LINE_START}{} {}", self.name, STANDARD.encode(body))
    }
}

impl FromStr for Signature {
    type Err = NoteError;

    fn from_str(line: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::Line(line.chars().take(80).collect());
        let (name, body) =
            line.strip_prefix(LINE_START).and_then(|rest| rest.split_once(' ')).ok_or_else(malformed)?;
        let name = name.parse().map_err(|_| malformed())?;
        let body = STANDARD.decode(body).map_err(|_| malformed())?;
        match body.split_first_chunk() {
            Some((id, bytes)) if !bytes.is_empty() => Ok(Self { name, id: *id, bytes: bytes.to_vec() }),
            _ => Err(malformed()),
        }
    }
}

/// The name of a key: not empty, without white space and plus signs, at most [`MAX_NAME`] bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyName {
    type Err = NoteError;

    fn from_str(name: &str) -> Result<Self, NoteError> {
        let wrong =
            |character: char| character.is_whitespace() || character.is_ascii_control() || character == '+';
        if name.is_empty() || name.len() > MAX_NAME || name.chars().any(wrong) {
            return Err(NoteError::Name);
        }
        Ok(Self(name.to_owned()))
    }
}

/// A named Ed25519 key that checks notes. Its text is a `vkey`: name, id and key, joined by plus signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    key: PublicKey,
    log_id: Hash,
}

impl VerifierKey {
    /// A key under a name. Only Ed25519 keys sign notes here.
    pub fn new(name: KeyName, key: PublicKey) -> Result<Self, NoteError> {
        let raw = key.ed25519_bytes().ok_or(NoteError::KeyType)?;
        let id = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', ED25519])
            .chain_update(raw)
            .finalize();
        Ok(Self { name, key, log_id: Hash::new(id.into()) })
    }

    /// Its name; for the key of a log, the origin.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The key itself.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The whole hash of name, type and key: Sigstore's `logId.keyId` of a log whose checkpoints it signs.
    pub fn log_id(&self) -> &Hash {
        &self.log_id
    }

    /// The first four bytes of [`VerifierKey::log_id`], which stand before its signatures.
    pub fn id(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = *self.log_id.as_bytes();
        [a, b, c, d]
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let raw = self.key.ed25519_bytes().unwrap_or_default();
        let body = [&[ED25519][..], &raw].concat();
        write!(f, "{}+{}+{}", self.name, encode_hex(&self.id()), STANDARD.encode(body))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, rest) = text.split_once('+').ok_or(NoteError::VerifierKey)?;
        let (id, body) = rest.split_once('+').ok_or(NoteError::VerifierKey)?;
        let id = decode_hex(id).filter(|id| id.len() == 4).ok_or(NoteError::VerifierKey)?;
        let body = STANDARD.decode(body).map_err(|_| NoteError::VerifierKey)?;
        let (kind, raw) = body.split_first().ok_or(NoteError::VerifierKey)?;
        if *kind != ED25519 {
            return Err(NoteError::KeyType);
        }
        let raw = raw.try_into().map_err(|_| NoteError::VerifierKey)?;
        let key = Self::new(name.parse()?, PublicKey::from_ed25519(raw).map_err(NoteError::Key)?)?;
        if key.id()[..] == id { Ok(key) } else { Err(NoteError::KeyId) }
    }
}

/// A named key that signs notes.
pub struct NoteSigner<'s> {
    verifier: VerifierKey,
    signer: &'s dyn Signer,
}

impl<'s> NoteSigner<'s> {
    /// Signs with an Ed25519 key under a name.
    pub fn new(name: KeyName, signer: &'s dyn Signer) -> Result<Self, NoteError> {
        Ok(Self { verifier: VerifierKey::new(name, signer.public_key())?, signer })
    }

    /// The key that checks what this one signs.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Makes a note of a text that ends with a newline and has no control characters but newlines.
    pub fn sign(&self, text: &str) -> Result<Note, NoteError> {
        if !text.ends_with('\n') {
            return Err(NoteError::Form);
        }
        let bytes = self.signer.sign(text.as_bytes()).map_err(NoteError::Key)?;
        let signature = Signature { name: self.verifier.name.clone(), id: self.verifier.id(), bytes };
        let note = Note { text: text.to_owned(), signatures: vec![signature] };
        // What could not be read again must not be signed.
        if Note::parse(note.to_string().as_bytes())? == note { Ok(note) } else { Err(NoteError::Form) }
    }
}

impl fmt::Debug for NoteSigner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.verifier)
    }
}

/// Why a note, a name or a key is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// More bytes than [`MAX_BYTES`].
    #[error("the note has {0} bytes, more than {MAX_BYTES}")]
    TooLarge(usize),
    /// Not UTF-8, or a control character other than the newline.
    #[error("the note is not UTF-8 text without control characters")]
    Characters,
    /// No text, empty line and signature lines that end with a newline.
    #[error("the note has no text with signature lines below an empty line")]
    Form,
    /// More lines than [`MAX_SIGNATURES`].
    #[error("the note has more than {MAX_SIGNATURES} signature lines")]
    TooManySignatures,
    /// A line that is no signature.
    #[error("`{0}` is not a signature line")]
    Line(String),
    /// An empty name, or one with white space, plus signs or more than [`MAX_NAME`] bytes.
    #[error("not the name of a key")]
    Name,
    /// A text that is no verifier key.
    #[error("not a verifier key, which looks like name+hash+key")]
    VerifierKey,
    /// A key of another kind than Ed25519.
    #[error("only Ed25519 keys are understood in notes")]
    KeyType,
    /// The id in a verifier key does not belong to its name and key.
    #[error("the id in the verifier key is not that of its name and key")]
    KeyId,
    /// The key does not work.
    #[error("the key of the note cannot be used")]
    Key(#[source] keys::Error),
    /// A known key's signature that does not fit the text.
    #[error("the signature of `{0}` does not fit the note")]
    Signature(KeyName),
    /// None of the keys given has signed.
    #[error("no key that is known signed the note")]
    Unsigned,
}

/// The most bytes of a note.
pub const MAX_BYTES: usize = 64 * 1024;

/// The most signature lines of a note; the specification asks for 16 at least.
pub const MAX_SIGNATURES: usize = 100;

/// The most bytes of a key's name.
pub const MAX_NAME: usize = 255;

/// The specification's signature type of Ed25519.
const ED25519: u8 = 0x01;

/// An em dash and a space.
const LINE_START: &str = "— ";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keys::{KeyType, PrivateKey};

    // The example of Go's golang.org/x/mod/sumdb/note, which the specification grew from.
    const NEUMANN: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const PROBLEM: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn key(seed: u8) -> PrivateKey {
        PrivateKey::from_seed(KeyType::Ed25519, &[seed; 32]).unwrap()
    }

    fn signed(name: &str, seed: u8, text: &str) -> Note {
        NoteSigner::new(name.parse().unwrap(), &key(seed)).unwrap().sign(text).unwrap()
    }

    fn verifier(name: &str, seed: u8) -> VerifierKey {
        VerifierKey::new(name.parse().unwrap(), key(seed).public_key()).unwrap()
    }

    #[test]
    fn the_example_of_the_go_library_verifies() {
        let neumann: VerifierKey = NEUMANN.parse().unwrap();
        assert_eq!(neumann.to_string(), NEUMANN);
        let note = Note::parse(PROBLEM.as_bytes()).unwrap();
        assert_eq!(note.to_string(), PROBLEM);
        assert_eq!(note.verify(std::slice::from_ref(&neumann)).unwrap(), [&neumann]);
        let changed = Note::parse(PROBLEM.replace("don't", "do").as_bytes()).unwrap();
        assert_eq!(
            changed.verify(std::slice::from_ref(&neumann)),
            Err(NoteError::Signature(neumann.name.clone()))
        );
    }

    #[test]
    fn the_key_of_the_go_checksum_database_has_its_id() {
        let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        let key: VerifierKey = text.parse().unwrap();
        assert_eq!(key.to_string(), text);
        assert_eq!(key.id(), [0x03, 0x3d, 0xe0, 0xae]);
        assert_eq!(key.log_id().as_bytes()[..4], key.id());
    }

    #[test]
    fn a_bad_signature_of_a_known_key_refuses_the_note_and_an_unknown_one_is_ignored() {
        let (good, other) = (signed("a.example", 1, "text\n"), signed("b.example", 2, "another text\n"));
        let both = Note {
            text: good.text.clone(),
            signatures: [good.signatures.clone(), other.signatures].concat(),
        };
        let (a, b) = (verifier("a.example", 1), verifier("b.example", 2));
        assert_eq!(both.verify(std::slice::from_ref(&a)).unwrap(), [&a]);
        assert_eq!(both.verify(&[a, b.clone()]), Err(NoteError::Signature(b.name.clone())));
        assert_eq!(good.verify(&[b]), Err(NoteError::Unsigned));
        assert_eq!(good.verify(&[]), Err(NoteError::Unsigned));
        // The same name with another key is another key, and so is the same key under another name.
        assert_eq!(good.verify(&[verifier("a.example", 2)]), Err(NoteError::Unsigned));
        assert_eq!(good.verify(&[verifier("c.example", 1)]), Err(NoteError::Unsigned));
    }

    #[test]
    fn a_second_line_of_a_known_key_must_fit_too_and_counts_once() {
        let good = signed("a.example", 1, "text\n");
        let a = [verifier("a.example", 1)];
        let mut twice = good.clone();
        twice.signatures.push(good.signatures[0].clone());
        assert_eq!(twice.verify(&a).unwrap().len(), 1);
        twice.signatures[1].bytes[7] ^= 1;
        assert_eq!(twice.verify(&a), Err(NoteError::Signature(a[0].name.clone())));
        twice.signatures[1].bytes = vec![1];
        assert_eq!(twice.verify(&a), Err(NoteError::Signature(a[0].name.clone())));
    }

    #[test]
    fn a_malformed_note_is_refused() {
        for (note, error) in [
            ("", NoteError::Form),
            ("text\n", NoteError::Form),
            ("text\n\n", NoteError::Form),
            ("text\n\n\n", NoteError::Form),
            ("text\n\n— a AAAAAAE=", NoteError::Form),
            ("text\n— a AAAAAAE=\n", NoteError::Form),
            ("te\rxt\n\n— a AAAAAAE=\n", NoteError::Characters),
            ("te\0xt\n\n— a AAAAAAE=\n", NoteError::Characters),
        ] {
            assert_eq!(Note::parse(note.as_bytes()), Err(error), "{note:?}");
        }
        assert_eq!(Note::parse(b"\xff\n\n\xe2\x80\x94 a AAAAAAE=\n"), Err(NoteError::Characters));
        for line in [
            "a AAAAAAE=",
            "- a AAAAAAE=",
            "—a AAAAAAE=",
            "—  AAAAAAE=",
            "— a+b AAAAAAE=",
            "— a\u{a0}b AAAAAAE=",
            "— a  AAAAAAE=",
            "— a AAAAAAE= ",
            "— a AAAAAAE",
            "— a AAAAAAF=",
            "— a AAAAAA==",
            "— a",
            "— a \u{2003}",
        ] {
            assert_eq!(
                Note::parse(format!("text\n\n{line}\n").as_bytes()),
                Err(NoteError::Line(line.to_owned())),
                "{line:?}"
            );
        }
    }

    #[test]
    fn the_last_empty_line_ends_the_text() {
        let note = Note::parse("a\n\nb\n\n— a AAAAAAE=\n".as_bytes()).unwrap();
        assert_eq!(note.text(), "a\n\nb\n");
        assert_eq!(note.to_string(), "a\n\nb\n\n— a AAAAAAE=\n");
    }

    #[test]
    fn every_limit_of_a_note_holds() {
        let line = "— a AAAAAAE=\n";
        let note = |lines: usize| format!("text\n\n{}", line.repeat(lines));
        assert_eq!(Note::parse(note(MAX_SIGNATURES).as_bytes()).unwrap().signatures().len(), MAX_SIGNATURES);
        assert_eq!(Note::parse(note(MAX_SIGNATURES + 1).as_bytes()), Err(NoteError::TooManySignatures));
        let end = format!("\n\n{line}");
        let long = "a".repeat(MAX_BYTES - end.len()) + &end;
        assert!(Note::parse(long.as_bytes()).is_ok());
        assert_eq!(Note::parse(format!("a{long}").as_bytes()), Err(NoteError::TooLarge(MAX_BYTES + 1)));
        assert!("a".repeat(MAX_NAME).parse::<KeyName>().is_ok());
        assert_eq!("a".repeat(MAX_NAME + 1).parse::<KeyName>(), Err(NoteError::Name));
    }

    #[test]
    fn a_malformed_verifier_key_is_refused() {
        for (text, error) in [
            ("", NoteError::VerifierKey),
            ("PeterNeumann", NoteError::VerifierKey),
            ("PeterNeumann+c74f20a3", NoteError::VerifierKey),
            ("PeterNeumann+c74f20a3+", NoteError::VerifierKey),
            (&NEUMANN.replace("c74f20a3", "c74f20a4"), NoteError::KeyId),
            (&NEUMANN.replace("c74f20a3", "C74F20A3"), NoteError::VerifierKey),
            (&NEUMANN.replace("c74f20a3", "c74f20a300"), NoteError::VerifierKey),
            (&NEUMANN.replace("PeterNeumann", "peter"), NoteError::KeyId),
            (&NEUMANN.replace("PeterNeumann", ""), NoteError::Name),
            (&NEUMANN.replace("+ARpc", "+Ahpc"), NoteError::KeyType),
            (&NEUMANN.replace("10TW", "10T="), NoteError::VerifierKey),
            (&format!("{NEUMANN}\n"), NoteError::VerifierKey),
        ] {
            assert_eq!(text.parse::<VerifierKey>(), Err(error), "{text:?}");
        }
        let weak = format!("weak+00000000+{}", STANDARD.encode([&[ED25519][..], &[0; 32]].concat()));
        assert!(matches!(weak.parse::<VerifierKey>(), Err(NoteError::Key(_))));
    }

    #[test]
    fn only_what_can_be_read_again_is_signed() {
        let key = key(1);
        let signer = NoteSigner::new("a.example".parse().unwrap(), &key).unwrap();
        assert_eq!(signer.sign("no newline"), Err(NoteError::Form));
        assert_eq!(signer.sign("bell\u{7}\n"), Err(NoteError::Characters));
        assert!(matches!(signer.sign(&"a\n".repeat(MAX_BYTES / 2)), Err(NoteError::TooLarge(_))));
        let p256 = PrivateKey::from_seed(KeyType::P256, &[1; 32]).unwrap();
        assert!(matches!(NoteSigner::new("a".parse().unwrap(), &p256), Err(NoteError::KeyType)));
    }

    proptest! {
        #[test]
        fn any_note_is_refused_or_prints_back(text in "[a\n —+]{0,12}", lines in "(— a AAAAAAE=\n){0,3}") {
            let bytes = format!("{text}\n\n{lines}");
            if let Ok(note) = Note::parse(bytes.as_bytes()) {
                prop_assert_eq!(note.to_string(), bytes);
            }
        }

        #[test]
        fn what_is_signed_verifies(text in "([ -~é]{0,20}\n){1,5}", seed: u8) {
            let note = signed("log.example", seed, &text);
            let key = verifier("log.example", seed);
            prop_assert_eq!(Note::parse(note.to_string().as_bytes()).unwrap(), note.clone());
            prop_assert_eq!(note.verify(std::slice::from_ref(&key)).unwrap(), [&key]);
            prop_assert_eq!(key.to_string().parse(), Ok(key));
        }
    }
}

//! Signed notes: a text and, below it, who vouches for it.
//!
//! Format: <https://c2sp.org/signed-note>. Only Ed25519 signatures (type `0x01`) are made and checked here; lines of other
//! kinds and of unknown keys are kept and ignored, as the specification asks.

mod key;

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::keys::{self, PublicKey, Signer};

pub use key::{KeyName, MAX_NAME, VerifierKey};

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
            let known = keys.iter().filter(|key| *key.name() == signature.name && key.id() == signature.id);
            for key in known {
                key.key()
                    .verify(self.text.as_bytes(), &signature.bytes)
                    .map_err(|_| NoteError::Signature(key.name().clone()))?;
                if !signed.contains(&key) {
                    signed.push(key);
                }
            }
        }
        if signed.is_empty() { Err(NoteError::Unsigned) } else { Ok(signed) }
    }
}

impl Note {
    /// Checks every signature line of this name and one of these ids against a key, and counts them.
    ///
    /// Logs of Sigstore sign with keys of any kind and have ids of their own making, which the trusted root names.
    pub fn verify_lines(&self, name: &KeyName, ids: &[[u8; 4]], key: &PublicKey) -> Result<usize, NoteError> {
        let mut lines = 0;
        for signature in self.signatures.iter().filter(|line| line.name == *name && ids.contains(&line.id)) {
            key.verify(self.text.as_bytes(), &signature.bytes)
                .map_err(|_| NoteError::Signature(name.clone()))?;
            lines += 1;
        }
        if lines == 0 { Err(NoteError::Unsigned) } else { Ok(lines) }
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
        let signature = Signature { name: self.verifier.name().clone(), id: self.verifier.id(), bytes };
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
            Err(NoteError::Signature(neumann.name().clone()))
        );
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
        assert_eq!(both.verify(&[a, b.clone()]), Err(NoteError::Signature(b.name().clone())));
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
        assert_eq!(twice.verify(&a), Err(NoteError::Signature(a[0].name().clone())));
        twice.signatures[1].bytes = vec![1];
        assert_eq!(twice.verify(&a), Err(NoteError::Signature(a[0].name().clone())));
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

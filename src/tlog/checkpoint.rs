//! Checkpoints: what a log says about itself at one size, before anyone signs it.
//!
//! Format: <https://c2sp.org/tlog-checkpoint>, without extension lines.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use super::note::{Note, NoteError, VerifierKey};
use super::{Hash, merkle};

/// The size and the root of a log. Its text is the three lines that are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, one line.
    pub origin: String,
    /// How many entries the tree has.
    pub size: u64,
    /// The root of the tree of these entries.
    pub root: Hash,
}

impl Checkpoint {
    /// Reads a signed checkpoint: the note must be signed by this key, and the origin be the key's name.
    pub fn open(note: &[u8], key: &VerifierKey) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        note.verify(std::slice::from_ref(key))?;
        let checkpoint: Self = note.text().parse()?;
        if checkpoint.origin != key.name().as_str() {
            return Err(CheckpointError::Origin(checkpoint.origin));
        }
        Ok(checkpoint)
    }

    /// Reads a checkpoint to which its log has added lines, and gives their number; Rekor v1 adds its time.
    pub fn with_extensions(text: &str) -> Result<(Self, usize), CheckpointError> {
        let end = text.match_indices('\n').nth(2).map_or(text.len(), |(at, _)| at + 1);
        let (own, extensions) = text.split_at(end);
        let lines: Vec<_> = extensions.split_inclusive('\n').collect();
        // The specification wants none of them empty.
        if lines.iter().any(|line| line.len() < 2 || !line.ends_with('\n')) {
            return Err(CheckpointError::Spelling);
        }
        Ok((own.parse()?, lines.len()))
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root)
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let [origin, size, root] = text.lines().collect::<Vec<_>>()[..] else {
            return Err(CheckpointError::Lines(text.lines().count()));
        };
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(CheckpointError::Size)?,
            root: Hash::from_base64(root).ok_or(CheckpointError::Root)?,
        };
        if checkpoint.origin.is_empty() {
            return Err(CheckpointError::Origin(String::new()));
        }
        if checkpoint.size == 0 && checkpoint.root != merkle::empty_root() {
            return Err(CheckpointError::EmptyRoot);
        }
        // Signed text has one spelling: what does not print back byte for byte is refused.
        if checkpoint.to_string() != text {
            return Err(CheckpointError::Spelling);
        }
        Ok(checkpoint)
    }
}

/// Why a text is not a checkpoint, or not that of the log asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// It is no signed note, or not signed as it must be.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// More lines or fewer than three.
    #[error("a checkpoint has 3 lines, this one has {0}")]
    Lines(usize),
    /// The size is no decimal number of 64 bits.
    #[error("the size of the checkpoint is no number")]
    Size(#[source] ParseIntError),
    /// The root is not the base64 of 32 bytes.
    #[error("the root of the checkpoint is not the base64 of 32 bytes")]
    Root,
    /// A tree without entries has one root.
    #[error("the root of the empty tree is another one")]
    EmptyRoot,
    /// It is the checkpoint of another log.
    #[error("the checkpoint is that of the log `{0}`")]
    Origin(String),
    /// It reads the same and is spelled differently.
    #[error("the checkpoint is not spelled as it must be")]
    Spelling,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keys::{KeyType, PrivateKey, Signer as _};
    use crate::tlog::note::NoteSigner;

    const EMPTY: &str = "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    const ZERO: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    #[test]
    fn a_malformed_checkpoint_is_refused() {
        let check = |text: &str, error: &CheckpointError| {
            assert_eq!(text.parse::<Checkpoint>().as_ref(), Err(error), "{text:?}");
        };
        check("", &CheckpointError::Lines(0));
        check(&format!("log.example\n1\n{ZERO}\nextension\n"), &CheckpointError::Lines(4));
        check(&format!("log.example\n0\n{ZERO}\n"), &CheckpointError::EmptyRoot);
        check(&format!("\n1\n{ZERO}\n"), &CheckpointError::Origin(String::new()));
        check("log.example\n1\nAAAA\n", &CheckpointError::Root);
        for spelling in ["01", "+1"] {
            check(&format!("log.example\n{spelling}\n{ZERO}\n"), &CheckpointError::Spelling);
        }
        check(&format!("log.example\n1\n{ZERO}"), &CheckpointError::Spelling);
        check(&format!("log.example\r\n1\n{ZERO}\n"), &CheckpointError::Spelling);
        for size in ["", "-1", "1 ", "0x1", "18446744073709551616"] {
            let text = format!("log.example\n{size}\n{ZERO}\n");
            assert!(matches!(text.parse::<Checkpoint>(), Err(CheckpointError::Size(_))), "{size:?}");
        }
    }

    #[test]
    fn lines_that_a_log_added_are_counted_and_never_empty() {
        let own = "log.example\n1\n".to_owned() + ZERO + "\n";
        let read = |more: &str| {
            Checkpoint::with_extensions(&format!("{own}{more}")).map(|(checkpoint, lines)| {
                assert_eq!(checkpoint.to_string(), own);
                lines
            })
        };
        assert_eq!(read(""), Ok(0));
        assert_eq!(read("Timestamp: 1\n"), Ok(1));
        assert_eq!(read("a\nb\n"), Ok(2));
        for bad in ["\n", "a\n\n", "a", "a\nb"] {
            assert_eq!(read(bad), Err(CheckpointError::Spelling), "{bad:?}");
        }
        assert_eq!(Checkpoint::with_extensions("log.example\n1\n"), Err(CheckpointError::Lines(2)));
    }

    #[test]
    fn the_empty_tree_has_a_checkpoint() {
        let checkpoint: Checkpoint = EMPTY.parse().unwrap();
        assert_eq!((checkpoint.size, checkpoint.root), (0, merkle::empty_root()));
        assert_eq!(checkpoint.to_string(), EMPTY);
    }

    #[test]
    fn a_checkpoint_of_another_log_or_key_is_refused() {
        let key = PrivateKey::from_seed(KeyType::Ed25519, &[1; 32]).unwrap();
        let signer = NoteSigner::new("log.example".parse().unwrap(), &key).unwrap();
        let note = signer.sign(EMPTY).unwrap().to_string();
        assert_eq!(Checkpoint::open(note.as_bytes(), signer.verifier()), Ok(EMPTY.parse().unwrap()));

        let foreign = signer.sign(&EMPTY.replace("log.example", "other.example")).unwrap().to_string();
        assert_eq!(
            Checkpoint::open(foreign.as_bytes(), signer.verifier()),
            Err(CheckpointError::Origin("other.example".to_owned()))
        );
        let other = PrivateKey::from_seed(KeyType::Ed25519, &[2; 32]).unwrap().public_key();
        let other = VerifierKey::new("log.example".parse().unwrap(), other).unwrap();
        assert_eq!(
            Checkpoint::open(note.as_bytes(), &other),
            Err(CheckpointError::Note(NoteError::Unsigned))
        );
    }

    proptest! {
        #[test]
        fn a_checkpoint_prints_back(origin in "[a-z.]{1,20}", size in 1_u64.., root: [u8; 32]) {
            let checkpoint = Checkpoint { origin, size, root: Hash::new(root) };
            prop_assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
        }

        #[test]
        fn any_text_is_refused_or_prints_back(origin in "[a\r ]{0,3}", size in "[0-9+]{1,3}", end in "[\r\n]{0,2}") {
            let text = format!("{origin}\n{size}\n{ZERO}{end}");
            if let Ok(checkpoint) = text.parse::<Checkpoint>() {
                prop_assert_eq!(checkpoint.to_string(), text);
            }
        }
    }
}

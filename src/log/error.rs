//! Why a log cannot do what it is asked, and what can be done about it.

use std::path::PathBuf;
use std::time::Duration;

use super::frame::Broken;
use super::genesis::GenesisError;
use super::origin::OriginError;
use crate::files;
use crate::keys;
use crate::tlog::Hash;
use crate::tlog::checkpoint::CheckpointError;
use crate::tlog::entry::EntryError;
use crate::tlog::note::NoteError;

/// Why a log cannot do what it is asked.
///
/// Some of these say that the log's files contradict each other ([`Error::is_contradiction`]): then the log is not what
/// it claims to be, and nothing may be appended before somebody has looked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no log in the folder.
    #[error("there is no log in `{}`", .0.display())]
    NotALog(PathBuf),
    /// A file of the log is missing.
    #[error("the log's file `{}` is missing", .0.display())]
    MissingFile(PathBuf),
    /// The folder holds a log already.
    #[error("`{}` holds a log already", .0.display())]
    Exists(PathBuf),
    /// The folder holds something else.
    #[error("`{}` is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// The log's name is no host name.
    #[error("`{name}` cannot be the name of a log")]
    Origin {
        /// What was given.
        name: String,
        /// What is wrong with it.
        source: OriginError,
    },
    /// Others than the owner may read the log's key.
    #[error("the log's key `{}` can be read by others (mode {mode:04o})", .path.display())]
    KeyPermissions {
        /// The key's file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The log's key cannot be read, or cannot sign.
    #[error("the log's key cannot be used")]
    Key(#[source] keys::Error),
    /// A log signs with Ed25519.
    #[error("a log signs with an Ed25519 key, this is a {0} key")]
    KeyType(keys::KeyType),
    /// The private key is not the one whose public form the log has published.
    #[error("`log.key` does not belong to `log.vkey`")]
    KeyMismatch,
    /// `log.vkey` is no verifier key.
    #[error("`log.vkey` is not a verifier key")]
    VerifierKey(#[source] NoteError),
    /// Another process writes.
    #[error("another process is appending to the log; waited {} s for its turn", .0.as_secs())]
    Locked(Duration),
    /// An earlier write failed, and what is on the disk is not known.
    #[error("the log was closed after a failed write")]
    Poisoned,
    /// The operating system refused to read or write.
    #[error(transparent)]
    Files(#[from] files::Error),
    /// What should be logged is no entry.
    #[error("the entry cannot be logged")]
    Entry(#[source] EntryError),
    /// A note could not be made.
    #[error("the checkpoint cannot be signed")]
    Note(#[source] NoteError),
    /// There is no such entry.
    #[error("there is no entry {index}, the log has {size}")]
    Index {
        /// The index asked for, from 0.
        index: u64,
        /// The size of the log.
        size: u64,
    },
    /// There was no such size.
    #[error("the log never had the size {old} asked for, it has {size} entries")]
    Size {
        /// The size asked for.
        old: u64,
        /// The size of the log.
        size: u64,
    },
    /// There is no entry with this leaf hash.
    #[error("no entry has the leaf hash sha256:{}", .0.hex())]
    Leaf(Hash),
    /// Nothing was published yet, or the published checkpoint was lost.
    #[error("the log has no published checkpoint")]
    Unpublished,

    /// A frame in the middle is damaged.
    #[error("`{file}` is damaged at byte {offset}")]
    Damaged {
        /// The segment.
        file: String,
        /// Where the frame begins.
        offset: u64,
        /// What is wrong with it.
        source: Broken,
    },
    /// Entries are missing or stand twice.
    #[error("`{file}` goes on at entry {found} where entry {expected} is due")]
    Gap {
        /// The segment.
        file: String,
        /// The index that is due.
        expected: u64,
        /// The index that stands there.
        found: u64,
    },
    /// A file in the folder of the segments has no segment's name.
    #[error("`{0}` is not the name of a segment")]
    Stray(String),
    /// The checkpoint in a frame is not one of this log.
    #[error("the checkpoint after entry {} is not this log's", .size.saturating_sub(1))]
    Foreign {
        /// The size of the log with that frame.
        size: u64,
        /// What is wrong with it.
        source: CheckpointError,
    },
    /// The checkpoint in a frame speaks of another tree than that of the entries.
    #[error("the checkpoint of size {stated} does not fit the {size} entries before it")]
    Root {
        /// The size that the checkpoint states.
        stated: u64,
        /// The number of entries up to it.
        size: u64,
    },
    /// The entry with this index is no entry.
    #[error("entry {index} is not a hashedrekord entry")]
    EntryForm {
        /// Its index.
        index: u64,
        /// What is wrong with it.
        source: EntryError,
    },
    /// The first entry does not say what log this is.
    #[error("the genesis entry does not belong to this log")]
    Genesis(#[source] GenesisError),
    /// The published checkpoint cannot be read, or is another log's.
    #[error("the published checkpoint is not this log's")]
    Published(#[source] CheckpointError),
    /// More was published than the log holds.
    #[error("the published checkpoint has size {published}, the log holds {size} entries")]
    Ahead {
        /// The size that was published.
        published: u64,
        /// The number of entries that are there.
        size: u64,
    },
    /// Two trees of one size.
    #[error("the published checkpoint of size {size} has another root than the log's entries")]
    Fork {
        /// The size.
        size: u64,
    },

    /// What is in the folder is not the tree of this log at an earlier size.
    #[error("`{}` is not an export of this log", .0.display())]
    TargetForeign(PathBuf),
    /// A tile that is there has other content.
    #[error("`{}` has other content than the log's", .0.display())]
    TargetDiffers(PathBuf),
}

impl Error {
    /// Whether the log's own files, or those of an export, contradict each other. All other errors leave open what the
    /// log is worth.
    pub fn is_contradiction(&self) -> bool {
        matches!(
            self,
            Self::KeyMismatch
                | Self::VerifierKey(_)
                | Self::Damaged { .. }
                | Self::Gap { .. }
                | Self::Stray(_)
                | Self::Foreign { .. }
                | Self::Root { .. }
                | Self::EntryForm { .. }
                | Self::Genesis(_)
                | Self::Published(_)
                | Self::Ahead { .. }
                | Self::Fork { .. }
                | Self::TargetForeign(_)
                | Self::TargetDiffers(_)
        )
    }

    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotALog(_) => "log-missing",
            Self::MissingFile(_) => "log-file-missing",
            Self::Exists(_) => "log-exists",
            Self::NotEmpty(_) => "log-folder-not-empty",
            Self::Origin { .. } => "log-origin",
            Self::KeyPermissions { .. } => "log-key-permissions",
            Self::Key(_) => "log-key",
            Self::KeyType(_) => "log-key-type",
            Self::KeyMismatch => "log-key-mismatch",
            Self::VerifierKey(_) => "log-vkey",
            Self::Locked(_) => "log-locked",
            Self::Poisoned => "log-poisoned",
            Self::Files(_) => "log-files",
            Self::Entry(_) => "log-entry",
            Self::Note(_) => "log-note",
            Self::Index { .. } | Self::Size { .. } | Self::Leaf(_) => "log-no-such-entry",
            Self::Unpublished => "log-unpublished",
            Self::Damaged { .. } => "log-damaged",
            Self::Gap { .. } => "log-gap",
            Self::Stray(_) => "log-stray-file",
            Self::Foreign { .. } => "log-foreign-checkpoint",
            Self::Root { .. } => "log-root",
            Self::EntryForm { .. } => "log-entry-form",
            Self::Genesis(_) => "log-genesis",
            Self::Published(_) => "log-published",
            Self::Ahead { .. } => "log-ahead",
            Self::Fork { .. } => "log-fork",
            Self::TargetForeign(_) => "log-export-foreign",
            Self::TargetDiffers(_) => "log-export-differs",
        }
    }

    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotALog(_) => "`sbom-attest log init DIR` makes one in a new or empty folder",
            Self::MissingFile(_) => {
                "restore the file from a backup; if `log init` was interrupted, remove the folder and run it again"
            }
            Self::Exists(_) => "use it as it is, or name another folder",
            Self::NotEmpty(_) => "name a new or an empty folder",
            Self::Origin { .. } => "give a bare lower-case host name such as log.example.org",
            Self::KeyPermissions { .. } => "take the permissions away from group and others: chmod 600 FILE",
            Self::Key(source) => return source.help(),
            Self::KeyType(_) => "`sbom-attest key generate --type ed25519` makes one",
            Self::KeyMismatch => "put the key back that the log was made with",
            Self::VerifierKey(_) => "restore log.vkey from a backup or from one of the log's readers",
            Self::Locked(_) => "wait for the other process to end, or wait longer with --wait",
            Self::Poisoned => "repair the storage and run again: opening the log recovers what was written",
            Self::Files(source) => return source.help(),
            Self::Unpublished => "append to the log, or open it with write access, to publish what it holds",
            Self::Index { .. } | Self::Size { .. } => "`sbom-attest log checkpoint DIR` shows the size",
            Self::Leaf(_) => "compute the hash over the entry's bytes as RFC 6962 does, or ask by index",
            Self::Damaged { .. }
            | Self::Gap { .. }
            | Self::Stray(_)
            | Self::Root { .. }
            | Self::EntryForm { .. } => {
                "append nothing; keep a copy of the folder, and restore the named file from a backup or an export"
            }
            Self::Foreign { .. } | Self::Genesis(_) => {
                "append nothing; files of another log or another key were mixed in: restore this log's own"
            }
            Self::Published(_) | Self::Ahead { .. } | Self::Fork { .. } => {
                "append nothing: readers may have seen a checkpoint that the entries do not support; restore the write-ahead segments from a backup"
            }
            Self::TargetForeign(_) | Self::TargetDiffers(_) => "export into a new folder",
            Self::Entry(_) | Self::Note(_) => return None,
        })
    }
}

//! A log that runs: append-only, in a folder, with a proof for every entry.
//!
//! One process appends at a time; readers take no lock. The on-disk format, the order of writes and what recovery does
//! are in `docs/log-format.md`. Entries are Rekor v2's `hashedrekord`, checkpoints are C2SP's, and the origin is a bare
//! host name, so that unmodified Sigstore clients accept the log with the `trusted_root.json` it writes.
//!
//! ```
//! use std::time::Duration;
//! use sbom_attest::attest::{bundle::Bundle, dsse};
//! use sbom_attest::keys::{KeyType, PrivateKey, Signer as _};
//! use sbom_attest::log::{Log, Setup, View};
//! use sbom_attest::tlog::entry::HashedRekord;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path().join("log");
//! let mut log = Log::create(&folder, Setup::at("2026-01-01T00:00:00Z".parse()?))?;
//!
//! let key = PrivateKey::generate(KeyType::P256)?;
//! let envelope = dsse::sign(dsse::IN_TOTO, b"{}".to_vec(), &key)?;
//! let entry = HashedRekord::of_envelope(&envelope, &key.public_key())?;
//! let appended = log.append(&[entry])?.remove(0);
//! assert_eq!(appended.entry.index(), 1, "index 0 is the log's own genesis entry");
//! let bundle = Bundle::new(envelope, &key.public_key()).logged(appended.entry.into_log_entry());
//!
//! assert_eq!(View::open(&folder)?.size(), 2);
//! # let _ = bundle;
//! # Ok(())
//! # }
//! ```

mod error;
mod export;
pub mod frame;
pub mod genesis;
pub mod origin;
mod sequencer;
mod state;
pub mod store;
mod trust;
mod view;

pub use error::Error;
pub use sequencer::{Appended, DEFAULT_WAIT, Log, Setup};
pub use view::{Exported, Logged, Verification, View, verify, verify_store};

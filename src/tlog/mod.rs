//! The pure core of transparency logs: bytes and values in, values out.
//!
//! Hashing and proofs follow RFC 6962 (section 2.1), tiles, notes and checkpoints follow C2SP
//! (<https://c2sp.org/tlog-tiles>, <https://c2sp.org/signed-note>, <https://c2sp.org/tlog-checkpoint>), and an entry is
//! what Rekor v2 logs for a DSSE envelope, `hashedrekord/0.0.2`; [`rekor`] checks the other kinds that Sigstore's logs hold. What is signed or hashed has one spelling here:
//! text that does not print back byte for byte is refused.

pub mod checkpoint;
pub mod entry;
mod hash;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod rekor;
pub mod tile;
mod tree;

pub use hash::Hash;
pub use tree::Tree;

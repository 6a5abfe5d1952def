//! Attestations: who says what about which bytes.
//!
//! A [`statement`] names artifacts by their digests and says something about them, here the SBOM as its
//! [`predicate`]. A [`dsse`] envelope signs it, and a Sigstore [`bundle`] carries the envelope together with what is
//! needed to check it offline: a hint at the key and the proof that a log holds the signature.
//!
//! Everything here is reading and writing. Whether to believe it is for [`crate::verify`].

pub mod bundle;
pub mod dsse;
mod malformed;
pub mod predicate;
pub(crate) mod shape;
pub mod statement;

pub use malformed::{Flaw, Malformed};

//! Supply chains that can be checked by evidence instead of by promise.
//!
//! Three types carry everything. An SBOM says what a product is made of ([`sbom`]), a Sigstore bundle says who says so and
//! proves it ([`attest`]), and a [`finding::Finding`] says what one rule saw at one subject. Collectors make an SBOM,
//! attestors turn it into a bundle, rules make findings, and a verdict is findings and a decision.
//!
//! The upper half of this list, down to [`verify`], is the core that others embed and that a buyer trusts:
//! bytes and values in, values out, no file, no network, no clock. `default-features = false` builds it alone.

pub mod attest;
pub mod digest;
pub mod document;
pub mod finding;
pub mod keys;
pub mod sbom;
pub mod tlog;
pub mod verify;

#[cfg(feature = "cli")]
pub mod audit;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod files;
#[cfg(feature = "cli")]
pub mod generate;
#[cfg(feature = "cli")]
pub mod graph;
#[cfg(feature = "cli")]
pub mod log;
#[cfg(feature = "cli")]
pub mod net;
#[cfg(feature = "cli")]
pub mod registry;
#[cfg(feature = "cli")]
pub mod release;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
pub mod unpack;

//! Certificates and what hangs on them: chains, proofs of publication, timestamps.
//!
//! Certificates are those of RFC 5280, parsed by the crate `x509-cert`; of them Sigstore uses a short, strict profile: a
//! leaf of Fulcio for ten minutes, a chain that the trusted root names whole, a proof that a certificate transparency log
//! has seen it (RFC 6962), and timestamps of RFC 3161. Nothing here knows the time, builds a path on its own, or follows
//! a URL: the chain is given, and each step of it is checked.

mod certificate;
mod chain;
mod fields;
mod scheme;
mod sct;
mod timestamp;

pub use certificate::{Certificate, CertificateError, Claim, Identity, IdentityKind, Purpose};
pub use chain::{Chain, ChainError, Path};
pub use sct::{Sct, SctError};
pub use timestamp::{TimestampError, Token};

/// The most bytes of one certificate; Fulcio's have 2 KiB.
pub const MAX_CERTIFICATE: usize = 32 * 1024;
/// The most certificates of one chain.
pub const MAX_CHAIN: usize = 10;
/// The most extensions of one certificate; Fulcio's leaves have 30.
pub const MAX_EXTENSIONS: usize = 64;
/// The most proofs of publication in one certificate, as in sigstore-go.
pub const MAX_SCTS: usize = 32;
/// The most bytes of one timestamp.
pub const MAX_TIMESTAMP: usize = 64 * 1024;

//! How much of each kind of file is read, in bytes.

/// An SBOM, of any format.
pub(crate) const SBOM: u64 = 1 << 30;
/// A bundle, with the SBOM inline.
pub(crate) const BUNDLE: u64 = 256 << 20;
/// A Sigstore `trusted_root.json`.
pub(crate) const TRUSTED_ROOT: u64 = 16 << 20;

//! Supply chains that can be checked by evidence instead of by promise.
//!
//! Three types carry everything. An [`Sbom`](sbom::Sbom) says what a product is made of. A Sigstore
//! [`Bundle`](attest::bundle::Bundle) says who says so, and proves that it was said in public. A
//! [`Finding`](finding::Finding) says what one rule saw at one subject. Collectors make an SBOM, signing turns it into a
//! bundle, a log gives the bundle its entry, rules make findings, and a verdict is findings and a decision.
//!
//! A buyer asks one question, [`verify::verify()`], with bytes and values in hand:
//!
//! ```
//! use sbom_attest::digest::Digest;
//! use sbom_attest::keys::PublicKey;
//! use sbom_attest::verify::{Artifact, BundleFile, Options, Request, TrustRoot, verify};
//!
//! # let artifact = include_bytes!("../testdata/bundle/artifact");
//! # let bundle = include_bytes!("../testdata/bundle/second.json").to_vec();
//! # let key = include_str!("../testdata/keys/cosign.pub");
//! # let trusted_root = include_bytes!("../testdata/bundle/trusted_root.json");
//! let verdict = verify(&Request {
//!     artifacts: &[Artifact::new("app.tar.gz", Digest::sha256(artifact))],
//!     bundles: &[BundleFile { name: "app.sigstore.json".to_owned(), bytes: bundle }],
//!     signers: &[PublicKey::from_pem(key)?],
//!     identities: &[],
//!     trust: &TrustRoot::parse(trusted_root)?,
//!     options: Options::at("2026-01-31T12:00:00Z".parse()?),
//! });
//! assert!(verdict.accepted());
//! assert_eq!(verdict.signers[0].log.as_ref().map(|log| log.index), Some(1));
//! // A verdict is coverage of evidence: it says what nobody looked at, too.
//! assert!(!verdict.not_checked.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The first half of the modules, from [`attest`] to [`verify`], is the core that others embed and that a buyer trusts:
//! bytes and values in, values out, no file, no network, no clock. `default-features = false` builds it alone. The
//! feature `cli` adds what a vendor needs: [`generate`] makes the SBOM of a Cargo project, [`audit`] looks for what
//! nobody can verify in its [`graph`], [`log`] keeps a transparency log in a folder, and [`release::attest`] does all of
//! it in one call, as the command `sbom-attest attest` does.

pub mod attest;
pub mod digest;
pub mod document;
pub mod finding;
pub mod keys;
pub mod pki;
pub mod sbom;
pub mod tlog;
pub mod verify;
pub mod xml;

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
pub mod schema;
#[cfg(feature = "cli")]
pub mod unpack;

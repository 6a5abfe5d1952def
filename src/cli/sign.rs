//! `sign`: say of artifacts what a predicate says, under a key, and enter it into a log.

use std::path::PathBuf;
use std::str::FromStr;

use super::context::{Context, password};
use super::failure::{Failure, OrFail as _};
use super::log::{self, DEFAULT_WAIT};
use super::{Exit, Format, context, limits};
use crate::attest::predicate::PredicateType;
use crate::release::{artifact, keyring, signing};
use crate::report;

/// Sign a statement about artifacts: in-toto, DSSE, a Sigstore bundle
///
/// The statement's subjects are the SHA-256 digests of the artifacts, its predicate is the file given, usually
/// their SBOM. The bundle is read by every Sigstore client.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: sign an SBOM for what is shipped, and log it in a directory
  sbom-attest sign app.tar.gz --predicate sbom.cdx.json --key release.pem --log dir:release.log -o app.bundle.json")]
pub(crate) struct Args {
    /// What the statement is about; several are subjects of one statement
    #[arg(required = true, value_name = "ARTIFACT")]
    artifacts: Vec<PathBuf>,
    /// What is said about them: a CycloneDX or SPDX document, or other JSON with --type
    #[arg(long, value_name = "FILE")]
    predicate: String,
    /// The predicate type, a short name (cyclonedx, spdx, …) or a URI; else told from the document
    #[arg(long = "type", value_name = "TYPE")]
    predicate_type: Option<String>,
    /// The private key: PKCS#8 PEM, or cosign's with its password in `COSIGN_PASSWORD`
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The log that gets the entry: `none`, or `dir:PATH` for a log in a directory
    #[arg(long, value_name = "LOG", default_value = "none")]
    log: Target,
    /// How many seconds to wait while another process writes to the log
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_WAIT)]
    wait: u64,
    /// Where the bundle goes, `-` for standard output
    #[arg(short, long, value_name = "BUNDLE")]
    output: PathBuf,
    /// Where the report goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// A log to enter a signature into.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    None,
    Directory(PathBuf),
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            Some(("dir", path)) if !path.is_empty() => Ok(Self::Directory(PathBuf::from(path))),
            _ => Err("expected `none` or `dir:PATH`".to_owned()),
        }
    }
}

//! `trust`: who is believed.

use super::context::{self, Context};
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format, limits};
use crate::report::trust::Report;
use crate::verify::TrustRoot;
use crate::verify::trust_root::PUBLIC_GOOD_DATE;

/// Show who is believed: logs, certificate and timestamp authorities
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: whom `verify` believes unless it is told otherwise
  sbom-attest trust show")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Show(Show),
}

/// Show the logs and authorities of a trusted root, and when each counts
///
/// Without a file it is the public good instance of Sigstore, as this program was built with it, and how old that is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: whom `verify` believes unless it is told otherwise
  sbom-attest trust show")]
struct Show {
    /// A Sigstore `trusted_root.json`: a file, `-` or a URL
    trusted_root: Option<String>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let Command::Show(args) = &args.command;
    let (trust, date) = match &args.trusted_root {
        Some(file) => {
            let bytes = context::fetch(file, limits::TRUSTED_ROOT, "the trusted root")?;
            (TrustRoot::parse(&bytes).or_fail(format!("read the trusted root {file}"))?, None)
        }
        None => (TrustRoot::public_good(), Some(PUBLIC_GOOD_DATE)),
    };
    let file = args.trusted_root.as_deref();
    context.report(args.format, None, &Report { trust: &trust, file, date, now: context.now })?;
    Ok(Exit::Yes)
}

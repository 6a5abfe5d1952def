//! `diff`: what is different between two SBOMs.

use std::path::PathBuf;

use super::Exit;
use super::context::{self, Context};
use super::failure::{Failure, OrFail as _};
use crate::document::Limits;
use crate::report::diff::Report;
use crate::sbom::{Sbom, diff};

/// Show what is different between two SBOMs
///
/// Components are paired by purl, else by digest, else by name. Layout, order, bom-refs and the version of CycloneDX do
/// not count, nor what only says which document this is: serial number, version, timestamp and tools. Exit 0: they say
/// the same; 1: they do not.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: what a release changed (here: nothing)
  sbom-attest diff sbom.json sbom.json")]
pub(crate) struct Args {
    /// An SBOM (CycloneDX or SPDX, in any of their forms), or `-`; gzip and Zstandard are unpacked
    #[arg(value_name = "A")]
    before: String,
    /// The same, later
    #[arg(value_name = "B")]
    after: String,
    /// How the difference is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Where it goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Forms of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: one object whose first field names the report and its version
    Json,
    /// For a page or a merge request
    Markdown,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if args.before == context::STANDARD && args.after == context::STANDARD {
        return Err(Failure::new("read both SBOMs from standard input", "it can be read once"));
    }
    let [before, after] = [&args.before, &args.after].map(|name| {
        let bytes = context::document(name, "the SBOM")?;
        Sbom::read(bytes, &Limits::default()).or_fail(format!("read the SBOM {name}"))
    });
    let (before, after) = (before?, after?);
    let diff = diff::diff(&before, &after);
    let report = Report { diff: &diff };
    match args.format {
        Format::Text => context.report(super::Format::Text, args.report.as_ref(), &report)?,
        Format::Json => context.report(super::Format::Json, args.report.as_ref(), &report)?,
        Format::Markdown => Context::put(report.markdown().as_bytes(), args.report.as_ref())?,
    }
    Ok(Exit::when(diff.is_empty()))
}

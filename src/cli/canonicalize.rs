//! `canonicalize`: a document in the one spelling of RFC 8785.

use std::path::PathBuf;

use super::Exit;
use super::context::{self, Context};
use super::failure::{Failure, OrFail as _};
use crate::document::{Document, Limits};

/// Print JSON in the one spelling of RFC 8785
///
/// Names sorted, no white space, one spelling of strings and numbers: two documents that say the same have the same
/// bytes, which can be signed and compared. A document in which that would not hold is refused: a name twice in one
/// object, half a surrogate pair, an integer beyond 2^53 - 1.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: the bytes that a signature is made of
  sbom-attest canonicalize sbom.json -o canonical.json")]
pub(crate) struct Args {
    /// A JSON file, or `-`; gzip and Zstandard are unpacked
    #[arg(value_name = "FILE")]
    file: String,
    /// Where it goes instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, _: &Context) -> Result<Exit, Failure> {
    let bytes = context::document(&args.file, "the document")?;
    let document = Document::parse(bytes, &Limits::default()).or_fail(format!("read {}", args.file))?;
    if let Some(number) = document.root().inexact_number() {
        let because = format!(
            "{number:?} at {} (`{}`) is an integer beyond 2^53 - 1, which has no spelling of its own in RFC 8785",
            number.position(),
            number.pointer(),
        );
        return Err(Failure::new(format!("canonicalize {}", args.file), because)
            .help("write it as a string, or as a number that a double holds"));
    }
    Context::put(&document.root().canonical(), args.output.as_ref())?;
    Ok(Exit::Yes)
}

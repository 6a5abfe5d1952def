//! `inspect`: what a bundle says, before anyone believes it.

use std::path::PathBuf;

use super::context::{self, Context};
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format, limits};
use crate::attest::bundle::Bundle;
use crate::attest::statement::Statement;
use crate::report::inspect::Report;

/// Show what a bundle says; nothing of it is verified
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: who signed what, as far as the bundle says
  sbom-attest inspect app.json")]
pub(crate) struct Args {
    /// A bundle: a file, `-` or a URL
    bundle: String,
    /// Write this part of it instead
    #[arg(long, value_name = "PART")]
    extract: Option<Part>,
    /// Where the part goes instead of standard output
    #[arg(short, long, value_name = "FILE", requires = "extract")]
    output: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Parts of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The predicate, byte for byte
    Sbom,
    /// The in-toto statement, byte for byte
    Statement,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let bytes = context::fetch(&args.bundle, limits::BUNDLE, "the bundle")?;
    let bundle = Bundle::parse(&bytes).or_fail(format!("read the bundle {}", args.bundle))?;
    let payload = bundle.envelope().map(|envelope| &envelope.payload);
    let statement = payload.map(|payload| Statement::parse(payload)).transpose();
    let statement = statement.or_fail(format!("read the statement in {}", args.bundle))?;
    match (args.extract, payload.zip(statement.as_ref())) {
        (None, _) => {
            context.report(args.format, None, &Report { bundle: &bundle, statement: statement.as_ref() })?;
        }
        (Some(_), None) => {
            return Err(Failure::new(
                "extract",
                "the bundle signs an artifact itself, there is nothing in it",
            )
            .help("`sbom-attest inspect` without --extract shows what it is"));
        }
        (Some(part), Some((payload, statement))) => {
            context.note("this part is not verified");
            Context::put(
                if part == Part::Sbom { &statement.predicate } else { payload },
                args.output.as_ref(),
            )?;
        }
    }
    Ok(Exit::Yes)
}

//! `convert`: a document in another format, and what becomes of every field.

use std::path::PathBuf;

use super::context::{self, Color, Context};
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format as Form};
use crate::document::Limits;
use crate::report::loss::{Report, places, reasons};
use crate::sbom::Format;
use crate::sbom::convert::{Account, convert};

/// Convert an SBOM to another format, with an account of what becomes of every field
///
/// Formats are cyclonedx-{1.2…1.7}-{json,xml}, spdx-{2.2,2.3}-{json,tag-value} and spdx-3.0-json; what FILE is is seen at
/// its content. What both formats have alike stays byte for byte. What the other one does not have is said in its own way,
/// or goes; nothing goes in silence. To its own format the bytes stay as they are.
///
/// What is gone is told on standard error, by reason. `--report` writes the whole account (loss/v1): each field is mapped,
/// carried (kept where the format lets others put things, and back on the way back) or dropped.
///
/// Exit status: 0 converted; 1 something would be dropped and --fail-on-loss was given: nothing is written; 2 no telling.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: for a reader that knows CycloneDX 1.4
  sbom-attest convert sbom.json --to cyclonedx-1.4-json -o older.json --report losses.json")]
pub(crate) struct Args {
    /// An SBOM, or `-`; gzip and Zstandard are unpacked
    #[arg(value_name = "FILE")]
    file: String,
    /// The format that is wanted
    #[arg(long, value_name = "FORMAT", default_value_t = Format::DEFAULT)]
    to: Format,
    /// Where the document goes instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where the account of every field goes; `-` is standard output, if the document is not there
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the account is written
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: Form,
    /// Write no document and exit with 1 when anything is dropped
    #[arg(long)]
    fail_on_loss: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let is_standard = |file: Option<&PathBuf>| file.is_none_or(|file| file.as_os_str() == context::STANDARD);
    if args.report.is_some() && is_standard(args.report.as_ref()) && is_standard(args.output.as_ref()) {
        return Err(Failure::new("write the report", "the document goes to standard output already")
            .help("name a file for one of the two: --report FILE or -o FILE"));
    }
    let bytes = context::document(&args.file, "the SBOM")?;
    let what = format!("convert {} to {}", args.file, args.to);
    let converted = convert(bytes, args.to, context.now, &Limits::default()).or_fail(&what)?;
    let report = Report { file: &args.file, to: args.to, converted: &converted };
    if let Some(file) = &args.report {
        let file = Some(file).filter(|file| file.as_os_str() != context::STANDARD);
        context.report(args.format, file, &report)?;
    }
    let gone = reasons(&converted.account);
    let count: usize = gone.iter().map(|reason| reason.count).sum();
    if args.fail_on_loss && count > 0 {
        let because = format!("{} would be lost: {}", places(count, &args.file), gone[0].line());
        let failure = Failure::new(format!("{what} without loss"), because)
            .help("--report FILE lists what is lost; without --fail-on-loss it is left out");
        Context::complain(Color::Auto, &failure);
        return Ok(Exit::No);
    }
    Context::put(&converted.bytes, args.output.as_ref())?;
    tell_losses(&converted.account, &args.file, args.to, context);
    Ok(Exit::Yes)
}

/// Says on standard error what is gone from a document, by reason.
pub(super) fn tell_losses(account: &Account, document: &str, to: Format, context: &Context) {
    let gone = reasons(account);
    if gone.is_empty() {
        return;
    }
    let count: usize = gone.iter().map(|reason| reason.count).sum();
    context.note(&format!("{} not in {to}:", places(count, document)));
    for reason in gone.iter().take(LISTED) {
        context.note(&format!("  {}", reason.line()));
    }
    if gone.len() > LISTED {
        context.note(&format!("  … and {} more reasons", gone.len() - LISTED));
    }
}

/// How many reasons standard error shows.
const LISTED: usize = 10;

//! `validate`: whether documents are what they say they are.

use std::path::PathBuf;

use super::audit::FailOn;
use super::context::Context;
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format, limits};
use crate::document::Limits;
use crate::files;
use crate::report::validate::Report;
use crate::sbom::validate;
use crate::unpack;

/// Check documents against the grammar of their format and the rules beyond it
///
/// CycloneDX of the versions 1.2 to 1.7 in JSON and XML, SPDX 2.2 and 2.3 as JSON and tag-value, and SPDX 3.0 JSON are
/// checked by this program's own grammars: every field, type, enumeration and choice, in XML the order of elements too,
/// with messages that know which version has what. Then come rules that no schema can state: references that lead
/// nowhere, times out of order, digests of the wrong length. A document is valid when its form is; what the rules find
/// counts for the exit status from `--fail-on` upwards. Other formats are named and not called valid.
///
/// Exit status: 0 all valid; 1 one is not, or is not well-formed; 2 one cannot be read, or is in a format that this
/// version does not validate.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: an SBOM, with every finding of medium severity and above counting
  sbom-attest validate sbom.json --fail-on medium")]
pub(crate) struct Args {
    /// Documents; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Exit with 1 when a valid document has a finding of this severity or a greater one
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// Where the report goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let mut judged = Vec::with_capacity(args.files.len());
    let mut failures = Vec::new();
    for name in &args.files {
        // One file that cannot be read takes nothing away from the others.
        let read = files::read(name, limits::SBOM).or_fail(format!("read {name}"));
        match read.and_then(|bytes| unpack::unpack(bytes, limits::SBOM).or_fail(format!("unpack {name}"))) {
            Ok(bytes) => {
                let validation = validate(bytes, &Limits::default(), name, context.now);
                if validation.is_undecided() {
                    let format = validation.format.as_deref().unwrap_or_default();
                    failures.push(
                        Failure::new(
                            format!("tell whether {name} is valid"),
                            format!("{format} is recognised and not validated by this version"),
                        )
                        .help("validate it with a tool for that format, or its CycloneDX JSON form with this one"),
                    );
                }
                judged.push((name.clone(), validation));
            }
            Err(failure) => failures.push(failure),
        }
    }
    if !judged.is_empty() {
        context.report(args.format, args.report.as_ref(), &Report { files: &judged })?;
    }
    if let Some(failure) = failures.into_iter().next() {
        return Err(failure);
    }
    let clean = judged.iter().all(|(_, validation)| {
        validation.valid && args.fail_on.is_none_or(|limit| limit.passes(&validation.findings))
    });
    Ok(Exit::when(clean))
}

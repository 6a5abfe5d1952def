//! `attest`: the release engineer's whole job.

use std::path::PathBuf;
use std::time::Duration;

use super::audit::FailOn;
use super::context::{self, Context, data_folder, password};
use super::failure::{Failure, OrFail as _};
use super::log::DEFAULT_WAIT;
use super::selection::{Project, Selection};
use super::{Exit, Format};
use crate::generate::Source;
use crate::release::{self, Request, build};
use crate::report::attest::Report;

/// Make, sign, log and check the SBOM of what is shipped
///
/// Resolves the project's dependencies, builds its release artifacts through cargo (this runs the project's build
/// scripts; with --artifact nothing of the project is run), makes the exact SBOM of the same selection, looks for
/// components that nobody can verify, signs the SBOM together with the artifacts' digests, enters the signature into a
/// log of your own, and at last verifies all of that as a buyer would. The key and the log are made on first use.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: everything, for the Cargo project in this folder
  sbom-attest attest")]
pub(crate) struct Args {
    #[command(flatten)]
    project: Project,
    /// A file that is shipped; without any, cargo builds the release artifacts
    #[arg(long = "artifact", value_name = "FILE")]
    artifacts: Vec<PathBuf>,
    /// Where SBOM, bundle, public key and trusted root go [default: target/sbom-attest/ in the project]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The private key, made when it is not there [default: key.pem in your data folder]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The log's folder, made when it is not there [default: log/ in your data folder]
    #[arg(long, value_name = "DIR")]
    log: Option<PathBuf>,
    /// How many seconds to wait while another process writes to the log
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_WAIT)]
    wait: u64,
    /// Exit with 1 when there is a finding of this severity or a greater one
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// Where the report goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    selection: Selection,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let project = args.project.path();
    let in_data_folder = |given: &Option<PathBuf>, name: &str| match given {
        Some(path) => Ok(path.clone()),
        None => data_folder().map(|folder| folder.join(name)),
    };
    let request = Request {
        generate: args.selection.request(Source::Project { path: project }, context),
        artifacts: args.artifacts.clone(),
        out: args.out.clone(),
        key: in_data_folder(&args.key, "key.pem")?,
        password: password(),
        log: in_data_folder(&args.log, "log")?,
        wait: Duration::from_secs(args.wait),
        now: context.now,
        cargo_home: context::cargo_home(),
        talkative: context.is_talkative(),
    };
    let progress =
        |step: &str| if step == build::STEP { context.announce(step) } else { context.progress(step) };
    let release = release::attest(&request, &progress).or_fail("attest the project")?;
    context.progress_done();
    context.report(args.format, args.report.as_ref(), &Report { release: &release })?;
    let clean = args.fail_on.is_none_or(|limit| limit.passes(&release.findings));
    Ok(Exit::when(release.verdict.accepted() && clean))
}

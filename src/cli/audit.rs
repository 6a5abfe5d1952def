//! `audit`: what in a product nobody can verify, and what forces its users to upgrade.

use std::path::PathBuf;

use super::context::{self, Context};
use super::failure::{Failure, OrFail as _};
use super::selection::Selection;
use super::subject::Subject;
use super::{Exit, Format};
use crate::audit::{self, Evidence};
use crate::finding::{Finding, Severity};
use crate::graph::Graph;
use crate::registry::index::Index;
use crate::release::INDEX;
use crate::report::audit::Report;

/// Find components that nobody can verify or that force an upgrade
///
/// Looks at the dependency graph of an SBOM or a project. Each finding says how the component is reached, on which
/// evidence it rests, and what to do. A rule that had nothing to look at says so and does not pass. Nothing is fetched:
/// withdrawn versions are looked up in cargo's own index cache.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: an SBOM, whatever made it; exit 1 on high findings alone
  sbom-attest audit sbom.json --fail-on high")]
pub(crate) struct Args {
    /// An SBOM (CycloneDX or SPDX, in any of their forms), `-`, or a Cargo project
    #[arg(value_name = "SBOM|PATH")]
    subject: String,
    /// Cargo's registry index cache [default: registry/index in cargo's home]
    #[arg(long, value_name = "DIR")]
    index: Option<PathBuf>,
    /// Exit with 1 when there is a finding of this severity or a greater one
    #[arg(long, value_name = "SEVERITY", default_value = "medium")]
    fail_on: FailOn,
    /// Where the report goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    selection: Selection,
}

/// The least severity that makes the answer a no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// Any finding
    Info,
    /// Low and above
    Low,
    /// Medium and above
    Medium,
    /// High and above
    High,
    /// Critical alone
    Critical,
}

impl FailOn {
    /// Whether no finding is as severe.
    pub(crate) fn passes(self, findings: &[Finding]) -> bool {
        let limit = match self {
            Self::Info => Severity::Info,
            Self::Low => Severity::Low,
            Self::Medium => Severity::Medium,
            Self::High => Severity::High,
            Self::Critical => Severity::Critical,
        };
        !findings.iter().any(|finding| finding.is_broken() && finding.severity >= limit)
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let subject = Subject::open(&args.subject, &args.selection, context)?;
    let graph = Graph::of(&subject.sbom);
    let index = match &args.index {
        Some(folder) => Some(Index::open(folder).or_fail(format!("open the index {}", folder.display()))?),
        None => context::cargo_home().and_then(|home| Index::open(&home.join(INDEX)).ok()),
    };
    let evidence = Evidence::new(subject.name.clone()).gather(&graph, index.as_ref());
    let mut audited = audit::run(&graph, &evidence);
    if let Some(generated) = subject.generated {
        audited.findings.extend(generated.findings);
        audited.not_checked.extend(generated.not_checked);
    }
    context.report(args.format, args.report.as_ref(), &Report { audited: &audited })?;
    Ok(Exit::when(args.fail_on.passes(&audited.findings)))
}

//! `graph`: the dependency graph of an SBOM.

use std::path::PathBuf;

use super::Exit;
use super::context::Context;
use super::failure::Failure;
use super::selection::Selection;
use super::subject::Subject;
use crate::graph::Graph;
use crate::report::graph::Report;

/// Show the dependency graph of an SBOM or a project
///
/// For each component: how far it is from the product, how much leads to it, and how much would go with it. Cycles,
/// dangling references and parts that nothing leads to are shown, not hidden.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: what carries most of this project
  sbom-attest graph sbom.json")]
pub(crate) struct Args {
    /// An SBOM (CycloneDX or SPDX, in any of their forms), `-`, or a Cargo project
    #[arg(value_name = "SBOM|PATH")]
    subject: String,
    /// How the graph is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Where it goes instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many components the text shows
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    top: usize,
    #[command(flatten)]
    selection: Selection,
}

/// Forms of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The components that carry most, for people
    Text,
    /// Everything, for programs
    Json,
    /// Graphviz
    Dot,
    /// A picture
    Svg,
    /// A page that needs nothing else
    Html,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let subject = Subject::open(&args.subject, &args.selection, context)?;
    let graph = Graph::of(&subject.sbom);
    let report = Report { graph: &graph, top: args.top };
    match args.format {
        Format::Text => context.report(super::Format::Text, args.output.as_ref(), &report)?,
        Format::Json => context.report(super::Format::Json, args.output.as_ref(), &report)?,
        Format::Dot => Context::put(report.dot().as_bytes(), args.output.as_ref())?,
        Format::Svg => Context::put(report.svg().as_bytes(), args.output.as_ref())?,
        Format::Html => Context::put(report.html().as_bytes(), args.output.as_ref())?,
    }
    Ok(Exit::Yes)
}

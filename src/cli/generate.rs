//! `generate`: the exact SBOM of what is shipped.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::context::{Context, STANDARD};
use super::convert::tell_losses;
use super::failure::{Failure, OrFail as _};
use super::selection::{Project, Selection};
use super::{Exit, Format};
use crate::document::{self, Document, Limits};
use crate::generate::{self, Generated, Resolver, Source};
use crate::report::generate::{Report, Written};
use crate::sbom;
use crate::sbom::convert::{self, Converted};

/// Make the exact SBOM of a Cargo product
///
/// Packages, roles, features and edges are those that cargo's unit graph has for the selection: runtime and build are
/// told apart, development dependencies and other platforms' are not in it. Nothing that the scanned tree names is
/// executed. The same input gives the same bytes, wherever and whenever it is run; the SBOM bears a time only when
/// `--at` or `SOURCE_DATE_EPOCH` gives one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: the SBOM of the project in this folder
  sbom-attest generate -o sbom.json")]
pub(crate) struct Args {
    #[command(flatten)]
    project: Project,
    #[command(flatten)]
    selection: Selection,
    /// Output of `cargo metadata --all-features --format-version 1`, instead of a project: needs no sources and no cargo
    #[arg(long, value_name = "FILE", conflicts_with_all = ["path", "manifest_path"])]
    cargo_metadata: Option<PathBuf>,
    /// The Cargo.lock that goes with --cargo-metadata, for the digests
    #[arg(long, value_name = "FILE", requires = "cargo_metadata")]
    lock: Option<PathBuf>,
    /// The feature resolver that goes with --cargo-metadata; else 2
    #[arg(long, value_name = "1|2|3", requires = "cargo_metadata")]
    resolver: Option<Resolver>,
    /// A `--cfg` flag that rustc is given, `name` or `name="value"`
    #[arg(long = "cfg", value_name = "CFG")]
    cfgs: Vec<String>,
    /// The format, and optionally the file it goes to; several times for several formats
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "cyclonedx-1.6-json")]
    to: Vec<Target>,
    /// Where the SBOM goes instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where the report goes; else standard output, if the SBOM is not there
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// A format and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    format: sbom::Format,
    file: Option<PathBuf>,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            Some((format, file)) if !file.is_empty() => (format, Some(PathBuf::from(file))),
            Some(_) => return Err("a file name is expected after `=`".to_owned()),
            None => (text, None),
        };
        let format = format.parse().map_err(|error: sbom::ParseFormatError| error.to_string())?;
        Ok(Self { format, file })
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let source = match &args.cargo_metadata {
        Some(metadata) => {
            Source::Metadata { metadata: metadata.clone(), lock: args.lock.clone(), resolver: args.resolver }
        }
        None => Source::Project { path: args.project.path() },
    };
    let mut request = args.selection.request(source, context);
    request.cfgs.clone_from(&args.cfgs);
    context.progress("resolving dependencies");
    args.check_places()?;
    let generated = generate::generate(&request).or_fail("make the SBOM")?;
    context.progress_done();
    // All of them are made before the first is written.
    let documents =
        args.to.iter().map(|target| convert(&generated, target, context)).collect::<Result<Vec<_>, _>>()?;
    let mut shown: Option<&Path> = None;
    for (target, converted) in args.to.iter().zip(&documents) {
        let file = target.file.as_ref().or(args.output.as_ref());
        let bytes = converted.as_ref().map_or(&generated.sbom, |converted| &converted.bytes);
        Context::put(bytes, file)?;
        if let Some(converted) = converted {
            tell_losses(&converted.account, "the SBOM", target.format, context);
        }
        shown = file.filter(|file| file.as_os_str() != STANDARD).map(PathBuf::as_path).or(shown);
    }
    let components = components(&generated.sbom).or_fail("read back the SBOM")?;
    let written = args.to.iter().zip(&documents).map(|(target, converted)| Written {
        format: target.format,
        path: target.file.as_ref().or(args.output.as_ref()).filter(|file| file.as_os_str() != STANDARD),
        bytes: converted.as_ref().map_or(&generated.sbom, |converted| &converted.bytes),
    });
    let written: Vec<Written<'_>> = written.collect();
    let report = Report { generated: &generated, components, written: &written };
    if args.report.is_some() || shown.is_some() {
        context.report(args.format, args.report.as_ref(), &report)?;
    } else {
        // The SBOM leaves no room for a report, and what is wrong with the sources must not go unsaid.
        for finding in generated.findings.iter().filter(|finding| finding.is_broken()) {
            context.note(&format!("{}: {}: {}", finding.rule, finding.subject, finding.message));
        }
    }
    Ok(Exit::Yes)
}

impl Args {
    /// One document at most has no place of its own.
    fn check_places(&self) -> Result<(), Failure> {
        let is_nameless =
            |target: &&Target| target.file.as_ref().is_none_or(|file| file.as_os_str() == STANDARD);
        match (self.to.iter().filter(is_nameless).count(), &self.output) {
            (0, Some(_)) => Err(Failure::new(
                "choose the file",
                "--to names one already, and nothing is left for --output",
            )
            .help("leave out one of the two")),
            (0 | 1, _) => Ok(()),
            (_, place) => {
                let place =
                    place.as_ref().map_or("standard output".to_owned(), |file| file.display().to_string());
                Err(Failure::new("write several documents", format!("more than one would go to {place}"))
                    .help("name a file for each: --to cyclonedx-1.4-json=FILE"))
            }
        }
    }
}

/// The document in the format of a target; nothing where it is in that format already.
fn convert(generated: &Generated, target: &Target, context: &Context) -> Result<Option<Converted>, Failure> {
    if target.format == sbom::Format::DEFAULT {
        return Ok(None);
    }
    convert::convert(generated.sbom.clone(), target.format, context.now, &Limits::default())
        .map(Some)
        .or_fail(format!("write the SBOM as {}", target.format))
}

/// How many components a CycloneDX document lists, beside the product itself.
fn components(sbom: &[u8]) -> Result<usize, document::Error> {
    let document = Document::parse(sbom.to_vec(), &Limits::default())?;
    Ok(document.root().get("components").map_or(0, |components| components.elements().count()))
}

//! `merge`: several SBOMs as one.

use std::path::PathBuf;

use super::context::{self, Context, STANDARD};
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format};
use crate::digest::Digest;
use crate::document::Limits;
use crate::report::merge::{Lifted, Report};
use crate::report::terminal::count;
use crate::sbom::merge::{Input, Options, Product, merge};
use crate::sbom::{Sbom, convert};

/// Make one SBOM of several, in which nothing of them is missing
///
/// Components and services are joined by purl, else by digest, else by name and version, and their members one by one:
/// lists are united, and where two documents contradict each other the first is kept and the conflict is reported. The
/// product of the first document stays what the result describes, and those of the others become components; --name
/// makes a new product that depends on each. References follow what they mean, BOM-Links among the documents too.
///
/// Each component says in a property, `sbom-attest:merged-from`, which documents it came from: by serial number and
/// version, else by SHA-256. A signature stays where what it covers stays as it is; the others are dropped and reported.
/// Documents of several versions become ones of the newest first. The same documents give the same bytes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: the SBOMs of two parts as that of the whole
  sbom-attest merge sbom.json other.json --name suite --version 2.0 -o suite.json")]
pub(crate) struct Args {
    /// SBOMs, the most trusted first; `-` is standard input; gzip and Zstandard are unpacked
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The result describes a new product of this name, which depends on those of the documents
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The version of the new product
    #[arg(long, value_name = "VERSION", requires = "name")]
    version: Option<String>,
    /// Join nothing: what a document lists stands inside its product
    #[arg(long)]
    nested: bool,
    /// Do not write into components where they came from; signatures of what does not change then stay
    #[arg(long)]
    no_provenance: bool,
    /// Write nothing and exit with 1 when documents contradict each other
    #[arg(long)]
    fail_on_conflict: bool,
    /// Where the SBOM goes instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where the report goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if args.files.iter().filter(|name| *name == STANDARD).count() > 1 {
        return Err(Failure::new("read several SBOMs from standard input", "it can be read once"));
    }
    let read = |name: &String| {
        let bytes = context::document(name, "the SBOM")?;
        let digest = Digest::sha256(&bytes);
        let sbom = Sbom::read(bytes, &Limits::default()).or_fail(format!("read the SBOM {name}"))?;
        Ok((sbom, digest))
    };
    let mut read = args.files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let lifted = lift(&args.files, &mut read)?;
    let inputs: Vec<Input<'_>> =
        args.files.iter().zip(&read).map(|(name, (sbom, digest))| Input { name, sbom, digest }).collect();
    let options = Options {
        product: args.name.clone().map(|name| Product { name, version: args.version.clone() }),
        nested: args.nested,
        provenance: !args.no_provenance,
        timestamp: context.stated_time,
    };
    let merged = merge(&inputs, &options).or_fail("merge the documents")?;
    let refused = args.fail_on_conflict && !merged.conflicts.is_empty();
    if !refused {
        Context::put(&merged.bytes, args.output.as_ref())?;
    }
    let report = Report { inputs: &inputs, lifted: &lifted, merged: &merged, written: !refused };
    // A document on standard output leaves no room there for a report.
    let is_free = refused || args.output.as_ref().is_some_and(|path| path.as_os_str() != STANDARD);
    if is_free || args.report.is_some() {
        context.report(args.format, args.report.as_ref(), &report)?;
    } else if !merged.conflicts.is_empty() || !merged.signatures.is_empty() || !lifted.is_empty() {
        let conflicts = count(merged.conflicts.len(), "conflict");
        let signatures = count(merged.signatures.len(), "dropped signature");
        for one in &lifted {
            let gone = count(one.dropped.len(), "value");
            context.note(&format!("{}: lifted from {} to {}, {gone} dropped", one.file, one.from, one.to));
        }
        context.note(&format!("{conflicts}, {signatures}: --report FILE lists them"));
    }
    Ok(Exit::when(!refused))
}

/// Makes all documents ones of the newest version among them.
fn lift(files: &[String], read: &mut [(Sbom, Digest)]) -> Result<Vec<Lifted>, Failure> {
    let newest = read.iter().map(|(sbom, _)| sbom.version()).max();
    let mut lifted = Vec::new();
    for (file, (sbom, _)) in files.iter().zip(read) {
        let from = sbom.version();
        if let Some(to) = newest.filter(|newest| *newest != from) {
            let what = format!("make {file} a document of CycloneDX {to}");
            let (made, dropped) = convert::in_version(sbom, to, &Limits::default()).or_fail(what)?;
            *sbom = made;
            lifted.push(Lifted { file: file.clone(), from, to, dropped });
        }
    }
    Ok(lifted)
}

//! `validate`: whether documents are what they say they are.

use std::path::PathBuf;

use super::audit::FailOn;
use super::context::Context;
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format, limits};
use crate::document::Limits;
use crate::files;
use crate::finding::Finding;
use crate::report::validate::Report;
use crate::sbom::{Neighbours, validate_among};
use crate::schema::Schemas;
use crate::unpack;

/// Check documents against the grammar of their format and the rules beyond it
///
/// CycloneDX of the versions 1.2 to 1.7 in JSON and XML, SPDX 2.2 and 2.3 as JSON and tag-value, and SPDX 3.0 JSON are
/// checked by this program's own grammars: every field, type, enumeration and choice, in XML the order of elements too,
/// with messages that know which version has what. Then come rules that no schema can state: references that lead
/// nowhere, times out of order, digests of the wrong length. A document is valid when its form is; what the rules find
/// counts for the exit status from `--fail-on` upwards. Other formats are named and not called valid.
///
/// References into other documents (BOM-Links) are followed among the files and what --with names: a standard, its
/// attestation and the SBOM may be three documents.
///
/// With --schema the official JSON Schemas count too: get `schema/` of github.com/CycloneDX/specification; nothing is
/// fetched.
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
    /// A document, or a folder of them, that BOM-Links may lead into; it is not judged itself
    #[arg(long, value_name = "PATH")]
    with: Vec<PathBuf>,
    /// A folder of official JSON Schemas, such as bom-1.6.schema.json with what it refers to, to apply besides
    #[arg(long, value_name = "DIR")]
    schema: Option<PathBuf>,
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
    let schemas = args.schema.as_deref().map(Schemas::open).transpose().or_fail("read the schemas")?;
    // Each file is read once: it may be a pipe. One that cannot be read takes nothing away from the others.
    let mut inputs: Vec<_> = args.files.iter().map(|name| Some(bytes(name))).collect();
    let neighbours = neighbours(args, context, &inputs)?;
    for (name, input) in args.files.iter().zip(&mut inputs) {
        let Some(input) = input.take() else { continue };
        match input {
            Ok(bytes) => {
                let copy = schemas.as_ref().map(|_| bytes.clone());
                let mut validation =
                    validate_among(bytes, &Limits::default(), name, context.now, &neighbours);
                if let (Some(schemas), Some(bytes)) = (&schemas, copy) {
                    let judgement =
                        schemas.check(bytes, &Limits::default(), name).or_fail("apply the schemas")?;
                    failures.extend(judgement.undecided.map(|because| {
                        Failure::new(format!("tell what the schema says about {name}"), because)
                            .help("put the schema of that version into the folder, or leave --schema out")
                    }));
                    validation.valid &= !judgement.findings.iter().any(Finding::is_broken);
                    validation.findings.extend(judgement.findings);
                    validation.omitted += judgement.omitted;
                }
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

fn bytes(name: &str) -> Result<Vec<u8>, Failure> {
    let bytes = files::read(name, limits::SBOM).or_fail(format!("read {name}"))?;
    unpack::unpack(bytes, limits::SBOM).or_fail(format!("unpack {name}"))
}

/// What BOM-Links may lead into. What is wrong with the files is said where they are judged.
fn neighbours(
    args: &Args,
    context: &Context,
    inputs: &[Option<Result<Vec<u8>, Failure>>],
) -> Result<Neighbours, Failure> {
    let mut neighbours = Neighbours::default();
    if inputs.len() > 1 || !args.with.is_empty() {
        for bytes in inputs.iter().flatten().flatten() {
            let _ = neighbours.add(bytes.clone(), &Limits::default());
        }
    }
    for path in &args.with {
        let listed = files::list(path).or_fail(format!("read {}", path.display()))?;
        let is_folder = listed.is_some();
        for path in listed.unwrap_or_else(|| vec![path.clone()]) {
            let name = path.display().to_string();
            let added = bytes(&name).and_then(|bytes| {
                neighbours.add(bytes, &Limits::default()).or_fail(format!("read the SBOM {name}"))
            });
            match added {
                Ok(true) => {}
                Ok(false) => context.note(&format!("{name} has no serial number: nothing links to it")),
                // A folder may hold anything.
                Err(_) if is_folder => context.note(&format!("{name} is no SBOM: left aside")),
                Err(failure) => return Err(failure),
            }
        }
    }
    Ok(neighbours)
}

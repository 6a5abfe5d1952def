//! `verify`: the buyer's question.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::context::{self, Context, password};
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format, limits};
use crate::attest::predicate::PredicateType;
use crate::digest::{Algorithm, Digest};
use crate::files;
use crate::release::keyring;
use crate::report::verdict::Report;
use crate::verify::{self, BundleFile, Options, Request, SbomFile, TrustRoot, Verdict};

/// Check artifacts against their attestations, offline
///
/// Every claim that can be recomputed is recomputed: the artifact's digest, the signature, the log entry, its proof of
/// inclusion, the checkpoint. Each artifact must be a subject of an accepted bundle. The verdict says what was checked, by
/// whose key, and what was not checked. Nothing is fetched unless a file is given as a URL.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: what is shipped, its bundle, the vendor's key, the vendor's log
  sbom-attest verify app.tar.gz --bundle app.json --key key.pem.pub --trusted-root root.json")]
pub(crate) struct Args {
    /// What was shipped: a file, `-`, or its digest as `sha256:HEX`
    #[arg(required = true, value_name = "ARTIFACT")]
    artifacts: Vec<String>,
    /// A bundle that speaks of it: a file, `-` or a URL
    #[arg(long = "bundle", required = true, value_name = "FILE")]
    bundles: Vec<String>,
    /// A public key that may have signed (SPKI PEM)
    #[arg(long = "key", required = true, value_name = "FILE")]
    keys: Vec<PathBuf>,
    /// The logs that are believed: a Sigstore `trusted_root.json`, a file or a URL; without it none is
    #[arg(long, value_name = "FILE")]
    trusted_root: Option<String>,
    /// The predicate type that is expected, a short name or a URI; else any SBOM
    #[arg(long = "type", value_name = "TYPE")]
    predicate_type: Option<PredicateType>,
    /// The SBOM that was shipped beside the artifacts, to be the attested one
    #[arg(long, value_name = "FILE")]
    sbom: Option<String>,
    /// Accept a bundle that no log holds; nobody but you can then ever see that it was signed
    #[arg(long)]
    accept_unlogged: bool,
    /// Where the verdict goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the verdict is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let trust = match &args.trusted_root {
        Some(file) => {
            let bytes = context::fetch(file, limits::TRUSTED_ROOT, "the trusted root")?;
            match TrustRoot::parse(&bytes) {
                Ok(trust) => trust,
                // Text that is not well-formed is an answer here: nobody can be believed on its word.
                Err(error) => {
                    let verdict = Verdict::refusal(error.finding(file));
                    context.report(args.format, args.report.as_ref(), &Report { verdict: &verdict })?;
                    return Ok(Exit::No);
                }
            }
        }
        None => TrustRoot::nobody(),
    };
    let keys = args
        .keys
        .iter()
        .map(|file| keyring::open_public(file, password().as_ref()))
        .collect::<Result<Vec<_>, _>>();
    let keys = keys.or_fail("read the key")?;
    let bundles = args
        .bundles
        .iter()
        .map(|name| {
            Ok(BundleFile { name: name.clone(), bytes: context::fetch(name, limits::BUNDLE, "the bundle")? })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let sbom = match &args.sbom {
        Some(name) => {
            Some(SbomFile { name: name.clone(), bytes: context::fetch(name, limits::SBOM, "the SBOM")? })
        }
        None => None,
    };
    context.progress("hashing what was shipped");
    let algorithms = verify::algorithms_named(&bundles);
    let artifacts =
        args.artifacts.iter().map(|name| artifact(name, &algorithms)).collect::<Result<Vec<_>, _>>()?;
    context.progress_done();
    let verdict = verify::verify(&Request {
        artifacts: &artifacts,
        bundles: &bundles,
        signers: &keys,
        trust: &trust,
        options: Options {
            now: context.now,
            accept_unlogged: args.accept_unlogged,
            predicate_type: args.predicate_type.clone(),
            sbom,
        },
    });
    context.report(args.format, args.report.as_ref(), &Report { verdict: &verdict })?;
    Ok(Exit::when(verdict.accepted()))
}

/// An artifact by its digest, or by the file that is hashed here.
fn artifact(name: &str, algorithms: &BTreeSet<Algorithm>) -> Result<verify::Artifact, Failure> {
    if name.starts_with("sha256:") {
        let digest: Digest = name.parse().or_fail(format!("read the digest {name}"))?;
        return Ok(verify::Artifact::new(name, digest));
    }
    let stream = files::stream(name).or_fail("hash what was shipped")?;
    let (digests, _) = Digest::of_reader(algorithms, stream)
        .map_err(|error| Failure::new(format!("hash {name}"), error.to_string()))?;
    Ok(verify::Artifact { name: name.to_owned(), digests })
}

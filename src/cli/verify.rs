//! `verify`: the buyer's question.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ArgGroup;

use super::context::{self, Context, password};
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format, limits};
use crate::attest::predicate::UnknownType;
use crate::digest::{Algorithm, Digest};
use crate::files;
use crate::pki::Claim;
use crate::release::keyring;
use crate::report::verdict::Report;
use crate::verify::{
    self, BundleFile, Expected, Options, Pattern, PatternError, Request, SbomFile, Signatory, TrustRoot,
    Verdict,
};

/// Check artifacts against their attestations, offline
///
/// Every claim that can be recomputed is recomputed: the artifact's digest, the signature, the log entry, its proof of
/// inclusion, the checkpoint, the certificate with its chain, the timestamps. Each artifact must be a subject of an accepted
/// bundle. The verdict says what was checked, by whose key or identity, and what was not checked. Nothing is fetched
/// unless a file is given as a URL.
///
/// Who must have signed is a key (--key), or an identity that a certificate names (--certificate-identity and
/// --certificate-oidc-issuer, or their -regexp, which must match the whole name).
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("signer").required(true).args(["keys", "certificate_identity", "certificate_identity_regexp"])))]
#[command(group(ArgGroup::new("provider").args(["certificate_oidc_issuer", "certificate_oidc_issuer_regexp"])))]
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
    #[arg(long = "key", value_name = "FILE")]
    keys: Vec<PathBuf>,
    /// Whom the certificate must name: an email address, the URI of a workflow
    #[arg(long, value_name = "IDENTITY", requires = "provider")]
    certificate_identity: Option<String>,
    /// The same as a regular expression, which must match the whole name
    #[arg(long, value_name = "REGEX", requires = "provider")]
    certificate_identity_regexp: Option<String>,
    /// The identity provider that must have vouched for that name: its URL
    #[arg(long, value_name = "URL", conflicts_with = "keys")]
    certificate_oidc_issuer: Option<String>,
    /// The same as a regular expression, which must match the whole URL
    #[arg(long, value_name = "REGEX", conflicts_with = "keys")]
    certificate_oidc_issuer_regexp: Option<String>,
    /// The name of the GitHub workflow that must have signed
    #[arg(long, value_name = "NAME", conflicts_with = "keys")]
    certificate_github_workflow_name: Option<String>,
    /// The git ref on which it must have run
    #[arg(long, value_name = "REF", conflicts_with = "keys")]
    certificate_github_workflow_ref: Option<String>,
    /// The repository whose workflow it must be, as OWNER/NAME
    #[arg(long, value_name = "REPOSITORY", conflicts_with = "keys")]
    certificate_github_workflow_repository: Option<String>,
    /// The commit on which it must have run
    #[arg(long, value_name = "SHA", conflicts_with = "keys")]
    certificate_github_workflow_sha: Option<String>,
    /// The event that must have started it
    #[arg(long, value_name = "EVENT", conflicts_with = "keys")]
    certificate_github_workflow_trigger: Option<String>,
    /// Who is believed, logs and authorities: a Sigstore `trusted_root.json`, a file or a URL; else Sigstore's public
    /// good instance, as this program was built with it
    #[arg(long, value_name = "FILE")]
    trusted_root: Option<String>,
    /// The predicate type that is expected, a short name or a URI; `any` accepts whatever is signed, and a bare
    /// signature of the artifact; else any SBOM
    #[arg(long = "type", value_name = "TYPE", value_parser = expected_type)]
    expected: Option<Expected>,
    /// The SBOM that was shipped beside the artifacts, to be the attested one
    #[arg(long, value_name = "FILE")]
    sbom: Option<String>,
    /// Accept a bundle that no log holds; nobody but you can then ever see that it was signed
    #[arg(long)]
    accept_unlogged: bool,
    /// Accept the promise of a log of version 1 where an old bundle has no proof; nothing shows that it was kept
    #[arg(long)]
    accept_promise: bool,
    /// Refuse a bundle without the timestamp of an authority
    #[arg(long)]
    require_timestamp: bool,
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
        None => TrustRoot::public_good(),
    };
    let identities: Vec<Signatory> = args.signatory()?.into_iter().collect();
    for pattern in identities.iter().flat_map(|one| [&one.identity, &one.issuer]) {
        if pattern.accepts_everybody() {
            context.note(&format!(
                "warning: {pattern} accepts everybody, so that it says nothing of who signed"
            ));
        }
    }
    let keys = args
        .keys
        .iter()
        .map(|file| keyring::open_any_public(file, password().as_ref()))
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
        identities: &identities,
        trust: &trust,
        options: Options {
            now: context.now,
            accept_unlogged: args.accept_unlogged,
            accept_promise: args.accept_promise,
            require_timestamp: args.require_timestamp,
            expected: args.expected.clone().unwrap_or_default(),
            sbom,
        },
    });
    context.report(args.format, args.report.as_ref(), &Report { verdict: &verdict })?;
    Ok(Exit::when(verdict.accepted()))
}

fn expected_type(name: &str) -> Result<Expected, String> {
    if name == "any" {
        return Ok(Expected::Anything);
    }
    name.parse().map(Expected::Type).map_err(|error: UnknownType| error.to_string())
}

impl Args {
    fn signatory(&self) -> Result<Option<Signatory>, Failure> {
        let identity =
            pattern(self.certificate_identity.as_ref(), self.certificate_identity_regexp.as_ref())?;
        let issuer =
            pattern(self.certificate_oidc_issuer.as_ref(), self.certificate_oidc_issuer_regexp.as_ref())?;
        let (Some(identity), Some(issuer)) = (identity, issuer) else { return Ok(None) };
        let claims = [
            (Claim::WorkflowName, &self.certificate_github_workflow_name),
            (Claim::WorkflowRef, &self.certificate_github_workflow_ref),
            (Claim::WorkflowRepository, &self.certificate_github_workflow_repository),
            (Claim::WorkflowSha, &self.certificate_github_workflow_sha),
            (Claim::WorkflowTrigger, &self.certificate_github_workflow_trigger),
        ];
        let claims = claims.into_iter().filter_map(|(claim, value)| Some((claim, value.clone()?))).collect();
        Ok(Some(Signatory { identity, issuer, claims }))
    }
}

fn pattern(exact: Option<&String>, regex: Option<&String>) -> Result<Option<Pattern>, Failure> {
    match (exact, regex) {
        (Some(exact), _) => Ok(Some(Pattern::Exact(exact.clone()))),
        (None, Some(regex)) => {
            let failed = |error: PatternError| {
                Failure::new("ask for an identity", error.to_string()).help(
                    "the expression must match the whole name, as in https://github\\.com/OWNER/REPO/.*",
                )
            };
            Pattern::regex(regex).map(Some).map_err(failed)
        }
        (None, None) => Ok(None),
    }
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

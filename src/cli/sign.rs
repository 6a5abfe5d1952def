//! `sign`: say of artifacts what a predicate says, under a key, and enter it into a log.

use std::path::PathBuf;
use std::str::FromStr;

use super::context::{Context, STANDARD, password};
use super::failure::{Failure, OrFail as _};
use super::log::{self, DEFAULT_WAIT};
use super::{Exit, Format, context, limits};
use crate::attest::predicate::PredicateType;
use crate::files;
use crate::keys::Signer as _;
use crate::release::artifact::{self, Artifact};
use crate::release::keyring;
use crate::release::signing::{self, Predicate};
use crate::report::sign::{self, Place};

/// Sign a statement about artifacts: in-toto, DSSE, a Sigstore bundle
///
/// The statement's subjects are the SHA-256 digests of the artifacts, its predicate is the file given, usually
/// their SBOM. The bundle is read by every Sigstore client.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: sign an SBOM for what is shipped, and log it in a directory
  sbom-attest sign app.tar.gz --predicate sbom.json --key key.pem --log dir:log -o app.json")]
pub(crate) struct Args {
    /// What the statement is about; several are subjects of one statement
    #[arg(required = true, value_name = "ARTIFACT")]
    artifacts: Vec<PathBuf>,
    /// What is said about them: a CycloneDX or SPDX document, or other JSON with --type
    #[arg(long, value_name = "FILE")]
    predicate: String,
    /// The predicate type, a short name (cyclonedx, spdx, …) or a URI; else told from the document
    #[arg(long = "type", value_name = "TYPE")]
    predicate_type: Option<String>,
    /// Sign the SBOM's digest in its place, as for one of more than 16 MiB; it then travels beside the bundle, for
    /// `verify --sbom`
    #[arg(long, conflicts_with = "predicate_type")]
    reference: bool,
    /// The private key: PKCS#8 PEM, or cosign's with its password in `COSIGN_PASSWORD`
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The log that gets the entry: `none`, or `dir:PATH` for a log in a directory
    #[arg(long, value_name = "LOG", default_value = "none")]
    log: Target,
    /// How many seconds to wait while another process writes to the log
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_WAIT)]
    wait: u64,
    /// Where the bundle goes, `-` for standard output
    #[arg(short, long, value_name = "BUNDLE")]
    output: PathBuf,
    /// Where the report goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// A log to enter a signature into.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    None,
    Directory(PathBuf),
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            Some(("dir", path)) if !path.is_empty() => Ok(Self::Directory(PathBuf::from(path))),
            _ => Err("expected `none` or `dir:PATH`".to_owned()),
        }
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let kind = args.predicate_type.as_deref().map(str::parse::<PredicateType>).transpose();
    let kind = kind.map_err(|error| Failure::new("sign", error.to_string()))?;
    let bytes = context::fetch(&args.predicate, limits::SBOM, "the predicate")?;
    let predicate = if args.reference {
        Predicate::reference(&file_name(&args.predicate), &bytes)
    } else if let Some(kind) = &kind {
        Predicate::inline(bytes, Some(kind))
    } else {
        Predicate::fitting(&file_name(&args.predicate), bytes)
    };
    let predicate = predicate.or_fail(format!("sign {}", args.predicate))?;
    let key = keyring::open(&args.key, password().as_ref()).or_fail("open the key")?;
    let public = key.public_key();
    context.progress("hashing");
    let artifacts = args.artifacts.iter().map(|path| Artifact::hash(path)).collect::<Result<Vec<_>, _>>();
    let subjects = artifact::subjects(&artifacts.or_fail("hash what is signed")?);
    files::check_output(&args.output).or_fail("write the bundle")?;
    let bundle = signing::sign(subjects.clone(), &predicate, &key).or_fail("sign")?;
    let (bundle, log) = match &args.log {
        Target::None => (bundle, None),
        Target::Directory(path) => {
            let mut log = log::open_for_writing(path, args.wait)?;
            let entered = signing::enter(vec![(bundle, public.clone())], &mut log)
                .or_fail("enter the signature into the log")?;
            let entered = entered
                .into_iter()
                .next()
                .ok_or_else(|| Failure::new("enter the signature", "the log gave no answer"))?;
            let place = Place {
                path: path.clone(),
                origin: log.view().origin().to_owned(),
                index: entered.index,
                size: entered.size,
                duplicate: entered.duplicate,
            };
            (entered.bundle, Some(place))
        }
    };
    let bytes = bundle.to_bytes();
    Context::put(&bytes, Some(&args.output))?;
    let report = sign::Report {
        subjects: &subjects,
        predicate_type: &predicate.kind,
        bundle: &args.output,
        size: bytes.len(),
        key: &public,
        log: log.as_ref(),
    };
    // A bundle on standard output leaves no room there for a report.
    if args.output.as_os_str() != STANDARD || args.report.is_some() {
        context.report(args.format, args.report.as_ref(), &report)?;
    }
    Ok(Exit::Yes)
}

fn file_name(path: &str) -> String {
    std::path::Path::new(path)
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

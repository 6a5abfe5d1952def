//! `enveloped`: signatures that stand inside a document, over it or over parts of it.

use std::path::PathBuf;

use super::context::{self, Context, STANDARD, password};
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format};
use crate::document::{Document, Limits};
use crate::keys::jwa::Algorithm;
use crate::keys::{PublicKey, Signer};
use crate::release::keyring;
use crate::report::enveloped::{Signed, Verified};
use crate::sbom::jsf::{self, Credential, Options};

/// Sign a document or parts of it in place, and check such signatures
///
/// An enveloped signature (JSF, as CycloneDX has it) stands in the object that it signs: the whole document, a
/// component, a service, a composition, a claim, an attestation, a standard, … It travels with the document and needs
/// no other file. For signatures that artifacts and logs are checked with, see `sign` and `verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: sign a whole document
  sbom-attest enveloped sign sbom.json --key key.pem -o sbom.signed.json")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Sign(Sign),
    Verify(Verify),
}

/// Write a signature into a document; every other byte stays as it is
///
/// Several scopes are signed from the inside out, as an outer signature covers the inner ones. Nothing is signed that
/// would break an outer signature which is there already.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: sign a whole document
  sbom-attest enveloped sign sbom.json --key key.pem -o sbom.signed.json")]
struct Sign {
    /// A CycloneDX JSON document: a file, or `-`; gzip and Zstandard are unpacked
    file: String,
    /// A private key (PKCS#8 PEM: P-256, P-384, P-521, Ed25519, RSA); several with --form
    #[arg(long = "key", required = true, value_name = "FILE")]
    keys: Vec<PathBuf>,
    /// What is signed: the pointer (RFC 6901) of an object, such as /components/0 [default: the whole document, '']
    #[arg(long = "scope", value_name = "POINTER")]
    scopes: Vec<String>,
    /// One signature, or a list that can get longer: independent signers, or each over those before it
    #[arg(long, value_name = "FORM", default_value = "single")]
    form: Form,
    /// The algorithm, such as RS512; else the key's usual one (PS256 for RSA)
    #[arg(long, value_name = "NAME", value_parser = algorithm)]
    algorithm: Option<Algorithm>,
    /// What the key is called in the signature; one for each key, in their order
    #[arg(long = "key-id", value_name = "TEXT")]
    key_ids: Vec<String>,
    /// Write the public key into the signature; nobody trusts it for that
    #[arg(long)]
    embed_key: bool,
    /// Where the signed document goes, `-` for standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Where the report goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Check every signature in a document against the keys that you trust
///
/// Exit 0 only where there is a signature and all are valid under a key that was given; a key that the signature
/// brings along is not trusted. With --scope, these count and the others are shown.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: everything that is signed in a document
  sbom-attest enveloped verify signed.json --key key.pem.pub")]
struct Verify {
    /// A CycloneDX JSON document: a file, `-` or a URL; gzip and Zstandard are unpacked
    file: String,
    /// A public key that may have signed (SPKI PEM)
    #[arg(long = "key", required = true, value_name = "FILE")]
    keys: Vec<PathBuf>,
    /// What must be signed: the pointer of an object; others then do not count
    #[arg(long = "scope", value_name = "POINTER")]
    scopes: Vec<String>,
    /// A field of the signed object that a signature may leave out; nobody signed it then
    #[arg(long, value_name = "FIELD")]
    accept_excluded: Vec<String>,
    /// Where the report goes instead of standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How many signatures an object gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// One
    Single,
    /// Several that do not know each other
    Signers,
    /// Several, each over those before it
    Chain,
}

fn algorithm(name: &str) -> Result<Algorithm, String> {
    Algorithm::named(name).ok_or_else(|| {
        let names: Vec<&str> = Algorithm::ALL.into_iter().map(Algorithm::name).collect();
        format!("expected one of {}", names.join(", "))
    })
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.command {
        Command::Sign(args) => sign(args, context),
        Command::Verify(args) => verify(args, context),
    }
}

fn sign(args: &Sign, context: &Context) -> Result<Exit, Failure> {
    let what = format!("sign {}", args.file);
    if !args.key_ids.is_empty() && args.key_ids.len() != args.keys.len() {
        return Err(Failure::new(what, "there are not as many names as keys")
            .help("give --key-id once for each --key, or not at all"));
    }
    let bytes = context::document(&args.file, "the document")?;
    let document = Document::parse(bytes, &Limits::default()).or_fail(format!("read {}", args.file))?;
    let keys = args.keys.iter().map(|file| keyring::open_any(file, password().as_ref()));
    let keys = keys.collect::<Result<Vec<_>, _>>().or_fail("open the key")?;
    let credentials: Vec<Credential<'_>> = keys
        .iter()
        .enumerate()
        .map(|(number, key)| {
            let usual = Credential::new(key);
            Credential {
                algorithm: args.algorithm.unwrap_or(usual.algorithm),
                key_id: args.key_ids.get(number).cloned(),
                embed: args.embed_key,
                ..usual
            }
        })
        .collect();
    let form = match args.form {
        Form::Single => jsf::Form::Single,
        Form::Signers => jsf::Form::Signers,
        Form::Chain => jsf::Form::Chain,
    };
    let scopes = if args.scopes.is_empty() { vec![String::new()] } else { args.scopes.clone() };
    let signed = jsf::sign(document, &scopes, &credentials, form).or_fail(what)?;
    Context::put(&signed, Some(&args.output))?;
    let keys: Vec<PublicKey> = keys.iter().map(Signer::public_key).collect();
    let report = Signed { document: &args.output, size: signed.len(), scopes: &scopes, form, keys: &keys };
    // A document on standard output leaves no room there for a report.
    if args.output.as_os_str() != STANDARD || args.report.is_some() {
        context.report(args.format, args.report.as_ref(), &report)?;
    }
    Ok(Exit::Yes)
}

fn verify(args: &Verify, context: &Context) -> Result<Exit, Failure> {
    let keys = args.keys.iter().map(|file| keyring::open_any_public(file, password().as_ref()));
    let keys = keys.collect::<Result<Vec<_>, _>>().or_fail("read the key")?;
    let bytes = context::document(&args.file, "the document")?;
    let document = Document::parse(bytes, &Limits::default()).or_fail(format!("read {}", args.file))?;
    let options = Options { accept_excluded: args.accept_excluded.clone(), ..Options::default() };
    let verdict = jsf::judge(&document, &args.file, &keys, &options, &args.scopes);
    let report = Verified { file: &args.file, verdict: &verdict };
    context.report(args.format, args.report.as_ref(), &report)?;
    Ok(Exit::when(verdict.accepted()))
}

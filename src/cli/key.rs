//! `key`: make and show signing keys.

use std::path::PathBuf;

use super::context::{Context, password};
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format};
use crate::keys::{KeyType, Signer as _};
use crate::release::keyring;
use crate::report::key::Report;

/// Make signing keys and show their public halves
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: a new key, in key.pem and key.pem.pub
  sbom-attest key generate -o key.pem")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Generate(Generate),
    Public(Public),
}

/// Make a private key (PKCS#8 PEM, for your eyes alone) and its public half (FILE.pub)
///
/// An existing file is never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: a new key, in key.pem and key.pem.pub
  sbom-attest key generate -o key.pem")]
struct Generate {
    /// The kind of key; every Sigstore client verifies P-256
    #[arg(long = "type", value_name = "TYPE", default_value = "p256")]
    key_type: Type,
    /// Where the private key goes; the public one goes to FILE.pub
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Print the public half of a private or public key file (SPKI PEM)
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: the public half of key.pem
  sbom-attest key public key.pem")]
struct Public {
    /// A private key (PKCS#8 PEM, or cosign's with `COSIGN_PASSWORD`) or a public one (SPKI PEM)
    file: PathBuf,
    /// Where the public key goes instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Kinds of keys that are made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Type {
    /// ECDSA on P-256 with SHA-256
    P256,
    /// Ed25519
    Ed25519,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.command {
        Command::Generate(args) => generate(args, context),
        Command::Public(args) => public(args),
    }
}

fn generate(args: &Generate, context: &Context) -> Result<Exit, Failure> {
    let key_type = match args.key_type {
        Type::P256 => KeyType::P256,
        Type::Ed25519 => KeyType::Ed25519,
    };
    let key = keyring::create(&args.output, key_type).or_fail("make a key")?.public_key();
    let report = Report { private: &args.output, public: &keyring::public_path(&args.output), key: &key };
    context.report(args.format, None, &report)?;
    Ok(Exit::Yes)
}

fn public(args: &Public) -> Result<Exit, Failure> {
    let key = keyring::open_public(&args.file, password().as_ref()).or_fail("show the public key")?;
    Context::put(key.to_pem().as_bytes(), args.output.as_ref())?;
    Ok(Exit::Yes)
}

//! `log`: a transparency log in a folder.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use super::context::{Context, fetch, password};
use super::failure::{Failure, OrFail as _};
use super::{Exit, Format, limits};
use crate::attest::bundle::Bundle;
use crate::digest::decode_hex;
use crate::files::{self, Access};
use crate::keys::{PrivateKey, PublicKey};
use crate::log::origin::Origin;
use crate::log::{self as store, Log, Setup, View};
use crate::release::keyring;
use crate::release::signing;
use crate::report::log as report;
use crate::tlog::Hash;

/// Keep a transparency log in a folder: no server, no account
///
/// An entry counts when it is on disk together with the signed checkpoint that covers it. Sigstore clients verify its
/// proofs with the `trusted_root.json` that `log trust` writes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: a new log
  sbom-attest log init log")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Init(Init),
    Add(Add),
    Checkpoint(Checkpoint),
    Prove(Prove),
    Verify(Verify),
    Export(Export),
    Trust(Trust),
}

/// Make a log, with its genesis entry at index 0
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: a log under the name that its readers know it by
  sbom-attest log init log --origin log.shop.example")]
struct Init {
    /// The folder, new or empty
    dir: PathBuf,
    /// Its name, a bare host name; else a unique one
    #[arg(long, value_name = "NAME")]
    origin: Option<Origin>,
    /// Its Ed25519 key (PKCS#8 PEM), copied into the folder; else a new one
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Enter bundles, and write copies of them with their proofs
///
/// All of them are entered with one signed checkpoint. A bundle that is in the log already gets the proof of its entry.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: enter a bundle that was signed elsewhere
  sbom-attest log add log unlogged.json --out-dir logged")]
struct Add {
    /// The log's folder
    dir: PathBuf,
    /// Bundles, each signed by one key
    #[arg(required = true, value_name = "BUNDLE")]
    bundles: Vec<PathBuf>,
    /// Where the copies go, under the names of the originals
    #[arg(long, value_name = "DIR")]
    out_dir: PathBuf,
    /// A public key that signed; for P-256 the signature and the bundle's hint tell it
    #[arg(long = "key", value_name = "FILE")]
    keys: Vec<PathBuf>,
    #[command(flatten)]
    wait: Wait,
    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Print the log's newest signed checkpoint
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: what the log says about itself
  sbom-attest log checkpoint log")]
struct Checkpoint {
    /// The log's folder
    dir: PathBuf,
}

/// Prove that the log holds an entry
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: that the log holds its genesis entry
  sbom-attest log prove log 0")]
struct Prove {
    /// The log's folder
    dir: PathBuf,
    /// The number of the entry, or `sha256:HEX` of its leaf
    #[arg(value_name = "INDEX|sha256:LEAF")]
    entry: Entry,
    /// How the proof is shown: for people, or as JSON
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Rebuild the whole log from its entries and compare it with all it ever signed
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: nothing was changed, nothing was lost
  sbom-attest log verify log")]
struct Verify {
    /// The log's folder
    dir: PathBuf,
    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Write the log as a plain tree of tiles (C2SP tlog-tiles), which any web server can serve
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: for a web server or another's tools
  sbom-attest log export log -o tiles")]
struct Export {
    /// The log's folder
    dir: PathBuf,
    /// The folder of the tree; files that are there and the same are kept
    #[arg(short, long, value_name = "TREE")]
    output: PathBuf,
    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Write what a verifier needs to know of the log: a Sigstore `trusted_root.json`
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: publish this with what is signed
  sbom-attest log trust log -o root.json")]
struct Trust {
    /// The log's folder
    dir: PathBuf,
    /// Where it goes instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How long a writer waits.
#[derive(Debug, clap::Args)]
struct Wait {
    /// How many seconds to wait while another process writes to the log
    #[arg(long = "wait", value_name = "SECONDS", default_value_t = DEFAULT_WAIT)]
    seconds: u64,
}

/// Which entry is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Index(u64),
    Leaf(Hash),
}

impl FromStr for Entry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let leaf =
            text.strip_prefix("sha256:").and_then(decode_hex).and_then(|bytes| Hash::from_slice(&bytes));
        match (leaf, text.parse()) {
            (Some(leaf), _) => Ok(Self::Leaf(leaf)),
            (None, Ok(index)) => Ok(Self::Index(index)),
            _ => Err("expected a number, or sha256: and 64 hexadecimal digits".to_owned()),
        }
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.command {
        Command::Init(args) => init(args, context),
        Command::Add(args) => add(args, context),
        Command::Checkpoint(args) => checkpoint(args),
        Command::Prove(args) => prove(args, context),
        Command::Verify(args) => verify(args, context),
        Command::Export(args) => export(args, context),
        Command::Trust(args) => trust(args),
    }
}

/// Opens a log for appending, after waiting for another writer for at most so many seconds.
pub(crate) fn open_for_writing(dir: &Path, seconds: u64) -> Result<Log, Failure> {
    Log::open(dir, Duration::from_secs(seconds)).or_fail(format!("open the log {}", dir.display()))
}

fn open(dir: &Path) -> Result<View, Failure> {
    View::open(dir).or_fail(format!("open the log {}", dir.display()))
}

fn init(args: &Init, context: &Context) -> Result<Exit, Failure> {
    let key = match &args.key {
        Some(path) => Some(keyring::open(path, password().as_ref()).or_fail("open the log's key")?),
        None => None::<PrivateKey>,
    };
    let setup = Setup { origin: args.origin.clone(), key, now: context.now };
    let log = Log::create(&args.dir, setup).or_fail(format!("make the log {}", args.dir.display()))?;
    context.report(args.format, None, &report::Init { path: &args.dir, view: log.view() })?;
    Ok(Exit::Yes)
}

fn add(args: &Add, context: &Context) -> Result<Exit, Failure> {
    let keys = args.keys.iter().map(|path| keyring::open_public(path, password().as_ref()));
    let keys: Vec<PublicKey> = keys.collect::<Result<_, _>>().or_fail("read the key")?;
    let mut bundles = Vec::new();
    let mut outputs: Vec<PathBuf> = Vec::new();
    for path in &args.bundles {
        let bytes = fetch(&path.to_string_lossy(), limits::BUNDLE, "the bundle")?;
        let bundle = Bundle::parse(&bytes).or_fail(format!("read the bundle {}", path.display()))?;
        let key = signing::signer_of(&bundle, &keys).or_fail(format!("enter {}", path.display()))?;
        let name = path
            .file_name()
            .ok_or_else(|| Failure::new("name the copy", format!("{} has no file name", path.display())))?;
        let output = args.out_dir.join(name);
        if outputs.contains(&output) {
            return Err(Failure::new(
                "write the copies",
                format!("two bundles are called {}", name.display()),
            )
            .help("enter them with two commands and two folders"));
        }
        outputs.push(output);
        bundles.push((bundle, key));
    }
    let mut log = open_for_writing(&args.dir, args.wait.seconds)?;
    let entered = signing::enter(bundles, &mut log).or_fail("enter the bundles")?;
    for (entered, output) in entered.iter().zip(&outputs) {
        files::write(output, &entered.bundle.to_bytes(), Access::Shared)
            .or_fail("write the bundle with its proof")?;
    }
    let entries: Vec<report::Added<'_>> = entered
        .iter()
        .zip(args.bundles.iter().zip(&outputs))
        .map(|(entered, (bundle, output))| report::Added {
            bundle,
            output,
            index: entered.index,
            duplicate: entered.duplicate,
        })
        .collect();
    context.report(args.format, None, &report::Add { path: &args.dir, view: log.view(), entries })?;
    Ok(Exit::Yes)
}

fn checkpoint(args: &Checkpoint) -> Result<Exit, Failure> {
    Context::put(open(&args.dir)?.checkpoint().as_bytes(), None)?;
    Ok(Exit::Yes)
}

fn prove(args: &Prove, context: &Context) -> Result<Exit, Failure> {
    let view = open(&args.dir)?;
    let index = match &args.entry {
        Entry::Index(index) => *index,
        Entry::Leaf(leaf) => match view.find(leaf) {
            Ok(index) => index,
            Err(store::Error::Leaf(_)) => {
                context.note("the log holds no such entry");
                return Ok(Exit::No);
            }
            Err(error) => return Err(error).or_fail("prove the entry"),
        },
    };
    if index >= view.size() {
        context.note(&format!("the log has no entry {index}: its size is {}", view.size()));
        return Ok(Exit::No);
    }
    let logged = view.prove(index).or_fail("prove the entry")?;
    let leaf = crate::tlog::merkle::leaf_hash(&logged.leaf);
    context.report(
        args.format,
        None,
        &report::Prove { origin: view.origin(), leaf: &leaf, logged: &logged },
    )?;
    Ok(Exit::Yes)
}

fn verify(args: &Verify, context: &Context) -> Result<Exit, Failure> {
    context.progress("rebuilding the log from its entries");
    match store::verify(&args.dir) {
        Ok(verification) => {
            context.report(args.format, None, &report::Verify::accepted(&args.dir, &verification))?;
            Ok(Exit::Yes)
        }
        Err(error) if error.is_contradiction() => {
            context.report(args.format, None, &report::Verify::refused(&args.dir, &error))?;
            Ok(Exit::No)
        }
        Err(error) => Err(error).or_fail(format!("verify the log {}", args.dir.display())),
    }
}

fn export(args: &Export, context: &Context) -> Result<Exit, Failure> {
    let exported = open(&args.dir)?.export(&args.output).or_fail("export the log")?;
    context.report(args.format, None, &report::Export { path: &args.dir, output: &args.output, exported })?;
    Ok(Exit::Yes)
}

fn trust(args: &Trust) -> Result<Exit, Failure> {
    Context::put(&open(&args.dir)?.trusted_root(), args.output.as_ref())?;
    Ok(Exit::Yes)
}

/// How long writers wait for each other, in seconds.
pub(crate) const DEFAULT_WAIT: u64 = 30;

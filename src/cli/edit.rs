//! `edit`: changes at JSON pointers; everything else stays byte for byte.

use std::path::PathBuf;

use super::Exit;
use super::context::{self, Color, Context, password};
use super::failure::{Explained, Failure, OrFail as _};
use crate::document::edit::{self, Edited, Error, Operation, Pointer, Signatures};
use crate::document::{Document, Limits, quote};
use crate::release::keyring;
use crate::sbom::jsf;

/// Change a JSON document and leave every other byte as it is
///
/// Places are JSON pointers (RFC 6901) into FILE as it is: `/metadata/component/version`, `/components/3`; `-` stands for
/// the end of an array. What is added follows the layout around it. The output appears whole or not at all, and may be
/// FILE itself.
///
/// An object with a `signature` is a signed scope. An edit that changes one is refused (exit 1) and names the signatures
/// that it would break, unless they may be dropped (--drop-signatures) or are signed again (--resign) by the key that
/// made them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: name the supplier of the product, in the file itself
  sbom-attest edit sbom.json --set '/metadata/supplier={\"name\": \"Shop Ltd\"}' -o sbom.json")]
pub(crate) struct Args {
    /// A JSON file, or `-`; gzip and Zstandard are unpacked
    #[arg(value_name = "FILE")]
    file: String,
    /// Replace the value at a place, or add it
    #[arg(long, value_name = "POINTER=JSON")]
    set: Vec<String>,
    /// The same, with a text that needs no quotes
    #[arg(long, value_name = "POINTER=TEXT")]
    set_string: Vec<String>,
    /// Remove the value at a place
    #[arg(long, value_name = "POINTER")]
    remove: Vec<String>,
    /// Apply a JSON Patch (RFC 6902), whose operations see one another
    #[arg(long, value_name = "FILE", conflicts_with_all = ["set", "set_string", "remove"])]
    patch: Vec<String>,
    /// Remove the signatures that the edit breaks
    #[arg(long)]
    drop_signatures: bool,
    /// Sign the scopes that the edit changes again, inner ones first, each with the key that made its signature
    #[arg(long, requires = "keys", conflicts_with = "drop_signatures")]
    resign: bool,
    /// A private key (PKCS#8 PEM) whose signatures it may renew
    #[arg(long = "key", value_name = "FILE", requires = "resign")]
    keys: Vec<PathBuf>,
    /// Where it goes instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let limits = Limits::default();
    let bytes = context::document(&args.file, "the document")?;
    let document = Document::parse(bytes, &limits).or_fail(format!("read {}", args.file))?;
    let signatures = match (args.drop_signatures, args.resign) {
        (true, _) => Signatures::Drop,
        (_, true) => Signatures::Stale,
        _ => Signatures::Keep,
    };
    let keys = args.keys.iter().map(|file| keyring::open_any(file, password().as_ref()));
    let keys = keys.collect::<Result<Vec<_>, _>>().or_fail("open the key")?;
    let operations = args.operations(&document)?;
    let what = format!("edit {}", args.file);
    match edit::apply(&document, operations, signatures, &limits) {
        Ok(Edited { document: edited, broken, stale }) => {
            let bytes = if stale.is_empty() {
                edited.into_bytes()
            } else {
                match jsf::resign(&document, edited, &stale, &keys) {
                    Ok(bytes) => bytes,
                    Err(error @ jsf::Error::NotOurs { .. }) => return Ok(refused(error, what)),
                    Err(error) => return Err(error).or_fail(what),
                }
            };
            Context::put(&bytes, args.output.as_ref())?;
            for one in &stale {
                context.note(&format!("signed again: {}", one.after));
            }
            let is_there =
                |signature: &String| stale.iter().any(|one| one.before.as_ref() == Some(signature));
            for signature in broken.iter().filter(|signature| !is_there(signature)) {
                context.note(&format!("dropped the signature {signature}"));
            }
            Ok(Exit::Yes)
        }
        Err(error @ (Error::Signed(_) | Error::Test(_))) => Ok(refused(error, what)),
        Err(error) => Err(error).or_fail(what),
    }
}

/// The edit is well-formed and the document says no to it.
fn refused(error: impl Explained, what: String) -> Exit {
    if let Err(failure) = Err::<(), _>(error).or_fail(what) {
        Context::complain(Color::Auto, &failure);
    }
    Exit::No
}

impl Args {
    fn operations(&self, document: &Document) -> Result<Vec<Operation>, Failure> {
        if !self.patch.is_empty() {
            let mut operations = Vec::new();
            for file in &self.patch {
                let what = format!("read the patch {file}");
                let bytes = context::document(file, "the patch")?;
                let patch = Document::parse(bytes, &Limits::default()).or_fail(&what)?;
                operations.append(&mut edit::patch(&patch).or_fail(&what)?);
            }
            return Ok(operations);
        }
        let json = self.set.iter().map(|text| place(text, "--set", |json| json.into()));
        let texts = self.set_string.iter().map(|text| {
            place(text, "--set-string", |text| {
                let mut quoted = Vec::new();
                quote(text, &mut quoted);
                quoted
            })
        });
        let set = json.chain(texts).collect::<Result<_, _>>()?;
        let remove = self
            .remove
            .iter()
            .map(|text| text.parse().or_fail(format!("understand --remove {text}")))
            .collect::<Result<_, _>>()?;
        edit::batch(document, set, remove).or_fail(format!("edit {}", self.file))
    }
}

/// A place, and what comes there.
fn place(text: &str, flag: &str, value: impl Fn(&str) -> Vec<u8>) -> Result<(Pointer, Document), Failure> {
    let what = format!("understand {flag} {text}");
    let Some((pointer, json)) = text.split_once('=') else {
        return Err(Failure::new(what, "there is no `=` between the pointer and the value")
            .help("write it like /metadata/component/version='\"1.0\"'"));
    };
    let pointer = pointer.parse::<Pointer>().or_fail(&what)?;
    let value = Document::parse(value(json), &Limits::default()).map_err(|error| {
        Failure::new(&what, error.to_string()).help("a text goes into quotes, or use --set-string")
    })?;
    Ok((pointer, value))
}

//! The release engineer's job in one call: what is shipped, its SBOM, what was found in it, a signature, a log entry,
//! and the verdict that a buyer will reach.
//!
//! The order matters. Everything is made in memory and verified as a buyer would before any output file is written; the
//! log entry comes first, because an entry without a bundle is harmless and a bundle without an entry is not.

pub mod artifact;
pub mod build;
pub mod keyring;
pub mod signing;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use self::artifact::Artifact;
use self::build::Build;
use self::keyring::Password;
use self::signing::Predicate;
use crate::audit::{self, Audited, Evidence};
use crate::document::Limits;
use crate::files::{self, Access};
use crate::finding::Finding;
use crate::generate::{self, Generated, Root, Source};
use crate::graph::Graph;
use crate::keys::{KeyType, PublicKey, Signer as _};
use crate::log::store::Part;
use crate::log::{self, Log};
use crate::registry::index::Index;
use crate::sbom::{self, Sbom};
use crate::verify::{self, TrustRoot, Verdict};

/// What to release.
#[derive(Debug, Clone)]
pub struct Request {
    /// What the SBOM is asked for; its source is a project.
    pub generate: generate::Request,
    /// The files that are shipped; none: those that a release build of the same selection makes.
    pub artifacts: Vec<PathBuf>,
    /// Where the outputs go; none: `sbom-attest/` in the project's target folder.
    pub out: Option<PathBuf>,
    /// The private key, made when it is not there.
    pub key: PathBuf,
    /// The password of the key, if it is encrypted.
    pub password: Option<Password>,
    /// The log's folder, made when it is not there.
    pub log: PathBuf,
    /// How long to wait while another process writes to the log.
    pub wait: Duration,
    /// Cargo's home, where its index cache is.
    pub cargo_home: Option<PathBuf>,
    /// The clock.
    pub now: Timestamp,
    /// Whether a child may talk to the terminal.
    pub talkative: bool,
}

/// What was released.
#[derive(Debug)]
pub struct Release {
    /// What a buyer will make of it. When it is refused, no file was written.
    pub verdict: Verdict,
    /// What is shipped.
    pub artifacts: Vec<Artifact>,
    /// The SBOM.
    pub sbom: Output,
    /// How many components it lists, beside the product itself.
    pub components: usize,
    /// Whether the bundle names the SBOM by its digest, so that the file must travel with it.
    pub by_reference: bool,
    /// The bundle.
    pub bundle: Output,
    /// The public key, as it lies beside the bundle.
    pub public_key: Output,
    /// The Sigstore trusted root of the log.
    pub trusted_root: Output,
    /// The signer.
    pub signer: PublicKey,
    /// The private key's file, and whether it was made now.
    pub key: (PathBuf, bool),
    /// The log's folder, and whether it was made now.
    pub log: (PathBuf, bool),
    /// The log's name.
    pub origin: String,
    /// The number of the entry.
    pub index: u64,
    /// The size of the log that the proof speaks of.
    pub size: u64,
    /// Whether the log had the entry before.
    pub duplicate: bool,
    /// How the SBOM was made; its bytes are in [`Release::sbom`].
    pub generated: Generated,
    /// The build, if one was needed.
    pub build: Option<Vec<String>>,
    /// What was found in the SBOM and on the way to it.
    pub findings: Vec<Finding>,
    /// What nobody checked.
    pub not_checked: Vec<String>,
}

/// An output file.
#[derive(Debug, Clone)]
pub struct Output {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Does it all. `progress` is told what is being done.
pub fn attest(request: &Request, progress: &dyn Fn(&str)) -> Result<Release, Error> {
    let Source::Project { path: project } = &request.generate.source else { return Err(Error::NotAProject) };
    progress("resolving dependencies");
    let mut generated = generate::generate(&request.generate).map_err(Error::Generate)?;
    let sbom_bytes = std::mem::take(&mut generated.sbom);

    let (paths, build) = shipped(request, project, &generated, progress)?;
    progress("hashing what is shipped");
    let artifacts = paths.iter().map(|path| Artifact::hash(path)).collect::<Result<Vec<_>, _>>()?;

    progress("looking at the dependency graph");
    let sbom = Sbom::read(sbom_bytes.clone(), &Limits::default()).map_err(Error::Sbom)?;
    let components = sbom.components().len() - usize::from(sbom.root().is_some());
    let audited = look(&sbom, request.cargo_home.as_deref());

    progress("signing");
    let (key, key_made) = keyring::open_or_create(&request.key, request.password.as_ref(), KeyType::P256)?;
    let signer = key.public_key();
    let file_names = FileNames::of(&name(&generated.roots, project));
    let predicate = Predicate::fitting(&file_names.sbom, sbom_bytes.clone()).map_err(Error::Sign)?;
    let bundle = signing::sign(artifact::subjects(&artifacts), &predicate, &key).map_err(Error::Sign)?;

    let out = request.out.clone().unwrap_or_else(|| build::folder(project).join(DEFAULT_OUT));
    for file in [&file_names.sbom, &file_names.bundle, &file_names.public_key, &file_names.trusted_root] {
        files::check_output(out.join(file))?;
    }

    progress("entering the signature into the log");
    let (mut log, log_made) = open_log(request)?;
    let entered = signing::enter(vec![(bundle, signer.clone())], &mut log).map_err(Error::Sign)?;
    let entered = entered.into_iter().next().ok_or(Error::Unanswered)?;
    let trusted_root = log.view().trusted_root();
    let origin = log.view().origin().to_owned();
    // A buyer comes after the log was made, whatever clock the documents were given (`SOURCE_DATE_EPOCH` is the past).
    let buyers_time = match request.generate.timestamp {
        Some(stated) => stated.max(log.view().genesis().created),
        None => request.now,
    };
    drop(log);

    let output = |file: String, bytes: Vec<u8>| Output { path: tidy(&out.join(file)), bytes };
    let sbom = output(file_names.sbom, sbom_bytes);
    let bundle = output(file_names.bundle, entered.bundle.to_bytes());
    let public_key = output(file_names.public_key, signer.to_pem().into_bytes());
    let trusted_root = output(file_names.trusted_root, trusted_root);

    progress("checking as a buyer would");
    let verdict = as_a_buyer(&paths, [&sbom, &bundle, &public_key, &trusted_root], buyers_time)?;
    if verdict.accepted() {
        // The bundle comes last: who finds it finds the rest too.
        for file in [&sbom, &public_key, &trusted_root, &bundle] {
            files::write(&file.path, &file.bytes, Access::Shared)?;
        }
    }
    let not_checked = [&generated.not_checked, &audited.not_checked, &verdict.not_checked];
    let not_checked = not_checked.into_iter().flatten().cloned().collect();
    Ok(Release {
        verdict,
        artifacts,
        sbom,
        components,
        by_reference: predicate.is_reference(),
        bundle,
        public_key,
        trusted_root,
        signer,
        key: (request.key.clone(), key_made),
        log: (request.log.clone(), log_made),
        origin,
        index: entered.index,
        size: entered.size,
        duplicate: entered.duplicate,
        findings: generated.findings.iter().cloned().chain(audited.findings).collect(),
        generated,
        build,
        not_checked,
    })
}

/// The files that are shipped, and the build that made them if none were named.
fn shipped(
    request: &Request,
    project: &Path,
    generated: &Generated,
    progress: &dyn Fn(&str),
) -> Result<(Vec<PathBuf>, Option<Vec<String>>), Error> {
    if !request.artifacts.is_empty() {
        return Ok((request.artifacts.clone(), None));
    }
    progress(build::STEP);
    let build = Build {
        project: project.to_owned(),
        arguments: generated.build_arguments.clone(),
        offline: request.generate.offline,
        talkative: request.talkative,
    };
    Ok((build.run(&generated.roots)?, Some(build.command_line())))
}

/// Audits the SBOM with what cargo's own index cache knows.
fn look(sbom: &Sbom, cargo_home: Option<&Path>) -> Audited {
    let graph = Graph::of(sbom);
    let index = cargo_home.and_then(|home| Index::open(&home.join(INDEX)).ok());
    audit::run(&graph, &Evidence::new(SBOM).gather(&graph, index.as_ref()))
}

/// Verifies the very bytes that will be written, with the artifacts hashed anew, as someone would who has nothing else.
fn as_a_buyer(paths: &[PathBuf], files: [&Output; 4], now: Timestamp) -> Result<Verdict, Error> {
    let [sbom, bundle, public_key, trusted_root] = files;
    let artifacts = paths
        .iter()
        .map(|path| Ok(verify::Artifact::new(path.display().to_string(), Artifact::hash(path)?.digest)))
        .collect::<Result<Vec<_>, files::Error>>()?;
    let name = |output: &Output| output.path.display().to_string();
    let mut options = verify::Options::at(now);
    options.sbom = Some(verify::SbomFile { name: name(sbom), bytes: sbom.bytes.clone() });
    Ok(verify::verify(&verify::Request {
        artifacts: &artifacts,
        bundles: &[verify::BundleFile { name: name(bundle), bytes: bundle.bytes.clone() }],
        signers: &[PublicKey::from_pem(&public_key.bytes).map_err(Error::OwnKey)?],
        identities: &[],
        trust: &TrustRoot::parse(&trusted_root.bytes).map_err(Error::OwnRoot)?,
        options,
    }))
}

/// The log in the folder, or a new one where there is none, and whether it is new.
fn open_log(request: &Request) -> Result<(Log, bool), Error> {
    if !request.log.join(Part::VerifierKey.file_name()).exists() {
        match Log::create(&request.log, log::Setup::at(request.now)) {
            Ok(log) => return Ok((log, true)),
            // Another process makes it.
            Err(log::Error::Exists(_)) => {}
            Err(error) => return Err(Error::Log(error)),
        }
    }
    Ok((Log::open(&request.log, request.wait).map_err(Error::Log)?, false))
}

/// What the outputs are called in their folder.
struct FileNames {
    sbom: String,
    bundle: String,
    public_key: String,
    trusted_root: String,
}

impl FileNames {
    fn of(name: &str) -> Self {
        Self {
            sbom: format!("{name}.cdx.json"),
            bundle: format!("{name}.sigstore.json"),
            public_key: format!("{name}.pub"),
            trusted_root: "trusted_root.json".to_owned(),
        }
    }
}

/// What the outputs are called: the product and its version, or the folder of several.
fn name(roots: &[Root], project: &Path) -> String {
    match roots {
        [root] => format!("{}-{}", root.name, root.version),
        _ => build::folder(project)
            .canonicalize()
            .ok()
            .and_then(|folder| Some(folder.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_else(|| "workspace".to_owned()),
    }
}

/// `./target/x` is said as `target/x`.
fn tidy(path: &Path) -> PathBuf {
    path.strip_prefix(".").map_or_else(|_| path.to_owned(), Path::to_owned)
}

/// Why there is no release.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Only a project can be released.
    #[error("only a Cargo project can be attested")]
    NotAProject,
    /// There is no SBOM.
    #[error(transparent)]
    Generate(#[from] generate::Error),
    /// The SBOM that was made cannot be read back: a defect of ours.
    #[error("the SBOM that was made cannot be read back")]
    Sbom(#[source] sbom::Error),
    /// There are no artifacts.
    #[error(transparent)]
    Build(#[from] build::Error),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] files::Error),
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] keyring::Error),
    /// Nothing was signed or entered.
    #[error(transparent)]
    Sign(#[from] signing::Error),
    /// The log cannot be opened or made.
    #[error(transparent)]
    Log(log::Error),
    /// The log answered nothing.
    #[error("the log gave no answer")]
    Unanswered,
    /// The public key that was written cannot be read back: a defect of ours.
    #[error("the public key that was made cannot be read back")]
    OwnKey(#[source] crate::keys::Error),
    /// The trusted root that was written cannot be read back: a defect of ours.
    #[error("the trusted root that was made cannot be read back")]
    OwnRoot(#[source] verify::Error),
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<String> {
        let own = |text: &str| Some(text.to_owned());
        match self {
            Self::Generate(error) => error.help().and_then(own),
            Self::Build(error) => error.help().and_then(own),
            Self::File(error) => error.help().and_then(own),
            Self::Key(error) => error.help().and_then(own),
            Self::Sign(error) => error.help(),
            Self::Log(error) => error.help().and_then(own),
            Self::Sbom(_) | Self::OwnKey(_) | Self::OwnRoot(_) | Self::Unanswered => {
                own("please report this")
            }
            Self::NotAProject => own("name the folder of a Cargo project"),
        }
    }
}

/// Where cargo keeps what registries say, below its home.
pub const INDEX: &str = "registry/index";

/// What locations call the SBOM that was just made.
const SBOM: &str = "the SBOM";

/// Where the outputs go unless said otherwise, below the project's folder.
pub const DEFAULT_OUT: &str = "target/sbom-attest";

//! Where cargo and rustc are run: a folder of our own, with an environment that the scanned tree has no say in.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;

use super::cargo::METADATA_LIMIT;
use crate::files::{self, Access};
use crate::generate::error::Unresolved;
use crate::generate::{Error, Ran};

/// A temporary folder that holds nothing but what the project's configuration may say, and is removed with this value.
pub(super) struct Workplace {
    folder: TempDir,
    cargo_home: Option<PathBuf>,
    ran: Vec<Ran>,
}

/// The Rust toolchain that is used, whatever the project asks for.
#[derive(Debug)]
pub(super) struct Toolchain {
    cargo: PathBuf,
    rustc: PathBuf,
    /// rustup's name for it, when it comes from rustup.
    name: Option<String>,
    /// The triple that the compiler runs on.
    pub(super) host: String,
}

impl Workplace {
    /// Makes the folder below one where cargo finds no other configuration.
    pub(super) fn new(cargo_home: Option<&Path>, configuration: &str) -> Result<Self, Error> {
        let mut foreign = None;
        let candidates = [Some(std::env::temp_dir()), cargo_home.map(Path::to_owned)];
        for parent in candidates.into_iter().flatten() {
            let Ok(parent) = parent.canonicalize() else { continue };
            if let Some(found) = foreign_configuration(&parent, cargo_home) {
                foreign.get_or_insert(found);
                continue;
            }
            let made = tempfile::Builder::new().prefix("sbom-attest-").tempdir_in(&parent);
            let folder = made.map_err(|source| files::Error::Write { path: parent, source })?;
            if !configuration.is_empty() {
                let file = folder.path().join(".cargo").join("config.toml");
                files::write(file, configuration.as_bytes(), Access::Private)?;
            }
            return Ok(Self { folder, cargo_home: cargo_home.map(Path::to_owned), ran: Vec::new() });
        }
        Err(Error::ForeignConfiguration(foreign.unwrap_or_default()))
    }

    /// Finds the compiler that is active outside every project, and its cargo, past rustup's proxies.
    pub(super) fn toolchain(&mut self) -> Result<Toolchain, Error> {
        let asked =
            std::env::var_os("RUSTC").filter(|it| !it.is_empty()).map_or("rustc".into(), PathBuf::from);
        let mut command = self.command(&asked);
        command.args(["--print", "host-tuple", "--print", "sysroot"]);
        let output = self.run(command, COMPILER_LIMIT)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines = text.lines();
        let (Some(host), Some(sysroot), true) = (lines.next(), lines.next(), output.success) else {
            return Err(Error::Compiler {
                program: asked.display().to_string(),
                said: shortened(&output.stderr),
            });
        };
        let sysroot = Path::new(sysroot);
        let tool = |name: &str| {
            let path = sysroot.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
            path.is_file().then_some(path)
        };
        let own_cargo = std::env::var_os("CARGO").filter(|it| !it.is_empty()).map(PathBuf::from);
        let from_rustup = sysroot.parent().is_some_and(|parent| parent.ends_with("toolchains"));
        let name = sysroot.file_name().filter(|_| from_rustup).and_then(|name| name.to_str());
        Ok(Toolchain {
            cargo: own_cargo.or_else(|| tool("cargo")).unwrap_or_else(|| "cargo".into()),
            rustc: tool("rustc").unwrap_or(asked),
            name: name.map(str::to_owned),
            host: host.to_owned(),
        })
    }

    /// What `cargo metadata` prints for a manifest.
    pub(super) fn metadata(
        &mut self,
        toolchain: &Toolchain,
        manifest: &Path,
        offline: bool,
    ) -> Result<Vec<u8>, Error> {
        let mut command = self.command(&toolchain.cargo);
        command.args(["metadata", "--all-features", "--format-version", "1", "--locked", "--color", "never"]);
        if offline {
            command.arg("--offline");
        }
        command.args(["--config", "build.rustc-wrapper=''", "--config", "build.rustc-workspace-wrapper=''"]);
        command.arg("--manifest-path").arg(manifest);
        command.env("RUSTC", &toolchain.rustc);
        if let Some(name) = &toolchain.name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
        let output = self.run(command, METADATA_LIMIT)?;
        if output.success {
            return Ok(output.stdout);
        }
        Err(Error::Unresolved {
            manifest: manifest.display().to_string(),
            cause: cause(&output.stderr),
            said: shortened(&output.stderr),
        })
    }

    /// What rustc prints as `target_feature` for a target; none when it does not know the target.
    pub(super) fn target_features(
        &mut self,
        toolchain: &Toolchain,
        triple: &str,
        flags: &[String],
    ) -> Option<BTreeSet<String>> {
        let mut command = self.command(&toolchain.rustc);
        command.args(["--print", "cfg", "--target", triple]).args(flags);
        let output = self.run(command, COMPILER_LIMIT).ok().filter(|output| output.success)?;
        let text = String::from_utf8(output.stdout).ok()?;
        let features =
            text.lines().filter_map(|line| line.strip_prefix("target_feature=\"")?.strip_suffix('"'));
        Some(features.map(str::to_owned).collect())
    }

    pub(super) fn into_ran(self) -> Vec<Ran> {
        self.ran
    }

    /// A program in this folder, with an environment that names no other program to run.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        for name in UNSET {
            command.env_remove(name);
        }
        // The project is not written to: what cargo wants to remember about the compiler goes here.
        command.env("CARGO_TARGET_DIR", self.folder.path().join("target"));
        command.env("RUSTUP_AUTO_INSTALL", "0");
        if let Some(home) = &self.cargo_home {
            command.env("CARGO_HOME", home);
        }
        command
    }

    fn run(&mut self, mut command: Command, limit: u64) -> Result<Output, Error> {
        let program = command.get_program().to_string_lossy().into_owned();
        self.ran.push(self.described(&command));
        let failed = |source| Error::Start { program: program.clone(), source };
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
        let errors = child.stderr.take();
        // Both pipes are emptied at once, or the child would wait for us while we wait for it.
        let errors = thread::spawn(move || errors.map(drain).unwrap_or_default());
        let mut stdout = Vec::new();
        if let Some(pipe) = child.stdout.take() {
            let read = pipe.take(limit + 1).read_to_end(&mut stdout);
            if read.is_err() || stdout.len() as u64 > limit {
                stop(&mut child);
                read.map_err(failed)?;
                return Err(Error::TooMuch { program, limit });
            }
        }
        let status = child.wait().map_err(failed)?;
        let stderr = errors.join().unwrap_or_default();
        Ok(Output { success: status.success(), stdout, stderr })
    }

    fn described(&self, command: &Command) -> Ran {
        let own = self.folder.path().display().to_string();
        let text = |value: &std::ffi::OsStr| value.to_string_lossy().replace(&own, "TEMPORARY");
        let arguments = std::iter::once(command.get_program()).chain(command.get_args()).map(text).collect();
        let mut environment: Vec<_> = command
            .get_envs()
            .map(|(name, value)| (text(name), value.map(text).unwrap_or_default()))
            .collect();
        environment.sort();
        Ran { arguments, environment, folder: "TEMPORARY: a new folder that holds no project".to_owned() }
    }
}

struct Output {
    success: bool,
    stdout: Vec<u8>,
    stderr: String,
}

/// Ends a program that printed too much; that it has ended already is no failure.
fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads to the end and keeps the beginning.
fn drain(mut pipe: impl Read) -> String {
    let mut kept = Vec::new();
    let mut chunk = [0; 8192];
    while let Ok(read @ 1..) = pipe.read(&mut chunk) {
        let room = ERROR_LIMIT.saturating_sub(kept.len());
        kept.extend_from_slice(&chunk[..read.min(room)]);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Configuration above a folder that belongs neither to us nor to the user.
fn foreign_configuration(folder: &Path, cargo_home: Option<&Path>) -> Option<String> {
    let cargo_home = cargo_home.and_then(|home| home.canonicalize().ok());
    for above in folder.ancestors() {
        let dot_cargo = above.join(".cargo");
        if cargo_home.as_ref() != Some(&dot_cargo) {
            for name in ["config", "config.toml"] {
                let path = dot_cargo.join(name);
                if path.exists() {
                    return Some(path.display().to_string());
                }
            }
        }
        for name in ["rust-toolchain", "rust-toolchain.toml"] {
            let path = above.join(name);
            if path.exists() {
                return Some(path.display().to_string());
            }
        }
    }
    None
}

/// What kept cargo from resolving, by its own words.
fn cause(said: &str) -> Unresolved {
    let said = said.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["because --locked was passed", "cannot update the lock file", "lock file needs to be updated"]) {
        Unresolved::Lock
    } else if has(&[
        "offline",
        "network failure",
        "failed to download",
        "could not resolve host",
        "download of",
    ]) {
        Unresolved::Network
    } else {
        Unresolved::Other
    }
}

/// The part of a program's complaint that says what is wrong: from the first `error`, without progress, in one piece.
fn shortened(said: &str) -> String {
    let lines: Vec<_> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let start = lines.iter().position(|line| line.starts_with("error")).unwrap_or(0);
    let mut text = lines[start..]
        .iter()
        .map(|line| line.strip_prefix("error: ").unwrap_or(line))
        // What cargo advises is for a caller of cargo; ours gets the remedy that fits.
        .filter(|line| !line.starts_with("help:") && !line.starts_with("As a reminder"))
        .filter(|line| *line != "Caused by:" && !line.chars().all(|it| "|^- ".contains(it)))
        .take(SAID_LINES)
        .collect::<Vec<_>>()
        .join("; ");
    if text.is_empty() {
        "nothing".clone_into(&mut text);
    }
    if let Some((end, _)) = text.char_indices().nth(SAID_CHARACTERS) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Variables that name a program to run in the place of, or around, the compiler.
const UNSET: [&str; 7] = [
    "CARGO_BUILD_RUSTC",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "CARGO_BUILD_TARGET_DIR",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
];

/// The most of rustc's answers that is read, in bytes.
const COMPILER_LIMIT: u64 = 1024 * 1024;

/// The most of a program's complaints that is kept, in bytes.
const ERROR_LIMIT: usize = 64 * 1024;

/// How much of a complaint is repeated.
const SAID_LINES: usize = 8;
const SAID_CHARACTERS: usize = 700;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_complaint_is_shortened_to_what_is_wrong() {
        let said = "    Updating crates.io index\nwarning: spurious\nerror: failed to load `a`\n\nCaused by:\n  no matching package\nhelp: try this\nAs a reminder, you're using offline mode\n";
        assert_eq!(shortened(said), "failed to load `a`; no matching package");
        assert_eq!(shortened(""), "nothing");
        assert!(shortened(&format!("error: {}", "x".repeat(5000))).chars().count() <= SAID_CHARACTERS + 1);
    }

    #[test]
    fn what_kept_cargo_from_resolving_is_told_apart() {
        let locked =
            "error: cannot create the lock file /x/Cargo.lock because --locked was passed to prevent this";
        assert_eq!(cause(locked), Unresolved::Lock);
        assert_eq!(
            cause("error: failed to download `a`\n  can't make HTTP request in the offline mode"),
            Unresolved::Network
        );
        assert_eq!(cause("error: failed to parse manifest"), Unresolved::Other);
    }

    #[test]
    fn foreign_configuration_above_the_folder_is_seen() {
        let top = tempfile::tempdir().unwrap();
        let top = top.path().canonicalize().unwrap();
        let below = top.join("a/b");
        std::fs::create_dir_all(&below).unwrap();
        assert_eq!(foreign_configuration(&below, None), None);
        let home = top.join(".cargo");
        files::write(home.join("config.toml"), b"", Access::Shared).unwrap();
        assert_eq!(foreign_configuration(&below, Some(&home)), None, "the user's own");
        assert!(foreign_configuration(&below, None).unwrap().ends_with(".cargo/config.toml"));
        files::write(top.join("a/rust-toolchain.toml"), b"", Access::Shared).unwrap();
        assert!(foreign_configuration(&below, Some(&home)).unwrap().ends_with("rust-toolchain.toml"));
    }

    #[test]
    fn a_program_that_prints_too_much_is_ended() {
        let mut workplace = Workplace::new(None, "").unwrap();
        let mut command = workplace.command(Path::new("rustc"));
        command.args(["--print", "cfg"]);
        assert!(matches!(workplace.run(command, 10), Err(Error::TooMuch { limit: 10, .. })));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let mut workplace = Workplace::new(None, "").unwrap();
        let command = workplace.command(Path::new("no-such-program"));
        let error = workplace.run(command, 10).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "cannot run `no-such-program`");
        assert!(error.help().is_some());
    }
}

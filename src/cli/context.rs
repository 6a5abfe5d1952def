//! The rim: the clock, the terminal, the user's own folder and standard input and output.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use anstream::{AutoStream, ColorChoice, StripStream};
use jiff::Timestamp;

use super::failure::{Failure, OrFail as _};
use super::{Format, limits};
use crate::files::{self, Access};
use crate::net::{self, Net};
use crate::release::keyring::Password;
use crate::report::Report;
use crate::unpack;

/// What every command may use.
#[derive(Debug)]
pub(crate) struct Context {
    /// The clock of this run, read once.
    pub(crate) now: Timestamp,
    /// The clock, where the user or `SOURCE_DATE_EPOCH` set it; documents get no other time.
    pub(crate) stated_time: Option<Timestamp>,
    color: ColorChoice,
    quiet: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

impl Context {
    /// Reads the clock and the environment.
    pub(crate) fn new(at: Option<Timestamp>, color: Color, quiet: bool) -> Result<Self, Failure> {
        let stated_time = match at {
            Some(at) => Some(at),
            None => source_date_epoch()?,
        };
        // RFC 3339 has no years before 0, and the clients that read our times begin with year 1.
        if stated_time.is_some_and(|time| time < FIRST_TIME) {
            return Err(Failure::new("set the clock", "the time is before the year 1")
                .help("give a time like 2026-01-31T12:00:00Z"));
        }
        #[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
        let now = stated_time.unwrap_or_else(Timestamp::now);
        Ok(Self { now, stated_time, color: color.into(), quiet })
    }

    /// Shows a report on standard output; `write` may use colour, which is taken out where it is not wanted.
    pub(crate) fn show(
        &self,
        write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut page = Vec::new();
        write(&mut page).map_err(|error| Failure::new("make the report", error.to_string()))?;
        let mut stdout = AutoStream::new(io::stdout().lock(), self.color);
        stdout.write_all(&page).and_then(|()| stdout.flush()).map_err(|error| Failure::output(&error))
    }

    /// Shows a report in the form asked for, on standard output or in a file.
    pub(crate) fn report(
        &self,
        format: Format,
        file: Option<&PathBuf>,
        report: &impl Report,
    ) -> Result<(), Failure> {
        let Some(file) = file else {
            return match format {
                Format::Text => self.show(|out| report.text(out)),
                Format::Json => self.show_json(report),
            };
        };
        let mut page = Vec::new();
        let written = match format {
            Format::Text => report.text(&mut StripStream::new(&mut page)),
            Format::Json => crate::report::write_json(&mut page, report),
        };
        written.map_err(|error| Failure::new("make the report", error.to_string()))?;
        Self::put(&page, Some(file))
    }

    /// Shows a report as JSON on standard output.
    pub(crate) fn show_json(&self, report: &impl serde::Serialize) -> Result<(), Failure> {
        self.show(|out| crate::report::write_json(out, report))
    }

    /// Writes a document: to the file, whole or not at all, or to standard output.
    pub(crate) fn put(document: &[u8], output: Option<&PathBuf>) -> Result<(), Failure> {
        match output {
            Some(path) if path.as_os_str() != STANDARD => {
                files::write(path, document, Access::Shared).or_fail(format!("write {}", path.display()))
            }
            _ => {
                let mut stdout = io::stdout().lock();
                stdout
                    .write_all(document)
                    .and_then(|()| stdout.flush())
                    .map_err(|error| Failure::output(&error))
            }
        }
    }

    /// Says something on standard error that is no error, unless `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let mut stderr = AutoStream::new(io::stderr().lock(), self.color);
            let _ = writeln!(stderr, "{}", crate::report::terminal::printable(text));
        }
    }

    /// Says what is being done now: one line that replaces the one before, on a terminal alone.
    pub(crate) fn progress(&self, step: &str) {
        if self.is_talkative() {
            let _ = write!(io::stderr().lock(), "\r\u{1b}[K{step} …");
        }
    }

    /// Says what is being done by a program that talks to the same terminal: the line stays.
    pub(crate) fn announce(&self, step: &str) {
        self.progress(step);
        if self.is_talkative() {
            let _ = writeln!(io::stderr().lock());
        }
    }

    /// Takes the progress line away.
    pub(crate) fn progress_done(&self) {
        if self.is_talkative() {
            let _ = write!(io::stderr().lock(), "\r\u{1b}[K");
        }
    }

    /// Whether there is a terminal that wants to hear more than errors; a child process may talk to it too.
    pub(crate) fn is_talkative(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Prints a failure on standard error.
    pub(crate) fn complain(color: Color, failure: &Failure) {
        let mut stderr = AutoStream::new(io::stderr().lock(), color.into());
        let bold = anstyle::Style::new().bold();
        for (label, line) in failure.lines() {
            let _ = writeln!(stderr, "{bold}{label}:{bold:#} {line}");
        }
    }
}

/// The bytes of a file, of standard input for `-`, or of a URL, which alone makes the program go online.
pub(crate) fn fetch(name: &str, limit: u64, what: &str) -> Result<Vec<u8>, Failure> {
    if net::is_url(name) {
        return Net::online().and_then(|net| net.get(name, limit)).or_fail(format!("fetch {what}"));
    }
    files::read(name, limit).or_fail(format!("read {what}"))
}

/// The bytes of a document, as [`fetch`] finds them; gzip and Zstandard are unpacked.
pub(crate) fn document(name: &str, what: &str) -> Result<Vec<u8>, Failure> {
    let bytes = fetch(name, limits::SBOM, what)?;
    unpack::unpack(bytes, limits::SBOM).or_fail(format!("unpack {what} {name}"))
}

/// The password of an encrypted key, from the variable that cosign reads too.
pub(crate) fn password() -> Option<Password> {
    std::env::var_os("COSIGN_PASSWORD").map(std::ffi::OsString::into_encoded_bytes).map(Password::new)
}

/// The user's own folder: `$XDG_DATA_HOME/sbom-attest`, else `~/.local/share/sbom-attest`.
pub(crate) fn data_folder() -> Result<PathBuf, Failure> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local").join("share")))
        .map(|folder| folder.join("sbom-attest"))
        .ok_or_else(|| {
            Failure::new("find your data folder", "neither XDG_DATA_HOME nor HOME is an absolute path")
                .help("name the files: --key FILE --log DIR")
        })
}

/// This folder or, as cargo looks for it, the nearest above it with a Cargo.toml.
pub(crate) fn project_here() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let steps = here.ancestors().take_while(|folder| !folder.join(MANIFEST).is_file()).count();
    if steps == 0 || here.ancestors().count() == steps {
        return PathBuf::from(".");
    }
    std::iter::repeat_n("..", steps).collect()
}

/// Cargo's home: `CARGO_HOME`, else `~/.cargo`.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CARGO_HOME").or_else(|| set("HOME").map(|home| home.join(".cargo")))
}

fn source_date_epoch() -> Result<Option<Timestamp>, Failure> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH") else { return Ok(None) };
    value
        .to_str()
        .and_then(|text| text.parse::<i64>().ok())
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .map(Some)
        .ok_or_else(|| {
            Failure::new("read the clock", "SOURCE_DATE_EPOCH is not a number of seconds since 1970")
                .help("unset it, or give --at 2026-01-31T12:00:00Z")
        })
}

/// The first moment of the year 1.
const FIRST_TIME: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// The file that makes a folder a Cargo project.
const MANIFEST: &str = "Cargo.toml";

/// Standard input or output, as a file name.
pub(crate) const STANDARD: &str = "-";

//! Failures: what the program says when there is no telling.
//!
//! Three lines at most: what could not be done, because of what, and one thing the reader can do.

use std::error::Error;
use std::io;

use crate::report::terminal::printable;

/// Why a command could not give an answer.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    because: Vec<String>,
    help: Option<String>,
    closed_pipe: bool,
}

impl Failure {
    /// A failure with no deeper cause: `cannot {what}`, because of a sentence.
    pub(crate) fn new(what: impl Into<String>, because: impl Into<String>) -> Self {
        Self { what: what.into(), because: vec![because.into()], help: None, closed_pipe: false }
    }

    /// Standard output did not take what was written to it.
    pub(crate) fn output(error: &io::Error) -> Self {
        let closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self { closed_pipe, ..Self::new("write to standard output", error.to_string()) }
    }

    /// Whether the reader of our output went away, which is no failure of ours.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        self.closed_pipe
    }

    /// Adds one thing the reader can do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn from_error(what: impl Into<String>, error: &(impl Explained + ?Sized)) -> Self {
        let mut because = vec![error.to_string()];
        let mut source = error.source();
        while let Some(cause) = source {
            because.push(cause.to_string());
            source = cause.source();
        }
        because.dedup();
        Self { what: what.into(), because, help: error.help(), closed_pipe: false }
    }

    /// The lines for standard error, without colour, with nothing in them that could steer a terminal.
    pub(crate) fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![("error", format!("cannot {}", printable(&self.what)))];
        // Others' words, cargo's among them, may have lines of their own; each is made harmless by itself.
        let causes =
            self.because.iter().map(|cause| cause.lines().map(printable).collect::<Vec<_>>().join("\n  "));
        lines.push(("because", causes.collect::<Vec<_>>().join(": ")));
        lines.extend(self.help.as_ref().map(|help| ("help", printable(help).into_owned())));
        lines
    }
}

/// An error that may know a remedy.
pub(crate) trait Explained: Error {
    /// One thing the reader can do about it.
    fn help(&self) -> Option<String>;
}

/// Turns an error of the library into a failure of the command.
pub(crate) trait OrFail<T> {
    /// `cannot {what}`, because of this error.
    fn or_fail(self, what: impl Into<String>) -> Result<T, Failure>;
}

impl<T, E: Explained> OrFail<T> for Result<T, E> {
    fn or_fail(self, what: impl Into<String>) -> Result<T, Failure> {
        self.map_err(|error| Failure::from_error(what, &error))
    }
}

impl Explained for crate::document::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::files::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::net::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::document::edit::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::unpack::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::keys::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::generate::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::sbom::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::schema::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::sbom::merge::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::sbom::jsf::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::log::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::verify::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::release::keyring::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::registry::index::Error {
    fn help(&self) -> Option<String> {
        self.help().map(str::to_owned)
    }
}

impl Explained for crate::release::Error {
    fn help(&self) -> Option<String> {
        self.help()
    }
}

impl Explained for crate::release::signing::Error {
    fn help(&self) -> Option<String> {
        self.help()
    }
}

impl Explained for crate::attest::Malformed {
    fn help(&self) -> Option<String> {
        Some(
            "a Sigstore bundle with an in-toto statement is expected, as `sbom-attest sign` writes it"
                .to_owned(),
        )
    }
}

impl Explained for crate::digest::ParseDigestError {
    fn help(&self) -> Option<String> {
        Some("a digest is sha256: and 64 lower-case hexadecimal digits".to_owned())
    }
}

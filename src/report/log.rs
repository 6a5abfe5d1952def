//! `log-init/v1`, `log-add/v1`, `log-prove/v1`, `log-verify/v1`, `log-export/v1`: what a log did.

use std::io::{self, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Serialize, Serializer};

use super::findings::full;
use super::terminal::{line, printable};
use crate::finding::{Finding, Severity, Status};
use crate::log::{self, Exported, Logged, Verification, View};
use crate::tlog::Hash;

/// What `log init` did.
pub struct Init<'a> {
    /// The folder.
    pub path: &'a Path,
    /// The log.
    pub view: &'a View,
}

impl Serialize for Init<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            path: &'a Path,
            origin: &'a str,
            vkey: String,
            size: u64,
        }
        let Self { path, view } = self;
        Json {
            report: "log-init/v1",
            path,
            origin: view.origin(),
            vkey: view.verifier().to_string(),
            size: view.size(),
        }
        .serialize(serializer)
    }
}

impl super::Report for Init<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        line(out, "log", &self.path.display().to_string())?;
        line(out, "origin", self.view.origin())?;
        line(out, "public key", &self.view.verifier().to_string())?;
        line(out, "size", &format!("{} (the genesis entry)", self.view.size()))
    }
}

/// What `log add` did.
pub struct Add<'a> {
    /// The folder.
    pub path: &'a Path,
    /// The log.
    pub view: &'a View,
    /// What was entered, in the order given.
    pub entries: Vec<Added<'a>>,
}

/// One bundle that was entered.
#[derive(Debug, Serialize)]
pub struct Added<'a> {
    /// The bundle as it was.
    pub bundle: &'a Path,
    /// The copy with its proof.
    pub output: &'a Path,
    /// The number of its entry.
    pub index: u64,
    /// Whether the log had it before.
    pub duplicate: bool,
}

impl Serialize for Add<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            path: &'a Path,
            origin: &'a str,
            size: u64,
            entries: &'a [Added<'a>],
        }
        let Self { path, view, entries } = self;
        Json { report: "log-add/v1", path, origin: view.origin(), size: view.size(), entries }
            .serialize(serializer)
    }
}

impl super::Report for Add<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        line(out, "log", &format!("{}, size {}", self.view.origin(), self.view.size()))?;
        for added in &self.entries {
            let known = if added.duplicate { " (it was there already)" } else { "" };
            line(out, "entry", &format!("{}  {}{known}", added.index, added.output.display()))?;
        }
        Ok(())
    }
}

/// What `log prove` found.
#[derive(Debug)]
pub struct Prove<'a> {
    /// The log's name.
    pub origin: &'a str,
    /// The hash of the entry.
    pub leaf: &'a Hash,
    /// The entry and its proof.
    pub logged: &'a Logged,
}

impl Serialize for Prove<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            origin: &'a str,
            index: u64,
            size: u64,
            leaf: String,
            root: String,
            hashes: Vec<String>,
            checkpoint: &'a str,
        }
        let Self { origin, leaf, logged } = self;
        Json {
            report: "log-prove/v1",
            origin,
            index: logged.proof.index,
            size: logged.proof.size,
            leaf: leaf.hex(),
            root: BASE64.encode(logged.root.as_bytes()),
            hashes: logged.proof.hashes.iter().map(|hash| BASE64.encode(hash.as_bytes())).collect(),
            checkpoint: &logged.checkpoint,
        }
        .serialize(serializer)
    }
}

impl super::Report for Prove<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        line(out, "log", self.origin)?;
        line(out, "entry", &format!("{} of {}", self.logged.proof.index, self.logged.proof.size))?;
        line(out, "leaf", &format!("sha256:{}", self.leaf.hex()))?;
        for hash in &self.logged.proof.hashes {
            line(out, "hash", &BASE64.encode(hash.as_bytes()))?;
        }
        line(out, "root", &BASE64.encode(self.logged.root.as_bytes()))?;
        writeln!(out)?;
        for text in self.logged.checkpoint.lines() {
            writeln!(out, "{}", printable(text))?;
        }
        Ok(())
    }
}

/// What `log verify` found.
#[derive(Debug)]
pub struct Verify<'a> {
    path: &'a Path,
    verification: Option<&'a Verification>,
    findings: Vec<Finding>,
}

impl<'a> Verify<'a> {
    /// Everything holds.
    pub fn accepted(path: &'a Path, verification: &'a Verification) -> Self {
        Self { path, verification: Some(verification), findings: Vec::new() }
    }

    /// The log's files contradict each other.
    pub fn refused(path: &'a Path, error: &log::Error) -> Self {
        let mut evidence = Vec::new();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            evidence.push(crate::finding::Evidence { name: "because".to_owned(), value: cause.to_string() });
            source = cause.source();
        }
        let finding = Finding {
            rule: error.code(),
            status: Status::Fail,
            severity: Severity::Critical,
            subject: path.display().to_string(),
            location: None,
            path: Vec::new(),
            message: error.to_string(),
            evidence,
            remedy: error.help().map(str::to_owned),
        };
        Self { path, verification: None, findings: vec![finding] }
    }
}

impl Serialize for Verify<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Held<'a> {
            origin: &'a str,
            size: u64,
            root: String,
            published: u64,
            checkpoints: u64,
            whole: bool,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            verdict: &'static str,
            path: &'a Path,
            #[serde(flatten)]
            held: Option<Held<'a>>,
            findings: &'a [Finding],
        }
        Json {
            report: "log-verify/v1",
            verdict: if self.verification.is_some() { "accepted" } else { "refused" },
            path: self.path,
            held: self.verification.map(|held| Held {
                origin: &held.origin,
                size: held.size,
                root: BASE64.encode(held.root.as_bytes()),
                published: held.published,
                checkpoints: held.checkpoints,
                whole: held.whole,
            }),
            findings: &self.findings,
        }
        .serialize(serializer)
    }
}

impl super::Report for Verify<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(held) = self.verification else {
            let codes: Vec<&str> = self.findings.iter().map(|finding| finding.rule).collect();
            writeln!(out, "REFUSED: {}", codes.join(", "))?;
            return self.findings.iter().try_for_each(|finding| full(out, finding));
        };
        writeln!(out, "ACCEPTED")?;
        line(out, "log", &held.origin)?;
        line(out, "entries", &format!("{}, each hashed and read", held.size))?;
        line(out, "checkpoints", &format!("{}, each signature and root checked", held.checkpoints))?;
        line(out, "published", &format!("size {}", held.published))?;
        line(out, "root", &BASE64.encode(held.root.as_bytes()))?;
        if !held.whole {
            line(out, "not checked", "what another process is writing now")?;
        }
        Ok(())
    }
}

/// What `log export` did.
#[derive(Debug)]
pub struct Export<'a> {
    /// The log's folder.
    pub path: &'a Path,
    /// The tree's folder.
    pub output: &'a Path,
    /// What was written.
    pub exported: Exported,
}

impl Serialize for Export<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            path: &'a Path,
            output: &'a Path,
            size: u64,
            written: u64,
            kept: u64,
        }
        let Self { path, output, exported } = self;
        Json {
            report: "log-export/v1",
            path,
            output,
            size: exported.size,
            written: exported.written,
            kept: exported.kept,
        }
        .serialize(serializer)
    }
}

impl super::Report for Export<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Exported { size, written, kept } = self.exported;
        line(out, "tree", &format!("{}, size {size}", self.output.display()))?;
        line(out, "files", &format!("{written} written, {kept} kept"))
    }
}

//! `attest/v1`: one screen of what was made, found, signed, logged, and not checked.

use std::io::{self, Write};
use std::path::Path;

use serde::{Serialize, Serializer};

use super::findings::{brief, tally, worst_first};
use super::generate::shown;
use super::json::{File, Hashed};
use super::terminal::{count, heading, line, printable, size};
use super::verdict;
use crate::digest::Digest;
use crate::finding::{Finding, Status};
use crate::release::{Output, Release};
use crate::verify::Decision;

/// A release to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// The release.
    pub release: &'a Release,
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Sbom<'a> {
            #[serde(flatten)]
            file: Hashed<'a>,
            components: usize,
        }
        #[derive(Serialize)]
        struct Key<'a> {
            path: &'a Path,
            #[serde(flatten)]
            key: super::json::Key,
        }
        #[derive(Serialize)]
        struct Made<'a> {
            path: &'a Path,
            made: bool,
        }
        #[derive(Serialize)]
        struct Log<'a> {
            path: &'a Path,
            origin: &'a str,
            index: u64,
            size: u64,
            duplicate: bool,
            made: bool,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            verdict: Decision,
            artifacts: Vec<Hashed<'a>>,
            sbom: Sbom<'a>,
            bundle: File<'a>,
            public_key: Key<'a>,
            private_key: Made<'a>,
            trusted_root: File<'a>,
            log: Log<'a>,
            cargo: Vec<String>,
            findings: &'a [Finding],
            checks: &'a [Finding],
            not_checked: &'a [String],
        }
        let release = self.release;
        let artifacts = release.artifacts.iter().map(|artifact| Hashed {
            path: &artifact.path,
            sha256: artifact.digest.hex(),
            size: artifact.size,
        });
        Json {
            report: "attest/v1",
            verdict: release.verdict.decision,
            artifacts: artifacts.collect(),
            sbom: Sbom {
                file: Hashed {
                    path: &release.sbom.path,
                    sha256: Digest::sha256(&release.sbom.bytes).hex(),
                    size: release.sbom.bytes.len() as u64,
                },
                components: release.components,
            },
            bundle: (&release.bundle).into(),
            public_key: Key { path: &release.public_key.path, key: (&release.signer).into() },
            private_key: Made { path: &release.key.0, made: release.key.1 },
            trusted_root: (&release.trusted_root).into(),
            log: Log {
                path: &release.log.0,
                origin: &release.origin,
                index: release.index,
                size: release.size,
                duplicate: release.duplicate,
                made: release.log.1,
            },
            cargo: self.cargo(),
            findings: &release.findings,
            checks: &release.verdict.checks,
            not_checked: &release.not_checked,
        }
        .serialize(serializer)
    }
}

impl Report<'_> {
    /// Every call of cargo and the compiler, the build last.
    fn cargo(&self) -> Vec<String> {
        let build = self.release.build.iter().map(|words| format!("(in the project) {}", words.join(" ")));
        self.release.generated.commands.iter().map(shown).chain(build).collect()
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let release = self.release;
        verdict::decision(out, &release.verdict)?;
        made(out, release)?;
        found(out, release)?;
        signed(out, release)?;
        checked(out, release)?;
        if release.verdict.accepted() { for_buyers(out, release) } else { Ok(()) }
    }
}

fn made(out: &mut dyn Write, release: &Release) -> io::Result<()> {
    heading(
        out,
        if release.verdict.accepted() { "Made" } else { "Would have been made; nothing was written" },
    )?;
    for artifact in &release.artifacts {
        line(out, "artifact", &format!("{}  {}", artifact.path.display(), size(artifact.size)))?;
        line(out, "", &artifact.digest.to_string())?;
    }
    let file = |out: &mut dyn Write, label: &str, output: &Output, what: &str| {
        let bytes = size(output.bytes.len() as u64);
        line(out, label, &format!("{}  {bytes}{what}", output.path.display()))
    };
    let components = format!(", {}", count(release.components, "component"));
    file(out, "SBOM", &release.sbom, &components)?;
    line(out, "", &Digest::sha256(&release.sbom.bytes).to_string())?;
    file(out, "bundle", &release.bundle, "")?;
    file(out, "public key", &release.public_key, "")?;
    file(out, "trusted root", &release.trusted_root, "")
}

fn found(out: &mut dyn Write, release: &Release) -> io::Result<()> {
    heading(out, "Found")?;
    line(out, "findings", &tally(&release.findings))?;
    let worst = worst_first(&release.findings);
    for finding in worst.iter().take(WORST) {
        brief(out, finding)?;
    }
    if worst.len() > WORST {
        writeln!(
            out,
            "  … and {} more: sbom-attest audit {}",
            worst.len() - WORST,
            quoted(&release.sbom.path)
        )?;
    }
    Ok(())
}

fn signed(out: &mut dyn Write, release: &Release) -> io::Result<()> {
    heading(out, "Signed")?;
    let made = |made| if made { ", made just now" } else { "" };
    line(out, "by", &format!("{} key {}", release.signer.key_type().name(), release.signer.digest()))?;
    line(out, "private key", &format!("{}{}; keep it", release.key.0.display(), made(release.key.1)))?;
    let known = if release.duplicate { " (it was there already)" } else { "" };
    let place = format!("{}, entry {} of {}{known}", release.origin, release.index, release.size);
    line(out, "logged", &place)?;
    line(out, "log", &format!("{}{}", release.log.0.display(), made(release.log.1)))
}

fn checked(out: &mut dyn Write, release: &Release) -> io::Result<()> {
    heading(out, "Checked as a buyer would")?;
    let passed = release.verdict.checks.iter().filter(|check| check.status == Status::Pass).count();
    line(out, "passed", &format!("{}, from the signature to the log's checkpoint", count(passed, "check")))?;
    for check in release.verdict.checks.iter().filter(|check| check.is_broken()) {
        super::findings::check(out, check)?;
    }
    super::findings::not_checked(out, &release.not_checked)
}

/// The command that checks all this anew, as a shell takes it.
fn for_buyers(out: &mut dyn Write, release: &Release) -> io::Result<()> {
    heading(out, "Your buyers run, and see each check")?;
    write!(out, "  sbom-attest verify")?;
    for artifact in &release.artifacts {
        write!(out, " {}", quoted(&artifact.path))?;
    }
    // One flag a line, so that a terminal does not break the command where a shell would not.
    writeln!(out, " \\\n    --bundle {} \\", quoted(&release.bundle.path))?;
    if release.by_reference {
        writeln!(out, "    --sbom {} \\", quoted(&release.sbom.path))?;
    }
    writeln!(out, "    --key {} \\", quoted(&release.public_key.path))?;
    writeln!(out, "    --trusted-root {}", quoted(&release.trusted_root.path))
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", printable(&text).replace('\'', r"'\''")) }
}

/// How many of the worst findings the screen shows.
const WORST: usize = 3;

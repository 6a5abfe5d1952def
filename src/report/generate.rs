//! `generate/v1`: what an SBOM holds, how it was made, and what nobody recomputed.

use std::io::{self, Write};
use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::findings::{full, not_checked, worst_first};
use super::terminal::{heading, line, size};
use crate::digest::Digest;
use crate::finding::Finding;
use crate::generate::{Generated, Ran};
use crate::sbom::Format;

/// What `generate` did.
#[derive(Debug)]
pub struct Report<'a> {
    /// The SBOM and all that is to be said about it.
    pub generated: &'a Generated,
    /// How many components it lists.
    pub components: usize,
    /// The documents that were written; there is one at least.
    pub written: &'a [Written<'a>],
}

/// An SBOM that was written.
#[derive(Debug)]
pub struct Written<'a> {
    /// Its format.
    pub format: Format,
    /// The file it went to, if not standard output.
    pub path: Option<&'a PathBuf>,
    /// What went there.
    pub bytes: &'a [u8],
}

impl<'a> Serialize for Report<'a> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Sbom<'b> {
            format: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            path: Option<&'b PathBuf>,
            sha256: String,
            size: u64,
            components: usize,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            sbom: Option<Sbom<'a>>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            also: Vec<Sbom<'a>>,
            digests: Digests,
            roots: Vec<&'a str>,
            cargo: Vec<String>,
            withheld: &'a [String],
            findings: &'a [Finding],
            not_checked: &'a [String],
        }
        #[derive(Serialize)]
        struct Digests {
            recomputed: usize,
            lock_only: usize,
            mismatched: usize,
            missing: usize,
        }
        let sbom = |written: &'_ Written<'a>| Sbom {
            format: written.format.to_string(),
            path: written.path,
            sha256: Digest::sha256(written.bytes).hex(),
            size: written.bytes.len() as u64,
            components: self.components,
        };
        let mut written = self.written.iter().map(sbom);
        let Generated { findings, not_checked, digests, roots, commands, withheld, .. } = self.generated;
        Json {
            report: "generate/v1",
            sbom: written.next(),
            also: written.collect(),
            digests: Digests {
                recomputed: digests.verified,
                lock_only: digests.lock_only,
                mismatched: digests.mismatched,
                missing: digests.missing,
            },
            roots: roots.iter().map(|root| root.bom_ref.as_str()).collect(),
            cargo: commands.iter().map(shown).collect(),
            withheld,
            findings,
            not_checked,
        }
        .serialize(serializer)
    }
}

/// A command as it could be typed, with the folder it ran in.
pub fn shown(ran: &Ran) -> String {
    let environment: Vec<String> =
        ran.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let words = ran.arguments.iter().map(|word| {
        if word.is_empty()
            || word.contains(|c: char| c.is_whitespace() || "\"'$`\\*?#;&|<>(){}[]!~".contains(c))
        {
            format!("'{}'", word.replace('\'', r"'\''"))
        } else {
            word.clone()
        }
    });
    let words: Vec<String> = environment.into_iter().chain(words).collect();
    format!("(in {}) {}", ran.folder, words.join(" "))
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let generated = self.generated;
        for written in self.written {
            let path = written.path.map_or("standard output".to_owned(), |path| path.display().to_string());
            line(out, "SBOM", &format!("{path}  {}, {}", written.format, size(written.bytes.len() as u64)))?;
            line(out, "sha256", &Digest::sha256(written.bytes).hex())?;
        }
        for root in &generated.roots {
            line(out, "product", &format!("{} {}", root.name, root.version))?;
        }
        let digests = generated.digests;
        line(
            out,
            "components",
            &format!(
                "{}; digests: {} recomputed, {} from the lock alone, {} contradicted, {} unknown",
                self.components, digests.verified, digests.lock_only, digests.mismatched, digests.missing
            ),
        )?;
        let broken = worst_first(&generated.findings);
        if !broken.is_empty() {
            heading(out, "Found")?;
            for finding in broken {
                full(out, finding)?;
            }
        }
        not_checked(out, &generated.not_checked)
    }
}

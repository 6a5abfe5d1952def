//! `merge/v1`: what became of SBOMs that were merged.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::terminal::{count, heading, line, printable};
use crate::sbom::SpecVersion;
use crate::sbom::convert::Loss;
use crate::sbom::merge::{Conflict, Input, Merged};

/// A document that was made one of a later version first.
#[derive(Debug, Clone)]
pub struct Lifted {
    /// As it was given.
    pub file: String,
    /// Its version.
    pub from: SpecVersion,
    /// The version that it was merged in.
    pub to: SpecVersion,
    /// What that dropped.
    pub dropped: Vec<Loss>,
}

/// A merge to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// What was merged.
    pub inputs: &'a [Input<'a>],
    /// Those that were made documents of a later version first.
    pub lifted: &'a [Lifted],
    /// What became of it.
    pub merged: &'a Merged,
    /// Whether the document was written.
    pub written: bool,
}

impl Report<'_> {
    fn file(&self, input: usize) -> &str {
        self.inputs.get(input).map_or("", |input| input.name)
    }
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct File<'a> {
            path: &'a str,
            sha256: String,
            components: usize,
        }
        #[derive(Serialize)]
        struct Contradiction<'a> {
            component: Option<&'a str>,
            pointer: &'a str,
            kept: serde_json::Value,
            dropped: serde_json::Value,
            file: &'a str,
        }
        #[derive(Serialize)]
        struct Renamed<'a> {
            file: &'a str,
            from: &'a str,
            to: &'a str,
        }
        #[derive(Serialize)]
        struct Signature<'a> {
            file: &'a str,
            pointer: &'a str,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            written: bool,
            files: Vec<File<'a>>,
            components: usize,
            joined: usize,
            conflicts: Vec<Contradiction<'a>>,
            renamed: Vec<Renamed<'a>>,
            dropped_signatures: Vec<Signature<'a>>,
            lifted: Vec<Version<'a>>,
        }
        #[derive(Serialize)]
        struct Version<'a> {
            file: &'a str,
            from: &'static str,
            to: &'static str,
            dropped: Vec<Gone<'a>>,
        }
        #[derive(Serialize)]
        struct Gone<'a> {
            pointer: &'a str,
            reason: &'a str,
        }
        // It came out of a document, so that it is JSON.
        let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
        let Merged { components, joined, conflicts, renamed, signatures, .. } = self.merged;
        let files = self.inputs.iter().map(|input| File {
            path: input.name,
            sha256: input.digest.hex(),
            components: input.sbom.components().len(),
        });
        let conflicts = conflicts.iter().map(|conflict| Contradiction {
            component: conflict.component.as_deref(),
            pointer: &conflict.pointer,
            kept: json(&conflict.kept),
            dropped: json(&conflict.dropped),
            file: self.file(conflict.input),
        });
        let renamed =
            renamed.iter().map(|one| Renamed { file: self.file(one.input), from: &one.from, to: &one.to });
        let signatures =
            signatures.iter().map(|one| Signature { file: self.file(one.input), pointer: &one.pointer });
        let lifted = self.lifted.iter().map(|one| Version {
            file: &one.file,
            from: one.from.name(),
            to: one.to.name(),
            dropped: one
                .dropped
                .iter()
                .map(|loss| Gone { pointer: &loss.pointer, reason: &loss.reason })
                .collect(),
        });
        Json {
            report: "merge/v1",
            written: self.written,
            files: files.collect(),
            components: *components,
            joined: *joined,
            conflicts: conflicts.collect(),
            renamed: renamed.collect(),
            dropped_signatures: signatures.collect(),
            lifted: lifted.collect(),
        }
        .serialize(serializer)
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Merged { components, joined, conflicts, renamed, signatures, .. } = self.merged;
        let summary = format!(
            "{} of {}, {joined} joined, {}",
            count(*components, "component"),
            count(self.inputs.len(), "document"),
            count(conflicts.len(), "conflict")
        );
        line(out, if self.written { "merged" } else { "not merged" }, &summary)?;
        if !conflicts.is_empty() {
            heading(out, "Conflicts: the first was kept")?;
        }
        for Conflict { component, pointer, kept, dropped, input } in conflicts {
            let subject = component.as_deref().unwrap_or("(document)");
            writeln!(out, "  {} {}", printable(subject), printable(pointer))?;
            writeln!(out, "    kept     {}", printable(&cut(kept)))?;
            writeln!(
                out,
                "    dropped  {}  from {}",
                printable(&cut(dropped)),
                printable(self.file(*input))
            )?;
        }
        if !renamed.is_empty() {
            heading(out, "Renamed bom-refs: something else had them")?;
        }
        for one in renamed.iter().take(LISTED) {
            let file = printable(self.file(one.input));
            writeln!(out, "  {} -> {}  from {file}", printable(&one.from), printable(&one.to))?;
        }
        if let Some(more) = renamed.len().checked_sub(LISTED).filter(|more| *more > 0) {
            writeln!(out, "  … and {more} more")?;
        }
        if !self.lifted.is_empty() {
            heading(out, "Made documents of the newest version first")?;
        }
        for one in self.lifted {
            writeln!(out, "  {}  from {} to {}", printable(&one.file), one.from, one.to)?;
            for loss in one.dropped.iter().take(LISTED) {
                writeln!(out, "    dropped  {}  {}", printable(&loss.pointer), printable(&loss.reason))?;
            }
            if let Some(more) = one.dropped.len().checked_sub(LISTED).filter(|more| *more > 0) {
                writeln!(out, "    … and {more} more")?;
            }
        }
        if !signatures.is_empty() {
            heading(out, "Dropped signatures: what they cover has changed")?;
        }
        for one in signatures {
            writeln!(out, "  {}  of {}", printable(&one.pointer), printable(self.file(one.input)))?;
        }
        Ok(())
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Characters of a value that the form for people shows.
const SHOWN: usize = 200;
/// Bom-refs that the form for people lists.
const LISTED: usize = 20;

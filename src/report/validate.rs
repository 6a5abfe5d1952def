//! `validate/v1`: whether documents are what they say they are.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::findings::{check, full, worst_first};
use super::terminal::{count, printable};
use crate::finding::Finding;
use crate::sbom::Validation;

/// Documents that were judged, each with the name of its file.
#[derive(Debug)]
pub struct Report<'a> {
    /// In the order in which they were named.
    pub files: &'a [(String, Validation)],
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct File<'a> {
            path: &'a str,
            format: Option<&'a str>,
            valid: bool,
            findings: &'a [Finding],
            #[serde(skip_serializing_if = "is_zero")]
            omitted: usize,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            files: Vec<File<'a>>,
            not_checked: [&'static str; 2],
        }
        let files = self.files.iter().map(|(path, judged)| File {
            path,
            format: judged.format.as_deref(),
            valid: judged.valid,
            findings: &judged.findings,
            omitted: judged.omitted,
        });
        Json { report: "validate/v1", files: files.collect(), not_checked: NOT_CHECKED }.serialize(serializer)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        for (index, (path, judged)) in self.files.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let word = match judged.valid {
                true => "valid",
                false if judged.is_undecided() => "NOT VALIDATED",
                false => "INVALID",
            };
            let format = judged.format.as_deref().unwrap_or("unknown format");
            writeln!(out, "{word}: {} ({})", printable(path), printable(format))?;
            for finding in worst_first(&judged.findings) {
                full(out, finding)?;
            }
            for finding in judged.findings.iter().filter(|finding| !finding.is_broken()) {
                check(out, finding)?;
            }
            if judged.omitted > 0 {
                writeln!(out, "  … and {}", count(judged.omitted, "more finding"))?;
            }
        }
        super::findings::not_checked(out, &NOT_CHECKED.map(str::to_owned))
    }
}

const NOT_CHECKED: [&str; 2] = ["signatures inside documents", "whether what the documents say is true"];

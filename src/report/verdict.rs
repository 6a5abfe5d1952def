//! `verdict/v1`: what a buyer learns.

use std::io::{self, Write};

use anstyle::AnsiColor;
use serde::{Serialize, Serializer};

use super::findings::{check, not_checked};
use super::terminal::{heading, line, list, printable};
use crate::finding::Status;
use crate::verify::{Time, Verdict};

/// A verdict to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// The verdict.
    pub verdict: &'a Verdict,
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.verdict.serialize(serializer)
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let verdict = self.verdict;
        decision(out, verdict)?;
        heading(out, "Checked")?;
        for finding in verdict.checks.iter().filter(|finding| finding.status != Status::NotEvaluated) {
            check(out, finding)?;
        }
        let unseen: Vec<_> = verdict
            .checks
            .iter()
            .filter(|finding| finding.status == Status::NotEvaluated)
            .map(|finding| finding.rule)
            .collect();
        if !unseen.is_empty() {
            list(out, "not looked at, since nothing was there to look at:", &unseen)?;
        }
        heading(out, "Signed")?;
        signers(out, verdict)?;
        not_checked(out, &verdict.not_checked)
    }
}

/// The word that matters, first.
pub(super) fn decision(out: &mut dyn Write, verdict: &Verdict) -> io::Result<()> {
    let (style, word) = if verdict.accepted() {
        (AnsiColor::Green.on_default().bold(), "ACCEPTED")
    } else {
        (AnsiColor::Red.on_default().bold(), "REFUSED")
    };
    let reasons = verdict.reasons();
    let because = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) };
    writeln!(out, "{style}{word}{style:#}{}", printable(&because))
}

/// Who signed, where it is logged, and when.
pub(super) fn signers(out: &mut dyn Write, verdict: &Verdict) -> io::Result<()> {
    if verdict.signers.is_empty() {
        line(out, "by", "nobody who was asked for")?;
    }
    for signer in &verdict.signers {
        let key = format!("{} key sha256:{}", signer.key_type, signer.key.trim_start_matches("sha256:"));
        match (&signer.identity, &signer.issuer) {
            (Some(identity), issuer) => {
                line(out, "by", identity)?;
                line(out, "known to", issuer.as_deref().unwrap_or("nobody"))?;
                for (name, value) in &signer.workflow {
                    line(out, &format!("workflow {name}"), value)?;
                }
                line(out, "with a", &key)?;
            }
            (None, _) => line(out, "by", &key)?,
        }
        match &signer.log {
            Some(log) => {
                let of = log.tree_size.map_or_else(String::new, |size| format!(" of {size}"));
                line(out, "logged", &format!("{}, entry {}{of}", log.origin, log.index))?;
            }
            None => line(out, "logged", "no")?,
        }
        if let Some(time) = &signer.time {
            line(out, "there at", &format!("{}, says {}", time.at, time.by))?;
        }
    }
    let time = match &verdict.time {
        Time::None => "no trusted time".to_owned(),
        Time::By(time) => format!("by {}", time.at),
    };
    line(out, "when", &time)
}

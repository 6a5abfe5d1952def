//! `loss/v1`: what becomes of every field of a document that is converted.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::terminal::{count, heading, line, printable};
use crate::sbom::Format;
use crate::sbom::convert::{Account, Converted, Fate, Loss};

/// A conversion to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// The file that was converted.
    pub file: &'a str,
    /// What it was converted to.
    pub to: Format,
    /// What came of it.
    pub converted: &'a Converted,
}

/// Something that is gone, in as many places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason<'a> {
    /// Why.
    pub reason: &'a str,
    /// In how many places.
    pub count: usize,
    /// The first of them.
    pub first: &'a str,
}

impl Reason<'_> {
    /// It in a line.
    pub fn line(&self) -> String {
        let others = match self.count {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        format!(
            "{}: {}{others}",
            self.reason,
            if self.first.is_empty() { "the document" } else { self.first }
        )
    }
}

/// Why things are gone: each reason once, in the order of the document.
pub fn reasons(account: &Account) -> Vec<Reason<'_>> {
    let mut reasons: Vec<Reason<'_>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for loss in account.dropped() {
        let at = *known.entry(&loss.reason).or_insert_with(|| {
            reasons.push(Reason { reason: &loss.reason, count: 0, first: &loss.pointer });
            reasons.len() - 1
        });
        reasons[at].count += 1;
    }
    reasons
}

/// So many places of a document.
pub fn places(number: usize, document: &str) -> String {
    format!("{} of {}", count(number, "place"), printable(document))
}

impl Report<'_> {
    fn of(&self, fate: Fate) -> impl Iterator<Item = &Loss> {
        self.converted.account.losses.iter().filter(move |loss| loss.fate == fate)
    }
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Entry<'a> {
            pointer: &'a str,
            status: &'static str,
            reason: &'a str,
        }
        #[derive(Serialize)]
        struct Summary {
            mapped: usize,
            carried: usize,
            dropped: usize,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            path: &'a str,
            from: String,
            to: String,
            summary: Summary,
            entries: Vec<Entry<'a>>,
            omitted: usize,
        }
        let Converted { from, account, .. } = self.converted;
        let entries = account.losses.iter().map(|loss| Entry {
            pointer: &loss.pointer,
            status: loss.fate.name(),
            reason: &loss.reason,
        });
        Json {
            report: "loss/v1",
            path: self.file,
            from: from.to_string(),
            to: self.to.to_string(),
            summary: Summary {
                mapped: self.of(Fate::Mapped).count() + account.omitted,
                carried: self.of(Fate::Carried).count(),
                dropped: self.of(Fate::Dropped).count(),
            },
            entries: entries.collect(),
            omitted: account.omitted,
        }
        .serialize(serializer)
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        line(out, "document", &format!("{}  {} to {}", self.file, self.converted.from, self.to))?;
        for (title, fate) in [
            ("Dropped", Fate::Dropped),
            ("Carried, and back on the way back", Fate::Carried),
            ("Said in another way", Fate::Mapped),
        ] {
            let mut told = self.of(fate).filter(|loss| !loss.reason.is_empty()).peekable();
            if told.peek().is_some() {
                heading(out, title)?;
            }
            for loss in told {
                let pointer = if loss.pointer.is_empty() { "the document" } else { &loss.pointer };
                writeln!(out, "  {}  {}", printable(pointer), printable(&loss.reason))?;
            }
        }
        Ok(())
    }
}

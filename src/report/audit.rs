//! `audit/v1`: findings on a dependency graph.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::findings::{check, full, not_checked, tally, worst_first};
use super::terminal::{heading, line};
use crate::audit::Audited;
use crate::finding::Finding;

/// An audit to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// What was found.
    pub audited: &'a Audited,
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            name: &'a str,
            sha256: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            date: Option<String>,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            findings: &'a [Finding],
            data: Vec<Data<'a>>,
            not_checked: &'a [String],
        }
        let Audited { findings, data, not_checked } = self.audited;
        let data = data.iter().map(|data| Data {
            name: &data.name,
            sha256: &data.sha256,
            date: data.date.map(|date| date.to_string()),
        });
        Json { report: "audit/v1", findings, data: data.collect(), not_checked }.serialize(serializer)
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Audited { findings, data, not_checked: unseen } = self.audited;
        line(out, "findings", &tally(findings))?;
        for finding in worst_first(findings) {
            writeln!(out)?;
            full(out, finding)?;
        }
        let mut others: Vec<_> = findings.iter().filter(|finding| !finding.is_broken()).collect();
        others.sort_by_key(|finding| finding.rule);
        heading(out, "The other rules")?;
        for finding in others {
            check(out, finding)?;
        }
        for data in data {
            let date = data.date.map(|date| format!(", as of {}", date.strftime("%F"))).unwrap_or_default();
            line(out, "data", &format!("{}{date}", data.name))?;
            line(out, "", &format!("sha256:{}", data.sha256))?;
        }
        not_checked(out, unseen)
    }
}

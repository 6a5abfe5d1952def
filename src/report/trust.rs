//! `trust/v1`: who is believed, and when.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

use super::terminal::{heading, line, printable};
use crate::digest::Digest;
use crate::verify::trust_root::{Authority, Log};
use crate::verify::{TrustRoot, Window};

/// A trusted root to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// The trusted root.
    pub trust: &'a TrustRoot,
    /// Where it is from; nothing for the one that is built in.
    pub file: Option<&'a str>,
    /// The day from which the one that is built in is.
    pub date: Option<&'a str>,
    /// The clock by which windows are judged.
    pub now: Timestamp,
}

/// One that is believed.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    url: &'a str,
    key: Option<String>,
    usable: bool,
    from: String,
    to: Option<String>,
    counts: bool,
}

impl<'a> Report<'a> {
    fn lists(&self) -> [(&'static str, Vec<Entry<'a>>); 4] {
        let logs = |list: &'a [Log]| list.iter().map(|log| self.log(log)).collect();
        let authorities = |list: &'a [Authority]| list.iter().map(|one| self.authority(one)).collect();
        [
            ("Logs", logs(self.trust.logs())),
            ("Certificate authorities", authorities(self.trust.certificate_authorities())),
            ("Certificate transparency logs", logs(self.trust.ct_logs())),
            ("Timestamp authorities", authorities(self.trust.timestamp_authorities())),
        ]
    }

    fn log(&self, log: &'a Log) -> Entry<'a> {
        let key = Some(Digest::sha256(&log.spki).hex());
        self.entry(&log.base_url, key, log.key.is_some(), log.valid)
    }

    fn authority(&self, authority: &'a Authority) -> Entry<'a> {
        let root = authority.certificates.last().map(|der| Digest::sha256(der).hex());
        self.entry(&authority.uri, root, authority.chain().is_ok(), authority.valid)
    }

    fn entry(&self, url: &'a str, key: Option<String>, usable: bool, valid: Window) -> Entry<'a> {
        Entry {
            url,
            key,
            usable,
            from: valid.start.to_string(),
            to: valid.end.map(|end| end.to_string()),
            counts: usable && valid.contains(self.now),
        }
    }

    /// How many days ago the built-in one was taken.
    fn age(&self) -> Option<i64> {
        let date: Date = self.date?.parse().ok()?;
        let taken = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
        Some(self.now.duration_since(taken).as_hours() / 24)
    }
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            source: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            date: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            age_days: Option<i64>,
            logs: Vec<Entry<'a>>,
            certificate_authorities: Vec<Entry<'a>>,
            ct_logs: Vec<Entry<'a>>,
            timestamp_authorities: Vec<Entry<'a>>,
        }
        let [(_, logs), (_, certificate_authorities), (_, ct_logs), (_, timestamp_authorities)] =
            self.lists();
        Json {
            report: "trust/v1",
            source: self.file.unwrap_or("built-in"),
            date: self.date,
            age_days: self.age(),
            logs,
            certificate_authorities,
            ct_logs,
            timestamp_authorities,
        }
        .serialize(serializer)
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        match (self.file, self.date, self.age()) {
            (Some(file), ..) => line(out, "from", file)?,
            (None, Some(date), Some(days)) => {
                line(
                    out,
                    "from",
                    &format!("Sigstore's public good instance, built in, of {date}: {days} days old"),
                )?;
            }
            _ => line(out, "from", "Sigstore's public good instance, built in")?,
        }
        for (what, entries) in self.lists() {
            heading(out, what)?;
            if entries.is_empty() {
                writeln!(out, "  none")?;
            }
            for entry in entries {
                let to = entry.to.as_deref().unwrap_or("no end");
                let word = match (entry.usable, entry.counts) {
                    (true, true) => "counts",
                    (true, false) => "counts at other times",
                    (false, _) => "never counts: its key or certificates cannot be used",
                };
                writeln!(out, "  {}", printable(entry.url))?;
                line(out, "", &format!("{word}, {} to {to}", entry.from))?;
                if let Some(key) = entry.key {
                    line(out, "", &format!("sha256:{key}"))?;
                }
            }
        }
        Ok(())
    }
}

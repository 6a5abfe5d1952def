//! What goes to a terminal: text that cannot steer it, and words that colour only underlines.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

pub use super::printable::printable;
use crate::finding::{Severity, Status};

/// A heading of a part of the page.
pub fn heading(out: &mut dyn Write, text: &str) -> io::Result<()> {
    let bold = Style::new().bold();
    writeln!(out, "\n{bold}{text}{bold:#}")
}

/// One `label  value` line, aligned to [`LABEL_WIDTH`].
pub fn line(out: &mut dyn Write, label: &str, value: &str) -> io::Result<()> {
    writeln!(out, "  {label:<LABEL_WIDTH$} {}", printable(value))
}

/// A list in prose, broken between its items before 100 columns.
pub fn list(out: &mut dyn Write, lead: &str, items: &[&str]) -> io::Result<()> {
    let mut width = lead.chars().count() + 2;
    write!(out, "  {lead}")?;
    for (index, item) in items.iter().enumerate() {
        let item = printable(item);
        let end = if index + 1 < items.len() { "," } else { "" };
        let room = item.chars().count() + 1 + end.len();
        if width + room > PAGE_WIDTH {
            write!(out, "\n   ")?;
            width = 3;
        }
        write!(out, " {item}{end}")?;
        width += room;
    }
    writeln!(out)
}

/// The word for a status, of 13 letters at most.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Pass => "ok",
        Status::Fail => "FAIL",
        Status::Open => "open",
        Status::NotApplicable => "n/a",
        Status::NotEvaluated => "not looked at",
    }
}

/// The colour that goes with a status; the word says it all without it.
pub fn status_style(status: Status) -> Style {
    match status {
        Status::Pass => AnsiColor::Green.on_default(),
        Status::Fail => AnsiColor::Red.on_default().bold(),
        Status::Open => AnsiColor::Yellow.on_default(),
        Status::NotApplicable | Status::NotEvaluated => Style::new().dimmed(),
    }
}

/// The word for a severity.
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// The colour that goes with a severity.
pub fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Info | Severity::Low => Style::new(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Critical => AnsiColor::Red.on_default().bold(),
    }
}

/// A size in bytes as a person reads it, with the exact number kept for what is small.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 10_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes;
    let mut unit = "B";
    for next in UNITS {
        if value < 10_000 {
            break;
        }
        value = value.div_ceil(1000);
        unit = next;
    }
    format!("{value} {unit}")
}

/// `1 component`, `2 components`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// How wide a page is that nobody asked to be wider.
const PAGE_WIDTH: usize = 100;

/// Where values start on a `label  value` line.
pub const LABEL_WIDTH: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_broken_between_its_items() {
        let mut page = Vec::new();
        list(&mut page, "not looked at:", &["checkpoint-signature"; 12]).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(page.lines().all(|line| line.len() <= PAGE_WIDTH && !line.ends_with(' ')), "{page}");
        assert_eq!(page.matches("checkpoint-signature").count(), 12);
        assert_eq!(page.lines().count(), 4, "{page}");
    }

    #[test]
    fn sizes_stay_below_five_digits() {
        assert_eq!(size(9_999), "9999 B");
        assert_eq!(size(10_000), "10 kB");
        assert_eq!(size(3_141_592), "3142 kB");
        assert_eq!(size(30_000_000), "30 MB");
    }
}

//! Findings as a person reads them: the worst first, one rule's many subjects under one head.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::terminal::{printable, severity_style, severity_word, status_style, status_word};
use crate::finding::{Finding, Severity, Status};

/// Broken rules, the worst first and in a stable order.
pub fn worst_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut broken: Vec<&Finding> = findings.iter().filter(|finding| finding.is_broken()).collect();
    broken.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    broken
}

/// `2 high, 1 medium`, or `none`.
pub fn tally(findings: &[Finding]) -> String {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.is_broken()) {
        *counts.entry(finding.severity).or_default() += 1;
    }
    if counts.is_empty() {
        return "none".to_owned();
    }
    let parts: Vec<String> = counts
        .iter()
        .rev()
        .map(|(severity, count)| format!("{count} {}", severity_word(*severity)))
        .collect();
    parts.join(", ")
}

/// One broken rule on one or two lines, with its way from the root where that is short.
pub fn brief(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    let style = severity_style(finding.severity);
    let word = severity_word(finding.severity);
    writeln!(
        out,
        "  {style}{word:<8}{style:#} {} {}: {}",
        finding.rule,
        printable(&finding.subject),
        printable(&finding.message)
    )
}

/// One broken rule whole: message, way, evidence, place, remedy.
pub fn full(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    brief(out, finding)?;
    if finding.path.len() > 1 {
        writeln!(out, "           by way of  {}", printable(&shorten(&finding.path)))?;
    }
    for fact in &finding.evidence {
        writeln!(out, "           {}  {}", printable(&fact.name), printable(&fact.value))?;
    }
    place(out, "           ", finding)?;
    if let Some(remedy) = &finding.remedy {
        writeln!(out, "           to do  {}", printable(remedy))?;
    }
    Ok(())
}

/// One check of a verdict on a line, and its remedy when it is broken.
pub fn check(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    let style = status_style(finding.status);
    let word = status_word(finding.status);
    writeln!(out, "  {style}{word:<13}{style:#} {}: {}", finding.rule, printable(&finding.message))?;
    if finding.status != Status::Pass {
        for fact in &finding.evidence {
            writeln!(out, "                {}  {}", printable(&fact.name), printable(&fact.value))?;
        }
    }
    if !finding.is_broken() {
        return Ok(());
    }
    place(out, "                ", finding)?;
    if let Some(remedy) = &finding.remedy {
        writeln!(out, "                to do  {}", printable(remedy))?;
    }
    Ok(())
}

/// Where a finding stands, if it stands in a file.
fn place(out: &mut dyn Write, indent: &str, finding: &Finding) -> io::Result<()> {
    let Some(location) = &finding.location else { return Ok(()) };
    let line = location.line.map(|line| format!(":{line}")).unwrap_or_default();
    let pointer = location.pointer.as_deref().map(|pointer| format!("  {pointer}")).unwrap_or_default();
    writeln!(out, "{indent}at  {}{line}{}", printable(&location.file), printable(&pointer))
}

/// The list of what was not checked, which every report ends in.
pub fn not_checked(out: &mut dyn Write, items: &[impl AsRef<str>]) -> io::Result<()> {
    super::terminal::heading(out, "Not checked")?;
    if items.is_empty() {
        return writeln!(out, "  nothing was left out");
    }
    for item in items {
        writeln!(out, "  - {}", printable(item.as_ref()))?;
    }
    Ok(())
}

fn shorten(path: &[String]) -> String {
    if path.len() <= SHOWN_STEPS {
        return path.join(" > ");
    }
    let half = SHOWN_STEPS / 2;
    format!(
        "{} > … {} more … > {}",
        path[..half].join(" > "),
        path.len() - 2 * half,
        path[path.len() - half..].join(" > ")
    )
}

/// How many steps of a long way are shown.
const SHOWN_STEPS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Rule;

    static RULE: Rule = Rule { id: "T01", title: "it holds", severity: Severity::High, remedy: "hold it" };

    #[test]
    fn a_tally_counts_broken_rules_alone_and_begins_with_the_worst() {
        let findings = [
            RULE.pass("a"),
            RULE.fail("b", "fell").rated(Severity::Low),
            RULE.fail("c", "fell"),
            RULE.not_evaluated("d", "nobody looked"),
        ];
        assert_eq!(tally(&findings), "1 high, 1 low");
        assert_eq!(worst_first(&findings)[0].subject, "c");
        assert_eq!(tally(&findings[..1]), "none");
    }

    #[test]
    fn attested_text_cannot_steer_the_terminal_through_a_finding() {
        let mut page = Vec::new();
        full(&mut page, &RULE.fail("x\u{1b}[2J", "y\u{7}").because("z\r", "w\u{9b}")).unwrap();
        let page = String::from_utf8(page).unwrap();
        let plain = anstream::adapter::strip_str(&page).to_string();
        assert!(!plain.contains(|c: char| c.is_control() && c != '\n'), "{plain:?}");
        assert!(page.contains("x\\u{1b}[2J"), "{page:?}");
    }
}

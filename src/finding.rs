//! Findings: what one rule saw at one subject, with its evidence and a remedy.
//!
//! A rule that had nothing to look at is [`Status::NotEvaluated`]; it never passes. An error is something
//! else: it means that there is no telling at all.

use serde::Serialize;

/// A rule that can be broken: its code is published in `docs/codes.md` and never renamed or reused.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable code, such as `U01` or `entry-body`.
    pub id: &'static str,
    /// What the rule asks for, in one sentence.
    pub title: &'static str,
    /// How much it matters when it is broken.
    pub severity: Severity,
    /// One thing the reader can do when it is broken.
    pub remedy: &'static str,
}

impl Rule {
    /// The subject was looked at and the rule holds.
    pub fn pass(&'static self, subject: impl Into<String>) -> Finding {
        self.found(Status::Pass, subject, self.title)
    }

    /// The subject was looked at and the rule is broken.
    pub fn fail(&'static self, subject: impl Into<String>, message: impl Into<String>) -> Finding {
        self.found(Status::Fail, subject, message)
    }

    /// The subject was looked at, and what was seen does not settle it.
    pub fn open(&'static self, subject: impl Into<String>, message: impl Into<String>) -> Finding {
        self.found(Status::Open, subject, message)
    }

    /// The rule has nothing to say about this kind of subject.
    pub fn not_applicable(&'static self, subject: impl Into<String>, message: impl Into<String>) -> Finding {
        self.found(Status::NotApplicable, subject, message)
    }

    /// There was nothing to look at, for the reason given.
    pub fn not_evaluated(&'static self, subject: impl Into<String>, message: impl Into<String>) -> Finding {
        self.found(Status::NotEvaluated, subject, message)
    }

    fn found(
        &'static self,
        status: Status,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            rule: self.id,
            status,
            severity: if status == Status::Pass { Severity::Info } else { self.severity },
            subject: subject.into(),
            location: None,
            path: Vec::new(),
            message: message.into(),
            evidence: Vec::new(),
            remedy: matches!(status, Status::Fail | Status::Open).then(|| self.remedy.to_owned()),
        }
    }
}

/// What became of a rule at one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Recomputed, and it holds.
    Pass,
    /// Recomputed, and it does not hold.
    Fail,
    /// Looked at, and not settled.
    Open,
    /// The rule does not speak of such subjects.
    NotApplicable,
    /// Nothing was there to look at; never a pass.
    NotEvaluated,
}

/// How much a broken rule matters. Ordered: `Info` is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Worth a look when there is time.
    Low,
    /// Plan to repair.
    Medium,
    /// Repair before the next release.
    High,
    /// Do not ship, do not accept.
    Critical,
}

/// Where in a document a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Location {
    /// The file, as the user named it.
    pub file: String,
    /// RFC 6901 pointer, empty for the whole document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
}

/// A fact a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// What the value is, such as `expected` or `Cargo.lock checksum`.
    pub name: String,
    /// The value itself.
    pub value: String,
}

/// What one rule saw at one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The code of the rule.
    pub rule: &'static str,
    /// What became of it.
    pub status: Status,
    /// How much it matters here.
    pub severity: Severity,
    /// The purl, bom-ref, file or part of a bundle that it is about.
    pub subject: String,
    /// Where the subject stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The way from the root of the graph to the subject, both included.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
    /// One sentence for a person.
    pub message: String,
    /// The facts it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// One thing the reader can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    /// Adds a fact.
    #[must_use]
    pub fn because(mut self, name: impl Into<String>, value: impl std::fmt::Display) -> Self {
        self.evidence.push(Evidence { name: name.into(), value: value.to_string() });
        self
    }

    /// Says how the subject is reached from the root.
    #[must_use]
    pub fn reached_by(mut self, path: Vec<String>) -> Self {
        self.path = path;
        self
    }

    /// Says where the subject stands.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Gives this case a severity of its own.
    #[must_use]
    pub fn rated(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Gives this case a remedy of its own.
    #[must_use]
    pub fn remedied_by(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Whether it speaks against its subject.
    pub fn is_broken(&self) -> bool {
        matches!(self.status, Status::Fail | Status::Open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static RULE: Rule =
        Rule { id: "T01", title: "the thing holds", severity: Severity::High, remedy: "hold the thing" };

    #[test]
    fn only_a_broken_rule_has_a_remedy() {
        assert_eq!(RULE.fail("a", "it fell").remedy.as_deref(), Some("hold the thing"));
        assert_eq!(RULE.pass("a").remedy, None);
        assert_eq!(RULE.not_evaluated("a", "nobody looked").remedy, None);
    }

    #[test]
    fn what_was_not_looked_at_is_no_pass() {
        let finding = RULE.not_evaluated("a", "nobody looked");
        assert_eq!(finding.status, Status::NotEvaluated);
        assert!(!finding.is_broken());
    }
}

//! `enveloped-verify/v1` and `enveloped-sign/v1`: signatures inside a document.

use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use serde::{Serialize, Serializer};

use super::terminal::{count, heading, line, printable, size};
use super::{findings, json};
use crate::finding::Finding;
use crate::keys::PublicKey;
use crate::sbom::jsf::{Checked, Form, State, Verdict};

/// What `enveloped verify` found.
#[derive(Debug)]
pub struct Verified<'a> {
    /// The document, as the user named it.
    pub file: &'a str,
    /// What became of its signatures.
    pub verdict: &'a Verdict,
}

impl Verified<'_> {
    fn word(&self) -> &'static str {
        if self.verdict.accepted() { "accepted" } else { "refused" }
    }

    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.verdict.checked.iter().map(|one| &one.finding).chain(&self.verdict.absent)
    }

    fn not_checked(&self) -> Vec<String> {
        let mut items = vec!["whether what is signed is true: a signature says who said it".to_owned()];
        let left_out = self.verdict.checked.iter().filter(|one| !self.verdict.counts(one)).count();
        if left_out > 0 {
            items.push(format!(
                "{} outside the scopes asked for: shown, and not counted",
                count(left_out, "signature")
            ));
        }
        items
    }
}

impl Serialize for Verified<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Signature<'a> {
            pointer: &'a str,
            kind: &'a str,
            form: Option<&'a str>,
            signer: usize,
            state: &'a str,
            code: &'a str,
            counted: bool,
            line: Option<u64>,
            column: Option<u64>,
            algorithm: Option<&'a str>,
            key_id: Option<&'a str>,
            key: Option<json::Key>,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            file: &'a str,
            verdict: &'static str,
            signatures: Vec<Signature<'a>>,
            findings: Vec<&'a Finding>,
            not_checked: Vec<String>,
        }
        let signatures = self.verdict.checked.iter().map(|one| Signature {
            pointer: &one.pointer,
            kind: one.kind,
            form: one.form.map(Form::name),
            signer: one.signer,
            state: one.state.name(),
            code: one.finding.rule,
            counted: self.verdict.counts(one),
            line: one.finding.location.as_ref().and_then(|location| location.line),
            column: one.finding.location.as_ref().and_then(|location| location.column),
            algorithm: one.algorithm.map(crate::keys::jwa::Algorithm::name),
            key_id: one.key_id.as_deref(),
            key: one.key.as_ref().map(json::Key::from),
        });
        Json {
            report: "enveloped-verify/v1",
            file: self.file,
            verdict: self.word(),
            signatures: signatures.collect(),
            findings: self.findings().collect(),
            not_checked: self.not_checked(),
        }
        .serialize(serializer)
    }
}

impl super::Report for Verified<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let accepted = self.verdict.accepted();
        let style = if accepted { AnsiColor::Green } else { AnsiColor::Red }.on_default().bold();
        let valid = self.verdict.checked.iter().filter(|one| one.state == State::Valid).count();
        let all = count(self.verdict.checked.len(), "signature");
        writeln!(
            out,
            "{style}{}{style:#}: {}: {valid} of {all} valid",
            self.word().to_uppercase(),
            printable(self.file)
        )?;
        heading(out, "Signatures")?;
        for one in &self.verdict.checked {
            signature(out, one)?;
        }
        for finding in &self.verdict.absent {
            findings::full(out, finding)?;
        }
        findings::not_checked(out, &self.not_checked())
    }
}

fn signature(out: &mut dyn Write, one: &Checked) -> io::Result<()> {
    let style = match one.state {
        State::Valid => AnsiColor::Green.on_default(),
        State::Invalid => AnsiColor::Red.on_default().bold(),
        State::NotTrusted | State::NotChecked => AnsiColor::Yellow.on_default(),
    };
    let pointer = if one.pointer.is_empty() { "the document" } else { &one.pointer };
    let place = one.finding.location.as_ref().and_then(|location| Some((location.line?, location.column?)));
    let place = place.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
    let list = match one.form {
        Some(form @ (Form::Signers | Form::Chain)) => format!(", {} {}", form.name(), one.signer),
        _ => String::new(),
    };
    writeln!(
        out,
        "  {style}{:<11}{style:#} {} ({}{list})  {}{place}",
        one.state.name(),
        printable(pointer),
        one.kind,
        one.finding.rule
    )?;
    let plain = Style::new();
    if one.state != State::Valid {
        writeln!(out, "              {plain}{}{plain:#}", printable(&one.finding.message))?;
    }
    if let Some(key) = &one.key {
        let whose = match one.state {
            State::Valid => "by",
            State::NotTrusted => "embedded, not trusted:",
            State::Invalid | State::NotChecked => "embedded:",
        };
        writeln!(out, "              {whose} {} key {}", key.key_type(), key.digest())?;
    }
    if let Some(remedy) = &one.finding.remedy {
        writeln!(out, "              to do  {}", printable(remedy))?;
    }
    Ok(())
}

/// What `enveloped sign` did.
#[derive(Debug)]
pub struct Signed<'a> {
    /// Where the signed document is.
    pub document: &'a Path,
    /// Its size in bytes.
    pub size: usize,
    /// What was signed.
    pub scopes: &'a [String],
    /// As what.
    pub form: Form,
    /// Who signed, in this order.
    pub keys: &'a [PublicKey],
}

impl Serialize for Signed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            document: json::File<'a>,
            scopes: &'a [String],
            form: &'static str,
            keys: Vec<json::Key>,
            not_checked: [&'static str; 1],
        }
        Json {
            report: "enveloped-sign/v1",
            document: json::File { path: self.document, size: self.size as u64 },
            scopes: self.scopes,
            form: self.form.name(),
            keys: self.keys.iter().map(json::Key::from).collect(),
            not_checked: ["whether what is signed is true: a signature says who said it"],
        }
        .serialize(serializer)
    }
}

impl super::Report for Signed<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        for scope in self.scopes {
            line(out, "signed", if scope.is_empty() { "the document" } else { scope })?;
        }
        for key in self.keys {
            line(out, "by", &format!("{} key {}", key.key_type(), key.digest()))?;
        }
        line(out, "document", &format!("{}  {}", self.document.display(), size(self.size as u64)))
    }
}

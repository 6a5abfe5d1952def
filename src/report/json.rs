//! Pieces that several JSON reports share.

use std::io;
use std::path::Path;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::printable::is_unfit;

use crate::attest::statement;
use crate::digest::Digest;
use crate::keys::PublicKey;
use crate::release::Output;

/// Writes a report as indented JSON with a line feed at the end. Beside what JSON demands, every character is escaped
/// that a terminal obeys or that hides text (U+009B begins a control sequence, as ESC does).
pub fn write(out: &mut dyn io::Write, report: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Fit(PrettyFormatter::new()));
    report.serialize(&mut serializer)?;
    writeln!(out)
}

/// Indents, and escapes what is unfit.
struct Fit(PrettyFormatter<'static>);

impl Formatter for Fit {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some(at) = rest.find(is_unfit) {
            let (fit, after) = rest.split_at(at);
            out.write_all(fit.as_bytes())?;
            let mut after = after.chars();
            let mut units = [0; 2];
            for unit in after.next().map(|unfit| &*unfit.encode_utf16(&mut units)).unwrap_or_default() {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = after.as_str();
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

/// A file and its size in bytes.
#[derive(Debug, Serialize)]
pub(super) struct File<'a> {
    pub(super) path: &'a Path,
    pub(super) size: u64,
}

impl<'a> From<&'a Output> for File<'a> {
    fn from(output: &'a Output) -> Self {
        Self { path: &output.path, size: output.bytes.len() as u64 }
    }
}

/// A file, its digest and its size in bytes.
#[derive(Debug, Serialize)]
pub(super) struct Hashed<'a> {
    pub(super) path: &'a Path,
    pub(super) sha256: String,
    pub(super) size: u64,
}

/// A subject of a statement.
#[derive(Debug, Serialize)]
pub(super) struct Subject<'a> {
    name: &'a str,
    sha256: Option<String>,
}

impl<'a> From<&'a statement::Subject> for Subject<'a> {
    fn from(subject: &'a statement::Subject) -> Self {
        Self { name: &subject.name, sha256: subject.digests.first().map(Digest::hex) }
    }
}

/// A key by its kind and the digest of its SPKI.
#[derive(Debug, Serialize)]
pub(super) struct Key {
    r#type: &'static str,
    sha256: String,
}

impl From<&PublicKey> for Key {
    fn from(key: &PublicKey) -> Self {
        Self { r#type: key.key_type().name(), sha256: key.digest().hex() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_passes_and_nothing_is_changed() {
        let text = "a\u{1b}[31m\u{9b}2J\u{7f}\u{202e}\u{200b}\u{feff}\u{e0041}ü漢🦀\n\"\\";
        let value = serde_json::json!({ text: [text, "", {}, []] });
        let mut json = Vec::new();
        write(&mut json, &value).unwrap();
        let json = String::from_utf8(json).unwrap();
        assert!(!json.contains(|character| is_unfit(character) && character != '\n'), "{json}");
        assert!(json.contains("ü漢🦀"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), value);
    }

    #[test]
    fn ordinary_reports_are_as_serde_indents_them() {
        let value = serde_json::json!({"a": [1, "b", {"c": null}], "d": {}, "e": []});
        let mut json = Vec::new();
        write(&mut json, &value).unwrap();
        assert_eq!(String::from_utf8(json).unwrap(), format!("{value:#}\n"));
    }
}

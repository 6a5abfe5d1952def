//! Why nobody can be believed: what keeps verification from being asked at all.

use crate::attest::{Flaw, Malformed};
use crate::finding::{Finding, Location, Severity, Status};

/// What keeps [`super::verify()`] from being asked at all. What is wrong with a bundle is a verdict instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The trusted root is not of the expected form.
    #[error("the trusted root is malformed: {0}")]
    TrustRoot(Malformed),
}

impl Error {
    /// The stable code, listed in `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        let Self::TrustRoot(malformed) = self;
        match malformed.flaw {
            Flaw::Json => "trust-root-json",
            Flaw::Encoding => "trust-root-encoding",
            Flaw::DuplicateKey => "trust-root-duplicate-key",
            Flaw::Size => "trust-root-size",
            Flaw::Type => "trust-root-media-type",
            Flaw::UnknownField => "trust-root-unknown-field",
            Flaw::MissingField => "trust-root-missing-field",
            Flaw::FieldType => "trust-root-field-type",
            Flaw::Base64 => "trust-root-base64",
            Flaw::Time => "trust-root-time",
            Flaw::Alternatives => "trust-root-ambiguous",
            Flaw::Unsupported => "trust-root-unsupported",
            _ => "trust-root-value",
        }
    }

    /// The same as a finding on the file that holds the trusted root.
    pub fn finding(&self, file: &str) -> Finding {
        let Self::TrustRoot(malformed) = self;
        Finding {
            rule: self.code(),
            status: Status::Fail,
            severity: Severity::Critical,
            subject: file.to_owned(),
            location: Some(Location {
                file: file.to_owned(),
                pointer: Some(malformed.pointer.clone()),
                line: malformed.position.map(|position| position.line),
                column: malformed.position.map(|position| position.column),
            }),
            path: Vec::new(),
            message: self.to_string(),
            evidence: Vec::new(),
            remedy: self.help().map(str::to_owned),
        }
    }

    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        Some("`sbom-attest log trust DIR` writes the trusted root of your log")
    }
}

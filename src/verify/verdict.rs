//! The verdict: what was looked at, what came of it, who signed, and what nobody looked at.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use super::TrustedTime;
use crate::attest::statement::Statement;
use crate::finding::Finding;
use crate::keys::PublicKey;

/// The answer to a [`super::Request`]. As JSON it is the report `verdict/v1`.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// Accepted or refused.
    pub decision: Decision,
    /// Every check of every bundle, in the order in which they were made, then one a artifact.
    pub checks: Vec<Finding>,
    /// Whose signature held, one a bundle.
    pub signers: Vec<SignerReport>,
    /// When it was signed.
    pub time: Time,
    /// What was not looked at, in sentences.
    pub not_checked: Vec<String>,
    pub(super) verified: Vec<Verified<Attestation>>,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Everything asked for holds.
    Accepted,
    /// Something does not hold, or was not there.
    #[default]
    Refused,
}

/// The time of signing and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Time {
    /// Nobody who is trusted says when, of one of the signatures at least.
    #[default]
    None,
    /// By then all of it was signed.
    By(TrustedTime),
}

impl Time {
    /// The time by which all of these had signed.
    pub(super) fn of(signers: &[SignerReport]) -> Self {
        let times: Option<Vec<_>> = signers.iter().map(|signer| signer.time.as_ref()).collect();
        let latest = times.into_iter().flatten().max_by_key(|time| time.at);
        latest.map_or(Self::None, |time| Self::By(time.clone()))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Unknown {
            source: &'static str,
        }
        match self {
            Self::None => Unknown { source: "none" }.serialize(serializer),
            Self::By(time) => time.serialize(serializer),
        }
    }
}

/// Whose signature held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignerReport {
    /// The bundle.
    pub bundle: String,
    /// How the signer is known: `key` or `certificate`.
    pub kind: &'static str,
    /// The type of the key.
    #[serde(rename = "type")]
    pub key_type: &'static str,
    /// SHA-256 of the key's SPKI, in hexadecimal.
    #[serde(rename = "sha256")]
    pub key: String,
    /// Whom the certificate names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The identity provider that vouched for that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// What the certificate says of the workflow that signed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub workflow: BTreeMap<&'static str, String>,
    /// The earliest time by which the signature was there, and who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TrustedTime>,
    /// The log that holds the signature, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<LogPosition>,
}

/// Where in a log a signature stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogPosition {
    /// The log's name.
    pub origin: String,
    /// The entry's number.
    pub index: u64,
    /// The size of the tree in which it was proved; nothing where only a promise was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree_size: Option<u64>,
}

/// Something that [`super::verify()`] accepted. Nothing else can make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(pub(super) T);

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// What was said and who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The bundle it came in.
    pub bundle: String,
    /// What was said.
    pub statement: Statement,
    /// Whose signature holds.
    pub signer: PublicKey,
    /// The log that holds the signature, if one does.
    pub log: Option<LogPosition>,
}

impl Verdict {
    /// A refusal for one reason, before any bundle was looked at.
    pub fn refusal(reason: Finding) -> Self {
        let unseen = NEVER_CHECKED.iter().map(|&text| text.to_owned());
        let not_checked = std::iter::once("the bundles and the artifacts".to_owned()).chain(unseen).collect();
        Self { checks: vec![reason], not_checked, ..Self::default() }
    }

    /// Whether the answer is yes.
    pub fn accepted(&self) -> bool {
        self.decision == Decision::Accepted
    }

    /// The codes of the checks that speak against it, in order; none when it is accepted.
    pub fn reasons(&self) -> Vec<&'static str> {
        if self.accepted() {
            return Vec::new();
        }
        self.checks.iter().filter(|finding| finding.is_broken()).map(|finding| finding.rule).collect()
    }

    /// What was accepted; nothing when the verdict is a refusal.
    pub fn verified(&self) -> &[Verified<Attestation>] {
        &self.verified
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Verdict", 7)?;
        report.serialize_field("report", "verdict/v1")?;
        report.serialize_field("verdict", &self.decision)?;
        report.serialize_field("reasons", &self.reasons())?;
        report.serialize_field("checks", &self.checks)?;
        report.serialize_field("signers", &self.signers)?;
        report.serialize_field("time", &self.time)?;
        report.serialize_field("not_checked", &self.not_checked)?;
        report.end()
    }
}

/// What no verdict of this version looks at.
pub(super) const NEVER_CHECKED: [&str; 3] = [
    "whether other people see the same log: no witness's cosignature was checked",
    "the digests of components against their registries",
    "whether the SBOM is complete and true: that its author signed it is what was checked",
];

//! Verification: from artifacts, bundles, keys and a trust root to a verdict that says what was looked at.
//!
//! [`verify()`] recomputes everything a bundle claims and compares: nothing in a bundle is skipped, and what is not known
//! how to check refuses. A bundle that is refused, malformed ones too, is an answer, not an error. Each check is one
//! file in [`checks`], each reason a code in `docs/codes.md`.
//!
//! The rule of decision: accepted is who gave at least one artifact and one bundle, where every artifact is a subject
//! of a bundle of which no check failed.

mod case;
mod certified;
pub mod checks;
mod error;
pub mod identity;
mod logged;
mod signed;
mod time;
pub mod trust_root;
mod verdict;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::attest::bundle::{Bundle, Content};
use crate::attest::predicate::PredicateType;
use crate::attest::statement::{Statement, Subject};
use crate::digest::{Algorithm, Digest};
use crate::finding::{Finding, Location, Status};
use crate::keys::PublicKey;

use case::Case;
use checks::{CHECKS, artifacts, bundle_form};

pub use error::Error;
pub use identity::{Pattern, PatternError, Signatory};
pub use time::{CLOCK_SKEW, Source, TrustedTime};
pub use trust_root::{TrustRoot, Window};
pub use verdict::{Attestation, Decision, LogPosition, SignerReport, Time, Verdict, Verified};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The artifacts; each must be a subject of an accepted bundle.
    pub artifacts: &'a [Artifact],
    /// The bundles. One that does not hold speaks for nothing, and refuses only what no other bundle speaks for.
    pub bundles: &'a [BundleFile],
    /// The keys of which one must have signed each bundle that is signed with a key.
    pub signers: &'a [PublicKey],
    /// Those of whom one must be named by the certificate of each bundle that has one.
    pub identities: &'a [Signatory],
    /// Whose logs, certificates and timestamps are believed.
    pub trust: &'a TrustRoot,
    /// What else decides.
    pub options: Options,
}

/// What decides beside keys and logs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The time at which windows of validity are judged.
    pub now: Timestamp,
    /// Accept a bundle that no log holds. Unsafe: nobody but its receiver can ever see that it was signed.
    pub accept_unlogged: bool,
    /// Accept the promise of a log of version 1 where the bundle has no proof. Unsafe: nothing shows that it was kept.
    pub accept_promise: bool,
    /// Refuse a bundle without the timestamp of an authority.
    pub require_timestamp: bool,
    /// What must be said.
    pub expected: Expected,
    /// The SBOM that was shipped beside the artifacts, to be the attested one.
    pub sbom: Option<SbomFile>,
}

/// What must be said of the artifacts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Expected {
    /// What they are made of.
    #[default]
    Sbom,
    /// A predicate of this type.
    Type(PredicateType),
    /// Whatever it is; a signature of the artifact itself, which says nothing, is enough.
    Anything,
}

impl Options {
    /// The strict defaults at a time.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            accept_unlogged: false,
            accept_promise: false,
            require_timestamp: false,
            expected: Expected::Sbom,
            sbom: None,
        }
    }
}

/// An artifact as its verifier computed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The name in the report, as the user gave it.
    pub name: String,
    /// Its digests, one an algorithm. Those of the algorithms a statement uses are compared.
    pub digests: Vec<Digest>,
}

impl Artifact {
    /// An artifact by one digest.
    pub fn new(name: impl Into<String>, digest: Digest) -> Self {
        Self { name: name.into(), digests: vec![digest] }
    }

    /// Whether it is this subject: a digest of a common algorithm is equal, and none differs.
    pub fn is(&self, subject: &Subject) -> bool {
        let same = |ours: &Digest, theirs: &Digest| ours.algorithm() == theirs.algorithm();
        let mut pairs = self
            .digests
            .iter()
            .filter_map(|ours| subject.digests.iter().find(|theirs| same(ours, theirs)).map(|it| it == ours))
            .peekable();
        pairs.peek().is_some() && pairs.all(|equal| equal)
    }
}

/// A bundle as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleFile {
    /// The name in the report, as the user gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An SBOM as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SbomFile {
    /// The name in the report, as the user gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Checks the bundles against the artifacts, the keys and the trust root.
///
/// ```
/// use sbom_attest::attest::{bundle::Bundle, dsse, predicate, statement::{Statement, Subject}};
/// use sbom_attest::digest::Digest;
/// use sbom_attest::document::{Document, Limits};
/// use sbom_attest::keys::{KeyType, PrivateKey, Signer};
/// use sbom_attest::verify::{Artifact, BundleFile, Options, Request, TrustRoot, verify};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = PrivateKey::generate(KeyType::P256)?;
/// let digest = Digest::sha256("the artifact");
/// let sbom = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}"#;
/// let sbom = Document::parse(sbom.to_vec(), &Limits::default())?;
/// let statement = Statement::new(vec![Subject::new("shop", digest.clone())], predicate::CYCLONEDX, &sbom);
/// let envelope = dsse::sign(dsse::IN_TOTO, statement.to_bytes()?, &key)?;
/// let bundle = Bundle::new(envelope, &key.public_key());
///
/// let mut request = Request {
///     artifacts: &[Artifact::new("shop", digest)],
///     bundles: &[BundleFile { name: "shop.json".into(), bytes: bundle.to_bytes() }],
///     signers: &[key.public_key()],
///     identities: &[],
///     trust: &TrustRoot::nobody(),
///     options: Options::at("2026-11-24T00:00:00Z".parse()?),
/// };
/// assert_eq!(verify(&request).reasons(), ["entry-present"]);
/// request.options.accept_unlogged = true;
/// assert!(verify(&request).accepted());
/// # Ok(())
/// # }
/// ```
pub fn verify(request: &Request<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let parsed: Vec<_> = request.bundles.iter().map(|file| (file, Bundle::parse(&file.bytes))).collect();
    let mut cases = Vec::with_capacity(parsed.len());
    for (file, bundle) in &parsed {
        verdict.checks.push(bundle_form::finding(&file.name, bundle));
        let Ok(bundle) = bundle else {
            continue;
        };
        let case = Case::new(request, &file.name, bundle);
        let applying = CHECKS.iter().filter(|check| check.applies(&case));
        let findings = applying.map(|check| located(check.run(&case), &file.name, check.pointer()));
        let findings: Vec<_> = findings.collect();
        let holds = !findings.iter().any(Finding::is_broken);
        verdict.checks.extend(findings);
        verdict.not_checked.extend(case.not_checked());
        cases.push((case, holds));
    }
    verdict.checks.extend(artifacts::findings(request, &cases));
    let complete = !request.artifacts.is_empty() && !request.bundles.is_empty();
    if complete && covers_all(request, &verdict.checks) {
        verdict.decision = Decision::Accepted;
        let held = cases.iter().filter(|(_, holds)| *holds);
        verdict.verified = held.filter_map(|(case, _)| case.attestation()).map(Verified).collect();
        let refused = parsed
            .iter()
            .filter(|(file, _)| !cases.iter().any(|(case, holds)| *holds && case.name == file.name));
        verdict.not_checked.extend(
            refused.map(|(file, _)| format!("the bundle {}, which was refused and is not needed", file.name)),
        );
    }
    verdict.signers = cases.iter().filter_map(|(case, _)| case.signer_report()).collect();
    verdict.time = Time::of(&verdict.signers);
    verdict.not_checked.extend(verdict::NEVER_CHECKED.iter().map(|&text| text.to_owned()));
    verdict
}

/// The algorithms by which bundles name their subjects, SHA-256 always among them: what to compute of an artifact, so
/// that no digest of a subject goes uncompared. Nothing is believed here; a bundle that cannot be read names none.
pub fn algorithms_named(bundles: &[BundleFile]) -> BTreeSet<Algorithm> {
    let mut algorithms = BTreeSet::from([Algorithm::Sha256]);
    for bundle in bundles.iter().filter_map(|file| Bundle::parse(&file.bytes).ok()) {
        match &bundle.content {
            Content::Dsse(envelope) => {
                let statement = Statement::parse(&envelope.payload);
                let subjects = statement.into_iter().flat_map(|statement| statement.subjects);
                let digests = subjects.flat_map(|subject| subject.digests);
                algorithms.extend(digests.map(|digest| digest.algorithm()));
            }
            Content::Message(message) => match &message.digest {
                Some(digest) => algorithms.extend([digest.algorithm()]),
                None => algorithms.extend([Algorithm::Sha384, Algorithm::Sha512]),
            },
        }
    }
    algorithms
}

/// Whether every artifact passed. A finding that is neither pass nor fail covers nothing.
fn covers_all(request: &Request<'_>, checks: &[Finding]) -> bool {
    let passed = checks.iter().filter(|one| one.rule == artifacts::RULE.id && one.status == Status::Pass);
    passed.count() == request.artifacts.len()
}

fn located(finding: Finding, file: &str, pointer: &str) -> Finding {
    if finding.location.is_some() {
        return finding;
    }
    let pointer = Some(pointer.to_owned());
    finding.at(Location { file: file.to_owned(), pointer, line: None, column: None })
}

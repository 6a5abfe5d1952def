//! One bundle under examination: what several checks need, computed once and in a safe order.
//!
//! First whose key made the signature; then what the log and the timestamp authorities say of that signature, which gives the
//! time; then the certificate at that time. Only when all of this leads to somebody who was asked for is the payload
//! read. A checkpoint is believed only after its signature held.

use std::cell::OnceCell;

use super::certified::{self, Fit, Issued, Unseen};
use super::identity::Signatory;
use super::logged::{self, CheckpointState, Promise};
use super::signed::{Signature, Signed};
use super::time::{self, Source, StampError, TrustedTime};
use super::trust_root::Log;
use super::{Attestation, LogPosition, Request, SignerReport};
use crate::attest::Malformed;
use crate::attest::bundle::{Bundle, InclusionProof, LogEntry, Material};
use crate::attest::dsse::{self, Envelope};
use crate::attest::predicate::PredicateType;
use crate::attest::statement::Statement;
use crate::digest::Digest;
use crate::document::Document;
use crate::keys::PublicKey;
use crate::pki::{Certificate, CertificateError, ChainError, Claim, Purpose};
use crate::sbom::{self, Sbom};
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::rekor::{Expected, Generation, Kind, Mismatch};

/// A bundle with the question it is asked.
pub(crate) struct Case<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) name: &'a str,
    pub(super) bundle: &'a Bundle,
    /// What is signed.
    pub(super) signed: Signed<'a>,
    /// The signature, if a key that was given or the certificate's made it.
    pub(super) signature: Option<Signature>,
    /// The kind of the entry, if it is known.
    pub(super) kind: Option<Kind>,
    /// Whether the entry is the one for this signature, if the signature holds.
    pub(super) entry_fits: Option<Result<(), Mismatch>>,
    /// The log that the entry names, if it is believed.
    pub(super) log: Option<&'a Log>,
    /// The checkpoint under the entry, as far as it was followed.
    pub(super) checkpoint: Option<CheckpointState>,
    /// The log's promise, if the entry has one and the log is known.
    pub(super) promise: Option<Promise>,
    /// The timestamps of the signature.
    pub(super) stamps: Vec<Result<TrustedTime, StampError>>,
    /// When the signature was there, by everybody who is believed.
    pub(super) times: Vec<TrustedTime>,
    /// The signer's certificate, if the bundle has one.
    pub(super) certificate: Option<Certified<'a>>,
    /// The statement, if its signer is one who was asked for and the envelope says that it holds one.
    pub(super) statement: Option<Result<Statement, Malformed>>,
    predicate: OnceCell<Option<Predicate>>,
}

/// A certificate, and how far it can be believed.
pub(super) struct Certified<'a> {
    pub(super) leaf: Result<Certificate, CertificateError>,
    pub(super) issued: Option<Result<Issued<'a>, ChainError>>,
    pub(super) seen: Option<Result<String, Unseen>>,
    /// Who was asked for, and how much of it the certificate is.
    pub(super) fit: Option<(&'a Signatory, Fit)>,
}

/// What is said, as far as it can be read.
pub(super) enum Predicate {
    /// A CycloneDX document of the right shape.
    Sbom(Box<Sbom>),
    /// A CycloneDX document of another shape.
    Misshapen(Document, sbom::Error),
    /// Anything else.
    Other(Document),
}

impl Predicate {
    fn read(statement: &Statement) -> Option<Self> {
        // It was read once already, as a part of the statement.
        let document = statement.predicate_document().ok()?;
        if PredicateType::infer(document.root()) != Some(PredicateType::cyclonedx()) {
            return Some(Self::Other(document));
        }
        match Sbom::parse(document) {
            Ok(sbom) => Some(Self::Sbom(Box::new(sbom))),
            Err(error) => Some(Self::Misshapen(statement.predicate_document().ok()?, error)),
        }
    }

    pub(super) fn document(&self) -> &Document {
        match self {
            Self::Sbom(sbom) => sbom.document(),
            Self::Misshapen(document, _) | Self::Other(document) => document,
        }
    }
}

impl<'a> Case<'a> {
    pub(super) fn new(request: &'a Request<'a>, name: &'a str, bundle: &'a Bundle) -> Self {
        let signed = Signed::of(bundle, request.artifacts);
        let leaf = match &bundle.material {
            Material::PublicKey { .. } => None,
            Material::Certificate { leaf, .. } => Some(Certificate::parse(leaf).and_then(|leaf| {
                leaf.check_leaf(Purpose::CodeSigning)?;
                Ok(leaf)
            })),
        };
        let signature = match &leaf {
            None => request.signers.iter().find_map(|key| signed.by(key, bundle.signature())),
            Some(leaf) => leaf.as_ref().ok().and_then(|leaf| signed.by(leaf.key()?, bundle.signature())),
        };
        let entry = bundle.entry.as_ref();
        let log = entry.and_then(|entry| request.trust.log(&entry.log_id));
        let mut case = Self {
            request,
            name,
            bundle,
            signed,
            signature,
            kind: entry.and_then(|entry| Kind::named(&entry.kind, &entry.version)),
            entry_fits: None,
            log,
            checkpoint: None,
            promise: None,
            stamps: Vec::new(),
            times: Vec::new(),
            certificate: leaf.map(|leaf| Certified { leaf, issued: None, seen: None, fit: None }),
            statement: None,
            predicate: OnceCell::new(),
        };
        case.ask_the_log();
        case.tell_the_time();
        case.ask_the_authority();
        if case.is_by_a_signatory()
            && let Some(envelope) = bundle.envelope()
            && envelope.payload_type == dsse::IN_TOTO
        {
            case.statement = Some(Statement::parse(&envelope.payload));
        }
        case
    }

    fn ask_the_log(&mut self) {
        let Some(entry) = self.entry() else { return };
        let generation = self.generation();
        self.entry_fits =
            self.expected_entry().map(|(expected, kind)| expected.check(kind, &entry.canonicalized_body));
        let Some(log) = self.log else { return };
        self.checkpoint = entry.proof.as_ref().map(|proof| logged::follow(proof, log, generation));
        self.promise = logged::promise(entry, log, generation);
    }

    /// Times count only for this signature: the promise is of the entry, which must be the one for it.
    fn tell_the_time(&mut self) {
        if self.signature.is_none() {
            return;
        }
        if let (Some(Promise::Kept(at)), Some(Ok(())), Some(log)) = (self.promise, &self.entry_fits, self.log)
        {
            self.times.push(TrustedTime { source: Source::LogPromise, at, by: log.base_url.clone() });
        }
        let signature = self.bundle.signature();
        let stamps = self.bundle.timestamps.iter();
        self.stamps = stamps.map(|stamp| time::stamp(stamp, signature, self.request.trust)).collect();
        self.times.extend(self.stamps.iter().flatten().cloned());
    }

    fn ask_the_authority(&mut self) {
        let Some(Certified { leaf: Ok(leaf), issued, seen, fit }) = &mut self.certificate else { return };
        *fit = certified::nearest(leaf, self.request.identities);
        let found = certified::issued(leaf, self.request.trust, &self.times);
        if let Ok(found) = &found
            && !self.request.trust.ct_logs().is_empty()
        {
            *seen = Some(certified::seen(leaf, found, self.request.trust));
        }
        *issued = Some(found);
    }

    /// Whether the signature is of somebody who was asked for.
    pub(super) fn is_by_a_signatory(&self) -> bool {
        let Some(certified) = &self.certificate else { return self.signature.is_some() };
        let (Ok(leaf), Some(Ok(issued))) = (&certified.leaf, &certified.issued) else { return false };
        let counted = self.times.iter().all(|time| leaf.is_valid_at(time.at));
        let seen = certified.seen.as_ref().is_none_or(Result::is_ok);
        self.signature.is_some()
            && !self.times.is_empty()
            && counted
            && issued.counted(&self.times).is_ok()
            && seen
            && certified.fit.is_some_and(|(_, fit)| fit.is_whole())
    }

    pub(super) fn envelope(&self) -> Option<&'a Envelope> {
        self.bundle.envelope()
    }

    pub(super) fn entry(&self) -> Option<&'a LogEntry> {
        self.bundle.entry.as_ref()
    }

    pub(super) fn proof(&self) -> Option<&'a InclusionProof> {
        self.entry()?.proof.as_ref()
    }

    /// Which logs have entries of this kind; an unknown kind is held to the stricter rules.
    pub(super) fn generation(&self) -> Generation {
        self.kind.map_or(Generation::V2, Kind::generation)
    }

    /// Whether the signer is known by a certificate.
    pub(super) fn has_certificate(&self) -> bool {
        self.certificate.is_some()
    }

    /// Whether the bundle is signed in another way than was asked for.
    pub(super) fn is_of_another_kind(&self) -> bool {
        if self.has_certificate() {
            self.request.identities.is_empty()
        } else {
            self.request.signers.is_empty() && !self.request.identities.is_empty()
        }
    }

    /// The key that signed, or while nobody is known to have signed all that were given.
    pub(super) fn candidates(&self) -> impl Iterator<Item = &PublicKey> {
        let signer = self.signature.as_ref().map(|signature| &signature.key);
        let given = self.request.signers.iter().filter(move |_| signer.is_none() && !self.has_certificate());
        signer.into_iter().chain(given)
    }

    /// The statement, if its signer was asked for and it is well-formed.
    pub(super) fn statement(&self) -> Option<&Statement> {
        self.statement.as_ref()?.as_ref().ok()
    }

    /// What the statement says.
    pub(super) fn predicate(&self) -> Option<&Predicate> {
        let statement = self.statement()?;
        self.predicate.get_or_init(|| Predicate::read(statement)).as_ref()
    }

    /// The digest of the artifact that a signatory signed itself.
    pub(super) fn signed_artifact(&self) -> Option<&Digest> {
        let signature = self.signature.as_ref().filter(|_| self.is_by_a_signatory())?;
        matches!(self.signed, Signed::Message(_)).then_some(&signature.digest)
    }

    /// The checkpoint, if its log signed it.
    pub(super) fn checkpoint(&self) -> Option<&Checkpoint> {
        match self.checkpoint.as_ref()? {
            CheckpointState::Signed { checkpoint, .. } => Some(checkpoint),
            _ => None,
        }
    }

    /// The entry that a log must hold for this bundle, if the bundle is signed, and its kind.
    pub(super) fn expected_entry(&self) -> Option<(Expected<'_>, Kind)> {
        let signature = self.signature.as_ref()?;
        let certificate = match &self.bundle.material {
            Material::PublicKey { .. } => None,
            Material::Certificate { leaf, .. } => Some(leaf.as_slice()),
        };
        let expected = Expected {
            digest: &signature.digest,
            signature: self.bundle.signature(),
            key: &signature.key,
            prehashed: signature.prehashed,
            certificate,
            envelope: self.envelope(),
        };
        Some((expected, self.kind.filter(|kind| kind.is_for(self.envelope().is_some()))?))
    }

    /// The earliest time by which the signature is known to have been there.
    pub(super) fn time(&self) -> Option<&TrustedTime> {
        self.times.iter().min_by_key(|time| time.at)
    }

    pub(super) fn log_position(&self) -> Option<LogPosition> {
        let entry = self.entry()?;
        let index = match (self.generation(), self.promise, &entry.proof) {
            // Without a promise nobody signed the index that goes on over the trees of a log of version 1.
            (Generation::V1, None, Some(proof)) => proof.log_index,
            _ => entry.log_index,
        };
        if let Some(checkpoint) = self.checkpoint() {
            let origin = checkpoint.origin.clone();
            return Some(LogPosition { origin, index, tree_size: Some(checkpoint.size) });
        }
        let Some(Promise::Kept(_)) = self.promise else { return None };
        let origin = self.log?.origin.clone();
        entry.proof.is_none().then_some(LogPosition { origin, index, tree_size: None })
    }

    pub(super) fn signer_report(&self) -> Option<SignerReport> {
        let signature = self.signature.as_ref().filter(|_| self.is_by_a_signatory())?;
        let leaf = self.certificate.as_ref().and_then(|certified| certified.leaf.as_ref().ok());
        let identity = leaf.and_then(|leaf| leaf.identities().first());
        let claim = |claim| leaf.and_then(|leaf| leaf.claim(claim)).map(str::to_owned);
        Some(SignerReport {
            bundle: self.name.to_owned(),
            kind: if leaf.is_some() { "certificate" } else { "key" },
            key_type: signature.key.key_type().name(),
            key: signature.key.digest().hex(),
            identity: identity.map(|identity| identity.value.clone()),
            issuer: claim(Claim::Issuer),
            workflow: CLAIMS.into_iter().filter_map(|name| Some((name.name(), claim(name)?))).collect(),
            time: self.time().cloned(),
            log: self.log_position(),
        })
    }

    pub(super) fn attestation(&self) -> Option<Attestation> {
        Some(Attestation {
            bundle: self.name.to_owned(),
            statement: self.statement()?.clone(),
            signer: self.signature.as_ref()?.key.clone(),
            log: self.log_position(),
        })
    }

    /// What of this bundle no check looked at.
    pub(super) fn not_checked(&self) -> Vec<String> {
        let name = self.name;
        let mut list = Vec::new();
        if self.entry().is_none() && self.request.options.accept_unlogged {
            list.push(format!("{name}: whether a log holds the signature: no entry was asked for"));
        }
        if self.entry().is_some() && self.proof().is_none() && self.request.options.accept_promise {
            list.push(format!(
                "{name}: whether the log kept its promise to hold the entry: there is no proof"
            ));
        }
        if let Some(CheckpointState::Signed { others: 1.., .. }) = self.checkpoint {
            list.push(format!("{name}: signatures of others under the log's checkpoint"));
        }
        if matches!(self.kind, Some(Kind::Dsse1 | Kind::Intoto2)) {
            list.push(format!(
                "{name}: the hash in the entry of how the envelope was spelled when it was logged"
            ));
        }
        if self.times.is_empty() {
            list.push(format!("{name}: when it was signed: nobody who is trusted says so"));
        }
        if let Some(certified) = &self.certificate {
            if self.request.trust.ct_logs().is_empty() {
                list.push(format!(
                    "{name}: whether the certificate is public: the trusted root names no certificate transparency log"
                ));
            }
            if let Some((signatory, _)) = certified.fit {
                let wide = [("identity", &signatory.identity), ("issuer", &signatory.issuer)];
                for (what, _) in wide.into_iter().filter(|(_, pattern)| pattern.accepts_everybody()) {
                    list.push(format!("{name}: the {what}: its pattern accepts everybody"));
                }
            }
        } else {
            list.push(format!("{name}: who holds the private key: a public key was given, not an identity"));
        }
        if let Some(Predicate::Other(document)) = self.predicate()
            && PredicateType::infer(document.root()).is_some()
        {
            list.push(format!("{name}: what the SPDX document holds: only that it is one"));
        }
        let subjects = self.statement().map_or(&[][..], |statement| &statement.subjects);
        let compared = |algorithm| {
            self.request.artifacts.iter().any(|one| one.digests.iter().any(|it| it.algorithm() == algorithm))
        };
        let uncompared = subjects.iter().any(|subject| {
            !subject.other_digests.is_empty()
                || subject.digests.iter().any(|digest| !compared(digest.algorithm()))
        });
        if uncompared {
            list.push(format!("{name}: digests of subjects by algorithms that were not computed"));
        }
        list
    }
}

/// What a report says of a workflow.
const CLAIMS: [Claim; 5] = [
    Claim::WorkflowName,
    Claim::WorkflowTrigger,
    Claim::WorkflowRepository,
    Claim::WorkflowRef,
    Claim::WorkflowSha,
];

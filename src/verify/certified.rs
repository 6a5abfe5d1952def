//! The certificate's side of a bundle: who issued it, who saw it, and whom it names.

use super::identity::Signatory;
use super::time::TrustedTime;
use super::trust_root::Authority;
use super::{TrustRoot, Window};
use crate::pki::{Certificate, ChainError, Path, Purpose, Sct, SctError};

/// Who issued a certificate.
pub(super) struct Issued<'a> {
    pub(super) authority: &'a Authority,
    pub(super) path: Path<'a>,
}

/// The authority of the trusted root that issued a certificate; of several the one that was valid at all the times.
pub(super) fn issued<'a>(
    leaf: &Certificate,
    trust: &'a TrustRoot,
    times: &[TrustedTime],
) -> Result<Issued<'a>, ChainError> {
    let (mut found, mut worst) = (None, ChainError::Issuer);
    for authority in trust.certificate_authorities() {
        let Ok(chain) = authority.chain() else { continue };
        match chain.issued(leaf, Purpose::CodeSigning) {
            Ok(path) => {
                let issued = Issued { authority, path };
                if issued.counted(times).is_ok() {
                    return Ok(issued);
                }
                found.get_or_insert(issued);
            }
            Err(ChainError::Issuer) => {}
            Err(error) => worst = error,
        }
    }
    found.ok_or(worst)
}

impl Issued<'_> {
    /// Whether the authority and the authorities above it counted at all these times.
    pub(super) fn counted(&self, times: &[TrustedTime]) -> Result<(), String> {
        for time in times {
            if !self.authority.valid.contains(time.at) {
                return Err(format!("the trusted root does not let its authority count at {}", time.at));
            }
            self.path.check_at(time.at).map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

/// Why nobody is known to have seen a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unseen {
    #[error("the certificate has no proof that a certificate transparency log saw it")]
    Nowhere,
    #[error("the certificate transparency log that saw the certificate is not in the trusted root")]
    Unknown,
    #[error(transparent)]
    Proof(#[from] SctError),
    #[error("the certificate transparency log's key did not count at {0}")]
    Window(jiff::Timestamp),
}

/// The log that saw a certificate. One is enough; a proof of a log that is known and does not hold is too much.
pub(super) fn seen<'a>(
    leaf: &Certificate,
    issued: &Issued<'a>,
    trust: &'a TrustRoot,
) -> Result<String, Unseen> {
    let scts = leaf.scts()?;
    if scts.is_empty() {
        return Err(Unseen::Nowhere);
    }
    let mut found = None;
    for sct in &scts {
        if let Some(log) = seen_by(sct, leaf, issued, trust)? {
            found.get_or_insert(log);
        }
    }
    found.ok_or(Unseen::Unknown)
}

fn seen_by(
    sct: &Sct,
    leaf: &Certificate,
    issued: &Issued<'_>,
    trust: &TrustRoot,
) -> Result<Option<String>, Unseen> {
    let Some((log, key)) = trust.ct_log(&sct.log_id).and_then(|log| Some((log, log.key.as_ref()?))) else {
        return Ok(None);
    };
    let above = issued.path.issuer().ok_or(Unseen::Unknown)?;
    sct.verify(leaf, above, key)?;
    if !Window::contains(&log.valid, sct.time) {
        return Err(Unseen::Window(sct.time));
    }
    Ok(Some(log.base_url.clone()))
}

/// What of a signatory a certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    pub(super) identity: bool,
    pub(super) issuer: bool,
    pub(super) claims: bool,
}

impl Fit {
    pub(super) fn of(leaf: &Certificate, signatory: &Signatory) -> Self {
        // One name: with several, one program would show another than the next.
        let identity = match leaf.identities() {
            [only] => signatory.identity.is_of(only.kind) && signatory.identity.matches(&only.value),
            _ => false,
        };
        let issuer =
            leaf.claim(crate::pki::Claim::Issuer).is_some_and(|issuer| signatory.issuer.matches(issuer));
        let claims = signatory.claims.iter().all(|(claim, value)| leaf.claim(*claim) == Some(value.as_str()));
        Self { identity, issuer, claims }
    }

    pub(super) fn is_whole(self) -> bool {
        self.identity && self.issuer && self.claims
    }
}

/// The signatory that a certificate is, or the one that it is nearest to.
pub(super) fn nearest<'a>(leaf: &Certificate, signatories: &'a [Signatory]) -> Option<(&'a Signatory, Fit)> {
    let fits = signatories.iter().map(|one| (one, Fit::of(leaf, one)));
    fits.max_by_key(|(_, fit)| (fit.is_whole(), fit.identity, fit.issuer, fit.claims))
}

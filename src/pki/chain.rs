//! Chains: from a signer's certificate to the root that is trusted.
//!
//! RFC 5280, section 6.1, for the one path that a trusted root names: issuer first, root last. Nothing is searched for and
//! nothing of a bundle is part of it. Names are compared byte for byte. Certificates with extensions that would need more
//! than this, such as name constraints, are refused where they are critical.

use std::sync::OnceLock;

use jiff::Timestamp;

use super::{Certificate, CertificateError, MAX_CHAIN, Purpose};

/// The certificates of an authority, each issued by the next.
#[derive(Debug, Clone)]
pub struct Chain {
    certificates: Vec<Certificate>,
    /// Whether each is issued by the next: looked at once, as these signatures cost more than all others of a bundle.
    links: OnceLock<Vec<bool>>,
}

impl Chain {
    /// Reads the certificates of an authority, 1 to [`MAX_CHAIN`].
    pub fn parse(certificates: &[Vec<u8>]) -> Result<Self, CertificateError> {
        if certificates.is_empty() || certificates.len() > MAX_CHAIN {
            return Err(CertificateError::Form);
        }
        let certificates =
            certificates.iter().map(|der| Certificate::parse(der)).collect::<Result<_, _>>()?;
        Ok(Self { certificates, links: OnceLock::new() })
    }

    /// The certificates, the root last.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Whether this chain issued a certificate for a purpose, at any time; when, says [`Path::check_at`].
    pub fn issued(&self, leaf: &Certificate, purpose: Purpose) -> Result<Path<'_>, ChainError> {
        let named = |(_, issuer): &(usize, &Certificate)| issuer.subject == leaf.issuer;
        let mut named = self.certificates.iter().enumerate().filter(named).peekable();
        if named.peek().is_none() {
            return Err(ChainError::Issuer);
        }
        let (start, _) = named.find(|(_, issuer)| leaf.is_signed_by(issuer)).ok_or(ChainError::Signature)?;
        self.path_from(start, purpose)
    }

    /// The path whose signer's certificate stands first in the chain itself.
    pub fn own_leaf(&self, purpose: Purpose) -> Option<(&Certificate, Result<Path<'_>, ChainError>)> {
        let leaf = self.certificates.first().filter(|first| !first.is_authority())?;
        let path = if self.certificates.len() == 1 {
            // The trusted root names the signer itself.
            Ok(Path { certificates: &[] })
        } else if self.links()[0] {
            self.path_from(1, purpose)
        } else {
            Err(ChainError::Signature)
        };
        Some((leaf, path))
    }

    fn path_from(&self, start: usize, purpose: Purpose) -> Result<Path<'_>, ChainError> {
        let certificates = &self.certificates[start..];
        if self.links()[start..].iter().any(|holds| !holds) {
            return Err(ChainError::Signature);
        }
        for (below, authority) in certificates.iter().enumerate() {
            check_authority(authority, below, purpose)?;
        }
        Ok(Path { certificates })
    }

    fn links(&self) -> &[bool] {
        self.links.get_or_init(|| {
            let pairs = self.certificates.windows(2);
            pairs.map(|pair| pair[0].issuer == pair[1].subject && pair[0].is_signed_by(&pair[1])).collect()
        })
    }
}

fn check_authority(authority: &Certificate, below: usize, purpose: Purpose) -> Result<(), ChainError> {
    let name = || authority.name().to_owned();
    let extensions = &authority.extensions;
    if let Some(oid) = extensions.not_understood {
        return Err(ChainError::NotUnderstood(name(), oid.to_string()));
    }
    if !extensions.authority || extensions.signs_certificates == Some(false) {
        return Err(ChainError::NoAuthority(name()));
    }
    if extensions.path_length.is_some_and(|length| below > usize::from(length)) {
        return Err(ChainError::PathLength(name()));
    }
    let any = |purposes: &Vec<_>| purposes.contains(&purpose.oid()) || purposes.contains(&ANY_PURPOSE);
    if !extensions.purposes.as_ref().is_none_or(any) {
        return Err(ChainError::Purpose(name(), purpose));
    }
    Ok(())
}

/// The authorities above a certificate, its issuer first, all of them checked.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    certificates: &'a [Certificate],
}

impl<'a> Path<'a> {
    /// Who issued the certificate; nobody where the trusted root names the certificate itself.
    pub fn issuer(&self) -> Option<&'a Certificate> {
        self.certificates.first()
    }

    /// Whether every authority was valid at a moment.
    pub fn check_at(&self, moment: Timestamp) -> Result<(), ChainError> {
        match self.certificates.iter().find(|one| !one.is_valid_at(moment)) {
            Some(invalid) => Err(ChainError::Invalid(invalid.name().to_owned(), moment)),
            None => Ok(()),
        }
    }
}

/// Why a chain does not lead to a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// No certificate of the chain has the name of the issuer.
    #[error("no authority of the trusted root issued the certificate")]
    Issuer,
    /// The issuer named did not sign.
    #[error("the authority that the certificate names did not sign it")]
    Signature,
    /// A certificate in the chain may not issue others.
    #[error("`{0}` may not issue certificates")]
    NoAuthority(String),
    /// More authorities below one than it allows.
    #[error("`{0}` allows fewer authorities below it")]
    PathLength(String),
    /// An authority for something else.
    #[error("`{0}` may not issue certificates for {1}")]
    Purpose(String, Purpose),
    /// A critical extension that is not understood.
    #[error("`{0}` has the critical extension {1}, which is not understood")]
    NotUnderstood(String, String),
    /// An authority that was not valid then.
    #[error("`{0}` was not valid at {1}")]
    Invalid(String, Timestamp),
}

const ANY_PURPOSE: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("2.5.29.37.0");

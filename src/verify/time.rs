//! Trusted time: who says when a signature was there.
//!
//! A time counts when somebody in the trusted root signed it: a log of version 1 in its promise, or a timestamp authority.
//! The time in a bundle, the clock and the certificate's own dates are never in its place.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::TrustRoot;
use super::trust_root::Authority;
use crate::digest::Digest;
use crate::pki::{TimestampError, Token};

/// A moment and who vouches for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrustedTime {
    /// What kind of word it is.
    pub source: Source,
    /// The moment.
    #[serde(serialize_with = "as_text")]
    pub at: Timestamp,
    /// Who gave it: the URL in the trusted root.
    pub by: String,
}

fn as_text<S: serde::Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(moment)
}

/// Who gives trusted times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Source {
    /// A log that promised to take the entry up.
    LogPromise,
    /// A timestamp authority.
    TimestampAuthority,
}

/// Why a timestamp in a bundle is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StampError {
    /// Not a timestamp.
    Form(TimestampError),
    /// A timestamp of something else.
    Imprint,
    /// Made by nobody who is trusted.
    Authority(TimestampError),
    /// Not signed by who should have.
    Signature(TimestampError),
    /// Made when its authority did not count.
    Window(String),
}

/// The time of a timestamp of a signature.
pub(super) fn stamp(
    timestamp: &[u8],
    signature: &[u8],
    trust: &TrustRoot,
) -> Result<TrustedTime, StampError> {
    let token = Token::parse(timestamp).map_err(|error| match error {
        TimestampError::Content => StampError::Signature(error),
        other => StampError::Form(other),
    })?;
    if Digest::of(token.imprint().algorithm(), signature) != *token.imprint() {
        return Err(StampError::Imprint);
    }
    let mut worst = StampError::Authority(TimestampError::Unknown);
    for authority in trust.timestamp_authorities() {
        match made_by(&token, authority) {
            Ok(time) => return Ok(time),
            Err(StampError::Authority(TimestampError::Unknown)) => {}
            Err(error) => worst = error,
        }
    }
    Err(worst)
}

fn made_by(token: &Token, authority: &Authority) -> Result<TrustedTime, StampError> {
    let unknown = StampError::Authority(TimestampError::Unknown);
    let chain = authority.chain().map_err(|_| unknown)?;
    let (leaf, path) = token.verify(chain).map_err(|error| match error {
        TimestampError::Signature => StampError::Signature(error),
        other => StampError::Authority(other),
    })?;
    let time = token.time();
    if !authority.valid.contains(time) {
        return Err(StampError::Window(format!("the trusted root does not let it count at {time}")));
    }
    if !leaf.is_valid_at(time) {
        return Err(StampError::Window(format!("the authority's certificate was not valid at {time}")));
    }
    path.check_at(time).map_err(|error| StampError::Window(error.to_string()))?;
    Ok(TrustedTime { source: Source::TimestampAuthority, at: time, by: authority.uri.clone() })
}

/// Whether a moment lies ahead of the verifier's clock by more than clocks differ.
pub(super) fn is_future(moment: Timestamp, now: Timestamp) -> bool {
    moment.duration_since(now) > CLOCK_SKEW
}

/// How far a trusted time may be ahead of the verifier's clock.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(60);

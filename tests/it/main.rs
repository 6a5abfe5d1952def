//! The integration tests: one binary, one file a capability.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop here")]

mod attest;
mod attested;
mod keys;
mod log;
mod log_faults;
mod log_store;
mod verify;

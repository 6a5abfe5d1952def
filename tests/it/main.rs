//! The integration tests: one binary, one file a capability.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop here")]

mod generate;
mod generate_hostile;

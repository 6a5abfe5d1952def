//! The integration tests: one binary, one file a capability.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop here")]

mod audit;
mod conformance;
mod corpus;
mod document;
mod graph;

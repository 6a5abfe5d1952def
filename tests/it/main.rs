//! The integration tests: one binary, one file a capability.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop here")]

mod architecture;
mod attest;
mod attested;
mod audit;
mod bad_input;
mod canonicalize;
mod codes;
mod corpus;
mod der;
mod diff;
mod document;
mod edit;
mod enveloped;
mod generate;
mod generate_hostile;
mod graph;
mod help;
mod hostility;
mod keyless;
mod keys;
mod log;
mod log_contradictions;
mod log_disk;
mod log_export;
mod log_faults;
mod log_kill;
mod log_store;
mod release;
mod sandbox;
mod schemas;
mod stand_in;
mod tamper;
mod transcripts;
mod validate;
mod verify;

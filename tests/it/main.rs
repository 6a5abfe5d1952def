//! The integration tests: one binary, one file a capability.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop here")]

<<<<<<< HEAD
mod architecture;
mod attest;
mod attested;
mod help;
mod keys;
<<<<<<< HEAD
mod sandbox;
=======
mod tamper;
>>>>>>> verify
mod verify;
=======
mod generate;
mod generate_hostile;
>>>>>>> generate

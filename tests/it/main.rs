//! The integration tests, one binary.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod architecture;
mod help;
mod sandbox;

//! Conversion, with an account of what becomes of every field.

mod ledger;
pub mod spdx2;
pub mod spdx3;

pub use ledger::{Fate, Ledger, Loss};

//! Conversion, with an account of what becomes of every field.

mod ledger;

pub use ledger::{Fate, Ledger, Loss};

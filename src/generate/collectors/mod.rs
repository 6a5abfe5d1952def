//! The collectors: one file each, and the only places of [`generate`](super) that read files and run programs.

pub mod cargo;
pub mod settings;
mod workplace;

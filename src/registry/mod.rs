//! What is known about the packages of a Cargo registry without asking it: from `Cargo.lock` and cargo's own caches.

pub mod index;
pub mod lock;
pub mod package;

//! CycloneDX XML by the same grammar: what its words say about the XML form.
//!
//! `docs/grammar.md` explains the words. The elements of an object stand in the order of the lines of its definition.

mod shape;
mod words;

pub(super) use shape::{ListForm, Shape};
pub(super) use words::Words;

//! (to come)

use crate::generate::{Collector, Error, Generated, Request, Source};

/// Cargo projects.
#[derive(Debug, Clone, Copy)]
pub struct Cargo;

impl Collector for Cargo {
    fn name(&self) -> &'static str {
        "cargo"
    }

    fn claims(&self, source: &Source) -> bool {
        matches!(source, Source::Project { .. } | Source::Metadata { .. })
    }

    fn collect(&self, _request: &Request) -> Result<Generated, Error> {
        Err(Error::Unclaimed)
    }
}

//! What stands in a document that bytes could be compared with.

use crate::sbom::{Component, HashProblem};

/// The best digest that a component carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Digests {
    /// One whose algorithm resists collisions.
    Strong,
    /// Only ones that can be forged, by name.
    Broken(String),
    /// One that cannot be a digest.
    Malformed(HashProblem),
    /// None.
    Absent,
}

impl Digests {
    /// Looks at `hashes`, at those of references to the distributed file, and into the purl.
    pub(super) fn of(component: &Component<'_>) -> Self {
        let distributed = component
            .external_references()
            .filter(|reference| matches!(&*reference.kind(), "distribution" | "distribution-intake"))
            .flat_map(|reference| reference.hashes().collect::<Vec<_>>());
        let mut best = Self::Absent;
        for hash in component.hashes().chain(distributed) {
            match hash.checked() {
                Ok(algorithm) if !algorithm.is_broken() => return Self::Strong,
                Ok(algorithm) => best = Self::Broken(algorithm.name().to_owned()),
                Err(problem) if best == Self::Absent => best = Self::Malformed(problem),
                Err(_) => {}
            }
        }
        if best != Self::Strong && in_purl(component) { Self::Strong } else { best }
    }
}

/// `checksum=sha256:…` of any purl, and the version of an OCI image, which is its digest.
fn in_purl(component: &Component<'_>) -> bool {
    let Some(purl) = component.purl() else { return false };
    let strong = |text: &str| {
        text.split(',').any(|entry| {
            entry.split_once(':').is_some_and(|(algorithm, hex)| {
                matches!((algorithm, hex.len()), ("sha256", 64) | ("sha384", 96) | ("sha512", 128))
                    && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        })
    };
    purl.qualifier("checksum").is_some_and(strong) || purl.version().is_some_and(strong)
}

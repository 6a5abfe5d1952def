//! Digests: of the right length, of something, and worth something.

use super::list;
use crate::document::Value;
use crate::finding::{Rule, Severity};
use crate::sbom::grammar::{Mark, cut};
use crate::sbom::rules::Scene;
use crate::sbom::rules::identifiers::DIGEST;

pub(in super::super) static ZERO: Rule = Rule {
    id: "spdx-digest-zero",
    title: "every digest is one of something",
    severity: Severity::High,
    remedy: "compute it, or leave it out: zeros are the digest of nothing that anybody knows",
};
pub(in super::super) static TWICE: Rule = Rule {
    id: "spdx-digest-twice",
    title: "nothing has two digests of one algorithm",
    severity: Severity::Medium,
    remedy: "remove the one that is wrong",
};
pub(in super::super) static WEAK: Rule = Rule {
    id: "spdx-digest-weak",
    title: "every package with digests has one that nobody can forge",
    severity: Severity::Low,
    remedy: "add its SHA256 or a longer one",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    for value in scene.marked(Mark::Spdx2Digest) {
        let (Some(algorithm), Some(digits)) = (value.get("algorithm"), value.get("checksumValue")) else {
            continue;
        };
        let (algorithm, text) = (algorithm.as_str().unwrap_or_default(), digits.as_str().unwrap_or_default());
        let Some((_, expected, _)) = algorithm_of(&algorithm) else { continue };
        if *expected != 0 && text.len() != *expected {
            let found = text.len();
            scene.fail(&DIGEST, digits, || {
                format!("{algorithm} has {expected} hexadecimal digits, and here are {found}")
            });
        } else if !text.is_empty() && text.bytes().all(|byte| byte == b'0') {
            scene.fail(&ZERO, digits, || format!("the {algorithm} is all zeros"));
        }
    }
    let (packages, files) = (scene.marked(Mark::SpdxPackage), scene.marked(Mark::SpdxFile));
    for owner in packages.chain(files).collect::<Vec<_>>() {
        twice(scene, owner);
    }
    for package in scene.marked(Mark::SpdxPackage) {
        let mut digests = list(package, "checksums").peekable();
        let Some(first) = digests.peek().copied() else { continue };
        let is_weak = |digest: Value<'_>| {
            let name = digest.get("algorithm").and_then(|name| name.as_str()).unwrap_or_default();
            algorithm_of(&name).is_some_and(|(_, _, weak)| *weak)
        };
        if digests.all(is_weak) {
            scene.fail(&WEAK, first, || "the package has no digest but those that can be forged".to_owned());
        }
    }
}

fn twice(scene: &mut Scene<'_>, owner: Value<'_>) {
    let mut seen = 0_u32;
    for digest in list(owner, "checksums") {
        let Some(name) = digest.get("algorithm").and_then(|name| name.as_str()) else { continue };
        let Some(index) = ALGORITHMS.iter().position(|(own, ..)| *own == name) else { continue };
        if seen & 1 << index != 0 {
            scene.fail(&TWICE, digest, || format!("an earlier digest is {} too", cut(&name)));
        }
        seen |= 1 << index;
    }
}

fn algorithm_of(name: &str) -> Option<&'static (&'static str, usize, bool)> {
    ALGORITHMS.iter().find(|(own, ..)| *own == name)
}

/// Algorithms with the hexadecimal digits of a digest (0 where it has several lengths), and whether they are broken.
static ALGORITHMS: [(&str, usize, bool); 17] = [
    ("SHA1", 40, true),
    ("SHA256", 64, false),
    ("SHA512", 128, false),
    ("MD5", 32, true),
    ("SHA224", 56, false),
    ("SHA384", 96, false),
    ("SHA3-256", 64, false),
    ("SHA3-384", 96, false),
    ("SHA3-512", 128, false),
    ("BLAKE2b-256", 64, false),
    ("BLAKE2b-384", 96, false),
    ("BLAKE2b-512", 128, false),
    ("BLAKE3", 0, false),
    ("MD2", 32, true),
    ("MD4", 32, true),
    ("MD6", 0, false),
    ("ADLER32", 8, true),
];

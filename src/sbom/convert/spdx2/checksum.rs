//! Digests: `checksums` in SPDX (clause 7.10), `hashes` in CycloneDX. The algorithms have other names, and SPDX 2.2 knows
//! fewer.

use super::tree::{Members, Tree};
use crate::sbom::{HashAlgorithm, Spdx2Version};

/// The names of one algorithm: CycloneDX, SPDX, and since when SPDX has it.
const NAMES: [(&str, &str, Spdx2Version); 12] = [
    ("MD5", "MD5", Spdx2Version::V2_2),
    ("SHA-1", "SHA1", Spdx2Version::V2_2),
    ("SHA-256", "SHA256", Spdx2Version::V2_2),
    ("SHA-384", "SHA384", Spdx2Version::V2_2),
    ("SHA-512", "SHA512", Spdx2Version::V2_2),
    ("SHA3-256", "SHA3-256", Spdx2Version::V2_3),
    ("SHA3-384", "SHA3-384", Spdx2Version::V2_3),
    ("SHA3-512", "SHA3-512", Spdx2Version::V2_3),
    ("BLAKE2b-256", "BLAKE2b-256", Spdx2Version::V2_3),
    ("BLAKE2b-384", "BLAKE2b-384", Spdx2Version::V2_3),
    ("BLAKE2b-512", "BLAKE2b-512", Spdx2Version::V2_3),
    ("BLAKE3", "BLAKE3", Spdx2Version::V2_3),
];

/// The digests of CycloneDX that SPDX can state.
pub(super) fn checksums<'a>(hashes: &[Tree<'a>], version: Spdx2Version) -> Vec<Tree<'a>> {
    let one = |hash: &Tree<'a>| {
        let name = hash.str("alg")?;
        let (_, own, _) = NAMES.iter().find(|(known, _, since)| *known == name && *since <= version)?;
        let content = hash.get("content")?;
        let value = digits(&content, HashAlgorithm::from_name(&name)?)?;
        let mut checksum = Members::default();
        checksum.push("algorithm", Tree::text(*own, hash));
        checksum.push("checksumValue", value);
        Some(Tree::Object(checksum, hash.at()))
    };
    hashes.iter().filter_map(one).collect()
}

/// The digits in lower case, as SPDX wants them; nothing if they are no digest.
fn digits<'a>(content: &Tree<'a>, algorithm: HashAlgorithm) -> Option<Tree<'a>> {
    let text = content.as_str()?;
    if text.len() != algorithm.length() * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    Some(if is_lower { content.clone() } else { Tree::text(text.to_ascii_lowercase(), content) })
}

/// The digests of SPDX that CycloneDX can state.
pub(super) fn hashes<'a>(checksums: &[Tree<'a>]) -> Vec<Tree<'a>> {
    let one = |checksum: &Tree<'a>| {
        let name = checksum.str("algorithm")?;
        let (own, ..) = NAMES.iter().find(|(_, known, _)| *known == name)?;
        let value = digits(&checksum.get("checksumValue")?, HashAlgorithm::from_name(own)?)?;
        let mut hash = Members::default();
        hash.push("alg", Tree::text(*own, checksum));
        hash.push("content", value);
        Some(Tree::Object(hash, checksum.at()))
    };
    checksums.iter().filter_map(one).collect()
}

//! Merkle trees: RFC 6962, section 2.1, which RFC 9162 keeps for SHA-256.
//!
//! A tree is known by its *perfect subtrees*: the one of level `l` and index `i` covers the leaves from `i·2^l` to
//! `(i+1)·2^l`, without the last. Roots and proofs are folds over a few of them, so whoever stores or fetches these
//! hashes ([`Subtrees`]) can make any proof with a number of reads that grows with the logarithm of the size.

use std::convert::Infallible;

use sha2::{Digest as _, Sha256};

use super::Hash;

/// The hash of an entry: SHA-256 of a zero byte and the entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash::new(Sha256::new().chain_update([LEAF_PREFIX]).chain_update(entry).finalize().into())
}

/// The hash of a node: SHA-256 of a one byte and its two children.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut message = [NODE_PREFIX; 1 + 2 * Hash::LENGTH];
    message[1..=Hash::LENGTH].copy_from_slice(left.as_bytes());
    message[1 + Hash::LENGTH..].copy_from_slice(right.as_bytes());
    Hash::new(Sha256::digest(message).into())
}

/// The root of the tree without entries: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash::new(Sha256::digest([]).into())
}

/// Hashes of perfect subtrees, from memory, tiles or a network.
pub trait Subtrees {
    /// Why a hash cannot be had.
    type Error;

    /// The root over the leaves from `index << level` to `(index + 1) << level`, without the last.
    ///
    /// It is asked only for subtrees within the size a caller named.
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// The root of the first `size` leaves.
pub fn root<S: Subtrees + ?Sized>(tree: &S, size: u64) -> Result<Hash, S::Error> {
    range(tree, 0, size)
}

/// The proof that the leaf at `index` is in the tree of the first `size` leaves: the hashes beside its path, from the
/// leaf to the root (RFC 6962, section 2.1.1).
pub fn inclusion_proof<S: Subtrees + ?Sized>(
    tree: &S,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProveError<S::Error>> {
    if index >= size {
        return Err(ProveError::Range(ProofError::Index { index, size }));
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(range(tree, middle, end).map_err(ProveError::Tree)?);
            end = middle;
        } else {
            path.push(range(tree, start, middle).map_err(ProveError::Tree)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of the first `old` leaves is the beginning of that of the first `new` (RFC 6962, section
/// 2.1.2). It is empty when the sizes are equal; from size 0 there is nothing to prove, and it is refused.
pub fn consistency_proof<S: Subtrees + ?Sized>(
    tree: &S,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, ProveError<S::Error>> {
    if old == 0 || old > new {
        return Err(ProveError::Range(ProofError::Sizes { old, new }));
    }
    let (mut start, mut end) = (0, new);
    let mut path = Vec::new();
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(range(tree, middle, end).map_err(ProveError::Tree)?);
            end = middle;
        } else {
            path.push(range(tree, start, middle).map_err(ProveError::Tree)?);
            start = middle;
        }
    }
    // The old root itself is known to the verifier and left out.
    if start != 0 {
        path.push(range(tree, start, end).map_err(ProveError::Tree)?);
    }
    path.reverse();
    Ok(path)
}

/// The root that a proof leads to from a leaf. The number of hashes must be exactly what index and size ask for.
pub fn root_from_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash]) -> Result<Hash, ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    // RFC 9162, section 2.1.3.2: up to where the paths of this and the last leaf meet both sides occur, above it
    // only left neighbours.
    let inner = bits(index ^ (size - 1));
    let border = index.checked_shr(inner).unwrap_or(0).count_ones();
    expect_length(proof, inner + border)?;
    let (below, above) = proof.split_at(inner as usize);
    let joined = fold_inner(*leaf, below, index);
    Ok(above.iter().fold(joined, |hash, left| node_hash(left, &hash)))
}

/// Checks that a leaf is in the tree of this size and root.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if root_from_inclusion(leaf, index, size, proof)? == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of size `old` is the beginning of the tree of size `new`.
///
/// From the empty tree everything grows: then the proof must be empty and `old_root` the empty root. Equal sizes have
/// an empty proof and equal roots.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Sizes { old, new });
    }
    if old == new {
        expect_length(proof, 0)?;
        return if old_root == new_root { Ok(()) } else { Err(ProofError::Root) };
    }
    if old == 0 {
        expect_length(proof, 0)?;
        return if *old_root == empty_root() { Ok(()) } else { Err(ProofError::OldRoot) };
    }
    // The proof is the inclusion path of the largest perfect subtree at the right edge of the old tree. When the old
    // tree is one perfect subtree, that is the old root, which is left out of the proof.
    let level = old.trailing_zeros();
    let edge = (old - 1) >> level;
    let inner = bits(edge ^ ((new - 1) >> level));
    let border = edge.checked_shr(inner).unwrap_or(0).count_ones();
    let (seed, path) = if old.is_power_of_two() {
        (*old_root, proof)
    } else {
        let (seed, path) =
            proof.split_first().ok_or(ProofError::Length { expected: inner + border + 1, found: 0 })?;
        (*seed, path)
    };
    expect_length(path, inner + border)?;
    let (below, above) = path.split_at(inner as usize);

    let of_old = fold_left(seed, below, edge);
    let of_old = above.iter().fold(of_old, |hash, left| node_hash(left, &hash));
    if of_old != *old_root {
        return Err(ProofError::OldRoot);
    }
    let of_new = fold_inner(seed, below, edge);
    let of_new = above.iter().fold(of_new, |hash, left| node_hash(left, &hash));
    if of_new == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// Joins the hashes on both sides of a path, below where it meets the right edge of the tree.
fn fold_inner(hash: Hash, path: &[Hash], index: u64) -> Hash {
    path.iter().enumerate().fold(hash, |hash, (level, neighbour)| {
        if index >> level & 1 == 0 { node_hash(&hash, neighbour) } else { node_hash(neighbour, &hash) }
    })
}

/// Joins only the hashes on the left, those that the old tree has.
fn fold_left(hash: Hash, path: &[Hash], index: u64) -> Hash {
    path.iter().enumerate().fold(hash, |hash, (level, neighbour)| {
        if index >> level & 1 == 0 { hash } else { node_hash(neighbour, &hash) }
    })
}

/// The root over the leaves from `start` to `end`; `start` is a multiple of the largest power of two in the range.
fn range<S: Subtrees + ?Sized>(tree: &S, start: u64, end: u64) -> Result<Hash, S::Error> {
    // From the right: each part is the largest perfect subtree that ends here.
    let mut rest = end - start;
    let mut end = end;
    let mut joined: Option<Hash> = None;
    while rest != 0 {
        let level = rest.trailing_zeros();
        let part = tree.subtree(level, (end >> level) - 1)?;
        joined = Some(joined.map_or(part, |right| node_hash(&part, &right)));
        end -= 1 << level;
        rest -= 1 << level;
    }
    Ok(joined.unwrap_or_else(empty_root))
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (bits(count - 1) - 1)
}

/// How many bits a number has, 0 for 0.
fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

fn expect_length(proof: &[Hash], expected: u32) -> Result<(), ProofError> {
    if proof.len() == expected as usize {
        Ok(())
    } else {
        Err(ProofError::Length { expected, found: proof.len() })
    }
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// There is no such leaf in a tree of this size.
    #[error("index {index} is outside a tree of size {size}")]
    Index {
        /// The index, from 0.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The sizes are not those of a tree that grew.
    #[error("a tree of size {old} is not the beginning of one of size {new}")]
    Sizes {
        /// The smaller size, as it was given.
        old: u64,
        /// The larger size, as it was given.
        new: u64,
    },
    /// Too many hashes or too few.
    #[error("the proof has {found} hashes where {expected} are needed")]
    Length {
        /// What index and sizes ask for.
        expected: u32,
        /// What there is.
        found: usize,
    },
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Root,
    /// The hashes lead to another root of the old tree.
    #[error("the proof leads to another root of the older tree")]
    OldRoot,
}

/// Why a proof cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E = Infallible> {
    /// What was asked for does not exist.
    #[error(transparent)]
    Range(ProofError),
    /// The tree did not give a hash.
    #[error("cannot read the tree")]
    Tree(#[source] E),
}

const LEAF_PREFIX: u8 = 0;
const NODE_PREFIX: u8 = 1;

#[cfg(test)]
mod tests;

//! Proofs as values: what is handed from a log to whoever checks it.

use super::Hash;
use super::merkle::{self, ProofError};

/// That one leaf is in the tree of one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The leaf's place, from 0.
    pub index: u64,
    /// The size of the tree.
    pub size: u64,
    /// The hashes beside the leaf's path, from the leaf to the root.
    pub hashes: Vec<Hash>,
}

impl InclusionProof {
    /// The root that the proof leads to from a leaf.
    pub fn root(&self, leaf: &Hash) -> Result<Hash, ProofError> {
        merkle::root_from_inclusion(leaf, self.index, self.size, &self.hashes)
    }

    /// Checks that the leaf is in the tree of this root.
    pub fn verify(&self, leaf: &Hash, root: &Hash) -> Result<(), ProofError> {
        merkle::verify_inclusion(leaf, self.index, self.size, &self.hashes, root)
    }
}

/// That one tree is the beginning of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// The size of the older tree.
    pub old: u64,
    /// The size of the newer tree.
    pub new: u64,
    /// The hashes that both roots are made from.
    pub hashes: Vec<Hash>,
}

impl ConsistencyProof {
    /// Checks that the tree with the old root is the beginning of the tree with the new root.
    pub fn verify(&self, old_root: &Hash, new_root: &Hash) -> Result<(), ProofError> {
        merkle::verify_consistency(self.old, old_root, self.new, new_root, &self.hashes)
    }
}

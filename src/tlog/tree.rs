//! A Merkle tree in memory.

use std::convert::Infallible;

use super::Hash;
use super::merkle::{self, Subtrees};

/// The hashes of all perfect subtrees of a growing tree: 64 bytes of memory a leaf, and a leaf is added with one
/// hashing on the average.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[l][i]` is the subtree of level `l` and index `i`; an upper level is half as long as the one below.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Adds a leaf at the right.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[level];
            hashes.push(hash);
            let [.., left, right] = hashes.as_slice() else { return };
            if hashes.len() % 2 == 1 {
                return;
            }
            hash = merkle::node_hash(left, right);
        }
    }

    /// Drops the leaves from `size` on.
    pub fn truncate(&mut self, size: u64) {
        let mut rest = usize::try_from(size).unwrap_or(usize::MAX);
        for hashes in &mut self.levels {
            hashes.truncate(rest);
            rest /= 2;
        }
        self.levels.retain(|hashes| !hashes.is_empty());
    }

    /// The hash of the leaf at `index`.
    pub fn leaf(&self, index: u64) -> Option<&Hash> {
        self.levels.first()?.get(usize::try_from(index).ok()?)
    }

    /// The root of all leaves.
    pub fn root(&self) -> Hash {
        let Ok(root) = merkle::root(self, self.size());
        root
    }

    /// The root of the first `size` leaves, if there are so many.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        let Ok(root) = (size <= self.size()).then(|| merkle::root(self, size)).transpose();
        root
    }
}

impl Subtrees for Tree {
    type Error = Infallible;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        let index = usize::try_from(index).expect("an index of a tree in memory");
        Ok(self.levels[level as usize][index])
    }
}

impl Extend<Hash> for Tree {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        tree.extend(leaves);
        tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::merkle::leaf_hash;

    fn leaf(index: u64) -> Hash {
        leaf_hash(&index.to_be_bytes())
    }

    #[test]
    fn a_truncated_tree_is_the_tree_it_was() {
        let sizes = 0..70;
        for (from, to) in sizes.clone().flat_map(|from| (0..=from).map(move |to| (from, to))) {
            let mut tree: Tree = (0..from).map(leaf).collect();
            tree.truncate(to);
            assert_eq!(tree.levels, (0..to).map(leaf).collect::<Tree>().levels, "{from} to {to}");
        }
    }

    #[test]
    fn a_root_beyond_the_tree_is_not_known() {
        let tree: Tree = (0..5).map(leaf).collect();
        assert_eq!(tree.root_at(6), None);
        assert_eq!(tree.root_at(5), Some(tree.root()));
        assert_eq!(tree.root_at(0), Some(merkle::empty_root()));
        assert_eq!((tree.leaf(4), tree.leaf(5)), (Some(&leaf(4)), None));
    }
}

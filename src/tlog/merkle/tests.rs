use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::digest::decode_hex;
use crate::tlog::Tree;

/// RFC 6962, section 2.1, as it is written there: the oracle.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(naive_split(leaves.len()));
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// RFC 6962, section 2.1.1: PATH(m, D[n]).
fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(naive_split(leaves.len()));
    let (mut path, beside) = if index < left.len() {
        (naive_path(index, left), naive_root(right))
    } else {
        (naive_path(index - left.len(), right), naive_root(left))
    };
    path.push(beside);
    path
}

/// RFC 6962, section 2.1.2: SUBPROOF(m, D[n], b).
fn naive_subproof(old: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if known { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let (left, right) = leaves.split_at(naive_split(leaves.len()));
    let (mut proof, beside) = if old <= left.len() {
        (naive_subproof(old, left, known), naive_root(right))
    } else {
        (naive_subproof(old - left.len(), right, false), naive_root(left))
    };
    proof.push(beside);
    proof
}

fn naive_split(count: usize) -> usize {
    let mut split = 1;
    while split * 2 < count {
        split *= 2;
    }
    split
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(format!("entry {index}").as_bytes())).collect()
}

fn hash(hex: &str) -> Hash {
    Hash::from_slice(&decode_hex(hex).unwrap()).unwrap()
}

#[test]
fn the_vectors_of_certificate_transparency_hold() {
    // Leaves and roots of certificate-transparency's own test of RFC 6962.
    let inputs =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    assert_eq!(empty_root(), hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    let mut tree = Tree::new();
    for (input, root) in inputs.iter().zip(roots) {
        tree.push(leaf_hash(&decode_hex(input).unwrap()));
        assert_eq!(tree.root(), hash(root), "size {}", tree.size());
    }
    // PATH(0, D[8]) and PROOF(6, D[8]) of the same test.
    assert_eq!(
        inclusion_proof(&tree, 0, 8).unwrap(),
        [
            hash("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
            hash("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            hash("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
        ]
    );
    assert_eq!(
        consistency_proof(&tree, 6, 8).unwrap(),
        [
            hash("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
            hash("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
            hash("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ]
    );
}

#[test]
fn every_proof_up_to_two_hundred_leaves_is_that_of_the_rfc() {
    let leaves = leaves(200);
    let tree: Tree = leaves.iter().copied().collect();
    for size in 0..=leaves.len() {
        let part = &leaves[..size];
        let root = tree.root_at(size as u64).unwrap();
        assert_eq!(root, naive_root(part), "root {size}");
        // The naive proofs cost much: all for the small trees, a part of them for the large ones.
        let step = if size < 70 { 1 } else { 13 };
        for index in (0..size).step_by(step) {
            let proof = inclusion_proof(&tree, index as u64, size as u64).unwrap();
            assert_eq!(proof, naive_path(index, part), "inclusion {index} in {size}");
            verify_inclusion(&leaves[index], index as u64, size as u64, &proof, &root).unwrap();
        }
        for old in (1..=size).step_by(step) {
            let proof = consistency_proof(&tree, old as u64, size as u64).unwrap();
            assert_eq!(proof, naive_subproof(old, part, true), "consistency {old} to {size}");
            let old_root = tree.root_at(old as u64).unwrap();
            verify_consistency(old as u64, &old_root, size as u64, &root, &proof).unwrap();
        }
    }
}

#[test]
fn a_proof_is_made_only_for_what_is_in_the_tree() {
    let tree: Tree = leaves(5).into_iter().collect();
    assert_eq!(inclusion_proof(&tree, 5, 5), Err(ProveError::Range(ProofError::Index { index: 5, size: 5 })));
    assert_eq!(inclusion_proof(&tree, 0, 0), Err(ProveError::Range(ProofError::Index { index: 0, size: 0 })));
    for (old, new) in [(0, 5), (5, 4)] {
        assert_eq!(
            consistency_proof(&tree, old, new),
            Err(ProveError::Range(ProofError::Sizes { old, new }))
        );
    }
}

#[test]
fn an_index_at_or_beyond_the_size_is_refused_before_any_hash() {
    let leaf = leaf_hash(b"x");
    for (index, size) in [(0, 0), (1, 1), (7, 7), (u64::MAX, u64::MAX), (u64::MAX, 0)] {
        assert_eq!(verify_inclusion(&leaf, index, size, &[], &leaf), Err(ProofError::Index { index, size }));
    }
}

#[test]
fn a_proof_of_another_length_is_refused_at_every_size() {
    let leaf = leaf_hash(b"x");
    for (index, size, expected) in [
        (0, 1, 0),
        (0, 2, 1),
        (2, 3, 1),
        (u64::MAX - 1, u64::MAX, 63),
        (0, u64::MAX, 64),
        (1 << 63, (1 << 63) + 1, 1),
    ] {
        for found in (0..70).filter(|found| *found != expected as usize) {
            assert_eq!(
                root_from_inclusion(&leaf, index, size, &vec![leaf; found]),
                Err(ProofError::Length { expected, found }),
                "{index} in {size}"
            );
        }
        assert!(root_from_inclusion(&leaf, index, size, &vec![leaf; expected as usize]).is_ok());
    }
}

#[test]
fn a_consistency_proof_of_another_length_is_refused() {
    let leaves = leaves(64);
    let tree: Tree = leaves.iter().copied().collect();
    for (old, new) in (1..=64).flat_map(|new| (1..=new).map(move |old| (old, new))) {
        let (old_root, root) = (tree.root_at(old).unwrap(), tree.root_at(new).unwrap());
        let proof = consistency_proof(&tree, old, new).unwrap();
        let mut longer = proof.clone();
        longer.push(root);
        assert!(matches!(
            verify_consistency(old, &old_root, new, &root, &longer),
            Err(ProofError::Length { .. })
        ));
        if let [shorter @ .., _] = proof.as_slice() {
            assert!(matches!(
                verify_consistency(old, &old_root, new, &root, shorter),
                Err(ProofError::Length { .. })
            ));
        }
    }
}

#[test]
fn a_tree_that_shrank_or_changed_is_refused() {
    let tree: Tree = leaves(9).into_iter().collect();
    let (five, nine) = (tree.root_at(5).unwrap(), tree.root());
    assert_eq!(verify_consistency(9, &nine, 5, &five, &[]), Err(ProofError::Sizes { old: 9, new: 5 }));
    assert_eq!(verify_consistency(5, &five, 5, &nine, &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency(0, &five, 9, &nine, &[]), Err(ProofError::OldRoot));
    verify_consistency(0, &empty_root(), 9, &nine, &[]).unwrap();
    verify_consistency(0, &empty_root(), 0, &empty_root(), &[]).unwrap();
    let proof = consistency_proof(&tree, 5, 9).unwrap();
    assert_eq!(verify_consistency(5, &nine, 9, &nine, &proof), Err(ProofError::OldRoot));
    assert_eq!(verify_consistency(5, &five, 9, &five, &proof), Err(ProofError::Root));
}

/// A tree of any size whose leaves are all equal, and so are its perfect subtrees of one level.
struct Virtual;

static SUBTREES: LazyLock<Vec<Hash>> = LazyLock::new(|| {
    std::iter::successors(Some(leaf_hash(b"same")), |hash| Some(node_hash(hash, hash))).take(64).collect()
});

impl Subtrees for Virtual {
    type Error = Infallible;

    fn subtree(&self, level: u32, _index: u64) -> Result<Hash, Infallible> {
        Ok(SUBTREES[level as usize])
    }
}

proptest! {
    #[test]
    fn proofs_of_any_size_verify_and_any_changed_hash_is_refused(
        size in 2..=u64::MAX,
        at in any::<prop::sample::Index>(),
        flipped in any::<prop::sample::Index>(),
        bit in 0..256_usize,
    ) {
        let index = at.index(usize::MAX) as u64 % size;
        let Ok(root) = root(&Virtual, size);
        let proof = inclusion_proof(&Virtual, index, size).unwrap();
        let leaf = leaf_hash(b"same");
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));

        let mut wrong = proof.clone();
        let changed = flipped.index(wrong.len());
        let mut bytes = *wrong[changed].as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        wrong[changed] = Hash::new(bytes);
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &wrong, &root), Err(ProofError::Root));

        let old = index.max(1);
        let Ok(old_root) = super::root(&Virtual, old);
        let proof = consistency_proof(&Virtual, old, size).unwrap();
        prop_assert_eq!(verify_consistency(old, &old_root, size, &root, &proof), Ok(()));
        for changed in 0..proof.len() {
            let mut wrong = proof.clone();
            let mut bytes = *wrong[changed].as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            wrong[changed] = Hash::new(bytes);
            prop_assert!(verify_consistency(old, &old_root, size, &root, &wrong).is_err());
        }
    }

    #[test]
    fn proofs_of_random_trees_are_those_of_the_rfc(size in 200..3_000_usize, at in any::<prop::sample::Index>()) {
        let leaves = leaves(size);
        let tree: Tree = leaves.iter().copied().collect();
        let index = at.index(size);
        prop_assert_eq!(tree.root(), naive_root(&leaves));
        prop_assert_eq!(
            inclusion_proof(&tree, index as u64, size as u64).unwrap(),
            naive_path(index, &leaves)
        );
        prop_assert_eq!(
            consistency_proof(&tree, index as u64 + 1, size as u64).unwrap(),
            naive_subproof(index + 1, &leaves, true)
        );
    }

    #[test]
    fn another_leaf_or_another_place_is_refused(size in 2..300_usize, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let (a, b) = (a.index(size), b.index(size));
        prop_assume!(a != b);
        let leaves = leaves(size);
        let tree: Tree = leaves.iter().copied().collect();
        let proof = inclusion_proof(&tree, a as u64, size as u64).unwrap();
        prop_assert!(verify_inclusion(&leaves[b], a as u64, size as u64, &proof, &tree.root()).is_err());
        prop_assert!(verify_inclusion(&leaves[a], b as u64, size as u64, &proof, &tree.root()).is_err());
    }
}

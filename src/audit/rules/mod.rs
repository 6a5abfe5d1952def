//! The rules, one file each. Their codes are published in `docs/codes.md`.

mod f01_yanked;
mod u01_no_digest;
mod u04_unpinned_source;
mod u11_orphan;
mod u12_flat_graph;
mod u13_dangling_ref;
mod u14_opaque;

use super::Audit;

/// Every rule, by code.
pub static RULES: &[&dyn Audit] = &[
    &f01_yanked::Yanked,
    &u01_no_digest::NoDigest,
    &u04_unpinned_source::UnpinnedSource,
    &u11_orphan::Orphan,
    &u12_flat_graph::FlatGraph,
    &u13_dangling_ref::DanglingRef,
    &u14_opaque::Opaque,
];

//! The dependency graph of an SBOM: compact, and for graphs as they come.
//!
//! Cycles, self-references, missing roots, unreachable parts, dangling and duplicate references and chains of a million
//! nodes are normal input: nothing here recurses and nothing is quadratic. Nodes are the numbers of
//! [`Sbom::components`](crate::sbom::Sbom::components), strings stay in the document, and a node with five edges costs
//! about fifty bytes. `petgraph`'s traits are there for its algorithms; those of it that recurse or do not scale
//! (`tarjan_scc`, `dominators::simple_fast`) have their own counterparts here.

mod build;
mod components;
mod dominators;
mod layers;
mod paths;
mod reach;
mod topology;

pub use build::{Dangling, Graph};
pub use components::Components;
pub use dominators::Dominators;
pub use layers::Layers;
pub use paths::Paths;
pub use topology::{Node, Topology};

//! Which element is nested in which, where `CONTAINS` makes a tree.

/// What contains what, as it was found.
#[derive(Debug)]
pub(super) struct Nesting {
    parents: Vec<Parent>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parent {
    None,
    One(usize),
    Several,
}

impl Nesting {
    pub(super) fn new(elements: usize) -> Self {
        Self { parents: vec![Parent::None; elements] }
    }

    /// Something says that one element contains another.
    pub(super) fn contains(&mut self, parent: usize, child: usize) {
        self.parents[child] = match self.parents[child] {
            Parent::None => Parent::One(parent),
            Parent::One(own) if own == parent => Parent::One(own),
            _ => Parent::Several,
        };
    }

    /// The parent of each element: the only one it has, unless that makes a circle or goes deeper than [`DEEPEST`]. Time is
    /// linear.
    pub(super) fn finish(self) -> Vec<Option<usize>> {
        let mut parents: Vec<Option<usize>> = self
            .parents
            .iter()
            .map(|parent| if let Parent::One(parent) = parent { Some(*parent) } else { None })
            .collect();
        let mut depth: Vec<Option<usize>> = vec![None; parents.len()];
        let mut is_open = vec![false; parents.len()];
        for start in 0..parents.len() {
            let (mut path, mut here) = (Vec::new(), start);
            loop {
                if depth[here].is_some() {
                    break;
                }
                if is_open[here] {
                    // A circle is cut where it closes.
                    if let Some(last) = path.last() {
                        parents[*last] = None;
                    }
                    break;
                }
                is_open[here] = true;
                path.push(here);
                let Some(parent) = parents[here] else { break };
                here = parent;
            }
            while let Some(own) = path.pop() {
                is_open[own] = false;
                let level = parents[own].map_or(0, |parent| depth[parent].map_or(0, |depth| depth + 1));
                if level > DEEPEST {
                    parents[own] = None;
                }
                depth[own] = Some(if level > DEEPEST { 0 } else { level });
            }
        }
        parents
    }
}

/// Levels of components in components. Each is two of the levels that a JSON document may have.
pub(super) const DEEPEST: usize = 48;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(count: usize, contains: &[(usize, usize)]) -> Vec<Option<usize>> {
        let mut nesting = Nesting::new(count);
        for (parent, child) in contains {
            nesting.contains(*parent, *child);
        }
        nesting.finish()
    }

    #[test]
    fn only_a_tree_is_nested() {
        assert_eq!(check(3, &[(0, 1), (0, 1), (1, 2)]), [None, Some(0), Some(1)]);
        assert_eq!(check(3, &[(0, 2), (1, 2)]), [None, None, None]);
        assert_eq!(check(1, &[(0, 0)]), [None]);
    }

    #[test]
    fn a_chain_is_cut_where_it_gets_too_deep() {
        let chain: Vec<_> = (0..100_000).map(|n| (n, n + 1)).collect();
        let parents = check(100_001, &chain);
        assert_eq!(
            (parents[DEEPEST], parents[DEEPEST + 1], parents[DEEPEST + 2]),
            (Some(DEEPEST - 1), None, Some(DEEPEST + 1))
        );
    }

    proptest! {
        #[test]
        fn what_is_nested_ends_at_the_top(contains in proptest::collection::vec((0..8_usize, 0..8_usize), 0..16)) {
            let parents = check(8, &contains);
            for start in 0..8 {
                let mut steps = 0;
                let mut here = start;
                while let Some(parent) = parents[here] {
                    prop_assert!(contains.contains(&(parent, here)));
                    here = parent;
                    steps += 1;
                    prop_assert!(steps <= 8);
                }
            }
        }
    }
}

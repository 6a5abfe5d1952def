//! Tiles and entry bundles: how a log is laid out for readers that only fetch files.
//!
//! Format: <https://c2sp.org/tlog-tiles>. A tile of level `L` and index `N` holds up to 256 hashes, those of the perfect
//! subtrees of level `8·L` from index `256·N` on; the entry bundle of index `N` holds the entries from `256·N` on.

use std::fmt;
use std::str::FromStr;

use super::merkle::Subtrees;
use super::{Hash, entry};

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Hashes of this tile level, 0 to [`MAX_LEVEL`].
    Hashes(u8),
    /// The entries themselves.
    Entries,
}

/// The coordinates of one tile. Its text is its path below the log's prefix: `tile/0/x001/234.p/17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    kind: Kind,
    index: u64,
    width: u16,
}

impl Tile {
    /// A tile, if such a one can exist: levels to [`MAX_LEVEL`], indexes to [`MAX_INDEX`], widths from 1 to [`FULL`].
    pub fn new(kind: Kind, index: u64, width: u16) -> Option<Self> {
        let level = if let Kind::Hashes(level) = kind { level } else { 0 };
        let exists = level <= MAX_LEVEL && index <= MAX_INDEX && (1..=FULL).contains(&width);
        exists.then_some(Self { kind, index, width })
    }

    /// What it holds.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its place among the tiles of its kind, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries it holds, 1 to [`FULL`].
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether it never changes again.
    pub fn is_full(&self) -> bool {
        self.width == FULL
    }

    /// The hashes of a hash tile, one after the other; of an entry bundle, those of its leaves.
    pub fn hashes<S: Subtrees + ?Sized>(&self, tree: &S) -> Result<Vec<u8>, S::Error> {
        let level = if let Kind::Hashes(level) = self.kind { u32::from(level) * HEIGHT } else { 0 };
        let first = self.index * u64::from(FULL);
        let mut bytes = Vec::with_capacity(usize::from(self.width) * Hash::LENGTH);
        for index in first..first + u64::from(self.width) {
            bytes.extend_from_slice(tree.subtree(level, index)?.as_bytes());
        }
        Ok(bytes)
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Hashes(level) => write!(f, "tile/{level}/")?,
            Kind::Entries => f.write_str("tile/entries/")?,
        }
        let mut path = format!("{:03}", self.index % 1000);
        let mut above = self.index / 1000;
        while above != 0 {
            path = format!("x{:03}/{path}", above % 1000);
            above /= 1000;
        }
        f.write_str(&path)?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

impl FromStr for Tile {
    type Err = PathError;

    fn from_str(path: &str) -> Result<Self, PathError> {
        let (kind, index) =
            path.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or(PathError)?;
        let kind = match kind {
            "entries" => Kind::Entries,
            level => Kind::Hashes(level.parse().map_err(|_| PathError)?),
        };
        let (index, width) = match index.split_once(".p/") {
            Some((index, width)) => (index, width.parse().map_err(|_| PathError)?),
            None => (index, FULL),
        };
        let digits: String = index.chars().filter(|character| !matches!(character, 'x' | '/')).collect();
        let index = digits.parse().map_err(|_| PathError)?;
        let tile = Self::new(kind, index, width).ok_or(PathError)?;
        // One tile has one path: no leading zeros, no full width written out, every mark in its place.
        if tile.to_string() == path { Ok(tile) } else { Err(PathError) }
    }
}

/// All tiles of a tree of this size: for every level its full tiles and at most one partial tile, then the bundles.
pub fn of_size(size: u64) -> impl Iterator<Item = Tile> {
    let levels = (0..=MAX_LEVEL)
        .map(move |level| (Kind::Hashes(level), size.checked_shr(u32::from(level) * HEIGHT).unwrap_or(0)))
        .take_while(|(_, count)| *count != 0);
    levels.chain([(Kind::Entries, size)]).flat_map(|(kind, count)| {
        let full = (0..count / u64::from(FULL)).map(move |index| (index, FULL));
        let width = u16::try_from(count % u64::from(FULL)).unwrap_or(0);
        let partial = (width != 0).then_some((count / u64::from(FULL), width));
        full.chain(partial).map(move |(index, width)| Tile { kind, index, width })
    })
}

/// An entry bundle: each entry after its length, a 16-bit big-endian number.
///
/// `None` for an entry of more than [`entry::MAX_BYTES`] bytes, which has no place in such a bundle.
pub fn encode_bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        push_entry(&mut bytes, entry)?;
    }
    Some(bytes)
}

/// Adds one entry after its length.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Option<()> {
    bundle.extend_from_slice(&u16::try_from(entry.len()).ok()?.to_be_bytes());
    bundle.extend_from_slice(entry);
    Some(())
}

/// The entries of a bundle, which must hold exactly `width` of them.
pub fn decode_bundle(bundle: &[u8], width: u64) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(BundleError::Cut)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or(BundleError::Cut)?;
        if entries.len() as u64 == width {
            return Err(BundleError::Width(width));
        }
        entries.push(entry);
        rest = after;
    }
    if entries.len() as u64 == width { Ok(entries) } else { Err(BundleError::Width(width)) }
}

/// A path that no tile has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a tile")]
pub struct PathError;

/// Why bytes are not the entry bundle that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// It ends within an entry or a length.
    #[error("the entry bundle ends within an entry")]
    Cut,
    /// It holds more or fewer entries.
    #[error("the entry bundle does not hold {0} entries")]
    Width(u64),
}

/// How many hashes or entries a full tile has.
pub const FULL: u16 = 256;

/// How many levels of the tree one tile spans.
pub const HEIGHT: u32 = 8;

/// The highest level of a tile.
pub const MAX_LEVEL: u8 = 63;

/// The highest index of a tile: what it holds is counted with 64 bits.
pub const MAX_INDEX: u64 = u64::MAX >> HEIGHT;

const _: () = assert!(entry::MAX_BYTES == u16::MAX as usize);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tlog::Tree;
    use crate::tlog::merkle::leaf_hash;

    #[test]
    fn a_path_with_another_spelling_is_refused() {
        for path in [
            "",
            "tile/0/000/",
            "/tile/0/000",
            "tile/00/000",
            "tile/64/000",
            "tile/0/00",
            "tile/0/x000/000",
            "tile/0/x001/34",
            "tile/0/001/234",
            "tile/0/1234",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/257",
            "tile/0/000.p/01",
            "tile/0/000.p/+1",
            "tile/+0/000",
            "tile/data/000",
            "tile/8/0/000",
            "tile/0/x072/x057/x594/x037/x927/936",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
        ] {
            assert_eq!(path.parse::<Tile>(), Err(PathError), "{path:?}");
        }
    }

    #[test]
    fn the_paths_of_the_specification_are_those() {
        for (path, kind, index, width) in [
            ("tile/0/x001/x234/067", Kind::Hashes(0), 1_234_067, 256),
            ("tile/entries/000.p/17", Kind::Entries, 0, 17),
            ("tile/63/999.p/255", Kind::Hashes(63), 999, 255),
            ("tile/1/x001/000", Kind::Hashes(1), 1000, 256),
            ("tile/0/x072/x057/x594/x037/x927/935", Kind::Hashes(0), MAX_INDEX, 256),
        ] {
            let tile = Tile::new(kind, index, width).unwrap();
            assert_eq!(tile.to_string(), path);
            assert_eq!(path.parse(), Ok(tile));
        }
    }

    #[test]
    fn no_tile_is_empty_or_wider_than_full() {
        assert_eq!(Tile::new(Kind::Entries, 0, 0), None);
        assert_eq!(Tile::new(Kind::Entries, 0, 257), None);
        assert_eq!(Tile::new(Kind::Hashes(64), 0, 1), None);
        assert_eq!(Tile::new(Kind::Entries, MAX_INDEX + 1, 1), None);
    }

    #[test]
    fn the_tiles_of_a_size_are_those_of_the_specification() {
        let paths = |size| of_size(size).map(|tile| tile.to_string()).collect::<Vec<_>>();
        assert_eq!(paths(0), [""; 0]);
        assert_eq!(paths(1), ["tile/0/000.p/1", "tile/entries/000.p/1"]);
        assert_eq!(paths(256), ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
        // The example of the specification: 70,000 entries.
        let large = paths(70_000);
        assert_eq!(large.len(), 274 + 2 + 1 + 274);
        for path in ["tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"] {
            assert!(large.iter().any(|tile| tile == path), "{path}");
        }
    }

    #[test]
    fn a_tile_holds_the_hashes_of_its_subtrees() {
        let leaves: Vec<Hash> = (0..600_u32).map(|index| leaf_hash(&index.to_be_bytes())).collect();
        let tree: Tree = leaves.iter().copied().collect();
        let Ok(bytes) = Tile::new(Kind::Hashes(0), 2, 88).unwrap().hashes(&tree);
        assert_eq!(bytes, leaves[512..].iter().flat_map(|leaf| *leaf.as_bytes()).collect::<Vec<_>>());
        let Ok(bytes) = Tile::new(Kind::Hashes(1), 0, 2).unwrap().hashes(&tree);
        let above: Vec<Hash> =
            leaves[..512].chunks(256).map(|chunk| chunk.iter().copied().collect::<Tree>().root()).collect();
        assert_eq!(bytes, above.iter().flat_map(|hash| *hash.as_bytes()).collect::<Vec<_>>());
    }

    #[test]
    fn a_bundle_that_is_cut_or_of_another_width_is_refused() {
        let bundle = encode_bundle([&b"one"[..], b"", b"three"]).unwrap();
        assert_eq!(decode_bundle(&bundle, 3).unwrap(), [&b"one"[..], b"", b"three"]);
        for width in [0, 1, 2, 4, u64::MAX] {
            assert_eq!(decode_bundle(&bundle, width), Err(BundleError::Width(width)));
        }
        assert_eq!(decode_bundle(&bundle[..bundle.len() - 1], 3), Err(BundleError::Cut));
        assert_eq!(decode_bundle(&bundle[..6], 2), Err(BundleError::Cut));
        assert_eq!(decode_bundle(&[], 0).unwrap(), [&b""[..]; 0]);
    }

    #[test]
    fn an_entry_is_at_most_what_sixteen_bits_can_say() {
        let largest = vec![0; entry::MAX_BYTES];
        assert_eq!(encode_bundle([&largest[..]]).unwrap().len(), entry::MAX_BYTES + 2);
        assert_eq!(encode_bundle([&vec![0; entry::MAX_BYTES + 1][..]]), None);
    }

    proptest! {
        #[test]
        fn a_path_prints_back(level in 0..=MAX_LEVEL, index in 0..=MAX_INDEX, width in 1..=FULL, entries: bool) {
            let kind = if entries { Kind::Entries } else { Kind::Hashes(level) };
            let tile = Tile::new(kind, index, width).unwrap();
            prop_assert_eq!(tile.to_string().parse(), Ok(tile));
        }

        #[test]
        fn any_path_is_refused_or_prints_back(path in "tile/[0-9a-z/.x]{0,24}") {
            if let Ok(tile) = path.parse::<Tile>() {
                prop_assert_eq!(tile.to_string(), path);
            }
        }

        #[test]
        fn any_bundle_is_refused_or_prints_back(bytes in prop::collection::vec(0..4_u8, 0..40), width in 0..20_u64) {
            if let Ok(entries) = decode_bundle(&bytes, width) {
                prop_assert_eq!(encode_bundle(entries).unwrap(), bytes);
            }
        }
    }
}

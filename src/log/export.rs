//! The plain tree of files that C2SP clients read: tiles of hashes, entry bundles, and last the checkpoint.

use super::Error;
use super::view::View;
use crate::tlog::tile::{self, Kind, Tile};

/// Every file of the published tree but the checkpoint: its path below the tree's folder and its content.
pub(super) fn files(view: &View) -> impl Iterator<Item = Result<(String, Vec<u8>), Error>> + '_ {
    tile::of_size(view.size()).map(move |tile| {
        let bytes = match tile.kind() {
            Kind::Hashes(_) => {
                let Ok(bytes) = tile.hashes(view.tree());
                bytes
            }
            Kind::Entries => bundle(view, tile)?,
        };
        Ok((tile.to_string(), bytes))
    })
}

fn bundle(view: &View, tile: Tile) -> Result<Vec<u8>, Error> {
    let first = tile.index() * u64::from(tile::FULL);
    let mut bytes = Vec::new();
    for entry in view.entries(first..first + u64::from(tile.width())) {
        let entry = entry?;
        let too_large = || Error::Entry(crate::tlog::entry::EntryError::TooLarge(entry.len()));
        tile::push_entry(&mut bytes, &entry).ok_or_else(too_large)?;
    }
    Ok(bytes)
}

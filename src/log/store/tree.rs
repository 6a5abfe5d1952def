//! The writer of exported trees.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::{Disk as _, OsDisk};
use crate::files::{self, Access};
use crate::log::state::State;
use crate::log::{Error, Exported};
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::note::{self, VerifierKey};

/// Writes a tree of files, and the checkpoint when all of them are durable.
pub(in crate::log) fn write(
    folder: &Path,
    verifier: &VerifierKey,
    state: &State,
    tree: impl Iterator<Item = Result<(String, Vec<u8>), Error>>,
) -> Result<Exported, Error> {
    check_target(folder, verifier, state)?;
    let mut written = Vec::new();
    let mut folders = BTreeSet::from([folder.to_owned()]);
    let mut kept = 0;
    for file in tree {
        let (name, bytes) = file?;
        let path = folder.join(name);
        match OsDisk.read(&path, bytes.len() as u64) {
            Ok(Some(found)) if found == bytes => kept += 1,
            Ok(None) => {
                let inside = path.ancestors().skip(1).take_while(|ancestor| *ancestor != folder);
                folders.extend(inside.map(Path::to_owned));
                place(&path, &bytes)?;
                written.push(path);
            }
            // A tile never changes: another content is another log, or damage.
            Ok(Some(_)) | Err(files::Error::TooLarge { .. }) => return Err(Error::TargetDiffers(path)),
            Err(error) => return Err(error.into()),
        }
    }
    // All at the end: the first sync takes most of the others along.
    for path in &written {
        files::open(path)?.sync_all().map_err(failed(path))?;
    }
    for path in folders.iter().rev() {
        files::sync_folder(path)?;
    }
    files::write(folder.join(CHECKPOINT), state.note.as_bytes(), Access::Shared)?;
    files::sync_folder(folder)?;
    Ok(Exported { size: state.tree.size(), written: written.len() as u64 + 1, kept })
}

/// A folder that is new or empty, holds this log at an earlier size, or what an interrupted export left.
fn check_target(folder: &Path, verifier: &VerifierKey, state: &State) -> Result<(), Error> {
    let Some(names) = OsDisk.list(folder)? else {
        return std::fs::create_dir_all(folder).map_err(failed(folder)).map_err(Error::Files);
    };
    let foreign = || Error::TargetForeign(folder.to_owned());
    if names.iter().any(|name| name != TILES && name != CHECKPOINT && !name.starts_with('.')) {
        return Err(Error::NotEmpty(folder.to_owned()));
    }
    if let Some(note) = OsDisk.read(&folder.join(CHECKPOINT), note::MAX_BYTES as u64)? {
        let earlier = Checkpoint::open(&note, verifier).map_err(|_| foreign())?;
        if state.tree.root_at(earlier.size) != Some(earlier.root) {
            return Err(foreign());
        }
    }
    Ok(())
}

/// Writes one file beside its name and gives it the name, so that a file of the tree is whole or not there.
fn place(path: &Path, bytes: &[u8]) -> Result<(), files::Error> {
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(failed(parent))?;
    let temporary: PathBuf = parent.join(TEMPORARY);
    File::create(&temporary).and_then(|mut file| file.write_all(bytes)).map_err(failed(&temporary))?;
    OsDisk.rename(&temporary, path)
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> files::Error + '_ {
    |source| files::Error::Write { path: path.to_owned(), source }
}

const CHECKPOINT: &str = "checkpoint";
const TILES: &str = "tile";
/// One name in each folder: what an interrupted export leaves is overwritten by the next.
const TEMPORARY: &str = ".new";

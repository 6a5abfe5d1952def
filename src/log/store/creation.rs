//! The making of a log's folder: all of it or nothing, by one of several processes that try at once.
//!
//! The files are made in a *stage*, a folder of its own. Where the log's folder does not exist yet, the stage lies beside it
//! and is renamed, which is one step. In a folder that is there, an empty one, the stage lies inside and its files are
//! moved up one by one, `log.vkey` last; a lock keeps others out meanwhile. An interruption leaves a stage that still has
//! `log.vkey`: proof that what was moved up is no log yet, so that the next attempt may clear it away.

use std::io;
use std::path::{Path, PathBuf};

use super::directory::{LOCK, MAX_VKEY, Segment, WAL, wait_for_lock};
use super::{Disk as _, OsDisk, Part};
use crate::files::{self, Access};
use crate::log::{DEFAULT_WAIT, Error};

/// Makes a log in a folder that does not exist.
pub(super) fn beside(folder: &Path, parts: &[(Part, &[u8])], frame: &[u8]) -> Result<(), Error> {
    let parent = folder.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(failed(parent))?;
    let stage = Stage::new(parent)?;
    stage.fill(parts, frame)?;
    let renamed = files::release(&stage.path, || std::fs::rename(&stage.path, folder));
    renamed.map_err(|source| match source.kind() {
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => Error::Exists(folder.to_owned()),
        _ => failed(folder)(source),
    })?;
    Ok(files::sync_folder(parent)?)
}

/// Makes a log in a folder that exists and has nothing in it but what an interrupted attempt left.
pub(super) fn inside(folder: &Path, parts: &[(Part, &[u8])], frame: &[u8]) -> Result<(), Error> {
    let is_log =
        || OsDisk.read(&folder.join(Part::VerifierKey.file_name()), MAX_VKEY).map(|key| key.is_some());
    let is_clear = |names: &[String]| names.iter().all(|name| name == LOCK || name.starts_with(STAGE_PREFIX));
    let names = OsDisk.list(folder)?.unwrap_or_default();
    if is_log()? {
        return Err(Error::Exists(folder.to_owned()));
    }
    // Nothing is touched in a folder that is somebody else's.
    let foreign = |names: &[String]| {
        // A folder with entries of a log has lost this one.
        let lost = names.iter().any(|name| name == WAL);
        let key = folder.join(Part::VerifierKey.file_name());
        if lost { Error::MissingFile(key) } else { Error::NotEmpty(folder.to_owned()) }
    };
    if !is_clear(&names) && interrupted(folder, &names)?.is_none() {
        // Unless another process has just finished.
        return Err(if is_log()? { Error::Exists(folder.to_owned()) } else { foreign(&names) });
    }
    // Whoever has the lock makes the log: of two at once, one finds it made.
    let lock = wait_for_lock(&OsDisk, &folder.join(LOCK), false, DEFAULT_WAIT)?;
    let lock = lock.ok_or(Error::Locked(DEFAULT_WAIT))?;
    if is_log()? {
        return Err(Error::Exists(folder.to_owned()));
    }
    let names = OsDisk.list(folder)?.unwrap_or_default();
    if let Some(stage) = interrupted(folder, &names)? {
        clear(folder, &stage)?;
    }
    let names = OsDisk.list(folder)?.unwrap_or_default();
    if !is_clear(&names) {
        return Err(foreign(&names));
    }
    for stale in names.iter().filter(|name| name.starts_with(STAGE_PREFIX)) {
        let stale = folder.join(stale);
        std::fs::remove_dir_all(&stale).map_err(failed(&stale))?;
    }
    let stage = Stage::new(folder)?;
    stage.fill(parts, frame)?;
    // From here on an interruption must leave the stage: it is what the next attempt goes by.
    files::release(&stage.path, || ());
    for name in MOVED {
        std::fs::rename(stage.path.join(name), folder.join(name)).map_err(failed(folder)).inspect_err(
            |_| {
                let _ = clear(folder, &stage.path);
            },
        )?;
    }
    files::sync_folder(folder)?;
    drop(lock);
    Ok(())
}

/// The stage of an attempt that was interrupted while its files were moved up: it has `log.vkey` still.
fn interrupted(folder: &Path, names: &[String]) -> Result<Option<PathBuf>, Error> {
    if names.iter().any(|name| name != LOCK && !name.starts_with(STAGE_PREFIX) && !MOVED.contains(&&**name)) {
        return Ok(None);
    }
    for name in names.iter().filter(|name| name.starts_with(STAGE_PREFIX)) {
        let stage = folder.join(name);
        if OsDisk.read(&stage.join(Part::VerifierKey.file_name()), MAX_VKEY)?.is_some() {
            return Ok(Some(stage));
        }
    }
    Ok(None)
}

/// Takes away what was moved up, and at last the stage, without which nothing more could be taken away.
fn clear(folder: &Path, stage: &Path) -> Result<(), Error> {
    for name in MOVED.into_iter().filter(|name| !stage.join(name).exists()) {
        let path = folder.join(name);
        let removed = if name == WAL { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&path)(error)),
            _ => {}
        }
    }
    std::fs::remove_dir_all(stage).map_err(failed(stage))
}

/// A folder in which a log is made, with the permissions of any new folder: its key has its own. What is left of it
/// when this is dropped, or when the process is interrupted, is removed.
struct Stage {
    path: PathBuf,
}

impl Stage {
    fn new(home: &Path) -> Result<Self, Error> {
        Ok(Self { path: files::stage_folder(home, STAGE_PREFIX).map_err(failed(home))? })
    }

    fn fill(&self, parts: &[(Part, &[u8])], frame: &[u8]) -> Result<(), Error> {
        let wal = self.path.join(WAL);
        std::fs::create_dir(&wal).map_err(failed(&wal))?;
        let segment = Segment { first: 0, generation: 0 };
        files::create(wal.join(segment.file_name()), frame, Access::Shared)?;
        files::sync_folder(&wal)?;
        files::create(self.path.join(LOCK), b"", Access::Shared)?;
        for (part, bytes) in parts {
            let access = if *part == Part::Key { Access::Private } else { Access::Shared };
            files::create(self.path.join(part.file_name()), bytes, access)?;
        }
        Ok(files::sync_folder(&self.path)?)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // One that was renamed is no longer there under this name.
        let _ = files::release(&self.path, || std::fs::remove_dir_all(&self.path));
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Files(files::Error::Write { path, source })
}

/// What is moved up, in this order.
const MOVED: [&str; 5] = [WAL, "log.key", "genesis.json", "checkpoint", "log.vkey"];
const STAGE_PREFIX: &str = ".sbom-attest-log-";

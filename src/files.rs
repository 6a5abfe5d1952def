//! Files at the rim: bounded reads, and writes that appear whole or not at all.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// As the process's umask says (0666 before it).
    Shared,
    /// The owner alone (0600).
    Private,
}

/// Reads a whole file, or standard input for `-`, of at most `limit` bytes.
pub fn read(path: impl AsRef<Path>, limit: u64) -> Result<Vec<u8>, Error> {
    let path = path.as_ref();
    if path == Path::new(STANDARD_INPUT) {
        return read_stream(standard_input()?, path, limit);
    }
    let file = open(path)?;
    // What is too large is told without reading it; the bound holds all the same where a file grows, or says no length.
    if file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > limit) {
        return Err(Error::TooLarge { path: path.to_owned(), limit });
    }
    read_stream(file, path, limit)
}

/// Reads a secret, of at most `limit` bytes, from a file that nobody but its owner may read, or from standard input
/// for `-`. The file is one that this process never replaces ([`keep`]).
pub fn read_private(path: impl AsRef<Path>, limit: u64) -> Result<Vec<u8>, Error> {
    let path = path.as_ref();
    if path == Path::new(STANDARD_INPUT) {
        return read_stream(standard_input()?, path, limit);
    }
    let file = open(path)?;
    keep(path);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode =
            file.metadata().map_err(|source| Error::reading(path, source))?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(Error::Exposed { path: path.to_owned(), mode });
        }
    }
    read_stream(file, path, limit)
}

/// Opens a regular file (or pipe) for reading; a directory is refused by name.
pub fn open(path: impl AsRef<Path>) -> Result<File, Error> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|source| Error::reading(path, source))?;
    let metadata = file.metadata().map_err(|source| Error::reading(path, source))?;
    if metadata.is_dir() {
        return Err(Error::Directory(path.to_owned()));
    }
    Ok(file)
}

/// The files directly in a folder, sorted by name; nothing for what is no folder.
pub fn list(path: impl AsRef<Path>) -> Result<Option<Vec<PathBuf>>, Error> {
    let path = path.as_ref();
    if !std::fs::metadata(path).map_err(|source| Error::reading(path, source))?.is_dir() {
        return Ok(None);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|source| Error::reading(path, source))? {
        let file = entry.map_err(|source| Error::reading(path, source))?.path();
        if file.is_file() {
            files.push(file);
        }
        if files.len() > MOST_FILES {
            let source = io::Error::other(format!("the folder has more than {MOST_FILES} files"));
            return Err(Error::reading(path, source));
        }
    }
    files.sort_unstable();
    Ok(Some(files))
}

/// Files of a folder that are looked at.
pub const MOST_FILES: usize = 10_000;

/// The bytes of a file of any size, or of standard input for `-`, to be read as they come.
pub fn stream(path: impl AsRef<Path>) -> Result<Box<dyn Read>, Error> {
    let path = path.as_ref();
    if path == Path::new(STANDARD_INPUT) {
        return Ok(Box::new(standard_input()?));
    }
    Ok(Box::new(open(path)?))
}

/// Standard input, which can be read once: whoever is second would find it empty and judge that.
fn standard_input() -> Result<io::StdinLock<'static>, Error> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    if TAKEN.swap(true, Ordering::Relaxed) { Err(Error::Twice) } else { Ok(io::stdin().lock()) }
}

/// Keeps a file from being replaced by this process: a private key, or what is shipped. An output that was given its
/// name by mistake would destroy it.
pub fn keep(path: &Path) {
    let mut kept = kept();
    kept.extend(place(path));
    // The name may be a link's.
    kept.extend(path.canonicalize());
}

/// Refuses the name of an output that would replace a file of [`keep`], so that this is said before anything is done.
pub fn check_output(path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let is_kept = place(path).is_some_and(|place| kept().contains(&place));
    if is_kept { Err(Error::Input(path.to_owned())) } else { Ok(()) }
}

/// A name in its folder's one spelling. A link is not followed: it would be replaced itself.
fn place(path: &Path) -> Option<PathBuf> {
    Some(folder_of(path).canonicalize().ok()?.join(path.file_name()?))
}

fn kept() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    static KEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_stream(stream: impl Read, path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    stream.take(limit + 1).read_to_end(&mut bytes).map_err(|source| Error::reading(path, source))?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

/// Writes a file so that a reader sees the old content or the new one, never a part: a temporary file in
/// the same folder, synced, then renamed over the name. Missing parent folders are made. What is no regular file
/// (`/dev/null`, `/dev/stdout`, a pipe) is written to as it is, never replaced.
pub fn write(path: impl AsRef<Path>, bytes: &[u8], access: Access) -> Result<(), Error> {
    let path = path.as_ref();
    if path.is_dir() {
        return Err(Error::Directory(path.to_owned()));
    }
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let device = OpenOptions::new().write(true).open(path);
        return device
            .and_then(|mut device| device.write_all(bytes))
            .map_err(|source| Error::writing(path, source));
    }
    check_output(path)?;
    let temporary = stage(path, bytes, access)?;
    let staged = temporary.path().to_owned();
    let written = release(&staged, || temporary.persist(path).map_err(|error| error.error));
    written.map(drop).map_err(|source| Error::writing(path, source))
}

/// Like [`write()`], but an existing file is left alone and named in the error.
pub fn create(path: impl AsRef<Path>, bytes: &[u8], access: Access) -> Result<(), Error> {
    let path = path.as_ref();
    let temporary = stage(path, bytes, access)?;
    let staged = temporary.path().to_owned();
    let written = release(&staged, || temporary.persist_noclobber(path).map_err(|error| error.error));
    written.map(drop).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
        _ => Error::writing(path, source),
    })
}

/// Removes a file that this process has made and that is of no use.
pub fn remove(path: &Path) -> Result<(), Error> {
    std::fs::remove_file(path).map_err(|source| Error::writing(path, source))
}

/// The folder that lists a name.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

/// Makes a folder and its missing parents, which are as private as what they are made for.
fn make_folder(folder: &Path, access: Access) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(if access == Access::Private { 0o700 } else { 0o777 });
    }
    #[cfg(not(unix))]
    let _ = access;
    builder.create(folder)
}

fn stage(path: &Path, bytes: &[u8], access: Access) -> Result<tempfile::NamedTempFile, Error> {
    let folder = folder_of(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = match access {
            Access::Shared => 0o666,
            Access::Private => 0o600,
        };
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    let mut temporary = {
        // Missing folders are made in the same step: made before it, they would bring back one that an interruption has
        // just taken away.
        let mut staged = staged();
        make_folder(folder, access).map_err(|source| Error::writing(folder, source))?;
        let temporary = builder.tempfile_in(folder).map_err(|source| Error::writing(path, source))?;
        staged.insert(temporary.path().to_owned());
        temporary
    };
    temporary.write_all(bytes).map_err(|source| Error::writing(path, source))?;
    temporary.as_file().sync_all().map_err(|source| Error::writing(path, source))?;
    Ok(temporary)
}

/// Removes the temporary files and folders of writes that are under way: what a process does last when it is
/// interrupted, so that nothing half-written stays, not even under another name. Nobody can begin or finish a write after
/// this.
pub fn abandon() {
    let staged = staged();
    for path in staged.iter() {
        // Other threads may be at the last file in a folder. One that was renamed already is no longer there.
        let gone = || {
            let removed = std::fs::remove_file(path).or_else(|_| std::fs::remove_dir_all(path));
            removed.is_ok() || path.symlink_metadata().is_err()
        };
        let _ = (0..ATTEMPTS).any(|_| gone());
    }
    // Whoever would take it next waits for the end of the process.
    std::mem::forget(staged);
}

/// Makes a temporary folder that [`abandon`] removes, until [`release`] says that it is one no longer.
pub fn stage_folder(home: &Path, prefix: &str) -> io::Result<PathBuf> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any new folder, by the process's umask.
        builder.permissions(std::fs::Permissions::from_mode(0o777));
    }
    let mut staged = staged();
    let path = builder.tempdir_in(home)?.keep();
    staged.insert(path.clone());
    Ok(path)
}

/// Does the last step with a temporary file or folder, which is none any more then, however the step ended. An
/// interruption comes before the step or after it.
pub fn release<T>(path: &Path, step: impl FnOnce() -> T) -> T {
    let mut staged = staged();
    let done = step();
    staged.remove(path);
    done
}

fn staged() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    static STAGED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    STAGED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes what a folder lists durable: after a rename or a new file, before anyone is told.
pub fn sync_folder(folder: impl AsRef<Path>) -> Result<(), Error> {
    let folder = folder.as_ref();
    OpenOptions::new()
        .read(true)
        .open(folder)
        .and_then(|file| file.sync_all())
        .map_err(|source| Error::writing(folder, source))
}

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing has that name.
    #[error("there is no file `{}`", .0.display())]
    Missing(PathBuf),
    /// The name is a folder's.
    #[error("`{}` is a directory, a file is expected", .0.display())]
    Directory(PathBuf),
    /// More bytes than the caller is ready to hold.
    #[error("`{}` is larger than {limit} bytes", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// A secret that others on this machine may read.
    #[error("`{}` is open to others (mode {mode:04o})", .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The name is taken and the file must not be replaced.
    #[error("`{}` exists already and is never overwritten", .0.display())]
    Exists(PathBuf),
    /// The output would replace what this process works on: a private key, or what is shipped.
    #[error("`{}` is an input, which must not be replaced", .0.display())]
    Input(PathBuf),
    /// Standard input is asked for a second time.
    #[error("standard input was read already, `-` stands for one file alone")]
    Twice,
    /// The operating system refused a read.
    #[error("cannot read `{}`", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The operating system refused a write.
    #[error("cannot write `{}`", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl Error {
    fn reading(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing(path.to_owned()),
            io::ErrorKind::IsADirectory => Self::Directory(path.to_owned()),
            _ => Self::Read { path: path.to_owned(), source },
        }
    }

    fn writing(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Missing(_) => Some("check the name and the folder you run in"),
            Self::Directory(_) => Some("name a file in it"),
            Self::Exposed { .. } => Some("`chmod 600` it; if others could have read it, make a new key"),
            Self::Input(_) => Some("choose another name for the output"),
            Self::Twice => Some("name a file in its place"),
            Self::Exists(_) => Some("choose another name, or move the old file away"),
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("free space on that disk and run again; nothing was left half-written")
            }
            Self::Write { .. } => {
                Some("choose a place where you may write, below folders and not below a file")
            }
            Self::Read { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("`ls -l` shows who may read it")
            }
            _ => None,
        }
    }
}

const STANDARD_INPUT: &str = "-";
/// How often the removal of a temporary folder is tried in which another thread may be making one last file.
const ATTEMPTS: usize = 10;
const TEMPORARY_PREFIX: &str = ".sbom-attest-";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_over_the_limit_is_refused_and_one_at_the_limit_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("eight");
        write(&path, b"12345678", Access::Shared).unwrap();
        assert_eq!(read(&path, 8).unwrap(), b"12345678");
        assert!(matches!(read(&path, 7), Err(Error::TooLarge { limit: 7, .. })));
    }

    #[test]
    fn a_directory_and_a_missing_file_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path(), 1), Err(Error::Directory(_))));
        assert!(matches!(read(folder.path().join("no"), 1), Err(Error::Missing(_))));
        assert!(matches!(write(folder.path(), b"", Access::Shared), Err(Error::Directory(_))));
    }

    #[test]
    fn an_existing_file_is_never_overwritten_by_create() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("key");
        create(&path, b"old", Access::Private).unwrap();
        assert!(matches!(create(&path, b"new", Access::Private), Err(Error::Exists(_))));
        assert_eq!(read(&path, 10).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no temporary file stays");
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        create(&path, b"secret", Access::Private).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read_private(&path, 10).unwrap(), b"secret");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(read_private(&path, 10), Err(Error::Exposed { mode: 0o640, .. })));
    }
}

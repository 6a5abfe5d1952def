//! The few things a directory store asks of a file system, so that tests can let each of them fail.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::files;

/// A file system.
pub trait Disk: Send + Sync {
    /// Reads a whole file of at most `limit` bytes, `None` if there is none.
    fn read(&self, path: &Path, limit: u64) -> Result<Option<Vec<u8>>, files::Error>;

    /// Reads a part of a file.
    fn read_at(&self, path: &Path, offset: u64, length: usize) -> Result<Vec<u8>, files::Error>;

    /// The names in a folder, in any order, `None` if there is no such folder.
    fn list(&self, folder: &Path) -> Result<Option<Vec<String>>, files::Error>;

    /// The permission bits of a file; 0 where there is no such thing.
    fn mode(&self, path: &Path) -> Result<u32, files::Error>;

    /// Opens a file to write at its end, and makes it if need be. With `empty` what was in it is dropped first.
    fn append(&self, path: &Path, empty: bool) -> Result<Box<dyn Appender>, files::Error>;

    /// Replaces a file: readers see the old content or the new one. Nothing is synced.
    fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), files::Error>;

    /// Gives a file another name.
    fn rename(&self, from: &Path, to: &Path) -> Result<(), files::Error>;

    /// Makes the names in a folder durable.
    fn sync_folder(&self, folder: &Path) -> Result<(), files::Error>;

    /// Takes a lock on a file that is made if need be: alone, or with others who share it. `None` if somebody else has
    /// it. It is held until the returned value is dropped or the process ends.
    fn lock(&self, path: &Path, shared: bool) -> Result<Option<Box<dyn Send + Sync>>, files::Error>;
}

/// A file that is written at its end.
pub trait Appender: Send {
    /// How many bytes it has.
    fn length(&self) -> Result<u64, files::Error>;

    /// Writes all bytes, with one call of the operating system if it takes them all at once.
    fn write(&mut self, bytes: &[u8]) -> Result<(), files::Error>;

    /// Makes what was written durable.
    fn sync(&mut self) -> Result<(), files::Error>;
}

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsDisk;

impl Disk for OsDisk {
    fn read(&self, path: &Path, limit: u64) -> Result<Option<Vec<u8>>, files::Error> {
        match files::read(path, limit) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(files::Error::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read_at(&self, path: &Path, offset: u64, length: usize) -> Result<Vec<u8>, files::Error> {
        let mut file = files::open(path)?;
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::Start(offset))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(reading(path))?;
        Ok(bytes)
    }

    fn list(&self, folder: &Path) -> Result<Option<Vec<String>>, files::Error> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(reading(folder)(error)),
        };
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        names.collect::<io::Result<_>>().map(Some).map_err(reading(folder))
    }

    #[cfg(unix)]
    fn mode(&self, path: &Path) -> Result<u32, files::Error> {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o7777).map_err(reading(path))
    }

    #[cfg(not(unix))]
    fn mode(&self, _path: &Path) -> Result<u32, files::Error> {
        Ok(0)
    }

    fn append(&self, path: &Path, empty: bool) -> Result<Box<dyn Appender>, files::Error> {
        let mut options = OpenOptions::new();
        options.create(true);
        if empty {
            options.write(true).truncate(true)
        } else {
            options.append(true)
        };
        let file = options.open(path).map_err(writing(path))?;
        Ok(Box::new(OsFile { file, path: path.to_owned() }))
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), files::Error> {
        // One name for the new content: who replaces a log's file holds the log's lock, and what a crash leaves behind
        // is overwritten the next time.
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(".new");
        let temporary = path.with_file_name(name);
        File::create(&temporary).and_then(|mut file| file.write_all(bytes)).map_err(writing(&temporary))?;
        self.rename(&temporary, path)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), files::Error> {
        std::fs::rename(from, to).map_err(writing(to))
    }

    fn sync_folder(&self, folder: &Path) -> Result<(), files::Error> {
        files::sync_folder(folder)
    }

    fn lock(&self, path: &Path, shared: bool) -> Result<Option<Box<dyn Send + Sync>>, files::Error> {
        let file = if shared {
            files::open(path)?
        } else {
            OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(writing(path))?
        };
        let locked = if shared { file.try_lock_shared() } else { file.try_lock() };
        match locked {
            Ok(()) => Ok(Some(Box::new(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(writing(path)(error)),
        }
    }
}

struct OsFile {
    file: File,
    path: std::path::PathBuf,
}

impl Appender for OsFile {
    fn length(&self) -> Result<u64, files::Error> {
        self.file.metadata().map(|metadata| metadata.len()).map_err(reading(&self.path))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), files::Error> {
        self.file.write_all(bytes).map_err(writing(&self.path))
    }

    fn sync(&mut self) -> Result<(), files::Error> {
        self.file.sync_data().map_err(writing(&self.path))
    }
}

fn reading(path: &Path) -> impl FnOnce(io::Error) -> files::Error + '_ {
    |source| files::Error::Read { path: path.to_owned(), source }
}

fn writing(path: &Path) -> impl FnOnce(io::Error) -> files::Error + '_ {
    |source| files::Error::Write { path: path.to_owned(), source }
}

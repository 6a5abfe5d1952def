//! Key files: made once, private to their owner, with the public half beside them as `FILE.pub`.

use std::fmt;
use std::path::{Path, PathBuf};

use p256::elliptic_curve::zeroize::Zeroizing;

use crate::files::{self, Access};
use crate::keys::{self, KeyType, PrivateKey, PublicKey, Signer as _, cosign};

/// Makes a key: `path` gets the private half (0600), [`public_path`] the public one. Neither may exist, and both are
/// durable when this returns: what the key will sign is kept for years.
pub fn create(path: &Path, key_type: KeyType) -> Result<PrivateKey, Error> {
    if path == Path::new("-") {
        return Err(Error::NoName);
    }
    let public = public_path(path);
    // A link that leads nowhere is a name that is taken too.
    if public.symlink_metadata().is_ok() {
        return Err(files::Error::Exists(public).into());
    }
    let key =
        PrivateKey::generate(key_type).map_err(|source| Error::Key { path: path.to_owned(), source })?;
    files::create(path, key.to_pem().as_bytes(), Access::Private)?;
    let halves = publish(path, &key);
    if halves.is_err() {
        // A key that nobody has seen is no loss, and half a pair would only be in the way of the next attempt.
        let _ = files::remove(path);
    }
    halves?;
    Ok(key)
}

/// The key in a file, or a new one where there is no file, and whether it is new. Of several processes that make it at
/// once one does and the others use its key.
pub fn open_or_create(
    path: &Path,
    password: Option<&Password>,
    key_type: KeyType,
) -> Result<(PrivateKey, bool), Error> {
    let is_input = path == Path::new("-");
    if !is_input && path.symlink_metadata().is_err() {
        match create(path, key_type) {
            Ok(key) => return Ok((key, true)),
            // Another process made it in the meantime.
            Err(Error::File(files::Error::Exists(_))) if path.exists() => {}
            Err(error) => return Err(error),
        }
    }
    Ok((open(path, password)?, false))
}

fn publish(path: &Path, key: &PrivateKey) -> Result<(), files::Error> {
    files::create(public_path(path), key.public_key().to_pem().as_bytes(), Access::Shared)?;
    files::sync_folder(path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new(".")))
}

/// Opens a private key: PKCS#8 PEM, or cosign's encrypted form with a password.
pub fn open(path: &Path, password: Option<&Password>) -> Result<PrivateKey, Error> {
    match files::read_private(path, keys::MAX_PEM as u64) {
        Ok(file) => private(path, &file, password),
        // What is no secret may be open to others; that it is no private key is then what matters.
        Err(exposed @ files::Error::Exposed { .. }) => {
            let file = files::read(path, keys::MAX_PEM as u64)?;
            if is_private(&file) { Err(exposed.into()) } else { private(path, &file, password) }
        }
        Err(error) => Err(error.into()),
    }
}

/// The public half of a key file of either kind.
pub fn open_public(path: &Path, password: Option<&Password>) -> Result<PublicKey, Error> {
    let file = files::read(path, keys::MAX_PEM as u64)?;
    if is_private(&file) {
        return Ok(open(path, password)?.public_key());
    }
    PublicKey::from_pem(&file).map_err(|source| Error::Key { path: path.to_owned(), source })
}

/// Where the public half of a private key stands: its name and `.pub`.
pub fn public_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    PathBuf::from(name)
}

fn private(path: &Path, file: &[u8], password: Option<&Password>) -> Result<PrivateKey, Error> {
    let opened = if cosign::is_key_file(file) {
        cosign::open(file, &password.ok_or_else(|| Error::Password(path.to_owned()))?.0)
    } else {
        PrivateKey::from_pem(file)
    };
    opened.map_err(|source| Error::Key { path: path.to_owned(), source })
}

fn is_private(file: &[u8]) -> bool {
    let marker = b"PRIVATE KEY-----";
    file.windows(marker.len()).any(|window| window == marker)
}

/// The password of a key file. Its memory is wiped when it is dropped, and no text form shows it.
#[derive(Clone)]
pub struct Password(Zeroizing<Vec<u8>>);

impl Password {
    /// A password of these bytes, which may be none.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why a key file is of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be read or written.
    #[error(transparent)]
    File(#[from] files::Error),
    /// It holds no key, or not one that can be used here.
    #[error("there is no usable key in `{}`", .path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: keys::Error,
    },
    /// A key cannot be made on standard output: it is two files.
    #[error("a key is two files, FILE and FILE.pub, and `-` is none")]
    NoName,
    /// It is encrypted and no password came with it.
    #[error("`{}` is encrypted", .0.display())]
    Password(PathBuf),
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::File(error) => error.help(),
            Self::Key { source, .. } => source.help(),
            Self::NoName => Some("name a file"),
            Self::Password(_) => Some("give its password in the environment variable COSIGN_PASSWORD"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_half_of_a_key_is_ever_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let key = create(&path, KeyType::P256).unwrap();
        assert!(matches!(create(&path, KeyType::P256), Err(Error::File(files::Error::Exists(_)))));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(create(&path, KeyType::P256), Err(Error::File(files::Error::Exists(_)))));
        assert!(!path.exists());
        assert_eq!(open_public(&public_path(&path), None).unwrap().digest(), key.public_key().digest());
    }

    #[cfg(unix)]
    #[test]
    fn a_pair_that_cannot_be_whole_is_not_begun() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        // A link that leads nowhere is a name that is taken.
        std::os::unix::fs::symlink("nowhere", public_path(&path)).unwrap();
        assert!(matches!(create(&path, KeyType::P256), Err(Error::File(files::Error::Exists(_)))));
        assert!(!path.exists());
        assert!(matches!(create(Path::new("-"), KeyType::P256), Err(Error::NoName)));
    }

    #[test]
    fn of_many_who_make_a_key_at_once_all_get_the_same() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..20 {
            let path = folder.path().join(format!("{round}.pem"));
            let one = || open_or_create(&path, None, KeyType::P256).unwrap();
            let keys: Vec<_> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert_eq!(keys.iter().filter(|(_, is_new)| *is_new).count(), 1);
            assert!(keys.iter().all(|(key, _)| key.public_key() == keys[0].0.public_key()));
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(format!("{:?}", Password::new(b"secret".to_vec())), "Password(…)");
    }

    #[test]
    fn both_halves_tell_the_same_public_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        create(&path, KeyType::Ed25519).unwrap();
        let private = open_public(&path, None).unwrap();
        assert_eq!(private.digest(), open_public(&public_path(&path), None).unwrap().digest());
    }

    #[test]
    fn a_public_key_does_not_sign() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        create(&path, KeyType::P256).unwrap();
        let public = files::read(public_path(&path), 1000).unwrap();
        let other = folder.path().join("other.pem");
        files::create(&other, &public, Access::Private).unwrap();
        assert!(matches!(open(&other, None), Err(Error::Key { .. })));
    }
}

//! Key files: made once, private to their owner, with the public half beside them as `FILE.pub`.

use std::path::{Path, PathBuf};

use crate::files::{self, Access};
use crate::keys::{self, KeyType, PrivateKey, PublicKey, Signer as _, cosign};

/// Makes a key: `path` gets the private half (0600), [`public_path`] the public one. Neither may exist.
pub fn create(path: &Path, key_type: KeyType) -> Result<PrivateKey, Error> {
    let public = public_path(path);
    if public.exists() {
        return Err(files::Error::Exists(public).into());
    }
    let key =
        PrivateKey::generate(key_type).map_err(|source| Error::Key { path: path.to_owned(), source })?;
    files::create(path, key.to_pem().as_bytes(), Access::Private)?;
    files::create(&public, key.public_key().to_pem().as_bytes(), Access::Shared)?;
    Ok(key)
}

/// Opens a private key that signs bundles: PKCS#8 PEM, or cosign's encrypted form with a password.
pub fn open(path: &Path, password: Option<&[u8]>) -> Result<PrivateKey, Error> {
    let key = open_any(path, password)?;
    for_bundles(path, key.key_type())?;
    Ok(key)
}

/// Opens a private key of any kind, in the same forms.
pub fn open_any(path: &Path, password: Option<&[u8]>) -> Result<PrivateKey, Error> {
    let file = files::read_private(path, keys::MAX_PEM as u64)?;
    private(path, &file, password)
}

/// The public half of a key file of either form, of a key that signs bundles.
pub fn open_public(path: &Path, password: Option<&[u8]>) -> Result<PublicKey, Error> {
    let key = open_any_public(path, password)?;
    for_bundles(path, key.key_type())?;
    Ok(key)
}

/// The public half of a key file of either form, of a key of any kind.
pub fn open_any_public(path: &Path, password: Option<&[u8]>) -> Result<PublicKey, Error> {
    let file = files::read(path, keys::MAX_PEM as u64)?;
    if is_private(&file) {
        return Ok(open_any(path, password)?.public_key());
    }
    PublicKey::from_pem(&file).map_err(|source| Error::Key { path: path.to_owned(), source })
}

fn for_bundles(path: &Path, kind: KeyType) -> Result<(), Error> {
    if kind.signs_bundles() {
        return Ok(());
    }
    Err(Error::Key { path: path.to_owned(), source: keys::Error::NotForBundles(kind) })
}

/// Where the public half of a private key stands: its name and `.pub`.
pub fn public_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    PathBuf::from(name)
}

fn private(path: &Path, file: &[u8], password: Option<&[u8]>) -> Result<PrivateKey, Error> {
    let opened = if cosign::is_key_file(file) {
        cosign::open(file, password.ok_or_else(|| Error::Password(path.to_owned()))?)
    } else {
        PrivateKey::from_pem(file)
    };
    opened.map_err(|source| Error::Key { path: path.to_owned(), source })
}

fn is_private(file: &[u8]) -> bool {
    let marker = b"PRIVATE KEY-----";
    file.windows(marker.len()).any(|window| window == marker)
}

/// Why a key file is of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be read or written.
    #[error(transparent)]
    File(#[from] files::Error),
    /// It holds no key, or not one that can be used here.
    #[error("`{}` is not such a key", .path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: keys::Error,
    },
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

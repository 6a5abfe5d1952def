//! Pieces that several JSON reports share.

use std::path::Path;

use serde::Serialize;

use crate::attest::statement;
use crate::digest::Digest;
use crate::keys::PublicKey;
use crate::release::Output;

/// A file and its size in bytes.
#[derive(Debug, Serialize)]
pub(super) struct File<'a> {
    pub(super) path: &'a Path,
    pub(super) size: u64,
}

impl<'a> From<&'a Output> for File<'a> {
    fn from(output: &'a Output) -> Self {
        Self { path: &output.path, size: output.bytes.len() as u64 }
    }
}

/// A file, its digest and its size in bytes.
#[derive(Debug, Serialize)]
pub(super) struct Hashed<'a> {
    pub(super) path: &'a Path,
    pub(super) sha256: String,
    pub(super) size: u64,
}

/// A subject of a statement.
#[derive(Debug, Serialize)]
pub(super) struct Subject<'a> {
    name: &'a str,
    sha256: Option<String>,
}

impl<'a> From<&'a statement::Subject> for Subject<'a> {
    fn from(subject: &'a statement::Subject) -> Self {
        Self { name: &subject.name, sha256: subject.digests.first().map(Digest::hex) }
    }
}

/// A key by its kind and the digest of its SPKI.
#[derive(Debug, Serialize)]
pub(super) struct Key {
    r#type: &'static str,
    sha256: String,
}

impl From<&PublicKey> for Key {
    fn from(key: &PublicKey) -> Self {
        Self { r#type: key.key_type().name(), sha256: key.digest().hex() }
    }
}

//! `key/v1`: a key that was made.

use std::io::{self, Write};
use std::path::Path;

use serde::{Serialize, Serializer};

use super::terminal::line;
use crate::keys::PublicKey;

/// What `key generate` did.
#[derive(Debug)]
pub struct Report<'a> {
    /// Where the private half is.
    pub private: &'a Path,
    /// Where the public half is.
    pub public: &'a Path,
    /// The public half.
    pub key: &'a PublicKey,
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Private<'a> {
            path: &'a Path,
        }
        #[derive(Serialize)]
        struct Public<'a> {
            path: &'a Path,
            #[serde(flatten)]
            key: super::json::Key,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            private_key: Private<'a>,
            public_key: Public<'a>,
        }
        Json {
            report: "key/v1",
            private_key: Private { path: self.private },
            public_key: Public { path: self.public, key: self.key.into() },
        }
        .serialize(serializer)
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        line(out, "private key", &format!("{}  (yours alone, mode 0600)", self.private.display()))?;
        line(out, "public key", &self.public.display().to_string())?;
        line(out, "type", self.key.key_type().name())?;
        line(out, "digest", &self.key.digest().to_string())
    }
}

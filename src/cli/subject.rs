//! What `graph` and `audit` look at: an SBOM, or a project whose SBOM is made on the way.

use std::path::Path;

use super::context::{self, Context};
use super::failure::{Failure, OrFail as _};
use super::selection::Selection;
use crate::document::Limits;
use crate::generate::{self, Generated, Source};
use crate::sbom::Sbom;

/// An SBOM, and how it came about.
pub(crate) struct Subject {
    /// The SBOM.
    pub(crate) sbom: Sbom,
    /// What the user named.
    pub(crate) name: String,
    /// What is to be said about making it, if it was made here.
    pub(crate) generated: Option<Generated>,
}

impl Subject {
    /// Reads the SBOM of that name, or makes the one of the project of that name.
    pub(crate) fn open(name: &str, selection: &Selection, context: &Context) -> Result<Self, Failure> {
        let path = Path::new(name);
        let is_project = path.is_dir() || path.file_name().is_some_and(|name| name == "Cargo.toml");
        let (bytes, generated) = if is_project {
            let project = Source::Project { path: path.to_owned() };
            context.progress("resolving dependencies");
            let mut generated =
                generate::generate(&selection.request(project, context)).or_fail("make the SBOM")?;
            (std::mem::take(&mut generated.sbom), Some(generated))
        } else {
            (context::document(name, "the SBOM")?, None)
        };
        context.progress("reading the SBOM");
        let sbom = Sbom::read(bytes, &Limits::default()).or_fail(format!("read the SBOM {name}"))?;
        context.progress_done();
        Ok(Self { sbom, name: name.to_owned(), generated })
    }
}

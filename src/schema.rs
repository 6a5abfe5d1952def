//! The official JSON Schemas of the formats, from a folder of the user, applied beside our own grammar.
//!
//! They are no part of this program: <https://github.com/CycloneDX/specification> and <https://github.com/spdx/spdx-spec>
//! have them. What a schema refers to is looked for in the same folder and nowhere else; nothing is fetched. Patterns are
//! matched in linear time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use jsonschema::{PatternOptions, Registry, Validator};
use serde_json::Value;

use crate::document::Limits;
use crate::files;
use crate::finding::{Finding, Location, Rule, Severity};
use crate::sbom::{Format, Opened, open};

/// A folder of schemas.
#[derive(Debug)]
pub struct Schemas {
    folder: PathBuf,
    /// Every schema in it, by the name of its file.
    files: BTreeMap<String, Value>,
    /// Those that were made ready, by the name of their file.
    ready: RefCell<BTreeMap<String, Rc<Validator>>>,
}

/// What a schema says about a document.
#[derive(Debug, Default)]
pub struct Judgement {
    /// What it found.
    pub findings: Vec<Finding>,
    /// Findings beyond [`MOST_FINDINGS`], which are counted alone.
    pub omitted: usize,
    /// Why there is no telling.
    pub undecided: Option<String>,
}

impl Schemas {
    /// Reads all that ends in `.json` in a folder.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let listed = files::list(folder)?.ok_or_else(|| Error::NoFolder(folder.to_owned()))?;
        let mut schemas = BTreeMap::new();
        for path in listed {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let bytes = files::read(&path, MAX_SCHEMA)?;
            let schema = serde_json::from_slice(&bytes)
                .map_err(|error| Error::Json(path.clone(), error.to_string()))?;
            schemas.insert(name.to_owned(), schema);
        }
        if schemas.keys().all(|name| !Format::all().any(|format| names(format).contains(name))) {
            return Err(Error::None(folder.to_owned()));
        }
        Ok(Self { folder: folder.to_owned(), files: schemas, ready: RefCell::default() })
    }

    /// Applies the schema of a document's format. What is no document of a format has been refused before.
    pub fn check(&self, bytes: Vec<u8>, limits: &Limits, file: &str) -> Result<Judgement, Error> {
        let Ok(Opened { format, document, .. }) = open(bytes, limits) else {
            return Ok(Judgement::default());
        };
        let wanted = names(format);
        let Some(name) = wanted.iter().find(|name| self.files.contains_key(*name)) else {
            let because = format!("{} has no {}", self.folder.display(), wanted[0]);
            return Ok(Judgement::undecided(file, &because));
        };
        if document.bytes().len() > MAX_DOCUMENT {
            let because = format!(
                "the document has {} bytes, and a schema is applied to {MAX_DOCUMENT} at most",
                document.bytes().len()
            );
            return Ok(Judgement::undecided(file, &because));
        }
        let instance: Value = match serde_json::from_slice(document.bytes()) {
            Ok(instance) => instance,
            Err(error) => return Ok(Judgement::undecided(file, &error.to_string())),
        };
        let validator = self.validator(name)?;
        let mut judgement = Judgement::default();
        for error in validator.iter_errors(&instance) {
            if judgement.findings.len() == MOST_FINDINGS {
                judgement.omitted += 1;
                continue;
            }
            let pointer = error.instance_path().to_string();
            let at = document.at(&pointer).map(|value| value.position());
            let subject = if pointer.is_empty() { "the document" } else { &pointer };
            // The value itself may be large; where it stands is said.
            let message: String = error.masked().to_string().chars().take(SHOWN).collect();
            judgement.findings.push(RULE.fail(subject, message).because("schema", name).at(Location {
                file: file.to_owned(),
                line: at.map(|at| at.line),
                column: at.map(|at| at.column),
                pointer: Some(pointer),
            }));
        }
        Ok(judgement)
    }

    fn validator(&self, name: &str) -> Result<Rc<Validator>, Error> {
        if let Some(ready) = self.ready.borrow().get(name) {
            return Ok(Rc::clone(ready));
        }
        let refused = |error: &dyn std::fmt::Display| {
            let because: String = error.to_string().chars().take(SHOWN).collect();
            Error::Schema(self.folder.join(name), because)
        };
        let mut registry = Registry::new();
        for (other, schema) in self.files.iter().filter(|(other, _)| *other != name) {
            // Beside each other in the folder is beside each other where they were published.
            registry = registry
                .add(format!("{PUBLISHED}{other}"), schema.clone())
                .map_err(|error| refused(&error))?;
        }
        let registry = registry.prepare().map_err(|error| refused(&error))?;
        let validator = jsonschema::options()
            .offline()
            .with_registry(&registry)
            .with_pattern_options(PatternOptions::regex())
            .should_validate_formats(true)
            .build(&self.files[name])
            .map_err(|error| refused(&error))?;
        let ready = Rc::new(validator);
        self.ready.borrow_mut().insert(name.to_owned(), Rc::clone(&ready));
        Ok(ready)
    }
}

impl Judgement {
    fn undecided(file: &str, because: &str) -> Self {
        let location = Location { file: file.to_owned(), ..Location::default() };
        let finding = RULE.not_evaluated("the document", because).at(location);
        Self { findings: vec![finding], omitted: 0, undecided: Some(because.to_owned()) }
    }
}

/// The names under which the schema of a format is published, the usual one first.
fn names(format: Format) -> Vec<String> {
    match format {
        // The XML form is read into the shape of the JSON form of its version.
        Format::CycloneDxJson(version) | Format::CycloneDxXml(version) => {
            vec![format!("bom-{version}.schema.json")]
        }
        Format::Spdx2Json(version) | Format::Spdx2TagValue(version) => {
            vec![format!("spdx-schema-v{version}.json"), format!("spdx-schema-{version}.json")]
        }
        Format::Spdx3Json => vec!["spdx-schema-v3.0.1.json".to_owned(), "spdx-json-schema.json".to_owned()],
    }
}

/// Why a folder of schemas is of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be read.
    #[error(transparent)]
    Files(#[from] files::Error),
    /// Something else than a folder.
    #[error("{path} is no folder", path = .0.display())]
    NoFolder(PathBuf),
    /// A file that is not JSON.
    #[error("{path}: {because}", path = .0.display(), because = .1)]
    Json(PathBuf, String),
    /// No schema of a format that is known.
    #[error("there is no schema of a document format in {path}", path = .0.display())]
    None(PathBuf),
    /// A schema that cannot be applied: it is none, or refers to one that is not there.
    #[error("{path} cannot be applied: {because}", path = .0.display(), because = .1)]
    Schema(PathBuf, String),
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Files(error) => error.help(),
            Self::Json(..) => Some("fetch it again, or take it out of the folder"),
            Self::NoFolder(_) | Self::None(_) => Some(
                "a folder like `schema/` of github.com/CycloneDX/specification is expected, with bom-1.6.schema.json in it",
            ),
            Self::Schema(..) => Some(
                "what it refers to must lie beside it: spdx.schema.json, jsf-0.82.schema.json, cryptography-defs.schema.json",
            ),
        }
    }
}

static RULE: Rule = Rule {
    id: "schema",
    title: "the document is what the official schema of its version says",
    severity: Severity::High,
    remedy: "correct it at the place given; docs/grammar.md says where our grammar and the schemas differ",
};

/// Where the schemas of CycloneDX refer to each other.
const PUBLISHED: &str = "http://cyclonedx.org/schema/";
/// Bytes of one schema.
const MAX_SCHEMA: u64 = 16 << 20;
/// Bytes of a document that a schema is applied to: they take about ten times as much memory while it is.
pub const MAX_DOCUMENT: usize = 128 << 20;
/// How many findings are listed; the others are counted.
pub const MOST_FINDINGS: usize = 200;
/// Characters of a message.
const SHOWN: usize = 300;

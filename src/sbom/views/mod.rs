//! Typed views of what stands beside components and dependencies: services, vulnerabilities, evidence, formulation,
//! declarations, standards, citations.
//!
//! A view borrows the document and decodes what it is asked for. The shape of a part is checked once, when it is asked for
//! the first time by a caller; a document that nobody asks about its declarations may have any. After that nothing fails. A field
//! that is `null` counts as absent.
//!
//! ```
//! use sbom_attest::document::Limits;
//! use sbom_attest::sbom::Sbom;
//!
//! let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","declarations":{
//!     "claims":[{"bom-ref":"c","predicate":"no secrets in the image","evidence":["e"]}],
//!     "attestations":[{"map":[{"requirement":"r","claims":["c"],"conformance":{"score":0.97,"rationale":"291 of 300"}}]}]}}"#;
//! let sbom = Sbom::read(text.into(), &Limits::default())?;
//! let declarations = sbom.declarations()?;
//! let mapping = declarations.attestations().flat_map(|attestation| attestation.map()).next().expect("it is there");
//! assert_eq!(mapping.conformance().and_then(|conformance| conformance.score()), Some(0.97));
//! assert_eq!(mapping.claims().next().map(|claim| claim.text().into_owned()).as_deref(), Some("c"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod citation;
mod declarations;
mod evidence;
mod formulation;
mod service;
mod shape;
mod standard;
#[cfg(test)]
mod tests;
mod vulnerability;

pub use citation::Citation;
pub use declarations::{
    Affirmation, Assessor, Attestation, Claim, Declarations, Mapping, Proof, Score, Signatory,
};
pub use evidence::{Evidence, IdentityClaim, Method, Occurrence};
pub use formulation::{Formula, Task, Workflow};
pub use service::{DataFlow, Service};
pub use standard::{Level, Requirement, Standard};
pub use vulnerability::{Affected, AffectedVersion, Analysis, Rating, Vulnerability};

use super::{Component, Error, Reference, Sbom};
use crate::document::Value;

impl Sbom {
    /// The services, nested ones too, with their endpoints and the data that flows.
    pub fn services(&self) -> Result<impl Iterator<Item = Service<'_>>, Error> {
        let services = || self.components().filter(|component| component.role() == super::Role::Service);
        services().try_for_each(|service| shape::check(service.value(), &service::SHAPE))?;
        Ok(services().map(Service::new))
    }

    /// The vulnerabilities, with what was found out about them (VEX).
    pub fn vulnerabilities(&self) -> Result<impl Iterator<Item = Vulnerability<'_>>, Error> {
        Ok(self.part("vulnerabilities", &vulnerability::SHAPE)?.map(Vulnerability::new))
    }

    /// How the product came to be.
    pub fn formulation(&self) -> Result<impl Iterator<Item = Formula<'_>>, Error> {
        Ok(self.part("formulation", &formulation::SHAPE)?.map(Formula::new))
    }

    /// Who claims what, on which evidence; empty where nobody does.
    pub fn declarations(&self) -> Result<Declarations<'_>, Error> {
        let value = self.document.root().get("declarations").filter(|value| !value.is_null());
        if let Some(value) = value {
            shape::check(value, &declarations::SHAPE)?;
        }
        Ok(Declarations::new(value))
    }

    /// The standards that the document defines.
    pub fn standards(&self) -> Result<impl Iterator<Item = Standard<'_>>, Error> {
        let definitions = self.document.root().get("definitions").filter(|value| !value.is_null());
        if let Some(definitions) = definitions {
            shape::check(definitions, &standard::SHAPE)?;
        }
        Ok(definitions.into_iter().flat_map(|value| super::elements(value, "standards")).map(Standard::new))
    }

    /// Who says so: where parts of the document come from.
    pub fn citations(&self) -> Result<impl Iterator<Item = Citation<'_>>, Error> {
        Ok(self.part("citations", &citation::SHAPE)?.map(Citation::new))
    }

    fn part(&self, name: &str, each: &shape::Shape) -> Result<impl Iterator<Item = Value<'_>>, Error> {
        let list = self.document.root().get(name).filter(|list| !list.is_null());
        if let Some(list) = list {
            shape::check_list(list, each)?;
        }
        Ok(list.into_iter().flat_map(|list| list.elements()))
    }
}

impl<'a> Component<'a> {
    /// How it was found and where; nothing where that is not said.
    pub fn evidence(&self) -> Result<Option<Evidence<'a>>, Error> {
        let Some(value) = self.value().get("evidence").filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        shape::check(value, &evidence::SHAPE)?;
        Ok(Some(Evidence::new(value)))
    }
}

/// The references in a list.
fn references<'a>(value: Value<'a>, name: &str) -> impl Iterator<Item = Reference<'a>> + use<'a> {
    super::elements(value, name).map(Reference::new)
}

/// A reference that is a member.
fn reference<'a>(value: Value<'a>, name: &str) -> Option<Reference<'a>> {
    value.get(name).filter(|text| !text.is_null()).map(Reference::new)
}

/// The texts in a list.
fn texts<'a>(value: Value<'a>, name: &str) -> impl Iterator<Item = std::borrow::Cow<'a, str>> + use<'a> {
    super::elements(value, name).filter_map(|text| text.as_str())
}

/// An object that is a member.
fn object<'a>(value: Value<'a>, name: &str) -> Option<Value<'a>> {
    value.get(name).filter(|object| !object.is_null())
}

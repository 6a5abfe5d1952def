//! Declarations (CDXA): who claims what, on which evidence, and how far that meets which requirement.

use std::borrow::Cow;

use super::shape::Shape;
use super::{object, reference, references};
use crate::document::Value;
use crate::sbom::{Reference, elements, text};

pub(super) static SHAPE: Shape = Shape::Object(&[
    ("assessors", Shape::List(&ASSESSOR)),
    ("attestations", Shape::List(&ATTESTATION)),
    ("claims", Shape::List(&CLAIM)),
    ("evidence", Shape::List(&EVIDENCE)),
    ("affirmation", AFFIRMATION),
]);
const REFS: Shape = Shape::List(&Shape::Text);
const ORGANIZATION: Shape = Shape::Object(&[("name", Shape::Text)]);
static ASSESSOR: Shape =
    Shape::Object(&[("bom-ref", Shape::Text), ("thirdParty", Shape::Bool), ("organization", ORGANIZATION)]);
static ATTESTATION: Shape =
    Shape::Object(&[("summary", Shape::Text), ("assessor", Shape::Text), ("map", Shape::List(&MAPPING))]);
static MAPPING: Shape = Shape::Object(&[
    ("requirement", Shape::Text),
    ("claims", REFS),
    ("counterClaims", REFS),
    ("conformance", SCORE),
    ("confidence", SCORE),
]);
const SCORE: Shape =
    Shape::Object(&[("score", Shape::Number), ("rationale", Shape::Text), ("mitigationStrategies", REFS)]);
static CLAIM: Shape = Shape::Object(&[
    ("bom-ref", Shape::Text),
    ("target", Shape::Text),
    ("predicate", Shape::Text),
    ("mitigationStrategies", REFS),
    ("reasoning", Shape::Text),
    ("evidence", REFS),
    ("counterEvidence", REFS),
]);
static EVIDENCE: Shape = Shape::Object(&[
    ("bom-ref", Shape::Text),
    ("propertyName", Shape::Text),
    ("description", Shape::Text),
    ("created", Shape::Text),
    ("expires", Shape::Text),
]);
const AFFIRMATION: Shape =
    Shape::Object(&[("statement", Shape::Text), ("signatories", Shape::List(&SIGNATORY))]);
static SIGNATORY: Shape =
    Shape::Object(&[("name", Shape::Text), ("role", Shape::Text), ("organization", ORGANIZATION)]);

/// All that is declared.
#[derive(Debug, Clone, Copy)]
pub struct Declarations<'a>(Option<Value<'a>>);

impl<'a> Declarations<'a> {
    pub(super) fn new(value: Option<Value<'a>>) -> Self {
        Self(value)
    }

    fn list(self, name: &'static str) -> impl Iterator<Item = Value<'a>> + use<'a> {
        self.0.into_iter().flat_map(move |value| elements(value, name))
    }

    /// Who assessed.
    pub fn assessors(&self) -> impl Iterator<Item = Assessor<'a>> + use<'a> {
        self.list("assessors").map(Assessor)
    }

    /// What was attested.
    pub fn attestations(&self) -> impl Iterator<Item = Attestation<'a>> + use<'a> {
        self.list("attestations").map(Attestation)
    }

    /// What is claimed.
    pub fn claims(&self) -> impl Iterator<Item = Claim<'a>> + use<'a> {
        self.list("claims").map(Claim)
    }

    /// What the claims rest on.
    pub fn evidence(&self) -> impl Iterator<Item = Proof<'a>> + use<'a> {
        self.list("evidence").map(Proof)
    }

    /// Who affirms all of it.
    pub fn affirmation(&self) -> Option<Affirmation<'a>> {
        object(self.0?, "affirmation").map(Affirmation)
    }
}

/// Who assessed.
#[derive(Debug, Clone, Copy)]
pub struct Assessor<'a>(Value<'a>);

impl<'a> Assessor<'a> {
    /// How others refer to it.
    pub fn bom_ref(&self) -> Option<Cow<'a, str>> {
        text(self.0, "bom-ref")
    }

    /// Whether it is somebody else than the maker.
    pub fn is_third_party(&self) -> Option<bool> {
        self.0.get("thirdParty")?.as_bool()
    }

    /// The name of the organization.
    pub fn organization(&self) -> Option<Cow<'a, str>> {
        text(object(self.0, "organization")?, "name")
    }
}

/// What an assessor attests.
#[derive(Debug, Clone, Copy)]
pub struct Attestation<'a>(Value<'a>);

impl<'a> Attestation<'a> {
    /// In a sentence.
    pub fn summary(&self) -> Option<Cow<'a, str>> {
        text(self.0, "summary")
    }

    /// By whom.
    pub fn assessor(&self) -> Option<Reference<'a>> {
        reference(self.0, "assessor")
    }

    /// Requirement by requirement.
    pub fn map(&self) -> impl Iterator<Item = Mapping<'a>> + use<'a> {
        elements(self.0, "map").map(Mapping)
    }
}

/// How far claims meet a requirement.
#[derive(Debug, Clone, Copy)]
pub struct Mapping<'a>(Value<'a>);

impl<'a> Mapping<'a> {
    /// The object in the document.
    pub fn value(&self) -> Value<'a> {
        self.0
    }

    /// The requirement, often one of another document.
    pub fn requirement(&self) -> Option<Reference<'a>> {
        reference(self.0, "requirement")
    }

    /// The claims that speak for it.
    pub fn claims(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        references(self.0, "claims")
    }

    /// The claims that speak against it.
    pub fn counter_claims(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        references(self.0, "counterClaims")
    }

    /// How far it is met.
    pub fn conformance(&self) -> Option<Score<'a>> {
        object(self.0, "conformance").map(Score)
    }

    /// How sure that is.
    pub fn confidence(&self) -> Option<Score<'a>> {
        object(self.0, "confidence").map(Score)
    }
}

/// A number from 0 to 1, and why.
#[derive(Debug, Clone, Copy)]
pub struct Score<'a>(Value<'a>);

impl<'a> Score<'a> {
    /// The number.
    pub fn score(&self) -> Option<f64> {
        self.0.get("score")?.as_f64()
    }

    /// Why.
    pub fn rationale(&self) -> Option<Cow<'a, str>> {
        text(self.0, "rationale")
    }

    /// What makes up for what is missing.
    pub fn mitigation_strategies(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        references(self.0, "mitigationStrategies")
    }
}

/// A claim.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a>(Value<'a>);

impl<'a> Claim<'a> {
    /// How others refer to it.
    pub fn bom_ref(&self) -> Option<Cow<'a, str>> {
        text(self.0, "bom-ref")
    }

    /// What it is about.
    pub fn target(&self) -> Option<Reference<'a>> {
        reference(self.0, "target")
    }

    /// What is claimed.
    pub fn predicate(&self) -> Option<Cow<'a, str>> {
        text(self.0, "predicate")
    }

    /// Why it follows from the evidence.
    pub fn reasoning(&self) -> Option<Cow<'a, str>> {
        text(self.0, "reasoning")
    }

    /// What speaks for it.
    pub fn evidence(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        references(self.0, "evidence")
    }

    /// What speaks against it.
    pub fn counter_evidence(&self) -> impl Iterator<Item = Reference<'a>> + use<'a> {
        references(self.0, "counterEvidence")
    }
}

/// Evidence that claims rest on.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a>(Value<'a>);

impl<'a> Proof<'a> {
    /// How others refer to it.
    pub fn bom_ref(&self) -> Option<Cow<'a, str>> {
        text(self.0, "bom-ref")
    }

    /// The property of the CycloneDX taxonomy that it is evidence of.
    pub fn property(&self) -> Option<Cow<'a, str>> {
        text(self.0, "propertyName")
    }

    /// In words.
    pub fn description(&self) -> Option<Cow<'a, str>> {
        text(self.0, "description")
    }

    /// When it was made, as written.
    pub fn created(&self) -> Option<Cow<'a, str>> {
        text(self.0, "created")
    }

    /// Until when it counts, as written.
    pub fn expires(&self) -> Option<Cow<'a, str>> {
        text(self.0, "expires")
    }
}

/// A statement that people put their names under.
#[derive(Debug, Clone, Copy)]
pub struct Affirmation<'a>(Value<'a>);

impl<'a> Affirmation<'a> {
    /// The statement.
    pub fn statement(&self) -> Option<Cow<'a, str>> {
        text(self.0, "statement")
    }

    /// The people.
    pub fn signatories(&self) -> impl Iterator<Item = Signatory<'a>> + use<'a> {
        elements(self.0, "signatories").map(Signatory)
    }
}

/// Somebody who affirms.
#[derive(Debug, Clone, Copy)]
pub struct Signatory<'a>(Value<'a>);

impl<'a> Signatory<'a> {
    /// The name.
    pub fn name(&self) -> Option<Cow<'a, str>> {
        text(self.0, "name")
    }

    /// In which role.
    pub fn role(&self) -> Option<Cow<'a, str>> {
        text(self.0, "role")
    }

    /// The signature, if one stands there; [`jsf`](crate::sbom::jsf) says whether it holds.
    pub fn signature(&self) -> Option<Value<'a>> {
        object(self.0, crate::document::signed::SIGNATURE)
    }
}

//! Marks: what the grammar says a value means, for the rules that look beyond its form.

/// What a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A bom-ref.
    Defines,
    /// A reference to a bom-ref.
    Refers,
    /// A reference to an object of a class, which has this number in its table.
    RefersTo(u16),
    /// A package URL.
    Purl,
    /// A CPE name.
    Cpe,
    /// A Software Heritage id.
    SwhId,
    /// An SPDX licence expression.
    Expression,
    /// An RFC 6901 pointer into this document.
    Pointer,
    /// A digest with its algorithm.
    Digest,
    /// A SWID tag.
    Swid,
    /// Terms of a licence, with their dates.
    Licensing,
    /// A vulnerability, with its dates.
    Vulnerability,
    /// What was found out about a vulnerability, with its dates.
    Analysis,
    /// A workflow or task, with its times.
    Work,
    /// Evidence for a claim.
    Evidence,
    /// A score with its rationale.
    Score,
    /// A requirement, which may have a parent.
    Requirement,
    /// A patent, with its dates.
    Patent,
    /// A certificate, with its dates.
    Certificate,
    /// Key material, with its dates.
    Material,
    /// An SPDX 2 document.
    SpdxDocument,
    /// A package of SPDX 2.
    SpdxPackage,
    /// A file of SPDX 2.
    SpdxFile,
    /// A snippet of SPDX 2.
    SpdxSnippet,
    /// The range of a snippet.
    SpdxRange,
    /// A digest of SPDX 2 with its algorithm.
    Spdx2Digest,
    /// A reference to an element of SPDX 2, or `NONE` or `NOASSERTION`.
    Element,
    /// A relationship of SPDX 2.
    Relationship,
    /// A reference to another SPDX 2 document.
    ExternalDocument,
    /// What else names a package of SPDX 2.
    ExternalRef,
    /// A licence that a document of SPDX 2 brings itself.
    ExtractedLicense,
    /// A licence expression of SPDX 2, or `NONE` or `NOASSERTION`.
    License,
    /// A URL, a place in a version control system, `NONE` or `NOASSERTION`.
    Location,
    /// The namespace of an SPDX 2 document.
    Namespace,
    /// An object of SPDX 3.
    SpdxObject,
    /// A digest of SPDX 3, with its algorithm.
    SpdxDigest,
    /// An identifier of SPDX 3, with its type.
    SpdxIdentifier,
    /// An identifier of SPDX 3 that is made of the content, with its type.
    SpdxContent,
}

impl Mark {
    pub(super) fn named(name: &str) -> Result<Self, String> {
        Ok(match name {
            "defines" => Self::Defines,
            "refers" => Self::Refers,
            "purl" => Self::Purl,
            "cpe" => Self::Cpe,
            "swhid" => Self::SwhId,
            "expression" => Self::Expression,
            "pointer" => Self::Pointer,
            "digest" => Self::Digest,
            "swid" => Self::Swid,
            "licensing" => Self::Licensing,
            "vulnerability" => Self::Vulnerability,
            "analysis" => Self::Analysis,
            "work" => Self::Work,
            "evidence" => Self::Evidence,
            "score" => Self::Score,
            "requirement" => Self::Requirement,
            "patent" => Self::Patent,
            "certificate" => Self::Certificate,
            "material" => Self::Material,
            "spdx-document" => Self::SpdxDocument,
            "spdx-package" => Self::SpdxPackage,
            "spdx-file" => Self::SpdxFile,
            "spdx-snippet" => Self::SpdxSnippet,
            "spdx-range" => Self::SpdxRange,
            "spdx2-digest" => Self::Spdx2Digest,
            "element" => Self::Element,
            "relationship" => Self::Relationship,
            "external-document" => Self::ExternalDocument,
            "external-ref" => Self::ExternalRef,
            "extracted-license" => Self::ExtractedLicense,
            "license" => Self::License,
            "location" => Self::Location,
            "namespace" => Self::Namespace,
            "spdx-object" => Self::SpdxObject,
            "spdx-digest" => Self::SpdxDigest,
            "spdx-identifier" => Self::SpdxIdentifier,
            "spdx-content" => Self::SpdxContent,
            other => return Err(format!("`{other}` is no mark")),
        })
    }
}

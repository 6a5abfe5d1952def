//! CycloneDX to SPDX 3.0.1 and back.
//!
//! What both models say goes through `part`, which has a form in each: it is mapped. What only CycloneDX says is kept in
//! an annotation of the element (`residue`) and comes back; signatures are dropped, for they are of the text that they
//! stand in. Ids are BOM-Links (`ids`): the same document gives the same SPDX document.
//!
//! | CycloneDX | SPDX 3 |
//! |---|---|
//! | component | `software_Package`, or `software_File`; its type is `software_primaryPurpose` |
//! | nested components | `contains` |
//! | service | `SoftwareAgent` with an annotation |
//! | `metadata.component` | `rootElement` of the `software_Sbom`, which is that of the `SpdxDocument` |
//! | `dependsOn`, `provides` | `dependsOn`, `hasSpecification`; nothing is `NoneElement` |
//! | compositions | `completeness` of relationships |
//! | licences | `hasDeclaredLicense`, `hasConcludedLicense` to a `simplelicensing_LicenseExpression` |
//! | supplier; manufacturer, authors | `suppliedBy`; `originatedBy` |
//! | properties | the extension `extension_CdxPropertiesExtension` |
//! | vulnerabilities, analysis, ratings | `security_Vulnerability`, VEX and CVSS relationships |
//! | lifecycles | `software_sbomType` |

mod backward;
mod element;
mod findings;
mod forward;
mod graph;
mod ids;
mod json;
mod license;
mod names;
mod part;
mod residue;
#[cfg(test)]
mod tests;
mod vex;

pub use backward::to_cyclonedx;
pub use forward::from_cyclonedx;

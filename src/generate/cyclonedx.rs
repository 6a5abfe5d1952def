//! An inventory as CycloneDX 1.6 JSON (ECMA-424).
//!
//! `cyclonedx-bom` holds the model up to 1.5; `lift.rs` does the rest. The same inventory gives the same
//! bytes: everything is sorted, and the serial number is derived from the content (RFC 9562, version 8).

use std::collections::BTreeMap;

use cyclonedx_bom::external_models::date_time::DateTime;
use cyclonedx_bom::external_models::normalized_string::NormalizedString;
use cyclonedx_bom::external_models::uri::{Purl, Uri};
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::models::component::{Classification, Component, Components, Scope as BomScope};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::external_reference::{
    ExternalReference, ExternalReferenceType, ExternalReferences,
};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::lifecycle::{Lifecycle, Lifecycles, Phase};
use cyclonedx_bom::models::metadata::Metadata;
use cyclonedx_bom::models::property::{Properties, Property};
use cyclonedx_bom::models::tool::Tools;
use jiff::Timestamp;

use super::Error;
use super::inventory::{Author, Inventory, Item, Kind, License, ReferenceKind, Scope};
use super::json::Json;
use super::lift;
use crate::digest::{Algorithm, Digest};

/// Writes the document, ended by a line feed.
pub fn write(inventory: &Inventory, timestamp: Option<Timestamp>) -> Result<Vec<u8>, Error> {
    let refused = |error: &dyn std::error::Error| Error::Write(error.to_string());
    let mut text = Vec::new();
    bom(inventory, timestamp)?
        .output_as_json(&mut text, SpecVersion::V1_5)
        .map_err(|error| refused(&error))?;
    let mut document: Json = serde_json::from_slice(&text).map_err(|error| refused(&error))?;

    let items = std::iter::once(&inventory.product).chain(inventory.items.values());
    let authors: BTreeMap<&str, &[Author]> = items.map(|it| (it.bom_ref.as_str(), &it.authors[..])).collect();
    lift::to_1_6(&mut document, &authors);

    let content = serde_json::to_vec(&document).map_err(|error| refused(&error))?;
    document.put("serialNumber", "specVersion", Json::text(serial_number(&content)));
    let mut bytes = serde_json::to_vec_pretty(&document).map_err(|error| refused(&error))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A UUID that follows from the content.
fn serial_number(content: &[u8]) -> String {
    format!("urn:uuid:{}", Digest::sha256(content).uuid())
}

fn bom(inventory: &Inventory, timestamp: Option<Timestamp>) -> Result<Bom, Error> {
    let items = std::iter::once(&inventory.product).chain(inventory.items.values());
    let mut dependencies: Vec<_> = items
        .map(|item| Dependency {
            dependency_ref: item.bom_ref.clone(),
            dependencies: inventory
                .dependencies
                .get(&item.bom_ref)
                .map(|to| to.iter().cloned().collect())
                .unwrap_or_default(),
        })
        .collect();
    dependencies.sort_by(|a, b| a.dependency_ref.cmp(&b.dependency_ref));
    Ok(Bom {
        version: 1,
        serial_number: None,
        metadata: Some(metadata(inventory, timestamp)?),
        components: Some(Components(inventory.items.values().map(component).collect())),
        dependencies: Some(Dependencies(dependencies)),
        ..Bom::default()
    })
}

fn metadata(inventory: &Inventory, timestamp: Option<Timestamp>) -> Result<Metadata, Error> {
    let timestamp = timestamp
        .map(|timestamp| {
            // Whole seconds: an SBOM says when it was made, it does not measure.
            let whole = Timestamp::from_second(timestamp.as_second()).unwrap_or(timestamp);
            DateTime::try_from(whole.to_string()).map_err(|error| Error::Write(error.to_string()))
        })
        .transpose()?;
    let tool =
        Component::new(Classification::Application, env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"), None);
    Ok(Metadata {
        timestamp,
        tools: Some(Tools::Object { services: None, components: Some(Components(vec![tool])) }),
        component: Some(component(&inventory.product)),
        properties: properties(inventory.properties.iter()),
        lifecycles: Some(Lifecycles(vec![Lifecycle::Phase(Phase::PreBuild)])),
        ..Metadata::default()
    })
}

fn component(item: &Item) -> Component {
    let kind = match item.kind {
        Kind::Application => Classification::Application,
        Kind::Library => Classification::Library,
    };
    let mut component = Component::new(kind, &item.name, "", Some(item.bom_ref.clone()));
    component.version = item.version.as_deref().map(NormalizedString::new);
    component.purl = item.purl.as_deref().and_then(|purl| purl.parse::<Purl>().ok());
    component.description = item.description.as_deref().map(NormalizedString::new);
    component.scope = item.scope.map(|scope| match scope {
        Scope::Required => BomScope::Required,
        Scope::Excluded => BomScope::Excluded,
    });
    component.hashes = item.digest.as_ref().map(|digest| Hashes(vec![hash(digest)]));
    component.licenses = item.license.as_ref().map(|license| {
        Licenses(vec![match license {
            License::Expression(expression) => LicenseChoice::expression(expression),
            License::Named(name) => LicenseChoice::license(name),
        }])
    });
    component.external_references = (!item.references.is_empty())
        .then(|| ExternalReferences(item.references.iter().map(reference).collect()));
    component.properties = properties(item.properties.iter());
    component
}

fn hash(digest: &Digest) -> Hash {
    Hash {
        alg: match digest.algorithm() {
            Algorithm::Sha256 => HashAlgorithm::SHA_256,
            Algorithm::Sha384 => HashAlgorithm::SHA_384,
            Algorithm::Sha512 => HashAlgorithm::SHA_512,
        },
        content: HashValue(digest.hex()),
    }
}

fn reference((kind, url): &(ReferenceKind, String)) -> ExternalReference {
    let kind = match kind {
        ReferenceKind::Documentation => ExternalReferenceType::Documentation,
        ReferenceKind::Vcs => ExternalReferenceType::Vcs,
        ReferenceKind::Website => ExternalReferenceType::Website,
    };
    ExternalReference::new(kind, Uri::new(url))
}

fn properties<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> Option<Properties> {
    let properties: Vec<_> = pairs.map(|(name, value)| Property::new(name, value)).collect();
    (!properties.is_empty()).then_some(Properties(properties))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inventory() -> Inventory {
        let mut product = Item::new(Kind::Application, "path+.#shop@1.0.0", "shop");
        product.version = Some("1.0.0".to_owned());
        let mut bell = Item::new(Kind::Library, "pkg:cargo/bell@0.3.0", "bell");
        bell.version = Some("0.3.0".to_owned());
        bell.scope = Some(Scope::Required);
        bell.digest = Some(Digest::sha256("bell"));
        Inventory {
            dependencies: [(product.bom_ref.clone(), [bell.bom_ref.clone()].into())].into(),
            items: [(bell.bom_ref.clone(), bell)].into(),
            product,
            properties: [("sbom-attest:method".to_owned(), "test".to_owned())].into(),
        }
    }

    #[test]
    fn the_serial_number_follows_the_content() {
        let one = write(&inventory(), None).unwrap();
        assert_eq!(one, write(&inventory(), None).unwrap());
        let mut other = inventory();
        other.product.version = Some("1.0.1".to_owned());
        let serial = |bytes: &[u8]| -> String {
            let document: Json = serde_json::from_slice(bytes).unwrap();
            document.get("serialNumber").and_then(Json::as_str).unwrap().to_owned()
        };
        assert_ne!(serial(&one), serial(&write(&other, None).unwrap()));
        let serial = serial(&one);
        assert_eq!(serial.len(), "urn:uuid:".len() + 36);
        assert_eq!(&serial[23..24], "8", "{serial}: version 8");
        assert!("89ab".contains(&serial[28..29]), "{serial}: variant 10");
    }

    #[test]
    fn only_the_caller_puts_a_time_in() {
        let text = |timestamp| String::from_utf8(write(&inventory(), timestamp).unwrap()).unwrap();
        assert!(!text(None).contains("timestamp"));
        let at = "2026-11-24T12:00:00.5Z".parse().unwrap();
        assert!(text(Some(at)).contains(r#""timestamp": "2026-11-24T12:00:00Z""#));
    }

    #[test]
    fn a_leaf_has_an_explicit_entry_in_dependencies() {
        let document: serde_json::Value =
            serde_json::from_slice(&write(&inventory(), None).unwrap()).unwrap();
        assert_eq!(document["dependencies"][1]["ref"], "pkg:cargo/bell@0.3.0");
        assert_eq!(document["dependencies"][1]["dependsOn"], serde_json::json!([]));
        assert_eq!(document["specVersion"], "1.6");
    }
}

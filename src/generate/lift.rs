//! From CycloneDX 1.5, which `cyclonedx-bom` writes, to 1.6.
//!
//! What 1.6 can say and we know: `authors` of a component, and whether a licence is `declared` or `concluded`. A component
//! without dependencies gets the explicit empty `dependsOn` that `cyclonedx-bom` leaves out: "depends on nothing" is not
//! "nothing is known".

use std::collections::BTreeMap;

use super::inventory::Author;
use super::json::Json;

/// Rewrites a 1.5 document in place. `authors` are those of the component with that bom-ref.
pub(super) fn to_1_6(document: &mut Json, authors: &BTreeMap<&str, &[Author]>) {
    document.put("specVersion", "bomFormat", Json::text("1.6"));
    document.put_first("$schema", Json::text("http://cyclonedx.org/schema/bom-1.6.schema.json"));
    if let Some(product) = document.get_mut("metadata").and_then(|metadata| metadata.get_mut("component")) {
        component(product, authors);
    }
    if let Some(components) = document.get_mut("components") {
        for each in components.elements_mut() {
            component(each, authors);
        }
    }
    if let Some(dependencies) = document.get_mut("dependencies") {
        for each in dependencies.elements_mut().iter_mut().filter(|it| it.get("dependsOn").is_none()) {
            each.put("dependsOn", "ref", Json::Array(Vec::new()));
        }
    }
}

fn component(component: &mut Json, authors: &BTreeMap<&str, &[Author]>) {
    let of = component.get("bom-ref").and_then(Json::as_str).and_then(|bom_ref| authors.get(bom_ref));
    if let Some(of) = of.filter(|of| !of.is_empty()) {
        let authors = of.iter().map(author).collect();
        component.put("authors", "bom-ref", Json::Array(authors));
    }
    if let Some(licenses) = component.get_mut("licenses") {
        for license in licenses.elements_mut() {
            match license.get_mut("license") {
                Some(named) => named.put("acknowledgement", "name", Json::text("declared")),
                None => license.put("acknowledgement", "expression", Json::text("declared")),
            }
        }
    }
}

fn author(author: &Author) -> Json {
    let members = [("name", &author.name), ("email", &author.email)];
    Json::Object(
        members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), Json::text(value.as_ref()?))))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_says_that_it_depends_on_nothing() {
        let mut document: Json = serde_json::from_str(
            r#"{"bomFormat":"CycloneDX","specVersion":"1.5","dependencies":[{"ref":"a"}]}"#,
        )
        .unwrap();
        to_1_6(&mut document, &BTreeMap::new());
        assert_eq!(
            serde_json::to_string(&document).unwrap(),
            r#"{"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json","bomFormat":"CycloneDX","specVersion":"1.6","dependencies":[{"ref":"a","dependsOn":[]}]}"#
        );
    }

    #[test]
    fn a_licence_from_a_manifest_is_declared_and_not_concluded() {
        let mut document: Json = serde_json::from_str(
            r#"{"components":[{"licenses":[{"expression":"MIT"}]},{"licenses":[{"license":{"name":"own"}}]}]}"#,
        )
        .unwrap();
        to_1_6(&mut document, &BTreeMap::new());
        let text = serde_json::to_string(&document).unwrap();
        assert!(text.contains(r#"{"expression":"MIT","acknowledgement":"declared"}"#), "{text}");
        assert!(text.contains(r#"{"license":{"name":"own","acknowledgement":"declared"}}"#), "{text}");
    }
}

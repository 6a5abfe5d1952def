//! The same in the fields of SPDX: written, and read.

use std::borrow::Cow;

use super::ids::text;
use super::json::{Json, Member};
use super::names;
use super::part::{Agent, Hash, Part, Reference, identifier, is_plain_media_type, list, typed};
use crate::document::Value;

impl<'a> Part<'a> {
    /// The class of the element.
    pub(super) fn class(&self) -> &'static str {
        if self.is_file { "software_File" } else { "software_Package" }
    }

    /// The fields of the element, but for its agents and licences, which are elements of their own.
    pub(super) fn fields(&self) -> Vec<Member<'a>> {
        let mut fields: Vec<Member<'a>> = Vec::new();
        let mut maybe = |name: &'static str, text: &Option<Cow<'a, str>>| {
            fields.extend(text.clone().map(|text| (Cow::Borrowed(name), Json::Text(text))));
        };
        maybe("name", &self.name);
        maybe("description", &self.description);
        maybe("software_packageVersion", &self.version);
        maybe("software_packageUrl", &self.purl.clone().filter(|_| !self.is_file));
        maybe("software_primaryPurpose", &self.purpose);
        maybe("software_copyrightText", &self.copyright);
        maybe("contentType", &self.media_type);
        let mut list = |name: &'static str, elements: Vec<Json<'a>>| {
            if !elements.is_empty() {
                fields.push((name.into(), Json::List(elements)));
            }
        };
        let hash = |hash: &Hash<'a>| {
            let mut fields = typed("Hash");
            fields.extend(hash.comment.clone().map(|text| ("comment".into(), Json::Text(text))));
            fields.push(("algorithm".into(), Json::text(hash.algorithm.clone())));
            fields.push(("hashValue".into(), Json::text(hash.value.clone())));
            Json::Object(fields)
        };
        list("verifiedUsing", self.hashes.iter().map(hash).collect());
        let purl = self.purl.iter().map(|purl| identifier("packageUrl", purl.clone()));
        let others = self.identifiers.iter().map(|(kind, id)| identifier(kind.clone(), id.clone()));
        list("externalIdentifier", purl.chain(others).collect());
        let content = |(kind, id): &(Cow<'a, str>, Cow<'a, str>)| {
            let mut fields = typed("software_ContentIdentifier");
            fields.push(("software_contentIdentifierType".into(), Json::text(kind.clone())));
            fields.push(("software_contentIdentifierValue".into(), Json::text(id.clone())));
            Json::Object(fields)
        };
        list("software_contentIdentifier", self.contents.iter().map(content).collect());
        list("externalRef", self.references.iter().map(Reference::field).collect());
        list("extension", extension(&self.properties));
        fields
    }

    /// What an element of SPDX says that CycloneDX can say too. Its agents and licences are found by others.
    pub(super) fn of_element(value: Value<'a>) -> Self {
        let mut part = Self {
            is_file: value.get("type").is_some_and(|class| class.is("software_File")),
            purpose: text(value, "software_primaryPurpose"),
            name: text(value, "name"),
            version: text(value, "software_packageVersion"),
            description: text(value, "description"),
            copyright: text(value, "software_copyrightText"),
            media_type: text(value, "contentType").filter(|name| is_plain_media_type(name)),
            purl: text(value, "software_packageUrl"),
            references: list(value, "externalRef").flat_map(Reference::read_field).collect(),
            properties: read_extension(value),
            ..Self::default()
        };
        part.hashes.extend(list(value, "verifiedUsing").filter(|method| is_a(*method, "Hash")).filter_map(
            |hash| {
                Some(Hash {
                    algorithm: text(hash, "algorithm")?,
                    value: text(hash, "hashValue")?,
                    comment: text(hash, "comment"),
                })
            },
        ));
        for own in list(value, "externalIdentifier") {
            let Some((kind, id)) = text(own, "externalIdentifierType").zip(text(own, "identifier")) else {
                continue;
            };
            if kind != "packageUrl" {
                part.identifiers.push((kind, id));
            } else if part.purl.is_none() {
                part.purl = Some(id);
            }
        }
        part.contents.extend(list(value, "software_contentIdentifier").filter_map(|own| {
            text(own, "software_contentIdentifierType").zip(text(own, "software_contentIdentifierValue"))
        }));
        // Places of the package that are fields of their own in SPDX.
        for (field, kind) in
            [("software_homePage", "altWebPage"), ("software_downloadLocation", "altDownloadLocation")]
        {
            let Some(locator) = text(value, field) else { continue };
            let is_there = |own: &Reference<'a>| own.locator == locator && own.kind == kind;
            if !["NOASSERTION", "NONE"].contains(&&*locator) && !part.references.iter().any(is_there) {
                part.references.push(Reference { kind: kind.into(), locator, comment: None });
            }
        }
        part
    }
}

impl<'a> Agent<'a> {
    /// An agent of SPDX that has a name.
    pub(super) fn of_element(value: Value<'a>) -> Option<Self> {
        let email = list(value, "externalIdentifier")
            .find(|own| own.get("externalIdentifierType").is_some_and(|kind| kind.is("email")))
            .and_then(|own| text(own, "identifier"));
        let urls =
            list(value, "externalRef").flat_map(Reference::read_field).map(|own| own.locator).collect();
        Some(Self { is_person: is_a(value, "Person"), name: text(value, "name")?, email, urls })
    }
}

/// Properties as the extension that SPDX has for them.
pub(super) fn extension<'a>(properties: &[(Cow<'a, str>, Cow<'a, str>)]) -> Vec<Json<'a>> {
    if properties.is_empty() {
        return Vec::new();
    }
    let entry = |(name, value): &(Cow<'a, str>, Cow<'a, str>)| {
        let mut fields = typed("extension_CdxPropertyEntry");
        fields.push(("extension_cdxPropName".into(), Json::text(name.clone())));
        fields.push(("extension_cdxPropValue".into(), Json::text(value.clone())));
        Json::Object(fields)
    };
    let mut fields = typed("extension_CdxPropertiesExtension");
    fields.push(("extension_cdxProperty".into(), Json::List(properties.iter().map(entry).collect())));
    vec![Json::Object(fields)]
}

/// The properties in the extensions of an element.
pub(super) fn read_extension(value: Value<'_>) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    list(value, "extension")
        .flat_map(|own| list(own, "extension_cdxProperty"))
        .filter_map(|own| {
            Some((
                text(own, "extension_cdxPropName")?,
                text(own, "extension_cdxPropValue").unwrap_or_default(),
            ))
        })
        .collect()
}

/// Whether an object says that it is of this class.
pub(super) fn is_a(value: Value<'_>, class: &str) -> bool {
    value.get("type").is_some_and(|own| own.is(class))
}

/// The word of CycloneDX for a digest that SPDX has, if it has one.
pub(super) fn has_algorithm(hash: Value<'_>) -> bool {
    text(hash, "algorithm").is_some_and(|name| names::algorithm_back(&name).is_some())
}

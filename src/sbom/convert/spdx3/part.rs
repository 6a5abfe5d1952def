//! What both models say about a piece of software: the middle of the bridge. Whatever goes through here is `mapped`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::ids::text;
use super::json::{Json, Member};
use super::license::License;
use super::names;
use crate::document::{Kind, Value};
use crate::sbom::SpecVersion;

/// A component or a service of CycloneDX; a package, file or agent of SPDX.
#[derive(Debug, Default, Clone)]
pub(super) struct Part<'a> {
    pub(super) is_file: bool,
    /// `software_primaryPurpose`.
    pub(super) purpose: Option<Cow<'a, str>>,
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) version: Option<Cow<'a, str>>,
    pub(super) description: Option<Cow<'a, str>>,
    pub(super) copyright: Option<Cow<'a, str>>,
    pub(super) media_type: Option<Cow<'a, str>>,
    pub(super) purl: Option<Cow<'a, str>>,
    pub(super) supplier: Option<Agent<'a>>,
    pub(super) originators: Vec<Agent<'a>>,
    pub(super) hashes: Vec<Hash<'a>>,
    /// Types and values of `externalIdentifier`, but for the package URL.
    pub(super) identifiers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Types and values of `software_contentIdentifier`.
    pub(super) contents: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(super) references: Vec<Reference<'a>>,
    pub(super) properties: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(super) licenses: Vec<License<'a>>,
}

/// A person or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Agent<'a> {
    pub(super) is_person: bool,
    pub(super) name: Cow<'a, str>,
    pub(super) email: Option<Cow<'a, str>>,
    pub(super) urls: Vec<Cow<'a, str>>,
}

/// A digest in the words of SPDX.
#[derive(Debug, Clone)]
pub(super) struct Hash<'a> {
    pub(super) algorithm: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
    pub(super) comment: Option<Cow<'a, str>>,
}

/// An external reference in the words of SPDX.
#[derive(Debug, Clone)]
pub(super) struct Reference<'a> {
    pub(super) kind: Cow<'a, str>,
    pub(super) locator: Cow<'a, str>,
    pub(super) comment: Option<Cow<'a, str>>,
}

impl<'a> Agent<'a> {
    /// An organisation of CycloneDX, if it has a name.
    pub(super) fn organization(value: Value<'a>) -> Option<Self> {
        let urls =
            value.get("url").into_iter().flat_map(|list| list.elements()).filter_map(|url| url.as_str());
        Some(Self { is_person: false, name: text(value, "name")?, email: None, urls: urls.collect() })
    }

    /// A contact of CycloneDX, if it has a name.
    pub(super) fn person(value: Value<'a>) -> Option<Self> {
        let email = text(value, "email");
        Some(Self { is_person: true, name: text(value, "name")?, email, urls: Vec::new() })
    }

    pub(super) fn named(name: Cow<'a, str>, is_person: bool) -> Self {
        Self { is_person, name, email: None, urls: Vec::new() }
    }

    /// As CycloneDX writes it.
    pub(super) fn member(&self) -> Json<'a> {
        let mut members: Vec<Member<'a>> = vec![("name".into(), Json::text(self.name.clone()))];
        if let Some(email) = &self.email {
            members.push(("email".into(), Json::text(email.clone())));
        }
        if !self.urls.is_empty() {
            let urls = self.urls.iter().cloned().map(Json::Text).collect();
            members.push(("url".into(), Json::List(urls)));
        }
        Json::Object(members)
    }

    /// The fields of an SPDX agent.
    pub(super) fn fields(&self) -> Vec<Member<'a>> {
        let mut fields: Vec<Member<'a>> = vec![("name".into(), Json::text(self.name.clone()))];
        if let Some(email) = &self.email {
            fields.push(("externalIdentifier".into(), Json::List(vec![identifier("email", email.clone())])));
        }
        if !self.urls.is_empty() {
            let url = |url: &Cow<'a, str>| {
                Reference { kind: "altWebPage".into(), locator: url.clone(), comment: None }.field()
            };
            fields.push(("externalRef".into(), Json::List(self.urls.iter().map(url).collect())));
        }
        fields
    }

    pub(super) fn class(&self) -> &'static str {
        if self.is_person { "Person" } else { "Organization" }
    }
}

impl<'a> Reference<'a> {
    /// An external reference of CycloneDX. What SPDX has no type for is `other` there.
    pub(super) fn read(value: Value<'a>) -> Option<Self> {
        let kind = text(value, "type")?;
        let kind = names::reference(&kind).unwrap_or("other");
        Some(Self { kind: kind.into(), locator: text(value, "url")?, comment: text(value, "comment") })
    }

    /// All of an SPDX object: it has one reference for each of its locators.
    pub(super) fn read_field(value: Value<'a>) -> Vec<Self> {
        let kind = text(value, "externalRefType").unwrap_or(Cow::Borrowed("other"));
        let comment = text(value, "comment");
        let locators = value.get("locator").into_iter().flat_map(|list| list.elements());
        locators
            .filter_map(|locator| {
                Some(Self { kind: kind.clone(), locator: locator.as_str()?, comment: comment.clone() })
            })
            .collect()
    }

    pub(super) fn member(&self) -> Json<'a> {
        let kind = names::reference_back(&self.kind).unwrap_or("other");
        let mut members: Vec<Member<'a>> =
            vec![("type".into(), Json::text(kind)), ("url".into(), Json::text(self.locator.clone()))];
        members.extend(self.comment.clone().map(|comment| ("comment".into(), Json::Text(comment))));
        Json::Object(members)
    }

    pub(super) fn field(&self) -> Json<'a> {
        let mut fields = typed("ExternalRef");
        fields.push(("externalRefType".into(), Json::text(self.kind.clone())));
        fields.push(("locator".into(), Json::List(vec![Json::text(self.locator.clone())])));
        fields.extend(self.comment.clone().map(|comment| ("comment".into(), Json::Text(comment))));
        Json::Object(fields)
    }
}

impl<'a> Part<'a> {
    /// What a component of CycloneDX says that SPDX can say too.
    pub(super) fn of_component(value: Value<'a>) -> Self {
        let mut part = Self::of_service(value);
        let kind = text(value, "type").unwrap_or_default();
        part.is_file = kind == "file";
        part.purpose = names::purpose(&kind).map(Cow::Borrowed);
        part.version = text(value, "version").filter(|_| !part.is_file);
        part.copyright = text(value, "copyright");
        part.media_type = text(value, "mime-type").filter(|name| part.is_file && is_media_type(name));
        part.purl = text(value, "purl");
        part.supplier = value.get("supplier").and_then(Agent::organization);
        part.originators.extend(value.get("manufacturer").and_then(Agent::organization));
        part.originators.extend(list(value, "authors").filter_map(Agent::person));
        part.originators.extend(text(value, "author").map(|name| Agent::named(name, true)));
        part.originators.extend(text(value, "publisher").map(|name| Agent::named(name, false)));
        part.hashes.extend(list(value, "hashes").filter_map(|hash| {
            let (algorithm, value) = (text(hash, "alg")?, text(hash, "content")?);
            Some(match names::algorithm(&algorithm) {
                Some(own) => Hash { algorithm: own.into(), value, comment: None },
                None => Hash { algorithm: "other".into(), value, comment: Some(algorithm) },
            })
        }));
        if let Some(cpe) = text(value, "cpe") {
            let kind = if cpe.starts_with("cpe:/") { "cpe22" } else { "cpe23" };
            part.identifiers.push((kind.into(), cpe));
        }
        let tag = value.get("swid").and_then(|swid| text(swid, "tagId"));
        part.identifiers.extend(tag.map(|tag| ("swid".into(), tag)));
        for (field, kind) in [("omniborId", "gitoid"), ("swhid", "swhid")] {
            let texts = list(value, field).filter_map(|id| id.as_str());
            part.contents.extend(texts.map(|id| (Cow::Borrowed(kind), id)));
        }
        part.licenses.extend(list(value, "licenses").filter_map(License::read));
        // They come back by who says so, and nothing comes back twice.
        part.licenses.sort_by_key(|license| license.said);
        let mut seen: HashSet<License<'a>> = HashSet::new();
        part.licenses.retain(|license| seen.insert(license.clone()));
        let mut seen: HashSet<Agent<'a>> = HashSet::new();
        part.originators.retain(|agent| seen.insert(agent.clone()));
        part
    }

    /// What a service of CycloneDX says that SPDX can say too, and a component in the same words.
    pub(super) fn of_service(value: Value<'a>) -> Self {
        Self {
            name: text(value, "name"),
            description: text(value, "description"),
            references: list(value, "externalReferences").filter_map(Reference::read).collect(),
            properties: properties(value),
            ..Self::default()
        }
    }

    /// The members of a component that say this.
    pub(super) fn members(&self, version: SpecVersion) -> Vec<Member<'a>> {
        let mut members: Vec<Member<'a>> = Vec::new();
        let kind = match &self.purpose {
            _ if self.is_file => "file",
            Some(purpose) if purpose == "other" => "library",
            Some(purpose) => names::component_type(purpose).unwrap_or("library"),
            None => "library",
        };
        let mut maybe = |name: &'static str, text: &Option<Cow<'a, str>>| {
            members.extend(text.clone().map(|text| (Cow::Borrowed(name), Json::Text(text))));
        };
        maybe("type", &Some(kind.into()));
        maybe("mime-type", &self.media_type);
        maybe("name", &self.name);
        maybe("version", &self.version);
        maybe("description", &self.description);
        maybe("copyright", &self.copyright);
        maybe(
            "cpe",
            &self.identifiers.iter().find(|(kind, _)| kind.starts_with("cpe")).map(|(_, id)| id.clone()),
        );
        maybe("purl", &self.purl);
        members.extend(self.supplier.as_ref().map(|agent| ("supplier".into(), agent.member())));
        self.originators(version, &mut members);
        let mut list = |name: &'static str, elements: Vec<Json<'a>>| {
            if !elements.is_empty() {
                members.push((name.into(), Json::List(elements)));
            }
        };
        list("hashes", self.hashes.iter().filter_map(Hash::member).collect());
        list(
            "licenses",
            self.licenses.iter().map(|license| license.member(version, self.licenses.len() == 1)).collect(),
        );
        if version >= SpecVersion::V1_6 {
            for (name, kind) in [("omniborId", "gitoid"), ("swhid", "swhid")] {
                let own = self.contents.iter().filter(|(own, _)| own == kind);
                list(name, own.map(|(_, id)| Json::text(id.clone())).collect());
            }
        }
        self.common(&mut members);
        members
    }

    /// Whoever made it: one person or organisation was a text before 1.6.
    fn originators(&self, version: SpecVersion, members: &mut Vec<Member<'a>>) {
        let (people, organizations): (Vec<_>, Vec<_>) =
            self.originators.iter().partition(|agent| agent.is_person);
        if version >= SpecVersion::V1_6 {
            members.extend(organizations.first().map(|agent| ("manufacturer".into(), agent.member())));
            if !people.is_empty() {
                let people = people.iter().map(|agent| agent.member()).collect();
                members.push(("authors".into(), Json::List(people)));
            }
        } else {
            let name = |agent: &&Agent<'a>| Json::text(agent.name.clone());
            members.extend(people.first().map(|agent| ("author".into(), name(agent))));
            members.extend(organizations.first().map(|agent| ("publisher".into(), name(agent))));
        }
    }

    /// The members of a service that say this.
    pub(super) fn service_members(&self) -> Vec<Member<'a>> {
        let mut members: Vec<Member<'a>> = Vec::new();
        members.extend(self.name.clone().map(|name| ("name".into(), Json::Text(name))));
        members.extend(self.description.clone().map(|text| ("description".into(), Json::Text(text))));
        self.common(&mut members);
        members
    }

    fn common(&self, members: &mut Vec<Member<'a>>) {
        if !self.references.is_empty() {
            let references = self.references.iter().map(Reference::member).collect();
            members.push(("externalReferences".into(), Json::List(references)));
        }
        if !self.properties.is_empty() {
            let property = |(name, value): &(Cow<'a, str>, Cow<'a, str>)| {
                Json::Object(vec![
                    ("name".into(), Json::text(name.clone())),
                    ("value".into(), Json::text(value.clone())),
                ])
            };
            members.push(("properties".into(), Json::List(self.properties.iter().map(property).collect())));
        }
    }
}

impl<'a> Hash<'a> {
    fn member(&self) -> Option<Json<'a>> {
        let algorithm = match &self.comment {
            Some(comment) if self.algorithm == "other" => comment.clone(),
            _ => Cow::Borrowed(names::algorithm_back(&self.algorithm)?),
        };
        Some(Json::Object(vec![
            ("alg".into(), Json::Text(algorithm)),
            ("content".into(), Json::text(self.value.clone())),
        ]))
    }
}

/// The properties that have a name and a value; all or none of them.
pub(super) fn properties<'a>(value: Value<'a>) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
    let pair = |property: Value<'a>| Some((text(property, "name")?, text(property, "value")?));
    list(value, "properties").map(pair).collect::<Option<_>>().unwrap_or_default()
}

/// The elements of a member that is a list.
pub(super) fn list<'a>(value: Value<'a>, name: &str) -> impl Iterator<Item = Value<'a>> + use<'a> {
    value.get(name).filter(|list| list.kind() == Kind::Array).into_iter().flat_map(|list| list.elements())
}

/// The fields of an object that is no element.
pub(super) fn typed<'a>(class: &'static str) -> Vec<Member<'a>> {
    vec![("type".into(), Json::text(class))]
}

pub(super) fn identifier<'a>(kind: impl Into<Cow<'a, str>>, text: Cow<'a, str>) -> Json<'a> {
    let mut fields = typed("ExternalIdentifier");
    fields.push(("externalIdentifierType".into(), Json::text(kind)));
    fields.push(("identifier".into(), Json::Text(text)));
    Json::Object(fields)
}

/// A media type as CycloneDX writes it, without parameters.
pub(super) fn is_plain_media_type(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-+.".contains(&byte);
    is_media_type(name) && name.bytes().all(|byte| byte == b'/' || fits(byte))
}

/// `type/subtype`, as the model asks for.
fn is_media_type(name: &str) -> bool {
    name.split('/').count() == 2 && name.split('/').all(|half| !half.is_empty())
}

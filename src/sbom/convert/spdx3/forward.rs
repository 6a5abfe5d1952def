//! From CycloneDX to SPDX 3: the elements one after the other, in the order of the document.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use super::element::extension;
use super::ids::{Base, text};
use super::json::{Json, Member};
use super::license::{self, License, Said, Terms, UNSAID};
use super::names;
use super::part::{Agent, Part, Reference, list, properties, typed};
use super::residue::{Residue, statement};
use crate::document::{Builder, Document, Error, Kind, Limits, Value};
use crate::sbom::SpecVersion;
use crate::sbom::convert::{Ledger, Loss};

/// Makes an SPDX 3.0.1 document of a CycloneDX document of any version, with an account of every field. `now` is when it
/// is said to be created where the source does not tell.
pub fn from_cyclonedx(
    source: &Document,
    now: Timestamp,
    limits: &Limits,
) -> Result<(Document, Vec<Loss>), Error> {
    let mut work = Forward::new(source, now);
    work.document();
    Ok((work.builder.finish(None, limits)?, work.ledger.finish()))
}

/// A component or service on its way.
struct Node<'a> {
    value: Value<'a>,
    is_service: bool,
    id: String,
    /// The nodes nested in it.
    children: Vec<usize>,
}

pub(super) struct Forward<'a> {
    source: &'a Document,
    pub(super) version: SpecVersion,
    now: Timestamp,
    pub(super) base: Base,
    pub(super) ledger: Ledger<'a>,
    builder: Builder,
    nodes: Vec<Node<'a>>,
    /// Components and services at the top, in the order of the document; that of the metadata is not among them.
    tops: Vec<usize>,
    root: Option<usize>,
    /// Ids that something has.
    taken: HashSet<String>,
    /// Those of vulnerabilities.
    pub(super) links: HashSet<String>,
    /// The id of each bom-ref; the first that has it counts.
    pub(super) ids: HashMap<Cow<'a, str>, String>,
    agents: HashMap<Agent<'a>, String>,
    licenses: HashMap<Terms<'a>, String>,
    texts: HashSet<String>,
    /// Elements that are referred to and are elsewhere.
    elsewhere: BTreeSet<String>,
    /// The completeness of what a bom-ref contains, and of what it depends on.
    completeness: HashMap<(Cow<'a, str>, &'static str), &'static str>,
    relationships: usize,
    annotations: usize,
    /// Elements that wait until the one is written that refers to them.
    waiting: Vec<(&'static str, String, Vec<Member<'a>>)>,
}

impl<'a> Forward<'a> {
    fn new(source: &'a Document, now: Timestamp) -> Self {
        let version = text(source.root(), "specVersion").and_then(|name| SpecVersion::from_name(&name));
        Self {
            source,
            version: version.unwrap_or(SpecVersion::V1_6),
            now,
            base: Base::of(source),
            ledger: Ledger::new(source),
            builder: Builder::default(),
            nodes: Vec::new(),
            tops: Vec::new(),
            root: None,
            taken: HashSet::new(),
            links: HashSet::new(),
            ids: HashMap::new(),
            agents: HashMap::new(),
            licenses: HashMap::new(),
            texts: HashSet::new(),
            elsewhere: BTreeSet::new(),
            completeness: HashMap::new(),
            relationships: 0,
            annotations: 0,
            waiting: Vec::new(),
        }
    }

    fn document(&mut self) {
        let root = self.source.root();
        self.collect(root);
        self.compositions(root);
        self.builder.object(0);
        self.builder.member("@context", CONTEXT, 0);
        self.builder.name("@graph", 0);
        self.builder.array(0);
        self.creation(root);
        for number in 0..self.nodes.len() {
            self.node(number);
        }
        self.dependencies(root);
        let vulnerabilities = self.vulnerabilities(root);
        self.collections(root, &vulnerabilities);
        self.builder.end();
        self.builder.end();
    }

    /// Finds the components and services and gives each its id, parents first.
    fn collect(&mut self, root: Value<'a>) {
        let metadata = root.get("metadata");
        let component = metadata.and_then(|metadata| metadata.get("component"));
        let mut open: Vec<(Value<'a>, bool, Option<usize>)> = Vec::new();
        open.extend(list(root, "services").map(|value| (value, true, None)));
        open.extend(
            list(root, "components").collect::<Vec<_>>().into_iter().rev().map(|value| (value, false, None)),
        );
        let first_service = list(root, "services").count();
        open[..first_service].reverse();
        open.extend(component.map(|value| (value, false, None)));
        while let Some((value, is_service, parent)) = open.pop() {
            if value.kind() != Kind::Object {
                continue;
            }
            let number = self.nodes.len();
            let reference = text(value, "bom-ref");
            let link = reference.as_deref().map(|name| self.base.link(name));
            // What has the bom-ref of another is known by its place.
            let id = link
                .filter(|link| self.taken.insert(link.clone()))
                .unwrap_or_else(|| self.base.path(value.pointer().trim_start_matches('/')));
            if let Some(reference) = reference {
                self.ids.entry(reference).or_insert_with(|| id.clone());
            }
            match parent {
                Some(parent) => {
                    let parent: &mut Node<'a> = &mut self.nodes[parent];
                    parent.children.push(number);
                }
                None if Some(value) == component => self.root = Some(number),
                None => self.tops.push(number),
            }
            self.nodes.push(Node { value, is_service, id, children: Vec::new() });
            let inner: Vec<Value<'a>> =
                list(value, if is_service { "services" } else { "components" }).collect();
            open.extend(inner.into_iter().rev().map(|value| (value, is_service, Some(number))));
        }
        for value in list(root, "vulnerabilities") {
            if let Some(reference) = text(value, "bom-ref") {
                let link = self.base.link(&reference);
                if self.taken.insert(link.clone()) {
                    self.links.insert(link.clone());
                    self.ids.entry(reference).or_insert(link);
                }
            }
        }
    }

    /// Who made the document, with what, and when.
    fn creation(&mut self, root: Value<'a>) {
        let metadata = root.get("metadata");
        let mut makers: Vec<Agent<'a>> = Vec::new();
        let mut tools = Vec::new();
        let mut created = None;
        if let Some(metadata) = metadata {
            created = text(metadata, "timestamp").and_then(|time| time.parse::<Timestamp>().ok());
            let own = if self.version >= SpecVersion::V1_6 { "manufacturer" } else { "manufacture" };
            makers.extend(metadata.get(own).and_then(Agent::organization));
            makers.extend(list(metadata, "authors").filter_map(Agent::person));
            let listed = metadata.get("tools").into_iter().flat_map(|tools| {
                tools.elements().chain(list(tools, "components")).chain(list(tools, "services"))
            });
            tools.extend(listed.filter_map(tool_name));
        }
        let mut created_by: Vec<String> = makers.into_iter().map(|maker| self.agent(maker)).collect();
        if created_by.is_empty() {
            let id = self.base.path(OURSELVES);
            self.waiting.push((
                "SoftwareAgent",
                id.clone(),
                vec![("name".into(), Json::text("sbom-attest"))],
            ));
            created_by.push(id);
        }
        let mut created_using: Vec<String> = Vec::new();
        for name in tools {
            let id = self.base.named("tools", &name);
            if !created_using.contains(&id) {
                self.waiting.push(("Tool", id.clone(), vec![("name".into(), Json::Text(name))]));
                created_using.push(id);
            }
        }
        let mut fields = typed("CreationInfo");
        fields.push(("@id".into(), Json::text(CREATION)));
        fields.push(("specVersion".into(), Json::text("3.0.1")));
        fields.push(("created".into(), Json::text(second(created.unwrap_or(self.now)))));
        fields.push(("createdBy".into(), ids(created_by)));
        if !created_using.is_empty() {
            fields.push(("createdUsing".into(), ids(created_using)));
        }
        Json::Object(fields).write(&mut self.builder, 0);
        self.flush();
    }

    /// A component or service with what belongs to it.
    fn node(&mut self, number: usize) {
        let Node { value, is_service, ref id, ref children, .. } = self.nodes[number];
        let (id, children) = (id.clone(), children.clone());
        let part = if is_service { Part::of_service(value) } else { Part::of_component(value) };
        let mut fields = part.fields();
        if let Some(supplier) = part.supplier.clone() {
            fields.push(("suppliedBy".into(), Json::text(self.agent(supplier))));
        }
        if !part.originators.is_empty() {
            let mut makers: Vec<String> = Vec::new();
            for maker in &part.originators {
                let maker = self.agent(maker.clone());
                if !makers.contains(&maker) {
                    makers.push(maker);
                }
            }
            fields.push(("originatedBy".into(), ids(makers)));
        }
        self.element(if is_service { "SoftwareAgent" } else { part.class() }, &id, fields);
        for said in Said::ALL {
            let licenses: Vec<&License<'a>> = part.licenses.iter().filter(|own| own.said == said).collect();
            if licenses.is_empty() {
                continue;
            }
            let mut to: Vec<String> = Vec::new();
            for license in licenses {
                let license = self.license(&license.terms);
                if !to.contains(&license) {
                    to.push(license);
                }
            }
            let comment = (said == Said::Unsaid).then(|| ("comment".into(), Json::text(UNSAID)));
            self.relationship(said.relationship(), &id, to, comment.into_iter().collect());
        }
        self.flush();
        if !children.is_empty() {
            let to = children.iter().map(|&child| self.nodes[child].id.clone()).collect();
            let complete = text(value, "bom-ref").and_then(|own| self.completeness.get(&(own, "assemblies")));
            let more = complete.map(|word| ("completeness".into(), Json::text(*word)));
            self.relationship("contains", &id, to, more.into_iter().collect());
        }
        self.keep_rest(number, &part, &id);
    }

    /// Keeps what the element does not say.
    fn keep_rest(&mut self, number: usize, part: &Part<'a>, id: &str) {
        let Node { value, is_service, ref children, .. } = self.nodes[number];
        let has_children = !children.is_empty();
        let mut natural = if is_service { part.service_members() } else { part.members(self.version) };
        natural.extend(self.base.bom_ref(id).map(|own| ("bom-ref".into(), Json::Text(own.into()))));
        let mut skip = vec!["signature"];
        if has_children {
            skip.push(if is_service { "services" } else { "components" });
        }
        let residue = self.residue(value, &natural, &skip);
        self.drop_signature(value);
        // A service is known by its annotation, which is there even where there is nothing to say.
        if is_service || !residue.is_empty() {
            self.annotate(id, vec![(if is_service { "service" } else { "component" }, residue)]);
        }
    }

    /// The difference, of which the account is told.
    pub(super) fn residue(&mut self, value: Value<'a>, natural: &[Member<'a>], skip: &[&str]) -> Residue<'a> {
        let ledger = &mut self.ledger;
        Residue::of(value, natural, skip, |member, comes_back| {
            if comes_back { ledger.mapped(member) } else { ledger.carried(member, KEPT) }
        })
    }

    pub(super) fn drop_signature(&mut self, value: Value<'a>) {
        if let Some(signature) = value.get("signature") {
            self.ledger.dropped(signature, "a signature is of the document that it stands in");
        }
    }

    /// What depends on what.
    fn dependencies(&mut self, root: Value<'a>) {
        let mut seen = HashSet::new();
        for entry in list(root, "dependencies") {
            let Some(reference) = text(entry, "ref") else { continue };
            let from = self.refer(&reference);
            let refs = |name: &str| -> Vec<Cow<'a, str>> {
                list(entry, name).filter_map(|own| own.as_str()).collect()
            };
            let (on, provided) = (refs("dependsOn"), refs("provides"));
            let said = self.completeness.get(&(reference.clone(), "dependencies")).copied();
            let is_first = seen.insert(reference);
            let (to, completeness) = match (entry.get("dependsOn"), on.is_empty()) {
                // CycloneDX: what stands there without dependencies has none.
                (None, _) if is_first => (vec!["NoneElement".to_owned()], None),
                (None, _) => continue,
                (Some(_), true) => (vec!["NoneElement".to_owned()], said.or(Some("complete"))),
                (Some(_), false) => (on.iter().map(|own| self.refer(own)).collect(), said),
            };
            let more = completeness.map(|word| ("completeness".into(), Json::text(word)));
            self.relationship("dependsOn", &from, to, more.into_iter().collect());
            if !provided.is_empty() {
                let to = provided.iter().map(|own| self.refer(own)).collect();
                self.relationship("hasSpecification", &from, to, Vec::new());
            }
        }
    }

    fn compositions(&mut self, root: Value<'a>) {
        for composition in list(root, "compositions") {
            let word = match text(composition, "aggregate").as_deref() {
                Some("complete") => "complete",
                Some(own) if own.starts_with("incomplete") => "incomplete",
                _ => "noAssertion",
            };
            for what in ["assemblies", "dependencies"] {
                for own in list(composition, what).filter_map(|own| own.as_str()) {
                    self.completeness.entry((own, what)).or_insert(word);
                }
            }
        }
    }

    /// The document, the SBOM in it, and what nothing else says.
    fn collections(&mut self, root: Value<'a>, vulnerabilities: &[String]) {
        let metadata = root.get("metadata").filter(|metadata| metadata.kind() == Kind::Object);
        let sbom = self.base.path("sbom");
        let tops: Vec<String> = self.tops.iter().map(|&top| self.nodes[top].id.clone()).collect();
        let roots = match self.root {
            Some(root) => vec![self.nodes[root].id.clone()],
            None if tops.is_empty() => vulnerabilities.to_vec(),
            None => tops,
        };
        let elements: Vec<String> =
            self.nodes.iter().map(|node| node.id.clone()).chain(vulnerabilities.iter().cloned()).collect();
        let mut fields: Vec<Member<'a>> = Vec::new();
        if !roots.is_empty() {
            fields.push(("rootElement".into(), ids(roots)));
            fields.push(("element".into(), ids(elements)));
        }
        let phases: Vec<Cow<'a, str>> = metadata
            .into_iter()
            .flat_map(|own| list(own, "lifecycles"))
            .filter_map(|own| text(own, "phase"))
            .collect();
        let mut types: Vec<&'static str> = Vec::new();
        for own in phases.iter().filter_map(|phase| names::sbom_type(phase)) {
            if !types.contains(&own) {
                types.push(own);
            }
        }
        if !types.is_empty() {
            let types = types.iter().map(|&own| Json::text(own)).collect();
            fields.push(("software_sbomType".into(), Json::List(types)));
        }
        let own = metadata.map(properties).unwrap_or_default();
        if !own.is_empty() {
            fields.push(("extension".into(), Json::List(extension(&own))));
        }
        self.element("software_Sbom", &sbom, fields);

        let mut fields: Vec<Member<'a>> = Vec::new();
        let name = self.root.and_then(|root| text(self.nodes[root].value, "name"));
        fields
            .push(("name".into(), Json::Text(name.unwrap_or_else(|| self.base.as_str().to_owned().into()))));
        fields.push(("rootElement".into(), ids(vec![sbom])));
        // `extension` is a profile too, but the official context takes that word for the field of the same name.
        let mut profiles = vec!["core", "software", "simpleLicensing"];
        if !vulnerabilities.is_empty() {
            profiles.push("security");
        }
        fields
            .push(("profileConformance".into(), Json::List(profiles.into_iter().map(Json::text).collect())));
        let terms: Vec<License<'a>> =
            metadata.into_iter().flat_map(|own| list(own, "licenses")).filter_map(License::read).collect();
        if let [license] = &terms[..] {
            let id = self.license(&license.terms);
            self.flush();
            fields.push(("dataLicense".into(), Json::text(id)));
        }
        let references: Vec<Reference<'a>> =
            list(root, "externalReferences").filter_map(Reference::read).collect();
        if !references.is_empty() {
            fields
                .push(("externalRef".into(), Json::List(references.iter().map(Reference::field).collect())));
        }
        let own = properties(root);
        if !own.is_empty() {
            fields.push(("extension".into(), Json::List(extension(&own))));
        }
        if !self.elsewhere.is_empty() {
            let map = |id: &String| {
                let mut fields = typed("ExternalMap");
                fields.push(("externalSpdxId".into(), Json::text(id.clone())));
                Json::Object(fields)
            };
            fields.push(("import".into(), Json::List(self.elsewhere.iter().map(map).collect())));
        }
        let id = self.base.as_str().to_owned();
        self.element("SpdxDocument", &id, fields);
        self.keep_document(root, metadata, &types, &terms, &references);
    }

    /// Keeps what the document and the SBOM do not say.
    fn keep_document(
        &mut self,
        root: Value<'a>,
        metadata: Option<Value<'a>>,
        types: &[&'static str],
        terms: &[License<'a>],
        references: &[Reference<'a>],
    ) {
        let mut parts = Vec::new();
        let mut natural: Vec<Member<'a>> = vec![
            ("bomFormat".into(), Json::text("CycloneDX")),
            ("specVersion".into(), Json::text(self.version.name())),
            ("serialNumber".into(), Json::text(self.base.serial_number())),
            ("version".into(), Json::Literal(self.base.version().to_owned().into())),
        ];
        if !references.is_empty() {
            let references = references.iter().map(Reference::member).collect();
            natural.push(("externalReferences".into(), Json::List(references)));
        }
        natural.extend(property_list(properties(root)));
        let (dependencies, comes_back) = dependencies_back(root, &self.ids, &self.base);
        // What comes back element by element was accounted for with each.
        let mut skip = vec!["signature", "bomFormat", "specVersion"];
        for name in ["bomFormat", "specVersion"] {
            root.get(name).into_iter().for_each(|own| self.ledger.mapped(own));
        }
        for name in ["components", "services", "vulnerabilities"] {
            if list(root, name).any(|own| own.kind() == Kind::Object) {
                skip.push(name);
            }
        }
        if comes_back && dependencies > 0 {
            skip.push("dependencies");
            root.get("dependencies").into_iter().for_each(|own| self.ledger.mapped(own));
        }
        if metadata.is_some() {
            skip.push("metadata");
        }
        let mut residue = self.residue(root, &natural, &skip);
        self.drop_signature(root);
        // Completeness stands at relationships too, and would come back as compositions.
        if root.get("compositions").is_none() {
            residue.absent.push("compositions".into());
        }
        if metadata.is_none() {
            residue.absent.push("metadata".into());
        }
        parts.push(("bom", residue));
        if let Some(metadata) = metadata {
            let natural = self.metadata_back(metadata, types, terms);
            let mut skip = Vec::new();
            if self.root.is_some() {
                skip.push("component");
            }
            let mut residue = self.residue(metadata, &natural, &skip);
            if self.root.is_none() {
                residue.absent.push("component".into());
            }
            parts.push(("metadata", residue));
        }
        let id = self.base.as_str().to_owned();
        self.annotate(&id, parts);
    }

    /// The members of `metadata` that come back by themselves.
    fn metadata_back(
        &self,
        metadata: Value<'a>,
        types: &[&'static str],
        terms: &[License<'a>],
    ) -> Vec<Member<'a>> {
        let time = text(metadata, "timestamp").and_then(|time| time.parse::<Timestamp>().ok());
        let mut natural: Vec<Member<'a>> =
            vec![("timestamp".into(), Json::text(second(time.unwrap_or(self.now))))];
        let own = if self.version >= SpecVersion::V1_6 { "manufacturer" } else { "manufacture" };
        natural.extend(
            metadata.get(own).and_then(Agent::organization).map(|maker| (own.into(), maker.member())),
        );
        let authors: Vec<Json<'a>> =
            list(metadata, "authors").filter_map(Agent::person).map(|author| author.member()).collect();
        if !authors.is_empty() {
            natural.push(("authors".into(), Json::List(authors)));
        }
        if !types.is_empty() {
            let phase = |own: &&'static str| {
                Json::Object(vec![("phase".into(), Json::text(names::phase(own).unwrap_or_default()))])
            };
            natural.push(("lifecycles".into(), Json::List(types.iter().map(phase).collect())));
        }
        if let [license] = terms {
            // The document has one licence, and nothing says who says so.
            let license = License { terms: license.terms.clone(), said: Said::Unsaid };
            natural.push(("licenses".into(), Json::List(vec![license.member(self.version, true)])));
        }
        natural.extend(property_list(properties(metadata)));
        natural
    }

    /// The id of what a bom-ref or BOM-Link leads to.
    pub(super) fn refer(&mut self, reference: &str) -> String {
        if let Some(id) = self.ids.get(reference) {
            return id.clone();
        }
        let id = if reference.starts_with("urn:cdx:") && !reference.contains(char::is_whitespace) {
            reference.to_owned()
        } else {
            self.base.link(reference)
        };
        if !self.taken.contains(&id) {
            self.elsewhere.insert(id.clone());
        }
        id
    }

    /// The id of an agent, which is written when it is first heard of.
    pub(super) fn agent(&mut self, agent: Agent<'a>) -> String {
        if let Some(id) = self.agents.get(&agent) {
            return id.clone();
        }
        let id = self.base.path(&format!("agents/{}", self.agents.len() + 1));
        self.waiting.push((agent.class(), id.clone(), agent.fields()));
        self.agents.insert(agent, id.clone());
        id
    }

    /// The id of a licence, which is written when it is first heard of.
    fn license(&mut self, terms: &Terms<'a>) -> String {
        if let Some(id) = self.licenses.get(terms) {
            return id.clone();
        }
        let (id, fields) = match terms {
            Terms::Expression(expression) => (
                self.base.named("licenses", expression),
                vec![("simplelicensing_licenseExpression".into(), Json::text(expression.clone()))],
            ),
            Terms::Named(name) => {
                let text_id = self.base.named("license-texts", name);
                let words = "The source names this licence and does not hold its text.";
                let fields = vec![
                    ("name".into(), Json::text(name.clone())),
                    ("simplelicensing_licenseText".into(), Json::text(words)),
                ];
                self.waiting.push(("simplelicensing_SimpleLicensingText", text_id.clone(), fields));
                let mut reference = license::reference(name);
                let mut count = 1;
                while !self.texts.insert(reference.clone()) {
                    count += 1;
                    reference = format!("{}-{count}", license::reference(name));
                }
                let mut entry = typed("DictionaryEntry");
                entry.push(("key".into(), Json::text(reference.clone())));
                entry.push(("value".into(), Json::text(text_id)));
                let fields = vec![
                    ("simplelicensing_licenseExpression".into(), Json::text(reference.clone())),
                    ("simplelicensing_customIdToUri".into(), Json::List(vec![Json::Object(entry)])),
                ];
                (self.base.named("licenses", &reference), fields)
            }
        };
        self.waiting.push(("simplelicensing_LicenseExpression", id.clone(), fields));
        self.licenses.insert(terms.clone(), id.clone());
        id
    }

    pub(super) fn relationship(
        &mut self,
        kind: &'static str,
        from: &str,
        to: Vec<String>,
        more: Vec<Member<'a>>,
    ) {
        self.relationship_of("Relationship", kind, from, to, more);
    }

    pub(super) fn relationship_of(
        &mut self,
        class: &'static str,
        kind: &'static str,
        from: &str,
        to: Vec<String>,
        more: Vec<Member<'a>>,
    ) {
        self.relationships += 1;
        let id = self.base.path(&format!("relationships/{}", self.relationships));
        let mut fields: Vec<Member<'a>> = vec![
            ("relationshipType".into(), Json::text(kind)),
            ("from".into(), Json::text(from.to_owned())),
            ("to".into(), ids(to)),
        ];
        fields.extend(more);
        self.element(class, &id, fields);
    }

    /// Keeps differences at an element.
    pub(super) fn annotate(&mut self, id: &str, parts: Vec<(&'static str, Residue<'a>)>) {
        self.annotations += 1;
        let fields = vec![
            ("annotationType".into(), Json::text("other")),
            ("contentType".into(), Json::text("application/json")),
            ("subject".into(), Json::text(id.to_owned())),
            ("statement".into(), Json::text(statement(self.version.name(), parts))),
        ];
        let id = self.base.path(&format!("annotations/{}", self.annotations));
        self.element("Annotation", &id, fields);
    }

    pub(super) fn element(&mut self, class: &'static str, id: &str, fields: Vec<Member<'a>>) {
        let mut members = typed(class);
        members.push(("spdxId".into(), Json::text(id.to_owned())));
        members.push(("creationInfo".into(), Json::text(CREATION)));
        members.extend(fields);
        Json::Object(members).write(&mut self.builder, 0);
    }

    pub(super) fn flush(&mut self) {
        for (class, id, fields) in std::mem::take(&mut self.waiting) {
            self.element(class, &id, fields);
        }
    }
}

/// How many entries of `dependencies` there are, and whether they come back as they are.
fn dependencies_back(root: Value<'_>, ids: &HashMap<Cow<'_, str>, String>, base: &Base) -> (usize, bool) {
    let mut seen = HashSet::new();
    let comes_back = |name: &str| match ids.get(name) {
        Some(id) => base.bom_ref(id).as_deref() == Some(name),
        None => {
            !name.starts_with("urn:cdx:")
                || (!name.starts_with(base.as_str()) && !name.contains(char::is_whitespace))
        }
    };
    let mut count = 0;
    for entry in list(root, "dependencies") {
        count += 1;
        let all = |name: &str| {
            entry.get(name).is_none_or(|list| {
                list.kind() == Kind::Array
                    && list.elements().all(|own| own.as_str().is_some_and(|name| comes_back(&name)))
            })
        };
        let is_plain = text(entry, "ref").is_some_and(|own| comes_back(&own) && seen.insert(own))
            && entry.members().all(|(name, _)| ["ref", "dependsOn", "provides"].contains(&&*name))
            && all("dependsOn")
            && all("provides")
            && entry.get("provides").is_none_or(|own| own.elements().next().is_some());
        if !is_plain {
            return (count, false);
        }
    }
    (count, true)
}

fn property_list<'a>(properties: Vec<(Cow<'a, str>, Cow<'a, str>)>) -> Option<Member<'a>> {
    let part = Part { properties, ..Part::default() };
    part.service_members().into_iter().find(|(name, _)| name == "properties")
}

/// What a tool is called: its vendor, name and version.
fn tool_name(tool: Value<'_>) -> Option<Cow<'_, str>> {
    let name = text(tool, "name")?;
    let group = text(tool, "vendor").or_else(|| text(tool, "group"));
    let mut whole =
        group.filter(|group| !group.is_empty()).map_or(String::new(), |group| format!("{group}/"));
    whole.push_str(&name);
    if let Some(version) = text(tool, "version") {
        whole.push('@');
        whole.push_str(&version);
    }
    Some(whole.into())
}

pub(super) fn ids<'a>(ids: Vec<String>) -> Json<'a> {
    Json::List(ids.into_iter().map(Json::text).collect())
}

/// A time as the model writes it: in UTC, to the second.
pub(super) fn second(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).map_or_else(|_| time.to_string(), |time| time.to_string())
}

pub(super) const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
const CREATION: &str = "_:creation";
/// The path of the agent that is said to have made a document that names nobody.
pub(super) const OURSELVES: &str = "agents/sbom-attest";
/// Why something is carried.
const KEPT: &str = "kept in an annotation of its element";

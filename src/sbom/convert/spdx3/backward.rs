//! From SPDX 3 to CycloneDX: the components in the order of the elements, and what was kept back in its place.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::element::is_a;
use super::element::read_extension;
use super::forward::OURSELVES;
use super::graph::{Graph, Kept, id_of, statements};
use super::ids::{Base, text};
use super::json::{Json, Member};
use super::license::{License, Said, Terms, UNSAID};
use super::names;
use super::part::{Agent, Part, Reference, list};
use crate::document::{Builder, Document, Error, Limits, Value};
use crate::sbom::SpecVersion;
use crate::sbom::convert::{Ledger, Loss};

/// Makes a CycloneDX document of an SPDX 3 document, with an account of every field. The version is that of the document
/// that the SPDX document was made of, else 1.6.
pub fn to_cyclonedx(source: Document, limits: &Limits) -> Result<(Document, SpecVersion, Vec<Loss>), Error> {
    let kept = statements(&source, limits);
    let graph = Graph::of(&source, &kept);
    let mut work = Backward::new(&source, graph);
    work.document();
    let (builder, version, losses) = (work.builder, work.version, work.ledger.finish());
    let made = builder.finish(Some(source.into_source()), limits)?;
    Ok((made, version, losses))
}

/// A component or service.
pub(super) struct Node<'a> {
    pub(super) value: Value<'a>,
    id: Cow<'a, str>,
    is_service: bool,
    parent: Option<usize>,
    children: Vec<usize>,
    licenses: Vec<License<'a>>,
}

/// A relationship whose ends are there.
pub(super) struct Relationship<'a> {
    pub(super) value: Value<'a>,
    pub(super) kind: Cow<'a, str>,
    pub(super) from: Cow<'a, str>,
    pub(super) to: Vec<Cow<'a, str>>,
}

pub(super) struct Backward<'a> {
    source: &'a Document,
    pub(super) graph: Graph<'a>,
    pub(super) version: SpecVersion,
    pub(super) base: Option<Base>,
    pub(super) ledger: Ledger<'a>,
    pub(super) builder: Builder,
    nodes: Vec<Node<'a>>,
    by_id: HashMap<Cow<'a, str>, usize>,
    pub(super) relationships: Vec<Relationship<'a>>,
    /// Elements that something was made of, by their node.
    pub(super) used: HashSet<u32>,
    root: Option<usize>,
    /// What describes the file as a whole, if anything does.
    file: Option<Value<'a>>,
    /// The relationships that may be about a vulnerability, by its id.
    pub(super) about: HashMap<Cow<'a, str>, Vec<usize>>,
}

impl<'a> Backward<'a> {
    fn new(source: &'a Document, graph: Graph<'a>) -> Self {
        let base = graph.base();
        let kept = base.as_ref().and_then(|base| graph.kept.get(base.as_str()));
        let file = graph.of_class("SpdxDocument").next();
        Self {
            source,
            version: kept.and_then(Kept::version).unwrap_or(SpecVersion::V1_6),
            base,
            ledger: Ledger::new(source),
            builder: Builder::default(),
            nodes: Vec::new(),
            by_id: HashMap::new(),
            relationships: Vec::new(),
            used: HashSet::new(),
            root: None,
            file,
            about: HashMap::new(),
            graph,
        }
    }

    fn document(&mut self) {
        self.collect();
        self.nest();
        self.licenses();
        self.claim();
        let at = self.source.root().offset();
        let kept = self.kept_document();
        self.builder.object(at);
        self.builder.member("bomFormat", "CycloneDX", at);
        self.builder.member("specVersion", self.version.name(), at);
        let mut members: Vec<Member<'a>> = Vec::new();
        let (serial, version) = match &self.base {
            Some(base) => (base.serial_number(), base.version().to_owned()),
            None => (Base::of(self.source).serial_number(), "1".to_owned()),
        };
        members.push(("serialNumber".into(), Json::text(serial)));
        members.push(("version".into(), Json::Literal(version.into())));
        let document = self.file;
        let references: Vec<Json<'a>> = document
            .into_iter()
            .flat_map(|own| list(own, "externalRef"))
            .flat_map(Reference::read_field)
            .map(|own| own.member())
            .collect();
        if !references.is_empty() {
            members.push(("externalReferences".into(), Json::List(references)));
        }
        let properties = document.map(read_extension).unwrap_or_default();
        members.extend(property_list(properties));
        let dependencies = self.dependencies();
        if !dependencies.is_empty() {
            members.push(("dependencies".into(), Json::List(dependencies)));
        }
        let compositions = self.compositions();
        if !compositions.is_empty() {
            members.push(("compositions".into(), Json::List(compositions)));
        }
        let has_components = self.tops(false).next().is_some();
        let has_services = self.tops(true).next().is_some();
        let has_vulnerabilities = self.graph.of_class("security_Vulnerability").next().is_some();
        let mut skip = vec!["bomFormat", "specVersion"];
        if !kept.is_some_and(|kept| kept.was_absent("bom", "metadata")) {
            skip.push("metadata");
        }
        for (name, is_there) in [
            ("components", has_components),
            ("services", has_services),
            ("vulnerabilities", has_vulnerabilities),
        ] {
            if is_there {
                skip.push(name);
            }
        }
        self.members(members, kept, "bom", &skip, at);
        for is_service in [false, true] {
            let tops: Vec<usize> = self.tops(is_service).collect();
            if !tops.is_empty() {
                self.builder.name(if is_service { "services" } else { "components" }, at);
                self.builder.array(at);
                for top in tops {
                    self.node(top);
                }
                self.builder.end();
            }
        }
        if has_vulnerabilities {
            self.builder.name("vulnerabilities", at);
            self.builder.array(at);
            self.vulnerabilities();
            self.builder.end();
        }
        // The metadata is last: it holds whatever nothing else was made of.
        self.metadata(kept, at);
        self.builder.end();
    }

    fn kept_document(&self) -> Option<Kept<'a>> {
        self.graph.kept.get(self.base.as_ref()?.as_str()).copied()
    }

    /// Finds components, services and relationships.
    fn collect(&mut self) {
        for number in 0..self.graph.elements.len() {
            let value = self.graph.elements[number];
            let Some(id) = text(value, "spdxId") else { continue };
            if let (Some(kind), Some(from)) =
                (text(value, "relationshipType"), value.get("from").and_then(|own| id_of(own)))
            {
                let to: Vec<Cow<'a, str>> = list(value, "to").filter_map(|own| id_of(own)).collect();
                let subject = if kind == "hasAssociatedVulnerability" {
                    to.first().cloned()
                } else {
                    Some(from.clone())
                };
                if let Some(subject) = subject.filter(|_| {
                    text(value, "type").as_deref() != Some("Relationship") || kind.starts_with("hasAss")
                }) {
                    self.about.entry(subject).or_default().push(self.relationships.len());
                }
                self.relationships.push(Relationship { value, kind, from, to });
                continue;
            }
            let is_service = self.graph.kept.get(&id).is_some_and(|kept| kept.has("service"));
            let is_component = COMPONENTS.iter().any(|class| is_a(value, class));
            if (!is_component && !is_service) || self.by_id.contains_key(&id) {
                continue;
            }
            self.by_id.insert(id.clone(), self.nodes.len());
            self.used.insert(value.id());
            self.nodes.push(Node {
                value,
                id,
                is_service,
                parent: None,
                children: Vec::new(),
                licenses: Vec::new(),
            });
        }
    }

    /// What is in what. A component has one parent at most; what goes round in circles or too deep is at the top.
    fn nest(&mut self) {
        let kept = self.kept_document();
        let document = self.file;
        let mut roots: Vec<usize> = Vec::new();
        for root in document.into_iter().flat_map(|own| list(own, "rootElement")) {
            let Some(value) = self.graph.follow(root) else { continue };
            let inner: Vec<Value<'a>> = if SBOMS.iter().any(|class| is_a(value, class)) {
                list(value, "rootElement").collect()
            } else {
                vec![root]
            };
            roots.extend(inner.into_iter().filter_map(|own| self.by_id.get(&id_of(own)?).copied()));
        }
        let was_absent = kept.is_some_and(|kept| {
            kept.was_absent("metadata", "component") || kept.was_absent("bom", "metadata")
        });
        if let [root] = roots[..]
            && !was_absent
            && !self.nodes[root].is_service
        {
            self.root = Some(root);
        }
        for number in 0..self.relationships.len() {
            let own = &self.relationships[number];
            if own.kind != "contains" {
                continue;
            }
            let Some(&parent) = self.by_id.get(&own.from) else { continue };
            let children: Vec<usize> = own.to.iter().filter_map(|id| self.by_id.get(id).copied()).collect();
            let is_whole = children.len() == own.to.len();
            let mut taken = 0;
            for child in children {
                let may = child != parent
                    && Some(child) != self.root
                    && self.nodes[child].parent.is_none()
                    && self.nodes[child].is_service == self.nodes[parent].is_service
                    && self.may_nest(child, parent);
                if may {
                    self.nodes[child].parent = Some(parent);
                    self.nodes[parent].children.push(child);
                    taken += 1;
                }
            }
            if is_whole && taken == self.relationships[number].to.len() {
                self.used.insert(self.relationships[number].value.id());
            }
        }
    }

    /// Whether a parent is neither inside of its child nor deeper than documents go.
    fn may_nest(&self, child: usize, parent: usize) -> bool {
        let mut level = 0;
        let mut above = Some(parent);
        while let Some(number) = above {
            level += 1;
            if number == child || level > DEEPEST {
                return false;
            }
            above = self.nodes[number].parent;
        }
        // What is inside of the child goes down with it.
        let mut open: Vec<(usize, usize)> = vec![(child, level)];
        while let Some((number, level)) = open.pop() {
            if level > DEEPEST {
                return false;
            }
            open.extend(self.nodes[number].children.iter().map(|&inner| (inner, level + 1)));
        }
        true
    }

    fn licenses(&mut self) {
        for said in Said::ALL {
            for number in 0..self.relationships.len() {
                let own = &self.relationships[number];
                let is_unsaid = own.value.get("comment").is_some_and(|comment| comment.is(UNSAID));
                if own.kind != said.relationship() || (said == Said::Unsaid) != is_unsaid {
                    continue;
                }
                let Some(&node) = self.by_id.get(&own.from) else { continue };
                let found: Vec<Option<(License<'a>, Option<Value<'a>>)>> =
                    own.to.iter().map(|id| self.license(id, said)).collect();
                if found.iter().any(Option::is_none) {
                    continue;
                }
                self.used.insert(own.value.id());
                for (license, text) in found.into_iter().flatten() {
                    self.nodes[node].licenses.push(license);
                    self.used.extend(text.map(Value::id));
                }
                for id in self.relationships[number].to.clone() {
                    self.used.extend(self.graph.get(&id).map(Value::id));
                }
            }
        }
    }

    /// Says which agents and annotations the components are made of.
    fn claim(&mut self) {
        for number in 0..self.nodes.len() {
            let Node { value, ref id, .. } = self.nodes[number];
            self.used.extend(self.graph.kept.get(id).map(|kept| kept.annotation.id()));
            self.agents(value, &mut Part::default());
        }
    }

    /// The licence of an id, and the element that holds its text.
    fn license(&self, id: &str, said: Said) -> Option<(License<'a>, Option<Value<'a>>)> {
        let none = |text: &'static str| Some((License { terms: Terms::Expression(text.into()), said }, None));
        match id.rsplit(['/', '_']).next() {
            Some("NoAssertionLicense") => return none("NOASSERTION"),
            Some("NoneLicense") => return none("NONE"),
            _ => {}
        }
        if let Some(listed) = id.strip_prefix("https://spdx.org/licenses/")
            && self.graph.get(id).is_none()
        {
            return Some((License { terms: Terms::Expression(listed.to_owned().into()), said }, None));
        }
        let value = self.graph.get(id)?;
        if !is_a(value, "simplelicensing_LicenseExpression") {
            // A licence with a name; its text and the like are kept with the element.
            let name = text(value, "name")?;
            return value
                .get("simplelicensing_licenseText")
                .map(|_| (License { terms: Terms::Named(name), said }, None));
        }
        let expression = text(value, "simplelicensing_licenseExpression")?;
        let own = list(value, "simplelicensing_customIdToUri")
            .find(|entry| entry.get("key").is_some_and(|key| key.is(&expression)))
            .and_then(|entry| self.graph.get(&text(entry, "value")?));
        if let Some(own) = own
            && let Some(name) = text(own, "name")
        {
            return Some((License { terms: Terms::Named(name), said }, Some(own)));
        }
        Some((License { terms: Terms::Expression(expression), said }, None))
    }

    fn tops(&self, is_service: bool) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(move |&number| {
            let node = &self.nodes[number];
            node.parent.is_none() && node.is_service == is_service && Some(number) != self.root
        })
    }

    /// A component or service with what is in it, without recursion.
    fn node(&mut self, top: usize) {
        let mut open: Vec<Option<usize>> = vec![Some(top)];
        while let Some(step) = open.pop() {
            let Some(number) = step else {
                self.builder.end();
                self.builder.end();
                continue;
            };
            self.open_node(number);
            let Node { value, is_service, ref children, .. } = self.nodes[number];
            if children.is_empty() {
                self.builder.end();
                continue;
            }
            let at = value.offset();
            self.builder.name(if is_service { "services" } else { "components" }, at);
            self.builder.array(at);
            open.push(None);
            open.extend(self.nodes[number].children.iter().rev().map(|&child| Some(child)));
        }
    }

    /// Writes a component and leaves it open.
    fn open_node(&mut self, number: usize) {
        let Node { value, is_service, ref id, ref licenses, ref children, .. } = self.nodes[number];
        let (id, licenses, has_children) = (id.clone(), licenses.clone(), !children.is_empty());
        let at = value.offset();
        let mut part = Part::of_element(value);
        part.licenses = licenses;
        self.agents(value, &mut part);
        let kept = self.graph.kept.get(&id).copied();
        let mut more: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::new();
        if is_service {
            self.ledger.mapped(value);
        } else {
            self.rest(value, &part, &mut more);
        }
        part.properties.extend(more);
        let mut members = if is_service { part.service_members() } else { part.members(self.version) };
        if let Some(reference) = self.bom_ref(&id) {
            members.insert(members.len().min(1), ("bom-ref".into(), Json::Text(reference)));
        }
        self.builder.object(at);
        let name = if is_service { "service" } else { "component" };
        let skip: &[&str] = if has_children { &["components", "services"] } else { &[] };
        self.members(members, kept, name, skip, at);
    }

    /// Who supplied and made it.
    fn agents(&mut self, value: Value<'a>, part: &mut Part<'a>) {
        let supplier = value.get("suppliedBy").and_then(|own| self.graph.follow(own));
        part.supplier = supplier.and_then(Agent::of_element);
        self.used.extend(supplier.filter(|_| part.supplier.is_some()).map(Value::id));
        for own in list(value, "originatedBy") {
            let Some(found) = self.graph.follow(own) else { continue };
            let Some(agent) = Agent::of_element(found) else { continue };
            self.used.insert(found.id());
            part.originators.push(agent);
        }
    }

    /// Fields of an element that no member of a component says: they are kept as properties.
    fn rest(&mut self, value: Value<'a>, part: &Part<'a>, more: &mut Vec<(Cow<'a, str>, Cow<'a, str>)>) {
        let fields = part.fields();
        let is_plain = is_a(value, "software_Package") || is_a(value, "software_File");
        for (name, field) in value.members() {
            let comes_back = match &*name {
                "type" => is_plain,
                "spdxId" => true,
                "creationInfo" => self.is_creation(field),
                "suppliedBy" => part.supplier.is_some(),
                "originatedBy" => {
                    let people = part.originators.iter().filter(|own| own.is_person).count();
                    let others = part.originators.len() - people;
                    part.originators.len() == field.elements().count() && others <= 1
                }
                "software_homePage" | "software_downloadLocation" => {
                    part.references.iter().any(|own| field.is(&own.locator))
                }
                "software_primaryPurpose" => {
                    field.as_str().is_some_and(|own| {
                        names::component_type(&own).and_then(names::purpose) == Some(&*own)
                    }) || self.graph.kept.contains_key(&text(value, "spdxId").unwrap_or_default())
                }
                // Every locator becomes a reference of its own, and some types have no word in CycloneDX.
                "externalRef" => part.references.iter().all(|own| {
                    own.kind == "other"
                        || names::reference_back(&own.kind).and_then(names::reference) == Some(&*own.kind)
                }),
                "verifiedUsing" => field.elements().all(|own| {
                    is_a(own, "Hash") && (super::element::has_algorithm(own) || own.get("comment").is_some())
                }),
                "extension" => field.elements().all(|own| is_a(own, "extension_CdxPropertiesExtension")),
                "externalIdentifier" => {
                    field.elements().all(|own| {
                        own.members().count() == 3
                            && own.get("externalIdentifierType").is_some_and(|kind| {
                                ["packageUrl", "cpe22", "cpe23"].iter().any(|known| kind.is(known))
                            })
                    }) || self.graph.kept.contains_key(&text(value, "spdxId").unwrap_or_default())
                }
                _ => fields.iter().any(|(own, made)| *own == name && made.same(field)),
            };
            if comes_back {
                self.ledger.mapped(field);
                continue;
            }
            self.ledger.carried(field, "kept as a property of the component");
            let mut line = Vec::new();
            Json::Value(field).compact(&mut line);
            more.push((format!("spdx:{name}").into(), String::from_utf8_lossy(&line).into_owned().into()));
        }
    }

    /// Whether it is the creation that the document has too.
    fn is_creation(&self, field: Value<'a>) -> bool {
        let own = self.file.and_then(|document| document.get("creationInfo"));
        own.is_none_or(|own| own.raw() == field.raw())
    }

    /// The bom-ref of an id.
    pub(super) fn bom_ref(&self, id: &str) -> Option<Cow<'a, str>> {
        match &self.base {
            Some(base) => base.bom_ref(id).map(Cow::Owned),
            None => Some(Cow::Owned(id.to_owned())),
        }
    }

    /// What depends on what, one entry for each that says so.
    fn dependencies(&mut self) -> Vec<Json<'a>> {
        struct Entry<'a> {
            on: Option<Vec<Cow<'a, str>>>,
            provides: Vec<Cow<'a, str>>,
        }
        let mut order: Vec<Cow<'a, str>> = Vec::new();
        let mut entries: HashMap<Cow<'a, str>, Entry<'a>> = HashMap::new();
        for number in 0..self.relationships.len() {
            let own = &self.relationships[number];
            let provides =
                own.kind == "hasSpecification" && self.version >= SpecVersion::V1_6 && self.base.is_some();
            if !provides && !DEPENDENCIES.contains(&&*own.kind) {
                continue;
            }
            // A reference of CycloneDX leads to something in the document.
            let is_here = |id: &Cow<'a, str>| self.base.is_some() || self.by_id.contains_key(id);
            if !is_here(&own.from) {
                continue;
            }
            let is_whole = own.to.iter().all(|id| id == "NoneElement" || is_here(id));
            let Some(from) = self.bom_ref(&own.from) else { continue };
            let is_nothing = own.to.iter().all(|id| id == "NoneElement");
            let to: Vec<Cow<'a, str>> = if is_nothing {
                Vec::new()
            } else {
                own.to.iter().filter(|id| is_here(id)).filter_map(|id| self.bom_ref(id)).collect()
            };
            if (own.kind == "dependsOn" && is_a(own.value, "Relationship") || provides) && is_whole {
                self.used.insert(own.value.id());
            }
            let says = own.value.get("completeness").is_some();
            let entry = entries.entry(from.clone()).or_insert_with(|| {
                order.push(from);
                Entry { on: None, provides: Vec::new() }
            });
            if provides {
                entry.provides.extend(to);
            } else if !is_nothing || says {
                let known = entry.on.get_or_insert_default();
                // Several relationships may say the same; one alone is taken as it is.
                if known.is_empty() {
                    *known = to;
                } else {
                    let seen: HashSet<Cow<'a, str>> = known.iter().cloned().collect();
                    known.extend(to.into_iter().filter(|one| !seen.contains(one)));
                }
            }
        }
        let texts = |list: Vec<Cow<'a, str>>| Json::List(list.into_iter().map(Json::Text).collect());
        order
            .into_iter()
            .filter_map(|reference| {
                let Entry { on, provides } = entries.remove(&reference)?;
                let mut members: Vec<Member<'a>> = vec![("ref".into(), Json::Text(reference))];
                members.extend(on.map(|on| ("dependsOn".into(), texts(on))));
                if !provides.is_empty() {
                    members.push(("provides".into(), texts(provides)));
                }
                Some(Json::Object(members))
            })
            .collect()
    }

    /// How complete relationships say to be.
    fn compositions(&self) -> Vec<Json<'a>> {
        let mut compositions = Vec::new();
        for (word, aggregate) in
            [("complete", "complete"), ("incomplete", "incomplete"), ("noAssertion", "unknown")]
        {
            for (kind, name) in [("contains", "assemblies"), ("dependsOn", "dependencies")] {
                let says = |own: &&Relationship<'a>| {
                    own.kind == kind && own.value.get("completeness").is_some_and(|own| own.is(word))
                };
                let mut seen = HashSet::new();
                let references: Vec<Json<'a>> = self
                    .relationships
                    .iter()
                    .filter(says)
                    .filter(|own| self.by_id.contains_key(&own.from))
                    .filter_map(|own| self.bom_ref(&own.from))
                    .filter(|own| seen.insert(own.clone()))
                    .map(Json::Text)
                    .collect();
                if !references.is_empty() {
                    compositions.push(Json::Object(vec![
                        ("aggregate".into(), Json::text(aggregate)),
                        (name.into(), Json::List(references)),
                    ]));
                }
            }
        }
        compositions
    }

    fn metadata(&mut self, kept: Option<Kept<'a>>, at: u32) {
        let document = self.file;
        let sbom = SBOMS.iter().find_map(|class| self.graph.of_class(class).next());
        let mut members: Vec<Member<'a>> = Vec::new();
        let creation = document.or_else(|| self.graph.elements.first().copied());
        let creation = creation.and_then(|own| self.graph.follow(own.get("creationInfo")?));
        if let Some(creation) = creation {
            self.creation(creation, &mut members);
        }
        let types: Vec<Json<'a>> = sbom
            .into_iter()
            .flat_map(|own| list(own, "software_sbomType"))
            .filter_map(|own| names::phase(&own.as_str()?))
            .map(|phase| Json::Object(vec![("phase".into(), Json::text(phase))]))
            .collect();
        if !types.is_empty() {
            members.push(("lifecycles".into(), Json::List(types)));
        }
        let license = document.and_then(|own| id_of(own.get("dataLicense")?));
        if let Some(license) = license
            && let Some((own, text)) = self.license(&license, Said::Unsaid)
        {
            self.used.extend(text.map(Value::id));
            self.used.extend(self.graph.get(&license).map(Value::id));
            members.push(("licenses".into(), Json::List(vec![own.member(self.version, true)])));
        }
        let mut properties = sbom.map(read_extension).unwrap_or_default();
        if self.base.is_some() {
            // What a conversion made for itself says nothing that is not back in its place.
            for own in [document, sbom].into_iter().flatten() {
                self.used.insert(own.id());
            }
            self.used.extend(kept.map(|kept| kept.annotation.id()));
        }
        self.others(&mut properties);
        members.extend(property_list(properties));
        if kept.is_some_and(|kept| kept.was_absent("bom", "metadata")) && self.root.is_none() {
            return;
        }
        self.builder.name("metadata", at);
        self.builder.object(at);
        let skip: &[&str] = if self.root.is_some() { &["component"] } else { &[] };
        self.members(members, kept, "metadata", skip, at);
        if let Some(root) = self.root {
            self.builder.name("component", at);
            self.node(root);
        }
        self.builder.end();
    }

    /// When the document was made, by whom and with what.
    fn creation(&mut self, creation: Value<'a>, members: &mut Vec<Member<'a>>) {
        self.used.insert(creation.id());
        members.extend(text(creation, "created").map(|time| ("timestamp".into(), Json::Text(time))));
        let (mut people, mut makers, mut tools) = (Vec::new(), Vec::new(), Vec::new());
        for own in list(creation, "createdBy") {
            let Some(found) = self.graph.follow(own) else { continue };
            let is_ours = self
                .base
                .as_ref()
                .is_some_and(|base| found.get("spdxId").is_some_and(|id| id.is(&base.path(OURSELVES))));
            if is_ours {
                self.used.insert(found.id());
                continue;
            }
            let Some(agent) = Agent::of_element(found) else { continue };
            if is_a(found, "SoftwareAgent") {
                tools.push(agent.name);
            } else if agent.is_person {
                people.push(agent.member());
            } else {
                makers.push(agent.member());
            }
            self.used.insert(found.id());
        }
        for own in list(creation, "createdUsing") {
            let Some(found) = self.graph.follow(own) else { continue };
            if let Some(name) = text(found, "name") {
                tools.push(name);
                self.used.insert(found.id());
            }
        }
        let own = if self.version >= SpecVersion::V1_6 { "manufacturer" } else { "manufacture" };
        members.extend(makers.into_iter().next().map(|maker| (own.into(), maker)));
        if !people.is_empty() {
            members.push(("authors".into(), Json::List(people)));
        }
        if !tools.is_empty() {
            let tool = |name| {
                Json::Object(vec![
                    ("type".into(), Json::text("application")),
                    ("name".into(), Json::Text(name)),
                ])
            };
            let tools = Json::List(tools.into_iter().map(tool).collect());
            members.push(("tools".into(), Json::Object(vec![("components".into(), tools)])));
        }
    }

    /// Elements that nothing was made of are kept as properties of the document.
    fn others(&mut self, properties: &mut Vec<(Cow<'a, str>, Cow<'a, str>)>) {
        self.ledger_of_used();
        let mut end = 0;
        for number in 0..self.graph.elements.len() {
            let value = self.graph.elements[number];
            // What stands inside of another element is kept with it.
            if value.id() < end {
                continue;
            }
            if self.used.contains(&value.id()) {
                continue;
            }
            end = self.source.end_of(value);
            let mut line = Vec::new();
            Json::Value(value).compact(&mut line);
            properties.push(("spdx:element".into(), String::from_utf8_lossy(&line).into_owned().into()));
            self.ledger.carried(value, "kept as a property of the document");
        }
        let root = self.source.root();
        if let Some(context) = root.get("@context") {
            self.ledger.mapped(context);
        }
    }

    fn ledger_of_used(&mut self) {
        let components: HashSet<u32> = self.nodes.iter().map(|node| node.value.id()).collect();
        for number in 0..self.graph.elements.len() {
            let value = self.graph.elements[number];
            if self.used.contains(&value.id()) && !components.contains(&value.id()) {
                self.ledger.mapped(value);
            }
        }
    }

    /// Writes members: what was kept takes the place of what comes by itself.
    pub(super) fn members(
        &mut self,
        natural: Vec<Member<'a>>,
        kept: Option<Kept<'a>>,
        object: &str,
        skip: &[&str],
        at: u32,
    ) {
        for (name, member) in natural {
            if kept.is_some_and(|kept| kept.decides(object, &name)) {
                continue;
            }
            self.builder.name(&name, at);
            member.write(&mut self.builder, at);
        }
        for (name, member) in kept.into_iter().flat_map(|kept| kept.set(object)) {
            if skip.contains(&&*name) {
                continue;
            }
            self.builder.name(&name, at);
            Json::Value(member).write(&mut self.builder, at);
        }
    }
}

fn property_list<'a>(properties: Vec<(Cow<'a, str>, Cow<'a, str>)>) -> Option<Member<'a>> {
    let part = Part { properties, ..Part::default() };
    part.service_members().into_iter().find(|(name, _)| name == "properties")
}

/// Classes that are components.
const COMPONENTS: [&str; 4] = ["software_Package", "software_File", "ai_AIPackage", "dataset_DatasetPackage"];
/// Classes that are SBOMs, and are then what a document is about.
const SBOMS: [&str; 2] = ["software_Sbom", "Bom"];
/// Types of relationships that are dependencies in CycloneDX.
const DEPENDENCIES: [&str; 8] = [
    "dependsOn",
    "hasDynamicLink",
    "hasStaticLink",
    "hasOptionalDependency",
    "hasProvidedDependency",
    "hasPrerequisite",
    "hasRequirement",
    "hasOptionalComponent",
];
/// Levels of components in components. A level takes two of those that a document may have.
const DEEPEST: usize = 48;

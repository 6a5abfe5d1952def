//! The document around the components: what it describes, its dependencies, and everything else.

use std::collections::{HashMap, HashSet};

use super::Product;
use super::build::{At, Builder, Rule, SIGNATURE};
use super::classes::narrow;
use super::side::Piece;
use super::tree::{Content, Item, Node};
use crate::digest::Digest;
use crate::document::Kind;
use crate::sbom::properties::MERGED_FROM;
use crate::sbom::{Role, SpecVersion};

impl<'a> Builder<'a, '_> {
    /// The outermost object. Dependencies come when all names are decided.
    pub(super) fn document(&mut self) -> u32 {
        self.vulnerability_groups();
        self.name_products();
        self.whole = self.untouched();
        let root = self.tree.reserve();
        let sources: Vec<Piece> = (0..)
            .zip(&self.sides)
            .map(|(side, own)| Piece { side, node: own.document().root().id() })
            .collect();
        self.note(root, &sources);
        let mut found = self.members(&sources);
        let take = |found: &mut Vec<(std::borrow::Cow<'a, str>, Vec<Piece>)>, name: &str| {
            let at = found.iter().position(|(own, _)| own == name)?;
            Some(found.remove(at).1)
        };
        let mut members = Vec::new();
        for name in ["$schema", "bomFormat", "specVersion"] {
            if let Some(pieces) = take(&mut found, name) {
                members.push((name.into(), Content::Copy(pieces[0])));
            }
        }
        members.push(("serialNumber".into(), self.serial()));
        members.push(("version".into(), self.tree.push(Node::Own("1".to_owned()))));
        take(&mut found, "serialNumber");
        take(&mut found, "version");
        let metadata = take(&mut found, "metadata").unwrap_or_default();
        if let Some(metadata) = self.metadata(&metadata) {
            members.push(("metadata".into(), metadata));
        }
        for (name, is_service) in [("components", false), ("services", true)] {
            let there = take(&mut found, name).is_some();
            let product = self.product();
            let top: Vec<u32> = (0..narrow(self.classes.all.len()))
                .filter(|class| {
                    let entry = &self.classes.all[*class as usize];
                    let is_top = entry.parent.is_none() && Some(*class) != product;
                    is_top && (entry.role == Role::Service) == is_service
                })
                .collect();
            if there || !top.is_empty() {
                let list = self.list(&top);
                members.push((name.into(), list));
            }
        }
        let origins = self.origins();
        if !origins.is_empty() && !found.iter().any(|(name, _)| name == REFERENCES) {
            found.insert(0, (REFERENCES.into(), Vec::new()));
        }
        if self.options.product.is_some() && !found.iter().any(|(name, _)| name == DEPENDENCIES) {
            found.push((DEPENDENCIES.into(), Vec::new()));
        }
        for (name, pieces) in found {
            let content = match &*name {
                SIGNATURE => {
                    self.drop_signatures(&pieces);
                    continue;
                }
                // Filled in when all names are decided.
                DEPENDENCIES => Content::Made(self.tree.reserve()),
                REFERENCES => self.references(&pieces, &origins),
                "vulnerabilities" => self.vulnerability_list(),
                _ => self.content(&pieces, Rule::Document.member(&name), || At::default().member(&name)),
            };
            members.push((name, content));
        }
        self.tree.fill(root, Node::Object(members));
        root
    }

    /// The class of what the result describes, unless that is something new.
    fn product(&self) -> Option<u32> {
        if self.options.product.is_some() {
            return None;
        }
        self.products().first().copied()
    }

    /// What the documents describe.
    fn products(&self) -> Vec<u32> {
        let mut products = Vec::new();
        for (side, of) in self.sides.iter().zip(&self.classes.of) {
            if let Some(class) = side.sbom.root().and_then(|root| of.get(root.index()))
                && !products.contains(class)
            {
                products.push(*class);
            }
        }
        products
    }

    /// Something new depends on the products, so that each needs a bom-ref.
    fn name_products(&mut self) {
        let Some(Product { name, version }) = &self.options.product else { return };
        for class in self.products() {
            if self.bom_refs[class as usize].is_none() {
                let fresh = self.names.fresh(&self.classes.all[class as usize].label);
                self.bom_refs[class as usize] = Some(fresh);
            }
        }
        let version = version.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
        self.product_ref = self.names.fresh(&format!("{name}{version}"));
    }

    /// A UUID that follows from the documents and what was asked for.
    fn serial(&mut self) -> Content {
        let mut text = format!("{MERGED_FROM}\n{:?}\n{:?}\n", self.options.product, self.options.nested);
        for side in &self.sides {
            text.push_str(&side.digest.to_string());
            text.push('\n');
        }
        self.tree.text(&format!("urn:uuid:{}", Digest::sha256(text).uuid()))
    }

    fn metadata(&mut self, sources: &[Piece]) -> Option<Content> {
        let mut members = Vec::new();
        if let Some(timestamp) = self.options.timestamp {
            members.push(("timestamp".into(), self.tree.text(&whole_seconds(timestamp))));
        }
        let mut product = Some(match &self.options.product {
            Some(product) => Some(self.new_product(product.clone())),
            None => self.product().map(|class| self.class(class)),
        });
        for (name, pieces) in self.members(sources) {
            let content = match &*name {
                "timestamp" => continue,
                "component" => match product.take().flatten() {
                    Some(product) => product,
                    None => continue,
                },
                _ => self.content(&pieces, Rule::Metadata.member(&name), || {
                    At::default().member("metadata").member(&name)
                }),
            };
            members.push((name, content));
        }
        if let Some(product) = product.flatten() {
            members.push(("component".into(), product));
        }
        (!members.is_empty() || !sources.is_empty()).then(|| self.tree.push(Node::Object(members)))
    }

    fn new_product(&mut self, product: Product) -> Content {
        let reference = self.product_ref.clone();
        let mut members = vec![
            ("type", self.tree.text("application")),
            ("bom-ref", self.tree.text(&reference)),
            ("name", self.tree.text(&product.name)),
        ];
        // Until 1.3 a version must be there.
        let version = product.version.or_else(|| (self.version < SpecVersion::V1_4).then(String::new));
        if let Some(version) = version {
            members.push(("version", self.tree.text(&version)));
        }
        self.tree.object(members)
    }

    /// The documents, as far as they are not made of others themselves.
    fn origins(&self) -> Vec<(String, String)> {
        if !self.options.provenance || self.version == SpecVersion::V1_2 {
            return Vec::new();
        }
        let mut known = HashSet::new();
        let mut unmarked = Vec::new();
        for (side, id) in self.sides.iter().zip(&self.ids) {
            let references = side.document().root().get(REFERENCES).into_iter();
            let marked = references
                .flat_map(|list| list.elements())
                .filter(|reference| reference.get("comment").is_some_and(|comment| comment.is(MERGED_FROM)));
            let urls: Vec<_> = marked.filter_map(|reference| reference.get("url")?.as_str()).collect();
            if urls.is_empty() {
                unmarked.push((id, side.digest.hex()));
            }
            known.extend(urls);
        }
        let mut origins = Vec::new();
        for (id, digest) in unmarked {
            if known.insert(id.into()) {
                origins.push((id.clone(), digest));
            }
        }
        origins
    }

    fn references(&mut self, pieces: &[Piece], origins: &[(String, String)]) -> Content {
        let lists: Vec<Piece> =
            pieces.iter().filter(|piece| self.value(**piece).kind() == Kind::Array).copied().collect();
        let place = self.tree.reserve();
        self.set(place, &lists);
        for (id, digest) in origins {
            let hash = vec![("alg", self.tree.text("SHA-256")), ("content", self.tree.text(digest))];
            let hash = Item { content: self.tree.object(hash), kept: true };
            let members = vec![
                ("type", self.tree.text("bom")),
                ("url", self.tree.text(id)),
                ("comment", self.tree.text(MERGED_FROM)),
                ("hashes", self.tree.push(Node::List(vec![hash]))),
            ];
            let content = self.tree.object(members);
            if let Node::List(items) = &mut self.tree.nodes[place as usize] {
                items.push(Item { content, kept: true });
            }
        }
        Content::Made(place)
    }

    /// What depends on what: one entry for each thing, whoever speaks of it.
    pub(super) fn dependencies(&mut self, root: u32) {
        let Node::Object(members) = &self.tree.nodes[root as usize] else { return };
        let Some((_, Content::Made(place))) = members.iter().find(|(name, _)| name == DEPENDENCIES) else {
            return;
        };
        let place = *place;
        let mut items: Vec<Item> = Vec::new();
        if self.options.product.is_some() {
            let products = self.products();
            let names: Vec<String> =
                products.iter().filter_map(|class| self.bom_refs[*class as usize].clone()).collect();
            let on = names.iter().map(|name| Item { content: self.tree.text(name), kept: true }).collect();
            let own = self.product_ref.clone();
            let members = vec![("ref", self.tree.text(&own)), ("dependsOn", self.tree.push(Node::List(on)))];
            items.push(Item { content: self.tree.object(members), kept: true });
        }
        let mut groups: HashMap<String, usize> = HashMap::new();
        let mut entries: Vec<Vec<Piece>> = Vec::new();
        for (side, own) in (0..).zip(&self.sides) {
            let list = own.document().root().get(DEPENDENCIES);
            for entry in list.into_iter().flat_map(|list| list.elements()) {
                let piece = Piece { side, node: entry.id() };
                let name = entry.get("ref").and_then(|name| name.as_str()).unwrap_or_default();
                let name =
                    self.names.become_of(&self.sides, side, &name).unwrap_or_else(|| name.into_owned());
                let next = entries.len();
                let group = *groups.entry(name).or_insert(next);
                if group == next {
                    entries.push(Vec::new());
                }
                entries[group].push(piece);
            }
        }
        for entry in entries {
            let content = match entry[..] {
                [one] => Content::Copy(one),
                _ => self.dependency(&entry),
            };
            items.push(Item { content, kept: true });
        }
        self.tree.fill(place, Node::List(items));
    }

    /// What several entries say that one thing depends on and provides.
    fn dependency(&mut self, sources: &[Piece]) -> Content {
        let mut members = Vec::new();
        for (name, pieces) in self.members(sources) {
            let lists: Vec<Piece> =
                pieces.iter().filter(|piece| self.value(**piece).kind() == Kind::Array).copied().collect();
            let content = if lists.is_empty() { Content::Copy(pieces[0]) } else { self.united(&lists) };
            members.push((name, content));
        }
        self.tree.push(Node::Object(members))
    }

    /// The elements of lists, each once.
    fn united(&mut self, lists: &[Piece]) -> Content {
        let mut seen = HashSet::new();
        let mut items = Vec::new();
        for list in lists {
            for piece in self.elements(*list) {
                let spelling = self.spelling(piece);
                if seen.insert(spelling) {
                    items.push(Item { content: Content::Copy(piece), kept: true });
                }
            }
        }
        self.tree.push(Node::List(items))
    }
}

/// A document says when it was made; it does not measure.
fn whole_seconds(time: jiff::Timestamp) -> String {
    jiff::Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}

const REFERENCES: &str = "externalReferences";
const DEPENDENCIES: &str = "dependencies";

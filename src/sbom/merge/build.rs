//! Values of several documents, put together one by one.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::classes::{Classes, narrow};
use super::names::Names;
use super::side::{MentionKind, Piece, Side};
use super::tree::{Content, Item, Node, Tree};
use super::{Conflict, DroppedSignature, Merged, Options};
use crate::document::{Kind, Value};
use crate::sbom::{Purl, SpecVersion};

pub(super) struct Builder<'a, 'o> {
    pub(super) sides: Vec<Side<'a>>,
    pub(super) classes: Classes,
    pub(super) names: Names<'a>,
    /// The bom-ref of each class.
    pub(super) bom_refs: Vec<Option<String>>,
    /// What stands inside each class, until that is taken.
    pub(super) children: HashMap<u32, Vec<u32>>,
    /// Whether a class is one component as it is.
    pub(super) whole: Vec<bool>,
    /// What each document is called.
    pub(super) ids: Vec<String>,
    /// The bom-ref of a new product.
    pub(super) product_ref: String,
    pub(super) vulnerabilities: Vec<Vec<Piece>>,
    pub(super) options: &'o Options,
    pub(super) version: SpecVersion,
    pub(super) tree: Tree<'a>,
    pub(super) tasks: Vec<Task>,
    pub(super) units: Vec<Unit>,
    /// Values that are not taken over because an earlier document says the same, as far as names tell until now.
    pub(super) twins: Vec<Twin>,
    /// Signatures of what was put together, which may be what it was.
    pub(super) doubtful: Vec<(u32, Vec<Piece>)>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) signatures: Vec<DroppedSignature>,
    /// What was put together of what, where a pointer of a citation may lead.
    pub(super) made_of: Option<Vec<(u32, Piece)>>,
}

/// Something that is still to be put together. No recursion: the depth of documents costs no stack.
pub(super) enum Task {
    Entry { class: u32, place: u32 },
    Value { place: u32, sources: Vec<Piece>, rule: Rule, at: At },
}

/// An element of a list that is a set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub(super) list: u32,
    pub(super) item: u32,
    pub(super) piece: Piece,
}

/// A value with names in it, and the one that says the same.
#[derive(Debug, Clone)]
pub(super) struct Twin {
    pub(super) piece: Piece,
    pub(super) kept: Piece,
    pub(super) at: At,
}

/// Where a value stands, in the words of a conflict.
#[derive(Debug, Clone, Default)]
pub(super) struct At {
    pub(super) component: Option<Rc<str>>,
    pub(super) pointer: String,
}

impl At {
    pub(super) fn of(label: &str) -> Self {
        Self { component: Some(label.into()), pointer: String::new() }
    }

    pub(super) fn member(&self, name: &str) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self { component: self.component.clone(), pointer: format!("{}/{name}", self.pointer) }
    }
}

/// How the values of several documents become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// A list is a set. Objects are one where they do not contradict each other; else the first is kept whole, as half of
    /// one supplier and half of another is none.
    Plain,
    /// An object that only holds other things together: member by member.
    Members,
    Document,
    Metadata,
    Entry,
    Evidence,
    Vulnerability,
    /// A digest of an algorithm that is there already agrees or is a conflict.
    Hashes,
    /// A licence expression stands alone in its list in some versions.
    Licenses,
    /// One or a list of them.
    Many,
    /// What is affected, by what it refers to.
    Affects,
}

impl Rule {
    /// The rule for a member of an object.
    pub(super) fn member(self, name: &str) -> Self {
        match (self, name) {
            (Self::Document, "declarations" | "definitions")
            | (Self::Members, "targets")
            | (Self::Entry, "pedigree")
            | (Self::Metadata | Self::Vulnerability, "tools") => Self::Members,
            (Self::Entry, "evidence") => Self::Evidence,
            (Self::Entry, "hashes") => Self::Hashes,
            (Self::Entry | Self::Metadata | Self::Evidence, "licenses") => Self::Licenses,
            (Self::Evidence, "identity") => Self::Many,
            (Self::Vulnerability, "affects") => Self::Affects,
            _ => Self::Plain,
        }
    }
}

/// The members of objects by their names, in the order in which they first appear.
pub(super) type Members<'a> = Vec<(Cow<'a, str>, Vec<Piece>)>;

impl<'a, 'o> Builder<'a, 'o> {
    pub(super) fn new(
        sides: Vec<Side<'a>>,
        classes: Classes,
        names: Names<'a>,
        bom_refs: Vec<Option<String>>,
        options: &'o Options,
    ) -> Self {
        let version = sides[0].sbom.version();
        let is_pointer = |mention: &super::side::Mention| mention.kind == MentionKind::Pointer;
        let has_pointers = sides.iter().any(|side| side.mentions.iter().any(is_pointer));
        Self {
            ids: sides.iter().map(Side::id).collect(),
            children: classes.children(),
            whole: Vec::new(),
            product_ref: String::new(),
            vulnerabilities: Vec::new(),
            made_of: has_pointers.then(Vec::new),
            sides,
            classes,
            names,
            bom_refs,
            options,
            version,
            tree: Tree::default(),
            tasks: Vec::new(),
            units: Vec::new(),
            twins: Vec::new(),
            doubtful: Vec::new(),
            conflicts: Vec::new(),
            signatures: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Merged {
        let root = self.document();
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Entry { class, place } => self.entry(class, place),
                Task::Value { place, sources, rule, at } => {
                    self.note(place, &sources);
                    self.put(place, &sources, rule, &at);
                }
            }
        }
        self.settle(root);
        self.finish(root)
    }

    /// Remembers what something is put together of, where that may be asked for.
    pub(super) fn note(&mut self, place: u32, sources: &[Piece]) {
        if let Some(made_of) = &mut self.made_of {
            made_of.extend(sources.iter().map(|source| (place, *source)));
        }
    }

    pub(super) fn value(&self, piece: Piece) -> Value<'a> {
        self.sides[piece.side as usize].value(piece.node)
    }

    fn is_same(&self, one: Piece, other: Piece) -> bool {
        self.sides[one.side as usize].says_the_same(one.node, &self.sides[other.side as usize], other.node)
    }

    pub(super) fn spelling(&self, piece: Piece) -> Vec<u8> {
        self.sides[piece.side as usize].spelling(piece.node)
    }

    pub(super) fn members(&self, sources: &[Piece]) -> Members<'a> {
        let mut members: Members<'a> = Vec::new();
        let mut places: HashMap<Cow<'a, str>, usize> = HashMap::new();
        for source in sources {
            for (name, member) in self.value(*source).members() {
                let piece = Piece { side: source.side, node: member.id() };
                let next = members.len();
                let place = *places.entry(name.clone()).or_insert(next);
                if place == next {
                    members.push((name, Vec::new()));
                }
                members[place].1.push(piece);
            }
        }
        members
    }

    /// What several values become. What takes more than a look is put on the list of tasks.
    pub(super) fn content(&mut self, sources: &[Piece], rule: Rule, at: impl FnOnce() -> At) -> Content {
        // `null` counts as absent where another document says something.
        let said: Vec<Piece> =
            sources.iter().copied().filter(|source| !self.value(*source).is_null()).collect();
        let sources = if said.is_empty() { &sources[..1] } else { &said };
        let [first, rest @ ..] = sources else { return self.tree.object(Vec::new()) };
        if rest.is_empty() {
            return Content::Copy(*first);
        }
        let at = at();
        let is_list = |source: &Piece| self.value(*source).kind() == Kind::Array;
        let is_one = |source: &Piece| self.is_same(*first, *source);
        // 1.5 has no list of them.
        let many = self.version >= SpecVersion::V1_6 && !rest.iter().all(is_one);
        if rule == Rule::Many && (many || sources.iter().any(is_list)) {
            return self.later(sources.to_vec(), rule, at);
        }
        let rule = if rule == Rule::Many { Rule::Plain } else { rule };
        let kind = self.value(*first).kind();
        let mut kept = vec![*first];
        for &other in rest {
            let fits = match self.value(other).kind() {
                found if found != kind => false,
                Kind::Array => true,
                Kind::Object if rule != Rule::Plain => true,
                Kind::Object => {
                    if let Some(twin) = kept.iter().copied().find(|known| self.is_same(*known, other)) {
                        self.twin(&at, twin, other);
                        continue;
                    }
                    !kept.iter().any(|known| contradict(self.value(*known), self.value(other)))
                }
                _ if self.is_same(*first, other) => {
                    self.twin(&at, *first, other);
                    true
                }
                _ => at.pointer == "/purl" && self.is_one_purl(*first, other),
            };
            if fits {
                kept.push(other);
            } else {
                self.conflict(&at, *first, other);
            }
        }
        if kept.len() == 1 || !matches!(kind, Kind::Array | Kind::Object) {
            return Content::Copy(*first);
        }
        self.later(kept, rule, at)
    }

    fn later(&mut self, sources: Vec<Piece>, rule: Rule, at: At) -> Content {
        let place = self.tree.reserve();
        self.tasks.push(Task::Value { place, sources, rule, at });
        Content::Made(place)
    }

    fn twin(&mut self, at: &At, kept: Piece, piece: Piece) {
        let own = &self.sides[piece.side as usize];
        if !own.mentions_in(&own.value(piece.node).ids()).is_empty() {
            self.twins.push(Twin { piece, kept, at: at.clone() });
        }
    }

    fn is_one_purl(&self, one: Piece, other: Piece) -> bool {
        let read = |piece| self.value(piece).as_str()?.parse::<Purl>().ok();
        read(one).is_some_and(|one| read(other) == Some(one))
    }

    pub(super) fn conflict(&mut self, at: &At, kept: Piece, dropped: Piece) {
        let text = |piece| String::from_utf8_lossy(self.value(piece).raw()).into_owned();
        let (kept, text) = (text(kept), text(dropped));
        self.conflicts.push(Conflict {
            component: at.component.as_deref().map(str::to_owned),
            pointer: at.pointer.clone(),
            kept,
            dropped: text,
            input: dropped.side as usize,
        });
    }

    /// Puts together several objects or several lists.
    fn put(&mut self, place: u32, sources: &[Piece], rule: Rule, at: &At) {
        if rule != Rule::Many && self.value(sources[0]).kind() == Kind::Object {
            let mut members = Vec::new();
            for (name, pieces) in self.members(sources) {
                let content = match self.signature(&name, place, sources, &pieces) {
                    Some(signature) => signature,
                    None if name == SIGNATURE => continue,
                    None => self.content(&pieces, rule.member(&name), || at.member(&name)),
                };
                members.push((name, content));
            }
            self.tree.fill(place, Node::Object(members));
            return;
        }
        match rule {
            Rule::Hashes => self.hashes(place, sources, at),
            Rule::Licenses if self.version == SpecVersion::V1_5 || self.version == SpecVersion::V1_6 => {
                self.licenses(place, sources, at);
            }
            Rule::Affects => self.affects(place, sources, at),
            _ => self.set(place, sources),
        }
    }

    /// The elements of a list; what is no list is its only element.
    pub(super) fn elements(&self, source: Piece) -> Vec<Piece> {
        let value = self.value(source);
        let piece = |value: Value<'_>| Piece { side: source.side, node: value.id() };
        if value.kind() == Kind::Array { value.elements().map(piece).collect() } else { vec![source] }
    }

    /// Every element of the lists; those that are there twice are found when all names are decided.
    pub(super) fn set(&mut self, place: u32, sources: &[Piece]) {
        let mut items = Vec::new();
        for source in sources {
            for piece in self.elements(*source) {
                // A list of one document stays as it is.
                if sources.len() > 1 {
                    self.units.push(Unit { list: place, item: narrow(items.len()), piece });
                }
                items.push(Item { content: Content::Copy(piece), kept: true });
            }
        }
        self.tree.fill(place, Node::List(items));
    }

    fn hashes(&mut self, place: u32, sources: &[Piece], at: &At) {
        let mut items: Vec<Item> = Vec::new();
        let mut known: HashMap<String, Vec<(Piece, String)>> = HashMap::new();
        for source in sources {
            let mut new = Vec::new();
            for piece in self.elements(*source) {
                let text =
                    |name| self.value(piece).get(name).and_then(|text| text.as_str()).unwrap_or_default();
                let (algorithm, digits) = (text("alg").into_owned(), text("content").to_ascii_lowercase());
                match known.get(&algorithm) {
                    Some(there) if there.iter().any(|(_, known)| *known == digits) => {}
                    Some(there) => {
                        let first = there[0].0;
                        self.conflict(at, first, piece);
                    }
                    None => new.push((algorithm, piece, digits)),
                }
            }
            for (algorithm, piece, digits) in new {
                known.entry(algorithm).or_default().push((piece, digits));
                items.push(Item { content: Content::Copy(piece), kept: true });
            }
        }
        self.tree.fill(place, Node::List(items));
    }

    fn licenses(&mut self, place: u32, sources: &[Piece], at: &At) {
        let mut kept = vec![sources[0]];
        let mut known: HashSet<Vec<u8>> =
            self.elements(sources[0]).into_iter().map(|piece| self.spelling(piece)).collect();
        let has_expression = |builder: &Self, source| {
            builder.elements(source).into_iter().any(|piece| builder.value(piece).get("expression").is_some())
        };
        let mut alone = has_expression(self, sources[0]);
        for &source in &sources[1..] {
            let own: Vec<Vec<u8>> =
                self.elements(source).into_iter().map(|piece| self.spelling(piece)).collect();
            if own.iter().all(|spelling| known.contains(spelling)) {
                kept.push(source);
                continue;
            }
            let expression = has_expression(self, source);
            if !known.is_empty() && (alone || expression) {
                self.conflict(at, sources[0], source);
                continue;
            }
            alone = expression;
            known.extend(own);
            kept.push(source);
        }
        self.set(place, &kept);
    }

    /// Where nothing else says it, a reference to what is joined says that two entries are about one thing.
    fn affects(&mut self, place: u32, sources: &[Piece], at: &At) {
        let mut items: Vec<Item> = Vec::new();
        let mut groups: HashMap<String, (usize, Vec<Piece>)> = HashMap::new();
        for source in sources {
            for piece in self.elements(*source) {
                let item = items.len();
                let reference = self.value(piece).get("ref").and_then(|text| text.as_str());
                let known =
                    reference.and_then(|name| self.names.decided(piece.side, &name).map(str::to_owned));
                if let Some(known) = known {
                    let (_, group) = groups.entry(known).or_insert((item, Vec::new()));
                    group.push(piece);
                    if group.len() > 1 {
                        continue;
                    }
                } else {
                    self.units.push(Unit { list: place, item: narrow(item), piece });
                }
                items.push(Item { content: Content::Copy(piece), kept: true });
            }
        }
        let mut groups: Vec<(usize, Vec<Piece>)> =
            groups.into_values().filter(|(_, group)| group.len() > 1).collect();
        groups.sort_unstable_by_key(|(item, _)| *item);
        for (item, group) in groups {
            items[item].content = self.content(&group, Rule::Members, || at.member(&item.to_string()));
        }
        self.tree.fill(place, Node::List(items));
    }

    /// A signature of something that is put together of objects. It stays for now where all have the same one.
    pub(super) fn signature(
        &mut self,
        name: &str,
        place: u32,
        sources: &[Piece],
        pieces: &[Piece],
    ) -> Option<Content> {
        if name != SIGNATURE {
            return None;
        }
        let all = pieces.len() == sources.len() && pieces.iter().all(|piece| self.is_same(pieces[0], *piece));
        if !all {
            self.drop_signatures(pieces);
            return None;
        }
        self.doubtful.push((place, pieces.to_vec()));
        Some(Content::Copy(pieces[0]))
    }

    pub(super) fn drop_signatures(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            let pointer = self.value(*piece).pointer();
            self.signatures.push(DroppedSignature { input: piece.side as usize, pointer });
        }
    }
}

/// Whether two values cannot both be said of one thing: a scalar in them differs. Lists go together.
fn contradict(one: Value<'_>, other: Value<'_>) -> bool {
    let mut open = vec![(one, other)];
    while let Some((one, other)) = open.pop() {
        if one.is_null() || other.is_null() {
            continue;
        }
        match (one.kind(), other.kind()) {
            (Kind::Object, Kind::Object) => {
                let there: HashMap<Cow<'_, str>, Value<'_>> = other.members().collect();
                open.extend(one.members().filter_map(|(name, member)| Some((member, *there.get(&name)?))));
            }
            (Kind::Array, Kind::Array) => {}
            (kind, found) if kind != found => return true,
            _ if one.raw() != other.raw() && one.canonical() != other.canonical() => return true,
            _ => {}
        }
    }
    false
}

pub(super) const SIGNATURE: &str = "signature";

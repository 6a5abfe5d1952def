//! A document while it is edited: open containers on the way to edited places, whole values elsewhere.

use super::container::{Container, Content, Item, ORIGINAL, Sources, Text};
use super::pointer::{index, print};
use super::signed::{drop_broken, inside, stale};
use super::style::{Indent, Style};
use super::{Error, Pointer, Stale};
use crate::document::signed::SIGNATURE;
use crate::document::{Document, Limits, Value, quote};

pub(super) struct Tree<'d> {
    sources: Sources<'d>,
    root: Content,
    style: Style,
    limits: Limits,
    broken: Vec<String>,
}

impl<'d> Tree<'d> {
    pub(super) fn new(original: &'d Document, limits: Limits) -> Self {
        Self {
            sources: Sources { original, added: Vec::new() },
            root: Content::Whole { source: ORIGINAL, node: original.root().id() },
            style: Style::of(original),
            limits,
            broken: Vec::new(),
        }
    }

    /// The signatures that no longer hold, each once.
    pub(super) fn broken(&mut self) -> Vec<String> {
        self.broken.sort_unstable();
        self.broken.dedup();
        self.broken.clone()
    }

    /// The signatures that no longer hold and are there.
    pub(super) fn stale(&self) -> Vec<Stale> {
        let mut found = Vec::new();
        stale(&self.sources, &self.root, &mut Vec::new(), &mut found);
        found
    }

    /// Takes away the signatures that no longer hold.
    pub(super) fn drop_broken(&mut self) {
        drop_broken(&self.sources, &mut self.root);
    }

    /// The text.
    pub(super) fn finish(self) -> Vec<u8> {
        let text = self.sources.original.bytes();
        let span = self.sources.original.root().span();
        let mut out = text[..span.start].to_vec();
        self.sources.write(&self.root, &mut out);
        out.extend_from_slice(&text[span.end..]);
        out
    }

    pub(super) fn add(&mut self, path: &Pointer, value: &Document) -> Result<(), Error> {
        self.check(path)?;
        let Some((parents, token)) = path.split() else { return self.replace(path, value) };
        let container = open(&self.sources, &mut self.root, parents)?;
        let length = container.items.len();
        let existing = container.find(&self.sources, token);
        if container.is_object && existing.is_some() {
            return self.replace(path, value);
        }
        let at = match (container.is_object, token) {
            (true, _) | (false, "-") => length,
            (false, token) => index(token)
                .filter(|index| *index <= length)
                .ok_or_else(|| Error::Index { pointer: path.to_string(), length })?,
        };
        self.touch(path.tokens())?;
        let outer = self.indent(parents);
        let container = open(&self.sources, &mut self.root, parents)?;
        let inner = self.style.inside(&self.sources, container, &outer);
        let comma = self.style.comma(&self.sources, container, at);
        let colon = self.style.colon(container);
        if container.items.is_empty() {
            (container.head, container.tail) = self.style.frame(&inner, &outer);
        } else if at == 0 {
            // The head of the container stands before the first item, whichever that is.
            container.items[0].lead = comma.clone();
        }
        let name = container.is_object.then(|| {
            let mut name = Vec::new();
            quote(token, &mut name);
            Text::own(name)
        });
        let content = place(&mut self.sources, self.style.print(value.root(), &inner), &self.limits)?;
        let container = open(&self.sources, &mut self.root, parents)?;
        container.items.insert(at, Item { lead: comma, name, colon, content });
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Pointer) -> Result<(), Error> {
        let (parents, token) = path.split().ok_or(Error::Root)?;
        self.vanish(path)?;
        self.touch(path.tokens())?;
        let container = open(&self.sources, &mut self.root, parents)?;
        if let Some(index) = container.find(&self.sources, token) {
            container.take(index);
        }
        Ok(())
    }

    pub(super) fn replace(&mut self, path: &Pointer, value: &Document) -> Result<(), Error> {
        let old = self.value(path)?;
        if old.root().raw() == value.root().raw() {
            return Ok(());
        }
        if !is_same(old.root(), value.root()) {
            self.vanish(path)?;
            self.touch(path.tokens())?;
        }
        let indent = match path.split() {
            Some((parents, _)) => {
                let outer = self.indent(parents);
                let container = open(&self.sources, &mut self.root, parents)?;
                self.style.inside(&self.sources, container, &outer)
            }
            None => self.indent(&[]),
        };
        let content = place(&mut self.sources, self.style.print(value.root(), &indent), &self.limits)?;
        *find(&self.sources, &mut self.root, path.tokens())? = content;
        Ok(())
    }

    pub(super) fn test(&mut self, path: &Pointer, value: &Document) -> Result<(), Error> {
        if is_same(self.value(path)?.root(), value.root()) {
            Ok(())
        } else {
            Err(Error::Test(path.to_string()))
        }
    }

    pub(super) fn relocate(&mut self, from: &Pointer, path: &Pointer) -> Result<(), Error> {
        let value = self.extract(from)?;
        if from == path {
            return Ok(());
        }
        if from.holds(path) {
            return Err(Error::IntoItself { from: from.to_string(), path: path.to_string() });
        }
        let (parents, token) = from.split().ok_or(Error::Root)?;
        self.touch(from.tokens())?;
        let container = open(&self.sources, &mut self.root, parents)?;
        if let Some(index) = container.find(&self.sources, token) {
            container.take(index);
        }
        self.add(path, &value)
    }

    pub(super) fn copy(&mut self, from: &Pointer, path: &Pointer) -> Result<(), Error> {
        let value = self.extract(from)?;
        self.add(path, &value)
    }

    fn check(&self, path: &Pointer) -> Result<(), Error> {
        if path.tokens().len() > self.limits.depth {
            return Err(Error::TooDeep { limit: self.limits.depth });
        }
        Ok(())
    }

    /// Notes the signatures inside a value that goes away.
    fn vanish(&mut self, path: &Pointer) -> Result<(), Error> {
        self.check(path)?;
        let content = find(&self.sources, &mut self.root, path.tokens())?;
        inside(&self.sources, content, &mut self.broken);
        Ok(())
    }

    /// The value at a place as it is now.
    fn value(&mut self, path: &Pointer) -> Result<Document, Error> {
        self.check(path)?;
        let content = find(&self.sources, &mut self.root, path.tokens())?;
        let mut text = Vec::new();
        self.sources.write(content, &mut text);
        Ok(Document::parse(text, &self.limits)?)
    }

    /// What is put elsewhere of the value at a place: all but signatures that no longer hold, which nobody would know
    /// there. The place keeps them, until it is decided what becomes of them.
    fn extract(&mut self, path: &Pointer) -> Result<Document, Error> {
        self.check(path)?;
        let mut content = find(&self.sources, &mut self.root, path.tokens())?.clone();
        drop_broken(&self.sources, &mut content);
        let mut text = Vec::new();
        self.sources.write(&content, &mut text);
        Ok(Document::parse(text, &self.limits)?)
    }

    /// Where a container stands: the indentation of its line.
    fn indent(&mut self, path: &[String]) -> Indent {
        let Some((_, parents)) = path.split_last() else {
            let is_laid_out = self
                .root
                .open(&self.sources)
                .is_some_and(|root| self.sources.bytes(&root.head).contains(&b'\n'));
            return is_laid_out.then(Vec::new);
        };
        let container = open(&self.sources, &mut self.root, parents).ok()?;
        self.style.inside(&self.sources, container, &None)
    }

    /// Notes the signatures that cover a place, which is about to change.
    fn touch(&mut self, path: &[String]) -> Result<(), Error> {
        let mut content = &mut self.root;
        for (level, token) in path.iter().enumerate() {
            let container =
                content.open(&self.sources).ok_or_else(|| Error::Scalar(print(&path[..level])))?;
            if !container.broken
                && let Some(index) = container.covered(&self.sources, token)
            {
                container.broken = true;
                self.broken.push(match container.items[index].content.origin() {
                    (ORIGINAL, node) => self.sources.original.value(node).pointer(),
                    _ => format!("{}/{SIGNATURE}", print(&path[..level])),
                });
            }
            let Some(index) = container.find(&self.sources, token) else { break };
            content = &mut container.items[index].content;
        }
        Ok(())
    }
}

/// The container at a place, opened with all around it.
fn open<'t>(
    sources: &Sources<'_>,
    root: &'t mut Content,
    path: &[String],
) -> Result<&'t mut Container, Error> {
    find(sources, root, path)?.open(sources).ok_or_else(|| Error::Scalar(print(path)))
}

/// The value at a place, with all around it opened.
fn find<'t>(sources: &Sources<'_>, root: &'t mut Content, path: &[String]) -> Result<&'t mut Content, Error> {
    let mut content = root;
    for (level, token) in path.iter().enumerate() {
        let container = content.open(sources).ok_or_else(|| Error::Scalar(print(&path[..level])))?;
        let index = container.find(sources, token).ok_or_else(|| Error::Missing(print(&path[..=level])))?;
        content = &mut container.items[index].content;
    }
    Ok(content)
}

/// Takes a text in as a source.
fn place(sources: &mut Sources<'_>, text: Vec<u8>, limits: &Limits) -> Result<Content, Error> {
    let document = Document::parse(text, limits)?;
    let node = document.root().id();
    sources.added.push(document);
    // Operations are bounded, and each adds one source.
    let source = u32::try_from(sources.added.len()).unwrap_or(u32::MAX);
    Ok(Content::Whole { source, node })
}

/// Whether two values say the same, whatever their spelling. Integers that no double holds are compared as written.
fn is_same(one: Value<'_>, other: Value<'_>) -> bool {
    one.raw() == other.raw()
        || (one.inexact_number().is_none()
            && other.inexact_number().is_none()
            && one.canonical() == other.canonical())
}

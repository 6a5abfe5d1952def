//! Elements and attributes that are none of an object's own: whether they are welcome, and that they are lost.

use std::borrow::Cow;

use super::read::{BOM_REF, NAMESPACE, Reader};
use super::shape::Shape;
use super::words::{Attributes, Foreign};
use crate::sbom::convert::{Fate, Loss};
use crate::xml::{Attribute, Element, Node};

impl<'x> Reader<'x, '_, '_> {
    /// The element that a node is, if it is one of CycloneDX; else what is to be said about it is said.
    pub(super) fn own(&mut self, node: Node<'x>, foreign: Foreign, is_after: bool) -> Option<Element<'x>> {
        let Some(element) = node.element() else {
            self.problems.stray_text(node);
            self.lose(node, "text between elements");
            return None;
        };
        let (namespace, name) = element.name();
        match namespace {
            Some(namespace) if namespace == self.namespace => return Some(element),
            Some(namespace) if foreign.elements && !namespace.starts_with(NAMESPACE) => {
                if !is_after {
                    self.problems.foreign_first(node, element.qualified());
                }
                self.lose(node, "an element of another namespace");
            }
            Some(namespace) if namespace.starts_with(NAMESPACE) => {
                let (was, own) = (namespace, self.version);
                self.problems.other_namespace(node, name, was.trim_start_matches(NAMESPACE), own);
                self.lose(node, "an element of another version");
            }
            Some(_) => {
                self.problems.foreign_element(node, element.qualified());
                self.lose(node, "an element of another namespace");
            }
            None => {
                self.problems.no_namespace(node, name, self.namespace);
                self.lose(node, "an element of no namespace");
            }
        }
        None
    }

    pub(super) fn unknown<'m>(
        &mut self,
        element: Element<'x>,
        known: impl Iterator<Item = &'m str>,
        shape: &Shape,
    ) {
        let (_, name) = element.name();
        match shape.others.iter().find(|(other, _)| other == name) {
            Some((_, range)) => self.problems.other_version(element.node(), name, *range, false),
            None => self.problems.unknown_element(element.node(), name, known),
        }
        self.lose(element.node(), "an element that the version does not have here");
    }

    /// An attribute that is none of the element's own.
    pub(super) fn foreign_attribute(
        &mut self,
        attribute: Attribute<'x>,
        welcome: Attributes,
        shape: Option<&'static Shape>,
    ) {
        let (namespace, name) = attribute.name();
        // Where to find schemas is a hint to other programs.
        if namespace == Some(INSTANCE) && matches!(name, "schemaLocation" | "noNamespaceSchemaLocation") {
            return;
        }
        let node = attribute.node();
        let is_welcome = match welcome {
            Attributes::Own => false,
            Attributes::Foreign => namespace.is_some(),
            Attributes::Any => true,
        };
        if namespace.is_none() {
            let known = shape.into_iter().flat_map(|shape| shape.names(true));
            match shape.and_then(|shape| shape.others.iter().find(|(other, _)| other == name)) {
                Some((_, range)) => self.problems.other_version(node, name, *range, is_welcome),
                None => self.problems.unknown_attribute(node, name, is_welcome, known),
            }
        } else if !is_welcome || namespace == Some(INSTANCE) {
            self.problems.unknown_attribute(node, attribute.qualified(), false, std::iter::empty());
        }
        if name == BOM_REF && namespace.is_none() && !self.refs.insert(attribute.value()) {
            self.problems.bom_ref(node, &attribute.value());
        }
        self.lose(node, "an attribute that the version does not have here");
    }

    pub(super) fn lose(&mut self, node: Node<'x>, what: &'static str) {
        self.losses.push(Loss { pointer: node.path(), fate: Fate::Dropped, reason: Cow::Borrowed(what) });
    }
}

/// Attributes for processors of XML Schema.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

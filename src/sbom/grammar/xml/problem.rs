//! What is wrong with the elements of a document, in words that say what to do.

use super::super::nearest::nearest;
use super::super::problem::{BOM_REF, CONTENT, FIELD, NAMESPACE, ORDER, Problems, TWICE, cut};
use crate::xml::Node;

impl Problems<'_> {
    pub(super) fn unknown_element<'m>(
        &mut self,
        node: Node<'_>,
        name: &str,
        known: impl Iterator<Item = &'m str>,
    ) {
        self.add(&FIELD, node, || match nearest(name, known) {
            Some(meant) => (
                format!("<{}> is no element here; <{meant}> is", cut(name)),
                Some(format!("rename it to <{meant}>")),
            ),
            None => (format!("<{}> is no element here", cut(name)), None),
        });
    }

    pub(super) fn unknown_attribute<'m>(
        &mut self,
        node: Node<'_>,
        name: &str,
        is_welcome: bool,
        known: impl Iterator<Item = &'m str>,
    ) {
        let make = || match nearest(name, known) {
            Some(meant) => (
                format!("`{}` is no attribute here; `{meant}` is", cut(name)),
                Some(format!("rename it to `{meant}`")),
            ),
            None => (format!("`{}` is no attribute here", cut(name)), None),
        };
        if is_welcome { self.remark(&FIELD, node, make) } else { self.add(&FIELD, node, make) }
    }

    pub(super) fn order(&mut self, node: Node<'_>, name: &str, before: &str) {
        self.add(&ORDER, node, || {
            (
                format!("<{name}> comes before <{before}>"),
                Some(format!("move <{name}> in front of <{before}>")),
            )
        });
    }

    pub(super) fn after_foreign(&mut self, node: Node<'_>, name: &str) {
        self.add(&ORDER, node, || {
            let message = format!("<{name}> stands behind an element of another namespace");
            (message, Some("put elements of other namespaces last".to_owned()))
        });
    }

    pub(super) fn foreign_first(&mut self, node: Node<'_>, name: &str) {
        self.add(&ORDER, node, || {
            let message = format!("<{}> of another namespace stands in front of the first item", cut(name));
            (message, Some("put elements of other namespaces last".to_owned()))
        });
    }

    pub(super) fn twice(&mut self, node: Node<'_>, name: &str) {
        self.add(&TWICE, node, || (format!("<{name}> is there again"), None));
    }

    pub(super) fn mixed(&mut self, node: Node<'_>, name: &str, first: &str) {
        self.add(&TWICE, node, || {
            (
                format!("<{name}> and <{first}> do not stand in one list"),
                Some(format!("write all as <{first}>")),
            )
        });
    }

    pub(super) fn foreign_element(&mut self, node: Node<'_>, name: &str) {
        self.add(&NAMESPACE, node, || {
            let message = format!("<{}> is of another namespace, which is not welcome here", cut(name));
            (message, Some("leave it out, or move it to the end of an element that takes it".to_owned()))
        });
    }

    pub(super) fn no_namespace(&mut self, node: Node<'_>, name: &str, own: &str) {
        self.add(&NAMESPACE, node, || {
            let message = format!("<{}> is of no namespace", cut(name));
            (message, Some(format!("give it the namespace {own}")))
        });
    }

    pub(super) fn other_namespace(&mut self, node: Node<'_>, name: &str, other: &str, own: &str) {
        self.add(&NAMESPACE, node, || {
            let message = format!("<{}> is of CycloneDX {}; this document says {own}", cut(name), cut(other));
            (message, Some("give all elements the namespace of one version".to_owned()))
        });
    }

    pub(super) fn not_text(&mut self, node: Node<'_>) {
        let name = node.element().map_or("", |element| element.qualified());
        self.add(&CONTENT, node, || {
            (format!("<{}> stands where only text can", cut(name)), Some("leave the element out".to_owned()))
        });
    }

    pub(super) fn not_empty(&mut self, node: Node<'_>) {
        self.add(&CONTENT, node, || ("the element around this is to be empty".to_owned(), None));
    }

    pub(super) fn stray_text(&mut self, node: Node<'_>) {
        self.add(&CONTENT, node, || {
            let text = node.text();
            let message = format!("{:?} stands between elements", cut(text.trim()));
            (message, Some("remove it, or put it into an element".to_owned()))
        });
    }

    pub(super) fn bom_ref(&mut self, node: Node<'_>, content: &str) {
        self.add(&BOM_REF, node, || (format!("the bom-ref {:?} is there already", cut(content)), None));
    }
}

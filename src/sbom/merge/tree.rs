//! The result as it grows: what is taken over whole, and what is put together.

use std::borrow::Cow;

use super::classes::narrow;
use super::side::{Piece, Side};
use crate::document::{line, print, quote};

/// A value of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// One of a document, with the changes of its side.
    Copy(Piece),
    /// One that is put together: its number in [`Tree::nodes`].
    Made(u32),
}

#[derive(Debug)]
pub(super) enum Node<'a> {
    /// JSON text.
    Own(String),
    Object(Vec<(Cow<'a, str>, Content)>),
    List(Vec<Item>),
}

/// An element, which may turn out to be there already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) content: Content,
    pub(super) kept: bool,
}

#[derive(Default)]
pub(super) struct Tree<'a> {
    pub(super) nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    pub(super) fn push(&mut self, node: Node<'a>) -> Content {
        self.nodes.push(node);
        Content::Made(narrow(self.nodes.len() - 1))
    }

    /// A place that is filled in later.
    pub(super) fn reserve(&mut self) -> u32 {
        self.nodes.push(Node::List(Vec::new()));
        narrow(self.nodes.len() - 1)
    }

    pub(super) fn fill(&mut self, place: u32, node: Node<'a>) {
        self.nodes[place as usize] = node;
    }

    pub(super) fn text(&mut self, text: &str) -> Content {
        self.push(Node::Own(quoted(text)))
    }

    pub(super) fn object(&mut self, members: Vec<(&'static str, Content)>) -> Content {
        let members = members.into_iter().map(|(name, content)| (Cow::Borrowed(name), content)).collect();
        self.push(Node::Object(members))
    }

    /// The text of something that was put together. Nothing recurses.
    pub(super) fn write(&self, root: u32, sides: &[Side<'_>]) -> Vec<u8> {
        struct Frame {
            node: u32,
            next: usize,
            any: bool,
        }
        let mut out = Vec::new();
        let mut frames: Vec<Frame> = Vec::new();
        let mut pending = Some(Content::Made(root));
        loop {
            let depth = frames.len();
            match pending.take() {
                Some(Content::Copy(Piece { side, node })) => {
                    let side = &sides[side as usize];
                    print(side.value(node), depth, &side.changes, &mut out);
                }
                Some(Content::Made(node)) => match &self.nodes[node as usize] {
                    Node::Own(text) => out.extend_from_slice(text.as_bytes()),
                    Node::Object(_) => {
                        out.push(b'{');
                        frames.push(Frame { node, next: 0, any: false });
                    }
                    Node::List(_) => {
                        out.push(b'[');
                        frames.push(Frame { node, next: 0, any: false });
                    }
                },
                None => {}
            }
            let depth = frames.len();
            let Some(frame) = frames.last_mut() else { break };
            let (member, is_object) = match &self.nodes[frame.node as usize] {
                Node::Object(members) => {
                    (members.get(frame.next).map(|(name, content)| (Some(name), *content)), true)
                }
                Node::List(items) => {
                    while items.get(frame.next).is_some_and(|item| !item.kept) {
                        frame.next += 1;
                    }
                    (items.get(frame.next).map(|item| (None, item.content)), false)
                }
                Node::Own(_) => (None, false),
            };
            let Some((name, content)) = member else {
                if frame.any {
                    line(depth - 1, &mut out);
                }
                out.push(if is_object { b'}' } else { b']' });
                frames.pop();
                continue;
            };
            if frame.any {
                out.push(b',');
            }
            frame.any = true;
            frame.next += 1;
            line(depth, &mut out);
            if let Some(name) = name {
                quote(name, &mut out);
                out.extend_from_slice(b": ");
            }
            pending = Some(content);
        }
        out
    }
}

pub(super) fn quoted(text: &str) -> String {
    let mut out = Vec::new();
    quote(text, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

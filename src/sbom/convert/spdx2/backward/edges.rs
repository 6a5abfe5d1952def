//! Who depends on whom.

use std::collections::HashMap;

use super::super::extension::Note;
use super::super::graph::Target;
use super::super::patch::{Patch, apply};
use super::super::tree::{Members, Tree};
use super::{Backward, DEPENDENCIES};

impl Backward<'_> {
    /// Writes who depends on whom.
    pub(super) fn dependencies(&mut self, notes: &[&Note], at: u32) {
        let entries = self.graph.dependencies();
        let mut whole: Vec<(usize, &Note)> = Vec::new();
        let mut inner: HashMap<usize, Vec<&Note>> = HashMap::new();
        for note in notes {
            let Some(rest) = note.place.strip_prefix(DEPENDENCIES) else { continue };
            match rest.split_once('/') {
                None => whole.extend(rest.parse().ok().map(|index: usize| (index, *note))),
                Some((index, _)) => {
                    if let Ok(index) = index.parse() {
                        inner.entry(index).or_default().push(note);
                    }
                }
            }
        }
        if entries.is_empty() && whole.is_empty() {
            return;
        }
        self.builder.name("dependencies", at);
        self.builder.array(at);
        let (mut index, mut whole, mut entries) =
            (0, whole.into_iter().peekable(), entries.into_iter().peekable());
        loop {
            if let Some((_, note)) = whole.next_if(|(own, _)| *own <= index || entries.peek().is_none()) {
                note.value().write(&mut self.builder);
            } else if let Some((from, targets)) = entries.next() {
                let own = inner.remove(&index).unwrap_or_default();
                self.dependency(from, &targets, index, &own);
            } else {
                break;
            }
            index += 1;
        }
        self.builder.end();
    }

    fn dependency(&mut self, from: usize, targets: &[Target], index: usize, notes: &[&Note]) {
        let at = self.graph.items[from].value.offset();
        let mut entry = Members::default();
        let reference = |number: usize, at: u32| {
            Tree::Text(self.references[number].clone().unwrap_or_default().into(), at)
        };
        entry.push("ref", reference(from, at));
        let list: Vec<Tree<'_>> = targets
            .iter()
            .filter_map(|target| match target {
                Target::Element(number, at) => Some(reference(*number, *at)),
                Target::None | Target::Unknown => None,
            })
            .collect();
        if !targets.iter().any(|target| matches!(target, Target::Unknown)) {
            entry.push("dependsOn", Tree::List(list, at));
        }
        let owner = format!("{DEPENDENCIES}{index}");
        let patches: Vec<Patch<'_>> = notes.iter().filter_map(|note| note.patch(&owner)).collect();
        apply(&patches, &mut entry);
        Tree::Object(entry, at).write(&mut self.builder);
    }
}

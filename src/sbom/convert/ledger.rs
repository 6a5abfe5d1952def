//! What becomes of every field of a document that is converted.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::document::{Document, Kind, Value};

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// The other format says the same.
    Mapped,
    /// The other format has no field for it. It is kept where extensions go, and comes back on the way back.
    Carried,
    /// It is gone.
    Dropped,
}

impl Fate {
    /// The word for it in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Carried => "carried",
            Self::Dropped => "dropped",
        }
    }
}

/// What becomes of a value, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Where it stands in what was read: an RFC 6901 pointer, or an XPath in XML.
    pub pointer: String,
    /// What becomes of it, and of everything in it.
    pub fate: Fate,
    /// Why; empty where there is nothing to explain.
    pub reason: Cow<'static, str>,
}

/// What became of every field of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// One entry for each value that has one fate for one reason, in the order of the document.
    pub losses: Vec<Loss>,
    /// How many more entries would say that something is the same.
    pub omitted: usize,
}

impl Account {
    /// The account of a document that stays as it is.
    pub fn same(document: &Document) -> Self {
        let mut ledger = Ledger::new(document);
        ledger.mapped(document.root());
        ledger.account()
    }

    /// The account of a list that speaks of the whole document.
    pub(super) fn of(mut losses: Vec<Loss>) -> Self {
        let (mut count, before) = (0, losses.len());
        losses.retain(|loss| {
            let is_same = loss.fate == SAME.0 && loss.reason.is_empty();
            count += usize::from(is_same);
            !is_same || count <= MOST_MAPPED
        });
        let omitted = before - losses.len();
        Self { losses, omitted }
    }

    /// Adds what a second step says of what the first has made. What it drops is gone, whatever the first says.
    pub(super) fn then(&mut self, losses: Vec<Loss>) {
        let told: HashMap<String, Loss> = losses
            .into_iter()
            .filter(|loss| loss.fate != Fate::Mapped || !loss.reason.is_empty())
            .map(|loss| (loss.pointer.clone(), loss))
            .collect();
        if told.is_empty() {
            return;
        }
        // An entry for a whole no longer speaks of all that is in it: it is said of the rest.
        self.losses.retain(|loss| !told.contains_key(&loss.pointer));
        let mut told: Vec<Loss> = told.into_values().collect();
        told.sort_by(|one, other| one.pointer.cmp(&other.pointer));
        self.losses.append(&mut told);
    }

    /// What is gone.
    pub fn dropped(&self) -> impl Iterator<Item = &Loss> {
        self.losses.iter().filter(|loss| loss.fate == Fate::Dropped)
    }
}

/// A fate with its reason.
type Verdict = (Fate, Cow<'static, str>);

/// The account of one document: what nobody spoke of is dropped, so that nothing is lost in silence.
#[derive(Debug)]
pub struct Ledger<'d> {
    document: &'d Document,
    /// One entry a node: 0 while nobody spoke of it, else 1 + the index of fate and reason.
    entries: Vec<u32>,
    verdicts: Vec<Verdict>,
    known: HashMap<Verdict, u32>,
    /// Containers to which something was added, with the verdicts that say so.
    additions: HashMap<u32, Vec<u32>>,
}

impl<'d> Ledger<'d> {
    /// An account in which nobody has spoken yet.
    pub fn new(document: &'d Document) -> Self {
        Self {
            document,
            entries: vec![0; document.nodes()],
            verdicts: Vec::new(),
            known: HashMap::new(),
            additions: HashMap::new(),
        }
    }

    /// The other format says the same.
    pub fn mapped(&mut self, value: Value<'d>) {
        self.note(value, Fate::Mapped, "");
    }

    /// The other format says the same in another way, which the reader should know of.
    pub fn changed(&mut self, value: Value<'d>, reason: impl Into<Cow<'static, str>>) {
        self.note(value, Fate::Mapped, reason);
    }

    /// It is kept where extensions go.
    pub fn carried(&mut self, value: Value<'d>, reason: impl Into<Cow<'static, str>>) {
        self.note(value, Fate::Carried, reason);
    }

    /// It is gone.
    pub fn dropped(&mut self, value: Value<'d>, reason: impl Into<Cow<'static, str>>) {
        self.note(value, Fate::Dropped, reason);
    }

    /// A whole is gone, and everything in it, whatever was said of that before.
    pub(crate) fn lost(&mut self, value: Value<'d>, reason: impl Into<Cow<'static, str>>) {
        let verdict = self.verdict((Fate::Dropped, reason.into()));
        let first = value.id() as usize;
        for entry in &mut self.entries[first..self.document.end_of(value) as usize] {
            let is_gone =
                entry.checked_sub(1).is_some_and(|at| self.verdicts[at as usize].0 == Fate::Dropped);
            if !is_gone {
                *entry = verdict;
            }
        }
    }

    /// Something that the source does not say is added to an object or list.
    pub(crate) fn added(&mut self, to: Value<'d>, reason: impl Into<Cow<'static, str>>) {
        let verdict = self.verdict((Fate::Mapped, reason.into()));
        self.additions.entry(to.id()).or_default().push(verdict);
    }

    /// Why a value has the fate it has; nothing while nobody spoke of it.
    pub(crate) fn reason(&self, value: Value<'d>) -> Option<&Cow<'static, str>> {
        let entry = self.entries[value.id() as usize].checked_sub(1)?;
        Some(&self.verdicts[entry as usize].1)
    }

    /// Speaks of a value and of everything in it that nobody spoke of before: details first, the whole last.
    pub fn note(&mut self, value: Value<'d>, fate: Fate, reason: impl Into<Cow<'static, str>>) {
        let verdict = self.verdict((fate, reason.into()));
        let first = value.id() as usize;
        for entry in &mut self.entries[first..self.document.end_of(value) as usize] {
            if *entry == 0 {
                *entry = verdict;
            }
        }
    }

    fn verdict(&mut self, verdict: Verdict) -> u32 {
        if let Some(known) = self.known.get(&verdict) {
            return *known;
        }
        self.verdicts.push(verdict.clone());
        // A verdict needs a node, of which there are fewer than 2^32.
        let number = u32::try_from(self.verdicts.len()).unwrap_or(u32::MAX);
        self.known.insert(verdict, number);
        number
    }

    /// The account, with every entry that says that something is the same.
    pub fn finish(self) -> Vec<Loss> {
        self.listed(usize::MAX).losses
    }

    /// The account: one entry for each value in which everything has one fate for one reason, and which is not itself
    /// in such a value. In the order of the document; [`MOST_MAPPED`] entries say that something is the same.
    pub fn account(self) -> Account {
        self.listed(MOST_MAPPED)
    }

    fn listed(mut self, most: usize) -> Account {
        let silent = self.verdict((Fate::Dropped, Cow::Borrowed(UNSPOKEN)));
        for entry in &mut self.entries {
            if *entry == 0 {
                *entry = silent;
            }
        }
        let same = self.verdict(SAME);
        let uniform = self.uniform(same);
        let (mut found, mut count, mut omitted) = (Vec::new(), 0, 0);
        let mut open = vec![self.document.root()];
        while let Some(value) = open.pop() {
            if let Some(verdict) = self.verdicts.get(uniform[value.id() as usize].wrapping_sub(1) as usize) {
                if *verdict == SAME {
                    count += 1;
                    if count > most {
                        omitted += 1;
                        continue;
                    }
                }
                found.push((value, verdict));
                continue;
            }
            let added = self.additions.get(&value.id()).into_iter().flatten();
            found.extend(added.map(|verdict| (value, &self.verdicts[*verdict as usize - 1])));
            if uniform[value.id() as usize] == ADDED {
                continue;
            }
            let start = open.len();
            open.extend(value.elements());
            open.extend(value.members().map(|(_, member)| member));
            open[start..].reverse();
        }
        let loss = |(value, (fate, reason)): (Value<'d>, &Verdict)| Loss {
            pointer: value.place(),
            fate: *fate,
            reason: reason.clone(),
        };
        Account { losses: found.into_iter().map(loss).collect(), omitted }
    }

    /// For each node the verdict that everything in it shares, or [`MIXED`]. A container with something in it is what
    /// its content is; names do not count.
    fn uniform(&self, same: u32) -> Vec<u32> {
        let mut uniform = self.entries.clone();
        // Backwards: what is inside comes before what is around it.
        for node in (0..self.document.nodes()).rev() {
            let Ok(id) = u32::try_from(node) else { break };
            let value = self.document.value(id);
            if !matches!(value.kind(), Kind::Array | Kind::Object) {
                continue;
            }
            let mut shared = None;
            let step = if value.kind() == Kind::Object { 2 } else { 1 };
            for child in self.document.inside(value).skip(step - 1).step_by(step) {
                let own = uniform[child as usize];
                if *shared.get_or_insert(own) != own || own == ADDED {
                    shared = Some(MIXED);
                    break;
                }
            }
            if let Some(shared) = shared {
                uniform[node] = shared;
            }
            if uniform[node] == same && self.additions.contains_key(&id) {
                uniform[node] = ADDED;
            }
        }
        uniform
    }
}

/// How many entries of an account say that something is the same: what is carried, dropped or said in another way is always
/// listed.
pub const MOST_MAPPED: usize = 10_000;
/// Nothing to tell.
const SAME: Verdict = (Fate::Mapped, Cow::Borrowed(""));
/// Why something is dropped that no conversion looks at.
const UNSPOKEN: &str = "nothing in the other format holds it";
/// In place of a verdict: there are several inside.
const MIXED: u32 = u32::MAX;
/// In place of a verdict: everything is the same, and something is new.
const ADDED: u32 = u32::MAX - 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;

    fn listed(losses: &[Loss]) -> Vec<(&str, &str, &str)> {
        losses.iter().map(|loss| (loss.pointer.as_str(), loss.fate.name(), &*loss.reason)).collect()
    }

    #[test]
    fn what_nobody_speaks_of_is_dropped() {
        let document = Document::parse(
            br#"{"a": 1, "b": {"c": [1, 2], "d": {}}, "e": []}"#.to_vec(),
            &Limits::default(),
        )
        .unwrap();
        let at = |pointer| document.at(pointer).unwrap();
        let mut ledger = Ledger::new(&document);
        ledger.mapped(at("/a"));
        ledger.carried(at("/b/c/1"), "kept");
        ledger.mapped(at("/b"));
        assert_eq!(
            listed(&ledger.finish()),
            [
                ("/a", "mapped", ""),
                ("/b/c/0", "mapped", ""),
                ("/b/c/1", "carried", "kept"),
                ("/b/d", "mapped", ""),
                ("/e", "dropped", UNSPOKEN),
            ]
        );
    }

    #[test]
    fn what_has_one_fate_is_one_entry() {
        let document =
            Document::parse(br#"{"a": [{"x": 1}, {"x": 2}]}"#.to_vec(), &Limits::default()).unwrap();
        let mut ledger = Ledger::new(&document);
        document.at("/a").unwrap().elements().for_each(|element| ledger.mapped(element.get("x").unwrap()));
        assert_eq!(listed(&ledger.finish()), [("", "mapped", "")]);
        let silent = Ledger::new(&document).finish();
        assert_eq!(listed(&silent), [("", "dropped", UNSPOKEN)]);
    }

    #[test]
    fn what_is_the_same_is_counted_beyond_a_limit_and_nothing_else_is() {
        let elements = "1,2,".repeat(MOST_MAPPED + 7);
        let document = Document::parse(format!("[{elements}0]").into_bytes(), &Limits::default()).unwrap();
        let mut ledger = Ledger::new(&document);
        for element in document.root().elements().filter(|element| element.as_u64() == Some(2)) {
            ledger.dropped(element, "gone");
        }
        ledger.mapped(document.root());
        let account = ledger.account();
        assert_eq!((account.dropped().count(), account.omitted), (MOST_MAPPED + 7, 8));
        assert_eq!(account.losses.len(), 2 * MOST_MAPPED + 7);
    }

    #[test]
    fn what_is_added_is_told_of_where_it_is_and_goes_with_it() {
        let document = Document::parse(br#"{"a": {"x": 1}, "b": {}}"#.to_vec(), &Limits::default()).unwrap();
        let at = |pointer| document.at(pointer).unwrap();
        let mut ledger = Ledger::new(&document);
        ledger.added(at("/a"), "new");
        ledger.added(at("/b"), "new");
        ledger.lost(at("/b"), "gone");
        ledger.mapped(document.root());
        assert_eq!(listed(&ledger.finish()), [("/a", "mapped", "new"), ("/b", "dropped", "gone")]);
    }

    #[test]
    fn a_whole_that_is_lost_takes_along_what_was_said_of_its_parts() {
        let document = Document::parse(br#"{"a": [1, 2, 3]}"#.to_vec(), &Limits::default()).unwrap();
        let at = |pointer| document.at(pointer).unwrap();
        let mut ledger = Ledger::new(&document);
        ledger.dropped(at("/a/0"), "first");
        ledger.changed(at("/a/1"), "other");
        ledger.lost(at("/a"), "whole");
        assert_eq!(
            listed(&ledger.finish()),
            [("/a/0", "dropped", "first"), ("/a/1", "dropped", "whole"), ("/a/2", "dropped", "whole")]
        );
    }
}

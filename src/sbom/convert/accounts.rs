//! For tests: whether an account is the difference of two documents, and nothing else.
//!
//! The official test suites, which live outside the project, are held against it too: `tests/conformance/convert.rs`.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Account, Fate};

/// The account, by pointer.
pub(crate) struct Accounts<'a> {
    entries: HashMap<&'a str, Vec<(Fate, &'a str)>>,
    /// What something is left of.
    alive: HashSet<&'a str>,
    /// What something is left of as it was.
    same: HashSet<&'a str>,
    /// What an entry speaks of or of something in it.
    below: HashSet<&'a str>,
}

impl<'a> Accounts<'a> {
    pub(crate) fn of(account: &'a Account) -> Self {
        let mut accounts = Self {
            entries: HashMap::new(),
            alive: HashSet::new(),
            same: HashSet::new(),
            below: HashSet::new(),
        };
        for loss in &account.losses {
            accounts.entries.entry(&loss.pointer).or_default().push((loss.fate, &loss.reason));
            let adds = loss.reason.ends_with("was added");
            let prefixes =
                std::iter::successors(Some(&*loss.pointer), |pointer| Some(pointer.rsplit_once('/')?.0));
            for prefix in prefixes {
                accounts.below.insert(prefix);
                if loss.fate != Fate::Dropped {
                    accounts.alive.insert(prefix);
                }
                if loss.fate != Fate::Dropped && (adds || loss.reason.is_empty()) {
                    accounts.same.insert(prefix);
                }
            }
        }
        accounts
    }

    /// Whether the difference of two documents is what the account says, and nothing else.
    pub(crate) fn compare(&self, before: &Value, after: &Value) -> Result<(), String> {
        let mut open = vec![(String::new(), before, after)];
        while let Some((pointer, before, after)) = open.pop() {
            let own = self.entries.get(&*pointer).map_or(&[][..], Vec::as_slice);
            let adds = own.iter().filter(|(_, reason)| reason.ends_with("was added")).count();
            if own.contains(&(Fate::Mapped, "")) {
                if before != after {
                    return Err(format!("{pointer} is not the same"));
                }
                continue;
            }
            match (before, after) {
                (Value::Object(before), Value::Object(after)) => {
                    let mut left = after.len();
                    for (name, old) in before {
                        let inner = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                        // An entry that tells of an addition speaks of everything else as the same.
                        let is_told = self.below.contains(&*inner);
                        if self.same.contains(&*inner) || (adds > 0 && !is_told) {
                            let new = after.get(name).ok_or_else(|| format!("{inner} is gone in silence"))?;
                            if !is_told && old != new {
                                return Err(format!("{inner} is not the same"));
                            }
                            left -= 1;
                            if is_told {
                                open.push((inner, old, new));
                            }
                        } else if self.alive.contains(&*inner) {
                            // It is put another way: under its own name, under another, or elsewhere.
                            let names = [name, "author", "curve", "certificateExtension"];
                            left -= usize::from(names.iter().any(|name| after.contains_key(*name)));
                        } else if after.contains_key(name) {
                            return Err(format!("{inner} is there, and was said to be gone"));
                        }
                    }
                    let moved = usize::from(
                        pointer == "/metadata"
                            && self.alive.contains("/metadata/component/manufacturer")
                            && after.contains_key("manufacture")
                            && !before.contains_key("manufacture"),
                    );
                    if left != adds + moved {
                        return Err(format!("{pointer} has {left} new members and {adds} are told of"));
                    }
                }
                (Value::Array(before), Value::Array(after)) => {
                    let mut new = after.iter();
                    for (index, old) in before.iter().enumerate() {
                        let inner = format!("{pointer}/{index}");
                        if !self.alive.contains(&*inner) {
                            continue;
                        }
                        let new = new.next().ok_or_else(|| format!("{inner} is gone in silence"))?;
                        if self.same.contains(&*inner) {
                            open.push((inner, old, new));
                        }
                    }
                    if new.next().is_some() {
                        return Err(format!("{pointer} has more elements than before"));
                    }
                }
                _ if before == after => {}
                _ => return Err(format!("{pointer} is not the same")),
            }
        }
        Ok(())
    }
}

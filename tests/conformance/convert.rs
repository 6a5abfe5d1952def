//! Conversion between versions of CycloneDX: on the official test documents, on real SBOMs, on mutants of both.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::convert::{Account, Fate, MOST_MAPPED, convert};
use sbom_attest::sbom::{Format, SpecVersion, grammar};
use serde_json::Value;

use super::grammar::{Random, documents, mutate};
use super::{json_files, read};

/// `SBOM_ATTEST_CORPUS` names a folder of real documents; without it this looks at the vectors alone.
#[test]
fn what_is_lifted_or_lowered_is_valid_and_accounted_for() {
    let mut files: Vec<PathBuf> = documents().into_iter().map(|(path, _)| path).collect();
    if let Some(folder) = std::env::var_os("SBOM_ATTEST_CORPUS") {
        files.extend(json_files(Path::new(&folder)));
    }
    let (mut count, mut valid, mut lossless, mut wrong) = (0, 0, 0, Vec::new());
    for path in files {
        let text = read(&path);
        let Ok(document) = Document::parse(text.clone(), &Limits::default()) else { continue };
        let version = document.root().get("specVersion").and_then(|version| version.as_str());
        let Some(version) = version.and_then(|name| SpecVersion::from_name(&name)) else { continue };
        if document.root().get("bomFormat").is_none_or(|format| !format.is("CycloneDX")) {
            continue;
        }
        for to in SpecVersion::ALL {
            count += 1;
            match tried(&text, version, to) {
                Ok(Tried { was_valid, is_lossless }) => {
                    valid += usize::from(was_valid);
                    lossless += usize::from(is_lossless);
                }
                Err(problem) => wrong.push(format!("{} to {to}: {problem}", path.display())),
            }
        }
    }
    eprintln!(
        "convert: {count} conversions accounted for, {valid} of valid documents are valid, {lossless} came back whole"
    );
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(valid > 1200);
}

/// Each mutant differs from an official document in one place; those that are valid stay so in every version.
#[test]
fn valid_mutants_stay_valid_in_every_version() {
    let rounds: u64 = std::env::var("SBOM_ATTEST_MUTANTS").map_or(12, |count| count.parse().unwrap());
    let (mut count, mut wrong) = (0, BTreeMap::new());
    for (number, (path, version)) in documents().into_iter().enumerate() {
        let original: Value = serde_json::from_slice(&read(&path)).unwrap();
        for round in 0..rounds {
            let mut random = Random::new(0xC0FF_EE00_C0FF_EE00 ^ (number as u64) << 32 ^ round);
            let mut mutant = original.clone();
            let done = mutate(&mut mutant, &mut random);
            let text = serde_json::to_vec(&mutant).unwrap();
            let is_cyclonedx = mutant["bomFormat"] == "CycloneDX" && mutant["specVersion"] == version.name();
            let document = Document::parse(text.clone(), &Limits::default()).unwrap();
            if !is_cyclonedx || !grammar::check(&document, version.into(), "").valid {
                continue;
            }
            for to in SpecVersion::ALL {
                count += 1;
                if let Err(problem) = tried(&text, version, to) {
                    wrong.entry(problem).or_insert_with(|| format!("{} to {to} ({done})", path.display()));
                }
            }
        }
    }
    let wrong: Vec<String> = wrong.into_iter().map(|(how, first)| format!("{first}: {how}")).collect();
    eprintln!("convert: {count} conversions of mutants");
    assert!(wrong.is_empty(), "{} kinds\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(count > 1000);
}

struct Tried {
    was_valid: bool,
    is_lossless: bool,
}

/// Converts, and says what is wrong with the result.
fn tried(text: &[u8], from: SpecVersion, to: SpecVersion) -> Result<Tried, String> {
    let limits = Limits::default();
    let converted =
        convert(text.to_vec(), Format::CycloneDxJson(to), &limits).map_err(|error| error.to_string())?;
    let parse = |text: &[u8]| Document::parse(text.to_vec(), &limits).map_err(|error| error.to_string());
    let was_valid = grammar::check(&parse(text)?, from.into(), "").valid;
    let checked = grammar::check(&parse(&converted.bytes)?, to.into(), "");
    if was_valid && !checked.valid {
        let first = &checked.findings[0];
        return Err(format!("not valid: {} {}", first.subject, first.message));
    }
    let before: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let after: Value = serde_json::from_slice(&converted.bytes).map_err(|error| error.to_string())?;
    if converted.account.losses.len() < MOST_MAPPED {
        Accounts::of(&converted.account).compare(&before, &after)?;
    }
    let is_whole = |account: &Account| {
        account.losses.iter().all(|loss| {
            let is_head = ["/specVersion", "/$schema"].contains(&&*loss.pointer);
            loss.fate == Fate::Mapped && (is_head || loss.reason.is_empty())
        })
    };
    let is_lossless = from != to && is_whole(&converted.account);
    if is_lossless && was_valid {
        let back = convert(converted.bytes, Format::CycloneDxJson(from), &limits)
            .map_err(|error| error.to_string())?;
        let mut back: Value = serde_json::from_slice(&back.bytes).map_err(|error| error.to_string())?;
        if let (Some(new), Some(old)) = (back.get_mut("$schema"), before.get("$schema")) {
            *new = old.clone();
        }
        if back != before {
            return Err("it does not come back as it was".to_owned());
        }
    }
    Ok(Tried { was_valid, is_lossless: is_lossless && was_valid })
}

/// The account, by pointer.
struct Accounts<'a> {
    entries: HashMap<&'a str, Vec<(Fate, &'a str)>>,
    /// What something is left of.
    alive: HashSet<&'a str>,
    /// What something is left of as it was.
    same: HashSet<&'a str>,
    /// What an entry speaks of or of something in it.
    below: HashSet<&'a str>,
}

impl<'a> Accounts<'a> {
    fn of(account: &'a Account) -> Self {
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
    fn compare(&self, before: &Value, after: &Value) -> Result<(), String> {
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

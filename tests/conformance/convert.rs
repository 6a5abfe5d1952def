//! Conversion between versions of CycloneDX: on the official test documents, on real SBOMs, on mutants of both.

#[path = "../../src/sbom/convert/accounts.rs"]
mod accounts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sbom_attest::document::{Document, Limits};
use sbom_attest::sbom::convert::{Account, Fate, MOST_MAPPED, convert};
use sbom_attest::sbom::{Format, SpecVersion, grammar};
use serde_json::Value;

use self::accounts::Accounts;
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

/// When what tells no time is said to be made.
const NOW: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

struct Tried {
    was_valid: bool,
    is_lossless: bool,
}

/// Converts, and says what is wrong with the result.
fn tried(text: &[u8], from: SpecVersion, to: SpecVersion) -> Result<Tried, String> {
    let limits = Limits::default();
    let converted =
        convert(text.to_vec(), Format::CycloneDxJson(to), NOW, &limits).map_err(|error| error.to_string())?;
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
        let back = convert(converted.bytes, Format::CycloneDxJson(from), NOW, &limits)
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

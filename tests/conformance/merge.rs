//! Merging the documents of the suite: with itself each says what it said, and is as valid as it was.

use std::collections::BTreeMap;

use sbom_attest::digest::Digest;
use sbom_attest::document::Limits;
use sbom_attest::sbom::merge::{Input, Options, merge};
use sbom_attest::sbom::{Sbom, SpecVersion, diff, grammar, validate};

use super::{json_files, read, vectors};

#[test]
fn merging_a_document_with_itself_keeps_what_it_says() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for path in json_files(&vectors("cyclonedx")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(sbom) = Sbom::read(read(&path), &Limits::default()) else { continue };
        if !name.starts_with("valid") {
            continue;
        }
        let digest = &Digest::sha256(sbom.document().bytes());
        let input = Input { name: &name, sbom: &sbom, digest };
        for (inputs, provenance) in [(&[input][..], false), (&[input, input], false), (&[input, input], true)]
        {
            let merged = merge(inputs, &Options { provenance, ..Options::default() }).unwrap();
            let conflicts = merged.conflicts.len();
            let merged = Sbom::read(merged.bytes, &Limits::default()).unwrap();
            let mut different = diff::diff(&sbom, &merged).changed;
            // Signatures go with what changes: the serial number of the document, and marks in components.
            different.retain(|change| !change.pointer.ends_with("/signature"));
            if provenance {
                different.retain(|change| {
                    !change.pointer.ends_with("/properties") && change.pointer != "/externalReferences"
                });
            }
            let is_valid = |sbom: &Sbom| grammar::check(sbom.document(), sbom.version().into(), "x").valid;
            if !different.is_empty() || conflicts > 0 || is_valid(&sbom) != is_valid(&merged) {
                wrong.push(format!(
                    "{}: {provenance} {conflicts} conflicts, valid {}, {different:?}",
                    path.display(),
                    is_valid(&merged)
                ));
            }
        }
        count += 1;
    }
    eprintln!("merge: {count} documents with themselves");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 0);
}

/// Whatever is merged with whatever: a valid result of valid documents, in which every reference leads where it led.
#[test]
fn documents_of_one_version_merge_into_a_valid_one_without_a_reference_lost() {
    let mut groups: BTreeMap<SpecVersion, Vec<(String, Sbom)>> = BTreeMap::new();
    for path in json_files(&vectors("cyclonedx")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(sbom) = Sbom::read(read(&path), &Limits::default()) else { continue };
        if name.starts_with("valid") && judge(sbom.document().bytes()).0 {
            groups.entry(sbom.version()).or_default().push((name, sbom));
        }
    }
    let mut count = 0;
    for (version, sboms) in groups {
        for window in sboms.windows(2).chain([&sboms[..]]) {
            let digest = &Digest::sha256("");
            let inputs: Vec<Input<'_>> =
                window.iter().map(|(name, sbom)| Input { name, sbom, digest }).collect();
            let names: Vec<&str> = inputs.iter().map(|input| input.name).collect();
            for options in [Options::default(), Options { provenance: false, ..Options::default() }] {
                let merged = merge(&inputs, &options).unwrap();
                let (valid, problems) = judge(&merged.bytes);
                let before: usize = inputs.iter().map(|input| judge(input.sbom.document().bytes()).1).sum();
                let text = String::from_utf8_lossy(&merged.bytes);
                assert!(valid, "{version} {names:?}\n{text}");
                assert!(problems <= before, "{version} {names:?}: {before} -> {problems}\n{text}");
                count += 1;
            }
        }
    }
    eprintln!("merge: {count} merges of different documents");
    assert!(count > 0);
}

/// Whether the form is right, and how many references lead nowhere or to several things.
fn judge(bytes: &[u8]) -> (bool, usize) {
    let judged = validate(bytes.to_vec(), &Limits::default(), "x", jiff::Timestamp::UNIX_EPOCH);
    let wrong = judged.findings.iter().filter(|finding| {
        finding.is_broken() && ["ref-dangling", "ref-duplicate", "ref-ambiguous"].contains(&finding.rule)
    });
    if !judged.valid {
        let broken = judged.findings.iter().filter(|finding| finding.is_broken());
        eprintln!("{:?}", broken.map(|finding| (&finding.subject, &finding.message)).next());
    }
    (judged.valid, wrong.count())
}

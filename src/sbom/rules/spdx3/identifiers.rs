//! Identifiers of SPDX 3: package URLs, CPE names, Software Heritage and Git object ids, licence expressions, digests.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Scene;
use crate::document::Value;
use crate::sbom::Purl;
use crate::sbom::grammar::{Mark, cut};
use crate::sbom::rules::identifiers::{
    CPE, DIGEST, EXPRESSION, PURL, SWHID, expression_problem, is_cpe, is_swhid,
};

pub(super) fn check(scene: &mut Scene<'_>) {
    for value in scene.marked(Mark::Purl) {
        purl(scene, value);
    }
    for object in scene.marked(Mark::SpdxIdentifier) {
        let Some(value) = object.get("identifier") else { continue };
        let kind = object.get("externalIdentifierType").and_then(|kind| kind.as_str()).unwrap_or_default();
        let text = value.as_str().unwrap_or_default();
        match &*kind {
            "packageUrl" => purl(scene, value),
            "cpe22" | "cpe23" if !is_cpe(&text) || text.starts_with("cpe:/") != (kind == "cpe22") => {
                scene.fail(&CPE, value, || format!("{:?} is no CPE name of that form", cut(&text)));
            }
            "swhid" if !is_swhid(&text) => {
                scene.fail(&SWHID, value, || format!("{:?} is no Software Heritage id", cut(&text)));
            }
            _ => {}
        }
    }
    for object in scene.marked(Mark::SpdxContent) {
        let Some(value) = object.get("software_contentIdentifierValue") else { continue };
        let is_swh = object.get("software_contentIdentifierType").is_some_and(|kind| kind.is("swhid"));
        let text = value.as_str().unwrap_or_default();
        if is_swh && !is_swhid(&text) {
            scene.fail(&SWHID, value, || format!("{:?} is no Software Heritage id", cut(&text)));
        }
    }
    // Few expressions stand in many places: each is read once.
    let mut read: HashMap<Cow<'_, str>, Option<String>> = HashMap::new();
    for value in scene.marked(Mark::Expression) {
        let text = value.as_str().unwrap_or_default();
        if ["NOASSERTION", "NONE"].contains(&&*text) {
            continue;
        }
        let problem = read.entry(text).or_insert_with_key(|text| expression_problem(text));
        if let Some(problem) = problem {
            scene.fail(&EXPRESSION, value, || problem.clone());
        }
    }
    for object in scene.marked(Mark::SpdxDigest) {
        digest(scene, object);
    }
}

fn purl(scene: &mut Scene<'_>, value: Value<'_>) {
    if let Err(error) = value.as_str().unwrap_or_default().parse::<Purl>() {
        scene.fail(&PURL, value, || error.to_string());
    }
}

fn digest(scene: &mut Scene<'_>, object: Value<'_>) {
    let (Some(algorithm), Some(value)) = (object.get("algorithm"), object.get("hashValue")) else { return };
    let (name, digits) = (algorithm.as_str().unwrap_or_default(), value.as_str().unwrap_or_default());
    let Some((_, expected)) = LENGTHS.iter().find(|(own, _)| *own == name) else { return };
    let found = digits.len();
    if found != *expected {
        scene.fail(&DIGEST, value, || {
            format!("{name} has {expected} hexadecimal digits, and here are {found}")
        });
    } else if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        scene.fail(&DIGEST, value, || format!("{:?} is not hexadecimal", cut(&digits)));
    }
}

/// Hexadecimal digits of the algorithms that have one length.
const LENGTHS: [(&str, usize); 17] = [
    ("adler32", 8),
    ("blake2b256", 64),
    ("blake2b384", 96),
    ("blake2b512", 128),
    ("blake3", 64),
    ("md2", 32),
    ("md4", 32),
    ("md5", 32),
    ("sha1", 40),
    ("sha224", 56),
    ("sha256", 64),
    ("sha384", 96),
    ("sha512", 128),
    ("sha3_224", 56),
    ("sha3_256", 64),
    ("sha3_384", 96),
    ("sha3_512", 128),
];

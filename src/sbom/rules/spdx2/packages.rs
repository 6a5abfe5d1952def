//! Packages and their files: what was analysed, and what it was.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use sha1::{Digest as _, Sha1};

use super::{list, shown};
use crate::digest::encode_hex;
use crate::document::{Kind, Value};
use crate::finding::{Rule, Severity};
use crate::sbom::grammar::{Mark, cut};
use crate::sbom::rules::Scene;

pub(in super::super) static FILES_ANALYZED: Rule = Rule {
    id: "spdx-files-analyzed",
    title: "a package whose files were not analysed says nothing about them",
    severity: Severity::High,
    remedy: "set `filesAnalyzed` to true, or leave out what it says about files",
};
pub(in super::super) static VERIFICATION_CODE: Rule = Rule {
    id: "spdx-verification-code",
    title: "the verification code of a package is that of its files",
    severity: Severity::Medium,
    remedy: "compute it again (7.9): SHA-1 over the sorted SHA-1 digests of all files that it does not exclude",
};
pub(in super::super) static FILE_NAME: Rule = Rule {
    id: "spdx-file-name",
    title: "every file is named from the root of its package",
    severity: Severity::Low,
    remedy: "write it as ./path/to/file, from the root of the package (8.1)",
};
pub(in super::super) static FILE_SHA1: Rule = Rule {
    id: "spdx-file-sha1",
    title: "every file has its SHA-1 digest",
    severity: Severity::Medium,
    remedy: "add it, beside a stronger one: SPDX 2 requires it of every file (8.4)",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    contained(scene);
    let files = files(scene);
    for package in scene.marked(Mark::SpdxPackage) {
        if package.get("filesAnalyzed").and_then(|flag| flag.as_bool()) == Some(false) {
            not_analysed(scene, package);
        } else if let Some(code) = package.get("packageVerificationCode") {
            verification_code(scene, package, code, &files);
        }
    }
    for file in scene.marked(Mark::SpdxFile) {
        if let Some(name) = file.get("fileName").filter(|name| name.raw().starts_with(b"\"/")) {
            scene.fail(&FILE_NAME, name, || format!("{:?} is an absolute path", shown(file, "fileName")));
        }
        if sha1(file).is_none() {
            let place = file.get("checksums").unwrap_or(file);
            scene.fail(&FILE_SHA1, place, || format!("the file {:?} has no SHA1", shown(file, "fileName")));
        }
    }
}

/// 7.8, 7.9, 7.14: such a package contains no files, has no verification code and no licences from files.
fn not_analysed(scene: &mut Scene<'_>, package: Value<'_>) {
    for (member, what) in [
        ("packageVerificationCode", "has a verification code"),
        ("licenseInfoFromFiles", "tells licences of files"),
        ("hasFiles", "has files"),
    ] {
        let Some(value) = package.get(member) else { continue };
        let is_empty = value.kind() == Kind::Array && value.elements().next().is_none();
        if !is_empty && !value.is_null() {
            scene.fail(&FILES_ANALYZED, value, || {
                format!("the files of {:?} were not analysed, and it {what}", shown(package, "name"))
            });
        }
    }
}

/// What 7.8 says of files holds for those that relationships put into such a package.
fn contained(scene: &mut Scene<'_>) {
    let id = |object: Value<'_>| object.get("SPDXID").and_then(|id| id.as_str()).map(Cow::into_owned);
    let is_closed =
        |package: &Value<'_>| package.get("filesAnalyzed").and_then(|flag| flag.as_bool()) == Some(false);
    let closed: HashSet<String> = scene.marked(Mark::SpdxPackage).filter(is_closed).filter_map(id).collect();
    if closed.is_empty() {
        return;
    }
    let files: HashSet<String> = scene.marked(Mark::SpdxFile).filter_map(id).collect();
    for relationship in scene.marked(Mark::Relationship) {
        let ends = ["spdxElementId", "relatedSpdxElement"]
            .map(|end| relationship.get(end).and_then(|id| id.as_str()).unwrap_or_default());
        let kind = relationship.get("relationshipType").and_then(|kind| kind.as_str()).unwrap_or_default();
        let (package, file) = match &*kind {
            "CONTAINS" => (&ends[0], &ends[1]),
            "CONTAINED_BY" => (&ends[1], &ends[0]),
            _ => continue,
        };
        if closed.contains(&**package) && files.contains(&**file) {
            scene.fail(&FILES_ANALYZED, relationship, || {
                format!("the files of {:?} were not analysed, and it contains {:?}", cut(package), cut(file))
            });
        }
    }
}

/// The code is computed again from the SHA-1 digests of the files that the package names in `hasFiles`. Where a file
/// has none, or the package names no file, there is no telling.
fn verification_code(
    scene: &mut Scene<'_>,
    package: Value<'_>,
    code: Value<'_>,
    files: &HashMap<Cow<'_, str>, Value<'_>>,
) {
    let Some(stated) = code.get("packageVerificationCodeValue") else { return };
    let excluded: HashSet<Cow<'_, str>> =
        list(code, "packageVerificationCodeExcludedFiles").filter_map(|name| name.as_str()).collect();
    let mut digests = Vec::new();
    for id in list(package, "hasFiles") {
        let Some(file) = id.as_str().and_then(|id| files.get(&id)) else { return };
        if file.get("fileName").and_then(|name| name.as_str()).is_some_and(|name| excluded.contains(&name)) {
            continue;
        }
        let Some(digest) = sha1(*file) else { return };
        digests.push(digest);
    }
    if digests.is_empty() {
        return;
    }
    let computed = code_of(digests.iter().map(|digest| digest.to_ascii_lowercase()).collect());
    if stated.is(&computed) {
        return;
    }
    scene.fail(&VERIFICATION_CODE, stated, || {
        let (count, name) = (digests.len(), shown(package, "name"));
        let code = cut(&stated.as_str().unwrap_or_default());
        if stated.is(&code_of(digests.iter().map(|digest| digest.to_ascii_uppercase()).collect())) {
            return format!(
                "{code:?} is the code of digests in capital letters; in small ones it is {computed}"
            );
        }
        format!("{code:?} is not the code of the {count} files of {name:?}, which is {computed}")
    });
}

/// SHA-1 over the sorted digests without anything between them.
fn code_of(mut digests: Vec<String>) -> String {
    digests.sort_unstable();
    let mut hasher = Sha1::new();
    for digest in &digests {
        hasher.update(digest.as_bytes());
    }
    encode_hex(&hasher.finalize())
}

fn sha1(file: Value<'_>) -> Option<Cow<'_, str>> {
    let digest =
        list(file, "checksums").find(|digest| digest.get("algorithm").is_some_and(|name| name.is("SHA1")))?;
    digest.get("checksumValue")?.as_str()
}

/// Files by id, where a package has a code to compare them with.
fn files<'a>(scene: &Scene<'a>) -> HashMap<Cow<'a, str>, Value<'a>> {
    if scene.marked(Mark::SpdxPackage).all(|package| package.get("packageVerificationCode").is_none()) {
        return HashMap::new();
    }
    let files = scene.marked(Mark::SpdxFile);
    files.filter_map(|file| Some((file.get("SPDXID")?.as_str()?, file))).collect()
}

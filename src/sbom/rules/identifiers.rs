//! Identifiers: package URLs, CPE names, SWID tags, Software Heritage ids, licence expressions, digests.

use std::borrow::Cow;
use std::collections::HashMap;

use spdx::ParseMode;

use super::{Mark, Scene};
use crate::finding::{Rule, Severity};
use crate::sbom::grammar::cut;
use crate::sbom::{Hash, HashProblem, Purl};

pub(super) static PURL: Rule = Rule {
    id: "purl-form",
    title: "every package URL can be read",
    severity: Severity::Medium,
    remedy: "write it as pkg:type/namespace/name@version, with what is special percent-encoded",
};
pub(super) static CPE: Rule = Rule {
    id: "cpe-form",
    title: "every CPE name can be read",
    severity: Severity::Medium,
    remedy: "write it as cpe:2.3: and 11 parts (NISTIR 7695), with a backslash before what is special",
};
pub(super) static SWHID: Rule = Rule {
    id: "swhid-form",
    title: "every Software Heritage id can be read",
    severity: Severity::Medium,
    remedy: "write it as swh:1:cnt: (or dir, rev, rel, snp) and 40 lower-case hexadecimal digits",
};
pub(super) static SWID: Rule = Rule {
    id: "swid-form",
    title: "every SWID tag has an id and a name that say something, and a version that counts",
    severity: Severity::Medium,
    remedy: "take the values of the tag (ISO/IEC 19770-2), or leave `swid` out",
};
pub(super) static EXPRESSION: Rule = Rule {
    id: "license-expression",
    title: "every licence expression can be read",
    severity: Severity::Medium,
    remedy: "correct the expression; a text of one's own is a LicenseRef-… or a `name`",
};
pub(super) static DIGEST: Rule = Rule {
    id: "digest-length",
    title: "every digest has the length of its algorithm",
    severity: Severity::High,
    remedy: "compute the digest again, or correct the name of its algorithm",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    for value in scene.marked(Mark::Purl) {
        if let Err(error) = value.as_str().unwrap_or_default().parse::<Purl>() {
            scene.fail(&PURL, value, || error.to_string());
        }
    }
    for value in scene.marked(Mark::Cpe) {
        let text = value.as_str().unwrap_or_default();
        if !is_cpe(&text) {
            scene.fail(&CPE, value, || format!("{:?} is no CPE name", cut(&text)));
        }
    }
    for value in scene.marked(Mark::SwhId) {
        let text = value.as_str().unwrap_or_default();
        if !is_swhid(&text) {
            scene.fail(&SWHID, value, || format!("{:?} is no Software Heritage id", cut(&text)));
        }
    }
    for value in scene.marked(Mark::Swid) {
        let empty =
            |name| value.get(name).and_then(|text| text.as_str()).is_some_and(|text| text.trim().is_empty());
        if let Some(name) = ["tagId", "name"].into_iter().find(|name| empty(name)) {
            scene.fail(&SWID, value, || format!("`{name}` of the SWID tag is empty"));
        } else if value
            .get("tagVersion")
            .and_then(|version| version.as_f64())
            .is_some_and(|version| version < 0.0)
        {
            scene.fail(&SWID, value, || "`tagVersion` of the SWID tag is negative".to_owned());
        }
    }
    // Few expressions stand in many places: each is read once.
    let mut read: HashMap<Cow<'_, str>, Option<String>> = HashMap::new();
    for value in scene.marked(Mark::Expression) {
        let text = value.as_str().unwrap_or_default();
        let problem = read.entry(text).or_insert_with_key(|text| expression_problem(text));
        if let Some(problem) = problem {
            scene.fail(&EXPRESSION, value, || problem.clone());
        }
    }
    for value in scene.marked(Mark::Digest) {
        if let Err(HashProblem::Length { found, expected }) = Hash::new(value).checked() {
            scene.fail(&DIGEST, value, || {
                let algorithm = value.get("alg").and_then(|name| name.as_str()).unwrap_or_default();
                format!("{algorithm} has {expected} hexadecimal digits, and here are {found}")
            });
        }
    }
}

pub(super) fn expression_problem(text: &str) -> Option<String> {
    expression(text).err()
}

/// A licence expression, or why it is none.
pub(super) fn expression(text: &str) -> Result<spdx::Expression, String> {
    if text.len() > LONGEST {
        return Err(format!("the expression has more than {LONGEST} bytes"));
    }
    let mode = ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };
    spdx::Expression::parse_mode(text, mode)
        .map_err(|error| format!("{:?} cannot be read: {}", cut(text), error.reason))
}

/// A CPE 2.3 formatted string or a CPE 2.2 URI (NISTIR 7695, sections 6.1 and 6.2).
pub(in crate::sbom) fn is_cpe(text: &str) -> bool {
    if let Some(uri) = text.strip_prefix("cpe:/") {
        let parts: Vec<&str> = uri.split(':').collect();
        let fits =
            |part: &&str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte));
        return ["a", "o", "h", ""].contains(&parts[0]) && parts.len() <= 7 && parts.iter().all(fits);
    }
    let Some(name) = text.strip_prefix("cpe:2.3:") else { return false };
    let (mut parts, mut length, mut rest) = (1, 0, name.bytes());
    while let Some(byte) = rest.next() {
        match byte {
            b':' if length == 0 => return false,
            b':' => (parts, length) = (parts + 1, 0),
            b'\\' if rest.next().is_some_and(|byte| byte.is_ascii_punctuation()) => length += 1,
            byte if byte.is_ascii_alphanumeric() || b"-._*?~".contains(&byte) => length += 1,
            _ => return false,
        }
    }
    parts == 11 && length > 0 && matches!(name.as_bytes()[..2], [b'a' | b'o' | b'h' | b'*' | b'-', b':'])
}

/// A Software Heritage id (ISO/IEC 18670), with or without qualifiers.
pub(in crate::sbom) fn is_swhid(text: &str) -> bool {
    let core = text.split(';').next().unwrap_or_default();
    let [scheme, version, kind, digits] = core.split(':').collect::<Vec<_>>()[..] else { return false };
    scheme == "swh"
        && version == "1"
        && ["cnt", "dir", "rev", "rel", "snp"].contains(&kind)
        && digits.len() == 40
        && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Bytes that a licence expression may have.
const LONGEST: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpe_names_of_both_forms_are_read() {
        for good in [
            "cpe:2.3:a:acme:application:9.1.1:*:*:*:*:*:*:*",
            "cpe:/a:acme:application:9.1.1",
            "cpe:/o:microsoft:windows_10",
            r"cpe:2.3:a:foo\:bar:big\$money:2010:*:*:*:*:*:*:-",
        ] {
            assert!(is_cpe(good), "{good}");
        }
        for bad in [
            "",
            "cpe:2.3:",
            "cpe:2.3:a:b",
            "cpe:2.3:x:b:c:d:*:*:*:*:*:*:*",
            "cpe:/z:a",
            "cpe:2.3:a::c:d:*:*:*:*:*:*:*",
            "acme",
        ] {
            assert!(!is_cpe(bad), "{bad}");
        }
    }

    #[test]
    fn software_heritage_ids_are_read() {
        assert!(is_swhid("swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2;origin=https://a.example"));
        assert!(!is_swhid("swh:1:xyz:94a9ed024d3859793618152ea559a168bbcbb5e2") && !is_swhid("swh:1:cnt:94"));
    }

    #[test]
    fn expressions_are_those_of_spdx() {
        for good in [
            "MIT OR Apache-2.0",
            "GPL-2.0+",
            "GPL-2.0 WITH Classpath-exception-2.0",
            "LicenseRef-own AND ISC",
        ] {
            assert_eq!(expression_problem(good), None, "{good}");
        }
        for bad in ["", "MIT/Apache-2.0", "MIT OR", "Unknown-1.0", "(MIT"] {
            assert!(expression_problem(bad).is_some(), "{bad}");
        }
    }
}

//! Each artifact is a subject of an accepted bundle. This looks at all bundles together.

use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;
use crate::verify::{Artifact, Request};

/// The findings, one an artifact. The cases come with whether every check of theirs held.
pub(in crate::verify) fn findings(request: &Request<'_>, cases: &[(Case<'_>, bool)]) -> Vec<Finding> {
    request.artifacts.iter().map(|artifact| finding(artifact, cases)).collect()
}

fn finding(artifact: &Artifact, cases: &[(Case<'_>, bool)]) -> Finding {
    let digests = artifact.digests.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let naming = |(case, _): &&(Case<'_>, bool)| {
        case.statement().is_some_and(|statement| statement.subjects.iter().any(|one| artifact.is(one)))
            || case.signed_artifact().is_some_and(|digest| artifact.digests.contains(digest))
    };
    let mut naming = cases.iter().filter(naming).peekable();
    if naming.peek().is_some() {
        return match naming.find(|(_, holds)| *holds) {
            Some((case, _)) => {
                RULE.pass(&artifact.name).because("digest", digests).because("bundle", case.name)
            }
            None => RULE.not_evaluated(&artifact.name, "the bundle that names it does not hold"),
        };
    }
    let statements = cases.iter().filter_map(|(case, _)| case.statement());
    let subjects = statements.flat_map(|statement| &statement.subjects).flat_map(|subject| &subject.digests);
    let mut named = subjects.chain(cases.iter().filter_map(|(case, _)| case.signed_artifact())).peekable();
    if named.peek().is_none() {
        return RULE.not_evaluated(&artifact.name, "there is no statement to be believed");
    }
    let finding = RULE.fail(&artifact.name, "no bundle names this artifact").because("found", digests);
    named.take(SHOWN).fold(finding, |finding, digest| finding.because("expected", digest))
}

/// The rule.
pub(in crate::verify) static RULE: Rule = Rule {
    id: "subject-digest",
    title: "a bundle that holds names the artifact by its digest",
    severity: Severity::Critical,
    remedy: "do not use the artifact: it is not the one that was attested",
};

/// How many digests of subjects a refusal lists.
const SHOWN: usize = 16;

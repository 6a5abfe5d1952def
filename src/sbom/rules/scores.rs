//! Scores: a number alone convinces nobody.

use super::{Mark, Scene};
use crate::finding::{Rule, Severity};

pub(super) static RATIONALE: Rule = Rule {
    id: "score-rationale",
    title: "every score says why it is what it is",
    severity: Severity::Medium,
    remedy: "write into `rationale` how the score came about",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    for value in scene.marked(Mark::Score) {
        let rationale = value.get("rationale").and_then(|text| text.as_str());
        if value.get("score").is_some() && rationale.is_none_or(|text| text.trim().is_empty()) {
            scene.fail(&RATIONALE, value, || "a score without a rationale".to_owned());
        }
    }
}

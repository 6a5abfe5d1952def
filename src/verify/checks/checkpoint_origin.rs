//! The checkpoint is that of the log the entry names: its origin is the host name in the log's URL.

use super::{Check, without_log};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;
use crate::verify::logged::CheckpointState;

pub(super) struct CheckpointOrigin;

impl Check for CheckpointOrigin {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint/envelope"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match (&case.checkpoint, case.log) {
            (Some(CheckpointState::Foreign(checkpoint)), Some(log)) => RULE
                .fail(case.name, "the checkpoint is that of another log")
                .because("expected", &log.origin)
                .because("found", &checkpoint.origin),
            (Some(CheckpointState::Malformed(_)), _) => RULE.not_evaluated(case.name, MALFORMED),
            (Some(_), Some(log)) => RULE.pass(case.name).because("origin", &log.origin),
            _ => RULE.not_evaluated(case.name, without_log(case)),
        }
    }
}

static RULE: Rule = Rule {
    id: "checkpoint-origin",
    title: "the checkpoint is the log's",
    severity: Severity::Critical,
    remedy: "do not use the bundle: its checkpoint is that of another log",
};

const MALFORMED: &str = "the checkpoint is malformed";

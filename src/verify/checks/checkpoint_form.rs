//! The checkpoint is a signed note that holds a checkpoint, in their one spelling.

use super::{Check, without_log};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;
use crate::verify::logged::CheckpointState;

pub(super) struct CheckpointForm;

impl Check for CheckpointForm {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint/envelope"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match &case.checkpoint {
            None => RULE.not_evaluated(case.name, without_log(case)),
            Some(CheckpointState::Malformed(error)) => RULE.fail(case.name, error.to_string()),
            Some(_) => RULE.pass(case.name),
        }
    }
}

static RULE: Rule = Rule {
    id: "checkpoint-form",
    title: "the checkpoint is well-formed",
    severity: Severity::High,
    remedy: "ask its author for the bundle as the log made it",
};

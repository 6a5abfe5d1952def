//! The log signed the checkpoint.

use super::{Check, without_log};
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;
use crate::verify::logged::CheckpointState;

pub(super) struct CheckpointSignature;

impl Check for CheckpointSignature {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint/envelope"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match &case.checkpoint {
            None => RULE.not_evaluated(case.name, without_log(case)),
            Some(CheckpointState::Malformed(_) | CheckpointState::Foreign(_)) => {
                RULE.not_evaluated(case.name, "there is no checkpoint of this log")
            }
            Some(CheckpointState::Unsigned(error)) => RULE.fail(case.name, error.to_string()),
            Some(CheckpointState::Signed { checkpoint, .. }) => {
                RULE.pass(case.name).because("size", checkpoint.size).because("root", checkpoint.root.hex())
            }
        }
    }
}

static RULE: Rule = Rule {
    id: "checkpoint-signature",
    title: "the log signed the checkpoint",
    severity: Severity::Critical,
    remedy: "do not use the bundle: the log never said this",
};

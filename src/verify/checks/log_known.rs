//! The log that the entry names is in the trust root.

use super::{Check, UNLOGGED};
use crate::digest::encode_hex;
use crate::finding::{Finding, Rule, Severity};
use crate::verify::case::Case;

pub(super) struct LogKnown;

impl Check for LogKnown {
    fn rules(&self) -> Vec<&'static Rule> {
        vec![&RULE]
    }

    fn pointer(&self) -> &'static str {
        "/verificationMaterial/tlogEntries/0/logId/keyId"
    }

    fn run(&self, case: &Case<'_>) -> Finding {
        match (case.entry(), case.log) {
            (None, _) => RULE.not_evaluated(case.name, UNLOGGED),
            (Some(_), Some(log)) => RULE.pass(case.name).because("log", &log.base_url),
            (Some(entry), None) => RULE
                .fail(case.name, "the log is not in the trusted root")
                .because("found", encode_hex(&entry.log_id)),
        }
    }
}

static RULE: Rule = Rule {
    id: "log-known",
    title: "the log is in the trusted root",
    severity: Severity::High,
    remedy: "pass the trusted root of this log with --trusted-root (`sbom-attest log trust` writes it)",
};

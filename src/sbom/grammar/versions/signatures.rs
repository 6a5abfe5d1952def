//! Enveloped signatures (JSON Signature Format 0.82): one that covers what changes holds no longer.

use super::Change;
use crate::document::signed::{SIGNATURE, covers};
use crate::document::{Kind, Value};

impl<'d> Change<'d, '_> {
    /// Drops the signature of an object if it covers a member that changes.
    pub(super) fn break_signature(&mut self, object: Value<'d>) {
        let Some(signature) = object.get(SIGNATURE) else { return };
        if signature.kind() != Kind::Object || self.plan.is_dropped(signature) {
            return;
        }
        let is_broken = self.plan.gains(object)
            || object.members().any(|(name, member)| {
                name != SIGNATURE && !self.plan.is_kept(member, true) && covers(signature, &name)
            });
        if is_broken {
            self.lose(signature, REASON.into());
        }
    }
}

const REASON: &str = "what it signs is written another way, so that it no longer holds";

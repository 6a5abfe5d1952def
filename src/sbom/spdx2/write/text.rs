//! Lines of tag-value text, as they are written.

use super::super::lines::{CLOSE, OPEN, trim};

/// A text in the making.
#[derive(Debug, Default)]
pub(super) struct Text(pub(super) Vec<u8>);

impl Text {
    /// `Tag: value`; between `<text>` and `</text>` what would lose something otherwise.
    pub(super) fn line(&mut self, name: &str, value: &str) {
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(b':');
        if !value.is_empty() {
            self.0.push(b' ');
        }
        if needs_text(value) {
            self.0.extend_from_slice(OPEN.as_bytes());
            self.0.extend_from_slice(value.as_bytes());
            self.0.extend_from_slice(CLOSE.as_bytes());
        } else {
            self.0.extend_from_slice(value.as_bytes());
        }
        self.0.push(b'\n');
    }

    /// An empty line before a section.
    pub(super) fn gap(&mut self) {
        if !self.0.is_empty() {
            self.0.push(b'\n');
        }
    }

    /// An empty line, unless the last section was of the same kind and of one line.
    pub(super) fn gap_between(&mut self, name: &str) {
        let rest = self.0.trim_ascii_end();
        let last = rest.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        if !rest[last..].starts_with(name.as_bytes()) {
            self.gap();
        }
    }
}

fn needs_text(value: &str) -> bool {
    value.contains('\n') || trim(value).len() != value.len() || value.starts_with(OPEN)
}

/// Whether a value can be written so that it is read back.
pub(super) fn reads_back(value: &str) -> bool {
    !needs_text(value) || !value.contains(CLOSE)
}

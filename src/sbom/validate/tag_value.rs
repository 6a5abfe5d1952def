//! Tag-value: the lines of the text, then what they say.

use super::{Request, Validation, refused};
use crate::finding::Location;
use crate::sbom::{Format, Spdx2Version, spdx2};

impl Request<'_> {
    pub(super) fn tag_value(&self, bytes: Vec<u8>, version: Spdx2Version) -> Validation {
        let format = Format::Spdx2TagValue(version);
        let read = match spdx2::read(bytes, self.limits) {
            Ok(read) => read,
            Err(error) => {
                let finding = self.malformed(&error, error.code(), error.help(), error.position());
                return refused(Some(format.to_string()), finding);
            }
        };
        let mut judged = self.judge(format, &read.document, version.into());
        let lines = read.oddities.iter().map(|oddity| {
            let at = read.position(oddity);
            let (line, column) = (Some(at.line), Some(at.column));
            let place = Location { file: self.file.to_owned(), pointer: None, line, column };
            let finding = oddity.rule().fail(format!("line {}", at.line), oddity.to_string()).at(place);
            match oddity.remedy() {
                Some(remedy) => finding.remedied_by(remedy),
                None => finding,
            }
        });
        judged.findings.splice(0..0, lines);
        judged.valid &= read.omitted == 0 && read.oddities.iter().all(|oddity| !oddity.is_loss());
        judged.omitted += read.omitted;
        judged
    }
}

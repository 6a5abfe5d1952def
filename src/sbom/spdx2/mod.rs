//! SPDX 2 as tag-value: read into the shape of its JSON form, and written from it.
//!
//! SPDX 2.2 (ISO/IEC 5962:2021) and 2.3, <https://spdx.github.io/spdx-spec/v2.3/>. A text is gone through once, without
//! recursion. What is not as the specification says is told and does not stop the reader; what then is in no field of
//! the document is told as a loss.

mod composite;
mod error;
#[cfg(test)]
mod laws;
mod lines;
mod oddity;
mod records;
mod shape;
mod tag;
mod write;

pub use error::Error;
pub use oddity::{Oddity, RULES};
pub use write::write;

use std::sync::Arc;

use self::records::Records;
use super::convert::{Fate, Loss};
use crate::document::{self, Document, Limits, PlainText, Position, Source as _};

/// What tag-value text says.
#[derive(Debug, Clone)]
pub struct Read {
    /// The document, in the shape of the JSON form. Its values remember where they stand in the text.
    pub document: Document,
    /// What is not as the specification says, in the order of the text.
    pub oddities: Vec<Oddity>,
    /// How many further ones there are.
    pub omitted: usize,
    /// What the text holds and the document does not.
    pub losses: Vec<Loss>,
    text: Arc<PlainText>,
}

impl Read {
    /// The line and column of an oddity.
    pub fn position(&self, oddity: &Oddity) -> Position {
        self.text.position(oddity.offset())
    }
}

/// Reads tag-value text.
pub fn read(bytes: Vec<u8>, limits: &Limits) -> Result<Read, Error> {
    let limit = limits.bytes.min(u64::from(u32::MAX) - 1);
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { length: bytes.len() as u64, limit });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Error::Utf8 { at: Position::in_bytes(error.as_bytes(), offset) }
    })?;
    let text = Arc::new(PlainText::new(text));
    let mut records = Records::read(text.as_str(), limits)?;
    let builder = shape::build(text.as_str(), &mut records);
    let Records { mut oddities, omitted, comments, .. } = records;
    oddities.sort_by_key(Oddity::offset);
    let losses = losses(&text, &oddities, omitted.1, comments);
    let document = builder.finish(Some(Arc::clone(&text) as _), limits).map_err(|error| match error {
        document::Error::TooManyNodes { limit, .. } => Error::TooManyValues { limit },
        // What is built is JSON; only its size can be wrong.
        _ => Error::TooLarge { length: text.as_str().len() as u64, limit },
    })?;
    Ok(Read { document, oddities, omitted: omitted.0, losses, text })
}

/// What the text holds that the document does not: lines that were not understood, and comments.
fn losses(text: &PlainText, oddities: &[Oddity], more: usize, comments: (usize, u32)) -> Vec<Loss> {
    let line = |offset| format!("line {}", text.position(offset).line);
    let lost = |pointer, reason: String| Loss { pointer, fate: Fate::Dropped, reason: reason.into() };
    let mut losses: Vec<Loss> = oddities
        .iter()
        .filter(|oddity| oddity.is_loss())
        .map(|oddity| lost(line(oddity.offset()), oddity.to_string()))
        .collect();
    if more > 0 {
        losses.push(lost(
            String::new(),
            format!("{more} further lines that are not as the specification says"),
        ));
    }
    match comments {
        (0, _) => {}
        (1, at) => losses.push(lost(line(at), "a comment".to_owned())),
        (count, at) => losses.push(lost(line(at), format!("{count} comments, of which this is the first"))),
    }
    losses
}

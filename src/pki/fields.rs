//! The parts of a DER value, one after the other.

use der::asn1::AnyRef;
use der::{Decode as _, Encode as _, Header, Reader as _, SliceReader, Tag, TagNumber, Tagged as _};

/// Reads the parts of a constructed value from the front.
pub(super) struct Fields<'a>(SliceReader<'a>);

impl<'a> Fields<'a> {
    /// The parts of a value of this tag.
    pub(super) fn of(value: AnyRef<'a>, tag: Tag) -> der::Result<Self> {
        value.tag().assert_eq(tag)?;
        Ok(Self(SliceReader::new(value.value())?))
    }

    /// The parts of a whole `SEQUENCE`.
    pub(super) fn sequence(der: &'a [u8]) -> der::Result<Self> {
        Self::of(AnyRef::from_der(der)?, Tag::Sequence)
    }

    /// The next part.
    pub(super) fn next(&mut self) -> der::Result<AnyRef<'a>> {
        AnyRef::decode(&mut self.0)
    }

    /// The next part, if it has this tag.
    pub(super) fn next_if(&mut self, tag: Tag) -> der::Result<Option<AnyRef<'a>>> {
        if self.0.is_finished() || Tag::peek(&self.0)? != tag {
            return Ok(None);
        }
        self.next().map(Some)
    }

    /// All that is left.
    pub(super) fn rest(mut self) -> der::Result<Vec<AnyRef<'a>>> {
        let mut rest = Vec::new();
        while !self.0.is_finished() {
            rest.push(self.next()?);
        }
        Ok(rest)
    }

    /// That nothing is left.
    pub(super) fn end(self) -> der::Result<()> {
        self.0.finish()
    }
}

/// `[number]`, constructed.
pub(super) fn context(number: u8) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(u32::from(number)) }
}

/// A value around parts that are encoded already.
pub(super) fn wrap(tag: Tag, parts: &[u8]) -> der::Result<Vec<u8>> {
    let mut wrapped = Header::new(tag, parts.len().try_into()?).to_der()?;
    wrapped.extend_from_slice(parts);
    Ok(wrapped)
}

//! Reading the JSON form of protocol buffers strictly.
//!
//! The mapping is <https://protobuf.dev/programming-guides/json/>: zero values may be left out, 64-bit numbers may be
//! strings, `null` is the default. Everything a lax reader would guess or skip is refused: unknown fields, other spellings
//! of numbers and of base64.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::{Flaw, Malformed};
use crate::document::{Kind, Value};

/// The members of an object by name, in the order asked for; one that is `null` is one that is left out. A member of
/// another name is refused.
pub(crate) fn fields<'a, const N: usize>(
    object: Value<'a>,
    names: [&str; N],
) -> Result<[Option<Value<'a>>; N], Malformed> {
    expect(object, Kind::Object, "an object")?;
    let mut found = [None; N];
    for (name, value) in object.members() {
        match names.iter().position(|known| *known == name) {
            Some(index) => found[index] = Some(value).filter(|value| !value.is_null()),
            None => return Err(Malformed::at(Flaw::UnknownField, &value, "the format has no such field")),
        }
    }
    Ok(found)
}

/// A member that must be there.
pub(crate) fn required<'a>(
    object: Value<'a>,
    name: &str,
    value: Option<Value<'a>>,
) -> Result<Value<'a>, Malformed> {
    value.ok_or_else(|| missing(object, name))
}

/// The flaw of an object that lacks a member.
pub(crate) fn missing(object: Value<'_>, name: &str) -> Malformed {
    Malformed {
        flaw: Flaw::MissingField,
        pointer: format!("{}/{name}", object.pointer()),
        position: Some(object.position()),
        detail: "the field is missing".to_owned(),
    }
}

/// A string.
pub(crate) fn text(value: Value<'_>) -> Result<Cow<'_, str>, Malformed> {
    value.as_str().ok_or_else(|| wrong_type(value, "a string"))
}

/// A string that is empty when it is left out.
pub(crate) fn optional_text(value: Option<Value<'_>>) -> Result<String, Malformed> {
    value.map_or(Ok(String::new()), |value| text(value).map(Cow::into_owned))
}

/// The elements of an array; none when it is left out.
pub(crate) fn elements(value: Option<Value<'_>>) -> Result<Vec<Value<'_>>, Malformed> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    expect(value, Kind::Array, "an array")?;
    Ok(value.elements().collect())
}

/// Bytes in base64: padded, of either alphabet (the DSSE protocol allows both), never of both, no stray bits.
pub(crate) fn bytes(value: Value<'_>) -> Result<Vec<u8>, Malformed> {
    let text = text(value)?;
    let decoded = STANDARD.decode(text.as_bytes()).or_else(|_| URL_SAFE.decode(text.as_bytes()));
    decoded.map_err(|_| Malformed::at(Flaw::Base64, &value, "it is not base64 in its canonical spelling"))
}

/// Bytes of a fixed length.
pub(crate) fn array<const N: usize>(value: Value<'_>) -> Result<[u8; N], Malformed> {
    let bytes = bytes(value)?;
    bytes.as_slice().try_into().map_err(|_| {
        Malformed::at(Flaw::Length, &value, format!("{N} bytes are expected, {} were found", bytes.len()))
    })
}

/// A number of type `int64` that cannot be negative; zero when it is left out.
pub(crate) fn unsigned(value: Option<Value<'_>>) -> Result<u64, Malformed> {
    let Some(value) = value else {
        return Ok(0);
    };
    let number = match value.kind() {
        Kind::Number => value.as_u64().filter(|number| number.to_string().as_bytes() == value.raw()),
        Kind::String => text(value)?.parse().ok().filter(|number: &u64| value.is(&number.to_string())),
        _ => return Err(wrong_type(value, "a whole number")),
    };
    number.filter(|number| i64::try_from(*number).is_ok()).ok_or_else(|| {
        Malformed::at(Flaw::Number, &value, "it is no whole number from 0 to 2^63 - 1 in its plain spelling")
    })
}

fn expect(value: Value<'_>, kind: Kind, name: &str) -> Result<(), Malformed> {
    if value.kind() == kind { Ok(()) } else { Err(wrong_type(value, name)) }
}

fn wrong_type(value: Value<'_>, expected: &str) -> Malformed {
    Malformed::at(Flaw::FieldType, &value, format!("{expected} is expected"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Limits};

    fn document(json: &str) -> Document {
        Document::parse(json.as_bytes().to_vec(), &Limits::default()).unwrap()
    }

    #[test]
    fn a_number_has_one_spelling_as_number_and_one_as_string() {
        for good in ["0", "\"0\"", "7", "\"7\"", "9223372036854775807", "\"9223372036854775807\""] {
            assert!(unsigned(Some(document(good).root())).is_ok(), "{good}");
        }
        for bad in
            ["-1", "\"-1\"", "1.0", "1e0", "\"01\"", "\"+1\"", "\" 1\"", "\"\"", "9223372036854775808", "-0"]
        {
            let flaw = unsigned(Some(document(bad).root())).unwrap_err().flaw;
            assert_eq!(flaw, Flaw::Number, "{bad}");
        }
        for bad in ["null", "true", "[]"] {
            assert_eq!(unsigned(Some(document(bad).root())).unwrap_err().flaw, Flaw::FieldType, "{bad}");
        }
        assert_eq!(unsigned(None), Ok(0));
    }

    #[test]
    fn base64_has_one_spelling_an_alphabet() {
        assert_eq!(bytes(document("\"+/A=\"").root()), bytes(document("\"-_A=\"").root()));
        for bad in ["\"+_A=\"", "\"+/A\"", "\"+/B=\"", "\"+/A=\\n\"", "\" +/A=\"", "\"!\""] {
            assert_eq!(bytes(document(bad).root()).unwrap_err().flaw, Flaw::Base64, "{bad}");
        }
    }

    #[test]
    fn a_missing_or_unknown_field_is_named_by_its_pointer() {
        let document = document(r#"{"a": {"b": 1}}"#);
        let [a] = fields(document.root(), ["a"]).unwrap();
        let flaw = fields(a.unwrap(), ["c"]).unwrap_err();
        assert_eq!((flaw.flaw, flaw.pointer.as_str()), (Flaw::UnknownField, "/a/b"));
        let flaw = required(a.unwrap(), "c", None).unwrap_err();
        assert_eq!((flaw.flaw, flaw.pointer.as_str()), (Flaw::MissingField, "/a/c"));
    }
}

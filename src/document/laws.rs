//! Laws of documents, on random ones: what is printed is read, pointers lead back, nothing panics.

use proptest::prelude::*;

use super::{Document, Error, Kind, Limits};

pub(crate) fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_filter("JSON has no other", |f| f.is_finite()).prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 128, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..40).prop_map(Into::into),
            proptest::collection::btree_map(any::<String>(), inner, 0..40)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

fn rebuilt(value: super::Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool => value.as_bool().unwrap().into(),
        Kind::Number => serde_json::from_slice(value.raw()).unwrap(),
        Kind::String => value.as_str().unwrap().into(),
        Kind::Array => value.elements().map(rebuilt).collect(),
        Kind::Object => value
            .members()
            .map(|(name, value)| (name.into_owned(), rebuilt(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read(value in value(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) }.unwrap();
        let document = Document::parse(text.clone(), &Limits::default()).unwrap();
        prop_assert_eq!(rebuilt(document.root()), value);
        prop_assert_eq!(document.bytes(), text);
    }

    #[test]
    fn canonical_text_is_equal_and_a_fixed_point(value in value()) {
        let parse = |text: Vec<u8>| Document::parse(text, &Limits::default()).unwrap();
        let canonical = parse(serde_json::to_vec_pretty(&value).unwrap()).root().canonical();
        let again = parse(canonical.clone()).root().canonical();
        prop_assert_eq!(String::from_utf8(again).unwrap(), String::from_utf8(canonical.clone()).unwrap());
        let reread = Document::parse(canonical, &Limits::default()).unwrap();
        let original = parse(serde_json::to_vec(&value).unwrap());
        prop_assert!(same(original.root(), reread.root()));
    }

    #[test]
    fn a_pointer_leads_back(value in value()) {
        let document = Document::parse(serde_json::to_vec(&value).unwrap(), &Limits::default()).unwrap();
        let mut open = vec![document.root()];
        while let Some(value) = open.pop() {
            prop_assert_eq!(document.at(&value.pointer()), Some(value));
            open.extend(value.elements());
            open.extend(value.members().map(|(_, value)| value));
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Document::parse(bytes, &Limits::default());
    }

    #[test]
    fn random_tokens_agree_with_serde(tokens in proptest::collection::vec(
        prop_oneof![Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just(":"), Just("\"a\""), Just("\"b\""),
            Just("1"), Just("-"), Just("1.5"), Just("true"), Just(" "), Just("null"), Just("\"")], 0..24)
    ) {
        let text = tokens.concat();
        match Document::parse(text.clone().into(), &Limits::default()) {
            Ok(document) => prop_assert_eq!(rebuilt(document.root()), serde_json::from_str::<serde_json::Value>(&text).unwrap()),
            Err(Error::DuplicateKey { .. }) => {}
            Err(error) => prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_err(), "{}: {}", text, error),
        }
    }
}

/// Equal but for spelling and order.
fn same(one: super::Value<'_>, other: super::Value<'_>) -> bool {
    match one.kind() {
        Kind::Number => one.as_f64() == other.as_f64(),
        Kind::Array => {
            one.elements().count() == other.elements().count()
                && one.elements().zip(other.elements()).all(|(a, b)| same(a, b))
        }
        Kind::Object => {
            one.members().count() == other.members().count()
                && one.members().all(|(name, value)| other.get(&name).is_some_and(|twin| same(value, twin)))
        }
        _ => one.as_str() == other.as_str() && one.as_bool() == other.as_bool() && one.kind() == other.kind(),
    }
}

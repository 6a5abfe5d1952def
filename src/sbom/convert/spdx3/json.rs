//! JSON on its way into a document: made here, or taken from another document as it stands.

use std::borrow::Cow;

use crate::document::{Builder, Kind, Value, quote};

/// A value that is to be written. What is made here is a few levels deep, whatever the input.
#[derive(Debug, Clone)]
pub(super) enum Json<'a> {
    Text(Cow<'a, str>),
    /// A number or a truth value.
    Literal(Cow<'a, str>),
    List(Vec<Self>),
    Object(Vec<Member<'a>>),
    /// A value of a document, with everything in it.
    Value(Value<'a>),
}

/// A name and its value.
pub(super) type Member<'a> = (Cow<'a, str>, Json<'a>);

impl<'a> Json<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// Appends it to a document. Everything in it is said to stand at that byte of the source.
    pub(super) fn write(&self, builder: &mut Builder, at: u32) {
        match self {
            Self::Text(text) => builder.string(text, at),
            Self::Literal(text) => builder.literal(text, at),
            Self::List(elements) => {
                builder.array(at);
                for element in elements {
                    element.write(builder, at);
                }
                builder.end();
            }
            Self::Object(members) => {
                builder.object(at);
                for (name, member) in members {
                    builder.name(name, at);
                    member.write(builder, at);
                }
                builder.end();
            }
            Self::Value(value) => builder.copy_at(*value, at),
        }
    }

    /// Appends its text on one line.
    pub(super) fn compact(&self, out: &mut Vec<u8>) {
        let list = |out: &mut Vec<u8>, ends: [u8; 2], count: usize, each: &dyn Fn(usize, &mut Vec<u8>)| {
            out.push(ends[0]);
            for index in 0..count {
                if index > 0 {
                    out.push(b',');
                }
                each(index, out);
            }
            out.push(ends[1]);
        };
        match self {
            Self::Text(text) => quote(text, out),
            Self::Literal(text) => out.extend_from_slice(text.as_bytes()),
            Self::List(elements) => {
                list(out, *b"[]", elements.len(), &|index, out| elements[index].compact(out));
            }
            Self::Object(members) => list(out, *b"{}", members.len(), &|index, out| {
                quote(&members[index].0, out);
                out.push(b':');
                members[index].1.compact(out);
            }),
            Self::Value(value) => value.compact(out),
        }
    }

    /// Whether a value of a document says the same.
    pub(super) fn same(&self, value: Value<'_>) -> bool {
        match self {
            Self::Text(text) => value.is(text),
            Self::Literal(text) => value.raw() == text.as_bytes(),
            Self::List(elements) => {
                value.kind() == Kind::Array
                    && value.elements().count() == elements.len()
                    && value.elements().zip(elements).all(|(value, own)| own.same(value))
            }
            Self::Object(members) => {
                value.kind() == Kind::Object
                    && value.members().count() == members.len()
                    && members.iter().all(|(name, own)| value.get(name).is_some_and(|value| own.same(value)))
            }
            Self::Value(own) => own.raw() == value.raw() || own.canonical() == value.canonical(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Limits};

    #[test]
    fn what_is_copied_and_what_is_squeezed_say_the_same() {
        let text = r#"{"a": [1.50, {"b \" ]": {}}, []], "c": "\\", "d": {"e": [null, true]}}"#;
        let source = Document::parse(text.into(), &Limits::default()).unwrap();
        let json = Json::Value(source.root());
        let mut builder = Builder::default();
        json.write(&mut builder, 7);
        let copied = builder.finish(None, &Limits::default()).unwrap();
        assert_eq!(copied.root().canonical(), source.root().canonical());
        let mut line = Vec::new();
        json.compact(&mut line);
        assert_eq!(line, br#"{"a":[1.50,{"b \" ]":{}},[]],"c":"\\","d":{"e":[null,true]}}"#);
        assert!(json.same(copied.root()));
        assert!(!Json::List(vec![]).same(source.at("/a").unwrap()));
        assert!(
            Json::Object(vec![("e".into(), Json::Value(source.at("/d/e").unwrap()))])
                .same(source.at("/d").unwrap())
        );
    }
}

//! The notation of the grammars in `schemas/`, read: `docs/grammar.md` explains it.

use super::xml::Words;

/// The whole grammar, of every version.
#[derive(Debug)]
pub(super) struct Grammar {
    /// The versions that it knows, the oldest first.
    pub(super) versions: Vec<String>,
    pub(super) root: String,
    /// Versions in which objects have no fields but their own.
    pub(super) closed: Range,
    /// Fields that the outermost object has, whatever its type.
    pub(super) outer: Vec<Field>,
    pub(super) definitions: Vec<Definition>,
}

/// Versions from one to another, by their number in [`Grammar::versions`], both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: usize,
    pub(super) last: usize,
}

/// A named type.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    Text {
        rules: Vec<(TextRule, Range)>,
        /// What holds in XML instead, where that is not the same.
        xml: Option<Vec<(TextRule, Range)>>,
        /// In XML white space around it is nothing.
        is_token: bool,
    },
    Enum {
        values: Vec<(String, Range)>,
        /// The text type that other values may have.
        or: Option<String>,
        /// What stands for a value in versions that do not have it yet; `*` is every value.
        older: Vec<(String, String)>,
    },
    Object(Box<Object>),
    Choice(Vec<Case>),
}

/// A form that documents of the language have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Xml,
}

/// What a line is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    pub(super) range: Range,
    /// The one form that has it; nothing where all have it.
    only: Option<Form>,
}

impl Scope {
    pub(super) fn has(self, version: usize, form: Form) -> bool {
        self.range.has(version) && self.has_form(form)
    }

    pub(super) fn has_form(self, form: Form) -> bool {
        self.only.is_none_or(|only| only == form)
    }
}

/// A case of a choice.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) test: Test,
    pub(super) r#type: TypeExpression,
    pub(super) scope: Scope,
    pub(super) xml: Words,
}

#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) fields: Vec<Field>,
    pub(super) xml: Words,
    /// Versions in which fields of others are welcome, whatever `closed` says.
    pub(super) open: Option<Range>,
    pub(super) marks: Option<String>,
    pub(super) constraints: Vec<(Constraint, Scope)>,
    /// No value is of this type, only of those that extend it.
    pub(super) is_abstract: bool,
    /// The object whose fields it has too.
    pub(super) extends: Option<String>,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) r#type: TypeExpression,
    pub(super) scope: Scope,
    pub(super) xml: Words,
}

/// What a whole object must keep to, by the names of its fields.
#[derive(Debug)]
pub(super) enum Constraint {
    /// Exactly one of these groups of fields.
    OneOf(Vec<Vec<String>>),
    /// One of these fields or none.
    MostOne(Vec<String>),
    /// At least one of these fields.
    SomeOf(Vec<String>),
    /// Not all of these fields.
    NotBoth(Vec<String>),
    /// The first field only where the second is there and not `false`.
    NeedsTrue(String, String),
}

/// How a choice tells its cases apart: the first that holds counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// An array.
    Array,
    /// A string.
    Text,
    /// An object with one of these fields.
    Has(Vec<String>),
    /// An object in which this field is this text.
    Is(String, String),
    /// Everything else.
    Else,
}

/// A type as it stands at a field.
#[derive(Debug, Clone)]
pub(super) enum TypeExpression {
    Named(String),
    Constant(String),
    Number {
        integer: bool,
        min: Option<f64>,
        max: Option<f64>,
    },
    /// An object of this type or of one that extends it, told by its `type`.
    Kinds(String),
    /// Such an object, or its id.
    Link(String),
    List {
        item: Box<Self>,
        unique: bool,
        uniform: bool,
        min: usize,
        sole: Option<String>,
    },
}

/// What a text must keep to, or what it means.
#[derive(Debug, Clone)]
pub(super) enum TextRule {
    OneLine,
    Iri,
    Uri,
    Email,
    Time,
    Date,
    SpdxId,
    /// `xs:anyURI`
    AnyUri,
    /// `xs:dateTime`
    XmlTime,
    /// `xs:date`
    XmlDate,
    Min(usize),
    Max(usize),
    Like(String),
    Means(String),
}

/// Why the notation cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line} of the grammar: {problem}")]
pub(super) struct NotationError {
    line: usize,
    problem: String,
}

impl Range {
    pub(super) const ALL: Self = Self { first: 0, last: usize::MAX };

    pub(super) fn has(self, version: usize) -> bool {
        (self.first..=self.last).contains(&version)
    }

    /// `1.4`, `1.4..`, `..1.4` or `1.4..1.6`.
    fn parse(text: &str, versions: &[String]) -> Result<Self, String> {
        let version = |name: &str| {
            versions.iter().position(|known| known == name).ok_or_else(|| format!("`{name}` is no version"))
        };
        let Some((first, last)) = text.split_once("..") else {
            let only = version(text)?;
            return Ok(Self { first: only, last: only });
        };
        let first = if first.is_empty() { Self::ALL.first } else { version(first)? };
        let last = if last.is_empty() { Self::ALL.last } else { version(last)? };
        if first > last { Err(format!("`{text}` is empty")) } else { Ok(Self { first, last }) }
    }
}

impl Grammar {
    /// Reads the notation.
    pub(super) fn parse(text: &str) -> Result<Self, NotationError> {
        let mut grammar = Self {
            versions: Vec::new(),
            root: String::new(),
            closed: Range::ALL,
            outer: Vec::new(),
            definitions: Vec::new(),
        };
        for (index, line) in text.lines().enumerate() {
            grammar
                .line(strip_comment(line))
                .map_err(|problem| NotationError { line: index + 1, problem })?;
        }
        Ok(grammar)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((&first, rest)) = words.split_first() else { return Ok(()) };
        if line.starts_with(' ') {
            let definition = self.definitions.last_mut().ok_or("a field before the first type")?;
            return definition.body.line(first, rest, &self.versions);
        }
        let name = *rest.first().ok_or("a name is missing")?;
        let details = &rest[1..];
        let body = match first {
            "versions" => {
                self.versions = rest.iter().map(|&version| version.to_owned()).collect();
                return Ok(());
            }
            "root" => {
                name.clone_into(&mut self.root);
                return Ok(());
            }
            "closed" => {
                self.closed = at(name, &self.versions)?;
                return Ok(());
            }
            "outer" => {
                let (scope, words, xml) = scoped(&[&[name], details].concat(), &self.versions)?;
                let (&name, rest) = words.split_first().ok_or("a field is missing")?;
                self.outer.push(field(name, rest, scope, xml)?);
                return Ok(());
            }
            "text" => text_type(details, &self.versions)?,
            "enum" => {
                let or = details.first().and_then(|word| word.strip_prefix("or="));
                Body::Enum { values: Vec::new(), or: or.map(str::to_owned), older: Vec::new() }
            }
            "object" => Body::Object(Box::new(object_head(details, &self.versions)?)),
            "choice" => Body::Choice(Vec::new()),
            other => return Err(format!("`{other}` begins no definition")),
        };
        if self.definitions.iter().any(|known| known.name == name) {
            return Err(format!("`{name}` is there already"));
        }
        self.definitions.push(Definition { name: name.to_owned(), body });
        Ok(())
    }
}

impl Body {
    fn line(&mut self, first: &str, rest: &[&str], versions: &[String]) -> Result<(), String> {
        match self {
            Self::Text { .. } => Err("a text type has no fields".to_owned()),
            Self::Enum { older, .. } if first == "older:" => {
                for word in rest {
                    let (value, nearest) =
                        word.split_once('=').ok_or_else(|| format!("`{word}` names no older value"))?;
                    older.push((value.to_owned(), nearest.to_owned()));
                }
                Ok(())
            }
            Self::Enum { values, .. } => {
                let (prefix, rest) = match first.strip_suffix(':') {
                    Some(prefix) => (prefix, rest.to_vec()),
                    None => ("", [&[first], rest].concat()),
                };
                for word in rest {
                    let (value, range) = word.split_once('@').unwrap_or((word, ""));
                    let range = if range.is_empty() { Range::ALL } else { Range::parse(range, versions)? };
                    values.push((format!("{prefix}{}", value.replace('~', " ")), range));
                }
                Ok(())
            }
            Self::Object(object) => object.line(first, rest, versions),
            Self::Choice(cases) => {
                let (scope, words, xml) = scoped(&[&[first], rest].concat(), versions)?;
                let (&first, rest) = words.split_first().ok_or("a case is missing")?;
                let (test, words) = match (first, rest) {
                    ("array", words) => (Test::Array, words),
                    ("text", words) => (Test::Text, words),
                    ("else", words) => (Test::Else, words),
                    ("has", [names @ .., r#type]) => (
                        Test::Has(names.iter().map(|&name| name.to_owned()).collect()),
                        std::slice::from_ref(r#type),
                    ),
                    (word, words) => {
                        let (name, value) =
                            word.split_once('=').ok_or_else(|| format!("`{word}` is no case"))?;
                        (Test::Is(name.to_owned(), value.to_owned()), words)
                    }
                };
                cases.push(Case { test, r#type: type_expression(words)?, scope, xml });
                Ok(())
            }
        }
    }
}

impl Object {
    fn line(&mut self, first: &str, rest: &[&str], versions: &[String]) -> Result<(), String> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let (scope, words, xml) = scoped(&[&[first], rest].concat(), versions)?;
        let (&first, rest) = words.split_first().ok_or("a field is missing")?;
        let constraint = match (first, rest) {
            ("at", ["most", "one", "of", names @ ..]) => Constraint::MostOne(owned(names)),
            ("one", ["of", groups @ ..]) => {
                let group = |group: &&str| owned(&group.split('+').collect::<Vec<_>>());
                Constraint::OneOf(groups.iter().map(group).collect())
            }
            ("some", ["of", names @ ..]) => Constraint::SomeOf(owned(names)),
            ("not", ["both", names @ ..]) => Constraint::NotBoth(owned(names)),
            ("needs", ["true", field, other]) => {
                Constraint::NeedsTrue((*field).to_owned(), (*other).to_owned())
            }
            _ => {
                self.fields.push(field(first, rest, scope, xml)?);
                return Ok(());
            }
        };
        self.constraints.push((constraint, scope));
        Ok(())
    }
}

fn object_head(details: &[&str], versions: &[String]) -> Result<Object, String> {
    let (_, details, xml) = Words::split(details)?;
    let mut object = Object { xml, ..Object::default() };
    for word in details {
        if let Some(range) = word.strip_prefix("open") {
            object.open = Some(if range.is_empty() { Range::ALL } else { at(range, versions)? });
        } else if let Some(mark) = word.strip_prefix("marks=") {
            object.marks = Some(mark.to_owned());
        } else if let Some(base) = word.strip_prefix("extends=") {
            object.extends = Some(base.to_owned());
        } else if word == "abstract" {
            object.is_abstract = true;
        } else {
            return Err(format!("`{word}` says nothing about an object"));
        }
    }
    Ok(object)
}

fn field(name: &str, words: &[&str], scope: Scope, xml: Words) -> Result<Field, String> {
    let required = name.ends_with('!');
    let name = name.trim_end_matches('!').to_owned();
    Ok(Field { name, required, r#type: type_expression(words)?, scope, xml })
}

/// What a line is about: the words for XML and the versions stand at its end.
fn scoped<'a>(words: &[&'a str], versions: &[String]) -> Result<(Scope, Vec<&'a str>, Words), String> {
    let (only, mut words, xml) = Words::split(words)?;
    let range = match words.pop_if(|last| last.starts_with('@')) {
        Some(last) => at(last, versions)?,
        None => Range::ALL,
    };
    Ok((Scope { range, only }, words, xml))
}

/// The rules of a text type. Words for XML stand instead of those for JSON; what a text means it means everywhere.
fn text_type(words: &[&str], versions: &[String]) -> Result<Body, String> {
    let (mut rules, mut xml, mut is_token) = (Vec::new(), None, false);
    for word in words {
        let Some(word) = word.strip_prefix("xml:") else {
            rules.push(text_rule(word, versions)?);
            continue;
        };
        if word == "token" {
            is_token = true;
            continue;
        }
        let list = xml.get_or_insert_with(Vec::new);
        match word {
            "free" => {}
            "uri" => list.push((TextRule::AnyUri, Range::ALL)),
            "time" => list.push((TextRule::XmlTime, Range::ALL)),
            "date" => list.push((TextRule::XmlDate, Range::ALL)),
            _ => list.push(text_rule(word, versions)?),
        }
    }
    Ok(Body::Text { rules, xml, is_token })
}

/// A type and the words that narrow it.
fn type_expression(words: &[&str]) -> Result<TypeExpression, String> {
    let text = words.join(" ");
    if let Some(list) = text.strip_prefix('[') {
        let (item, details) = list.split_once(']').ok_or("a bracket is open")?;
        let item = type_expression(&item.split(' ').collect::<Vec<_>>())?;
        let (mut unique, mut uniform, mut min, mut sole) = (false, false, 0, None);
        for word in details.split_whitespace() {
            match word.split_once('=') {
                None if word == "unique" => unique = true,
                None if word == "uniform" => uniform = true,
                Some(("min", number)) => min = number.parse().map_err(|_| "min is no number")?,
                Some(("sole", field)) => sole = Some(field.to_owned()),
                _ => return Err(format!("`{word}` says nothing about a list")),
            }
        }
        return Ok(TypeExpression::List { item: Box::new(item), unique, uniform, min, sole });
    }
    if let Some(constant) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return Ok(TypeExpression::Constant(constant.to_owned()));
    }
    match words {
        [kind @ ("int" | "number"), bounds @ ..] if bounds.len() < 2 => {
            let (min, max) = bounds.first().and_then(|bounds| bounds.split_once("..")).unwrap_or(("", ""));
            let bound = |text: &str| {
                (!text.is_empty())
                    .then(|| text.parse().map_err(|_| format!("`{text}` is no number")))
                    .transpose()
            };
            Ok(TypeExpression::Number { integer: *kind == "int", min: bound(min)?, max: bound(max)? })
        }
        [name] => Ok(match name.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
            Some(class) => TypeExpression::Kinds(class.to_owned()),
            None => match name.strip_prefix('&') {
                Some(class) => TypeExpression::Link(class.to_owned()),
                None => TypeExpression::Named((*name).to_owned()),
            },
        }),
        _ => Err(format!("`{text}` is no type")),
    }
}

fn text_rule(word: &str, versions: &[String]) -> Result<(TextRule, Range), String> {
    // A pattern may hold anything, so it belongs to all versions.
    if let Some(pattern) = word.strip_prefix("like=") {
        return Ok((TextRule::Like(pattern.to_owned()), Range::ALL));
    }
    let (word, range) = word.split_once('@').unwrap_or((word, ""));
    let range = if range.is_empty() { Range::ALL } else { Range::parse(range, versions)? };
    let count = |text: &str| text.parse().map_err(|_| format!("`{text}` is no number"));
    let rule = match word.split_once('=') {
        None => match word {
            "oneline" => TextRule::OneLine,
            "iri" => TextRule::Iri,
            "uri" => TextRule::Uri,
            "email" => TextRule::Email,
            "time" => TextRule::Time,
            "date" => TextRule::Date,
            "spdx-id" => TextRule::SpdxId,
            "defines" | "refers" => TextRule::Means(word.to_owned()),
            _ => return Err(format!("`{word}` says nothing about text")),
        },
        Some(("min", number)) => TextRule::Min(count(number)?),
        Some(("max", number)) => TextRule::Max(count(number)?),
        Some(("means", meaning)) => TextRule::Means(meaning.to_owned()),
        Some(_) => return Err(format!("`{word}` says nothing about text")),
    };
    Ok((rule, range))
}

fn at(word: &str, versions: &[String]) -> Result<Range, String> {
    Range::parse(word.strip_prefix('@').ok_or_else(|| format!("`{word}` is no range of versions"))?, versions)
}

/// A comment begins with `#` at the start or after a space.
fn strip_comment(line: &str) -> &str {
    if line.starts_with('#') { "" } else { line.split(" #").next().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_the_notation_is_named_with_its_line() {
        let cases = [
            ("  a text", "line 1 of the grammar: a field before the first type"),
            ("object A\n  a b c", "line 2 of the grammar: `b c` is no type"),
            ("versions 1.5 1.6\nobject A\n  a text @1.9..", "line 3 of the grammar: `1.9` is no version"),
            ("versions 1.5 1.6\nobject A\n  a text @1.6..1.5", "line 3 of the grammar: `1.6..1.5` is empty"),
            ("object A\n\nenum A", "line 3 of the grammar: `A` is there already"),
            ("text T loud", "line 1 of the grammar: `loud` says nothing about text"),
            ("object A\n  a [text", "line 2 of the grammar: a bracket is open"),
            ("thing A", "line 1 of the grammar: `thing` begins no definition"),
        ];
        for (text, expected) in cases {
            assert_eq!(Grammar::parse(text).unwrap_err().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn values_have_prefixes_spaces_and_versions() {
        let grammar = Grammar::parse("versions 1.6 1.7\nenum E   # curves\n  x/: a~b c@1.7..\n  d").unwrap();
        let Body::Enum { values, .. } = &grammar.definitions[0].body else { panic!() };
        let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["x/a b", "x/c", "d"]);
        assert_eq!([0, 1].map(|version| values[1].1.has(version)), [false, true]);
    }
}

//! The grammar of one version, made ready for looking things up.

use std::collections::HashMap;

use regex::Regex;

use super::mark::Mark;
use super::notation::{Body, Constraint, Grammar, Object, Range, Test, TextRule, TypeExpression};

/// The number of a type in [`Table::types`].
pub(super) type TypeId = u16;

/// The grammar of one version.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) root: TypeId,
    types: Vec<Type>,
}

#[derive(Debug)]
pub(super) enum Type {
    Any,
    Bool,
    Number { integer: bool, min: Option<f64>, max: Option<f64> },
    Text(Text),
    Constant(String),
    Enum(Enum),
    List(List),
    Object(Fields),
    Choice(Vec<(Test, TypeId)>),
}

#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) rules: Vec<Check>,
    pub(super) mark: Option<Mark>,
}

/// What a text must keep to.
#[derive(Debug)]
pub(super) enum Check {
    OneLine,
    Iri,
    Uri,
    Email,
    Time,
    Date,
    SpdxId,
    Min(usize),
    Max(usize),
    Like(Regex),
}

#[derive(Debug)]
pub(super) struct Enum {
    /// Sorted by [`order`].
    pub(super) values: Vec<String>,
    /// Values of other versions.
    pub(super) others: Vec<(String, Range)>,
    pub(super) or: Option<TypeId>,
    /// What stands for a value in versions that do not have it yet; `*` is every value.
    pub(super) older: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct List {
    pub(super) item: TypeId,
    pub(super) unique: bool,
    pub(super) uniform: bool,
    pub(super) min: usize,
    /// An element with this field has no neighbours.
    pub(super) sole: Option<String>,
}

#[derive(Debug)]
pub(super) struct Fields {
    /// Sorted by [`order`].
    pub(super) own: Vec<Field>,
    /// Fields of other versions.
    pub(super) others: Vec<(String, Range)>,
    pub(super) openness: Openness,
    pub(super) mark: Option<Mark>,
    /// One bit for each field that must be there.
    pub(super) required: u64,
    pub(super) rules: Vec<ObjectRule>,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) r#type: TypeId,
}

/// What becomes of fields that the grammar does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Openness {
    /// Refused.
    Closed,
    /// The version allows them without saying why.
    Tolerated,
    /// They are meant to be there.
    Open,
}

/// What a whole object must keep to; a mask has one bit a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ObjectRule {
    OneOf(Vec<u64>),
    SomeOf(u64),
    NotBoth(u64),
    NeedsTrue(u64, String),
}

impl Table {
    pub(super) fn get(&self, id: TypeId) -> &Type {
        &self.types[usize::from(id)]
    }

    /// The table of a version, by its number.
    pub(super) fn compile(grammar: &Grammar, version: usize) -> Result<Self, String> {
        let mut ids: HashMap<&str, TypeId> =
            [("any", ANY), ("bool", BOOL), ("text", TEXT)].into_iter().collect();
        for (index, definition) in grammar.definitions.iter().enumerate() {
            let id = u16::try_from(index).map_err(|_| "too many types")? + BUILT_IN;
            ids.insert(&definition.name, id);
        }
        let mut types = vec![Type::Any, Type::Bool, Type::Text(Text::default())];
        types.extend(grammar.definitions.iter().map(|_| Type::Any));
        let mut compiler = Compiler { ids, types, version, closed: grammar.closed };
        for (index, definition) in grammar.definitions.iter().enumerate() {
            let made = compiler
                .definition(&definition.body)
                .map_err(|problem| format!("{}: {problem}", definition.name))?;
            compiler.types[usize::from(BUILT_IN) + index] = made;
        }
        let root = compiler.named(&grammar.root)?;
        Ok(Self { root, types: compiler.types })
    }
}

struct Compiler<'a> {
    ids: HashMap<&'a str, TypeId>,
    types: Vec<Type>,
    version: usize,
    closed: Range,
}

impl Compiler<'_> {
    fn named(&self, name: &str) -> Result<TypeId, String> {
        self.ids.get(name).copied().ok_or_else(|| format!("`{name}` is no type"))
    }

    fn definition(&mut self, body: &Body) -> Result<Type, String> {
        Ok(match body {
            Body::Text(rules) => Type::Text(self.text(rules)?),
            Body::Enum { values, or, older } => {
                let mut here: Vec<String> = Vec::new();
                let mut others = Vec::new();
                for (value, range) in values {
                    if range.has(self.version) {
                        here.push(value.clone());
                    } else {
                        others.push((value.clone(), *range));
                    }
                }
                here.sort_by(|one, other| order(one, other));
                let or = or.as_deref().map(|name| self.named(name)).transpose()?;
                Type::Enum(Enum { values: here, others, or, older: older.clone() })
            }
            Body::Object(object) => Type::Object(self.object(object)?),
            Body::Choice(cases) => {
                let case = |(test, r#type): &(Test, TypeExpression)| {
                    Ok::<_, String>((test.clone(), self.expression(r#type)?))
                };
                Type::Choice(cases.iter().map(case).collect::<Result<_, _>>()?)
            }
        })
    }

    fn text(&self, rules: &[(TextRule, Range)]) -> Result<Text, String> {
        let mut text = Text::default();
        for (rule, _) in rules.iter().filter(|(_, range)| range.has(self.version)) {
            text.rules.push(match rule {
                TextRule::OneLine => Check::OneLine,
                TextRule::Iri => Check::Iri,
                TextRule::Uri => Check::Uri,
                TextRule::Email => Check::Email,
                TextRule::Time => Check::Time,
                TextRule::Date => Check::Date,
                TextRule::SpdxId => Check::SpdxId,
                TextRule::Min(least) => Check::Min(*least),
                TextRule::Max(most) => Check::Max(*most),
                TextRule::Like(pattern) => {
                    Check::Like(Regex::new(pattern).map_err(|error| error.to_string())?)
                }
                TextRule::Means(name) => {
                    text.mark = Some(Mark::named(name)?);
                    continue;
                }
            });
        }
        Ok(text)
    }

    fn object(&mut self, object: &Object) -> Result<Fields, String> {
        let mut fields: Vec<(Field, bool)> = Vec::new();
        let mut others: Vec<(String, Range)> = Vec::new();
        for field in &object.fields {
            if field.range.has(self.version) {
                let r#type = self.expression(&field.r#type)?;
                fields.push((Field { name: field.name.clone(), r#type }, field.required));
            } else {
                others.push((field.name.clone(), field.range));
            }
        }
        fields.sort_by(|(one, _), (other, _)| order(&one.name, &other.name));
        if fields.windows(2).any(|pair| pair[0].0.name == pair[1].0.name) {
            return Err("a field is there twice in one version".to_owned());
        }
        if fields.len() > MOST_FIELDS {
            return Err(format!("more than {MOST_FIELDS} fields"));
        }
        others.retain(|(name, _)| fields.iter().all(|(field, _)| field.name != *name));
        let mut required = 0;
        for (index, _) in fields.iter().enumerate().filter(|(_, (_, required))| *required) {
            required |= 1 << index;
        }
        let fields: Vec<Field> = fields.into_iter().map(|(field, _)| field).collect();
        let rules = object.constraints.iter().filter_map(|rule| compile_rule(rule, &fields)).collect();
        let openness = match object.open {
            Some(range) if range.has(self.version) && self.closed.has(self.version) => Openness::Open,
            _ if self.closed.has(self.version) => Openness::Closed,
            _ => Openness::Tolerated,
        };
        let mark = object.marks.as_deref().map(Mark::named).transpose()?;
        Ok(Fields { own: fields, others, openness, mark, required, rules })
    }

    fn expression(&mut self, expression: &TypeExpression) -> Result<TypeId, String> {
        let made = match expression {
            TypeExpression::Named(name) => return self.named(name),
            TypeExpression::Constant(text) => Type::Constant(text.clone()),
            TypeExpression::Number { integer, min, max } => {
                Type::Number { integer: *integer, min: *min, max: *max }
            }
            TypeExpression::List { item, unique, uniform, min, sole } => Type::List(List {
                item: self.expression(item)?,
                unique: *unique,
                uniform: *uniform,
                min: *min,
                sole: sole.clone(),
            }),
        };
        let id = u16::try_from(self.types.len()).map_err(|_| "too many types")?;
        self.types.push(made);
        Ok(id)
    }
}

/// Nothing where the version has none of the fields that the rule speaks of.
fn compile_rule(rule: &Constraint, fields: &[Field]) -> Option<ObjectRule> {
    let bit = |name: &String| find(fields, name).map(|index| 1_u64 << index);
    let all = |names: &[String]| names.iter().map(bit).sum::<Option<u64>>();
    match rule {
        Constraint::OneOf(groups) => {
            Some(ObjectRule::OneOf(groups.iter().filter_map(|group| all(group)).collect()))
        }
        Constraint::SomeOf(names) => Some(ObjectRule::SomeOf(names.iter().filter_map(bit).sum())),
        Constraint::NotBoth(names) => all(names).map(ObjectRule::NotBoth),
        Constraint::NeedsTrue(field, other) => {
            bit(field).map(|field| ObjectRule::NeedsTrue(field, other.clone()))
        }
    }
}

/// The number of a field among those of its object.
pub(super) fn find(fields: &[Field], name: &str) -> Option<usize> {
    fields.binary_search_by(|field| order(&field.name, name)).ok()
}

/// The shorter first: most comparisons end at the length.
pub(super) fn order(one: &str, other: &str) -> std::cmp::Ordering {
    one.len().cmp(&other.len()).then_with(|| one.as_bytes().cmp(other.as_bytes()))
}

/// Fields are counted in the bits of a `u64`.
const MOST_FIELDS: usize = 64;
const ANY: TypeId = 0;
const BOOL: TypeId = 1;
const TEXT: TypeId = 2;
const BUILT_IN: TypeId = 3;

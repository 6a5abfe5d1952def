//! The grammar of one version, made ready for looking things up.

use std::collections::HashMap;

use regex::Regex;

use super::mark::Mark;
use super::notation;
use super::notation::{
    Body, Constraint, Form, Grammar, Object, Range, Scope, Test, TextRule, TypeExpression,
};
use super::xml::{ListForm, Shape, Words};

/// The number of a type in [`Table::types`].
pub(super) type TypeId = u16;

/// The grammar of one version.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) root: TypeId,
    /// Fields of the outermost object, whatever its type, and whether they must be there.
    pub(super) outer: Vec<(Field, bool)>,
    types: Vec<Type>,
    /// Objects by their name.
    classes: HashMap<String, Class>,
}

/// An object among those that extend each other.
#[derive(Debug, Clone)]
struct Class {
    /// Itself, the one that it extends, the one that this extends, and so on.
    lineage: Vec<TypeId>,
    is_abstract: bool,
}

#[derive(Debug)]
pub(super) enum Type {
    Any,
    Bool,
    Number {
        integer: bool,
        min: Option<f64>,
        max: Option<f64>,
    },
    Text(Text),
    Constant(String),
    Enum(Enum),
    List(List),
    Object(Fields),
    Choice(Vec<Case>),
    /// An object that says in `type` which of these it is; sorted by [`order`].
    Kinds(Vec<(String, TypeId)>),
    Link(Link),
}

/// The id of an object of a class, or the object.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) class: TypeId,
    /// The type of the id.
    pub(super) id: TypeId,
    pub(super) object: TypeId,
}

/// A case of a choice.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) test: Test,
    pub(super) r#type: TypeId,
    /// The element that stands for it in XML.
    pub(super) element: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) rules: Vec<Check>,
    pub(super) mark: Option<Mark>,
    /// In XML white space around it is nothing.
    pub(super) is_token: bool,
    /// In JSON it is one line.
    pub(super) is_line: bool,
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
    AnyUri,
    XmlTime,
    XmlDate,
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
    pub(super) max: usize,
    /// An element with this field has no neighbours.
    pub(super) sole: Option<String>,
    pub(super) xml: ListForm,
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
    /// How it stands in XML, in the table for XML.
    pub(super) xml: Option<Shape>,
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
    MostOne(u64),
    SomeOf(u64),
    NotBoth(u64),
    NeedsTrue(u64, String),
}

impl Table {
    pub(super) fn get(&self, id: TypeId) -> &Type {
        &self.types[usize::from(id)]
    }

    /// Whether the class of that name is this type or extends it; nothing where there is no class of that name.
    pub(super) fn is_kind(&self, name: &str, of: TypeId) -> Option<bool> {
        let class = self.classes.get(name).filter(|class| !class.is_abstract)?;
        Some(class.lineage.contains(&of))
    }

    /// The number of a class.
    pub(super) fn class(&self, name: &str) -> Option<TypeId> {
        self.classes.get(name).map(|class| class.lineage[0])
    }

    /// The name of a class.
    pub(super) fn class_name(&self, id: TypeId) -> &str {
        self.classes.iter().find(|(_, class)| class.lineage[0] == id).map_or("", |(name, _)| name)
    }

    /// The table of a version, by its number.
    pub(super) fn compile(grammar: &Grammar, version: usize, form: Form) -> Result<Self, String> {
        let mut ids: HashMap<&str, TypeId> =
            [("any", ANY), ("bool", BOOL), ("text", TEXT)].into_iter().collect();
        for (index, definition) in grammar.definitions.iter().enumerate() {
            let id = u16::try_from(index).map_err(|_| "too many types")? + BUILT_IN;
            ids.insert(&definition.name, id);
        }
        let mut types = vec![Type::Any, Type::Bool, Type::Text(Text::default())];
        types.extend(grammar.definitions.iter().map(|_| Type::Any));
        let mut compiler = Compiler { ids, types, version, form, closed: grammar.closed, grammar };
        for (index, definition) in grammar.definitions.iter().enumerate() {
            let made = compiler
                .definition(&definition.body)
                .map_err(|problem| format!("{}: {problem}", definition.name))?;
            compiler.types[usize::from(BUILT_IN) + index] = made;
        }
        let root = compiler.named(&grammar.root)?;
        let mut outer = Vec::new();
        for field in grammar.outer.iter().filter(|field| field.scope.has(version, form)) {
            let r#type = compiler.expression(&field.r#type, &field.xml)?;
            outer.push((Field { name: field.name.clone(), r#type }, field.required));
        }
        let mut classes = HashMap::new();
        for (name, object) in compiler.objects() {
            let mut lineage = vec![compiler.named(name)?];
            for one in compiler.lineage(object)? {
                lineage.extend(one.extends.as_deref().map(|base| compiler.named(base)).transpose()?);
            }
            classes.insert(name.to_owned(), Class { lineage, is_abstract: object.is_abstract });
        }
        Ok(Self { root, outer, types: compiler.types, classes })
    }
}

struct Compiler<'a> {
    ids: HashMap<&'a str, TypeId>,
    types: Vec<Type>,
    version: usize,
    form: Form,
    closed: Range,
    grammar: &'a Grammar,
}

impl<'a> Compiler<'a> {
    fn objects(&self) -> impl Iterator<Item = (&'a str, &'a Object)> + use<'a> {
        self.grammar.definitions.iter().filter_map(|definition| match &definition.body {
            Body::Object(object) => Some((definition.name.as_str(), &**object)),
            _ => None,
        })
    }

    /// An object and those that it extends, itself first.
    fn lineage(&self, object: &'a Object) -> Result<Vec<&'a Object>, String> {
        let mut line = vec![object];
        while let Some(base) = line.last().and_then(|last| last.extends.as_deref()) {
            let (_, next) = self
                .objects()
                .find(|(name, _)| *name == base)
                .ok_or_else(|| format!("`{base}` is no object"))?;
            if line.len() == LONGEST_LINE {
                return Err(format!("`{base}` extends itself"));
            }
            line.push(next);
        }
        Ok(line)
    }

    /// What a value of a class may be: the class itself and what extends it, unless they are abstract.
    fn kinds(&self, class: &str) -> Result<Vec<(String, TypeId)>, String> {
        let (_, top) = self
            .objects()
            .find(|(name, _)| *name == class)
            .ok_or_else(|| format!("`{class}` is no object"))?;
        let mut kinds = Vec::new();
        for (name, object) in self.objects().filter(|(_, object)| !object.is_abstract) {
            if self.lineage(object)?.iter().any(|&one| std::ptr::eq(one, top)) {
                kinds.push((name.to_owned(), self.named(name)?));
            }
        }
        kinds.sort_by(|(one, _), (other, _)| order(one, other));
        Ok(kinds)
    }

    fn named(&self, name: &str) -> Result<TypeId, String> {
        self.ids.get(name).copied().ok_or_else(|| format!("`{name}` is no type"))
    }

    fn definition(&mut self, body: &'a Body) -> Result<Type, String> {
        Ok(match body {
            Body::Text { rules, xml, is_token } => {
                let xml = xml.as_deref().filter(|_| self.form == Form::Xml);
                Type::Text(self.text(rules, xml, *is_token)?)
            }
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
                let mut here = Vec::new();
                let (version, form) = (self.version, self.form);
                for case in cases.iter().filter(|case| case.scope.has(version, form)) {
                    let r#type = self.expression(&case.r#type, &case.xml)?;
                    here.push(Case { test: case.test.clone(), r#type, element: case.xml.element.clone() });
                }
                Type::Choice(here)
            }
        })
    }

    /// Where XML has rules of its own, only the meaning is taken from those of JSON.
    fn text(
        &self,
        rules: &[(TextRule, Range)],
        xml: Option<&[(TextRule, Range)]>,
        is_token: bool,
    ) -> Result<Text, String> {
        let has = |rule: &TextRule| {
            rules.iter().any(|(own, range)| {
                std::mem::discriminant(own) == std::mem::discriminant(rule) && range.has(self.version)
            })
        };
        let collapses = |(rule, _): &(TextRule, Range)| {
            matches!(rule, TextRule::AnyUri | TextRule::XmlTime | TextRule::XmlDate)
        };
        let is_token = is_token || xml.unwrap_or_default().iter().any(collapses);
        let mut text = Text { is_token, is_line: has(&TextRule::OneLine), ..Text::default() };
        let own = rules.iter().filter(|(rule, _)| xml.is_none() || matches!(rule, TextRule::Means(_)));
        for (rule, _) in own.chain(xml.unwrap_or_default()).filter(|(_, range)| range.has(self.version)) {
            text.rules.push(match rule {
                TextRule::OneLine => Check::OneLine,
                TextRule::Iri => Check::Iri,
                TextRule::Uri => Check::Uri,
                TextRule::Email => Check::Email,
                TextRule::Time => Check::Time,
                TextRule::Date => Check::Date,
                TextRule::SpdxId => Check::SpdxId,
                TextRule::AnyUri => Check::AnyUri,
                TextRule::XmlTime => Check::XmlTime,
                TextRule::XmlDate => Check::XmlDate,
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

    fn object(&mut self, object: &'a Object) -> Result<Fields, String> {
        let mut fields: Vec<(usize, &notation::Field, TypeId)> = Vec::new();
        let mut others: Vec<(String, Range)> = Vec::new();
        let line = self.lineage(object)?;
        let (version, form) = (self.version, self.form);
        let shown = |field: &notation::Field| match (&field.xml.name, form) {
            (Some(name), Form::Xml) => name.clone(),
            _ => field.name.clone(),
        };
        // What an object says of a field itself takes the place of what it has from others.
        let mut known: Vec<&str> = Vec::new();
        for &one in &line {
            let start = known.len();
            for field in &one.fields {
                if known[..start].contains(&field.name.as_str()) {
                    continue;
                }
                if field.scope.has(version, form) {
                    known.push(&field.name);
                    let r#type = self.expression(&field.r#type, &field.xml)?;
                    fields.push((fields.len(), field, r#type));
                } else if field.scope.has_form(form) {
                    others.push((shown(field), field.scope.range));
                }
            }
        }
        fields.sort_by(|(_, one, _), (_, other, _)| order(&one.name, &other.name));
        if fields.windows(2).any(|pair| pair[0].1.name == pair[1].1.name) {
            return Err("a field is there twice in one version".to_owned());
        }
        if fields.len() > MOST_FIELDS {
            return Err(format!("more than {MOST_FIELDS} fields"));
        }
        others.retain(|(name, _)| fields.iter().all(|(_, field, _)| shown(field) != *name));
        let mut required = 0;
        for (index, (_, field, _)) in fields.iter().enumerate() {
            let in_xml = field.xml.required.filter(|_| self.form == Form::Xml);
            if in_xml.unwrap_or(field.required) {
                required |= 1 << index;
            }
        }
        let xml = (self.form == Form::Xml).then(|| {
            let mut shape = Shape::new(&object.xml, others.clone());
            for (line, field, _) in &fields {
                shape.add(&field.name, &field.xml, *line, field.required);
            }
            shape.finish()
        });
        let fields: Vec<Field> =
            fields.into_iter().map(|(_, field, r#type)| Field { name: field.name.clone(), r#type }).collect();
        let has = |(_, scope): &&(Constraint, Scope)| scope.has(self.version, self.form);
        let rules = line.iter().flat_map(|one| &one.constraints).filter(has);
        let rules = rules.filter_map(|(rule, _)| compile_rule(rule, &fields)).collect();
        let openness = match object.open {
            Some(range) if range.has(self.version) && self.closed.has(self.version) => Openness::Open,
            _ if self.closed.has(self.version) => Openness::Closed,
            _ => Openness::Tolerated,
        };
        let mark = line.iter().find_map(|one| one.marks.as_deref()).map(Mark::named).transpose()?;
        Ok(Fields { own: fields, others, openness, mark, required, rules, xml })
    }

    fn expression(&mut self, expression: &TypeExpression, words: &Words) -> Result<TypeId, String> {
        let in_xml = self.form == Form::Xml;
        let replaced = words.r#type.as_deref().filter(|_| in_xml).map(scalar);
        let made = match (expression, replaced) {
            (TypeExpression::List { item, unique, uniform, min, sole }, replaced) => {
                let or = match &words.or {
                    Some((element, r#type)) => Some((element.clone(), self.named(r#type)?)),
                    None => None,
                };
                let of_xml = |own: &Option<String>| own.clone().filter(|_| in_xml);
                Type::List(List {
                    item: self.expression(replaced.as_ref().unwrap_or(item), &Words::default())?,
                    unique: *unique && !in_xml,
                    uniform: *uniform && !in_xml,
                    min: words.min.filter(|_| in_xml).unwrap_or(*min),
                    max: words.max.filter(|_| in_xml).unwrap_or(usize::MAX),
                    sole: of_xml(&words.sole).or_else(|| sole.clone()),
                    xml: ListForm::new(words, or),
                })
            }
            (_, Some(replaced)) => return self.expression(&replaced, &Words::default()),
            (TypeExpression::Named(name), None) => return self.named(name),
            (TypeExpression::Constant(text), None) => Type::Constant(text.clone()),
            (TypeExpression::Number { integer, min, max }, None) => {
                Type::Number { integer: *integer, min: *min, max: *max }
            }
            (TypeExpression::Kinds(class), None) => Type::Kinds(self.kinds(class)?),
            (TypeExpression::Link(class), None) => Type::Link(Link {
                class: self.named(class)?,
                id: self.named(ID)?,
                object: self.expression(&TypeExpression::Kinds(class.clone()), &Words::default())?,
            }),
        };
        let id = u16::try_from(self.types.len()).map_err(|_| "too many types")?;
        self.types.push(made);
        Ok(id)
    }
}

/// A type that one word names.
fn scalar(name: &str) -> TypeExpression {
    match name {
        "int" => TypeExpression::Number { integer: true, min: None, max: None },
        _ => TypeExpression::Named(name.to_owned()),
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
        Constraint::MostOne(names) => Some(ObjectRule::MostOne(names.iter().filter_map(bit).sum())),
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

/// The text type of ids: what a `&Class` is when it is no object.
pub(super) const ID: &str = "Reference";
/// Objects that extend each other, one after the other.
const LONGEST_LINE: usize = 16;
/// Fields are counted in the bits of a `u64`.
const MOST_FIELDS: usize = 64;
const ANY: TypeId = 0;
const BOOL: TypeId = 1;
const TEXT: TypeId = 2;
const BUILT_IN: TypeId = 3;

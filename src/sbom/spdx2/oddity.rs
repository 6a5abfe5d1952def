//! What a reader of tag-value stumbles over without losing its way, and what becomes of it.

use std::fmt;

use super::tag::{self, TagId};
use crate::finding::{Rule, Severity};
use crate::sbom::grammar::nearest;

/// Something in a tag-value text that is not as the specification says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// Bytes before it.
    pub(super) offset: u32,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A tag that no version has.
    Unknown(String),
    /// A line without a tag.
    Stray(String),
    /// Something after `</text>`.
    AfterText(String),
    /// A tag a second time in a section that has it once.
    Duplicate(TagId),
    /// A tag outside of any section of its kind.
    Misplaced(TagId),
    /// A tag of a package after the first of its files, or of a file after its snippets (5.2.2).
    Late(TagId),
    /// An annotation of nothing that is here: JSON keeps annotations with what they speak of (12.4).
    Target(String),
}

impl Oddity {
    /// The rule that it breaks.
    pub fn rule(&self) -> &'static Rule {
        match self.kind {
            Kind::Unknown(_) => &UNKNOWN,
            Kind::Stray(_) => &STRAY,
            Kind::AfterText(_) => &AFTER_TEXT,
            Kind::Duplicate(_) => &DUPLICATE,
            Kind::Misplaced(_) => &MISPLACED,
            Kind::Late(_) => &LATE,
            Kind::Target(_) => &TARGET,
        }
    }

    /// Bytes before it in the text.
    pub fn offset(&self) -> u32 {
        self.offset
    }

    /// Whether what it says is not in the document that was read.
    pub fn is_loss(&self) -> bool {
        !matches!(self.kind, Kind::Late(_))
    }

    /// What helps in this case.
    pub fn remedy(&self) -> Option<String> {
        match &self.kind {
            Kind::Unknown(name) => {
                let meant = nearest(name, tag::names())?;
                Some(format!("write `{meant}`"))
            }
            Kind::Misplaced(id) => {
                let own = tag::tag(*id);
                let start = match own.form {
                    tag::Form::More(_) => tag::tag(tag::of_field(own.section, own.field)?),
                    _ => tag::tag(tag::start(own.section)),
                };
                Some(format!("put it after the `{}` that it belongs to", start.name))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |id: &TagId| tag::tag(*id).name;
        match &self.kind {
            Kind::Unknown(name) => write!(f, "`{name}` is no tag of SPDX 2"),
            Kind::Stray(text) => write!(f, "{text:?} is neither a tag with a value nor a comment"),
            Kind::AfterText(text) => write!(f, "{text:?} stands after `</text>`"),
            Kind::Duplicate(id) => write!(f, "`{}` is there already, and the first one counts", name(id)),
            Kind::Misplaced(id) => {
                write!(f, "`{}` stands where there is nothing that it can belong to", name(id))
            }
            Kind::Late(id) => write!(f, "`{}` stands after what belongs to its section", name(id)),
            Kind::Target(id) if id.is_empty() => f.write_str("the annotation does not say what it is about"),
            Kind::Target(id) => write!(f, "the annotation is about {id:?}, which is not in this document"),
        }
    }
}

/// Every rule of the form of tag-value text.
pub static RULES: [&Rule; 7] = [&UNKNOWN, &STRAY, &AFTER_TEXT, &DUPLICATE, &MISPLACED, &LATE, &TARGET];

static UNKNOWN: Rule = Rule {
    id: "tag-value-unknown-tag",
    title: "every tag is one of SPDX 2",
    severity: Severity::High,
    remedy: "remove the line, or put what it says into a comment field or an annotation",
};
static STRAY: Rule = Rule {
    id: "tag-value-line",
    title: "every line is a tag with a value, or a comment",
    severity: Severity::High,
    remedy: "put a value of several lines between <text> and </text>, and # before a comment",
};
static AFTER_TEXT: Rule = Rule {
    id: "tag-value-after-text",
    title: "nothing follows </text> on its line",
    severity: Severity::High,
    remedy: "move it before </text>, or to a line of its own",
};
static DUPLICATE: Rule = Rule {
    id: "tag-value-duplicate",
    title: "no tag that stands once in a section stands there twice",
    severity: Severity::High,
    remedy: "remove one of the two; a new package begins with `PackageName`, a new file with `FileName`",
};
static MISPLACED: Rule = Rule {
    id: "tag-value-misplaced",
    title: "every tag stands in a section of its kind",
    severity: Severity::High,
    remedy: "put it into the section that it belongs to",
};
static LATE: Rule = Rule {
    id: "tag-value-order",
    title: "what is said of a package stands before its files, and of a file before its snippets",
    severity: Severity::Low,
    remedy: "move it up to its section",
};
static TARGET: Rule = Rule {
    id: "tag-value-annotation",
    title: "every annotation is about something in the document",
    severity: Severity::High,
    remedy: "write the SPDXID of a package, file, snippet or the document into `SPDXREF`",
};

/// A text of the document, of which a message shows so much.
pub(super) fn cut(text: &str) -> String {
    crate::sbom::grammar::cut(text)
}

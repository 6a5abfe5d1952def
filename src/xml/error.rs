//! Why a text is refused: one variant a reason, each with its place.

use super::Position;

/// Why bytes are not an XML document, or none that is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing but white space.
    #[error("the document is empty")]
    Empty,
    /// More bytes than the limit.
    #[error("the document has {length} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Bytes of the document.
        length: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// More elements, attributes, texts, comments and instructions than the limit.
    #[error("the document has more than {limit} elements, attributes and texts at {at}")]
    TooManyNodes {
        /// Nodes allowed.
        limit: usize,
        /// Where the first one too many starts.
        at: Position,
    },
    /// Elements nested beyond the limit.
    #[error("nested deeper than {limit} levels at {at}")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
        /// The tag that opens one level too many.
        at: Position,
    },
    /// More namespaces declared around one element than the limit.
    #[error("more than {limit} namespaces are in scope at {at}")]
    TooManyNamespaces {
        /// Namespaces allowed.
        limit: usize,
        /// The declaration of the first one too many.
        at: Position,
    },
    /// A name beyond the limit.
    #[error("a name is longer than {limit} bytes at {at}")]
    NameTooLong {
        /// Bytes allowed.
        limit: usize,
        /// Where the name starts.
        at: Position,
    },
    /// Another encoding than UTF-8, told by the first bytes or declared.
    #[error("the encoding is {name}, and only UTF-8 is read, at {at}")]
    Encoding {
        /// As it is declared, or as the bytes show; cut when it is long.
        name: String,
        /// The declaration.
        at: Position,
    },
    /// Bytes that are not UTF-8.
    #[error("not UTF-8 at {at}")]
    Utf8 {
        /// The first byte that is wrong.
        at: Position,
    },
    /// Another version of XML than 1.0.
    #[error("the version of XML is {version:?}, and only 1.0 is read, at {at}")]
    Version {
        /// As it is declared; cut when it is long.
        version: String,
        /// The declaration.
        at: Position,
    },
    /// A character that XML 1.0 does not have (section 2.2), written as it is or as a reference.
    #[error("character U+{code:04X}, which XML does not allow, at {at}")]
    ForbiddenCharacter {
        /// Its code.
        code: u32,
        /// Where it stands.
        at: Position,
    },
    /// A document type declaration: entities that expand, or are fetched, come with it.
    #[error("a document type declaration (DOCTYPE) at {at}")]
    Doctype {
        /// Where it starts.
        at: Position,
    },
    /// The text ends too early.
    #[error("the document ends at {at}, where {expected} is expected")]
    UnexpectedEnd {
        /// What the grammar asks for.
        expected: &'static str,
        /// The end.
        at: Position,
    },
    /// A character that the grammar has no place for.
    #[error("found {found:?} at {at}, where {expected} is expected")]
    Unexpected {
        /// The character.
        found: char,
        /// What the grammar asks for.
        expected: &'static str,
        /// Where it stands.
        at: Position,
    },
    /// Text or a second element outside of the one root element.
    #[error("text outside of the root element at {at}")]
    OutsideRoot {
        /// The first character of it.
        at: Position,
    },
    /// An XML declaration that is not at the very start.
    #[error("an XML declaration that is not at the start of the document at {at}")]
    MisplacedDeclaration {
        /// Where it starts.
        at: Position,
    },
    /// An entity that nobody defined; only five are.
    #[error("entity `&{name};` is not defined at {at}")]
    UndefinedEntity {
        /// Its name, cut when it is long.
        name: String,
        /// The ampersand.
        at: Position,
    },
    /// An ampersand that starts no reference.
    #[error("an ampersand that starts no reference at {at}")]
    BadReference {
        /// The ampersand.
        at: Position,
    },
    /// `]]>` in text, which section 2.4 forbids.
    #[error("`]]>` outside of a CDATA section at {at}")]
    CdataEnd {
        /// Where it starts.
        at: Position,
    },
    /// An end tag for another element than the open one.
    #[error("`</{found}>` at {at} closes `<{open}>` of {opened}")]
    MismatchedTag {
        /// The element that is open, cut when it is long.
        open: String,
        /// Where it was opened.
        opened: Position,
        /// The name in the end tag, cut when it is long.
        found: String,
        /// The end tag.
        at: Position,
    },
    /// An end tag where no element is open.
    #[error("`</` at {at}, where no element is open")]
    NothingOpen {
        /// The end tag.
        at: Position,
    },
    /// An attribute twice in one tag, by its name or by its namespace and local name.
    #[error("duplicate attribute `{name}` at {at} (first at {first})")]
    DuplicateAttribute {
        /// Its name as the second spells it, cut when it is long.
        name: String,
        /// The first of the two.
        first: Position,
        /// The second.
        at: Position,
    },
    /// A prefix that no declaration binds to a namespace.
    #[error("prefix `{prefix}` is bound to no namespace at {at}")]
    UnboundPrefix {
        /// The prefix, cut when it is long.
        prefix: String,
        /// The name that has it.
        at: Position,
    },
    /// A declaration of a namespace that the specification forbids: of `xml`, of `xmlns`, or of a prefix to nothing.
    #[error("a namespace declaration that is not allowed at {at}")]
    BadNamespace {
        /// The declaration.
        at: Position,
    },
}

impl Error {
    /// Where it stands; nothing for what concerns the document as a whole.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Empty | Self::TooLarge { .. } => None,
            Self::TooManyNodes { at, .. }
            | Self::TooDeep { at, .. }
            | Self::TooManyNamespaces { at, .. }
            | Self::NameTooLong { at, .. }
            | Self::Encoding { at, .. }
            | Self::Utf8 { at }
            | Self::Version { at, .. }
            | Self::ForbiddenCharacter { at, .. }
            | Self::Doctype { at }
            | Self::UnexpectedEnd { at, .. }
            | Self::Unexpected { at, .. }
            | Self::OutsideRoot { at }
            | Self::MisplacedDeclaration { at }
            | Self::UndefinedEntity { at, .. }
            | Self::BadReference { at }
            | Self::CdataEnd { at }
            | Self::MismatchedTag { at, .. }
            | Self::NothingOpen { at }
            | Self::DuplicateAttribute { at, .. }
            | Self::UnboundPrefix { at, .. }
            | Self::BadNamespace { at } => Some(*at),
        }
    }

    /// A short stable name, for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "xml-empty",
            Self::TooLarge { .. } => "xml-too-large",
            Self::TooManyNodes { .. } => "xml-too-many-nodes",
            Self::TooDeep { .. } => "xml-too-deep",
            Self::TooManyNamespaces { .. } => "xml-too-many-namespaces",
            Self::NameTooLong { .. } => "xml-name-too-long",
            Self::Encoding { .. } => "xml-encoding",
            Self::Utf8 { .. } => "xml-utf8",
            Self::Version { .. } => "xml-version",
            Self::ForbiddenCharacter { .. } => "xml-forbidden-character",
            Self::Doctype { .. } => "xml-doctype",
            Self::UnexpectedEnd { .. } => "xml-unexpected-end",
            Self::Unexpected { .. } => "xml-unexpected",
            Self::OutsideRoot { .. } => "xml-outside-root",
            Self::MisplacedDeclaration { .. } => "xml-misplaced-declaration",
            Self::UndefinedEntity { .. } => "xml-undefined-entity",
            Self::BadReference { .. } => "xml-bad-reference",
            Self::CdataEnd { .. } => "xml-cdata-end",
            Self::MismatchedTag { .. } => "xml-mismatched-tag",
            Self::NothingOpen { .. } => "xml-nothing-open",
            Self::DuplicateAttribute { .. } => "xml-duplicate-attribute",
            Self::UnboundPrefix { .. } => "xml-unbound-prefix",
            Self::BadNamespace { .. } => "xml-bad-namespace",
        }
    }

    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Empty => {
                Some("was it written completely? an empty file is often what a failed command leaves")
            }
            Self::TooLarge { .. }
            | Self::TooManyNodes { .. }
            | Self::TooDeep { .. }
            | Self::TooManyNamespaces { .. }
            | Self::NameTooLong { .. } => Some("no real document is like that: see where it comes from"),
            Self::Encoding { .. } => Some("save it as UTF-8, and declare that or nothing"),
            Self::Utf8 { .. } => Some("save it as UTF-8"),
            Self::Version { .. } => Some("declare version 1.0, or nothing"),
            Self::ForbiddenCharacter { .. } => Some("remove it: XML has no way to write it"),
            Self::Doctype { .. } => {
                Some("remove it: no SBOM needs one, and it is how XML attacks its readers")
            }
            Self::UnexpectedEnd { .. } => Some("the file is cut off: fetch or write it again"),
            Self::Unexpected { .. } => None,
            Self::OutsideRoot { .. } => Some("a document has one root element, and nothing beside it"),
            Self::MisplacedDeclaration { .. } => {
                Some("remove what stands before it; are two documents joined here?")
            }
            Self::UndefinedEntity { .. } => {
                Some("write the character itself; XML has only &amp; &lt; &gt; &apos; and &quot;")
            }
            Self::BadReference { .. } => Some("write `&amp;` for an ampersand"),
            Self::CdataEnd { .. } => Some("write `]]&gt;`"),
            Self::MismatchedTag { .. } | Self::NothingOpen { .. } => {
                Some("every element is closed by its own name, the innermost first")
            }
            Self::DuplicateAttribute { .. } => Some("remove one of the two"),
            Self::UnboundPrefix { .. } => Some("declare it with `xmlns:PREFIX=\"…\"`, or remove it"),
            Self::BadNamespace { .. } => {
                Some("`xml` and `xmlns` are not for declaring, and a prefix needs a namespace")
            }
        }
    }
}

//! `diff/v1`: what is different between two SBOMs.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::terminal::{count, heading, line, printable};
use crate::sbom::Component;
use crate::sbom::diff::{Change, Diff};

/// A difference to be shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// What is different.
    pub diff: &'a Diff<'a>,
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Found {
            component: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            bom_ref: Option<String>,
            pointer: String,
        }
        #[derive(Serialize)]
        struct Upgraded<'a> {
            component: &'a str,
            from: Option<&'a str>,
            to: Option<&'a str>,
        }
        #[derive(Serialize)]
        struct Changed<'a> {
            component: Option<&'a str>,
            pointer: &'a str,
            from: Option<serde_json::Value>,
            to: Option<serde_json::Value>,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            report: &'static str,
            same: bool,
            added: Vec<Found>,
            removed: Vec<Found>,
            upgraded: Vec<Upgraded<'a>>,
            changed: Vec<Changed<'a>>,
        }
        let found = |component: &Component<'_>| Found {
            component: component.label().into_owned(),
            bom_ref: component.bom_ref().map(Into::into),
            pointer: component.value().place(),
        };
        // It came out of a document, so that it is JSON.
        let json = |text: &Option<String>| text.as_ref().and_then(|text| serde_json::from_str(text).ok());
        let Diff { added, removed, upgraded, changed } = self.diff;
        let upgraded = upgraded.iter().map(|upgrade| Upgraded {
            component: &upgrade.component,
            from: upgrade.from.as_deref(),
            to: upgrade.to.as_deref(),
        });
        let changed = changed.iter().map(|change| Changed {
            component: change.component.as_deref(),
            pointer: &change.pointer,
            from: json(&change.from),
            to: json(&change.to),
        });
        Json {
            report: "diff/v1",
            same: self.diff.is_empty(),
            added: added.iter().map(found).collect(),
            removed: removed.iter().map(found).collect(),
            upgraded: upgraded.collect(),
            changed: changed.collect(),
        }
        .serialize(serializer)
    }
}

impl super::Report for Report<'_> {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Diff { added, removed, upgraded, changed } = self.diff;
        line(out, "difference", &self.summary())?;
        for (title, sign, components) in [("Added", '+', added), ("Removed", '-', removed)] {
            if !components.is_empty() {
                heading(out, title)?;
            }
            for component in components {
                writeln!(out, "  {sign} {}", printable(&component.label()))?;
            }
        }
        if !upgraded.is_empty() {
            heading(out, "Upgraded")?;
        }
        for upgrade in upgraded {
            let name = printable(&upgrade.component);
            writeln!(
                out,
                "  {name}  {} -> {}",
                version(upgrade.from.as_ref()),
                version(upgrade.to.as_ref())
            )?;
        }
        if !changed.is_empty() {
            heading(out, "Changed")?;
        }
        for change in changed {
            let subject = change.component.as_deref().unwrap_or(DOCUMENT);
            writeln!(out, "  {} {}", printable(subject), printable(&change.pointer))?;
            for (sign, text) in sides(change) {
                writeln!(out, "    {sign} {}", printable(&text))?;
            }
        }
        Ok(())
    }
}

impl Report<'_> {
    fn summary(&self) -> String {
        let Diff { added, removed, upgraded, changed } = self.diff;
        if self.diff.is_empty() {
            return "none".to_owned();
        }
        format!(
            "{} added, {} removed, {} upgraded, {}",
            added.len(),
            removed.len(),
            upgraded.len(),
            count(changed.len(), "other change")
        )
    }

    /// The form for a page or a merge request.
    pub fn markdown(&self) -> String {
        let Diff { added, removed, upgraded, changed } = self.diff;
        let mut page = format!("Difference: {}\n", self.summary());
        let mut table = |title: &str, head: &str, rows: Vec<String>| {
            if !rows.is_empty() {
                let rule = "|---".repeat(head.matches('|').count() - 1);
                // Writing into a string cannot fail.
                let _ = write!(page, "\n## {title}\n\n{head}\n{rule}|\n{}\n", rows.join("\n"));
            }
        };
        for (title, components) in [("Added", added), ("Removed", removed)] {
            let rows = components.iter().map(|component| format!("| {} |", code(&component.label())));
            table(title, "| component |", rows.collect());
        }
        let rows = upgraded.iter().map(|upgrade| {
            let (from, to) = (version(upgrade.from.as_ref()), version(upgrade.to.as_ref()));
            format!("| {} | {} | {} |", code(&upgrade.component), code(&from), code(&to))
        });
        table("Upgraded", "| component | from | to |", rows.collect());
        let rows = changed.iter().map(|change| {
            let [(_, from), (_, to)] = sides(change);
            let subject = code(change.component.as_deref().unwrap_or(DOCUMENT));
            format!("| {subject} | {} | {} | {} |", code(&change.pointer), code(&from), code(&to))
        });
        table("Changed", "| component | where | from | to |", rows.collect());
        page
    }
}

fn sides(change: &Change) -> [(char, String); 2] {
    [('-', &change.from), ('+', &change.to)].map(|(sign, text)| {
        let text = text.as_deref().unwrap_or("(nothing)");
        let mut shown: String = text.chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        (sign, shown)
    })
}

fn version(version: Option<&String>) -> String {
    version.map_or_else(|| "(none)".to_owned(), |version| printable(version).into_owned())
}

/// Text of others as Markdown shows it and does not obey it.
fn code(text: &str) -> String {
    let text = printable(text).replace('|', "\\|").replace('`', "'");
    format!("`{text}`")
}

const DOCUMENT: &str = "(document)";
/// Characters of a value that the forms for people show.
const SHOWN: usize = 200;

//! References: each leads to one object, which is of the class that its field asks for.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::Scene;
use super::graph::Graph;
use crate::document::Value;
use crate::finding::{Rule, Severity};
use crate::sbom::grammar::{Dialect, Mark, cut, nearest};
use crate::sbom::rules::references::{DANGLING, DUPLICATE};

pub(in crate::sbom::rules) static CLASS: Rule = Rule {
    id: "spdx3-reference-class",
    title: "every reference leads to an object of the class that its field asks for",
    severity: Severity::High,
    remedy: "refer to what is meant",
};

pub(super) fn check<'a>(scene: &mut Scene<'a>, graph: &Graph<'a>, dialect: Dialect) {
    for id in &graph.doubles {
        scene.report(&DUPLICATE, *id, || {
            let message = format!("an earlier object has the id {:?} too", text(*id));
            (
                message,
                Some("give one of the two another id, and see which one each reference means".to_owned()),
            )
        });
    }
    let (mut elsewhere, mut dangling) = (0, BTreeMap::<u32, (Value<'_>, usize)>::new());
    let mut first_use: HashMap<Cow<'_, str>, u32> = HashMap::new();
    for (mark, node) in scene.marks {
        let Mark::RefersTo(class) = mark else { continue };
        let value = scene.document.value(*node);
        let id = value.as_str().unwrap_or_default();
        if let Some(object) = graph.get(&id) {
            if dialect.is_kind(&object.class, *class) == Some(false) {
                scene.fail(&CLASS, value, || {
                    let wanted = dialect.class_name(*class);
                    format!("{:?} is a {}, and {wanted} is asked for here", cut(&id), object.class)
                });
            }
        } else if graph.imported.contains(&id) {
            elsewhere += 1;
        } else if !is_known(&id) {
            let first = *first_use.entry(id).or_insert(value.id());
            dangling.entry(first).or_insert((value, 0)).1 += 1;
        }
    }
    let mut budget = COMPARISONS;
    for (value, uses) in dangling.into_values() {
        let id = value.as_str().unwrap_or_default();
        let count = graph.ids().len();
        let meant = (budget >= count).then(|| {
            budget -= count;
            nearest(&id, graph.ids())
        });
        let meant = meant.flatten().map(str::to_owned);
        scene.report(&DANGLING, value, || {
            let uses = if uses > 1 { format!(", which is used {uses} times") } else { String::new() };
            let message = format!("nothing has the id {:?}{uses}", cut(&id));
            let remedy = match meant {
                Some(meant) => format!("write {meant:?} if that is meant, or add what is missing"),
                None => "add the object, or name its document in `import` of the SpdxDocument".to_owned(),
            };
            (message, Some(remedy))
        });
    }
    if elsewhere > 0 {
        let message = format!("{elsewhere} references into other documents (`import`), which are not here");
        scene.findings.push(DANGLING.not_evaluated("the document", message));
    }
}

/// Individuals of the model, and licences of the list: they are the same everywhere.
fn is_known(id: &str) -> bool {
    !id.contains(':')
        || id.starts_with("https://spdx.org/rdf/3.")
        || id.starts_with("https://spdx.org/licenses/")
        || id.starts_with("http://spdx.org/licenses/")
}

fn text(value: Value<'_>) -> String {
    cut(&value.as_str().unwrap_or_default())
}

/// Ids that are compared with dangling ones, in all.
const COMPARISONS: usize = 200_000;

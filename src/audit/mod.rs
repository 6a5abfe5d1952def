//! The audit: what in a dependency graph cannot be verified, and what forces an upgrade.
//!
//! One file a rule. A rule looks at a graph and at evidence that was gathered for it, and cannot fail: a broken subject
//! gives a finding, all sound ones together give one pass that counts them, and what there was nothing to look at for
//! gives one finding that says so. Nothing here touches a file but [`Evidence::gather`], which asks the registry's
//! index.

mod digests;
mod evidence;
mod rules;
mod source;
mod text;

pub use evidence::{Data, Evidence, Withdrawal};
pub use rules::RULES;

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::document::Value;
use crate::finding::{Finding, Location, Rule};
use crate::graph::{Graph, Node};

/// A rule on dependency graphs.
pub trait Audit: Sync {
    /// Its code, title, severity and remedy.
    fn rule(&self) -> &'static Rule;

    /// What it sees. Rules do not sort what they return; [`run`] does.
    fn run(&self, graph: &Graph<'_>, evidence: &Evidence) -> Vec<Finding>;
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// What every rule saw: broken ones first, then by severity, by how much of the product depends on the subject,
    /// and by the subject itself.
    pub findings: Vec<Finding>,
    /// The data that it rests on besides the SBOM.
    pub data: Vec<Data>,
    /// What was not looked at.
    pub not_checked: Vec<String>,
}

/// Lets every rule look. The same graph and evidence give the same findings in the same order.
pub fn run(graph: &Graph<'_>, evidence: &Evidence) -> Audited {
    let findings: Vec<Finding> = RULES.iter().flat_map(|audit| audit.run(graph, evidence)).collect();
    let mut not_checked = evidence.not_gathered();
    not_checked.push("known vulnerabilities: no advisories were given".to_owned());
    Audited { findings: sorted(graph, findings), data: evidence.data().to_vec(), not_checked }
}

fn sorted(graph: &Graph<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let mut weights: HashMap<String, u32> = findings
        .iter()
        .filter(|finding| finding.is_broken())
        .map(|finding| (finding.subject.clone(), 0))
        .collect();
    if !weights.is_empty() {
        for (node, component) in graph.components() {
            if let Some(weight) = weights.get_mut(&*component.label()) {
                *weight = graph.dominators().weight(node).max(*weight);
            }
        }
    }
    let mut findings = findings;
    findings.sort_by_cached_key(|finding| {
        let place = finding.location.as_ref().map(|location| (location.line, location.column));
        let weight = weights.get(&finding.subject).copied().unwrap_or(0);
        (
            Reverse(finding.is_broken()),
            Reverse(finding.severity),
            Reverse(weight),
            finding.rule,
            finding.subject.clone(),
            place,
            finding.message.clone(),
        )
    });
    findings
}

/// What rules need to turn what they saw into findings.
struct Scene<'a> {
    rule: &'static Rule,
    graph: &'a Graph<'a>,
    evidence: &'a Evidence,
}

impl<'a> Scene<'a> {
    fn new(rule: &'static Rule, graph: &'a Graph<'a>, evidence: &'a Evidence) -> Self {
        Self { rule, graph, evidence }
    }

    /// What the document is about: the subject of findings that speak of all of it.
    fn product(&self) -> String {
        self.graph
            .component(self.graph.root())
            .map_or_else(|| DOCUMENT.to_owned(), |root| root.label().into_owned())
    }

    /// A component breaks the rule; `place` is the value in the document that shows it.
    fn fail(&self, node: Node, message: impl Into<String>, place: Option<Value<'_>>) -> Finding {
        let place = place.or_else(|| self.graph.component(node).map(|component| component.value()));
        let mut finding =
            self.rule.fail(self.graph.label(node), message).reached_by(self.graph.path_to(node));
        if finding.path.is_empty() {
            finding = finding.because("reached from the root", "no");
        }
        let carried = self.graph.dominators().weight(node);
        if carried > 1 {
            finding = finding.because("components that come only with it", carried - 1);
        }
        match place {
            Some(value) => finding.at(self.location(value)),
            None => finding,
        }
    }

    /// The same for many components: those that carry most of the product one by one, up to [`LISTED`], and the rest
    /// in one finding that counts them.
    fn fail_each(&self, mut broken: Vec<Node>, show: impl Fn(Node) -> Finding) -> Vec<Finding> {
        let weight = |node: &Node| (Reverse(self.graph.dominators().weight(*node)), *node);
        if broken.len() > LISTED {
            broken.sort_by_key(weight);
        }
        let rest = broken.split_off(broken.len().min(LISTED));
        let mut findings: Vec<Finding> = broken.into_iter().map(&show).collect();
        if let Some(&first) = rest.first() {
            let worst = show(first).severity;
            let message = format!("{} more components break this rule; they are not listed", rest.len());
            findings.push(self.rule.fail(self.product(), message).rated(worst));
        }
        findings
    }

    /// All that the rule looked at is sound.
    fn pass(&self, message: impl Into<String>) -> Finding {
        Finding { message: message.into(), ..self.rule.pass(self.product()) }
    }

    /// The rule does not speak of these components, for one reason; nothing when there are none.
    fn not_applicable(&self, nodes: &[Node], reason: &str) -> Option<Finding> {
        let message = format!("{}: {reason}", text::count(nodes.len(), "component"));
        (!nodes.is_empty())
            .then(|| self.with_examples(self.rule.not_applicable(self.product(), message), nodes))
    }

    /// There was nothing to look at for these components, for one reason; nothing when there are none.
    fn not_evaluated(&self, nodes: &[Node], reason: &str) -> Option<Finding> {
        let message = format!("{}: {reason}", text::count(nodes.len(), "component"));
        (!nodes.is_empty())
            .then(|| self.with_examples(self.rule.not_evaluated(self.product(), message), nodes))
    }

    /// There was nothing to look at at all.
    fn nothing(&self, reason: &str) -> Vec<Finding> {
        vec![self.rule.not_evaluated(self.product(), reason)]
    }

    fn with_examples(&self, finding: Finding, nodes: &[Node]) -> Finding {
        nodes.iter().take(EXAMPLES).fold(finding, |finding, &node| {
            finding.because("for example", text::clip(&self.graph.label(node)))
        })
    }

    fn location(&self, value: Value<'_>) -> Location {
        let at = value.position();
        Location {
            file: self.evidence.file().to_owned(),
            pointer: Some(value.place()),
            line: Some(at.line),
            column: Some(at.column),
        }
    }
}

/// The subject when a document names no product.
const DOCUMENT: &str = "the document";
/// Findings of one rule that are listed one by one.
const LISTED: usize = 10_000;
/// Components that a finding about many names.
const EXAMPLES: usize = 3;

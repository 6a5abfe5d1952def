//! U13: a reference to nothing, or to one of several.

use std::collections::BTreeMap;

use crate::audit::{Audit, Evidence, LISTED, Scene, text};
use crate::finding::{Finding, Rule, Severity};
use crate::graph::{Dangling, Graph};
use crate::sbom::Reference;

pub(super) struct DanglingRef;

static RULE: Rule = Rule {
    id: "U13",
    title: "every reference leads to one component",
    severity: Severity::High,
    remedy: "correct the reference, or add the component that it means",
};

impl Audit for DanglingRef {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn run(&self, graph: &Graph<'_>, evidence: &Evidence) -> Vec<Finding> {
        let scene = Scene::new(&RULE, graph, evidence);
        let used = graph.sbom().dependencies().flat_map(|entry| {
            std::iter::once(entry.reference()).chain(entry.depends_on()).chain(entry.provides())
        });
        let used: Vec<Reference<'_>> = used.chain(in_compositions(graph)).collect();
        let elsewhere = used.iter().filter(|reference| reference.is_elsewhere()).count();
        let lost = in_compositions(graph)
            .filter(|reference| !reference.is_elsewhere() && graph.node(&reference.text()).is_none())
            .map(|reference| Dangling { reference, from: None });
        let dangling: Vec<Dangling<'_>> = graph.dangling().iter().copied().chain(lost).collect();
        let mut findings = broken(&scene, &dangling);
        findings.extend(ambiguous(&scene));
        if findings.is_empty() {
            match used.len() - elsewhere {
                0 => findings.extend(scene.nothing("it has no references")),
                count => findings.push(scene.pass(format!("{} resolved", text::count(count, "reference")))),
            }
        }
        if elsewhere > 0 {
            let message = format!(
                "{} into other documents (BOM-Link), which are not here",
                text::count(elsewhere, "reference")
            );
            findings.push(RULE.not_evaluated(scene.product(), message));
        }
        findings
    }
}

fn in_compositions<'a>(graph: &Graph<'a>) -> impl Iterator<Item = Reference<'a>> {
    graph
        .sbom()
        .compositions()
        .flat_map(|entry| entry.assemblies().chain(entry.dependencies()).collect::<Vec<_>>())
}

/// One finding for each name that is not there, at its first use: a component that was left out is one mistake,
/// however many depend on it.
fn broken(scene: &Scene<'_>, dangling: &[Dangling<'_>]) -> Vec<Finding> {
    if dangling.is_empty() {
        return Vec::new();
    }
    let graph = scene.graph;
    let elsewhere_in_it = graph.sbom().defined();
    let mut names: Vec<&str> = graph.references().collect();
    names.sort_unstable();
    let mut uses: BTreeMap<String, Vec<&Dangling<'_>>> = BTreeMap::new();
    for each in dangling {
        uses.entry(each.reference.text().into_owned()).or_default().push(each);
    }
    let mut by_place: Vec<(&String, &Vec<&Dangling<'_>>)> = uses.iter().collect();
    by_place.sort_by_key(|(_, uses)| uses[0].reference.value().span().start);
    let mut budget = COMPARISONS;
    let omitted = by_place.len().saturating_sub(LISTED);
    by_place.truncate(LISTED);
    let mut findings = Vec::with_capacity(by_place.len());
    for (name, uses) in by_place {
        let first = uses[0];
        let shown = text::clip(name);
        let place = scene.location(first.reference.value());
        let mut finding = if elsewhere_in_it.contains(name.as_str()) {
            let message = "names something that is neither a component nor a service";
            RULE.open(shown, message).rated(Severity::Low)
        } else if first.from.is_some() {
            RULE.fail(shown, "is depended on, and no component has this bom-ref")
        } else {
            RULE.fail(shown, "has an entry, and no component has this bom-ref")
        };
        if let Some(from) = first.from {
            finding =
                finding.reached_by(graph.path_to(from)).because("used by", text::clip(&graph.label(from)));
        }
        if uses.len() > 1 {
            finding = finding.because("uses", uses.len());
        }
        if let Some(near) = text::nearest(name, names.iter().copied(), &mut budget) {
            finding = finding
                .because("nearest bom-ref", near)
                .remedied_by(format!("did it mean `{near}`? correct the reference, or add the component"));
        }
        findings.push(finding.at(place));
    }
    if omitted > 0 {
        let message = format!("{omitted} more references lead to nothing; they are not listed");
        findings.push(RULE.fail(scene.product(), message));
    }
    findings
}

fn ambiguous(scene: &Scene<'_>) -> Vec<Finding> {
    scene.fail_each(scene.graph.ambiguous().to_vec(), |node| {
        let component = scene.graph.component(node);
        let reference = component.and_then(|component| component.bom_ref()).unwrap_or_default();
        let message = format!("its bom-ref `{}` is that of an earlier component too", text::clip(&reference));
        let place = component.and_then(|component| component.value().get("bom-ref"));
        let mut finding = scene.fail(node, message, place).rated(Severity::Medium);
        finding.evidence.retain(|fact| fact.name == "reached from the root" || fact.name.starts_with("components"));
        if let Some(first) = scene.graph.node(&reference) {
            finding = finding.because("the earlier one", text::clip(&scene.graph.label(first)));
        }
        finding.remedied_by("give each component a bom-ref of its own: references mean the first of the two here, and perhaps the other elsewhere")
    })
}

/// Comparisons of names that one run makes in search of what was meant.
const COMPARISONS: usize = 200_000;

//! Cycles where there must be none: requirements that are parts of themselves, tasks that wait for themselves.
//!
//! Components that depend on each other in a circle are real and no mistake of the document.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Mark, Scene};
use crate::document::Value;
use crate::finding::{Rule, Severity};
use crate::sbom::grammar::cut;

pub(super) static REQUIREMENT: Rule = Rule {
    id: "cycle-requirement",
    title: "no requirement is its own ancestor",
    severity: Severity::High,
    remedy: "correct one `parent` of the circle",
};
pub(super) static TASK: Rule = Rule {
    id: "cycle-task",
    title: "no task of a workflow waits for itself",
    severity: Severity::High,
    remedy: "remove one dependency of the circle",
};

pub(super) fn check(scene: &mut Scene<'_>) {
    let requirements = scene.marked(Mark::Requirement).filter_map(|requirement| {
        let own = requirement.get("bom-ref")?.as_str()?;
        Some((own, vec![requirement.get("parent")?]))
    });
    for (value, circle) in circles(&requirements.collect::<Vec<_>>()) {
        scene.fail(&REQUIREMENT, value, || format!("the requirement is its own ancestor: {circle}"));
    }
    for workflow in scene.marked(Mark::Work) {
        let tasks = workflow.get("taskDependencies").into_iter().flat_map(|list| list.elements());
        let edges = tasks.filter_map(|entry| {
            let on = entry.get("dependsOn").into_iter().flat_map(|list| list.elements());
            Some((entry.get("ref")?.as_str()?, on.collect()))
        });
        for (value, circle) in circles(&edges.collect::<Vec<_>>()) {
            scene.fail(&TASK, value, || format!("the task waits for itself: {circle}"));
        }
    }
}

/// One edge of each circle that a walk in depth meets, with the circle in words.
fn circles<'a>(edges: &[(Cow<'a, str>, Vec<Value<'a>>)]) -> Vec<(Value<'a>, String)> {
    let numbers: HashMap<&str, usize> =
        edges.iter().enumerate().map(|(number, (name, _))| (name.as_ref(), number)).collect();
    let mut state = vec![State::New; edges.len()];
    let mut step = vec![0; edges.len()];
    let mut found = Vec::new();
    for start in 0..edges.len() {
        // The way from the start, each step with the number of its edges that are done. No recursion.
        let mut way = vec![(start, 0)];
        while let Some(depth) = way.len().checked_sub(1) {
            let (node, done) = &mut way[depth];
            let node = *node;
            if state[node] == State::Done {
                way.pop();
                continue;
            }
            state[node] = State::OnTheWay;
            step[node] = depth;
            let Some(&value) = edges[node].1.get(*done) else {
                state[node] = State::Done;
                way.pop();
                continue;
            };
            *done += 1;
            let Some(&next) = value.as_str().and_then(|name| numbers.get(name.as_ref())) else { continue };
            match state[next] {
                State::New => way.push((next, 0)),
                State::OnTheWay => {
                    let names = way[step[next]..].iter().take(SHOWN).map(|(node, _)| cut(&edges[*node].0));
                    found.push((value, names.chain([cut(&edges[next].0)]).collect::<Vec<_>>().join(" > ")));
                }
                State::Done => {}
            }
        }
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    OnTheWay,
    Done,
}

/// Steps of a circle that a message shows.
const SHOWN: usize = 8;

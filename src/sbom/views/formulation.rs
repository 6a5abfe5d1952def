//! Formulation: the workflows and tasks that made the product.

use std::borrow::Cow;

use super::shape::Shape;
use super::{reference, texts};
use crate::document::Value;
use crate::sbom::{Reference, elements, text};

pub(super) static SHAPE: Shape =
    Shape::Object(&[("bom-ref", Shape::Text), ("workflows", Shape::List(&WORKFLOW))]);
static WORKFLOW: Shape = Shape::Object(&[
    ("bom-ref", Shape::Text),
    ("uid", Shape::Text),
    ("name", Shape::Text),
    ("taskTypes", Shape::List(&Shape::Text)),
    ("tasks", Shape::List(&TASK)),
    ("taskDependencies", Shape::List(&EDGE)),
    ("timeStart", Shape::Text),
    ("timeEnd", Shape::Text),
]);
static TASK: Shape = Shape::Object(&[
    ("bom-ref", Shape::Text),
    ("uid", Shape::Text),
    ("name", Shape::Text),
    ("taskTypes", Shape::List(&Shape::Text)),
    ("steps", Shape::List(&STEP)),
    ("timeStart", Shape::Text),
    ("timeEnd", Shape::Text),
]);
static STEP: Shape = Shape::Object(&[("name", Shape::Text), ("commands", Shape::List(&COMMAND))]);
static COMMAND: Shape = Shape::Object(&[("executed", Shape::Text)]);
static EDGE: Shape = Shape::Object(&[("ref", Shape::Text), ("dependsOn", Shape::List(&Shape::Text))]);

/// How something came to be.
#[derive(Debug, Clone, Copy)]
pub struct Formula<'a>(Value<'a>);

impl<'a> Formula<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// The workflows.
    pub fn workflows(&self) -> impl Iterator<Item = Workflow<'a>> + use<'a> {
        elements(self.0, "workflows").map(Workflow)
    }
}

/// A workflow: tasks, and which waits for which.
#[derive(Debug, Clone, Copy)]
pub struct Workflow<'a>(Value<'a>);

impl<'a> Workflow<'a> {
    /// How others refer to it.
    pub fn bom_ref(&self) -> Option<Cow<'a, str>> {
        text(self.0, "bom-ref")
    }

    /// What it is called.
    pub fn name(&self) -> Option<Cow<'a, str>> {
        text(self.0, "name")
    }

    /// Its tasks.
    pub fn tasks(&self) -> impl Iterator<Item = Task<'a>> + use<'a> {
        elements(self.0, "tasks").map(Task)
    }

    /// Which task waits for which others.
    pub fn waits(&self) -> impl Iterator<Item = (Reference<'a>, Vec<Reference<'a>>)> + use<'a> {
        elements(self.0, "taskDependencies").filter_map(|edge| {
            Some((reference(edge, "ref")?, super::references(edge, "dependsOn").collect()))
        })
    }
}

/// A task of a workflow.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a>(Value<'a>);

impl<'a> Task<'a> {
    /// How others refer to it.
    pub fn bom_ref(&self) -> Option<Cow<'a, str>> {
        text(self.0, "bom-ref")
    }

    /// What it is called.
    pub fn name(&self) -> Option<Cow<'a, str>> {
        text(self.0, "name")
    }

    /// `build`, `test`, `deploy`, ….
    pub fn kinds(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        texts(self.0, "taskTypes")
    }

    /// The commands of its steps, in their order.
    pub fn commands(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        let commands = elements(self.0, "steps").flat_map(|step| elements(step, "commands"));
        commands.filter_map(|command| text(command, "executed"))
    }
}

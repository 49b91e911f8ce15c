//! Policy of interactions: which scene, main line and task an event belongs to that says nothing of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, DAYS_MIN, InvalidPolicy, Table, refused};
use crate::event::{EventType, Line, Scene};
use crate::id::TaskId;

/// Where interactions belong. `Source:` model specification, section 10.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InteractionPolicy {
    /// Half-life of interactions in the balance.
    pub half_life_days: f64,
    /// The core tasks.
    pub tasks: Vec<TaskId>,
    /// By type of event.
    pub defaults: BTreeMap<String, InteractionDefault>,
}

/// Where events of one type belong by default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InteractionDefault {
    /// The scene.
    pub scene: Scene,
    /// The main line.
    pub line: Line,
    /// One of the core tasks.
    pub task: TaskId,
}

impl InteractionPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        Table("interaction").within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        for (name, default) in &self.defaults {
            let field = || format!("interaction.defaults.\"{name}\"");
            if !EventType::named(name).is_some_and(EventType::is_interaction) {
                return Err(refused(field(), "is no type of interaction"));
            }
            if !self.tasks.contains(&default.task) {
                let reason = format!("is `{}`, which is not among `interaction.tasks`", default.task);
                return Err(refused(format!("{}.task", field()), reason));
            }
        }
        let mut interactions = EventType::ALL.iter().filter(|event_type| event_type.is_interaction());
        match interactions.find(|event_type| !self.defaults.contains_key(event_type.as_str())) {
            None => Ok(()),
            Some(missing) => {
                let reason = format!("says nothing of `{}`", missing.as_str());
                Err(refused("interaction.defaults", reason))
            }
        }
    }
}

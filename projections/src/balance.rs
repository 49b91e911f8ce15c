//! The balance of scenes, main lines and tasks: where the work goes, and what is silent.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::{Line, Scene};
use crate::fact::{EventRef, Fact, Matter};
use crate::kernel::DecayedSum;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the balance. Each interaction that happened counts 1; a planned meeting has not happened.
#[derive(Debug, Clone)]
pub struct Balance<'p> {
    setting: Setting<'p>,
    scenes: BTreeMap<&'static str, Weight>,
    lines: BTreeMap<&'static str, Weight>,
    tasks: BTreeMap<String, Weight>,
}

#[derive(Debug, Clone)]
struct Weight {
    sum: DecayedSum,
    last: EventRef,
}

/// What a line of the balance is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// 场景.
    Scene,
    /// 主线.
    Line,
    /// 任务.
    Task,
}

/// A line of the balance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BalanceLine {
    /// Scene, line or task.
    pub aspect: Aspect,
    /// Which.
    pub name: String,
    /// The faded number of interactions.
    pub weight: f64,
    /// Its share of its aspect.
    pub share: f64,
    /// How long it has been silent, in days; `None`: always.
    pub silent_days: Option<f64>,
    /// The last interaction.
    pub events: Vec<EventRef>,
}

impl<'p> Balance<'p> {
    /// Nothing was done yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, scenes: BTreeMap::new(), lines: BTreeMap::new(), tasks: BTreeMap::new() }
    }

    fn weight(&self, fact: &Fact) -> Weight {
        let sum = DecayedSum::new(self.setting.policy.interaction.half_life_days);
        Weight { sum, last: fact.event() }
    }
}

impl Weight {
    fn add(&mut self, fact: &Fact) {
        self.sum.add(fact.occurred_at, 1.0);
        self.last = fact.event();
    }
}

/// The lines of one aspect, each of its names included.
fn read(aspect: Aspect, weights: Vec<(String, Option<&Weight>)>, as_of: Timestamp) -> Vec<BalanceLine> {
    let at = |weight: Option<&Weight>| weight.map_or(0.0, |weight| weight.sum.at(as_of));
    let all: f64 = weights.iter().map(|(_, weight)| at(*weight)).sum();
    let line = |(name, weight): (String, Option<&Weight>)| BalanceLine {
        aspect,
        name,
        weight: at(weight),
        share: if all > 0.0 { at(weight) / all } else { 0.0 },
        silent_days: weight.map(|weight| as_of.days_since(weight.last.occurred_at)),
        events: weight.map(|weight| weight.last).into_iter().collect(),
    };
    weights.into_iter().map(line).collect()
}

impl Projection for Balance<'_> {
    /// Scenes, lines, tasks; silent ones included.
    type View = Vec<BalanceLine>;

    fn apply(&mut self, fact: &Fact) {
        let policy = &self.setting.policy.interaction;
        let Some(usual) = policy.defaults.get(fact.event_type().as_str()) else { return };
        if let Matter::MeetingPlanned(_) = fact.matter {
            return;
        }
        let fresh = self.weight(fact);
        let scene = fact.scene.unwrap_or(usual.scene).as_str();
        self.scenes.entry(scene).or_insert_with(|| fresh.clone()).add(fact);
        let line = fact.line.unwrap_or(usual.line).as_str();
        self.lines.entry(line).or_insert_with(|| fresh.clone()).add(fact);
        let task = fact.task.map_or(usual.task.as_str(), |task| self.setting.names.text(task));
        self.tasks.entry(task.to_owned()).or_insert(fresh).add(fact);
    }

    fn evaluate(&self, as_of: Timestamp) -> Self::View {
        let scenes =
            Scene::ALL.iter().map(|scene| (scene.as_str().to_owned(), self.scenes.get(scene.as_str())));
        let lines = Line::ALL.iter().map(|line| (line.as_str().to_owned(), self.lines.get(line.as_str())));
        let known = &self.setting.policy.interaction.tasks;
        let other =
            self.tasks.keys().filter(|task| !known.iter().any(|known| known.as_str() == task.as_str()));
        let tasks = known.iter().map(ToString::to_string).chain(other.cloned());
        let tasks = tasks.map(|task| (task.clone(), self.tasks.get(&task)));
        let mut view = read(Aspect::Scene, scenes.collect(), as_of);
        view.extend(read(Aspect::Line, lines.collect(), as_of));
        view.extend(read(Aspect::Task, tasks.collect(), as_of));
        view
    }
}

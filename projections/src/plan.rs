//! The account plan: objectives with targets and progress.

use serde::Serialize;

use crate::event::plan::Objective;
use crate::fact::{ByNumber, EventRef, Fact, Matter, Number};
use crate::id::{ObjectiveId, PlanId};
use crate::money::Money;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::text::Label;
use crate::time::Timestamp;

/// Folds the plans. A plan set again replaces the earlier one of its id; progress belongs to the objective and
/// stays.
#[derive(Debug, Clone)]
pub struct Plans<'p> {
    setting: Setting<'p>,
    plans: ByNumber<PlanId, Option<Set>>,
    progress: ByNumber<ObjectiveId, Progress>,
}

#[derive(Debug, Clone)]
struct Set {
    objectives: Vec<(Number<ObjectiveId>, Objective)>,
    budget: Option<Money>,
    horizon: Option<Timestamp>,
    event: EventRef,
}

#[derive(Debug, Clone, Default)]
struct Progress {
    value: Option<f64>,
    events: Vec<EventRef>,
}

/// How an objective stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    /// Not due yet.
    Open,
    /// Its target is reached.
    Reached,
    /// Due, and not known to be reached.
    Overdue,
}

/// A line of the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanLine {
    /// The plan.
    pub plan: String,
    /// The objective.
    pub objective: String,
    /// How it stands.
    pub state: PlanState,
    /// What is measured.
    pub measure: Label,
    /// The value to reach.
    pub target: f64,
    /// Where it stands; `None` before any progress.
    pub value: Option<f64>,
    /// By when.
    pub due: Timestamp,
    /// What the whole plan may cost.
    pub budget: Option<Money>,
    /// How far the whole plan looks.
    pub horizon: Option<Timestamp>,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

impl<'p> Plans<'p> {
    /// No plans yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, plans: ByNumber::default(), progress: ByNumber::default() }
    }

    fn line(
        &self,
        plan: Number<PlanId>,
        set: &Set,
        number: Number<ObjectiveId>,
        objective: &Objective,
        as_of: Timestamp,
    ) -> PlanLine {
        let progress = self.progress.get(number).cloned().unwrap_or_default();
        let due = self.setting.instant(objective.due);
        let target = objective.target.get();
        let state = match progress.value {
            Some(value) if value >= target => PlanState::Reached,
            Some(_) | None if as_of > due => PlanState::Overdue,
            Some(_) | None => PlanState::Open,
        };
        PlanLine {
            plan: self.setting.names.text(plan).to_owned(),
            objective: objective.objective.to_string(),
            state,
            measure: objective.measure.clone(),
            target,
            value: progress.value,
            due,
            budget: set.budget,
            horizon: set.horizon,
            events: std::iter::once(set.event).chain(progress.events).collect(),
        }
    }
}

impl Projection for Plans<'_> {
    /// By plan in the order in which they were first met, each with its objectives in its own order.
    type View = Vec<PlanLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::PlanSet(plan) = &fact.matter {
            let objectives = plan.objectives.iter().copied().zip(plan.said.objectives.iter().cloned());
            let set = Set {
                objectives: objectives.collect(),
                budget: plan.said.budget,
                horizon: plan.said.horizon.map(|horizon| self.setting.instant(horizon)),
                event: fact.event(),
            };
            *self.plans.entry(plan.plan) = Some(set);
        } else if let Matter::PlanProgressed { objective, value } = fact.matter {
            let progress = self.progress.entry(objective);
            progress.value = Some(value);
            progress.events.push(fact.event());
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Self::View {
        let plans = self.plans.iter().filter_map(|(plan, set)| Some((plan, set.as_ref()?)));
        plans
            .flat_map(|(plan, set)| {
                let line = move |(number, objective): &(Number<ObjectiveId>, Objective)| {
                    self.line(plan, set, *number, objective, as_of)
                };
                set.objectives.iter().map(line)
            })
            .collect()
    }
}

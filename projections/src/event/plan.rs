//! Effort and account plans.

use super::payload::{Hours, Measure, payloads};
use crate::form::Person;
use crate::id::{ObjectiveId, PlanId};
use crate::money::Money;
use crate::text::Label;
use crate::time::When;

payloads! {
    /// Payload of `effort.spent`.
    interaction EffortSpent {
        /// Who worked.
        person: Option<Person<F>>,
        /// How long.
        hours: Option<Hours>,
        /// What it cost.
        cost: Option<Money>,
    }

    /// An objective of a plan.
    plain Objective {
        /// Which objective, within the plan.
        objective: ObjectiveId,
        /// What is measured.
        measure: Label,
        /// The value to reach.
        target: Measure,
        /// By when; may lie in the future.
        due: When,
    }

    /// Payload of `plan.set`: replaces an earlier plan of the same id.
    plain PlanSet {
        /// Which plan.
        plan: PlanId,
        /// What it aims at.
        objectives: Vec<Objective>,
        /// What it may cost.
        budget: Option<Money>,
        /// How far it looks; may lie in the future.
        horizon: Option<When>,
    }

    /// Payload of `plan.progressed`.
    plain PlanProgressed {
        /// Which objective.
        objective: ObjectiveId,
        /// Where it stands.
        value: Measure,
    }
}

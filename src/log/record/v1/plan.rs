//! Shapes of effort and plans, version 1.

use guanxi_projections::event::payload::{Hours, Measure};
use guanxi_projections::event::plan as live;
use guanxi_projections::form::{Person, Sealed};
use guanxi_projections::id::{ObjectiveId, PlanId};
use guanxi_projections::money::Money;
use guanxi_projections::text::Label;
use guanxi_projections::time::When;

use super::shape::{frozen, nested};

frozen! {
    /// `effort.spent`.
    interaction EffortSpent of live::EffortSpent<Sealed> {
        person: Option<Person<Sealed>>,
        hours: Option<Hours>,
        cost: Option<Money>,
    }

    /// Stands inside a body.
    plain Objective of live::Objective {
        objective: ObjectiveId,
        measure: Label,
        target: Measure,
        due: When,
    }

    /// `plan.set`.
    plain PlanSet of live::PlanSet {
        plan: PlanId,
        objectives: Vec<live::Objective>,
        budget: Option<Money>,
        horizon: Option<When>,
    }

    /// `plan.progressed`.
    plain PlanProgressed of live::PlanProgressed {
        objective: ObjectiveId,
        value: Measure,
    }
}

nested!(Objective of live::Objective);
